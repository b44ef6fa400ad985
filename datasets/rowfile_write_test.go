package datasets

import (
	"bytes"
	"errors"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// wantSound asks SQLite whether a row file is one.
func wantSound(t *testing.T, r *RowFile) {
	t.Helper()
	var said []string
	err := r.use(t.Context(), func(conn *sqlite.Conn) error {
		return sqlitex.ExecuteTransient(conn, "PRAGMA integrity_check", &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
			said = append(said, stmt.ColumnText(0))
			return nil
		}})
	})
	if err != nil || len(said) != 1 || said[0] != "ok" {
		t.Fatalf("SQLite says %v of the file, error %v", said, err)
	}
}

// sizedTexts has a column of numbers and one of texts whose lengths a function
// chooses, with the texts as sources of the numbers where beside says so.
func sizedTexts(rows int, length func(row int) int, beside bool) *Table {
	schema := Schema{{Name: "n", Type: Integer}, {Name: "text", Type: Text}}
	return &Table{Schema: schema, Rows: int64(rows), Scan: func(from, _ int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			for first := int(from); first < rows; first += BatchRows {
				n := min(BatchRows, rows-first)
				b := &Batch{First: int64(first), Len: n, Columns: make([]Vector, 2)}
				b.Columns[0].Reset(&schema[0], n)
				b.Columns[1].Reset(&schema[1], n)
				for row := range n {
					text := strings.Repeat(string(rune('a'+(first+row)%26)), length(first+row))
					b.Columns[0].Int[row] = int64(first + row)
					b.Columns[1].Text[row] = text
					if beside {
						b.Columns[0].Source = append(b.Columns[0].Source, SourceText{row, text})
					}
				}
				if !yield(b, nil) {
					return
				}
			}
		}
	}}
}

func TestRowFilesAreSound(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var lengths []int
	for range 3000 {
		lengths = append(lengths, random.IntN(1<<random.IntN(16)))
	}
	for name, length := range map[string]func(row int) int{
		"no text":         func(int) int { return 0 },
		"short texts":     func(row int) int { return row % 40 },
		"about a quarter": func(row int) int { return 2030 + row%40 },
		"about a page":    func(row int) int { return 8130 + row%80 },
		"many pages":      func(row int) int { return 20_000 + row },
		"any":             func(row int) int { return lengths[row] },
	} {
		for _, rows := range []int{0, 1, 2, 90, 1025, 3000} {
			for _, beside := range []bool{false, true} {
				if rows == 3000 && name == "many pages" {
					continue
				}
				table := sizedTexts(rows, length, beside)
				r := load(t, openFiles(t), table)
				wantSound(t, r)
				wantEqual(t, name, dump(t, r.Table(), 0, -1), dump(t, table, 0, -1))
				if err := r.Verify(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestRowFileOfManyPagesIsSound(t *testing.T) {
	table := sizedTexts(400_000, func(row int) int { return row % 70 }, true) // three levels
	r := load(t, openFiles(t), table)
	wantSound(t, r)
	if err := r.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// SQLite keeps the page with byte 2^30 for its locks: no row may stand there.
func TestRowsStepOverThePageOfLocks(t *testing.T) {
	const locks, page = 1 << 30, 8192
	for _, before := range []int64{1, 2, 3, 4, 5} { // pages that are left before it
		table := sizedTexts(300, func(row int) int { return 100 + 150*row }, true)
		path := filepath.Join(t.TempDir(), "rows.db")
		l, err := newLoader(path, table.Schema, nil)
		if err != nil {
			t.Fatal(err)
		}
		l.close()
		conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
		if err != nil {
			t.Fatal(err)
		}
		roots, err := rootPages(conn)
		if err := errors.Join(err, conn.Close(), os.Truncate(path, locks-before*page)); err != nil { // a hole takes no room
			t.Fatal(err)
		}
		w, err := newRowWriter(path, table.Schema, roots)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(0)
		for b := range table.Scan(0, -1) {
			for _, text := range b.Columns[1].Text {
				want += int64(len(text))
			}
			if err := w.add(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
		if conn, err = openRows(path); err != nil {
			t.Fatal(err)
		}
		rows, err := sqlitex.ResultInt64(conn.Prep("SELECT count(DISTINCT n) FROM rows JOIN source USING (n) WHERE length(c1) = length(text) AND length(c1) = 100 + 150 * n"))
		size, err2 := sqlitex.ResultInt64(conn.Prep("SELECT sum(length(c1)) FROM rows"))
		if err := errors.Join(err, err2, conn.Close()); err != nil || rows != table.Rows || size != want {
			t.Fatalf("%d pages before: %d rows with %d bytes, want %d with %d, error %v", before, rows, size, table.Rows, want, err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		kept := make([]byte, page)
		if _, err := f.ReadAt(kept, locks); err != nil || len(bytes.Trim(kept, "\x00")) > 0 {
			t.Errorf("%d pages before: something stands on the page of locks, error %v", before, err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWideRowFilesAreSound(t *testing.T) {
	schema := make(Schema, 2500)
	for i := range schema {
		schema[i] = Column{Name: sqlColumn(i), Type: []Type{Text, Integer, Date}[i%3]}
	}
	table := randomTable(7, schema, 50)
	r := load(t, openFiles(t), table)
	wantSound(t, r)
	wantEqual(t, "cells", dump(t, r.Table(), 0, -1), dump(t, table, 0, -1))
}
