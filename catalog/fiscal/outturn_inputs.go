package fiscal

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// An input is what the indicators of a place and a year are worked out from.
type input struct {
	code               string
	label              catalog.Text
	approved, executed *Amount
	interest           head
	lacks              []Lack // why there is no figure
	interestLacks      []Lack // why there is none without interest
}

// year works out the figures.
func (in *input) year(year string) OutturnYear {
	y := OutturnYear{Year: year, Approved: in.approved, Executed: in.executed, Why: in.lacks, WhyInterest: in.interestLacks}
	if len(y.WhyInterest) == 0 {
		y.InterestApproved, y.InterestExecuted = &in.interest.approved, &in.interest.executed
	}
	if len(y.Why) > 0 {
		return y
	}
	y.Total = share(*in.executed, *in.approved)
	if y.Total == nil {
		y.Why = []Lack{{Kind: LackZero, Year: year}}
		return y
	}
	if len(y.WhyInterest) == 0 {
		y.WithoutInterest = share(*in.executed-in.interest.executed, *in.approved-in.interest.approved)
		if y.WithoutInterest == nil {
			y.WhyInterest = []Lack{{Kind: LackZero, Year: year}}
		}
	}
	return y
}

// share is 100 × executed / approved, nil where nothing was approved.
func share(executed, approved Amount) *Ratio {
	if approved <= 0 {
		return nil
	}
	return ratio(big.NewInt(executed), big.NewInt(approved))
}

// inputs are those of a year: of the whole and of each agency.
type inputs struct {
	whole    input
	agencies map[string]*input
	order    []string
}

// yearInputs adds up what the budgets of a year have.
func (f *Fiscal) yearInputs(ctx context.Context, s *Scope, y *endedYear) (*inputs, error) {
	view := View{Tree: Administrative, Direction: Expenditure, Year: y.year}
	nodes, err := f.having(ctx, s, &view)
	if err != nil {
		return nil, err
	}
	interest, err := f.interest(ctx, s, &view)
	if err != nil {
		return nil, err
	}
	in := &inputs{agencies: map[string]*input{}}
	for i := range s.Budgets {
		b := &s.Budgets[i]
		year, there := y.budgets[b.ID]
		if !there {
			continue
		}
		n := nodes[b.ID]
		one := b.input(&year, &n, interest[b.ID])
		agency := in.agencies[b.agency]
		if agency == nil {
			agency = &input{code: b.agency}
			in.agencies[b.agency] = agency
			in.order = append(in.order, b.agency)
		}
		for _, into := range []*input{agency, &in.whole} {
			if err := into.add(&one); err != nil {
				return nil, err
			}
		}
	}
	for _, l := range s.missing(s.Budgets, y.budgets) {
		lack := Lack{Kind: LackBudget, Year: y.year, Agency: l.Agency, Title: l.Title}
		in.whole.lacks = append(in.whole.lacks, lack)
	}
	return in, nil
}

// An interestSum is the interest of a budget in a year.
type interestSum struct {
	head
	classified bool  // its lines have classes of GFSM
	unnamed    int64 // lines without one
}

// interest returns the interest of the budgets in the view's year, by id.
func (f *Fiscal) interest(ctx context.Context, s *Scope, v *View) (map[string]interestSum, error) {
	rows, err := f.store.Rows(ctx, `select j.value ->> 0, max(c.scheme = ?5), coalesce(sum(iif(c.code = ?6, c.lines, 0)), 0),
		coalesce(sum(iif(c.path in (`+interestOfWhole+`), c.approved, null)), 0), coalesce(sum(iif(c.path in (`+interestOfWhole+`), c.executed, null)), 0)`+at+`
		and (c.parent = '' or c.path in (`+interestOfWhole+`)) group by c.cube`, keys(s.Budgets), Economic, v.Direction, v.Year, SchemeGFSM, Unclassified)
	type row struct {
		id string
		interestSum
	}
	all, err := catalog.Collect(rows, err, func(r catalog.Row) (one row, err error) {
		err = r.Scan(&one.id, &one.classified, &one.unnamed, &one.approved, &one.executed)
		return one, err
	})
	of := map[string]interestSum{}
	for _, one := range all {
		of[one.id] = one.interestSum
	}
	return of, catalog.Wrap("interest", err)
}

// input is what the budget has of a year.
func (b *Budget) input(y *Year, n *Node, interest interestSum) input {
	in := input{approved: n.Approved, executed: n.Executed, interest: interest.head}
	lack := func(kind string) Lack { return Lack{Kind: kind, Year: y.Year, Agency: b.agency, Title: b.Title} }
	for _, p := range [...]Phase{Approved, Executed} {
		if n.Of(p) == nil {
			l := lack(LackPhase)
			l.Phase = p
			in.lacks = append(in.lacks, l)
		}
	}
	switch {
	case y.Ends == "":
		in.lacks = append(in.lacks, lack(LackDates))
	case y.Until != "" && y.Until < y.Ends:
		l := lack(LackPartial)
		l.Day = y.Until
		in.lacks = append(in.lacks, l)
	}
	switch {
	case !interest.classified:
		in.interestLacks = append(in.interestLacks, lack(LackEconomic))
	case interest.unnamed > 0:
		l := lack(LackUnnamed)
		l.N = interest.unnamed
		in.interestLacks = append(in.interestLacks, l)
	}
	return in
}

