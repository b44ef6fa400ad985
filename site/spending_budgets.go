package site

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// budgetsPath is the list of budgets, budgetPath one of them, without language.
const budgetsPath = spendingPath + "/budgets"

func budgetPath(slug string) string { return budgetsPath + "/" + slug }

// A budgetsView is the budgets that there are.
type budgetsView struct {
	Frame
	Rows  []budgetRow
	shape List[fiscal.Budget]
}

// A budgetRow is a budget in the list.
type budgetRow struct {
	Name     said
	URL      string
	Agency   Link
	State    string
	Class    string // of its mark
	Counted  bool
	Rows     int64
	Currency string
	Spending string // address of its figures
}

// JSON is the list as the API answers it.
func (v *budgetsView) JSON() any { return v.shape }

// budgetClasses are the marks of states.
var budgetClasses = map[string]string{fiscal.Loaded: "ok", fiscal.Held: "bad", fiscal.Waiting: "idle"}

// budgetList answers the budgets.
func (s *Site) budgetList(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	all, err := s.fiscal.Budgets(ctx, fiscal.BudgetFilter{})
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &budgetsView{shape: List[fiscal.Budget]{Total: int64(len(all)), Results: append([]fiscal.Budget{}, all...)}}
	for i := range all {
		v.Rows = append(v.Rows, l.budgetRow(&all[i], agencies))
	}
	v.Frame = Frame{
		Title: l.Text("budgets.title"), Description: l.Text("budgets.description"), Section: sectionSpending,
		Crumbs: []Link{{Text: l.Text("nav.spending"), URL: "/" + r.Lang + spendingPath}},
	}
	return v, nil
}

func (l *locale) budgetRow(b *fiscal.Budget, agencies agencyList) budgetRow {
	row := budgetRow{
		Name: l.said(b.Title), URL: "/" + l.lang + budgetPath(b.Slug), Agency: l.agencyLink(agencies.byID[b.Agency]), State: b.State, Class: budgetClasses[b.State],
		Counted: b.Counted, Rows: b.Rows, Currency: (&money{l: l, currency: b.Currency}).unit(),
	}
	row.Name.Text = firstOf(row.Name.Text, b.Slug)
	if b.Cube != "" {
		row.Spending = "/" + l.lang + withQuery(spendingPath, url.Values{paramBudget: {b.Slug}})
	}
	return row
}

// A budgetView is one budget: how its table is read, what came of it, and what
// keeps a new state from being shown.
type budgetView struct {
	Frame
	Row     budgetRow
	Source  spendingSource
	Beside  Link // the budget that counts in its place
	Fields  []mappedField
	Factor  string
	Totals  []budgetTotal
	Unit    string
	LeftOut int64
	About   fiscal.About
	Faults  []fiscal.Fault
	Files   []download
	Mapping string // as JSON
	shape   budgetShape
}

// A mappedField is a column of the table and what it is.
type mappedField struct{ Column, Type, Value, More string }

// A budgetTotal is the sum of a year, a direction and a phase.
type budgetTotal struct {
	Year      string
	URL       string
	Direction fiscal.Direction
	Phase     fiscal.Phase
	Lines     int64
	amountCell
}

// A budgetShape is a budget as the API answers it.
type budgetShape struct {
	fiscal.Budget
	Faults []fiscal.Fault `json:"faults"`
}

// JSON is the budget as the API answers it.
func (v *budgetView) JSON() any { return v.shape }

