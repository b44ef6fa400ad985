package harvesters_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// A fileHost is a server of files and of a data.json that names them.
type fileHost struct {
	*httptest.Server
	modified string
	answer   map[string]http.HandlerFunc
	asked    atomic.Int64
	not      atomic.Int64 // 304s
}

func newFileHost(t *testing.T, answer map[string]http.HandlerFunc) *fileHost {
	t.Helper()
	h := &fileHost{modified: "2024-01-01", answer: answer}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

func (h *fileHost) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/data.json" {
		h.asked.Add(1)
		h.answer[strings.TrimPrefix(r.URL.Path, "/")](w, r)
		return
	}
	var dists []any
	for name := range h.answer {
		dists = append(dists, map[string]any{"identifier": name, "title": name, "downloadURL": "/" + name})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"dataset": []any{map[string]any{
		"identifier": "d", "title": "Files", "modified": h.modified, "distribution": dists,
	}}})
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
}

// resources returns the resources of the only dataset by name.
func resources(t *testing.T, d harvesters.Deps) map[string]catalog.Resource {
	t.Helper()
	list, err := d.Store.Newest(t.Context(), 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	byName := map[string]catalog.Resource{}
	for _, r := range list[0].Resources {
		byName[r.Name] = r
	}
	return byName
}

func drain(t *testing.T, d harvesters.Deps) {
	t.Helper()
	if err := harvesters.Drain(t.Context(), d, func(done, of int64) {
		if done > of {
			t.Errorf("%d of %d", done, of)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreFetchedAndRead(t *testing.T) {
	h := newFileHost(t, nil)
	h.answer = map[string]http.HandlerFunc{
		"good.csv": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				h.not.Add(1)
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, "a,b\n1,2\n3,4\n")
		},
		"page.csv": text("<!doctype html><title>Log in</title>"),
		"gone.csv": http.NotFound,
		"doc.pdf":  text("%PDF-1.4"),
	}
	d := newDeps(t)
	src := addSource(t, d, "datajson", h.URL+"/data.json")
	harvest(t, d, src)
	drain(t, d)
	got := resources(t, d)
	if r := got["good.csv"]; r.Fetch != catalog.FetchDone || r.Edition == nil || !r.Edition.HasTable || r.Edition.Rows != 2 || r.Edition.FileName != "good.csv" {
		t.Errorf("good.csv: %+v %+v", r, r.Edition)
	}
	if r := got["page.csv"]; r.Fetch != catalog.FetchFailed || !strings.Contains(r.FetchFault, "web page") || r.Edition != nil {
		t.Errorf("page.csv: %+v", r)
	}
	if r := got["gone.csv"]; r.Fetch != catalog.FetchFailed || !strings.Contains(r.FetchFault, "nothing at this address") {
		t.Errorf("gone.csv: %+v", r)
	}
	if r := got["doc.pdf"]; r.Fetch != catalog.FetchNone {
		t.Errorf("doc.pdf: %+v", r)
	}
	// A move of the date of change has all files looked at again; what is the
	// same makes no edition.
	asked := h.asked.Load()
	h.modified = "2024-02-02"
	if run := harvest(t, d, src); run.Counts.Touched != 1 {
		t.Errorf("%+v", run.Counts)
	}
	drain(t, d)
	if h.asked.Load() == asked || h.not.Load() != 1 {
		t.Errorf("asked %d times, of which %d unchanged", h.asked.Load()-asked, h.not.Load())
	}
	if r := resources(t, d)["good.csv"]; r.Fetch != catalog.FetchDone || r.Edition == nil || r.Edition.Digest != got["good.csv"].Edition.Digest {
		t.Errorf("good.csv again: %+v", r)
	}
	list, err := d.Store.Editions(t.Context(), got["good.csv"].ID)
	if err != nil || len(list) != 1 {
		t.Errorf("%d editions, %v", len(list), err)
	}
}

func TestFilesArePutOffAndGivenUp(t *testing.T) {
	h := newFileHost(t, map[string]http.HandlerFunc{
		"x.csv": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
	})
	d := newDeps(t)
	now := clock
	d.Now = func() time.Time { return now }
	harvest(t, d, addSource(t, d, "datajson", h.URL+"/data.json"))
	now = time.Now().Add(time.Hour) // the store's own clock is the real one
	for try, wait := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour} {
		drain(t, d)
		r := resources(t, d)["x.csv"]
		if r.Fetch != catalog.FetchPending || !strings.Contains(r.FetchFault, "fault of its own") {
			t.Fatalf("try %d: %+v", try+1, r)
		}
		now = now.Add(wait - time.Second)
		if due, err := d.Store.DueFetches(t.Context(), now, 10); err != nil || len(due) != 0 {
			t.Errorf("after try %d it is due too early: %v, %v", try+1, due, err)
		}
		now = now.Add(2 * time.Second)
	}
	drain(t, d)
	if r := resources(t, d)["x.csv"]; r.Fetch != catalog.FetchFailed || !strings.Contains(r.FetchFault, "after 5 attempts") {
		t.Errorf("at the end: %+v", r)
	}
}

func TestFollowFetchesUntilStopped(t *testing.T) {
	h := newFileHost(t, map[string]http.HandlerFunc{"x.csv": text("a,b\n1,2\n")})
	d := newDeps(t)
	d.Now = func() time.Time { return time.Now().Add(time.Minute) }
	harvest(t, d, addSource(t, d, "datajson", h.URL+"/data.json"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- harvesters.Follow(ctx, d) }()
	for n := int64(1); n > 0; {
		var err error
		if n, err = d.Store.PendingFetches(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestFolderFilesFollowTheDisk(t *testing.T) {
	root := t.TempDir()
	path := writeFile(t, filepath.Join(root, "sub", "data.csv"), "a,b\n1,2\n")
	d := newDeps(t)
	d.Now = func() time.Time { return time.Now().Add(time.Minute) }
	src := addSource(t, d, "folder", root)
	harvest(t, d, src)
	drain(t, d)
	first := resources(t, d)["data.csv"]
	if first.Edition == nil || first.Edition.Rows != 1 {
		t.Fatalf("%+v", first)
	}
	writeFile(t, path, "a,b\n1,2\n3,4\n")
	if run := harvest(t, d, src); run.Counts.Touched != 1 {
		t.Errorf("%+v", run.Counts)
	}
	drain(t, d)
	second := resources(t, d)["data.csv"]
	if second.ID != first.ID || second.Edition.Rows != 2 || second.Edition.Digest == first.Edition.Digest {
		t.Errorf("%+v %+v", second, second.Edition)
	}
	if run := harvest(t, d, src); run.Counts.Unchanged != 1 {
		t.Errorf("%+v", run.Counts)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(root, "other.csv"), "a,b\n1,2\n")
	if run := harvest(t, d, src); run.Counts.Missing != 1 || run.Counts.New != 1 {
		t.Errorf("%+v", run.Counts)
	}
}

// TestRealFolder reads the real tables as a folder.
func TestRealFolder(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "folder", realFile(t, "csv"))
	run := harvest(t, d, src)
	if run.State != catalog.RunComplete || run.Counts.Faulty != 0 || run.Counts.New < 30 {
		t.Errorf("%s %+v", run.State, run.Counts)
	}
	described := 0
	for _, f := range faultsOf(t, d, run) {
		if f.Identifier == "covid-19/datapackage.json" {
			described++
		}
	}
	if described != 8 {
		t.Errorf("%d of the eight files that covid-19/datapackage.json names are told of: five are absent and three stand elsewhere", described)
	}
	if again := harvest(t, d, src); again.Counts.Unchanged != run.Counts.New {
		t.Errorf("again: %+v", again.Counts)
	}
}
