package fiscal

import (
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// Why a figure of the outturn cannot be worked out.
const (
	LackYears       = "years"        // fewer than three years ended
	LackDates       = "dates"        // the year is not known as dates
	LackPartial     = "partial"      // the outturn reaches to Day only
	LackPhase       = "phase"        // Phase is not given
	LackBudget      = "budget"       // the agency has no budget of this year
	LackZero        = "zero"         // nothing was approved
	LackEconomic    = "economic"     // amounts are not classified by GFSM 2014, so that interest cannot be told
	LackUnnamed     = "unnamed"      // N lines name no economic class
	LackHeads       = "heads"        // there are fewer than two heads to compare
	LackNegative    = "negative"     // a head has less than nothing
	outturnYears    = 3              // the indicators are of the last three years that ended
	interestClass   = "24"           // GFSM 2014: interest
	interestGroup   = "01.7"         // COFOG: public debt transactions
	interestPart    = "01"           // its division
	interestOfWhole = "'24', '2/24'" // where interest stands in the economic tree
)

// A Lack is a reason.
type Lack struct {
	Kind   string       `json:"kind"`
	Year   string       `json:"year,omitempty"`
	Phase  Phase        `json:"phase,omitempty"`
	Agency string       `json:"agency,omitempty"` // slug
	Title  catalog.Text `json:"title,omitempty"`  // of the budget
	Day    string       `json:"day,omitempty"`
	N      int64        `json:"n,omitempty"`
}

// Kinds of places that an outturn is worked out for.
const (
	OutturnWhole    = "whole"
	OutturnAgency   = "agency"
	OutturnFunction = "function"
)

// An Outturn is the indicators of SDG 16.6.1 and PEFA PI-1.1 of a place: what
// was executed of the budget as it was first approved.
type Outturn struct {
	Kind  string        `json:"kind"`
	Code  string        `json:"code,omitempty"`
	Label catalog.Text  `json:"label,omitempty"`
	Years []OutturnYear `json:"years"`           // the oldest first
	Grade string        `json:"grade,omitempty"` // PI-1.1: A to D
	Why   []Lack        `json:"why,omitempty"`   // there is no grade
}

// An OutturnYear is the inputs and the figures of a year. Amounts are minor
// units, figures are percent.
type OutturnYear struct {
	Year             string  `json:"year"`
	Approved         *Amount `json:"approved"`
	Executed         *Amount `json:"executed"`
	InterestApproved *Amount `json:"interest_approved"`
	InterestExecuted *Amount `json:"interest_executed"`
	Total            *Ratio  `json:"total"`            // SDG 16.6.1 as its metadata has it: with interest
	WithoutInterest  *Ratio  `json:"without_interest"` // and as its name says: of primary expenditure
	Why              []Lack  `json:"why,omitempty"`    // there is no Total
	WhyInterest      []Lack  `json:"why_interest,omitempty"`
}

// Outturns are the indicators of a scope, of its agencies and of the divisions of
// COFOG.
type Outturns struct {
	Currency    string      `json:"currency"`
	Scale       int         `json:"scale"`
	Whole       Outturn     `json:"whole"`
	Agencies    []Outturn   `json:"agencies"`
	Functions   []Outturn   `json:"functions"`
	Composition Composition `json:"composition"`
}

// Outturn works out the indicators over the last three years that ended before
// today (ISO 8601).
func (f *Fiscal) Outturn(ctx context.Context, s *Scope, today string) (Outturns, error) {
	o := Outturns{Currency: s.Currency, Scale: s.Scale, Agencies: []Outturn{}, Functions: []Outturn{}, Whole: Outturn{Kind: OutturnWhole, Years: []OutturnYear{}}}
	years, err := f.endedYears(ctx, s, today)
	if err != nil {
		return o, err
	}
	for i := range years {
		if err := f.outturnOf(ctx, s, &o, &years[i]); err != nil {
			return o, err
		}
	}
	if len(years) < outturnYears {
		short := Lack{Kind: LackYears, N: int64(len(years))}
		o.Whole.Why = append(o.Whole.Why, short)
		o.Composition.Why = append(o.Composition.Why, short)
	}
	o.Whole.grade()
	for _, list := range [][]Outturn{o.Agencies, o.Functions} {
		slices.SortFunc(list, func(a, b Outturn) int { return strings.Compare(a.Code, b.Code) })
		for i := range list {
			if len(list[i].Years) < outturnYears {
				list[i].Why = append(list[i].Why, Lack{Kind: LackYears, N: int64(len(list[i].Years))})
			}
			list[i].grade()
		}
	}
	o.Composition.grade()
	return o, nil
}

// An endedYear is a year of the scope with the budgets that have it.
type endedYear struct {
	year    string
	ends    string
	budgets map[string]Year // by id
}

// endedYears are the last years that ended before today, the oldest first. Those
// whose dates nobody knows count as ended: they are told as such.
func (f *Fiscal) endedYears(ctx context.Context, s *Scope, today string) ([]endedYear, error) {
	all, err := f.budgetYears(ctx, s.Budgets, Expenditure)
	if err != nil {
		return nil, err
	}
	by := map[string]*endedYear{}
	var list []*endedYear
	for _, y := range all {
		if y.Ends != "" && y.Ends >= today {
			continue
		}
		e := by[y.Year.Year]
		if e == nil {
			e = &endedYear{year: y.Year.Year, budgets: map[string]Year{}}
			by[e.year] = e
			list = append(list, e)
		}
		e.ends = max(e.ends, y.Ends)
		e.budgets[y.budget] = y.Year
	}
	slices.SortFunc(list, func(a, b *endedYear) int { return strings.Compare(a.ends+a.year, b.ends+b.year) })
	var out []endedYear
	for _, e := range list[max(0, len(list)-outturnYears):] {
		out = append(out, *e)
	}
	return out, nil
}

// outturnOf adds a year to the indicators.
func (f *Fiscal) outturnOf(ctx context.Context, s *Scope, o *Outturns, y *endedYear) error {
	in, err := f.yearInputs(ctx, s, y)
	if err != nil {
		return err
	}
	o.Whole.Years = append(o.Whole.Years, in.whole.year(y.year))
	for _, agency := range in.order {
		p := placeIn(&o.Agencies, OutturnAgency, agency, nil)
		p.Years = append(p.Years, in.agencies[agency].year(y.year))
	}
	functions, err := f.functionInputs(ctx, s, y)
	if err != nil {
		return err
	}
	for i := range functions {
		n := &functions[i]
		p := placeIn(&o.Functions, OutturnFunction, n.code, n.label)
		p.Years = append(p.Years, n.year(y.year))
	}
	o.Composition.add(y.year, in, functions)
	return nil
}

// placeIn finds a place by its code, or adds it.
func placeIn(list *[]Outturn, kind, code string, label catalog.Text) *Outturn {
	for i := range *list {
		if (*list)[i].Code == code {
			return &(*list)[i]
		}
	}
	*list = append(*list, Outturn{Kind: kind, Code: code, Label: label, Years: []OutturnYear{}})
	return &(*list)[len(*list)-1]
}

// grade is the grade of PI-1.1, or why there is none.
func (o *Outturn) grade() {
	var rates []*Ratio
	for i := range o.Years {
		y := &o.Years[i]
		if y.Total == nil {
			o.Why = append(o.Why, y.Why...)
			continue
		}
		rates = append(rates, y.Total)
	}
	if len(o.Why) == 0 && len(rates) == outturnYears {
		o.Grade = gradeOf(rates, func(r *Ratio, within int64) bool { return !r.below(100-within) && !r.above(100+within) })
	}
}
