package datasets

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// testSchema has a column of every type and storage.
func testSchema() Schema {
	return Schema{
		{Name: "id", Label: "Id", Type: Integer},
		{Name: "agency", Label: "دستگاه", Type: Text},
		{Name: "note", Label: "Note", Type: Text},
		{Name: "amount", Label: "Amount", Type: Decimal, Scale: 2, Fixed: true},
		{Name: "rate", Label: "Rate", Type: Decimal, Float: true},
		{Name: "open", Label: "Open", Type: Boolean},
		{Name: "day", Label: "Day", Type: Date, Layout: "iso"},
		{Name: "at", Label: "At", Type: DateTime, UTC: true, Layout: "iso"},
		{Name: "few", Label: "Few", Type: Integer},
	}
}

var testWords = []string{
	"سازمان برنامه و بودجه", "وزارت راه", "شهرداری تهران", "چهارمحال و بختیاری", "یزد", "Ministry of Finance",
	"a,b", "\"quoted\"", "line\nbreak", "", "nul\x00inside", "پارس", "گیلان", "كتاب‌های عربي",
}

// randomCell fills one cell; about one in eight is null.
func randomCell(r *rand.Rand, c *Column, v *Vector, row int, first int64) {
	if v.Null[row] = r.IntN(8) == 0; v.Null[row] {
		return
	}
	switch {
	case c.Name == "id":
		v.Int[row] = (first + int64(row)) * 7919 % 1_000_003
	case c.Name == "few":
		v.Int[row] = int64(r.IntN(4)) - 1
	case c.Name == "note":
		v.Text[row] = fmt.Sprintf("note %d", r.IntN(1_000_000))
	case c.Type == Text:
		v.Text[row] = testWords[r.IntN(len(testWords))]
	case c.Float:
		v.Float[row] = r.NormFloat64() * 1000
	case c.Type == Boolean:
		v.Int[row] = int64(r.IntN(2))
	case c.Type == Date:
		v.Int[row] = int64(r.IntN(20_000)) - 3000
	case c.Type == DateTime:
		v.Int[row] = int64(r.IntN(1<<50)) - 1<<48
	default:
		v.Int[row] = int64(r.IntN(2_000_000)) - 1_000_000
	}
	if c.Type != Text && r.IntN(10) == 0 {
		v.Source = append(v.Source, SourceText{Row: row, Text: fmt.Sprintf(" %d ", r.IntN(100))})
	}
}

// randomTable makes the same table each time it is scanned.
func randomTable(seed uint64, schema Schema, rows int64) *Table {
	return &Table{Schema: schema, Rows: rows, Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		if from != 0 || to >= 0 {
			panic("only whole scans")
		}
		return func(yield func(*Batch, error) bool) {
			r := rand.New(rand.NewPCG(seed, 1))
			b := &Batch{Columns: make([]Vector, len(schema))}
			for b.First = 0; b.First < rows; b.First += int64(b.Len) {
				b.Len = int(min(rows-b.First, 1+r.Int64N(BatchRows)))
				for c := range schema {
					b.Columns[c].Reset(&schema[c], b.Len)
					for row := range b.Len {
						randomCell(r, &schema[c], &b.Columns[c], row, b.First)
					}
				}
				if !yield(b, nil) {
					return
				}
			}
		}
	}}
}

// dump prints every cell of a table, with its source text.
func dump(tb testing.TB, table *Table, from, to int64) []string {
	tb.Helper()
	var rows []string
	for b, err := range table.Scan(from, to) {
		if err != nil {
			tb.Fatal(err)
		}
		rows = append(rows, dumpBatch(table.Schema, b)...)
	}
	return rows
}

func dumpBatch(schema Schema, b *Batch) []string {
	rows := make([]string, b.Len)
	for row := range rows {
		var line strings.Builder
		for c := range schema {
			v := &b.Columns[c]
			text := string(schema[c].Append(nil, v, row))
			fmt.Fprintf(&line, "%t %q", v.Null[row], text)
			for _, s := range v.Source {
				if s.Row == row {
					fmt.Fprintf(&line, " from %q", s.Text)
				}
			}
			line.WriteByte('|')
		}
		rows[row] = line.String()
	}
	return rows
}

