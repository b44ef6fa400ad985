package datasets

import (
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// ColumnStats are figures of the values of a column in the rows that a query
// takes. Totals are left out.
type ColumnStats struct {
	Name  string   `json:"name"`
	Count int64    `json:"count"` // of values
	Nulls int64    `json:"nulls"`
	Sum   string   `json:"sum,omitempty"`  // of numbers, exact, canonically printed
	Mean  *float64 `json:"mean,omitempty"` // of numbers
	Min   string   `json:"min,omitempty"`  // of texts as Sort says; empty where the texts are too many to be compared
	Max   string   `json:"max,omitempty"`
}

// Stats returns figures of the columns, in their order. Only the filters of the
// query matter. The error is as that of Page.
func (r *RowFile) Stats(ctx context.Context, q RowQuery, names []string) ([]ColumnStats, error) {
	filters := RowQuery{Filters: q.Filters}
	p, err := filters.plan(r.schema)
	if err != nil {
		return nil, err
	}
	m, err := r.match(ctx, p)
	if err == nil {
		err = r.Prepare(ctx, names)
	}
	if err != nil {
		return nil, queryError(err)
	}
	out := make([]ColumnStats, 0, len(names))
	for _, name := range names {
		i := r.schema.Index(name)
		if i < 0 {
			return nil, unknownColumn(name, name, r.schema)
		}
		s, err := remembered(r, p, "stats", i, func() (*ColumnStats, error) { return r.columnStats(ctx, filters, m, i) })
		if err != nil {
			return nil, queryError(err)
		}
		out = append(out, *s)
	}
	return out, nil
}

func (r *RowFile) columnStats(ctx context.Context, q RowQuery, m *matched, i int) (*ColumnStats, error) {
	def := &r.schema[i]
	s := &ColumnStats{Name: def.Name}
	found, err := r.columns(ctx, []int{i})
	if err != nil {
		return nil, err
	}
	nulls, err := r.matchOne(ctx, &predicate{column: i, op: IsNull, null: true}, found[i])
	if err != nil {
		return nil, err
	}
	s.Count = m.n - m.left
	if m.sums != nil {
		nulls.And(m.sums)
	}
	s.Nulls = nulls.Count()
	s.Count -= s.Nulls
	if s.Count == 0 || found[i].wide {
		return s, nil
	}
	q.Measures = []Measure{{OpMin, def.Name}, {OpMax, def.Name}}
	if def.Numeric() {
		q.Measures = append(q.Measures, Measure{OpSum, def.Name}, Measure{OpAvg, def.Name})
	}
	p, err := q.plan(r.schema)
	if err != nil {
		return nil, err
	}
	g, err := r.groups(ctx, p, m)
	if err != nil {
		return nil, err
	}
	text := func(c int) string {
		if source := g.values[c].source(0); source != "" {
			return source
		}
		return string(g.schema[c].Append(nil, &g.values[c], 0))
	}
	s.Min, s.Max = text(0), text(1)
	if def.Numeric() {
		s.Sum = text(2)
		if v := &g.values[3]; !v.Null[0] {
			s.Mean = &v.Float[0]
		}
	}
	return s, nil
}

// Histogram sorts the values of a column of numbers or moments, in the rows that
// the query's filters take, into at most so many bins with round edges. Totals
// are left out; without values there is no bin. The error is as that of Page.
func (r *RowFile) Histogram(ctx context.Context, q RowQuery, name string, bins int) ([]HistoBin, error) {
	i := r.schema.Index(name)
	if i < 0 {
		return nil, unknownColumn(name, name, r.schema)
	}
	def := &r.schema[i]
	if def.Type == Text || def.Type == Boolean {
		return nil, inputError(name, "histogram", "a histogram is of numbers or dates, and the column is %s", def.Type)
	}
	p, err := (&RowQuery{Filters: q.Filters}).plan(r.schema)
	if err != nil {
		return nil, err
	}
	return remembered(r, p, "histogram"+strconv.Itoa(bins), i, func() ([]HistoBin, error) { return r.histogram(ctx, p, i, bins) })
}

func (r *RowFile) histogram(ctx context.Context, p *plan, i, bins int) ([]HistoBin, error) {
	def := &r.schema[i]
	m, err := r.match(ctx, p)
	if err != nil {
		return nil, queryError(err)
	}
	c, err := r.grouped(ctx, def.Name, i, GroupBy{})
	if err != nil {
		return nil, queryError(err)
	}
	if storageOf(def) == inFloat {
		return floatBins(def, c, m.sums, bins), nil
	}
	return intBins(def, c, m.sums, bins), nil
}

// scaleOf is the bins that a column may have.
func scaleOf(c *Column) scale {
	switch c.Type { //nolint:exhaustive // the others are numbers
	case Date:
		return calendarScale(1)
	case DateTime:
		return clockScale()
	}
	return decimalScale()
}

// rowsOf yields the rows of a set, or all, that have a value.
func rowsOf(c *column, rows columnar.Bitmap) func(yield func(int) bool) {
	if rows == nil {
		rows = columnar.Full(c.Rows)
	} else {
		rows = slices.Clone(rows)
	}
	rows.AndNot(c.IsNull())
	return rows.All(0)
}

func intBins(def *Column, c *column, rows columnar.Bitmap, bins int) []HistoBin {
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for row := range rowsOf(c, rows) {
		v := c.Int(row)
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo > hi {
		return nil
	}
	_, edges := scaleOf(def).edges(lo, hi, max(bins, 1))
	counts := make([]int64, len(edges)-1)
	for row := range rowsOf(c, rows) {
		counts[binOf(edges, c.Int(row))]++
	}
	return binsOf(edges, counts, func(v int64) string {
		return string(def.Append(nil, &Vector{Null: []bool{false}, Int: []int64{v}}, 0))
	})
}

// floatBins counts floats as integers of a power of ten, as a profile does.
func floatBins(def *Column, c *column, rows columnar.Bitmap, bins int) []HistoBin {
	lo, hi, n := math.Inf(1), math.Inf(-1), int64(0)
	for row := range rowsOf(c, rows) {
		v := c.Float(row)
		lo, hi = min(lo, v), max(hi, v)
		n++
	}
	text := func(x float64) string {
		return string(def.Append(nil, &Vector{Null: []bool{false}, Float: []float64{x}}, 0))
	}
	if n == 0 {
		return nil
	}
	if lo == hi { //nolint:gocritic // equal, not near
		return []HistoBin{{From: text(lo), To: text(hi), Count: n}}
	}
	digits := floatDigits
	for max(math.Abs(scaled(lo, digits)), math.Abs(scaled(hi, digits))) >= 1<<53 {
		digits--
	}
	_, edges := decimalScale().edges(floorScaled(lo, digits), floorScaled(hi, digits), max(bins, 1))
	counts := make([]int64, len(edges)-1)
	for row := range rowsOf(c, rows) {
		counts[binOf(edges, floorScaled(c.Float(row), digits))]++
	}
	return binsOf(edges, counts, func(k int64) string { return text(unscaled(k, digits)) })
}

// binOf returns the bin that v is in: the last holds its upper edge too.
func binOf(edges []int64, v int64) int {
	i, found := slices.BinarySearch(edges, v)
	if !found {
		i--
	}
	return min(max(i, 0), len(edges)-2)
}

func binsOf(edges, counts []int64, text func(int64) string) []HistoBin {
	bins := make([]HistoBin, len(counts))
	for i, n := range counts {
		bins[i] = HistoBin{From: text(edges[i]), To: text(edges[i+1]), Count: n}
	}
	return bins
}
