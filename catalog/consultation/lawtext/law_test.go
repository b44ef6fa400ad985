package lawtext

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// realFile returns a file of a government, and skips the test where those are
// not.
func realFile(tb testing.TB, name string) []byte {
	tb.Helper()
	folder := os.Getenv("SHAFAF_FILES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		tb.Skip("the real files are not here:", err)
	}
	return b
}

// letters returns the letters and digits of a text as they are compared.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, persian.Fold(s))
}

// words returns the letters of a law in the order of its text.
func (l *Law) words() string {
	var b strings.Builder
	b.WriteString(letters(l.Title))
	for _, p := range l.Provisions {
		b.WriteString(letters(p.Label) + letters(p.Heading) + letters(p.Text))
	}
	return b.String()
}

// checkLaw fails the test if a law is not whole.
func checkLaw(tb testing.TB, l *Law) {
	tb.Helper()
	seen := map[string]int{}
	for i, p := range l.Provisions {
		if p.Address == "" || strings.Trim(p.Address, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
			tb.Errorf("address %q", p.Address)
		}
		if _, ok := seen[p.Address]; ok {
			tb.Errorf("address %s is there twice", p.Address)
		}
		seen[p.Address] = i
		parent, ok := seen[p.Parent]
		if (p.Depth > 0) != (p.Parent != "") || p.Depth > 0 && (!ok || l.Provisions[parent].Depth != p.Depth-1 || !strings.HasPrefix(p.Address, p.Parent+"__")) {
			tb.Errorf("%s of depth %d is in %q", p.Address, p.Depth, p.Parent)
		}
		if abbreviations[p.Kind] == "" || p.Depth >= MaxDepth || strings.Contains(p.Label+p.Heading, "\n") {
			tb.Errorf("%+v", p)
		}
		if strings.TrimSpace(p.Text) != p.Text || strings.Contains(p.Text, "\n\n") {
			tb.Errorf("%s: text %q", p.Address, p.Text)
		}
	}
	for _, r := range l.Remarks {
		if s := r.String(); sayings[r.Kind] == "" || strings.Contains(s, "%!") {
			tb.Errorf("remark %q says %q", r.Kind, s)
		}
	}
	again := Split(Format(l))
	if again.Title != l.Title || again.Lang != l.Lang || !slices.Equal(again.Provisions, l.Provisions) {
		for i, p := range again.Provisions {
			if i >= len(l.Provisions) || p != l.Provisions[i] {
				tb.Fatalf("reading back what was written changes\n%+v", p)
			}
		}
		tb.Errorf("reading back what was written makes %d provisions of %d, title %q of %q, language %q of %q",
			len(again.Provisions), len(l.Provisions), again.Title, l.Title, again.Lang, l.Lang)
	}
}
