package datasets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"
)

// openParquet returns the one table of a Parquet file, with the types that the
// file gives its columns. Groups are flattened one level deep (address.city);
// lists, maps and what is nested deeper are JSON.
func openParquet(ctx context.Context, f io.ReaderAt, size int64, name string, _ Options) ([]*Sheet, error) {
	check := &parquetCheck{f: f, size: size, name: name}
	if err := check.footer(); err != nil {
		return nil, err
	}
	root, leaves, err := check.tree()
	if err != nil {
		return nil, err
	}
	if err := check.chunks(ctx, len(leaves)); err != nil {
		return nil, err
	}
	file, err := parquet.OpenFile(f, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(16<<10))
	if err != nil {
		return nil, check.broken("%v", err)
	}
	p := &parquetTable{file: file, name: name, leaves: leaves, columns: flatten(root)}
	if len(p.columns) > maxColumns {
		return nil, fileError(name, 0, "parquet.columns", len(p.columns), maxColumns)
	}
	var note string
	if p.columns, note = withoutGeometry(file, p.columns); len(p.columns) == 0 {
		return nil, fileError(name, 0, "parquet.geometries")
	}
	if err := p.measure(ctx); err != nil {
		return nil, err
	}
	s := p.sheet()
	if note != "" {
		s.Notes = append(s.Notes, note)
	}
	return []*Sheet{s}, nil
}

// A parquetTable is a Parquet file as a table.
type parquetTable struct {
	file    *parquet.File
	name    string
	leaves  []*parquetNode
	columns []parquetColumn
}

// sheet returns the table as a sheet that knows its types.
func (p *parquetTable) sheet() *Sheet {
	s := &Sheet{file: p.name, width: len(p.columns)}
	var schema Schema
	var formats []format
	for i := range p.columns {
		c := Column{Type: Text}
		if p.columns[i].flat() {
			c = p.columns[i].node.read.column()
		}
		c.Name, c.Label = p.columns[i].label, p.columns[i].label
		c.Unit = unitOf(&c)
		schema, formats = append(schema, c), append(formats, format{cell: i})
		s.Header = append(s.Header, c.Label)
	}
	nameColumns(schema, formats)
	s.given = &Table{Schema: schema, Rows: p.file.NumRows(), Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) { p.scan(schema, from, to, yield) }
	}}
	s.records = s.given.records
	return s
}

// records yields the rows as a reader of text would have them, for a caller
// who changes types.
func (t *Table) records(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		rec := &Record{Cells: make([]Cell, len(t.Schema))}
		for b, err := range t.Scan(0, -1) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for row := range b.Len {
				rec.Row++
				for i := range t.Schema {
					rec.Cells[i].Text = t.Schema[i].Append(rec.Cells[i].Text[:0], &b.Columns[i], row)
				}
				if !yield(rec, nil) {
					return
				}
			}
		}
	}
}

// measure reads the columns whose type does not say what their values need.
func (p *parquetTable) measure(ctx context.Context) error {
	for i := range p.columns {
		if !p.columns[i].flat() {
			p.columns[i].node.each(exactly)
			continue
		}
		m := unproved(p.columns[i].node.read)
		if m == nil {
			continue
		}
		leaf := p.columns[i].node
		for _, group := range p.file.RowGroups() {
			s := &leafStream{node: leaf, chunk: group.ColumnChunks()[leaf.leaf], label: p.columns[i].label}
			for n := 0; s.more(); n++ {
				if v := s.next(); !v.IsNull() && !m.measure(v) {
					break
				}
				if n&0xFFFF == 0 && ctx.Err() != nil {
					return errors.Join(ctx.Err(), s.close())
				}
			}
			if err := s.close(); err != nil {
				return p.broken(s, err)
			}
		}
	}
	return nil
}

// exactly makes a column print all digits that the file has.
func exactly(leaf *parquetNode) {
	switch r := leaf.read.(type) {
	case *integerCells:
		r.wide = r.unsigned && r.kind == parquet.Int64
	case *decimalCells:
		r.wide = true
	}
}

func (p *parquetTable) broken(s *leafStream, err error) error {
	return &FileError{File: p.name, Fault: faultAt(0, s.label, "parquet.column", err)}
}

