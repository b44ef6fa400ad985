package datasets

import (
	"container/list"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"zombiezen.com/go/sqlite"
)

// A RowPage is some rows of a table that match a query, in its order.
type RowPage struct {
	Total   int64   // of all rows that match
	Schema  Schema  // the selected columns
	Rows    *Batch  // their values, with source texts; First is 0
	Numbers []int64 // the number of each row in the table, from 0
	Next    string  // the cursor of the next page; empty after the last
}

// Page returns the rows that a query asks for. Every row of the table that
// matches comes exactly once on the pages from the first to the one without
// Next. The error is an InputError when the query is wrong; it wraps the error
// of ctx when that ended before the rows were found.
func (r *RowFile) Page(ctx context.Context, q RowQuery) (*RowPage, error) {
	p, err := q.plan(r.schema)
	if err != nil {
		return nil, err
	}
	here := cursor{table: r.digest, sort: p.sortKey(), row: -1}
	if p.after != "" {
		if here.row, err = r.files.Signer.decode(p.after, here); err != nil {
			return nil, err
		}
	}
	page := &RowPage{}
	err = r.use(ctx, func(conn *sqlite.Conn) error {
		if page.Total, page.Numbers, err = r.find(conn, p, here.row); err != nil {
			return err
		}
		if len(page.Numbers) > p.size {
			page.Numbers = page.Numbers[:p.size]
			here.row = page.Numbers[p.size-1]
			page.Next = r.files.Signer.encode(here)
		}
		return r.read(conn, p, page)
	})
	if err != nil {
		return nil, fmt.Errorf("datasets: page of rows: %w", err)
	}
	return page, nil
}

// find returns how many rows match, and the numbers of the rows of the page
// behind row after (below 0: of the first page) and of one more if there is one.
// The table cannot change, so a count of filtered rows is remembered for the
// pages that follow.
func (r *RowFile) find(conn *sqlite.Conn, p *plan, after int64) (total int64, numbers []int64, err error) {
	total = r.rows
	if len(p.where) > 0 {
		key := totalKey{r.digest, p.filterKey()}
		var known bool
		if total, known = r.files.totals.get(key); !known {
			if len(p.sort) == 0 {
				total, numbers, err = findAll(conn, p, after)
			} else {
				err = query(conn, "SELECT count(*)"+p.from()+p.whereSQL(), p.args, func(stmt *sqlite.Stmt) {
					total = stmt.ColumnInt64(0)
				})
			}
			if err != nil {
				return 0, nil, err
			}
			r.files.totals.put(key, total)
		}
	}
	if total > 0 && numbers == nil {
		numbers, err = r.numbers(conn, p, after)
	}
	return total, numbers, err
}

// findAll counts the rows that match and finds those of the page in one scan.
func findAll(conn *sqlite.Conn, p *plan, after int64) (total int64, numbers []int64, err error) {
	numbers = []int64{}
	err = query(conn, "SELECT n"+p.from()+p.whereSQL()+" ORDER BY n", p.args, func(stmt *sqlite.Stmt) {
		total++
		if n := stmt.ColumnInt64(0); n > after && len(numbers) <= p.size {
			numbers = append(numbers, n)
		}
	})
	return total, numbers, err
}

// numbers returns the numbers of the rows of the page behind row after, and of
// one more if there is one.
func (r *RowFile) numbers(conn *sqlite.Conn, p *plan, after int64) ([]int64, error) {
	if len(p.where) == 0 && len(p.sort) == 1 && r.rows >= orderRows {
		numbers, err := r.ordered(conn, p, after)
		if err != nil || numbers != nil {
			return numbers, err
		}
	}
	if after >= 0 {
		if err := p.behind(conn, after); err != nil {
			return nil, err
		}
	}
	var numbers []int64
	sql := "SELECT n" + p.from() + p.whereSQL() + p.orderSQL() + " LIMIT " + strconv.Itoa(p.size+1)
	err := query(conn, sql, p.args, func(stmt *sqlite.Stmt) {
		numbers = append(numbers, stmt.ColumnInt64(0))
	})
	return numbers, err
}

// behind adds the condition that a row comes after row n in the plan's order:
// it is greater in one of the columns and equal in those before, or equal in
// all and of a higher number. Nulls come last, so nothing is greater than one.
func (p *plan) behind(conn *sqlite.Conn, n int64) error {
	values, err := p.sortValues(conn, n)
	if err != nil {
		return err
	}
	var either []string
	var args, equalArgs []any
	equal := ""
	for i, s := range p.sort {
		if values[i] != nil {
			than := " > ?"
			if s.desc {
				than = " < ?"
			}
			either = append(either, equal+"("+s.expr+than+" OR "+sqlColumn(s.column)+" IS NULL)")
			args = append(append(args, equalArgs...), values[i])
		}
		equal += s.expr + " IS ? AND "
		equalArgs = append(equalArgs, values[i])
	}
	either = append(either, equal+"n > ?")
	args = append(append(args, equalArgs...), n)
	p.and(strings.Join(either, " OR "), args...)
	return nil
}

// sortValues reads the values that row n is sorted by.
func (p *plan) sortValues(conn *sqlite.Conn, n int64) ([]any, error) {
	if len(p.sort) == 0 {
		return nil, nil
	}
	var names []string
	for _, s := range p.sort {
		names = append(names, s.expr)
	}
	var values []any
	err := query(conn, "SELECT "+strings.Join(names, ", ")+p.from()+" WHERE n = ?", []any{n}, func(stmt *sqlite.Stmt) {
		for i := range p.sort {
			values = append(values, columnAny(stmt, i))
		}
	})
	if err == nil && values == nil {
		err = cursorError("points behind the end of the table")
	}
	return values, err
}

