package exporters

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
)

// numbers is a table with one column that counts from 0.
func numbers(n int64) *datasets.Table {
	s := datasets.Schema{{Name: "n", Label: "n", Type: datasets.Integer}}
	return &datasets.Table{Schema: s, Rows: n, Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			if to < 0 {
				to = n
			}
			b := datasets.Batch{First: from, Columns: make([]datasets.Vector, 1)}
			for ; b.First < to; b.First += int64(b.Len) {
				b.Len = int(min(datasets.BatchRows, to-b.First))
				b.Columns[0].Reset(&s[0], b.Len)
				for i := range b.Len {
					b.Columns[0].Int[i] = b.First + int64(i)
				}
				if !yield(&b, nil) {
					return
				}
			}
		}
	}}
}

func sheetXML(t *testing.T, file []byte, n int) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(sheetPath(n))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func TestXLSXGoesOnOnFurtherSheets(t *testing.T) {
	for _, c := range []struct {
		rows   int64
		sheets int
		last   string // of the last sheet
	}{{sheetRows, 1, `<c r="A1048576" s="2"><v>1048574</v></c></row></sheetData>`}, {2*sheetRows + 3, 3, `<c r="A4" s="2"><v>2097152</v></c></row></sheetData>`}} {
		file := export(t, "xlsx", numbers(c.rows), Options{Title: "داده"})
		var total int
		for n := 1; n <= c.sheets; n++ {
			sheet := sheetXML(t, file, n)
			total += strings.Count(sheet, "<row ") - 1
			if !strings.Contains(sheet, `<row r="1"><c r="A1" s="1"`) {
				t.Errorf("sheet %d of %d has no header", n, c.sheets)
			}
			if n == c.sheets && !strings.Contains(sheet, c.last) {
				t.Errorf("sheet %d ends with %s", n, sheet[len(sheet)-200:])
			}
		}
		if int64(total) != c.rows {
			t.Errorf("%d rows, want %d", total, c.rows)
		}
		f, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := f.GetSheetList(), []string{"داده", "داده (2)", "داده (3)"}[:c.sheets]; !slices.Equal(got, want) {
			t.Errorf("sheets %q, want %q", got, want)
		}
		f.Close()
	}
}

// TestXLSXNamesTheCellThatIsTooLong: Excel counts UTF-16 code units, and the
// row is the one of the sheet.
func TestXLSXNamesTheCellThatIsTooLong(t *testing.T) {
	s := datasets.Schema{{Name: "a", Label: "شماره", Type: datasets.Text}, {Name: "b", Label: "متن", Type: datasets.Text}}
	fits := []string{strings.Repeat("ش", cellUnits), strings.Repeat("x", cellUnits), strings.Repeat("😀", cellUnits/2)}
	for _, text := range fits {
		sheet := sheetXML(t, export(t, "xlsx", table(s, 1, []cell{"1", text}), Options{}), 1)
		if !strings.Contains(sheet, text) {
			t.Errorf("a text of %d characters is not there", utf8.RuneCountInString(text))
		}
	}
	for _, text := range []string{strings.Repeat("ش", cellUnits+1), strings.Repeat("😀", cellUnits/2+1)} {
		for _, o := range []Options{{}, {Raw: true}} {
			format, _ := ByExt("xlsx")
			err := format.Write(t.Context(), io.Discard, table(s, 1, []cell{"1", "x"}, []cell{"2", text}), o)
			var fault *datasets.FileError
			if !errors.As(err, &fault) || fault.Row != 3 || fault.Column != "متن" {
				t.Errorf("got %v", err)
			}
		}
	}
}

func TestTooManyColumnsForXLSX(t *testing.T) {
	wide := make(datasets.Schema, sheetColumns+1)
	for i := range wide {
		wide[i] = datasets.Column{Name: fmt.Sprint("c", i), Label: fmt.Sprint("c", i)}
	}
	format, _ := ByExt("xlsx")
	var out bytes.Buffer
	if err := format.Write(t.Context(), &out, table(wide, 1), Options{}); err == nil || !strings.Contains(err.Error(), "16385 columns") || out.Len() != 0 {
		t.Errorf("got %v after %d bytes", err, out.Len())
	}
	sheet := sheetXML(t, export(t, "xlsx", table(wide[:sheetColumns], 1), Options{}), 1)
	if !strings.Contains(sheet, `<dimension ref="A1:XFD1"/>`) {
		t.Errorf("sheet %.300s", sheet)
	}
}

func TestSheetNamesThatExcelTakes(t *testing.T) {
	for title, want := range map[string]string{
		"": "Data", "   ": "Data", "History": "Data", "'quoted'": "quoted", "a/b\\c:d*e?f[g]": "a b c d e f g",
		"بودجهٔ سال ۱۴۰۳": "بودجهٔ سال ۱۴۰۳", strings.Repeat("a", 40): strings.Repeat("a", 31),
		strings.Repeat("😀", 20): strings.Repeat("😀", 15), "tab\tand\x01control": "tab and control", "\xff": "Data",
	} {
		if got := sheetName(title, 1); got != want {
			t.Errorf("%q gives %q, want %q", title, got, want)
		}
		for n := 1; n < 12; n += 10 {
			f := excelize.NewFile()
			if err := f.SetSheetName("Sheet1", sheetName(title, n)); err != nil {
				t.Errorf("%q: %v", title, err)
			}
			f.Close()
		}
	}
}

