package persian

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s as it is kept and shown: Persian yeh and kaf for the Arabic
// ones, Persian digits for Arabic-Indic ones, plain letters for presentation
// forms, ZWNJ where a right-to-left mark stood for it and nowhere twice or at
// the end of a word; no tatweel, no overriding marks of direction, no control
// characters but tab and line ends. White space around the text goes.
func Clean(s string) string {
	b := make([]rune, 0, len(s))
	for i, r := range s {
		switch {
		case r == 0x200F: // between letters it stands for ZWNJ
			if len(b) > 0 && unicode.IsLetter(b[len(b)-1]) && unicode.IsLetter(nextKept(s[i+3:])) {
				r = 0x200C
			}
			b = append(b, r)
		case r == 0x200C:
			if len(b) > 0 && unicode.IsLetter(b[len(b)-1]) {
				b = append(b, r)
			}
		case 0xFB50 <= r && r <= 0xFDFF || 0xFE70 <= r && r <= 0xFEFC:
			for _, c := range norm.NFKC.String(string(r)) {
				if !unneeded(c) {
					b = append(b, cleanRune(c))
				}
			}
		case unneeded(r):
		default:
			b = trimZWNJ(b, r)
			b = append(b, cleanRune(r))
		}
	}
	return strings.TrimSpace(norm.NFC.String(string(trimZWNJ(b, ' '))))
}

// trimZWNJ drops a ZWNJ at the end of b when next does not go on with the word.
func trimZWNJ(b []rune, next rune) []rune {
	if n := len(b); n > 0 && b[n-1] == 0x200C && !unicode.IsLetter(next) && !unicode.IsMark(next) {
		return b[:n-1]
	}
	return b
}

// nextKept returns the first rune of s that Clean keeps behind a ZWNJ.
func nextKept(s string) rune {
	for _, r := range s {
		if r != 0x200C && !unneeded(r) {
			return r
		}
	}
	return utf8.RuneError
}

func unneeded(r rune) bool {
	return r == 0x0640 || r == 0x00AD || r == 0xFEFF ||
		0x202A <= r && r <= 0x202E || 0x2066 <= r && r <= 0x2069 ||
		unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' && r != '\r'
}

func cleanRune(r rune) rune {
	switch {
	case r == 'ي' || r == 'ى':
		return 'ی'
	case r == 'ك':
		return 'ک'
	case 0x0660 <= r && r <= 0x0669:
		return 0x06F0 + r - 0x0660
	case r == 0x00A0:
		return ' '
	}
	return r
}

// Digits returns s with the digits of a language: Persian ones for "fa", ASCII
// ones for every other.
func Digits(s, lang string) string {
	if lang != "fa" {
		return ASCIIDigits(s)
	}
	if strings.IndexFunc(s, isASCIIOrArabicDigit) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			return 0x06F0 + r - '0'
		case 0x0660 <= r && r <= 0x0669:
			return 0x06F0 + r - 0x0660
		}
		return r
	}, s)
}

func isASCIIOrArabicDigit(r rune) bool {
	return '0' <= r && r <= '9' || 0x0660 <= r && r <= 0x0669
}

// ASCIIDigits returns s with 0 to 9 for Persian and Arabic-Indic digits.
func ASCIIDigits(s string) string {
	if strings.IndexFunc(s, isPersianOrArabicDigit) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 0x06F0 <= r && r <= 0x06F9:
			return '0' + r - 0x06F0
		case 0x0660 <= r && r <= 0x0669:
			return '0' + r - 0x0660
		}
		return r
	}, s)
}

func isPersianOrArabicDigit(r rune) bool {
	return 0x06F0 <= r && r <= 0x06F9 || 0x0660 <= r && r <= 0x0669
}
