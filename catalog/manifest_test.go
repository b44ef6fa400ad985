package catalog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func sealed(t *testing.T, all ...entry) (dir, text string) {
	t.Helper()
	dir = t.TempDir()
	w, err := newManifest(dir, &Manifest{Format: manifestFormat, Made: time.Unix(0, 0).UTC(), Program: "test", Epoch: "e", Change: 7, Schema: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if err := w.add(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.finish(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	return dir, string(b)
}

func TestManifestIsReadBack(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	want := []entry{
		{Path: "catalog.db", Kept: "catalog-x.db", Size: 3, SHA256: digest, Mode: 0o644},
		{Path: "files/ab/" + digest, Size: 1 << 40, SHA256: digest},
		{Path: "rows/cd/x.db", Missing: "it is not there"},
	}
	dir, _ := sealed(t, want...)
	m, err := readManifest(dir)
	if err != nil || m.Change != 7 || m.Epoch != "e" {
		t.Fatalf("%+v: %v", m, err)
	}
	var got []entry
	for e, err := range entries(dir) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// TestManifestStaysInItsFolders seals manifests that point elsewhere.
func TestManifestStaysInItsFolders(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	for _, e := range []entry{
		{Path: "../catalog.db", SHA256: digest},
		{Path: "/etc/passwd", SHA256: digest},
		{Path: "catalog.db", Kept: "../../x", SHA256: digest},
		{Path: "files/../../x", SHA256: digest},
		{Path: "", SHA256: digest},
		{Path: "catalog.db", SHA256: "short"},
		{Path: "catalog.db", SHA256: digest, Size: -1},
	} {
		dir, _ := sealed(t, e)
		to := filepath.Join(t.TempDir(), "to")
		if _, err := Restore(t.Context(), dir, to, Options{Now: time.Now}, nil); err == nil || !strings.Contains(err.Error(), "manifest") {
			t.Errorf("%+v: %v", e, err)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%+v: something was written", e)
		}
	}
}

// FuzzManifest reads any bytes as a manifest: it may refuse them, and what it
// accepts it reads to its end.
func FuzzManifest(f *testing.F) {
	f.Add("")
	f.Add("{\"format\":1,\n\"files\":[\n]\n,\"seal\":\"\"}\n")
	f.Add("{\"format\":99},\n")
	f.Fuzz(func(t *testing.T, text string) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readManifest(dir); err != nil {
			return
		}
		for _, err := range entries(dir) {
			if err != nil {
				return
			}
		}
	})
}
