package datasets

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// small is a table that is easily added up by hand: of two provinces, one of
// them in two spellings, a row that is the sum of others, and a null.
func small() *Table {
	s := Schema{
		{Name: "province", Label: "استان", Type: Text},
		{Name: "amount", Label: "مبلغ", Type: Integer, Unit: "ریال"},
		{Name: "share", Label: "سهم", Type: Decimal, Scale: 2},
		{Name: "day", Label: "روز", Type: Date},
	}
	b := Batch{Len: 6, Columns: []Vector{
		{Null: make([]bool, 6), Text: []string{"كرمان", "کرمان", "یزد", "یزد", "کرمان", "جمع"}},
		{Null: []bool{false, false, false, true, false, false}, Int: []int64{1, 2, 3, 0, 4, 10}},
		{Null: make([]bool, 6), Int: []int64{10, 25, 5, 5, 5, 50}},
		{Null: []bool{false, false, false, false, true, true}, Int: []int64{19802, 19803, 19810, 20167, 0, 0}}, // 1403/01/01 …
	}}
	return &Table{Schema: s, Rows: 6, Totals: []int64{5}, Scan: batches(b)}
}

// ask returns the rows of a page as printed lines.
func ask(t *testing.T, r *RowFile, query string) (*RowPage, []string) {
	t.Helper()
	q, err := ParseRowQuery(r.Schema(), parseQuery(t, query))
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Page(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, page.Rows.Len)
	for row := range lines {
		var cells []string
		for c := range page.Schema {
			cell := string(page.Schema[c].Append(nil, &page.Rows.Columns[c], row))
			if page.Rows.Columns[c].Null[row] {
				cell = "null"
			}
			cells = append(cells, cell)
		}
		lines[row] = strings.Join(cells, " ")
	}
	return page, lines
}

func TestGroups(t *testing.T) {
	r := load(t, openFiles(t), small())
	for _, c := range []struct {
		query string
		names string
		want  []string
	}{
		{"_group=province&_sum=amount&_count", "province amount__sum count", []string{"کرمان 6 2", "كرمان 1 1", "یزد 3 2"}},
		{"_group=province&_sum=amount&_count=1&_sort=-amount__sum&_select=amount__sum,province", "amount__sum province", []string{"6 کرمان", "3 یزد", "1 كرمان"}},
		{"_group=province", "province count", []string{"کرمان 2", "كرمان 1", "یزد 2"}},
		{"_sum=amount,share&_avg=share&_count=1", "amount__sum share__sum share__avg count", []string{"10 0.5 0.1 5"}},
		{"_avg=amount&_min=day,province&_max=amount&province=یزد", "amount__avg day__min province__min amount__max", []string{"3 2024-03-28 یزد 3"}},
		{"_group=day__jyear&_count=1", "day__jyear count", []string{"1403 4", "null 1"}},
		{"_group=day__jmonth,province&_sum=share&_size=2", "day__jmonth province share__sum", []string{"1403-01 کرمان 0.25", "1403-01 كرمان 0.1"}},
		{"_group=day__quarter&_sort=-day__quarter", "day__quarter count", []string{"2025-Q1 1", "2024-Q1 3", "null 1"}},
		{"_group=day__month&_max=day", "day__month day__max", []string{"2024-03 2024-03-28", "2025-03 2025-03-20", "null null"}},
		{"_group=day__day&_sort=-day__day&_size=1", "day__day count", []string{"2025-03-20 1"}},
		{"_group=amount&amount__gt=100", "amount count", nil},
		{"_sum=amount&amount__gt=100&_count=1", "amount__sum count", []string{"null 0"}},
		{"_count=1&province__not=کرمان", "count", []string{"2"}},
		{"amount__gt=2&amount__lt=2&_count=1", "count", []string{"0"}},
	} {
		page, lines := ask(t, r, c.query)
		var names []string
		for i := range page.Schema {
			names = append(names, page.Schema[i].Name)
		}
		if strings.Join(names, " ") != c.names || !slices.Equal(lines, c.want) {
			t.Errorf("%s:\ngot  %v %q\nwant %v %q", c.query, names, lines, c.names, c.want)
		}
	}
}

