package harvesters_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// released is a release of the nth process.
func released(n int, id, more string) string {
	return fmt.Sprintf(`{"ocid": "ocds-a1b2c3-%d", "id": %q, "date": "2026-01-%02dT00:00:00Z", "tag": ["tender"], "tender": {"title": "Process %d"}%s}`, n, id, 1+n%28, n, more)
}

func packageOf(next string, releases ...string) string {
	return fmt.Sprintf(`{"releases": [%s], "publisher": {"name": "Office"}, "links": {"next": %q}}`, strings.Join(releases, ", "), next)
}

func TestPagesOfReleasesAreFollowed(t *testing.T) {
	var api *fakeAPI
	api = newFakeAPI(t, func(r *http.Request) any {
		switch r.URL.Path {
		case "/1":
			return packageOf(api.URL+"/2", released(1, "a", ""), released(2, "a", ""))
		case "/2":
			return packageOf("/3", released(3, "a", ""))
		case "/3":
			return packageOf("", released(3, "b", ""))
		case "/loop":
			return packageOf("/loop", released(1, "a", ""))
		case "/cut":
			return packageOf("/broken", released(1, "a", ""))
		case "/broken":
			return packageOf("", released(2, "a", ""))[:60]
		}
		return nil
	})
	for path, want := range map[string]string{"/1": "complete 4 3", "/loop": "incomplete 1 1", "/cut": "incomplete 1 1"} {
		d := newDeps(t)
		run := harvest(t, d, addSource(t, d, "ocds", api.URL+path))
		if got := fmt.Sprint(run.State, " ", run.Counts.New, " ", one[int](t, d, "select count(*) from processes")); got != want {
			t.Errorf("%s: %s (%s), want %s", path, got, run.Reason, want)
		}
	}
}

func TestReleasesThatStandElsewhereAreFetched(t *testing.T) {
	api := newFakeAPI(t, func(r *http.Request) any {
		switch r.URL.Path {
		case "/records":
			return `{"records": [{"ocid": "ocds-a1b2c3-1", "releases": [{"url": "/one"}, {"url": "https://elsewhere.test/two"}, {"url": "http://` + r.Host + `/one"}]}]}`
		case "/one":
			return packageOf("", released(1, "a", ""))
		}
		return nil
	})
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "ocds", api.URL+"/records"))
	if run.Counts.New != 1 || run.Counts.Faulty != 2 {
		t.Errorf("%s %+v: %v", run.State, run.Counts, faultsOf(t, d, run))
	}
}

// A process is retired when its last release was missing in two whole runs, and
// returns with it.
func TestProcessesThatAreGoneAreRetired(t *testing.T) {
	d := newDeps(t)
	all := []string{}
	for n := range 9 {
		all = append(all, released(n+1, "a", ""))
	}
	path := writeFile(t, "releases.json", packageOf("", all...))
	src := addSource(t, d, "ocds", path)
	state := func() string { return one[string](t, d, "select state from processes where ocid = 'ocds-a1b2c3-9'") }
	harvest(t, d, src)
	writeFile(t, path, packageOf("", all[:8]...))
	harvest(t, d, src)
	if state() != catalog.Published {
		t.Errorf("after one run without it the process is %s", state())
	}
	run := harvest(t, d, src)
	if state() != catalog.Retired || run.Counts.Retired != 1 {
		t.Errorf("after two runs without it the process is %s: %+v", state(), run.Counts)
	}
	if n := one[int](t, d, "select count(*) from removals where noun = 'process' and returned = ''"); n != 1 {
		t.Errorf("%d lines in the ledger", n)
	}
	writeFile(t, path, packageOf("", all...))
	harvest(t, d, src)
	if state() != catalog.Published || one[int](t, d, "select count(*) from removals where returned = ''") != 0 {
		t.Errorf("it came back and is %s", state())
	}
}

