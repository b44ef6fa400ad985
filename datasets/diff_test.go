package datasets

import (
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tableOf makes a table of texts: "" is null, `""` the empty text. Columns
// called n… hold integers, those called d… decimals.
func tableOf(columns string, rows ...[]string) *Table {
	var s Schema
	for name := range strings.FieldsSeq(columns) {
		c := Column{Name: name, Label: strings.ToUpper(name)}
		switch name[0] {
		case 'n':
			c.Type = Integer
		case 'd':
			c.Type, c.Scale, c.Fixed = Decimal, 2, true
		}
		s = append(s, c)
	}
	return &Table{Schema: s, Rows: int64(len(rows)), Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			if to < 0 {
				to = int64(len(rows))
			}
			const step = 3 // batches must not matter
			for at := from; at < min(to, int64(len(rows))); at += step {
				some := rows[at:min(at+step, to, int64(len(rows)))]
				if !yield(textBatch(s, at, some), nil) {
					return
				}
			}
		}
	}}
}

func textBatch(s Schema, first int64, rows [][]string) *Batch {
	b := &Batch{First: first, Len: len(rows), Columns: make([]Vector, len(s))}
	for c := range s {
		v := &b.Columns[c]
		v.Reset(&s[c], len(rows))
		for i, row := range rows {
			v.Null[i] = row[c] == ""
			switch n, _ := strconv.ParseInt(row[c], 10, 64); {
			case v.Null[i]:
			case s[c].Type == Text:
				v.Text[i] = strings.ReplaceAll(row[c], `""`, "")
			default:
				v.Int[i] = n
			}
		}
	}
	return b
}

func compare(t *testing.T, from, to *Table, keys ...Key) *Diff {
	t.Helper()
	d, err := Compare(t.Context(), from, to, keys)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// counts prints the counts of a diff: same, added, removed, changed.
func counts(d *Diff) string { return fmt.Sprint(d.Same, d.Added, d.Removed, d.Changed) }

// cells prints the rows of a batch.
func cells(s Schema, b *Batch) [][]string {
	var all [][]string
	for i := range b.Len {
		var row []string
		for c := range s {
			text := string(s[c].Append(nil, &b.Columns[c], i))
			if b.Columns[c].Null[i] {
				text = "∅"
			}
			row = append(row, text)
		}
		all = append(all, row)
	}
	return all
}

func TestRowsWithAKeyAreAddedRemovedOrChanged(t *testing.T) {
	from := tableOf("code label nshare", []string{"a", "x", "1"}, []string{"b", "y", "2"}, []string{"c", "z", "3"}, []string{"d", "", "4"})
	to := tableOf("code nshare label", []string{"d", "4", ""}, []string{"b", "22", "y"}, []string{"e", "5", "w"}, []string{"a", "1", "x"})
	d := compare(t, from, to, Key{Columns: []string{"code"}})
	if got := counts(d); got != "2 1 1 1" || !d.SameColumns() || !slices.Equal(d.Key, []string{"code"}) {
		t.Errorf("the counts are %s by %v", got, d.Key)
	}
	added, err := d.AddedRows(10)
	wantEqual(t, "added", fmt.Sprint(cells(to.Schema, added), err), "[[e 5 w]] <nil>")
	removed, err := d.RemovedRows(10)
	wantEqual(t, "removed", fmt.Sprint(cells(from.Schema, removed), err), "[[c z 3]] <nil>")
	before, after, err := d.ChangedRows(10)
	wantEqual(t, "changed", fmt.Sprint(cells(from.Schema, before), cells(to.Schema, after), err), "[[b y 2]] [[b 22 y]] <nil>")
	var same []string
	for i := range d.Columns {
		if d.Equal(&d.Columns[i], before, after, 0) {
			same = append(same, d.Columns[i].Name)
		}
	}
	wantEqual(t, "equal cells", fmt.Sprint(same), "[code label]")
	whole := d.Table()
	var all [][]string
	for b, err := range whole.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, cells(whole.Schema, b)...)
	}
	wantEqual(t, "the whole difference", fmt.Sprint(all), "[[before b 2 y] [removed c 3 z] [after b 22 y] [added e 5 w]]")
	wantEqual(t, "its length", whole.Rows, int64(len(all)))
}

func TestAKeyThatIsNotUniqueIsNoKey(t *testing.T) {
	twice := tableOf("code label", []string{"a", "x"}, []string{"a", "y"}, []string{"b", "z"})
	once := tableOf("code label", []string{"a", "x"}, []string{"c", "y"}, []string{"b", "z"})
	for _, c := range []struct{ from, to *Table }{{twice, once}, {once, twice}} {
		d := compare(t, c.from, c.to, Key{Columns: []string{"code"}}, Key{Columns: []string{"nothing"}}, Key{Columns: []string{"code", "label"}})
		if !slices.Equal(d.Key, []string{"code", "label"}) || counts(d) != "2 1 1 0" {
			t.Errorf("the key is %v, the counts are %s", d.Key, counts(d))
		}
	}
}

