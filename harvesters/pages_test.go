package harvesters_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// asks returns how many pages the portal was asked for since the last call.
func (p *portal) asks() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.asked)
	p.asked = nil
	return n
}

// failing makes the portal answer 500 from a record on, while on.
func (p *portal) failing(from int, on *bool) {
	p.page = func(w http.ResponseWriter, start, _ int) bool {
		if *on && start >= from {
			http.Error(w, "broken", http.StatusInternalServerError)
			return true
		}
		return false
	}
}

func TestARunGoesOnWhereTheOneBeforeBrokeOff(t *testing.T) {
	p := newPortal(t, 1000)
	down := true
	p.failing(600, &down)
	d := newDeps(t)
	d.Dir = t.TempDir()
	src := addSource(t, d, "ckan", p.URL)
	if run := harvest(t, d, src); run.State != catalog.RunIncomplete || run.Counts.New != 600 {
		t.Fatalf("first: %s %+v %q", run.State, run.Counts, run.Reason)
	}
	p.asks()
	if run := harvest(t, d, src); run.State != catalog.RunIncomplete || run.Counts.Unchanged != 600 {
		t.Errorf("second: %s %+v", run.State, run.Counts)
	}
	if n := p.asks(); n > harvesters.DefaultLimits().Tries {
		t.Errorf("the second asked for %d pages, want the one that is missing, a few times", n)
	}
	down = false
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Seen != 1000 || run.Counts.New != 400 {
		t.Errorf("third: %s %+v %q", run.State, run.Counts, run.Reason)
	}
	if n := p.asks(); n > 6 {
		t.Errorf("the third asked for %d pages, want those from 600 on", n)
	}
	if run := harvest(t, d, src); run.State != catalog.RunComplete {
		t.Errorf("fourth: %s %q", run.State, run.Reason)
	}
	if n := p.asks(); n < 10 {
		t.Errorf("the fourth asked for %d pages: after a whole run all is read anew", n)
	}
	if dirs, err := os.ReadDir(filepath.Join(d.Dir, "harvest", src.ID)); err != nil || len(dirs) != 2 {
		t.Errorf("the pages of %d runs are kept, %v", len(dirs), err)
	}
}

func TestARunThatWasStoppedIsGoneOnWith(t *testing.T) {
	p := newPortal(t, 500)
	d := newDeps(t)
	d.Dir = t.TempDir()
	src := addSource(t, d, "ckan", p.URL)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := harvesters.Run(ctx, d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 350 {
			cancel()
		}
	}}); err != nil {
		t.Fatal(err)
	}
	p.asks()
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Seen != 500 {
		t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
	if n := p.asks(); n > 3 {
		t.Errorf("%d pages were asked for again", n)
	}
}

// TestPagesThatAreNoUse: those that are old, cut off, or from a run that ended
// for a reason of the source's own.
func TestPagesThatAreNoUse(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, p *portal, d *harvesters.Deps, src catalog.Source){
		"old": func(_ *testing.T, _ *portal, d *harvesters.Deps, _ catalog.Source) {
			d.Now = func() time.Time { return clock.Add(25 * time.Hour) }
		},
		"cut off": func(t *testing.T, _ *portal, d *harvesters.Deps, src catalog.Source) {
			t.Helper()
			files, err := filepath.Glob(filepath.Join(d.Dir, "harvest", src.ID, "*", "*.page.zst"))
			if err != nil || len(files) != 2 {
				t.Fatalf("%d pages are kept, %v", len(files), err)
			}
			for i, f := range files {
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				if i == 0 {
					b = b[:len(b)/2]
				} else {
					b[len(b)/2] ^= 0xff
				}
				if err := os.WriteFile(f, b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPortal(t, 400)
			down := true
			p.failing(200, &down)
			d := newDeps(t)
			d.Dir = t.TempDir()
			src := addSource(t, d, "ckan", p.URL)
			harvest(t, d, src)
			down = false
			spoil(t, p, &d, src)
			p.asks()
			if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Seen != 400 {
				t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
			}
			if n := p.asks(); n < 4 {
				t.Errorf("only %d pages were asked for", n)
			}
		})
	}
}

