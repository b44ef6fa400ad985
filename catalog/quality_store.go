package catalog

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// QualityOf returns how a public dataset (its id) was assessed last, or
// ErrNotFound.
func (s *Store) QualityOf(ctx context.Context, dataset string) (a Assessment, err error) {
	err = s.row(ctx, "select q.facts from quality q join datasets d on d.id = q.dataset where q.dataset = ? and d."+visible, dataset).Scan(asJSON(&a))
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound("quality", dataset)
	}
	return a, wrap("quality", err)
}

// Assess assesses a dataset as it is given, published or not.
func (s *Store) Assess(ctx context.Context, d *Dataset) (Assessment, error) {
	links, err := s.LinksOf(ctx, []Dataset{*d})
	return Assess(d, links, s.Now()), err
}

// A QualitySummary is how the datasets of an agency, or all, are assessed.
type QualitySummary struct {
	Agency    string           `json:"agency,omitempty"` // id; empty: all
	Slug      string           `json:"slug,omitempty"`
	Title     Text             `json:"title,omitempty"`
	Datasets  int64            `json:"datasets"`
	Points    float64          `json:"points"` // mean, of MostQuality
	Stars     [6]int64         `json:"stars"`  // datasets by stars
	Ratings   map[string]int64 `json:"ratings,omitempty"`
	Freshness map[string]int64 `json:"freshness,omitempty"` // datasets by state
	Fixes     []Check          `json:"fixes,omitempty"`     // what gains most over all of them
}

// QualitySummary returns the summary of an agency (its id); empty: of all. What
// gains most comes first.
func (s *Store) QualitySummary(ctx context.Context, agency string) (QualitySummary, error) {
	sum := QualitySummary{Agency: agency, Ratings: map[string]int64{}, Freshness: map[string]int64{}}
	const which = " from quality q join datasets d on d.id = q.dataset where d.state = 'published' and (?1 = '' or q.agency = ?1)"
	rows, err := s.query(ctx, "select q.stars, q.points, q.freshness, count(*)"+which+" group by 1, 2, 3", agency)
	points := int64(0)
	_, err = collect(rows, err, func(row scanner) (n int64, err error) {
		var stars, have int64
		var fresh string
		err = row.Scan(&stars, &have, &fresh, &n)
		sum.Datasets, points = sum.Datasets+n, points+have*n
		sum.Stars[max(0, min(stars, 5))] += n
		sum.Ratings[RatingOf(int(have))] += n
		sum.Freshness[fresh] += n
		return n, err
	})
	if err != nil || sum.Datasets == 0 {
		return sum, wrap("quality", err)
	}
	sum.Points = float64(points) / float64(sum.Datasets)
	rows, err = s.query(ctx, "select m.value ->> 'fix', sum(m.value ->> 'points'), sum((m.value ->> 'points') - (m.value ->> 'got'))"+
		" from quality q join datasets d on d.id = q.dataset, json_each(q.facts, '$.metrics') m where d.state = 'published' and (?1 = '' or q.agency = ?1) group by 1", agency)
	sum.Fixes, err = collect(rows, err, func(row scanner) (c Check, err error) {
		err = row.Scan(&c.Key, &c.Points, &c.Gain)
		c.Got = c.Gain == 0
		return c, err
	})
	slices.SortStableFunc(sum.Fixes, func(a, b Check) int { return compareChecks(&a, &b) })
	return sum, wrap("quality", err)
}

// QualityByAgency returns the summaries of all agencies that have public
// datasets, without what gains most; those first whose points are most.
func (s *Store) QualityByAgency(ctx context.Context) ([]QualitySummary, error) {
	rows, err := s.query(ctx, `select a.id, a.slug, a.title, count(*), avg(q.points),
		sum(q.stars = 0), sum(q.stars = 1), sum(q.stars = 2), sum(q.stars = 3), sum(q.stars = 4), sum(q.stars = 5),
		sum(q.freshness = 'current'), sum(q.freshness = 'due'), sum(q.freshness = 'overdue'), sum(q.freshness = 'ended'), sum(q.freshness = 'unknown')
		from quality q join datasets d on d.id = q.dataset join agencies a on a.id = q.agency where d.state = 'published' and a.state = 'published'
		group by a.id order by avg(q.points) desc, a.slug`)
	all, err := collect(rows, err, func(row scanner) (q QualitySummary, err error) {
		var fresh [5]int64
		err = row.Scan(&q.Agency, &q.Slug, asJSON(&q.Title), &q.Datasets, &q.Points, &q.Stars[0], &q.Stars[1], &q.Stars[2], &q.Stars[3], &q.Stars[4], &q.Stars[5],
			&fresh[0], &fresh[1], &fresh[2], &fresh[3], &fresh[4])
		q.Freshness = map[string]int64{FreshCurrent: fresh[0], FreshDue: fresh[1], FreshOverdue: fresh[2], FreshEnded: fresh[3], FreshUnknown: fresh[4]}
		return q, err
	})
	return all, wrap("quality", err)
}

// A QualityRow is a dataset in a list by quality.
type QualityRow struct {
	Dataset   string `json:"dataset"` // id
	Slug      string `json:"slug"`
	Title     Text   `json:"title"`
	Agency    string `json:"agency"` // id
	Stars     int    `json:"stars"`
	Points    int    `json:"points"`
	Freshness string `json:"freshness"`
}

