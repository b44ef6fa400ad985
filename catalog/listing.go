package catalog

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// A ListedColumn is a column of a table of what the catalogue holds.
type ListedColumn struct {
	Name  string // in queries and exports
	Type  datasets.Type
	Scale int // of a Decimal, whose cells are integers of the smallest unit
	Title Text
	About Text // what its values mean
}

// Listed is a column with a title in both languages that needs no more words.
func Listed(kind datasets.Type, name, en, fa string) ListedColumn {
	return ListedColumn{Name: name, Type: kind, Title: Text{"en": en, "fa": fa}}
}

// A Listing says how a table of what the catalogue holds is read: the keys of
// its rows, and the rows of some keys. Keys are integers that stay with their
// rows; the table is in their order.
type Listing struct {
	Columns []ListedColumn
	Keys    string // query of all keys
	Of      []any  // its parameters
	// Rows is the query of the rows with the keys ?1, a JSON list, in that order.
	// Each begins with its key; the cells follow in the order of Columns. Moments
	// and days are text as Stamp and ISO 8601 write them.
	Rows string
	With []any // its parameters from ?2 on
}

// SchemaOf is the schema of a table with the columns.
func SchemaOf(columns []ListedColumn) datasets.Schema {
	s := make(datasets.Schema, len(columns))
	for i := range columns {
		c := &columns[i]
		s[i] = datasets.Column{Name: c.Name, Label: c.Title["en"], Type: c.Type, Scale: c.Scale, Fixed: c.Scale > 0, UTC: c.Type == datasets.DateTime}
	}
	return s
}

// ErrChanged says that rows of a table went while it was read: it is to be read
// again.
var ErrChanged = errors.New("the table changed while it was read: ask for it again")

// List returns the table that l describes, as it is now. It is read in parts, so
// that no write waits for it: what changes meanwhile may be in it or not.
func (s *Store) List(ctx context.Context, l *Listing) (*datasets.Table, error) {
	keys, err := s.listKeys(ctx, l)
	if err != nil {
		return nil, err
	}
	r := &listReader{s, l, SchemaOf(l.Columns), keys}
	return &datasets.Table{
		Schema: r.schema, Rows: int64(len(keys)),
		Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] { return r.scan(ctx, from, to) },
	}, nil
}

// listKeys returns the keys of all rows in their order.
func (s *Store) listKeys(ctx context.Context, l *Listing) ([]int64, error) {
	rows, err := s.query(ctx, l.Keys, l.Of...)
	keys, err := collect(rows, err, func(row scanner) (key int64, err error) {
		err = row.Scan(&key)
		return key, err
	})
	slices.Sort(keys)
	return keys, wrap("table", err)
}

// A listReader reads the rows of a listing.
type listReader struct {
	store  *Store
	list   *Listing
	schema datasets.Schema
	keys   []int64
}

func (r *listReader) scan(ctx context.Context, from, to int64) iter.Seq2[*datasets.Batch, error] {
	all := int64(len(r.keys))
	if to < 0 || to > all {
		to = all
	}
	return func(yield func(*datasets.Batch, error) bool) {
		b := datasets.Batch{Columns: make([]datasets.Vector, len(r.schema))}
		for at := max(from, 0); at < to; at += int64(b.Len) {
			b.First, b.Len = at, int(min(to-at, datasets.BatchRows))
			if err := r.fill(ctx, r.keys[at:at+int64(b.Len)], &b); err != nil {
				yield(nil, wrap("table", err))
				return
			}
			if !yield(&b, nil) {
				return
			}
		}
	}
}