// TestABrokenPageIsAskedForAgain: what cannot be read is kept for whoever asks,
// and not read a second time.
func TestABrokenPageIsAskedForAgain(t *testing.T) {
	p := newPortal(t, 400)
	broken := true
	p.page = func(w http.ResponseWriter, start, _ int) bool {
		if broken && start == 200 {
			fmt.Fprint(w, `{"success": true, "result": {"count": 400, "results": [{"id": "x"`)
			return true
		}
		return false
	}
	d := newDeps(t)
	d.Dir = t.TempDir()
	src := addSource(t, d, "ckan", p.URL)
	if run := harvest(t, d, src); run.State != catalog.RunIncomplete {
		t.Errorf("%s %q", run.State, run.Reason)
	}
	if files, err := filepath.Glob(filepath.Join(d.Dir, "harvest", src.ID, "*", "*.bad.zst")); err != nil || len(files) != 1 {
		t.Errorf("%d broken pages are kept, %v", len(files), err)
	}
	broken = false
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Seen != 400 {
		t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
}

// TestPagesAreNoNeed: a folder that cannot be written costs nothing but itself.
func TestPagesAreNoNeed(t *testing.T) {
	p := newPortal(t, 300)
	d := newDeps(t)
	d.Dir = filepath.Join(writeFile(t, "a file", "x"), "data")
	var told strings.Builder
	d.Log = newLog(&told)
	if run := harvest(t, d, addSource(t, d, "ckan", p.URL)); run.State != catalog.RunComplete || run.Counts.New != 300 {
		t.Errorf("%s %+v", run.State, run.Counts)
	}
	if !strings.Contains(told.String(), "cannot be kept") {
		t.Errorf("the log says %q", told.String())
	}
}

// TestAnUnchangedFileIsNotSentAgain: the run reads what the one before was sent,
// and concludes from it as from any other.
func TestAnUnchangedFileIsNotSentAgain(t *testing.T) {
	content, sent, partial := dataJSON(60, nil), 0, false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%x"`, len(content))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		if partial {
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			fmt.Fprint(w, content[:len(content)/2])
			return
		}
		fmt.Fprint(w, content)
	}))
	defer s.Close()
	d := newDeps(t)
	d.Dir = t.TempDir()
	src := addSource(t, d, "datajson", s.URL)
	check := func(what string, run catalog.Run, state string, want catalog.RunCounts, times int) {
		t.Helper()
		run.Counts.Faults = 0
		if run.State != state || run.Counts != want || sent != times {
			t.Errorf("%s: %s %+v %q, sent %d times, want %s %+v, %d", what, run.State, run.Counts, run.Reason, sent, state, want, times)
		}
	}
	check("first", harvest(t, d, src), catalog.RunComplete, catalog.RunCounts{Seen: 60, New: 60}, 1)
	check("the same", harvest(t, d, src), catalog.RunComplete, catalog.RunCounts{Seen: 60, Unchanged: 60}, 1)
	content = dataJSON(58, nil)
	check("less", harvest(t, d, src), catalog.RunComplete, catalog.RunCounts{Seen: 58, Unchanged: 58, Missing: 2}, 2)
	check("less still", harvest(t, d, src), catalog.RunComplete, catalog.RunCounts{Seen: 58, Unchanged: 58, Missing: 2, Retired: 2}, 2)
	files, err := filepath.Glob(filepath.Join(d.Dir, "harvest", src.ID, "*", "*.page.zst"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d copies, %v", len(files), err)
	}
	for _, f := range files {
		if err := os.Truncate(f, 300); err != nil {
			t.Fatal(err)
		}
	}
	check("damaged here", harvest(t, d, src), catalog.RunComplete, catalog.RunCounts{Seen: 58, Unchanged: 58}, 3)
	content, partial = dataJSON(59, nil), true
	if run := harvest(t, d, src); run.State != catalog.RunIncomplete {
		t.Errorf("broken off: %s", run.State)
	}
	partial = false
	again := harvest(t, d, src)
	if again.State != catalog.RunComplete || again.Counts.Seen != 59 {
		t.Errorf("after it: %s %+v: half a file is not the file", again.State, again.Counts)
	}
	d.Now = func() time.Time { return clock.Add(8 * 24 * time.Hour) }
	before := sent
	if run := harvest(t, d, src); run.State != catalog.RunComplete || sent != before+1 {
		t.Errorf("after a week: %s, sent %d times more", run.State, sent-before)
	}
}
