package site

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"

	"github.com/gofiber/fiber/v2"
)

// The parameters of the spending explorer.
const (
	paramBy        = "by"        // a tree
	paramBudget    = "budget"    // one budget alone
	paramPer       = "per"       // "head"
	paramDirection = "direction" // expenditure or revenue
	paramFigures   = "figures"   // "exact"
	paramYear      = "year"      // of the form: the address has it
	paramOf        = "of"        // of the form: the tree that its path is of
)

// What measures there are beside the phases, and the values of switches.
const (
	measureShare = "share" // executed, in percent of the approved amount
	perHead      = "head"
	exactFigures = "exact"
)

// spendingPath is the explorer, without language.
const spendingPath = "/spending"

// A spendingPlace is what an address of the explorer asks for.
type spendingPlace struct {
	Year, By, Measure, Budget string
	Direction                 fiscal.Direction
	Path                      []string
	Head, Exact, All          bool
}

// address is where the place is shown, without language.
func (p *spendingPlace) address() string { return withQuery(p.path(), p.query()) }

// path is its address without the query.
func (p *spendingPlace) path() string {
	path := spendingPath + "/" + url.PathEscape(p.Year)
	if len(p.Path) > 0 {
		path += "/" + fiscal.JoinPath(p.Path)
	}
	return path
}

// query are the parameters that differ from what is shown without them.
func (p *spendingPlace) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{paramBy: p.By, paramMeasure: p.Measure, paramBudget: p.Budget, paramDirection: string(p.Direction)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if p.By == fiscal.Administrative {
		q.Del(paramBy)
	}
	if p.Direction == fiscal.Expenditure {
		q.Del(paramDirection)
	}
	if p.Head {
		q.Set(paramPer, perHead)
	}
	if p.Exact {
		q.Set(paramFigures, exactFigures)
	}
	if p.All {
		q.Set(paramAll, "1")
	}
	return q
}

// at is the place at another path, in the same view.
func (p *spendingPlace) at(path []string) *spendingPlace {
	c := *p
	c.Path, c.All = path, false
	return &c
}

// view is the place as package fiscal knows it.
func (p *spendingPlace) view() *fiscal.View {
	return &fiscal.View{Budget: p.Budget, Tree: p.By, Direction: p.Direction, Year: p.Year, Path: p.Path}
}

// A spendingAsk is a place with what is known of it before its figures.
type spendingAsk struct {
	spendingPlace
	scope      fiscal.Scope
	trees      []string
	years      []fiscal.Year // of the direction
	year       fiscal.Year
	directions []fiscal.Direction
	measures   []string
	measure    string // that is shown: Measure, or the first one
	population map[string]fiscal.Population
	newest     bool // the address names no year
}

// errNoSpending says that there are no figures of the country.
var errNoSpending = errors.New("no budget counts for the country")

// spendingAsk reads what is asked for. path is the year and, behind it, the
// codes, escaped as in the address; without a year it is the newest one.
func (s *Site) spendingAsk(ctx context.Context, lang, path string, q url.Values) (*spendingAsk, error) {
	a := &spendingAsk{}
	a.Budget, a.By, a.Measure, a.Direction = q.Get(paramBudget), firstOf(q.Get(paramBy), fiscal.Administrative), q.Get(paramMeasure), fiscal.Direction(q.Get(paramDirection))
	a.Head, a.Exact, a.All = q.Get(paramPer) == perHead, q.Get(paramFigures) == exactFigures, q.Get(paramAll) == "1"
	var err error
	if a.scope, err = s.fiscal.Scope(ctx, a.Budget); err != nil {
		return nil, err
	}
	if len(a.scope.Budgets) == 0 {
		return nil, errNoSpending
	}
	parts := fiscal.SplitPath(strings.Trim(path, "/"))
	if len(parts) > 0 {
		a.Year, a.Path = parts[0], parts[1:]
	}
	if a.ownRoot() && len(a.Path) == 0 {
		a.Path = []string{a.scope.Budgets[0].AgencySlug()}
	}
	l := s.locales[lang]
	a.trees = a.scope.Trees()
	if !slices.Contains(a.trees, a.By) {
		return nil, &catalog.InvalidError{Field: paramBy, Reason: l.Text("spending.by.unknown", "by", strings.Join(a.trees, ", "))}
	}
	if err := s.spendingYear(ctx, l, a); err != nil {
		return nil, err
	}
	if err := a.measured(l); err != nil {
		return nil, err
	}
	if a.population, err = s.fiscal.Population(ctx); err != nil {
		return nil, err
	}
	if per := q.Get(paramPer); per != "" && per != perHead || a.Head && !a.knowsPeople() {
		return nil, &catalog.InvalidError{Field: paramPer, Reason: l.Text("spending.per.unknown")}
	}
	return a, nil
}

