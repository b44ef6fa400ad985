package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site/chart"
)

// The parameters of a chart, beside those of the row query. A second y draws
// a second column.
const (
	paramType  = "type"
	paramX     = "x"
	paramY     = "y"
	paramSplit = "group"
	paramAgg   = "agg"
	paramTop   = "top"
)

// chartParams are the parameters that a chart takes out of the row query.
func chartParams() []string {
	return []string{paramType, paramX, paramY, paramSplit, paramAgg, paramTop}
}

// How many bars a chart has unless it is told, and at most.
const (
	usualTop = 15
	mostTop  = 200
)

// A chartSpec says what is drawn: a figure y, computed by agg, for each value
// of x, apart for each value of split.
type chartSpec struct {
	Kind  chart.Kind
	X     datasets.GroupBy // Column is empty where there is none
	Y     []string         // none when rows are counted
	Split string
	Agg   datasets.MeasureOp
	Top   int
}

// A chartError says why there is no chart, in the reader's language.
type chartError struct{ Param, Sentence string }

func (f *chartError) Error() string { return f.Sentence }

// chartSpec reads what the address asks for. What it leaves open is as in the
// first chart of the table. The error is a *chartError; the spec holds what
// could be read, for the form.
func (l *locale) chartSpec(x *exploration) (chartSpec, error) {
	spec := firstChart(x.Schema, x.Edition.Profile, l.lang)
	spec.follow(&x.Query, x.Schema)
	r := specReader{l: l, schema: x.Schema, asked: withoutEmpty(x.Own), spec: &spec}
	r.columns()
	r.choices()
	spec.settle(l.lang, r.asked, x.Schema, x.Edition.Profile)
	r.kind()
	if r.fault != nil {
		return spec, r.fault
	}
	return spec, l.possible(&spec, x.Schema)
}

// A specReader reads the parameters of a chart into its spec and keeps the
// first fault.
type specReader struct {
	l      *locale
	schema datasets.Schema
	asked  url.Values
	spec   *chartSpec
	fault  error
}

func (r *specReader) note(param, key string, args ...any) {
	if r.fault == nil {
		r.fault = &chartError{param, r.l.Text(key, args...)}
	}
}

// known reports whether there is a column of the name, and notes when not.
func (r *specReader) known(param, name string) bool {
	if r.schema.Index(name) >= 0 {
		return true
	}
	r.note(param, "chart.fault.column", "name", persian.Shorten(name, longURL))
	return false
}

func (r *specReader) columns() {
	if v := r.asked.Get(paramX); v != "" {
		if g := groupOf(r.schema, v); r.known(paramX, g.Column) {
			r.spec.X = g
		}
	}
	ys := slices.DeleteFunc(once(slices.Clone(r.asked[paramY])), func(y string) bool { return !r.known(paramY, y) })
	if len(ys) > chart.MaxSeries {
		r.note(paramY, "chart.fault.many", "n", chart.MaxSeries)
		ys = ys[:chart.MaxSeries]
	}
	if len(ys) > 0 {
		r.spec.measure(&r.schema[r.schema.Index(ys[0])])
		r.spec.Y = ys
	}
	if v := r.asked.Get(paramSplit); v != "" && r.known(paramSplit, v) {
		r.spec.Split = v
	}
}

func (r *specReader) choices() {
	if v := datasets.MeasureOp(r.asked.Get(paramAgg)); v != "" {
		if r.spec.Agg = v; !slices.Contains(chartAggs(), v) {
			r.note(paramAgg, "chart.fault.agg", "name", persian.Shorten(string(v), longURL))
			r.spec.Agg = datasets.OpSum
		}
	}
	if v := r.asked.Get(paramTop); v != "" {
		n, err := strconv.Atoi(persian.ASCIIDigits(v))
		if err != nil || n < 1 || n > mostTop {
			r.note(paramTop, "chart.fault.top", "n", mostTop)
			n = usualTop
		}
		r.spec.Top = n
	}
}

func (r *specReader) kind() {
	if v := chart.Kind(r.asked.Get(paramType)); v != "" {
		if r.spec.Kind = v; !slices.Contains(chart.Kinds(), v) {
			r.note(paramType, "chart.fault.kind", "name", persian.Shorten(string(v), longURL))
			r.spec.Kind = chart.Bars
		}
	}
}

func chartAggs() []datasets.MeasureOp {
	return []datasets.MeasureOp{datasets.OpSum, datasets.OpAvg, datasets.OpMin, datasets.OpMax, datasets.OpCount}
}

// follow takes over what a table of groups was grouped by and measured.
func (spec *chartSpec) follow(q *datasets.RowQuery, schema datasets.Schema) {
	if len(q.Group) == 0 {
		return
	}
	spec.X = q.Group[0]
	spec.Kind = chart.Bars
	if i := schema.Index(spec.X.Column); isDated(schema, spec.X.Column) || i >= 0 && yearName.MatchString(schema[i].Label) {
		spec.Kind = chart.Lines
	}
	if len(q.Group) > 1 && q.Group[1].Part == datasets.Whole {
		spec.Split = q.Group[1].Column
	}
	spec.Y, spec.Agg = nil, datasets.OpCount
	for _, m := range q.Measures {
		if i := schema.Index(m.Column); i >= 0 && schema[i].Numeric() && m.Op != datasets.OpCount {
			if len(spec.Y) == 0 {
				spec.Agg = m.Op
			}
			if m.Op == spec.Agg {
				spec.Y = append(spec.Y, m.Column)
			}
		}
	}
	spec.Y = spec.Y[:min(len(spec.Y), chart.MaxSeries)]
}

