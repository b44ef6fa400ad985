package harvesters_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/harvesters"
)

// records is a data.json of n datasets.
func records(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"identifier":"%d","title":"Table %d"}`, i, i))
	}
	return `{"dataset":[` + strings.Join(all, ",") + `]}`
}

func fullDisk(t *testing.T) *datasets.Room {
	t.Helper()
	return datasets.NewRoom(t.TempDir(), datasets.Floor{Share: 1})
}

func TestOnAFullDiskNoHarvestBegins(t *testing.T) {
	d := newDeps(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", records(5)))
	d.Files.Room = fullDisk(t)
	var full *datasets.NoRoomError
	if _, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{}); !errors.As(err, &full) {
		t.Fatalf("the error is %v", err)
	}
	if runs, err := d.Store.Runs(t.Context(), src.ID, 10); err != nil || len(runs) != 0 {
		t.Errorf("there are the runs %v, error %v", runs, err)
	}
	run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{DryRun: true})
	if err != nil || run.Counts.Seen != 5 {
		t.Errorf("a dry run, which takes nothing in: %+v, %v", run, err)
	}
	d.Files.Room = nil
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.New != 5 {
		t.Errorf("with room again: %+v", run)
	}
}

func TestARunEndsBeforeItFillsTheDisk(t *testing.T) {
	d := newDeps(t)
	file := writeFile(t, "data.json", records(1000))
	src := addSource(t, d, "datajson", file)
	run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 250 {
			d.Files.Room = fullDisk(t)
		}
	}})
	if err != nil || run.State != catalog.RunIncomplete || !strings.Contains(run.Reason, "nearly full") || strings.Contains(run.Reason, "/") {
		t.Fatalf("%+v, error %v", run, err)
	}
	if run.Counts.Seen < 250 || run.Counts.Seen > 500 {
		t.Errorf("it ended after %d records", run.Counts.Seen)
	}
	d.Files.Room = nil
	again := harvest(t, d, src)
	if again.State != catalog.RunComplete || again.Counts.New != 1000-run.Counts.Seen || again.Counts.Unchanged != run.Counts.Seen {
		t.Errorf("with room again: %+v", again)
	}
}

func TestFilesWaitUntilThereIsRoom(t *testing.T) {
	d := newDeps(t)
	h := newFileHost(t, map[string]http.HandlerFunc{"a.csv": text("a,b\n1,2\n")})
	src := addSource(t, d, "datajson", h.URL+"/data.json")
	harvest(t, d, src)
	d.Files.Room = fullDisk(t)
	var full *datasets.NoRoomError
	if err := harvesters.Drain(t.Context(), d, nil); !errors.As(err, &full) || h.asked.Load() != 0 {
		t.Errorf("the host was asked %d times, error %v", h.asked.Load(), err)
	}
	if r := resources(t, d)["a.csv"]; r.Fetch != catalog.FetchPending {
		t.Errorf("the file is %s", r.Fetch)
	}
	d.Files.Room = nil
	if err := harvesters.Drain(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	if r := resources(t, d)["a.csv"]; r.Fetch != catalog.FetchDone || r.Edition == nil {
		t.Errorf("with room again the file is %s", r.Fetch)
	}
}
