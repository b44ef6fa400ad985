package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
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
// moment of a citation, and the sizes of exports that were written already.
var passing = regexp.MustCompile(`"request_id":"[^"]*"|(As of|تا) <time datetime="[^"]*">|(\.(csv|xlsx|parquet|json|jsonl)"),"size":\d+|` +
	`<span class="dl-size">[^<]*</span>|<code>[0-9a-f]{16}</code>`)

// TestRestoreGivesTheSamePortal backs up the demo portal while it is served,
// restores it elsewhere, and compares all that the two answer.
func TestRestoreGivesTheSamePortal(t *testing.T) {
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

// TestCrashBackup kills backups and restores with kill -9 at random moments. A
// backup folder always restores to the state of the last backup that finished,
// or of the one that was killed; a restore that was killed shows no portal, and
// run again it finishes.
func TestCrashBackup(t *testing.T) {
	p := newProgram(t)
	b := filepath.Join(p.dir, "backup")
	noBackup, noPortal := 0, 0
	finished := 0 // datasets in the last backup that finished
	for round := range rounds(t) {
		file := filepath.Join(p.dir, fmt.Sprint("t", round, ".csv"))
		write(t, file, "n,name\n"+strings.Repeat(fmt.Sprint(round, ",a name of it\n"), 2000))
		p.run("dataset", "import", file, "--title", fmt.Sprint("Table ", round))
		p.killed(time.Duration(rand.IntN(250))*time.Millisecond, "backup", b)

		q := p.on(fmt.Sprint("round", round))
		q.killed(time.Duration(rand.IntN(250))*time.Millisecond, "restore", b)
		if _, err := os.Stat(filepath.Join(q.data(), "catalog.db")); err == nil {
			p.whole(q, finished, round+1) // if it shows at all, it is whole
		} else {
			noPortal++
			if names, err := os.ReadDir(q.data()); err == nil && len(names) > 0 {
				t.Errorf("round %d: without a catalogue there is %v", round, names)
			}
			if u, err := q.try("restore", b); err == nil {
				p.whole(q, finished, round+1)
			} else if noBackup++; finished > 0 || !strings.Contains(u.out, "it is no backup, or one that was not finished") {
				t.Errorf("round %d: restore: %s", round, u.out)
			}
		}
		if round%3 == 2 {
			p.run("backup", b)
			finished = round + 1
			r := p.on(fmt.Sprint("whole", round))
			r.run("restore", b)
			p.whole(r, finished, finished)
			_ = os.RemoveAll(r.dir)
		}
		_ = os.RemoveAll(q.dir)
	}
	p.run("verify")
	t.Logf("%d rounds; %d times no backup was there yet, %d killed restores showed nothing", rounds(t), noBackup, noPortal)
}

// whole fails unless q is a whole portal of so many datasets.
func (p *program) whole(q *program, least, most int) {
	p.t.Helper()
	if u, err := q.try("verify"); err != nil {
		p.t.Errorf("verify: %v: %s", err, u.out)
	}
	if n := strings.Count(q.run("dataset", "list", "--json").out, "\n"); n < least || n > most {
		p.t.Errorf("%d datasets were restored, want %d to %d", n, least, most)
	}
}

// TestInterruptedSystemCalls kills backup and restore at chosen system calls:
// at the first, second, … time that each is made.
func TestCrashBackupAtSystemCalls(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("needs strace")
	}
	p := newProgram(t)
	for i := range 3 {
		file := filepath.Join(p.dir, fmt.Sprint("t", i, ".csv"))
		write(t, file, "n,name\n1,a\n")
		p.run("dataset", "import", file, "--title", fmt.Sprint("Table ", i))
	}
	good := filepath.Join(p.dir, "good")
	p.run("backup", good)
	shown, hidden := 0, 0
	for _, call := range []string{"renameat", "fsync", "unlinkat", "mkdirat"} {
		for n := 1; n <= rounds(t); n++ {
			b := filepath.Join(p.dir, fmt.Sprint(call, n))
			killed := p.injected(call, "signal=SIGKILL", n, "backup", b)
			q := p.on(fmt.Sprint(call, n, "restored"))
			if u, err := q.try("restore", b); err == nil {
				p.whole(q, 3, 3)
			} else if !killed {
				t.Errorf("backup ended by itself, yet: %s", u.out)
			}
			r := p.on(fmt.Sprint(call, n, "again"))
			if err := os.Mkdir(r.dir, 0o755); err != nil {
				t.Fatal(err)
			}
			r.injected(call, "signal=SIGKILL", n, "restore", good)
			if _, err := os.Stat(filepath.Join(r.data(), "catalog.db")); err == nil {
				shown++
			} else {
				hidden++
				r.run("restore", good)
			}
			p.whole(r, 3, 3)
			for _, dir := range []string{b, q.dir, r.dir} {
				_ = os.RemoveAll(dir)
			}
		}
	}
	t.Logf("killed restores: %d showed the whole portal, %d showed none and finished when run again", shown, hidden)
}

