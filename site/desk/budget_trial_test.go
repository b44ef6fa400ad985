package desk

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"
)

// One person tries one mapping of a table at a time: asked for again it is the
// same reading, and another mapping takes its place.
func TestATrialGoesOnBehindTheRequest(t *testing.T) {
	var q trials
	key := trialKey{"omid", "table"}
	let := make(chan struct{})
	read := func(ctx context.Context, _ *trial) (fiscal.Loading, error) {
		select {
		case <-let:
			return fiscal.Loading{Lines: 3}, nil
		case <-ctx.Done():
			return fiscal.Loading{}, ctx.Err()
		}
	}
	asked, leave := context.WithCancel(t.Context())
	first, err := q.start(asked, key, "digest", &fiscal.Mapping{Year: "1403"}, read)
	if err != nil || first.ended() {
		t.Fatalf("it ended before it read: %v", err)
	}
	leave() // who asked is gone, and it goes on
	if again, err := q.start(t.Context(), key, "digest", &fiscal.Mapping{Year: "1403"}, read); again != first || err != nil {
		t.Errorf("the same trial is made twice: %v", err)
	}
	second, err := q.start(t.Context(), key, "digest", &fiscal.Mapping{Year: "1404"}, read)
	if err != nil || second == first {
		t.Fatalf("another mapping is the same trial: %v", err)
	}
	if <-first.done; !errors.Is(first.err, context.Canceled) {
		t.Errorf("what nobody waits for is read on: %v", first.err)
	}
	close(let)
	if !second.wait(t.Context()) || second.err != nil || second.loading.Lines != 3 || q.of(key) != second {
		t.Errorf("it ended with %+v, %v", second.loading, second.err)
	}
	q.forget(key)
	if q.of(key) != nil {
		t.Error("it is not forgotten")
	}
}

// Trials are kept for so many alone; those that ended make room.
func TestTrialsAreBounded(t *testing.T) {
	var q trials
	let := make(chan struct{})
	start := func(n int) (*trial, error) {
		return q.start(t.Context(), trialKey{strconv.Itoa(n), "table"}, "digest", &fiscal.Mapping{}, func(context.Context, *trial) (fiscal.Loading, error) {
			<-let
			return fiscal.Loading{}, nil
		})
	}
	var all []*trial
	for n := range mostTrials {
		one, err := start(n)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if _, err := start(mostTrials); !errors.Is(err, errTrials) {
		t.Errorf("one more: %v", err)
	}
	close(let)
	for _, one := range all {
		<-one.done
	}
	if last, err := start(mostTrials); err != nil || !last.wait(t.Context()) || len(q.all) != mostTrials {
		t.Errorf("when they ended: %v, %d are kept", err, len(q.all))
	}
}

// The rows that a trial reads are counted, and no more are read when it is given
// up.
func TestATrialThatIsGivenUpReadsNoFurther(t *testing.T) {
	table := &datasets.Table{Rows: 30, Scan: func(int64, int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			for range 3 {
				if !yield(&datasets.Batch{Len: 10}, nil) {
					return
				}
			}
		}
	}}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var one trial
	var stopped error
	for _, err := range one.counted(ctx, table).Scan(0, -1) {
		if err != nil {
			stopped = err
			break
		}
		cancel()
	}
	if n := one.rows.Load(); n != 10 || !errors.Is(stopped, context.Canceled) {
		t.Errorf("%d rows were read, then %v", n, stopped)
	}
}
