package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// on is the same program on another data folder.
func (p *program) on(name string) *program {
	return &program{p.t, p.bin, filepath.Join(p.dir, name)}
}

func (p *program) data() string { return filepath.Join(p.dir, "data") }

func get(t *testing.T, url string) (status int, body []byte) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return resp.StatusCode, body
}

// answers asks a portal for everything that it answers of each dataset: the
// dataset and its pages, each resource with its editions, each table whole and
// each file, and takes its address out of the answers.
func answers(t *testing.T, base string) map[string]string {
	t.Helper()
	all := map[string]string{}
	host := strings.TrimPrefix(base, "http://")
	ask := func(path string) []byte {
		status, body := get(t, base+path)
		text := strings.NewReplacer(host, "HOST", strings.Replace(host, "127.0.0.1", "localhost", 1), "HOST").Replace(string(body))
		all[path] = fmt.Sprint(status, " ", passing.ReplaceAllString(text, "$2"))
		return body
	}
	for _, path := range []string{"/fa/", "/en/", "/api/v1/agencies", "/api/v1/sources", "/en/agencies", "/fa/sources"} {
		ask(path)
	}
	var page struct {
		Next    string
		Results []struct {
			Slug      string
			Resources []struct {
				ID, Edition string
				Rows        *int64
			}
		}
	}
	for next := "/api/v1/datasets"; next != ""; {
		page.Next, page.Results = "", nil
		if err := json.Unmarshal(ask(next), &page); err != nil {
			t.Fatalf("%s: %v", next, err)
		}
		for _, d := range page.Results {
			for _, path := range []string{"/api/v1/datasets/", "/fa/datasets/", "/en/datasets/"} {
				ask(path + d.Slug)
			}
			for _, r := range d.Resources {
				at := "/datasets/" + d.Slug + "/resources/" + r.ID
				ask("/api/v1" + at)
				ask("/api/v1" + at + "/editions")
				ask(at + "/file")
				if r.Rows != nil {
					ask(at + ".csv")
					ask(at + ".jsonl")
					ask(at + "/editions/" + r.Edition + ".csv")
					ask("/api/v1" + at + "/rows")
				}
			}
		}
		next = strings.TrimPrefix(page.Next, base)
		next = strings.TrimPrefix(next, strings.Replace(base, "127.0.0.1", "localhost", 1))
	}
	return all
}

// passing is what differs from one answer to the next: ids of requests, the
// moment of a citation, and whether an export was written already, with its size.
var passing = regexp.MustCompile(`"request_id":"[^"]*"|(As of|تا) <time datetime="[^"]*">|(\.(csv|xlsx|parquet|json|jsonl)"),"size":\d+|` +
	`<span class="dl-size">[^<]*</span>| data-build|<code>[0-9a-f]{16}</code>`)

// TestRestoreGivesTheSamePortal backs up the demo portal while it is served,
// restores it elsewhere, and compares all that the two answer.
func TestRestoreGivesTheSamePortal(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.run("demo")
	base, cmd := p.serve()
	b := filepath.Join(p.dir, "backup")
	t.Log(p.run("backup", b).out)
	want := answers(t, base)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()

	q := p.on("other")
	t.Log(q.run("restore", b).out)
	base, _ = q.serve()
	got := answers(t, base)
	t.Logf("%d answers", len(want))
	if len(got) != len(want) || len(want) < 100 {
		t.Errorf("%d answers, want %d", len(got), len(want))
	}
	for path, text := range want {
		if got[path] != text {
			t.Errorf("%s: %s", path, whereTheyPart(text, got[path]))
		}
	}
	if out := q.run("verify").out; strings.Contains(out, " wrong\n") && !strings.Contains(out, "nothing wrong") {
		t.Errorf("verify: %s", out)
	}
}

// whereTheyPart shows where two texts part.
func whereTheyPart(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	cut := func(s string) string { return s[max(0, min(len(s), at-80)):min(len(s), at+80)] }
	return fmt.Sprintf("at byte %d: %q and %q", at, cut(a), cut(b))
}

// small mounts a disk of so many bytes, in the form of mount's size option.
func small(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a small disk: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
}

// TestBackupOnFullDisk backs up to and restores on a disk that is too small: it
// says so in a sentence, keeps the backup that was there, and with room again
// goes on. The data folder is a disk of its own here, so that the portal is
// restored inside of it.
func TestBackupOnFullDisk(t *testing.T) {
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "small.csv"), "a,b\n1,2\n")
	big := filepath.Join(p.dir, "big.csv")
	write(t, big, "a,b\n"+strings.Repeat("some text,of many rows\n", 300_000))
	p.run("dataset", "import", filepath.Join(p.dir, "small.csv"), "--title", "Small")
	b := filepath.Join(p.dir, "disk")
	small(t, b, "8m")
	p.run("backup", b)
	p.run("dataset", "import", big, "--title", "Big")
	u, err := p.try("backup", b)
	if err == nil || !strings.Contains(u.out, "the disk is full") || strings.Contains(u.out, "goroutine") {
		t.Errorf("a backup on a full disk: %v: %s", err, u.out)
	}
	q := p.on("q")
	q.run("restore", b) // the one before is still there
	p.whole(q, 1, 1)

	whole := filepath.Join(p.dir, "whole")
	p.run("backup", whole)
	r := p.on("r")
	small(t, r.data(), "8m")
	u, err = r.try("restore", whole)
	if err == nil || !strings.Contains(u.out, "the disk is full") || strings.Contains(u.out, "goroutine") {
		t.Errorf("a restore on a full disk: %v: %s", err, u.out)
	}
	if names, err := os.ReadDir(r.data()); err != nil || len(names) > 0 {
		t.Errorf("it left %v (%v)", names, err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=64m", r.data()).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	r.run("restore", whole)
	p.whole(r, 2, 2)
}
