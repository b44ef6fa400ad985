package harvesters_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// A portal is a CKAN of n packages that misbehaves as a test wants.
type portal struct {
	*httptest.Server
	n       int
	prefix  string // before /api
	api     string // /api/3/action/
	maxRows int
	count   func(start int) any
	page    func(w http.ResponseWriter, start, rows int) bool // true: it answered
	mu      sync.Mutex
	asked   []string
}

func newPortal(t *testing.T, n int) *portal {
	t.Helper()
	p := &portal{n: n, api: "/api/3/action/", maxRows: 1000}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, r.URL.String())
	p.mu.Unlock()
	if r.URL.Path != p.prefix+p.api+"package_search" {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><html><head><title>Not here</title>")
		return
	}
	start, _ := strconv.Atoi(r.URL.Query().Get("start"))
	rows, _ := strconv.Atoi(r.URL.Query().Get("rows"))
	rows = min(rows, p.maxRows)
	if p.page != nil && p.page(w, start, rows) {
		return
	}
	p.answer(w, start, start+rows)
}

// answer sends the packages from one number to another.
func (p *portal) answer(w http.ResponseWriter, from, to int) {
	results := []any{}
	for i := from; i < min(to, p.n); i++ {
		results = append(results, map[string]any{
			"id": fmt.Sprintf("id-%05d", i), "name": fmt.Sprintf("name-%d", i), "title": fmt.Sprintf("Package %d", i), "state": "active",
			"resources": []any{},
		})
	}
	var count any = p.n
	if p.count != nil {
		count = p.count(from)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": map[string]any{"count": count, "results": results}})
}

func TestCKANPages(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		change func(*portal)
		state  string
		seen   int64
		reason string
	}{
		{"three pages", 250, nil, catalog.RunComplete, 250, ""},
		{"exactly one page", 100, nil, catalog.RunComplete, 100, ""},
		{"the server gives fewer rows", 37, func(p *portal) { p.maxRows = 10 }, catalog.RunComplete, 37, ""},
		{"a path before the api", 5, func(p *portal) { p.prefix = "/data" }, catalog.RunComplete, 5, ""},
		{"the older place of the api", 5, func(p *portal) { p.api = "/api/action/" }, catalog.RunComplete, 5, ""},
		{"no api", 5, func(p *portal) { p.prefix = "/elsewhere" }, catalog.RunFailed, 0, "a web page came"},
		{"nothing", 0, nil, catalog.RunFailed, 0, "holds no records"},
		{
			"page 3 is broken", 250, func(p *portal) {
				p.page = func(w http.ResponseWriter, start, _ int) bool {
					if start >= 200 {
						w.WriteHeader(http.StatusInternalServerError)
					}
					return start >= 200
				}
			}, catalog.RunIncomplete, 200, "that was on page 3",
		},
		{
			"one page for ever", 250, func(p *portal) {
				p.page = func(w http.ResponseWriter, _, rows int) bool { p.answer(w, 0, rows); return true }
			}, catalog.RunIncomplete, 100, "page 2 is the same as one before it",
		},
		{
			"one page for ever, and that is all", 50, func(p *portal) {
				p.page = func(w http.ResponseWriter, _, rows int) bool { p.answer(w, 0, rows); return true }
			}, catalog.RunComplete, 50, "",
		},
		{
			"the list moves while it is read", 250, func(p *portal) {
				p.page = func(w http.ResponseWriter, start, rows int) bool {
					from := start
					if start > 0 {
						from -= 3 // three came in front of it
					}
					p.answer(w, from, from+rows)
					return true
				}
			}, catalog.RunComplete, 250, "",
		},
		{
			"the count is wrong", 30, func(p *portal) { p.count = func(int) any { return 31 } },
			catalog.RunIncomplete, 30, "it has 31 records, and 30 came",
		},
		{
			"it says that it failed", 30, func(p *portal) {
				p.page = func(w http.ResponseWriter, _, _ int) bool {
					fmt.Fprint(w, `{"success": false, "error": {"message": "SECRET"}}`)
					return true
				}
			}, catalog.RunFailed, 0, "success: false",
		},
		{
			"cut in the middle of page 2", 150, func(p *portal) {
				p.page = func(w http.ResponseWriter, start, _ int) bool {
					if start > 0 {
						fmt.Fprint(w, `{"success": true, "result": {"count": 150, "results": [{"id": "x", "title": "X"}, {"id": "y`)
					}
					return start > 0
				}
			}, catalog.RunIncomplete, 101, "cut short",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPortal(t, c.n)
			if c.change != nil {
				c.change(p)
			}
			d := newDeps(t)
			run := harvest(t, d, addSource(t, d, "ckan", p.URL))
			if run.State != c.state || run.Counts.Seen != c.seen || !strings.Contains(run.Reason, c.reason) || strings.Contains(run.Reason, "SECRET") {
				t.Errorf("%s %+v %q, want %s, %d, %q\nasked: %q", run.State, run.Counts, run.Reason, c.state, c.seen, c.reason, p.asked)
			}
			if run.Counts.Faulty > 0 {
				t.Errorf("faulty: %v", faultsOf(t, d, run))
			}
		})
	}
}

