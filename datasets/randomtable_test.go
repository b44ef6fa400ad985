package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
)

// testSchema has a column of every type and storage.
func testSchema() Schema {
	return Schema{
		{Name: "id", Label: "Id", Type: Integer},
		{Name: "agency", Label: "دستگاه", Type: Text},
		{Name: "note", Label: "Note", Type: Text},
		{Name: "amount", Label: "Amount", Type: Decimal, Scale: 2, Fixed: true},
		{Name: "rate", Label: "Rate", Type: Decimal, Float: true},
		{Name: "open", Label: "Open", Type: Boolean},
		{Name: "day", Label: "Day", Type: Date, Layout: "iso"},
		{Name: "at", Label: "At", Type: DateTime, UTC: true, Layout: "iso"},
		{Name: "few", Label: "Few", Type: Integer},
	}
}

var testWords = []string{
	"سازمان برنامه و بودجه", "وزارت راه", "شهرداری تهران", "چهارمحال و بختیاری", "یزد", "Ministry of Finance",
	"a,b", "\"quoted\"", "line\nbreak", "", "nul\x00inside", "پارس", "گیلان", "كتاب‌های عربي",
}

// randomCell fills one cell; about one in eight is null.
func randomCell(r *rand.Rand, c *Column, v *Vector, row int, first int64) {
	if v.Null[row] = r.IntN(8) == 0; v.Null[row] {
		return
	}
	switch {
	case c.Name == "id":
		v.Int[row] = (first + int64(row)) * 7919 % 1_000_003
	case c.Name == "few":
		v.Int[row] = int64(r.IntN(4)) - 1
	case c.Name == "note":
		v.Text[row] = fmt.Sprintf("note %d", r.IntN(1_000_000))
	case c.Type == Text:
		v.Text[row] = testWords[r.IntN(len(testWords))]
	case c.Float:
		v.Float[row] = r.NormFloat64() * 1000
	case c.Type == Boolean:
		v.Int[row] = int64(r.IntN(2))
	case c.Type == Date:
		v.Int[row] = int64(r.IntN(20_000)) - 3000
	case c.Type == DateTime:
		v.Int[row] = int64(r.IntN(1<<50)) - 1<<48
	default:
		v.Int[row] = int64(r.IntN(2_000_000)) - 1_000_000
	}
	if c.Type != Text && r.IntN(10) == 0 {
		v.Source = append(v.Source, SourceText{Row: row, Text: fmt.Sprintf(" %d ", r.IntN(100))})
	}
}

// randomTable makes the same table each time it is scanned.
func randomTable(seed uint64, schema Schema, rows int64) *Table {
	return &Table{Schema: schema, Rows: rows, Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		if from != 0 || to >= 0 {
			panic("only whole scans")
		}
		return func(yield func(*Batch, error) bool) {
			r := rand.New(rand.NewPCG(seed, 1))
			b := &Batch{Columns: make([]Vector, len(schema))}
			for b.First = 0; b.First < rows; b.First += int64(b.Len) {
				b.Len = int(min(rows-b.First, 1+r.Int64N(BatchRows)))
				for c := range schema {
					b.Columns[c].Reset(&schema[c], b.Len)
					for row := range b.Len {
						randomCell(r, &schema[c], &b.Columns[c], row, b.First)
					}
				}
				if !yield(b, nil) {
					return
				}
			}
		}
	}}
}

// dump prints every cell of a table, with its source text.
func dump(tb testing.TB, table *Table, from, to int64) []string {
	tb.Helper()
	var rows []string
	for b, err := range table.Scan(from, to) {
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, dumpBatch(table.Schema, b)...)
	}
	return rows
}

func dumpBatch(schema Schema, b *Batch) []string {
	rows := make([]string, b.Len)
	for row := range rows {
		var line strings.Builder
		for c := range schema {
			v := &b.Columns[c]
			text := string(schema[c].Append(nil, v, row))
			fmt.Fprintf(&line, "%t %q", v.Null[row], text)
			for _, s := range v.Source {
				if s.Row == row {
					fmt.Fprintf(&line, " from %q", s.Text)
				}
			}
			line.WriteByte('|')
		}
		rows[row] = line.String()
	}
	return rows
}

func openFiles(tb testing.TB) *Files {
	tb.Helper()
	f, err := OpenFiles(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return f
}

func load(tb testing.TB, f *Files, table *Table) *RowFile {
	tb.Helper()
	loaded, err := f.PutRows(tb.Context(), table, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := f.Rows(loaded.Digest)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
