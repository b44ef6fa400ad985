package harvesters_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/harvesters"
)

// a portal is an empty catalogue with files in a folder of the test.
func newDeps(t testing.TB) harvesters.Deps {
	t.Helper()
	dir := t.TempDir()
	now := func() time.Time { return time.Now() }
	store, err := catalog.Open(t.Context(), dir, catalog.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	files, err := datasets.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		files.Close()
		store.Close()
	})
	return harvesters.Deps{Store: store, Files: files, Now: now, Version: "test"}
}

// addSource adds a source of an agency made for it.
func addSource(t testing.TB, d harvesters.Deps, kind, url string) catalog.Source {
	t.Helper()
	src := catalog.Source{Kind: kind, URL: url, Slug: "src-" + kind, AllowPrivateNetwork: true}
	err := d.Store.Write(context.Background(), func(tx *catalog.Tx) error {
		a, err := tx.Agency("test")
		if err != nil {
			a = catalog.Agency{Slug: "test", Title: catalog.Text{"en": "Test agency"}}
			if err := tx.PutAgency(&a); err != nil {
				return err
			}
		}
		src.Agency = a.ID
		return tx.PutSource(&src)
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func realFile(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SHAFAF_FILES")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real files are not here (%v); set SHAFAF_FILES", err)
	}
	return path
}

func TestTry(t *testing.T) {
	dir := realFile(t)
	for _, sub := range []string{"ckan"} {
		filepath.Walk(filepath.Join(dir, sub), func(path string, info os.FileInfo, err error) error {
			if filepath.Ext(path) != ".json" {
				return nil
			}
			d := newDeps(t)
			src := addSource(t, d, "ckan", path)
			t0 := time.Now()
			run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{})
			t1 := time.Now()
			if err != nil {
				t.Fatal(path, err)
			}
			run2, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{})
			if err != nil {
				t.Fatal(path, err)
			}
			rel, _ := filepath.Rel(dir, path)
			t.Logf("%s %s %+v %q  %v/%v again %+v", rel, run.State, run.Counts, run.Reason, t1.Sub(t0).Milliseconds(), time.Since(t1).Milliseconds(), run2.Counts)
			faults, _, _ := d.Store.RunFaults(t.Context(), run.ID, 0, 30)
			for _, f := range faults {
				t.Logf("     %+v", f)
			}
			return nil
		})
	}
}