// from names the parts of the table that the plan uses.
func (p *plan) from() string {
	used := map[int]bool{}
	var b strings.Builder
	for _, c := range p.used {
		part := c / partColumns
		switch {
		case used[part]:
			continue
		case b.Len() == 0:
			b.WriteString(" FROM " + partTable(part))
		default:
			b.WriteString(" JOIN " + partTable(part) + " USING (n)")
		}
		used[part] = true
	}
	if b.Len() == 0 {
		return " FROM rows"
	}
	return b.String()
}

func (p *plan) whereSQL() string {
	if len(p.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(p.where, " AND ")
}

func (p *plan) orderSQL() string {
	var b strings.Builder
	b.WriteString(" ORDER BY ")
	for _, s := range p.sort {
		b.WriteString(s.expr + " " + direction(s.desc) + " NULLS LAST, ")
	}
	return b.String() + "n"
}

// read fills the page with the selected columns of the rows that it names.
func (r *RowFile) read(conn *sqlite.Conn, p *plan, page *RowPage) error {
	page.Rows = &Batch{Len: len(page.Numbers), Columns: make([]Vector, len(p.fields))}
	byPart := make([][]int, partCount(r.schema)) // positions in fields
	byColumn := make(map[int][]int, len(p.fields))
	for i, c := range p.fields {
		page.Schema = append(page.Schema, r.schema[c])
		page.Rows.Columns[i].Reset(&r.schema[c], page.Rows.Len)
		byPart[c/partColumns] = append(byPart[c/partColumns], i)
		byColumn[c] = append(byColumn[c], i)
	}
	for part, fields := range byPart {
		if len(fields) == 0 {
			continue
		}
		if err := r.readPart(conn, p, page, part, fields); err != nil {
			return err
		}
	}
	return r.readSources(conn, page, byColumn)
}

func (r *RowFile) readPart(conn *sqlite.Conn, p *plan, page *RowPage, part int, fields []int) error {
	var b strings.Builder
	b.WriteString("SELECT n")
	for _, i := range fields {
		b.WriteString(", " + sqlColumn(p.fields[i]))
	}
	stmt, _, err := conn.PrepareTransient(b.String() + " FROM " + partTable(part) + " WHERE n = ?")
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Finalize() }() // reports the error of Step again
	for row, n := range page.Numbers {
		stmt.BindInt64(1, n)
		if err := stepTo(stmt, n); err != nil {
			return err
		}
		for k, i := range fields {
			readCell(stmt, 1+k, &r.schema[p.fields[i]], &page.Rows.Columns[i], row)
		}
		if err := stmt.Reset(); err != nil {
			return err
		}
	}
	return nil
}

func (r *RowFile) readSources(conn *sqlite.Conn, page *RowPage, byColumn map[int][]int) error {
	if r.sources == 0 {
		return nil
	}
	stmt, err := conn.Prepare("SELECT c, text FROM source WHERE n = ? ORDER BY c")
	if err != nil {
		return err
	}
	for row, n := range page.Numbers {
		stmt.BindInt64(1, n)
		for {
			ok, err := stmt.Step()
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			for _, i := range byColumn[stmt.ColumnInt(0)] {
				v := &page.Rows.Columns[i]
				v.Source = append(v.Source, SourceText{Row: row, Text: stmt.ColumnText(1)})
			}
		}
		if err := stmt.Reset(); err != nil {
			return err
		}
	}
	return nil
}

// query runs a statement with its arguments and calls each with every row.
func query(conn *sqlite.Conn, sql string, args []any, each func(*sqlite.Stmt)) error {
	stmt, _, err := conn.PrepareTransient(sql)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Finalize() }() // reports the error of Step again
	for i, arg := range args {
		bindAny(stmt, i+1, arg)
	}
	for {
		ok, err := stmt.Step()
		if err != nil || !ok {
			return err
		}
		each(stmt)
	}
}

func columnAny(stmt *sqlite.Stmt, i int) any {
	switch stmt.ColumnType(i) {
	case sqlite.TypeInteger:
		return stmt.ColumnInt64(i)
	case sqlite.TypeFloat:
		return stmt.ColumnFloat(i)
	case sqlite.TypeText:
		return stmt.ColumnText(i)
	case sqlite.TypeBlob: // of the collation
		b := make([]byte, stmt.ColumnLen(i))
		stmt.ColumnBytes(i, b)
		return b
	case sqlite.TypeNull:
	}
	return nil
}

// maxTotals is how many counts are remembered.
const maxTotals = 4096

type totalKey struct{ table, filter string }

// totals remembers counts, and forgets the oldest.
type totals struct {
	mu    sync.Mutex
	n     map[totalKey]int64
	order list.List // of totalKey
}

func (t *totals) get(k totalKey) (int64, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.n[k]
	return n, ok
}

func (t *totals) put(k totalKey, n int64) {
	const longest = 4096 // bytes of a filter that is worth remembering
	if len(k.filter) > longest {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == nil {
		t.n = map[totalKey]int64{}
	}
	if _, known := t.n[k]; known {
		return
	}
	t.n[k] = n
	t.order.PushBack(k)
	if t.order.Len() > maxTotals {
		if old, ok := t.order.Remove(t.order.Front()).(totalKey); ok {
			delete(t.n, old)
		}
	}
}
