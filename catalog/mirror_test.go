package catalog_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// mirror makes a mirror of the snapshot at path in a folder of its own.
func mirror(t *testing.T, path string) (dir string, of *catalog.MirrorOf, err error) {
	t.Helper()
	dir = t.TempDir()
	b, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, catalog.MirrorName), b, 0o600))
	of, err = catalog.Mirror(t.Context(), dir, catalog.Options{Now: clock()})
	return dir, of, err
}

func TestMirrorShowsWhatThePortalShows(t *testing.T) {
	s := open(t, t.TempDir())
	portal(t, s)
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
		own := catalog.Builtin{Name: "notes", Title: catalog.Text{"en": "Notes"}}
		e := catalog.Edition{Digest: strings.Repeat("ab", 32), HasTable: true}
		return errors.Join(tx.PutBuiltin(&own), tx.FreezeBuiltin("notes", &e, catalog.Standing{At: tx.Now()}))
	}))
	_, snap := snapshot(t, s)
	dir, of, err := mirror(t, snap.Path)
	must(t, err)
	if of == nil || of.Site != "https://data.example.org" || of.Change != snap.Change || of.Digest != snap.Digest {
		t.Errorf("mirror of %+v, snapshot %+v", of, snap)
	}
	m := open(t, dir)
	ids, err := s.DatasetIDs(t.Context(), catalog.Filter{})
	must(t, err)
	for _, id := range ids {
		want, err := s.Dataset(t.Context(), id)
		must(t, err)
		got, err := m.Dataset(t.Context(), id)
		must(t, err)
		for i := range want.Resources {
			r := &want.Resources[i]
			if r.Edition != nil {
				r.DownloadURL = "https://data.example.org/datasets/" + want.Slug + "/resources/" + r.ID + "/file"
			}
			if catalog.IsBuiltin(r.ID) { // there is no file that it came as
				r.DownloadURL = strings.TrimSuffix(r.DownloadURL, "/file") + ".csv"
			}
			r.Fetch = catalog.FetchNone // there is nothing to fetch for a mirror
		}
		if a, b := asText(t, want), asText(t, got); a != b {
			t.Errorf("mirrored\n%s\nwant\n%s", b, a)
		}
		if got.Resources[0].Edition != nil {
			t.Error("the mirror promises a file that it does not have")
		}
	}
	for what, ask := range map[string]func(*catalog.Store) (any, error){
		"agencies": func(s *catalog.Store) (any, error) { return s.Agencies(t.Context()) },
		"sources":  func(s *catalog.Store) (any, error) { return s.Sources(t.Context(), true) },
	} {
		want, err := ask(s)
		must(t, err)
		got, err := ask(m)
		must(t, err)
		if a, b := asText(t, want), asText(t, got); a != b {
			t.Errorf("%s: %s\nwant %s", what, b, a)
		}
	}
	sources, err := m.Sources(t.Context(), false)
	must(t, err)
	faults, _, err := m.RunFaults(t.Context(), sources[0].LastRun.ID, 0, 10)
	if err != nil || len(faults) != 1 {
		t.Errorf("faults %v: %v", faults, err)
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	must(t, err)
	return string(b)
}

func TestMirrorIsReadOnlyAndFollowsItsSnapshot(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("a", "A"))
	_, first := snapshot(t, s)
	dir, _, err := mirror(t, first.Path)
	must(t, err)
	m := open(t, dir)
	epoch, err := m.Epoch(t.Context())
	must(t, err)
	err = m.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.PutAgency(&catalog.Agency{Title: catalog.Text{"en": "Another"}})
	})
	if err == nil || !strings.Contains(err.Error(), "this is a read-only mirror") {
		t.Errorf("written: %v", err)
	}
	must(t, m.Close())
	if of, err := catalog.Mirror(t.Context(), dir, catalog.Options{Now: clock()}); err != nil || of.Digest != first.Digest {
		t.Errorf("again: %+v, %v", of, err)
	}
	put(t, s, src, record("b", "B"))
	_, second := snapshot(t, s)
	b, err := os.ReadFile(second.Path)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, catalog.MirrorName), b, 0o600))
	of, err := catalog.Mirror(t.Context(), dir, catalog.Options{Now: clock()})
	must(t, err)
	m = open(t, dir)
	ids, err := m.DatasetIDs(t.Context(), catalog.Filter{})
	must(t, err)
	renewed, err := m.Epoch(t.Context())
	must(t, err)
	if of.Change != second.Change || len(ids) != 2 || renewed == epoch {
		t.Errorf("after a new snapshot: %+v, %d datasets, epoch %s", of, len(ids), renewed)
	}
}

func TestMirrorRefusesWhatIsNoSnapshot(t *testing.T) {
	s := open(t, t.TempDir())
	put(t, s, source(t, s), record("a", "A"))
	_, snap := snapshot(t, s)
	good, err := os.ReadFile(snap.Path)
	must(t, err)
	for name, c := range map[string]struct {
		damage func(path string) error
		says   string
	}{
		"text":        {func(p string) error { return os.WriteFile(p, []byte("<!doctype html>"), 0o600) }, "not a database"},
		"another":     {func(p string) error { return errors.Join(os.Remove(p), sqlFile(t, p, "create table t (a)")) }, "no public snapshot"},
		"cut":         {func(p string) error { return os.Truncate(p, int64(len(good)/2)) }, "cannot be mirrored"},
		"newer":       {func(p string) error { return sqlFile(t, p, "update about set value = 9 where key = 'format'") }, "format 9"},
		"other types": {func(p string) error { return sqlFile(t, p, "update datasets set slug = x'00'") }, "cannot be mirrored"},
	} {
		path := filepath.Join(t.TempDir(), "c.sqlite")
		must(t, os.WriteFile(path, good, 0o600))
		must(t, c.damage(path))
		dir, _, err := mirror(t, path)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
			t.Errorf("%s left %v", name, names)
		}
	}
	// A portal of its own is never taken for a mirror.
	own := t.TempDir()
	o := open(t, own)
	put(t, o, source(t, o), record("x", "X"))
	must(t, o.Close())
	must(t, os.WriteFile(filepath.Join(own, catalog.MirrorName), good, 0o600))
	if of, err := catalog.Mirror(t.Context(), own, catalog.Options{Now: clock()}); of != nil || err != nil {
		t.Errorf("a portal of its own: %+v, %v", of, err)
	}
}

func sqlFile(t *testing.T, path, statement string) error {
	t.Helper()
	_, err := sqlOpen(t, path).ExecContext(t.Context(), statement)
	return err
}
