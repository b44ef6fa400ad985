package site

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site/chart"
)

// A grouping is groups as they were read: steps by series by figures.
type grouping struct {
	keys    []chartStep
	names   []string // of series; one, empty, without split
	nulls   []bool
	columns []datasets.Column // of the figures of a cell
	cells   map[[2]int][]figure
	single  bool // no group has more than one row
}

func (d *chartData) readGroups(ctx context.Context, t *datasets.Table, keys int) (*grouping, error) {
	g := &grouping{columns: t.Schema[keys:], cells: map[[2]int][]figure{}, single: true}
	steps, series := map[string]int{}, map[string]int{}
	if keys == 1 {
		g.names, g.nulls = []string{""}, []bool{false}
	}
	count := len(t.Schema) - 1
	d.figures.X.Type, d.figures.X.Scale, d.figures.X.Fixed = t.Schema[0].Type, t.Schema[0].Scale, t.Schema[0].Fixed
	for b, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		for i := range b.Len {
			step := keyAt(t, b, 0, i, steps)
			if step == len(g.keys) {
				text := string(t.Schema[0].Append(nil, &b.Columns[0], i))
				g.keys = append(g.keys, chartStep{Text: text, Null: b.Columns[0].Null[i]})
			}
			at := 0
			if keys > 1 {
				if at = keyAt(t, b, 1, i, series); at == len(g.names) {
					g.names = append(g.names, string(t.Schema[1].Append(nil, &b.Columns[1], i)))
					g.nulls = append(g.nulls, b.Columns[1].Null[i])
				}
			}
			var cell []figure
			for c := keys; c < len(t.Schema); c++ {
				cell = append(cell, figureAt(&t.Schema[c], &b.Columns[c], i))
			}
			g.single = g.single && b.Columns[count].Int[i] <= 1
			if g.cells[[2]int{step, at}] = cell; len(g.cells) > mostCells {
				return nil, d.fault(paramX, "chart.fault.cells", "n", mostCells)
			}
		}
	}
	return g, nil
}

// keyAt returns the number of a value among those seen, a new one for a new
// value. A null is a value of its own.
func keyAt(t *datasets.Table, b *datasets.Batch, column, row int, seen map[string]int) int {
	key := "null"
	if !b.Columns[column].Null[row] {
		key = "=" + string(t.Schema[column].Append(nil, &b.Columns[column], row))
	}
	n, ok := seen[key]
	if !ok {
		n = len(seen)
		seen[key] = n
	}
	return n
}

// arrange puts the groups in order, and those that the chart has no room for
// together.
func (d *chartData) arrange(g *grouping) error {
	d.settleAxis(g)
	series := d.series(g)
	if !d.figures.ordered {
		d.figures.Steps, d.figures.Series = d.rank(g, series)
		return nil
	}
	var order []int
	for i := range g.keys {
		if !g.keys[i].Null {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(g.keys[a].At, g.keys[b].At) })
	if len(order) > mostSteps {
		key := "chart.fault.steps"
		if isDated(d.schema, d.spec.X.Column) {
			key = "chart.fault.dates"
		}
		return d.fault(paramX, key, "name", columnLabel(d.schema, d.spec.X.Column), "n", len(order))
	}
	for _, i := range order {
		d.figures.Steps = append(d.figures.Steps, g.keys[i])
	}
	for k := range series {
		for _, i := range order {
			series[k].Figures = append(series[k].Figures, series[k].at(g, i))
		}
		d.figures.Series = append(d.figures.Series, series[k].chartSeries)
	}
	d.fillGaps()
	return nil
}

// settleAxis finds out what stands on the axis and where each step does.
func (d *chartData) settleAxis(g *grouping) {
	f := &d.figures
	i := d.schema.Index(d.spec.X.Column)
	c := &d.schema[i]
	part := d.spec.X.Part
	role := roleOf(c, profileOf(d.profile.Profile, c.Name))
	f.Years = part == datasets.Year || part == datasets.JalaliYear || role == roleYear
	lined := d.spec.Kind == chart.Lines || d.spec.Kind == chart.Area
	switch {
	case f.Years:
		f.Scale, f.ordered = chart.Linear, true
	case isDated(d.schema, c.Name):
		f.Scale, f.ordered = chart.Time, true
	case c.Numeric() && lined:
		f.Scale, f.ordered = chart.Linear, true
	case lined:
		f.Scale, f.ordered = chart.Band, true
	}
	for i := range g.keys {
		k := &g.keys[i]
		switch {
		case k.Null:
		case f.Scale == chart.Band:
			k.At = float64(i) // as in a dictionary, which is how they came
		default:
			at, ok := locate(k.Text, c, part)
			k.At, k.Null = at, !ok
		}
	}
}

// A seriesSource is a series in the making: the groups whose figures it joins.
type seriesSource struct {
	chartSeries
	from   []int // series of the grouping
	figure int   // which of the figures of a cell
	op     datasets.MeasureOp
}

