package fiscal

import (
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// summed are the columns of a node over the budgets of a scope. SQLite adds exact
// integers and fails where a sum has no room in 64 bits. The last one is the
// approved amount of those budgets alone whose executed amount is known: a share
// of both must not count what was not reported.
const summed = `max(c.scheme), max(c.code), max(c.label), sum(c.lines),
	sum(c.proposed), sum(c.approved), sum(c.adjusted), sum(c.executed), sum(c.committed), sum(c.paid),
	sum(iif(c.executed is null, null, c.approved))`

// at are the nodes c of the budgets in ?1 in tree ?2, direction ?3 and year ?4.
const at = ` from json_each(?1) j cross join cubes c on c.cube = j.value ->> 1 and c.tree = ?2 and c.direction = ?3 and c.year = ?4`

// leaf is whether no node is below c.
const leaf = `not max(exists (select 1 from cubes k where k.cube = c.cube and k.tree = ?2 and k.direction = ?3 and k.year = ?4 and k.parent = c.path))`

const (
	nodeQuery     = "select c.path, " + leaf + ", " + summed + at + " and c.path = ?5 group by c.path"
	childrenQuery = "select c.path, " + leaf + ", " + summed + at + " and c.parent = ?5 group by c.path"
	yearsQuery    = `select y.year, y.direction, max(y.starts), max(y.ends), max(iif(y.until < y.ends, y.until, '')), group_concat(y.phases, ',')
		from json_each(?1) j cross join budget_years y on y.budget = j.value ->> 0 group by y.year, y.direction order by 3, 1, 2`
	lineQuery = `select y.year, ` + summed + ` from json_each(?1) j cross join budget_years y on y.budget = j.value ->> 0 and y.direction = ?3
		cross join cubes c on c.cube = j.value ->> 1 and c.tree = ?2 and c.direction = ?3 and c.year = y.year and c.path = ?4
		group by y.year order by max(y.starts), y.year`
)

// scanned are the places that the columns of summed are read into.
func (n *Node) scanned(label *string) []any {
	into := []any{&n.Scheme, &n.Code, label, &n.Lines}
	for _, a := range n.All() {
		into = append(into, a)
	}
	return append(into, &n.Compared)
}

func scanNode(row catalog.Row) (n Node, err error) {
	var path, label string
	if err = row.Scan(append([]any{&path, &n.Leaf}, n.scanned(&label)...)...); err != nil {
		return n, err
	}
	n.Path, n.Label = SplitPath(path), Labelled(n.Scheme, n.Code, label)
	return n, nil
}

// Years returns the fiscal years of the scope, the oldest first, each with the
// phases that any budget has. Until is how far an outturn reaches that is not
// complete.
func (f *Fiscal) Years(ctx context.Context, s *Scope) ([]Year, error) {
	rows, err := f.store.Rows(ctx, yearsQuery, keys(s.Budgets))
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (y Year, err error) {
		var phases string
		err = row.Scan(&y.Year, &y.Direction, &y.Starts, &y.Ends, &y.Until, &phases)
		y.Phases = phasesOf(phases)
		return y, err
	})
	return all, catalog.Wrap("years", err)
}

// phasesOf reads the phases of years, in their order.
func phasesOf(list string) []Phase {
	names := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	all := []Phase{}
	for _, p := range Phases {
		if slices.Contains(names, string(p)) {
			all = append(all, p)
		}
	}
	return all
}

// Node returns the sums at the view's place. The error is catalog.ErrNotFound
// when no budget of the scope has it.
func (f *Fiscal) Node(ctx context.Context, s *Scope, v *View) (Node, error) {
	path := JoinPath(v.Path)
	n, err := scanNode(f.store.Row(ctx, nodeQuery, keys(s.of(v)), v.Tree, v.Direction, v.Year, path))
	if catalog.NoRow(err) {
		return n, catalog.NotFound("place in the budget", v.Year+"/"+path)
	}
	return n, catalog.Wrap("spending", err)
}

// Children returns the nodes below the view's place, by their codes.
func (f *Fiscal) Children(ctx context.Context, s *Scope, v *View) ([]Node, error) {
	rows, err := f.store.Rows(ctx, childrenQuery, keys(s.of(v)), v.Tree, v.Direction, v.Year, JoinPath(v.Path))
	all, err := catalog.Collect(rows, err, scanNode)
	return all, catalog.Wrap("spending", err)
}

// Trail returns the nodes on the way to the view's place, without its root.
func (f *Fiscal) Trail(ctx context.Context, s *Scope, v *View) ([]Node, error) {
	var all []Node
	for i := range v.Path {
		up := *v
		up.Path = v.Path[:i+1]
		n, err := f.Node(ctx, s, &up)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// A YearNode is the sums of a place in one year.
type YearNode struct {
	Year string `json:"year"`
	Node `json:"-"`
}

// Line returns the sums at the view's place year by year, the oldest first.
func (f *Fiscal) Line(ctx context.Context, s *Scope, v *View) ([]YearNode, error) {
	rows, err := f.store.Rows(ctx, lineQuery, keys(s.of(v)), v.Tree, v.Direction, JoinPath(v.Path))
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (n YearNode, err error) {
		var label string
		err = row.Scan(append([]any{&n.Year}, n.scanned(&label)...)...)
		return n, err
	})
	return all, catalog.Wrap("spending", err)
}

// having returns the budgets of the scope that have lines at the view's place.
func (f *Fiscal) having(ctx context.Context, s *Scope, v *View) (map[string]Node, error) {
	rows, err := f.store.Rows(ctx, "select j.value ->> 0, "+summed+at+" and c.path = ?5 group by c.cube", keys(s.of(v)), v.Tree, v.Direction, v.Year, JoinPath(v.Path))
	if err != nil {
		return nil, catalog.Wrap("spending", err)
	}
	defer rows.Close()
	all := map[string]Node{}
	for rows.Next() {
		var (
			id, label string
			n         Node
		)
		if err := rows.Scan(append([]any{&id}, n.scanned(&label)...)...); err != nil {
			return nil, catalog.Wrap("spending", err)
		}
		all[id] = n
	}
	return all, catalog.Wrap("spending", rows.Err())
}

// Having returns the budgets of the scope that have lines at the view's place:
// where to drill down to them.
func (f *Fiscal) Having(ctx context.Context, s *Scope, v *View) ([]Budget, error) {
	nodes, err := f.having(ctx, s, v)
	var all []Budget
	for i := range s.Budgets {
		if _, there := nodes[s.Budgets[i].ID]; there {
			all = append(all, s.Budgets[i])
		}
	}
	return all, err
}

// Share is which part of the approved amount was executed, as a quotient of
// minor units; ok is false where one of them is not known or nothing was
// approved.
func (n *Node) Share() (executed, approved Amount, ok bool) {
	if n.Executed == nil || n.Compared == nil || *n.Compared <= 0 {
		return 0, 0, false
	}
	return *n.Executed, *n.Compared, true
}
