package datasets

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"unsafe"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/btree"
)

// Table returns the table that the row file keeps, with source texts. Several
// scans may run at once; each has a descriptor of its own until it ends.
func (r *RowFile) Table() *Table {
	return &Table{Schema: r.schema, Rows: r.rows, Totals: r.totals, Shapes: r.tableShapes(), Scan: r.scan, Parts: true}
}

func (r *RowFile) scan(from, to int64) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		from, to := max(from, 0), to
		if to < 0 || to > r.rows {
			to = r.rows
		}
		if from >= to {
			return
		}
		s := &scanner{file: r, to: to, batch: Batch{Columns: make([]Vector, len(r.schema))}}
		defer s.close()
		for at := from; at < to; at += int64(s.batch.Len) {
			var err error
			if s.broken, err = guard(func() error { return s.fill(at) }); err != nil {
				yield(nil, fmt.Errorf("datasets: scan rows: %w", r.readError(context.Background(), err)))
				return
			}
			if !yield(&s.batch, nil) {
				return
			}
		}
	}
}

// A scanner reads consecutive rows into a batch: the values from the pages of
// the file, the source texts, which most tables do not have, with a statement.
type scanner struct {
	file  *RowFile
	to    int64
	batch Batch

	pages *os.File // nil until the first batch
	parts []part
	texts []byte // of the batch; a new one for each, since who has a text may keep it
	long  int    // bytes of texts in the batch,
	most  int    // and in the longest so far

	conn    *sqlite.Conn
	broken  bool // what conn holds in memory is not to be trusted
	sources *sqlite.Stmt
	pending bool // sources stands on a row that was not taken yet
}

// A part is the columns that stand in one table of the file.
type part struct {
	rows     *btree.Cursor
	first    int // column
	storages []storage
}

func (s *scanner) close() {
	if s.pages != nil {
		_ = s.pages.Close() // only read
	}
	if s.conn == nil {
		return
	}
	if s.sources != nil && !s.broken { // so that the connection can be used again
		_ = s.sources.Reset() // reports the error of the last step again
	}
	s.file.release(s.conn, s.broken)
}

func (s *scanner) start(from int64) (err error) {
	if s.pages, err = os.Open(s.file.files.rowPath(s.file.digest)); err != nil {
		return err
	}
	info, err := s.pages.Stat()
	if err != nil {
		return err
	}
	file, err := btree.Open(s.pages, info.Size())
	if err != nil {
		return damaged(err)
	}
	schema := s.file.schema
	for n := range partCount(schema) {
		root, err := file.Root(partTable(n))
		if err != nil {
			return damaged(err)
		}
		first, last := partRange(schema, n)
		p := part{rows: file.Rows(root, from), first: first}
		for c := first; c < last; c++ {
			p.storages = append(p.storages, storageOf(&schema[c]))
		}
		s.parts = append(s.parts, p)
	}
	if s.file.sources == 0 {
		return nil
	}
	if s.conn, err = s.file.files.conns.get(s.file.digest, s.file.files.rowPath(s.file.digest)); err != nil {
		return err
	}
	s.sources, err = s.conn.Prepare("SELECT n, c, text FROM source WHERE n >= ? AND n < ? ORDER BY n, c")
	if err != nil {
		return err
	}
	s.sources.BindInt64(1, from)
	s.sources.BindInt64(2, s.to)
	return s.nextSource()
}

// damaged says that the error is one of the file.
func damaged(err error) error {
	if errors.Is(err, btree.ErrFormat) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// fill reads the batch that starts with row at.
func (s *scanner) fill(at int64) error {
	if s.pages == nil {
		if err := s.start(at); err != nil {
			return err
		}
	}
	n := int(min(BatchRows, s.to-at))
	s.batch.First, s.batch.Len = at, n
	for c := range s.batch.Columns {
		s.batch.Columns[c].Reset(&s.file.schema[c], n)
	}
	s.texts, s.long = make([]byte, 0, s.most), 0
	for i := range s.parts {
		p := &s.parts[i]
		for row := range n {
			ok, err := p.rows.Next()
			if err != nil {
				return damaged(err)
			}
			if !ok || p.rows.ID != at+int64(row) {
				return missingRow(at + int64(row))
			}
			if !s.take(p, row) {
				return fmt.Errorf("%w: row %d is not as it was written", ErrDamaged, p.rows.ID)
			}
		}
	}
	s.most = min(max(s.most, s.long), mostTexts)
	return s.fillSources(at, n)
}

// take reads the values of the row that p stands on. It reports whether they
// are of the types of their columns.
func (s *scanner) take(p *part, row int) bool {
	values := btree.NewRecord(p.rows.Record)
	if !values.Next() { // the row id
		return false
	}
	for i, kept := range p.storages {
		if !values.Next() {
			return false
		}
		v := &s.batch.Columns[p.first+i]
		if values.Null() {
			v.Null[row] = true
			continue
		}
		ok := true
		switch kept {
		case inText:
			ok = values.Text()
			v.Text[row] = s.text(values.Bytes())
		case inFloat:
			v.Float[row], ok = values.Float()
		case inInt:
			v.Int[row], ok = values.Int()
		}
		if !ok {
			return false
		}
	}
	return true
}

// Texts of a batch stand in pieces of memory of these many bytes.
const (
	leastTexts = 16 << 10
	mostTexts  = 1 << 20
)

// text returns b as a text among those of the batch, which never change.
func (s *scanner) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	s.long += len(b)
	if cap(s.texts)-len(s.texts) < len(b) { // those before keep what they stand in
		s.texts = make([]byte, 0, max(leastTexts, len(b)))
	}
	start := len(s.texts)
	s.texts = append(s.texts, b...)
	return unsafe.String(&s.texts[start], len(b))
}

func (s *scanner) nextSource() (err error) {
	s.pending, err = s.sources.Step()
	return err
}

func (s *scanner) fillSources(at int64, n int) error {
	for s.pending {
		row := s.sources.ColumnInt64(0) - at
		if row >= int64(n) {
			return nil
		}
		c := s.sources.ColumnInt(1)
		if row < 0 || c < 0 || c >= len(s.batch.Columns) {
			return fmt.Errorf("%w: there is a source text for row %d, column %d", ErrDamaged, at+row, c)
		}
		v := &s.batch.Columns[c]
		v.Source = append(v.Source, SourceText{Row: int(row), Text: s.sources.ColumnText(2)})
		if err := s.nextSource(); err != nil {
			return err
		}
	}
	return nil
}
