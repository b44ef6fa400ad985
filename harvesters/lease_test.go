package harvesters_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// A hand is a clock that a test sets.
type hand struct {
	mu  sync.Mutex
	now time.Time
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) add(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// clocked is newDeps with a catalogue whose clock the test sets.
func clocked(t *testing.T) (harvesters.Deps, *hand) {
	t.Helper()
	d, h := newDeps(t), &hand{now: clock}
	store, err := catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: h.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	d.Store = store
	return d, h
}

func write(t *testing.T, d harvesters.Deps, do func(*catalog.Tx) error) error {
	t.Helper()
	return d.Store.Write(t.Context(), do)
}

func TestASecondHarvestIsRefusedWhileTheFirstLives(t *testing.T) {
	d, _ := clocked(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(500, nil)))
	var refusal error
	var first catalog.Run
	run, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 250 {
			runs, err := d.Store.Runs(context.Background(), src.ID, 1)
			if err != nil {
				t.Error(err)
			}
			first = runs[0]
			_, refusal = harvesters.Run(context.Background(), d, src, harvesters.RunOptions{})
			if dry, err := harvesters.Run(context.Background(), d, src, harvesters.RunOptions{DryRun: true}); err != nil || dry.State != catalog.RunComplete {
				t.Errorf("a dry run beside it: %+v, %v", dry, err)
			}
		}
	}})
	if err != nil || run.State != catalog.RunComplete || run.Counts.New != 500 {
		t.Errorf("the first: %+v, %v", run, err)
	}
	var busy *catalog.BusyError
	if !errors.As(refusal, &busy) || busy.Run.ID != first.ID || !strings.Contains(refusal.Error(), first.ID) || !strings.Contains(refusal.Error(), src.Slug) {
		t.Errorf("the second: %v", refusal)
	}
	runs, err := d.Store.Runs(t.Context(), src.ID, 10)
	if err != nil || len(runs) != 2 {
		t.Errorf("there are %d runs, want the first and the dry one: a refusal is no run", len(runs))
	}
}

func TestARunWithoutASignIsEnded(t *testing.T) {
	d, h := clocked(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(10, nil)))
	var dead catalog.Run
	start := func(tx *catalog.Tx) (err error) {
		dead, err = tx.StartRun(src.ID, false)
		return err
	}
	if err := write(t, d, start); err != nil {
		t.Fatal(err)
	}
	h.add(catalog.LeaseTime - time.Second)
	if _, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{}); !errors.Is(err, catalog.ErrConflict) {
		t.Errorf("before the lease ran out: %v", err)
	}
	h.add(2 * time.Second)
	if run := harvest(t, d, src); run.State != catalog.RunComplete || run.Counts.New != 10 {
		t.Errorf("after it: %+v", run)
	}
	ended, err := d.Store.Run(t.Context(), dead.ID)
	if err != nil || ended.State != catalog.RunIncomplete || !strings.Contains(ended.Reason, "interrupted") || ended.Finished.Sub(ended.Started) != catalog.LeaseTime {
		t.Errorf("the dead run: %+v, %v", ended, err)
	}
	if faults := faultsOf(t, d, ended); len(faults) != 1 || faults[0].Severity != catalog.SeverityRun {
		t.Errorf("its faults: %+v", faults)
	}
	// Whoever did the dead run and wakes up writes nothing more.
	var lost *catalog.LostRunError
	if err := write(t, d, func(tx *catalog.Tx) error { return tx.RenewRun(&dead) }); !errors.As(err, &lost) {
		t.Errorf("renewed: %v", err)
	}
}

// TestTheClockIsSetBack: a lease given before that is worth nothing either.
func TestTheClockIsSetBack(t *testing.T) {
	d, h := clocked(t)
	src := addSource(t, d, "datajson", writeFile(t, "data.json", dataJSON(10, nil)))
	if err := write(t, d, func(tx *catalog.Tx) error { _, err := tx.StartRun(src.ID, false); return err }); err != nil {
		t.Fatal(err)
	}
	h.add(-24 * time.Hour)
	run := harvest(t, d, src)
	if run.State != catalog.RunComplete {
		t.Errorf("%+v", run)
	}
	known, err := d.Store.Source(t.Context(), src.Slug)
	if err != nil || known.LastRun == nil || known.LastRun.ID != run.ID {
		t.Errorf("the last run is %+v, %v", known.LastRun, err)
	}
}

// TestARunThatWasTakenForDeadStops: a process that slept for longer than its
// lease finds its run ended, and changes nothing.
func TestARunThatWasTakenForDeadStops(t *testing.T) {
	d, h := clocked(t)
	path := writeFile(t, "data.json", dataJSON(40, nil))
	src := addSource(t, d, "datajson", path)
	harvest(t, d, src)
	setFile(t, path, dataJSON(38, nil))
	harvest(t, d, src)
	var second catalog.Run
	_, err := harvesters.Run(t.Context(), d, src, harvesters.RunOptions{Progress: func(done, _ int64) {
		if done == 20 {
			h.add(2 * catalog.LeaseTime)
			setFile(t, path+".new", dataJSON(40, nil))
			other := src
			other.URL = path + ".new"
			var err error
			if second, err = harvesters.Run(context.Background(), d, other, harvesters.RunOptions{}); err != nil {
				t.Error(err)
			}
		}
	}})
	var lost *catalog.LostRunError
	if !errors.As(err, &lost) || second.State != catalog.RunComplete {
		t.Errorf("the sleeper: %v; the other: %+v", err, second)
	}
	if n, err := d.Store.RemovedSince(t.Context(), time.Time{}); n != 0 || err != nil {
		t.Errorf("%d were removed by a run that had been ended, %v", n, err)
	}
}

// TestNextRun holds the schedule: spread, doubled after failures up to a day,
// never sooner than the source's interval.
func TestNextRun(t *testing.T) {
	d, h := clocked(t)
	path := writeFile(t, "data.json", dataJSON(10, nil))
	src := addSource(t, d, "datajson", path)
	src.Every = 6 * time.Hour
	if err := write(t, d, func(tx *catalog.Tx) error { return tx.PutSource(&src) }); err != nil {
		t.Fatal(err)
	}
	known := func() catalog.Source {
		s, err := d.Store.Source(t.Context(), src.Slug)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := known(); !s.NextRun.Equal(s.Created) {
		t.Errorf("never run, next at %s", s.NextRun)
	}
	harvest(t, d, src)
	wait := func() time.Duration { s := known(); return s.NextRun.Sub(s.LastRun.Started) }
	first := wait()
	spread := first - src.Every
	if spread < 0 || spread > 10*time.Minute || wait() != first {
		t.Errorf("next after %s, then %s", first, wait())
	}
	setFile(t, path, "{")
	for failures, want := range []time.Duration{12 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
		h.add(time.Hour)
		harvest(t, d, src)
		if got := wait(); got != want+spread || known().Failures != failures+1 {
			t.Errorf("after %d failures next after %s, want %s", known().Failures, got, want+spread)
		}
	}
	setFile(t, path, dataJSON(10, nil))
	h.add(time.Hour)
	harvest(t, d, src)
	if got := wait(); got != first || known().Failures != 0 {
		t.Errorf("after it went well again next after %s", got)
	}
	src.Every = 72 * time.Hour
	if err := write(t, d, func(tx *catalog.Tx) error { return tx.PutSource(&src) }); err != nil {
		t.Fatal(err)
	}
	setFile(t, path, "{")
	h.add(time.Hour)
	harvest(t, d, src)
	if got := wait(); got < 72*time.Hour {
		t.Errorf("sooner than its interval: %s", got)
	}
}
