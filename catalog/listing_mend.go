package catalog

import (
	"context"
	"iter"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
)

// mostMended is how many rows are put into a table at most; to read all of it
// again is worth while for more.
const mostMended = 10_000

// Mended is List of a table that was listed before: old has its rows as they were
// then, and changed are the keys of those that may be others since. Only these and
// what came behind the rows of old are read from the catalogue. The caller knows
// that no row went and none came between; where that can be seen not to be so, or
// there is too much to mend, the error is ErrChanged and List is to be asked.
// The first column tells rows apart.
func (s *Store) Mended(ctx context.Context, l *Listing, old *datasets.Table, changed []int64) (*datasets.Table, error) {
	schema := SchemaOf(l.Columns)
	same := func(a, b datasets.Column) bool {
		return a.Name == b.Name && a.Label == b.Label && a.Type == b.Type && a.Scale == b.Scale
	}
	keys, err := s.listKeys(ctx, l)
	if err != nil {
		return nil, err
	}
	n := old.Rows
	if n == 0 || n > int64(len(keys)) || schema[0].Type != datasets.Text || !slices.EqualFunc(schema, old.Schema, same) {
		return nil, ErrChanged
	}
	m := &mendedList{old: old, rest: listReader{s, l, schema, keys[n:]}}
	changed = append(slices.Clone(changed), keys[n-1]) // the last one shows whether rows moved
	slices.Sort(changed)
	var fresh []int64
	for _, key := range slices.Compact(changed) {
		if place, there := slices.BinarySearch(keys[:n], key); there {
			fresh, m.places = append(fresh, key), append(m.places, int64(place))
		}
	}
	if len(fresh) > mostMended {
		return nil, ErrChanged
	}
	m.fresh = datasets.Batch{Len: len(fresh), Columns: make([]datasets.Vector, len(schema))}
	if err := (&listReader{s, l, schema, fresh}).fill(ctx, fresh, &m.fresh); err != nil {
		return nil, wrap("table", err)
	}
	return &datasets.Table{
		Schema: schema, Rows: int64(len(keys)),
		Scan: func(from, to int64) iter.Seq2[*datasets.Batch, error] { return m.scan(ctx, from, to) },
	}, nil
}

// A mendedList is a listing of an earlier state of which some rows are new.
type mendedList struct {
	old    *datasets.Table
	places []int64 // of rows of old, in ascending order
	fresh  datasets.Batch
	rest   listReader // of what came behind old
}

func (m *mendedList) scan(ctx context.Context, from, to int64) iter.Seq2[*datasets.Batch, error] {
	n := m.old.Rows
	if all := n + int64(len(m.rest.keys)); to < 0 || to > all {
		to = all
	}
	return func(yield func(*datasets.Batch, error) bool) {
		if from < n {
			for b, err := range m.old.Scan(from, min(to, n)) {
				if err == nil {
					err = m.mend(b)
				}
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
		if to <= n {
			return
		}
		for b, err := range m.rest.scan(ctx, from-n, to-n) {
			if err == nil {
				b.First += n
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// mend puts the new rows into a batch of the old ones.
func (m *mendedList) mend(b *datasets.Batch) error {
	i, _ := slices.BinarySearch(m.places, b.First)
	for ; i < len(m.places) && m.places[i] < b.First+int64(b.Len); i++ {
		row := int(m.places[i] - b.First)
		if b.Columns[0].Text[row] != m.fresh.Columns[0].Text[i] {
			return ErrChanged
		}
		for c := range b.Columns {
			b.Columns[c].CopyFrom(row, &m.fresh.Columns[c], i)
		}
	}
	return nil
}
