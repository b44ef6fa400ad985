package datasets

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// openBook reads a workbook whole: its sheets with schemas and printed rows.
func openBook(t *testing.T, file []byte) ([]*Sheet, []Schema, [][][]string) {
	t.Helper()
	sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), "book.xlsx", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var schemas []Schema
	var tables [][][]string
	for _, s := range sheets {
		schema, err := s.Infer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		schemas = append(schemas, schema)
		tables = append(tables, printed(t, s, schema))
	}
	return sheets, schemas, tables
}

// book builds a workbook with another library.
func book(t *testing.T, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func setRow(t *testing.T, f *excelize.File, sheet, at string, values ...any) {
	t.Helper()
	if err := f.SetSheetRow(sheet, at, &values); err != nil {
		t.Fatal(err)
	}
}

func setFormat(t *testing.T, f *excelize.File, sheet, from, to, code string) {
	t.Helper()
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStyle(sheet, from, to, style); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbook(t *testing.T) {
	file := book(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", "A2", "Title of the table")
		setRow(t, f, "Sheet1", "A4", "id", "متن", "rate", "day", "moment", "clock", "ok", "code")
		setRow(t, f, "Sheet1", "A5", 100, "کتاب & «<x>»", 0.123456789012345, 45000, 45000.5, 0.25, true, "007")
		setRow(t, f, "Sheet1", "A6", 101, " two\nlines ", 1.1, 45001, 45001.75, 0.5, false, "12")
		setRow(t, f, "Sheet1", "A9", 102, nil, -12.5, nil, nil, nil, nil, "=1+1")
		setFormat(t, f, "Sheet1", "D5", "D6", "yyyy\\-mm\\-dd")
		setFormat(t, f, "Sheet1", "E5", "E6", "[$-160429]dd/mm/yyyy h:mm")
		setFormat(t, f, "Sheet1", "F5", "F6", "[h]:mm")
		setFormat(t, f, "Sheet1", "C5", "C9", "0.0%;[Red]-0.0%")
		setFormat(t, f, "Sheet1", "A20", "H200", "0.00") // rows that only have styles
		if err := f.MergeCell("Sheet1", "A2", "H2"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("خالی"); err != nil {
			t.Fatal(err)
		}
		if _, err := f.NewSheet("دوم"); err != nil {
			t.Fatal(err)
		}
		setRow(t, f, "دوم", "B3", "name", "n")
		setRow(t, f, "دوم", "B4", "x", 1)
	})
	sheets, schemas, tables := openBook(t, file)
	if len(sheets) != 2 || sheets[1].Name != "دوم" {
		t.Fatalf("%d sheets", len(sheets))
	}
	s := sheets[0]
	if s.HeaderRow != 4 || len(s.Notes) != 1 || s.Notes[0] != "Title of the table" {
		t.Errorf("header in row %d, notes %q", s.HeaderRow, s.Notes)
	}
	want := []string{"integer", "text", "decimal float", "date serial", "datetime serial", "text", "boolean", "text"}
	for i, w := range want {
		if got := describe(&schemas[0][i]); got != w {
			t.Errorf("column %s is %s, want %s", schemas[0][i].Name, got, w)
		}
	}
	rows := []string{
		"100|کتاب & «<x>»|0.123456789012345|2023-03-15|2023-03-15T12:00:00|06:00|true|007",
		"101| two\nlines |1.1|2023-03-16|2023-03-16T18:00:00|12:00|false|12",
		"102|∅|-12.5|∅|∅|∅|∅|=1+1",
	}
	for i, w := range rows {
		if got := strings.Join(tables[0][i], "|"); got != w {
			t.Errorf("row %d is %s, want %s", i, got, w)
		}
	}
	if len(tables[0]) != 3 || len(tables[1]) != 1 || len(schemas[1]) != 2 || schemas[1][0].Name != "name" {
		t.Errorf("%d and %d rows; %v", len(tables[0]), len(tables[1]), schemas[1])
	}
}

func TestWorkbookCountsDaysFrom1904(t *testing.T) {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	file := book(t, func(f *excelize.File) {
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)}); err != nil {
			t.Fatal(err)
		}
		setRow(t, f, "Sheet1", "A1", "day", "k")
		setRow(t, f, "Sheet1", "A2", 44886, "a")
		setRow(t, f, "Sheet1", "A3", 44887, "b")
		setFormat(t, f, "Sheet1", "A2", "A3", "d/m/yy")
	})
	_, _, tables := openBook(t, file)
	if got := tables[0][0][0]; got != day.Format(time.DateOnly) {
		t.Errorf("%s", got)
	}
}

func TestNumberFormats(t *testing.T) {
	for code, want := range map[string]dateKind{
		"General": plainNumber, "0.00": plainNumber, `#,##0\ "€";[Red]\-#,##0\ "€"`: plainNumber, "0%": plainNumber, "@": plainNumber,
		`_(* #,##0.00_);_(* \(#,##0.00\)`: plainNumber, `0" days"`: plainNumber, "[Red]0": plainNumber, "0.00E+00": plainNumber,
		"yyyy-mm-dd": dateFormat, "m/d": dateFormat, `m"/"d`: dateFormat, "[$-409]d-mmm-yy;@": dateFormat, "mmm-yy": dateFormat,
		"yyyy/mm/dd hh:mm:ss.000": dateFormat, "[$-fa-IR,16]dd/mm/yyyy": dateFormat,
		"h:mm": clockFormat, "h:mm AM/PM": clockFormat, "mm:ss.0": clockFormat, "[h]:mm:ss": hoursFormat, "[mm]:ss": hoursFormat,
	} {
		if got := formatKind(code); got != want {
			t.Errorf("%s is of kind %d, want %d", code, got, want)
		}
	}
}

