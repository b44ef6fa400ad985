// Package datasets is the data itself: tables of typed columns that are read
// from files, kept as immutable row files and passed on in batches. Readers
// make tables, row files keep them, exporters write them, pages show them.
//
// It imports no other package of this module but datasets/persian.
package datasets

import (
	"context"
	"iter"
)

// A Column describes one column of a table.
type Column struct {
	Name  string `json:"name"`  // unique in its table, never empty; queries and exports use it
	Label string `json:"label"` // the heading as the source wrote it
	Type  Type   `json:"type"`

	// Scale is the number of digits after the point of a Decimal, 0 to 9:
	// the value in a Vector is an integer of that smallest unit.
	Scale int `json:"scale,omitempty"`
	// Fixed says that a Decimal is always printed with Scale digits ("12.50");
	// without it trailing zeros are not printed.
	Fixed bool `json:"fixed,omitempty"`
	// Float says that a Decimal did not fit a scaled integer: its values are
	// in Vector.Float, and the source text is kept where it prints otherwise.
	Float bool `json:"float,omitempty"`
	// UTC says that a DateTime is an instant, printed with Z; without it the
	// source named no zone and neither do we.
	UTC bool `json:"utc,omitempty"`
	// Layout is how the source wrote the values of a Date or DateTime
	// ("iso", "dmy", "mdy", "jalali", "serial" …), empty where it does not matter.
	Layout string `json:"layout,omitempty"`
	// Unit is what the values of a column of numbers are counted in, as the
	// brackets of its label say ("km²", "میلیون ریال"); empty without them. It
	// follows from the label and is no part of a table's digest.
	Unit string `json:"unit,omitempty"`
}

// A Schema is the columns of a table in their order.
type Schema []Column

// Index returns the position of the column with the given name, or -1.
func (s Schema) Index(name string) int {
	for i := range s {
		if s[i].Name == name {
			return i
		}
	}
	return -1
}

// A Table is a schema and a way to read its rows.
type Table struct {
	Schema Schema
	Rows   int64 // how many rows there are; -1 while nobody has counted
	// Totals are the rows, counted from 0 and ascending, that are sums of
	// others and so belong into no sum.
	Totals []int64
	// Shapes yields the lines and areas of its rows, in the order of the rows;
	// nil when the table has none.
	Shapes func(ctx context.Context) iter.Seq2[Shape, error]
	// Scan yields the rows from (counted from 0) up to but not including to
	// (below 0: to the end) in order, in batches of about BatchRows. A batch is
	// valid until the next one is asked for. After an error nothing more comes.
	Scan func(from, to int64) iter.Seq2[*Batch, error]
	// Parts says that several scans may run at once, and that one of a part of
	// the rows costs no more than that part. Rows is exact then.
	Parts bool
}

// BatchRows is the usual number of rows in a batch.
const BatchRows = 1024

// A Batch is some consecutive rows of a table, column by column.
type Batch struct {
	First   int64 // the number of the first row, counted from 0
	Len     int
	Columns []Vector
}

// A Vector is the values of one column in a batch. Null always has the batch's
// length. Of the others only the one that the column's type names is used:
//
//	Text                      Text
//	Integer                   Int
//	Decimal                   Int, scaled; or Float where Column.Float
//	Boolean                   Int, 0 or 1
//	Date                      Int, days since 1970-01-01
//	DateTime                  Int, microseconds since 1970-01-01T00:00:00
type Vector struct {
	Null   []bool
	Int    []int64
	Float  []float64
	Text   []string
	Source []SourceText
}

// A SourceText is what the source wrote for a typed cell whose canonical print
// (see Append) differs from it. A Vector holds them by ascending row; cells of
// type Text never have one.
type SourceText struct {
	Row  int // in the batch
	Text string
}

// Reset empties the vector and makes room for n values of column c.
func (v *Vector) Reset(c *Column, n int) {
	v.Null = sized(v.Null, n)
	v.Source = v.Source[:0]
	switch {
	case c.Type == Text:
		v.Text = sized(v.Text, n)
	case c.Type == Decimal && c.Float:
		v.Float = sized(v.Float, n)
	default:
		v.Int = sized(v.Int, n)
	}
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}
