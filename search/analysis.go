package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// A part is a word of a text, folded, or one half of a word that is written
// in two: «استان‌ها», agencyCode.
type part struct {
	text       string
	start, end int  // bytes of the text as it was given
	joined     bool // with the part before it to one word
}

const (
	maxJoin = 4   // parts that are joined to one word at most
	maxWord = 120 // bytes of a word that count
)

// split cuts a text into its parts. It is the first step for documents,
// queries and marks alike.
func split(s string) []part {
	tokens := persian.Tokens(s)
	parts := make([]part, 0, len(tokens))
	for _, t := range tokens { // the joined form of two stands right after its first
		if t.Span == 1 {
			parts = append(parts, part{text: t.Text, start: t.Start, end: t.End})
		}
	}
	for _, t := range tokens {
		if t.Span == 2 {
			parts[t.Pos+1].joined = true
		}
	}
	for i := range parts {
		if humps(s[parts[i].start:parts[i].end], parts[i].text) != nil {
			return unhump(s, parts)
		}
	}
	return parts
}

// unhump cuts words like agencyCode at their capitals.
func unhump(s string, parts []part) []part {
	out := make([]part, 0, len(parts)+4)
	for _, p := range parts {
		from := 0
		for _, at := range humps(s[p.start:p.end], p.text) {
			out = append(out, part{p.text[from:at], p.start + from, p.start + at, from > 0 || p.joined})
			from = at
		}
		out = append(out, part{p.text[from:], p.start + from, p.end, from > 0 || p.joined})
	}
	return out
}

// humps returns where in an ASCII word that was written as raw a capital opens
// another: after a small letter, or before one when capitals stand in front.
// No piece is of one letter.
func humps(raw, word string) []int {
	if len(raw) != len(word) || len(raw) < 4 || raw == word {
		return nil
	}
	var at []int
	last := 0
	for i := 1; i < len(raw); i++ {
		opens := upper(raw[i]) && (lower(raw[i-1]) || upper(raw[i-1]) && i+1 < len(raw) && lower(raw[i+1]))
		if opens && i-last >= 2 && len(raw)-i >= 2 {
			at = append(at, i)
			last = i
		}
	}
	return at
}

func upper(c byte) bool { return 'A' <= c && c <= 'Z' }
func lower(c byte) bool { return 'a' <= c && c <= 'z' }

// A term is what the index holds of a text: a part or the joined form of
// several, and the stem of either where it is another word.
type term struct {
	text       string
	stem       string // empty where it is the text itself
	start, end int
	pos, last  int // numbers of its first and last part in the text, from 0
}

// stemMark stands before a stem in the index, so that it is not taken for a
// word that somebody wrote.
const stemMark = "\x01"

// terms returns the terms of a text in order.
func terms(s string) []term {
	out := plainTerms(split(s))
	for i := range out {
		out[i].stem = stem(out[i].text)
	}
	return out
}

// plainTerms returns the terms of parts without their stems.
func plainTerms(parts []part) []term {
	out := make([]term, 0, len(parts)+len(parts)/4)
	for i := range parts {
		p := &parts[i]
		if text := persian.CutBytes(p.text, maxWord); !stopped(text) {
			out = append(out, term{text: text, start: p.start, end: p.end, pos: i, last: i})
		}
		text := p.text
		for n := 1; n < maxJoin && i+n < len(parts) && parts[i+n].joined; n++ {
			text = persian.CutBytes(text+parts[i+n].text, maxWord)
			out = append(out, term{text: text, start: p.start, end: parts[i+n].end, pos: i, last: i + n})
		}
	}
	return out
}

// stem returns the stem of a folded word by the rules of its script, or
// nothing where it is the word itself.
func stem(word string) string {
	if len(word) < 4 {
		return ""
	}
	s := word
	switch c := word[0]; {
	case lower(c):
		env := snowballstem.NewEnv(word)
		english.Stem(env)
		s = env.Current()
	case c >= utf8.RuneSelf:
		s = strings.ReplaceAll(persian.Stem(word), "یو", "وو") // مسئول is written مسؤول and مسوول, too
	}
	if s == word {
		return ""
	}
	return s
}

// stopped reports whether a word says nothing on its own: it is not indexed,
// and a query does not ask for it. Words that are the subject of data, such as
// داده, خدمات, راه and مردم, are never among them.
func stopped(word string) bool {
	_, ok := slices.BinarySearch(stops, word)
	return ok
}

// stops are sorted, in the folded form.
var stops = sortedWords(`a an and are as at be by for from has in is it its of on or that the their this to was were which with
	و در به از که را با برای این ان است تا بر یا نیز هر یک ها های هایی شده می نمی`)

func sortedWords(s string) []string {
	words := strings.Fields(s)
	slices.Sort(words)
	return words
}

func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}
