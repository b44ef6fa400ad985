package site

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// What a page of a table computes beside its rows is bounded in time, and in
// columns: the rows are what was asked for.
const (
	figuresTime   = 1500 * time.Millisecond
	mostStats     = 60 // columns with figures in the foot
	mostSparks    = 12 // columns with a picture of the filtered values
	sparkBins     = 20
	mostFacets    = 5
	facetShown    = 8
	facetDistinct = 60 // a column with more values is no facet
)

// A facetColumn is a column of few values with the number of rows of each.
type facetColumn struct {
	ID     string
	Label  string
	Values []facetRow
	More   int64 // values that are not shown
}

// A facetRow is a value: its address chooses it, or takes it out again.
type facetRow struct {
	bar
	Chosen bool
	Null   bool
	Code   bool // without a direction of its own
}

// figures puts sums, means, pictures and facets of the view into it. What takes
// too long is left out, and the page says so.
func (s *Site) figures(ctx context.Context, l *locale, x *exploration, v *tableView, page *datasets.RowPage) error {
	ctx, cancel := context.WithTimeout(ctx, figuresTime)
	defer cancel()
	for _, part := range []func(context.Context, *locale, *exploration, *tableView, *datasets.RowPage) error{footFigures, headFigures, facetFigures} {
		err := part(ctx, l, x, v, page)
		if errors.Is(err, context.DeadlineExceeded) {
			v.Late = true
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// footFigures puts sums and means of the view into the foot of the table.
func footFigures(ctx context.Context, l *locale, x *exploration, v *tableView, page *datasets.RowPage) error {
	var names []string
	if x.Query.Grouped() {
		for _, m := range x.Query.Measures {
			if m.Op != datasets.OpCount && !slices.Contains(names, m.Column) {
				names = append(names, m.Column)
			}
		}
	} else {
		for i := range page.Schema {
			if averaged(&page.Schema[i]) && len(names) < mostStats {
				names = append(names, page.Schema[i].Name)
			}
		}
	}
	if page.Matched == 0 || len(names) == 0 && !x.Query.Grouped() {
		return nil
	}
	stats, err := x.Rows.Stats(ctx, x.Query, names)
	if err != nil {
		return err
	}
	if x.Query.Grouped() {
		if len(x.Query.Group) > 0 {
			v.Table.Foot = l.groupFoot(x, page, stats)
		}
		return nil
	}
	v.Table.Foot = l.foot(x, page.Schema, stats)
	return nil
}

// headFigures puts pictures of the values into the heads: of all rows from the
// profile, of some of them newly counted.
func headFigures(ctx context.Context, l *locale, x *exploration, v *tableView, page *datasets.RowPage) error {
	if x.Query.Grouped() {
		return nil
	}
	drawn := 0
	for i := range page.Schema {
		c, h := &page.Schema[i], &v.Table.Head[i]
		p := profileOf(x.Edition.Profile, c.Name)
		switch {
		case len(x.Query.Filters) == 0:
			l.profileHead(h, c, p)
		case page.Matched > 1 && drawn < mostSparks && p != nil && len(p.Histogram) > 1:
			bins, err := x.Rows.Histogram(ctx, x.Query, c.Name, sparkBins)
			if err != nil {
				return err
			}
			h.spark(l, c, p, bins)
			drawn++
		}
	}
	return nil
}

// facetFigures counts the values of columns with few of them.
func facetFigures(ctx context.Context, l *locale, x *exploration, v *tableView, _ *datasets.RowPage) error {
	for _, c := range x.facetColumns() {
		f, err := x.Rows.Facet(ctx, x.Query, c.Name, facetShown)
		if err != nil {
			return err
		}
		if len(f.Values) == 0 || len(f.Values) == 1 && f.Nulls == 0 && !x.chosen(c.Name) {
			continue
		}
		v.Facets = append(v.Facets, x.facet(l, c, f))
	}
	return nil
}

// facetColumns are the columns of few values, those with a filter first.
func (x *exploration) facetColumns() []*datasets.Column {
	var chosen, others []*datasets.Column
	for i := range x.Schema {
		c := &x.Schema[i]
		p := profileOf(x.Edition.Profile, c.Name)
		switch {
		case p == nil || c.Type == datasets.Date || c.Type == datasets.DateTime || c.Type == datasets.Decimal:
		case p.Distinct < 2 && p.Nulls == 0, p.Distinct < 1, p.Distinct > facetDistinct, p.Estimated:
		case c.Type == datasets.Integer && p.Distinct > facetDistinct/2, p.Distinct*2 > p.Rows-p.Nulls:
		case x.chosen(c.Name):
			chosen = append(chosen, c)
		default:
			others = append(others, c)
		}
	}
	all := append(chosen, others...)
	return all[:min(len(all), mostFacets)]
}

// chosen reports whether the query names values of the column.
func (x *exploration) chosen(column string) bool {
	return slices.ContainsFunc(x.Query.Filters, func(f datasets.Filter) bool { return f.Column == column && choosing(&f) })
}

// choosing reports whether a filter names values, as facets do.
func choosing(f *datasets.Filter) bool {
	return f.Op == datasets.Equal || f.Op == datasets.In || f.Op == datasets.IsNull
}

func (x *exploration) facet(l *locale, c *datasets.Column, f datasets.Facet) facetColumn {
	out := facetColumn{
		ID: "facet-" + strconv.Itoa(x.Schema.Index(c.Name)), Label: firstOf(c.Label, c.Name), More: max(f.Distinct-int64(len(f.Values)), 0),
	}
	w := l.cellWriter(c, profileOf(x.Edition.Profile, c.Name), false)
	most := f.Nulls
	for _, value := range f.Values {
		most = max(most, value.Count)
	}
	for _, value := range f.Values {
		row := facetRow{Chosen: x.holds(c.Name, value.Value), Code: c.Type == datasets.Text && plainCode(value.Value)}
		row.Text, row.URL = persian.Shorten(w.canonical(value.Value), longURL), x.toggled(c.Name, value.Value)
		row.setBar(value.Count, most, l.lang)
		out.Values = append(out.Values, row)
	}
	if f.Nulls > 0 {
		row := facetRow{Null: true, Chosen: x.holdsNull(c.Name)}
		row.URL = x.toggledNull(c.Name)
		row.setBar(f.Nulls, most, l.lang)
		out.Values = append(out.Values, row)
	}
	return out
}

// holds reports whether the query names the value among those of the column.
func (x *exploration) holds(column, value string) bool {
	return slices.ContainsFunc(x.Query.Filters, func(f datasets.Filter) bool {
		return f.Column == column && f.Op != datasets.IsNull && choosing(&f) && slices.Contains(f.Values, value)
	})
}

func (x *exploration) holdsNull(column string) bool {
	return slices.ContainsFunc(x.Query.Filters, func(f datasets.Filter) bool { return f.Column == column && f.Op == datasets.IsNull })
}

// toggled is the view with the value of the column chosen beside those that
// are, or no longer chosen.
func (x *exploration) toggled(column, value string) string {
	var values []string
	found := false
	q := x.without(func(q *datasets.RowQuery) {
		q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f datasets.Filter) bool {
			if f.Column != column || !choosing(&f) {
				return false
			}
			if f.Op != datasets.IsNull {
				values = append(values, f.Values...)
			}
			return true
		})
	})
	values = slices.DeleteFunc(values, func(v string) bool {
		same := v == value
		found = found || same
		return same
	})
	if !found {
		values = append(values, value)
	}
	switch len(values) {
	case 0:
	case 1:
		q.Filters = append(q.Filters, datasets.Filter{Column: column, Op: datasets.Equal, Values: values})
	default:
		q.Filters = append(q.Filters, datasets.Filter{Column: column, Op: datasets.In, Values: values})
	}
	return x.here(q)
}

// toggledNull is the view of the rows without a value in the column, or of all
// again.
func (x *exploration) toggledNull(column string) string {
	was := x.holdsNull(column)
	q := x.without(func(q *datasets.RowQuery) {
		q.Filters = slices.DeleteFunc(slices.Clone(q.Filters), func(f datasets.Filter) bool { return f.Column == column && choosing(&f) })
	})
	if !was {
		q.Filters = append(q.Filters, datasets.Filter{Column: column, Op: datasets.IsNull, Values: []string{"true"}})
	}
	return x.here(q)
}
