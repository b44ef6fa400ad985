package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// benchLines is how many lines the budget of the benchmark has;
// SHAFAF_BENCH_LINES sets another number.
const benchLines = 10_000_000

// budgets measures how a budget is loaded and how its pages answer: harvest and
// import of its table, load by its mapping, and any page of the explorer beside
// the same question put to DuckDB.
func (b *bench) budgets(lines int) {
	file := filepath.Join(b.dir, "budget.csv")
	writeBudgetTable(b, file, lines/2)
	mapping := func(until string) string {
		name := filepath.Join(b.dir, "mapping.json")
		write(b.t, name, `{"currency": "IRR", "factor": "1000000", "until": "`+until+`", "fields": [
			{"column": "year", "type": "date:fiscal-year"},
			{"column": "unit", "type": "administrative-classification:generic:level1:code"}, {"column": "unit name", "type": "administrative-classification:generic:level1:label"},
			{"column": "programme", "type": "activity:generic:program:code"}, {"column": "cofog", "type": "functional-classification:cofog:code"},
			{"column": "economic", "type": "economic-classification:gfsm:code"}, {"column": "province", "type": "geo:target:level1:code"},
			{"column": "approved", "type": "value", "phase": "approved"}, {"column": "executed", "type": "value", "phase": "executed"}]}`)
		return name
	}
	b.run("source", "add", "--kind", "fiscal", "--url", file, "--name", "budget", "--agency", "treasury", "--mapping", mapping("2026-01-01"))
	u := b.run("harvest", "budget", "--wait-files")
	b.line(fmt.Sprintf("budget of %d lines: file read, imported and loaded", lines), fmt.Sprintf("%.1f s, %.0f lines/s", u.wall.Seconds(), float64(lines)/u.wall.Seconds()), mib(u.peak))
	b.run("source", "retire", "budget")
	b.run("source", "add", "--kind", "fiscal", "--url", file, "--name", "budget", "--agency", "treasury", "--mapping", mapping("2026-02-01"))
	u = b.run("harvest", "budget", "--wait-files")
	b.line("the same with another mapping: loaded only", fmt.Sprintf("%.1f s, %.0f lines/s", u.wall.Seconds(), float64(lines)/u.wall.Seconds()), mib(u.peak))
	b.explorer(file, lines)
}

// explorer measures pages of the explorer at random places.
func (b *bench) explorer(file string, lines int) {
	base, cmd := b.serve()
	r := rand.New(rand.NewPCG(14, 3))
	page := func() string {
		year := 1390 + r.IntN(15)
		switch r.IntN(4) {
		case 0:
			return fmt.Sprintf("/%d", year)
		case 1:
			return fmt.Sprintf("/%d/treasury/%02d", year, r.IntN(60))
		case 2:
			return fmt.Sprintf("/%d?by=functional", year)
		}
		return fmt.Sprintf("/%d/treasury/%02d?measure=executed", year, r.IntN(60))
	}
	var took []time.Duration
	for i := range benchQueries {
		address := base + "/en/spending" + page()
		address += map[bool]string{true: "&", false: "?"}[strings.Contains(address, "?")] + "_=" + strconv.Itoa(i) // no page that is remembered
		start := time.Now()
		b.get(address)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	p99 := took[len(took)*99/100]
	result := fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", ms(took[len(took)/2]), ms(p99))
	if peer := b.duckBudget(file); peer > 0 {
		result += fmt.Sprintf("; DuckDB on the Parquet file, one of its questions alone, %.1f ms", ms(peer))
	}
	b.line(fmt.Sprintf("any page of the spending explorer, %d lines", lines), result, mib(peakOf(cmd.Process.Pid)))
}

// duckBudget is how long DuckDB takes for the parts of a place, 99 % of the
// times, from a Parquet file of the table; 0 without it.
func (b *bench) duckBudget(file string) time.Duration {
	python := os.Getenv("SHAFAF_PYTHON")
	if python == "" {
		python = filepath.Join("..", "..", ".venv", "bin", "python")
	}
	out, err := exec.Command(python, "-c", `
import duckdb, json, random, sys, time
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
name = sys.argv[1] + ".parquet"
con.execute("copy (select * from read_csv('%s', types={'unit': 'varchar', 'cofog': 'varchar'})) to '%s' (format parquet)" % (sys.argv[1], name))
took = []
random.seed(4)
for turn in range(100):
    year, unit = 1390 + random.randrange(15), "%02d" % random.randrange(60)
    for q in ["select unit, count(*), sum(approved), sum(executed) from '%s' where year = %d group by 1" % (name, year),
              "select programme, count(*), sum(approved), sum(executed) from '%s' where year = %d and unit = '%s' group by 1" % (name, year, unit)]:
        start = time.perf_counter()
        con.execute(q).fetchall()
        took.append(time.perf_counter() - start)
took.sort()
print(json.dumps(took[len(took) * 99 // 100]))
`, file).Output()
	if err != nil {
		b.t.Logf("no DuckDB: %v", err)
		return 0
	}
	var seconds float64
	if err := json.Unmarshal(out, &seconds); err != nil {
		b.t.Fatal(err)
	}
	return time.Duration(seconds * float64(time.Second))
}

// writeBudgetTable writes a budget of fifteen years with two amounts a row.
func writeBudgetTable(b *bench, name string, rows int) {
	f, err := os.Create(name)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(5, 6))
	fmt.Fprintln(w, "year,unit,unit name,programme,cofog,economic,province,approved,executed")
	for i := range rows {
		unit := r.IntN(60)
		division := 1 + unit%9
		fmt.Fprintf(w, "%d,%02d,واحد %s,P-%05d,%02d.%d,%d,%s,%d,%d\n", 1390+i%15, unit, persianWord(unit), unit*20+r.IntN(20), division, 1+r.IntN(5), 21+r.IntN(8),
			persianWord(r.IntN(31)), r.IntN(1e6), r.IntN(1e6))
	}
	if err := w.Flush(); err != nil {
		b.t.Fatal(err)
	}
}