// Whatever order releases come in, the process is the same.
func TestReleasesComeInAnyOrder(t *testing.T) {
	stage := func(day int, value string) string {
		return fmt.Sprintf(`{"ocid": "ocds-a1b2c3-1", "id": "%d", "date": "2026-01-%02dT00:00:00Z", "tag": ["contract"], "contracts": [{"id": 1, "value": {"amount": %s, "currency": "EUR"}}]}`, day, day, value)
	}
	for _, order := range [][]int{{1, 2, 3}, {3, 2, 1}, {2, 3, 1}} {
		d := newDeps(t)
		path := writeFile(t, "a.json", "")
		src := addSource(t, d, "ocds", path)
		var so []string
		for _, day := range order {
			so = append(so, stage(day, fmt.Sprintf("%d.5", 10*day)))
			writeFile(t, path, packageOf("", so...))
			harvest(t, d, src)
		}
		got := one[string](t, d, "select contracted || ' ' || json_array_length(history) || ' ' || date from processes")
		if got != "3050 2 2026-01-03T00:00:00Z" {
			t.Errorf("%v: %s", order, got)
		}
	}
}

func TestAReleaseThatSaysSomethingElseIsKeptBeside(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "ocds", writeFile(t, "a.json", packageOf("", released(1, "a", ""), released(1, "a", `, "language": "en"`), released(1, "a", ""))))
	run := harvest(t, d, src)
	faults := faultsOf(t, d, run)
	if run.Counts.New != 2 || len(faults) != 2 || !strings.Contains(faults[0].Text+faults[1].Text, "both are kept") {
		t.Errorf("%+v %v", run.Counts, faults)
	}
	if again := harvest(t, d, src); again.Counts.Unchanged != 2 {
		t.Errorf("harvested again: %+v", again.Counts)
	}
}

func TestAProcessHasNoReleasesWithoutEnd(t *testing.T) {
	var b strings.Builder
	for n := range 1100 {
		fmt.Fprintln(&b, released(1, strconv.Itoa(n), ""))
	}
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "ocds", writeFile(t, "a.jsonl", b.String())))
	if run.Counts.New != 1000 || run.Counts.Faulty != 100 {
		t.Errorf("%+v", run.Counts)
	}
}

// The sums of the portal are those of the files, added up without it.
func TestTotalsOfContractsAreThoseOfTheFiles(t *testing.T) {
	folder := realFile(t, "ocds", "mexico-inai")
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	want := map[string]*big.Rat{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		type value struct {
			Amount   json.Number
			Currency string
		}
		var r struct {
			Contracts []struct {
				Value          value
				Implementation struct{ Transactions []struct{ Value value } }
			}
		}
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		add := func(what string, v value) {
			amount, ok := new(big.Rat).SetString(v.Amount.String())
			if v.Currency == "" || !ok {
				return
			}
			if key := what + " " + v.Currency; want[key] == nil {
				want[key] = amount
			} else {
				want[key].Add(want[key], amount)
			}
		}
		for _, c := range r.Contracts {
			add("contracted", c.Value)
			for _, p := range c.Implementation.Transactions {
				add("paid", p.Value)
			}
		}
	}
	d := newDeps(t)
	harvest(t, d, addSource(t, d, "ocds", folder))
	for key, sum := range want {
		got := one[int64](t, d, "select sum(amount) from process_amounts where what || ' ' || currency = ?", key)
		if sum.Mul(sum, big.NewRat(100, 1)); sum.Cmp(new(big.Rat).SetInt64(got)) != 0 {
			t.Errorf("%s: %d, want %s", key, got, sum.FloatString(2))
		}
	}
	if len(want) < 5 {
		t.Errorf("only %d sums", len(want))
	}
}

// What is said of a broken file counts the releases of that file alone.
func TestABrokenFileTellsOfItsOwnReleases(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{"a.json": packageOf("", released(1, "a", ""), released(2, "a", "")), "b.json": packageOf("", released(3, "a", ""))[:60]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := newDeps(t)
	run := harvest(t, d, addSource(t, d, "ocds", dir))
	said := fmt.Sprint(faultsOf(t, d, run))
	if run.Counts.New != 2 || run.Counts.Faulty != 1 || !strings.Contains(said, "b.json") || strings.Contains(said, "records before it") {
		t.Errorf("%+v: %s", run.Counts, said)
	}
}
