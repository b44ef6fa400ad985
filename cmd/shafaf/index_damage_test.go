package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A serviceManager keeps a server running on a socket, as systemd does.
type serviceManager struct {
	*program
	base  string
	done  chan struct{}
	mu    sync.Mutex
	cmd   *exec.Cmd
	ended int // of its own accord
}

func (p *program) managed() *serviceManager {
	p.t.Helper()
	base, file := socket(p.t)
	m := &serviceManager{program: p, base: base, done: make(chan struct{})}
	m.cmd = p.handOver(file)
	go func() {
		defer close(m.done)
		for {
			err := m.cmd.Wait()
			m.mu.Lock()
			if m.cmd = nil; err == nil || p.t.Context().Err() != nil {
				m.mu.Unlock()
				return
			}
			m.ended++
			m.cmd = p.handOver(file)
			m.mu.Unlock()
		}
	}()
	p.await(base + "/readyz")
	return m
}

// stop ends the server in order.
func (m *serviceManager) stop() {
	m.mu.Lock()
	if m.cmd != nil {
		_ = m.cmd.Process.Signal(syscall.SIGTERM)
	}
	m.mu.Unlock()
	<-m.done
}

func (m *serviceManager) endings() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ended
}

// indexDamages are what can befall the index of a running server, each given its
// folder, its newest generation and an older copy of the folder.
var indexDamages = []struct {
	name string
	do   func(t *testing.T, dir, gen, older string)
}{
	{"folder removed", func(t *testing.T, dir, _, _ string) { t.Helper(); removeAll(t, dir) }},
	{"folder replaced by an older copy", func(t *testing.T, dir, _, older string) {
		t.Helper()
		removeAll(t, dir)
		copied(t, dir, older)
	}},
	{"older copy written over it", func(t *testing.T, dir, gen, older string) {
		t.Helper()
		copyOver(t, dir, older)
		spoil(t, segmentsOf(t, gen), func(f *os.File, size int64) error { return f.Truncate(size / 2) })
	}},
	{"segments removed", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		for _, name := range segmentsOf(t, gen) {
			removeAll(t, name)
		}
	}},
	{"segments cut in the middle", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		spoil(t, segmentsOf(t, gen), func(f *os.File, size int64) error { return f.Truncate(size / 2) })
	}},
	{"segments emptied", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		spoil(t, segmentsOf(t, gen), func(f *os.File, _ int64) error { return f.Truncate(0) })
	}},
	{"a bit of the segments flipped", func(t *testing.T, _, gen, _ string) { t.Helper(); spoil(t, segmentsOf(t, gen), flipBit) }},
	{"root cut", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		spoil(t, []string{filepath.Join(gen, "store", "root.bolt")}, func(f *os.File, _ int64) error { return f.Truncate(8192) })
	}},
	{"root of noise", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		spoil(t, []string{filepath.Join(gen, "store", "root.bolt")}, func(f *os.File, size int64) error {
			_, err := f.WriteAt([]byte(strings.Repeat("noise", int(size-8192)/5)), 8192)
			return err
		})
	}},
	{"root removed", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		removeAll(t, filepath.Join(gen, "store", "root.bolt"))
	}},
	{"description cut", func(t *testing.T, _, gen, _ string) {
		t.Helper()
		spoil(t, []string{filepath.Join(gen, "index_meta.json")}, func(f *os.File, size int64) error { return f.Truncate(size / 2) })
	}},
}

