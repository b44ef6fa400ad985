package fiscal

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// Bounds of the search for rows that are sums of others.
const (
	maxPaths  = 500_000 // different paths of a view
	maxGroups = 500_000
)

// A view is one way in which rows may stand above others: along the levels of
// one scheme while all else is equal, or along all levels from the first on.
type view struct {
	scheme string // empty: all levels
	levels []int
	strict bool // the codes themselves say what is above what
	plain  bool // codes of digits, one of which may begin another
	inner  map[string]bool
	paths  map[string]bool
	above  map[string]string // of plain codes: the longest that begins it
	groups map[string]*group
}

// A group is rows of one path beside those right below it.
type group struct {
	path      string
	context   string
	rows      []int64
	own       []part
	parts     []part
	partsRows int64
}

// A part is the sum of a column in a group.
type part struct {
	sum Amount
	has bool
}

const pathSep = "\x1f"

// mayHaveTotals reports whether the codes of the lines leave room for rows that
// are sums of others.
func (r *reading) mayHaveTotals() bool {
	for n := range r.cube.nodes {
		s := &r.cube.nodes[n]
		if s.lines > 0 && s.below {
			return true
		}
	}
	for _, v := range r.views() {
		if len(v.above) > 0 && (v.strict || v.plain) {
			return true
		}
	}
	return r.mixedDepths()
}

// mixedDepths reports whether a node, or a tree as a whole, has both an agency and
// codes below it: some of its lines end where others go on.
func (r *reading) mixedDepths() bool {
	agency, deeper := map[uint32]bool{}, map[uint32]bool{}
	for n := range r.cube.nodes {
		s := &r.cube.nodes[n]
		switch {
		case s.level == atAgency:
			agency[s.parent] = true
		case s.level >= 0:
			deeper[s.parent] = true
		}
	}
	for n := range agency {
		if deeper[n] {
			return true
		}
	}
	return false
}

// views are the ways in which the rows of the table may stand above others.
func (r *reading) views() []*view {
	all := &view{groups: map[string]*group{}, paths: map[string]bool{}}
	schemes := map[string]*view{}
	list := []*view{all}
	for i := range r.levels {
		l := &r.levels[i]
		all.levels = append(all.levels, i)
		v := schemes[l.scheme]
		if v == nil {
			v = &view{scheme: l.scheme, groups: map[string]*group{}, paths: map[string]bool{}}
			schemes[l.scheme] = v
			list = append(list, v)
		}
		v.strict = v.strict || l.derive
		v.levels = append(v.levels, i)
	}
	for _, v := range list {
		if len(v.levels) == 1 {
			r.codesOf(v)
		}
	}
	return slices.DeleteFunc(list, func(v *view) bool { return len(v.levels) < 2 && !v.strict && !v.plain })
}

// codesOf decides how the codes of a scheme of one level stand above each other:
// by the parts that points make of them, or by how they begin.
func (r *reading) codesOf(v *view) {
	codes := map[string]bool{}
	for n := range r.cube.nodes {
		if s := &r.cube.nodes[n]; int(s.level) == v.levels[0] {
			codes[r.cube.texts[s.code]] = true
		}
	}
	v.above = map[string]string{}
	for code := range codes {
		for end := len(code) - 1; end > 0; end-- {
			if !codes[code[:end]] {
				continue
			}
			v.above[code] = code[:end]
			if isCoded(code) && strings.ContainsAny(code[end:end+1], ".-/") {
				v.strict = true
			} else if isDigits(code) {
				v.plain = true
			}
			break
		}
	}
}

