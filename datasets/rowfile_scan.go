package datasets

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"
)

// Table returns the table that the row file keeps, with source texts. Several
// scans may run at once; each has a connection of its own until it ends.
func (r *RowFile) Table() *Table {
	return &Table{Schema: r.schema, Rows: r.rows, Totals: r.totals, Shapes: r.tableShapes(), Scan: r.scan}
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
		ctx := context.Background()
		conn, err := r.files.conns.get(r.digest, r.files.rowPath(r.digest))
		if err != nil {
			yield(nil, fmt.Errorf("datasets: scan rows: %w", r.readError(ctx, err)))
			return
		}
		broken := false
		defer func() { r.release(conn, broken) }()
		s := &scanner{file: r, conn: conn, to: to, batch: Batch{Columns: make([]Vector, len(r.schema))}}
		defer func() { s.reset(broken) }()
		for at := from; at < to; at += int64(s.batch.Len) {
			broken, err = guard(func() error { return s.fill(at) })
			if err != nil {
				yield(nil, fmt.Errorf("datasets: scan rows: %w", r.readError(ctx, err)))
				return
			}
			if !yield(&s.batch, nil) {
				return
			}
		}
	}
}

// A scanner reads consecutive rows into a batch.
type scanner struct {
	file    *RowFile
	conn    *sqlite.Conn
	to      int64
	batch   Batch
	parts   []*sqlite.Stmt // nil until the first batch
	sources *sqlite.Stmt
	pending bool // sources stands on a row that was not taken yet
}

// reset gives the statements back so that the connection can be used again.
func (s *scanner) reset(broken bool) {
	if broken {
		return
	}
	for _, stmt := range append(s.parts, s.sources) {
		if stmt != nil {
			_ = stmt.Reset() // reports the error of the last step again
		}
	}
}

func (s *scanner) start(from int64) error {
	for part := range partCount(s.file.schema) {
		first, last := partRange(s.file.schema, part)
		stmt, err := s.conn.Prepare(selectPart(part, first, last) + " WHERE n >= ? AND n < ? ORDER BY n")
		if err != nil {
			return err
		}
		stmt.BindInt64(1, from)
		stmt.BindInt64(2, s.to)
		s.parts = append(s.parts, stmt)
	}
	if s.file.sources == 0 {
		return nil
	}
	stmt, err := s.conn.Prepare("SELECT n, c, text FROM source WHERE n >= ? AND n < ? ORDER BY n, c")
	if err != nil {
		return err
	}
	stmt.BindInt64(1, from)
	stmt.BindInt64(2, s.to)
	s.sources = stmt
	return s.nextSource()
}

func selectPart(part, from, to int) string {
	var b strings.Builder
	b.WriteString("SELECT n")
	for c := from; c < to; c++ {
		b.WriteString(", c" + strconv.Itoa(c))
	}
	b.WriteString(" FROM " + partTable(part))
	return b.String()
}

// fill reads the batch that starts with row at.
func (s *scanner) fill(at int64) error {
	if s.parts == nil {
		if err := s.start(at); err != nil {
			return err
		}
	}
	n := int(min(BatchRows, s.to-at))
	s.batch.First, s.batch.Len = at, n
	for c := range s.batch.Columns {
		s.batch.Columns[c].Reset(&s.file.schema[c], n)
	}
	for part, stmt := range s.parts {
		from, to := partRange(s.file.schema, part)
		for row := range n {
			if err := stepTo(stmt, at+int64(row)); err != nil {
				return err
			}
			for c := from; c < to; c++ {
				readCell(stmt, 1+c-from, &s.file.schema[c], &s.batch.Columns[c], row)
			}
		}
	}
	return s.fillSources(at, n)
}

// stepTo steps to the row with number n, which must be the next.
func stepTo(stmt *sqlite.Stmt, n int64) error {
	ok, err := stmt.Step()
	if err != nil {
		return err
	}
	if !ok || stmt.ColumnInt64(0) != n {
		return fmt.Errorf("%w: row %d is missing", ErrDamaged, n)
	}
	return nil
}

// readCell takes column i of the row that stmt stands on. Whether a value is
// null is only asked where it could be: most are not.
func readCell(stmt *sqlite.Stmt, i int, c *Column, v *Vector, row int) {
	switch storageOf(c) {
	case inText:
		v.Text[row] = stmt.ColumnText(i)
		v.Null[row] = v.Text[row] == "" && stmt.ColumnType(i) == sqlite.TypeNull
	case inFloat:
		v.Float[row] = stmt.ColumnFloat(i)
		v.Null[row] = v.Float[row] == 0 && stmt.ColumnType(i) == sqlite.TypeNull
	case inInt:
		v.Int[row] = stmt.ColumnInt64(i)
		v.Null[row] = v.Int[row] == 0 && stmt.ColumnType(i) == sqlite.TypeNull
	}
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
