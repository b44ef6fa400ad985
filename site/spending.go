package site

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// spendingParams are the parameters of the explorer.
func spendingParams() []Param {
	return []Param{
		{paramMeasure, "param.spending.measure"},
		{paramBy, "param.spending.by"},
		{paramDirection, "param.spending.direction"},
		{paramBudget, "param.spending.budget"},
		{paramPer, "param.spending.per"},
	}
}

// spendingRoutes are the pages of public money.
func spendingRoutes() []Route {
	explorer := Route{View: (*Site).spending, Template: "spending", Cost: costSearch, Doc: "api.spending", Params: spendingParams()}
	newest, year, place := explorer, explorer, explorer
	newest.Path = spendingPath
	year.Path, year.Doc, year.Example = spendingPath+"/{year}", "api.spending.year", apiPrefix+spendingPath+"/{year}"
	place.Path, place.Doc, place.Example = spendingPath+"/{year}/{path}", "api.spending.place", apiPrefix+spendingPath+"/{year}/{spent}"
	budget := apiPrefix + budgetPath("{budget}")
	return []Route{
		newest,
		{Path: budgetsPath, View: (*Site).budgetList, Template: "budgets", Doc: "api.budgets"},
		{Path: budgetPath("{slug}"), View: (*Site).budget, Template: "budget", Doc: "api.budget", Example: budget},
		{Path: budgetPath("{slug}") + "/lines", View: (*Site).budgetLines, Template: "budget_lines", Cost: costSearch, Doc: "api.budget.lines", Example: budget + "/lines"},
		{Path: outturnPath, View: (*Site).outturn, Template: "outturn", Cost: costSearch, Doc: "api.outturn", Params: outturnParams()},
		{Path: calendarPath, View: (*Site).budgetCalendar, Template: "budget_calendar", Doc: "api.budget.calendar", Params: []Param{{paramYear, "param.spending.year"}}},
		year, place,
		{Path: budgetPath("{slug}") + "/lines.{ext}", Serve: (*Site).serveBudgetLines, Doc: "api.budget.lines.file", Example: budgetPath("{budget}") + "/lines.csv"},
		sheetRoute(outturnPath, "api.outturn.file", outturnPath, (*Site).outturnSheet, outturnParams()...),
		sheetRoute(spendingPath+"/{year}", "api.spending.file", spendingPath+"/{year}", (*Site).spendingSheet, spendingParams()[1:4]...),
		sheetRoute(spendingPath+"/{year}/{path}", "api.spending.place.file", spendingPath+"/{year}/{spent}", (*Site).spendingSheet, spendingParams()[1:4]...),
		{Path: "/embed" + spendingPath + "/{year}", Serve: (*Site).embedSpending, Cost: costPicture},
		{Path: "/embed" + spendingPath + "/{year}/{path}", Serve: (*Site).embedSpending, Cost: costPicture},
	}
}

// A spendingView is a place in the budgets: what is below it, how it came out,
// and where the figures are from.
type spendingView struct {
	Frame
	Name        said
	YearText    string
	Fields      []chartField
	Hidden      []hiddenField
	FormURL     string
	Totals      []spendingTotal
	Spent       *spentMark
	Note        string // beside amounts by head: how many there are, and who says so
	Limits      []limitRow
	Unit        string
	Tree        *treeFigure
	Table       *spendingTable
	Line        *lineFigure
	Exact       Link // to exact figures, or back
	Sources     []spendingSource
	MoreSources int
	Files       []Link
	EmbedCode   string
	Doors       []Link
	shape       spendingShape
}

// A spendingTotal is the amount of a phase.
type spendingTotal struct {
	Phase  fiscal.Phase
	Amount amountCell
}

