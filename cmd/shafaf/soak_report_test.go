package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A sample is how the server is at a moment.
type sample struct {
	after      time.Duration // since the load began
	rss, heap  int64
	goroutines int64
	fds        int64
	wal        int64
}

// A life is one process of the server, from start to restart.
type life []sample

// sampled are the metrics that a sample has.
var sampled = map[string]func(*sample) *int64{
	"process_resident_memory_bytes": func(s *sample) *int64 { return &s.rss },
	"go_memstats_heap_alloc_bytes":  func(s *sample) *int64 { return &s.heap },
	"go_goroutines":                 func(s *sample) *int64 { return &s.goroutines },
	"process_open_fds":              func(s *sample) *int64 { return &s.fds },
	"shafaf_catalog_wal_bytes":      func(s *sample) *int64 { return &s.wal },
}

// sample asks the server how it is.
func (s *soak) sample() {
	s.t.Helper()
	resp, err := http.Get(s.base + "/metrics")
	if err != nil {
		s.t.Errorf("metrics: %v", err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Errorf("metrics: %d, %v", resp.StatusCode, err)
		return
	}
	now := sample{after: time.Since(s.begun)}
	seen := 0
	for line := range strings.Lines(string(body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if of := sampled[name]; of != nil {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				s.t.Errorf("%s: %v", line, err)
			}
			*of(&now) = int64(v)
			seen++
		}
		if strings.HasPrefix(name, "shafaf_job_restarts_total") && value != "0" {
			s.t.Errorf("a job broke off: %s", line)
		}
	}
	if seen != len(sampled) {
		s.t.Errorf("%d of %d metrics are there", seen, len(sampled))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives[len(s.lives)-1] = append(s.lives[len(s.lives)-1], now)
}

// part returns the samples from one share of a life to another.
func (l life) part(from, to float64) life {
	return l[int(from*float64(len(l))):int(to*float64(len(l)))]
}

// median is the one in the middle of what of returns.
func (l life) median(of func(*sample) *int64) int64 {
	var all []int64
	for i := range l {
		all = append(all, *of(&l[i]))
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// slack is by how much a figure may be larger later than before: a quarter,
// and this.
var slack = map[string]int64{
	"process_resident_memory_bytes": 48 << 20,
	"go_memstats_heap_alloc_bytes":  48 << 20,
	"go_goroutines":                 15,
	"process_open_fds":              25,
	"shafaf_catalog_wal_bytes":      16 << 20,
}

const soakWAL = 64 << 20 // bytes that the write-ahead log may ever have

// checkGrowth compares the ends of lives with each other, and the end of each
// life with its middle.
func (s *soak) checkGrowth() {
	s.t.Helper()
	var whole []life
	for _, l := range s.lives {
		if len(l) >= 12 {
			whole = append(whole, l)
		}
	}
	if len(whole) < 2 {
		s.t.Errorf("%d lives are long enough to be compared", len(whole))
		return
	}
	for name, of := range sampled {
		check := func(what string, before, later int64) {
			if later > before+before/4+slack[name] {
				s.t.Errorf("%s grows %s: %d, then %d", name, what, before, later)
			}
		}
		for i, l := range whole {
			check(fmt.Sprintf("in life %d", i+1), l.part(1.0/3, 2.0/3).median(of), l.part(2.0/3, 1).median(of))
		}
		check("from life to life", whole[0].part(2.0/3, 1).median(of), whole[len(whole)-1].part(2.0/3, 1).median(of))
	}
	for _, l := range s.lives {
		for _, m := range l {
			if m.wal > soakWAL {
				s.t.Errorf("after %s the write-ahead log has %d bytes", m.after.Round(time.Second), m.wal)
			}
		}
	}
}

// report tells what was seen.
func (s *soak) report() string {
	var b strings.Builder
	total := 0
	for _, n := range s.answers {
		total += n
	}
	verdict := " None failed that should not; the index was equal to the catalogue afterwards, and `verify` found nothing."
	if s.t.Failed() {
		verdict = " The run FAILED."
	}
	lasted := time.Since(s.begun).Round(time.Second)
	fmt.Fprintf(&b, "# Under load for a long time\n\n`make soak` loads a portal of %d datasets and %d tables with %d visitors for %s, on %d cores that the visitors share, of version %s. "+
		"Meanwhile its source changed and was harvested %d times, and the server was restarted %d times, on a socket that stayed open. "+
		"%d requests were made, %.0f a second.%s\n\n",
		soakDatasets, soakFiles, soakWorkers, lasted, runtime.NumCPU(), version(), s.harvests, len(s.lives)-1, total, float64(total)/lasted.Seconds(), verdict)
	b.WriteString("| life of the server | samples | memory, median of its end (MiB) | largest | heap | goroutines | descriptors | largest WAL (MiB) |\n|---|---|---|---|---|---|---|---|\n")
	const mib = 1 << 20
	for i, l := range s.lives {
		if len(l) == 0 {
			continue
		}
		end := l.part(2.0/3, 1)
		largest := func(of func(*sample) *int64) int64 {
			m := slices.MaxFunc(l, func(a, b sample) int { return cmp.Compare(*of(&a), *of(&b)) })
			return *of(&m)
		}
		fmt.Fprintf(&b, "| %d | %d | %d | %d | %d | %d | %d | %.1f |\n", i+1, len(l),
			end.median(sampled["process_resident_memory_bytes"])/mib, largest(sampled["process_resident_memory_bytes"])/mib,
			end.median(sampled["go_memstats_heap_alloc_bytes"])/mib, end.median(sampled["go_goroutines"]), end.median(sampled["process_open_fds"]),
			float64(largest(sampled["shafaf_catalog_wal_bytes"]))/mib)
	}
	b.WriteString("\n| request | number | median (ms) | 99 % (ms) | longest (ms) | statuses |\n|---|---|---|---|---|---|\n")
	for _, kind := range slices.Sorted(maps.Keys(s.took)) {
		all := slices.Sorted(slices.Values(s.took[kind]))
		at := func(share float64) float64 {
			return float64(all[min(int(share*float64(len(all))), len(all)-1)].Microseconds()) / 1000
		}
		var codes []string
		for _, key := range slices.Sorted(maps.Keys(s.answers)) {
			if code, ok := strings.CutPrefix(key, kind+" "); ok && len(code) <= 3 {
				codes = append(codes, fmt.Sprintf("%s: %d", code, s.answers[key]))
			}
		}
		fmt.Fprintf(&b, "| %s | %d | %.1f | %.1f | %.1f | %s |\n", kind, len(all), at(.5), at(.99), at(1), strings.Join(codes, ", "))
	}
	return b.String()
}
