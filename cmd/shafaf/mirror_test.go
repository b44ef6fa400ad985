package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMirrorIsServed serves a mirror of a portal from its public snapshot.
func TestMirrorIsServed(t *testing.T) {
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Winter roads")
	base, _ := p.serve("--base-url", "https://data.example.org")
	_, snapshot := get(t, base+"/catalog.sqlite")
	m := p.on("mirror")
	if err := os.MkdirAll(m.data(), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(m.data(), "catalog.sqlite"), string(snapshot))
	mirror, _ := m.serve()
	for range 100 { // the index is built when the server has started
		if _, body := get(t, mirror+"/api/v1/datasets?q=winter"); bytes.Contains(body, []byte(`"total":1`)) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for path, want := range map[string]string{
		"/api/v1/datasets?q=winter":           `"total":1`,
		"/api/v1/datasets/winter-roads":       `"download_url":"https://data.example.org/datasets/winter-roads/resources/`,
		"/en/datasets/winter-roads":           "Winter roads",
		"/fa/":                                "winter-roads",
		"/api/v1/datasets?format=CSV":         `"slug":"winter-roads"`,
		"/catalog.sqlite":                     string(snapshot),
		"/api/v1/agencies":                    `"datasets":1`,
		"/en/datasets/winter-roads/resources": "",
	} {
		if status, body := get(t, mirror+path); want != "" && (status != http.StatusOK || !bytes.Contains(body, []byte(want))) {
			t.Errorf("%s: %d without %.200s", path, status, want)
		} else if status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, args := range [][]string{
		{"dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Another"},
		{"source", "add", "--kind", "datajson", "--url", "https://example.org/data.json"},
	} {
		if u, err := m.try(args...); err == nil || !strings.Contains(u.out, "this is a read-only mirror") || strings.Contains(u.out, "goroutine") {
			t.Errorf("%v: %v: %s", args, err, u.out)
		}
	}
}
