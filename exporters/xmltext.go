package exporters

import (
	"unicode/utf8"
)

// appendTextCell appends the rest of a cell after its reference: text, in a
// style. Blanks are kept, line breaks too; see appendXMLText for the rest.
func appendTextCell(b []byte, s string, style int) []byte {
	switch style {
	case styleHead:
		b = append(b, `" s="1" t="inlineStr"><is><t xml:space="preserve">`...)
	default:
		b = append(b, `" t="inlineStr"><is><t xml:space="preserve">`...)
	}
	b = appendXMLText(b, s)
	return append(b, "</t></is></c>"...)
}

// xmlRune reports whether XML 1.0 may hold the character.
func xmlRune(r rune) bool {
	return r >= ' ' && r != 0xFFFE && r != 0xFFFF || r == '\t' || r == '\n' || r == '\r'
}

// appendXMLText appends s as the text of an element of a sheet. What XML cannot
// hold, and what is not UTF-8, becomes U+FFFD. A text that looks like one of
// Excel's own escapes (_x000D_) is escaped once more, so that Excel shows it.
func appendXMLText(b []byte, s string) []byte {
	done := 0 // s[:done] is written
	for i := 0; i < len(s); {
		ch := s[i]
		if plainXML[ch] {
			i++
			continue
		}
		repl, size := "", 1
		switch {
		case ch == '&':
			repl = "&amp;"
		case ch == '<':
			repl = "&lt;"
		case ch == '>':
			repl = "&gt;"
		case ch == '\r':
			repl = "&#13;" // a bare one is read as a line feed
		case ch == '_':
			if excelEscape(s[i:]) {
				repl = "_x005F_"
			}
		case ch < utf8.RuneSelf:
			repl = "\ufffd"
		default:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 || !xmlRune(r) {
				repl = "\ufffd"
			}
		}
		if repl != "" {
			b = append(append(b, s[done:i]...), repl...)
			done = i + size
		}
		i += size
	}
	return append(b, s[done:]...)
}

// plainXML holds the bytes that stand for themselves in any text.
var plainXML = func() (plain [256]bool) {
	for ch := ' '; ch < utf8.RuneSelf; ch++ {
		plain[ch] = ch != '&' && ch != '<' && ch != '>' && ch != '_'
	}
	plain['\t'], plain['\n'], plain[0x7F] = true, true, true
	return plain
}()

// excelEscape reports whether s begins with an escape like _x000D_.
func excelEscape(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, ch := range []byte(s[2:6]) {
		if (ch < '0' || ch > '9') && (ch < 'A' || ch > 'F') && (ch < 'a' || ch > 'f') {
			return false
		}
	}
	return true
}

// utf16Len returns how many UTF-16 code units s takes, which is what Excel counts.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}