// isCoded reports whether a text is a code rather than a name: short, without
// spaces, and begun by a digit.
func isCoded(s string) bool {
	const longest = 24
	return len(s) <= longest && s != "" && s[0] >= '0' && s[0] <= '9' && !strings.ContainsAny(s, " \t,")
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// pathOf is where the row at hand stands in a view, and what else it is.
func (r *reading) pathOf(v *view) (path, context string) {
	f := &r.cached
	context = f.year + pathSep + string(f.phase) + pathSep + string(f.dir)
	if v.above != nil {
		path = r.texts[r.place[v.levels[0]][0]]
		var up []string
		for c := path; c != ""; c = v.above[c] {
			up = append(up, c)
		}
		slices.Reverse(up)
		path = strings.Join(up, pathSep)
	} else {
		codes := make([]string, 0, len(v.levels))
		for _, l := range v.levels {
			codes = append(codes, r.texts[r.place[l][0]])
		}
		for len(codes) > 0 && codes[len(codes)-1] == "" {
			codes = codes[:len(codes)-1]
		}
		path = strings.Join(codes, pathSep)
	}
	if v.scheme == "" {
		return path, context
	}
	others := []string{context}
	for i := range r.levels {
		if r.levels[i].scheme != v.scheme {
			others = append(others, r.texts[r.place[i][0]])
		}
	}
	return path, strings.Join(others, pathSep)
}

// subtotals finds the rows of the table that are sums of others, ascending, and
// tells of those that should be and are not.
func (r *reading) subtotals(ctx context.Context, t *datasets.Table) ([]int64, error) {
	views := r.views()
	quiet := *r
	quiet.faults = &faults{}
	each := func(do func(v *view, path, context string, amounts []part)) error {
		return quiet.rows(ctx, t, func(amounts []part) {
			for _, v := range views {
				path, context := quiet.pathOf(v)
				do(v, path, context, amounts)
			}
		})
	}
	if err := each(func(v *view, path, _ string, _ []part) {
		if len(v.paths) < maxPaths {
			v.paths[path] = true
		}
	}); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(views, func(v *view) bool { return len(v.paths) >= maxPaths }) {
		r.faults.say(-1, "", "budget.unsought")
	}
	views = slices.DeleteFunc(views, func(v *view) bool { return len(v.paths) >= maxPaths || !v.findInner() })
	if len(views) == 0 {
		return nil, nil
	}
	row := &quiet.row
	err := each(func(v *view, path, context string, amounts []part) { v.take(path, context, *row, amounts) })
	if err != nil {
		return nil, err
	}
	found := map[int64]bool{}
	for _, v := range views {
		r.judge(v, found)
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// rows calls do with the amounts of each row that has one, by column.
func (r *reading) rows(ctx context.Context, t *datasets.Table, do func([]part)) error {
	amounts := make([]part, len(r.values))
	return r.each(ctx, t, func() bool {
		r.classify()
		r.facts()
		some := false
		for k := range r.values {
			amounts[k].sum, amounts[k].has = r.amount(&r.values[k])
			some = some || amounts[k].has
		}
		if some {
			do(amounts)
		}
		return true
	})
}

// findInner marks the paths of rows that have others below them.
func (v *view) findInner() bool {
	v.inner = map[string]bool{}
	for path := range v.paths {
		for p := path; p != ""; {
			p = parentOf(p)
			if v.paths[p] {
				v.inner[p] = true
			}
		}
	}
	return len(v.inner) > 0
}

// parentOf is a path without its last code, and without codes that were not
// given before that.
func parentOf(path string) string {
	i := strings.LastIndex(path, pathSep)
	if i < 0 {
		return ""
	}
	return strings.TrimRight(path[:i], pathSep)
}

// innerAbove is the nearest path above one that rows have.
func (v *view) innerAbove(path string) (string, bool) {
	for path != "" {
		path = parentOf(path)
		if v.inner[path] {
			return path, true
		}
	}
	return "", false
}

// take adds the amounts of a row to its group, and to that above it.
func (v *view) take(path, context string, row int64, amounts []part) {
	if v.inner[path] {
		if g := v.group(path, context, len(amounts)); g != nil {
			g.rows = append(g.rows, row)
			addParts(g.own, amounts)
		}
	}
	if above, ok := v.innerAbove(path); ok {
		if g := v.group(above, context, len(amounts)); g != nil {
			g.partsRows++
			addParts(g.parts, amounts)
		}
	}
}

func (v *view) group(path, context string, columns int) *group {
	key := context + "\x00" + path
	g := v.groups[key]
	if g == nil && len(v.groups) < maxGroups {
		g = &group{path: path, context: context, own: make([]part, columns), parts: make([]part, columns)}
		v.groups[key] = g
	}
	return g
}

// addParts adds sums; those that overflow are told where lines are summed.
func addParts(to, from []part) {
	for i := range from {
		if from[i].has {
			to[i].sum += from[i].sum
			to[i].has = true
		}
	}
}
