package catalog_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock gives moments that only grow, a second apart.
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

func open(t *testing.T, dir string) *catalog.Store {
	t.Helper()
	s, err := catalog.Open(t.Context(), dir, catalog.Options{Now: clock(), Fatal: func(err error) { t.Error(err) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// source makes an agency and a source of it.
func source(t *testing.T, s *catalog.Store) *catalog.Source {
	t.Helper()
	src := &catalog.Source{Kind: "datajson", URL: "https://example.org/data.json", Title: catalog.Text{"en": "Example"}}
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Ministry of Energy", "fa": "وزارت نیرو"}}
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		src.Agency = a.ID
		return tx.PutSource(src)
	}))
	return src
}

func record(id, title string) *catalog.Record {
	return &catalog.Record{
		Noun: catalog.NounDataset, Identifier: id, Raw: []byte(`{"title":"` + title + `"}`),
		Value: &catalog.Dataset{
			Title: catalog.Text{"en": title}, Modified: "2024-01-01", Keywords: []string{"b", "a"},
			Resources: []catalog.Resource{
				{Name: "a table", Format: "CSV", DownloadURL: "https://example.org/a.csv?lang=fa&x=1", Fetch: catalog.FetchPending},
				{Name: "a page", Format: "HTML", AccessURL: "https://example.org/a"},
			},
		},
	}
}

func put(t *testing.T, s *catalog.Store, src *catalog.Source, r *catalog.Record) catalog.Outcome {
	t.Helper()
	var o catalog.Outcome
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		o, err = tx.PutRecord(src, r)
		return err
	}))
	return o
}

func TestRecordIsKnownByItsContent(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	if got := put(t, s, src, record("1", "Rivers")); got != catalog.New {
		t.Fatalf("first: %v", got)
	}
	first, err := s.Dataset(t.Context(), "rivers")
	must(t, err)

	r := record("1", "Rivers")
	r.Value.(*catalog.Dataset).Keywords = []string{"a ", "b"} // order and blanks are no change
	if got := put(t, s, src, r); got != catalog.Unchanged {
		t.Errorf("reordered keywords: %v", got)
	}
	r.Value.(*catalog.Dataset).Modified = "2024-02-02"
	if got := put(t, s, src, r); got != catalog.Touched {
		t.Errorf("moved date: %v", got)
	}
	touched, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	if !touched.Updated.Equal(first.Updated) || touched.Modified != "2024-02-02" {
		t.Errorf("touched: updated %v, modified %q", touched.Updated, touched.Modified)
	}
	r.Value.(*catalog.Dataset).Title["en"] = "Rivers and lakes"
	if got := put(t, s, src, r); got != catalog.Changed {
		t.Errorf("new title: %v", got)
	}
	changed, err := s.Dataset(t.Context(), first.ID)
	must(t, err)
	if changed.Slug != "rivers" || changed.ID != first.ID || !changed.Updated.After(first.Updated) {
		t.Errorf("changed: %+v", changed)
	}
	raw, err := s.RawRecord(t.Context(), first.ID)
	must(t, err)
	if string(raw) != `{"title":"Rivers"}` {
		t.Errorf("raw record: %s", raw)
	}
}

func TestResourcesKeepTheirIDs(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	before, err := s.Dataset(t.Context(), "rivers")
	must(t, err)

	r := record("1", "Rivers")
	r.Value.(*catalog.Dataset).Resources[0].DownloadURL = "HTTPS://Example.org:443/a.csv?x=1" // the same address
	r.Value.(*catalog.Dataset).Resources[0].Name = "renamed"
	r.Value.(*catalog.Dataset).Resources = append(r.Value.(*catalog.Dataset).Resources[:1], catalog.Resource{Name: "new", Format: "PDF"})
	put(t, s, src, r)
	after, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	if len(after.Resources) != 2 || after.Resources[0].ID != before.Resources[0].ID || after.Resources[1].ID == before.Resources[1].ID {
		t.Errorf("before %+v\nafter %+v", before.Resources, after.Resources)
	}
	if _, err := s.Resource(t.Context(), before.Resources[1].ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a closed resource: %v", err)
	}
}

