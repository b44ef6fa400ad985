package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets/xls/xlstest"
	"github.com/openshafaf/shafaf/datasets/ziptest"
)

// squashed is a text in gzip.
func squashed(t *testing.T, text io.Reader) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostileArchives are archives that are larger than they look, lead out of their
// folder, or are something else too.
func hostileArchives(t *testing.T) []hostileFile {
	t.Helper()
	const table = "a,b\n1,2\n"
	zeros := strings.Repeat("0", 64<<20)
	bomb := ziptest.Pack(t, ziptest.Member{Name: "bomb.csv", Content: zeros})
	many := make([]ziptest.Member, 2000)
	for i := range many {
		many[i] = ziptest.Member{Name: strings.Repeat("x", i%50) + "m.csv", Content: table}
	}
	overlap := []byte(ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: table}, ziptest.Member{Name: "b.csv", Content: table}))
	if i := bytes.LastIndex(overlap, []byte("PK\x01\x02")); i > 0 {
		copy(overlap[i+42:], []byte{0, 0, 0, 0}) // the second member stands where the first does
	}
	large := []byte(ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: table}))
	if i := bytes.LastIndex(large, []byte("PK\x01\x02")); i > 0 {
		copy(large[i+24:], []byte{0xff, 0xff, 0xff, 0x7f})
	}
	count := []byte(ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: table}))
	if i := bytes.LastIndex(count, []byte("PK\x05\x06")); i > 0 {
		copy(count[i+8:], []byte{0xff, 0xff, 0xff, 0xff})
	}
	return []hostileFile{
		{"a bomb", "bomb.zip", bomb, "times"},
		{"a bomb in gzip", "bomb.csv.gz", squashed(t, io.LimitReader(repeated("0"), 512<<20)), "than"},
		{"bombs in bombs", "nested.zip", ziptest.Pack(t, ziptest.Member{Name: "a.zip", Content: bomb}, ziptest.Member{Name: "b.zip", Content: bomb}), "archive"},
		{"an archive in gzip", "zip.gz", squashed(t, strings.NewReader(bomb)), ""},
		{"two thousand members", "many.zip", ziptest.Pack(t, many...), "2000 members"},
		{"members over each other", "overlap.zip", string(overlap), ""},
		{"a member that says two gibibytes", "large.zip", string(large), ""},
		{"more members than there are", "count.zip", string(count), ""},
		{"names that lead out", "slip.zip", ziptest.Pack(t, ziptest.Member{Name: "../../../../tmp/hostile-slip.csv", Content: table}, ziptest.Member{Name: `..\..\hostile.csv`, Content: table}, ziptest.Member{Name: "/tmp/hostile-absolute.csv", Content: table}), ""},
		{"a name of a link", "link.zip", ziptest.Pack(t, ziptest.Member{Name: "link.csv", Content: "/etc/passwd", Change: func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }}), ""},
		{"names of devices", "devices.zip", ziptest.Pack(t, ziptest.Member{Name: "CON", Content: table}, ziptest.Member{Name: "NUL.csv", Content: table}, ziptest.Member{Name: "a\x00b.csv", Content: table}), ""},
		{"names of markup", "markup.zip", ziptest.Pack(t, ziptest.Member{Name: "<img src=x onerror=hostile()>.csv", Content: table}, ziptest.Member{Name: "\u202Evsc.exe", Content: table}, ziptest.Member{Name: "\"'><script>.csv", Content: table}), ""},
		{"a locked member", "locked.zip", ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: table, Change: func(h *zip.FileHeader) { h.Flags |= 1 }}), "password"},
		{"an archive behind a page", "page.html.zip", "<script>hostile()</script>" + ziptest.Pack(t, ziptest.Member{Name: "a.csv", Content: table}), ""},
		{"an archive that is cut", "cut.zip", bomb[:len(bomb)/2], ""},
		{"an archive of nothing", "nothing.zip", "PK\x05\x06" + strings.Repeat("\x00", 18), ""},
	}
}

// laughs define an entity of a milliard letters.
const laughs = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`

// outside defines an entity of a file of the machine.
const outside = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`

