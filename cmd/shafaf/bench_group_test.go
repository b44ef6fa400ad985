package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

// groupColumns are pairs of columns that are grouped by.
var groupColumns = [][2]string{{"agency", "year"}, {"province", "year"}, {"agency", "province"}, {"programme", "paid"}, {"day", "paid"}, {"programme", "year"}}

// group compares GROUP BY of two columns with DuckDB, both in the process.
func (b *bench) group() {
	t := benchTable{Columns: []string{"GROUP BY of two columns, sum and count", "the program, warm", "DuckDB, table in memory", "times as fast", "first query of the table", "filter, sort and first page of 100 rows"}}
	for _, rows := range []int{b.rows(), b.size("LARGE", benchLarge)} {
		if rows > 0 {
			t.Rows = append(t.Rows, b.groupsOf(rows))
		}
	}
	b.table(t)
	b.note("Each question is asked once of the program, which remembers answers; DuckDB is asked three times after a first. The medians are of six pairs of columns with three kinds of figures. Groups, sums and counts are equal.")
}

// groupsOf measures a table of so many rows.
func (b *bench) groupsOf(rows int) []string {
	table, closed := b.rowsOf(b.spendPortal(rows))
	defer closed()
	start := time.Now()
	b.page(table, "_group=agency,year&_sum=amount")
	cold := time.Since(start)
	for _, pair := range groupColumns { // columns come into memory
		b.page(table, "_group="+pair[0]+","+pair[1]+"&_max=amount")
	}
	var took []time.Duration
	stop := b.profileHere("group-" + strconv.Itoa(rows))
	for _, figures := range []string{"_sum=amount&_count=1", "_sum=amount&_avg=amount", "_avg=amount"} {
		for _, pair := range groupColumns {
			start := time.Now()
			b.page(table, "_group="+pair[0]+","+pair[1]+"&"+figures)
			took = append(took, time.Since(start))
		}
	}
	stop()
	warm := median(took)
	row := []string{grouped(int64(rows)) + " rows", milliseconds(warm), "–", "–", milliseconds(cold), b.filtered(table)}
	wanted := fmt.Sprintf("GROUP BY of two columns, warm, %s rows: ≥ 3× the speed of DuckDB", grouped(int64(rows)))
	peer, theirs, err := b.duckGroups(b.spend(rows))
	if err != nil {
		b.miss(duckName, err)
		b.unmeasured(wanted, "it was not run")
		return row
	}
	for i, pair := range groupColumns {
		if answer := b.allGroups(table, "_group="+pair[0]+","+pair[1]+"&_sum=amount&_count=1"); theirs[i] != answer {
			b.t.Fatalf("by %s: the groups are\n%.600s\nand in DuckDB\n%.600s", pair, answer, theirs[i])
		}
	}
	ratio := float64(peer) / float64(warm)
	row[2], row[3] = milliseconds(peer), fmt.Sprintf("%.1f", ratio)
	b.goal(wanted, fmt.Sprintf("%.1f×", ratio), ratio >= 3)
	return row
}

// filtered measures the first page of rows under filters and an order, each other
// than all before.
func (b *bench) filtered(table *datasets.RowFile) string {
	r := rand.New(rand.NewPCG(8, 9))
	sorts := []string{"-amount", "day", "share", "programme,-amount", "-year,supplier"}
	query := func() string {
		q := "_sort=" + sorts[r.IntN(len(sorts))] + "&amount__gt=" + strconv.Itoa(r.IntN(9e8))
		switch r.IntN(3) {
		case 0:
			q += "&agency=" + latinWord(r.IntN(60))
		case 1:
			q += "&province__contains=" + url.QueryEscape(persianWord(r.IntN(31)))
		}
		return q
	}
	for _, sort := range sorts { // columns come into memory
		b.page(table, "_sort="+sort)
	}
	var took []time.Duration
	for range 200 {
		q := query()
		start := time.Now()
		b.page(table, q)
		took = append(took, time.Since(start))
	}
	return sorted(took)
}

// rowsOf opens the table of a portal in this process.
func (b *bench) rowsOf(p *program) (*datasets.RowFile, func()) {
	files, err := datasets.OpenFiles(p.data())
	if err != nil {
		b.t.Fatal(err)
	}
	var shown struct{ Resources []struct{ Edition string } }
	if err := json.Unmarshal([]byte(p.run("dataset", "show", "spend", "--json").out), &shown); err != nil {
		b.t.Fatal(err)
	}
	table, err := files.Rows(shown.Resources[0].Edition)
	if err != nil {
		b.t.Fatal(err)
	}
	return table, func() { _ = files.Close() }
}

// allGroups are the groups that a query asks for, a line each, in order of bytes.
func (b *bench) allGroups(table *datasets.RowFile, query string) string {
	view, err := table.View(b.t.Context(), b.query(table, query))
	if err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	format, _ := exporters.ByExt("csv")
	if err := format.Write(b.t.Context(), &out, view, exporters.Options{}); err != nil {
		b.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(out.String(), "\r", "")), "\n")[1:]
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// query reads a query of rows.
func (b *bench) query(table *datasets.RowFile, query string) datasets.RowQuery {
	values, err := url.ParseQuery(query)
	if err != nil {
		b.t.Fatal(err)
	}
	q, err := datasets.ParseRowQuery(table.Schema(), values)
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

// page asks for the first page.
func (b *bench) page(table *datasets.RowFile, query string) *datasets.RowPage {
	page, err := table.Page(b.t.Context(), b.query(table, query))
	if err != nil || page.Total == 0 {
		b.t.Fatalf("%s: %d, %v", query, page.Total, err)
	}
	return page
}

// profileHere profiles this process until it is stopped, if profiles are wanted.
func (b *bench) profileHere(name string) (stop func()) {
	if b.profiles == "" {
		return func() {}
	}
	dir := filepath.Join(b.profiles, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		if err := errors.Join(f.Close(), writeHeap(filepath.Join(dir, "heap.pprof"))); err != nil {
			b.t.Fatal(err)
		}
	}
}

// duckGroups returns the median time that DuckDB takes for the same groups, and
// all groups of each pair of columns.
func (b *bench) duckGroups(file string) (time.Duration, []string, error) {
	var queries []string
	for _, pair := range groupColumns {
		queries = append(queries, fmt.Sprintf("select %s, %s, sum(amount), count(*) from t group by 1, 2 order by 1, 2", pair[0], pair[1]))
	}
	out, err := b.python(venv("python"), "duck_groups.py", append([]string{duckSpend(file)}, queries...)...)
	if err != nil {
		return 0, nil, err
	}
	var told struct {
		Seconds float64
		Groups  []string
	}
	if err := json.Unmarshal(out, &told); err != nil {
		return 0, nil, err
	}
	return seconds(told.Seconds), told.Groups, nil
}

// sorted returns quantiles of durations in milliseconds, as p50 and p99.
func sorted(took []time.Duration) string {
	slices.Sort(took)
	return fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", ms(quantile(took, 50)), ms(quantile(took, 99)))
}
