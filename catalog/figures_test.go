package catalog_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

func TestTheWriterCountsWhatItCommits(t *testing.T) {
	s := open(t, t.TempDir())
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			_ = s.Write(t.Context(), func(*catalog.Tx) error {
				if i%2 == 0 {
					return errors.New("refused")
				}
				return nil
			})
		})
	}
	wg.Wait()
	n := s.WriterStats()
	if n.Writes != 50 || n.Commits < 1 || n.Commits > 50 || n.Failed != 0 || n.Took <= 0 || n.Last != nil || n.Waiting != 0 {
		t.Errorf("the figures are %+v", n)
	}
	if size, err := s.WALSize(); err != nil || size <= 0 {
		t.Errorf("the log has %d bytes, error %v", size, err)
	}
}

func TestRunsAndFilesAreCountedByState(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	put(t, s, src, record("1", "Rivers"))
	for _, state := range []string{catalog.RunComplete, catalog.RunComplete, catalog.RunFailed} {
		must(t, s.Write(t.Context(), func(tx *catalog.Tx) error {
			run, err := tx.StartRun(src.ID, false)
			if err != nil {
				return err
			}
			run.State = state
			return tx.PutRun(&run)
		}))
	}
	runs, err := s.RunStates(t.Context())
	must(t, err)
	if len(runs) != 2 || runs[catalog.RunComplete] != 2 || runs[catalog.RunFailed] != 1 {
		t.Errorf("the runs are %v", runs)
	}
	files, err := s.FetchStates(t.Context())
	must(t, err)
	if len(files) != 1 || files[catalog.FetchPending] != 1 {
		t.Errorf("the files are %v", files)
	}
}

func TestOnlyScheduledSourcesAreOverdue(t *testing.T) {
	s := open(t, t.TempDir())
	src := source(t, s)
	o, err := s.Overdue(t.Context(), noon.Add(1000*time.Hour))
	must(t, err)
	if o != (catalog.Overdue{}) {
		t.Errorf("a source without a schedule is overdue: %+v", o)
	}
	src.Every = time.Hour
	must(t, s.Write(t.Context(), func(tx *catalog.Tx) error { return tx.PutSource(src) }))
	for after, late := range map[time.Duration]int64{time.Hour: 0, 3 * time.Hour: 1, -time.Hour: 0} {
		o, err = s.Overdue(t.Context(), noon.Add(after))
		must(t, err)
		if o.Sources != 1 || o.Late != late || o.Oldest < 0 || o.Oldest > max(after, 0) {
			t.Errorf("after %s: %+v, want %d late", after, o, late)
		}
	}
}

func TestTheFirstUnseenChangeHasATime(t *testing.T) {
	s := open(t, t.TempDir())
	source(t, s)
	at, ok, err := s.ChangedAt(t.Context(), 0)
	must(t, err)
	if !ok || at.Before(noon) || at.After(noon.Add(time.Minute)) {
		t.Errorf("the first change was at %s, %t", at, ok)
	}
	last, err := s.LastSeq(t.Context())
	must(t, err)
	if _, ok, err := s.ChangedAt(t.Context(), last); err != nil || ok {
		t.Errorf("there is a change after the last one, error %v", err)
	}
}
