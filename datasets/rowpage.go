package datasets

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// A RowPage is some rows of the result of a query, in its order.
type RowPage struct {
	Total   int64   // rows of the whole result: all that match, or all groups
	Matched int64   // rows of the table that match the filters
	Left    int64   // of these are totals, which are left out of figures and groups
	Schema  Schema  // the selected columns
	Rows    *Batch  // their values, with source texts; First is 0
	Numbers []int64 // the number of each row in the table, from 0; nil for groups
	Next    string  // the cursor of the next page; empty after the last
}

// Page returns the rows or groups that a query asks for. Every one of the
// result comes exactly once on the pages from the first to the one without
// Next. The error is an InputError when the query is wrong; it wraps the error
// of ctx when that ended before the rows were found.
func (r *RowFile) Page(ctx context.Context, q RowQuery) (*RowPage, error) {
	p, err := q.plan(r.schema)
	if err != nil {
		return nil, err
	}
	here := cursor{table: r.digest, query: p.orderKey(), row: -1}
	if p.after != "" {
		if here.row, err = r.files.Signer.decode(p.after, here); err != nil {
			return nil, err
		}
	}
	m, err := r.match(ctx, p)
	if err != nil {
		return nil, queryError(err)
	}
	page := &RowPage{Total: m.n, Matched: m.n, Left: m.left, Schema: p.fieldSchema()}
	if q.Grouped() {
		err = r.groupPage(ctx, p, m, &here, page)
	} else {
		err = r.rowPage(ctx, p, m, &here, page)
	}
	if err != nil {
		return nil, queryError(err)
	}
	return page, nil
}

// queryError names the package in an error, unless it is of the query.
func queryError(err error) error {
	if input := (*InputError)(nil); errors.As(err, &input) {
		return input
	}
	return fmt.Errorf("datasets: page of rows: %w", err)
}

// rowPage fills the page with the rows behind the cursor.
func (r *RowFile) rowPage(ctx context.Context, p *plan, m *matched, here *cursor, page *RowPage) error {
	if here.row >= r.rows {
		return cursorError("behind", "points behind the end of the table")
	}
	var err error
	if page.Numbers, err = r.numbers(ctx, p, m, here.row); err != nil {
		return err
	}
	if len(page.Numbers) > p.size {
		page.Numbers = page.Numbers[:p.size]
		here.row = page.Numbers[p.size-1]
		page.Next = r.files.Signer.encode(*here)
	}
	return r.use(ctx, func(conn *sqlite.Conn) error {
		page.Rows, err = r.read(conn, p.fields, page.Numbers)
		return err
	})
}

// numbers returns the numbers of the rows of the page behind row after (below
// 0: of the first page), and of one more if there is one.
func (r *RowFile) numbers(ctx context.Context, p *plan, m *matched, after int64) ([]int64, error) {
	numbers := make([]int64, 0, p.size+1)
	if len(p.sort) == 0 {
		for n := after + 1; n < r.rows && len(numbers) <= p.size; n++ {
			if m.rows != nil {
				if n = int64(m.rows.Next(int(n))); n < 0 {
					break
				}
			}
			numbers = append(numbers, n)
		}
		return numbers, nil
	}
	orders, err := r.orders(ctx, p)
	if err != nil || m.n == 0 {
		return numbers, err
	}
	first, err := columnar.First(ctx, orders, m.rows, p.size+1, int(after))
	if err != nil {
		return nil, r.readError(ctx, err)
	}
	for _, n := range first {
		numbers = append(numbers, int64(n))
	}
	return numbers, nil
}

// orders returns the columns that rows are sorted by.
func (r *RowFile) orders(ctx context.Context, p *plan) ([]columnar.Order, error) {
	var orders []columnar.Order
	for _, s := range p.sort {
		c, err := r.ordered(ctx, s.column)
		if err != nil {
			return nil, err
		}
		orders = append(orders, columnar.Order{Column: &c.Column, Desc: s.desc})
	}
	return orders, nil
}
