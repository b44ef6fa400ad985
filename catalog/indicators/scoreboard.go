package indicators

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// mostTrend is how many periods a trend goes back.
const mostTrend = 12

// Scoreboard returns how an agency (its id) stands with every indicator in
// force. Without a set in force it has no cells.
func (i *Indicators) Scoreboard(ctx context.Context, agency string) (Scoreboard, error) {
	b := Scoreboard{Agency: agency, Cells: []Cell{}, Parts: []Part{}}
	set, err := i.Set(ctx)
	if err != nil || set.Version == 0 {
		return b, err
	}
	b.Version = set.Version
	l, err := i.League(ctx, "")
	if err != nil {
		return b, err
	}
	ask := i.store.Asker(ctx)
	all, err := bodies(ask)
	if err != nil {
		return b, catalog.Wrap("scoreboard", err)
	}
	like := peers(all, agency)
	b.value(&l, like)
	history, err := i.History(ctx, agency)
	if err != nil {
		return b, err
	}
	at := slices.IndexFunc(all, func(b body) bool { return b.id == agency })
	for n := range set.Indicators {
		if at >= 0 {
			b.Cells = append(b.Cells, cell(&set, &set.Indicators[n], &all[at], history, i.store.Now()))
		}
	}
	return b, catalog.Wrap("scoreboard", b.compare(ask, like))
}

// value takes the value of the agency out of a league, with that of its peers.
func (b *Scoreboard) value(l *League, like map[string]bool) {
	b.Period = l.Period
	var values []float64
	for n := range l.Places {
		p := &l.Places[n]
		if p.Agency == b.Agency {
			b.Value, b.Parts, b.Rank = p.Value, p.Parts, p.Rank
		}
		if like[p.Agency] {
			values = append(values, *p.Value)
		}
	}
	b.Median, b.Peers = median(values), len(values)
}

// cell is how an agency stands with one indicator, by all its scores, the
// newest period first.
func cell(set *Set, in *Indicator, agency *body, history []Score, now time.Time) Cell {
	c := Cell{Indicator: *in, Trend: []Point{}}
	running := PeriodAt(in.Period, now)
	asked := running.Before()
	for _, s := range history {
		if s.Indicator != in.ID && (in.Replaces == "" || s.Indicator != in.Replaces) {
			continue
		}
		p, err := PeriodOf(s.Period)
		if err != nil {
			continue
		}
		if c.Period.ID == "" {
			c.Period, c.Score = p, s
		}
		if len(c.Trend) < mostTrend {
			c.Trend = append(c.Trend, Point{Period: p, Points: s.Points, State: s.State})
		}
	}
	slices.Reverse(c.Trend)
	wanted := in.Rule.asks(agency.kind) && set.Since.Before(asked.End) && agency.created.Before(asked.End)
	if c.Period.ID == "" {
		c.Period = asked
		c.Score = Score{Agency: agency.id, Indicator: in.ID, Period: asked.ID, State: unscored(in, agency, wanted)}
	}
	if in.Period == Event {
		return c
	}
	c.Due = c.Period.Due(in.Rule.Days)
	if c.Score.State == Late && now.After(c.Due) {
		c.Days = daysBetween(c.Due, now)
	}
	if wanted && c.Period.Start.Before(asked.Start) {
		c.Next, c.NextDue = asked, asked.Due(in.Rule.Days)
	}
	return c
}

// unscored is where an agency stands that has no score of an indicator at all.
func unscored(in *Indicator, agency *body, wanted bool) State {
	switch {
	case !in.Rule.asks(agency.kind):
		return Unmeasured
	case in.Period == Event:
		return Quiet
	case wanted:
		return Due
	}
	return Running
}

