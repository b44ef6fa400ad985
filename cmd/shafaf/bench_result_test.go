package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// benchResults is where results are kept, a file for each benchmark.
const benchResults = "../../docs/performance"

// A result is what one benchmark has shown.
type result struct {
	Name   string         `json:"name"`
	Title  string         `json:"title"`
	Date   string         `json:"date"`
	Load   string         `json:"load"` // of the machine when it began, as uptime tells it
	Cores  int            `json:"cores"`
	Go     string         `json:"go"`
	Sizes  map[string]int `json:"sizes,omitempty"`
	Tables []benchTable   `json:"tables"`
	Goals  []goal         `json:"goals"`
	Notes  []string       `json:"notes,omitempty"`

	small bool // of other sizes than those that are told of
}

// A benchTable is a table of what was measured.
type benchTable struct {
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// A goal is what is wanted of the program, and what came.
type goal struct {
	Goal     string `json:"goal"`
	Measured string `json:"measured"`
	Met      string `json:"met"` // met, missed or not measured
}

func newResult(m benchmark) result {
	load, _ := os.ReadFile("/proc/loadavg")
	return result{
		Name: m.name, Title: m.title, Date: time.Now().Format(time.DateOnly), Load: strings.Join(strings.Fields(string(load))[:1], ""),
		Cores: runtime.NumCPU(), Go: runtime.Version(), Sizes: map[string]int{},
	}
}

// goal notes what was wanted and what came.
func (b *bench) goal(wanted, measured string, met bool) {
	g := goal{wanted, measured, map[bool]string{true: "met", false: "missed"}[met]}
	b.t.Logf("goal: %s: %s: %s", g.Goal, g.Measured, g.Met)
	b.Goals = append(b.Goals, g)
}

// unmeasured notes a goal for which something could not be had.
func (b *bench) unmeasured(wanted, why string) {
	b.t.Logf("goal: %s: not measured: %s", wanted, why)
	b.Goals = append(b.Goals, goal{wanted, why, "not measured"})
}

// note says something beside the figures.
func (b *bench) note(format string, args ...any) {
	b.t.Logf("note: "+format, args...)
	b.Notes = append(b.Notes, fmt.Sprintf(format, args...))
}

// miss notes that something to compare with could not be had.
func (b *bench) miss(name string, err error) {
	b.note("%s could not be had here: %s", name, lastLine([]byte(err.Error())))
}

// wantFaster is a goal: so many times the speed of a peer.
func (b *bench) wantFaster(peer string, times float64) {
	b.wantRatio(fmt.Sprintf("≥ %g× the speed of %s", times, peer), peer, shafafName, peer, func(ratio float64) bool { return ratio >= times })
}

// wantWithin is a goal: at most so many times as long as a peer.
func (b *bench) wantWithin(peer string, times float64) {
	b.wantRatio(fmt.Sprintf("within %g× of the time of %s", times, peer), peer, peer, shafafName, func(ratio float64) bool { return ratio <= times })
}

// wantRatio is a goal of how many times as long one takes as another; what both
// take of the processors is told beside it.
func (b *bench) wantRatio(wanted, peer, one, other string, met func(ratio float64) bool) {
	if !b.had(peer) {
		b.unmeasured(wanted, "it was not run")
		return
	}
	ratio := b.faster(one, other)
	b.goal(wanted, fmt.Sprintf("%.2f× (of processor time %.2f×)", ratio, b.ratio(one, other, cpuTime)), met(ratio))
}

// wantPeak is a goal: less than so many MB of anonymous memory.
func (b *bench) wantPeak(of string, peak int64, megabytes int) {
	b.goal(fmt.Sprintf("%speak < %d MB", of, megabytes), megabyte(peak), peak < int64(megabytes)*1e6)
}

// wantMS is a goal: less than so many milliseconds.
func (b *bench) wantMS(of string, took time.Duration, limit float64) {
	b.goal(fmt.Sprintf("%s < %g ms", of, limit), milliseconds(took), ms(took) < limit)
}

// wantRate is a goal: so many a second.
func (b *bench) wantRate(of, unit string, rate, least float64) {
	b.goal(fmt.Sprintf("%s ≥ %s %s/s", of, grouped(int64(least)), unit), grouped(int64(rate)), rate >= least)
}

// peak is the most memory that a contender had in any round.
func (b *bench) peak(name string) (most int64) {
	for _, s := range b.taken[name] {
		most = max(most, s.peak)
	}
	return most
}

// tell makes a table of what the contenders took, rows of the answer a second.
func (b *bench) tell(work string, rows int, names ...string) {
	t := benchTable{Columns: []string{work, "median", "lowest to highest", "rows/s", "CPU", "peak memory", "first byte", "answer"}}
	for _, name := range names {
		all := b.taken[name]
		if len(all) == 0 {
			continue
		}
		wall := each(all, wallOf)
		first := "–"
		if f := median(each(all, func(s *measure) time.Duration { return s.first })); f > 0 {
			first = fmt.Sprintf("%.2f s", f.Seconds())
		}
		size := "–"
		if n := all[0].size; n > 0 {
			size = megabyte(n)
		}
		memory := "–"
		if b.peak(name) > 0 {
			memory = megabyte(b.peak(name))
		}
		m := median(wall)
		t.Rows = append(t.Rows, []string{
			name, fmt.Sprintf("%.2f s", m.Seconds()), fmt.Sprintf("%.2f to %.2f s", quantile(wall, 0).Seconds(), quantile(wall, 100).Seconds()),
			grouped(int64(float64(rows) / m.Seconds())), fmt.Sprintf("%.2f s", median(each(all, cpuTime)).Seconds()), memory, first, size,
		})
	}
	b.table(t)
}

// table keeps a table of figures.
func (b *bench) table(t benchTable) {
	for _, row := range append([][]string{t.Columns}, t.Rows...) {
		b.t.Log("| " + strings.Join(row, " | ") + " |")
	}
	b.Tables = append(b.Tables, t)
}

// keep writes the result beside those of the other benchmarks, unless the sizes
// are others than those that are told of, it was profiled or has failed.
func (b *bench) keep() {
	if b.small || b.profiles != "" || b.t.Failed() {
		b.t.Log("the results are not kept: they are of other sizes, of profiled runs, or wrong")
		return
	}
	text, err := json.MarshalIndent(&b.result, "", "  ")
	if err == nil {
		err = os.MkdirAll(benchResults, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(benchResults, b.Name+".json"), append(text, '\n'), 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", ms(d)) }

func megabyte(n int64) string {
	if n < 10e6 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return grouped(n/1e6) + " MB"
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
