package btree

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// made returns the bytes of a file of SQLite with a table "rows" of so many
// rows, the ids going up in steps, among them records of many pages.
func made(t *testing.T, pageSize, rows, step int) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "made.db")
	conn, err := sqlite.OpenConn(name, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	run := func(sql string, args ...any) {
		if err := sqlitex.ExecuteTransient(conn, sql, &sqlitex.ExecOptions{Args: args}); err != nil {
			t.Fatal(err)
		}
	}
	run(fmt.Sprintf("PRAGMA page_size = %d", pageSize))
	run("PRAGMA journal_mode = off")
	run("CREATE TABLE before(a)")
	run("CREATE TABLE rows(n INTEGER PRIMARY KEY, i INTEGER, x REAL, s TEXT) STRICT")
	run("CREATE INDEX beside ON before(a)")
	run("BEGIN")
	r := rand.New(rand.NewPCG(uint64(pageSize), uint64(rows)))
	for n := range rows {
		text := strings.Repeat("ب", r.IntN(40))
		if r.IntN(50) == 0 {
			text = strings.Repeat("long ", r.IntN(3*pageSize))
		}
		whole := r.Int64() >> r.IntN(64)
		if r.IntN(2) == 0 {
			whole = -whole
		}
		values := []any{n * step, whole, r.NormFloat64(), text}
		if r.IntN(3) == 0 {
			values[2] = float64(r.IntN(1000))
		}
		if r.IntN(4) == 0 {
			values[1+r.IntN(3)] = nil
		}
		run("INSERT INTO rows VALUES (?, ?, ?, ?)", values...)
		if n%7 == 0 {
			run("INSERT INTO before VALUES (?)", text)
		}
	}
	for i, v := range []int64{math.MinInt64, math.MaxInt64, 0, 1, -1, 1 << 47, -1 << 47, 1<<31 - 1, -1 << 31, 1 << 23, -1 << 23} {
		run("INSERT INTO rows VALUES (?, ?, 0.0, '')", (rows+i)*step, v)
	}
	run("COMMIT")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// asked returns the rows from an id on as SQLite reads them.
func asked(t *testing.T, file []byte, from int64) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "asked.db")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.OpenConn(name, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var out []string
	err = sqlitex.Execute(conn, "SELECT n, i, x, s FROM rows WHERE n >= ? ORDER BY n", &sqlitex.ExecOptions{Args: []any{from}, ResultFunc: func(s *sqlite.Stmt) error {
		line := fmt.Appendf(nil, "%d", s.ColumnInt64(0))
		for i := 1; i < 4; i++ {
			switch s.ColumnType(i) {
			case sqlite.TypeInteger:
				line = fmt.Append(line, " ", s.ColumnInt64(i))
			case sqlite.TypeFloat:
				line = fmt.Append(line, " ", s.ColumnFloat(i))
			case sqlite.TypeText:
				line = fmt.Appendf(line, " %q", s.ColumnText(i))
			default:
				line = append(line, " null"...)
			}
		}
		out = append(out, string(line))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// read returns the rows from an id on as they are read here.
func read(file []byte, from int64, most int) (out []string, err error) {
	f, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	root, err := f.Root("rows")
	if err != nil {
		return nil, err
	}
	for c := f.Rows(root, from); len(out) < most; {
		ok, err := c.Next()
		if err != nil || !ok {
			return out, err
		}
		line, values := fmt.Appendf(nil, "%d", c.ID), NewRecord(c.Record)
		for i := 0; values.Next(); i++ {
			v, isInt := values.Int()
			x, isNumber := values.Float()
			switch {
			case i == 0:
			case values.Null():
				line = append(line, " null"...)
			case values.Text():
				line = fmt.Appendf(line, " %q", values.Bytes())
			case i == 1 && isInt:
				line = fmt.Append(line, " ", v)
			case i == 2 && isNumber:
				line = fmt.Append(line, " ", x)
			default:
				line = append(line, " ?"...)
			}
		}
		if values.bad {
			return out, fmt.Errorf("%w: row %d", ErrFormat, c.ID)
		}
		out = append(out, string(line))
	}
	return out, nil
}

func TestRowsAreThoseThatSQLiteReads(t *testing.T) {
	for _, pageSize := range []int{512, 1024, 8192, 65536} {
		for _, rows := range []int{0, 1, 50, 1000} {
			const step = 3
			file := made(t, pageSize, rows, step)
			for _, from := range []int64{math.MinInt64, 0, 1, 3, 4, int64(rows*step) / 2, int64(rows * step), int64((rows + 20) * step)} {
				want := asked(t, file, from)
				got, err := read(file, from, math.MaxInt)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Fatalf("pages of %d bytes, %d rows, from %d: %d rows are not the %d of SQLite", pageSize, rows, from, len(got), len(want))
				}
			}
		}
	}
}

func TestDamagedPagesEndInAnError(t *testing.T) {
	whole := made(t, 512, 2000, 1)
	rows := len(asked(t, whole, 0))
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		file := bytes.Clone(whole)
		for range 1 + r.IntN(20) {
			file[r.IntN(len(file))] = byte(r.Uint32())
		}
		if r.IntN(4) == 0 {
			file = file[:r.IntN(len(file))]
		}
		got, err := read(file, int64(r.IntN(rows)), 10*rows)
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Fatalf("the error is of another kind: %v", err)
		}
		if len(got) == 10*rows {
			t.Fatal("there is no end of rows")
		}
	}
}

func TestWhatIsNoTableIsAnError(t *testing.T) {
	whole := made(t, 1024, 10, 1)
	utf16 := bytes.Clone(whole)
	utf16[59] = 2
	for name, file := range map[string][]byte{
		"empty": nil, "short": whole[:50], "header alone": whole[:100], "no database": bytes.Repeat([]byte("no database "), 500),
		"UTF-16": utf16,
	} {
		if _, err := read(file, 0, 1); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	f, err := Open(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Root("beside"); !errors.Is(err, ErrFormat) { // an index
		t.Errorf("error %v", err)
	}
}
