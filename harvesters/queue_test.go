package harvesters_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// queued does a run of the source as somebody who asked for it gets it.
func queued(t *testing.T, d harvesters.Deps, src catalog.Source, dry bool) catalog.Run {
	t.Helper()
	var run catalog.Run
	err := d.Store.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		run, err = tx.QueueRun(&catalog.Shell, src.ID, dry)
		return err
	})
	if err == nil {
		run, err = harvesters.Run(t.Context(), d, src, harvesters.RunOptions{Queued: run.ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// planned are the identifiers of a trial by what it would do to them.
func planned(t *testing.T, d harvesters.Deps, run catalog.Run) map[string][]string {
	t.Helper()
	counts, err := d.Store.PlanCounts(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, c := range counts {
		list, err := d.Store.Plan(t.Context(), run.ID, c.Does, 0, 100)
		if err != nil || int64(len(list)) != c.N {
			t.Fatalf("%d of %d records, %v", len(list), c.N, err)
		}
		for _, p := range list {
			if len(p.Title) == 0 {
				t.Errorf("%s %s has no title", c.Does, p.Identifier)
			}
			all[c.Does] = append(all[c.Does], p.Identifier)
		}
	}
	return all
}

// A trial tells of each record what a run would do to it, does nothing of it,
// and the run then does just that.
func TestTrialsTellWhatRunsDo(t *testing.T) {
	d := newDeps(t)
	path := writeFile(t, "data.json", dataJSON(40, nil))
	src := addSource(t, d, "datajson", path)
	first := queued(t, d, src, true)
	if plan := planned(t, d, first); !first.DryRun || len(plan) != 1 || len(plan[catalog.DoesAdd]) != 40 {
		t.Errorf("of a new source: %v", plan)
	}
	harvest(t, d, src)
	setFile(t, path, dataJSON(39, nil))
	harvest(t, d, src) // r-39 is missing for the first time
	setFile(t, path, dataJSON(38, func(i int, r map[string]any) {
		switch i {
		case 1:
			r["title"] = "Another title"
		case 2:
			r["modified"] = "2024-02-02"
		case 3:
			r["identifier"] = "new"
			r["title"] = "Something else altogether"
			delete(r, "distribution")
		}
	}))
	trial := queued(t, d, src, true)
	plan := planned(t, d, trial)
	want := map[string][]string{
		catalog.DoesAdd: {"new"}, catalog.DoesChange: {"r-1"}, catalog.DoesTouch: {"r-2"}, catalog.DoesMiss: {"r-3", "r-38"}, catalog.DoesRemove: {"r-39"},
	}
	for does, ids := range want {
		if !slices.Equal(plan[does], ids) {
			t.Errorf("%s: %v, want %v", does, plan[does], ids)
		}
	}
	if len(plan) != len(want) {
		t.Errorf("the plan is %v", plan)
	}
	if stats, err := d.Store.Stats(t.Context()); err != nil || stats.Datasets != 40 {
		t.Errorf("after the trial there are %d datasets, %v", stats.Datasets, err)
	}
	if older := planned(t, d, first); len(older) != 0 {
		t.Errorf("the plan of an older trial is kept: %v", older)
	}
	run := queued(t, d, src, false)
	a, b := trial.Counts, run.Counts
	if a != b || run.State != trial.State || b.Retired != 1 {
		t.Errorf("the run did %s %+v, the trial said %s %+v", run.State, b, trial.State, a)
	}
	setFile(t, path, dataJSON(5, nil))
	if held := queued(t, d, src, true); held.State != catalog.RunHeld || len(planned(t, d, held)[catalog.DoesHold]) < 30 {
		t.Errorf("%s, %v", held.State, planned(t, d, held))
	}
}

// A run that somebody stops ends while its source says nothing, and does not
// count as a failure of the source.
func TestStoppedWhileTheSourceIsSilent(t *testing.T) {
	asked := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"dataset": [`))
		_ = http.NewResponseController(w).Flush()
		close(asked)
		<-r.Context().Done()
	}))
	defer s.Close()
	d := newDeps(t)
	src := addSource(t, d, "datajson", s.URL)
	go func() {
		<-asked
		err := d.Store.Write(t.Context(), func(tx *catalog.Tx) error {
			run, err := tx.QueueRun(&catalog.Shell, src.ID, false) // the one under way
			return errors.Join(err, tx.StopRun(&catalog.Shell, src.ID, run.ID))
		})
		if err != nil {
			t.Error(err)
		}
	}()
	run := queued(t, d, src, false)
	if run.State != catalog.RunFailed || !strings.Contains(run.Reason, "stopped") {
		t.Errorf("%s %q", run.State, run.Reason)
	}
	if now, err := d.Store.Source(t.Context(), src.ID); err != nil || now.Failures != 0 || now.Standing() != catalog.SourceStopped {
		t.Errorf("%d failures, %s, %v", now.Failures, now.Standing(), err)
	}
}

// Records that name no licence have that of their source, also when it is given
// later.
func TestLicenceOfTheSource(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(3, func(i int, r map[string]any) {
		delete(r, "license")
		if i == 0 {
			r["license"] = "https://creativecommons.org/publicdomain/zero/1.0/"
		}
	})))
	harvest(t, d, src)
	src.Licence = "cc-by-4.0"
	if run := harvest(t, d, src); run.Counts.Changed != 2 {
		t.Errorf("%+v", run.Counts)
	}
	list, err := d.Store.Newest(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, ds := range list {
		want := "cc-by-4.0"
		if ds.Identifier == "r-0" {
			want = "cc0-1.0"
		}
		if ds.Licence != want {
			t.Errorf("%s has %q, want %q", ds.Identifier, ds.Licence, want)
		}
	}
}

func TestAddressesFromTheWeb(t *testing.T) {
	for address, want := range map[string]string{
		"https://data.example/data.json": "", "http://data.example:8080/x?y=z": "", "https://1.1.1.1/": "", "https://[2606:4700::1111]/": "",
		"": "url.empty", " ": "url.empty", "ftp://x.example/": "url.scheme", "file:///etc/passwd": "url.scheme", "/etc/passwd": "url.scheme", "data.example": "url.scheme",
		"javascript:alert(1)": "url.scheme", "https://": "url.host", "https:///x": "url.host", "https://a b/": "url.host", "https://x.example/a b": "url.host",
		"https://user:secret@x.example/": "url.user", "https://x.example/" + strings.Repeat("x", 2000): "url.long",
		"http://localhost/": "url.private", "http://LOCALHOST./": "url.private", "http://a.localhost/": "url.private", "http://127.0.0.1:8080/": "url.private", "http://10.1.2.3/": "url.private",
		"http://192.168.0.1/": "url.private", "http://169.254.169.254/latest": "url.private", "http://[::1]/": "url.private", "http://[::ffff:10.0.0.1]/": "url.private",
		"http://[fd00::1]/": "url.private", "http://100.100.100.200/": "url.private", "http://0.0.0.0/": "url.private",
	} {
		err := harvesters.CheckWeb(catalog.Source{Kind: "datajson", URL: address})
		var invalid *catalog.InvalidError
		if got := ""; errors.As(err, &invalid) && invalid.Field != want || err == nil && want != got {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
	if err := harvesters.CheckWeb(catalog.Source{Kind: "datajson", URL: "http://10.0.0.1/", AllowPrivateNetwork: true}); err != nil {
		t.Errorf("with leave: %v", err)
	}
	for _, kind := range []string{"folder", "", "nothing"} {
		var invalid *catalog.InvalidError
		if err := harvesters.CheckWeb(catalog.Source{Kind: kind, URL: "https://x.example/"}); !errors.As(err, &invalid) || invalid.Field != "kind" {
			t.Errorf("kind %q: %v", kind, err)
		}
	}
}