func TestCKANAddresses(t *testing.T) {
	for _, given := range []string{"", "/", "/dataset", "/api/3", "/api/3/action/package_search?q=x", "/api/3/action/package_list"} {
		p := newPortal(t, 3)
		d := newDeps(t)
		if run := harvest(t, d, addSource(t, d, "ckan", p.URL+given)); run.State != catalog.RunComplete {
			t.Errorf("%q: %s %q, asked %q", given, run.State, run.Reason, p.asked)
		}
	}
}

// TestDeletedAtTheSource: what the source itself says is gone needs no second
// run, and goes through the same brake.
func TestDeletedAtTheSource(t *testing.T) {
	deleted := 3
	p := newPortal(t, 20)
	p.page = func(w http.ResponseWriter, start, rows int) bool {
		results := []any{}
		for i := start; i < min(start+rows, p.n); i++ {
			state := "active"
			if i < deleted {
				state = "deleted"
			}
			results = append(results, map[string]any{"id": fmt.Sprintf("id-%d", i), "name": fmt.Sprintf("n-%d", i), "title": fmt.Sprintf("Package %d", i), "state": state})
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": map[string]any{"count": p.n, "results": results}})
		return true
	}
	d := newDeps(t)
	src := addSource(t, d, "ckan", p.URL)
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.New != 17 || run.Counts.Deleted != 3 || run.Counts.Retired != 0 {
		t.Errorf("first: %s %+v", run.State, run.Counts)
	}
	deleted = 6
	run := harvest(t, d, src)
	if run.State != catalog.RunComplete || run.Counts.Deleted != 6 || run.Counts.Retired != 3 {
		t.Errorf("three more: %s %+v", run.State, run.Counts)
	}
	lines, total, err := d.Store.Removals(t.Context(), catalog.RemovalFilter{Kind: catalog.RemovedDeleted, Run: run.ID, Limit: 10})
	if err != nil || total != 3 || lines[0].Missing.IsZero() {
		t.Errorf("the ledger has %+v, %v", lines, err)
	}
	deleted = 10
	if run := harvest(t, d, src); run.State != catalog.RunHeld || run.Counts.Retired != 0 || run.Counts.Waiting != 4 {
		t.Errorf("four more: %s %+v", run.State, run.Counts)
	}
	deleted = 0
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.Returned != 3 || run.Counts.New != 3 {
		t.Errorf("all back: %s %+v", run.State, run.Counts)
	}
	if stats, err := d.Store.Stats(t.Context()); err != nil || stats.Datasets != 20 {
		t.Errorf("%+v, %v", stats, err)
	}
}