func TestWhatIsPrintedAlikeIsTheSame(t *testing.T) {
	from := tableOf("code dx", []string{"a", "1250"}, []string{"b", "300"}, []string{"c", ""})
	from.Schema[1].Name = "x"
	to := tableOf("code nx", []string{"a", "1"}, []string{"b", "3"}, []string{"c", ""})
	to.Schema[1].Name = "x"
	d := compare(t, from, to, Key{Columns: []string{"code"}})
	if counts(d) != "2 0 0 1" || d.Columns[1].Kind() != ColumnChanged {
		t.Errorf("the counts are %s, the column is %s", counts(d), d.Columns[1].Kind())
	}
	whole := d.Table()
	if whole.Schema[2].Type != Text {
		t.Errorf("a column of two types is %v", whole.Schema[2].Type)
	}
	none := compare(t, tableOf("a", []string{""}), tableOf("a", []string{`""`}))
	if counts(none) != "0 1 1 0" {
		t.Errorf("an empty text is taken for none: %s", counts(none))
	}
}

func TestTablesWithoutACommonColumnShareNoRow(t *testing.T) {
	d := compare(t, tableOf("a", []string{"x"}, []string{"x"}), tableOf("b", []string{"x"}))
	var kinds []string
	for i := range d.Columns {
		kinds = append(kinds, d.Columns[i].Name+" "+d.Columns[i].Kind())
	}
	if counts(d) != "0 1 2 0" || fmt.Sprint(kinds) != "[b added a removed]" {
		t.Errorf("the counts are %s, the columns %v", counts(d), kinds)
	}
	empty := compare(t, tableOf("a"), tableOf("a", []string{"x"}))
	if counts(empty) != "0 1 0 0" {
		t.Errorf("against an empty table the counts are %s", counts(empty))
	}
}

func TestLongTablesAreNotCompared(t *testing.T) {
	long := tableOf("a", []string{"x"})
	long.Rows = MaxDiffRows + 1
	if _, err := Compare(t.Context(), long, tableOf("a"), nil); !errors.Is(err, ErrManyRows) {
		t.Errorf("the error is %v", err)
	}
}

func TestKeysAreGuessedFromProfiles(t *testing.T) {
	p := func(name string, distinct, nulls int64, estimated bool) ColumnProfile {
		return ColumnProfile{Name: name, Rows: 100, Distinct: distinct, Nulls: nulls, Estimated: estimated}
	}
	schema := func(columns ...Column) Schema { return columns }
	text, number, amount := func(n string) Column { return Column{Name: n} }, func(n string) Column { return Column{Name: n, Type: Integer} },
		func(n string) Column { return Column{Name: n, Type: Decimal} }
	for name, c := range map[string]struct {
		s    Schema
		p    []ColumnProfile
		want string
	}{
		"an identifier before a text":   {schema(text("name"), number("people"), text("region_code")), []ColumnProfile{p("name", 100, 0, false), p("people", 100, 0, false), p("region_code", 100, 0, false)}, "[{[region_code] true} {[name] true} {[people] true}]"},
		"never with empty cells":        {schema(text("name")), []ColumnProfile{p("name", 100, 1, false)}, "[]"},
		"an estimate is not sure":       {schema(number("id")), []ColumnProfile{p("id", 97, 0, true)}, "[{[id] false}]"},
		"year and place together":       {schema(number("year"), text("place"), amount("value")), []ColumnProfile{p("year", 5, 0, false), p("place", 20, 0, false), p("value", 100, 0, false)}, "[{[year place] false}]"},
		"too few values for all rows":   {schema(number("year"), text("place")), []ColumnProfile{p("year", 3, 0, false), p("place", 4, 0, false)}, "[]"},
		"not by measures":               {schema(amount("value"), number("count")), []ColumnProfile{p("value", 100, 0, false), p("count", 90, 0, false)}, "[]"},
		"three when two do not suffice": {schema(text("a"), text("b"), text("c")), []ColumnProfile{p("a", 5, 0, false), p("b", 5, 0, false), p("c", 5, 0, false)}, "[{[a b c] false}]"},
	} {
		if got := fmt.Sprint(Keys(c.s, c.s, c.p, c.p)); got != c.want {
			t.Errorf("%s: the keys are %s, want %s", name, got, c.want)
		}
	}
	one := schema(text("code"))
	if keys := Keys(schema(text("other")), one, []ColumnProfile{p("other", 100, 0, false)}, []ColumnProfile{p("code", 100, 0, false)}); len(keys) > 0 {
		t.Errorf("a column that only one table has is a key: %v", keys)
	}
}

