package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// harvest measures how fast a source is read, first and when nothing has
// changed, and what others see of several that are read at once.
func (b *bench) harvest() {
	n := b.size("DATASETS", benchDatasets)
	p := b.at(filepath.Join(b.dir, "harvest"))
	p.run("source", "add", "--kind", "datajson", "--url", b.catalogue(n), "--name", "src")
	t := benchTable{Columns: []string{"harvest of " + grouped(int64(n)) + " records", "time", "records/s", "CPU", "peak memory"}}
	for _, turn := range []struct {
		name  string
		least float64
	}{{"first, with indexing", 1000}, {"again, all unchanged", 10_000}} {
		s, err := timed(p.command(b.profile([]string{"harvest"})...), filepath.Join(b.dir, "said"))
		if err != nil {
			b.t.Fatal(err)
		}
		rate := float64(n) / s.wall.Seconds()
		t.Rows = append(t.Rows, []string{turn.name, fmt.Sprintf("%.1f s", s.wall.Seconds()), grouped(int64(rate)), fmt.Sprintf("%.1f s", s.cpu.Seconds()), megabyte(s.peak)})
		b.wantRate(turn.name+":", "records", rate, turn.least)
		b.wantPeak(turn.name+": ", s.peak, 300)
	}
	if got := len(b.slugs(p)); got != n {
		b.t.Fatalf("%d datasets of %d records", got, n)
	}
	b.table(t)
	b.note("`shafaf harvest` of a data.json on this machine, each from start to end.")
	b.harvestsAtOnce(p, n)
}

// How the others read while sources are harvested, and how long it takes until
// a slow source has answered.
const (
	harvestReaders = 8
	harvestPause   = 100 * time.Millisecond // of each between two requests
	harvestSlow    = 10 * time.Second
	changedRecords = 10_000
)

// harvestsAtOnce measures what others see of a portal of n datasets while four
// sources with a quarter of that each are harvested at once, two by a server that
// has just started and two by commands, and then while the search follows the
// changes of a source.
func (b *bench) harvestsAtOnce(p *program, n int) {
	r := &portalReaders{b: b, slugs: b.slugs(p)}
	t := benchTable{Columns: []string{"others meanwhile", "time", "records/s", "p50 of others", "p99 of others", "slowest", "peak memory of the server"}}
	var stop func()
	r.base, stop = b.serveAt(p, "--limit", "off")
	b.settle()
	t.Rows = append(t.Rows, r.meanwhile("nothing is harvested", 0, func() { time.Sleep(time.Duration(b.seconds()) * time.Second) }))
	stop()
	defer b.addFour(p, n/4)()
	r.base, stop = b.serveAt(p, "--limit", "off")
	defer stop()
	t.Rows = append(t.Rows, r.meanwhile("four sources are harvested at once", 4*(n/4), func() {
		var commands sync.WaitGroup
		for _, name := range []string{"three", "four"} {
			commands.Go(func() { p.run("harvest", name) })
		}
		commands.Wait()
		b.harvested(r.base, p, n+4*(n/4))
	}))
	b.wantMS("others while four sources are harvested: p99", r.p99, 500)
	b.settle()
	changed := min(changedRecords, n/4)
	b.changeRecords("four", changed)
	t.Rows = append(t.Rows, r.meanwhile(grouped(int64(changed))+" changed records are harvested, and the search follows", changed, func() {
		p.run("harvest", "four")
		b.followed(r.base)
	}))
	b.wantMS("others while the search follows changes: p99", r.p99, 500)
	b.table(t)
	b.note("%d others read some ten pages a second each: searches, pages of datasets, datasets as JSON. Two of the sources are harvested by the server, right after its start, and two by commands; one takes %s to answer. The time ends when the search shows all.",
		harvestReaders, harvestSlow)
}

// addFour adds four sources of so many records each, two of them with a schedule,
// of which one is slow until stop is called.
func (b *bench) addFour(p *program, n int) (stop func()) {
	part := b.catalogue(n)
	slow := httptest.NewServer(sentSlowly(part, harvestSlow))
	p.run("source", "add", "--kind", "datajson", "--url", slow.URL+"/data.json", "--name", "slow", "--allow-private-network", "--every", "24h")
	for _, name := range []string{"two", "three", "four"} {
		file := filepath.Join(b.dir, name+".json")
		if err := os.Link(part, file); err != nil {
			b.t.Fatal(err)
		}
		args := []string{"source", "add", "--kind", "datajson", "--url", file, "--name", name}
		if name == "two" {
			args = append(args, "--every", "24h")
		}
		p.run(args...)
	}
	return slow.Close
}

