package fiscal

import (
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// cells gives the texts of the rows of a table as their author wrote them, row
// by row.
type cells struct {
	schema datasets.Schema
	batch  *datasets.Batch
	next   []int // the next source text of each column
	buf    []byte
}

func newCells(schema datasets.Schema) *cells {
	return &cells{schema: schema, next: make([]int, len(schema))}
}

// start begins with the rows of a batch.
func (c *cells) start(b *datasets.Batch) {
	c.batch = b
	clear(c.next)
}

// source is what the author wrote in a typed cell that prints otherwise.
func (c *cells) source(column, row int) (string, bool) {
	list := c.batch.Columns[column].Source
	i := c.next[column]
	for i < len(list) && list[i].Row < row {
		i++
	}
	c.next[column] = i
	if i < len(list) && list[i].Row == row {
		return list[i].Text, true
	}
	return "", false
}

// text is the text of a cell, trimmed; rows are asked for in their order.
func (c *cells) text(column, row int) string {
	v := &c.batch.Columns[column]
	if c.schema[column].Type == datasets.Text {
		if v.Null[row] {
			return ""
		}
		return strings.TrimSpace(v.Text[row])
	}
	if s, ok := c.source(column, row); ok {
		return strings.TrimSpace(s)
	}
	if v.Null[row] {
		return ""
	}
	c.buf = c.schema[column].Append(c.buf[:0], v, row)
	return string(c.buf)
}

// of is the text of a place.
func (c *cells) of(p place, row int) string {
	if p.column < 0 {
		return p.value
	}
	return c.text(p.column, row)
}
