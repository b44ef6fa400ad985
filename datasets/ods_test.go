package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// odsElements and odsAttrs are short names in tests for those of spreadsheets.
var odsElements = strings.NewReplacer(
	"<row", "<table:table-row", "</row>", "</table:table-row>",
	"<cov", "<table:covered-table-cell", "<c ", "<table:table-cell ", "<c>", "<table:table-cell>", "<c/>", "<table:table-cell/>", "</c>", "</table:table-cell>",
	"<p>", "<text:p>", "</p>", "</text:p>", "<p/>", "<text:p/>",
)

var odsAttrs = strings.NewReplacer(
	" rr=", " table:number-rows-repeated=", " n=", " table:number-columns-repeated=", " cs=", " table:number-columns-spanned=", " rs=", " table:number-rows-spanned=",
	" float=", ` office:value-type="float" office:value=`, " percent=", ` office:value-type="percentage" office:value=`,
	" money=", ` office:value-type="currency" office:currency="EUR" office:value=`, " date=", ` office:value-type="date" office:date-value=`,
	" time=", ` office:value-type="time" office:time-value=`, " bool=", ` office:value-type="boolean" office:boolean-value=`,
	" string=", ` office:value-type="string" office:string-value=`,
)

func odsRow(cells string) string { return "<row>" + cells + "</row>" }

func odsNumbers(values ...string) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, `<c float="%s"><p>shown %s</p></c>`, v, v)
	}
	return b.String()
}

// odsContentOf is the content of a spreadsheet with the given tables.
func odsContentOf(tables string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><office:document-content><office:body><office:spreadsheet>` +
		odsAttrs.Replace(odsElements.Replace(tables)) + `<table:named-expressions/></office:spreadsheet></office:body></office:document-content>`
}

// odsParts packs a spreadsheet as programs do: its type first and not packed.
func odsParts(tb testing.TB, content string, more ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(h *zip.FileHeader, text string) {
		w, err := z.CreateHeader(h)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			tb.Fatal(err)
		}
	}
	put(&zip.FileHeader{Name: "mimetype", Method: zip.Store}, "application/vnd.oasis.opendocument.spreadsheet")
	if content != "" {
		put(&zip.FileHeader{Name: "content.xml", Method: zip.Deflate}, content)
	}
	for i := 0; i+1 < len(more); i += 2 {
		put(&zip.FileHeader{Name: more[i], Method: zip.Deflate}, more[i+1])
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func odsFileOf(tb testing.TB, tables string) []byte {
	tb.Helper()
	return odsParts(tb, odsContentOf(tables))
}

func TestODSCells(t *testing.T) {
	for cell, want := range map[string]string{
		`<c float="1.50"><p>1,5</p></c>`:                                                                  "1.5 1",
		`<c float="1E3"/>`:                                                                                "1000 1",
		`<c float="123456789012345678"/>`:                                                                 "123456789012345680 1",
		`<c percent="0.963"><p>96%</p></c>`:                                                               "0.963 1",
		`<c money="-12.5"><p>-12,50 €</p></c>`:                                                            "-12.5 1",
		`<c date="2020-02-29"><p>29.2.</p></c>`:                                                           "2020-02-29 2",
		`<c date="2020-02-29T00:00:00"><p>29.2.</p></c>`:                                                  "2020-02-29 2",
		`<c date="2020-02-29T13:05:00.500000000"><p>x</p></c>`:                                            "2020-02-29T13:05:00.5 2",
		`<c date="2020-02-30"><p>30 February</p></c>`:                                                     "30 February 0",
		`<c time="PT11H12M12S"><p>11:12:12</p></c>`:                                                       "11:12:12 0",
		`<c time="PT27H05M00S"><p>x</p></c>`:                                                              "27:05 0",
		`<c time="-PT1H"><p>-01:00</p></c>`:                                                               "-01:00 0",
		`<c bool="true"><p>WAHR</p></c>`:                                                                  "true 3",
		`<c string="stored"><p>shown</p></c>`:                                                             "stored 0",
		`<c string=""><p>#DIV/0!</p></c>`:                                                                 "#DIV/0! 0",
		`<c float="x"><p>no number</p></c>`:                                                               "no number 0",
		`<c><p>one</p><p/><p>three</p></c>`:                                                               "one\n\nthree 0",
		`<c><p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d</p></c>`:                             "a   b\tc\nd 0",
		"<c><p>\n  white\n\t space  <text:span>in</text:span> it</p></c>":                                 "white space in it 0",
		`<c><office:annotation><p>a comment</p></office:annotation><p>the cell</p></c>`:                   "the cell 0",
		`<c><p>see<text:note><text:note-body><p>a note</p></text:note-body></text:note> below</p></c>`:    "see below 0",
		`<c><draw:frame><draw:text-box><p>picture</p></draw:text-box></draw:frame><p>&lt;&#x6A9;</p></c>`: "<ک 0",
		`<c><p><text:a xlink:href="http://x">link</text:a></p></c>`:                                       "link 0",
	} {
		p := newODSParser("x.ods", strings.NewReader(odsContentOf(`<table:table table:name="a">`+odsRow(cell)+`</table:table>`)))
		if _, err := p.nextTable(); err != nil {
			t.Fatal(err)
		}
		rec, err := p.nextRow()
		if err != nil {
			t.Fatal(cell, err)
		}
		if got := fmt.Sprintf("%s %d", rec.Cells[0].Text, rec.Cells[0].Kind); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
}

