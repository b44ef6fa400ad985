package exporters

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// A column of made-up values, and the encodings that its pages should have.
type madeUp struct {
	datasets.Column
	value  func(row int64) cell
	packed []format.Encoding
}

func madeUpColumns() []madeUp {
	text := func(name string, value func(int64) cell, packed ...format.Encoding) madeUp {
		return madeUp{datasets.Column{Name: name, Label: name, Type: datasets.Text}, value, packed}
	}
	number := func(c datasets.Column, value func(int64) cell, packed format.Encoding) madeUp {
		c.Label = c.Name
		return madeUp{c, value, []format.Encoding{packed}}
	}
	return []madeUp{
		text("few, and pages of nulls", func(row int64) cell {
			if row%5 == 0 || row > 30_000 && row < 80_000 {
				return nil
			}
			return fmt.Sprint("شهر ", row%7)
		}, format.RLEDictionary),
		text("each another", func(row int64) cell { return fmt.Sprint(row*7919%1_000_003, " ", row) }, format.Plain),
		text("more and more", func(row int64) cell {
			if row%groupRows > 30_000 {
				return fmt.Sprint(strings.Repeat("long ", 40), row)
			}
			return strconv.FormatInt(row%3, 10)
		}, format.Plain, format.RLEDictionary),
		text("nulls", func(int64) cell { return nil }, format.Plain),
		text("empty", func(int64) cell { return "" }, format.RLEDictionary),
		text("not UTF-8", func(row int64) cell { return "z\xff\xfe"[:1+row%3] }, format.RLEDictionary),
		number(datasets.Column{Name: "n", Type: datasets.Integer}, func(row int64) cell { return row * row * (1 - 2*(row%2)) }, format.DeltaBinaryPacked),
		number(datasets.Column{Name: "d", Type: datasets.Date}, func(row int64) cell { return 20_000 - row%40_000 }, format.DeltaBinaryPacked),
		number(datasets.Column{Name: "b", Type: datasets.Boolean}, func(row int64) cell {
			if row%11 == 0 {
				return nil
			}
			return row%3 == 0
		}, format.Plain),
		number(datasets.Column{Name: "x", Type: datasets.Decimal, Float: true}, func(row int64) cell {
			switch row % 1000 {
			case 1:
				return math.NaN()
			case 2:
				return nil
			}
			return 1 / float64(row-500)
		}, format.Plain),
	}
}

// madeUpTable is a table of these columns that can be read in parts.
func madeUpTable(columns []madeUp, rows int64) *datasets.Table {
	var s datasets.Schema
	for i := range columns {
		s = append(s, columns[i].Column)
	}
	return &datasets.Table{Schema: s, Rows: rows, Parts: true, Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			if to < 0 {
				to = rows
			}
			for ; from < to; from += datasets.BatchRows {
				var cells [][]cell
				for row := from; row < min(to, from+datasets.BatchRows); row++ {
					var line []cell
					for i := range columns {
						line = append(line, columns[i].value(row))
					}
					cells = append(cells, line)
				}
				b := datasets.Batch{First: from}
				if fillBatch(&b, s, cells); !yield(&b, nil) {
					return
				}
			}
		}
	}}
}

// TestParquetPages: all pages hold what they should, whatever the way in which
// they are packed, and so do their bounds, which readers pass pages over by.
func TestParquetPages(t *testing.T) {
	columns := madeUpColumns()
	tab := madeUpTable(columns, groupRows+30_000)
	file := export(t, "parquet", tab, Options{})
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	want, row := prints(t, tab), 0
	for g, group := range f.RowGroups() {
		for i, chunk := range group.ColumnChunks() {
			meta := f.Metadata().RowGroups[g].Columns[i].MetaData
			var packed []format.Encoding
			for _, s := range meta.EncodingStats {
				if s.PageType == format.DataPageV2 {
					packed = append(packed, s.Encoding)
				}
			}
			if slices.Sort(packed); !slices.Equal(packed, columns[i].packed) && g == 0 {
				t.Errorf("%s is packed as %v, want %v", columns[i].Name, packed, columns[i].packed)
			}
			checkChunk(t, chunk, &meta.Statistics, &columns[i].Column, func(n int) *string { return want[row+n][i] })
		}
		row += int(group.NumRows())
	}
	if row != len(want) {
		t.Errorf("%d rows, want %d", row, len(want))
	}
}

// checkChunk reads a column chunk whose rows should print as want says.
func checkChunk(t *testing.T, chunk parquet.ColumnChunk, all *format.Statistics, c *datasets.Column, want func(row int) *string) {
	t.Helper()
	index, err := chunk.ColumnIndex()
	if err != nil {
		t.Fatal(err)
	}
	places, err := chunk.OffsetIndex()
	if err != nil {
		t.Fatal(err)
	}
	pages := chunk.Pages()
	defer pages.Close()
	least, most := chunk.Type().Kind().Value(all.MinValue), chunk.Type().Kind().Value(all.MaxValue)
	row, nulls := 0, 0
	for n := 0; ; n++ {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if places.FirstRowIndex(n) != int64(row) || index.NullCount(n) != page.NumNulls() || index.NullPage(n) != (page.NumNulls() == page.NumRows()) {
			t.Errorf("%s: page %d begins with row %d, not %d, and has %d nulls, not %d", c.Name, n, places.FirstRowIndex(n), row, index.NullCount(n), page.NumNulls())
		}
		values := make([]parquet.Value, page.NumValues())
		if _, err := page.Values().ReadValues(values); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		for _, v := range values {
			read := vectorOf(v)
			got, want := string(c.Append(nil, &read, 0)), want(row)
			if (want == nil) != v.IsNull() || want != nil && got != string([]rune(*want)) {
				t.Fatalf("%s: row %d holds %q", c.Name, row, got)
			}
			row++
			if v.IsNull() || got == "NaN" {
				continue
			}
			for _, b := range [][2]parquet.Value{{index.MinValue(n), index.MaxValue(n)}, {least, most}} {
				if chunk.Type().Compare(v, b[0]) < 0 || chunk.Type().Compare(v, b[1]) > 0 {
					t.Fatalf("%s: row %d holds %q, and its page %d from %q to %q", c.Name, row, got, n, b[0], b[1])
				}
			}
		}
		nulls += int(page.NumNulls())
		parquet.Release(page)
	}
	if all.NullCount != int64(nulls) || (all.MinValue == nil) != (nulls == row) {
		t.Errorf("%s: %+v, with %d nulls of %d", c.Name, all, nulls, row)
	}
}
