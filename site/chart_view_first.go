package site

import (
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
)

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
		case datasets.AxisOf(c.Name) != datasets.NoAxis, datasets.AxisOf(c.Label) != datasets.NoAxis, names(orderName), c.Type == datasets.Integer && names(identifying):
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