// compare adds what the peers have in the periods of the cells.
func (b *Scoreboard) compare(ask catalog.Asker, like map[string]bool) error {
	pairs := make([][2]string, len(b.Cells))
	for n := range b.Cells {
		pairs[n] = [2]string{b.Cells[n].Score.Indicator, b.Cells[n].Period.ID}
	}
	values := map[[2]string][]float64{}
	rows, err := ask.Rows(`select s.agency, s.indicator, s.period, s.points from json_each(?) i
		join scores s indexed by scores_indicator on s.indicator = i.value ->> 0 and s.period = i.value ->> 1 where s.points is not null`, catalog.AsJSON(&pairs))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (agency string, err error) {
		var key [2]string
		var points float64
		if err = row.Scan(&agency, &key[0], &key[1], &points); like[agency] {
			values[key] = append(values[key], points)
		}
		return agency, err
	})
	for n := range b.Cells {
		b.Cells[n].Median, b.Cells[n].Peers = median(values[pairs[n]]), len(values[pairs[n]])
	}
	return err
}

// History returns all scores of an agency (its id), the newest period first.
func (i *Indicators) History(ctx context.Context, agency string) ([]Score, error) {
	rows, err := i.store.Rows(ctx, "select "+scoreColumns+" from scores s where s.agency = ? order by s.indicator", agency)
	all, err := catalog.Collect(rows, err, scanScore)
	ends := map[string]time.Time{}
	for _, s := range all {
		if p, err := PeriodOf(s.Period); err == nil {
			ends[s.Period] = p.End
		}
	}
	slices.SortStableFunc(all, func(a, b Score) int { return ends[b.Period].Compare(ends[a.Period]) })
	return all, catalog.Wrap("scores", err)
}

// Late returns what was due and was not handed in, of an agency (its id) or
// all, the longest overdue first.
func (i *Indicators) Late(ctx context.Context, agency string) ([]Overdue, error) {
	ask := i.store.Asker(ctx)
	book, err := sets(ask)
	if err != nil {
		return nil, catalog.Wrap("late filings", err)
	}
	now := i.store.Now()
	rows, err := ask.Rows(`select s.agency, a.slug, a.title, s.indicator, s.period from scores s join agencies a on a.id = s.agency
		where s.state = 'late' and a.state = 'published' and (?1 = '' or s.agency = ?1)`, agency)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (o Overdue, err error) {
		err = row.Scan(&o.Agency, &o.Slug, catalog.AsJSON(&o.Title), &o.ID, &o.Period.ID)
		if err == nil {
			o.Period, err = PeriodOf(o.Period.ID)
		}
		if set := book.of(&o.Period, now); set != nil && set.Indicator(o.ID) != nil {
			o.Indicator = *set.Indicator(o.ID)
		}
		o.Due = o.Period.Due(o.Indicator.Rule.Days)
		o.Days = daysBetween(o.Due, now)
		return o, err
	})
	sortByDue(all)
	return all, catalog.Wrap("late filings", err)
}

func sortByDue(all []Overdue) {
	slices.SortStableFunc(all, func(a, b Overdue) int { return a.Due.Compare(b.Due) })
}

// Asked returns what agencies (their ids) have to hand in and did not: what is
// late, due, or of a period that is not over; for events also what they may.
// The first due comes first.
func (i *Indicators) Asked(ctx context.Context, agencies []string) ([]Overdue, error) {
	m, err := i.measured(ctx)
	if err != nil {
		return nil, catalog.Wrap("asked filings", err)
	}
	filed, err := i.filed(ctx, agencies)
	if err != nil {
		return nil, catalog.Wrap("asked filings", err)
	}
	if agencies == nil {
		agencies = []string{}
	}
	now := i.store.Now()
	var all []Overdue
	m.each(time.Time{}, now.AddDate(1, 0, 1), agencies, func(o *obligation) {
		if o.period.Start.After(now) || filed[o.key()] || o.indicator.Period == Event && o.due.Before(now) {
			return
		}
		days := -daysBetween(now, o.due)
		if now.After(o.due) {
			days = daysBetween(o.due, now)
		}
		all = append(all, Overdue{
			Agency: o.agency.id, Slug: o.agency.slug, Title: o.agency.title, Indicator: *o.indicator, ID: o.indicator.ID, Period: o.period, Due: o.due, Days: days,
		})
	})
	sortByDue(all)
	return all, nil
}
