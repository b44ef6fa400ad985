package site

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"

	"github.com/gofiber/fiber/v2"
)

// The bounds of a chart's table.
const (
	mostSteps  = 1000
	mostCells  = 200_000 // of groups, before the small ones are put together
	mostPoints = 2000    // of a scatter
	histoBins  = 20
)

// memoryTable is a batch as a table of its own.
func memoryTable(schema datasets.Schema, b *datasets.Batch) *datasets.Table {
	return &datasets.Table{Schema: schema, Rows: int64(b.Len), Scan: func(_, _ int64) iter.Seq2[*datasets.Batch, error] {
		return func(yield func(*datasets.Batch, error) bool) {
			if b.Len > 0 {
				yield(b, nil)
			}
		}
	}}
}

// chartFigures computes what spec asks for of the rows of x. The error is a
// *chartError when it cannot be drawn.
func (s *Site) chartFigures(ctx context.Context, l *locale, x *exploration, spec *chartSpec) (*chartFigures, error) {
	ctx, cancel := context.WithTimeout(ctx, rowsTime)
	defer cancel()
	d := chartData{l: l, rows: x.Rows, schema: x.Schema, profile: x.Edition, spec: spec, query: datasets.RowQuery{Filters: x.Query.Filters}}
	d.figures.X = datasets.Column{Name: "x"}
	if i := x.Schema.Index(spec.X.Column); i >= 0 {
		d.figures.X = x.Schema[i]
	}
	var err error
	switch spec.Kind {
	case chart.Histogram:
		err = d.histogram(ctx)
	case chart.Scatter:
		err = d.scatter(ctx)
	default:
		err = d.groups(ctx)
	}
	if err == nil {
		err = d.remarks(ctx)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, s.because(s.refuse(l.lang, fiber.StatusServiceUnavailable, "", "refused.slow", "n", int64(rowsTime/time.Second)), err)
	case errors.Is(err, datasets.ErrDamaged):
		return nil, s.because(s.refuse(l.lang, fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	}
	return &d.figures, err
}

// chartData computes the figures of one chart.
type chartData struct {
	l       *locale
	rows    *datasets.RowFile
	schema  datasets.Schema
	profile *catalog.Edition
	spec    *chartSpec
	query   datasets.RowQuery // the filters
	figures chartFigures
}

func (d *chartData) fault(param, key string, args ...any) error {
	return &chartError{param, d.l.Text(key, args...)}
}

func (d *chartData) note(key string, args ...any) {
	d.figures.Notes = append(d.figures.Notes, d.l.Text(key, args...))
}

// averages reports whether the rest can be averaged: of one column, by its sum
// and number.
func (d *chartData) averages() bool {
	return d.spec.Agg == datasets.OpAvg && len(d.spec.Y) == 1 && d.spec.Split == ""
}

// groups reads the groups that the chart is made of.
func (d *chartData) groups(ctx context.Context) error {
	q := d.query
	q.Group = []datasets.GroupBy{d.spec.X}
	if d.spec.Split != "" {
		q.Group = append(q.Group, datasets.GroupBy{Column: d.spec.Split})
	}
	for _, y := range d.spec.Y {
		q.Measures = append(q.Measures, datasets.Measure{Op: d.spec.Agg, Column: y})
	}
	if d.averages() {
		q.Filters = append(slices.Clone(q.Filters), datasets.Filter{Column: d.spec.Y[0], Op: datasets.IsNull, Values: []string{"false"}})
		q.Measures = append(q.Measures, datasets.Measure{Op: datasets.OpSum, Column: d.spec.Y[0]})
	}
	q.Measures = append(q.Measures, datasets.Measure{Op: datasets.OpCount})
	t, err := d.rows.View(ctx, q)
	if err != nil {
		return err
	}
	g, err := d.readGroups(ctx, t, len(q.Group))
	if err != nil {
		return err
	}
	d.figures.Single = g.single
	return d.arrange(g)
}
