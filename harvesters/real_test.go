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
	for _, pair := range [][2]string{
		{"datajson/fcc.2025-01-31.json", "datajson/fcc.2025-02-04.json"},
		{"datajson/gsa.2025-01-31.json", "datajson/gsa.2025-02-03.json"},
		{"arcgis-hub/13a-01/13a-01_20230202.json", "arcgis-hub/13a-01/13a-01_20230307.json"},
		{"arcgis-hub/07c-01/07c-01_20230214.json", "arcgis-hub/07c-01/07c-01_20230307.json"},
		{"arcgis-hub/05b-27019/05b-27019_20230202.json", "arcgis-hub/05b-27019/05b-27019_20230210.json"},
		{"arcgis-hub/05b-27019/05b-27019_20230212.json", "arcgis-hub/05b-27019/05b-27019_20230214.json"},
		{"arcgis-hub/05b-27019/05b-27019_20230210.json", "arcgis-hub/05b-27019/05b-27019_20230212.json"},
		{"arcgis-hub/05b-27019/05b-27019_20230214.json", "arcgis-hub/05b-27019/05b-27019_20230307.json"},
		{"arcgis-hub/04f-01/04f-01_20230210.json", "arcgis-hub/04f-01/04f-01_20230212.json"},
		{"arcgis-hub/04f-01/04f-01_20230212.json", "arcgis-hub/04f-01/04f-01_20230214.json"},
		{"datajson/ckanext-datajson/arm.full.2019-11-20.json", "datajson/ckanext-datajson/arm.full.2020-07-21.json"},
	} {
		d := newDeps(t)
		src := addSource(t, d, "datajson", realFile(t, pair[0]))
		harvesters.Run(t.Context(), d, src, harvesters.RunOptions{})
		src.URL = realFile(t, pair[1])
		run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{})
		t.Log(pair[1], run.State, run.Counts, err)
	}
}

func BenchmarkAgain(b *testing.B) {
	for _, f := range []string{"arcgis-hub/04f-01/04f-01_20230307.json", "datajson/gsa.2025-01-31.json", "datajson/dhs.2025-02-01.json", "datajson/ckanext-datajson/arm.full.2019-11-20.json"} {
		b.Run(filepath.Base(f), func(b *testing.B) {
			d := newDeps(b)
			src := addSource(b, d, "datajson", realFile(b, f))
			t0 := time.Now()
			harvesters.Run(b.Context(), d, src, harvesters.RunOptions{})
			first := time.Since(t0)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				harvesters.Run(b.Context(), d, src, harvesters.RunOptions{})
			}
			b.ReportMetric(float64(first.Microseconds())/1000, "first-ms")
		})
	}
}
