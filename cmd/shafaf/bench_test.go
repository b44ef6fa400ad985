package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Sizes of the benchmarks; the variables of the same names set others.
const (
	benchRows     = 1_000_000
	benchDatasets = 100_000
	benchRounds   = 5
)

// A benchmark measures one thing that users wait for.
type benchmark struct {
	name, title string
	run         func(b *bench)
}

// benchmarks are all of them, in the order in which they are run and told of.
func benchmarks() []benchmark {
	return []benchmark{
		{"csv", "A table as CSV", (*bench).csv},
		{"xlsx", "A table as XLSX", (*bench).xlsx},
		{"parquet", "A table as Parquet", (*bench).parquet},
		{"second", "What was downloaded before", (*bench).second},
		{"import", "Import of a CSV file", (*bench).imports},
		{"group", "Groups of a table", (*bench).group},
		{"search100k", "Search", (*bench).search100k},
		{"search500k", "Search, five times as much", (*bench).search500k},
		{"index", "Building the search index", (*bench).index},
		{"pages", "Pages under load", (*bench).pages},
		{"harvest", "Harvests", (*bench).harvest},
		{"comments", "Comments that come in", (*bench).comments},
		{"draft1m", "A draft with a million comments", (*bench).draft1m},
		{"budget10m", "A budget of ten million lines", (*bench).budget10m},
		{"rescore", "Indicators of a country", (*bench).rescore},
		{"abuse", "When somebody asks too much", (*bench).abuse},
	}
}

// TestBench measures the program as its users run it, beside what they would use
// in its place, and writes docs/performance.md. make bench runs it; what of it is
// run is chosen by name, as in -run TestBench/csv.
func TestBench(t *testing.T) {
	if os.Getenv("SHAFAF_BENCH") == "" {
		t.Skip("make bench runs it")
	}
	for _, m := range benchmarks() {
		t.Run(m.name, func(t *testing.T) {
			b := newBench(t, m)
			m.run(b)
			b.keep()
		})
	}
	if err := writePerformance(); err != nil {
		t.Error(err)
	}
}

// sized is the number that a variable sets, or the usual one.
func sized(env string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(env)); err == nil {
		return n
	}
	return usual
}

// A bench runs one benchmark and gathers what it shows.
type bench struct {
	*program
	result
	cache    string // folder of generated data, kept from run to run
	profiles string // folder that profiles go to; empty when none are taken
	rounds   int
	commands int // of ours that were profiled
	server   int // process that serves
	taken    map[string][]measure
	asked    map[string][]time.Duration // of searches, by their kind
	totals   map[string]int             // what words were found in
}

func newBench(t *testing.T, m benchmark) *bench {
	t.Helper()
	cache, err := filepath.Abs(envOr("SHAFAF_BENCH_CACHE", "../../.bench"))
	if err == nil {
		err = os.MkdirAll(cache, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{program: newProgram(t), result: newResult(m), cache: cache, rounds: sized("ROUNDS", benchRounds), taken: map[string][]measure{}}
	b.small = b.rounds < 3
	// Beside the cache and not in memory: answers are large.
	if b.dir, err = os.MkdirTemp(cache, "run-"); err != nil { //nolint:usetesting // it is not to lie in memory
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(b.dir) })
	if dir := os.Getenv("SHAFAF_BENCH_PROFILE"); dir != "" {
		b.profiles, b.rounds = filepath.Join(dir, m.name), 1
	}
	return b
}

func envOr(name, usual string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return usual
}

// rows is how many rows the tables have.
func (b *bench) rows() int { return b.size("ROWS", benchRows) }

// size is a number that a variable sets. With any but the usual one the results
// are told and not kept.
func (b *bench) size(env string, usual int) int {
	n := sized(env, usual)
	b.Sizes[env] = n
	if n != usual {
		b.small = true
	}
	return n
}

// at is the program on a portal of the cache.
func (b *bench) at(dir string) *program { return &program{b.t, b.bin, dir} }

// profile is the flag that lets one of our commands leave profiles, if wanted.
func (b *bench) profile(args []string) []string {
	if b.profiles == "" {
		return args
	}
	b.commands++
	return append(args, "--profile", filepath.Join(b.profiles, strconv.Itoa(b.commands)+"-"+strings.Join(args[:min(2, len(args))], "-")))
}
