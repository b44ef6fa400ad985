package persian_test

import (
	"testing"

	"github.com/openshafaf/shafaf/datasets/persian"
)

func TestTextsAreCutBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		text                string
		n                   int
		cut, shorten, bytes string
	}{
		{"", 0, "", "", ""},
		{"abc", 0, "", "…", ""},
		{"abc", 3, "abc", "abc", "abc"},
		{"abcd", 3, "abc", "abc…", "abc"},
		{"سلام", 3, "سلا", "سلا…", "س"},
		{"سلام", 4, "سلام", "سلام", "سل"},
		{"a\xff\xffb", 2, "a\xff", "a\xff…", "a\xff"},
	} {
		if got := persian.Cut(c.text, c.n); got != c.cut {
			t.Errorf("Cut(%q, %d) is %q, want %q", c.text, c.n, got, c.cut)
		}
		if got := persian.Shorten(c.text, c.n); got != c.shorten {
			t.Errorf("Shorten(%q, %d) is %q, want %q", c.text, c.n, got, c.shorten)
		}
		if got := persian.CutBytes(c.text, c.n); got != c.bytes {
			t.Errorf("CutBytes(%q, %d) is %q, want %q", c.text, c.n, got, c.bytes)
		}
	}
}
