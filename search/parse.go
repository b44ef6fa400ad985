package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A tree is what a text asks for: documents that satisfy all clauses, and none
// of the excluded ones.
type tree struct {
	clauses  []clause
	excluded []clause
	text     string // as it was read
	asked    bool   // there was something to search for, if only stop words
	cut      bool   // the text was longer than what is read
}

// A clause is a word or a phrase of the query in all the ways in which it may
// stand in a document: any of its forms satisfies it.
type clause struct {
	start, end int // where it stands in the text of the query
	forms      []form
	phrase     bool     // the words of a form follow each other
	words      []clause // of a phrase: its words on their own
}

// A form is words that must all occur. Gaps hold the distance of each to the
// first, which matters in phrases.
type form struct {
	words []string
	gaps  []int
}

// pairs of quotation marks that make a phrase.
var quotes = map[rune]rune{'"': '"', '“': '”', '«': '»', '„': '“'}

// parse reads the text of a query. There is no text that it cannot read.
func parse(text string) tree {
	var t tree
	text = strings.ToValidUTF8(text, " ")
	if len(text) > maxText {
		text, t.cut = head(text, maxText), true
	}
	t.text = text
	words := 0
	for len(text) > 0 {
		run, rest, kind := nextRun(text)
		at := len(t.text) - len(text) + strings.Index(text, run) // nothing but marks stands before it
		text = rest
		if blank(run) {
			continue
		}
		t.asked = true
		more := kind.clauses(run, at)
		for i := range more {
			if words++; words > maxWords {
				t.cut = true
				return t
			}
			if kind.excluded {
				t.excluded = append(t.excluded, more[i])
			} else {
				t.clauses = append(t.clauses, more[i])
			}
		}
	}
	return t
}

// A runKind is how a run of a text is meant.
type runKind struct{ quoted, excluded bool }

// nextRun cuts the first run off a text: a phrase in quotation marks, an
// excluded word or phrase, or the words up to one of these.
func nextRun(text string) (run, rest string, kind runKind) {
	if after, ok := strings.CutPrefix(text, "-"); ok && after != "" {
		if run, rest, ok := cutPhrase(after); ok {
			return run, rest, runKind{quoted: true, excluded: true}
		}
		n := strings.IndexFunc(after, unicode.IsSpace)
		if n < 0 {
			n = len(after)
		}
		if n > 0 {
			return after[:n], after[n:], runKind{excluded: true}
		}
	}
	if run, rest, ok := cutPhrase(text); ok {
		return run, rest, runKind{quoted: true}
	}
	space := false
	for i, r := range text {
		if i > 0 && (quotes[r] != 0 && closes(text[i:]) || space && r == '-') {
			return text[:i], text[i:], runKind{}
		}
		space = unicode.IsSpace(r)
	}
	return text, "", runKind{}
}

func closes(text string) bool {
	_, _, ok := cutPhrase(text)
	return ok
}

// cutPhrase cuts a phrase off a text that opens with a quotation mark. One
// that does not close is no phrase.
func cutPhrase(text string) (phrase, rest string, ok bool) {
	first, n := utf8.DecodeRuneInString(text)
	end := quotes[first]
	if end == 0 {
		return "", "", false
	}
	phrase, rest, ok = strings.Cut(text[n:], string(end))
	return phrase, rest, ok
}

// clauses returns the clauses of a run, which stands at an offset in the text:
// one for a phrase, else one a word.
func (k runKind) clauses(run string, at int) []clause {
	var list []clause
	forms := []form{{}}
	for _, w := range groups(split(run)) {
		c := clause{start: at + w[0].start, end: at + w[len(w)-1].end, forms: formsOf(w)}
		if len(c.forms) > 0 && !slices.ContainsFunc(list, c.same) {
			list = append(list, c)
		}
		forms = follow(forms, formsWith(w, true))
	}
	if !k.quoted && !k.excluded || len(list) == 0 {
		return list
	}
	forms = slices.DeleteFunc(forms, func(f form) bool { return len(f.words) == 0 })
	return []clause{{start: at, end: at + len(run), forms: forms, phrase: true, words: list}}
}

func (c *clause) same(d clause) bool {
	return slices.EqualFunc(c.forms, d.forms, func(a, b form) bool { return slices.Equal(a.words, b.words) })
}

// groups puts the parts of one word together.
func groups(parts []part) [][]part {
	var out [][]part
	for i, p := range parts {
		if i > 0 && p.joined && len(out[len(out)-1]) < maxJoin {
			out[len(out)-1] = append(out[len(out)-1], p)
		} else {
			out = append(out, []part{p})
		}
	}
	return out
}

func formsOf(word []part) []form { return formsWith(word, false) }

// formsWith returns the ways to write a word of several parts, split and
// joined at each seam, without stop words. gaps says that a form of nothing
// but stop words counts, as the gap that it leaves in a phrase.
func formsWith(word []part, gaps bool) []form {
	var out []form
	for joins := range 1 << (len(word) - 1) {
		f, pos := form{}, 0
		for i := 0; i < len(word); pos++ {
			n := 1
			for i+n < len(word) && joins>>(i+n-1)&1 == 1 {
				n++
			}
			if text := joinedText(word[i : i+n]); n > 1 || !stopped(text) {
				f.words, f.gaps = append(f.words, text), append(f.gaps, pos)
			}
			i += n
		}
		f.gaps = append(f.gaps, pos) // where the next word of a phrase stands
		same := func(g form) bool { return slices.Equal(f.words, g.words) }
		if (gaps || len(f.words) > 0) && !slices.ContainsFunc(out, same) {
			out = append(out, f)
		}
	}
	return out
}

func joinedText(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.text)
	}
	return persian.CutBytes(b.String(), maxWord)
}

// maxForms is how many ways to write a phrase are tried.
const maxForms = 16

// follow returns every form of a phrase followed by every form of a word.
func follow(phrase, word []form) []form {
	var out []form
	for _, p := range phrase {
		for _, w := range word {
			if len(out) == maxForms {
				return out
			}
			base := 0
			if n := len(p.gaps); n > 0 {
				base = p.gaps[n-1]
			}
			f := form{slices.Clone(p.words), slices.Clone(p.gaps[:len(p.words)])}
			f.words = append(f.words, w.words...)
			for _, g := range w.gaps {
				f.gaps = append(f.gaps, base+g)
			}
			out = append(out, f)
		}
	}
	return out
}
