package exporters

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
)

// prints returns the canonical prints of a table, row by row; nil for a null.
func prints(t *testing.T, tab *datasets.Table) [][]*string {
	t.Helper()
	var all [][]*string
	for b, err := range tab.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range b.Len {
			line := make([]*string, len(tab.Schema))
			for i := range tab.Schema {
				if !b.Columns[i].Null[row] {
					s := string(tab.Schema[i].Append(nil, &b.Columns[i], row))
					line[i] = &s
				}
			}
			all = append(all, line)
		}
	}
	return all
}

func readCSV(t *testing.T, file []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCSVReadsBack(t *testing.T) {
	tab := awkward()
	rows := readCSV(t, export(t, "csv", tab, Options{NoEscape: true}))
	if !slices.Equal(rows[0], Header(tab.Schema)) {
		t.Errorf("header %q", rows[0])
	}
	want := prints(t, tab)
	if len(rows)-1 != len(want) {
		t.Fatalf("%d rows, want %d", len(rows)-1, len(want))
	}
	for i, line := range want {
		for k, value := range line {
			text := ""
			if value != nil {
				text = strings.ReplaceAll(*value, "\r\n", "\n") // encoding/csv makes it so
			}
			if rows[i+1][k] != text {
				t.Errorf("row %d column %d: %q, want %q", i, k, rows[i+1][k], text)
			}
		}
	}
}

func TestRawCSVHasTheSourcesCells(t *testing.T) {
	rows := readCSV(t, export(t, "csv", awkward(), Options{Raw: true}))
	if got := rows[0][11:]; !slices.Equal(got, []string{"", "=1+1", "dup", "dup"}) {
		t.Errorf("header ends with %q", got)
	}
	for _, c := range []struct {
		row, column int
		want        string
	}{
		{1, 8, "۱۴۰۳/۰۵/۱۳"},
		{4, 3, "۱٬۲۳۴٬۵۶۷٬۸۹۰٬۱۲۳٬۴۵۶"},
		{4, 5, "0.00030"},
		{4, 7, "بلی"},
		{5, 13, "n/a"},
		{2, 2, `=HYPERLINK("http://example.org")`},
		{6, 14, "-12 men"},
		{6, 4, "1.00"},
	} {
		if got := rows[c.row][c.column]; got != c.want {
			t.Errorf("row %d column %d: %q, want %q", c.row, c.column, got, c.want)
		}
	}
}

func TestCSVEscapesFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "+1+1": "'+1+1", "-2+3": "'-2+3", "\t=1": "'\t=1", "\r=1": "'\r=1", "\x00=1": "'\x00=1",
		"-12 men": "'-12 men", "+98 21 1234": "'+98 21 1234", "-1e": "'-1e", "-1,": "'-1,", "+.": "'+.", "-1e+": "'-1e+",
		"-12": "-12", "+982112345678": "+982112345678", "-1.5e-3": "-1.5e-3", "-12%": "-12%", "-1,234.5": "-1,234.5", "-.5": "-.5",
		"-": "-", "--": "--", "+-": "+-", "a=1": "a=1", "'=1": "'=1", "1-2": "1-2",
	} {
		one := table(datasets.Schema{{Name: "a", Label: "a"}, {Name: "b", Label: "b"}}, 10, []cell{text, "x"})
		if got := readCSV(t, export(t, "csv", one, Options{}))[1][0]; got != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
		for _, o := range []Options{{NoEscape: true}, {Raw: true}} {
			if got := readCSV(t, export(t, "csv", one, o))[1][0]; got != text {
				t.Errorf("%q is written as %q with %+v", text, got, o)
			}
		}
	}
}

// TestOneColumnKeepsEmptyRows: readers of CSV skip empty lines.
func TestOneColumnKeepsEmptyRows(t *testing.T) {
	one := table(datasets.Schema{{Name: "a", Label: "a"}}, 10, []cell{"x"}, []cell{nil}, []cell{""}, []cell{"y"})
	if rows := readCSV(t, export(t, "csv", one, Options{})); len(rows) != 5 {
		t.Errorf("%d lines, want 5: %q", len(rows), rows)
	}
}

func TestCSVMarkOnlyWhenAskedFor(t *testing.T) {
	mark := []byte("\xef\xbb\xbf")
	if bytes.HasPrefix(export(t, "csv", awkward(), Options{}), mark) || !bytes.HasPrefix(export(t, "csv", awkward(), Options{BOM: true}), mark) {
		t.Error("the byte order mark stands where it was not asked for, or not where it was")
	}
}

