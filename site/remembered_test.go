package site

import (
	"errors"
	"net/http"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// What is kept between requests says the same, after each kind of change, as a
// portal that has just begun.
func TestWhatIsKeptSaysWhatIsComputedAnew(t *testing.T) {
	p, _ := remembering(t)
	d, err := p.Catalog.Dataset(t.Context(), "population-of-provinces")
	must(t, err)
	paths := []string{
		"/api/v1/datasets/" + d.Slug, "/api/v1/datasets/" + d.ID, "/en/datasets/" + d.Slug, "/fa/datasets/" + d.Slug, "/en/datasets/" + d.Slug + "/table", "/fa/datasets/" + d.Slug + "/table?_size=2",
		"/api/v1/datasets/" + d.Slug + "/table", "/en/datasets", "/fa/datasets?q=population",
	}
	same := func(after string) {
		t.Helper()
		must(t, p.Index.CatchUp(t.Context(), p.Catalog, nil))
		anew := &portal{t: t, Site: &Site{Catalog: p.Catalog, Index: p.Index, Files: p.Files, Exports: p.Exports, Now: p.Now, BaseURL: p.BaseURL, Version: p.Version}}
		anew.app = anew.App()
		for _, path := range paths {
			for range 2 { // when it is made, and from what is kept
				kept, body := p.get(path)
				fresh, want := anew.get(path)
				if kept.StatusCode != fresh.StatusCode || kept.StatusCode == http.StatusOK && body != want {
					t.Errorf("after %s, %s is %s and not %s, or another one", after, path, kept.Status, fresh.Status)
				}
			}
		}
	}
	same("nothing")
	for _, c := range []struct {
		name string
		do   func(*catalog.Tx) error
	}{
		{"a title", func(tx *catalog.Tx) error {
			d.Title = catalog.Text{"en": "People of provinces"}
			return tx.PutDataset(&d)
		}},
		{"a resource", func(tx *catalog.Tx) error {
			return tx.PutResource(&catalog.Resource{Dataset: d.ID, Name: "another", Format: "CSV"}, 9000)
		}},
		{"the name of the agency", func(tx *catalog.Tx) error {
			a, err := tx.Agency("statistics")
			if err != nil {
				return err
			}
			a.Title = catalog.Text{"en": "Renamed"}
			return tx.PutAgency(&a)
		}},
		{"a takedown", func(tx *catalog.Tx) error {
			_, err := tx.Takedown(d.ID, "personal data")
			return err
		}},
		{"its undoing", func(tx *catalog.Tx) error {
			_, err := tx.UndoTakedown(d.ID)
			return err
		}},
		{"a retirement", func(tx *catalog.Tx) error {
			return tx.RetireThing(&catalog.Removal{Noun: catalog.NounDataset, Thing: d.ID, Kind: catalog.RemovedDeleted}, catalog.Retired)
		}},
		{"a return", func(tx *catalog.Tx) error {
			d.State = catalog.Published
			return errors.Join(tx.Returned(catalog.NounDataset, d.ID), tx.PutDataset(&d))
		}},
	} {
		must(t, p.Catalog.Write(t.Context(), c.do))
		same(c.name)
	}
	must(t, p.Catalog.AssessAll(t.Context()))
	same("its quality")
}

// The datasets that one is among are looked for once in a state of the index.
func TestNeighboursAreFoundOnce(t *testing.T) {
	p := newPortal(t, true)
	d, err := p.Catalog.Dataset(t.Context(), "population-of-provinces")
	must(t, err)
	first, err := p.near(t.Context(), &d)
	must(t, err)
	again, err := p.near(t.Context(), &d)
	must(t, err)
	if len(first) == 0 || &again[0] != &first[0] {
		t.Fatalf("%d, looked for again", len(first))
	}
	d.Title = catalog.Text{"en": "People of provinces"}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutDataset(&d) }))
	must(t, p.Index.CatchUp(t.Context(), p.Catalog, nil))
	later, err := p.near(t.Context(), &d)
	must(t, err)
	if direct, err := p.Index.Search(t.Context(), search.Query{Kind: catalog.NounDataset, Agency: []string{d.Agency}}); err != nil || direct.Total == 0 || &later[0] == &first[0] {
		t.Errorf("they are kept though the index is another one: %v", err)
	}
}
