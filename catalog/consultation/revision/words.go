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
// and ی, ۱ and 1) are equal, as are «می‌شود», «می شود» and «میشود» where the
// texts have two of these; white space is not compared. What was deleted comes
// before what stands in its place. Texts with more than 1,500 differences are
// compared by their sentences first.
func Words(a, b string) []Span {
	lex := newLexicon()
	sa, sb := lex.scan(a), lex.scan(b)
	ta, tb := lex.text(sa), lex.text(sb)
	return spans(&ta, &tb, smooth(runs(partners(&ta, &tb), len(tb.atoms))))
}

// partners returns for each atom of a its partner in b, or -1.
func partners(a, b *text) []int32 {
	partner, ok := shared(a.atoms, b.atoms, maxDifferences)
	if !ok {
		return bySentence(a, b, 3*maxDifferences*maxDifferences)
	}
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
		if i+1 < len(t.atoms) && !t.ends(i) {
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

// ends reports whether a sentence or a paragraph ends behind an atom that is not
// the last.
func (t *text) ends(atom int) bool {
	at := t.places[atom]
	switch t.source[at.start:at.end] {
	case ".", "؟", "?", "!", "؛", ";":
		return true
	}
	return strings.Contains(t.source[at.end:t.places[atom+1].start], "\n")
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
