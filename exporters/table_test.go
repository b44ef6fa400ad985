package exporters

import (
	"bytes"
	"fmt"
	"iter"
	"math"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// cell is a value of a test table: nil, string, int64, float64 or bool, or a
// typed value with the text that its source wrote.
type cell any

type sourced struct {
	value cell
	text  string
}

// table returns a table of the rows, in batches of the given size.
func table(s datasets.Schema, size int, rows ...[]cell) *datasets.Table {
	return &datasets.Table{
		Schema: s, Rows: int64(len(rows)),
		Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] {
			return func(yield func(*datasets.Batch, error) bool) {
				if to < 0 {
					to = int64(len(rows))
				}
				var b datasets.Batch
				for ; from < to; from += int64(b.Len) {
					fillBatch(&b, s, rows[from:min(to, from+int64(size))])
					b.First = from
					if !yield(&b, nil) {
						return
					}
				}
			}
		},
	}
}

func fillBatch(b *datasets.Batch, s datasets.Schema, rows [][]cell) {
	b.Len = len(rows)
	b.Columns = make([]datasets.Vector, len(s))
	for i := range s {
		v := &b.Columns[i]
		v.Reset(&s[i], len(rows))
		for row, values := range rows {
			value := values[i]
			if src, ok := value.(sourced); ok {
				v.Source = append(v.Source, datasets.SourceText{Row: row, Text: src.text})
				value = src.value
			}
			switch x := value.(type) {
			case nil:
				v.Null[row] = true
			case string:
				v.Text[row] = x
			case int:
				v.Int[row] = int64(x)
			case int64:
				v.Int[row] = x
			case float64:
				v.Float[row] = x
			case bool:
				v.Int[row] = 0
				if x {
					v.Int[row] = 1
				}
			default:
				panic(fmt.Sprintf("cell %T", x))
			}
		}
	}
}

func day(iso string) int64 {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic(err)
	}
	return t.Unix() / (24 * 60 * 60)
}

func moment(iso string) int64 {
	t, err := time.Parse("2006-01-02T15:04:05.999999", iso)
	if err != nil {
		panic(err)
	}
	return t.UnixMicro()
}

// awkward is the table of the golden files.
func awkward() *datasets.Table {
	s := datasets.Schema{
		{Name: "province", Label: "استان", Type: datasets.Text},
		{Name: "note", Label: "توضیح، با \"نقل قول\"", Type: datasets.Text},
		{Name: "national_id", Label: "شناسه ملی", Type: datasets.Text},
		{Name: "population", Label: "جمعیت", Type: datasets.Integer},
		{Name: "amount", Label: "مبلغ", Type: datasets.Decimal, Scale: 2, Fixed: true},
		{Name: "rate", Label: "نرخ", Type: datasets.Decimal, Scale: 4},
		{Name: "measure", Label: "measure, exact", Type: datasets.Decimal, Float: true},
		{Name: "active", Label: "فعال", Type: datasets.Boolean},
		{Name: "founded", Label: "تاریخ", Type: datasets.Date, Layout: "jalali"},
		{Name: "seen", Label: "زمان", Type: datasets.DateTime},
		{Name: "sent", Label: "sent `at`", Type: datasets.DateTime, UTC: true},
		{Name: "x", Label: "", Type: datasets.Text},
		{Name: "y", Label: "=1+1", Type: datasets.Integer},
		{Name: "dup", Label: "dup", Type: datasets.Integer},
		{Name: "dup_2", Label: "dup", Type: datasets.Text},
	}
	return table(s, 3,
		[]cell{
			"تهران", "یک خط\nو خط دیگر", "0012345678", 13_267_637, 1250, 12_500, 0.1, true,
			sourced{day("2024-08-03"), "۱۴۰۳/۰۵/۱۳"},
			moment("2024-08-03T10:20:30"), moment("2024-08-03T06:50:30"), "", 1, 1, "a,b",
		},
		[]cell{
			"خراسان‌رضوی", `او گفت: "سلام"`, "=HYPERLINK(\"http://example.org\")", nil, -5, -1, -1.5e-9, false,
			day("1899-12-31"), moment("1899-12-31T23:59:59"), moment("1969-12-31T23:59:59.5"), " blank ends ", -2, 2, "+98 21 1234",
		},
		[]cell{
			nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil,
		},
		[]cell{
			"😀 emoji 🏛️", "carriage\rreturn\r\nand \x01 control", "1234567890123456789",
			sourced{1234567890123456, "۱٬۲۳۴٬۵۶۷٬۸۹۰٬۱۲۳٬۴۵۶"},
			sourced{123456789012345678, "1,234,567,890,123,456.78"},
			sourced{3, "0.00030"},
			sourced{12.0, "12.0"},
			sourced{true, "بلی"},
			day("1900-02-28"), moment("1900-03-01T00:00:00"), moment("2024-02-29T12:00:00.123456"), "-", 1_200_000_000_000_000, 3, "@cmd",
		},
		[]cell{
			"<b>&amp;</b>", "_x000D_ is text; \ttab", "-12", math.MinInt64, 0, 99_999_999, 1e300, false,
			day("1900-03-01"),
			sourced{moment("2024-08-03T00:00:00"), "1403/05/13 00:00"},
			moment("9999-12-31T23:59:59.999"), "\tTAB first", math.MaxInt64,
			sourced{nil, "n/a"},
			"-12%",
		},
		[]cell{
			"\u2028separator", "not UTF-8: \xff", "'apostrophe", 0, 100, 0, 5e-324, true,
			day("1403-05-12"), moment("2024-08-03T23:59:59.999999"), 0, "-2+3", 999_999_999_999_999, 4, "-12 men",
		},
	)
}

