package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Sizes of the benchmark; SHAFAF_BENCH_ROWS and SHAFAF_BENCH_DATASETS set others.
const (
	benchRows     = 1_000_000
	benchDatasets = 100_000
	benchQueries  = 400
	benchSeconds  = 5
)

// TestBench measures the program as its users run it, each command as a process
// of its own, and writes docs/performance.md. make bench runs it.
func TestBench(t *testing.T) {
	if os.Getenv("SHAFAF_BENCH") == "" {
		t.Skip("make bench runs it")
	}
	b := &bench{program: newProgram(t)}
	b.tables(sized("SHAFAF_BENCH_ROWS", benchRows))
	b.explore("spend", sized("SHAFAF_BENCH_ROWS", benchRows))
	b.explore("large", sized("SHAFAF_BENCH_LARGE", benchLarge))
	b.budgets(sized("SHAFAF_BENCH_LINES", benchLines))
	b.catalogue(sized("SHAFAF_BENCH_DATASETS", benchDatasets))
	b.comments(sized("SHAFAF_BENCH_COMMENTS", benchComments))
	b.write("../../docs/performance.md")
}

func sized(env string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(env)); err == nil {
		return n
	}
	return usual
}

// A bench gathers lines of a table.
type bench struct {
	*program
	lines []string
}

func (b *bench) line(work, result, memory string) {
	l := fmt.Sprintf("| %s | %s | %s |", work, result, memory)
	b.t.Log(l)
	b.lines = append(b.lines, l)
}

func mib(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

// tables measures import and exports of a table of 12 columns.
func (b *bench) tables(rows int) {
	file := filepath.Join(b.dir, "spend.csv")
	size := writeSpend(b.t, file, rows)
	u := b.run("dataset", "import", file, "--title", "Spend")
	b.line(fmt.Sprintf("import of %d rows × 12 columns, CSV of %s", rows, mib(size)),
		fmt.Sprintf("%.1f s, %.0f rows/s", u.wall.Seconds(), float64(rows)/u.wall.Seconds()), mib(u.peak))
	for _, format := range extensions() {
		out := filepath.Join(b.dir, "out."+format)
		u := b.run("export", "spend", "--format", format, "-o", out)
		info, err := os.Stat(out)
		if err != nil {
			b.t.Fatal(err)
		}
		b.line("export as "+format, fmt.Sprintf("%.1f s, %.0f rows/s, file of %s", u.wall.Seconds(), float64(rows)/u.wall.Seconds(), mib(info.Size())), mib(u.peak))
		_ = os.Remove(out)
	}
}

// catalogue measures harvest, index, queries and pages.
func (b *bench) catalogue(n int) {
	file := filepath.Join(b.dir, "data.json")
	writeCatalogue(b.t, file, n)
	b.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
	first := b.run("harvest")
	b.line(fmt.Sprintf("first harvest of %d records, with indexing", n), perSecond(n, first.wall), mib(first.peak))
	again := b.run("harvest")
	b.line("the same again: all unchanged", perSecond(n, again.wall), mib(again.peak))
	u := b.run("index", "rebuild")
	b.line("index build", perSecond(n, u.wall), mib(u.peak))

	base, cmd := b.serve()
	for _, q := range []struct{ name, query string }{
		{"query of one common word, 5 facets", "q={common}"},
		{"query of two words, 5 facets", "q={common}+{rare}"},
		{"query of a phrase, 5 facets", "q=%22{common}+{next}%22"},
		{"query in Persian, 5 facets", "q={persian}"},
		{"newest first, no words, 5 facets", "sort=newest"},
		{"common word, filtered by format, by date", "q={common}&format=CSV&sort=newest"},
	} {
		p50, p99 := b.queries(base, q.query)
		b.line(q.name, fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", ms(p50), ms(p99)), "")
	}
	for _, page := range []struct{ name, path string }{
		{"page of a dataset", "/fa/datasets/spend"},
		{"page of a table", "/en/datasets/spend/table"},
		{"page of search results", "/fa/datasets?q=" + url.QueryEscape(persianWord(3))},
		{"dataset as JSON", "/api/v1/datasets/spend"},
		{"home page", "/en/"},
	} {
		b.line(page.name+", 8 connections", fmt.Sprintf("%.0f requests/s", b.load(base+page.path)), "")
	}
	b.line("the server in all of this", "", mib(peakOf(cmd.Process.Pid)))
}

func perSecond(n int, d time.Duration) string {
	return fmt.Sprintf("%.1f s, %.0f records/s", d.Seconds(), float64(n)/d.Seconds())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// queries asks one after the other with changing words.
func (b *bench) queries(base, query string) (p50, p99 time.Duration) {
	r := rand.New(rand.NewPCG(3, 4))
	var took []time.Duration
	for range benchQueries {
		common := 1 + r.IntN(20)
		q := strings.NewReplacer("{common}", latinWord(common+1-common%3), "{rare}", latinWord(1+100+r.IntN(900)), "{next}", latinWord(1),
			"{persian}", url.QueryEscape(persianWord(3*common))).Replace(query)
		start := time.Now()
		b.get(base + "/api/v1/datasets?" + q)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*99/100]
}

func (b *bench) get(address string) {
	resp, err := http.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s %v", address, resp.Status, err)
	}
}

// load asks for one address from eight connections and returns requests per second.
func (b *bench) load(address string) float64 {
	b.get(address)
	var n atomic.Int64
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	end := time.Now().Add(benchSeconds * time.Second)
	for range 8 {
		all.Go(func() {
			for time.Now().Before(end) {
				resp, err := client.Get(address)
				if err != nil {
					b.t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / benchSeconds
}

// peakOf returns the most memory a process had resident, mapped files included.
func peakOf(pid int) int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return kb << 10
}

func (b *bench) write(name string) {
	text := `# Performance

What ` + "`make bench`" + ` measured: every command as a process of its own, from start to end, on data it generates (12 columns with Persian text, decimals, dates and empty cells; a Zipf vocabulary in
two languages). Memory is the peak of resident memory, mapped files included. Machines differ and are noisy: compare figures of one run only.

Machine: ` + fmt.Sprintf("%d processors, %s/%s, %s. Date: %s.", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Now().Format(time.DateOnly)) + `

| work | result | peak memory |
|---|---|---|
` + strings.Join(b.lines, "\n") + "\n"
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// writeSpend writes a table of spending: integers, decimals, dates, Persian and
// English texts, empty cells.
func writeSpend(t *testing.T, name string, rows int) int64 {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(5, 6))
	fmt.Fprintln(w, "id,year,agency,programme,province,amount,share,day,paid,note,supplier,code")
	for i := range rows {
		note := ""
		if i%3 == 0 {
			note = latinWord(r.IntN(5000)) + " " + latinWord(r.IntN(5000))
		}
		fmt.Fprintf(w, "%d,%d,%s,برنامه %s,%s,%d.%02d,%.4f,20%02d-%02d-%02d,%t,%s,شرکت %s,%04d\n", i, 1390+i%15,
			latinWord(i%60), persianWord(i%700), persianWord(i%31), r.IntN(1e9), r.IntN(100), r.Float64(),
			10+i%16, 1+i%12, 1+i%28, i%2 == 0, note, persianWord(r.IntN(20_000)), i%10_000)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