func TestAgencyIsFoundByAnyOfItsNames(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	ministry := src.Agency
	src.Agency = "" // the records say whose they are
	r := record("1", "Rivers")
	r.Agency = &catalog.Agency{Title: catalog.Text{"fa": "وزارت نيرو"}, Homepage: "https://moe.example"} // Arabic yeh
	put(t, s, src, r)
	d, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	if d.Agency != ministry {
		t.Errorf("agency %s, want the ministry, %s", d.Agency, ministry)
	}
	r = record("2", "Lakes")
	r.Agency = &catalog.Agency{Title: catalog.Text{"en": "Another"}}
	src.Agency = ministry // the operator says whose they are
	put(t, s, src, r)
	if d, err = s.Dataset(t.Context(), "lakes"); err != nil || d.Agency != ministry {
		t.Errorf("agency %s %v, want that of the source", d.Agency, err)
	}
	a, err := s.Agency(t.Context(), "ministry-of-energy")
	must(t, err)
	if a.Homepage != "https://moe.example" || a.Datasets != 2 {
		t.Errorf("agency not completed: %+v", a)
	}
}

func TestRecordWithoutTitleOrIdentifierIsRefused(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	for _, r := range []*catalog.Record{record("", "x"), record("2", "  "), {Noun: catalog.NounDataset, Identifier: "3"}} {
		err := s.Write(t.Context(), func(tx *catalog.Tx) error { _, err := tx.PutRecord(src, r); return err })
		var invalid *catalog.InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("%q: %v", r.Identifier, err)
		}
	}
	n, err := s.Stats(t.Context())
	must(t, err)
	if n.Datasets != 0 {
		t.Errorf("%d datasets", n.Datasets)
	}
}

func TestSlugsAreUniqueAndReadable(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	for i, title := range []string{"Rivers", "Rivers", "R2-D2 & C-3PO: «data»", "!", strings.Repeat("long ", 60)} {
		put(t, s, src, record(strconv.Itoa(i), title))
	}
	ids, err := s.DatasetIDs(t.Context(), catalog.Filter{})
	must(t, err)
	all, err := s.DatasetsByID(t.Context(), ids, false)
	must(t, err)
	var slugs []string
	for _, d := range all {
		slugs = append(slugs, d.Slug)
	}
	want := []string{"rivers", "rivers-2", "r2-d2-c-3po-data", "dataset-"}
	for i, w := range want {
		if !strings.HasPrefix(slugs[i], w) {
			t.Errorf("slug %d = %q, want %q", i, slugs[i], w)
		}
	}
	if n := len(slugs[4]); n > 90 || strings.HasSuffix(slugs[4], "-") {
		t.Errorf("long slug %q", slugs[4])
	}
}

func TestMissingMarkComesAndGoes(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { return tx.MarkMissing(src.ID, catalog.NounDataset, true, "1") }))
	d, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	if d.Missing.IsZero() {
		t.Error("no mark")
	}
	if got := put(t, s, src, record("1", "Rivers")); got != catalog.Unchanged {
		t.Errorf("back again: %v", got)
	}
	if d, err = s.Dataset(t.Context(), "rivers"); err != nil || !d.Missing.IsZero() {
		t.Errorf("mark stays: %v %v", d.Missing, err)
	}
}

