package main

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// refusal fails unless a command refused in a sentence that has all the words.
func refusal(t *testing.T, what string, err error, out string, words ...string) {
	t.Helper()
	if err == nil || strings.Contains(out, "goroutine ") || strings.Contains(out, "panic") || !strings.Contains(out, "shafaf: ") {
		t.Errorf("%s is not refused in a sentence: %v: %s", what, err, out)
	}
	for _, w := range words {
		if !strings.Contains(out, w) {
			t.Errorf("%s: the refusal lacks %q: %s", what, w, out)
		}
	}
}

// records are those of a data.json, from first to before last, under
// identifiers that begin with prefix.
func records(prefix string, first, last int) string {
	var all []string
	for i := first; i < last; i++ {
		all = append(all, fmt.Sprintf(`{"identifier":"%s%d","title":"Record %d","description":"d","publisher":{"name":"A"},"accessLevel":"public"}`, prefix, i, i))
	}
	return `{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[` + strings.Join(all, ",") + "]}"
}

// TestASourceThatAnswersOtherwiseEveryTime harvests a source that lies in turn
// in every way: what it once gave stays.
func TestASourceThatAnswersOtherwiseEveryTime(t *testing.T) {
	t.Parallel()
	const n = 20
	good := records("id-", 0, n)
	answers := []string{
		good, `{"dataset":[]}`, "<!doctype html><p>Please log in", good[:len(good)/2], records("id-", 0, n/2), good,
		records("new-", 0, n), records("id-", n/2, n), "", "null", records("id-", 0, n/2-1), good + good, "[1,2,3]", records("id-", 0, n/2), records("id-", n/2, n),
	}
	var turn atomic.Int64
	src := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, answers[int(turn.Load())%len(answers)])
	}))
	defer src.Close()
	p := newProgram(t)
	p.run("source", "add", "--kind", "datajson", "--url", src.URL, "--name", "src", "--allow-private-network")
	for i := range answers {
		turn.Store(int64(i))
		u, err := p.try("harvest")
		if strings.Contains(u.out, "goroutine ") || err != nil && !strings.Contains(u.out, "shafaf: ") {
			t.Fatalf("harvest %d: %v: %s", i, err, u.out)
		}
		all := p.run("dataset", "list", "--json").out
		for k := range n {
			if !strings.Contains(all, fmt.Sprintf(`"slug":"record-%d"`, k)) {
				t.Fatalf("after answer %d record %d is gone: %s", i, k, u.out)
			}
		}
		if gone := p.run("dataset", "list", "--retired", "--json").out; gone != "" {
			t.Fatalf("after answer %d there is retired: %s", i, gone)
		}
	}
	if err := sound(p); err != nil {
		t.Error(err)
	}
}

// TestTwoHarvestsOfOneSource runs two processes that harvest the same source:
// one does, the other is told so, and everything is there once.
func TestTwoHarvestsOfOneSource(t *testing.T) {
	const n = 50
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	src := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-answer
		fmt.Fprint(w, records("id-", 0, n))
	}))
	defer src.Close()
	p := newProgram(t)
	p.run("source", "add", "--kind", "datajson", "--url", src.URL, "--name", "src", "--allow-private-network")
	first := p.command("harvest")
	var out bytes.Buffer
	first.Stdout = &out
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	u, err := p.try("harvest")
	refusal(t, "a second harvest", err, u.out, "src", "process")
	close(answer)
	if err := first.Wait(); err != nil || !strings.Contains(out.String(), fmt.Sprintf("src: complete: %d seen, %d new", n, n)) {
		t.Errorf("the first harvest: %v: %s", err, out.String())
	}
	if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != n {
		t.Errorf("%d datasets, want %d", got, n)
	}
	p.run("harvest")
	if err := sound(p); err != nil {
		t.Error(err)
	}
}

// TestRestoreOverAPortalIsRefused restores over a portal, with and without a
// server on it, and leaves it as it was.
func TestRestoreOverAPortalIsRefused(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	portalReady(p)
	b := filepath.Join(p.dir, "b")
	p.run("backup", b)
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Later")
	u, err := p.try("restore", b)
	refusal(t, "a restore over a portal", err, u.out, "never writes over")
	base, _ := p.serve()
	u, err = p.try("restore", b)
	refusal(t, "a restore under a server", err, u.out, "in use")
	if code, _ := status(t, base+"/en/datasets/later"); code != http.StatusOK {
		t.Errorf("after that the server answers %d", code)
	}
	list := p.run("dataset", "list", "--json").out
	if got := strings.Count(list, "\n") - strings.Count(list, `"agency":"`+catalog.BuiltinAgency); got != crashRecords+2 {
		t.Errorf("%d datasets are left", got)
	}
}

