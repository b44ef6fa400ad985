package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestCrashPages kills harvests of a slow portal between its pages: the next
// one goes on with the pages that came, and no run stays running.
func TestCrashPages(t *testing.T) {
	const records, rows, kills = 1000, 100, 3
	var asked atomic.Int64
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		time.Sleep(10 * time.Millisecond)
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
	for round := range min(rounds(t), 20) {
		p := newProgram(t)
		p.run("source", "add", "--kind", "ckan", "--url", portal.URL, "--name", "src", "--allow-private-network")
		asked.Store(0)
		for range kills {
			cmd := p.command("harvest")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for enough := asked.Load() + 2 + rand.Int64N(2); asked.Load() < enough; {
				time.Sleep(time.Millisecond)
			}
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		out := p.run("harvest", "--json").out
		if !strings.Contains(out, `"state":"complete"`) || !strings.Contains(out, `"seen":`+strconv.Itoa(records)) {
			t.Errorf("round %d: %s", round, out)
		}
		if n := asked.Load(); n > records/rows+1+2*kills { // those under way, and the one after the last
			t.Errorf("round %d: %d pages were asked for after %d kills", round, n, kills)
		}
		if shown := p.run("source", "show", "src", "--json").out; strings.Contains(shown, `"state":"running"`) {
			t.Errorf("round %d: a run is running without a process: %s", round, shown)
		}
		if got := strings.Count(p.run("dataset", "list", "--json").out, "\n"); got != records {
			t.Errorf("round %d: %d datasets", round, got)
		}
	}
}
