package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

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

// TestCrashRestoreInside kills restores into a data folder that is a disk of
// its own, at each of its first renames: until the catalogue is moved, which is
// last, every other command refuses the folder.
func TestCrashRestoreInside(t *testing.T) {
	rounds(t)
	needStrace(t)
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

// TestDamagedCatalogueIsRefused damages the catalogue in ways that can be seen
// when it is opened: nothing serves it or mends it, and the error names the way
// back.
func TestDamagedCatalogueIsRefused(t *testing.T) {
	t.Parallel()
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