// budget answers one budget.
func (s *Site) budget(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	b, err := s.fiscal.Budget(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	v := &budgetView{shape: budgetShape{b, []fiscal.Fault{}}, About: b.About, LeftOut: b.LeftOut}
	if v.Faults, err = s.fiscal.Faults(ctx, b.ID); err != nil {
		return nil, err
	}
	v.shape.Faults = append(v.shape.Faults, v.Faults...)
	if r.JSON {
		return v, nil
	}
	return v, s.budgetPage(ctx, l, &b, v)
}

func (s *Site) budgetPage(ctx context.Context, l *locale, b *fiscal.Budget, v *budgetView) error {
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return err
	}
	v.Row = l.budgetRow(b, agencies)
	if v.Source, err = s.budgetSource(ctx, l, b, agencies); err != nil {
		return err
	}
	if b.About.Beside != "" {
		v.Beside = Link{Text: b.About.Beside, URL: "/" + l.lang + budgetPath(b.About.Beside)}
	}
	for i := range b.Mapping.Fields {
		v.Fields = append(v.Fields, l.mappedField(&b.Mapping.Fields[i]))
	}
	m := money{l: l, currency: b.Currency, scale: b.Scale}
	v.Unit = m.unit()
	v.Factor = l.Digits(b.Mapping.Factor)
	for _, t := range sortedTotals(b.About.Totals) {
		to := spendingPlace{Year: t.Year, Budget: b.Slug, Direction: t.Direction, Measure: string(t.Phase)}
		v.Totals = append(v.Totals, budgetTotal{l.year(t.Year), "/" + l.lang + to.address(), t.Direction, t.Phase, t.Lines, m.cell(&t.Amount)})
	}
	if b.Lines != "" {
		v.Source.Lines = "/" + l.lang + budgetPath(b.Slug) + "/lines"
		v.Files = lineFiles(b, v.Row.Name.Text, url.Values{})
	}
	v.Frame = Frame{
		Title: l.Text("budget.title", "name", v.Row.Name.Text), Description: l.Text("budget.description", "name", v.Row.Name.Text), Section: sectionSpending,
		Crumbs: l.budgetCrumbs(nil),
	}
	return nil
}

// budgetCrumbs lead to the budgets, or to one of them.
func (l *locale) budgetCrumbs(b *fiscal.Budget) []Link {
	all := []Link{{Text: l.Text("nav.spending"), URL: "/" + l.lang + spendingPath}, {Text: l.Text("budgets.title"), URL: "/" + l.lang + budgetsPath}}
	if b != nil {
		t := l.said(b.Title)
		all = append(all, Link{Text: firstOf(t.Text, b.Slug), Lang: t.Lang, URL: "/" + l.lang + budgetPath(b.Slug)})
	}
	return all
}

func (l *locale) mappedField(f *fiscal.Field) mappedField {
	var more []string
	if f.Phase != "" {
		more = append(more, l.Text("spending.phase."+string(f.Phase)))
	}
	if f.Direction != "" {
		more = append(more, l.Text("spending.direction."+string(f.Direction)))
	}
	for _, s := range []string{l.year(f.Year), f.Currency} {
		if s != "" {
			more = append(more, s)
		}
	}
	if f.Factor != "" && f.Factor != "1" {
		more = append(more, "× "+l.Digits(f.Factor))
	}
	return mappedField{f.Column, f.Type, f.Value, strings.Join(more, l.Text("list.comma")+" ")}
}

// A linesView is lines of a budget: the rows that its figures are the sums of.
type linesView struct {
	Frame
	Name    said
	Table   dataTable
	Filters []chipView
	AllURL  string
	Total   int64
	NextURL string
	Files   []download
	shape   json.RawMessage
}

// JSON is the page of lines.
func (v *linesView) JSON() any { return v.shape }

