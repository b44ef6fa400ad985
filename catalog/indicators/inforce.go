package indicators

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// InForce reports whether agencies are measured at all: whether a set is in
// force now.
func (i *Indicators) InForce(ctx context.Context) (there bool, err error) {
	err = i.store.Row(ctx, "select exists (select 1 from indicator_sets where since <= ?)", catalog.Stamp(i.store.Now())).Scan(&there)
	return there, catalog.Wrap("sets of indicators", err)
}

// leaguePeriods are the halves and years that have ended and that there are
// points of, the newest first, a year before its halves.
func (i *Indicators) leaguePeriods(ask catalog.Asker) ([]Period, error) {
	ids, err := filingIDs(ask, "select distinct period from scores where points is not null")
	if err != nil {
		return nil, err
	}
	known := map[string]Period{}
	for _, id := range ids {
		p, err := PeriodOf(id)
		if err != nil {
			continue
		}
		for _, kind := range []PeriodKind{Half, Year} {
			if in := PeriodAt(kind, p.Start); in.Ended(i.store.Now()) && !in.End.Before(p.End) {
				known[in.ID] = in
			}
		}
	}
	all := []Period{}
	for _, p := range known {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Period) int {
		if c := b.End.Compare(a.End); c != 0 {
			return c
		}
		return a.Start.Compare(b.Start)
	})
	return all, nil
}
