package datasets

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"zombiezen.com/go/sqlite"

	"github.com/openshafaf/shafaf/datasets/btree"
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
	texts columnar.ValueTable[string]
	last  uint32 // the id of the row before
	bytes int
	wide  bool
}

const noText = math.MaxUint32

func newColumnBuilder(c *Column, rows int, limit columnLimits) *columnBuilder {
	b := &columnBuilder{limit: limit, rows: rows, nulls: columnar.NewBitmap(rows)}
	switch storageOf(c) {
	case inText:
		_, _, hash := columnar.Hashers()
		b.ids, b.texts, b.last = make([]uint32, rows), columnar.ValueTable[string]{Hash: hash}, noText
	case inFloat:
		b.floats = make([]float64, rows)
	case inInt:
		b.ints = make([]int64, rows)
	}
	return b
}

// add takes a value as the value of a row. It reports whether it is of the type
// of the column.
func (b *columnBuilder) add(value *btree.Record, row int) (ok bool) {
	switch {
	case value.Null():
		b.addNull(row)
		ok = true
	case b.ids != nil:
		b.addText(value.Bytes(), row)
		ok = value.Text()
	case b.floats != nil:
		b.floats[row], ok = value.Float()
		b.floats[row] += 0 // the negative zero is the other
	default:
		b.ints[row], ok = value.Int()
	}
	return ok
}

func (b *columnBuilder) addNull(row int) {
	if b.ids != nil {
		b.ids[row] = noText
		return
	}
	b.nulls.Set(row)
	b.null = true
}

func (b *columnBuilder) addText(text []byte, row int) {
	if b.wide {
		return
	}
	s := unsafe.String(unsafe.SliceData(text), len(text)) // only until find returns
	if b.last == noText || b.texts.Keys[b.last] != s {
		number, known := b.texts.Find(s, strings.Clone)
		b.last = uint32(number) //nolint:gosec // see columnLimits
		if !known {
			b.bytes += len(text)
			if len(b.texts.Keys) > b.limit.texts || b.bytes > b.limit.bytes {
				b.wide, b.texts = true, columnar.ValueTable[string]{}
				return
			}
		}
	}
	b.ids[row] = b.last
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
		_, hash, _ := columnar.Hashers()
		if values, codes := code(b.floats, c.Nulls, hash); codes != nil {
			c.Codes, c.Floats, c.Nulls = codes, values, nil
		}
	} else if values, codes := codeInts(b.ints, c.Nulls); codes != nil {
		c.Codes, c.Ints, c.Nulls = codes, values, nil
	}
	return c
}

// coded returns a column of texts.
func (b *columnBuilder) coded() *column {
	texts := b.texts.Keys
	order := newSorter().sort(texts)
	sorted := make([]string, len(order))
	place := make([]uint32, len(order))
	for rank, id := range order {
		sorted[rank], place[id] = texts[id], uint32(rank) //nolint:gosec // see columnLimits
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

func codeInts(values []int64, nulls columnar.Bitmap) ([]int64, *columnar.Codes) {
	hash, _, _ := columnar.Hashers()
	return code(values, nulls, hash)
}

// code returns the different values, ascending, and the code of each row; or
// nil when there are more than maxNumbers.
func code[T int64 | float64](values []T, nulls columnar.Bitmap, hash func(T) uint64) ([]T, *columnar.Codes) {
	table := columnar.ValueTable[T]{Hash: hash}
	ids := make([]uint16, len(values)) // see maxNumbers
	last := -1                         // the row before that has a value
	for row, v := range values {
		switch {
		case nulls.Has(row):
			continue
		case last >= 0 && v == values[last]: //nolint:gocritic // equal, not near
			ids[row] = ids[last]
		default:
			id, _ := table.Find(v, same)
			if ids[row] = uint16(id); len(table.Keys) > maxNumbers { //nolint:gosec // see the condition
				return nil, nil
			}
		}
		last = row
	}
	different := slices.Clone(table.Keys)
	slices.SortFunc(different, func(a, b T) int { return cmp.Compare(a, b) })
	place := make([]uint32, len(different))
	for i, v := range different {
		id, _ := table.Find(v, same)
		place[id] = uint32(i) //nolint:gosec // see maxNumbers
	}
	codes := columnar.NewCodes(len(values), len(different))
	for row, id := range ids {
		if nulls.Has(row) {
			codes.Put(row, uint32(len(different))) //nolint:gosec // see maxNumbers
		} else {
			codes.Put(row, place[id])
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
		slices.Sort(columns)
		builders := make([]*columnBuilder, len(columns))
		for i, c := range columns {
			builders[i] = newColumnBuilder(&r.schema[c], int(r.rows), r.files.limits)
		}
		if err := r.readError(ctx, r.readColumns(ctx, part, columns, builders)); err != nil {
			return nil, err
		}
		var beside beside
		built := make([]*column, len(columns))
		for i := range columns {
			beside.run(func() { built[i] = builders[i].column() })
		}
		beside.wait()
		for i, c := range columns {
			out[c] = built[i]
		}
	}
	return out, nil
}

// readColumns gives each builder all values of its column; the columns ascend.
func (r *RowFile) readColumns(ctx context.Context, part int, columns []int, builders []*columnBuilder) error {
	pages, err := os.Open(r.files.rowPath(r.digest))
	if err != nil {
		return err
	}
	defer func() { _ = pages.Close() }() // only read
	info, err := pages.Stat()
	if err != nil {
		return err
	}
	file, err := btree.Open(pages, info.Size())
	if err != nil {
		return damaged(err)
	}
	root, err := file.Root(partTable(part))
	if err != nil {
		return damaged(err)
	}
	rows := file.Rows(root, 0)
	for at := int64(0); ; at++ {
		ok, err := rows.Next()
		switch {
		case err != nil:
			return damaged(err)
		case !ok && at == r.rows:
			return nil
		case !ok || rows.ID != at || at == r.rows:
			return missingRow(at)
		case at%BatchRows == 0 && ctx.Err() != nil:
			return ctx.Err()
		}
		values := btree.NewRecord(rows.Record)
		next := part*partColumns - 1 // behind the row id, which stands first
		for i, c := range columns {
			for next <= c && values.Next() {
				next++
			}
			if next <= c || !builders[i].add(&values, int(at)) {
				return fmt.Errorf("%w: row %d is not as it was written", ErrDamaged, at)
			}
		}
	}
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
	if out.Ints, out.Codes = codeInts(values, nulls); out.Codes == nil {
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
