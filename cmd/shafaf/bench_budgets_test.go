package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

const (
	benchLines   = 10_000_000
	benchQueries = 400
)

// budget10m measures how a budget is loaded and how its pages answer: harvest
// and import of its table, load by its mapping, and any page of the explorer
// beside the same question put to DuckDB.
func (b *bench) budget10m() {
	lines := b.size("LINES", benchLines)
	file := b.made(fmt.Sprintf("budget-%d.csv", lines), func(path string) error {
		writeBudgetTable(b.t, path, lines/2)
		return nil
	})
	p := b.at(filepath.Join(b.dir, "budget"))
	t := benchTable{Columns: []string{"budget of " + grouped(int64(lines)) + " lines", "time", "lines/s", "CPU", "peak memory"}}
	for _, turn := range []struct{ name, until string }{{"file read, imported and loaded", "2026-01-01"}, {"the same with another mapping: loaded only", "2026-02-01"}} {
		if len(t.Rows) > 0 {
			p.run("source", "retire", "budget")
		}
		p.run("source", "add", "--kind", "fiscal", "--url", file, "--name", "budget", "--agency", "treasury", "--mapping", b.mapping(turn.until))
		s, err := timed(p.command(b.profile([]string{"harvest", "budget", "--wait-files"})...), filepath.Join(b.dir, "said"))
		if err != nil {
			b.t.Fatal(err)
		}
		t.Rows = append(t.Rows, []string{turn.name, fmt.Sprintf("%.1f s", s.wall.Seconds()), grouped(int64(float64(lines) / s.wall.Seconds())), fmt.Sprintf("%.1f s", s.cpu.Seconds()), megabyte(s.peak)})
	}
	b.table(t)
	b.explorer(p, file, lines)
}

// mapping is a file that says what the columns of the budget are.
func (b *bench) mapping(until string) string {
	name := filepath.Join(b.dir, "mapping.json")
	write(b.t, name, `{"currency": "IRR", "factor": "1000000", "until": "`+until+`", "fields": [
		{"column": "year", "type": "date:fiscal-year"},
		{"column": "unit", "type": "administrative-classification:generic:level1:code"}, {"column": "unit name", "type": "administrative-classification:generic:level1:label"},
		{"column": "programme", "type": "activity:generic:program:code"}, {"column": "cofog", "type": "functional-classification:cofog:code"},
		{"column": "economic", "type": "economic-classification:gfsm:code"}, {"column": "province", "type": "geo:target:level1:code"},
		{"column": "approved", "type": "value", "phase": "approved"}, {"column": "executed", "type": "value", "phase": "executed"}]}`)
	return name
}

// explorer measures pages of the explorer at random places.
func (b *bench) explorer(p *program, file string, lines int) {
	base, stop := b.serveAt(p)
	defer stop()
	r := rand.New(rand.NewPCG(14, 3))
	page := func() string {
		year := 1390 + r.IntN(15)
		switch r.IntN(4) {
		case 0:
			return fmt.Sprintf("/%d?", year)
		case 1:
			return fmt.Sprintf("/%d/treasury/%02d?", year, r.IntN(60))
		case 2:
			return fmt.Sprintf("/%d?by=functional", year)
		}
		return fmt.Sprintf("/%d/treasury/%02d?measure=executed", year, r.IntN(60))
	}
	var took []time.Duration
	for i := range benchQueries {
		address := base + "/en/spending" + page() + "&_=" + strconv.Itoa(i) // no page that is remembered
		start := time.Now()
		b.read(address)
		took = append(took, time.Since(start))
	}
	t := benchTable{Columns: []string{"any page of the spending explorer, " + grouped(int64(lines)) + " lines", "p50", "p99", "memory"}}
	t.Rows = append(t.Rows, []string{shafafName + ", the whole page over HTTP", milliseconds(median(took)), milliseconds(quantile(took, 99)), megabyte(anonymous(b.server))})
	theirs, err := b.duckBudget(file)
	if err != nil {
		b.miss(duckName, err)
	} else {
		t.Rows = append(t.Rows, []string{"DuckDB on the Parquet file, one of its questions alone", milliseconds(median(theirs)), milliseconds(quantile(theirs, 99)), ""})
	}
	b.table(t)
}