// QualityRows returns up to limit datasets of an agency (its id; empty: of all),
// those first that have the fewest points, and how many there are in all.
func (s *Store) QualityRows(ctx context.Context, agency string, offset, limit int) (all []QualityRow, total int64, err error) {
	const which = " from quality q join datasets d on d.id = q.dataset where d.state = 'published' and (?1 = '' or q.agency = ?1)"
	if err := s.row(ctx, "select count(*)"+which, agency).Scan(&total); err != nil {
		return nil, 0, wrap("quality", err)
	}
	rows, err := s.query(ctx, "select q.dataset, d.slug, d.body -> '$.title', q.agency, q.stars, q.points, q.freshness"+which+
		" order by q.points, d.slug limit ?2 offset ?3", agency, limit, offset)
	all, err = collect(rows, err, func(row scanner) (q QualityRow, err error) {
		err = row.Scan(&q.Dataset, &q.Slug, asJSON(&q.Title), &q.Agency, &q.Stars, &q.Points, &q.Freshness)
		return q, err
	})
	return all, total, wrap("quality", err)
}

// LinksOf returns the states of the addresses of datasets, as far as they are
// known.
func (s *Store) LinksOf(ctx context.Context, all []Dataset) (map[string]string, error) {
	var urls []string
	for i := range all {
		for _, r := range all[i].Resources {
			for _, u := range []string{r.AccessURL, r.DownloadURL} {
				if u != "" {
					urls = append(urls, u)
				}
			}
		}
	}
	states := map[string]string{}
	rows, err := s.query(ctx, "select l.url, l.state from json_each(?) i join links l on l.url = i.value", asJSON(&urls))
	_, err = collect(rows, err, func(row scanner) (url string, err error) {
		var state string
		err = row.Scan(&url, &state)
		states[url] = state
		return url, err
	})
	return states, wrap("links", err)
}

// How the follower works: so many datasets together, so often for what changed,
// and so often for all, since freshness moves with the clock.
const (
	qualityAtOnce = 200
	qualityEvery  = 5 * time.Second
	qualityAll    = 24 * time.Hour
)

// FollowQuality assesses datasets when they change, and all of them once a day,
// until ctx ends.
func (s *Store) FollowQuality(ctx context.Context) error {
	seq, err := s.LastSeq(ctx)
	if err != nil {
		return err
	}
	var all time.Time
	for ctx.Err() == nil {
		if now := s.Now(); now.Sub(all).Abs() >= qualityAll {
			if err := s.AssessAll(ctx); err != nil {
				return err
			}
			all = now
		}
		for more := true; more; {
			if seq, more, err = s.assessSince(ctx, seq); err != nil {
				return err
			}
		}
		if err := pause(ctx, qualityEvery); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// assessSince assesses what changed after a change. more says that there is more.
func (s *Store) assessSince(ctx context.Context, seq int64) (last int64, more bool, err error) {
	some, err := s.Changes(ctx, seq, qualityAtOnce)
	if err != nil {
		return seq, false, err
	}
	var ids []string
	for _, c := range some {
		seq = c.Seq
		if c.Noun == NounDataset && !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return seq, len(some) == qualityAtOnce, s.assess(ctx, ids)
}

// AssessAll assesses every public dataset.
func (s *Store) AssessAll(ctx context.Context) error {
	for after := ""; ; {
		ids, err := s.DatasetIDs(ctx, Filter{After: after, Limit: qualityAtOnce})
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.assess(ctx, ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

// assess assesses datasets and keeps what came out, then lets others work.
// Nothing is kept of those that are not public.
func (s *Store) assess(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	began := s.Now()
	all, err := s.DatasetsByID(ctx, ids, false)
	if err != nil {
		return err
	}
	links, err := s.LinksOf(ctx, all)
	if err != nil {
		return err
	}
	mirror, err := s.MirrorOf(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	if err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.exec("delete from quality where dataset in (select value from json_each(?)) and not exists (select 1 from datasets where id = quality.dataset and "+visible+")", asJSON(&ids)); err != nil {
			return err
		}
		for i := range all {
			a := Assess(&all[i], links, now)
			if err := tx.putQuality(&a, mirror != nil); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return s.Rest(ctx, began)
}

// NounQuality is the noun of assessments in the list of changes.
const NounQuality = "quality"

// putQuality keeps an assessment that says something else than the last. In a
// mirror that is no change: it has none of its own.
func (t *Tx) putQuality(a *Assessment, mirror bool) error {
	at := a.At
	a.At = time.Time{} // of the row; facts are compared
	n, err := t.Count(`insert into quality (dataset, agency, stars, points, freshness, facts, at) values (?, ?, ?, ?, ?, ?, ?)
		on conflict (dataset) do update set agency = excluded.agency, stars = excluded.stars, points = excluded.points, freshness = excluded.freshness,
			facts = excluded.facts, at = excluded.at where facts <> excluded.facts or agency <> excluded.agency`,
		a.Dataset, a.Agency, a.Stars, a.Points, a.Freshness.State, asJSON(a), asTime(&at))
	if n > 0 && !mirror {
		t.changed(NounQuality, "datasets", OpPut)
	}
	return err
}
