package indicators

import (
	"slices"
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// wordsOf are the words of a name, folded: "contractDate" has two.
func wordsOf(name string) []string {
	var spaced strings.Builder
	before := rune(0)
	for _, c := range name {
		if unicode.IsUpper(c) && unicode.IsLower(before) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(c)
		before = c
	}
	return strings.FieldsFunc(persian.Fold(spaced.String()), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// called reports whether a column whose names have these words is one that may
// be called so.
func (n *Names) called(words []string) bool {
	for _, name := range n.Names {
		all := wordsOf(name)
		if len(all) > 0 && !slices.ContainsFunc(all, func(w string) bool { return !slices.Contains(words, w) }) {
			return true
		}
	}
	return false
}
