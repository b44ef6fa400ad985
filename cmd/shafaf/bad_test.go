package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFullDisk fills the data folder: what does not fit is refused in a
// sentence, what was published stays, and with room again all goes on.
func TestFullDisk(t *testing.T) {
	p := newProgram(t)
	data := filepath.Join(p.dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", data).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a small disk: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", data).Run() })

	small := filepath.Join(p.dir, "small.csv")
	big := filepath.Join(p.dir, "big.csv")
	write(t, small, "a,b\n1,2\n")
	write(t, big, "a,b\n"+strings.Repeat("some text,of many rows\n", 400_000))
	p.run("dataset", "import", small, "--title", "Small")
	u, err := p.try("dataset", "import", big, "--title", "Big")
	if err == nil || !strings.Contains(u.out, "the disk is full") && !strings.Contains(u.out, "make room") {
		t.Errorf("a file too big for the disk: %v: %s", err, u.out)
	}
	filler := filepath.Join(data, "filler")
	fill(t, filler)
	u, err = p.try("dataset", "import", small, "--title", "Another")
	if err == nil || strings.Contains(u.out, "panic") || strings.Contains(u.out, "goroutine") {
		t.Errorf("an import on a full disk: %v: %s", err, u.out)
	}
	if u, err = p.try("dataset", "list", "--json"); err != nil && !strings.Contains(u.out, "the disk is full") {
		t.Errorf("listed: %v: %s", err, u.out)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if out := p.run("dataset", "list", "--json").out; strings.Count(out, "\n") != 1 {
		t.Errorf("with room again: %s", out)
	}
	p.run("dataset", "import", small, "--title", "Third")
	if out := p.run("search", "--json", "third").out; !strings.Contains(out, `"total":1`) {
		t.Errorf("after making room: %s", out)
	}
}

// fill writes a file until the disk takes no more.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size >= 512; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSecondServerIsRefused starts two servers on one folder.
func TestSecondServerIsRefused(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	_, cmd := p.serve()
	u, err := p.try("serve", "--addr", "127.0.0.1:0")
	if err == nil || !strings.Contains(u.out, fmt.Sprintf("process %d", cmd.Process.Pid)) {
		t.Errorf("second server: %v: %s", err, u.out)
	}
	write(t, filepath.Join(p.dir, "a.csv"), "a,b\n1,2\n")
	p.run("dataset", "import", filepath.Join(p.dir, "a.csv"), "--title", "Beside the server")
	for range 100 {
		if out := p.run("search", "--json", "beside").out; strings.Contains(out, `"total":1`) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Error("the server does not find what was imported beside it")
}

// TestHostileSources harvests what no catalogue should answer.
func TestHostileSources(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("/html", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!doctype html><p>Please log in") })
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"dataset":[]}`) })
	mux.HandleFunc("/deep", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"dataset":[{"identifier":"a","title":"A","x":`+strings.Repeat("[", 1_000_000))
	})
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
	})
	mux.HandleFunc("/gone", http.NotFound)
	srv := httptest.NewServer(mux)
	defer srv.Close()

	p := newProgram(t)
	for _, path := range []string{"html", "empty", "deep", "inside", "gone"} {
		p.run("source", "add", "--kind", "datajson", "--url", srv.URL+"/"+path, "--name", path, "--allow-private-network")
	}
	p.run("source", "add", "--kind", "datajson", "--url", srv.URL+"/empty?other", "--name", "private")
	p.run("source", "add", "--kind", "datajson", "--url", "http://127.0.0.1:1/data.json", "--name", "unreachable", "--allow-private-network")
	u, err := p.try("harvest")
	if err == nil {
		t.Error("the harvest succeeds")
	}
	for _, slug := range []string{"html", "empty", "deep", "inside", "gone", "private", "unreachable"} {
		found := false
		for line := range strings.Lines(u.out) {
			if rest, ok := strings.CutPrefix(line, slug+": "); ok {
				found = true
				t.Log(strings.TrimSpace(line))
				if strings.HasPrefix(rest, "complete") || !strings.Contains(line, "faults: ") {
					t.Errorf("%s: no reason in %q", slug, line)
				}
			}
		}
		if !found {
			t.Errorf("nothing is said of %s in:\n%s", slug, u.out)
		}
	}
	if strings.Contains(u.out, "goroutine ") {
		t.Errorf("it crashed: %s", u.out)
	}
}
