package datasets

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// open reads a CSV text whole: the sheet, its schema and the print of all
// cells, with the source text behind a bar where it differs.
func openText(t *testing.T, text string, opt Options) (*Sheet, Schema, [][]string) {
	t.Helper()
	sheets, err := Open(t.Context(), strings.NewReader(text), int64(len(text)), "test.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := sheets[0].Infer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sheets[0], schema, printed(t, sheets[0], schema)
}

// printed returns the canonical print of all cells, with ‹source› behind it.
func printed(t *testing.T, s *Sheet, schema Schema) [][]string {
	t.Helper()
	var rows [][]string
	for b, err := range s.Table(schema).Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		if b.First != int64(len(rows)) {
			t.Errorf("a batch begins at row %d after %d rows", b.First, len(rows))
		}
		next := make([]int, len(schema))
		for r := range b.Len {
			row := make([]string, len(schema))
			for i := range schema {
				v := &b.Columns[i]
				row[i] = string(schema[i].Append(nil, v, r))
				if v.Null[r] {
					row[i] = "∅"
				}
				if n := next[i]; n < len(v.Source) && v.Source[n].Row == r {
					row[i] += "‹" + v.Source[n].Text + "›"
					next[i]++
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// describe is a column's type with all that belongs to it.
func describe(c *Column) string {
	words := []string{c.Type.String()}
	if c.Type == Decimal && !c.Float {
		words = append(words, strconv.Itoa(c.Scale))
	}
	if c.Fixed {
		words = append(words, "fixed")
	}
	if c.Float {
		words = append(words, "float")
	}
	if c.UTC {
		words = append(words, "utc")
	}
	if c.Layout != "" {
		words = append(words, c.Layout)
	}
	return strings.Join(words, " ")
}

// Each case is a column: its heading, its cells with | between them, the type
// that it must get and the print of the first cells.
var columnCases = []struct{ label, cells, want, print string }{
	// Text stays text.
	{"day", "Wednesday|Monday", "text", ""},
	{"flag", "t|f|t", "text", ""},
	{"flag", "t|t", "text", ""},
	{"time", "00:10|12:30", "text", ""},
	{"hours", "9:00-13:00|8:00", "text", ""},
	{"agent", "007|12|3", "text", "007"},
	{"range", "1-2|3-4", "text", ""},
	{"fraction", "3/4|1/2", "text", ""},
	{"phone", "+982188776655|+982188776656", "text", ""},
	{"تلفن", "2188776655|88776", "text", ""},
	{"phone", "021-88776655|021-12", "text", ""},
	{"n", "+5|+6", "text", ""},
	{"big", "1234567890123456|1", "text", ""},
	{"big", "99999999999999999999|1", "text", ""},
	{"province_id", "100|101|102", "text", ""},
	{"کد استان", "100|101|102", "text", ""},
	{"provinceCode", "100|101|102", "text", ""},
	{"zip", "5021|50212", "text", ""},
	{"CFDA number", "14.241|93.15", "text", ""},
	{"percent", "10%|12%", "text", ""},
	{"amount", "(12)|13", "text", ""},
	{"amount", "$12|$13", "integer", ""},
	{"pair", "1,5|2,3", "text", ""},
	{"version", "1.2.3|1.2.4", "text", ""},
	{"word", "NA|NA|NA", "text", "NA"},
	{"word", "5|NA|NA", "text", "5"},
	{"word", "-|n/a|hello", "text", "-"},
	{"mixed", "5000|five thousand", "text", ""},
	{"empty", "||", "text", "∅"},
	{"x", "0x10|0x11", "text", ""},
	{"x", "5E3|6E4", "text", ""},
	{"x", "5.|6.", "text", ""},
	{"x", "Infinity|NaN|1", "text", ""},
	// Integers.
	{"n", "1|20|-3|0", "integer", "1|20|-3|0"},
	{"year", "1999|2000", "integer", "1999|2000"},
	{"سال", "۱۳۹۹|۱۴۰۰", "integer", "1399‹۱۳۹۹›|1400‹۱۴۰۰›"},
	{"n", "٣|٤", "integer", "3‹٣›|4‹٤›"},
	{"id", "1|2|10", "integer", "1|2|10"},
	{"n", " 5 |6", "integer", "5‹ 5 ›|6"},
	{"n", "1,234|1,234,567|12", "integer", "1234‹1,234›|1234567‹1,234,567›|12"},
	{"n", "2,666|498", "integer", "2666‹2,666›|498"},
	{"n", "۱٬۲۳۴|۵۶۷", "integer", "1234‹۱٬۲۳۴›|567‹۵۶۷›"},
	{"n", "1,234|12345", "integer", "1234‹1,234›|12345"},
	{"n", "18010|-1,234.5", "decimal 1", "18010|-1234.5‹-1,234.5›"},
	{"n", "۱٬۲۳۴|۱۸۰۱۰|12", "integer", "1234‹۱٬۲۳۴›|18010‹۱۸۰۱۰›|12"},
	{"n", "۱٬۲۳۴٫۵|۱۸۰۱۰٫۲۵", "decimal 2", "1234.5‹۱٬۲۳۴٫۵›|18010.25‹۱۸۰۱۰٫۲۵›"},
	{"n", "١٬٢٣٤|١٨٠١٠|1,500", "integer", "1234‹١٬٢٣٤›|18010‹١٨٠١٠›|1500‹1,500›"},
	{"n", "1 234 567|18010|1 500", "integer", "1234567‹1 234 567›|18010|1500‹1 500›"},
	{"n", "1.234,5|18010,25|7", "decimal 2", "1234.5‹1.234,5›|18010.25‹18010,25›|7"},
	{"n", "1,234|18,01", "text", ""},
	{"n", "12,34,567|18010", "text", ""},
	{"n", "1234,567|1,234|0", "decimal 3", "1234.567‹1234,567›|1.234‹1,234›|0"},
	{"n", "1.234.567|12", "integer", "1234567‹1.234.567›|12"},
	{"n", "1.234|5.678", "text", ""},
	{"n", "12 345|1 234 567", "integer", "12345‹12 345›|1234567‹1 234 567›"},
	{"n", "5|NA|-|6", "integer", "5|∅‹NA›|∅‹-›"},
	{"n", "−5|6", "integer", "-5‹−5›|6"},
	{"n", "123456789012345|1", "integer", "123456789012345|1"},
	{"n", "-43|****|*****|7", "integer", "-43|∅‹****›|∅‹*****›"},
	{"n", "5|  |6", "integer", "5|∅‹  ›|6"},
	// Decimals.
	{"n", "12.50|13.00", "decimal 2 fixed", "12.50|13.00"},
	{"n", "12.5|13", "decimal 1", "12.5|13"},
	{"n", "12.50|13.5", "decimal 2", "12.5‹12.50›|13.5"},
	{"n", ".5|.25", "decimal 2", "0.5‹.5›|0.25‹.25›"},
	{"n", "-0.5|1", "decimal 1", "-0.5|1"},
	{"n", "1,234.50|12.00", "decimal 2 fixed", "1234.50‹1,234.50›|12.00"},
	{"n", "12345,6|7", "decimal 1", "12345.6‹12345,6›|7"},
	{"n", "۱۲٫۵|۳", "decimal 1", "12.5‹۱۲٫۵›|3‹۳›"},
	{"n", "0.123456789|1", "decimal 9", "0.123456789|1"},
	{"n", "54.89111000000|54.90000000000", "decimal 5", "54.89111‹54.89111000000›|54.9‹54.90000000000›"},
	{"n", "0.1234567890123|1", "decimal float", "0.1234567890123|1"},
	{"n", "12345678901.123456789|1", "decimal float", ""},
	{"n", "1.5e-7|2", "decimal float", "0.00000015‹1.5e-7›|2"},
	{"n", "2.00E+05|3", "decimal float", "200000‹2.00E+05›|3"},
	// Truth values.
	{"b", "true|false", "boolean", "true|false"},
	{"b", "TRUE|True", "boolean", "true‹TRUE›|true‹True›"},
	{"b", "Yes|No", "boolean", "true‹Yes›|false‹No›"},
	{"b", "yes|yes", "text", ""},
	{"b", "بله|خیر", "boolean", "true‹بله›|false‹خیر›"},
	{"b", "آری|نه", "boolean", "true‹آری›|false‹نه›"},
	{"b", "yes|خیر", "text", ""},
	{"b", "0|1", "integer", "0|1"},
	{"b", "Y|N", "text", ""},
	{"b", "yes|no|maybe", "text", ""},
	// Dates.
	{"d", "2026-11-22|1899-01-02", "date iso", "2026-11-22|1899-01-02"},
	{"d", "2022-3-3|2022-12-31", "date iso", "2022-03-03‹2022-3-3›|2022-12-31"},
	{"d", "2026/11/22|2026/01/02", "date iso", "2026-11-22‹2026/11/22›"},
	{"d", "11.5.1998|12.6.1998", "text", ""},
	{"d", "5/11/1998|6/12/1998", "text", ""},
	{"d", "5/11/1998|13/12/1998", "date dmy", "1998-11-05‹5/11/1998›|1998-12-13‹13/12/1998›"},
	{"d", "5/11/1998|12/13/1998", "date mdy", "1998-05-11‹5/11/1998›|1998-12-13‹12/13/1998›"},
	{"d", "13/11/1998|12/13/1998", "text", ""},
	{"d", "30.04.2015|01.05.2015", "date dmy", "2015-04-30‹30.04.2015›"},
	{"d", "11-May-11|12-May-11", "text", ""},
	{"d", "11-May-2011|2 Jun 2011", "date named", "2011-05-11‹11-May-2011›|2011-06-02‹2 Jun 2011›"},
	{"d", "January 3, 1791|May 17, 1792", "date named", "1791-01-03‹January 3, 1791›"},
	{"d", "1403/05/12|1403/12/30", "date jalali", "2024-08-02‹1403/05/12›|2025-03-20‹1403/12/30›"},
	{"تاریخ", "۱۴۰۳/۰۵/۱۲|۱۴۰۳/۵/۱", "date jalali", "2024-08-02‹۱۴۰۳/۰۵/۱۲›|2024-07-22‹۱۴۰۳/۵/۱›"},
	{"تاریخ", "۳۰ آبان ۱۴۰۵|۱ مهر ۱۴۰۴", "date jalali", "2026-11-21‹۳۰ آبان ۱۴۰۵›"},
	{"d", "1403-05-12|1403-05-13", "date jalali", "2024-08-02‹1403-05-12›"},
	{"d", "1403/05/12|2024/08/02", "text", ""},
	{"d", "1403/12/31|1403/05/12", "text", ""},
	{"d", "98/05/12|98/05/13", "text", ""},
	{"d", "2023-02-29|2023-02-28", "text", ""},
	{"d", "20260102|20260103", "integer", ""},
	{"d", "2026-11-22|NA|", "date iso", "2026-11-22|∅‹NA›|∅"},
	// Dates with times.
	{"t", "2026-11-22T10:20:30|2026-11-22T10:20:31.5", "datetime iso", "2026-11-22T10:20:30|2026-11-22T10:20:31.5"},
	{"t", "2026-11-22 10:20|2026-11-22 10:21", "datetime iso", "2026-11-22T10:20:00‹2026-11-22 10:20›"},
	{"t", "2026-11-22T10:20:30Z|2026-11-22T10:20:30+03:30", "datetime utc iso", "2026-11-22T10:20:30Z|2026-11-22T06:50:30Z‹2026-11-22T10:20:30+03:30›"},
	{"t", "2026-11-22T10:20:30Z|2026-11-22T10:20:30", "text", ""},
	{"t", "1903-01-02T03:04:05|1969-12-31T23:59:59.999999", "datetime iso", "1903-01-02T03:04:05|1969-12-31T23:59:59.999999"},
	{"t", "19/07/2018 1:05 PM|20/07/2018 12:00 AM", "datetime dmy", "2018-07-19T13:05:00‹19/07/2018 1:05 PM›|2018-07-20T00:00:00‹20/07/2018 12:00 AM›"},
	{"t", "۱۴۰۳/۰۵/۱۲ ۱۰:۲۰|1403/05/13", "datetime jalali", "2024-08-02T10:20:00‹۱۴۰۳/۰۵/۱۲ ۱۰:۲۰›|2024-08-03T00:00:00‹1403/05/13›"},
	{"t", "2026-11-22 25:00|2026-11-22 10:00", "text", ""},
}

func TestColumnTypes(t *testing.T) {
	for _, c := range columnCases {
		t.Run(c.label+" "+c.cells, func(t *testing.T) {
			var b strings.Builder
			fmt.Fprintf(&b, "%q,k\n", c.label)
			for cell := range strings.SplitSeq(c.cells, "|") {
				fmt.Fprintf(&b, "\"%s\",k\n", cell)
			}
			_, schema, rows := openText(t, b.String(), Options{})
			if got := describe(&schema[0]); got != c.want {
				t.Errorf("is %s, want %s", got, c.want)
			}
			if c.print == "" {
				return
			}
			for i, want := range strings.Split(c.print, "|") {
				if rows[i][0] != want {
					t.Errorf("row %d prints %s, want %s", i, rows[i][0], want)
				}
			}
		})
	}
}

// A column that could be read in two ways is read as another of its file shows.
func TestColumnsOfOneFileAgree(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"points are decimals", "a;b\n1.234;12.5\n5.678;3.25\n", "decimal 3 fixed, decimal 2"},
		{"points are groups", "a;b\n1.234;1.234,5\n5.678;3,2\n", "integer, decimal 1 fixed"},
		{"commas are decimals", "a;b\n1,234;12,5\n5,678;3,25\n", "decimal 3 fixed, decimal 2"},
		{"nothing shows", "a;b\n1,234;x\n5,678;y\n", "text, text"},
		{"both", "a;b;c\n1.234;12.5;2,5\n5.678;3.25;1,75\n", "text, decimal 2, decimal 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, schema, _ := openText(t, c.text, Options{})
			var got []string
			for i := range schema {
				got = append(got, describe(&schema[i]))
			}
			if s := strings.Join(got, ", "); !strings.HasPrefix(s, c.want) {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}

// The type of a column is that of all its values: the last decides too.
func TestTypesAreOfTheWholeColumn(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,code\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "%d,%d\n", i, 10000+i)
	}
	_, schema, rows := openText(t, b.String(), Options{})
	if schema[0].Type != Integer || schema[1].Type != Text || len(rows) != 5000 {
		t.Errorf("%s, %s, %d rows", schema[0].Type, schema[1].Type, len(rows))
	}
	b.WriteString("many,007\n")
	_, schema, rows = openText(t, b.String(), Options{})
	if schema[0].Type != Text || len(rows) != 5001 || rows[5000][0] != "many" {
		t.Errorf("%s, %d rows", schema[0].Type, len(rows))
	}
}

func TestNamesOfColumns(t *testing.T) {
	_, schema, _ := openText(t, "\"a\nb\",,A B,a b, نام ,_extra\nu,v,w,x,y,z\nu2,v,w,x,y,z,more\n", Options{})
	want := []string{"a b", "column_2", "A B_2", "a b_3", "نام", "_extra", "_extra_2"}
	for i, w := range want {
		if schema[i].Name != w {
			t.Errorf("column %d is %q, want %q", i, schema[i].Name, w)
		}
	}
	if schema[0].Label != "a\nb" || schema[4].Label != " نام " {
		t.Errorf("labels %q, %q", schema[0].Label, schema[4].Label)
	}
}

// A caller may change the types that were inferred.
func TestTableOfAnotherSchema(t *testing.T) {
	s, schema, _ := openText(t, "a,b\n1,2026-01-02\n2,2026-01-03\n", Options{})
	schema[0].Type, schema[1].Type = Text, Integer
	rows := printed(t, s, schema)
	if rows[0][0] != "1" || rows[0][1] != "∅‹2026-01-02›" {
		t.Errorf("%v", rows)
	}
}

func TestScanPartOfATable(t *testing.T) {
	var b strings.Builder
	b.WriteString("n,m\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "%d,k\n", i)
	}
	s, schema, _ := openText(t, b.String(), Options{})
	next, n := int64(1500), 0
	for batch, err := range s.Table(schema).Scan(1500, 2600) {
		if err != nil {
			t.Fatal(err)
		}
		if batch.First != next || batch.Columns[0].Int[0] != next {
			t.Errorf("batch at %d begins with %d, want %d", batch.First, batch.Columns[0].Int[0], next)
		}
		next += int64(batch.Len)
		n += batch.Len
	}
	if n != 1100 {
		t.Errorf("%d rows", n)
	}
}