func TestTotalsAreLeftOutOfFiguresAndCounted(t *testing.T) {
	r := load(t, openFiles(t), small())
	for query, want := range map[string][3]int64{ // total, matched, left
		"":                                  {6, 6, 1},
		"amount__gt=3":                      {2, 2, 1},
		"amount__lt=3":                      {2, 2, 0},
		"_sum=amount":                       {1, 6, 1},
		"_group=province&amount__gt=3":      {1, 2, 1},
		"_group=province&province=جمع":      {0, 1, 1},
		"_group=province&province__not=جمع": {3, 5, 0},
	} {
		page, _ := ask(t, r, query)
		if got := [3]int64{page.Total, page.Matched, page.Left}; got != want {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
	q := RowQuery{Filters: []Filter{{"amount", AtLeast, []string{"3"}}}, Sort: []Sort{{"amount", true}}}
	view, err := r.View(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "rows", view.Rows, int64(3))
	wantEqual(t, "totals", view.Totals, []int64{0})
}

func TestFacetCountsUnderTheOtherFilters(t *testing.T) {
	r := load(t, openFiles(t), small())
	q, err := ParseRowQuery(r.Schema(), parseQuery(t, "province=یزد&share__gt=0.04"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Facet(t.Context(), q, "province", 1)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "facet", f, Facet{Values: []ValueFreq{{"کرمان", 3}}, Distinct: 2, Others: 2})
	f, err = r.Facet(t.Context(), q, "amount", 10)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "facet", f, Facet{Values: []ValueFreq{{"3", 1}}, Distinct: 1, Nulls: 1})
}

func TestStatsAndHistogramAreOfTheRowsThatMatch(t *testing.T) {
	r := load(t, openFiles(t), small())
	q, err := ParseRowQuery(r.Schema(), parseQuery(t, "province=کرمان"))
	if err != nil {
		t.Fatal(err)
	}
	stats, err := r.Stats(t.Context(), q, []string{"amount", "share", "day", "province"})
	if err != nil {
		t.Fatal(err)
	}
	amount, share := 7.0/3, 0.4/3
	wantEqual(t, "stats", stats, []ColumnStats{
		{Name: "amount", Count: 3, Sum: "7", Mean: &amount, Min: "1", Max: "4"},
		{Name: "share", Count: 3, Sum: "0.4", Mean: &share, Min: "0.05", Max: "0.25"},
		{Name: "day", Count: 2, Nulls: 1, Min: "2024-03-20", Max: "2024-03-21"},
		{Name: "province", Count: 3, Min: "کرمان", Max: "كرمان"},
	})
	bins, err := r.Histogram(t.Context(), RowQuery{}, "amount", 3)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "bins", bins, []HistoBin{{"0", "2", 1}, {"2", "4", 2}, {"4", "6", 1}})
}

func TestHistogramHoldsEveryValueOnce(t *testing.T) {
	table := randomTable(5, testSchema(), 5000)
	r := load(t, openFiles(t), table)
	for _, name := range []string{"id", "amount", "rate", "day", "at", "few"} {
		stats, err := r.Stats(t.Context(), RowQuery{}, []string{name})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 7, 20} {
			bins, err := r.Histogram(t.Context(), RowQuery{}, name, n)
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for i, b := range bins {
				sum += b.Count
				if i > 0 && bins[i-1].To != b.From {
					t.Errorf("%s: bin %v comes behind %v", name, b, bins[i-1])
				}
			}
			if len(bins) > n || len(bins) == 0 || sum != stats[0].Count {
				t.Errorf("%s: %d values in %d bins of at most %d, want %d values", name, sum, len(bins), n, stats[0].Count)
			}
		}
	}
}

func TestSumsThatAreTooLargeKeepTheirExactText(t *testing.T) {
	most := int64(1<<63 - 1)
	r := load(t, openFiles(t), intTable(most, most, 7, -5))
	page, _ := ask(t, r, "_sum=c&_avg=c")
	sum := &page.Rows.Columns[0]
	if !page.Schema[0].Float || len(sum.Source) != 1 || sum.Source[0].Text != "18446744073709551616" || sum.Float[0] != 1<<64 || page.Rows.Columns[1].Float[0] != 1<<62 {
		t.Errorf("sum %+v of %+v", sum, page.Schema[0])
	}
	stats, err := r.Stats(t.Context(), RowQuery{}, []string{"c"})
	if err != nil || stats[0].Sum != "18446744073709551616" {
		t.Errorf("stats %+v, error %v", stats, err)
	}
	if page, lines := ask(t, r, "_sum=c&c__lt=100"); page.Schema[0].Float || lines[0] != "2" {
		t.Errorf("sum %v of %+v", lines, page.Schema[0])
	}
}

func TestTextsAreEqualAsPeopleReadThem(t *testing.T) {
	r := load(t, openFiles(t), textTable("علي", "علی", "ALI", "ali", "علی‌آباد", "علی آباد", "12", "۱۲", "a.*"))
	for query, want := range map[string]int64{
		"c=علی": 2, "c=علي": 2, "c=Ali": 2, "c=علی آباد": 2, "c=12": 2, "c__in=۱۲,ALI": 4, "c__not=ALI": 7,
		"c__contains=آباد": 2, "c__startswith=عل": 4, "c__contains=.": 1, "c=.*": 0, "c__contains=.*": 1, "c__contains=[": 0, "c__startswith=^a": 0,
	} {
		page, _ := ask(t, r, query)
		if page.Total != want {
			t.Errorf("%s: %d rows, want %d", query, page.Total, want)
		}
	}
}

