package datasets

import "iter"

// Values of the first column of the table of a Diff.
const (
	RowAdded   = "added"
	RowRemoved = "removed"
	RowBefore  = "before" // a changed row as it was
	RowAfter   = "after"  // and as it is
)

// AddedRows returns the first rows, at most limit, that only the newer table
// has.
func (d *Diff) AddedRows(limit int) (*Batch, error) { return firstRows(d.to, d.marks.new, limit) }

// RemovedRows returns the first rows, at most limit, that only the older table
// has.
func (d *Diff) RemovedRows(limit int) (*Batch, error) {
	return firstRows(d.from, d.marks.gone, limit)
}

// ChangedRows returns the first rows, at most limit, that changed: as they were
// and, in the same order, as they are. At most a thousand are at hand.
func (d *Diff) ChangedRows(limit int) (before, after *Batch, err error) {
	pairs := d.marks.pairs[:min(limit, len(d.marks.pairs))]
	var old, fresh []int64
	for _, p := range pairs {
		old, fresh = append(old, p[0]), append(fresh, p[1])
	}
	if before, err = gather(d.from, old); err != nil {
		return nil, nil, wrapDiff(err)
	}
	after, err = gather(d.to, fresh)
	return before, after, wrapDiff(err)
}

// Equal reports whether the value of the column is the same before and after in
// row i of two batches of ChangedRows; false where one table has no such column.
func (d *Diff) Equal(c *ColumnDiff, before, after *Batch, i int) bool {
	if c.From == nil || c.To == nil {
		return false
	}
	a := appendCells(nil, d.from.Schema, before, places(d.from.Schema, []string{c.Name}), i)
	b := appendCells(nil, d.to.Schema, after, places(d.to.Schema, []string{c.Name}), i)
	return string(a) == string(b)
}

func firstRows(t *Table, marked rowSet, limit int) (*Batch, error) {
	var rows []int64
	for word := range marked {
		for i := int64(0); i < 64 && marked[word] != 0 && len(rows) < limit; i++ {
			if row := int64(word)*64 + i; marked.has(row) {
				rows = append(rows, row)
			}
		}
	}
	b, err := gather(t, rows)
	return b, wrapDiff(err)
}

// gather reads single rows of a table into one batch.
func gather(t *Table, rows []int64) (*Batch, error) {
	out := newBatch(t.Schema)
	for i := 0; i < len(rows); {
		n := 1 // rows in a run are read in one go
		for i+n < len(rows) && rows[i+n] == rows[i]+int64(n) {
			n++
		}
		for batch, err := range t.Scan(rows[i], rows[i]+int64(n)) {
			if err != nil {
				return nil, err
			}
			for row := range batch.Len {
				out.take(t.Schema, batch, row)
			}
		}
		i += n
	}
	return out, nil
}

func newBatch(s Schema) *Batch { return &Batch{Columns: make([]Vector, len(s))} }

// take appends a row of another batch of the same schema.
func (b *Batch) take(s Schema, from *Batch, row int) {
	for c := range s {
		b.Columns[c].takeValue(&s[c], &from.Columns[c], row)
	}
	b.Len++
}

// takeValue appends value i of another vector of column c, without what its
// source wrote.
func (v *Vector) takeValue(c *Column, from *Vector, i int) {
	v.Null = append(v.Null, from.Null[i])
	switch {
	case c.Type == Text:
		v.Text = append(v.Text, from.Text[i])
	case c.Type == Decimal && c.Float:
		v.Float = append(v.Float, from.Float[i])
	default:
		v.Int = append(v.Int, from.Int[i])
	}
}

// takeNull appends a null.
func (v *Vector) takeNull(c *Column) {
	v.Null = append(v.Null, true)
	switch {
	case c.Type == Text:
		v.Text = append(v.Text, "")
	case c.Type == Decimal && c.Float:
		v.Float = append(v.Float, 0)
	default:
		v.Int = append(v.Int, 0)
	}
}

func (v *Vector) takeText(s string) {
	v.Null = append(v.Null, false)
	v.Text = append(v.Text, s)
}

// Table returns all that differs as a table: what became of the row, then the
// columns of both tables. Those whose type changed hold texts. The rows of the
// older table come first, each table's in its order.
func (d *Diff) Table() *Table {
	w := &diffTable{diff: d, schema: Schema{{Name: d.freeName("change"), Label: "change", Type: Text}}}
	for i := range d.Columns {
		w.schema = append(w.schema, d.Columns[i].both())
	}
	return &Table{Schema: w.schema, Rows: d.Removed + d.Added + 2*d.Changed, Scan: w.scan}
}