// zipped makes a workbook of parts as they are.
func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	bookXML = `<workbook xmlns:r="x"><sheets><sheet name="a &amp; b" sheetId="1" r:id="rId1"/></sheets></workbook>`
	relsXML = `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
)

func handmade(t *testing.T, sheet, shared string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": relsXML, "xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": shared,
	})
}

// Other programs write references, prefixes and strings in other ways.
func TestWorkbooksOfOtherPrograms(t *testing.T) {
	shared := `<sst><si><t>h</t></si><si><r><t xml:space="preserve">rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si><si><t/></si><si><t>a_x000D_b&#x41;&#66;</t></si></sst>`
	sheet := `<?xml version="1.0"?><!-- > --><x:worksheet xmlns:x="y"><x:sheetData>` +
		`<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>n</x:t></x:is></x:c></x:row>` +
		`<x:row r="3"><x:c r="A3" t="s"><x:v>1</x:v></x:c><x:c r="B3"><x:f>1&lt;2</x:f><x:v>5</x:v></x:c></x:row>` +
		`<x:row r="4"><x:c r="B4"><x:v>6.0</x:v></x:c><x:c r="A4" t="str"><x:v><![CDATA[<cdata>]]></x:v></x:c></x:row>` +
		`<x:row r="5"><x:c r="A5" t="s"><x:v>3</x:v></x:c><x:c r="B5" t="e"><x:v>#N/A</x:v></x:c></x:row>` +
		`<x:row r="6"><x:c r="A6" t="s"><x:v>2</x:v></x:c><x:c r="B6" t="s"><x:v>99</x:v></x:c></x:row>` +
		`</x:sheetData></x:worksheet>`
	sheets, schemas, tables := openBook(t, handmade(t, sheet, shared))
	if sheets[0].Name != "a & b" || schemas[0][1].Type != Integer {
		t.Errorf("%q %v", sheets[0].Name, schemas[0])
	}
	want := "rich text|5 <cdata>|6 a\rbAB|∅‹#N/A›"
	var rows []string
	for _, r := range tables[0] {
		rows = append(rows, strings.Join(r, "|"))
	}
	if got := strings.Join(rows, " "); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A workbook made to do harm, or broken, is a sentence.
func TestBadWorkbooks(t *testing.T) {
	good := book(t, func(f *excelize.File) {
		setRow(t, f, "Sheet1", "A1", "a", "b")
		setRow(t, f, "Sheet1", "A2", 1, 2)
	})
	row := func(attrs, cells string) string {
		return `<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c></row><row ` + attrs + `>` + cells + `</row></sheetData></worksheet>`
	}
	many := map[string]string{"xl/workbook.xml": bookXML}
	for i := range 10_001 {
		many[fmt.Sprint("xl/x", i)] = ""
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"cut off", good[:len(good)-200], "cut off"},
		{"cut in two", good[:len(good)/2], "cut off"},
		{"bomb", handmade(t, row("", strings.Repeat("<c><v>0</v></c>", 1<<20)), ""), "200 times"},
		{"many parts", zipped(t, many), "10000 parts"},
		{"too many rows", handmade(t, row(`r="1048577"`, "<c><v>1</v></c>"), ""), "beyond 1048576"},
		{"too many columns", handmade(t, row("", `<c r="XFE2"><v>1</v></c>`), ""), "beyond column 16384"},
		{"a document type", handmade(t, `<!DOCTYPE x [<!ENTITY y "z">]><worksheet/>`, ""), "document type"},
		{"cut between rows", handmade(t, `<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c></row><row r="2"><c><v>1</v></c></row>`, ""), "unexpected EOF"},
		{"cut between cells", handmade(t, `<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c></row><row r="2"><c><v>1</v></c>`, ""), "unexpected EOF"},
		{"no XML", handmade(t, `<worksheet><sheetData><row><c`, ""), "broken"},
		{"no rows", handmade(t, `<worksheet><sheetData/></worksheet>`, ""), "no sheet"},
		{"no sheets", zipped(t, map[string]string{"xl/other.xml": ""}), "no list of sheets"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sheets, err := Open(t.Context(), bytes.NewReader(c.file), int64(len(c.file)), "bad.xlsx", Options{})
			for _, s := range sheets {
				if _, inner := s.Infer(t.Context()); err == nil {
					err = inner
				}
			}
			fault := (*FileError)(nil)
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a fault with %q", err, c.want)
			}
		})
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c s="1"><v>1.5</v></c></row></sheetData></worksheet>`)
	f.Add(`<x:worksheet><x:row><x:c t="inlineStr"><x:is><x:t>a&amp;b</x:t></x:is></x:c></x:row></x:worksheet>`)
	f.Add(`<!--<row>--><row><c t="b"><v>1</v></c><c t="d"><v>2026-01-02T00:00:00</v></c><![CDATA[x]]></row>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		file := handmade(t, sheet, `<sst><si><t>shared</t></si></sst>`)
		sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), "fuzz.xlsx", Options{})
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		checkSheets(t, sheets)
	})
}
