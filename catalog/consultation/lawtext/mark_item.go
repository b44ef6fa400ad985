package lawtext

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The letters that number items, in the order of the alphabet and of abjad.
// Lists of either leave some out.
var (
	alphabet = strings.Fields("الف ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی")
	abjad    = strings.Fields("الف ب ج د ه و ز ح ط ی ک ل م ن س ع ف ص ق ر ش ت ث خ ذ ض ظ غ")
	spelled  = strings.Fields("alef be pe te se jim che he khe dal zal re ze zhe sin shin sad zad ta za eyn gheyn fe qaf kaf gaf lam mim nun vav heh ye")
)

// The styles of lists, as the word of a mark.
const (
	numbered    = "1"
	lettered    = "الف"
	latinLetter = "a"
	latinUpper  = "A"
	romanNumber = "i"
)

// itemMark reads the mark of an item of a list: «الف ـ», «۱-», "(a)", "1.".
// Whether it is one, the list tells.
func itemMark(line string) (mark, bool) {
	s := strings.TrimLeft(line, "•*·-–— ")
	start := len(line) - len(s)
	inner, open := strings.CutPrefix(s, "(")
	inner = strings.TrimLeft(inner, " ")
	n, style, ok := readItem(inner)
	if !ok {
		return mark{}, false
	}
	m := mark{kind: Item, word: style, num: n.text, n: n.n}
	at := len(s) - len(inner) + n.end
	if open {
		after := strings.TrimLeft(s[at:], " ")
		if !strings.HasPrefix(after, ")") {
			return mark{}, false
		}
		m.word = "(" + style
		at = len(s) - len(after) + 1
		at += separator(s[at:])
	} else {
		at += m.readUnder(s[at:])
		at += m.readChanges(s[at:])
		sep := separator(s[at:])
		if sep == 0 && (start == 0 || style != numbered) { // «-۱ متن», as texts turned around have it
			return mark{}, false
		}
		at += sep
	}
	m.label = strings.TrimSpace(line[:start+at])
	m.rest = strings.TrimSpace(s[at:])
	m.sure = true
	return m, true
}

// readUnder reads the second number of an item that names the one above it,
// «۲-۱-», and returns its size.
func (m *mark) readUnder(s string) int {
	if m.word != numbered || s == "" {
		return 0
	}
	joint := utf8.RuneLen(firstRune(s))
	if !strings.ContainsRune("-–./", firstRune(s)) {
		return 0
	}
	n, style, ok := readItem(s[joint:])
	if !ok || style != numbered || separator(s[joint+n.end:]) == 0 {
		return 0
	}
	m.under, m.num, m.n, m.word = m.n, n.text, n.n, numbered+numbered
	return joint + n.end
}

// readItem reads the number or letter of an item.
func readItem(s string) (number, string, bool) {
	if end := digitsEnd(s); end > 0 {
		n, ok := readDigits(s[:end])
		return n, numbered, ok && n.n > 0 && n.n < 1000
	}
	if n, ok := readLetter(s); ok {
		return n, lettered, true
	}
	end := len(s) - len(strings.TrimLeftFunc(s, isLatin))
	switch w := s[:end]; {
	case end == 1 && 'a' <= w[0] && w[0] <= 'z':
		return number{w, int(w[0]-'a') + 1, 1}, latinLetter, true
	case end == 1:
		return number{strings.ToLower(w), int(w[0]-'A') + 1, 1}, latinUpper, true
	case end > 1 && end < 7 && w == strings.ToLower(w) && roman(strings.ToUpper(w)) > 0:
		return number{w, roman(strings.ToUpper(w)), end}, romanNumber, true
	}
	return number{}, "", false
}

// readLetter reads a letter that numbers an item, and gives its place in the
// alphabet.
func readLetter(s string) (number, bool) {
	end := wordEnd(s)
	w := s[:end]
	switch w {
	case "ا", "أ", "آ":
		w = "الف"
	case "ي":
		w = "ی"
	case "ك":
		w = "ک"
	}
	i := slices.Index(alphabet, w)
	if i < 0 {
		return number{}, false
	}
	return number{spelled[i], i + 1, end}, true
}

// follows reports whether an item with the number m may come after one with
// the number n in a list of a style. Letters may leave out those that Arabic
// does not have; sure is whether nothing is left out that is usually there.
func follows(style string, n, m int) (may, sure bool) {
	if strings.TrimPrefix(style, "(") != lettered {
		return m > n, m == n+1
	}
	i, j := slices.Index(abjad, alphabet[n-1]), slices.Index(abjad, alphabet[m-1])
	if i >= 0 && j == i+1 {
		return true, true
	}
	if m <= n {
		return false, false
	}
	for _, left := range alphabet[n : m-1] {
		if !strings.Contains("پچژگ", left) {
			return true, false
		}
	}
	return true, true
}

// asRoman returns a mark of one Latin letter as the Roman number that it also
// may be.
func (m mark) asRoman() (mark, bool) {
	style, open := strings.CutPrefix(m.word, "(")
	n := roman(strings.ToUpper(m.num))
	if style != latinLetter || n == 0 {
		return m, false
	}
	m.word, m.n = romanNumber, n
	if open {
		m.word = "(" + romanNumber
	}
	return m, true
}

// firstLetter reports whether a text begins with a letter, as sentences do.
func firstLetter(s string) bool {
	return unicode.IsLetter(firstRune(strings.TrimLeft(s, "(«\"'[“ ")))
}

// value returns the number that a Num begins with, 0 for none.
func value(num string) int {
	n, err := strconv.Atoi(num[:digitsEnd(num)])
	if err != nil {
		return 0
	}
	return n
}
