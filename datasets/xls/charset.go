package xls

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// codePages are the encodings of text in books before Excel 97, by the number
// that the book names.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 852: charmap.CodePage852, 855: charmap.CodePage855,
	858: charmap.CodePage858, 860: charmap.CodePage860, 862: charmap.CodePage862, 863: charmap.CodePage863,
	865: charmap.CodePage865, 866: charmap.CodePage866, 874: charmap.Windows874,
	932: japanese.ShiftJIS, 936: simplifiedchinese.GBK, 949: korean.EUCKR, 950: traditionalchinese.Big5,
	1250: charmap.Windows1250, 1251: charmap.Windows1251, 1252: charmap.Windows1252, 1253: charmap.Windows1253,
	1254: charmap.Windows1254, 1255: charmap.Windows1255, 1256: charmap.Windows1256, 1257: charmap.Windows1257,
	1258: charmap.Windows1258, 10000: charmap.Macintosh, 10007: charmap.MacintoshCyrillic,
	32768: charmap.Macintosh, 32769: charmap.Windows1252,
}

// appendBytes appends a text of bytes to b, in UTF-8. In a book that names no
// code page, as scripts write it, UTF-8 stands for itself.
func (k *Book) appendBytes(b, text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte{0}, nil)
	set := k.charset
	if set == nil {
		if utf8.Valid(text) {
			return append(b, text...)
		}
		set = charmap.Windows1252
	}
	decoded, err := set.NewDecoder().Bytes(text)
	if err != nil {
		decoded = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return append(b, decoded...)
}
