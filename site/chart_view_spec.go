package site

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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

// A chartFault says why there is no chart, in the reader's language.
type chartFault struct{ Param, Sentence string }

func (f *chartFault) Error() string { return f.Sentence }

// chartable reports whether the first chart of the table would show anything.
func chartable(schema datasets.Schema, profile []datasets.ColumnProfile) bool {
	return firstChart(schema, profile, "en").Kind != ""
}

// A columnRole is what a column is good for in a chart.
type columnRole uint8

const (
	roleNone     columnRole = iota
	roleTime                // dates and moments
	roleYear                // whole numbers that are years
	roleMeasure             // numbers that mean an amount
	roleCategory            // names that come again and again, or a few of them
)

var (
	yearName  = regexp.MustCompile(`(?i)(^|[^a-z])(year|yr)([^a-z]|$)|سال|سنة|عام`)
	placeName = regexp.MustCompile(`(?i)^(lat|latitude|lon|lng|long|longitude|x|y)$|عرض جغرافیایی|طول جغرافیایی`)
	orderName = regexp.MustCompile(`(?i)^(district|hour|rank|row|month|day|week|account)s?$|^(منطقه|ردیف|ساعت|رتبه|ماه|روز|هفته)$`)
	shareName = regexp.MustCompile(`(?i)percent|\brate|ratio|average|mean|index|score|share|price|speed|level|height|altitude|elevation|temperature|latency|%|mbit|/s|درصد|نرخ|میانگین|شاخص|نسبت|قیمت|سهم|امتیاز|ارتفاع|تراز|سرعت|دما|غلظت|میکرون|روز بررسی`)
)

// roleOf guesses what a column is good for from its name, type and values.
func roleOf(c *datasets.Column, p *datasets.ColumnProfile) columnRole {
	filled, distinct := int64(0), int64(0)
	if p != nil {
		filled, distinct = p.Rows-p.Nulls, p.Distinct
	}
	if distinct < 2 {
		return roleNone
	}
	switch c.Type {
	case datasets.Date, datasets.DateTime:
		return roleTime
	case datasets.Boolean:
		return roleCategory
	case datasets.Integer, datasets.Decimal:
		names := func(r *regexp.Regexp) bool { return r.MatchString(c.Name) || r.MatchString(c.Label) }
		switch {
		case c.Type == datasets.Integer && names(yearName) && yearValue(p.Min) && yearValue(p.Max):
			return roleYear
		case names(placeName), names(orderName), c.Type == datasets.Integer && names(identifying):
			return roleNone
		}
		return roleMeasure
	case datasets.Text:
		const few = 400
		if (distinct <= few || distinct <= filled/2) && nameLike(p) {
			return roleCategory
		}
	}
	return roleNone
}

// nameLike reports whether the values of a column are short, as names are.
func nameLike(p *datasets.ColumnProfile) bool {
	const longest = 60
	total := 0
	for _, t := range p.Top {
		total += utf8.RuneCountInString(t.Value)
	}
	return total <= longest*len(p.Top)
}

func yearValue(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1000 && n <= 2500
}

// firstChart is the chart that shows a table best as far as its columns tell:
// an amount over time, else by name, else how it is spread, else two amounts
// against each other, else how often each name occurs. Its Kind is empty where
// there is none.
func firstChart(schema datasets.Schema, profile []datasets.ColumnProfile, lang string) chartSpec {
	by := map[columnRole][]int{}
	for i := range schema {
		role := roleOf(&schema[i], profileOf(profile, schema[i].Name))
		by[role] = append(by[role], i)
	}
	spec := chartSpec{Agg: datasets.OpSum, Top: usualTop}
	measures, names := by[roleMeasure], by[roleCategory]
	lasting := func(i int) bool { return profileOf(profile, schema[i].Name).Distinct < 3 } // two moments are no course
	times, years := slices.DeleteFunc(by[roleTime], lasting), slices.DeleteFunc(by[roleYear], lasting)
	if len(measures) > 0 {
		spec.measure(&schema[measures[0]])
	}
	switch {
	case len(measures) > 0 && len(times)+len(years) > 0:
		spec.Kind = chart.Lines
		if len(times) > 0 {
			c := &schema[times[0]]
			spec.X = datasets.GroupBy{Column: c.Name, Part: usualPart(profileOf(profile, c.Name), lang)}
		} else {
			spec.X.Column = schema[years[0]].Name
		}
	case len(measures) > 0 && len(names) > 0:
		spec.Kind, spec.X.Column = chart.Bars, schema[bestName(names, schema, profile)].Name
	case len(measures) > 1:
		spec.Kind, spec.X.Column, spec.Y = chart.Scatter, spec.Y[0], []string{schema[measures[1]].Name}
	case len(measures) > 0:
		spec.Kind = chart.Histogram
	case repeats(names, schema, profile) >= 0:
		spec.Kind, spec.X.Column, spec.Agg, spec.Y = chart.Bars, schema[repeats(names, schema, profile)].Name, datasets.OpCount, nil
	case len(times) > 0:
		c := &schema[times[0]]
		spec.Kind, spec.Agg = chart.Bars, datasets.OpCount
		spec.X = datasets.GroupBy{Column: c.Name, Part: usualPart(profileOf(profile, c.Name), lang)}
	}
	return spec
}

