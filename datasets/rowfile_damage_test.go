package datasets

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// failing is a table that breaks off after some rows.
func failing(rows int64, err error) *Table {
	t := randomTable(1, testSchema(), rows)
	scan := t.Scan
	t.Scan = func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			for b, e := range scan(from, to) {
				if !yield(b, e) {
					return
				}
			}
			yield(nil, err)
		}
	}
	return t
}

// names lists what lies in a folder of f.
func names(t *testing.T, f *Files, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(f.dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestLoadThatFailsLeavesNothing(t *testing.T) {
	f := openFiles(t)
	fault := &FileError{File: "a.csv", Fault: Fault{Row: 7, Text: "it ends within a quoted cell"}}
	_, err := f.PutRows(t.Context(), failing(3000, fault), nil)
	var got *FileError
	if !errors.As(err, &got) || got.File != fault.File || got.Row != fault.Row || got.Text != fault.Text {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = f.PutRows(ctx, randomTable(1, testSchema(), 100_000), func(rows int64) {
		if rows > 5000 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	wantEqual(t, "temporary files", names(t, f, "tmp/*"), []string(nil))
	wantEqual(t, "row files", names(t, f, "rows/*/*"), []string(nil))
}

func TestLoadRefusesBrokenBatches(t *testing.T) {
	f := openFiles(t)
	inf := oneCell(Column{Name: "c", Label: "C", Type: Decimal, Float: true}, Vector{Float: []float64{1}})
	inf.Scan = func(int64, int64) iter.Seq2[*Batch, error] {
		zero := 0.0
		return func(yield func(*Batch, error) bool) {
			yield(&Batch{Len: 1, Columns: []Vector{{Null: []bool{false}, Float: []float64{1 / zero}}}}, nil)
		}
	}
	if _, err := f.PutRows(t.Context(), inf, nil); err == nil || !strings.Contains(err.Error(), `column "C": +Inf, in row 1`) {
		t.Errorf("infinite number: error %v", err)
	}
	gap := oneCell(Column{Name: "c", Type: Integer}, Vector{Int: []int64{1}})
	gap.Scan = func(int64, int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			yield(&Batch{First: 5, Len: 1, Columns: []Vector{{Null: []bool{false}, Int: []int64{1}}}}, nil)
		}
	}
	if _, err := f.PutRows(t.Context(), gap, nil); err == nil {
		t.Error("a table that begins with row 5 was loaded")
	}
	short := oneCell(Column{Name: "c", Type: Integer}, Vector{Int: []int64{1}})
	short.Schema = append(short.Schema, Column{Name: "d", Type: Integer})
	if _, err := f.PutRows(t.Context(), short, nil); err == nil {
		t.Error("a batch with too few columns was loaded")
	}
	if _, err := f.PutRows(t.Context(), &Table{}, nil); err == nil {
		t.Error("a table without columns was loaded")
	}
}

func TestDamagedRowFileIsAnError(t *testing.T) {
	table := randomTable(9, testSchema(), 20_000)
	for name, damage := range map[string]func(b []byte) []byte{
		"empty":        func([]byte) []byte { return nil },
		"cut":          func(b []byte) []byte { return b[:len(b)/2] },
		"no database":  func(b []byte) []byte { return []byte(strings.Repeat("no database ", len(b)/12)) },
		"head zeroed":  func(b []byte) []byte { clear(b[:100]); return b },
		"pages zeroed": func(b []byte) []byte { clear(b[8192 : len(b)-8192]); return b },
		"pages noise": func(b []byte) []byte {
			r := rand.New(rand.NewPCG(1, 1))
			for i := 3 * 8192; i < len(b); i++ {
				b[i] = byte(r.Uint32())
			}
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := openFiles(t)
			loaded, err := f.PutRows(t.Context(), table, nil)
			if err != nil {
				t.Fatal(err)
			}
			path := f.rowPath(loaded.Digest)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := f.Rows(loaded.Digest)
			if err == nil {
				err = r.Verify(t.Context())
			}
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("error %v", err)
			}
			if r != nil { // whatever it answers, it does not stop the program
				_, err = r.Page(t.Context(), RowQuery{Sort: []Sort{{"note", true}}})
				t.Log(err)
			}
		})
	}
}

func TestRowFileThatIsCutWhileOpenIsAnError(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(9, testSchema(), 20_000))
	dump(t, r.Table(), 0, 10)
	if err := os.Truncate(f.rowPath(r.Digest()), 4096); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("error %v", err)
	}
}

func TestAFlippedValueIsFoundByVerify(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, oneCell(Column{Name: "c", Type: Text}, Vector{Text: []string{"one hundred and ten"}}))
	path := f.rowPath(r.Digest())
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := strings.Replace(string(b), "hundred and ten", "hundred and two", 1)
	if err := os.WriteFile(path, []byte(flipped), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("error %v", err)
	}
}

func TestLoadingAgainMendsADamagedRowFile(t *testing.T) {
	f := openFiles(t)
	table := randomTable(9, testSchema(), 3000)
	r := load(t, f, table)
	dump(t, r.Table(), 0, 10) // a connection is open
	path := f.rowPath(r.Digest())
	if err := os.Truncate(path, 8192); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("error %v", err)
	}
	load(t, f, table)
	if err := r.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRowsOfAnUnknownTable(t *testing.T) {
	f := openFiles(t)
	for _, digest := range []string{strings.Repeat("ab", 32), "", "../../etc/passwd", strings.Repeat("AB", 32)} {
		if _, err := f.Rows(digest); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: error %v", digest, err)
		}
	}
}

func TestRowFileOfALaterReleaseIsRefused(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, oneCell(Column{Name: "c", Type: Integer}, Vector{Int: []int64{1}}))
	path := f.rowPath(r.Digest())
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	later := strings.Replace(string(b), "format1", "format9", 1)
	if later == string(b) {
		t.Fatal("the row file does not say its format")
	}
	if err := os.WriteFile(path, []byte(later), 0o600); err != nil {
		t.Fatal(err)
	}
	other, err := OpenFiles(f.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Rows(r.Digest()); err == nil || !strings.Contains(err.Error(), "import the file again") {
		t.Fatalf("error %v", err)
	}
}

func TestDeadlineEndsALongQuery(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(9, testSchema(), 60_000))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	_, err := r.Page(ctx, RowQuery{Filters: []Filter{{"note", Contains, []string{"99"}}}})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "longer than it may") {
		t.Fatalf("error %v", err)
	}
	if page, err := r.Page(t.Context(), RowQuery{}); err != nil || page.Rows.Len != DefaultSize {
		t.Fatalf("the page after it: %v, error %v", page, err)
	}
}