// freeName returns name, or a longer one when a column is called so.
func (d *Diff) freeName(name string) string {
	for i := 0; i < len(d.Columns); i++ {
		if d.Columns[i].Name == name {
			name, i = name+"_", -1
		}
	}
	return name
}

// both is a column that holds the values of both.
func (c *ColumnDiff) both() Column {
	switch {
	case c.From == nil:
		return *c.To
	case c.To == nil:
		return *c.From
	case keptAlike(c.From, c.To):
		return *c.To
	default:
		return Column{Name: c.Name, Label: c.To.Label, Type: Text}
	}
}

// keptAlike reports whether values of a may stand in a vector of b.
func keptAlike(a, b *Column) bool {
	return a.Type == b.Type && a.Scale == b.Scale && a.Float == b.Float && a.UTC == b.UTC
}

type diffTable struct {
	diff   *Diff
	schema Schema
}

// scan yields the rows that differ. It reads only the parts of the two tables
// that hold such rows.
func (w *diffTable) scan(from, to int64) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		if to < 0 {
			to = w.diff.Removed + w.diff.Added + 2*w.diff.Changed
		}
		out := &diffWriter{batch: newBatch(w.schema), from: from, to: to, yield: yield}
		m := &w.diff.marks
		w.side(out, w.diff.from, m.gone, m.before, RowRemoved, RowBefore)
		w.side(out, w.diff.to, m.new, m.after, RowAdded, RowAfter)
		out.flush()
	}
}

// A diffWriter gathers the wanted rows into batches.
type diffWriter struct {
	batch        *Batch
	at, from, to int64
	stopped      bool // nobody wants more
	yield        func(*Batch, error) bool
}

func (out *diffWriter) flush() {
	if !out.stopped && out.batch.Len > 0 {
		out.stopped = !out.yield(out.batch, nil)
		out.batch = &Batch{Columns: make([]Vector, len(out.batch.Columns))}
	}
}

func (out *diffWriter) done() bool { return out.stopped || out.at >= out.to }

// side writes the rows of one table that are marked.
func (w *diffTable) side(out *diffWriter, t *Table, whole, changed rowSet, asWhole, asChanged string) {
	columns := make([]int, len(w.diff.Columns))
	for i := range w.diff.Columns {
		columns[i] = t.Schema.Index(w.diff.Columns[i].Name)
	}
	words := int64(max(len(whole), len(changed)))
	const step = BatchRows / 64
	for first := int64(0); first < words && !out.done(); first += step {
		if !whole.any(first, first+step) && !changed.any(first, first+step) {
			continue
		}
		for batch, err := range t.Scan(first*64, (first+step)*64) {
			if err != nil {
				out.flush()
				if !out.stopped {
					out.stopped = true
					out.yield(nil, wrapDiff(err))
				}
				return
			}
			for i := range batch.Len {
				var kind string
				switch row := batch.First + int64(i); {
				case whole.has(row):
					kind = asWhole
				case changed.has(row):
					kind = asChanged
				default:
					continue
				}
				if w.row(out, t, batch, i, columns, kind); out.done() {
					return
				}
			}
		}
	}
}

// any reports whether the words from … to hold a row.
func (b rowSet) any(from, to int64) bool {
	for i := from; i < min(to, int64(len(b))); i++ {
		if b[i] != 0 {
			return true
		}
	}
	return false
}

// row writes one row when it is wanted.
func (w *diffTable) row(out *diffWriter, t *Table, batch *Batch, i int, columns []int, kind string) {
	n := out.at
	out.at++
	if n < out.from {
		return
	}
	if out.batch.Len == 0 {
		out.batch.First = n
	}
	out.batch.Columns[0].takeText(kind)
	for k, c := range columns {
		column, v := &w.schema[k+1], &out.batch.Columns[k+1]
		switch {
		case c < 0 || batch.Columns[c].Null[i]:
			v.takeNull(column)
		case column.Type == Text && t.Schema[c].Type != Text, !keptAlike(&t.Schema[c], column):
			v.takeText(string(t.Schema[c].Append(nil, &batch.Columns[c], i)))
		default:
			v.takeValue(column, &batch.Columns[c], i)
		}
	}
	out.batch.Len++
	if out.batch.Len == BatchRows {
		out.flush()
	}
}