// duckBudget is how long DuckDB takes for the parts of places, from a Parquet
// file of the table.
func (b *bench) duckBudget(file string) ([]time.Duration, error) {
	out, err := b.python(venv("python"), "duck_budget.py", file, filepath.Join(b.dir, "budget.parquet"))
	if err != nil {
		return nil, err
	}
	var all []float64
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, err
	}
	var took []time.Duration
	for _, s := range all {
		took = append(took, seconds(s))
	}
	return took, nil
}

// writeBudgetTable writes a budget of fifteen years with two amounts a row.
func writeBudgetTable(t *testing.T, name string, rows int) {
	t.Helper()
	writeLines(t, name, "year,unit,unit name,programme,cofog,economic,province,approved,executed", func(w io.Writer) {
		r := rand.New(rand.NewPCG(5, 6))
		for i := range rows {
			unit := r.IntN(60)
			division := 1 + unit%9
			fmt.Fprintf(w, "%d,%02d,واحد %s,P-%05d,%02d.%d,%d,%s,%d,%d\n", 1390+i%15, unit, persianWord(unit), unit*20+r.IntN(20), division, 1+r.IntN(5), 21+r.IntN(8),
				persianWord(r.IntN(31)), r.IntN(1e6), r.IntN(1e6))
		}
	})
}

// rescored finds what the benchmarks of indicators print.
var rescored = regexp.MustCompile(`(?m)^Benchmark(\w+)-?\d*\s+\d+\s+(\d+) ns/op`)

// rescore measures the indicators of a country: 254 agencies with a filing for
// each of 14 indicators and two periods.
func (b *bench) rescore() {
	args := []string{"test", "./catalog/indicators", "-run", "^$", "-bench", "Rescore|League|Scoreboard", "-benchtime", "5x", "-count", strconv.Itoa(min(3, b.rounds))}
	if b.profiles != "" {
		if err := os.MkdirAll(b.profiles, 0o755); err != nil {
			b.t.Fatal(err)
		}
		args = append(args, "-cpuprofile", filepath.Join(b.profiles, "cpu.pprof"), "-memprofile", filepath.Join(b.profiles, "heap.pprof"))
	}
	cmd := exec.CommandContext(b.t.Context(), "go", args...)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.t.Fatalf("%v\n%s", err, out)
	}
	took := map[string][]time.Duration{}
	for _, m := range rescored.FindAllStringSubmatch(string(out), -1) {
		ns, err := strconv.ParseInt(m[2], 10, 64)
		if err != nil {
			b.t.Fatal(err)
		}
		took[m[1]] = append(took[m[1]], time.Duration(ns))
	}
	t := benchTable{Columns: []string{"254 agencies × 14 indicators × 2 periods, in the process", "median"}}
	for _, w := range []struct{ name, told string }{
		{"Rescore", "scoring all anew after all evidence changed, each new check on disk"}, {"League", "the league of a half-year, worked out anew"}, {"Scoreboard", "the scoreboard of an agency with its peers' medians"},
	} {
		if len(took[w.name]) == 0 {
			b.t.Fatalf("no figure of %s in\n%s", w.name, out)
		}
		result := milliseconds(median(took[w.name]))
		if w.name == "Rescore" {
			const filings = 254 * 14 * 2
			result += ", " + grouped(int64(filings/median(took[w.name]).Seconds())) + " filings/s"
		}
		t.Rows = append(t.Rows, []string{w.told, result})
	}
	b.table(t)
	b.note("They are benchmarks of `catalog/indicators`, run by `go test`.")
}