// hostileBooks are workbooks of all kinds.
func hostileBooks(t *testing.T) []hostileFile {
	t.Helper()
	parts := func(sheet string) string {
		return ziptest.Pack(t, ziptest.Member{Name: "xl/workbook.xml", Content: `<workbook><sheets><sheet name="One" r:id="r1"/></sheets></workbook>`},
			ziptest.Member{Name: "xl/_rels/workbook.xml.rels", Content: `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="a.xml"/></Relationships>`}, ziptest.Member{Name: "xl/a.xml", Content: sheet})
	}
	ods := func(content string) string {
		return ziptest.Pack(t, ziptest.Member{Name: "mimetype", Content: "application/vnd.oasis.opendocument.spreadsheet", Change: func(h *zip.FileHeader) { h.Method = zip.Store }}, ziptest.Member{Name: "content.xml", Content: content})
	}
	const cell = `<worksheet><sheetData><row><c t="inlineStr"><is><t>&c;</t></is></c><c><v>1</v></c></row></sheetData></worksheet>`
	const odsCell = `<office:document-content><office:body><office:spreadsheet><table:table table:name="a"><table:table-row><table:table-cell><text:p>&c;</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`
	old := xlstest.Wrap(append(xlstest.Stream(nil, xlstest.Sheet{Name: "s", Records: xlstest.Number(0, 0, 0, 1)}), make([]byte, 9000)...))
	fat := int(old[76]) | int(old[77])<<8
	for i := range 120 { // every sector is followed by the first
		copy(old[512*(fat+1)+4*i:], []byte{0, 0, 0, 0})
	}
	return []hostileFile{
		{"entities in a workbook", "laughs.xlsx", parts(laughs + cell), "document type"},
		{"a file of the machine in a workbook", "outside.xlsx", parts(outside + cell), "document type"},
		{"entities in OpenDocument", "laughs.ods", ods(laughs + odsCell), "document type"},
		{"a file of the machine in OpenDocument", "outside.ods", ods(outside + odsCell), "document type"},
		{"a row that is the last of all", "far.xlsx", parts(`<worksheet><sheetData><row r="2000000000"><c r="XFD2000000000"><v>1</v></c></row></sheetData></worksheet>`), ""},
		{"a column that is the last of all", "wide.xlsx", parts(`<worksheet><sheetData><row r="1"><c r="ZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>`), ""},
		{"rows that repeat for ever", "repeat.ods", ods(strings.Replace(odsCell, "<table:table-row>", `<table:table-row table:number-rows-repeated="2000000000">`, 1)), ""},
		{"cells that repeat for ever", "repeatcell.ods", ods(strings.Replace(strings.Replace(odsCell, "&c;", "x", 1), "<table:table-cell>", `<table:table-cell table:number-columns-repeated="2000000000">`, 1)), ""},
		{"elements without end", "deep.xlsx", parts("<worksheet><sheetData>" + strings.Repeat("<row>", 500_000)), ""},
		{"a sheet that is elsewhere", "elsewhere.xlsx", ziptest.Pack(t, ziptest.Member{Name: "xl/workbook.xml", Content: `<workbook><sheets><sheet name="One" r:id="r1"/></sheets></workbook>`},
			ziptest.Member{Name: "xl/_rels/workbook.xml.rels", Content: `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="../../../../etc/passwd" TargetMode="External"/></Relationships>`}), ""},
		{"a workbook that is a bomb", "bomb.xlsx", parts("<worksheet><sheetData><row><c><v>" + strings.Repeat("1", 40<<20) + "</v></c></row></sheetData></worksheet>"), ""},
		{"an old workbook with a loop in its table", "loop.xls", string(old), "save it as XLSX"},
		{"an old workbook of nothing", "nothing.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\xff", 600), ""},
		{"an old workbook that is locked", "locked.xls", string(xlstest.Wrap(append(xlstest.Stream(xlstest.Record(0x002F, uint16(1), make([]byte, 50)), xlstest.Sheet{Name: "s"}), make([]byte, 5000)...))), "password"},
	}
}

// hostileTables are texts and columns that cost more than they have.
func hostileTables(t *testing.T) []hostileFile {
	t.Helper()
	return []hostileFile{
		{"JSON a hundred thousand deep", "deep.json", strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), "no rows"},
		{"objects a hundred thousand deep", "deeper.json", strings.Repeat(`{"a":`, 100_000), ""},
		{"GeoJSON a hundred thousand deep", "deep.geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"MultiPolygon","coordinates":` + strings.Repeat("[", 100_000), ""},
		{"a number of a million digits", "digits.json", `[{"a":` + strings.Repeat("9", 1_000_000) + `,"b":1e999999999}]`, ""},
		{"keys that are methods", "proto.json", `[{"__proto__":1,"constructor":2,"toString":3},{"__proto__":4}]`, ""},
		{"keys by the thousand", "keys.jsonl", manyKeys(20_000), ""},
		{"a quote that does not end", "quote.csv", "a,b\n\"" + strings.Repeat("x\n", 2_000_000), ""},
		{"columns by the hundred thousand", "columns.csv", strings.Repeat("a,", 200_000) + "\n" + strings.Repeat("1,", 200_000), ""},
		{"marks on a letter", "marks.csv", "a,b\nZ" + strings.Repeat("\u0301", 1<<19) + ",1\nx,2\n", ""},
		{"NUL", "nul.csv", "a,b\n\x00<script>\x00,1\n\x00,2\n", ""},
		{"names of columns of SQL", "sql.csv", "\"a\"\"]; drop table datasets; --\",\"`b`\",rowid,_sort,_rowid_\n1,2,3,4,5\n6,7,8,9,0\n", ""},
		{"a table of columns with many rows", "rows.parquet", "PAR1\x29\xFC\xFF\xFF\xFF\xFF\x07\x00\x00\x00\x00\x0B\x00\x00\x00PAR1", "cannot be read"},
		{"a table of columns that says it is long", "long.parquet", "PAR1xxxxxxxx\xff\xff\xff\x7fPAR1", "its description has"},
		{"a table of columns that is deep", "deep.parquet", "PAR1" + strings.Repeat("\x1C", 100) + "\x64\x00\x00\x00PAR1", "more parts"},
		{"a table of columns that is locked", "locked.parquet", "PAR1xxxxxxxx\x04\x00\x00\x00PARE", "encrypted"},
	}
}

// manyKeys is JSON in lines, each with a key of its own.
func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`{"k` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + "\":1}\n")
	}
	return b.String()
}
