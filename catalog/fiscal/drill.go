package fiscal

import (
	"net/url"
	"slices"
)

// LineQuery is the row query that asks the lines of the budget for those at the
// end of a trail: the parameters of its year, direction and codes.
func (b *Budget) LineQuery(v *View, trail []Node) url.Values {
	q := url.Values{"fiscal_year": {v.Year}, "direction": {string(v.Direction)}}
	depth := map[string]int{}
	for i := range trail {
		n := &trail[i]
		depth[n.Scheme]++
		at := slices.IndexFunc(b.About.Columns, func(c Classified) bool { return c.Scheme == n.Scheme && c.Level == depth[n.Scheme] })
		switch {
		case n.Scheme == SchemeAgency || at < 0:
		case n.Code == Unclassified:
			q.Set(b.About.Columns[at].Code+"__isnull", "true")
		default:
			q.Set(b.About.Columns[at].Code, n.Code)
		}
	}
	return q
}
