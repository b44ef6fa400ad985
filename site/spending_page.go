package site

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// spendingPage fills the page of a place.
func (s *Site) spendingPage(ctx context.Context, l *locale, p *spent, v *spendingView) error {
	m := p.money(l)
	v.Name, v.YearText, v.MoreSources = p.name(l), l.year(p.Year), max(0, len(p.sources)-mostSources)
	v.Unit = m.unit()
	if p.Head {
		people := p.population[p.Year]
		v.Unit = l.Text("spending.unit.head", "unit", v.Unit)
		v.Note = l.Text("spending.people", "n", people.People, "year", l.year(p.Year), "source", people.Source)
	}
	v.Totals = p.totals(&m)
	v.Spent = l.spentMark(&p.node)
	v.Limits = p.limitRows(l)
	v.Fields, v.FormURL = p.fields(l), "/"+l.lang+p.path()
	q := url.Values{paramOf: {p.By}}
	if p.Budget != "" {
		q.Set(paramBudget, p.Budget)
	}
	if p.Exact {
		q.Set(paramFigures, exactFigures)
	}
	v.Hidden = hidden(q)
	v.Table = p.table(l, &m)
	v.Tree = p.treemap(l, &m, true)
	v.Line = p.yearLine(l, &m)
	v.Files = p.files()
	v.Exact = p.exactLink(l)
	v.Doors = []Link{{Text: l.Text("outturn.title"), URL: "/" + l.lang + withQuery(outturnPath, p.budgetQuery())}, {Text: l.Text("budgets.title"), URL: "/" + l.lang + budgetsPath}}
	if v.Tree != nil {
		v.EmbedCode = s.embedCode(unmarked(v.Tree.Title), p.embedURL(l.lang))
	}
	documents, err := s.fiscal.Documents(ctx, "")
	if err != nil {
		return err
	}
	if len(documents) > 0 {
		v.Doors = append(v.Doors, Link{Text: l.Text("calendar.title"), URL: "/" + l.lang + calendarPath})
	}
	if v.Sources, err = s.spendingSources(ctx, l, p); err != nil {
		return err
	}
	title := l.Text("spending.title.of", "name", v.Name.Text, "year", l.year(p.Year))
	if p.newest {
		title = l.Text("spending.title")
	}
	v.Frame = Frame{
		Title: title, Description: l.Text("spending.description", "name", v.Name.Text, "year", l.year(p.Year)), Section: sectionSpending,
		Crumbs: p.crumbs(l), NoIndex: len(p.query()) > len(p.budgetQuery()),
	}
	if p.Budget != "" {
		v.State = url.Values{paramBudget: {p.Budget}}.Encode()
	}
	return nil
}

// totals are the amounts of the place by phase.
func (p *spent) totals(m *money) []spendingTotal {
	var all []spendingTotal
	for _, phase := range p.year.Phases {
		all = append(all, spendingTotal{phase, m.cell(p.node.Of(phase))})
	}
	return all
}

// sectionSpending is the entry of the navigation.
const sectionSpending = "spending"

func (a *spendingAsk) budgetQuery() url.Values {
	if a.Budget == "" {
		return nil
	}
	return url.Values{paramBudget: {a.Budget}}
}

// year writes a fiscal year in the digits of the language.
func (l *locale) year(year string) string { return l.Digits(year) }

// name is what the place is called.
func (p *spent) name(l *locale) said {
	if len(p.trail) > p.roots() {
		return l.nodeName(&p.trail[len(p.trail)-1], p.agencies)
	}
	return p.rootName(l)
}

// roots is how many nodes of the trail are the whole itself.
func (p *spent) roots() int {
	if p.ownRoot() {
		return 1
	}
	return 0
}

// rootName is what the whole is called.
func (p *spent) rootName(l *locale) said {
	if p.scope.Country {
		return said{Text: l.Text("spending.country")}
	}
	b := &p.scope.Budgets[0]
	t := l.said(b.Title)
	t.Text = firstOf(t.Text, b.Slug)
	return t
}

// nodeName is what a node is called: an agency by its title, others as their
// tables call them.
func (l *locale) nodeName(n *fiscal.Node, agencies agencyList) said {
	if n.Code == fiscal.Unclassified {
		return said{Text: l.Text("spending.unclassified")}
	}
	if n.Scheme == fiscal.SchemeAgency {
		if a := agencies.bySlug(n.Code); a != nil {
			return l.said(a.Title)
		}
	}
	t := l.said(n.Label)
	t.Text = firstOf(t.Text, n.Code)
	return t
}

// crumbs lead from the country down to the place, in the same view.
func (p *spent) crumbs(l *locale) []Link {
	if p.scope.Country && len(p.trail) == 0 {
		return nil
	}
	all := []Link{{Text: l.Text("nav.spending"), URL: "/" + l.lang + spendingPath}}
	if len(p.trail) > p.roots() {
		root := p.rootName(l)
		all = append(all, Link{Text: root.Text, Lang: root.Lang, URL: "/" + l.lang + p.at(nil).address()})
	}
	for i := p.roots(); i < len(p.trail)-1; i++ {
		name := l.nodeName(&p.trail[i], p.agencies)
		all = append(all, Link{Text: name.Text, Lang: name.Lang, URL: "/" + l.lang + p.at(p.Path[:i+1]).address()})
	}
	return all
}