func TestODSRowsAndSheets(t *testing.T) {
	tail := `<row rr="1048570"><c n="16384"/></row><row><c n="16384"/></row>`
	file := odsFileOf(t, `<table:tracked-changes><table:table-cell><p>gone</p></table:table-cell></table:tracked-changes>`+
		`<table:table table:name="first &amp; &quot;one&quot;" table:display="false"><table:shapes><table:table><row><c><p>no</p></c></row></table:table></table:shapes>`+
		`<table:table-column n="3"/><table:table-header-rows>`+odsRow(`<c><p>a</p></c><c><p>b</p></c><c><p>c</p></c>`)+`</table:table-header-rows>`+
		`<table:table-row-group><row rr="2"><c float="1"/><c n="2" float="2"/><c n="16000"/></row></table:table-row-group>`+
		`<row rr="3"><c n="3"/></row><row table:visibility="collapse"><c/><c/><c float="9"/></row>`+tail+`</table:table>`+
		`<table:table table:name="empty">`+tail+`</table:table>`+
		`<table:table table:name="second">`+odsRow(`<c><p>x</p></c><c><p>y</p></c>`)+odsRow(odsNumbers("1", "2"))+`</table:table>`)
	sheets, schemas := openNamed(t, "s.ods", file)
	if len(sheets) != 2 || sheets[0].Name != `first & "one"` || sheets[1].Name != "second" {
		t.Fatalf("%d sheets", len(sheets))
	}
	if got := cellsOf(t, sheets[0]); got != "1|2|2\n1|2|2\n||9\n" {
		t.Errorf("the rows are %q", got)
	}
	var rows []int64
	for rec, err := range sheets[0].Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, rec.Row)
	}
	if fmt.Sprint(rows) != "[2 3 7]" {
		t.Errorf("the rows are those of lines %v", rows)
	}
	if got := cellsOf(t, sheets[1]); got != "1|2\n" || schemas[1][0].Type != Integer {
		t.Errorf("the second sheet is %q", got)
	}
}

