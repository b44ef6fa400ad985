package site

import (
	"html/template"
	"net/url"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/site/chart"
)

// A treeFigure is a treemap on a page: on a wide screen and on a phone.
type treeFigure struct {
	Title       string // the names in it set apart
	Subtitle    string
	Wide, Phone template.HTML
	Notes       []string
}

// treemap draws what the place is made of; nil where nothing is above zero.
// linked areas lead to their places.
func (p *spent) treemap(l *locale, m *money, linked bool) *treeFigure {
	whole := p.node.Of(p.drawn())
	if len(p.children) < 2 || whole == nil { //nolint:mnd // one part is the whole
		return nil
	}
	t := chart.Treemap{Lang: l.lang, Rest: func(n int) chart.Cell {
		cell := chart.Cell{Name: l.Text("spending.rest", "n", n), Hint: l.Text("spending.rest", "n", n)}
		if linked {
			cell.URL = "#spending-table"
		}
		return cell
	}}
	left, sum := int64(0), 0.0
	for i := range p.children {
		n := &p.children[i]
		a := n.Of(p.drawn())
		if a == nil || *a <= 0 {
			left++
			continue
		}
		sum += float64(*a)
		t.Cells = append(t.Cells, p.cell(l, m, n, *a, linked))
	}
	if len(t.Cells) == 0 {
		return nil
	}
	first := p.children[0]
	for i := range p.children {
		if deref(p.children[i].Of(p.drawn())) > deref(first.Of(p.drawn())) {
			first = p.children[i]
		}
	}
	phase, place := l.Text("spending.phase."+string(p.drawn())), p.name(l)
	f := &treeFigure{
		Title:    l.Text("spending.finding", "name", isolateFrom+l.nodeName(&first, p.agencies).Text+isolateTo, "share", l.Percent(float64(deref(first.Of(p.drawn())))/sum)),
		Subtitle: l.Text("spending.finding.of", "phase", phase, "name", isolateFrom+place.Text+isolateTo, "year", l.year(p.Year), "whole", m.words(*whole)+" "+p.unit(l, m)),
	}
	if left > 0 {
		f.Notes = append(f.Notes, l.Text("spending.undrawn", "n", left))
	}
	f.Wide, f.Phone = treeSVG(&t, chart.Wide, "chart-wide", linked), treeSVG(&t, chart.Phone, "chart-phone", linked)
	return f
}

// HTML is a sentence of the figure with its names set apart.
func (f *treeFigure) HTML(s string) template.HTML { return markedUp(s) }

// cell is the area of a node.
func (p *spent) cell(l *locale, m *money, n *fiscal.Node, a fiscal.Amount, linked bool) chart.Cell {
	name := l.nodeName(n, p.agencies).Text
	c := chart.Cell{Name: name, Value: m.float(a), Figure: m.words(a)}
	if p.measure == measureShare {
		c.Figure = l.Text("spending.share.none")
		if mark := l.spentMark(n); mark != nil {
			c.Figure = mark.Text
		}
	}
	c.Hint = name + l.Text("list.comma") + " " + m.words(a) + " " + p.unit(l, m)
	if linked {
		c.URL = "/" + l.lang + p.at(n.Path).address()
	}
	return c
}

func treeSVG(t *chart.Treemap, width float64, class string, linked bool) template.HTML {
	role := "img"
	if linked {
		role = "group"
	}
	return template.HTML(t.Scene(width).SVG("class", "chart-svg tree-svg "+class, "role", role, "aria-labelledby", "chart-title", "aria-describedby", "chart-words")) //nolint:gosec // the writer escapes
}

// A lineFigure is the years of a place: drawn, and as a table.
type lineFigure struct {
	Wide, Phone template.HTML
	Table       dataTable
	Note        string
}

// lineYears is how many years a line has.
const lineYears = 10

// yearLine draws the last years; nil where there is one alone.
func (p *spent) yearLine(l *locale, m *money) *lineFigure {
	line := p.line[max(0, len(p.line)-lineYears):]
	if len(line) < 2 { //nolint:mnd // a point is no line
		return nil
	}
	if m.people > 0 { // of other years they are others
		plain := *m
		plain.people = 0
		m = &plain
	}
	c := chart.Chart{Kind: chart.Lines, Lang: l.lang, Numbers: l, X: chart.Axis{Label: l.Text("spending.year")}, Y: chart.Axis{Label: m.unit(), Scale: chart.Linear}, NoValue: l.Text("cell.null")}
	t := dataTable{ID: "line-table", Caption: l.Text("spending.line.table", "unit", m.unit()), Head: []headCell{{Label: l.Text("spending.year")}}, Total: int64(len(line))}
	for i := range line {
		c.X.Names = append(c.X.Names, chart.Name{Text: l.year(line[i].Year)})
		t.Rows = append(t.Rows, []cell{{Kind: "text", Text: l.year(line[i].Year)}})
	}
	note := ""
	for _, phase := range fiscal.Phases {
		series := chart.Series{Name: l.Text("spending.phase." + string(phase))}
		some := false
		for i := range line {
			a := line[i].Of(phase)
			point, text := chart.Point{Missing: a == nil}, cell{Kind: "null", Numeric: true}
			if a != nil {
				some = true
				if phase != fiscal.Proposed && phase != fiscal.Approved && phase != fiscal.Adjusted && p.unfinished(line[i].Year) {
					point.Missing, note = true, l.Text("spending.line.unfinished", "year", l.year(line[i].Year))
				}
				point.Y, point.Text = m.float(*a), m.words(*a)
				text = cell{Kind: "number", Text: m.words(*a), Numeric: true}
			}
			series.Points = append(series.Points, point)
			t.Rows[i] = append(t.Rows[i], text)
		}
		if !some {
			for i := range t.Rows {
				t.Rows[i] = t.Rows[i][:len(t.Rows[i])-1]
			}
			continue
		}
		c.Series = append(c.Series, series)
		t.Head = append(t.Head, headCell{Label: series.Name, Numeric: true})
	}
	if len(c.Series) == 0 {
		return nil
	}
	return &lineFigure{Table: t, Note: note, Wide: lineSVG(&c, chart.Wide, "chart-wide"), Phone: lineSVG(&c, chart.Phone, "chart-phone")}
}

// unfinished reports whether the outturn of a year is not complete.
func (p *spent) unfinished(year string) bool {
	for i := range p.years {
		if y := &p.years[i]; y.Year == year {
			return y.Until != "" || y.Ends >= p.today
		}
	}
	return false
}

func lineSVG(c *chart.Chart, width float64, class string) template.HTML {
	return template.HTML(c.Scene(width, false).SVG("class", "chart-svg "+class, "role", "img", "aria-labelledby", "line-title", "aria-describedby", "line-words", "data-table", "line-table")) //nolint:gosec // the writer escapes
}

// embedURL is the address of the treemap alone.
func (p *spent) embedURL(lang string) string {
	to := p.spendingPlace
	to.Exact, to.All = false, false
	q := to.query()
	if q == nil {
		q = url.Values{}
	}
	q.Set(paramLang, lang)
	return withQuery("/embed"+to.path(), q)
}
