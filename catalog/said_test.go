package catalog_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// TestSaidComesBack keeps what stands in a sentence as what it is.
func TestSaidComesBack(t *testing.T) {
	text, said := datasets.NewSaid("x", "%s: %d of %q, %s, %s, %s", "host:80", 12, "نام", catalog.Bytes(64<<20), catalog.Seconds(900), catalog.Day("2026-11-22"))
	if want := `host:80: 12 of "نام", 64 MiB, 15 minutes, 2026-11-22`; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	b, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"kind":"x","args":["host:80",12,"نام",{"bytes":67108864},{"seconds":900},{"date":"2026-11-22"}]}`; string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
	var back catalog.Said
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, said) {
		t.Errorf("%+v came back as %+v: %v", said, back, err)
	}
	later := `{"kind":"y","args":[1.5,{"colour":"red"},null,[2]]}` // of a later version
	if err := json.Unmarshal([]byte(later), &back); err != nil || len(back.Args) != 4 {
		t.Errorf("%+v, %v", back, err)
	}
}

// TestTimesInSentences writes times in the largest unit of which they are whole.
func TestTimesInSentences(t *testing.T) {
	for s, want := range map[catalog.Seconds]string{1: "1 second", 30: "30 seconds", 0.05: "0.05 seconds", 60: "1 minute", 90: "90 seconds", 7200: "2 hours"} {
		if s.String() != want {
			t.Errorf("%v is written %q", float64(s), s.String())
		}
	}
}

// TestHeldRunSaysThatItWaits follows the reason of a held run.
func TestHeldRunSaysThatItWaits(t *testing.T) {
	run := catalog.Run{}
	run.Reason, run.Said = "x", []catalog.Said{{Kind: "x"}}
	run.Wait()
	if len(run.Said) != 2 || run.Said[1].Kind != "run.waits" || run.Reason != "x; "+catalog.Sayings()["run.waits"] {
		t.Errorf("%q %+v", run.Reason, run.Said)
	}
	old := catalog.Run{Reason: "a sentence of an older version"}
	if old.Wait(); len(old.Said) != 0 {
		t.Errorf("half of %q is said: %+v", old.Reason, old.Said)
	}
}