func TestWritesAreAnsweredAfterTheCommitAndUndoneAlone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	src := source(t, s)
	bad := errors.New("bad")
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			err := s.Write(context.Background(), func(tx *catalog.Tx) error {
				if _, err := tx.PutRecord(src, record(strconv.Itoa(i), "Table "+strconv.Itoa(i))); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return bad
				case 2:
					panic("worse")
				}
				return nil
			})
			if (err == nil) != (i%3 == 0) || (i%3 == 1 && !errors.Is(err, bad)) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	n, err := s.Stats(t.Context())
	must(t, err)
	if n.Datasets != 100 {
		t.Errorf("%d datasets, want 100", n.Datasets)
	}
	changes, err := s.Changes(t.Context(), 0, 1000)
	must(t, err)
	for i, c := range changes {
		if c.Seq != int64(i+1) {
			t.Fatalf("change %d has number %d: there is a gap", i, c.Seq)
		}
	}
}

func TestNewerCatalogueIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	db, err := sql.Open("sqlite", filepath.Join(dir, "catalog.db"))
	must(t, err)
	_, err = db.Exec("pragma user_version = 9999")
	must(t, err)
	must(t, db.Close())
	_, err = catalog.Open(t.Context(), dir, catalog.Options{Now: clock()})
	if !errors.Is(err, catalog.ErrNewer) || !strings.Contains(err.Error(), "9999") {
		t.Errorf("got %v", err)
	}
}

func TestPublishedFileIsADatasetWithItsTables(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	table := func(name string, rows int64) datasets.ImportedTable {
		return datasets.ImportedTable{Name: name, Digest: "d" + name, Rows: rows, Schema: datasets.Schema{{Name: "a", Label: "A"}}}
	}
	file := catalog.File{Digest: "f1", Name: "جمعیت.xlsx", Size: 10}
	book := &datasets.Imported{Format: "xlsx", Container: true, Tables: []datasets.ImportedTable{table("one", 3), table("two", 4)}}
	publish := func(key string, f catalog.File, im *datasets.Imported) catalog.Dataset {
		var d catalog.Dataset
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) (err error) {
			d, err = tx.PublishFile(key, src.Agency, nil, f, im)
			return err
		}))
		d, err := s.Dataset(t.Context(), d.Slug)
		must(t, err)
		return d
	}
	d := publish("", file, book)
	if len(d.Resources) != 3 || len(d.Tables()) != 2 || d.Title["fa"] != "جمعیت" || d.Resources[1].Edition.Rows != 3 {
		t.Fatalf("%+v", d)
	}
	if d.Resources[1].PartOf != d.Resources[0].ID || d.Resources[0].Edition.HasTable {
		t.Errorf("resources %+v", d.Resources)
	}

	book.Tables = []datasets.ImportedTable{table("two", 5)}
	book.Tables[0].Digest = "other"
	file.Digest = "f2"
	again := publish(d.Slug, file, book)
	if len(again.Resources) != 2 || again.Resources[1].ID != d.Resources[2].ID {
		t.Errorf("second edition: %+v", again.Resources)
	}
	editions, err := s.Editions(t.Context(), again.Resources[1].ID)
	must(t, err)
	if len(editions) != 2 || editions[0].Digest != "other" {
		t.Errorf("editions %+v", editions)
	}
}

func TestFilesBecomeDueAndAreNotFetchedAgainForNothing(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	due := func() int {
		list, err := s.DueFetches(t.Context(), noon.Add(time.Hour), 10)
		must(t, err)
		return len(list)
	}
	if due() != 1 {
		t.Fatalf("%d due, want 1", due())
	}
	d, err := s.Dataset(t.Context(), "rivers")
	must(t, err)
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.PutFetch(d.Resources[0].ID, catalog.FetchResult{State: catalog.FetchDone, ETag: `"x"`})
	}))
	r := record("1", "Rivers of the north") // described anew, same file
	put(t, s, src, r)
	if due() != 0 {
		t.Errorf("a new title makes %d files due", due())
	}
	r.Value.(*catalog.Dataset).Modified = "2025-01-01"
	put(t, s, src, r)
	if due() != 1 {
		t.Errorf("a moved date makes %d files due, want 1", due())
	}
}
