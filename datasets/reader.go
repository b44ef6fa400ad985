package datasets

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/xls"
)

// Options are what a person says of a file where it does not say it itself.
type Options struct {
	Encoding  string         `json:"encoding,omitempty"`   // of a CSV file, by one of the names that Sheet.Encoding has
	Delimiter string         `json:"delimiter,omitempty"`  // of a CSV file: one character
	HeaderRow int64          `json:"header_row,omitempty"` // the row of the header; -1 for a file without one
	Columns   []ColumnChoice `json:"columns,omitempty"`    // types of columns
}

// A reader makes the sheets of a file of one kind.
type reader struct {
	kind string // as Sniff names it
	open func(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error)
}

// readers are the kinds of files that are read as tables.
var readers = []reader{
	{"csv", openCSV},
	{"parquet", openParquet},
	{"xlsx", openXLSX},
	{"json", openJSON},
	{"jsonl", openJSON},
	{"geojson", openJSON},
	{"ods", openODS},
	{"html", openHTML},
	{"xls", openXLS},
}

// Open returns the tables of the file f of the given size. What it is decides
// the content, not its name. A file that is not read as a table, or is broken,
// is a *FileError that says so to the person who gave it; other errors are
// those of reading f, or of ctx.
func Open(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	if size == 0 {
		return nil, fileError(name, 0, "empty")
	}
	kind, err := sniffFile(f, size)
	if err != nil {
		return nil, fmt.Errorf("datasets: read %s: %w", name, err)
	}
	for _, r := range readers {
		if r.kind == kind {
			return r.open(ctx, f, size, name, opt)
		}
	}
	return nil, unread(name, kind)
}

// readable reports whether a file of the kind may hold tables.
func readable(kind string) bool {
	return kind == "zip" || kind == "gzip" || slices.ContainsFunc(readers, func(r reader) bool { return r.kind == kind })
}

// fileError returns an error of a kind, of the whole file or of the given row of it.
func fileError(name string, row int64, kind string, args ...any) *FileError {
	return &FileError{File: name, Fault: faultAt(row, "", kind, args...)}
}

// names of kinds in sentences.
var kindNames = map[string]string{
	"html": "a web page", "xml": "an XML document", "json": "a JSON document", "jsonl": "JSON Lines", "geojson": "GeoJSON", "pdf": "a PDF document",
	"zip": "a ZIP archive", "xls": "an old Excel workbook (.xls)", "ods": "an OpenDocument spreadsheet",
	"docx": "a Word document", "doc": "a Word document of the old kind (.doc)", "ppt": "a PowerPoint presentation of the old kind (.ppt)",
	"msg": "an Outlook message (.msg)", "vsd": "a Visio drawing", "ole": "an Office document of the old kind", "gzip": "a gzip archive", "png": "a picture", "jpeg": "a picture",
	"gif": "a picture", "tiff": "a picture", "parquet": "a Parquet file", "rar": "a RAR archive", "7z": "a 7-Zip archive",
	"sqlite": "an SQLite database", "rtf": "an RTF document", "xlsb": "a binary Excel workbook (.xlsb)", "bzip2": "a bzip2 archive",
	"encrypted": "a workbook that is locked with a password",
	"xmlss":     "an XML spreadsheet of Excel 2003", "mhtml": "a web page with its pictures (.mht)",
	"binary": "binary data of no kind known here",
}

// FileKinds returns the kinds of files that are named in sentences.
func FileKinds() []string { return slices.Sorted(maps.Keys(kindNames)) }

// unread says that a file is none of those that are read, and what to do.
func unread(name, kind string) *FileError {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	switch {
	case kind == "html" && ext != "html" && ext != "htm":
		return fileError(name, 0, "unread.page")
	case ext != "" && ext != kind && (ext == "csv" || ext == "xlsx" || ext == "tsv"):
		return fileError(name, 0, "unread.name", ext, FileKind(kind))
	}
	return fileError(name, 0, "unread", FileKind(kind))
}

