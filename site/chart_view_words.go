package site

import (
	"context"
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
)

// namedGaps is how many gaps a sentence names.
const namedGaps = 5

// remarks says of the figures what cannot be seen in them: what is missing, and
// what was left out.
func (d *chartData) remarks(ctx context.Context) error {
	f := &d.figures
	var columns []string
	if d.spec.Agg != datasets.OpCount || d.spec.Kind == chart.Histogram {
		columns = append(columns, d.spec.Y...)
	}
	if i := d.schema.Index(d.spec.X.Column); i >= 0 && f.ordered && d.spec.Kind != chart.Histogram {
		columns = append(columns, d.spec.X.Column)
	}
	var stats []datasets.ColumnStats
	if columns = once(columns); len(columns) > 0 {
		var err error
		if stats, err = d.rows.Stats(ctx, d.query, columns); err != nil {
			return err
		}
	}
	for i := range stats {
		if stats[i].Nulls > 0 {
			d.note("chart.note.nulls", "n", stats[i].Nulls, "name", d.l.name(columnLabel(d.schema, stats[i].Name)))
		}
	}
	q := d.query
	q.Measures = []datasets.Measure{{Op: datasets.OpCount}}
	page, err := d.rows.Page(ctx, q)
	if err != nil {
		return err
	}
	if page.Left > 0 {
		d.note("chart.note.totals", "n", page.Left)
	}
	for k := range f.Series {
		d.missing(&f.Series[k])
	}
	return nil
}

// missing names the steps at which a series has no figure.
func (d *chartData) missing(s *chartSeries) {
	var names []string
	n := 0
	for i, figure := range s.Figures {
		if figure.OK {
			continue
		}
		if n++; n <= namedGaps {
			names = append(names, d.l.name(d.l.stepText(&d.figures, d.spec, i)))
		}
	}
	if n == 0 {
		return
	}
	list := strings.Join(names, d.l.Text("list.comma")+" ")
	switch {
	case n > namedGaps:
		d.note("chart.note.gaps", "name", d.l.name(s.Name), "list", list, "n", n-namedGaps)
	default:
		d.note("chart.note.missing", "name", d.l.name(s.Name), "list", list)
	}
}

// measureText is what the figures are: "sum of amount".
func (l *locale) measureText(f *chartFigures, spec *chartSpec, schema datasets.Schema) string {
	if spec.Agg == datasets.OpCount || len(spec.Y) == 0 {
		return l.Text("measure.count")
	}
	var names []string
	for _, y := range spec.Y {
		names = append(names, l.name(bareLabel(schema, y)))
	}
	name := names[len(names)-1]
	if len(names) > 1 {
		name = strings.Join(names[:len(names)-1], l.Text("list.comma")+" ") + " " + l.Text("list.and") + " " + name
	}
	if f.Single {
		return name
	}
	return l.Text("measure."+string(spec.Agg)+".of", "column", name)
}

// name sets a name of the data apart from the letters around it, which may run
// the other way.
func (l *locale) name(s string) string { return isolateFrom + unmarked(s) + isolateTo }

// The marks between which a text is set apart where there is no markup.
const (
	isolateFrom = "\u2068"
	isolateTo   = "\u2069"
)

// unmarked is a text without marks of direction.
func unmarked(s string) string {
	if !strings.Contains(s, "\xe2\x80") && !strings.Contains(s, "\xe2\x81") { // they begin all marks
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, s)
}

// markedUp is a sentence with names set apart, for a page.
func markedUp(s string) template.HTML {
	return template.HTML(strings.NewReplacer(isolateFrom, "<bdi>", isolateTo, "</bdi>").Replace(template.HTMLEscapeString(s))) //nolint:gosec // escaped
}

// bareLabel is the label of a column without the unit that stands in brackets
// at its end.
func bareLabel(schema datasets.Schema, name string) string {
	i := schema.Index(name)
	if i < 0 {
		return name
	}
	label := firstOf(schema[i].Label, name)
	if unit := schema[i].Unit; unit != "" {
		for _, brackets := range [...]string{"(" + unit + ")", "[" + unit + "]"} {
			if bare := strings.TrimSpace(strings.Replace(label, brackets, "", 1)); bare != "" {
				label = bare
			}
		}
	}
	return label
}

// unitText is the unit of the figures, empty when it is not known or not one.
func unitText(spec *chartSpec, schema datasets.Schema) string {
	if spec.Agg == datasets.OpCount && spec.Kind != chart.Histogram {
		return ""
	}
	unit := ""
	for k, y := range spec.Y {
		i := schema.Index(y)
		if i < 0 || k > 0 && schema[i].Unit != unit {
			return ""
		}
		unit = schema[i].Unit
	}
	return unit
}

