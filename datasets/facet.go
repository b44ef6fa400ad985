package datasets

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// A Facet is the most frequent values of a column among the rows that a query
// takes. Totals are left out.
type Facet struct {
	Values   []ValueFreq `json:"values"`   // most frequent first, canonically printed
	Distinct int64       `json:"distinct"` // how many different values there are
	Nulls    int64       `json:"nulls"`    // rows without a value
	Others   int64       `json:"others"`   // rows with a value that is not in Values
}

// Facet counts the values of a column under the query's filters on the other
// columns, so that one sees what else could be chosen. Texts that a filter
// takes for equal are one value, in their most frequent spelling. It returns at
// most n values. The error is as that of Page.
func (r *RowFile) Facet(ctx context.Context, q RowQuery, name string, n int) (Facet, error) {
	i := r.schema.Index(name)
	if i < 0 {
		return Facet{}, unknownColumn(name, name, r.schema)
	}
	others := slices.DeleteFunc(slices.Clone(q.Filters), func(f Filter) bool { return f.Column == name })
	p, err := (&RowQuery{Filters: others}).plan(r.schema)
	if err != nil {
		return Facet{}, err
	}
	return remembered(r, p, "facet"+strconv.Itoa(n), i, func() (Facet, error) { return r.facet(ctx, p, i, n) })
}

func (r *RowFile) facet(ctx context.Context, p *plan, i, n int) (Facet, error) {
	name := r.schema[i].Name
	m, err := r.match(ctx, p)
	if err != nil {
		return Facet{}, queryError(err)
	}
	c, err := r.grouped(ctx, name, i, GroupBy{})
	if err != nil {
		return Facet{}, queryError(err)
	}
	groups, err := columnar.Group(ctx, []*columnar.Column{&c.Column}, nil, m.sums, int(r.rows), r.files.limits.groups)
	if errors.Is(err, columnar.ErrTooMany) {
		return Facet{}, inputError(name, "values.distinct", "it has more than %d different values", r.files.limits.groups)
	}
	if err != nil {
		return Facet{}, queryError(r.readError(ctx, err))
	}
	return facetOf(&r.schema[i], c, groups, n), nil
}

// facetOf sorts the groups of one column by their number of rows.
func facetOf(def *Column, c *column, groups *columnar.Groups, n int) Facet {
	var f Facet
	key := &groups.Keys[0]
	type entry struct {
		group int
		rows  int64 // of all spellings
		most  int64 // of the one that group is
	}
	var all []entry
	folded := map[string]int{}
	for g, rows := range groups.Rows {
		if key.Codes[g] == key.Null {
			f.Nulls = rows
			continue
		}
		if c.texts != nil {
			text := c.texts.fold()[key.Codes[g]]
			if at, known := folded[text]; known {
				all[at].rows += rows
				if rows > all[at].most {
					all[at].group, all[at].most = g, rows
				}
				continue
			}
			folded[text] = len(all)
		}
		all = append(all, entry{g, rows, rows})
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.rows, a.rows), cmp.Compare(a.group, b.group))
	})
	f.Distinct = int64(len(all))
	values := keyVector(def, c, key)
	for i, e := range all {
		if i >= n {
			f.Others += e.rows
			continue
		}
		f.Values = append(f.Values, ValueFreq{Value: string(def.Append(nil, &values, e.group)), Count: e.rows})
	}
	return f
}