// A spreadsheet made to do harm, or broken, is a sentence.
func TestBadODS(t *testing.T) {
	table := func(rows string) string {
		return odsContentOf(`<table:table table:name="a">` + rows + `</table:table>`)
	}
	head := odsRow(`<c><p>a</p></c><c><p>b</p></c>`)
	good := odsParts(t, table(head+odsRow(odsNumbers("1", "2"))))
	noise := strings.Repeat(`<!-- x -->`, 1<<20)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"no content", odsParts(t, "", "styles.xml", "<x/>"), "no content.xml"},
		{"encrypted", odsParts(t, "\x8F\x01\x02", "META-INF/manifest.xml", `<!DOCTYPE manifest:manifest><manifest:manifest><manifest:encryption-data/></manifest:manifest>`), "locked with a password"},
		{"encrypted whole", odsParts(t, "", "encrypted-package", "x"), "locked with a password"},
		{"a text document", odsParts(t, `<office:document-content><office:body><office:text/></office:body></office:document-content>`), "without a spreadsheet"},
		{"no rows", odsParts(t, table("")), "no sheet"},
		{"cut off", good[:len(good)-100], "cut off"},
		{"bomb", odsParts(t, table(head+noise)), "200 times"},
		{"cut in a row", odsParts(t, strings.SplitAfter(table(head+odsRow(odsNumbers("1", "2"))), `office:value="2"`)[0]), `row 2: content.xml, sheet "a"`},
		{"cut after a table", odsParts(t, strings.SplitAfter(table(head+odsRow(odsNumbers("1", "2"))), `</table:table>`)[0]), "unexpected EOF"},
		{"ends that do not match", odsParts(t, table(head+`<row><c><p>x</c></p></row>`)), "row 2"},
		{"too deep", odsParts(t, table(head+odsRow(`<c><p>`+strings.Repeat("<text:span>", 300)))), "too deep"},
		{"a document type", odsParts(t, `<!DOCTYPE x [<!ENTITY y "z">]>`+table(head)), "document type"},
		{"too many rows", odsParts(t, table(head+`<row rr="1048576"><c float="1"/></row>`)), "beyond 1048576"},
		{"rows without number", odsParts(t, table(head+`<row rr="99999999999999999999"><c float="1"/></row>`)), "beyond 1048576"},
		{"too many columns", odsParts(t, table(head+odsRow(`<c n="16383"/><c float="1"/><c float="2"/>`))), "beyond column 16384"},
		{"too many cells repeated", odsParts(t, table(head+`<row rr="1000000"><c n="16384" float="1"/></row>`)), "repeats cells"},
		{"too many empty cells repeated", odsParts(t, table(head+`<row rr="1000000"><c n="16000"/><c float="1"/></row>`)), "repeats cells"},
		{"too much text repeated", odsParts(t, table(head+`<row rr="1000000"><c><p>`+pseudoText(1<<20)+`</p></c></row>`)), "repeats cells"},
	} {
		t.Run(c.name, func(t *testing.T) {
			sheets, err := Open(t.Context(), bytes.NewReader(c.file), int64(len(c.file)), "bad.ods", Options{})
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

// pseudoText makes text that packs badly.
func pseudoText(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return string(b)
}

// A small file that unpacks to a hundred megabytes is read row by row.
func TestALargeODSIsStreamed(t *testing.T) {
	var rows strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&rows, `<row><c float="%d"><p>%d</p></c><c><p>%s</p></c></row>`, i, i, pseudoText(3)+strings.Repeat("words ", 150))
	}
	file := odsFileOf(t, `<table:table table:name="a">`+odsRow(`<c><p>n</p></c><c><p>text</p></c>`)+rows.String()+`</table:table>`)
	if len(file) > 2<<20 {
		t.Fatalf("the file has %d bytes", len(file))
	}
	sheets, schemas := openNamed(t, "large.ods", file)
	n := 0
	for _, err := range sheets[0].Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 60_000 || schemas[0][0].Type != Integer {
		t.Errorf("%d rows", n)
	}
}

func TestODSStopsWithItsContext(t *testing.T) {
	file := odsFileOf(t, `<table:table table:name="a"><row rr="1000000"><c float="1"/><c float="2"/></row></table:table>`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, bytes.NewReader(file), int64(len(file)), "x.ods", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func FuzzODS(f *testing.F) {
	f.Add(`<table:table table:name="a"><row><c float="1"/><c cs="2" rs="2"><p>x</p></c><cov/></row><row rr="3"><c date="2020-01-01"/></row></table:table>`)
	f.Add(`<table:table><table:table-row-group><row><c n="5" bool="true"/></row></table:table-row-group></table:table><table:table/>`)
	f.Add(`<table:table><row><c time="PT1H"/><c><p>a<text:s text:c="9"/><text:line-break/></p><office:annotation/></c></row>`)
	f.Fuzz(func(t *testing.T, tables string) {
		if strings.Contains(tables, "repeated") || strings.Contains(tables, " rr=") && len(tables) > 1<<12 {
			return // a million rows are read, which takes its time
		}
		file := odsFileOf(t, tables)
		sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), "fuzz.ods", Options{})
		if err != nil {
			if fault := (*FileError)(nil); !errors.As(err, &fault) {
				t.Fatalf("no error of the file: %v", err)
			}
			return
		}
		checkSheets(t, sheets)
	})
}
