package site

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site/chart"
)

// chartFigures is the table of a chart: what is drawn is what it says.
type chartFigures struct {
	X      datasets.Column
	Scale  chart.Scale
	Years  bool
	Steps  []chartStep
	Series []chartSeries
	Notes  []string // what a reader must know of them, in sentences
	Single bool     // each figure is that of one row, not computed of several

	from, to []float64 // of the bins of a histogram
	ordered  bool      // the steps stand in the order of their values
}

// A chartStep is a row of the table: a value of x.
type chartStep struct {
	Text string  // canonical print; empty for null
	At   float64 // on the axis
	Null bool
	Rest int64 // it stands for that many other values
}

// A chartSeries is a column of figures.
type chartSeries struct {
	Name    string
	Column  datasets.Column
	Figures []figure
	Rest    int64 // it stands for that many other values of split
}

// A figure is one value, typed as its column is.
type figure struct {
	OK    bool
	Over  bool // a sum that was too large to be one: it is no figure
	Int   int64
	Float float64
}

// figureAt reads value i of v.
func figureAt(c *datasets.Column, v *datasets.Vector, i int) figure {
	switch {
	case v.Null[i]:
		return figure{}
	case c.Float:
		return figure{OK: true, Float: v.Float[i]}
	case c.Type == datasets.Text:
		return figure{}
	default:
		return figure{OK: true, Int: v.Int[i]}
	}
}

// value is the figure as far as a drawing needs it.
func (f figure) value(c *datasets.Column) float64 {
	if c.Float {
		return f.Float
	}
	return float64(f.Int) / math.Pow10(c.Scale)
}

// plus adds two figures of a column.
func (f figure) plus(g figure, c *datasets.Column) figure {
	switch {
	case f.Over || g.Over:
		return figure{Over: true}
	case !f.OK:
		return g
	case !g.OK:
		return f
	case c.Float:
		return figure{OK: true, Float: f.Float + g.Float}
	}
	sum := f.Int + g.Int
	if (sum > f.Int) != (g.Int > 0) {
		return figure{Over: true}
	}
	return figure{OK: true, Int: sum}
}

// joined is the figure of two groups together, where it follows from theirs.
func (f figure) joined(g figure, c *datasets.Column, op datasets.MeasureOp) figure {
	switch {
	case !f.OK && !f.Over:
		return g
	case !g.OK && !g.Over:
		return f
	case op == datasets.OpMin && g.value(c) < f.value(c), op == datasets.OpMax && g.value(c) > f.value(c):
		return g
	case op == datasets.OpMin, op == datasets.OpMax:
		return f
	default:
		return f.plus(g, c)
	}
}

// canonical prints the figure as exports do.
func (f figure) canonical(c *datasets.Column) string {
	switch {
	case !f.OK:
		return ""
	case c.Float:
		return string(datasets.AppendFloat(nil, f.Float))
	default:
		return string(datasets.AppendDecimal(nil, f.Int, c.Scale, c.Fixed))
	}
}

// read writes the figure for readers. A computed average has no more digits
// than anybody can use.
func (f figure) read(l *locale, c *datasets.Column) string {
	if !f.OK {
		return ""
	}
	if c.Float {
		const digits = 6
		places := 0
		if a := math.Abs(f.Float); a > 0 && a < 1e15 {
			places = max(0, digits-1-int(math.Floor(math.Log10(a))))
		}
		return l.Float(f.Float, min(places, digits+digits))
	}
	return l.number(f.canonical(c), true)
}

// table is the figures as a table to export.
func (f *chartFigures) table() *datasets.Table {
	n := len(f.Steps)
	batch := &datasets.Batch{Len: n, Columns: make([]datasets.Vector, 1+len(f.Series))}
	x := f.X
	x.Type, x.Float, x.Scale = datasets.Text, false, 0
	schema := datasets.Schema{x}
	batch.Columns[0].Reset(&x, n)
	for i, step := range f.Steps {
		batch.Columns[0].Null[i], batch.Columns[0].Text[i] = step.Null, step.Text
	}
	for k := range f.Series {
		s := &f.Series[k]
		c := s.Column
		for c.Name = firstOf(c.Name, "figure"); schema.Index(c.Name) >= 0; {
			c.Name += "_"
		}
		c.Label = firstOf(s.Name, c.Label)
		schema = append(schema, c)
		v := &batch.Columns[1+k]
		v.Reset(&c, n)
		for i, figure := range s.Figures {
			v.Null[i] = !figure.OK
			switch {
			case c.Float:
				v.Float[i] = figure.Float
			default:
				v.Int[i] = figure.Int
			}
		}
	}
	return memoryTable(schema, batch)
}

