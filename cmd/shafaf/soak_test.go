package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// soakTime is how long TestSoak loads the program: SHAFAF_SOAK, or not at all.
func soakTime(t *testing.T) time.Duration {
	t.Helper()
	s := os.Getenv("SHAFAF_SOAK")
	if s == "" {
		t.Skip("SHAFAF_SOAK says how long to go on, and is not set")
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute {
		t.Fatalf("SHAFAF_SOAK is %q: give a duration of a minute or more", s)
	}
	return d
}

const (
	soakDatasets = 2000
	soakFiles    = 40
	soakWorkers  = 4
	soakPause    = 80 * time.Millisecond // of each visitor between two requests
	soakReport   = "../../docs/soak.md"
	soakWhole    = time.Hour // what is shorter writes no report
)

// TestSoak loads a portal for a long time the way a day does: visitors read,
// search and download, a source changes and is harvested twelve times, and the
// server is restarted six times, on a socket that stays open. No request may
// fail that should not, and memory, goroutines, descriptors and the write-ahead
// log may not grow.
func TestSoak(t *testing.T) {
	d := soakTime(t)
	s := newSoak(t, d)
	s.start()
	s.load()
	for end, next, restart := s.begun.Add(d), s.begun.Add(d/12), s.begun.Add(d/6); time.Now().Before(end) && !t.Failed(); {
		time.Sleep(max(d/720, 500*time.Millisecond))
		s.sample()
		now := time.Now()
		if now.After(next) {
			s.harvest()
			next = next.Add(d / 12)
		}
		if now.After(restart) && end.Sub(now) > d/12 {
			s.restart()
			restart = restart.Add(d / 6)
		}
	}
	close(s.home)
	s.visitors.Wait()
	s.sample()
	s.settle()
	s.stop()
	s.checkGrowth()
	if out := s.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
		t.Errorf("index: %s", out)
	}
	s.run("verify")
	report := s.report()
	t.Log("\n" + report)
	if d >= soakWhole && !t.Failed() {
		if err := os.WriteFile(soakReport, []byte(report), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A soak is a portal under load and what was seen of it.
type soak struct {
	*program
	d     time.Duration
	begun time.Time
	host  *soakHost
	base  string
	fd    *os.File
	cmd   *exec.Cmd

	home     chan struct{}
	visitors sync.WaitGroup

	mu       sync.Mutex
	targets  targets
	took     map[string][]time.Duration // by kind of request
	answers  map[string]int             // by kind and status
	lives    []life
	harvests int
}

func newSoak(t *testing.T, d time.Duration) *soak {
	t.Helper()
	s := &soak{
		program: newProgram(t), d: d, host: newSoakHost(t), home: make(chan struct{}),
		took: map[string][]time.Duration{}, answers: map[string]int{},
	}
	s.base, s.fd = socket(t)
	s.run("source", "add", "--kind", "datajson", "--url", s.host.URL+"/data.json", "--allow-private-network")
	s.run("harvest", "--wait-files")
	s.targets = s.findTargets()
	s.begun = time.Now()
	return s
}

// start begins a life of the server.
func (s *soak) start() {
	s.t.Helper()
	s.cmd = s.handOver(s.fd, "SHAFAF_LOG=json")
	s.await(s.base + "/readyz")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives = append(s.lives, life{})
}

func (s *soak) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the server ended with %v", err)
	}
}

// settle waits until the search shows all changes.
func (s *soak) settle() {
	s.t.Helper()
	for range 600 {
		if _, body := status(s.t, s.base+"/readyz"); strings.Contains(body, `"changes_behind":0,`) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Error("the search does not come to show all changes")
}

func (s *soak) restart() {
	s.stop()
	s.start()
}

// harvest lets the source change and takes it in beside the running server.
func (s *soak) harvest() {
	s.host.change()
	s.run("harvest")
	s.harvests++
}

// A soakHost is a source whose records and files change.
type soakHost struct {
	*httptest.Server
	mu     sync.Mutex
	edited int // how often it was changed
}

func newSoakHost(t *testing.T) *soakHost {
	t.Helper()
	h := &soakHost{}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *soakHost) change() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.edited++
}

// ServeHTTP answers with the catalogue, or with a file of it. Each change
// touches one dataset in fifty, and one file in eight; two in a thousand come
// and go.
func (h *soakHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	edited := h.edited
	h.mu.Unlock()
	if name, ok := strings.CutPrefix(r.URL.Path, "/files/"); ok {
		n, _ := strconv.Atoi(strings.TrimSuffix(name, ".csv"))
		_, _ = w.Write([]byte(soakTable(n, editionOf(n, edited, 8))))
		return
	}
	_, _ = w.Write([]byte(h.catalogue(edited)))
}

// editionOf is how often thing n was changed when one in every was, each time.
func editionOf(n, edited, every int) int { return (edited + every - 1 - n%every) / every }

func (h *soakHost) catalogue(edited int) string {
	var b strings.Builder
	words := rand.New(rand.NewPCG(3, 4))
	b.WriteString(`{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[`)
	for n := range soakDatasets {
		title := latinWord(words.IntN(3000)) + " " + persianWord(words.IntN(3000)) + " " + latinWord(words.IntN(300))
		if n%500 == edited%500 && n > soakFiles {
			continue // it flaps: one run does not have it, the next one does
		}
		if n > 0 {
			b.WriteString(",\n")
		}
		v := editionOf(n, edited, 50)
		fmt.Fprintf(&b, `{"identifier":"soak-%d","title":"%s %d","description":"Edition %d of %s","keyword":[%q],"modified":"2026-01-%02d",`+
			`"theme":["theme %d"],"publisher":{"name":"Agency %d"},"license":"https://creativecommons.org/licenses/by/4.0/","accessLevel":"public"`,
			n, title, n, v, title, latinWord(n%97), 1+min(v, 27), n%12, n%60)
		if n < soakFiles {
			fmt.Fprintf(&b, `,"distribution":[{"downloadURL":"%s/files/%d.csv","format":"CSV","title":"table","mediaType":"text/csv"}]`, h.URL, n)
		}
		b.WriteString("}")
	}
	b.WriteString("]}")
	return b.String()
}

// soakTable is a file of a few thousand rows.
func soakTable(n, edition int) string {
	var b strings.Builder
	b.WriteString("id,name,province,amount,day\n")
	for i := range 2000 + 100*(n%20) {
		fmt.Fprintf(&b, "%05d,%s,%s,%d.%02d,2026-%02d-%02d\n", i, latinWord(i*7+n), persianWord(i%31), (i*(n+3)+edition)%100_000, i%100, 1+i%12, 1+i%28)
	}
	return b.String()
}
