package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// bury retires or takes down the dataset of the portal that has a table, and
// returns its resource.
func (p *portal) bury(do func(tx *catalog.Tx, src *catalog.Source) error) catalog.Resource {
	p.t.Helper()
	d, err := p.Catalog.Dataset(p.t.Context(), "population-of-provinces")
	must(p.t, err)
	sources, err := p.Catalog.SourcesByID(p.t.Context())
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error { return do(tx, sources[d.Source]) }))
	must(p.t, p.Index.CatchUp(p.t.Context(), p.Catalog, nil))
	return d.Resources[0]
}

// record gives the portal's source a record of its own, with a resource that
// the second state lacks.
func (p *portal) record() {
	p.t.Helper()
	sources, err := p.Catalog.SourcesByID(p.t.Context())
	must(p.t, err)
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		for _, src := range sources {
			r := &catalog.Record{Noun: catalog.NounDataset, Identifier: "dam-1", Raw: []byte(`{"x":1}`), Value: &catalog.Dataset{
				Title: catalog.Text{"en": "Dams & weirs", "fa": "سدها"}, Description: catalog.Text{"en": "Each dam."},
				Resources: []catalog.Resource{{Identifier: "a", Name: "list", AccessURL: "https://example.org/a"}, {Identifier: "b", Name: "map", AccessURL: "https://example.org/b"}},
			}}
			if _, err := tx.PutRecord(src, r); err != nil {
				return err
			}
			r.Value.(*catalog.Dataset).Resources = r.Value.(*catalog.Dataset).Resources[:1]
			if _, err := tx.PutRecord(src, r); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestARetiredDatasetSaysSoAndKeepsItsEditions(t *testing.T) {
	p := newPortal(t, true)
	p.record()
	ofSource := p.bury(func(tx *catalog.Tx, src *catalog.Source) error {
		_, err := tx.RetireRecords(src.ID, catalog.NounDataset, "", catalog.RemovedMissing, "", "dam-1")
		return err
	})
	for lang, want := range map[string]string{"en": "This dataset was published here and no longer is. Its source has not had it twice in a row.", "fa": "این مجموعه‌داده روزی اینجا منتشر شده بود"} {
		for _, path := range []string{"", "/table", "/columns"} {
			resp, body := p.get("/"+lang+"/datasets/dams-weirs"+path, "Accept", "text/html")
			if resp.StatusCode != http.StatusGone || !strings.Contains(tagless(body), want) || !strings.Contains(body, `name="robots" content="noindex"`) {
				t.Errorf("%s%s answers %d: %s", lang, path, resp.StatusCode, tagless(body))
			}
		}
	}
	resp, body := p.get("/api/v1/datasets/dams-weirs")
	var answer struct {
		Status  int
		Removal struct {
			Slug, Kind, Source, Record, URL string
			Agency                          struct{ Slug string }
		}
		LastKnown struct {
			Title       catalog.Text
			Description catalog.Text
			Resources   []struct{ ID string }
		} `json:"last_known"`
	}
	must(t, json.Unmarshal([]byte(body), &answer))
	if resp.StatusCode != http.StatusGone || answer.Status != 410 || answer.Removal.Slug != "dams-weirs" || answer.Removal.Kind != "missing" ||
		answer.Removal.Agency.Slug != "statistics" || len(answer.Removal.Record) != 64 || answer.LastKnown.Description["en"] != "Each dam." || len(answer.LastKnown.Resources) != 1 {
		t.Errorf("the API answers %d: %s", resp.StatusCode, body)
	}
	if strings.Contains(body, "/srv/secret") {
		t.Error("it tells where files lie on the machine")
	}
	if resp, _ := p.get("/en/datasets/population-of-provinces/resources/" + ofSource.ID); resp.StatusCode != http.StatusOK {
		t.Errorf("another dataset answers %d", resp.StatusCode)
	}
}

func TestTheCurrentTableOfARetiredDatasetLeadsToItsEditions(t *testing.T) {
	p := newPortal(t, true)
	res := p.bury(func(tx *catalog.Tx, _ *catalog.Source) error {
		d, err := tx.Dataset("population-of-provinces")
		if err != nil {
			return err
		}
		d.State = catalog.Retired
		return tx.PutDataset(&d)
	})
	base := "/datasets/population-of-provinces/resources/" + res.ID
	for _, path := range []string{base + ".csv", base + "/file", "/api/v1" + base + "/rows"} {
		if resp, body := p.get(path, "Accept", "application/json"); resp.StatusCode != http.StatusGone || !strings.Contains(body, base+"/editions") {
			t.Errorf("%s answers %d: %s", path, resp.StatusCode, body)
		}
	}
	edition := base + "/editions/" + res.Edition.Digest
	for _, path := range []string{edition + ".csv", edition + "/file"} {
		if resp, body := p.get(path); resp.StatusCode != http.StatusOK || !strings.Contains(body, "تهران") {
			t.Errorf("%s answers %d", path, resp.StatusCode)
		}
	}
	if _, body := p.get("/api/v1" + base + "/editions"); !strings.Contains(body, res.Edition.Digest) {
		t.Errorf("the editions are %s", body)
	}
}

func TestWhatWasTakenDownIsClosed(t *testing.T) {
	p := newPortal(t, true)
	res := p.bury(func(tx *catalog.Tx, _ *catalog.Source) error {
		_, err := tx.Takedown("population-of-provinces", "It names <people>.")
		return err
	})
	base := "/datasets/population-of-provinces/resources/" + res.ID
	for _, path := range []string{
		"/en/datasets/population-of-provinces", "/en" + base, base + ".csv", base + "/file",
		base + "/editions/" + res.Edition.Digest + ".csv", base + "/editions/" + res.Edition.Digest + "/file",
		"/api/v1" + base, "/api/v1" + base + "/rows", "/api/v1" + base + "/editions", "/api/v1/datasets/population-of-provinces",
	} {
		resp, body := p.get(path)
		if resp.StatusCode != http.StatusGone || strings.Contains(body, "ایلام") || strings.Contains(body, "People in each province") {
			t.Errorf("%s answers %d: %s", path, resp.StatusCode, body)
		}
	}
	if _, body := p.get("/en/datasets/population-of-provinces", "Accept", "text/html"); !strings.Contains(body, "It names &lt;people&gt;.") || !strings.Contains(body, "are closed") {
		t.Error("its page does not say why, or what became of its files")
	}
	if body := p.page("/en/datasets?q=population"); !strings.Contains(tagless(body), "0 datasets") {
		t.Error("it is found still")
	}
}

func TestARetiredFileSaysSo(t *testing.T) {
	p := newPortal(t, true)
	p.record()
	files, _, err := p.Catalog.Removals(t.Context(), catalog.RemovalFilter{Noun: catalog.NounFile, Limit: 10})
	must(t, err)
	if len(files) != 1 {
		t.Fatalf("the ledger has %+v", files)
	}
	path := "/datasets/dams-weirs/resources/" + files[0].Thing
	resp, body := p.get("/en"+path, "Accept", "text/html")
	if resp.StatusCode != http.StatusGone || !strings.Contains(tagless(body), "This file was published here") || !strings.Contains(body, `href="/en/datasets/dams-weirs"`) {
		t.Errorf("the page answers %d: %s", resp.StatusCode, tagless(body))
	}
	if resp, body := p.get(apiPrefix + path); resp.StatusCode != http.StatusGone || !strings.Contains(body, `"removal"`) {
		t.Errorf("the API answers %d: %s", resp.StatusCode, body)
	}
	if resp, _ := p.get("/en/datasets/population-of-provinces/resources/" + files[0].Thing); resp.StatusCode != http.StatusNotFound {
		t.Errorf("under another dataset it answers %d", resp.StatusCode)
	}
}

func TestTheLedgerIsListedFilteredAndPaged(t *testing.T) {
	p := newPortal(t, true)
	sources, err := p.Catalog.SourcesByID(t.Context())
	must(t, err)
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		for _, src := range sources {
			var ids []string
			for i := range removedRows + 20 {
				ids = append(ids, "x-"+strings.Repeat("i", i+1))
				r := &catalog.Record{Noun: catalog.NounDataset, Identifier: ids[i], Value: &catalog.Dataset{Title: catalog.Text{"en": "Table " + ids[i]}}}
				if _, err := tx.PutRecord(src, r); err != nil {
					return err
				}
			}
			if _, err := tx.RetireRecords(src.ID, catalog.NounDataset, "", catalog.RemovedDeleted, "", ids...); err != nil {
				return err
			}
		}
		return nil
	}))
	type answer struct {
		Total   int64
		Next    string
		Week    int64 `json:"removed_this_week"`
		Results []struct{ ID, Slug, Kind, Source string }
	}
	read := func(path string) (a answer) {
		t.Helper()
		resp, body := p.get(path)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %s", path, resp.StatusCode, body)
		}
		must(t, json.Unmarshal([]byte(body), &a))
		return a
	}
	first := read("/api/v1/removed?reason=deleted&agency=statistics")
	if first.Total != removedRows+20 || first.Week != removedRows+20 || len(first.Results) != removedRows || first.Results[0].Source == "" {
		t.Fatalf("%d in all, %d in the week, %d here, %+v", first.Total, first.Week, len(first.Results), first.Results[0])
	}
	second := read(strings.TrimPrefix(first.Next, p.BaseURL))
	seen := map[string]bool{}
	for _, r := range append(first.Results, second.Results...) {
		seen[r.ID] = true
	}
	if second.Next != "" || len(seen) != removedRows+20 {
		t.Errorf("two pages have %d lines, and next is %q", len(seen), second.Next)
	}
	for _, query := range []string{"noun=resource", "reason=takedown", "agency=city-of-gold"} {
		if a := read("/api/v1/removed?" + query); a.Total != 0 || a.Results == nil {
			t.Errorf("%s gives %d", query, a.Total)
		}
	}
	for _, query := range []string{"noun=agency", "reason=bored", "agency=none", "_after=x", "source=none"} {
		if resp, body := p.get("/api/v1/removed?" + query); resp.StatusCode/100 != 4 {
			t.Errorf("%s answers %d: %s", query, resp.StatusCode, body)
		}
	}
	if body := p.page("/en/removed?" + url.Values{paramSource: {first.Results[0].Source}}.Encode()); !strings.Contains(body, "120 removals") || !strings.Contains(body, `rel="next"`) {
		t.Error("the page does not count what was removed, or has no next")
	}
	if body := tagless(p.page("/en/")); !strings.Contains(body, "-120 removed this week") && !strings.Contains(body, "−120 removed this week") {
		t.Error("the home page does not tell of what was removed")
	}
	if body := p.page("/fa/"); !strings.Contains(body, `href="/fa/removed"`) {
		t.Error("the home page does not lead to the ledger")
	}
}
