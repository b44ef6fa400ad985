package datasets

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// withTotals is a table of six numbers with the given totals.
func withTotals(totals ...int64) *Table {
	t := numbersTable(6)
	t.Totals = totals
	return t
}

func numbersTable(n int64) *Table {
	schema := Schema{{Name: "Amount (EUR)", Label: "Amount (EUR)", Type: Integer}}
	return &Table{Schema: schema, Rows: n, Scan: func(int64, int64) iter.Seq2[*Batch, error] {
		b := &Batch{Len: int(n), Columns: make([]Vector, 1)}
		b.Columns[0].Reset(&schema[0], b.Len)
		for i := range b.Len {
			b.Columns[0].Int[i] = int64(i)
		}
		return func(yield func(*Batch, error) bool) { yield(b, nil) }
	}}
}

func TestTotalsAreKeptInTheRowFile(t *testing.T) {
	f := openFiles(t)
	digests := map[string]bool{}
	for _, totals := range [][]int64{nil, {5}, {0}, {2, 5}} {
		loaded, err := f.PutRows(t.Context(), withTotals(totals...), nil)
		if err != nil {
			t.Fatal(err)
		}
		digests[loaded.Digest] = true
		r, err := f.Rows(loaded.Digest)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Totals(), totals) || !slices.Equal(r.Table().Totals, totals) {
			t.Errorf("the totals %v come back as %v", totals, r.Totals())
		}
		if err := r.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		if unit := r.Schema()[0].Unit; unit != "EUR" {
			t.Errorf("the unit comes back as %q", unit)
		}
	}
	if len(digests) != 4 {
		t.Errorf("%d digests of tables that differ in their totals", len(digests))
	}
	for _, totals := range [][]int64{{6}, {-1}, {3, 3}, {4, 2}} {
		if _, err := f.PutRows(t.Context(), withTotals(totals...), nil); err == nil {
			t.Errorf("the totals %v of six rows were kept", totals)
		}
	}
}

// The digest of a table without totals, and its row file, are what they were
// before totals were known.
func TestATableWithoutTotalsIsAsBefore(t *testing.T) {
	f := openFiles(t)
	loaded, err := f.PutRows(t.Context(), numbersTable(6), nil)
	if err != nil {
		t.Fatal(err)
	}
	const before = "d835dc45fe3151c1ded12f4c303eba8ea469cc236e6fd34ce593b7ee34c257b0"
	if loaded.Digest != before {
		t.Errorf("the digest is %s, it was %s", loaded.Digest, before)
	}
	r, err := f.Rows(loaded.Digest)
	if err != nil {
		t.Fatal(err)
	}
	err = r.use(t.Context(), func(conn *sqlite.Conn) error {
		return sqlitex.ExecuteTransient(conn, "SELECT name FROM sqlite_master WHERE name = 'totals' UNION SELECT key FROM meta WHERE key = 'totals'",
			&sqlitex.ExecOptions{ResultFunc: func(*sqlite.Stmt) error { return errors.New("it has a word of totals") }})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTotalsThatWereLostAreDamage(t *testing.T) {
	f := openFiles(t)
	loaded, err := f.PutRows(t.Context(), withTotals(2, 5), nil)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite.OpenConn(f.rowPath(loaded.Digest), sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteTransient(conn, "DELETE FROM totals", nil); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Rows(loaded.Digest); !errors.Is(err, ErrDamaged) {
		t.Errorf("a row file without its totals opens with %v", err)
	}
}