// fields are the selects of the form.
func (p *spent) fields(l *locale) []chartField {
	field := func(name string, keys []string, current, prefix string) chartField {
		f := chartField{Name: name, ID: name}
		for _, key := range keys {
			c := choice{Key: key, Label: key, Current: key == current}
			if prefix != "" {
				c.Label = l.Text(prefix + firstOf(key, "none"))
			} else {
				c.Label = l.year(key)
			}
			f.Choices = append(f.Choices, c)
		}
		return f
	}
	var years []string
	for _, y := range slices.Backward(p.years) {
		years = append(years, y.Year)
	}
	all := []chartField{field(paramYear, years, p.Year, ""), field(paramMeasure, p.measures, p.measure, "spending.measure.")}
	if len(p.trees) > 1 {
		all = append(all, field(paramBy, p.trees, p.By, "spending.by."))
	}
	if len(p.directions) > 1 {
		all = append(all, field(paramDirection, []string{string(fiscal.Expenditure), string(fiscal.Revenue)}, string(p.Direction), "spending.direction."))
	}
	if p.knowsPeople() {
		per := ""
		if p.Head {
			per = perHead
		}
		all = append(all, field(paramPer, []string{"", perHead}, per, "spending.per."))
	}
	return all
}

// exactLink leads to exact figures, or from them to those in words.
func (p *spent) exactLink(l *locale) Link {
	to := p.spendingPlace
	to.Exact = !to.Exact
	key := "spending.exact"
	if p.Exact {
		key = "spending.inwords"
	}
	return Link{Text: l.Text(key), URL: "/" + l.lang + to.address()}
}

// files are the files of the table.
func (p *spent) files() []Link {
	to := p.spendingPlace
	to.Measure, to.Head, to.Exact, to.All = "", false, false, false
	return sheetFiles(to.address())
}

// A limitRow is what must stand beside the figures.
type limitRow struct {
	Text  string
	Links []Link // whom it is about
	More  int64
}

// mostLimited is how many budgets a limit names.
const mostLimited = 8

// limitRows writes the limits, one row a kind and day.
func (p *spent) limitRows(l *locale) []limitRow {
	var (
		rows []limitRow
		keys []string
	)
	for i := range p.limits {
		one := &p.limits[i]
		at := strings.Join([]string{one.Kind, string(one.Phase), one.Day}, " ")
		n := slices.Index(keys, at)
		if n < 0 {
			n = len(rows)
			keys = append(keys, at)
			rows = append(rows, limitRow{Text: l.limitText(one, p.limitSum(one))})
		}
		if len(rows[n].Links) >= mostLimited {
			rows[n].More++
			continue
		}
		rows[n].Links = append(rows[n].Links, p.limited(l, one))
	}
	if !p.scope.Country || p.By == fiscal.Administrative && len(p.Path) > 0 { // there is only one
		for i := range rows {
			rows[i].Text, rows[i].Links = strings.TrimRight(rows[i].Text, ".:")+".", nil
		}
	}
	return rows
}

// limitSum is how many rows limits of the same kind are about.
func (p *spent) limitSum(one *fiscal.Limit) (n int64) {
	for i := range p.limits {
		if p.limits[i].Kind == one.Kind {
			n += p.limits[i].N
		}
	}
	return n
}

func (l *locale) limitText(one *fiscal.Limit, n int64) string {
	args := []any{"n", n}
	if one.Day != "" {
		args = append(args, "day", l.DateText(one.Day[:min(len(one.Day), len("2006-01-02"))]))
	}
	if one.Phase != "" {
		args = append(args, "phase", l.Text("spending.phase."+string(one.Phase)))
	}
	return l.Text("spending.limit."+one.Kind, args...)
}

// limited names what a limit is about: an agency, or one of its budgets.
func (p *spent) limited(l *locale, one *fiscal.Limit) Link {
	to := "/" + l.lang + budgetPath(one.Budget)
	if a := p.agencies.bySlug(one.Agency); a != nil {
		t := l.said(a.Title)
		return Link{Text: t.Text, Lang: t.Lang, URL: to}
	}
	return Link{Text: one.Agency, URL: to}
}

// A spentMark is an executed amount held against the approved one: a bar with
// a mark where the whole of the budget is.
type spentMark struct {
	Text string // "94.1%"
	Says string // in words, where it is more than was approved
	Over bool
	// Of the drawing, in parts of a hundred.
	X, Width, MarkX float64
}

// markWidth is how wide the mark of the whole budget is.
const markWidth = 1.5

// spentMark draws the share of a node; nil where there is none.
func (l *locale) spentMark(n *fiscal.Node) *spentMark {
	done, of, ok := n.Share()
	if !ok {
		return nil
	}
	const whole = 100.0
	share := float64(done) / float64(of)
	longest := max(share, 1)
	m := &spentMark{Text: l.Percent(share), Over: done > of, Width: max(share, 0) / longest * whole, MarkX: whole/longest - markWidth}
	if m.Over {
		m.Says = l.Text("spending.over")
	}
	if direction(l.lang) == "rtl" {
		m.X, m.MarkX = whole-m.Width, whole-markWidth-m.MarkX
	}
	return m
}
