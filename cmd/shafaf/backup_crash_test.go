package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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
		q.killed(time.Duration(rand.IntN(800))*time.Millisecond, "restore", b)
		if _, err := os.Stat(filepath.Join(q.data(), "catalog.db")); err == nil {
			p.whole(q, finished, round+1) // if it shows at all, it is whole
		} else {
			noPortal++
			if names, err := os.ReadDir(q.data()); err == nil && len(names) > 0 {
				t.Errorf("round %d: without a catalogue there is %v", round, names)
			}
			if u, err := q.try("restore", b); err == nil {
				p.whole(q, finished, round+1)
			} else if noBackup++; finished > 0 || exists(b) && !strings.Contains(u.out, "it is no backup, or one that was not finished") {
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

// exists reports whether there is anything at path.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
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

// TestCrashBackupAtSystemCalls kills backup and restore at chosen system calls:
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

// TestCrashRestoreInside kills restores into a data folder that is a disk of
// its own, at each of its first renames: until the catalogue is moved, which is
// last, every other command refuses the folder.
func TestCrashRestoreInside(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("needs strace")
	}
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
	b := filepath.Join(p.dir, "b")
	p.run("backup", b)
	refused := 0
	for n := 1; ; n++ {
		q := p.on(fmt.Sprint("inside", n))
		small(t, q.data(), "64m")
		killed := q.injected("renameat", "signal=SIGKILL", n, "restore", b)
		if _, err := os.Stat(filepath.Join(q.data(), "catalog.db")); err != nil {
			u, err := q.try("dataset", "list")
			if err == nil || !strings.Contains(u.out, "a restore into") || !strings.Contains(u.out, "run shafaf restore again") {
				t.Errorf("killed at rename %d, listed: %v: %s", n, err, u.out)
			}
			refused++
			q.run("restore", b)
		}
		p.whole(q, 1, 1)
		if out, err := exec.Command("umount", "-l", q.data()).CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
		if !killed {
			t.Logf("%d renames; %d times there was no portal", n-1, refused)
			return
		}
	}
}

// TestCrashSnapshot kills the server while it writes public snapshots: whatever
// has the name of one is whole, and the next server serves a new one.
func TestCrashSnapshot(t *testing.T) {
	p := newProgram(t)
	writeCatalogue(t, filepath.Join(p.dir, "data.json"), 3000)
	p.run("source", "add", "--kind", "datajson", "--url", filepath.Join(p.dir, "data.json"), "--name", "src")
	p.run("harvest")
	kept := filepath.Join(p.data(), "snapshots")
	partial := 0
	for round := range rounds(t) {
		_ = os.RemoveAll(kept)
		p.killed(time.Duration(50+rand.IntN(500))*time.Millisecond, "serve", "--addr", "127.0.0.1:0")
		names, _ := os.ReadDir(kept)
		for _, n := range names {
			if strings.HasSuffix(n.Name(), ".tmp") {
				partial++
				continue
			}
			b, err := os.ReadFile(filepath.Join(kept, n.Name()))
			if sum := fmt.Sprintf("-%x.sqlite", sha256.Sum256(b)); err != nil || !strings.HasSuffix(n.Name(), sum) {
				t.Errorf("round %d: %s is not whole: %v", round, n.Name(), err)
			}
		}
	}
	base, _ := p.serve()
	status, body := get(t, base+"/catalog.sqlite")
	path := filepath.Join(p.dir, "c.sqlite")
	write(t, path, string(body))
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var whole string
	var n int
	if err := db.QueryRowContext(t.Context(), "select (select * from pragma_integrity_check), (select count(*) from datasets)").Scan(&whole, &n); err != nil || status != 200 || whole != "ok" || n != 3000 {
		t.Errorf("status %d, %s, %d datasets: %v", status, whole, n, err)
	}
	if names, err := os.ReadDir(kept); err != nil || len(names) != 1 {
		t.Errorf("left over: %v (%v)", names, err)
	}
	t.Logf("%d rounds, %d killed in the middle of a snapshot", rounds(t), partial)
}

// TestDamagedCatalogueIsRefused damages the catalogue in ways that can be seen
// when it is opened: nothing serves it or mends it, and the error names the way
// back.
func TestDamagedCatalogueIsRefused(t *testing.T) {
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
	path := filepath.Join(p.data(), "catalog.db")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{
		"cut in the middle":  good[:len(good)/2/4096*4096],
		"cut within a page":  good[:5000],
		"another header":     append([]byte("no database at all, but text"), good[28:]...),
		"nothing in it":      nil,
		"first page of zero": append(make([]byte, 4096), good[4096:]...),
	} {
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"verify"}, {"backup", filepath.Join(p.dir, "b")}, {"dataset", "list"}} {
			u, err := p.try(args...)
			if err == nil || !strings.Contains(u.out, "shafaf restore") || strings.Contains(u.out, "goroutine") {
				t.Errorf("%s, %v: %v: %s", name, args, err, u.out)
			}
		}
		if left, err := os.ReadFile(path); err != nil || string(left) != string(damaged) {
			t.Errorf("%s: the catalogue was touched: %v", name, err)
		}
	}
}
