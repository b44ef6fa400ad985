package site

import (
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/gofiber/fiber/v2"
)

// attachment is a Content-Disposition that saves under name, given in UTF-8 as
// RFC 8187 has it, and under plain where that is not understood (RFC 6266).
func attachment(name, plain string) string {
	var b strings.Builder
	b.WriteString(`attachment; filename="` + plain + `"`)
	if name == plain {
		return b.String()
	}
	b.WriteString(`; filename*=UTF-8''`)
	const digits = "0123456789ABCDEF"
	for _, c := range []byte(name) {
		if alphanumeric(c) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// A file name has at most maxName bytes before its extension: file systems
// take 255, and browsers add " (1)".
const maxName = 180

// fileName makes a name that every system can save under: no path, no control
// characters, no marks that turn the order of letters, no name that a system
// keeps for itself. It is cut at a letter when too long, and never empty.
func fileName(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '-'
		case r == '\u200c': // joins Persian words
			return r
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	s = persian.CutBytes(s, maxName)
	s = strings.Trim(s, ". \u200c")
	if reserved[strings.ToUpper(strings.SplitN(s, ".", 2)[0])] {
		s = "_" + s
	}
	if s == "" {
		return "data"
	}
	return s
}

// reserved are the names of devices, which Windows lets nobody save under.
var reserved = map[string]bool{
	"CON": true, "PRN": true, "AUX": true, "NUL": true,
	"COM1": true, "COM2": true, "COM3": true, "COM4": true, "COM5": true, "COM6": true, "COM7": true, "COM8": true, "COM9": true,
	"LPT1": true, "LPT2": true, "LPT3": true, "LPT4": true, "LPT5": true, "LPT6": true, "LPT7": true, "LPT8": true, "LPT9": true,
}

// plainName keeps of a file name what may stand in the quotes of a header.
func plainName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= unicode.MaxASCII || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, s)
	return s
}

// splitExt splits the extension off a file name that others gave: at most
// eight letters and digits after the last dot.
func splitExt(name string) (base, ext string) {
	i := strings.LastIndexByte(name, '.')
	if i <= 0 || len(name)-i < 2 || len(name)-i > 9 {
		return name, ""
	}
	for _, c := range []byte(name[i+1:]) {
		if !alphanumeric(c) {
			return name, ""
		}
	}
	return name[:i], name[i:]
}

// fileKinds are the media types of original files by extension. Everything
// else goes out as bytes; nothing as a page or a script.
var fileKinds = map[string]string{
	".csv":     "text/csv",
	".tsv":     "text/tab-separated-values",
	".txt":     "text/plain",
	".json":    "application/json",
	".geojson": "application/geo+json",
	".jsonl":   "application/jsonl",
	".xlsx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xls":     "application/vnd.ms-excel",
	".ods":     "application/vnd.oasis.opendocument.spreadsheet",
	".parquet": "application/vnd.apache.parquet",
	".pdf":     "application/pdf",
	".zip":     "application/zip",
}

func fileKind(ext string) string {
	if kind, ok := fileKinds[strings.ToLower(ext)]; ok {
		return kind
	}
	return fiber.MIMEOctetStream
}