// stepText writes a step for readers.
func (l *locale) stepText(f *chartFigures, spec *chartSpec, i int) string {
	step := &f.Steps[i]
	switch {
	case step.Rest > 0:
		return l.Text("chart.rest", "n", step.Rest)
	case step.Null:
		return l.Text("chart.null")
	case f.from != nil:
		from, to, _ := strings.Cut(step.Text, binSign)
		return l.Text("chart.bin", "a", l.binEnd(f, from), "b", l.binEnd(f, to))
	case f.Years:
		return l.Digits(step.Text)
	}
	switch spec.X.Part {
	case datasets.Month:
		if t, err := time.Parse("2006-01", step.Text); err == nil {
			return l.month(t.Month()) + " " + l.Plain(int64(t.Year()))
		}
	case datasets.JalaliMonth:
		if d, ok := jalaliMonth(step.Text); ok {
			return persian.MonthName(d.M, l.lang) + " " + l.Plain(int64(d.Y))
		}
	case datasets.Quarter:
		if year, quarter, ok := strings.Cut(step.Text, "-Q"); ok {
			return l.Text("chart.quarter", "q", l.Digits(quarter), "y", l.Digits(year))
		}
	case datasets.Whole, datasets.Year, datasets.JalaliYear, datasets.Day:
	}
	w := l.cellWriter(&f.X, nil, false)
	return w.canonical(step.Text)
}

// binSign stands between the ends of a bin where they are one text.
const binSign = " – "

func (l *locale) binEnd(f *chartFigures, s string) string {
	w := l.cellWriter(&f.X, nil, false)
	if n, err := strconv.ParseFloat(s, 64); err == nil && f.X.Numeric() {
		const digits = 4
		places := 0
		if span := math.Abs(f.to[len(f.to)-1] - f.from[0]); span > 0 {
			places = max(0, digits-1-int(math.Ceil(math.Log10(span))))
		}
		return l.Float(n, places)
	}
	return w.canonical(s)
}

func jalaliMonth(s string) (persian.Date, bool) {
	year, month, _ := strings.Cut(s, "-")
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(month)
	d := persian.Date{Y: y, M: m, D: 1}
	return d, err1 == nil && err2 == nil && d.Valid()
}

// locate puts a step on its axis; false when the axis has no place for it.
func locate(text string, c *datasets.Column, part datasets.Part) (float64, bool) {
	seconds := func(layout, s string) (float64, bool) {
		t, err := time.Parse(layout, s)
		return float64(t.Unix()), err == nil
	}
	switch part {
	case datasets.Month:
		return seconds("2006-01", text)
	case datasets.Quarter:
		year, quarter, _ := strings.Cut(text, "-Q")
		q, err := strconv.Atoi(quarter)
		if err != nil {
			return 0, false
		}
		return seconds("2006-1", year+"-"+strconv.Itoa(q*3-2))
	case datasets.JalaliMonth:
		d, ok := jalaliMonth(text)
		if !ok {
			return 0, false
		}
		days, err := d.Days()
		return float64(days) * 24 * 60 * 60, err == nil
	case datasets.Year, datasets.JalaliYear: // stand on an axis of numbers
		n, err := strconv.Atoi(text)
		return float64(n), err == nil
	case datasets.Whole, datasets.Day:
	}
	if c.Numeric() {
		n, err := strconv.ParseFloat(text, 64)
		return n, err == nil
	}
	t, precision := parseISO(text)
	return float64(t.UnixMilli()) / 1000, precision != precisionNone
}