func TestNumbersOfFiltersMayBeWrittenAsPeopleDo(t *testing.T) {
	r := load(t, openFiles(t), small())
	for query, want := range map[string]int64{
		"share=۰٫۲۵": 1, "share=0.250": 1, "amount__lt=۱٬۰۰۰": 5, "amount__lt=1,000": 5, "amount=−1": 0, "day=1403": 4, "day=۱۴۰۳/۰۱/۰۱": 1,
	} {
		page, _ := ask(t, r, query)
		if page.Total != want {
			t.Errorf("%s: %d rows, want %d", query, page.Total, want)
		}
	}
}

// widen makes texts too many for a dictionary.
func widen(f *Files) { f.limits = columnLimits{texts: 20, bytes: 1000, groups: maxGroups} }

func TestWideColumnsAreFilteredAndSorted(t *testing.T) {
	f := openFiles(t)
	widen(f)
	table := randomTable(13, testSchema(), 2500)
	r := load(t, f, table)
	note := func(b *Batch, i int) *Vector { return &b.Columns[2] }
	for query, match := range map[string]func(b *Batch, i int) bool{
		"note__contains=77":  func(b *Batch, i int) bool { v := note(b, i); return !v.Null[i] && strings.Contains(v.Text[i], "77") },
		"note__isnull=1":     func(b *Batch, i int) bool { return note(b, i).Null[i] },
		"note__gt=note 5":    func(b *Batch, i int) bool { v := note(b, i); return !v.Null[i] && v.Text[i] > "note 5" },
		"note__not=note 77":  func(b *Batch, i int) bool { v := note(b, i); return v.Null[i] || v.Text[i] != "note 77" },
		"note__startswith=N": func(b *Batch, i int) bool { return !note(b, i).Null[i] },
	} {
		q, err := ParseRowQuery(table.Schema, parseQuery(t, query))
		if err != nil {
			t.Fatal(err)
		}
		for _, desc := range []bool{true, false} {
			q.Sort, q.Size = []Sort{{"note", desc}, {"few", true}}, 300
			wantEqual(t, query, walk(t, r, q), naiveOrder(t, table, q.Sort, match))
		}
	}
	for _, query := range []string{"_group=note", "_min=note"} {
		q, err := ParseRowQuery(table.Schema, parseQuery(t, query))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Page(t.Context(), q)
		if input := (*InputError)(nil); !errors.As(err, &input) || !strings.Contains(input.Text, "note has too many different long texts") {
			t.Errorf("%s: error %v", query, err)
		}
	}
}

func TestColumnFilesHoldTheSame(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(12, testSchema(), columnFileRows+77))
	all := []int{rankOf(2)}
	for c := range r.Schema() {
		all = append(all, c)
	}
	built := map[int]*column{}
	for _, c := range all { // the files are written behind the answers
		one, err := r.columns(t.Context(), []int{c})
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(built, one)
	}
	f.builds.running.Wait()
	for _, c := range all {
		loaded := r.loadColumn(c)
		wantEqual(t, fmt.Sprint("column ", c), loaded, built[c])
	}
	path := r.columnPath(3)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][]byte{b[:len(b)-1], b[:40], nil, slices.Concat(b[:200], []byte{b[200] + 1}, b[201:])} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if r.loadColumn(3) != nil {
			t.Errorf("a damaged file of %d bytes is read", len(bad))
		}
	}
}

func TestColumnFilesOfATableAreFew(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(1, testSchema(), 10))
	r.rows = columnFileRows // as if it were large
	for c := range maxColumnFiles + 3 {
		r.keepColumn(c, &column{Column: columnar.Column{Rows: columnFileRows, Codes: columnar.NewCodes(columnFileRows, 1)}})
	}
	wantEqual(t, "files", len(names(t, f, "rows/*/*"+columnSuffix)), maxColumnFiles)
}

func TestMemoryIsBounded(t *testing.T) {
	var m memory
	for i := range 100 {
		m.put(keyOf("t", "x", strconv.Itoa(i)), i, memoryBytes/10)
	}
	if m.bytes > memoryBytes || m.get(keyOf("t", "x", "99")) != 99 || m.get(keyOf("t", "x", "1")) != nil {
		t.Errorf("%d bytes are held", m.bytes)
	}
}

func TestQueryEndsWithItsTime(t *testing.T) {
	f := openFiles(t)
	r := load(t, f, randomTable(12, testSchema(), 3000))
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	q := RowQuery{Group: []GroupBy{{Column: "agency"}}}
	if _, err := r.Page(late, q); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "took longer than it may") {
		t.Errorf("error %v", err)
	}
	if _, err := r.Page(t.Context(), q); err != nil { // what was begun goes on
		t.Error(err)
	}
}
