package search_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

func compare(t *testing.T, x *search.Index, s *catalog.Store) {
	t.Helper()
	missing, extra, stale, err := x.Compare(t.Context(), s)
	must(t, err)
	if missing != 0 || extra != 0 || stale != 0 {
		t.Errorf("index and catalogue differ: %d missing, %d extra, %d stale", missing, extra, stale)
	}
}

func total(t *testing.T, x *search.Index, text string) int64 {
	t.Helper()
	res := ask(t, x, search.Query{Text: text})
	if res.Relaxed {
		return 0
	}
	return res.Total
}

func TestIndexFollowsChanges(t *testing.T) {
	s, x := portal(t)
	rivers := &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}}
	lakes := &catalog.Dataset{Title: catalog.Text{"en": "Lakes"}}
	agency := put(t, s, catalog.Text{"en": "Water board"}, rivers, lakes)
	catchUp(t, x, s)
	compare(t, x, s)

	write(t, s, func(tx *catalog.Tx) error {
		rivers.Title["en"] = "Streams"
		if err := tx.PutDataset(rivers); err != nil {
			return err
		}
		lakes.State = catalog.Retired
		return tx.PutDataset(lakes)
	})
	if lag, whole, err := x.Lag(t.Context(), s); err != nil || lag != 2 || !whole {
		t.Errorf("lag %d, whole %v, %v", lag, whole, err)
	}
	if missing, extra, stale, err := x.Compare(t.Context(), s); err != nil || missing != 0 || extra != 1 || stale != 1 {
		t.Errorf("before: %d missing, %d extra, %d stale, %v", missing, extra, stale, err)
	}
	catchUp(t, x, s)
	compare(t, x, s)
	for text, want := range map[string]int64{"rivers": 0, "streams": 1, "lakes": 0, "water board": 1} {
		if got := total(t, x, text); got != want {
			t.Errorf("%s: %d found, want %d", text, got, want)
		}
	}

	write(t, s, func(tx *catalog.Tx) error { // an agency's name finds its datasets
		a, err := tx.Agency(agency)
		if err != nil {
			return err
		}
		a.Title["en"] = "Hydrological office"
		return tx.PutAgency(&a)
	})
	catchUp(t, x, s)
	compare(t, x, s)
	if total(t, x, "hydrological") != 1 || total(t, x, "board") != 0 {
		t.Error("the agency's old name is still searched")
	}
	if lag, whole, err := x.Lag(t.Context(), s); err != nil || lag != 0 || !whole {
		t.Errorf("lag %d, whole %v, %v", lag, whole, err)
	}
}

func TestIndexKeepsItsPlace(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	x := openIndex(t, filepath.Join(dir, "search"))
	catchUp(t, x, s)
	was, err := x.Cursor()
	must(t, err)
	must(t, x.Close())
	if _, err := x.Search(t.Context(), search.Query{}); err == nil {
		t.Error("a closed index answers")
	}
	x = openIndex(t, filepath.Join(dir, "search"))
	if now, err := x.Cursor(); err != nil || now != was || was.Seq == 0 {
		t.Errorf("cursor %+v, before %+v, %v", now, was, err)
	}
	if total(t, x, "rivers") != 1 {
		t.Error("what was indexed is gone")
	}
}

func TestIndexOfAnotherCatalogueIsBuiltAnew(t *testing.T) {
	dir := t.TempDir()
	one, two := openStore(t, filepath.Join(dir, "one")), openStore(t, filepath.Join(dir, "two"))
	put(t, one, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}}, &catalog.Dataset{Title: catalog.Text{"en": "Lakes"}})
	put(t, two, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Lakes"}})
	x := openIndex(t, filepath.Join(dir, "search"))
	catchUp(t, x, one)
	if _, whole, err := x.Lag(t.Context(), two); err != nil || whole {
		t.Errorf("whole %v, %v", whole, err)
	}
	catchUp(t, x, two)
	compare(t, x, two)
	if total(t, x, "rivers") != 0 || total(t, x, "lakes") != 1 {
		t.Error("the other catalogue is still searched")
	}
}

func TestGapInChangesIsScanned(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	d := &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}}
	put(t, s, catalog.Text{"en": "A"}, d)
	x := openIndex(t, filepath.Join(dir, "search"))
	catchUp(t, x, s)
	put(t, s, catalog.Text{"en": "B"}, &catalog.Dataset{Title: catalog.Text{"en": "Lakes"}})
	put(t, s, catalog.Text{"en": "C"}, &catalog.Dataset{Title: catalog.Text{"en": "Seas"}})
	last, err := s.LastSeq(t.Context())
	must(t, err)
	db, err := sql.Open("sqlite", filepath.Join(dir, "catalog.db"))
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "delete from changes where seq < ?", last)
	must(t, err)
	catchUp(t, x, s)
	compare(t, x, s)
	if total(t, x, "lakes") != 1 {
		t.Error("what the removed changes did is not searched")
	}
}

func TestRebuildWhileSearched(t *testing.T) {
	dir := t.TempDir()
	s, x := openStore(t, dir), openIndex(t, filepath.Join(dir, "search"))
	for i := range 30 {
		put(t, s, catalog.Text{"en": fmt.Sprint("Agency ", i)}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	}
	catchUp(t, x, s)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				res, err := x.Search(ctx, search.Query{Text: "river", Kind: catalog.NounDataset, Size: 100, Facets: true})
				if ctx.Err() != nil {
					return
				}
				if err != nil || res.Total != int64(len(res.Hits)) || res.Total < 30 {
					t.Errorf("%d of %d, %v", len(res.Hits), res.Total, err)
					return
				}
			}
		})
	}
	for i := range 4 {
		put(t, s, catalog.Text{"en": fmt.Sprint("More ", i)}, &catalog.Dataset{Title: catalog.Text{"en": "River"}})
		if i%2 == 0 {
			must(t, x.Rebuild(t.Context(), s, nil))
		} else {
			catchUp(t, x, s)
		}
	}
	stop()
	wg.Wait()
	compare(t, x, s)
	gens, err := filepath.Glob(filepath.Join(dir, "search", "gen-*"))
	must(t, err)
	if len(gens) != 1 {
		t.Errorf("old generations are left: %v", gens)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	s, x := portal(t)
	put(t, s, catalog.Text{"en": "A"}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- x.Follow(ctx, s) }()
	for {
		res, err := x.Search(t.Context(), search.Query{Text: "rivers", Kind: catalog.NounDataset})
		if err == nil && res.Total == 1 {
			break
		}
		if err != nil && !errors.Is(err, search.ErrRebuilding) {
			t.Fatal(err)
		}
	}
	stop()
	must(t, <-done)
}

func TestProgressReachesItsTotal(t *testing.T) {
	s, x := portal(t)
	for i := range 5 {
		put(t, s, catalog.Text{"en": fmt.Sprint("Agency ", i)}, &catalog.Dataset{Title: catalog.Text{"en": "Rivers"}})
	}
	var seen []int64
	must(t, x.Rebuild(t.Context(), s, func(done, of int64) { seen = append(seen, done, of) }))
	if n := len(seen); n < 2 || seen[n-1] != 5 || seen[n-2] != 5 {
		t.Errorf("progress %v", seen)
	}
}