func TestColumnLettersCountOn(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := columnLetters(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

func TestOddColumnNamesSurvive(t *testing.T) {
	odd := []string{
		"a,b", `"quoted"`, "back`quote", "-", "-,", "dotted.name", "a b", "نام، خانوادگی", "line\nbreak", `back\slash`,
		"{}", "1", "A", "a", "😀", "optional", "a,optional", "comma,", ",", "key:value", "'", "\u200c", "=x", strings.Repeat("long", 300), "bad \xff",
	}
	s := make(datasets.Schema, len(odd))
	row := make([]cell, len(odd))
	want := make([]string, len(odd))
	for i, name := range odd {
		s[i] = datasets.Column{Name: name, Label: name, Type: datasets.Integer}
		row[i] = i
		want[i] = strings.ToValidUTF8(name, "\ufffd")
	}
	tab := table(s, 1, row)
	file := export(t, "parquet", tab, Options{})
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range f.Schema().Columns() {
		if path[0] != want[i] {
			t.Errorf("parquet column %d is %q, want %q", i, path[0], want[i])
		}
	}
	for i, v := range parquetRows(t, f)[0] {
		if v.Int64() != int64(i) {
			t.Errorf("parquet column %q holds %d, want %d", want[i], v.Int64(), i)
		}
	}
	var rows []map[string]int
	if err := json.Unmarshal(export(t, "json", tab, Options{}), &rows); err != nil {
		t.Fatal(err)
	}
	for i, name := range want {
		if got, ok := rows[0][name]; !ok || got != i {
			t.Errorf("json member %q holds %d %t, want %d", name, got, ok, i)
		}
	}
	if err := xml.Unmarshal([]byte(sheetXML(t, export(t, "xlsx", tab, Options{}), 1)), new(struct{})); err != nil {
		t.Errorf("xlsx: %v", err)
	}
	wantFacts(t, peer(t, "duckdb", "t.parquet", file, `
import duckdb, json, sys
r = duckdb.sql("select * from read_parquet('%s')" % sys.argv[1])
print(json.dumps({"columns": len(r.columns), "sum": sum(r.fetchall()[0])}))`), map[string]any{"columns": len(odd), "sum": len(odd) * (len(odd) - 1) / 2})
}

func TestParquetNamesTheNumberThatIsTooLong(t *testing.T) {
	s := datasets.Schema{{Name: "a", Label: "مبلغ", Type: datasets.Decimal, Scale: 9}}
	format, _ := ByExt("parquet")
	fits := []cell{int64(999_999_999_999_999_999)}
	err := format.Write(t.Context(), io.Discard, table(s, 10, fits, fits, []cell{int64(-1_000_000_000_000_000_000)}), Options{})
	var fault *datasets.FileError
	if !errors.As(err, &fault) || fault.Row != 4 || fault.Column != "مبلغ" {
		t.Errorf("got %v", err)
	}
}

func TestParquetKeepsTextsBeyondTheDictionary(t *testing.T) {
	s := datasets.Schema{{Name: "a", Label: "a", Type: datasets.Text}}
	var rows [][]cell
	var want []string
	for i := range 20_000 { // more than dictionaryBytes of different texts, and nulls between
		text := fmt.Sprintf("%d %s", i, strings.Repeat("ش", 100))
		if i%7 == 0 {
			rows = append(rows, []cell{nil})
			want = append(want, "<null>")
			continue
		}
		rows = append(rows, []cell{text})
		want = append(want, text)
	}
	file := export(t, "parquet", table(s, 1000, rows...), Options{})
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range parquetRows(t, f) {
		if row[0].String() != want[i] {
			t.Fatalf("row %d: %q, want %q", i, row[0].String(), want[i])
		}
	}
}

func TestCancelledExportStops(t *testing.T) {
	for _, format := range Formats() {
		ctx, cancel := context.WithCancel(t.Context())
		var seen int64
		err := format.Write(ctx, io.Discard, numbers(1_000_000), Options{Progress: func(rows int64) {
			seen = rows
			cancel()
		}})
		if !errors.Is(err, context.Canceled) || seen > 10*datasets.BatchRows {
			t.Errorf("%s: %v after %d rows", format.Ext, err, seen)
		}
	}
}

// brokenWriter takes so many bytes and then no more.
type brokenWriter struct{ left int }

var errBroken = errors.New("the line broke")

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestBrokenWriterIsAnError(t *testing.T) {
	for _, format := range Formats() {
		for _, left := range []int{0, 10, 5000, 500_000} {
			if err := format.Write(t.Context(), &brokenWriter{left}, spend(200_000), Options{}); !errors.Is(err, errBroken) {
				t.Errorf("%s broken after %d bytes: %v", format.Ext, left, err)
			}
		}
	}
}