// naiveDiff is the difference by brute force.
func naiveDiff(from, to [][]string, key int) (same, added, removed, changed int) {
	left := slices.Clone(from)
	for _, row := range to {
		at := slices.IndexFunc(left, func(old []string) bool {
			if key >= 0 {
				return old[key] == row[key]
			}
			return slices.Equal(old, row)
		})
		switch {
		case at < 0:
			added++
			continue
		case slices.Equal(left[at], row):
			same++
		default:
			changed++
		}
		left = slices.Delete(left, at, at+1)
	}
	return same, added, len(left), changed
}

func TestDifferencesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	word := func() string { return []string{"", `""`, "a", "b", "ab", "ا", "a b"}[r.IntN(7)] }
	for round := range 300 {
		var sides [2][][]string
		for side := range sides {
			ids := r.Perm(40)
			for i := range r.IntN(30) {
				sides[side] = append(sides[side], []string{strconv.Itoa(ids[i]), word(), strconv.Itoa(r.IntN(3))})
			}
		}
		from, to := tableOf("nid word n2", sides[0]...), tableOf("nid word n2", sides[1]...)
		key, keys := 0, []Key{{Columns: []string{"nid"}}}
		if round%2 == 1 { // without the identifier rows come several times
			key, keys = -1, nil
			for side := range sides {
				for i := range sides[side] {
					sides[side][i][0] = "7"
				}
			}
		}
		d := compare(t, from, to, keys...)
		same, added, removed, changed := naiveDiff(sides[0], sides[1], key)
		if got, want := counts(d), fmt.Sprint(same, added, removed, changed); got != want {
			t.Fatalf("round %d: %s, want %s\n%v\n%v", round, got, want, sides[0], sides[1])
		}
		checkDiffTable(t, d, sides[0], sides[1])
	}
}

// checkDiffTable applies the whole difference to the older rows and wants the
// newer ones.
func checkDiffTable(t *testing.T, d *Diff, from, to [][]string) {
	t.Helper()
	amount := map[string]int{}
	for _, row := range from {
		amount[fmt.Sprint(row)]++
	}
	n := int64(0)
	for b, err := range d.Table().Scan(0, -1) {
		if err != nil || b.First != n {
			t.Fatalf("the batch begins at %d, not %d (%v)", b.First, n, err)
		}
		n += int64(b.Len)
		for _, row := range cells(d.Table().Schema, b) {
			kind, row := row[0], row[1:]
			for i := range row {
				row[i] = map[string]string{"∅": "", "": `""`}[row[i]] + strings.TrimPrefix(row[i], "∅")
			}
			amount[fmt.Sprint(row)] += map[string]int{RowAdded: 1, RowAfter: 1, RowRemoved: -1, RowBefore: -1}[kind]
		}
	}
	for _, row := range to {
		amount[fmt.Sprint(row)]--
	}
	for row, left := range amount {
		if left != 0 {
			t.Fatalf("the row %s is off by %d", row, left)
		}
	}
	if n != d.Table().Rows {
		t.Fatalf("there are %d rows, not %d", n, d.Table().Rows)
	}
	if n > 2 {
		var part []string
		for b, err := range d.Table().Scan(1, 2) {
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range cells(d.Table().Schema, b) {
				part = append(part, fmt.Sprint(row))
			}
		}
		if len(part) != 1 {
			t.Fatalf("one row was asked for: %v", part)
		}
	}
}

func TestDifferencesOfRowFilesAreThoseOfTheirTables(t *testing.T) {
	f := openFiles(t)
	a, b := load(t, f, randomTable(1, testSchema(), 3000)), load(t, f, randomTable(2, testSchema(), 2500))
	d := compare(t, a.Table(), b.Table(), Key{Columns: []string{"id"}})
	e := compare(t, a.Table(), a.Table())
	if counts(e) != "3000 0 0 0" {
		t.Errorf("against itself the counts are %s", counts(e))
	}
	if d.From != 3000 || d.To != 2500 || d.Same+d.Changed+d.Removed != d.From || d.Same+d.Changed+d.Added != d.To {
		t.Errorf("the counts are %+v", d)
	}
	n := int64(0)
	for batch, err := range d.Table().Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		n += int64(batch.Len)
	}
	if n != d.Table().Rows {
		t.Errorf("there are %d rows, not %d", n, d.Table().Rows)
	}
}

func BenchmarkCompare(b *testing.B) {
	f := openFiles(b)
	x, y := load(b, f, benchTable(benchRows(), BatchRows)), load(b, f, benchTable(benchRows()-1000, BatchRows))
	b.ReportAllocs()
	for b.Loop() {
		d, err := Compare(b.Context(), x.Table(), y.Table(), nil)
		if err != nil || d.Removed != 1000 {
			b.Fatalf("%d removed (%v)", d.Removed, err)
		}
	}
	b.ReportMetric(float64(benchRows())*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
