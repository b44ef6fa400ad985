package indicators

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// An Asking is what an agency is asked for: an indicator as it was, or is, in
// force for a period.
type Asking struct {
	Set       *Set
	Indicator Indicator
	Period    Period
	Due       time.Time
}

// Asking finds what an agency (its id) is asked for by an indicator and a
// period. What it is not asked for is an error as File has it.
func (i *Indicators) Asking(ctx context.Context, agency, indicator, period string) (Asking, error) {
	a, err := i.store.Agency(ctx, agency)
	if err != nil {
		return Asking{}, err
	}
	book, err := sets(i.store.Asker(ctx))
	if err != nil {
		return Asking{}, catalog.Wrap("asking", err)
	}
	h := Handing{Agency: a.ID, Indicator: indicator, Period: period}
	q, err := h.asked(book, a, i.store.Now())
	if err != nil {
		return Asking{}, err
	}
	return Asking{q.set, *q.indicator, q.period, q.due}, nil
}
