package jsonstream

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// AppendString appends the text that raw says: a string of JSON with its
// quotation marks, as Value gives it. Half a surrogate pair becomes U+FFFD;
// bytes that are no UTF-8 stay as they are.
func AppendString(b, raw []byte) []byte {
	if len(raw) < 2 {
		return b
	}
	for raw = raw[1 : len(raw)-1]; len(raw) > 0; {
		n := 0
		for n < len(raw) && raw[n] != '\\' {
			n++
		}
		b, raw = append(b, raw[:n]...), raw[n:]
		if len(raw) < 2 {
			break
		}
		if raw[1] != 'u' {
			b, raw = append(b, escaped(raw[1])), raw[2:]
			continue
		}
		r := unit(raw)
		raw = raw[min(6, len(raw)):]
		if utf16.IsSurrogate(r) {
			if pair := utf16.DecodeRune(r, unit(raw)); pair != utf8.RuneError {
				r, raw = pair, raw[6:]
			}
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

// escaped returns the character that stands behind a backslash as c.
func escaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unit returns the UTF-16 unit of the escape \uXXXX that raw begins with, or
// U+FFFD.
func unit(raw []byte) rune {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// AppendCompact appends a value, as Value gives it, without white space
// between its parts and with the characters of its strings as they are, where
// JSON does not ask for an escape.
func AppendCompact(b, raw []byte) []byte {
	var text []byte
	for i := 0; i < len(raw); {
		switch c := raw[i]; c {
		case ' ', '\n', '\t', '\r':
			i++
		case '"':
			end := i + 1
			for end < len(raw) && raw[end] != '"' {
				if raw[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end+1, len(raw))
			text = AppendString(text[:0], raw[i:end])
			b, i = AppendQuoted(b, text), end
		default:
			b = append(b, c)
			i++
		}
	}
	return b
}

// AppendQuoted appends text as a string of JSON, other scripts as they are.
func AppendQuoted(b, text []byte) []byte {
	b = append(b, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ':
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
