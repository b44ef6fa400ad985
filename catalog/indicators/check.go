package indicators

import (
	"context"
	"fmt"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A finding is what a look at a filing brought, and what was known before.
type finding struct {
	filing Filing
	period Period
	set    *Set
	rule   *Rule
	check  Check // the new one
	last   Check // the newest that is kept, without its rows; N is 0 for none
	closed bool  // the score follows the evidence no more
}

// inspect looks at the filings with the ids as they are now. Filings of
// indicators that their period's set does not have are left out.
func inspect(ask catalog.Asker, book rulebook, ids []string, now time.Time) ([]finding, error) {
	rows, err := ask.Rows("select "+filingColumns+" from json_each(?) i join filings f on f.id = i.value", catalog.AsJSON(&ids))
	filings, err := catalog.Collect(rows, err, scanFiling)
	if err != nil {
		return nil, err
	}
	pieces, err := evidenceOf(ask, ids)
	if err != nil {
		return nil, err
	}
	by := map[string][]Evidence{}
	var all []Evidence
	for _, p := range pieces {
		if p.Until.IsZero() {
			by[p.filing] = append(by[p.filing], p.Evidence)
			all = append(all, p.Evidence)
		}
	}
	things, err := gather(ask, all)
	if err != nil {
		return nil, err
	}
	things.now = now
	last, err := lastChecks(ask, ids)
	if err != nil {
		return nil, err
	}
	found := make([]finding, 0, len(filings))
	for _, f := range filings {
		f.Evidence = by[f.ID]
		one, err := find(things, book, &f, now)
		if err != nil {
			return nil, err
		}
		if one.set != nil {
			one.last = last[f.ID]
			found = append(found, one)
		}
	}
	return found, nil
}

// find judges one filing.
func find(things *things, book rulebook, f *Filing, now time.Time) (finding, error) {
	one := finding{filing: *f}
	var err error
	if one.period, err = PeriodOf(f.Period); err != nil {
		return one, nil //nolint:nilerr // no period of this version; nothing is known of it
	}
	set := book.of(&one.period, now)
	if set == nil || set.Indicator(f.Indicator) == nil {
		return one, nil
	}
	one.set, one.rule = set, &set.Indicator(f.Indicator).Rule
	one.closed = !now.Before(f.Due.AddDate(0, 0, one.rule.open()))
	c := &one.check
	c.At, c.Version = now, set.Version
	c.Seen = things.look(set, one.rule, f.Evidence)
	c.Facts, c.Points = Judge(set, one.rule, &c.Seen, &one.period, f.Due)
	c.Hash, err = c.Seen.hash()
	return one, err
}

// news reports whether the check says something that the last one did not.
func (f *finding) news() bool {
	return f.last.N == 0 || f.check.Hash != f.last.Hash || f.check.Version != f.last.Version || f.check.Points != f.last.Points
}

// keep writes the check when it says something new, and the score.
func (f *finding) keep(tx *catalog.Tx) error {
	points := f.last.Points
	if f.news() {
		c := &f.check
		c.N, points = f.last.N+1, c.Points
		if err := tx.Exec("insert into filing_checks (filing, n, at, version, points, hash, seen, facts) values (?, ?, ?, ?, ?, ?, ?, ?)",
			f.filing.ID, c.N, catalog.AsTime(&c.At), c.Version, c.Points, c.Hash, catalog.AsJSON(&c.Seen), catalog.AsJSON(&c.Facts)); err != nil {
			return err
		}
		tx.Changed(NounFiling, f.filing.ID, catalog.OpPut)
	}
	return putScore(tx, &Score{
		Agency: f.filing.Agency, Indicator: f.filing.Indicator, Period: f.filing.Period, Version: f.set.Version,
		State: f.filing.State, Points: f.filing.points(points), Filing: f.filing.ID,
	})
}

// points are what a filing counts whose newest check found so many.
func (f *Filing) points(found int) *int {
	if f.State == Rejected || f.State == Objected {
		found = 0
	}
	return &found
}

// lastChecks returns the newest check of each filing, without its rows.
func lastChecks(ask catalog.Asker, ids []string) (map[string]Check, error) {
	all := map[string]Check{}
	rows, err := ask.Rows(`select c.filing, c.n, c.at, c.version, c.points, c.hash from json_each(?) i join filing_checks c on c.filing = i.value
		and c.n = (select max(n) from filing_checks where filing = i.value)`, catalog.AsJSON(&ids))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		var c Check
		err = row.Scan(&id, &c.N, catalog.AsTime(&c.At), &c.Version, &c.Points, &c.Hash)
		all[id] = c
		return id, err
	})
	return all, err
}

// putScore writes a score unless it is as it was.
func putScore(tx *catalog.Tx, s *Score) error {
	n, err := tx.Count(`insert into scores (agency, indicator, period, version, state, points, filing, gone, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (agency, indicator, period) do update set version = excluded.version, state = excluded.state, points = excluded.points, filing = excluded.filing,
			gone = excluded.gone, at = excluded.at
		where (version, state, points, filing, gone) is not (excluded.version, excluded.state, excluded.points, excluded.filing, excluded.gone)`,
		s.Agency, s.Indicator, s.Period, s.Version, string(s.State), s.Points, s.Filing, s.Gone, catalog.Stamp(tx.Now()))
	if n > 0 {
		tx.Changed(NounSet, "scores", catalog.OpPut)
	}
	return err
}

// Check looks at a filing now. Where something changed since its last check,
// the new one is kept, unless the period is closed.
func (i *Indicators) Check(ctx context.Context, id string) (Check, error) {
	var check Check
	err := i.store.Write(ctx, func(tx *catalog.Tx) error {
		book, err := sets(tx)
		if err != nil {
			return err
		}
		found, err := inspect(tx, book, []string{id}, tx.Now())
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return catalog.NotFound(NounFiling, id)
		}
		check = found[0].check
		_, err = found[0].settle(tx, book)
		return err
	})
	return check, err
}

// Preview checks evidence that is not handed in. What File would refuse is
// refused likewise.
func (i *Indicators) Preview(ctx context.Context, h Handing) (Check, error) {
	var check Check
	err := i.store.Write(ctx, func(tx *catalog.Tx) error {
		agency, err := tx.Agency(h.Agency)
		if err != nil {
			return err
		}
		book, err := sets(tx)
		if err != nil {
			return err
		}
		q, err := h.asked(book, agency, tx.Now())
		if err != nil {
			return err
		}
		if err := h.check(tx, &q); err != nil {
			return err
		}
		things, err := gather(tx, h.Evidence)
		if err != nil {
			return err
		}
		things.now = tx.Now()
		for n := range h.Evidence {
			h.Evidence[n].N, h.Evidence[n].At = n+1, tx.Now()
		}
		f := Filing{ID: "preview", Agency: h.Agency, Indicator: h.Indicator, Period: h.Period, Due: q.due, Evidence: h.Evidence}
		one, err := find(things, book, &f, tx.Now())
		check = one.check
		if err == nil && one.set == nil {
			err = fmt.Errorf("%s in %s: %w", h.Indicator, h.Period, catalog.ErrNotFound)
		}
		return err
	})
	return check, err
}
