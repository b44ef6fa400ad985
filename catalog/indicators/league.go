package indicators

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
)

// leagues are those that were worked out, as long as nothing changed.
type leagues struct {
	sync.Mutex
	seq   int64
	known map[string]League
}

// mostLeagues is how many are kept.
const mostLeagues = 50

// leastPeers is of how many of its kind an agency is compared with these alone.
const leastPeers = 5

// League returns the agencies by their values in a half or a whole year
// ("1405-H1", "1405"); empty: the newest half that ended. What it returns is
// shared: it is not to be changed.
func (i *Indicators) League(ctx context.Context, period string) (League, error) {
	now := i.store.Now()
	running := PeriodAt(Half, now)
	p := running.Before()
	if period != "" {
		var err error
		if p, err = PeriodOf(period); err != nil {
			return League{}, err
		}
	}
	if p.Kind != Half && p.Kind != Year || p.Start.After(now) {
		return League{}, catalog.NotFound("league", period)
	}
	seq, err := i.store.LastQuietSeq(ctx)
	if err != nil {
		return League{}, err
	}
	c := &i.leagues
	c.Lock() // who comes while it is worked out waits for it
	defer c.Unlock()
	if c.seq != seq || len(c.known) > mostLeagues {
		c.seq, c.known = seq, map[string]League{}
	}
	if l, ok := c.known[p.ID]; ok {
		return l, nil
	}
	l, err := i.league(ctx, &p)
	if err != nil {
		return l, catalog.Wrap("league", err)
	}
	before := p.Before()
	was, err := i.places(ctx, &before)
	if err != nil {
		return l, catalog.Wrap("league", err)
	}
	for at := range l.Places {
		l.Places[at].Before = was[l.Places[at].Agency].Value
	}
	c.known[p.ID] = l
	return l, nil
}

func (i *Indicators) league(ctx context.Context, p *Period) (League, error) {
	l := League{Period: *p, Places: []Place{}, Unmeasured: []Place{}}
	book, err := sets(i.store.Asker(ctx))
	if err != nil {
		return l, err
	}
	if set := book.of(p, i.store.Now()); set != nil {
		l.Version = set.Version
	}
	if l.Periods, err = i.leaguePeriods(i.store.Asker(ctx)); err != nil {
		return l, err
	}
	places, err := i.places(ctx, p)
	if err != nil {
		return l, err
	}
	for _, place := range places {
		if place.Value == nil {
			l.Unmeasured = append(l.Unmeasured, place)
		} else {
			l.Places = append(l.Places, place)
		}
	}
	l.Counts, l.Median = rank(l.Places)
	slices.SortFunc(l.Unmeasured, func(a, b Place) int { return cmp.Compare(a.Slug, b.Slug) })
	return l, nil
}

// rank sorts places by value and gives each its rank; ties share one. It
// returns how many there are by whole points, and the median.
func rank(places []Place) (counts []int, middle *float64) {
	slices.SortFunc(places, func(a, b Place) int { return cmp.Or(-cmp.Compare(*a.Value, *b.Value), cmp.Compare(a.Slug, b.Slug)) })
	counts = make([]int, Most+1)
	values := make([]float64, len(places))
	for n := range places {
		p := &places[n]
		p.Rank = n + 1
		if n > 0 && *places[n-1].Value == *p.Value {
			p.Rank = places[n-1].Rank
		}
		values[n] = *p.Value
		counts[max(0, min(Most, int(*p.Value)))]++
	}
	return counts, median(values)
}

// median is the middle of values, the mean of the two in the middle, nil
// without any.
func median(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	all := slices.Sorted(slices.Values(values))
	m := all[len(all)/2]
	if len(all)%2 == 0 {
		m = tenths((m + all[len(all)/2-1]) / 2)
	}
	return &m
}

// tenths rounds to one decimal.
func tenths(v float64) float64 { return math.Round(v*10) / 10 }

