package site

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
)

// histogram counts how many values lie in which range.
func (d *chartData) histogram(ctx context.Context) error {
	f := &d.figures
	i := d.schema.Index(d.spec.Y[0])
	f.X, f.ordered, f.Scale = d.schema[i], true, chart.Linear
	if isDated(d.schema, d.spec.Y[0]) {
		f.Scale = chart.Time
	}
	bins, err := d.rows.Histogram(ctx, d.query, d.spec.Y[0], histoBins)
	if err != nil {
		return err
	}
	series := chartSeries{Name: d.l.Text("chart.count.values"), Column: datasets.Column{Name: "count", Type: datasets.Integer}}
	for _, b := range bins {
		from, ok1 := locate(b.From, &f.X, datasets.Whole)
		to, ok2 := locate(b.To, &f.X, datasets.Whole)
		if !ok1 || !ok2 {
			continue
		}
		f.from, f.to = append(f.from, from), append(f.to, to)
		f.Steps = append(f.Steps, chartStep{Text: b.From + binSign + b.To, At: from})
		series.Figures = append(series.Figures, figure{OK: true, Int: b.Count})
	}
	f.Series = []chartSeries{series}
	return nil
}

// scatter reads the pairs of numbers, every so-manieth when there are more than
// can be seen.
func (d *chartData) scatter(ctx context.Context) error {
	f, q := &d.figures, d.query
	x, y := d.spec.X.Column, d.spec.Y[0]
	q.Select = once([]string{x, y})
	q.Filters = slices.Clone(q.Filters)
	for _, name := range q.Select {
		q.Filters = append(q.Filters, datasets.Filter{Column: name, Op: datasets.IsNull, Values: []string{"false"}})
	}
	t, err := d.rows.View(ctx, q)
	if err != nil {
		return err
	}
	every := max(1, (t.Rows+mostPoints-1)/mostPoints)
	last := len(t.Schema) - 1
	f.X, f.Scale, f.ordered, f.Single = t.Schema[0], chart.Linear, true, true
	series := chartSeries{Name: bareLabel(d.schema, y), Column: t.Schema[last]}
	row := int64(0)
	for b, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for i := range b.Len {
			if row++; (row-1)%every != 0 {
				continue
			}
			at := figureAt(&t.Schema[0], &b.Columns[0], i)
			f.Steps = append(f.Steps, chartStep{Text: at.canonical(&t.Schema[0]), At: at.value(&t.Schema[0])})
			series.Figures = append(series.Figures, figureAt(&t.Schema[last], &b.Columns[last], i))
		}
	}
	f.Series = []chartSeries{series}
	if every > 1 {
		d.note("chart.note.sample", "n", len(f.Steps), "total", row)
	}
	return nil
}