func openFiles(tb testing.TB) *Files {
	tb.Helper()
	f, err := OpenFiles(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return f
}

func load(tb testing.TB, f *Files, table *Table) *RowFile {
	tb.Helper()
	loaded, err := f.PutRows(tb.Context(), table, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := f.Rows(loaded.Digest)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func wantEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

func TestRowFileKeepsEveryCell(t *testing.T) {
	f := openFiles(t)
	for seed, rows := range []int64{1, 2, 1023, 1024, 1025, 5000} {
		table := randomTable(uint64(seed), testSchema(), rows)
		r := load(t, f, table)
		wantEqual(t, "rows", r.Len(), rows)
		wantEqual(t, "schema", r.Schema(), table.Schema)
		want := dump(t, table, 0, -1)
		wantEqual(t, "cells", dump(t, r.Table(), 0, -1), want)
		from, to := rows/3, rows-rows/4
		wantEqual(t, "some cells", dump(t, r.Table(), from, to), want[from:to])
		if err := r.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRowFileOfAnEmptyTable(t *testing.T) {
	r := load(t, openFiles(t), randomTable(1, testSchema(), 0))
	wantEqual(t, "rows", len(dump(t, r.Table(), 0, -1)), 0)
	page, err := r.Page(t.Context(), RowQuery{Sort: []Sort{{Column: "id"}}})
	if err != nil || page.Total != 0 || page.Rows.Len != 0 || page.Next != "" {
		t.Fatalf("page %+v, error %v", page, err)
	}
}

func TestDigestIsOfTheContentAlone(t *testing.T) {
	f := openFiles(t)
	schema := testSchema()
	first, err := f.PutRows(t.Context(), randomTable(1, schema, 3000), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.PutRows(t.Context(), randomTable(1, schema, 3000), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the same table", again, first)
	r, err := f.Rows(first.Digest)
	if err != nil {
		t.Fatal(err)
	}
	other := openFiles(t) // in batches of other sizes
	copied, err := other.PutRows(t.Context(), r.Table(), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "the digest of a copy", copied.Digest, first.Digest)

	seen := map[string]string{first.Digest: "the table"}
	differ := func(what string, table *Table) {
		t.Helper()
		l, err := f.PutRows(t.Context(), table, nil)
		if err != nil {
			t.Fatal(err)
		}
		if same := seen[l.Digest]; same != "" {
			t.Errorf("%s has the digest of %s", what, same)
		}
		seen[l.Digest] = what
	}
	differ("another table", randomTable(2, schema, 3000))
	differ("a shorter table", randomTable(1, schema, 2999))
	for _, change := range []func(c *Column){
		func(c *Column) { c.Name = "x" }, func(c *Column) { c.Label = "x" }, func(c *Column) { c.Layout = "dmy" },
		func(c *Column) { c.Scale = 3 }, func(c *Column) { c.Fixed = !c.Fixed }, func(c *Column) { c.UTC = !c.UTC },
	} {
		changed := testSchema()
		change(&changed[3])
		differ(fmt.Sprintf("a table with column %+v", changed[3]), randomTable(1, changed, 3000))
	}
}

// oneCell is a table of one cell.
func oneCell(c Column, v Vector) *Table {
	v.Null = append(v.Null, false)[:1]
	return &Table{Schema: Schema{c}, Rows: 1, Scan: func(int64, int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) { yield(&Batch{Len: 1, Columns: []Vector{v}}, nil) }
	}}
}

func TestDigestTellsNullsAndSourceTextsApart(t *testing.T) {
	f := openFiles(t)
	text, number := Column{Name: "c", Type: Text}, Column{Name: "c", Type: Integer}
	seen := map[string]bool{}
	for i, table := range []*Table{
		oneCell(text, Vector{Null: []bool{true}, Text: []string{""}}),
		oneCell(text, Vector{Text: []string{""}}),
		oneCell(text, Vector{Text: []string{"0"}}),
		oneCell(number, Vector{Int: []int64{0}}),
		oneCell(number, Vector{Null: []bool{true}, Int: []int64{0}}),
		oneCell(number, Vector{Null: []bool{true}, Int: []int64{0}, Source: []SourceText{{0, "-"}}}),
		oneCell(number, Vector{Int: []int64{0}, Source: []SourceText{{0, "-"}}}),
		oneCell(number, Vector{Int: []int64{0}, Source: []SourceText{{0, "00"}}}),
	} {
		r := load(t, f, table)
		if seen[r.Digest()] {
			t.Errorf("table %d has the digest of another", i)
		}
		seen[r.Digest()] = true
		wantEqual(t, "cell", dump(t, r.Table(), 0, -1), dump(t, table, 0, -1))
	}
}

func TestWideTable(t *testing.T) {
	schema := make(Schema, 2*partColumns+345)
	for i := range schema {
		schema[i] = Column{Name: fmt.Sprintf("col %d", i), Label: "x", Type: Integer}
		if i%3 == 0 {
			schema[i].Type = Text
		}
	}
	f := openFiles(t)
	table := randomTable(5, schema, 300)
	r := load(t, f, table)
	want := dump(t, table, 0, -1)
	wantEqual(t, "cells", dump(t, r.Table(), 0, -1), want)
	wantEqual(t, "some cells", dump(t, r.Table(), 100, 103), want[100:103])

	q := RowQuery{
		Filters: []Filter{{"col 0", IsNull, []string{"false"}}, {"col 1001", IsNull, []string{"false"}}},
		Sort:    []Sort{{"col 2300", true}, {"col 1200", false}}, Size: 7,
		Select: []string{"col 2300", "col 5", "col 1500"},
	}
	got := walk(t, r, q)
	wantEqual(t, "rows of all pages", len(got), naiveCount(t, table, func(b *Batch, row int) bool {
		return !b.Columns[0].Null[row] && !b.Columns[1001].Null[row]
	}))
}

// naiveCount counts the rows of a table that match.
func naiveCount(t *testing.T, table *Table, match func(b *Batch, row int) bool) int {
	t.Helper()
	n := 0
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		for row := range b.Len {
			if match(b, row) {
				n++
			}
		}
	}
	return n
}

func TestScansRunAtOnce(t *testing.T) {
	f := openFiles(t)
	table := randomTable(3, testSchema(), 4000)
	r := load(t, f, table)
	want := dump(t, table, 0, -1)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			from := int64(i) * 100
			at := from
			for b, err := range r.Table().Scan(from, -1) {
				if err != nil {
					t.Error(err)
					return
				}
				if rows := dumpBatch(r.Schema(), b); !reflect.DeepEqual(rows, want[at:at+int64(b.Len)]) {
					t.Errorf("scan %d differs from row %d on", i, at)
				}
				at += int64(b.Len)
				page, err := r.Page(t.Context(), RowQuery{Sort: []Sort{{"agency", i%2 == 0}}, Size: 10})
				if err != nil || page.Rows.Len != 10 {
					t.Errorf("page of %v rows, error %v", page, err)
				}
			}
			if at != r.Len() {
				t.Errorf("scan %d ended at row %d", i, at)
			}
		})
	}
	all.Wait()
	if n := f.conns.idle.Len(); n > maxIdle {
		t.Errorf("%d connections are idle", n)
	}
}

func TestScanThatIsLeftEarlyGivesItsConnectionBack(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(3, testSchema(), 4000))
	for range 3 {
		for range r.Table().Scan(0, -1) {
			break
		}
	}
	wantEqual(t, "idle connections", f.conns.idle.Len(), 1)
	want := dump(t, randomTable(3, testSchema(), 4000), 0, -1)
	wantEqual(t, "cells", dump(t, r.Table(), 0, -1), want)
}

func TestManyTablesNeedFewDescriptors(t *testing.T) {
	f := openFiles(t)
	var open []*RowFile
	for i := range 3 * maxIdle {
		open = append(open, load(t, f, oneCell(Column{Name: "c", Type: Integer}, Vector{Int: []int64{int64(i)}})))
	}
	for i, r := range open {
		wantEqual(t, "cell", dump(t, r.Table(), 0, -1), []string{fmt.Sprintf("false %q|", strconv.Itoa(i))})
	}
	wantEqual(t, "idle connections", f.conns.idle.Len(), maxIdle)
	if err := open[len(open)-1].Close(); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "idle connections after Close", f.conns.idle.Len(), maxIdle-1)
}

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
