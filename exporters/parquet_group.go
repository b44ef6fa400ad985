package exporters

import (
	"errors"
	"math"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
)

// A parquetGroup is a row group that is being made. It is for one goroutine.
type parquetGroup struct {
	columns  []*parquetColumn
	rows     int64
	pageRows int
	pagePacker
}

func newParquetGroup(s datasets.Schema, raw bool) (*parquetGroup, error) {
	packer, err := newPagePacker()
	if err != nil {
		return nil, err
	}
	page := min(pageBytes, max(pageTotal/len(s), 4<<10))
	room := min(dictionaryBytes, dictionaryTotal/len(s))
	if len(s) > dictionaryColumns {
		room = 0
	}
	g := &parquetGroup{columns: make([]*parquetColumn, len(s)), pageRows: page / numberBytes, pagePacker: packer}
	for i, name := range Header(s) {
		kind := parquetNode(&s[i]).Type()
		if raw {
			kind = parquet.ByteArrayType
		}
		g.columns[i] = newParquetColumn(valid(name), kind, valuesOf(&s[i], raw, page, room))
	}
	return g, nil
}

// digitsOfDecimal is how many digits a decimal has at most, and so are all of
// eight bytes.
const (
	digitsOfDecimal = 18
	mostOfDecimal   = 1e18 - 1
)

// valuesOf gathers the values of a column; a page and a dictionary take so many
// bytes.
func valuesOf(c *datasets.Column, raw bool, page, room int) parquetValues {
	ints := &parquetInts{kind: parquet.Int64, least: math.MinInt64, most: math.MaxInt64}
	switch {
	case raw || c.Type == datasets.Text:
		return newParquetTexts(c, raw, page, room)
	case c.Type == datasets.Decimal && c.Float:
		return &parquetFloats{}
	case c.Type == datasets.Decimal:
		ints.least, ints.most, ints.outside = -mostOfDecimal, mostOfDecimal, errBigDecimal
	case c.Type == datasets.Boolean:
		ints.kind = parquet.Boolean
	case c.Type == datasets.Date:
		ints.kind, ints.least, ints.most, ints.outside = parquet.Int32, math.MinInt32, math.MaxInt32, errBigDate
	}
	return ints
}

// add adds the rows of a batch, whose columns are called as in head.
func (g *parquetGroup) add(b *datasets.Batch, head []string) error {
	for i, c := range g.columns {
		done, err := c.add(&b.Columns[i], b.Len, g.pageRows, &g.pagePacker)
		if cell := parquetError(""); errors.As(err, &cell) {
			return cellFault(b.First+int64(done), head[i], cell.Error())
		}
		if err != nil {
			return err
		}
	}
	g.rows += int64(b.Len)
	return nil
}

// finish ends all columns.
func (g *parquetGroup) finish() error {
	for _, c := range g.columns {
		if err := c.finish(&g.pagePacker); err != nil {
			return err
		}
	}
	return nil
}

// reset empties the group for the next one.
func (g *parquetGroup) reset() {
	for _, c := range g.columns {
		c.reset()
	}
	g.rows = 0
}

// size is about how many bytes the group holds.
func (g *parquetGroup) size() (n int) {
	for _, c := range g.columns {
		n += c.size()
	}
	return n
}