// spend returns a table of n made-up payments with 12 columns, as wide as
// those of governments are. Every batch uses the memory of the one before.
func spend(n int64) *datasets.Table {
	s := datasets.Schema{
		{Name: "id", Label: "id", Type: datasets.Integer},
		{Name: "year", Label: "year", Type: datasets.Integer},
		{Name: "agency", Label: "دستگاه", Type: datasets.Text},
		{Name: "supplier", Label: "supplier", Type: datasets.Text},
		{Name: "amount", Label: "amount", Type: datasets.Decimal, Scale: 2, Fixed: true},
		{Name: "date", Label: "date", Type: datasets.Date},
		{Name: "booked", Label: "booked", Type: datasets.DateTime, UTC: true},
		{Name: "description", Label: "شرح", Type: datasets.Text},
		{Name: "note", Label: "note", Type: datasets.Text},
		{Name: "share", Label: "share", Type: datasets.Decimal, Float: true},
		{Name: "final", Label: "final", Type: datasets.Boolean},
		{Name: "lines", Label: "lines", Type: datasets.Integer},
	}
	agencies := make([]string, 90)
	for i := range agencies {
		agencies[i] = fmt.Sprintf("سازمان شمارهٔ %d استان تهران", i)
	}
	notes := make([]string, 5000)
	for i := range notes {
		notes[i] = fmt.Sprintf("Payment of budget line %d, as decided; see the annual \"report\" of the ministry, page %d", i, i%70)
	}
	suppliers := make([]string, 20000)
	for i := range suppliers {
		suppliers[i] = fmt.Sprintf("Supplier No %d Trading and Construction", i)
	}
	texts := make([]string, 30000)
	for i := range texts {
		texts[i] = fmt.Sprintf("پرداخت بابت قرارداد %d برای خرید و نگهداری تجهیزات اداری", i*7)
	}
	scan := func(yield func(*datasets.Batch, error) bool) {
		b := datasets.Batch{Columns: make([]datasets.Vector, len(s))}
		for from := int64(0); from < n; from += int64(b.Len) {
			b.First, b.Len = from, int(min(datasets.BatchRows, n-from))
			for i := range s {
				b.Columns[i].Reset(&s[i], b.Len)
			}
			for row := range b.Len {
				k := from + int64(row)
				h := uint64(k+1) * 0x9E3779B97F4A7C15 >> 16
				c := b.Columns
				c[0].Int[row] = k + 1
				c[1].Int[row] = 2010 + int64(h%10)
				c[2].Text[row] = agencies[h%90]
				c[3].Text[row] = suppliers[h%20000]
				c[4].Int[row] = int64(h%1_000_000_000) - 1000
				c[5].Int[row] = 14_000 + int64(h%6000)
				c[6].Int[row] = 1_300_000_000_000_000 + int64(h%400_000_000)*1_000_000
				c[7].Text[row] = texts[h%30000]
				c[8].Text[row], c[8].Null[row] = notes[h%5000], h%3 == 0
				c[9].Float[row], c[9].Null[row] = float64(h%10000)/7, h%5 == 0
				c[10].Int[row] = int64(h & 1)
				c[11].Int[row] = int64(h % 40)
			}
			if !yield(&b, nil) {
				return
			}
		}
	}
	return &datasets.Table{Schema: s, Rows: n, Scan: func(int64, int64) iter.Seq2[*datasets.Batch, error] { return scan }}
}

// export returns what the format writes.
func export(t *testing.T, ext string, tab *datasets.Table, o Options) []byte {
	t.Helper()
	format, ok := ByExt(ext)
	if !ok {
		t.Fatalf("no format %q", ext)
	}
	var out bytes.Buffer
	if err := format.Write(t.Context(), &out, tab, o); err != nil {
		t.Fatalf("%s: %v", ext, err)
	}
	return out.Bytes()
}