func removeAll(t *testing.T, name string) {
	t.Helper()
	err := os.RemoveAll(name)
	for try := 0; err != nil && try < 100; try++ { // the server may write into it meanwhile
		err = os.RemoveAll(name)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// copyOver writes the files of a folder over those of another, in place.
func copyOver(t *testing.T, dir, from string) {
	t.Helper()
	out, err := exec.Command("cp", "-r", from+"/.", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func segmentsOf(t *testing.T, gen string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(gen, "store", "*.zap"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// spoil changes files in place; one that is gone meanwhile is left out.
func spoil(t *testing.T, names []string, do func(f *os.File, size int64) error) {
	t.Helper()
	for _, name := range names {
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err == nil {
			err = do(f, info.Size())
		}
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func flipBit(f *os.File, size int64) error {
	var b [1]byte
	if _, err := f.ReadAt(b[:], size/3); err != nil {
		return err
	}
	b[0] ^= 4
	_, err := f.WriteAt(b[:], size/3)
	return err
}

// A watcher asks a portal for its pages over and over. All must be whole, but
// for searches, which may say that the index is being built; and for requests
// that the end of the process cut off.
type watcher struct {
	t    *testing.T
	m    *serviceManager
	home chan struct{}
	wait sync.WaitGroup

	mu      sync.Mutex
	answers map[string]int
}

const rebuildingText = "The search is being rebuilt"

func (w *watcher) look(pages, searches []string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	for {
		for i, page := range slices.Concat(pages, searches) {
			select {
			case <-w.home:
				return
			default:
			}
			before := w.m.endings()
			code, body, err := fetched(client, w.m.base+page)
			kind := strconv.Itoa(code)
			switch {
			case err != nil && w.endedSince(before):
				kind = "cut off by the end of the process"
			case err != nil:
				w.t.Errorf("%s: %v", page, err)
			case code == http.StatusOK:
			case i >= len(pages) && code == http.StatusServiceUnavailable && strings.Contains(body, rebuildingText):
				kind = "being rebuilt"
			default:
				w.t.Errorf("%s answers %d: %.300s", page, code, body)
			}
			w.mu.Lock()
			w.answers[kind]++
			w.mu.Unlock()
		}
	}
}

// endedSince reports whether the server ended, which the manager may notice a
// little later than its visitors.
func (w *watcher) endedSince(before int) bool {
	for range 100 {
		if w.m.endings() > before {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func fetched(client *http.Client, url string) (code int, body string, err error) {
	resp, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// TestIndexDamagedWhileServing damages the index of a running server in every
// way: it is noticed, put aside and built anew, and the site answers all the
// while. Where Bleve itself meets the damage first the process ends; the next
// one does the same.
func TestIndexDamagedWhileServing(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	portalReady(p)
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Winter table")
	dir := filepath.Join(p.data(), "search")
	older := filepath.Join(p.dir, "older")
	copied(t, older, dir)
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Summer table")
	table := p.csvAddress()
	m := p.managed()
	w := &watcher{t: t, m: m, home: make(chan struct{}), answers: map[string]int{}}
	pages := []string{"/en/", "/fa/", "/en/datasets/winter-table", "/api/v1/datasets/winter-table", "/en/agencies/local", "/en/datasets/winter-table/table", table, "/readyz"}
	searches := []string{"/en/datasets?q=winter", "/api/v1/datasets?q=summer&lang=en"}
	for range 2 {
		w.wait.Go(func() { w.look(pages, searches) })
	}
	var once sync.Once
	home := func() { once.Do(func() { close(w.home); w.wait.Wait() }) }
	defer home() // also when a damage cannot be done
	for _, d := range indexDamages {
		old := newestGeneration(t, dir)
		before := m.endings()
		start := time.Now()
		d.do(t, dir, filepath.Join(dir, old), older)
		damaged := newestFolder(t, dir)
		// The one that was damaged may have been half made, and its number is
		// given again then: another folder is as good as a higher number.
		anew := func() bool {
			now := newestFolder(t, dir)
			return newestGeneration(t, dir) > old || now != nil && damaged != nil && !os.SameFile(now, damaged)
		}
		for range 600 {
			_, body, _ := fetched(http.DefaultClient, m.base+"/api/v1/datasets?q=summer")
			if anew() && strings.Contains(body, `"total":1`) {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if !anew() {
			t.Errorf("%s: it is not built anew: %q after %q", d.name, newestGeneration(t, dir), old)
		}
		t.Logf("%-33s built anew and found in %4d ms; the process ended %d times", d.name, time.Since(start).Milliseconds(), m.endings()-before)
	}
	home()
	m.stop()
	if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
		t.Errorf("index: %s", out)
	}
	p.run("verify")
	t.Logf("answers: %v", w.answers)
}

// newestGeneration is the name of the newest generation in the folder of an
// index, empty when there is none.
func newestGeneration(t *testing.T, dir string) string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "gen-??????"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		return ""
	}
	return filepath.Base(slices.Max(all))
}

// newestFolder is the folder of the newest generation, nil when there is none.
func newestFolder(t *testing.T, dir string) os.FileInfo {
	t.Helper()
	name := newestGeneration(t, dir)
	if name == "" {
		return nil
	}
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return info
}

// TestIndexDamagedUnderAWriter cuts the index's files and publishes at once, so
// that Bleve writes to what is damaged. The process may end; what comes up in
// its place has all, and finds it.
func TestIndexDamagedUnderAWriter(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	portalReady(p)
	dir := filepath.Join(p.data(), "search")
	m := p.managed()
	for i := range 4 {
		gen := filepath.Join(dir, newestGeneration(t, dir))
		for k := range 6 {
			p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", fmt.Sprintf("Winter%d%d", i, k))
			spoil(t, append(segmentsOf(t, gen), filepath.Join(gen, "store", "root.bolt")), func(f *os.File, size int64) error { return f.Truncate(size / 4) })
			if newestGeneration(t, dir) != filepath.Base(gen) {
				break
			}
		}
		want := fmt.Sprintf("/api/v1/datasets?q=winter%d0", i)
		found := false
		for range 600 {
			if _, body, _ := fetched(http.DefaultClient, m.base+want); strings.Contains(body, `"total":1`) {
				found = true
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if !found {
			t.Errorf("%s finds nothing", want)
		}
	}
	m.stop()
	if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
		t.Errorf("index: %s", out)
	}
	p.run("verify")
	t.Logf("the process ended %d times", m.endings())
}
