package catalog

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Changes returns up to limit changes after seq, oldest first.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]Change, error) {
	rows, err := s.query(ctx, "select seq, at, noun, id, op from changes where seq > ? order by seq limit ?", after, limit)
	all, err := collect(rows, err, func(row scanner) (Change, error) {
		var c Change
		err := row.Scan(&c.Seq, asTime(&c.At), &c.Noun, &c.ID, &c.Op)
		return c, err
	})
	return all, wrap("changes", err)
}

// LastSeq returns the number of the newest change, 0 before the first.
func (s *Store) LastSeq(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, "select coalesce(max(seq), 0) from changes").Scan(&n)
	return n, wrap("last change", err)
}

// LastQuietSeq returns the number of the newest change of anything but
// comments: these come by the hundred a second, and what is kept of all else
// stays as good as it was.
func (s *Store) LastQuietSeq(ctx context.Context) (int64, error) {
	return s.lastOf(ctx, func(noun string) bool { return noun != nounComment })
}

// LastSeqOf returns the number of the newest change of things of the nouns.
func (s *Store) LastSeqOf(ctx context.Context, nouns ...string) (int64, error) {
	return s.lastOf(ctx, func(noun string) bool { return slices.Contains(nouns, noun) })
}

func (s *Store) lastOf(ctx context.Context, counts func(noun string) bool) (int64, error) {
	state, err := s.State(ctx)
	if err != nil {
		return 0, err
	}
	q := &s.newest
	q.Lock()
	defer q.Unlock()
	if q.last == nil || q.state != state {
		if err := s.renew(ctx, state); err != nil {
			return 0, wrap("last change", err)
		}
	}
	var seq int64
	for noun, last := range q.last {
		if counts(noun) {
			seq = max(seq, last)
		}
	}
	return seq, nil
}

// renew reads the changes that came since the last time. The state is older than
// what it reads.
func (s *Store) renew(ctx context.Context, state int64) error {
	q := &s.newest
	rows, err := s.query(ctx, "select noun, max(seq) from changes where seq > ? group by noun", q.seen)
	if err != nil {
		return err
	}
	defer rows.Close()
	if q.last == nil {
		q.last = map[string]int64{}
	}
	for rows.Next() {
		var noun string
		var seq int64
		if err := rows.Scan(&noun, &seq); err != nil {
			return err
		}
		q.last[noun], q.seen = seq, max(q.seen, seq)
	}
	q.state = state
	return rows.Err()
}

// The newest are the last changes by noun, as they were in a state of the
// catalogue.
type newest struct {
	sync.Mutex
	state, seen int64
	last        map[string]int64
}

// RetiredSince reports whether something was retired after change number seq.
func (s *Store) RetiredSince(ctx context.Context, seq int64) (bool, error) {
	var some bool
	err := s.row(ctx, "select exists (select 1 from changes where seq > ? and op = 'retire')", seq).Scan(&some)
	return some, wrap("retired since", err)
}

// A count that takes longer than countSoon is made anew, while changes come, for
// one part of countShare of the time at most.
const (
	countSoon  = 20 * time.Millisecond
	countShare = 20
)

// Stats counts what is published. Of a large catalogue that changes all the time
// it may be some seconds old.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	seq, err := s.LastQuietSeq(ctx)
	if err != nil {
		return Stats{}, err
	}
	s.counted.Lock() // who comes while it counts waits for what it counts
	defer s.counted.Unlock()
	start := s.Now()
	if age := start.Sub(s.counted.at); s.counted.valid && (s.counted.seq == seq || s.counted.took > countSoon && age >= 0 && age < countShare*s.counted.took) {
		return s.counted.stats, nil
	}
	n, err := s.count(ctx)
	if err == nil {
		s.counted.seq, s.counted.stats, s.counted.valid = seq, n, true
		s.counted.at = s.Now()
		s.counted.took = s.counted.at.Sub(start)
	}
	return n, err
}

// A counted is what Stats found, the last change that it counts, when that was and
// how long it took.
type counted struct {
	sync.Mutex
	seq   int64
	stats Stats
	valid bool
	at    time.Time
	took  time.Duration
}

func (s *Store) count(ctx context.Context) (Stats, error) {
	var n Stats
	err := s.row(ctx, `select
		(select count(*) from datasets where `+visible+`),
		(select count(*) from agencies a where a.`+visible+` and exists (select 1 from datasets d where d.agency = a.id and d.`+visible+`)),
		(select count(*) from resources r join datasets d on d.id = r.dataset where r.`+visible+` and d.`+visible+` and r.part_of is null),
		count(*), coalesce(sum(e.rows), 0),
		(select count(*) from sources where `+visible+`)
		from resources r join datasets d on d.id = r.dataset join editions e on e.resource = r.id and e.digest = r.edition
		where r.`+visible+` and d.`+visible+` and e.has_table`).
		Scan(&n.Datasets, &n.Agencies, &n.Resources, &n.Tables, &n.Rows, &n.Sources)
	return n, wrap("stats", err)
}