// places are all public agencies with their values in a period, by id.
func (i *Indicators) places(ctx context.Context, p *Period) (map[string]Place, error) {
	ask := i.store.Asker(ctx)
	book, err := sets(ask)
	if err != nil {
		return nil, err
	}
	all, err := bodies(ask)
	if err != nil {
		return nil, err
	}
	places := make(map[string]Place, len(all))
	for _, b := range all {
		places[b.id] = Place{Agency: b.id, Slug: b.slug, Title: b.title, Kind: b.kind}
	}
	set := book.of(p, i.store.Now())
	if set == nil {
		return places, nil
	}
	sums, err := sumsOf(ask, set, p)
	if err != nil {
		return nil, err
	}
	for agency, place := range places {
		place.weigh(set, sums[agency])
		places[agency] = place
	}
	return places, nil
}

// A sum is what an agency has of an indicator in the periods of a league.
type sum struct{ periods, points, late int }

// sumsOf reads the sums of a league's period, by agency and indicator.
func sumsOf(ask catalog.Asker, set *Set, p *Period) (map[string]map[string]sum, error) {
	var pairs [][2]string
	for n := range set.Indicators {
		in := &set.Indicators[n]
		for _, part := range p.within(in.Period) {
			pairs = append(pairs, [2]string{in.ID, part.ID})
		}
	}
	all := map[string]map[string]sum{}
	rows, err := ask.Rows(`select s.agency, s.indicator, count(*), sum(s.points), sum(s.state = 'late') from json_each(?) i
		join scores s indexed by scores_indicator on s.indicator = i.value ->> 0 and s.period = i.value ->> 1 where s.points is not null group by 1, 2`, catalog.AsJSON(&pairs))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (one sum, err error) {
		var agency, indicator string
		err = row.Scan(&agency, &indicator, &one.periods, &one.points, &one.late)
		if all[agency] == nil {
			all[agency] = map[string]sum{}
		}
		all[agency][indicator] = one
		return one, err
	})
	return all, err
}

// weigh works out the value of an agency: the mean of each indicator's periods,
// weighted.
func (p *Place) weigh(set *Set, sums map[string]sum) {
	total, weight := 0.0, 0
	for n := range set.Indicators {
		in := &set.Indicators[n]
		one, measured := sums[in.ID]
		if !measured {
			continue
		}
		mean := float64(one.points) / float64(one.periods)
		p.Parts = append(p.Parts, Part{Indicator: in.ID, Weight: in.Weight, Mean: math.Round(mean*100) / 100, Periods: one.periods})
		p.Late += one.late
		total, weight = total+mean*float64(in.Weight), weight+in.Weight
	}
	if weight > 0 {
		value := tenths(total / float64(weight))
		p.Value = &value
	}
}

// Values returns the value of each agency that was measured (by id) in the
// newest half of a year that ended.
func (i *Indicators) Values(ctx context.Context) (map[string]float64, Period, error) {
	l, err := i.League(ctx, "")
	all := make(map[string]float64, len(l.Places))
	for n := range l.Places {
		all[l.Places[n].Agency] = *l.Places[n].Value
	}
	return all, l.Period, err
}

// peers are the ids of the agencies that an agency is compared with: those of
// its kind, or all where these are few.
func peers(all []body, agency string) map[string]bool {
	kind := ""
	for _, b := range all {
		if b.id == agency {
			kind = b.kind
		}
	}
	same, every := map[string]bool{}, map[string]bool{}
	for _, b := range all {
		every[b.id] = true
		if b.kind == kind {
			same[b.id] = true
		}
	}
	if len(same) < leastPeers {
		return every
	}
	return same
}

// periodsOf returns the periods that there are scores of an indicator for, the
// newest first.
func periodsOf(ask catalog.Asker, indicator string) ([]Period, error) {
	ids, err := filingIDs(ask, "select distinct period from scores where indicator = ?", indicator)
	if err != nil {
		return nil, err
	}
	all := map[string]Period{}
	for _, id := range ids {
		if p, err := PeriodOf(id); err == nil {
			all[id] = p
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Period) int { return b.Start.Compare(a.Start) }), nil
}