// TestASnapshotOfANewerProgramIsRefused starts a mirror of a snapshot that a
// newer program wrote.
func TestASnapshotOfANewerProgramIsRefused(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	portalReady(p)
	base, _ := p.serve()
	_, snapshot := get(t, base+"/catalog.sqlite")
	m := p.on("mirror")
	if err := os.MkdirAll(m.data(), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(m.data(), "catalog.sqlite")
	write(t, path, string(snapshot))
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "update about set value = 9999 where key = 'format'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	u, err := m.try("serve", "--addr", "127.0.0.1:0")
	refusal(t, "a snapshot of a newer program", err, u.out, "newer")
}

// TestAFolderThatMayNotBeWritten gives the commands folders that their user may
// not write: each says so and what to do.
func TestAFolderThatMayNotBeWritten(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	p := newProgram(t)
	portalReady(p)
	empty := filepath.Join(p.dir, "empty")
	if err := os.Mkdir(empty, 0o555); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(p.dir, "shafaf") // where everybody may read it
	if out, err := exec.Command("cp", p.bin, bin).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command("chmod", "-R", "a+rX,go-w", p.dir, filepath.Dir(p.dir)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	nobody := func(dir string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), bin, append([]string{"--data", dir}, args...)...)
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := nobody(p.data(), "version"); err != nil {
		t.Skipf("the program cannot be run by somebody else here: %v: %s", err, out)
	}
	file := filepath.Join(p.dir, "t.csv")
	for _, args := range [][]string{
		{"dataset", "list"},
		{"dataset", "import", file},
		{"harvest"},
		{"index", "rebuild"},
		{"index", "compare"},
		{"verify"},
		{"source", "add", "--kind", "datajson", "--url", file},
		{"serve", "--addr", "127.0.0.1:0"},
		{"backup", filepath.Join(empty, "b")},
	} {
		for _, dir := range []string{p.data(), empty, filepath.Join(empty, "below")} {
			out, err := nobody(dir, args...)
			if dir != p.data() && (args[0] == "verify" || args[0] == "backup") {
				refusal(t, fmt.Sprint(args), err, out, "there is no catalogue")
				continue
			}
			refusal(t, fmt.Sprint(args, " of ", dir), err, out, "must be allowed to write")
		}
	}
	out, err := nobody(filepath.Join(empty, "data"), "restore", filepath.Join(p.dir))
	refusal(t, "restore", err, out)
	if err := sound(p); err != nil {
		t.Error(err)
	}
}

// TestClocksThatJump gives the commands a clock that goes back an hour, on a
// year, and back again: nothing is lost, retired or stuck.
func TestClocksThatJump(t *testing.T) {
	p := newProgram(t)
	file := filepath.Join(p.dir, "data.json")
	write(t, file, records("id-", 0, 20))
	at := time.Now()
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		e := &env{ctx: t.Context(), in: strings.NewReader(""), out: &out, errOut: &out, now: func() time.Time { return at }, exit: func(int) { t.Error("it ended itself") }}
		code := run(e, append([]string{"--data", p.data()}, args...))
		if code != 0 {
			return out.String(), errors.New("exit code not 0")
		}
		return out.String(), nil
	}
	if out, err := run("source", "add", "--kind", "datajson", "--url", file, "--name", "src"); err != nil {
		t.Fatal(out)
	}
	for i, jump := range []time.Duration{0, -time.Hour, 365 * 24 * time.Hour, -365 * 24 * time.Hour, time.Hour, -24 * time.Hour, 20 * 365 * 24 * time.Hour, -20 * 365 * 24 * time.Hour} {
		at = at.Add(jump)
		write(t, file, records("id-", 0, 20+i))
		out, err := run("harvest")
		if err != nil || !strings.Contains(out, fmt.Sprintf("src: complete: %d seen", 20+i)) {
			t.Errorf("after %v: %s", jump, out)
		}
		if out, err := run("dataset", "list", "--retired", "--json"); err != nil || out != "" {
			t.Errorf("after %v there is retired: %s", jump, out)
		}
		if err := sound(p); err != nil { // by the clock of the machine
			t.Errorf("after %v: %v", jump, err)
		}
	}
	if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != 27 {
		t.Errorf("%d datasets, want 27", got)
	}
	base, _ := p.serve()
	for _, page := range []string{"/en/", "/fa/sources/src", "/en/datasets/record-26", "/api/v1/datasets?q=record", "/feeds/changed.atom", "/readyz"} {
		if code, body := status(t, base+page); code != http.StatusOK {
			t.Errorf("%s answers %d: %.300s", page, code, body)
		}
	}
}
