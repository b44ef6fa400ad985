package site

import (
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// manyColumns is from how many columns on a form helps to find one: it puts
// those that the view is made of first, and takes a part of a name.
const manyColumns = 16

// paramFind is a part of the name of a column that is looked for in the form of
// a table with many.
const paramFind = "_find"

// A columnGroup is columns of a select under a heading.
type columnGroup struct {
	Key     string // of its text, empty for no heading
	Columns []choice
}

// The groups of the columns of a select.
const (
	groupFound = "found"
	groupUsed  = "used"
	groupRest  = "rest"
)

// many reports whether the table has so many columns that they are not all
// looked through.
func (x *exploration) many() bool { return len(x.Schema) >= manyColumns }

// inGroups puts of many columns those first that were looked for, then those
// that the view is made of.
func (x *exploration) inGroups(all []choice) []columnGroup {
	if !x.many() {
		return []columnGroup{{Columns: all}}
	}
	used, found := x.used(), persian.Fold(x.find)
	var groups []columnGroup
	for _, key := range []string{groupFound, groupUsed, groupRest} {
		g := columnGroup{Key: key}
		for _, c := range all {
			name := c.Key
			if i := strings.LastIndex(name, "__"); x.Schema.Index(name) < 0 && i > 0 {
				name = name[:i]
			}
			in := groupRest
			switch {
			case found != "" && strings.Contains(persian.Fold(c.Label), found):
				in = groupFound
			case c.Current || used[name]:
				in = groupUsed
			}
			if in == key {
				g.Columns = append(g.Columns, c)
			}
		}
		if len(g.Columns) > 0 {
			groups = append(groups, g)
		}
	}
	if len(groups) == 1 {
		groups[0].Key = ""
	}
	return groups
}

// used is the columns that the query names.
func (x *exploration) used() map[string]bool {
	q := &x.Query
	names := slices.Clone(q.Select)
	for _, f := range q.Filters {
		names = append(names, f.Column)
	}
	for _, g := range q.Group {
		names = append(names, g.Column)
	}
	for _, m := range q.Measures {
		names = append(names, m.Column)
	}
	for _, s := range q.Sort {
		names = append(names, s.Column)
	}
	used := map[string]bool{}
	for _, name := range names {
		used[name] = true
	}
	return used
}

// A chooser is the part of the form that chooses the columns that are shown.
// Of many none is ticked as long as all are shown.
type chooser struct {
	Columns []choice
	Many    bool
	All     int    // columns of the table
	Find    string // a part of a name that is looked for
	Found   int    // columns that have it; those that are not shown are left out then
}

// chooser lists the columns, of many those that are shown first.
func (x *exploration) chooser() *chooser {
	c := &chooser{Many: x.many(), All: len(x.Schema)}
	shown := x.Query.Select
	for _, one := range x.columnChoices("") {
		one.Current = slices.Contains(shown, one.Key) || len(shown) == 0 && !c.Many
		c.Columns = append(c.Columns, one)
	}
	if !c.Many {
		return c
	}
	c.Find = x.find
	part := persian.Fold(x.find)
	has := func(one choice) bool { return part != "" && strings.Contains(persian.Fold(one.Label), part) }
	for _, one := range c.Columns {
		if has(one) {
			c.Found++
		}
	}
	if c.Found > 0 {
		c.Columns = slices.DeleteFunc(c.Columns, func(one choice) bool { return !one.Current && !has(one) })
	}
	slices.SortStableFunc(c.Columns, func(a, b choice) int {
		switch {
		case a.Current == b.Current:
			return 0
		case a.Current:
			return -1
		}
		return 1
	})
	return c
}

// takeFind takes what is looked for out of the parameters of the view: other
// views do not carry it on.
func (x *exploration) takeFind() {
	x.find = persian.CutBytes(strings.TrimSpace(x.Own.Get(paramFind)), maxFormValue)
	x.Own.Del(paramFind)
}

// groupedColumns are the columns of the table for a select, the named one
// chosen.
func (x *exploration) groupedColumns(name string) []columnGroup {
	return x.inGroups(x.columnChoices(name))
}