// A spendingShape is a place as the API answers it. Amounts are integers of the
// smallest unit: those of scale digits behind the point.
type spendingShape struct {
	Budget     string             `json:"budget,omitempty"` // slug; without it all that count for the country
	Year       fiscal.Year        `json:"year"`
	By         string             `json:"by"`
	Direction  fiscal.Direction   `json:"direction"`
	Measure    string             `json:"measure"`
	Path       []string           `json:"path"`
	Currency   string             `json:"currency"`
	Scale      int                `json:"scale"`
	Population *fiscal.Population `json:"population,omitempty"`
	Place      spendingNode       `json:"place"`
	Trail      []spendingNode     `json:"trail"`
	Limits     []fiscal.Limit     `json:"limits"`
	Years      []yearShape        `json:"years"`
	Budgets    []string           `json:"budgets"` // slugs of those whose lines these are
	Total      int64              `json:"total"`
	Results    []spendingNode     `json:"results"`
}

// A spendingNode is a node with its share of the approved amount that was
// executed, in percent.
type spendingNode struct {
	fiscal.Node
	Share *float64 `json:"share_executed"`
}

// A yearShape is the amounts of a place in one year.
type yearShape struct {
	Year string `json:"year"`
	fiscal.Amounts
}

// JSON is the place as the API answers it.
func (v *spendingView) JSON() any { return v.shape }

// shareOf is the executed share of a node in percent.
func shareOf(n *fiscal.Node) *float64 {
	done, of, ok := n.Share()
	if !ok {
		return nil
	}
	const hundred = 100
	share := float64(done) / float64(of) * hundred
	return &share
}

func shapeNode(n *fiscal.Node) spendingNode { return spendingNode{*n, shareOf(n)} }

// A spent is a place with its figures.
type spent struct {
	*spendingAsk
	node     fiscal.Node
	trail    []fiscal.Node
	children []fiscal.Node // by the amount that is drawn, the largest first
	line     []fiscal.YearNode
	limits   []fiscal.Limit
	sources  []fiscal.Budget
	agencies agencyList
	today    string
}

// spentAt reads the figures of what is asked for.
func (s *Site) spentAt(ctx context.Context, a *spendingAsk) (*spent, error) {
	p, v := &spent{spendingAsk: a, today: s.Now().UTC().Format(time.DateOnly)}, a.view()
	var err error
	if p.node, err = s.fiscal.Node(ctx, &a.scope, v); err != nil {
		return nil, err
	}
	if p.trail, err = s.fiscal.Trail(ctx, &a.scope, v); err != nil {
		return nil, err
	}
	if p.children, err = s.fiscal.Children(ctx, &a.scope, v); err != nil {
		return nil, err
	}
	if p.line, err = s.fiscal.Line(ctx, &a.scope, v); err != nil {
		return nil, err
	}
	if p.limits, err = s.fiscal.Limits(ctx, &a.scope, v, p.today); err != nil {
		return nil, err
	}
	if p.sources, err = s.fiscal.Having(ctx, &a.scope, v); err != nil {
		return nil, err
	}
	if p.agencies, err = s.agencies.get(ctx, s.Catalog); err != nil {
		return nil, err
	}
	phase := a.drawn()
	slices.SortStableFunc(p.children, func(x, y fiscal.Node) int {
		if a.measure == measureShare {
			return cmp.Compare(deref(shareOf(&y)), deref(shareOf(&x)))
		}
		return cmp.Compare(deref(y.Of(phase)), deref(x.Of(phase)))
	})
	return p, nil
}

// deref is what p points to, or less than anything.
func deref[T int64 | float64](p *T) T {
	if p == nil {
		const least = -1 << 62
		return least
	}
	return *p
}

