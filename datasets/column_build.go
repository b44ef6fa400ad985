package datasets

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// A columnBuilder makes a column of values that come row by row.
type columnBuilder struct {
	limit  columnLimits
	rows   int
	ints   []int64
	floats []float64
	nulls  columnar.Bitmap
	null   bool // one came

	ids   []uint32 // of texts, in the order in which they came; noText where there is none
	index map[string]uint32
	texts []string
	bytes int
	wide  bool
	buf   []byte
}

const noText = math.MaxUint32

func newColumnBuilder(c *Column, rows int, limit columnLimits) *columnBuilder {
	b := &columnBuilder{limit: limit, rows: rows, nulls: columnar.NewBitmap(rows)}
	switch storageOf(c) {
	case inText:
		b.ids, b.index = make([]uint32, rows), map[string]uint32{}
	case inFloat:
		b.floats = make([]float64, rows)
	case inInt:
		b.ints = make([]int64, rows)
	}
	return b
}

// add takes the value of a row from column i of stmt.
func (b *columnBuilder) add(stmt *sqlite.Stmt, i, row int) {
	switch {
	case b.ids != nil:
		b.addText(stmt, i, row)
	case stmt.ColumnType(i) == sqlite.TypeNull:
		b.nulls.Set(row)
		b.null = true
	case b.floats != nil:
		b.floats[row] = stmt.ColumnFloat(i) + 0 // the negative zero is the other
	default:
		b.ints[row] = stmt.ColumnInt64(i)
	}
}

func (b *columnBuilder) addText(stmt *sqlite.Stmt, i, row int) {
	b.buf = columnBytes(stmt, i, b.buf)
	if len(b.buf) == 0 && stmt.ColumnType(i) == sqlite.TypeNull {
		b.ids[row] = noText
		return
	}
	if b.wide {
		return
	}
	id, known := b.index[string(b.buf)]
	if !known {
		own := string(b.buf)
		id = uint32(len(b.texts)) //nolint:gosec // see columnLimits
		b.index[own] = id
		b.texts = append(b.texts, own)
		b.bytes += len(own)
		if len(b.texts) > b.limit.texts || b.bytes > b.limit.bytes {
			b.wide, b.index, b.texts = true, nil, nil
		}
	}
	b.ids[row] = id
}

// columnBytes returns the text of column i in buf, or a larger one.
func columnBytes(stmt *sqlite.Stmt, i int, buf []byte) []byte {
	n := stmt.ColumnLen(i)
	buf = slices.Grow(buf[:0], n)[:n]
	stmt.ColumnBytes(i, buf)
	return buf
}

// column returns what was built.
func (b *columnBuilder) column() *column {
	switch {
	case b.wide:
		return &column{wide: true, Column: columnar.Column{Rows: b.rows}}
	case b.ids != nil:
		return b.coded()
	}
	c := &column{Column: columnar.Column{Rows: b.rows, Ints: b.ints, Floats: b.floats}}
	if b.null {
		c.Nulls = b.nulls
	}
	if b.floats != nil {
		if values, codes := code(b.floats, c.Nulls); codes != nil {
			c.Codes, c.Floats, c.Nulls = codes, values, nil
		}
	} else if values, codes := code(b.ints, c.Nulls); codes != nil {
		c.Codes, c.Ints, c.Nulls = codes, values, nil
	}
	return c
}

// coded returns a column of texts.
func (b *columnBuilder) coded() *column {
	order := newSorter().sort(b.texts)
	sorted := make([]string, len(order))
	place := make([]uint32, len(order))
	for rank, id := range order {
		sorted[rank], place[id] = b.texts[id], uint32(rank) //nolint:gosec // see columnLimits
	}
	codes := columnar.NewCodes(b.rows, len(order))
	for row, id := range b.ids {
		if id == noText {
			codes.Put(row, uint32(len(order))) //nolint:gosec // see columnLimits
		} else {
			codes.Put(row, place[id])
		}
	}
	return &column{Column: columnar.Column{Rows: b.rows, Codes: codes}, texts: newDictionary(sorted)}
}

// code returns the different values, ascending, and the code of each row; or
// nil when there are more than maxNumbers.
func code[T int64 | float64](values []T, nulls columnar.Bitmap) ([]T, *columnar.Codes) {
	seen := make(map[T]uint32, 1024)
	for row, v := range values {
		if row > 0 && v == values[row-1] { //nolint:gocritic // a value, or 0 of a null, which goes below
			continue
		}
		if nulls.Has(row) {
			continue
		}
		if seen[v] = 0; len(seen) > maxNumbers {
			return nil, nil
		}
	}
	for row, v := range values { // a run may have begun with a null
		if v == 0 && !nulls.Has(row) {
			seen[v] = 0
			break
		}
	}
	different := make([]T, 0, len(seen))
	for v := range seen {
		different = append(different, v)
	}
	slices.SortFunc(different, func(a, b T) int { return cmp.Compare(a, b) })
	for i, v := range different {
		seen[v] = uint32(i) //nolint:gosec // see maxNumbers
	}
	codes := columnar.NewCodes(len(values), len(different))
	for row, v := range values {
		if nulls.Has(row) {
			codes.Put(row, uint32(len(different))) //nolint:gosec // see maxNumbers
		} else {
			codes.Put(row, seen[v])
		}
	}
	return different, codes
}

