package fiscal

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// What the sums of the country lack is told: a budget that is not published any
// more, and one whose table was never fit to be shown. What the public never saw
// is told of to nobody.
func TestWhatTheCountryLacksIsTold(t *testing.T) {
	p := newPurse(t, "Roads", "Health", "Schools", "Secret", "Parks")
	r := rand.New(rand.NewPCG(5, 5))
	var all []Budget
	for i := range p.agencies {
		all = append(all, p.budget(i, randomLines(r, 40), nil, jalaliYears...))
	}
	p.do(func(tx *catalog.Tx) error {
		return errors.Join(
			tx.RetireThing(&catalog.Removal{Noun: catalog.NounDataset, Thing: all[1].Dataset, Kind: catalog.RemovedTakedown, Reason: "a mistake"}, catalog.Withdrawn),
			tx.Exec("delete from budget_years where budget = ?", all[2].ID),
			tx.Exec("update budgets set state = 'held', cube = '', counted = 0 where id = ?", all[2].ID),
			tx.Exec("update datasets set state = 'draft' where id = ?", all[3].Dataset),
			recount(tx),
		)
	})
	s := p.scope("")
	for _, c := range []struct {
		path []string
		want map[string]string // by agency
	}{
		{nil, map[string]string{"health": LimitGone, "schools": LimitUnread}},
		{[]string{"roads"}, nil},
	} {
		limits, err := p.f.Limits(t.Context(), s, &View{Tree: Administrative, Direction: Expenditure, Year: "1404", Path: c.path}, today)
		limits = must(t, limits, err)
		for _, l := range limits {
			if l.Kind != c.want[l.Agency] || len(l.Title) > 0 {
				t.Errorf("%v: %+v", c.path, l)
			}
		}
		if len(limits) != len(c.want) {
			t.Errorf("%v: %+v", c.path, limits)
		}
	}
	var retired *catalog.RetiredError
	if _, err := p.f.Budget(t.Context(), all[1].Slug); !errors.As(err, &retired) || retired.ID != all[1].Dataset {
		t.Errorf("a budget that is gone: %v", err)
	}
	if _, err := p.f.Budget(t.Context(), all[3].Slug); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("a budget that nobody saw: %v", err)
	}
}
