package indicators

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Ranking returns the agencies by an indicator in a period (its id); empty: the
// newest that there are scores of. It is ErrNotFound for an indicator that there
// never was, and for a period that it was not asked for in.
func (i *Indicators) Ranking(ctx context.Context, indicator, period string) (Ranking, error) {
	r, err := i.ranking(ctx, indicator, period)
	return r, catalog.Wrap("ranking", err)
}

func (i *Indicators) ranking(ctx context.Context, indicator, period string) (Ranking, error) {
	ask := i.store.Asker(ctx)
	r := Ranking{Places: []Place{}, Unmeasured: []Place{}, Counts: make([]int, Most+1)}
	book, err := sets(ask)
	if err != nil {
		return r, err
	}
	if r.Periods, err = periodsOf(ask, indicator); err != nil {
		return r, err
	}
	switch {
	case period != "":
		if r.Period, err = PeriodOf(period); err != nil {
			return r, err
		}
	case len(r.Periods) > 0:
		r.Period = r.Periods[0]
	}
	if r.Period.ID == "" { // nothing was due yet: the set in force says what it is
		set, err := i.Set(ctx)
		in := set.Indicator(indicator)
		if err != nil || in == nil {
			return r, orNotFound(err, indicator)
		}
		r.Indicator, r.Set = *in, set
		return r, nil
	}
	set := book.of(&r.Period, i.store.Now())
	if set == nil || set.Indicator(indicator) == nil || PeriodAt(set.Indicator(indicator).Period, r.Period.Start).ID != r.Period.ID {
		return r, catalog.NotFound("indicator", indicator)
	}
	r.Set, r.Indicator = *set, *set.Indicator(indicator)
	if r.Indicator.Period != Event {
		r.Due = r.Period.Due(r.Indicator.Rule.Days)
	}
	return r, i.rankBy(ask, &r)
}

// rankBy adds the places of a ranking.
func (i *Indicators) rankBy(ask catalog.Asker, r *Ranking) error {
	all, err := bodies(ask)
	if err != nil {
		return err
	}
	rows, err := ask.Rows("select "+scoreColumns+" from scores s where s.indicator = ? and s.period = ?", r.Indicator.ID, r.Period.ID)
	scores, err := catalog.Collect(rows, err, scanScore)
	if err != nil {
		return err
	}
	by := map[string]Score{}
	for _, s := range scores {
		by[s.Agency] = s
	}
	for _, b := range all {
		s, scored := by[b.id]
		p := Place{Agency: b.id, Slug: b.slug, Title: b.title, Kind: b.kind, Score: s}
		if scored && s.Points != nil {
			value := float64(*s.Points)
			p.Value = &value
			r.Places = append(r.Places, p)
			continue
		}
		p.Score = Score{Agency: b.id, Indicator: r.Indicator.ID, Period: r.Period.ID, State: r.stateOf(&b, i.store.Now())}
		r.Unmeasured = append(r.Unmeasured, p)
	}
	r.Counts, r.Median = rank(r.Places)
	slices.SortFunc(r.Unmeasured, func(a, b Place) int { return cmp.Compare(a.Slug, b.Slug) })
	return nil
}

// stateOf is where an agency stands that has no score.
func (r *Ranking) stateOf(b *body, now time.Time) State {
	switch {
	case !r.Indicator.Rule.asks(b.kind) || !b.created.Before(r.Period.End):
		return Unmeasured
	case r.Indicator.Period == Event:
		return Quiet
	case !r.Period.Ended(now):
		return Running
	}
	return Due
}

// Figures returns how each indicator in force stands over all agencies: in the
// newest period that was due, whose id is empty where none was yet.
func (i *Indicators) Figures(ctx context.Context) ([]Figure, error) {
	set, err := i.Set(ctx)
	if err != nil {
		return nil, err
	}
	now := i.store.Now()
	all := make([]Figure, len(set.Indicators))
	pairs := make([][2]string, 0, len(all))
	by := map[string]*Figure{}
	for n := range set.Indicators {
		f := &all[n]
		f.Indicator, f.Counts = set.Indicators[n], make([]int, Most+1)
		running := PeriodAt(f.Indicator.Period, now)
		p := running.Before()
		for p.Due(f.Indicator.Rule.Days).After(now) {
			p = p.Before()
		}
		if set.Version > 0 && set.Since.Before(p.End) {
			f.Period = p
		}
		by[f.Indicator.ID] = f
		pairs = append(pairs, [2]string{f.Indicator.ID, p.ID})
	}
	values := map[string][]float64{}
	rows, err := i.store.Rows(ctx, "select "+scoreColumns+`, coalesce(f.filed < f.due, 0) from json_each(?) i
		join scores s on s.indicator = i.value ->> 0 and s.period = i.value ->> 1 join agencies a on a.id = s.agency left join filings f on f.id = s.filing
		where a.state = 'published'`, catalog.AsJSON(&pairs))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (s Score, err error) {
		var inTime bool
		if s, err = scanScore(also{row, []any{&inTime}}); err == nil && s.Points != nil {
			by[s.Indicator].count(&s, inTime)
			values[s.Indicator] = append(values[s.Indicator], float64(*s.Points))
		}
		return s, err
	})
	for n := range all {
		f := &all[n]
		f.Median = median(values[f.Indicator.ID])
		if f.Period.ID == "" && f.Asked > 0 { // judged by an earlier set
			f.Period, _ = PeriodOf(pairs[n][1])
		}
	}
	return all, catalog.Wrap("indicators", err)
}

// count adds a score.
func (f *Figure) count(s *Score, inTime bool) {
	f.Asked++
	f.Counts[max(0, min(Most, *s.Points))]++
	switch {
	case s.State == Late:
		f.Late++
		return
	case inTime:
		f.OnTime++
	}
	f.Filed++
}