// buildColumns reads some columns of the row file in one scan.
func (r *RowFile) buildColumns(ctx context.Context, which []int) (map[int]*column, error) {
	out := map[int]*column{}
	byPart := make([][]int, partCount(r.schema))
	for _, c := range which {
		byPart[c/partColumns] = append(byPart[c/partColumns], c)
	}
	for part, columns := range byPart {
		if len(columns) == 0 {
			continue
		}
		var builders []*columnBuilder
		for _, c := range columns {
			builders = append(builders, newColumnBuilder(&r.schema[c], int(r.rows), r.files.limits))
		}
		err := r.use(ctx, func(conn *sqlite.Conn) error { return r.readColumns(conn, part, columns, builders) })
		if err != nil {
			return nil, err
		}
		for i, c := range columns {
			out[c] = builders[i].column()
		}
	}
	return out, nil
}

// readColumns gives each builder all values of its column.
func (r *RowFile) readColumns(conn *sqlite.Conn, part int, columns []int, builders []*columnBuilder) error {
	var names []string
	for _, c := range columns {
		names = append(names, sqlColumn(c))
	}
	at := int64(0)
	var fault error
	err := query(conn, "SELECT n, "+strings.Join(names, ", ")+" FROM "+partTable(part)+" ORDER BY n", nil, func(stmt *sqlite.Stmt) {
		if n := stmt.ColumnInt64(0); n != at || n >= r.rows {
			fault = missingRow(at)
			return
		}
		for i, b := range builders {
			b.add(stmt, 1+i, int(at))
		}
		at++
	})
	if err == nil && fault == nil && at != r.rows {
		fault = missingRow(at)
	}
	return cmp.Or(err, fault)
}

// rank returns the order of a wide column of texts: a code for each row, the
// same for the same text, without a dictionary. The sort is SQLite's, on disk.
func (r *RowFile) rank(ctx context.Context, c int) (*column, error) {
	ranks := make([]uint32, r.rows)
	var before, text []byte
	code, rows := -1, int64(0)
	nulls := columnar.NewBitmap(int(r.rows))
	err := r.use(ctx, func(conn *sqlite.Conn) error {
		name := sqlColumn(c)
		sql := "SELECT n, " + name + " FROM " + partTable(c/partColumns) +
			" ORDER BY " + collateFunction + "(" + name + ") NULLS LAST, " + name
		return query(conn, sql, nil, func(stmt *sqlite.Stmt) {
			n := stmt.ColumnInt64(0)
			if rows++; n < 0 || n >= r.rows {
				return
			}
			text = columnBytes(stmt, 1, text)
			switch {
			case len(text) == 0 && stmt.ColumnType(1) == sqlite.TypeNull:
				nulls.Set(int(n))
				return
			case code < 0 || string(text) != string(before):
				code++
				before = append(before[:0], text...)
			}
			ranks[n] = uint32(code) //nolint:gosec // at most the number of rows
		})
	})
	if err == nil && rows != r.rows {
		err = r.readError(ctx, missingRow(rows))
	}
	if err != nil {
		return nil, err
	}
	codes := columnar.NewCodes(int(r.rows), code+1)
	for row, rank := range ranks {
		if nulls.Has(row) {
			rank = uint32(codes.Card) //nolint:gosec // at most the number of rows
		}
		codes.Put(row, rank)
	}
	return &column{Column: columnar.Column{Rows: int(r.rows), Codes: codes}}, nil
}

// part returns the column of a part of the dates in c.
func (c *column) part(def *Column, g GroupBy) *column {
	perDay := int64(1)
	if def.Type == DateTime {
		perDay = microsPerDay
	}
	numbers := map[int64]int64{} // of a day
	number := func(v int64) int64 {
		day := floorDiv(v, perDay)
		n, known := numbers[day]
		if !known {
			n = partOf(day, g.Part)
			numbers[day] = n
		}
		return n
	}
	values, out := make([]int64, c.Rows), &column{Column: columnar.Column{Rows: c.Rows}}
	nulls := c.IsNull()
	for row := range values {
		if nulls.Has(row) {
			continue
		}
		if values[row] = number(c.Int(row)); values[row] == noPart {
			values[row] = 0
			nulls.Set(row)
		}
	}
	if out.Ints, out.Codes = code(values, nulls); out.Codes == nil {
		out.Ints, out.Nulls = values, nulls
	} else if written := partPrint(g.Part); written != nil {
		var texts []string
		for _, v := range out.Ints {
			texts = append(texts, written(v))
		}
		out.texts, out.Ints = newDictionary(texts), nil
	}
	return out
}

func missingRow(n int64) error {
	return &missingError{n}
}

type missingError struct{ row int64 }

func (e *missingError) Error() string {
	return ErrDamaged.Error() + ": row " + strconv.FormatInt(e.row, 10) + " is missing"
}

func (e *missingError) Unwrap() error { return ErrDamaged }