// maxParquetBytes is how many bytes the texts and cells of a table may have.
const maxParquetBytes = 4 << 30

// scan yields the rows from up to to.
func (p *parquetTable) scan(schema Schema, from, to int64, yield func(*Batch, error) bool) {
	b := newBuilder(schema, nil, len(schema))
	row, total := int64(0), int64(0)
	flush := func() bool {
		total += int64(len(b.arena)) + int64(b.n*len(schema))
		if total > maxParquetBytes {
			yield(nil, fileError(p.name, 0, "parquet.large", Bytes(maxParquetBytes)))
			return false
		}
		if b.n > 0 && !yield(b.batch(row-int64(b.n)), nil) {
			return false
		}
		b.reset()
		return true
	}
	for _, group := range p.file.RowGroups() {
		n := group.NumRows()
		if row+n <= from {
			row += n
			continue
		}
		r := p.rows(group)
		for range n {
			if to >= 0 && row >= to {
				break
			}
			if err := r.read(b, row >= from); err != nil {
				yield(nil, errors.Join(err, r.close()))
				return
			}
			row++
			if (b.n == BatchRows || len(b.arena) > maxArena) && !flush() {
				_ = r.close()
				return
			}
		}
		if err := r.close(); err != nil {
			yield(nil, err)
			return
		}
	}
	flush()
}

// rows returns a reader of the rows of a group.
func (p *parquetTable) rows(group parquet.RowGroup) *rowReader {
	r := &rowReader{table: p, streams: make([]*leafStream, len(p.leaves))}
	chunks := group.ColumnChunks()
	for _, c := range p.columns {
		c.node.each(func(leaf *parquetNode) {
			r.streams[leaf.leaf] = &leafStream{node: leaf, chunk: chunks[leaf.leaf], label: c.label}
		})
	}
	return r
}

// each calls do for the columns below the node.
func (n *parquetNode) each(do func(*parquetNode)) {
	if n.el.Type.Valid {
		do(n)
	}
	for _, c := range n.children {
		c.each(do)
	}
}

// A rowReader puts rows of a group together from its columns.
type rowReader struct {
	table   *parquetTable
	streams []*leafStream
	json    []byte
	text    []byte
}

// read reads the next row, and appends it to b if keep.
func (r *rowReader) read(b *builder, keep bool) error {
	for i := range r.table.columns {
		c := &r.table.columns[i]
		if c.flat() {
			s := r.streams[c.node.leaf]
			if !s.more() {
				return r.table.broken(s, s.ended())
			}
			if v := s.next(); keep {
				r.put(b, i, v)
			}
			continue
		}
		var err error
		if r.json, err = r.nested(r.json[:0], c.node, 0); err != nil {
			return err
		}
		switch {
		case !keep:
		case string(r.json) == "null":
			b.out.Columns[i].Null[b.n] = true
		default:
			b.text(i, r.json)
		}
	}
	if keep {
		b.n++
	}
	return nil
}

// put puts a value into the batch.
func (r *rowReader) put(b *builder, column int, v parquet.Value) {
	c, to := &b.schema[column], &b.out.Columns[column]
	if v.IsNull() {
		to.Null[b.n] = true
		return
	}
	cell := r.table.columns[column].node.read.read(v, r.text[:0])
	if c.Type == Text {
		if to.Null[b.n] = cell.null; !cell.null {
			b.text(column, cell.text)
		}
		r.text = cell.text
		return
	}
	to.Null[b.n] = cell.null
	if c.Float {
		to.Float[b.n] = cell.f
	} else {
		to.Int[b.n] = cell.n
	}
	if len(cell.text) == 0 {
		return
	}
	r.text = cell.text
	if b.print = c.Append(b.print[:0], to, b.n); !bytes.Equal(b.print, cell.text) {
		from := len(b.arena)
		b.arena = append(b.arena, cell.text...)
		b.sources[column] = append(b.sources[column], textSpan{b.n, from, len(b.arena)})
	}
}

// close ends the reading of the group.
func (r *rowReader) close() error {
	var errs []error
	for _, s := range r.streams {
		if s != nil {
			if err := s.close(); err != nil {
				errs = append(errs, r.table.broken(s, err))
			}
		}
	}
	return errors.Join(errs...)
}
