package harvesters_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// dataJSON is a catalogue of n records; change may mend one.
func dataJSON(n int, change func(i int, r map[string]any)) string {
	list := make([]map[string]any, n)
	for i := range list {
		list[i] = map[string]any{
			"identifier": fmt.Sprintf("r-%d", i), "title": fmt.Sprintf("Record %d", i), "modified": "2024-01-01", "accessLevel": "public",
			"distribution": []any{map[string]any{"downloadURL": fmt.Sprintf("https://x.test/%d.csv", i), "mediaType": "text/csv"}},
		}
		if change != nil {
			change(i, list[i])
		}
	}
	b, _ := json.Marshal(map[string]any{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": list})
	return string(b)
}

// setFile gives a source of a file other content.
func setFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestRunCountsAndMarks(t *testing.T) {
	d := newDeps(t)
	path := writeFile(t, "data.json", dataJSON(10, nil))
	src := addSource(t, d, "datajson", path)
	check := func(what string, want catalog.RunCounts, state string) catalog.Run {
		t.Helper()
		run := harvest(t, d, src)
		run.Counts.Faults = 0
		if run.State != state || run.Counts != want {
			t.Errorf("%s: %s %+v %q, want %s %+v", what, run.State, run.Counts, run.Reason, state, want)
		}
		return run
	}
	check("first", catalog.RunCounts{Seen: 10, New: 10}, catalog.RunComplete)
	check("again", catalog.RunCounts{Seen: 10, Unchanged: 10}, catalog.RunComplete)
	setFile(t, path, dataJSON(9, func(i int, r map[string]any) {
		switch i {
		case 1:
			r["title"] = "Another title"
		case 2:
			r["modified"] = "2024-02-02"
		case 3:
			delete(r, "title")
		}
	}))
	check("changed", catalog.RunCounts{Seen: 9, Changed: 1, Touched: 1, Unchanged: 6, Faulty: 1, Missing: 1}, catalog.RunComplete)
	if marks := missing(t, d, src); len(marks) != 1 || marks[0] != "r-9" {
		t.Errorf("missing are %q, want r-9 alone: a faulty record is present", marks)
	}
	setFile(t, path, dataJSON(4, nil))
	check("less than half", catalog.RunCounts{Seen: 4, Changed: 1, Touched: 1, Unchanged: 2, Missing: 6, Waiting: 6}, catalog.RunHeld)
	setFile(t, path, dataJSON(10, nil))
	check("back", catalog.RunCounts{Seen: 10, Unchanged: 10}, catalog.RunComplete)
	if marks := missing(t, d, src); len(marks) != 0 {
		t.Errorf("missing are %q after all came back", marks)
	}
	for what, content := range map[string]string{"empty list": `{"dataset": []}`, "empty": "", "a web page": "<!DOCTYPE html><p>Log in"} {
		setFile(t, path, content)
		run := check(what, catalog.RunCounts{}, catalog.RunFailed)
		if run.Reason == "" || len(missing(t, d, src)) != 0 {
			t.Errorf("%s: reason %q, missing %q", what, run.Reason, missing(t, d, src))
		}
	}
}

func missing(t *testing.T, d harvesters.Deps, src catalog.Source) []string {
	t.Helper()
	marks, err := d.Store.Marks(t.Context(), src.ID)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for id, m := range marks {
		if m.Missing {
			all = append(all, id.Identifier)
		}
	}
	return all
}

func TestDryRunWritesNothingButTheRun(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(7, func(i int, r map[string]any) {
		if i == 3 {
			delete(r, "title")
		}
	})))
	var told int64
	run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{DryRun: true, Progress: func(done, of int64) {
		if done > of {
			t.Errorf("%d of %d", done, of)
		}
		told = done
	}})
	if err != nil || !run.DryRun || run.State != catalog.RunComplete || run.Counts.New != 6 || run.Counts.Faulty != 1 || told != 7 {
		t.Errorf("%+v, %v, told %d", run, err, told)
	}
	if stats, err := d.Store.Stats(t.Context()); err != nil || stats.Datasets != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
	if len(faultsOf(t, d, run)) != 1 {
		t.Error("its fault is not listed")
	}
}

func TestSameIdentifierFirstWins(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(3, func(_ int, r map[string]any) { r["identifier"] = "one" })))
	run := harvest(t, d, src)
	if run.Counts.New != 1 || run.Counts.Faulty != 2 {
		t.Errorf("%+v", run.Counts)
	}
	for i, f := range faultsOf(t, d, run) {
		if f.Severity != catalog.SeverityRecord || f.Position != fmt.Sprintf("dataset %d", i+2) || f.Identifier != "one" {
			t.Errorf("%+v", f)
		}
	}
}

func TestRunStopped(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(1000, nil)))
	ctx, cancel := context.WithCancel(t.Context())
	run, err := harvesters.Run(ctx, d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 350 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Store.Run(t.Context(), run.ID)
	if err != nil || kept.State != catalog.RunIncomplete || kept.Counts.New != 350 || !strings.Contains(kept.Reason, "stopped") {
		t.Errorf("%+v, %v", kept, err)
	}
	ids, err := d.Store.DatasetIDs(t.Context(), catalog.Filter{})
	if err != nil || len(ids) != 350 {
		t.Errorf("%d datasets are kept, %v", len(ids), err)
	}
}

func TestRunIsClosedWhenTheProgramErrs(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(5, nil)))
	_, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 3 {
			panic("a bug")
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("got %v", err)
	}
	runs, err := d.Store.Runs(t.Context(), src.ID, 10)
	if err != nil || len(runs) != 1 || runs[0].State != catalog.RunIncomplete || runs[0].Finished.IsZero() {
		t.Errorf("%+v, %v", runs, err)
	}
}

