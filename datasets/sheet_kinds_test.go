package datasets

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// openNamed opens a file under a name and infers all its sheets.
func openNamed(t *testing.T, name string, file []byte) ([]*Sheet, []Schema) {
	t.Helper()
	sheets, err := Open(t.Context(), bytes.NewReader(file), int64(len(file)), name, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var schemas []Schema
	for _, s := range sheets {
		schema, err := s.Infer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		schemas = append(schemas, schema)
	}
	return sheets, schemas
}

// cellsOf prints the rows of a sheet: cells between bars, rows between lines.
func cellsOf(t *testing.T, s *Sheet) string {
	t.Helper()
	var b strings.Builder
	for rec, err := range s.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range rec.Cells {
			if i > 0 {
				b.WriteByte('|')
			}
			b.Write(c.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const (
	mergedHeader = "Region,2019 / Amount,2019 / Share,2020 / Amount,2020 / Share"
	mergedRows   = "North|1|2|3|4\nNorth|5|6|7|8\nSouth|9|10|11|12\nSouth|13||15|16\n"
)

// The same table with merged cells is the same table in every format.
var mergedFiles = map[string]func(t *testing.T) []byte{
	"m.xlsx": func(t *testing.T) []byte {
		t.Helper()
		return book(t, func(f *excelize.File) {
			setRow(t, f, "Sheet1", "A1", "A title over all columns")
			setRow(t, f, "Sheet1", "A2", "Region", "2019", nil, "2020")
			setRow(t, f, "Sheet1", "B3", "Amount", "Share", "Amount", "Share")
			setRow(t, f, "Sheet1", "A4", "North", 1, 2, 3, 4)
			setRow(t, f, "Sheet1", "B5", 5, 6, 7, 8)
			setRow(t, f, "Sheet1", "A6", "South", 9, 10, 11, 12)
			setRow(t, f, "Sheet1", "B7", 13, nil, 15, 16)
			for _, r := range [][2]string{{"A1", "E1"}, {"A2", "A3"}, {"B2", "C2"}, {"D2", "E2"}, {"A4", "A5"}, {"A6", "A7"}, {"C6", "C7"}} {
				if err := f.MergeCell("Sheet1", r[0], r[1]); err != nil {
					t.Fatal(err)
				}
			}
		})
	},
	"m.xls": mergedXLS,
	"m.ods": func(t *testing.T) []byte {
		t.Helper()
		return odsFileOf(t, `<table:table table:name="Sheet1">`+
			odsRow(`<c cs="5"><p>A title over all columns</p></c><cov n="4"/>`)+
			odsRow(`<c rs="2"><p>Region</p></c><c cs="2"><p>2019</p></c><cov/><c cs="2"><p>2020</p></c><cov/>`)+
			odsRow(`<cov/><c><p>Amount</p></c><c><p>Share</p></c><c><p>Amount</p></c><c><p>Share</p></c>`)+
			odsRow(`<c rs="2"><p>North</p></c>`+odsNumbers("1", "2", "3", "4"))+
			odsRow(`<cov/>`+odsNumbers("5", "6", "7", "8"))+
			odsRow(`<c rs="2"><p>South</p></c>`+odsNumbers("9")+`<c rs="2" float="10"/>`+odsNumbers("11", "12"))+
			odsRow(`<cov/>`+odsNumbers("13")+`<cov/>`+odsNumbers("15", "16"))+`</table:table>`)
	},
	"m.html": func(*testing.T) []byte {
		return []byte(`<html><body><table>
<tr><th colspan=5>A title over all columns</th></tr>
<tr><th rowspan=2>Region</th><th colspan=2>2019</th><th colspan=2>2020</th></tr>
<tr><th>Amount</th><th>Share</th><th>Amount</th><th>Share</th></tr>
<tr><td rowspan=2>North</td><td>1</td><td>2</td><td>3</td><td>4</td></tr>
<tr><td>5</td><td>6</td><td>7</td><td>8</td></tr>
<tr><td rowspan=2>South<td>9<td rowspan=2>10<td>11<td>12
<tr><td>13<td>15<td>16
</table></body></html>`)
	},
}

func TestMergedCellsAreReadAlikeInEveryFormat(t *testing.T) {
	for name, file := range mergedFiles {
		t.Run(name, func(t *testing.T) {
			sheets, schemas := openNamed(t, name, file(t))
			if got := strings.Join(sheets[0].Header, ","); got != mergedHeader {
				t.Errorf("the header is %q", got)
			}
			if got := cellsOf(t, sheets[0]); got != mergedRows {
				t.Errorf("the rows are\n%swant\n%s", got, mergedRows)
			}
			if !slices.Equal(sheets[0].Notes, []string{"A title over all columns"}) {
				t.Errorf("the notes are %q", sheets[0].Notes)
			}
			if c := schemas[0][2]; c.Type != Integer {
				t.Errorf("%s is %s", c.Name, c.Type)
			}
		})
	}
}

// A number that is merged downward is repeated where it is a label, and not
// where it would be summed twice.
func TestMergedNumbersAreNotCountedTwice(t *testing.T) {
	page := `<table><tr><th>No</th><th>Year</th><th>Code</th><th>Cost</th><th>Partner</th><th>Share</th></tr>
<tr><td rowspan=2>7</td><td rowspan=2>2019</td><td rowspan=2>12</td><td rowspan=2>5000</td><td>A</td><td>1</td></tr>
<tr><td>B</td><td>2</td></tr>
<tr><td>8</td><td>2020</td><td>13</td><td>900</td><td>C</td><td>3</td></tr></table>`
	sheets, _ := openNamed(t, "cost.html", []byte(page))
	want := "7|2019|12|5000|A|1\n7|2019|12||B|2\n8|2020|13|900|C|3\n"
	if got := cellsOf(t, sheets[0]); got != want {
		t.Errorf("the rows are\n%swant\n%s", got, want)
	}
}

// Text that few bytes claim to stand over a million rows is bounded.
func TestMergedTextIsBounded(t *testing.T) {
	f := filler{}
	rec := &Record{Row: 1, Cells: []Cell{{Text: bytes.Repeat([]byte("x"), 1<<20)}}, Merged: []Merged{{0, 1, 1 << 19}}}
	f.fill(rec)
	filled := 0
	for row := int64(2); row < 1000; row++ {
		rec = &Record{Row: row, Cells: []Cell{{}, {Text: []byte("y")}}}
		if f.fill(rec); len(rec.Cells[0].Text) > 0 {
			filled++
		}
	}
	if filled != maxRepeated>>20 || !f.full {
		t.Errorf("%d MiB were repeated", filled)
	}
}

// A heading that is merged over columns of which one has no values makes no
// column of it.
func TestAMergedHeadingMakesNoEmptyColumn(t *testing.T) {
	page := `<table><tr><th colspan=2>Name</th><th>Value</th></tr><tr><td>a</td><td></td><td>1</td></tr><tr><td>b</td><td></td><td>2</td></tr></table>`
	_, schemas := openNamed(t, "x.html", []byte(page))
	if len(schemas[0]) != 2 || schemas[0][1].Name != "Value" {
		t.Errorf("the columns are %v", schemas[0])
	}
}

// Tabs part the cells of a .tsv, whatever else stands in them.
func TestTabsPartCellsWithCommasAndQuotes(t *testing.T) {
	text := "name\tplace\tsize\n" +
		"\"Smith, John\"\tLondon, Paris, Rome\t5\" x 3\"\n" +
		"a; b; c\tone | two\t\"say \"\"hi\"\", then go\"\n" +
		"x,y,z\tp,q,r\t\"5,5\"\n"
	for _, name := range []string{"t.tsv", "t.csv", "t.txt"} {
		sheets, _ := openNamed(t, name, []byte(text))
		want := "Smith, John|London, Paris, Rome|5\" x 3\"\na; b; c|one | two|say \"hi\", then go\nx,y,z|p,q,r|5,5\n"
		if got := cellsOf(t, sheets[0]); got != want || sheets[0].Delimiter != "\t" {
			t.Errorf("%s: delimiter %q, rows\n%s", name, sheets[0].Delimiter, got)
		}
	}
}

// A .tsv of lines that commas would part as well is read by tabs.
func TestATSVIsReadByTabs(t *testing.T) {
	text := "date\tvalues\n2020-01-01\t1,2,3,4\n2020-01-02\t5,6,7,8\n2020-01-03\t5,6,7,8\n"
	sheets, _ := openNamed(t, "t.tsv", []byte(text))
	if sheets[0].Delimiter != "\t" || len(sheets[0].Header) != 2 {
		t.Errorf("delimiter %q, header %q", sheets[0].Delimiter, sheets[0].Header)
	}
}
