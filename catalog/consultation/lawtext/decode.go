package lawtext

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

// decode returns bytes as text, how many characters of it are broken, and
// whether it is text at all.
func decode(b []byte) (text string, broken int64, ok bool) {
	text = decoded(b)
	var all, control int64
	for _, r := range text {
		all++
		switch {
		case r == utf8.RuneError:
			broken++
		case unicode.IsControl(r) && !unicode.IsSpace(r) && r != 0x1A && r != 0x1F:
			control++
		}
	}
	return text, broken, control*200 <= all && broken*20 <= all
}

func decoded(b []byte) string {
	if enc := wide(b); enc != nil {
		return with(enc, b)
	}
	b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
	if utf8.Valid(b) {
		return string(b)
	}
	var chars, invalid int
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			invalid++
		case n > 1:
			chars++
		}
		i += n
	}
	if chars > 20*invalid {
		return strings.ToValidUTF8(string(b), string(utf8.RuneError))
	}
	if enc, name, _ := charset.DetermineEncoding(b[:min(len(b), 1024)], ""); name != "utf-8" && name != "windows-1252" { // a page says so of itself
		return with(enc, b)
	}
	if arabic(b) {
		return with(charmap.Windows1256, b)
	}
	return with(charmap.Windows1252, b)
}

// arabic reports whether text of one byte a letter is Persian or Arabic: most
// of its letters beyond ASCII stand beside each other, which the accents of
// other languages do not, whatever marks of HTML are between them.
func arabic(b []byte) bool {
	var all, beside int
	for i, c := range b {
		if c < 0x80 {
			continue
		}
		all++
		if i > 0 && b[i-1] >= 0x80 || i+1 < len(b) && b[i+1] >= 0x80 {
			beside++
		}
	}
	return beside*2 > all
}

func with(enc encoding.Encoding, b []byte) string {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return string(utf8.RuneError)
	}
	return string(out)
}

// wide returns the encoding of text in UTF-16, which begins with a mark, or in
// which every other byte is one of the few that its letters share.
func wide(b []byte) encoding.Encoding {
	little, big := utf.UTF16(utf.LittleEndian, utf.UseBOM), utf.UTF16(utf.BigEndian, utf.UseBOM)
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return little
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return big
	}
	head := b[:min(len(b), 4096)&^1]
	var shared [2]int
	for i, c := range head {
		if c == 0 || c == 0x06 || c == 0x20 {
			shared[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 4:
	case shared[1]*10 > half*9 && shared[0]*2 < half:
		return little
	case shared[0]*10 > half*9 && shared[1]*2 < half:
		return big
	}
	return nil
}
