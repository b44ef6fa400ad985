package fiscal

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// Kinds of limits of figures: what a reader must know beside a number.
const (
	LimitPartial  = "partial"  // the outturn reaches to Day only
	LimitRunning  = "running"  // the year goes on, until Day
	LimitPhase    = "phase"    // the agency has not reported Phase
	LimitMissing  = "missing"  // the agency has budgets of other years, but none of this one
	LimitGone     = "gone"     // the budget is not published any more
	LimitUnread   = "unread"   // the table has errors and was never shown, whatever years it is of
	LimitTotals   = "totals"   // N rows of the table are sums of others and left out
	LimitHeld     = "held"     // a newer state of the table is held back; these figures are from Day
	LimitApart    = "apart"    // these figures are not part of those of the country
	LimitCurrency = "currency" // the budget is in another currency and in no sum
	LimitEmpty    = "empty"    // N amounts of the table are empty
)

// A Limit is one of them, of one budget.
type Limit struct {
	Kind   string       `json:"kind"`
	Budget string       `json:"budget,omitempty"` // slug
	Agency string       `json:"agency,omitempty"` // slug
	Title  catalog.Text `json:"title,omitempty"`  // of the budget
	Phase  Phase        `json:"phase,omitempty"`
	Day    string       `json:"day,omitempty"` // ISO 8601
	N      int64        `json:"n,omitempty"`
}

// limited begins a limit of the budget.
func (b *Budget) limited(kind string) Limit {
	return Limit{Kind: kind, Budget: b.Slug, Agency: b.agency, Title: b.Title}
}

// Limits returns what must stand beside the figures of the view. today is the
// day in ISO 8601.
func (f *Fiscal) Limits(ctx context.Context, s *Scope, v *View, today string) ([]Limit, error) {
	budgets := s.of(v)
	years, err := f.yearsOf(ctx, budgets, v)
	if err != nil {
		return nil, err
	}
	root := *v
	root.Path = v.Path[:min(len(v.Path), 1)]
	if v.Tree != Administrative {
		root.Path = nil
	}
	having, err := f.having(ctx, s, &root)
	if err != nil {
		return nil, err
	}
	whole := wholeOf(having)
	var all []Limit
	for i := range budgets {
		b := &budgets[i]
		year, there := years[b.ID]
		if !there {
			continue
		}
		n := having[b.ID]
		all = append(all, b.yearLimits(&year, &n, &whole, today)...)
		all = append(all, b.tableLimits(s)...)
	}
	if s.Country {
		missing := s.missing(budgets, years)
		outside, err := f.outside(ctx, s, v)
		if err != nil {
			return nil, err
		}
		for _, l := range outside {
			named := func(o Limit) bool { return o.Agency == l.Agency }
			counts := func(b Budget) bool { return b.agency == l.Agency && years[b.ID].Year != "" }
			if !slices.ContainsFunc(missing, named) && !slices.ContainsFunc(budgets, counts) {
				missing = append(missing, l)
			}
		}
		all = append(all, missing...)
		for i := range s.Left {
			all = append(all, s.Left[i].limited(LimitCurrency))
		}
	}
	return all, nil
}

// outside are the budgets that are missing in the sums of the country's year:
// those that were published once, and those that were never fit to be shown.
func (f *Fiscal) outside(ctx context.Context, s *Scope, v *View) ([]Limit, error) {
	const public = "(d." + catalog.PublicRows + " and r." + catalog.PublicRows + ")"
	rows, err := f.store.Rows(ctx, `select iif(b.cube = '', '`+LimitUnread+`', '`+LimitGone+`'), b.slug, a.slug
		from budgets b cross join resources r on r.id = b.resource and r.`+catalog.KnownRows+` cross join datasets d on d.id = r.dataset and d.`+catalog.KnownRows+`
		join agencies a on a.id = d.agency where b.cube = '' and b.state = ?1 and `+public+`
			or b.cube <> '' and b.currency = ?2 and not `+public+` and exists (select 1 from budget_years y where y.budget = b.id and y.year = ?3 and y.direction = ?4)
		order by a.slug, 1, b.slug`, Held, s.Currency, v.Year, v.Direction)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (l Limit, err error) {
		err = row.Scan(&l.Kind, &l.Budget, &l.Agency)
		return l, err
	})
	return slices.DeleteFunc(all, func(l Limit) bool { return len(v.Path) > 0 && v.Tree == Administrative && l.Agency != v.Path[0] }), catalog.Wrap("budgets", err)
}

