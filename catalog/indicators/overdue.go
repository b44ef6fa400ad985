package indicators

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// An obligation is what an agency has to hand in for a period, or had to.
type obligation struct {
	agency    *body
	set       *Set
	indicator *Indicator
	period    Period
	due       time.Time
}

func (o *obligation) key() scoreKey { return scoreKey{o.agency.id, o.indicator.ID, o.period.ID} }

type scoreKey struct{ agency, indicator, period string }

// A body is an agency as far as scores go.
type body struct {
	id, slug, kind string
	title          catalog.Text
	created        time.Time
}

// bodies returns the public agencies by slug.
func bodies(ask catalog.Asker) ([]body, error) {
	rows, err := ask.Rows("select id, slug, kind, title, created from agencies where " + catalog.PublicRows + " and id <> '" + catalog.BuiltinAgency + "' order by slug")
	return catalog.Collect(rows, err, func(row catalog.Row) (b body, err error) {
		err = row.Scan(&b.id, &b.slug, &b.kind, catalog.AsJSON(&b.title), catalog.AsTime(&b.created))
		return b, err
	})
}

// A measuring knows who is asked for what since when.
type measuring struct {
	book  rulebook
	all   []body
	since map[string]time.Time // by agency: when it began to be measured
}

// measured reads it. An agency is measured since it is here, or since the first
// period that it handed something in for.
func (i *Indicators) measured(ctx context.Context) (*measuring, error) {
	ask := i.store.Asker(ctx)
	book, err := sets(ask)
	if err != nil {
		return nil, err
	}
	m := &measuring{book: book, since: map[string]time.Time{}}
	if m.all, err = bodies(ask); err != nil {
		return nil, err
	}
	for at := range m.all {
		m.since[m.all[at].id] = m.all[at].created
	}
	rows, err := ask.Rows("select agency, period from filings group by agency, period")
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (agency string, err error) {
		var id string
		err = row.Scan(&agency, &id)
		if p, fault := PeriodOf(id); fault == nil && p.Start.Before(m.since[agency]) {
			m.since[agency] = p.Start
		}
		return agency, err
	})
	return m, err
}

// each calls do for everything that the agencies (all without) are asked for in
// the periods that ended, or end, after one moment and not after another.
func (m *measuring) each(from, until time.Time, agencies []string, do func(o *obligation)) {
	for at := range m.book {
		set := &m.book[at]
		start := set.Since
		if from.After(start) {
			start = from
		}
		for n := range set.Indicators {
			in := &set.Indicators[n]
			for p := PeriodAt(in.Period, start); !p.End.After(until) && !p.End.IsZero(); p = p.Next() {
				if m.book.before(p.End) == set {
					m.asked(set, in, &p, agencies, do)
				}
			}
		}
	}
}

// asked calls do for each of the agencies that an indicator is asked of in a
// period.
func (m *measuring) asked(set *Set, in *Indicator, p *Period, agencies []string, do func(o *obligation)) {
	for at := range m.all {
		a := &m.all[at]
		if !in.Rule.asks(a.kind) || !m.since[a.id].Before(p.End) || agencies != nil && !slices.Contains(agencies, a.id) {
			continue
		}
		do(&obligation{a, set, in, *p, p.Due(in.Rule.Days)})
	}
}

