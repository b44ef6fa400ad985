package harvesters_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/harvesters"
)

// figures harvests a source with its files, loads its budgets, and returns the
// approved sum and the state of each by slug.
func figures(t *testing.T, d harvesters.Deps, src catalog.Source) map[string]string {
	t.Helper()
	if run := harvest(t, d, src); run.State != catalog.RunComplete {
		t.Fatalf("%s: %s", run.State, run.Reason)
	}
	if err := harvesters.Drain(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := fiscal.New(d.Store, d.Files).Work(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	rows, err := d.Store.Rows(t.Context(), `select b.slug, b.state || ' ' || coalesce(c.approved, 'none') from budgets b
		left join cubes c on c.cube = b.cube and c.tree = 'administrative' and c.depth = 0`)
	type pair struct{ slug, is string }
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (p pair, err error) {
		err = row.Scan(&p.slug, &p.is)
		return p, err
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range all {
		out[p.slug] = p.is
	}
	return out
}

const tinyPackage = `{"name":"tiny","title":"Tiny budget","resources":[{"name":"lines","path":"data/lines.csv","schema":{"fields":[
	{"name":"unit","columnType":"administrative-classification:generic:level1:code"},
	{"name":"amount","columnType":"value","currency":"EUR","factor":"FACTOR","phase":"approved"}],
	"extraFields":[{"name":"year","columnType":"date:fiscal-year","constant":"2024"}]}}]}`

func tiny(factor string) string { return strings.Replace(tinyPackage, "FACTOR", factor, 1) }

func TestBudgetsFollowTheirPackage(t *testing.T) {
	d, dir := newDeps(t), t.TempDir()
	writeFile(t, filepath.Join(dir, "datapackage.json"), tiny("1"))
	src := addSource(t, d, "fiscal", filepath.Join(dir, "datapackage.json"))
	if got := figures(t, d, src)["tiny-budget"]; got != "" && got != "waiting none" {
		t.Errorf("without its file: %q", got)
	}
	writeFile(t, filepath.Join(dir, "data", "lines.csv"), "unit,amount\nRoads,10\nSchools,5.25\n")
	if got := figures(t, d, src)["tiny-budget"]; got != "loaded 1525" {
		t.Errorf("with its file: %q", got)
	}
	writeFile(t, filepath.Join(dir, "datapackage.json"), tiny("1000"))
	if got := figures(t, d, src)["tiny-budget"]; got != "loaded 1525000" {
		t.Errorf("counted in thousands: %q", got)
	}
	writeFile(t, filepath.Join(dir, "data", "lines.csv"), "unit,amount\nRoads,10\nSchools,many\nParks,2\nCourts,3\n")
	if got := figures(t, d, src)["tiny-budget"]; got != "held 1525000" {
		t.Errorf("with a text for an amount: %q", got)
	}
}

func TestBudgetFromTheWeb(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/b/datapackage.json", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(tiny("1"))) })
	mux.HandleFunc("/b/data/lines.csv", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = w.Write([]byte("unit,amount\nRoads,10\nSchools,5.25\n"))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	d := newDeps(t)
	src := addSource(t, d, "fiscal", server.URL+"/b/datapackage.json")
	if got := figures(t, d, src)["tiny-budget"]; got != "loaded 1525" {
		t.Errorf("got %q", got)
	}
}

func TestTableWithTheMappingOfItsSource(t *testing.T) {
	d, dir := newDeps(t), t.TempDir()
	src := addSource(t, d, "folder", dir) // its agency is to be there
	src = catalog.Source{
		Agency: src.Agency, Kind: "fiscal", URL: writeFile(t, filepath.Join(dir, "lines.csv"), "unit,amount\nRoads,10\nSchools,5\n"), Slug: "lines", Title: catalog.TitleOf("lines"),
		Options: []byte(`{"mapping":{"currency":"IRR","year":"1403","fields":[{"column":"unit","type":"administrative-classification:generic:level1:code"},{"column":"amount","type":"value"}]}}`),
	}
	if err := d.Store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutSource(&src) }); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "other.csv"), "a,b\n1,2\n")
	again, err := d.Store.Source(t.Context(), src.ID)
	if err != nil || string(again.Options) != string(src.Options) {
		t.Fatalf("%s, %v", again.Options, err)
	}
	got := figures(t, d, again)
	if len(got) != 1 || got["lines"] != "loaded 15" {
		t.Errorf("%v", got)
	}
}

func TestMappingOfASourceIsChecked(t *testing.T) {
	for _, options := range []string{"[]", `{"mapping":{"fields":[]}}`, `{"mapping":{"fields":7}}`} {
		if err := harvesters.Check(catalog.Source{Kind: "fiscal", URL: "/srv/b.csv", Options: []byte(options)}); err == nil {
			t.Errorf("%s is taken", options)
		}
	}
}

// TestRealBudgets harvests every package of the real files.
func TestRealBudgets(t *testing.T) {
	root := realFile(t, "fiscal")
	for sub, want := range map[string]int64{"fdp": 3, "fdp-descriptor-only": 6, "gb-cra-cofog/datapackage.json": 1} {
		d := newDeps(t)
		run := harvest(t, d, addSource(t, d, "fiscal", filepath.Join(root, sub)))
		if run.State != catalog.RunComplete || run.Counts.New != want || run.Counts.Faulty != 0 {
			t.Errorf("%s: %s %+v", sub, run.State, run.Counts)
		}
	}
}
