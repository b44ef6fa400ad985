package datasets

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
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
		all := make([]int, len(r.schema))
		for c := range all {
			all[c] = c
		}
		s := newScanner(r, all)
		s.to = to
		defer s.close()
		for at := from; at < to; at += int64(s.batch.Len) {
			b, err := s.next(at, nil, int(min(BatchRows, to-at)))
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// A scanner reads rows in ascending order into batches: the values from the
// pages of the file, the source texts, which most tables do not have, with a
// statement.
type scanner struct {
	file   *RowFile
	fields []int // the columns of the batch, each once
	to     int64 // of consecutive rows
	batch  Batch

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
	storages []storage
	into     []int // the place of each in the batch, below 0 where it is not wanted
}

// newScanner returns a scanner of some columns, each of which is named once.
func newScanner(r *RowFile, fields []int) *scanner {
	return &scanner{file: r, fields: fields, batch: Batch{Columns: make([]Vector, len(fields))}}
}

// next returns the batch of n rows: those from at on, or those with the numbers.
func (s *scanner) next(at int64, numbers []int64, n int) (*Batch, error) {
	broken, err := guard(func() error { return s.fill(at, numbers, n) })
	if s.broken = broken; err != nil {
		return nil, fmt.Errorf("datasets: scan rows: %w", s.file.readError(context.Background(), err))
	}
	return &s.batch, nil
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

// start opens the file for rows from on, which come in a row or not.
func (s *scanner) start(from int64, inARow bool) (err error) {
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
	for n := range partCount(s.file.schema) {
		p, wanted := s.part(n)
		if !wanted {
			continue
		}
		root, err := file.Root(partTable(n))
		if err != nil {
			return damaged(err)
		}
		p.rows = file.Rows(root, from)
		s.parts = append(s.parts, p)
	}
	if s.file.sources == 0 {
		return nil
	}
	if s.conn, err = s.file.files.conns.get(s.file.digest, s.file.files.rowPath(s.file.digest)); err != nil {
		return err
	}
	if !inARow {
		return nil
	}
	s.sources, err = s.conn.Prepare("SELECT n, c, text FROM source WHERE n >= ? AND n < ? ORDER BY n, c")
	if err != nil {
		return err
	}
	s.sources.BindInt64(1, from)
	s.sources.BindInt64(2, s.to)
	return s.nextSource()
}

// part returns what is to be read of table n, and whether any of it is.
func (s *scanner) part(n int) (p part, wanted bool) {
	first, end := partRange(s.file.schema, n)
	p.into = slices.Repeat([]int{-1}, end-first)
	last := first - 1
	for i, c := range s.fields {
		if c >= first && c < end {
			p.into[c-first], last = i, max(last, c)
		}
	}
	for c := first; c <= last; c++ {
		p.storages = append(p.storages, storageOf(&s.file.schema[c]))
	}
	return p, last >= first
}

// damaged says that the error is one of the file.
func damaged(err error) error {
	if errors.Is(err, btree.ErrFormat) {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return err
}

// fill reads the batch of n rows: those from at on, or those with the numbers.
func (s *scanner) fill(at int64, numbers []int64, n int) error {
	if s.pages == nil {
		if err := s.start(at, numbers == nil); err != nil {
			return err
		}
	}
	s.batch.First, s.batch.Len = at, n
	for i, c := range s.fields {
		s.batch.Columns[i].Reset(&s.file.schema[c], n)
	}
	s.texts, s.long = make([]byte, 0, s.most), 0
	for i := range s.parts {
		p := &s.parts[i]
		for row := range n {
			number := at + int64(row)
			if numbers != nil {
				number = numbers[row]
			}
			if err := s.read(p, number, row); err != nil {
				return err
			}
		}
	}
	s.most = min(max(s.most, s.long), mostTexts)
	switch {
	case s.file.sources == 0:
		return nil
	case numbers != nil:
		return s.file.readSources(s.conn, s.fields, numbers, &s.batch)
	default:
		return s.fillSources(at, n)
	}
}

// read reads a row of the file into one of the batch.
func (s *scanner) read(p *part, number int64, row int) error {
	err := p.rows.SkipTo(number)
	if err != nil {
		return damaged(err)
	}
	ok, err := p.rows.Next()
	if err != nil {
		return damaged(err)
	}
	if !ok || p.rows.ID != number {
		return missingRow(number)
	}
	if !s.take(p, row) {
		return fmt.Errorf("%w: row %d is not as it was written", ErrDamaged, number)
	}
	return nil
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
		to := p.into[i]
		if to < 0 {
			continue
		}
		v := &s.batch.Columns[to]
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
