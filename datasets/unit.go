package datasets

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxUnit is the longest unit, in characters; what is longer explains.
const maxUnit = 40

// unitOf returns the unit of a column of numbers: what stands in brackets at
// the end of its heading ("Area (km²)", "مبلغ (میلیون ریال)"), without a word
// such as "in" before it. Years, footnotes and abbreviations of the heading
// itself, as in "Gross Domestic Product (GDP)", are no units; so are words that
// only say which of several figures a column has. Without brackets a currency at
// the end of the heading is one.
func unitOf(c *Column) string {
	if !c.Numeric() {
		return ""
	}
	before, unit := cutBracket(c.Label)
	for _, word := range unitPrefixes {
		if rest, ok := cutPrefixFold(unit, word+" "); ok {
			unit = strings.TrimSpace(rest)
		}
	}
	if unit == "" || utf8.RuneCountInString(unit) > maxUnit || !measures(unit) || abbreviates(unit, before) {
		return moneyOfHeading(before)
	}
	return unit
}

// unitPrefixes stand before units, the longest first.
var unitPrefixes = []string{
	"ارقام به", "مبالغ به", "بر حسب", "برحسب", "به", "figures in", "amounts in", "value in", "angaben in", "cifras en", "montants en",
	"expressed in", "in", "en", "em",
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// cutBracket parts a heading from what stands in brackets at its end.
func cutBracket(label string) (before, inside string) {
	label = nameOf(label)
	for _, pair := range []string{"()", "[]", "（）"} {
		opening, size := utf8.DecodeRuneInString(pair)
		rest, ok := strings.CutSuffix(label, pair[size:])
		if !ok {
			continue
		}
		if at := strings.LastIndex(rest, string(opening)); at >= 0 {
			return strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+size:])
		}
	}
	return label, ""
}

// measures reports whether a text in brackets can be a unit: it has a letter
// or a sign of money or percent, is no mark of a footnote, and none of its
// words chooses between figures.
func measures(text string) bool {
	sign := false
	for _, r := range text {
		sign = sign || unicode.IsLetter(r) || unicode.Is(unicode.Sc, r) || strings.ContainsRune("%‰٪°", r)
	}
	if !sign || len(text) == 1 && strings.Contains("abcdefijknopqruvxyz*", text) {
		return false
	}
	for _, word := range labelWords(text) {
		if choices[word] {
			return false
		}
	}
	return true
}

// choices are words in brackets that say which figure, and not in what.
var choices = map[string]bool{
	"total": true, "net": true, "gross": true, "estimate": true, "estimated": true, "est": true, "actual": true, "forecast": true,
	"preliminary": true, "provisional": true, "revised": true, "planned": true, "approved": true, "budget": true, "male": true, "female": true,
	"men": true, "women": true, "boys": true, "girls": true, "all": true, "both": true, "rank": true, "code": true, "id": true, "year": true,
	"optional": true, "calculated": true, "old": true, "new": true, "average": true, "mean": true, "median": true, "max": true, "min": true,
	"see": true, "note": true, "table": true, "excluding": true, "including": true, "excl": true, "incl": true, "without": true,
	"کل": true, "جمع": true, "مرد": true, "زن": true, "مردان": true, "زنان": true, "مصوب": true, "عملکرد": true, "کد": true, "سال": true,
}

// abbreviates reports whether text is made of the first letters of the words
// before it.
func abbreviates(text, before string) bool {
	if strings.ContainsAny(text, " %") || utf8.RuneCountInString(text) < 2 {
		return false
	}
	var initials strings.Builder
	for word := range strings.FieldsFuncSeq(before, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r, _ := utf8.DecodeRuneInString(word)
		initials.WriteRune(unicode.ToUpper(r))
	}
	return strings.HasSuffix(initials.String(), strings.ToUpper(text))
}