// spending answers a place in the budgets.
func (s *Site) spending(r *Request) (View, error) {
	ctx := r.Context()
	a, err := s.spendingAsk(ctx, r.Lang, spendingPathOf(r.ctx), r.Query)
	if errors.Is(err, errNoSpending) {
		if r.JSON {
			return nil, catalog.ErrNotFound
		}
		return nil, Moved("/" + r.Lang + budgetsPath)
	}
	if err != nil {
		return nil, err
	}
	if r.Query.Has(paramYear) && !r.JSON {
		return nil, s.spendingMoved(ctx, r, a)
	}
	p, err := s.spentAt(ctx, a)
	if err != nil {
		return nil, err
	}
	v := &spendingView{shape: p.shape()}
	if r.JSON {
		return v, nil
	}
	return v, s.spendingPage(ctx, s.locales[r.Lang], p, v)
}

// spendingMoved is the address of what the form asks for: another year of the
// same place, or of the nearest one above it that the year has.
func (s *Site) spendingMoved(ctx context.Context, r *Request, a *spendingAsk) error {
	to := a.spendingPlace
	if to.Year = r.Query.Get(paramYear); r.Query.Get(paramOf) != to.By {
		to.Path = nil
	}
	next := *a
	next.Measure = to.Measure
	if i := slices.IndexFunc(a.years, func(y fiscal.Year) bool { return y.Year == to.Year }); i >= 0 {
		next.Year, next.year, next.measures = to.Year, a.years[i], nil
	}
	if next.measured(s.locales[r.Lang]) != nil || to.Measure == string(fiscal.Approved) {
		to.Measure = ""
	}
	to.Head = to.Head && next.knowsPeople()
	for len(to.Path) > 0 {
		_, err := s.fiscal.Node(ctx, &a.scope, to.view())
		if err == nil {
			break
		}
		if !errors.Is(err, catalog.ErrNotFound) {
			return err
		}
		to.Path = to.Path[:len(to.Path)-1]
	}
	return Moved("/" + r.Lang + to.address())
}

// shape is the place as the API answers it.
func (p *spent) shape() spendingShape {
	out := spendingShape{
		Year: p.year, By: p.By, Direction: p.Direction, Measure: p.measure, Path: append([]string{}, p.Path...), Currency: p.scope.Currency, Scale: p.scope.Scale,
		Place: shapeNode(&p.node), Trail: []spendingNode{}, Limits: append([]fiscal.Limit{}, p.limits...), Years: []yearShape{}, Budgets: []string{},
		Total: int64(len(p.children)), Results: []spendingNode{},
	}
	if !p.scope.Country {
		out.Budget = p.scope.Budgets[0].Slug
	}
	if people, known := p.population[p.Year]; known && p.Head {
		out.Population = &people
	}
	for i := range p.trail {
		out.Trail = append(out.Trail, shapeNode(&p.trail[i]))
	}
	for i := range p.children {
		out.Results = append(out.Results, shapeNode(&p.children[i]))
	}
	for i := range p.line {
		out.Years = append(out.Years, yearShape{p.line[i].Year, p.line[i].Amounts})
	}
	for i := range p.sources {
		out.Budgets = append(out.Budgets, p.sources[i].Slug)
	}
	return out
}

// anySpending reports whether the public sees any budget: pages lead to them
// then.
func (s *Site) anySpending(ctx context.Context) bool {
	there, err := s.fiscal.AnyBudgets(ctx)
	return there && err == nil
}

// sampleSpending finds things for examples: a budget, a year and an agency that
// has figures of it.
func (s *Site) sampleSpending(ctx context.Context, m sample) error {
	all, err := s.fiscal.Budgets(ctx, fiscal.BudgetFilter{})
	if err != nil || len(all) == 0 {
		return err
	}
	for i := range all {
		if all[i].Lines != "" {
			m["budget"] = all[i].Slug
			break
		}
	}
	a, err := s.spendingAsk(ctx, "en", "", nil)
	if errors.Is(err, errNoSpending) {
		return nil
	}
	if err != nil {
		return err
	}
	children, err := s.fiscal.Children(ctx, &a.scope, a.view())
	if len(children) > 0 {
		m["year"], m["spent"] = a.Year, children[0].Code
	}
	return err
}
