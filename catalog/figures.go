package catalog

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// WriterStats tell how the catalogue was written by this process since it was
// opened.
type WriterStats struct {
	Commits int64         // transactions that were made durable
	Failed  int64         // transactions that were not
	Writes  int64         // write functions in all of them: several share one
	Took    time.Duration // to commit, all transactions together
	Waiting int           // write functions that wait at this moment
	Last    error         // why the last transaction, or part of it, was not kept for want of disk; nil when it was
}

// writerFigures are counted by the writer and read by others.
type writerFigures struct {
	mu    sync.Mutex
	stats WriterStats
}

// note counts a transaction that ended with err, nil when it is on disk.
func (f *writerFigures) note(batch []*write, took time.Duration, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stats.Writes += int64(len(batch))
	f.stats.Took += max(took, 0)
	if f.stats.Last = err; err != nil {
		f.stats.Failed++
		return
	}
	f.stats.Commits++
	for _, b := range batch {
		if errors.Is(b.err, ErrFull) {
			f.stats.Last = b.err
		}
	}
}

// WriterStats returns the figures of this moment.
func (s *Store) WriterStats() WriterStats {
	f := &s.writer.figures
	f.mu.Lock()
	defer f.mu.Unlock()
	stats := f.stats
	stats.Waiting = len(s.writer.queue)
	return stats
}

// WALSize returns the size of the write-ahead log in bytes.
func (s *Store) WALSize() (int64, error) {
	info, err := os.Stat(filepath.Join(s.dir, "catalog.db-wal"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, wrap("size of the log", err)
	}
	return info.Size(), nil
}

// RunStates counts the runs of all sources by their state, dry runs left out.
func (s *Store) RunStates(ctx context.Context) (map[string]int64, error) {
	return s.counts(ctx, "run states", "select state, count(*) from runs where not dry_run group by state")
}

// FetchStates counts the files of published resources by how fetching them
// went: FetchPending, FetchDone, FetchFailed. It reads all resources.
func (s *Store) FetchStates(ctx context.Context) (map[string]int64, error) {
	return s.counts(ctx, "fetch states", "select fetch, count(*) from resources where fetch <> '' and "+visible+" group by fetch")
}

func (s *Store) counts(ctx context.Context, what, query string) (map[string]int64, error) {
	rows, err := s.query(ctx, query)
	all := map[string]int64{}
	_, err = collect(rows, err, func(row scanner) (int64, error) {
		var key string
		var n int64
		err := row.Scan(&key, &n)
		all[key] = n
		return n, err
	})
	return all, wrap(what, err)
}

// An Overdue says how well the schedule of the sources is kept.
type Overdue struct {
	Sources int64         // with a schedule
	Late    int64         // of them: no complete run for more than twice their interval
	Oldest  time.Duration // since the last complete run, or since it was added, of the one that waits the longest
}

// Overdue looks at all sources with a schedule at the moment now.
func (s *Store) Overdue(ctx context.Context, now time.Time) (Overdue, error) {
	var o Overdue
	rows, err := s.query(ctx, `select s.every, coalesce((select max(r.started) from runs r
		where r.source = s.id and r.state = 'complete' and not r.dry_run), s.created) from sources s where s.every > 0 and s.`+visible)
	_, err = collect(rows, err, func(row scanner) (int64, error) {
		var every int64
		var last time.Time
		if err := row.Scan(&every, asTime(&last)); err != nil {
			return 0, err
		}
		age := max(now.Sub(last), 0)
		o.Sources++
		o.Oldest = max(o.Oldest, age)
		if age > 2*time.Duration(every)*time.Second {
			o.Late++
		}
		return every, nil
	})
	return o, wrap("overdue sources", err)
}

// ChangedAt returns when the first change after seq was made; ok is false when
// there is none.
func (s *Store) ChangedAt(ctx context.Context, seq int64) (at time.Time, ok bool, err error) {
	err = s.row(ctx, "select at from changes where seq > ? order by seq limit 1", seq).Scan(asTime(&at))
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	return at, err == nil, wrap("time of a change", err)
}
