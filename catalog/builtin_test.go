package catalog_test

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// TestNobodyTakesThePortalsOwnAgency tries what publishes somewhere with the
// agency of the portal's own.
func TestNobodyTakesThePortalsOwnAgency(t *testing.T) {
	s := open(t, t.TempDir())
	write := func(do func(*catalog.Tx) error) error { return s.Write(t.Context(), do) }
	named := catalog.Agency{Title: catalog.Text{"en": "Shafaf"}}
	old := catalog.Agency{ID: "01890000-0000-7000-8000-000000000009", Slug: "shafaf", Title: catalog.Text{"en": "Older"}} // it was there first
	if err := write(func(tx *catalog.Tx) error { return errors.Join(tx.PutAgency(&named), tx.PutAgency(&old)) }); err != nil || named.Slug != "shafaf-2" {
		t.Fatal(named, err)
	}
	own := catalog.Builtin{Name: "notes", Title: catalog.Text{"en": "Notes"}, Columns: []catalog.ListedColumn{catalog.Listed(datasets.Text, "a", "A", "الف")}}
	for range 2 {
		if err := write(func(tx *catalog.Tx) error { return tx.PutBuiltin(&own) }); err != nil {
			t.Fatal(err)
		}
	}
	a, err := s.Agency(t.Context(), "shafaf-3")
	if err != nil || a.ID != catalog.BuiltinAgency {
		t.Fatalf("%+v, %v", a, err)
	}
	d, err := s.Dataset(t.Context(), "notes")
	if err != nil || d.ID != catalog.BuiltinDataset("notes") || len(d.Resources) != 1 {
		t.Fatalf("%+v, %v", d, err)
	}
	last, err := s.LastSeq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := write(func(tx *catalog.Tx) error { return tx.PutBuiltin(&own) }); err != nil {
		t.Fatal(err)
	}
	if again, err := s.LastSeq(t.Context()); err != nil || again != last {
		t.Errorf("it is written anew though nothing changed: change %d, then %d, %v", last, again, err)
	}
	var invalid *catalog.InvalidError
	for name, do := range map[string]func(*catalog.Tx) error{
		"dataset": func(tx *catalog.Tx) error {
			return tx.PutDataset(&catalog.Dataset{Title: catalog.Text{"en": "Mine"}, Agency: a.ID})
		},
		"its dataset": func(tx *catalog.Tx) error { return tx.PutDataset(&d) },
		"source": func(tx *catalog.Tx) error {
			return tx.PutSource(&catalog.Source{Kind: "folder", URL: "/srv", Agency: a.ID})
		},
		"file": func(tx *catalog.Tx) error {
			_, err := tx.PublishFile("notes", named.ID, nil, catalog.File{Digest: "x", Name: "notes"}, &datasets.Imported{})
			return err
		},
	} {
		if err := write(do); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := write(func(tx *catalog.Tx) error { _, err := tx.Takedown("notes", "because"); return err }); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("taken down: %v", err)
	}
	admin := &catalog.Actor{Person: "p", Roles: map[string]catalog.Role{a.ID: catalog.Admin}}
	for _, by := range []*catalog.Actor{admin, &catalog.Shell} {
		if err := write(func(tx *catalog.Tx) error {
			_, err := tx.Retire(by, "notes", catalog.AnyRevision, "because")
			return err
		}); !errors.Is(err, catalog.ErrDenied) {
			t.Errorf("retired by %s: %v", by.Name, err)
		}
		if err := write(func(tx *catalog.Tx) error {
			return tx.RegisterSource(by, &catalog.Source{Kind: "datajson", URL: "https://data.example/data.json", Agency: a.ID})
		}); !errors.Is(err, catalog.ErrDenied) {
			t.Errorf("source by %s: %v", by.Name, err)
		}
	}
}
