package persian

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// A Token is a word of a text, folded, and where it stands in that text. Words
// are numbered from 0 by Pos. A token with a Span over 1 is the joined form of
// that many words: «می‌شود» and «می شود» give می at 0, میشود at 0 with Span 2,
// and شود at 1.
type Token struct {
	Text  string
	Start int // byte offsets into the text as it was given
	End   int
	Pos   int
	Span  int
}

// maxSpan is how many parts of a word are joined at most.
const maxSpan = 4

// A word of the text and how it hangs together with the one before.
type word struct {
	text       string
	start, end int
	joined     bool // to the previous word: by a ZWNJ, or as an affix after a space
}

// Tokens returns the words of s in order: runs of letters and runs of digits,
// folded like Fold does. Digits in groups of three are one number; 's at the
// end of a word goes.
func Tokens(s string) []Token {
	words := split(s)
	tokens := make([]Token, 0, len(words)+4)
	for i := range words {
		w := &words[i]
		tokens = append(tokens, Token{w.text, w.start, w.end, i, 1})
		joined := []byte(w.text)
		for n := 2; n <= maxSpan && i+n <= len(words) && words[i+n-1].joined; n++ {
			last := &words[i+n-1]
			joined = append(joined, last.text...)
			tokens = append(tokens, Token{string(joined), w.start, last.end, i, n})
		}
	}
	return tokens
}

// A Clause is one word of a query in the ways it may be written: it is found
// where all words of any one of its forms are found.
type Clause [][]string

// Clauses returns what a text that answers the query s has to hold: «می شود»
// is one clause with the forms [می شود] and [میشود].
func Clauses(s string) []Clause {
	words := split(s)
	var clauses []Clause
	for i := 0; i < len(words); {
		n := 1
		for n < maxSpan && i+n < len(words) && words[i+n].joined {
			n++
		}
		clauses = append(clauses, forms(words[i:i+n]))
		i += n
	}
	return clauses
}

// forms returns the ways to write the parts, split and joined at each seam.
func forms(parts []word) Clause {
	seams := len(parts) - 1
	clause := make(Clause, 0, 1<<seams)
	for joins := range 1 << seams {
		form := []string{parts[0].text}
		for i, p := range parts[1:] {
			if joins>>i&1 == 1 {
				form[len(form)-1] += p.text
			} else {
				form = append(form, p.text)
			}
		}
		clause = append(clause, form)
	}
	return clause
}

// Affixes that many write apart with a plain space.
var (
	prefixes = []string{"می", "نمی"}
	suffixes = []string{
		"ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان",
		"ای", "ام", "ات", "اش", "ایم", "اید", "اند", "تر", "ترین", "تری",
	}
)

// A splitter cuts a text into words.
type splitter struct {
	words      []word
	text       []byte // the word at hand, folded
	start, end int    // where it stands
	digits     bool   // it is a number
	seam       seam   // what stands before it
	apostrophe bool   // right before it
}

// A seam is what stands between two words.
type seam uint8

const (
	touching seam = iota // nothing: letters beside digits
	space
	zwnj
	cut // anything else
)

func split(s string) []word {
	sp := splitter{words: make([]word, 0, len(s)/8+1)}
	for start := 0; start < len(s); {
		r, n := utf8.DecodeRuneInString(s[start:])
		end := start + n
		f, rest := foldRune(r)
		sp.take(f, s, start, end)
		for _, c := range rest {
			sp.take(c, s, start, end)
		}
		start = end
	}
	sp.finish()
	return sp.words
}

// take adds the folded rune f, which stands in s from start to end.
func (sp *splitter) take(f rune, s string, start, end int) {
	switch {
	case f == drop:
	case f == rlm && (len(sp.text) == 0 || sp.digits || !unicode.IsLetter(nextRune(s[end:]))):
	case f == rlm || f == joiner:
		sp.part(zwnj)
	case unicode.IsLetter(f) || unicode.IsMark(f):
		sp.add(f, start, end, false)
	case unicode.IsNumber(f):
		sp.add(f, start, end, true)
	case f == ',' && sp.digits && len(sp.text) > 0 && threeDigits(s[end:]):
	case f == ' ':
		sp.part(space)
	default:
		sp.part(cut)
		sp.apostrophe = f == '\''
	}
}

// part ends the word at hand and notes what follows it.
func (sp *splitter) part(by seam) {
	sp.finish()
	if sp.seam == touching || by == cut {
		sp.seam = by
	} else if sp.seam == zwnj && by == space {
		sp.seam = space
	}
	sp.apostrophe = false
}

func (sp *splitter) add(f rune, start, end int, digit bool) {
	if len(sp.text) > 0 && sp.digits != digit {
		sp.finish()
		sp.apostrophe = false
	}
	if len(sp.text) == 0 {
		sp.start, sp.digits = start, digit
	}
	sp.text, sp.end = utf8.AppendRune(sp.text, f), end
}

// finish appends the word at hand, if there is one.
func (sp *splitter) finish() {
	if len(sp.text) == 0 {
		return
	}
	w := word{text: string(sp.text), start: sp.start, end: sp.end}
	sp.text = sp.text[:0]
	if sp.apostrophe && w.text == "s" {
		return // the 's of a genitive
	}
	if n := len(sp.words); n > 0 && !sp.digits {
		w.joined = sp.seam == zwnj || sp.seam == space &&
			(slices.Contains(prefixes, sp.words[n-1].text) || slices.Contains(suffixes, w.text))
	}
	sp.words = append(sp.words, w)
	sp.seam = touching
}

// threeDigits reports whether s goes on with exactly three digits.
func threeDigits(s string) bool {
	n := 0
	for _, r := range s {
		f, _ := foldRune(r)
		if f == drop {
			continue
		}
		if f < '0' || f > '9' {
			break
		}
		if n++; n > 3 {
			return false
		}
	}
	return n == 3
}

// endings are what Stem takes off, the longest first.
var endings = []string{
	"هایشان", "هایمان", "هایتان", "هایی", "هایش", "هایم", "هایت", "های", "ترین", "ها", "تر", "ی",
}

// Stem takes a light ending (plural, ezafe, comparison) off a folded Persian
// word when at least three letters remain: شهرهای gives شهر. Other words come
// back as they are.
func Stem(word string) string {
	for _, end := range endings {
		if n := len(word) - len(end); n >= 6 && word[n:] == end { // two bytes a letter
			return word[:n]
		}
	}
	return word
}