// budgetLines answers lines of a budget, by the parameters of a row query.
func (s *Site) budgetLines(r *Request) (View, error) {
	ctx, l := r.Context(), s.locales[r.Lang]
	b, err := s.linesOf(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	page, err := s.tablePage(ctx, r.Lang, &catalog.Edition{Digest: b.Lines}, withoutEmpty(r.Query), pageRows)
	if err != nil {
		return nil, err
	}
	v := &linesView{Name: l.said(b.Title), Total: page.Total}
	v.Name.Text = firstOf(v.Name.Text, b.Slug)
	next := ""
	if page.Next != "" {
		v.NextURL, next = r.next(page.Next)
	}
	if r.JSON {
		v.shape, err = page.json(ctx, b.Lines, next)
		return v, err
	}
	v.Table = l.dataTable("lines", l.Text("budget.lines.table", "name", v.Name.Text), page.RowPage, nil, false)
	v.Table.Total = page.Total
	for _, f := range page.Query.Filters {
		name := filterName(r.Query, f.Column)
		v.Filters = append(v.Filters, chipView{l.HTML("budget.lines.filter", "column", f.Column, "value", strings.Join(f.Values, l.Text("list.comma")+" ")), r.url(name, "", paramAfter, "")})
	}
	if len(v.Filters) > 0 {
		v.AllURL = "/" + r.Lang + r.Path
	}
	q := page.Query
	v.Files = lineFiles(&b, v.Name.Text, exportParams(q, false))
	v.Frame = Frame{Title: l.Text("budget.lines.title", "name", v.Name.Text), Section: sectionSpending, Crumbs: l.budgetCrumbs(&b), NoIndex: len(r.Query) > 0}
	return v, nil
}

// filterName is the parameter that a condition on a column stands in.
func filterName(q url.Values, column string) string {
	if q.Has(column) {
		return column
	}
	for name := range q {
		if strings.HasPrefix(name, column+"__") {
			return name
		}
	}
	return column
}

// linesOf returns a budget whose lines can be shown.
func (s *Site) linesOf(ctx context.Context, slug string) (fiscal.Budget, error) {
	b, err := s.fiscal.Budget(ctx, slug)
	if err == nil && b.Lines == "" {
		return b, catalog.NotFound("lines of the budget", slug)
	}
	return b, err
}

// lineFiles are the files of lines of a budget.
func lineFiles(b *fiscal.Budget, name string, q url.Values) []download {
	var all []download
	for _, f := range exporters.Formats() {
		kind := f.Ext
		if !downloadKinds[kind] {
			kind = "other"
		}
		d := download{Format: f.Title, Kind: kind, Of: name, URL: withQuery(budgetPath(b.Slug)+"/lines."+f.Ext, q), Rows: b.Rows, Part: len(q) > 0}
		if d.Part {
			d.Rows = 0
		}
		all = append(all, d)
	}
	return all
}

// serveBudgetLines answers with lines of a budget as a file.
func (s *Site) serveBudgetLines(c *fiber.Ctx) error {
	format, ok := exporters.ByExt(c.Params("ext"))
	if !ok {
		return s.refuse(answerLanguage(c), fiber.StatusNotFound, "", "refused.format", "ext", c.Params("ext"), "formats", formatList())
	}
	ctx := c.UserContext()
	b, err := s.linesOf(ctx, c.Params("slug"))
	if err != nil {
		return err
	}
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return s.refuse(answerLanguage(c), fiber.StatusBadRequest, "", "refused.query")
	}
	options, err := s.exportOptions(c, &format, query)
	if err != nil {
		return err
	}
	rows, err := s.Files.Rows(b.Lines)
	if err != nil {
		return s.exportError(c, err)
	}
	w := &wanted{edition: &catalog.Edition{Digest: b.Lines, Schema: rows.Schema()}, frozen: true}
	q, err := s.exportQuery(c, w, query)
	if err != nil {
		return err
	}
	if err := s.payExport(c, w, q, format, options); err != nil {
		return err
	}
	built, err := s.export(ctx, w, q, format, options, nil)
	if err != nil {
		return s.exportError(c, err)
	}
	name := b.Slug + "-lines"
	if key := q.Key(rows.Schema()); key != "" {
		name += "-" + key[:min(8, len(key))]
		c.Set("X-Robots-Tag", "noindex, nofollow")
	}
	return s.sendBuilt(c, built, format, name)
}

// sortedTotals are the totals of a budget by year, the newest first.
func sortedTotals(all []fiscal.Total) []fiscal.Total {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b fiscal.Total) int { return strings.Compare(b.Year, a.Year) })
	return out
}
