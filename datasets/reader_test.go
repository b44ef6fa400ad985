package datasets

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
)

var sniffCases = []struct{ kind, head string }{
	{"csv", "a,b\n1,2\n"},
	{"csv", "نام,سن\n"},
	{"csv", "[1],b\n"},
	{"csv", "<5,b\n"},
	{"csv", "\xFF\xFEa\x00,\x00b\x00"},
	{"csv", "\xC7\xC8,\xE1\n"},
	{"html", "<!DOCTYPE html><html><body>404</body></html>"},
	{"html", "\xEF\xBB\xBF  <html lang=fa>"},
	{"html", "<?xml version=\"1.0\"?><!DOCTYPE html><html>"},
	{"html", "<table border=1><tr><td>a"},
	{"xml", "<?xml version=\"1.0\"?><rdf:RDF>"},
	{"xmlss", "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"},
	{"mhtml", "MIME-Version: 1.0\nX-Document-Type: Workbook\nContent-Type: multipart/related"},
	{"xls", "\x09\x08\x08\x00\x00\x00\x10\x00"},
	{"json", "{\"a\": 1}"},
	{"json", "\n[ {\"a\": 1}]"},
	{"json", "[]"},
	{"pdf", "%PDF-1.7\n"},
	{"xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00"},
	{"png", "\x89PNG\r\n\x1A\n\x00"},
	{"gzip", "\x1F\x8B\x08"},
	{"parquet", "PAR1xx"},
	{"zip", "PK\x03\x04xxxxfile.txt"},
	{"xlsx", "PK\x03\x04xxxxxl/workbook.xml"},
	{"ods", "PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet"},
	{"binary", "\x00\x01\x02\x03\x04\x05ELF\x00\x00\x01"},
}

func TestSniff(t *testing.T) {
	for _, c := range sniffCases {
		if got := Sniff([]byte(c.head)); got != c.kind {
			t.Errorf("%q is %s, want %s", c.head, got, c.kind)
		}
	}
}

// Whatever is no table is refused in a sentence that says what it is and what
// to do.
func TestFilesThatAreNoTables(t *testing.T) {
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	if _, err := z.Create("data.csv"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"data.csv", "", "empty"},
		{"data.csv", "\n \n\n", "no rows"},
		{"data.csv", "<!DOCTYPE html><html>502 Bad Gateway", "web page"},
		{"data.csv", "%PDF-1.4 ...", "PDF"},
		{"data.xlsx", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00", "password"},
		{"data.xlsx", archive.String(), "ZIP archive"},
		{"data.csv", "{\"rows\": []}", "JSON"},
		{"data.csv", "\x00\x01\x02\x03\x04\x05\x06\x07", "binary"},
	} {
		_, err := Open(t.Context(), strings.NewReader(c.text), int64(len(c.text)), c.name, Options{})
		fault := (*FileError)(nil)
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), c.name+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want a fault with %q", c.text, err, c.want)
		}
	}
	// The name does not matter where the content is clear.
	sheets, err := Open(t.Context(), strings.NewReader("a,b\n1,2\n"), 8, "table.xlsx", Options{})
	if err != nil || len(sheets) != 1 || sheets[0].Delimiter != "," {
		t.Errorf("%v", err)
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name, text, header string
		row                int64
		notes, rows        int
	}{
		{"plain", "a,b\n1,2\n", "a|b", 1, 0, 1},
		{"header only", "a,b\n", "a|b", 1, 0, 0},
		{"all text", "name,place\nx,y\nz,w\n", "name|place", 1, 0, 2},
		{"no header, numbers", "1,x\n2,y\n3,z\n", "", 0, 0, 3},
		{"no header, repeated texts", "x,north,a\ny,north,a\nz,south,a\nx,north,b\n", "", 0, 0, 4},
		{"years as headings", "Region,2000,2001\nA,12,13\nB,14,15\n", "Region|2000|2001", 1, 0, 2},
		{"years over groups", "x,1999,2000\nA,\"1,234\",\"5,678\"\n", "x|1999|2000", 1, 0, 1},
		{"title", "A title,,\n\nUnit: tonnes,,\nyear,a,b\n1999,1,2\n2000,3,4\n", "year|a|b", 4, 2, 2},
		{"title as wide", "Report,2020,\nyear,a,b\n1999,1,2\n2000,3,4\n2001,5,6\n", "year|a|b", 2, 1, 3},
		{"two rows", "Region,Votes,,Share,\n,men,women,men,women\nA,1,2,3,4\nB,1,2,3,4\n", "Region|Votes / men|Votes / women|Share / men|Share / women", 2, 0, 2},
		{"units", "name,length,weight\n,(km),(kg)\nA,1,2\nB,3,4\n", "name|length (km)|weight (kg)", 2, 0, 2},
		{"a mark in the first row", "name,a,b\nA,-,n/a\nB,3,4\n", "name|a|b", 1, 0, 2},
		{"wider rows", "a,b\n1,2,3\n4,5,6\n", "a|b", 1, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, schema, rows := openText(t, c.text, Options{})
			if got := strings.Join(s.Header, "|"); got != c.header || s.HeaderRow != c.row || len(s.Notes) != c.notes || len(rows) != c.rows {
				t.Errorf("header %q in row %d, notes %q, %d rows", got, s.HeaderRow, s.Notes, len(rows))
			}
			if c.name == "wider rows" && (len(schema) != 3 || schema[2].Name != "column_3") {
				t.Errorf("%v", schema)
			}
		})
	}
}

func FuzzInfer(f *testing.F) {
	for _, c := range columnCases {
		f.Add(c.label, c.cells)
	}
	f.Fuzz(func(t *testing.T, label, cells string) {
		quote := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		var b strings.Builder
		b.WriteString(quote(label) + ",k\n")
		for cell := range strings.SplitSeq(cells, "|") {
			b.WriteString(quote(cell) + ",k\n")
		}
		text := b.String()
		sheets, err := Open(t.Context(), strings.NewReader(text), int64(len(text)), "fuzz.csv", Options{})
		if err == nil {
			checkSheets(t, sheets)
		}
	})
}
