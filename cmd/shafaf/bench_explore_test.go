package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

// benchLarge is the size of the larger table of row queries;
// SHAFAF_BENCH_LARGE sets another, 0 leaves it out.
const benchLarge = 10_000_000

// TestBenchExplore measures row queries alone and prints the lines that make
// bench puts into docs/performance.md.
func TestBenchExplore(t *testing.T) {
	if os.Getenv("SHAFAF_BENCH") == "" {
		t.Skip("SHAFAF_BENCH=1 runs it; make bench has it too")
	}
	b := &bench{program: newProgram(t)}
	b.explore("spend", sized("SHAFAF_BENCH_ROWS", benchRows))
	b.explore("large", sized("SHAFAF_BENCH_LARGE", benchLarge))
}

// explore measures row queries of a table, which it imports when there is none.
func (b *bench) explore(title string, rows int) {
	if rows == 0 {
		return
	}
	file := filepath.Join(b.dir, title+".csv")
	if _, err := os.Stat(file); err != nil {
		writeSpend(b.t, file, rows)
		b.run("dataset", "import", file, "--title", title)
	}
	files, err := datasets.OpenFiles(filepath.Join(b.dir, "data"))
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = files.Close() }()
	var shown struct{ Resources []struct{ Edition string } }
	if err := json.Unmarshal([]byte(b.run("dataset", "show", title, "--json").out), &shown); err != nil {
		b.t.Fatal(err)
	}
	table, err := files.Rows(shown.Resources[0].Edition)
	if err != nil {
		b.t.Fatal(err)
	}
	many := fmt.Sprintf("%d M rows", rows/1_000_000)
	if rows < 1_000_000 {
		many = fmt.Sprintf("%d rows", rows)
	}
	b.groups(table, file, many)
	b.filtered(table, many)
	b.views(table, many)
}

// groupColumns are pairs of columns that are grouped by.
var groupColumns = [][2]string{{"agency", "year"}, {"province", "year"}, {"agency", "province"}, {"programme", "paid"}, {"day", "paid"}, {"programme", "year"}}

// groups measures GROUP BY of two columns: before anything of the table was
// asked, and with its columns in memory. No result is remembered from before.
func (b *bench) groups(table *datasets.RowFile, file, many string) {
	took := func(query string) time.Duration {
		start := time.Now()
		page := b.page(table, query)
		if page.Total == 0 {
			b.t.Fatalf("%s: no groups", query)
		}
		return time.Since(start)
	}
	cold := took("_group=agency,year&_sum=amount")
	for _, pair := range groupColumns {
		took("_group=" + pair[0] + "," + pair[1] + "&_max=amount")
	}
	var all []time.Duration
	for _, figures := range []string{"_sum=amount&_count=1", "_sum=amount&_avg=amount", "_avg=amount"} {
		for _, pair := range groupColumns {
			all = append(all, took("_group="+pair[0]+","+pair[1]+"&"+figures))
		}
	}
	slices.Sort(all)
	warm := all[len(all)/2]
	result := fmt.Sprintf("median %.1f ms; first query of the table %.0f ms", ms(warm), ms(cold))
	if peer := b.duckGroups(file); peer > 0 {
		result += fmt.Sprintf("; DuckDB, table in memory, %.1f ms: %.1f times as long", ms(peer), float64(peer)/float64(warm))
	}
	b.line("GROUP BY of two columns, sum and count, "+many, result, "")
}

// page asks for the first page.
func (b *bench) page(table *datasets.RowFile, query string) *datasets.RowPage {
	values, err := url.ParseQuery(query)
	if err != nil {
		b.t.Fatal(err)
	}
	q, err := datasets.ParseRowQuery(table.Schema(), values)
	if err != nil {
		b.t.Fatal(err)
	}
	page, err := table.Page(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	return page
}

// duckGroups returns the median time that DuckDB takes for the same groups, or 0
// without it.
func (b *bench) duckGroups(file string) time.Duration {
	python := os.Getenv("SHAFAF_PYTHON")
	if python == "" {
		python = filepath.Join("..", "..", ".venv", "bin", "python")
	}
	var queries []string
	for _, pair := range groupColumns {
		queries = append(queries, fmt.Sprintf("select %s, %s, sum(amount), count(*) from t group by 1, 2 order by 1, 2 limit 100", pair[0], pair[1]))
	}
	list, err := json.Marshal(queries)
	if err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", `
import duckdb, json, sys, time
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
con.execute("create table t as select * from read_csv('%s', types={'amount': 'decimal(18,2)'})" % sys.argv[1])
took = []
for turn in range(4):
	for q in json.loads(sys.argv[2]):
		start = time.perf_counter()
		con.execute(q).fetchall()
		if turn > 0: took.append(time.perf_counter() - start)
print(sorted(took)[len(took) // 2])
`, file, string(list)).Output()
	if err != nil {
		b.t.Logf("no DuckDB: %v", err)
		return 0
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.t.Fatal(err)
	}
	return time.Duration(seconds * float64(time.Second))
}

// filtered measures the first page of rows under filters and an order, each
// other than all before.
func (b *bench) filtered(table *datasets.RowFile, many string) {
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
	for range 20 {
		b.page(table, query())
	}
	var took []time.Duration
	for range benchQueries {
		q := query()
		start := time.Now()
		b.page(table, q)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.line("filter, sort and first page of 100 rows, "+many,
		fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", ms(took[len(took)/2]), ms(took[len(took)*99/100])), "")
}

// views measures the export of filtered rows, alone and by four at once.
func (b *bench) views(table *datasets.RowFile, many string) {
	values, err := url.ParseQuery("year__gte=1391&amount__gt=100000")
	if err != nil {
		b.t.Fatal(err)
	}
	q, err := datasets.ParseRowQuery(table.Schema(), values)
	if err != nil {
		b.t.Fatal(err)
	}
	csv, _ := exporters.ByExt("csv")
	write := func() int64 {
		view, err := table.View(b.t.Context(), q)
		if err == nil {
			err = csv.Write(b.t.Context(), io.Discard, view, exporters.Options{})
		}
		if err != nil {
			b.t.Error(err)
			return 0
		}
		return view.Rows
	}
	start := time.Now()
	rows := write()
	alone := time.Since(start)
	before := heap()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				peak <- most
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	start = time.Now()
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() { write() })
	}
	clients.Wait()
	took := time.Since(start)
	close(stop)
	grown := int64(<-peak) - int64(before)
	b.line(fmt.Sprintf("export of %d filtered rows as csv, of %s", rows, many), fmt.Sprintf("%.1f s, %.0f rows/s", alone.Seconds(), float64(rows)/alone.Seconds()), "")
	b.line("the same to four clients at once", fmt.Sprintf("%.1f s, %.0f rows/s", took.Seconds(), 4*float64(rows)/took.Seconds()), "heap + "+mib(max(grown, 0)))
}

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
