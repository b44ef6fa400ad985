package datasets

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
)

// read returns the values of rows in some columns, with source texts. The rows
// may be in any order.
func (r *RowFile) read(conn *sqlite.Conn, fields []int, numbers []int64) (*Batch, error) {
	rows := &Batch{Len: len(numbers), Columns: make([]Vector, len(fields))}
	byPart := make([][]int, partCount(r.schema)) // positions in fields
	for i, c := range fields {
		rows.Columns[i].Reset(&r.schema[c], rows.Len)
		byPart[c/partColumns] = append(byPart[c/partColumns], i)
	}
	for part, some := range byPart {
		if len(some) == 0 {
			continue
		}
		if err := r.readPart(conn, part, fields, some, numbers, rows); err != nil {
			return nil, err
		}
	}
	return rows, r.readSources(conn, fields, numbers, rows)
}

func (r *RowFile) readPart(conn *sqlite.Conn, part int, fields, some []int, numbers []int64, rows *Batch) error {
	var b strings.Builder
	b.WriteString("SELECT n")
	for _, i := range some {
		b.WriteString(", " + sqlColumn(fields[i]))
	}
	stmt, _, err := conn.PrepareTransient(b.String() + " FROM " + partTable(part) + " WHERE n >= ? ORDER BY n")
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Finalize() }() // reports the error of Step again
	at := int64(-1)                        // the row that stmt stands on
	for row, n := range numbers {
		const near = 16 // rows that are sooner stepped over than found again
		if at < 0 || n <= at || n > at+near {
			if err := stmt.Reset(); err != nil {
				return err
			}
			stmt.BindInt64(1, n)
			at = n - 1
		}
		for ; at < n; at++ {
			if err := stepTo(stmt, at+1); err != nil {
				return err
			}
		}
		for k, i := range some {
			readCell(stmt, 1+k, &r.schema[fields[i]], &rows.Columns[i], row)
		}
	}
	return nil
}

func (r *RowFile) readSources(conn *sqlite.Conn, fields []int, numbers []int64, rows *Batch) error {
	if r.sources == 0 {
		return nil
	}
	byColumn := make(map[int][]int, len(fields))
	for i, c := range fields {
		byColumn[c] = append(byColumn[c], i)
	}
	stmt, err := conn.Prepare("SELECT c, text FROM source WHERE n = ? ORDER BY c")
	if err != nil {
		return err
	}
	for row, n := range numbers {
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
				v := &rows.Columns[i]
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

// stepTo steps to the row with number n, which must be the next.
func stepTo(stmt *sqlite.Stmt, n int64) error {
	ok, err := stmt.Step()
	if err != nil {
		return err
	}
	if !ok || stmt.ColumnInt64(0) != n {
		return fmt.Errorf("%w: row %d is missing", ErrDamaged, n)
	}
	return nil
}

// readCell takes column i of the row that stmt stands on. Whether a value is
// null is only asked where it could be: most are not.
func readCell(stmt *sqlite.Stmt, i int, c *Column, v *Vector, row int) {
	switch storageOf(c) {
	case inText:
		v.Text[row] = stmt.ColumnText(i)
		v.Null[row] = v.Text[row] == "" && stmt.ColumnType(i) == sqlite.TypeNull
	case inFloat:
		v.Float[row] = stmt.ColumnFloat(i)
		v.Null[row] = v.Float[row] == 0 && stmt.ColumnType(i) == sqlite.TypeNull
	case inInt:
		v.Int[row] = stmt.ColumnInt64(i)
		v.Null[row] = v.Int[row] == 0 && stmt.ColumnType(i) == sqlite.TypeNull
	}
}
