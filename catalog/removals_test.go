package catalog_test

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// ledger is all lines about datasets, the newest first.
func ledger(t *testing.T, s *catalog.Store) []catalog.Removal {
	t.Helper()
	all, _, err := s.Removals(t.Context(), catalog.RemovalFilter{Noun: catalog.NounDataset, Limit: 100})
	must(t, err)
	return all
}

func retired(t *testing.T, s *catalog.Store, slug string) *catalog.RetiredError {
	t.Helper()
	_, err := s.Dataset(t.Context(), slug)
	var e *catalog.RetiredError
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v, want a RetiredError", slug, err)
	}
	return e
}

func TestRetiringWritesTheLedger(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	for id, title := range map[string]string{"1": "Rivers", "2": "Dams", "3": "Lakes"} {
		put(t, s, src, record(id, title))
	}
	before, err := s.LastSeq(t.Context())
	must(t, err)
	n := 0
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		n, err = tx.RetireRecords(src.ID, catalog.NounDataset, "", catalog.RemovedMissing, "", "1", "2", "unknown", "1")
		return err
	}))
	lines := ledger(t, s)
	if n != 2 || len(lines) != 2 {
		t.Fatalf("%d were retired, the ledger has %+v", n, lines)
	}
	changes, err := s.Changes(t.Context(), before, 100)
	must(t, err)
	for _, c := range changes {
		if c.Op != catalog.OpRetire || c.Noun != catalog.NounDataset {
			t.Errorf("change %+v", c)
		}
	}
	if e := retired(t, s, "rivers"); len(changes) != 2 || e.Removal == nil || e.Removal.Slug != "rivers" || e.Removal.Title["en"] != "Rivers" || e.Removal.Record == "" {
		t.Errorf("%d changes, %+v", len(changes), e)
	}
	if d, err := s.LastKnown(t.Context(), "rivers"); err != nil || d.State != catalog.Retired || len(d.Resources) == 0 {
		t.Errorf("last known: %+v, %v", d, err)
	}
	if stats, err := s.Stats(t.Context()); err != nil || stats.Datasets != 1 {
		t.Errorf("%+v, %v", stats, err)
	}
	if n, err := s.RemovedSince(t.Context(), noon); err != nil || n != 2 {
		t.Errorf("%d were removed, %v", n, err)
	}
	put(t, s, src, record("1", "Rivers"))
	changed := record("2", "Dams")
	changed.Value.(*catalog.Dataset).Description = catalog.Text{"en": "All of them"}
	put(t, s, src, changed)
	for _, slug := range []string{"rivers", "dams"} {
		if _, err := s.Dataset(t.Context(), slug); err != nil {
			t.Errorf("%s is back: %v", slug, err)
		}
	}
	if n, err := s.RemovedSince(t.Context(), noon); err != nil || n != 0 {
		t.Errorf("%d are gone still, %v", n, err)
	}
}

func TestTheLedgerIsReadPageByPage(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		put(t, s, src, record(id, "Table "+id))
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
			_, err := tx.RetireRecords(src.ID, catalog.NounDataset, "", catalog.RemovedDeleted, "", id)
			return err
		}))
	}
	seen := map[string]bool{}
	f := catalog.RemovalFilter{Noun: catalog.NounDataset, Kind: catalog.RemovedDeleted, Source: src.ID, Agency: src.Agency, Limit: 2}
	for range 4 {
		page, total, err := s.Removals(t.Context(), f)
		must(t, err)
		if total != 5 {
			t.Errorf("%d in all", total)
		}
		for _, r := range page {
			if seen[r.ID] {
				t.Errorf("%s comes twice", r.Slug)
			}
			seen[r.ID] = true
			f.Before = r.ID
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d lines came", len(seen))
	}
	for _, other := range []catalog.RemovalFilter{{Noun: catalog.NounFile, Limit: 9}, {Kind: catalog.RemovedTakedown, Limit: 9}, {Source: "x", Limit: 9}, {Agency: "x", Limit: 9}, {Run: "x", Limit: 9}} {
		if page, total, err := s.Removals(t.Context(), other); err != nil || total != 0 || len(page) != 0 {
			t.Errorf("%+v gives %d, %v", other, total, err)
		}
	}
}

