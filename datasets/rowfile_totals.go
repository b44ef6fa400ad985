package datasets

import (
	"fmt"
	"strconv"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// putTotals keeps the rows of the totals, if the table has any.
func (l *loader) putTotals() error {
	if len(l.totals) == 0 {
		return nil
	}
	if err := sqlitex.ExecuteTransient(l.conn, "CREATE TABLE totals(n INTEGER PRIMARY KEY) STRICT", nil); err != nil {
		return err
	}
	insert, _, err := l.conn.PrepareTransient("INSERT INTO totals VALUES (?)")
	if err != nil {
		return err
	}
	last := int64(-1)
	for _, row := range l.totals {
		if row <= last || row >= l.rows {
			err = fmt.Errorf("row %d is named as a total after row %d of %d", row, last, l.rows)
			break
		}
		last = row
		insert.BindInt64(1, row)
		if err = run(insert); err != nil {
			break
		}
	}
	if end := insert.Finalize(); err == nil {
		err = end
	}
	if err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(l.conn, "INSERT INTO meta VALUES (?, ?)",
		&sqlitex.ExecOptions{Args: []any{metaTotals, strconv.Itoa(len(l.totals))}})
}

// readTotals returns the rows of the totals, of which meta gives the number;
// none where it says nothing.
func readTotals(conn *sqlite.Conn, number string, rows int64) ([]int64, error) {
	if number == "" {
		return nil, nil
	}
	var totals []int64
	err := sqlitex.ExecuteTransient(conn, "SELECT n FROM totals ORDER BY n", &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			totals = append(totals, stmt.ColumnInt64(0))
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	if len(totals) == 0 || strconv.Itoa(len(totals)) != number || totals[0] < 0 || totals[len(totals)-1] >= rows {
		return nil, fmt.Errorf("%w: it has %d totals where %s were marked", ErrDamaged, len(totals), number)
	}
	return totals, nil
}
