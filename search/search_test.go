package search_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock gives moments that only grow.
func clock() func() time.Time {
	var mu sync.Mutex
	now := noon
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func openStore(tb testing.TB, dir string) *catalog.Store {
	tb.Helper()
	s, err := catalog.Open(context.Background(), dir, catalog.Options{Now: clock(), Fatal: func(err error) { tb.Error(err) }})
	must(tb, err)
	tb.Cleanup(func() { s.Close() })
	return s
}

func openIndex(tb testing.TB, dir string) *search.Index {
	tb.Helper()
	x, err := search.Open(dir, search.Options{Now: clock(), Log: slog.New(slog.NewTextHandler(tb.Output(), nil))})
	must(tb, err)
	tb.Cleanup(func() { x.Close() })
	return x
}

// portal is a catalogue and its index in a new folder.
func portal(tb testing.TB) (*catalog.Store, *search.Index) {
	tb.Helper()
	dir := tb.TempDir()
	return openStore(tb, dir), openIndex(tb, filepath.Join(dir, "search"))
}

// write runs f in one write of the catalogue.
func write(tb testing.TB, s *catalog.Store, f func(*catalog.Tx) error) {
	tb.Helper()
	must(tb, s.Write(context.Background(), f))
}

// put publishes datasets of one agency, which is made.
func put(tb testing.TB, s *catalog.Store, agency catalog.Text, all ...*catalog.Dataset) string {
	tb.Helper()
	a := &catalog.Agency{Title: agency}
	write(tb, s, func(tx *catalog.Tx) error {
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		for _, d := range all {
			d.Agency = a.ID
			if err := tx.PutDataset(d); err != nil {
				return err
			}
		}
		return nil
	})
	return a.ID
}

func catchUp(tb testing.TB, x *search.Index, s *catalog.Store) {
	tb.Helper()
	must(tb, x.CatchUp(context.Background(), s, nil))
}

// ask searches for datasets, unless q says for what.
func ask(tb testing.TB, x *search.Index, q search.Query) search.Result {
	tb.Helper()
	if q.Kind == "" {
		q.Kind = catalog.NounDataset
	}
	res, err := x.Search(context.Background(), q)
	must(tb, err)
	return res
}

func hitIDs(res search.Result) []string {
	ids := []string{}
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}
