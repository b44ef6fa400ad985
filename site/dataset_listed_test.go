package site

import (
	"reflect"
	"slices"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestListsFollowTheCatalogue(t *testing.T) {
	p := newPortal(t, true)
	ids, err := p.Catalog.DatasetIDs(t.Context(), catalog.Filter{})
	must(t, err)
	list := func() []*listed {
		t.Helper()
		all, err := p.listedByID(t.Context(), append([]string{"none"}, ids...), true)
		must(t, err)
		return all
	}
	if _, err := p.listedByID(t.Context(), ids, false); err != nil { // what programs were told is not enough for people
		t.Fatal(err)
	}
	first := list()
	if len(first) != len(ids) {
		t.Fatalf("%d of %d datasets are listed", len(first), len(ids))
	}
	at := slices.IndexFunc(first, func(d *listed) bool { return d.Title["en"] == "Population of provinces" })
	if at < 0 || len(first[at].columns) == 0 || first[at].plain["en"] != "People in each province." {
		t.Fatalf("lists do not show the dataset with a table: %+v", first)
	}
	if again := list(); !slices.Equal(again, first) {
		t.Error("what has not changed is read again")
	}

	changed, err := p.Catalog.Dataset(t.Context(), first[at].ID)
	must(t, err)
	changed.Title = catalog.Text{"en": "People of provinces"}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutDataset(&changed) }))
	second := list()
	if got := second[at].Title["en"]; got != "People of provinces" {
		t.Errorf("lists show the title %q after it changed", got)
	}
	for i := range second {
		if i != at && second[i] != first[i] {
			t.Errorf("%s is read again though it has not changed", second[i].Slug)
		}
	}

	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Takedown(changed.ID, "personal data")
		return err
	}))
	if left := list(); len(left) != len(ids)-1 || slices.ContainsFunc(left, func(d *listed) bool { return d.ID == changed.ID }) {
		t.Error("lists show a dataset that was taken down")
	}
}

func TestTablesFollowTheCatalogue(t *testing.T) {
	p := newPortal(t, true)
	const key = "population-of-provinces"
	read := func(key string) catalog.Dataset {
		t.Helper()
		d, err := p.wholeDataset(t.Context(), key)
		must(t, err)
		return d
	}
	first := read(key)
	before := p.Catalog.Queries()
	if again := read(key); again.Resources[0].Edition != first.Resources[0].Edition || p.Catalog.Queries() != before {
		t.Error("what has not changed is read again")
	}
	if read(first.ID).ID != first.ID || len(first.Tables()[0].Edition.Profile) == 0 {
		t.Errorf("by its id it is another one, or it lacks profiles: %+v", first.Tables()[0].Edition)
	}
	for _, change := range []func(tx *catalog.Tx, d *catalog.Dataset) error{
		func(tx *catalog.Tx, d *catalog.Dataset) error {
			d.Title = catalog.Text{"en": "People of provinces"}
			return tx.PutDataset(d)
		},
		func(tx *catalog.Tx, d *catalog.Dataset) error {
			return tx.PutResource(&catalog.Resource{Dataset: d.ID, Name: "another", Format: "CSV"}, 9000)
		},
	} {
		d := read(key)
		must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error { return change(tx, &d) }))
		now, err := p.Catalog.Dataset(t.Context(), key)
		must(t, err)
		if got := read(key); !reflect.DeepEqual(got, now) {
			t.Errorf("tables are shown with %+v, and it is %+v", got, now)
		}
	}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := tx.Takedown(first.ID, "personal data")
		return err
	}))
	if _, err := p.wholeDataset(t.Context(), key); err == nil {
		t.Error("the tables of a dataset that was taken down are shown")
	}
}
