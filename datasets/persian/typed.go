package persian

import (
	"strings"
	"unicode"
)

// Typed returns what people typed as it is kept: clean, with sound UTF-8, "\n"
// at the end of lines, no towers of marks, and empty when nothing in it leaves
// ink.
func Typed(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.TrimSpace(Thin(Clean(strings.ToValidUTF8(s, "\uFFFD"))))
	if !strings.ContainsFunc(s, visible) {
		return ""
	}
	return s
}

// visible reports whether a sign leaves ink.
func visible(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) }

// marksInARow is how many marks a letter may bear: more are a tower over the
// lines above it.
const marksInARow = 3

// Thin takes marks out of a text that are too many for their letter.
func Thin(text string) string {
	n := 0
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.M, r) {
			n = 0
			return r
		}
		if n++; n > marksInARow {
			return -1
		}
		return r
	}, text)
}