// TestTruncated cuts a catalogue at each byte: it is never complete.
func TestTruncated(t *testing.T) {
	whole := dataJSON(6, nil)
	v := &harvesters.Visit{Source: catalog.Source{Kind: "datajson", URL: writeFile(t, "data.json", "")}}
	source, err := harvesters.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		setFile(t, v.Source.URL, whole[:n])
		var last error
		for _, err := range source.Records(t.Context()) {
			last = err
		}
		if last == nil {
			t.Fatalf("cut at byte %d of %d it ends well", n, len(whole))
		}
	}
}

func TestEncodings(t *testing.T) {
	text := `{"dataset": [{"identifier": "a", "title": "Café – 5 €", "description": "é"}]}`
	units := utf16.Encode([]rune(text))
	little, big := []byte("\xFF\xFE"), []byte{}
	for _, u := range units {
		little = binary.LittleEndian.AppendUint16(little, u)
		big = binary.BigEndian.AppendUint16(big, u)
	}
	cp1252 := strings.NewReplacer("é", "\xE9", "–", "\x96", "€", "\x80").Replace(text)
	for name, c := range map[string]struct {
		content string
		noted   bool
	}{
		"utf-8": {text, false}, "bom": {"\uFEFF" + text, false}, "utf-16le": {string(little), true}, "utf-16be": {string(big), true}, "windows-1252": {cp1252, true},
		"late": {`{"x": "` + strings.Repeat("x", 300<<10) + `", ` + cp1252[1:], true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDeps(t)
			run := harvest(t, d, addSource(t, d, "datajson", writeFile(t, "data.json", c.content)))
			list, err := d.Store.Newest(t.Context(), 1)
			if err != nil || len(list) != 1 || list[0].Title["en"] != "Café – 5 €" || (run.Counts.Faults == 1) != c.noted {
				t.Errorf("%+v %+v %v", run, list, err)
			}
		})
	}
	d := newDeps(t)
	persian := "{\"dataset\": [{\"identifier\": \"a\", \"title\": \"\xD3\xD1\xD4\xE3\xC7\xD1\xED\"}]}" // سرشماري in Windows-1256
	harvest(t, d, addSource(t, d, "datajson", writeFile(t, "data.json", persian)))
	if list, err := d.Store.Newest(t.Context(), 1); err != nil || len(list) != 1 || list[0].Title["fa"] != "سرشماري" {
		t.Errorf("Windows-1256: %+v, %v", list, err)
	}
}

// TestHostileRecords holds that a record that is too deep or too large costs
// itself alone.
func TestHostileRecords(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 500_000) + strings.Repeat(`]}`, 500_000)
	large := `"` + strings.Repeat("x", 17<<20) + `"`
	good := `{"identifier": "%s", "title": "Good"}`
	content := `{"dataset": [` + fmt.Sprintf(good, "a") + `,{"x":` + deep + `},{"x":` + large + `},` +
		`{"identifier":"` + strings.Repeat("i", 2000) + `","title":"T"},{"identifier":"long","title":"` + strings.Repeat("t", 3000) + `"},` +
		`{"identifier":"nul","title":"a\u0000b` + "\t" + `c"},` + fmt.Sprintf(good, "z") + `]}`
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "datajson", writeFile(t, "data.json", content)))
	if run.State != catalog.RunComplete || run.Counts.New != 3 || run.Counts.Faulty != 4 {
		t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
	}
	for i, want := range []string{"nested deeper than 64", "larger than 16 MiB", "longer than 1000 bytes", "longer than 2000 bytes"} {
		if f := faultsOf(t, d, run)[i]; !strings.Contains(f.Text, want) || f.Position != fmt.Sprintf("dataset %d", i+2) {
			t.Errorf("fault %d is %+v, want %q", i, f, want)
		}
	}
}

// A server that does not answer is the reason, not somebody who stopped the run.
func TestSilentServer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	d := newDeps(t)
	l := harvesters.DefaultLimits()
	l.Header, l.Tries = 20*time.Millisecond, 1
	d.Client = harvesters.NewClient(harvesters.ClientOptions{Limits: l, Version: "test", Now: d.Now})
	defer d.Client.Close()
	run := harvest(t, d, addSource(t, d, "datajson", s.URL))
	if run.State != catalog.RunFailed || !strings.Contains(run.Reason, "did not answer in time") {
		t.Errorf("%s %q", run.State, run.Reason)
	}
}

func TestOverHTTP(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // which nobody else writes to
	content := dataJSON(300, nil)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		state  string
		new    int64
		reason string
	}{
		"well":      {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, content) }, catalog.RunComplete, 300, ""},
		"not found": {http.NotFound, catalog.RunFailed, 0, "nothing at this address"},
		"login":     {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><body>SECRET") }, catalog.RunFailed, 0, "web page"},
		"another kind": {
			func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprint(w, `{"success":true,"result":{"count":0,"results":[]}}`)
			},
			catalog.RunFailed, 0, "of the kind ckan",
		},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			fmt.Fprint(w, content[:len(content)/2])
		}, catalog.RunIncomplete, 150, "broke off its answer"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(c.answer)
			defer s.Close()
			d := newDeps(t)
			run := harvest(t, d, addSource(t, d, "datajson", s.URL))
			if run.State != c.state || run.Counts.New < c.new-5 || run.Counts.New > c.new || !strings.Contains(run.Reason, c.reason) || strings.Contains(run.Reason, "SECRET") {
				t.Errorf("%s %+v %q", run.State, run.Counts, run.Reason)
			}
		})
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "shafaf-harvest-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}
