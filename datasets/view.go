package datasets

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// View returns the whole result of a query as a table to export; its Size and
// After do not matter. Rows is exact, source texts are kept, Totals are those
// of the table that are in the result. The rows are read as the table is
// scanned. The error is as that of Page.
func (r *RowFile) View(ctx context.Context, q RowQuery) (*Table, error) {
	q.Size, q.After = 0, ""
	p, err := q.plan(r.schema)
	if err != nil {
		return nil, err
	}
	m, err := r.match(ctx, p)
	if err != nil {
		return nil, queryError(err)
	}
	if q.Grouped() {
		g, err := r.groups(ctx, p, m)
		if err != nil {
			return nil, queryError(err)
		}
		return g.table(p.fields), nil
	}
	v := &view{file: r, fields: p.fields, n: m.n, rows: m.rows}
	if len(p.sort) > 0 && m.n > 0 {
		orders, err := r.orders(ctx, p)
		if err != nil {
			return nil, queryError(err)
		}
		v.order = columnar.Sort(orders, m.rows)
	}
	return &Table{Schema: p.fieldSchema(), Rows: v.n, Totals: v.totals(r.totals), Scan: v.scan, Parts: true}, nil
}

// A view is rows of a table: those of a set, or all, in an order of their own or
// that of the table.
type view struct {
	file   *RowFile
	fields []int
	n      int64
	rows   columnar.Bitmap // nil: all
	order  []uint32        // nil: that of the table
}

// totals returns the places in the view of rows of the table.
func (v *view) totals(rows []int64) []int64 {
	if len(rows) == 0 {
		return nil
	}
	is := columnar.NewBitmap(int(v.file.rows))
	for _, row := range rows {
		is.Set(int(row))
	}
	var places []int64
	at := int64(0)
	for numbers := range v.numbers(0, v.n) {
		for _, n := range numbers {
			if is.Has(int(n)) {
				places = append(places, at)
			}
			at++
		}
	}
	return places
}

// numbers yields the rows from, up to but not including to, in slices of at
// most BatchRows that are valid until the next one.
func (v *view) numbers(from, to int64) iter.Seq[[]int64] {
	return func(yield func([]int64) bool) {
		next := int(from)
		if v.rows != nil && v.order == nil && from < to {
			next = v.rows.Nth(from)
		}
		numbers := make([]int64, 0, BatchRows)
		for at := from; at < to; {
			numbers = numbers[:0]
			for ; at < to && len(numbers) < BatchRows; at++ {
				switch {
				case v.order != nil:
					numbers = append(numbers, int64(v.order[at]))
				case v.rows != nil:
					numbers = append(numbers, int64(next))
					next = v.rows.Next(next + 1)
				default:
					numbers = append(numbers, at)
				}
			}
			if !yield(numbers) {
				return
			}
		}
	}
}

// scan is the Scan of a Table.
func (v *view) scan(from, to int64) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		from := max(from, 0)
		if to < 0 || to > v.n {
			to = v.n
		}
		read, done := v.reader()
		defer done()
		for numbers := range v.numbers(from, to) {
			b, err := read(numbers)
			if err != nil {
				yield(nil, err)
				return
			}
			b.First = from
			from += int64(b.Len)
			if !yield(b, nil) {
				return
			}
		}
	}
}

// reader returns what reads rows of the view one batch after the other: from the
// pages of the file where they come in its order, else with statements.
func (v *view) reader() (read func(numbers []int64) (*Batch, error), done func()) {
	if fields := slices.Sorted(slices.Values(v.fields)); v.order == nil && len(slices.Compact(fields)) == len(v.fields) {
		s := newScanner(v.file, v.fields)
		return func(numbers []int64) (*Batch, error) { return s.next(numbers[0], numbers, len(numbers)) }, s.close
	}
	return func(numbers []int64) (b *Batch, err error) {
		err = v.file.use(context.Background(), func(conn *sqlite.Conn) error {
			b, err = v.file.read(conn, v.fields, numbers)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("datasets: scan a view: %w", err)
		}
		return b, nil
	}, func() {}
}
