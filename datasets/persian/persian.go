// Package persian knows Persian text and the Persian calendar: how words that
// are written in many ways are one word, how digits and letters turn into
// others, and which day a Jalali date is.
//
// Fold and Tokens are for the index, the query and comparisons, never for text
// that is shown; Clean is for text that is kept.
package persian

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What becomes of a rune when it is folded, where it does not become others.
const (
	drop   = -1 // leaves nothing: a mark, a tatweel, a soft hyphen
	joiner = -2 // ZWNJ: parts two halves of one word
	rlm    = -3 // right-to-left mark: a ZWNJ between letters, nothing elsewhere
)

// foldRune returns what r becomes: a rune, or one of drop, joiner and rlm. The
// second result is the rest of a rune that becomes several.
func foldRune(r rune) (rune, string) {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r, ""
	case 0x0600 <= r && r <= 0x06FF:
		return foldArabic(r), ""
	}
	switch r {
	case 0x200C, 0x200B: // ZWNJ, and the zero width space that stands for it
		return joiner, ""
	case 0x200F:
		return rlm, ""
	case 0x00AD, 0x200D, 0x200E, 0x2060, 0xFEFF:
		return drop, ""
	case 0x2018, 0x2019, 0x02BC:
		return '\'', ""
	}
	if 0x0300 <= r && r <= 0x036F || 0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069 ||
		0xFE00 <= r && r <= 0xFE0F || unicode.Is(unicode.Cc, r) && r != 0x85 {
		return drop, ""
	}
	return foldOther(r)
}

// foldArabic folds the Arabic block by the rules of Persian.
func foldArabic(r rune) rune {
	switch {
	case 0x06F0 <= r && r <= 0x06F9:
		return '0' + r - 0x06F0
	case 0x0660 <= r && r <= 0x0669:
		return '0' + r - 0x0660
	case 0x064B <= r && r <= 0x065F, 0x0610 <= r && r <= 0x061A, 0x06D6 <= r && r <= 0x06DC,
		0x06DF <= r && r <= 0x06E4, 0x06E7 <= r && r <= 0x06E8, 0x06EA <= r && r <= 0x06ED:
		return drop
	}
	switch r {
	case 'ي', 'ى', 'ئ', 'ې', 'ۍ', 'ے', 'ۓ', 'ێ':
		return 'ی'
	case 'ك', 'ڪ':
		return 'ک'
	case 'ة', 'ۀ', 'ە', 'ہ', 'ۂ', 'ۃ', 'ھ':
		return 'ه'
	case 'آ', 'أ', 'إ', 'ٱ', 0x0672, 0x0673, 0x0675:
		return 'ا'
	case 'ؤ', 0x0676:
		return 'و'
	case 0x0640, 0x0670, 0x061C, 0x0674:
		return drop
	case '،', '٬':
		return ','
	case '٫':
		return '.'
	case '؛':
		return ';'
	case '؟':
		return '?'
	case '٪':
		return '%'
	}
	return r
}

// foldOther folds what is neither ASCII nor Arabic through its compatibility
// decomposition, so that presentation forms, accents and wide letters go.
func foldOther(r rune) (rune, string) {
	if unicode.IsSpace(r) {
		return ' ', ""
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	whole := norm.NFKD.Properties(buf[:n]).Decomposition()
	if len(whole) == 0 {
		return unicode.ToLower(r), ""
	}
	var b strings.Builder
	for _, c := range string(whole) {
		if c == r { // never again the same
			b.WriteRune(unicode.ToLower(c))
			continue
		}
		f, rest := foldRune(c)
		if f >= 0 {
			b.WriteRune(f)
		}
		b.WriteString(rest)
	}
	out := b.String()
	if out == "" {
		return drop, ""
	}
	first, n := utf8.DecodeRuneInString(out)
	return first, out[n:]
}

// Fold returns s as the index, queries and text comparisons see it: Arabic
// letters that Persian writes otherwise become the Persian ones, hamza and
// short vowels go, all digits are ASCII, ZWNJ and white space are one space,
// marks of direction go, Latin letters are small and bare. Fold(Fold(s)) is
// Fold(s).
func Fold(s string) string {
	if folded(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	space := false // one is due before the next rune that stays
	var last rune  // the last rune that stayed
	put := func(r rune) {
		if unicode.IsSpace(r) {
			space = true
			return
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b, last = utf8.AppendRune(b, r), r
	}
	for i, r := range s {
		f, rest := foldRune(r)
		switch f {
		case drop:
			continue
		case joiner:
			f = ' '
		case rlm:
			if space || !unicode.IsLetter(last) || !unicode.IsLetter(nextRune(s[i+utf8.RuneLen(r):])) {
				continue
			}
			f = ' '
		}
		put(f)
		for _, c := range rest {
			put(c)
		}
	}
	return string(b)
}

// folded reports whether s is plain small ASCII with single inner spaces.
func folded(s string) bool {
	prev := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == 0x7f || 'A' <= c && c <= 'Z' || c == ' ' && prev == ' ' {
			return false
		}
		prev = c
	}
	return s == "" || prev != ' '
}

// nextRune returns the first rune of s, folded, that is not dropped.
func nextRune(s string) rune {
	for _, r := range s {
		if f, _ := foldRune(r); f != drop {
			return f
		}
	}
	return ' '
}