// add takes in what another place has.
func (in *input) add(other *input) error {
	for _, pair := range [...]struct{ to, from **Amount }{{&in.approved, &other.approved}, {&in.executed, &other.executed}} {
		if *pair.from == nil {
			continue
		}
		if *pair.to == nil {
			*pair.to = new(Amount)
		}
		if err := addTo(*pair.to, **pair.from); err != nil {
			return err
		}
	}
	in.lacks = append(in.lacks, other.lacks...)
	in.interestLacks = append(in.interestLacks, other.interestLacks...)
	if err := addTo(&in.interest.approved, other.interest.approved); err != nil {
		return err
	}
	return addTo(&in.interest.executed, other.interest.executed)
}

var errTooLarge = errors.New("a sum of amounts has no room in 64 bits")

// addTo adds an amount; a sum without room is an error.
func addTo(to *Amount, a Amount) error {
	sum, ok := add(*to, a)
	if !ok {
		return errTooLarge
	}
	*to = sum
	return nil
}

// functionInputs are the divisions of COFOG in a year. Their interest is that of
// the group of public debt transactions.
func (f *Fiscal) functionInputs(ctx context.Context, s *Scope, y *endedYear) ([]input, error) {
	view := View{Tree: Functional, Direction: Expenditure, Year: y.year}
	nodes, err := f.Children(ctx, s, &view)
	if err != nil {
		return nil, err
	}
	view.Path = []string{interestPart, interestGroup}
	debt, err := f.Node(ctx, s, &view)
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return nil, err
	}
	var all []input
	for i := range nodes {
		n := &nodes[i]
		if n.Scheme != SchemeCOFOG {
			continue
		}
		in := input{code: n.Code, label: n.Label, approved: n.Approved, executed: n.Executed}
		for _, p := range [...]Phase{Approved, Executed} {
			if n.Of(p) == nil {
				in.lacks = append(in.lacks, Lack{Kind: LackPhase, Year: y.year, Phase: p})
			}
		}
		if len(in.lacks) == 0 && (n.Compared == nil || *n.Compared != *n.Approved) {
			in.lacks = append(in.lacks, Lack{Kind: LackPhase, Year: y.year, Phase: Executed})
		}
		if n.Code == interestPart {
			in.interest = head{*cmp.Or(debt.Approved, new(Amount)), *cmp.Or(debt.Executed, new(Amount))}
		}
		all = append(all, in)
	}
	return all, nil
}

// add adds the variance of a year: of the divisions of COFOG where all lines
// have one, else of the agencies.
func (c *Composition) add(year string, in *inputs, functions []input) {
	y := CompositionYear{Year: year, Why: slices.Clone(in.whole.lacks)}
	heads, kind := functionHeads(in, functions)
	if kind == "" {
		heads, kind = agencyHeads(in), OutturnAgency
		y.Why = append(y.Why, in.whole.interestLacks...)
	}
	if c.Heads == "" || kind == OutturnAgency {
		c.Heads = kind
	}
	y.N = len(heads)
	switch {
	case len(y.Why) > 0:
	case len(heads) < 2: //nolint:mnd // two can differ
		y.Why = append(y.Why, Lack{Kind: LackHeads, Year: year})
	default:
		var whole head
		if y.Variance, whole = variance(heads); y.Variance == nil {
			y.Why = append(y.Why, Lack{Kind: LackZero, Year: year})
		}
		y.Approved, y.Executed = whole.approved, whole.executed
	}
	c.Years = append(c.Years, y)
}

// functionHeads are the divisions without interest; none where they do not make
// up the whole.
func functionHeads(in *inputs, functions []input) (heads []head, kind string) {
	var whole head
	for i := range functions {
		n := &functions[i]
		if len(n.lacks) > 0 {
			return nil, ""
		}
		if addTo(&whole.approved, *n.approved) != nil || addTo(&whole.executed, *n.executed) != nil {
			return nil, ""
		}
		heads = append(heads, head{*n.approved - n.interest.approved, *n.executed - n.interest.executed})
	}
	if in.whole.approved == nil || in.whole.executed == nil || whole != (head{*in.whole.approved, *in.whole.executed}) {
		return nil, ""
	}
	return heads, OutturnFunction
}

// agencyHeads are the largest agencies, and all others as one.
func agencyHeads(in *inputs) []head {
	var heads []head
	for _, agency := range in.order {
		if a := in.agencies[agency]; a.approved != nil && a.executed != nil {
			heads = append(heads, head{*a.approved - a.interest.approved, *a.executed - a.interest.executed})
		}
	}
	slices.SortStableFunc(heads, func(a, b head) int { return cmp.Compare(b.approved, a.approved) })
	for len(heads) > mostHeads+1 {
		last := heads[len(heads)-1]
		heads = heads[:len(heads)-1]
		rest := &heads[len(heads)-1]
		if addTo(&rest.approved, last.approved) != nil || addTo(&rest.executed, last.executed) != nil {
			return nil
		}
	}
	return heads
}