// measure takes column c as the figure: what is a rate is averaged, not summed.
func (spec *chartSpec) measure(c *datasets.Column) {
	spec.Y, spec.Agg = []string{c.Name}, datasets.OpSum
	if shareName.MatchString(c.Name) || shareName.MatchString(c.Label) || shareName.MatchString(c.Unit) {
		spec.Agg = datasets.OpAvg
	}
}

// bestName prefers the first of the columns that has more than one or two
// values and not very many.
func bestName(names []int, schema datasets.Schema, profile []datasets.ColumnProfile) int {
	const few, many = 3, 60
	for _, i := range names {
		if p := profileOf(profile, schema[i].Name); p.Distinct >= few && p.Distinct <= many {
			return i
		}
	}
	return names[0]
}

// repeats returns the first of the columns that has names which come again, -1
// where none has: to count what is there once says nothing.
func repeats(names []int, schema datasets.Schema, profile []datasets.ColumnProfile) int {
	again := slices.DeleteFunc(slices.Clone(names), func(i int) bool {
		p := profileOf(profile, schema[i].Name)
		return p.Distinct >= p.Rows-p.Nulls
	})
	if len(again) == 0 {
		return -1
	}
	return bestName(again, schema, profile)
}

// usualPart is the part of a date that gives a chart some tens of steps.
func usualPart(p *datasets.ColumnProfile, lang string) datasets.Part {
	const long, middling = 5 * 366, 92
	year, month := datasets.Year, datasets.Month
	if lang == "fa" {
		year, month = datasets.JalaliYear, datasets.JalaliMonth
	}
	if p == nil {
		return year
	}
	low, _ := parseISO(p.Min)
	high, _ := parseISO(p.Max)
	switch days := high.Sub(low) / (24 * time.Hour); {
	case days > long:
		return year
	case days > middling:
		return month
	default:
		return datasets.Day
	}
}

// chartSpec reads what the address asks for. What it leaves open is as in the
// first chart of the table. The error is a *chartFault; the spec holds what
// could be read, for the form.
func (l *locale) chartSpec(x *exploration) (chartSpec, error) {
	own, schema, profile := x.Own, x.Schema, x.Edition.Profile
	spec := firstChart(schema, profile, l.lang)
	spec.follow(&x.Query, schema)
	var fault error
	note := func(param, key string, args ...any) {
		if fault == nil {
			fault = &chartFault{param, l.Text(key, args...)}
		}
	}
	column := func(param, name string) bool {
		if schema.Index(name) < 0 {
			note(param, "chart.fault.column", "name", shortened(name, longURL))
			return false
		}
		return true
	}
	asked := withoutEmpty(own)
	if v := asked.Get(paramX); v != "" {
		if g := groupOf(schema, v); column(paramX, g.Column) {
			spec.X = g
		}
	}
	if ys := once(slices.Clone(asked[paramY])); len(ys) > 0 {
		ys = slices.DeleteFunc(ys, func(y string) bool { return !column(paramY, y) })
		if len(ys) > chart.MaxSeries {
			note(paramY, "chart.fault.many", "n", chart.MaxSeries)
			ys = ys[:chart.MaxSeries]
		}
		if len(ys) > 0 {
			spec.measure(&schema[schema.Index(ys[0])])
			spec.Y = ys
		}
	}
	if v := asked.Get(paramSplit); v != "" && column(paramSplit, v) {
		spec.Split = v
	}
	if v := asked.Get(paramAgg); v != "" {
		if spec.Agg = datasets.MeasureOp(v); !slices.Contains(chartAggs(), spec.Agg) {
			note(paramAgg, "chart.fault.agg", "name", shortened(v, longURL))
			spec.Agg = datasets.OpSum
		}
	}
	if v := asked.Get(paramTop); v != "" {
		n, err := strconv.Atoi(persian.ASCIIDigits(v))
		if err != nil || n < 1 || n > mostTop {
			note(paramTop, "chart.fault.top", "n", mostTop)
			n = usualTop
		}
		spec.Top = n
	}
	spec.settle(l.lang, asked, schema, profile)
	if v := chart.Kind(asked.Get(paramType)); v != "" {
		if spec.Kind = v; !slices.Contains(chart.Kinds(), v) {
			note(paramType, "chart.fault.kind", "name", shortened(string(v), longURL))
			spec.Kind = chart.Bars
		}
	}
	if fault == nil {
		fault = l.possible(&spec, schema)
	}
	return spec, fault
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
		switch {
		case role == roleTime || role == roleYear:
			spec.Kind = chart.Lines
		default:
			spec.Kind = chart.Bars
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
	fault := func(param, key string, args ...any) error { return &chartFault{param, l.Text(key, args...)} }
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
