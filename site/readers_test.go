package site

import (
	"testing"

	"github.com/openshafaf/shafaf/datasets"
)

// Every kind of file that is named in a sentence is named in both languages.
func TestEveryKindOfFileHasItsName(t *testing.T) {
	texts := newLocales()
	for _, kind := range datasets.FileKinds() {
		for lang, l := range texts {
			if l.texts["said.kind."+kind].other == "" {
				t.Errorf("%s has no name in %s", kind, lang)
			}
		}
	}
}