// at is the series' figure at a step.
func (s *seriesSource) at(g *grouping, step int) figure {
	var sum figure
	for _, from := range s.from {
		if cell := g.cells[[2]int{step, from}]; cell != nil {
			sum = sum.joined(cell[s.figure], &s.Column, s.op)
		}
	}
	return sum
}

// series makes the series: one for each y, or for each of the largest values of
// split and one for all others.
func (d *chartData) series(g *grouping) []seriesSource {
	op := d.spec.Agg
	if d.spec.Split == "" {
		if len(d.spec.Y) == 0 {
			return []seriesSource{{chartSeries{Name: d.l.Text("measure.count"), Column: g.columns[0]}, []int{0}, 0, op}}
		}
		var all []seriesSource
		for k, y := range d.spec.Y {
			all = append(all, seriesSource{chartSeries{Name: bareLabel(d.schema, y), Column: g.columns[k]}, []int{0}, k, op})
		}
		return all
	}
	weights := make([]float64, len(g.names))
	for key, cell := range g.cells {
		if cell[0].OK {
			weights[key[1]] += math.Abs(cell[0].value(&g.columns[0]))
		}
	}
	order := make([]int, len(g.names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	column := datasets.Column{Name: "split", Type: datasets.Text}
	if i := d.schema.Index(d.spec.Split); i >= 0 {
		column = d.schema[i]
	}
	w := d.l.cellWriter(&column, profileOf(d.profile.Profile, column.Name), false)
	var all []seriesSource
	room := chart.MaxSeries
	if len(order) > room {
		room--
	}
	for n, i := range order {
		if n >= room {
			break
		}
		name := d.l.Text("chart.null")
		if !g.nulls[i] {
			name = w.canonical(g.names[i])
		}
		all = append(all, seriesSource{chartSeries{Name: name, Column: g.columns[0]}, []int{i}, 0, op})
	}
	if rest := order[min(room, len(order)):]; len(rest) > 0 {
		if op == datasets.OpAvg { // an average of averages is none
			d.note("chart.note.split", "n", len(rest))
			return all
		}
		name := d.l.Text("chart.rest", "n", len(rest))
		all = append(all, seriesSource{chartSeries{Name: name, Column: g.columns[0], Rest: int64(len(rest))}, rest, 0, op})
	}
	return all
}

// rank puts the steps with the largest figures first, and all after the first
// Top into one.
func (d *chartData) rank(g *grouping, sources []seriesSource) ([]chartStep, []chartSeries) {
	order := make([]int, len(g.keys))
	weights, values := make([]float64, len(g.keys)), make([]float64, len(g.keys))
	for i := range g.keys {
		order[i], values[i] = i, math.Inf(-1)
		for k := range sources {
			if f := sources[k].at(g, i); f.OK {
				v := f.value(&sources[k].Column)
				weights[i] += math.Abs(v)
				if k == 0 || math.IsInf(values[i], -1) {
					values[i] = v
				}
			}
		}
	}
	by := func(weights []float64) func(a, b int) int {
		return func(a, b int) int { return cmp.Compare(weights[b], weights[a]) }
	}
	slices.SortStableFunc(order, by(weights))
	rest := order[min(d.spec.Top, len(order)):]
	if len(rest) == 1 { // it has as much room as the bar of the rest
		rest = nil
	}
	order = order[:len(order)-len(rest)]
	slices.SortStableFunc(order, by(values))
	var steps []chartStep
	for _, i := range order {
		steps = append(steps, g.keys[i])
	}
	several := d.spec.Agg == datasets.OpAvg && !d.averages()
	switch {
	case len(rest) == 0:
	case several:
		d.note("chart.note.rest", "n", len(rest))
	default:
		steps = append(steps, chartStep{Text: d.l.Text("chart.rest", "n", len(rest)), Rest: int64(len(rest))})
	}
	var series []chartSeries
	for k := range sources {
		s := sources[k]
		for _, i := range order {
			s.Figures = append(s.Figures, s.at(g, i))
		}
		if len(steps) > len(order) {
			s.Figures = append(s.Figures, d.restOf(g, &s, rest))
		}
		series = append(series, s.chartSeries)
	}
	return steps, series
}

// restOf is the figure of all steps of rest together.
func (d *chartData) restOf(g *grouping, s *seriesSource, rest []int) figure {
	if !d.averages() {
		var all figure
		for _, i := range rest {
			all = all.joined(s.at(g, i), &s.Column, s.op)
		}
		return all
	}
	var sum, rows figure // of the averages: all that was summed by how many there were
	for _, i := range rest {
		cell := g.cells[[2]int{i, 0}]
		sum, rows = sum.plus(cell[1], &g.columns[1]), rows.plus(cell[2], &g.columns[2])
	}
	if !sum.OK || !rows.OK || rows.Int == 0 {
		return figure{}
	}
	return figure{OK: true, Float: sum.value(&g.columns[1]) / float64(rows.Int)}
}
