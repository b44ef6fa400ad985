package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// rounds is how often the crash tests kill: 3, or SHAFAF_CRASH_ROUNDS.
func rounds(t *testing.T) int {
	t.Helper()
	s := os.Getenv("SHAFAF_CRASH_ROUNDS")
	if s == "" {
		return 3
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestCrashHarvest kills harvests with kill -9 at random moments, from making
// the catalogue to building the index; the next harvest must complete, know
// everything once, and leave index and catalogue equal.
func TestCrashHarvest(t *testing.T) {
	const records = 1500
	killedBefore := 0
	for round := range rounds(t) {
		p := newProgram(t)
		file := filepath.Join(p.dir, "data.json")
		writeCatalogue(t, file, records)
		p.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
		for range 1 + rand.IntN(3) {
			p.killed(time.Duration(rand.IntN(1500))*time.Millisecond, "harvest")
		}
		before := strings.Count(p.run("dataset", "list", "--json").out, "\n")
		killedBefore += before
		p.run("harvest")
		got := strings.Count(p.run("dataset", "list", "--json").out, "\n")
		again := p.run("harvest", "--json").out
		if got != records || before > got || !strings.Contains(again, `"unchanged":`+strconv.Itoa(records)) {
			t.Errorf("round %d: %d datasets before, %d after, want %d: %s", round, before, got, records, again)
		}
		if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
			t.Errorf("round %d: index: %s", round, out)
		}
	}
	t.Logf("%d rounds; %d records were kept by killed harvests on average of %d", rounds(t), killedBefore/rounds(t), records)
}

// TestCrashRemoval kills harvests that would retire datasets. A conclusion is
// carried out whole or not at all, nothing goes before two runs came to their
// end, and the ledger has each removal once.
func TestCrashRemoval(t *testing.T) {
	const records, gone = 2000, 90
	file := func(p *program) string { return filepath.Join(p.dir, "data.json") }
	interrupted := 0
	for round := range rounds(t) {
		p := newProgram(t)
		writeCatalogue(t, file(p), records)
		p.run("source", "add", "--kind", "datajson", "--url", file(p), "--name", "src")
		p.run("harvest")
		writeCatalogue(t, file(p), records-gone)
		for range 8 {
			p.killed(time.Duration(rand.IntN(400))*time.Millisecond, "harvest")
			_, shown, _ := strings.Cut(p.run("source", "show", "src", "--json").out, `"runs":`)
			if strings.Contains(shown, `"state":"running"`) {
				t.Errorf("round %d: a run is running without a process: %s", round, shown)
			}
			complete := strings.Count(shown, `"state":"complete"`) - 1 // the first had all
			want := records
			if complete >= 2 {
				want -= gone
			}
			if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != want {
				t.Fatalf("round %d: %d datasets after %d complete runs without %d of %d", round, got, complete, gone, records)
			}
		}
		_, shown, _ := strings.Cut(p.run("source", "show", "src", "--json").out, `"runs":`)
		interrupted += strings.Count(shown, `"state":"incomplete"`)
		p.run("harvest")
		p.run("harvest")
		retired := strings.Count(p.run("dataset", "list", "--retired", "--json").out, "\n")
		if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != records-gone || retired != gone {
			t.Errorf("round %d: %d datasets and %d retired", round, got, retired)
		}
		if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
			t.Errorf("round %d: index: %s", round, out)
		}
	}
	t.Logf("%d rounds of 8 kills; %d of them came in the middle of a run", rounds(t), interrupted)
}

