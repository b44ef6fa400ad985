package lawtext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const zwnj = '\u200c'

// cleanLine returns a line as it is read and kept: one space for each run of
// white space; a ZWNJ in the middle of a word where a mark of direction or a
// soft hyphen stands for it; no tatweel in words, and a dash where one stands
// for it; of Persian the Persian letters and digits.
func cleanLine(s, lang string) string {
	s = joinWords(s)
	if lang == "fa" {
		s = persian.Clean(s)
	} else {
		s = norm.NFC.String(s)
	}
	return strings.Join(strings.FieldsFunc(s, isBlank), " ")
}

func isBlank(r rune) bool { return r != zwnj && (unicode.IsSpace(r) || unicode.IsControl(r)) }

// joinWords turns what is written in place of a ZWNJ into one, and drops marks
// that are not seen.
func joinWords(s string) string {
	if strings.IndexFunc(s, unseen) < 0 {
		return s
	}
	letters := []rune(s)
	out := make([]rune, 0, len(letters))
	for i := 0; i < len(letters); i++ {
		r := letters[i]
		if !unseen(r) {
			out = append(out, r)
			continue
		}
		end, join, dash := i, false, false
		for ; end < len(letters) && unseen(letters[end]); end++ {
			join = join || joins(letters[end])
			dash = dash || letters[end] == tatweel
		}
		inside := i > 0 && end < len(letters) && inWord(letters[i-1]) && inWord(letters[end])
		switch {
		case inside && join:
			out = append(out, zwnj)
		case !inside && dash:
			out = append(out, '–')
		}
		i = end - 1
	}
	return string(out)
}

const tatweel = '\u0640'

// unseen reports whether a rune has no form of its own.
func unseen(r rune) bool {
	return r == tatweel || r == 0xAD || 0x200B <= r && r <= 0x200F || 0x202A <= r && r <= 0x202E ||
		0x2060 <= r && r <= 0x2064 || 0x2066 <= r && r <= 0x2069 || r == 0xFEFF
}

// joins reports whether a rune that is not seen stands for a ZWNJ in a word.
func joins(r rune) bool {
	return r == zwnj || r == 0x200B || r == 0x200E || r == 0x200F || r == 0xAD
}

// inWord reports whether a rune is part of a word in Arabic letters.
func inWord(r rune) bool {
	return unicode.Is(unicode.Arabic, r) && (unicode.IsLetter(r) || unicode.IsMark(r)) || unicode.Is(unicode.Mn, r)
}

// language returns what a text is written in: fa, ar or en.
func language(text string) string {
	var arabic, latin, farsi int
	for _, r := range text {
		switch {
		case r < 0x80:
			if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
				latin++
			}
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			arabic++
			if strings.ContainsRune("پچژگ", r) {
				farsi++
			}
		}
	}
	switch {
	case latin > arabic || latin+arabic == 0:
		return "en"
	case farsi*500 > arabic || strings.Contains(text, "ماده ") || strings.Contains(text, "تبصره"):
		return "fa"
	}
	return "ar"
}