// overdue writes the scores of what was due and was not handed in: 0 points.
// It returns how many are new.
func (i *Indicators) overdue(ctx context.Context) (int, error) {
	m, err := i.measured(ctx)
	if err != nil || len(m.book) == 0 {
		return 0, err
	}
	now, ask := i.store.Now(), i.store.Asker(ctx)
	rows, err := ask.Rows("select agency, indicator, period from scores union select agency, indicator, period from filings")
	known, err := catalog.Collect(rows, err, func(row catalog.Row) (k scoreKey, err error) {
		err = row.Scan(&k.agency, &k.indicator, &k.period)
		return k, err
	})
	if err != nil {
		return 0, err
	}
	have := make(map[scoreKey]bool, len(known))
	for _, k := range known {
		have[k] = true
	}
	var late []Score
	m.each(time.Time{}, now, nil, func(o *obligation) {
		if o.indicator.Period == Event || now.Before(o.due) || have[o.key()] {
			return
		}
		none := 0
		late = append(late, Score{Agency: o.agency.id, Indicator: o.indicator.ID, Period: o.period.ID, Version: o.set.Version, State: Late, Points: &none})
	})
	for some := range slices.Chunk(late, 4*atOnce) {
		if err := i.store.Write(ctx, func(tx *catalog.Tx) error {
			for at := range some {
				if err := putLate(tx, &some[at]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, err
		}
	}
	return len(late), nil
}

// putLate writes that nothing was handed in, unless something was by now.
func putLate(tx *catalog.Tx, s *Score) error {
	var filed bool
	err := tx.Row("select exists (select 1 from filings where agency = ? and indicator = ? and period = ?)", s.Agency, s.Indicator, s.Period).Scan(&filed)
	if err != nil || filed {
		return err
	}
	return putScore(tx, s)
}

// When agencies are reminded: so long before something is due, once it is
// overdue by a day, and not any more when it is overdue by a month.
const (
	remindBefore = 7 * 24 * time.Hour
	remindAfter  = 24 * time.Hour
	remindUntil  = 30 * 24 * time.Hour
)

// A reminder is what one letter to an agency speaks of.
type reminder struct {
	agency *body
	due    time.Time
	kind   string
	count  int64
	title  catalog.Text // of the indicator, where it is one
}

// Remind writes to agencies what is due soon and what is overdue: one letter for
// each day on which something is due, before and after it.
func (i *Indicators) Remind(ctx context.Context) error {
	m, err := i.measured(ctx)
	if err != nil || len(m.book) == 0 {
		return err
	}
	now := i.store.Now()
	filed, err := i.filed(ctx, nil)
	if err != nil {
		return err
	}
	type key struct {
		agency, kind string
		due          time.Time
	}
	by := map[key]*reminder{}
	var order []*reminder
	m.each(now.AddDate(-2, 0, 0), now, nil, func(o *obligation) {
		left := o.due.Sub(now)
		kind := ""
		switch {
		case o.indicator.Period == Event || filed[o.key()]:
		case left > 0 && left <= remindBefore:
			kind = "due"
		case -left >= remindAfter && -left < remindUntil:
			kind = "late"
		}
		if kind == "" {
			return
		}
		k := key{o.agency.id, kind, o.due}
		if by[k] == nil {
			by[k] = &reminder{agency: o.agency, due: o.due, kind: kind, title: o.indicator.Title}
			order = append(order, by[k])
		}
		by[k].count++
	})
	for some := range slices.Chunk(order, atOnce) {
		if err := i.store.Write(ctx, func(tx *catalog.Tx) error { return remind(tx, some) }); err != nil {
			return err
		}
	}
	return nil
}

// remind queues letters, each once.
func remind(tx *catalog.Tx, all []*reminder) error {
	for _, r := range all {
		n, err := tx.Count("insert into filing_reminders (agency, due, kind, at) values (?, ?, ?, ?) on conflict do nothing",
			r.agency.id, catalog.Stamp(r.due), r.kind, catalog.Stamp(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		letter := catalog.Mail{Kind: catalog.MailFilingDue, Thing: r.agency.id + " " + catalog.Stamp(r.due), Data: catalog.MailData{
			Agency: r.agency.title, Title: r.title, Count: r.count, At: r.due.Add(-time.Minute), Path: "/desk/filings",
		}}
		if r.kind == "late" {
			letter.Kind = catalog.MailFilingLate
		} else {
			letter.Expires = r.due
		}
		if err := tx.QueueNotice(catalog.Publish, r.agency.id, &catalog.Actor{}, letter); err != nil {
			return err
		}
	}
	return nil
}

// filed are the filings that there are, of agencies or all.
func (i *Indicators) filed(ctx context.Context, agencies []string) (map[scoreKey]bool, error) {
	rows, err := i.store.Rows(ctx, "select agency, indicator, period from filings where ?1 = 'null' or agency in (select value from json_each(?1))", catalog.AsJSON(&agencies))
	all := map[scoreKey]bool{}
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (k scoreKey, err error) {
		err = row.Scan(&k.agency, &k.indicator, &k.period)
		all[k] = true
		return k, err
	})
	return all, err
}