// xText is what stands on the axis of steps.
func (l *locale) xText(spec *chartSpec, schema datasets.Schema) string {
	name := l.name(bareLabel(schema, spec.X.Column))
	if spec.X.Part == datasets.Whole || spec.X.Part == datasets.Day {
		return name
	}
	return l.Text("part."+string(spec.X.Part)+".of", "column", name)
}

// plainTitle says what is drawn.
func (l *locale) plainTitle(f *chartFigures, spec *chartSpec, schema datasets.Schema) string {
	switch {
	case spec.Kind == chart.Histogram:
		return l.Text("chart.title.histogram", "name", l.name(bareLabel(schema, spec.Y[0])))
	case spec.Kind == chart.Scatter:
		return l.Text("chart.title.scatter", "x", l.name(bareLabel(schema, spec.X.Column)), "y", l.name(bareLabel(schema, spec.Y[0])))
	case spec.Split != "":
		return l.Text("chart.title.split", "measure", l.measureText(f, spec, schema), "x", l.xText(spec, schema), "group", l.name(columnLabel(schema, spec.Split)))
	default:
		return l.Text("chart.title", "measure", l.measureText(f, spec, schema), "x", l.xText(spec, schema))
	}
}

// finding is a title that says what the chart shows, empty where no sentence is
// true without doubt.
func (l *locale) finding(f *chartFigures, spec *chartSpec, schema datasets.Schema) string {
	if len(f.Series) != 1 || len(f.Steps) < 2 {
		return ""
	}
	switch spec.Kind {
	case chart.Bars:
		if f.ordered {
			return l.foundChange(f, spec, schema)
		}
		return l.foundLargest(f, spec, schema)
	case chart.Lines, chart.Area:
		if f.Scale != chart.Band {
			return l.foundChange(f, spec, schema)
		}
	case chart.Histogram:
		return l.foundRange(f, spec)
	case chart.Grouped, chart.Scatter:
	}
	return ""
}

// foundLargest names the first bar, and its share where the figures add up.
func (l *locale) foundLargest(f *chartFigures, spec *chartSpec, schema datasets.Schema) string {
	s := &f.Series[0]
	first, second := s.Figures[0], s.Figures[1]
	if !first.OK || f.Steps[0].Null || f.Steps[0].Rest > 0 || first.value(&s.Column) <= 0 || second.OK && second.value(&s.Column) >= first.value(&s.Column) {
		return ""
	}
	total, adds := 0.0, spec.Agg == datasets.OpSum || spec.Agg == datasets.OpCount
	for _, figure := range s.Figures {
		v := figure.value(&s.Column)
		if figure.Over || figure.OK && v < 0 {
			adds = false
		}
		if figure.OK {
			total += v
		}
	}
	args := []any{"name", l.name(l.stepText(f, spec, 0)), "measure", l.measureText(f, spec, schema), "value", l.figureText(first, &s.Column, unitText(spec, schema))}
	const most = 0.9 // what is nearly all is rather of another kind than the rest
	if !adds || first.value(&s.Column)/total > most {
		return l.Text("chart.found.highest", args...)
	}
	return l.Text("chart.found.largest", append(args, "share", l.Percent(first.value(&s.Column)/total))...)
}

// foundChange says from what to what the figures went.
func (l *locale) foundChange(f *chartFigures, spec *chartSpec, schema datasets.Schema) string {
	s, last := &f.Series[0], len(f.Steps)-1
	a, b := s.Figures[0], s.Figures[last]
	adds := spec.Agg == datasets.OpSum || spec.Agg == datasets.OpCount
	if !a.OK || !b.OK || adds && spec.X.Part != datasets.Whole && !f.Single {
		return "" // the first and last month may not be whole ones
	}
	unit := unitText(spec, schema)
	first, final := l.figureText(a, &s.Column, unit), l.figureText(b, &s.Column, unit)
	key := "chart.found.same"
	switch x, y := a.value(&s.Column), b.value(&s.Column); {
	case first == final:
	case x < y:
		key = "chart.found.up"
	case x > y:
		key = "chart.found.down"
	}
	return l.Text(key, "measure", l.measureText(f, spec, schema), "a", first, "from", l.name(l.stepText(f, spec, 0)), "b", final, "to", l.name(l.stepText(f, spec, last)))
}

// foundRange names the range in which most values lie.
func (l *locale) foundRange(f *chartFigures, spec *chartSpec) string {
	most, total := 0, int64(0)
	for i, figure := range f.Series[0].Figures {
		total += figure.Int
		if figure.Int > f.Series[0].Figures[most].Int {
			most = i
		}
	}
	n := f.Series[0].Figures[most].Int
	if n == 0 {
		return ""
	}
	from, to, _ := strings.Cut(f.Steps[most].Text, binSign)
	return l.Text("chart.found.range", "n", n, "total", total, "a", l.binEnd(f, from), "b", l.binEnd(f, to), "share", l.Percent(float64(n)/float64(total)))
}

