package site

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// A title that turns the direction of writing around and does not end it leaves
// what stands behind it as it is.
func TestTextsOfTheDataEndNoDirection(t *testing.T) {
	l := newPortal(t, false).locales["en"]
	for text, want := range map[string]string{"Roads\u202e 2026": "Roads 2026", "\u2067راه\u2069": "راه", "می\u200cشود": "می\u200cشود", "\u200fراه": "\u200fراه", "plain": "plain"} {
		if got := l.said(catalog.Text{"en": text}).Text; got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
