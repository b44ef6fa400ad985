package datasets

import (
	"bytes"
	"context"
	"slices"
	"sort"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/columnar"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A matched is the rows that the filters of a query take.
type matched struct {
	rows columnar.Bitmap // nil: all
	n    int64
	left int64           // of them are totals
	sums columnar.Bitmap // without totals; nil: all rows of the table
}

// match returns the rows that the plan's filters take. The table cannot change,
// so they are remembered for the pages that follow.
func (r *RowFile) match(ctx context.Context, p *plan) (*matched, error) {
	key := keyOf(r.digest, "match", p.filterKey())
	if known, ok := r.files.memory.get(key).(*matched); ok {
		return known, nil
	}
	m := &matched{n: r.rows}
	columns := map[int]*column{}
	if r.rows <= maxColumnRows {
		var err error
		if columns, err = r.columns(ctx, p.used()); err != nil { // in one scan what is needed later too
			return nil, err
		}
	}
	for i := range p.filters {
		f := &p.filters[i]
		rows, err := r.matchOne(ctx, f, columns[f.column])
		if err != nil {
			return nil, err
		}
		if m.rows == nil {
			m.rows = rows
		} else {
			m.rows.And(rows)
		}
	}
	if m.rows != nil {
		m.n = m.rows.Count()
	}
	m.leave(r.rows, r.totals)
	r.files.memory.put(key, m, m.rows.Bytes()+m.sums.Bytes())
	return m, nil
}

// leave takes the totals out of what is added up.
func (m *matched) leave(rows int64, totals []int64) {
	m.sums = m.rows
	for _, row := range totals {
		switch {
		case m.rows != nil && !m.rows.Has(int(row)):
			continue
		case m.left > 0:
		case m.rows == nil:
			m.sums = columnar.Full(int(rows))
		default:
			m.sums = slices.Clone(m.rows)
		}
		m.sums.Unset(int(row))
		m.left++
	}
}

// matchOne returns the rows that one filter takes. The column is nil or wide
// when its values must be read from the row file.
func (r *RowFile) matchOne(ctx context.Context, p *predicate, c *column) (rows columnar.Bitmap, err error) {
	switch {
	case c == nil || c.wide:
		if rows, err = r.scanMatch(ctx, p); err != nil {
			return nil, err
		}
	case p.null:
		rows = c.IsNull()
	case c.texts != nil:
		rows = c.Codes.Match(p.matchTexts(c.texts))
	case c.Codes == nil && c.Floats != nil:
		rows = c.WithinFloats(p.floats)
	case c.Codes == nil:
		rows = c.Within(p.ints)
	case storageOf(&r.schema[p.column]) == inFloat:
		rows = c.Codes.Match(matchCodes(c.Floats, p.floats))
	default:
		rows = c.Codes.Match(matchCodes(c.Ints, p.ints))
	}
	if p.not {
		all := columnar.Full(int(r.rows))
		all.AndNot(rows)
		return all, nil
	}
	return rows, nil
}

// matchCodes tells for each code, and for null, whether its value is in a span.
func matchCodes[T int64 | float64](values []T, spans []columnar.Span[T]) []bool {
	table := make([]bool, len(values)+1)
	for i, v := range values {
		table[i] = columnar.In(spans, v)
	}
	return table
}

// matchTexts tells for each code, and for null, whether its text is taken.
func (p *predicate) matchTexts(d *dictionary) []bool {
	table := make([]bool, d.len()+1)
	if p.ordered() {
		s := newSorter()
		than := s.key(p.texts[0])
		from, _ := sort.Find(d.len(), func(i int) int { return bytes.Compare(than, s.key(d.at(i))) })
		to := from + sort.Search(d.len()-from, func(i int) bool { return bytes.Compare(s.key(d.at(from+i)), than) > 0 })
		for i := range d.len() {
			table[i] = p.op == Less && i < from || p.op == AtMost && i < to || p.op == AtLeast && i >= from || p.op == Greater && i >= to
		}
		return table
	}
	for i, folded := range d.fold() {
		table[i] = p.takes(folded)
	}
	return table
}

// ordered reports whether texts are compared by their order.
func (p *predicate) ordered() bool {
	return p.op == Greater || p.op == AtLeast || p.op == Less || p.op == AtMost
}

// takes reports whether a folded text is taken.
func (p *predicate) takes(folded string) bool {
	switch p.op {
	case Contains:
		return strings.Contains(folded, p.texts[0])
	case StartsWith:
		return strings.HasPrefix(folded, p.texts[0])
	default: // the others became In
		_, found := slices.BinarySearch(p.texts, folded)
		return found
	}
}

// textTest returns takes for texts as they are. It is for one goroutine.
func (p *predicate) textTest() func(text string) bool {
	if !p.ordered() {
		return func(text string) bool { return p.takes(persian.Fold(text)) }
	}
	s := newSorter()
	than := s.key(p.texts[0])
	return func(text string) bool {
		c := bytes.Compare(s.key(text), than)
		return p.op == Less && c < 0 || p.op == AtMost && c <= 0 || p.op == AtLeast && c >= 0 || p.op == Greater && c > 0
	}
}

// scanMatch reads all values of a column to tell which are taken.
func (r *RowFile) scanMatch(ctx context.Context, p *predicate) (columnar.Bitmap, error) {
	rows := columnar.NewBitmap(int(r.rows))
	test := func(string) bool { return false }
	if p.texts != nil {
		test = p.textTest()
	}
	storage := storageOf(&r.schema[p.column])
	err := r.use(ctx, func(conn *sqlite.Conn) error {
		sql := "SELECT n, " + sqlColumn(p.column) + " FROM " + partTable(p.column/partColumns)
		return query(conn, sql, nil, func(stmt *sqlite.Stmt) {
			n, null := stmt.ColumnInt64(0), stmt.ColumnType(1) == sqlite.TypeNull
			taken := false
			switch {
			case n < 0 || n >= r.rows:
			case null || p.null:
				taken = null && p.null
			case storage == inText:
				taken = test(stmt.ColumnText(1))
			case storage == inFloat:
				taken = columnar.In(p.floats, stmt.ColumnFloat(1))
			default:
				taken = columnar.In(p.ints, stmt.ColumnInt64(1))
			}
			if taken {
				rows.Set(int(n))
			}
		})
	})
	return rows, err
}
