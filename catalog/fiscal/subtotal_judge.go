package fiscal

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// judge decides which rows of a view are sums of others: where most of those
// that stand above others are, the others are told to be wrong.
func (r *reading) judge(v *view, found map[int64]bool) {
	groups := v.settled()
	sums, others := 0, 0
	for _, g := range groups {
		if len(g.rows) != 1 || g.partsRows < 2 {
			continue
		}
		if r.isSum(g) {
			sums++
		} else {
			others++
		}
	}
	usual := sums > others
	for _, g := range groups {
		switch is := r.isSum(g); {
		case g.partsRows == 0 || len(g.rows) == 0:
		case is && (usual || v.strict && g.path != ""):
			for _, row := range g.rows {
				found[row] = true
			}
		case !is && (usual || v.strict && g.path != "") && len(g.rows) == 1:
			r.mismatch(v, g)
		}
	}
}

// settled are the groups in the order of their rows. Where a path has no row of
// its own in a context, what is below it is part of what is above it.
func (v *view) settled() []*group {
	var groups []*group
	for _, g := range v.groups {
		groups = append(groups, g)
	}
	slices.SortFunc(groups, func(a, b *group) int { return strings.Count(b.path, pathSep) - strings.Count(a.path, pathSep) })
	for _, g := range groups {
		if len(g.rows) > 0 {
			continue
		}
		above, ok := v.innerAbove(g.path)
		if !ok {
			continue
		}
		if up := v.groups[g.context+"\x00"+above]; up != nil {
			up.partsRows += g.partsRows
			addParts(up.parts, g.parts)
		}
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return len(g.rows) == 0 })
	slices.SortFunc(groups, func(a, b *group) int { return int(a.rows[0] - b.rows[0]) })
	return groups
}

// isSum reports whether the amounts of a group are the sums of those below it,
// and not all zero.
func (r *reading) isSum(g *group) bool {
	some := false
	for i := range g.own {
		if !g.own[i].has {
			continue
		}
		if r.off(g, i) != 0 {
			return false
		}
		some = some || g.own[i].sum != 0
	}
	return some
}

// off is how much more the parts of a group are than the whole in a column. What
// rounding to a larger unit explains is nothing.
func (r *reading) off(g *group, i int) Amount {
	d := g.parts[i].sum - g.own[i].sum
	u := r.values[i].unit
	const rounds = 1000 // nobody rounds to less than a thousand
	if r.values[i].factor >= rounds && u.div == 1 && max(d, -d) <= (g.partsRows+1)/2*u.mul {
		return 0
	}
	return d
}

// mismatch tells of a row that should be the sum of others and is not.
func (r *reading) mismatch(v *view, g *group) {
	for i := range g.own {
		d := r.off(g, i)
		if !g.own[i].has || d == 0 {
			continue
		}
		kind := "budget.parts.short"
		if d > 0 == (g.own[i].sum >= 0) {
			kind = "budget.parts.exceed"
		}
		path := strings.Split(g.path, pathSep)
		name := path[len(path)-1]
		if name == "" {
			name = r.labelOf(r.values[i].column, "")
		}
		r.faults.say(g.rows[0], r.labelOf(r.values[i].column, ""), kind, name, r.said(g.own[i].sum), r.said(g.parts[i].sum))
		return
	}
}

// said writes an amount with the code of its currency.
func (r *reading) said(a Amount) string {
	return string(datasets.AppendDecimal(nil, a, r.scale, true)) + " " + r.currency
}

// tellTotals notes which rows are left out.
func (r *reading) tellTotals(rows []int64) {
	if len(rows) == 0 {
		return
	}
	const named = 20
	var names []string
	for _, row := range rows[:min(len(rows), named)] {
		names = append(names, strconv.FormatInt(row+1, 10))
	}
	if len(rows) > named {
		names = append(names, "…")
	}
	r.faults.say(-1, "", "budget.totals", len(rows), strings.Join(names, ", "))
}
