package catalog

import (
	"strings"
	"unicode"
)

// TitleOf returns a text whose language nobody told: Persian when most of its
// letters are of the Arabic script, else English.
func TitleOf(s string) Text {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	return Text{LanguageOf(s): s}
}

// LanguageOf guesses the language of a text from its script: "fa" or "en".
func LanguageOf(s string) string {
	arabic, other := 0, 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.IsLetter(r):
			other++
		}
	}
	if arabic > other {
		return "fa"
	}
	return "en"
}
