package revision

import (
	"encoding/binary"
	"strings"
)

// Op is what was done to a span of a text.
type Op string

// What can be done to a span.
const (
	Equal  Op = "equal"
	Insert Op = "insert"
	Delete Op = "delete"
)

// A Span is a run of words that both texts have, or only one of them, with the
// white space before them. The equal and inserted spans in their order are the
// second text, byte for byte; the equal and deleted ones are the words of the
// first. Where words are written in two ways, an equal span has the second.
type Span struct {
	Op   Op
	Text string
}

// Words compares two texts word by word (Myers 1986). A word with ZWNJ is one
// word, a mark is one of its own, and letters that only differ in folding (ي
// and ی, ۱ and 1) are equal, as are «می‌شود» and «می شود»; white space is not
// compared. What was deleted comes before what stands in its place. Texts with
// more than 1,500 differences are compared by their sentences first.
func Words(a, b string) []Span {
	lex := newLexicon()
	ta, tb := lex.read(a), lex.read(b)
	return spans(&ta, &tb, smooth(runs(partners(&ta, &tb), len(tb.atoms))))
}

// partners returns for each atom of a its partner in b, or -1. Words have
// partners as a whole.
func partners(a, b *text) []int32 {
	budget := 3 * maxDifferences * maxDifferences
	partner, ok := shared(a.atoms, b.atoms, maxDifferences)
	if !ok {
		partner = bySentence(a, b, budget)
	}
	wholeWords(a, b, partner)
	return partner
}

// bySentence pairs whole sentences and then the words between them, as far as
// a budget of steps goes.
func bySentence(a, b *text, budget int) []int32 {
	ids := map[string]int32{}
	sa, sb := sentences(a, ids), sentences(b, ids)
	partner := make([]int32, len(a.atoms))
	for i := range partner {
		partner[i] = -1
	}
	lines, _ := shared(sa.ids, sb.ids, maxDifferences)
	fromA, fromB := 0, 0
	between := func(toA, toB int) {
		x, y := a.atoms[fromA:toA], b.atoms[fromB:toB]
		limit := maxDifferences
		for limit*limit > budget {
			limit /= 2
		}
		inner, ok := shared(x, y, limit)
		if !ok {
			budget -= limit * limit
		}
		for i, j := range inner {
			if j >= 0 {
				partner[fromA+i] = int32(fromB) + j
			}
		}
	}
	for i, j := range lines {
		if j < 0 {
			continue
		}
		between(sa.starts[i], sb.starts[j])
		for n := range sa.starts[i+1] - sa.starts[i] {
			partner[sa.starts[i]+n] = int32(sb.starts[j] + n)
		}
		fromA, fromB = sa.starts[i+1], sb.starts[j+1]
	}
	between(len(a.atoms), len(b.atoms))
	return partner
}

// A division is a text cut into sentences: their numbers, and at which atom
// each starts, with the end of the text as the last.
type division struct {
	ids    []int32
	starts []int
}

// sentences cuts a text behind marks that end one and where a paragraph ends.
func sentences(t *text, ids map[string]int32) division {
	var d division
	var key []byte
	start := 0
	for i := range t.atoms {
		key = binary.LittleEndian.AppendUint32(key, uint32(t.atoms[i]))
		if i+1 < len(t.atoms) && (t.word[i] == t.word[i+1] || !t.ends(int(t.word[i]))) {
			continue
		}
		id, ok := ids[string(key)]
		if !ok {
			id = int32(len(ids))
			ids[string(key)] = id
		}
		d.ids, d.starts = append(d.ids, id), append(d.starts, start)
		key, start = key[:0], i+1
	}
	d.starts = append(d.starts, len(t.atoms))
	return d
}

// ends reports whether a sentence or a paragraph ends behind a word that is not the last.
func (t *text) ends(word int) bool {
	w := t.words[word]
	switch t.source[w.start:w.end] {
	case ".", "؟", "?", "!", "؛", ";":
		return true
	}
	return strings.Contains(t.source[w.end:t.words[word+1].start], "\n")
}

// wholeWords takes the partners from words of which not all parts have one in
// a single run.
func wholeWords(a, b *text, partner []int32) {
	back := make([]int32, len(b.atoms))
	for i := range back {
		back[i] = -1
	}
	for i, j := range partner {
		if j >= 0 {
			back[j] = int32(i)
		}
	}
	sides := [2]struct {
		t        *text
		from, to []int32
	}{{a, partner, back}, {b, back, partner}}
	type job struct{ side, first int }
	var todo []job
	for side, s := range sides {
		for i := range s.t.atoms {
			if i == 0 || s.t.word[i] != s.t.word[i-1] {
				todo = append(todo, job{side, i})
			}
		}
	}
	for len(todo) > 0 {
		j := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s, other := sides[j.side], sides[1-j.side].t
		end := s.t.wordEnd(j.first)
		if end-j.first < 2 || inOneRun(s.from[j.first:end]) {
			continue
		}
		for i := j.first; i < end; i++ {
			if p := s.from[i]; p >= 0 {
				s.from[i], s.to[p] = -1, -1
				todo = append(todo, job{1 - j.side, other.wordStart(int(p))})
			}
		}
	}
}

// wordStart and wordEnd return the first atom of the word that an atom is of,
// and the one behind its last.
func (t *text) wordStart(atom int) int {
	for atom > 0 && t.word[atom-1] == t.word[atom] {
		atom--
	}
	return atom
}

func (t *text) wordEnd(atom int) int {
	for atom++; atom < len(t.atoms) && t.word[atom-1] == t.word[atom]; atom++ {
	}
	return atom
}

// inOneRun reports whether partners are all missing or follow one another.
func inOneRun(partner []int32) bool {
	for i := 1; i < len(partner); i++ {
		if (partner[i] < 0) != (partner[0] < 0) || partner[i] >= 0 && partner[i] != partner[i-1]+1 {
			return false
		}
	}
	return true
}