func TestJSONReadsBack(t *testing.T) {
	tab := awkward()
	var rows []map[string]any
	d := json.NewDecoder(bytes.NewReader(export(t, "json", tab, Options{})))
	d.UseNumber()
	if err := d.Decode(&rows); err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	d = json.NewDecoder(bytes.NewReader(export(t, "jsonl", tab, Options{})))
	d.UseNumber()
	for {
		var line map[string]any
		if err := d.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	head := Header(tab.Schema)
	for i, want := range prints(t, tab) {
		for k, value := range want {
			for name, got := range map[string]any{"json": rows[i][head[k]], "jsonl": lines[i][head[k]]} {
				if !sameJSON(got, value, tab.Schema[k].Type) {
					t.Errorf("%s row %d %s: %#v", name, i, head[k], got)
				}
			}
		}
	}
}

func sameJSON(got any, want *string, typ datasets.Type) bool {
	if want == nil {
		return got == nil
	}
	switch typ {
	case datasets.Boolean:
		return got == (*want == "true")
	case datasets.Integer, datasets.Decimal:
		return got == json.Number(*want)
	default:
		return got == strings.ToValidUTF8(*want, "\ufffd")
	}
}

func TestParquetReadsBack(t *testing.T) {
	tab := awkward()
	file := export(t, "parquet", tab, Options{})
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range f.Schema().Columns() {
		names = append(names, path[0])
	}
	if !slices.Equal(names, Header(tab.Schema)) {
		t.Errorf("columns %q", names)
	}
	rows := parquetRows(t, f)
	want := prints(t, tab)
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d", len(rows), len(want))
	}
	for i := range want {
		for k := range tab.Schema {
			c, v := &tab.Schema[k], vectorOf(rows[i][k])
			if (want[i][k] == nil) != v.Null[0] {
				t.Errorf("row %d %s: null is %t", i, c.Name, v.Null[0])
			} else if got := string(c.Append(nil, &v, 0)); !v.Null[0] && got != strings.ToValidUTF8(*want[i][k], "\ufffd") {
				t.Errorf("row %d %s: %q, want %q", i, c.Name, got, *want[i][k])
			}
		}
	}
}

// vectorOf is a value that was read, as the only one of a vector.
func vectorOf(value parquet.Value) datasets.Vector {
	v := datasets.Vector{Null: []bool{value.IsNull()}, Int: []int64{0}, Text: []string{""}, Float: []float64{0}}
	switch kind := value.Kind(); {
	case value.IsNull():
	case kind == parquet.ByteArray:
		v.Text[0] = string(value.ByteArray())
	case kind == parquet.Double:
		v.Float[0] = value.Double()
	case kind == parquet.Boolean && value.Boolean():
		v.Int[0] = 1
	case kind == parquet.Int32:
		v.Int[0] = int64(value.Int32())
	case kind == parquet.Int64:
		v.Int[0] = value.Int64()
	}
	return v
}

func TestExcelizeReadsBack(t *testing.T) {
	tab := awkward()
	f, err := excelize.OpenReader(bytes.NewReader(export(t, "xlsx", tab, Options{Title: "جمعیت"})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("جمعیت", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 7 || !slices.Equal(rows[0], Header(tab.Schema)) {
		t.Fatalf("%d rows, header %q", len(rows), rows[0])
	}
	for _, c := range []struct {
		row, column int
		want        string
	}{
		{1, 0, "تهران"},
		{1, 1, "یک خط\nو خط دیگر"},
		{1, 2, "0012345678"},
		{1, 3, "13267637"},
		{1, 8, "45507"},
		{2, 2, `=HYPERLINK("http://example.org")`},
		{2, 8, "1899-12-31"},
		{2, 11, " blank ends "},
		{4, 1, "carriage\rreturn\r\nand \ufffd control"},
		{4, 3, "1234567890123456"},
		{4, 4, "1234567890123456.78"},
		{4, 12, "1200000000000000"},
		{5, 0, "<b>&amp;</b>"},
		{5, 1, "_x000D_ is text; \ttab"},
		{5, 8, "61"},
		{5, 12, "9223372036854775807"},
		{6, 8, "1403-05-12"},
	} {
		if got := rows[c.row][c.column]; got != c.want {
			t.Errorf("row %d column %d: %q, want %q", c.row, c.column, got, c.want)
		}
	}
	if view, err := f.GetSheetView("جمعیت", 0); err != nil || view.RightToLeft == nil || !*view.RightToLeft {
		t.Errorf("the sheet is not shown from right to left: %v %v", view, err)
	}
	if shown, err := f.GetCellValue("جمعیت", "I2"); err != nil || shown != "2024-08-03" {
		t.Errorf("the date is shown as %q, %v", shown, err)
	}
}
