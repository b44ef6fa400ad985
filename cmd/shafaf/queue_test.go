package main

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

// ask registers a source of the kind at the address and asks for a run of it.
func (p *program) ask(kind, address string, dry, private bool) (src catalog.Source, run catalog.Run) {
	p.t.Helper()
	src = catalog.Source{Kind: kind, URL: address, AllowPrivateNetwork: private}
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		if err := q.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.RegisterSource(&catalog.Shell, &src) }); err != nil {
			return err
		}
		return q.store.Write(e.ctx, func(tx *catalog.Tx) (err error) {
			run, err = tx.QueueRun(&catalog.Shell, src.ID, dry)
			return err
		})
	})
	return src, run
}

// runs are all runs of a source, the newest first.
func (p *program) runs(src *catalog.Source) (all []catalog.Run) {
	p.t.Helper()
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) (err error) {
		all, err = q.store.Runs(e.ctx, src.ID, 100)
		return err
	})
	return all
}

// What somebody asked for is done by the server, also when it is killed in the
// middle of it: the next one goes on, and no run stays under way.
func TestQueuedRunsSurviveTheServer(t *testing.T) {
	t.Parallel()
	var whole atomic.Bool
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if whole.Load() {
			_, _ = w.Write([]byte(ownSource))
			return
		}
		_, _ = w.Write([]byte(ownSource[:20]))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer host.Close()
	p := newProgram(t)
	src, asked := p.ask("datajson", host.URL+"/data.json", false, true)
	if all := p.runs(&src); len(all) != 1 || all[0].State != catalog.RunQueued {
		t.Fatalf("asked for: %+v", all)
	}
	for n := range 2 { // the second time the first run goes on, and is killed too
		_, cmd := p.serve()
		p.eventually(func() bool { all := p.runs(&src); return len(all) == n+1 && all[0].State == catalog.RunRunning })
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
	}
	whole.Store(true)
	p.serve()
	p.eventually(func() bool { all := p.runs(&src); return len(all) == 3 && all[0].State == catalog.RunComplete })
	all := p.runs(&src)
	if all[2].ID != asked.ID || all[1].Follows != asked.ID || all[0].Follows != all[1].ID || all[1].State != catalog.RunIncomplete || all[0].Counts.New == 0 {
		t.Errorf("the runs are %+v", all)
	}
}

// A server that is told to end leaves what it was asked for to the next.
func TestQueuedRunsOutliveAStop(t *testing.T) {
	host := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer host.Close()
	p := newProgram(t)
	src, _ := p.ask("datajson", host.URL+"/data.json", true, true)
	_, cmd := p.serve()
	p.eventually(func() bool { return p.runs(&src)[0].State == catalog.RunRunning })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	all := p.runs(&src)
	if len(all) != 2 || all[0].State != catalog.RunQueued || all[0].Follows != all[1].ID || all[1].Finished.IsZero() {
		t.Errorf("the runs are %+v", all)
	}
}

// A trial of a source that is not well ends by itself and says why; nothing is
// published.
func TestTrialsOfBadSources(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	host := httptest.NewServer(mux)
	defer host.Close()
	for path, do := range map[string]http.HandlerFunc{
		"/missing": http.NotFound,
		"/page":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<!DOCTYPE html><p>SECRET")) },
		"/empty":   func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"dataset":[]}`)) },
		"/cut":     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(ownSource[:len(ownSource)/2])) },
		"/cloud": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		},
	} {
		mux.HandleFunc(path, do)
	}
	p := newProgram(t)
	sources := map[string]*catalog.Source{}
	for _, path := range []string{"/missing", "/page", "/empty", "/cut", "/cloud", "/private"} {
		src, _ := p.ask("datajson", host.URL+path, true, path != "/private")
		sources[path] = &src
	}
	p.serve()
	for path, why := range map[string]string{
		"/missing": "nothing at this address", "/page": "web page", "/empty": "no records", "/cut": "broken", "/cloud": "never fetched", "/private": "private",
	} {
		var last catalog.Run
		p.eventually(func() bool { last = p.runs(sources[path])[0]; return !last.Finished.IsZero() })
		if last.State != catalog.RunFailed && last.State != catalog.RunIncomplete || !strings.Contains(last.Reason, why) || strings.Contains(last.Reason, "SECRET") {
			t.Errorf("%s: %s %q", path, last.State, last.Reason)
		}
	}
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		stats, err := q.store.Stats(e.ctx)
		if err != nil || stats.Datasets != 0 {
			t.Errorf("%d datasets, %v", stats.Datasets, err)
		}
		return nil
	})
}

// realHost serves the real files, and those that answered a search of a CKAN
// portal as that portal would, at /portal/NAME. It always answers with the same
// page.
func realHost(dir string) *httptest.Server {
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(dir)))
	mux.HandleFunc("/portal/{name}/api/3/action/package_search", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(dir, "ckan", "au", filepath.Base(r.PathValue("name"))+".json"))
	})
	return httptest.NewServer(mux)
}

// Trials of real catalogues read them to their end; one of which a part comes
// again and again does not pass for whole.
func TestTrialsOfRealSources(t *testing.T) {
	t.Parallel()
	dir := cmp.Or(os.Getenv("SHAFAF_FILES"), "../../../shared/data")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("there are no real files: %v", err)
	}
	host := realHost(dir)
	defer host.Close()
	p := newProgram(t)
	sources := map[string]*catalog.Source{}
	for _, pattern := range []string{"datajson/*.json", "arcgis-hub/*/*_20230307.json"} {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, f := range files {
			name, _ := filepath.Rel(dir, f)
			src, _ := p.ask("datajson", host.URL+"/"+filepath.ToSlash(name), true, true)
			sources[name] = &src
		}
	}
	const part = "dwaga" // says 795 and holds a page of them
	for _, name := range []string{"brisbane-100", part} {
		src, _ := p.ask("ckan", host.URL+"/portal/"+name, true, true)
		sources[name] = &src
	}
	p.serve()
	for name, src := range sources {
		var last catalog.Run
		p.eventually(func() bool { last = p.runs(src)[0]; return !last.Finished.IsZero() })
		if whole := last.State == catalog.RunComplete; whole == (name == part) || last.Counts.New == 0 {
			t.Errorf("%s: %s %+v %q", name, last.State, last.Counts, last.Reason)
		}
		t.Logf("%s: %d records, %d new, %d faulty, %d remarks", name, last.Counts.Seen, last.Counts.New, last.Counts.Faulty, last.Counts.Faults)
	}
}
