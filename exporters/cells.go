package exporters

import (
	"context"
	"fmt"

	"github.com/openshafaf/shafaf/datasets"
)

// Header returns what the columns of s are called in exports: the label that
// the source gave, where no other column has the same, else the column's name.
// The result has no empty and no equal elements.
func Header(s datasets.Schema) []string {
	head := make([]string, len(s))
	seen := make(map[string]int, len(s))
	for i := range s {
		seen[s[i].Label]++
	}
	for i := range s {
		head[i] = s[i].Label
		if s[i].Label == "" || seen[s[i].Label] > 1 {
			head[i] = s[i].Name
		}
	}
	// A name taken above may be the label of a third column, which then has to
	// go by its name as well. Names are unique, so this comes to an end.
	for again := true; again; {
		again = false
		clear(seen)
		for _, h := range head {
			seen[h]++
		}
		for i := range s {
			if seen[head[i]] > 1 && head[i] != s[i].Name {
				head[i], again = s[i].Name, true
			}
		}
	}
	return head
}

// scan hands all batches of t to do, and makes sure that the rows are as many
// as the table says.
func scan(ctx context.Context, t *datasets.Table, o Options, do func(*datasets.Batch) error) error {
	var rows int64
	for b, err := range t.Scan(0, -1) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(b); err != nil {
			return err
		}
		rows += int64(b.Len)
		if o.Progress != nil {
			o.Progress(rows)
		}
	}
	return complete(t, rows)
}

// complete makes sure that so many rows are all rows of t.
func complete(t *datasets.Table, rows int64) error {
	if t.Rows >= 0 && rows != t.Rows {
		return fmt.Errorf("the table has %d rows, but %d were read: its file is damaged", t.Rows, rows)
	}
	return nil
}

// sources finds the source texts of a batch, for each column from the top
// down. It holds the position in each column's list.
type sources []int

// at returns the source text of the cell, if there is one. In one batch it
// must be asked for the rows of a column in ascending order.
func (s sources) at(v *datasets.Vector, column, row int) (string, bool) {
	i := s[column]
	for i < len(v.Source) && v.Source[i].Row < row {
		i++
	}
	s[column] = i
	if i < len(v.Source) && v.Source[i].Row == row {
		return v.Source[i].Text, true
	}
	return "", false
}

// cellFault says what is wrong with one cell: row is counted from 0 without
// the header.
func cellFault(row int64, column, text string) error {
	return &datasets.FileError{Fault: datasets.Fault{Row: row + 2, Column: column, Text: text}}
}
