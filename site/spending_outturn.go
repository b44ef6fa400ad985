package site

import (
	"context"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// outturnPath is the page of what became of the budgets, without language.
const outturnPath = spendingPath + "/outturn"

func outturnParams() []Param { return []Param{{paramBudget, "param.spending.budget"}} }

// An outturnView is the indicators that compare the outturn with the budget.
type outturnView struct {
	Frame
	Name        said
	Years       []string
	Whole       outturnRow
	Formulas    []formula
	Agencies    *outturnTable
	Functions   *outturnTable
	Grade       grade
	Composition grade
	Variances   []variance
	Unit        string
	Files       []Link
	shape       outturnShape
}

// An outturnShape is the indicators as the API answers them.
type outturnShape struct {
	Budget string `json:"budget,omitempty"`
	fiscal.Outturns
}

// JSON is the indicators as the API answers them.
func (v *outturnView) JSON() any { return v.shape }

// An outturnTable is places with their figures year by year.
type outturnTable struct {
	ID, Label string
	Years     []string
	Rows      []outturnRow
}

// An outturnRow is a place with its figures of each year.
type outturnRow struct {
	Name  said
	URL   string
	Cells []outturnCell
	Grade grade
}

// An outturnCell is the figures of a year, or why there are none.
type outturnCell struct {
	Year            string
	Total, Without  string // "97.3%"; empty where there is none
	Over            bool
	Why, WhyWithout []template.HTML
}

// A formula is how a figure came about, in words with the numbers in it.
type formula struct {
	Year string
	HTML template.HTML
	Why  []template.HTML
}

// A grade is that of an indicator of PEFA, or why there is none.
type grade struct {
	Letter string
	Class  string // of its mark
	Why    []template.HTML
}

// A variance is PI-2.1 of a year.
type variance struct {
	Year, Value string
	Heads       int64
	HTML        template.HTML
	Why         []template.HTML
}

// outturnOf works out the indicators that a query asks for.
func (s *Site) outturnOf(ctx context.Context, query url.Values) (fiscal.Outturns, fiscal.Scope, error) {
	scope, err := s.fiscal.Scope(ctx, query.Get(paramBudget))
	if err != nil {
		return fiscal.Outturns{}, scope, err
	}
	o, err := s.fiscal.Outturn(ctx, &scope, s.Now().UTC().Format(time.DateOnly))
	return o, scope, err
}

// outturn answers the indicators.
func (s *Site) outturn(r *Request) (View, error) {
	ctx, l := r.Context(), s.locales[r.Lang]
	o, scope, err := s.outturnOf(ctx, r.Query)
	if err != nil {
		return nil, err
	}
	v := &outturnView{shape: outturnShape{r.Query.Get(paramBudget), o}}
	if r.JSON {
		return v, nil
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	p := &spent{spendingAsk: &spendingAsk{scope: scope}, agencies: agencies}
	p.Budget = r.Query.Get(paramBudget)
	m := money{l: l, currency: o.Currency, scale: o.Scale}
	v.Name, v.Unit = p.rootName(l), m.unit()
	for i := range o.Whole.Years {
		y := &o.Whole.Years[i]
		v.Years = append(v.Years, l.year(y.Year))
		v.Formulas = append(v.Formulas, l.formula(y, &m, agencies))
	}
	v.Whole = l.outturnRow(&o.Whole, v.Name, "", agencies)
	v.Grade = v.Whole.Grade
	v.Agencies = p.outturnTable(l, o.Agencies, fiscal.SchemeAgency, fiscal.Administrative, v.Years)
	v.Functions = p.outturnTable(l, o.Functions, fiscal.SchemeCOFOG, fiscal.Functional, v.Years)
	v.composed(l, &o.Composition, &m, agencies)
	v.Files = sheetFiles(withQuery(outturnPath, p.budgetQuery()))
	v.Frame = Frame{
		Title: l.Text("outturn.title"), Description: l.Text("outturn.description"), Section: sectionSpending, State: p.budgetQuery().Encode(),
		Crumbs: []Link{{Text: l.Text("nav.spending"), URL: "/" + r.Lang + spendingPath}},
	}
	return v, nil
}

// outturnTable is the table of places of a tree; nil without any.
func (p *spent) outturnTable(l *locale, all []fiscal.Outturn, scheme, tree string, years []string) *outturnTable {
	if len(all) == 0 {
		return nil
	}
	t := &outturnTable{ID: "outturn-" + tree, Label: l.Text("spending.of." + tree), Years: years}
	if scheme == fiscal.SchemeAgency {
		t.Label = l.Text("spending.of.agency")
	}
	for i := range all {
		row := p.outturnPlace(l, &all[i], scheme, tree)
		cells := row.Cells
		row.Cells = make([]outturnCell, len(years))
		for _, c := range cells {
			if at := slices.Index(years, c.Year); at >= 0 {
				row.Cells[at] = c
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// outturnPlace is the row of an agency or a division.
func (p *spent) outturnPlace(l *locale, o *fiscal.Outturn, scheme, tree string) outturnRow {
	n := fiscal.Node{Code: o.Code, Scheme: scheme, Label: o.Label}
	to := spendingPlace{By: tree, Budget: p.Budget, Path: []string{o.Code}, Direction: fiscal.Expenditure}
	if len(o.Years) > 0 {
		to.Year = o.Years[len(o.Years)-1].Year
	}
	return l.outturnRow(o, l.nodeName(&n, p.agencies), "/"+l.lang+to.address(), p.agencies)
}

func (l *locale) outturnRow(o *fiscal.Outturn, name said, url string, agencies agencyList) outturnRow {
	row := outturnRow{Name: name, URL: url, Grade: l.grade(o.Grade, o.Why, agencies)}
	for i := range o.Years {
		y := &o.Years[i]
		c := outturnCell{Year: l.year(y.Year), Why: l.lacks(y.Why, agencies), WhyWithout: l.lacks(y.WhyInterest, agencies)}
		if y.Total != nil {
			c.Total, c.Over = l.ratio(y.Total), y.Total.Float() > 100 //nolint:mnd // percent
		}
		if y.WithoutInterest != nil {
			c.Without = l.ratio(y.WithoutInterest)
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

func (l *locale) ratio(r *fiscal.Ratio) string {
	const hundred = 100
	return l.Percent(r.Float() / hundred)
}

// gradeClasses are the marks of grades.
var gradeClasses = map[string]string{"A": "ok", "B": "ok", "C": "warn", "D": "bad"}

func (l *locale) grade(letter string, why []fiscal.Lack, agencies agencyList) grade {
	return grade{Letter: letter, Class: gradeClasses[letter], Why: l.lacks(why, agencies)}
}

// mostLacks is how many reasons are told.
const mostLacks = 6

// lacks writes why there is no figure.
func (l *locale) lacks(all []fiscal.Lack, agencies agencyList) []template.HTML {
	var out []template.HTML
	for i := range all {
		if len(out) == mostLacks {
			return append(out, l.HTML("outturn.lack.more", "n", len(all)-mostLacks))
		}
		one := &all[i]
		args := []any{"n", one.N, "year", l.year(one.Year), "who", l.Text("outturn.lack.someone")}
		if one.Day != "" {
			args = append(args, "day", l.Date(one.Day))
		}
		if one.Phase != "" {
			args = append(args, "phase", l.Text("spending.phase."+string(one.Phase)))
		}
		if a := agencies.bySlug(one.Agency); a != nil {
			args[5] = l.said(a.Title).Text
		}
		out = append(out, l.HTML("outturn.lack."+one.Kind, args...))
	}
	return out
}

// formula writes how the figure of a year came about.
func (l *locale) formula(y *fiscal.OutturnYear, m *money, agencies agencyList) formula {
	f := formula{Year: l.year(y.Year), Why: l.lacks(y.Why, agencies)}
	if y.Total != nil {
		f.HTML = l.HTML("outturn.formula", "executed", m.digits(*y.Executed), "approved", m.digits(*y.Approved), "value", l.ratio(y.Total))
	}
	if y.WithoutInterest != nil {
		f.HTML += template.HTML(" ") + l.HTML("outturn.formula.without", "executed", m.digits(*y.Executed-*y.InterestExecuted), "approved", m.digits(*y.Approved-*y.InterestApproved), "value", l.ratio(y.WithoutInterest))
	} else if len(y.Why) == 0 {
		f.Why = append(f.Why, l.lacks(y.WhyInterest, agencies)...)
	}
	return f
}

// composed adds how far the parts came out otherwise than the whole.
func (v *outturnView) composed(l *locale, c *fiscal.Composition, m *money, agencies agencyList) {
	v.Composition = l.grade(c.Grade, c.Why, agencies)
	for i := range c.Years {
		y := &c.Years[i]
		one := variance{Year: l.year(y.Year), Heads: int64(y.N), Why: l.lacks(y.Why, agencies)}
		if y.Variance != nil {
			one.Value = l.ratio(y.Variance)
			one.HTML = l.HTML("outturn.variance", "heads", l.Text("outturn.heads."+firstOf(c.Heads, fiscal.OutturnAgency), "n", y.N), "executed", m.digits(y.Executed), "approved", m.digits(y.Approved), "value", one.Value)
		}
		v.Variances = append(v.Variances, one)
	}
}

// outturnSheet is the inputs and the figures, a row for each place and year.
func (s *Site) outturnSheet(c *fiber.Ctx) (*sheet, error) {
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, s.refuse(answerLanguage(c), fiber.StatusBadRequest, "", "refused.query")
	}
	o, _, err := s.outturnOf(c.UserContext(), query)
	if err != nil {
		return nil, err
	}
	t := newSheet(strings.TrimSuffix("outturn-"+plainName(query.Get(paramBudget)), "-"), datasets.Schema{
		textColumn("place", "Place"), textColumn("code", "Code"), textColumn("year", "Fiscal year"), textColumn("currency", "Currency"),
		amountColumn("approved", "Approved", o.Scale), amountColumn("executed", "Executed", o.Scale),
		amountColumn("interest_approved", "Interest approved", o.Scale), amountColumn("interest_executed", "Interest executed", o.Scale),
		floatColumn("sdg_16_6_1", "SDG 16.6.1, percent"), floatColumn("sdg_16_6_1_without_interest", "SDG 16.6.1 without interest, percent"),
		textColumn("pi_1_1", "PEFA PI-1.1"), textColumn("not_computable", "Not computable because"),
	})
	places := append([]fiscal.Outturn{o.Whole}, o.Agencies...)
	places = append(places, o.Functions...)
	for i := range places {
		for k := range places[i].Years {
			y := &places[i].Years[k]
			t.row(places[i].Kind, places[i].Code, y.Year, o.Currency, given(y.Approved), given(y.Executed), given(y.InterestApproved), given(y.InterestExecuted),
				percentOf(y.Total), percentOf(y.WithoutInterest), places[i].Grade, lackKinds(y.Why, y.WhyInterest))
		}
	}
	return t, nil
}

// percentOf is a figure of a sheet; nil stays none.
func percentOf(r *fiscal.Ratio) any {
	if r == nil {
		return nil
	}
	return r.Float()
}

// lackKinds names the reasons, each once.
func lackKinds(lists ...[]fiscal.Lack) string {
	var kinds []string
	for _, list := range lists {
		for i := range list {
			kinds = append(kinds, list[i].Kind)
		}
	}
	return strings.Join(once(kinds), " ")
}
