package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/openshafaf/shafaf/datasets/btree"
)

// A rowWriter writes the rows and the source texts of a new row file, page by
// page: statements of SQLite would take ten times as long.
type rowWriter struct {
	schema  Schema
	file    *os.File
	pages   *btree.Writer
	parts   []*btree.Tree
	source  *btree.Tree
	values  btree.Values
	record  []byte
	beside  []besideText // of the batch at hand
	sources int64        // source texts so far
}

// A besideText is the source text of a cell.
type besideText struct {
	row, column int
	text        string
}

// newRowWriter writes into a file that holds the schema alone; roots are the
// first pages of its tables.
func newRowWriter(path string, s Schema, roots map[string]uint32) (*rowWriter, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	w := &rowWriter{schema: s, file: file}
	if w.pages, err = btree.NewWriter(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	for part := range partCount(s) {
		w.parts = append(w.parts, w.pages.Table(roots[partTable(part)]))
	}
	w.source = w.pages.Index(roots["source"])
	return w, nil
}

// finish writes what is left, and closes the file.
func (w *rowWriter) finish() error { return errors.Join(w.pages.Finish(), w.close()) }

func (w *rowWriter) close() error { return w.file.Close() }

func (w *rowWriter) add(b *Batch) error {
	for part, tree := range w.parts {
		from, to := partRange(w.schema, part)
		for row := range b.Len {
			w.values.Clear()
			w.values.Null() // n is the row id
			for c := from; c < to; c++ {
				w.value(&w.schema[c], &b.Columns[c], row)
			}
			w.record = w.values.Append(w.record[:0])
			if err := tree.Row(b.First+int64(row), w.record); err != nil {
				return err
			}
		}
	}
	return w.addSources(b)
}

func (w *rowWriter) value(c *Column, v *Vector, row int) {
	if v.Null[row] {
		w.values.Null()
		return
	}
	switch storageOf(c) {
	case inText:
		w.values.Text(v.Text[row])
	case inFloat:
		w.values.Float(v.Float[row])
	case inInt:
		w.values.Int(v.Int[row])
	}
}

// addSources keeps the source texts of a batch, in the order of their key.
func (w *rowWriter) addSources(b *Batch) error {
	w.beside = w.beside[:0]
	for c := range b.Columns {
		for _, s := range b.Columns[c].Source {
			w.beside = append(w.beside, besideText{s.Row, c, s.Text})
		}
	}
	slices.SortFunc(w.beside, func(a, b besideText) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column))
	})
	for i, s := range w.beside {
		if i > 0 && s.row == w.beside[i-1].row && s.column == w.beside[i-1].column {
			return fmt.Errorf("row %d has two source texts in column %d", b.First+int64(s.row), s.column)
		}
		w.values.Clear()
		w.values.Int(b.First + int64(s.row))
		w.values.Int(int64(s.column))
		w.values.Text(s.text)
		w.record = w.values.Append(w.record[:0])
		if err := w.source.Key(w.record); err != nil {
			return err
		}
	}
	w.sources += int64(len(w.beside))
	return nil
}
