package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Highlighter finds the words of a query in texts, however they are written
// in either. It is safe for concurrent use.
type Highlighter struct {
	terms map[string]bool // as the index holds them
}

// A Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// highlighter returns the highlighter of what the plan looks for.
func (p *plan) highlighter() *Highlighter {
	h := &Highlighter{terms: map[string]bool{}}
	for _, g := range p.goals {
		for _, wants := range g.forms {
			for _, w := range wants {
				for _, a := range w.alts {
					h.terms[a.term] = true
				}
			}
		}
	}
	return h
}

// Mark returns where words of the query stand in a text, in order, apart from
// each other.
func (h *Highlighter) Mark(text string) []Span {
	if h == nil || len(h.terms) == 0 {
		return nil
	}
	var spans []Span
	for _, t := range terms(text) {
		if !h.has(&t) {
			continue
		}
		if n := len(spans); n > 0 && t.start <= spans[n-1].End {
			spans[n-1].End = max(spans[n-1].End, t.end)
		} else {
			spans = append(spans, Span{t.start, t.end})
		}
	}
	return spans
}

func (h *Highlighter) has(t *term) bool {
	return h.terms[t.text] || t.stem != "" && h.terms[stemMark+t.stem]
}

// Matches reports whether a text holds any word of the query.
func (h *Highlighter) Matches(text string) bool { return len(h.Mark(text)) > 0 }

// A Fragment is a piece of a text with the words of the query marked in it.
type Fragment struct {
	Text   string
	Marks  []Span // in Text
	Before bool   // the text goes on before the fragment
	After  bool   // the text goes on after it
}

// Passage returns about n letters of a text in which words are apart by single
// spaces, around the place where the first words of the query stand, and whether
// any do.
func (h *Highlighter) Passage(text string, n int) (f Fragment, found bool) {
	marks := h.Mark(text)
	if len(marks) == 0 {
		return Fragment{}, false
	}
	return around(text, n, marks), true
}

func around(text string, n int, marks []Span) Fragment {
	from := 0
	if utf8.RuneCountInString(text[:marks[0].End]) > n {
		from = wordAt(text, back(text, marks[0].Start, n/4))
	}
	to := forth(text, from, n)
	if to < len(text) {
		if cut := strings.LastIndexByte(text[from:to], ' '); cut > 0 {
			to = from + cut
		}
	}
	f := Fragment{Text: text[from:to], Before: from > 0, After: to < len(text)}
	for _, m := range marks {
		if m.Start >= from && m.End <= to {
			f.Marks = append(f.Marks, Span{m.Start - from, m.End - from})
		}
	}
	return f
}

// back returns the offset n letters before an offset of text.
func back(text string, at, n int) int {
	for ; n > 0 && at > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// forth returns the offset n letters after an offset of text.
func forth(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// wordAt returns where the next word after an offset begins, unless it is at
// the beginning of one.
func wordAt(text string, at int) int {
	if at == 0 {
		return 0
	}
	if r, _ := utf8.DecodeLastRuneInString(text[:at]); unicode.IsSpace(r) {
		return at
	}
	if n := strings.IndexByte(text[at:], ' '); n >= 0 {
		return at + n + 1
	}
	return at
}
