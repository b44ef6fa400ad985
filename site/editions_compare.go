package site

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// Bounds of comparisons.
const (
	keptDiffs    = 32               // results that are kept; an edition never changes
	waitingDiffs = 8                // comparisons that wait for their turn
	diffPatience = 20 * time.Second // how long a page waits; the comparison goes on
	diffTime     = 10 * time.Minute // how long a comparison may take
)

// errComparing says that a comparison is under way, or waits for its turn.
var errComparing = errors.New("the editions are still being compared")

// A differ compares editions, one pair at a time, and keeps the results. The
// zero value is ready.
type differ struct {
	mu    sync.Mutex
	kept  map[string]*diffJob
	order []string // keys of kept, the oldest first
	turn  chan struct{}
}

// A diffJob is a comparison that is under way, or done.
type diffJob struct {
	done chan struct{}
	diff *datasets.Diff
	err  error
}

// diffKey names the difference between two editions. It changes when the
// comparison does.
func diffKey(p editionPair) string {
	const version = "1"
	sum := sha256.Sum256([]byte(version + " " + p.from.Digest + " " + p.to.Digest))
	return "diff-" + hex.EncodeToString(sum[:])
}

// compare compares two editions for a page.
func (s *Site) compare(ctx context.Context, p editionPair) (*datasets.Diff, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return s.diffs.get(s, p, diffPatience) //nolint:contextcheck // the comparison goes on for the next one who asks
}

// get returns the difference between two editions, and waits for it as long as
// patience lasts.
func (f *differ) get(s *Site, p editionPair, patience time.Duration) (*datasets.Diff, error) {
	job, err := f.job(s, p)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-job.done:
		return job.diff, job.err
	case <-timer.C:
		return nil, errComparing
	}
}

// job returns the comparison of the pair, and begins it when nobody has.
func (f *differ) job(s *Site, p editionPair) (*diffJob, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil {
		f.kept, f.turn = map[string]*diffJob{}, make(chan struct{}, 1)
	}
	key := diffKey(p)
	if job := f.kept[key]; job != nil {
		return job, nil
	}
	waiting := 0
	for _, job := range f.kept {
		select {
		case <-job.done:
		default:
			waiting++
		}
	}
	if waiting >= waitingDiffs {
		return nil, errComparing
	}
	job := &diffJob{done: make(chan struct{})}
	f.kept[key] = job
	f.order = append(f.order, key)
	f.trim()
	go f.run(s, p, key, job)
	return job, nil
}

// trim forgets the oldest results.
func (f *differ) trim() {
	for i := 0; len(f.order) > keptDiffs && i < len(f.order); {
		key := f.order[i]
		select {
		case <-f.kept[key].done:
			delete(f.kept, key)
			f.order = append(f.order[:i:i], f.order[i+1:]...)
		default:
			i++
		}
	}
}

// run compares when its turn comes. A comparison that failed is forgotten, so
// that the next one who asks begins anew.
func (f *differ) run(s *Site, p editionPair, key string, job *diffJob) {
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	ctx, cancel := context.WithTimeout(context.Background(), diffTime)
	defer cancel()
	job.diff, job.err = s.compareNow(ctx, p)
	if job.err != nil && !errors.Is(job.err, datasets.ErrManyRows) {
		f.mu.Lock()
		delete(f.kept, key)
		for i := range f.order {
			if f.order[i] == key {
				f.order = append(f.order[:i:i], f.order[i+1:]...)
				break
			}
		}
		f.mu.Unlock()
	}
	close(job.done)
}

func (s *Site) compareNow(ctx context.Context, p editionPair) (*datasets.Diff, error) {
	from, err := s.Files.Rows(p.from.Digest) //nolint:contextcheck // what it opens outlives the request
	if err != nil {
		return nil, err
	}
	to, err := s.Files.Rows(p.to.Digest) //nolint:contextcheck // likewise
	if err != nil {
		return nil, err
	}
	keys := datasets.Keys(p.from.Schema, p.to.Schema, p.from.Profile, p.to.Profile)
	return datasets.Compare(ctx, from.Table(), to.Table(), keys)
}