// slugs are those of all datasets.
func (b *bench) slugs(p *program) (all []string) {
	for line := range strings.Lines(p.run("dataset", "list", "--json").out) {
		var d struct{ Slug string }
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, d.Slug)
	}
	return all
}

// sentSlowly serves a file so that it has come after a while.
func sentSlowly(file string, after time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := os.ReadFile(file)
		if err != nil || r.URL.Path != "/data.json" {
			http.NotFound(w, r)
			return
		}
		const pieces = 100
		for i := range pieces {
			if _, err := w.Write(text[i*len(text)/pieces : (i+1)*len(text)/pieces]); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush() // it is only to come soon
			time.Sleep(after / pieces)
		}
	})
}

// changeRecords lets a source whose file is a link give other titles of so many
// records.
func (b *bench) changeRecords(source string, n int) {
	file := filepath.Join(b.dir, source+".json")
	text, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	changed := strings.Replace(string(text), `"title":"`, `"title":"changed `, 2*n) // each has a second one, of its file
	if err := os.Remove(file); err != nil {
		b.t.Fatal(err)
	}
	write(b.t, file, changed)
}

// harvested waits until sources have brought so many datasets in all and the
// search shows them.
func (b *bench) harvested(base string, p *program, n int) {
	got := 0
	for range 1200 {
		got = 0
		for line := range strings.Lines(p.run("source", "list", "--json").out) {
			var src struct{ Datasets int }
			if err := json.Unmarshal([]byte(line), &src); err != nil {
				b.t.Fatal(err)
			}
			got += src.Datasets
		}
		if got == n {
			b.followed(base)
			return
		}
		time.Sleep(time.Second)
	}
	b.t.Fatalf("there are %d datasets, want %d", got, n)
}

// followed waits until the search shows all that was changed.
func (b *bench) followed(base string) {
	for range 6000 {
		if strings.Contains(string(b.read(base+"/metrics")), "\nshafaf_index_lag_changes 0\n") {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.t.Fatal("the search does not follow")
}

// portalReaders read pages of a portal as people do.
type portalReaders struct {
	b     *bench
	base  string
	slugs []string
	p99   time.Duration // of the last time

	mu     sync.Mutex
	took   []time.Duration
	failed map[string]int
}

// meanwhile reads while something is done that brings so many records, and
// returns a line of the table.
func (r *portalReaders) meanwhile(what string, records int, do func()) []string {
	r.took, r.failed = nil, map[string]int{}
	w := watchMemory(r.b.server, "")
	done := make(chan struct{})
	var all sync.WaitGroup
	for n := range harvestReaders {
		all.Go(func() { r.read(n, done) })
	}
	start := time.Now()
	do()
	took := time.Since(start)
	close(done)
	all.Wait()
	peak, _ := w.end()
	if len(r.failed) > 0 {
		r.b.t.Errorf("%s: others were answered %v", what, r.failed)
	}
	rate := "–"
	if records > 0 {
		rate = grouped(int64(float64(records) / took.Seconds()))
	}
	r.p99 = quantile(r.took, 99)
	return []string{what, fmt.Sprintf("%.1f s", took.Seconds()), rate, milliseconds(median(r.took)), milliseconds(r.p99), milliseconds(quantile(r.took, 100)), megabyte(peak)}
}

func (r *portalReaders) read(n int, done chan struct{}) {
	client := from("127.0.0." + strconv.Itoa(2+n))
	defer client.CloseIdleConnections()
	rnd := rand.New(rand.NewPCG(uint64(n), 61))
	for {
		select {
		case <-done:
			return
		case <-time.After(harvestPause/2 + rand.N(harvestPause)):
		}
		slug := pick(rnd, r.slugs)
		address := pick(rnd, []string{
			"/fa/datasets?q=" + url.QueryEscape(catalogueWord(2+rnd.IntN(400))), "/en/datasets/" + slug, "/fa/datasets/" + slug, "/api/v1/datasets/" + slug,
			"/api/v1/datasets?q=" + url.QueryEscape(catalogueWord(rnd.IntN(60))), "/en/",
		})
		took, said := visited(client, r.base+address)
		r.mu.Lock()
		r.took = append(r.took, took)
		if said != "" {
			r.failed[said]++
		}
		r.mu.Unlock()
	}
}

// visited reads a page to its end. It returns what that took, and what was
// answered when it was no page.
func visited(client *http.Client, address string) (took time.Duration, said string) {
	start := time.Now()
	resp, err := client.Get(address)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	switch {
	case err != nil:
		said = address + " " + err.Error()
	case resp.StatusCode != http.StatusOK:
		said = address + " " + resp.Status
	}
	return time.Since(start), said
}
