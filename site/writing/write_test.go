package writing

import (
	"strings"
	"testing"

	"github.com/goccy/go-json"
)

func TestWhatIsWrongWithABodyNamesNoTypeOfTheProgram(t *testing.T) {
	for body, want := range map[string]string{
		`{"evidence": "x"}`:             "evidence: a value of the kind string cannot stand here",
		`{"evidence": [{"kind": 7}]}`:   "evidence.0.kind: a value of the kind number cannot stand here",
		`[]`:                            "a value of the kind array cannot stand here",
		`{"evidense": []}`:              `unknown field "evidense"`,
		`{"evidence": [{"kind": "link"`: "unexpected",
	} {
		dec := json.NewDecoder(strings.NewReader(body))
		dec.DisallowUnknownFields()
		var h Handing
		err := dec.Decode(&h)
		if err == nil || !strings.HasPrefix(whyNot(err), want) {
			t.Errorf("%s: %v", body, err)
		}
	}
}