// fill reads the rows of the keys into the batch.
func (r *listReader) fill(ctx context.Context, keys []int64, b *datasets.Batch) error {
	for i := range b.Columns {
		b.Columns[i].Reset(&r.schema[i], len(keys))
	}
	rows, err := r.store.query(ctx, r.list.Rows, append([]any{asJSON(&keys)}, r.list.With...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var key int64
	row := newListedRow(r.schema)
	into := append([]any{&key}, row.into...)
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if n >= len(keys) || key != keys[n] {
			return ErrChanged
		}
		row.put(b, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n < len(keys) {
		return ErrChanged
	}
	return nil
}

// A listedRow is a row of a query while it becomes one of a table.
type listedRow struct {
	schema  datasets.Schema
	cells   []string // empty for null
	numbers []*int64
	into    []any // where the cells are scanned to
}

func newListedRow(schema datasets.Schema) *listedRow {
	r := &listedRow{schema: schema, cells: make([]string, len(schema)), numbers: make([]*int64, len(schema))}
	for i := range schema {
		if inNumbers(schema[i].Type) {
			r.into = append(r.into, &r.numbers[i])
		} else {
			r.into = append(r.into, orNull(&r.cells[i]))
		}
	}
	return r
}

// put writes row n of a batch.
func (r *listedRow) put(b *datasets.Batch, n int) {
	for i := range b.Columns {
		putCell(&b.Columns[i], n, r.schema[i].Type, r.cells[i], r.numbers[i])
	}
}

// ListWhole returns the table of what a query finds, its cells in the order of
// the columns: for things that have no integer as a key. Each scan is one query;
// ErrChanged comes of it when there are not as many rows as there were.
func (s *Store) ListWhole(ctx context.Context, columns []ListedColumn, query string) (*datasets.Table, error) {
	t := &datasets.Table{Schema: SchemaOf(columns)}
	if err := s.row(ctx, "select count(*) from ("+query+")").Scan(&t.Rows); err != nil {
		return nil, wrap("table", err)
	}
	t.Scan = func(from, to int64) iter.Seq2[*datasets.Batch, error] {
		if to < 0 || to > t.Rows {
			to = t.Rows
		}
		return func(yield func(*datasets.Batch, error) bool) {
			if err := s.scanWhole(ctx, t.Schema, query, max(from, 0), to, func(b *datasets.Batch) bool { return yield(b, nil) }); err != nil {
				yield(nil, wrap("table", err))
			}
		}
	}
	return t, nil
}

// scanWhole gives some rows of a query to see, until it says that it has enough.
func (s *Store) scanWhole(ctx context.Context, schema datasets.Schema, query string, from, to int64, see func(*datasets.Batch) bool) error {
	rows, err := s.query(ctx, query+" limit ? offset ?", to-from, from)
	if err != nil {
		return err
	}
	defer rows.Close()
	b, row := datasets.Batch{Columns: make([]datasets.Vector, len(schema))}, newListedRow(schema)
	for at := from; at < to; at += int64(b.Len) {
		b.First, b.Len = at, int(min(to-at, datasets.BatchRows))
		for i := range b.Columns {
			b.Columns[i].Reset(&schema[i], b.Len)
		}
		for n := range b.Len {
			if !rows.Next() {
				return errors.Join(rows.Err(), ErrChanged)
			}
			if err := rows.Scan(row.into...); err != nil {
				return err
			}
			row.put(&b, n)
		}
		if !see(&b) {
			return nil
		}
	}
	return nil
}

// inNumbers reports whether the catalogue keeps values of the type as integers.
func inNumbers(t datasets.Type) bool {
	return t == datasets.Integer || t == datasets.Boolean || t == datasets.Decimal
}

// putCell writes row n of a column.
func putCell(v *datasets.Vector, n int, kind datasets.Type, cell string, number *int64) {
	switch {
	case inNumbers(kind):
		if v.Null[n] = number == nil; !v.Null[n] {
			v.Int[n] = *number
		}
	case kind == datasets.DateTime:
		at := unstamp(cell)
		if v.Null[n] = at.IsZero(); !v.Null[n] {
			v.Int[n] = at.UnixMicro()
		}
	case kind == datasets.Date:
		day, err := time.Parse(time.DateOnly, cell)
		if v.Null[n] = err != nil; !v.Null[n] {
			v.Int[n] = day.Unix() / int64(24*time.Hour/time.Second)
		}
	default:
		v.Null[n], v.Text[n] = cell == "", cell
	}
}
