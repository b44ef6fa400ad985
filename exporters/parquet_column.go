package exporters

import (
	"slices"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// parquetValues gathers the values of one page of a column after the other.
type parquetValues interface {
	// take takes the values of rows from (of the batch) up to to, and appends a
	// level for each: 0 for a null, else 1. There are fewer when the page is full,
	// or when the next value cannot be taken.
	take(levels []byte, v *datasets.Vector, from, to int) ([]byte, error)
	// full reports whether the page should end here.
	full() bool
	// pack puts the values of the page into dst, and begins the next. Without
	// values it has no bounds.
	pack(dst []byte) (packed []byte, e encoding.Encoding, b parquetBounds, err error)
	// dictionary puts the values that pages have by number into dst, and begins
	// the next column chunk. There are none when n is 0.
	dictionary(dst []byte) (packed []byte, n int)
	// size is about how many bytes it holds.
	size() int
}

// parquetBounds are the lowest and the highest value; nulls when there is none.
type parquetBounds struct{ low, high parquet.Value }

// A parquetColumn is a column of a row group.
type parquetColumn struct {
	kind   parquet.Type
	values parquetValues
	levels []byte // of the rows of the page at hand

	meta       format.ColumnMetaData
	pages      []byte
	dictionary []byte // its page, when there is one
	places     []format.PageLocation
	index      parquet.ColumnIndexer
	bounds     parquetBounds
	rows       int64 // in the pages
}

// indexedBytes is how much of a text stands in the index of pages.
const indexedBytes = 16

func newParquetColumn(name string, kind parquet.Type, values parquetValues) *parquetColumn {
	return &parquetColumn{
		kind: kind, values: values, index: kind.NewColumnIndexer(indexedBytes),
		meta: format.ColumnMetaData{Type: format.Type(kind.Kind()), PathInSchema: []string{name}, Codec: format.Zstd},
	}
}

// add puts the rows of a batch into pages, each of which ends after so many rows
// or when it is full. After an error it returns how many rows there are before
// the one that made it.
func (c *parquetColumn) add(v *datasets.Vector, rows, pageRows int, p *pagePacker) (done int, err error) {
	for done < rows {
		before := len(c.levels)
		c.levels, err = c.values.take(c.levels, v, done, min(rows, done+pageRows-before))
		if done += len(c.levels) - before; err != nil {
			return done, err
		}
		if len(c.levels) >= pageRows || c.values.full() {
			if err := c.endPage(p); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// endPage makes a page of what has come since the one before.
func (c *parquetColumn) endPage(p *pagePacker) (err error) {
	rows := len(c.levels)
	if rows == 0 {
		return nil
	}
	packed, e, b, err := c.values.pack(p.packed)
	if err != nil {
		return err
	}
	p.packed = packed
	nulls := rows - sum(c.levels)
	start := len(c.pages)
	if c.pages, err = p.data(c.pages, c.levels, nulls, e.Encoding(), &c.meta); err != nil {
		return err
	}
	c.places = append(c.places, format.PageLocation{
		Offset: int64(start), CompressedPageSize: int32(len(c.pages) - start), FirstRowIndex: c.rows, //nolint:gosec // see mostPage
	})
	c.index.IndexPage(int64(rows), int64(nulls), b.low, b.high)
	c.bounds.widen(c.kind, b)
	c.meta.Statistics.NullCount += int64(nulls)
	c.rows += int64(rows)
	c.levels = c.levels[:0]
	return nil
}

// finish makes the last page and the dictionary, and sums up what is in them.
func (c *parquetColumn) finish(p *pagePacker) (err error) {
	if err := c.endPage(p); err != nil {
		return err
	}
	var n int
	if p.packed, n = c.values.dictionary(p.packed); n > 0 {
		if c.dictionary, err = p.dictionary(c.dictionary, n, &c.meta); err != nil {
			return err
		}
	}
	c.meta.NumValues = c.rows
	if !c.bounds.low.IsNull() { // an empty text is not no text
		c.meta.Statistics.MinValue = c.bounds.low.AppendBytes([]byte{})
		c.meta.Statistics.MaxValue = c.bounds.high.AppendBytes([]byte{})
	}
	slices.Sort(c.meta.Encoding)
	return nil
}

// reset empties the column for the next row group. What the file keeps of it is
// not touched.
func (c *parquetColumn) reset() {
	c.meta = format.ColumnMetaData{Type: c.meta.Type, PathInSchema: c.meta.PathInSchema, Codec: c.meta.Codec}
	c.pages, c.dictionary, c.places, c.rows, c.bounds = c.pages[:0], c.dictionary[:0], nil, 0, parquetBounds{}
	c.index.Reset()
}

// size is about how many bytes the column holds.
func (c *parquetColumn) size() int { return len(c.pages) + c.values.size() }

// widen makes room for the bounds of one page more.
func (b *parquetBounds) widen(kind parquet.Type, page parquetBounds) {
	switch {
	case page.low.IsNull():
	case b.low.IsNull():
		b.low, b.high = page.low.Clone(), page.high.Clone()
	default:
		if kind.Compare(page.low, b.low) < 0 {
			b.low = page.low.Clone()
		}
		if kind.Compare(page.high, b.high) > 0 {
			b.high = page.high.Clone()
		}
	}
}

func sum(levels []byte) (n int) {
	for _, level := range levels {
		n += int(level)
	}
	return n
}