// ownRoot reports whether the tree begins with one agency alone, so that its
// root is that: the agencies of one budget.
func (a *spendingAsk) ownRoot() bool { return !a.scope.Country && a.By == fiscal.Administrative }

// knowsPeople reports whether amounts can be shown by head.
func (a *spendingAsk) knowsPeople() bool {
	return a.scope.Country && a.population[a.Year].People > 0
}

// spendingYear finds the year and the direction.
func (s *Site) spendingYear(ctx context.Context, l *locale, a *spendingAsk) error {
	all, err := s.fiscal.Years(ctx, &a.scope)
	if err != nil {
		return err
	}
	for _, d := range fiscal.Directions {
		if slices.ContainsFunc(all, func(y fiscal.Year) bool { return y.Direction == d }) {
			a.directions = append(a.directions, d)
		}
	}
	if len(a.directions) == 0 {
		return errNoSpending
	}
	if a.Direction == "" {
		a.Direction = a.directions[0]
	}
	if !slices.Contains(a.directions, a.Direction) {
		return &catalog.InvalidError{Field: paramDirection, Reason: l.Text("spending.direction.unknown")}
	}
	for _, y := range all {
		if y.Direction == a.Direction {
			a.years = append(a.years, y)
		}
	}
	if a.newest = a.Year == ""; a.newest {
		a.Year = a.years[len(a.years)-1].Year
	}
	i := slices.IndexFunc(a.years, func(y fiscal.Year) bool { return y.Year == a.Year })
	if i < 0 {
		return catalog.NotFound("fiscal year", a.Year)
	}
	a.year = a.years[i]
	return nil
}

// measured finds out what can be shown of the year, and what is.
func (a *spendingAsk) measured(l *locale) error {
	for _, p := range a.year.Phases {
		a.measures = append(a.measures, string(p))
	}
	if slices.Contains(a.year.Phases, fiscal.Approved) && slices.Contains(a.year.Phases, fiscal.Executed) {
		a.measures = append(a.measures, measureShare)
	}
	switch {
	case len(a.measures) == 0:
		return errNoSpending
	case a.Measure == "" && slices.Contains(a.measures, string(fiscal.Approved)):
		a.measure = string(fiscal.Approved)
	case a.Measure == "":
		a.measure = a.measures[0]
	case slices.Contains(a.measures, a.Measure):
		a.measure = a.Measure
	default:
		return &catalog.InvalidError{Field: paramMeasure, Reason: l.Text("spending.measure.unknown", "measures", strings.Join(a.measures, ", "))}
	}
	return nil
}

// drawn is the phase whose amounts are drawn and sorted by: of a share those of
// the approved budget.
func (a *spendingAsk) drawn() fiscal.Phase {
	if a.measure == measureShare {
		return fiscal.Approved
	}
	return fiscal.Phase(a.measure)
}

// money writes the amounts of the view.
func (a *spendingAsk) money(l *locale) money {
	m := money{l: l, currency: a.scope.Currency, scale: a.scope.Scale, exact: a.Exact}
	if a.Head {
		m.people = a.population[a.Year].People
	}
	return m
}

// spendingPathOf is the year and the path in the address of a request, escaped.
// Codes may have points: the ending of a file is behind the last one.
func spendingPathOf(c *fiber.Ctx) string {
	path := strings.TrimSuffix(c.Params("year")+"/"+c.Params("*"), "/")
	if rest, _, ok := cutLast(c.Params("ext"), "."); ok {
		path += "." + rest
	}
	return path
}

// cutLast parts a text at the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