// TestCrashImport kills imports; a dataset that is there is whole, and one that
// was acknowledged is there.
func TestCrashImport(t *testing.T) {
	p := newProgram(t)
	const rows = 20_000
	file := filepath.Join(p.dir, "t.csv")
	var b strings.Builder
	b.WriteString("n,name,amount\n")
	for i := range rows {
		b.WriteString(strconv.Itoa(i) + ",نام " + strconv.Itoa(i%100) + "," + strconv.Itoa(i*7) + ".25\n")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	acknowledged := 0
	for round := range rounds(t) {
		title := "Table " + strconv.Itoa(round)
		if round%3 == 0 {
			p.run("dataset", "import", file, "--title", title)
			acknowledged++
			continue
		}
		p.killed(time.Duration(rand.IntN(600))*time.Millisecond, "dataset", "import", file, "--title", title)
	}
	seen := 0
	for line := range strings.Lines(p.run("dataset", "list", "--json").out) {
		seen++
		_, rest, _ := strings.Cut(line, `"slug":"`)
		slug, _, _ := strings.Cut(rest, `"`)
		if got := strings.Count(p.run("export", slug, "--format", "csv").out, "\n"); got != rows+1 {
			t.Errorf("%s has %d lines, want %d", slug, got, rows+1)
		}
	}
	if seen < acknowledged {
		t.Errorf("%d datasets, %d were acknowledged", seen, acknowledged)
	}
	t.Logf("%d rounds, %d acknowledged, %d there", rounds(t), acknowledged, seen)
}

// TestCrashServe kills the server while it indexes and serves; it must come
// back by itself and find what was published.
func TestCrashServe(t *testing.T) {
	p := newProgram(t)
	for round := range rounds(t) {
		_, cmd := p.serve()
		time.AfterFunc(time.Duration(rand.IntN(400))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		file := filepath.Join(p.dir, "f"+strconv.Itoa(round)+".csv")
		if err := os.WriteFile(file, []byte("a,b\n1,2\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		p.run("dataset", "import", file, "--title", "Winter "+strconv.Itoa(round))
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	want := `"total":` + strconv.Itoa(rounds(t))
	if out := p.run("search", "--json", "winter").out; !strings.Contains(out, want) {
		t.Errorf("search finds %s, want %s", out, want)
	}
	if out := p.run("index", "compare").out; out != "0 missing, 0 extra, 0 stale\n" {
		t.Errorf("index: %s", out)
	}
}

// TestCrashFetch kills harvests of a slow portal: the next one goes on with the
// pages that came, and no run stays running.
func TestCrashFetch(t *testing.T) {
	const records, rows = 2000, 100
	var asked atomic.Int64
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		time.Sleep(20 * time.Millisecond)
		start, _ := strconv.Atoi(r.URL.Query().Get("start"))
		fmt.Fprintf(w, `{"success":true,"result":{"count":%d,"results":[`, records)
		for i := start; i < min(start+rows, records); i++ {
			if i > start {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"id":"id-%d","name":"name-%d","title":"Package %d","state":"active"}`, i, i, i)
		}
		fmt.Fprint(w, "]}}")
	}))
	defer portal.Close()
	for round := range rounds(t) {
		p := newProgram(t)
		p.run("source", "add", "--kind", "ckan", "--url", portal.URL, "--name", "src", "--allow-private-network")
		asked.Store(0)
		killed := 1 + rand.IntN(4)
		for range killed {
			p.killed(time.Duration(200+rand.IntN(600))*time.Millisecond, "harvest")
		}
		out := p.run("harvest", "--json").out
		if !strings.Contains(out, `"state":"complete"`) || !strings.Contains(out, `"seen":`+strconv.Itoa(records)) {
			t.Errorf("round %d: %s", round, out)
		}
		if n := asked.Load(); n > records/rows+1+int64(2*killed) { // the page under way, and the one after the last
			t.Errorf("round %d: %d pages were asked for after %d kills", round, n, killed)
		}
		if shown := p.run("source", "show", "src", "--json").out; strings.Contains(shown, `"state":"running"`) {
			t.Errorf("round %d: a run is running without a process: %s", round, shown)
		}
		if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != records {
			t.Errorf("round %d: %d datasets", round, got)
		}
	}
}