// magics are the beginnings of files by which kinds are known.
var magics = []struct{ kind, start string }{
	{"pdf", "%PDF-"},
	{"xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}, // or another document of the old kinds
	{"xls", "\x09\x08\x08\x00"},                 // without a container, as scripts write it
	{"xls", "\x09\x08\x10\x00"},
	{"xls", "\x09\x04\x06\x00"}, // Excel 4, 3 and 2
	{"xls", "\x09\x02\x06\x00"},
	{"xls", "\x09\x00\x04\x00"},
	{"xls", "\x09\x00\x06\x00"},
	{"gzip", "\x1F\x8B"},
	{"png", "\x89PNG\r\n\x1A\n"},
	{"jpeg", "\xFF\xD8\xFF"},
	{"gif", "GIF8"},
	{"tiff", "II*\x00"},
	{"tiff", "MM\x00*"},
	{"parquet", "PAR1"},
	{"parquet", "PARE"},
	{"rar", "Rar!\x1A\x07"},
	{"7z", "7z\xBC\xAF\x27\x1C"},
	{"sqlite", "SQLite format 3\x00"},
	{"rtf", "{\\rtf"},
	{"bzip2", "BZh"},
}

// Sniff names what the bytes at the head of a file are: "csv" (any text that
// is no other kind), "xlsx", "xls", "ods", "pdf", "html", "xml", "json", "zip",
// "png" … or "binary". A few kilobytes are enough; for a ZIP container it is
// surer to have more, since only the names of its first entries tell.
func Sniff(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.kind
		}
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return sniffZIP(head)
	}
	return sniffText(head)
}

// sniffZIP tells the kinds of documents that are ZIP archives by names that
// stand near their start.
func sniffZIP(head []byte) string {
	switch {
	case bytes.Contains(head, []byte("application/vnd.oasis.opendocument.spreadsheet")):
		return "ods"
	case bytes.Contains(head, []byte("xl/workbook.bin")):
		return "xlsb"
	case bytes.Contains(head, []byte("xl/")):
		return "xlsx"
	case bytes.Contains(head, []byte("word/")):
		return "docx"
	}
	return "zip"
}

// sniffText tells text from binary data, and tables from marked-up text.
func sniffText(head []byte) string {
	if name := wide(head); name != "" {
		return sniffWide(head, name)
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	lower := bytes.ToLower(text[:min(len(text), 1024)])
	switch {
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")),
		bytes.HasPrefix(lower, []byte("<")) && bytes.Contains(lower, []byte("<html")):
		return "html"
	case bytes.HasPrefix(lower, []byte("<?xml")) && bytes.Contains(lower, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return "xmlss"
	case bytes.HasPrefix(lower, []byte("<?xml")):
		return "xml"
	case bytes.HasPrefix(lower, []byte("mime-version:")):
		return "mhtml"
	case looksLikeMarkup(lower):
		return "html"
	case looksLikeJSON(text):
		return sniffJSON(text)
	case looksBinary(head):
		return "binary"
	}
	return "csv"
}

// looksLikeMarkup reports whether the text begins with an element of HTML.
func looksLikeMarkup(lower []byte) bool {
	for _, tag := range []string{"<head", "<body", "<table", "<script", "<div", "<meta", "<!--", "<title"} {
		if bytes.HasPrefix(lower, []byte(tag)) {
			return true
		}
	}
	return false
}

// looksLikeJSON reports whether the text begins like an object, or like an
// array of objects or arrays; a cell of a CSV file may begin with a bracket.
func looksLikeJSON(text []byte) bool {
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return false
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	if len(rest) == 0 {
		return len(text) == 1
	}
	if text[0] == '{' {
		return rest[0] == '"' || rest[0] == '}'
	}
	if rest[0] == ']' {
		return true
	}
	if line, more, _ := bytes.Cut(text, []byte("\n")); rest[0] == '"' && oneValue(line) {
		return len(more) == 0 || more[0] == '[' // a list on each line
	}
	return (rest[0] == '{' || rest[0] == '[') && len(rest) > 1 && strings.IndexByte("\"]}{[ \r\n\t-0123456789", rest[1]) >= 0
}

// looksBinary reports whether so many control characters stand in head that it
// cannot be text. A few NULs do not make a text binary.
func looksBinary(head []byte) bool {
	control := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A && c != 0x1B {
			control++
		}
	}
	return control*10 > len(head) || control*100 > len(head) && !utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)])
}

// sniffFile is Sniff for a file at hand. Of a ZIP container it reads the
// directory.
func sniffFile(f io.ReaderAt, size int64) (string, error) {
	head := make([]byte, min(size, 64<<10))
	if n, err := f.ReadAt(head, 0); err != nil && (err != io.EOF || n < len(head)) {
		return "", err
	}
	kind := Sniff(head)
	if bytes.HasPrefix(head, []byte("PK")) {
		return sniffDirectory(f, size, kind), nil
	}
	if kind == "xls" && head[0] != '\t' {
		return sniffOLE(f, size, head), nil
	}
	return kind, nil
}

// sniffOLE tells the kinds of documents that are compound files by their
// directories; one that is broken is what its head says.
func sniffOLE(f io.ReaderAt, size int64, head []byte) string {
	switch kind := xls.Sniff(f, size); {
	case kind != "":
		return kind
	case bytes.Contains(head, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d")):
		return "encrypted"
	}
	return "xls"
}
