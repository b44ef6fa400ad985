package search_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// TestWhatAgenciesPublishComesBeforeThePortalsOwn lists all and searches.
func TestWhatAgenciesPublishComesBeforeThePortalsOwn(t *testing.T) {
	s, x := portal(t)
	d := &catalog.Dataset{Title: catalog.Text{"en": "Budget of roads"}, Issued: "2020-01-01"}
	put(t, s, catalog.Text{"en": "Ministry of Roads"}, d)
	write(t, s, func(tx *catalog.Tx) error {
		return tx.PutBuiltin(&catalog.Builtin{Name: "notes", Title: catalog.Text{"en": "Notes on roads"}})
	})
	catchUp(t, x, s)
	own := catalog.BuiltinDataset("notes")
	if ids := hitIDs(ask(t, x, search.Query{Size: 10})); len(ids) != 2 || ids[0] != d.ID || ids[1] != own {
		t.Errorf("all: %v", ids)
	}
	if ids := hitIDs(ask(t, x, search.Query{Text: "notes", Size: 10})); len(ids) != 1 || ids[0] != own {
		t.Errorf("found: %v", ids)
	}
}
