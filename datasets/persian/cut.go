package persian

import "unicode/utf8"

// Cut returns the first n characters of s.
func Cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Shorten returns s, or the first n characters of a longer one and an ellipsis.
func Shorten(s string, n int) string {
	if short := Cut(s, n); len(short) < len(s) {
		return short + "…"
	}
	return s
}

// CutBytes returns as many whole characters of s as go into n bytes.
func CutBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