func TestATakedownClosesEverythingForGood(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	d, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	resource := d.Resources[0].ID
	takedown := func(reason string) error {
		return s.Write(t.Context(), func(tx *catalog.Tx) error { _, err := tx.Takedown("rivers", reason); return err })
	}
	var invalid *catalog.InvalidError
	if err := takedown(" "); !errors.As(err, &invalid) {
		t.Errorf("without a reason: %v", err)
	}
	must(t, takedown("It names patients."))
	if err := takedown("again"); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("twice: %v", err)
	}
	if e := retired(t, s, "rivers"); e.Removal == nil || e.Removal.Kind != catalog.RemovedTakedown || e.Removal.Reason != "It names patients." || e.Removal.Identifier != "1" {
		t.Errorf("%+v", e.Removal)
	}
	closed := func(when string) {
		t.Helper()
		var e *catalog.RetiredError
		if _, err := s.Locate(t.Context(), resource); !errors.As(err, &e) {
			t.Errorf("%s: its editions: %v", when, err)
		}
		if _, err := s.LastKnown(t.Context(), "rivers"); !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s: its last known state: %v", when, err)
		}
		retired(t, s, "rivers")
	}
	closed("at once")
	changed := record("1", "Rivers and more")
	put(t, s, src, changed)
	closed("after its source changed it")
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { return tx.MarkMissing(src.ID, catalog.NounDataset, true, "1") }))
	put(t, s, src, changed)
	closed("after it was missing and came back")
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { _, err := tx.UndoTakedown("rivers"); return err }))
	if d, err := s.Dataset(t.Context(), "rivers"); err != nil || d.Title["en"] != "Rivers and more" {
		t.Errorf("undone: %+v, %v", d, err)
	}
	if lines := ledger(t, s); len(lines) != 1 || lines[0].Returned.IsZero() {
		t.Errorf("%+v", lines)
	}
}

func TestASourceIsRetiredWithOrWithoutItsDatasets(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	put(t, s, src, record("2", "Dams"))
	retire := func(with bool) (n int) {
		t.Helper()
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) (err error) {
			n, err = tx.RetireSource(src, with, "The office was closed.")
			return err
		}))
		return n
	}
	if n := retire(false); n != 0 || len(ledger(t, s)) != 0 {
		t.Errorf("%d were retired", n)
	}
	if n := retire(true); n != 2 {
		t.Errorf("%d were retired, want 2", n)
	}
	for _, r := range ledger(t, s) {
		if r.Kind != catalog.RemovedSource || r.Reason != "The office was closed." || r.Source != src.ID || r.Run != "" {
			t.Errorf("%+v", r)
		}
	}
	src.State = catalog.Published
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutSource(src) }))
	put(t, s, src, record("1", "Rivers"))
	if _, err := s.Dataset(t.Context(), "rivers"); err != nil {
		t.Errorf("harvested again: %v", err)
	}
}

func TestClosedFilesAreListed(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	r := record("1", "Rivers")
	put(t, s, src, r)
	d, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	id := d.Resources[len(d.Resources)-1].ID
	files := r.Value.(*catalog.Dataset).Resources
	r.Value.(*catalog.Dataset).Resources = files[:len(files)-1]
	put(t, s, src, r)
	all, _, err := s.Removals(t.Context(), catalog.RemovalFilter{Noun: catalog.NounFile, Limit: 10})
	must(t, err)
	place, err := s.Locate(t.Context(), id)
	must(t, err)
	var e *catalog.RetiredError
	if len(all) != 1 || all[0].Thing != id || all[0].Slug != "rivers" || !errors.As(place.Retired(), &e) || e.Removal == nil || e.Removal.ID != all[0].ID {
		t.Errorf("the ledger has %+v; the file is %v", all, place.Retired())
	}
	r.Value.(*catalog.Dataset).Resources = files
	put(t, s, src, r)
	all, _, err = s.Removals(t.Context(), catalog.RemovalFilter{Noun: catalog.NounFile, Limit: 10})
	must(t, err)
	if len(all) != 1 || all[0].Returned.IsZero() {
		t.Errorf("back: %+v", all)
	}
}
