package catalog_test

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestLocateFindsResourcesThatAreClosed(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("one", "Rivers"))
	ids, err := s.DatasetIDs(t.Context(), catalog.Filter{})
	must(t, err)
	d, err := s.Dataset(t.Context(), ids[0])
	must(t, err)
	table := d.Resources[0]
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.PutEdition(&catalog.Edition{Resource: table.ID, Digest: "ab12", File: "cd34", HasTable: true, Rows: 7})
	}))
	p, err := s.Locate(t.Context(), table.ID)
	must(t, err)
	if p.Dataset.Slug != d.Slug || p.Resource.ID != table.ID || p.Siblings != 2 {
		t.Errorf("located %s in %s among %d", p.Resource.ID, p.Dataset.Slug, p.Siblings)
	}
	if p.Resource.Edition == nil || p.Resource.Edition.Digest != "ab12" {
		t.Errorf("the current edition is %+v", p.Resource.Edition)
	}
	if err := p.Retired(); err != nil {
		t.Errorf("a published resource is said to be retired: %v", err)
	}

	again := record("one", "Rivers")
	again.Raw = []byte(`{"title":"Rivers","less":true}`)
	again.Value.(*catalog.Dataset).Resources = again.Value.(*catalog.Dataset).Resources[1:]
	put(t, s, src, again)
	p, err = s.Locate(t.Context(), table.ID)
	must(t, err)
	var retired *catalog.RetiredError
	if !errors.As(p.Retired(), &retired) || p.Resource.Edition == nil {
		t.Errorf("a closed resource gives %v, edition %v", p.Retired(), p.Resource.Edition)
	}
	if _, err := s.Locate(t.Context(), "none"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("an id that never was gives %v", err)
	}
}
