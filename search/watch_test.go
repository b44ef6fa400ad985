package search_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

func TestAnIndexThatDriftedIsFoundAndBuiltAnew(t *testing.T) {
	dir := t.TempDir()
	s, x := openStore(t, dir), openIndex(t, filepath.Join(dir, "search"))
	put(t, s, catalog.Text{"en": "Water board"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}}, &catalog.Dataset{Title: catalog.Text{"en": "Lakes"}})
	if x.Stats().Compared != nil {
		t.Error("a new index says that it was compared")
	}
	done, err := x.Check(t.Context(), s)
	must(t, err)
	if c := x.Stats().Compared; !done || c == nil || c.Differences() != 0 || c.Rebuilt || c.At.IsZero() {
		t.Fatalf("done %t, found %+v", done, c)
	}

	db, err := sql.Open("sqlite", filepath.Join(dir, "catalog.db"))
	must(t, err)
	_, err = db.ExecContext(t.Context(), "update datasets set state = 'retired' where slug = 'lakes'") // and no change is listed
	must(t, err)
	must(t, db.Close())
	if lag, whole, err := x.Lag(t.Context(), s); err != nil || lag != 0 || !whole {
		t.Fatalf("lag %d, whole %t, %v: the change was listed", lag, whole, err)
	}
	if total(t, x, "lakes") != 1 {
		t.Fatal("the index knows of it")
	}
	done, err = x.Check(t.Context(), s)
	must(t, err)
	if c := x.Stats().Compared; !done || !c.Rebuilt || c.Differences() != 0 {
		t.Errorf("done %t, found %+v", done, c)
	}
	compare(t, x, s)
	if total(t, x, "lakes") != 0 || total(t, x, "rivers") != 1 {
		t.Error("the index was not built anew")
	}
}

func TestSearchesAreCounted(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	catchUp(t, x, s)
	for range 3 {
		ask(t, x, search.Query{Text: "rivers"})
	}
	if n := x.Stats(); n.Searches != 3 || n.Took <= 0 {
		t.Errorf("the figures are %+v", n)
	}
}