// injected runs a command under strace, which does something at the n-th call
// of that name, and reports whether the command was killed.
func (p *program) injected(call, what string, n int, args ...string) bool {
	cmd := p.command(args...)
	cmd.Args = append([]string{"strace", "-f", "-qq", "-o", os.DevNull, "-e", "trace=" + call, "-e", fmt.Sprintf("inject=%s:%s:when=%d", call, what, n), p.bin}, cmd.Args[1:]...)
	cmd.Path, _ = exec.LookPath("strace")
	cmd.Err = nil
	_ = cmd.Run()
	return !cmd.ProcessState.Success()
}

// TestBrokenDisk lets the n-th write, fsync or rename of a backup and of a
// restore fail: each must say so, leave what was there, and work the next time.
func TestBrokenDisk(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("needs strace")
	}
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
	good := filepath.Join(p.dir, "good")
	p.run("backup", good)
	for _, call := range []string{"write", "pwrite64", "fsync", "renameat"} {
		for _, fault := range []string{"ENOSPC", "EIO"} {
			for n := 1; n <= rounds(t); n++ {
				name := fmt.Sprint(call, fault, n)
				p.injected(call, "error="+fault, 2*n, "backup", good)
				q := p.on(name)
				q.run("restore", good)
				p.whole(q, 1, 1)
				r := p.on(name + "again")
				if err := os.Mkdir(r.dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if r.injected(call, "error="+fault, 2*n, "restore", good) {
					if _, err := os.Stat(filepath.Join(r.data(), "catalog.db")); err == nil {
						p.whole(r, 1, 1)
						continue
					}
					r.run("restore", good)
				}
				p.whole(r, 1, 1)
				_ = os.RemoveAll(q.dir)
				_ = os.RemoveAll(r.dir)
			}
		}
	}
	p.run("backup", good)
	p.whole(p, 1, 1)
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

// TestCanary plants a text in every private column of every table and looks for
// it in whatever the portal shows.
func TestCanary(t *testing.T) {
	p := newProgram(t)
	file := filepath.Join(p.dir, "data.json")
	writeCatalogue(t, file, 3)
	p.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
	p.run("harvest")
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
	planted := plant(t, filepath.Join(p.data(), "catalog.db"))
	base, _ := p.serve()
	paths := []string{"/catalog.sqlite", "/api/v1/datasets?q=canary", "/en/datasets?q=canary", "/api/v1/agencies", "/api/v1/sources", "/api/v1/sources/src", "/en/sources/src", "/readyz", "/metrics", "/data.json", "/sitemap.xml"}
	var list struct{ Results []struct{ Slug string } }
	_, body := get(t, base+"/api/v1/datasets")
	if err := json.Unmarshal(body, &list); err != nil || len(list.Results) != 4 {
		t.Fatalf("%d datasets: %v", len(list.Results), err)
	}
	for _, d := range list.Results {
		paths = append(paths, "/api/v1/datasets/"+d.Slug, "/en/datasets/"+d.Slug)
	}
	for _, path := range paths {
		status, body := get(t, base+path)
		body = bytes.ReplaceAll(body, []byte("q=canary"), nil)
		for _, canary := range planted {
			if bytes.Contains(body, []byte(canary)) {
				t.Errorf("%s (%d) shows %s", path, status, canary)
			}
		}
		if path == "/api/v1/datasets?q=canary" && !bytes.Contains(body, []byte(`"total":0`)) {
			t.Errorf("a search finds canaries: %s", body)
		}
		if strings.HasPrefix(path, "/catalog") && (status != http.StatusOK || !bytes.HasPrefix(body, []byte("SQLite format 3"))) {
			t.Errorf("%s: %d", path, status)
		}
	}
	t.Logf("%d canaries, %d addresses", len(planted), len(paths))
}

// plant writes a text of its own into every private text column.
func plant(t *testing.T, path string) (planted []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"pragma ignore_check_constraints = on", "insert into meta values ('canary-meta-key', 'canary-meta-value')"} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	planted = []string{"canary-meta-key", "canary-meta-value"}
	for table, columns := range catalog.PrivateColumns() {
		for _, column := range columns {
			var kind string
			if err := db.QueryRowContext(t.Context(), "select type from pragma_table_info(?) where name = ?", table, column).Scan(&kind); err != nil {
				t.Fatal(err)
			}
			canary := "canary-" + table + "-" + column
			// The keys that the portal itself reads by must stay for it to start.
			if kind != "TEXT" || table == "meta" || table == "changes" {
				continue
			}
			if _, err := db.ExecContext(t.Context(), "update "+table+" set "+column+" = ?", canary); err == nil {
				planted = append(planted, canary)
			}
		}
	}
	if len(planted) < 10 {
		t.Fatalf("only %d canaries", len(planted))
	}
	return planted
}
