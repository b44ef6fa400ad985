package revision

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A lexicon numbers what texts are made of, so that two atoms are equal when
// their numbers are: folded words, the folded parts of words with a ZWNJ, and
// marks.
type lexicon struct {
	ids  map[string]int32
	mark []bool             // by number: it is no word
	seen map[string][]int32 // atoms of a word as it is written
}

func newLexicon() *lexicon {
	return &lexicon{ids: map[string]int32{}, seen: map[string][]int32{}}
}

// A text is a string cut into words, and these into atoms. White space, and
// what folding drops, belongs to no word.
type text struct {
	source string
	atoms  []int32
	word   []int32 // which word each atom is of
	words  []place
}

// A place is where something stands in a text, in bytes.
type place struct{ start, end int }

// read cuts s into words and atoms.
func (l *lexicon) read(s string) text {
	t := text{source: s}
	for at := 0; at < len(s); {
		start, end := nextWord(s, at)
		if start == end {
			break
		}
		if atoms := l.atoms(s[start:end]); len(atoms) > 0 {
			for range atoms {
				t.word = append(t.word, int32(len(t.words)))
			}
			t.atoms = append(t.atoms, atoms...)
			t.words = append(t.words, place{start, end})
		}
		at = end
	}
	return t
}

// atoms returns the numbers of the parts of a word.
func (l *lexicon) atoms(word string) []int32 {
	if atoms, ok := l.seen[word]; ok {
		return atoms
	}
	var atoms []int32
	for part := range strings.FieldsSeq(persian.Fold(word)) {
		id, ok := l.ids[part]
		if !ok {
			id = int32(len(l.ids))
			l.ids[strings.Clone(part)] = id
			l.mark = append(l.mark, strings.IndexFunc(part, isLetter) < 0)
		}
		atoms = append(atoms, id)
	}
	l.seen[strings.Clone(word)] = atoms
	return atoms
}

// nextWord returns where the first word or mark of s at or behind a place
// begins and ends; two equal places when there is none.
func nextWord(s string, at int) (start, end int) {
	for start = at; start < len(s); {
		r, n := utf8.DecodeRuneInString(s[start:])
		if isLetter(r) {
			return start, wordEnd(s, start)
		}
		if !unicode.IsSpace(r) && !isFormat(r) && !unicode.IsMark(r) {
			return start, start + n
		}
		start += n
	}
	return len(s), len(s)
}

// wordEnd returns where the word ends that begins in s at start. Marks between
// two digits and an apostrophe between two letters do not end it.
func wordEnd(s string, start int) int {
	end := start
	var last rune // of the word
	for at := start; at < len(s); {
		r, n := utf8.DecodeRuneInString(s[at:])
		switch {
		case isLetter(r) || unicode.IsMark(r):
			end = at + n
		case isFormat(r):
		case end == at && joins(last, r, s[at+n:]):
		default:
			return end
		}
		last = r
		at += n
	}
	return end
}

// joins reports whether the mark r between last and rest is part of a word.
func joins(last, r rune, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '.', ',', '/', '٫', '٬', ':':
		return unicode.IsDigit(last) && unicode.IsDigit(next)
	case '\'', '’':
		return unicode.IsLetter(last) && unicode.IsLetter(next)
	}
	return false
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isFormat reports whether r only tells how others are written: ZWNJ, marks of
// direction, soft hyphens, controls that are no white space.
func isFormat(r rune) bool {
	return r == '\u200b' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r)
}
