package fiscal

import (
	_ "embed"
	"maps"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

//go:embed classes/cofog.json
var cofogJSON []byte

//go:embed classes/gfsm.json
var gfsmJSON []byte

// standards are the names of the codes of standard classifications by scheme.
var standards = sync.OnceValue(func() map[string]map[string]catalog.Text {
	return map[string]map[string]catalog.Text{SchemeCOFOG: classes(cofogJSON), SchemeGFSM: classes(gfsmJSON)}
})

// classes reads a classification of ours; one that cannot be read has no names,
// which a test would show.
func classes(raw []byte) map[string]catalog.Text {
	var file struct {
		Classes []struct {
			Code string `json:"code"`
			Fa   string `json:"fa"`
			En   string `json:"en"`
		} `json:"classes"`
	}
	if json.Unmarshal(raw, &file) != nil {
		return nil
	}
	all := make(map[string]catalog.Text, len(file.Classes))
	for _, c := range file.Classes {
		all[c.Code] = catalog.Text{"fa": c.Fa, "en": c.En}
	}
	return all
}

// Standard returns the name of a code of a standard classification; nil where
// the scheme is none, or has no such code. A COFOG class that ends in 0 is its
// group.
func Standard(scheme, code string) catalog.Text {
	codes := standards()[scheme]
	t := codes[code]
	if t == nil && scheme == SchemeCOFOG {
		t = codes[strings.TrimSuffix(code, ".0")]
	}
	return maps.Clone(t)
}

// Labelled is the name of a code: what the table calls it, and in languages in
// which it does not, that of the standard classification.
func Labelled(scheme, code, label string) catalog.Text {
	t := Standard(scheme, code)
	for lang, text := range labelOf(label) {
		if t == nil {
			t = catalog.Text{}
		}
		t[lang] = text
	}
	return t
}
