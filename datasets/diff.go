package datasets

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// A Diff is what differs between two states of a table. Rows are compared by
// the columns that both have, cell by cell as they are printed canonically (a
// decimal without trailing zeros); a null is no empty text. What only the
// source wrote differently is no difference.
type Diff struct {
	Columns []ColumnDiff // of either table: those of the newer in its order, then those that only the older has
	// Key names the columns by which rows were matched; a row with the same key
	// and other values changed. Without a key rows are the same or not, and each
	// counts as often as it occurs.
	Key      []string
	From, To int64 // rows of the older and of the newer table

	Same, Added, Removed, Changed int64 // From = Same + Changed + Removed; To = Same + Changed + Added

	from, to *Table
	marks    marks
}

// A ColumnDiff is a column before and after; nil where there was or is none.
type ColumnDiff struct {
	Name     string
	From, To *Column
}

// Kinds of a ColumnDiff.
const (
	ColumnSame    = "same"
	ColumnAdded   = "added"
	ColumnRemoved = "removed"
	ColumnChanged = "changed" // it has another type
)

// Kind returns what became of the column. Only its type counts: its label and
// how its values are written do not.
func (c *ColumnDiff) Kind() string {
	switch {
	case c.From == nil:
		return ColumnAdded
	case c.To == nil:
		return ColumnRemoved
	case c.From.Type != c.To.Type:
		return ColumnChanged
	default:
		return ColumnSame
	}
}

// SameColumns reports whether both tables have the same columns of the same
// types, in whatever order.
func (d *Diff) SameColumns() bool {
	return !slices.ContainsFunc(d.Columns, func(c ColumnDiff) bool { return c.Kind() != ColumnSame })
}

// CompareSchemas returns the columns of two states of a table.
func CompareSchemas(from, to Schema) []ColumnDiff {
	var all []ColumnDiff
	for i := range to {
		c := ColumnDiff{Name: to[i].Name, To: &to[i]}
		if j := from.Index(c.Name); j >= 0 {
			c.From = &from[j]
		}
		all = append(all, c)
	}
	for i := range from {
		if to.Index(from[i].Name) < 0 {
			all = append(all, ColumnDiff{Name: from[i].Name, From: &from[i]})
		}
	}
	return all
}

// MaxDiffRows is how many rows the older of two tables may have to be compared
// row by row: the comparison keeps 32 bytes of each in memory, 128 MiB in all.
// Of the newer table one bit a row is kept.
const MaxDiffRows = 4 << 20

// ErrManyRows says that a table has more than MaxDiffRows rows.
var ErrManyRows = fmt.Errorf("tables of more than %d rows are not compared row by row", MaxDiffRows)

var errTwice = errors.New("the key is not unique")

// Compare compares two states of a table. keys are columns that may identify
// the rows, best first (see Keys): the first of them that does in both tables
// is the key. It reads each table once to three times, and returns
// ErrManyRows when from is too long to be compared.
func Compare(ctx context.Context, from, to *Table, keys []Key) (*Diff, error) {
	if from.Rows > MaxDiffRows {
		return nil, ErrManyRows
	}
	d := &Diff{Columns: CompareSchemas(from.Schema, to.Schema), from: from, to: to}
	shared := d.shared()
	for _, key := range keys {
		if !contains(shared, key.Columns) || len(key.Columns) == 0 {
			continue
		}
		err := d.byKey(ctx, shared, key)
		if err == nil || !errors.Is(err, errTwice) {
			return d, wrapDiff(err)
		}
	}
	return d, wrapDiff(d.byContent(ctx, shared))
}

func wrapDiff(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("datasets: compare tables: %w", err)
}

// shared returns the names of the columns that both tables have.
func (d *Diff) shared() []string {
	var names []string
	for i := range d.Columns {
		if c := &d.Columns[i]; c.From != nil && c.To != nil {
			names = append(names, c.Name)
		}
	}
	return names
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// byKey compares rows with equal key columns. It fails with errTwice, and
// leaves nothing behind, when those do not identify the rows of both tables.
func (d *Diff) byKey(ctx context.Context, shared []string, key Key) error {
	h := newRowHasher(key.Columns, shared)
	if !key.Sure {
		if err := onlyOnce(ctx, d.to, h); err != nil {
			return err
		}
	}
	x, err := indexRows(ctx, d.from, h)
	if err != nil {
		return err
	}
	if x.twice() {
		return errTwice
	}
	m := newMarks(x.len())
	met := newRowSet(x.len())
	var same, changed, added int64
	err = h.scan(ctx, d.to, func(row int64, k hash128, rest uint64) {
		at := x.find(k)
		if at < 0 {
			m.new.set(row)
			added++
			return
		}
		old := &x.rows[at]
		met.set(int64(old.row))
		if old.rest == rest {
			same++
			return
		}
		m.before.set(int64(old.row))
		m.after.set(row)
		m.pair(int64(old.row), row)
		changed++
	})
	if err != nil {
		return err
	}
	for row := range x.len() {
		if !met.has(row) {
			m.gone.set(row)
		}
	}
	d.Key, d.marks = key.Columns, m
	d.From, d.To = x.len(), same+changed+added
	d.Same, d.Changed, d.Added, d.Removed = same, changed, added, x.len()-same-changed
	return nil
}

// onlyOnce returns errTwice when two rows of t have the same key.
func onlyOnce(ctx context.Context, t *Table, h *rowHasher) error {
	if t.Rows > MaxDiffRows {
		return errTwice // not known, and too long to find out
	}
	x, err := indexRows(ctx, t, h)
	if err == nil && x.twice() {
		err = errTwice
	}
	return err
}

// byContent compares rows as wholes: each of the newer table takes an equal
// one of the older with it; what is left on either side was added or removed.
func (d *Diff) byContent(ctx context.Context, shared []string) error {
	h := newRowHasher(shared, nil)
	x, err := indexRows(ctx, d.from, h)
	if err != nil {
		return err
	}
	m := newMarks(x.len())
	var same, added int64
	err = h.scan(ctx, d.to, func(row int64, k hash128, _ uint64) {
		if len(shared) > 0 {
			if first := x.find(k); first >= 0 && x.take(first, k) {
				same++
				return
			}
		}
		m.new.set(row)
		added++
	})
	if err != nil {
		return err
	}
	x.left(func(row int64) { m.gone.set(row) })
	d.marks = m
	d.From, d.To, d.Same, d.Added, d.Removed = x.len(), same+added, same, added, x.len()-same
	return nil
}
