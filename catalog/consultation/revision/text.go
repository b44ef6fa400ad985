package revision

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A lexicon numbers what texts are made of, so that two words are equal when
// their numbers are, and so are two marks. Words are folded, and Persian ones are
// the same however their parts are joined: «می‌شود», «می شود», «میشود». For that
// it has to have scanned all texts before it reads one.
type lexicon struct {
	ids   map[string]int32
	mark  []bool          // by number: it is no word
	known map[string]bool // Persian words that were written in one
}

func newLexicon() *lexicon { return &lexicon{ids: map[string]int32{}, known: map[string]bool{}} }

// A text is a string cut into words and marks, its atoms. White space, and what
// folding drops, belongs to none.
type text struct {
	source string
	atoms  []int32
	places []place // of the atoms
}

// A place is where something stands in a text, in bytes.
type place struct{ start, end int }

// A scrap is a word or a mark, folded, before words that may be one are joined.
type scrap struct {
	place

	folded string
	mark   bool
	arabic bool // it is a word in Arabic letters
	spaced bool // only white space parts it from the word before
}

// A scan is a text cut into scraps.
type scan struct {
	source string
	scraps []scrap
}

// scan cuts s and learns its words.
func (l *lexicon) scan(s string) scan {
	c := cut(s)
	for i := range c.scraps {
		if w := &c.scraps[i]; w.arabic {
			l.known[w.folded] = true
		}
	}
	return c
}

// cut finds the words of s, and the marks between them.
func cut(s string) scan {
	c := scan{source: s}
	tokens := persian.Tokens(s)
	at := 0
	for i := 0; i < len(tokens); {
		w := scrap{place: place{tokens[i].Start, tokens[i].End}, folded: tokens[i].Text}
		w.spaced, w.arabic = c.marks(at, w.start), arabic(w.folded)
		joined := false // with the next: by its spelling, or because one letter stands for both
		for i++; i < len(tokens); i++ {
			t := &tokens[i]
			if t.Span > 1 {
				joined = true
			} else if joined || t.Start < w.end {
				w.folded, w.end, joined = w.folded+t.Text, t.End, false
			} else {
				break
			}
		}
		next := len(s)
		if i < len(tokens) {
			next = tokens[i].Start
		}
		w.end += len(s[w.end:next]) - len(strings.TrimLeftFunc(s[w.end:next], onLetter))
		c.scraps = append(c.scraps, w)
		at = w.end
	}
	c.marks(at, len(s))
	return c
}

// onLetter reports whether r is written on the letter before it, or drawn from it.
func onLetter(r rune) bool { return unicode.IsMark(r) || r == 0x640 }

// marks adds the marks from one byte to another, and reports whether there is
// only white space, all in one line.
func (c *scan) marks(from, to int) (space bool) {
	space = to > from
	for at := from; at < to; {
		r, n := utf8.DecodeRuneInString(c.source[at:to])
		switch {
		case r == '\n':
			space = false
		case unicode.IsSpace(r) || onLetter(r) || dropped(r):
		default:
			space = false
			c.scraps = append(c.scraps, scrap{place: place{at, at + n}, folded: persian.Fold(c.source[at : at+n]), mark: true})
		}
		at += n
	}
	return space
}

// dropped reports whether r only tells how others are written: ZWNJ, marks of
// direction, soft hyphens, controls.
func dropped(r rune) bool {
	return r == 0x200b || unicode.In(r, unicode.Cf, unicode.Cc)
}

// arabic reports whether a word is in Arabic letters.
func arabic(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r)
}

// text joins the words of a scan that are known as one, and numbers them.
func (l *lexicon) text(c scan) text {
	t := text{source: c.source, atoms: make([]int32, 0, len(c.scraps)), places: make([]place, 0, len(c.scraps))}
	var key []byte
	for i := 0; i < len(c.scraps); {
		var n int
		key, n = l.longest(c.scraps[i:], key[:0])
		t.atoms = append(t.atoms, l.number(key, c.scraps[i].mark))
		t.places = append(t.places, place{c.scraps[i].start, c.scraps[i+n-1].end})
		i += n
	}
	return t
}

// longest returns the first word of a list, joined with those behind it that are
// one with it, and how many these are together.
func (l *lexicon) longest(list []scrap, key []byte) ([]byte, int) {
	const most = 4
	n, end := 1, len(list[0].folded)
	key = append(key, list[0].folded...)
	if !list[0].arabic {
		return key, 1
	}
	for k := 1; k < min(most, len(list)) && list[k].spaced && list[k].arabic; k++ {
		key = append(key, list[k].folded...)
		if l.known[string(key)] {
			n, end = k+1, len(key)
		}
	}
	return key[:end], n
}

func (l *lexicon) number(word []byte, mark bool) int32 {
	id, ok := l.ids[string(word)]
	if !ok {
		id = int32(len(l.ids))
		l.ids[string(word)] = id
		l.mark = append(l.mark, mark)
	}
	return id
}

// read cuts s into atoms by the words that are known.
func (l *lexicon) read(s string) text { return l.text(cut(s)) }