// settle makes what was asked for and what was not fit together.
func (spec *chartSpec) settle(lang string, asked url.Values, schema datasets.Schema, profile []datasets.ColumnProfile) {
	if i := schema.Index(spec.X.Column); i >= 0 && asked.Has(paramX) {
		role := roleOf(&schema[i], profileOf(profile, spec.X.Column))
		spec.Kind = chart.Bars
		if role == roleTime || role == roleYear {
			spec.Kind = chart.Lines
		}
		if spec.X.Part == datasets.Whole && role == roleTime && !asked.Has(paramType) {
			spec.X.Part = usualPart(profileOf(profile, spec.X.Column), lang)
		}
	}
	if spec.Kind == chart.Bars && (spec.Split != "" || len(spec.Y) > 1) {
		spec.Kind = chart.Grouped
	}
	if spec.Agg == datasets.OpCount {
		spec.Y = nil
	}
	if chart.Kind(asked.Get(paramType)) == chart.Scatter && !asked.Has(paramX) {
		for i := range schema {
			if c := &schema[i]; roleOf(c, profileOf(profile, c.Name)) == roleMeasure && !slices.Contains(spec.Y, c.Name) {
				spec.X = datasets.GroupBy{Column: c.Name}
				break
			}
		}
	}
}

// groupOf reads "column" or "column__part".
func groupOf(schema datasets.Schema, name string) datasets.GroupBy {
	if schema.Index(name) >= 0 {
		return datasets.GroupBy{Column: name}
	}
	if i := strings.LastIndex(name, "__"); i > 0 && slices.Contains(dateParts(), datasets.Part(name[i+2:])) {
		return datasets.GroupBy{Column: name[:i], Part: datasets.Part(name[i+2:])}
	}
	return datasets.GroupBy{Column: name}
}

func dateParts() []datasets.Part {
	return []datasets.Part{datasets.Year, datasets.Quarter, datasets.Month, datasets.JalaliYear, datasets.JalaliMonth, datasets.Day}
}

// possible says what keeps the chart from being drawn, nil when nothing does.
func (l *locale) possible(spec *chartSpec, schema datasets.Schema) error {
	numeric := func(name string) bool { i := schema.Index(name); return i >= 0 && schema[i].Numeric() }
	label := func(name string) string { return columnLabel(schema, name) }
	fault := func(param, key string, args ...any) error { return &chartError{param, l.Text(key, args...)} }
	switch {
	case spec.Kind == "":
		return fault("", "chart.fault.nothing")
	case spec.X.Part != datasets.Whole && !isDated(schema, spec.X.Column):
		return fault(paramX, "chart.fault.part", "name", label(spec.X.Column))
	case spec.Kind == chart.Histogram:
		if len(spec.Y) == 0 {
			return fault(paramY, "chart.fault.histogram")
		}
		if !numeric(spec.Y[0]) && !isDated(schema, spec.Y[0]) {
			return fault(paramY, "chart.fault.text", "name", label(spec.Y[0]))
		}
		return nil
	case spec.Kind == chart.Scatter:
		if len(spec.Y) == 0 || !numeric(spec.Y[0]) || !numeric(spec.X.Column) {
			return fault(paramX, "chart.fault.scatter")
		}
		return nil
	case spec.X.Column == "":
		return fault(paramX, "chart.fault.x")
	case spec.X == (datasets.GroupBy{Column: spec.Split}):
		return fault(paramSplit, "chart.fault.same", "name", label(spec.Split))
	}
	if spec.Agg != datasets.OpCount && len(spec.Y) == 0 {
		return fault(paramY, "chart.fault.y")
	}
	for _, y := range spec.Y {
		if !numeric(y) {
			return fault(paramY, "chart.fault.text", "name", label(y))
		}
	}
	if spec.Kind == chart.Area && spec.Agg != datasets.OpSum && spec.Agg != datasets.OpCount && (spec.Split != "" || len(spec.Y) > 1) {
		return fault(paramType, "chart.fault.area")
	}
	return nil
}

func isDated(schema datasets.Schema, name string) bool {
	i := schema.Index(name)
	return i >= 0 && (schema[i].Type == datasets.Date || schema[i].Type == datasets.DateTime)
}

// columnLabel is what readers call the column.
func columnLabel(schema datasets.Schema, name string) string {
	if i := schema.Index(name); i >= 0 {
		return firstOf(schema[i].Label, name)
	}
	return name
}

// Values are the parameters of the spec in an address.
func (spec *chartSpec) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set(paramType, string(spec.Kind))
	set(paramX, spec.X.Column)
	if spec.X.Part != datasets.Whole {
		v.Set(paramX, spec.X.Name())
	}
	if len(spec.Y) > 0 {
		v[paramY] = spec.Y
	}
	set(paramSplit, spec.Split)
	set(paramAgg, string(spec.Agg))
	v.Set(paramTop, strconv.Itoa(spec.Top))
	return v
}