// wholeOf are the phases that any of the nodes has.
func wholeOf(nodes map[string]Node) (whole Amounts) {
	for _, n := range nodes {
		for i, a := range n.All() {
			if *a != nil {
				*whole.All()[i] = *a
			}
		}
	}
	return whole
}

// yearLimits are the limits of a year of the budget. whole has the phases that
// are shown: one that this budget lacks is missing in their sum.
func (b *Budget) yearLimits(y *Year, n *Node, whole *Amounts, today string) []Limit {
	var all []Limit
	for _, p := range [...]Phase{Approved, Adjusted, Executed} {
		if whole.Of(p) != nil && n.Of(p) == nil {
			l := b.limited(LimitPhase)
			l.Phase = p
			all = append(all, l)
		}
	}
	switch {
	case n.Executed == nil:
	case y.Until != "" && y.Ends != "" && y.Until < y.Ends:
		l := b.limited(LimitPartial)
		l.Day = y.Until
		all = append(all, l)
	case y.Ends != "" && today <= y.Ends && y.Until == "":
		l := b.limited(LimitRunning)
		l.Day = y.Ends
		all = append(all, l)
	}
	return all
}

// tableLimits are the limits of the budget's table.
func (b *Budget) tableLimits(s *Scope) []Limit {
	var all []Limit
	if b.LeftOut > 0 {
		l := b.limited(LimitTotals)
		l.N = b.LeftOut
		all = append(all, l)
	}
	if b.About.Empty > 0 && !s.Country {
		l := b.limited(LimitEmpty)
		l.N = b.About.Empty
		all = append(all, l)
	}
	if b.State == Held {
		l := b.limited(LimitHeld)
		l.Day = catalog.Stamp(b.Loaded)
		all = append(all, l)
	}
	if !b.Counted && !s.Country {
		all = append(all, b.limited(LimitApart))
	}
	return all
}

// missing are the agencies that count in other years and have nothing in this one.
func (s *Scope) missing(budgets []Budget, years map[string]Year) []Limit {
	var there []string
	for i := range budgets {
		if _, ok := years[budgets[i].ID]; ok {
			there = append(there, budgets[i].agency)
		}
	}
	var all []Limit
	for i := range budgets {
		if b := &budgets[i]; !slices.Contains(there, b.agency) {
			there = append(there, b.agency)
			all = append(all, b.limited(LimitMissing))
		}
	}
	return all
}

// yearsOf returns the view's year of each of the budgets that has it, by id.
func (f *Fiscal) yearsOf(ctx context.Context, budgets []Budget, v *View) (map[string]Year, error) {
	all, err := f.budgetYears(ctx, budgets, v.Direction)
	if err != nil {
		return nil, err
	}
	of := map[string]Year{}
	for _, y := range all {
		if y.Year.Year == v.Year {
			of[y.budget] = y.Year
		}
	}
	return of, nil
}

// A budgetYear is a year of a budget.
type budgetYear struct {
	budget string // id
	Year
}

// budgetYears returns all years of the budgets in one direction.
func (f *Fiscal) budgetYears(ctx context.Context, budgets []Budget, d Direction) ([]budgetYear, error) {
	rows, err := f.store.Rows(ctx, `select y.budget, y.year, y.direction, y.starts, y.ends, y.until, y.phases
		from json_each(?1) j cross join budget_years y on y.budget = j.value ->> 0 and y.direction = ?2`, keys(budgets), d)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (y budgetYear, err error) {
		var phases string
		err = row.Scan(&y.budget, &y.Year.Year, &y.Direction, &y.Starts, &y.Ends, &y.Until, &phases)
		y.Phases = phasesOf(phases)
		return y, err
	})
	return all, catalog.Wrap("years", err)
}