// figureText is a figure in few digits, with its unit.
func (l *locale) figureText(f figure, c *datasets.Column, unit string) string {
	times, unit := l.unitTimes(unit)
	text := chart.Compact(l, f.value(c)*times)
	if unit != "" {
		text += " " + l.name(unit)
	}
	return text
}

// unitTimes takes a word for a large number off a unit, so that it does not
// stand behind another one: 1.2 million million rials are 1.2 trillion rials.
func (l *locale) unitTimes(unit string) (times float64, rest string) {
	for _, word := range [...]struct {
		text  string
		times float64
	}{
		{"هزار میلیارد ", tera},
		{"میلیارد ", giga},
		{"میلیون ", mega},
		{"هزار ", kilo},
		{"trillion ", tera},
		{"billion ", giga},
		{"million ", mega},
		{"thousand ", kilo},
		{"trillions of ", tera},
		{"billions of ", giga},
		{"millions of ", mega},
		{"thousands of ", kilo},
	} {
		if strings.HasPrefix(strings.ToLower(unit), word.text) {
			return word.times, unit[len(word.text):]
		}
	}
	return 1, unit
}

// drawn is the chart of the figures.
func (l *locale) drawn(f *chartFigures, spec *chartSpec, schema datasets.Schema) *chart.Chart {
	c := &chart.Chart{Kind: spec.Kind, Lang: l.lang, Numbers: l, Upright: f.ordered, NoValue: l.Text("chart.novalue")}
	c.X = chart.Axis{Label: l.xText(spec, schema), Scale: f.Scale, Years: f.Years}
	times, unit := l.unitTimes(unitText(spec, schema))
	c.Y.Label = l.measureText(f, spec, schema)
	switch spec.Kind {
	case chart.Histogram:
		c.X.Label = withUnit(bareLabel(schema, spec.Y[0]), unitText(spec, schema))
		c.Y.Label = l.Text("chart.count.values")
	case chart.Scatter:
		c.X.Label = bareLabel(schema, spec.X.Column)
		if i := schema.Index(spec.X.Column); i >= 0 {
			c.X.Label = withUnit(c.X.Label, schema[i].Unit)
		}
		c.Y.Label = withUnit(bareLabel(schema, spec.Y[0]), unit)
	case chart.Bars, chart.Grouped, chart.Lines, chart.Area:
		c.Y.Label = withUnit(c.Y.Label, unit)
		for i := range f.Steps {
			c.X.Names = append(c.X.Names, chart.Name{Text: l.stepText(f, spec, i), Rest: f.Steps[i].Rest > 0})
		}
	}
	for k := range f.Series {
		c.Series = append(c.Series, l.drawnSeries(f, spec, k, times))
	}
	return c
}

func (l *locale) drawnSeries(f *chartFigures, spec *chartSpec, k int, times float64) chart.Series {
	if spec.Kind == chart.Histogram {
		times = 1 // rows are counted, whatever the unit of the values
	}
	from := &f.Series[k]
	s := chart.Series{Name: from.Name, Rest: from.Rest > 0}
	for i, figure := range from.Figures {
		p := chart.Point{X: f.Steps[i].At, Missing: !figure.OK, Y: figure.value(&from.Column) * times, Text: figure.read(l, &from.Column)}
		switch {
		case f.to != nil:
			p.To = f.to[i]
			p.Text = l.stepText(f, spec, i) + ": " + p.Text
		case spec.Kind == chart.Scatter:
			p.Text = l.Text("chart.pair", "x", l.stepText(f, spec, i), "y", p.Text)
		}
		if p.Missing {
			p.Text = l.Text("chart.novalue")
		}
		s.Points = append(s.Points, p)
	}
	return s
}

// withUnit puts the unit behind a label that does not name it yet.
func withUnit(label, unit string) string {
	if unit == "" || strings.Contains(label, unit) {
		return label
	}
	return label + " (" + unit + ")"
}

// chartSource are the lines that a picture carries: whose the data is, under
// which licence, and where the chart is found.
func (s *Site) chartSource(l *locale, d *catalog.Dataset, agency *catalog.Agency, e *catalog.Edition, address string) []string {
	who := d.Publisher
	if agency != nil {
		who = l.said(agency.Title).Text
	}
	title := l.said(d.Title).Text
	lines := []string{l.Text("chart.source", "agency", firstOf(who, "—"), "title", title, "date", l.Day(e.Since), "digest", e.Digest[:min(shortDigest, len(e.Digest))])}
	licence := l.licence(d.Licence, d.Rights)
	if name := firstOf(licence.Name.Text, licence.Says); name != "" {
		lines = append(lines, l.Text("chart.licence", "name", name))
	}
	return append(lines, l.Text("site.name")+" — "+address)
}
