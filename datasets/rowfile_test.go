package datasets

import (
	"fmt"
	"iter"
	"reflect"
	"strconv"
	"sync"
	"testing"
)

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
