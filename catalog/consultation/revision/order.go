package revision

import (
	"cmp"
	"slices"
)

// atTop stands for the law itself among groups.
const atTop = -1

// maxUp bounds how many containers a unit votes for.
const maxUp = 8

// containers pairs books and chapters by what is in them and by their headings.
func (c *comparison) containers() {
	votes := map[[2]int]int{}
	sizeA, sizeB := map[int]int{}, map[int]int{}
	count := func(o *outline, size map[int]int) {
		for i := range o.law {
			if o.role[i] == unit {
				for n, p := 0, o.parent[i]; p >= 0 && n < maxUp; n, p = n+1, o.parent[p] {
					size[p]++
				}
			}
		}
	}
	count(c.a, sizeA)
	count(c.b, sizeB)
	for _, g := range c.groups {
		if len(g.a) == 0 || len(g.b) == 0 || c.a.role[g.a[0]] != unit {
			continue
		}
		for n, p := 0, c.a.parent[g.a[0]]; p >= 0 && n < maxUp; n, p = n+1, c.a.parent[p] {
			for k, q := 0, c.b.parent[g.b[0]]; q >= 0 && k < maxUp; k, q = k+1, c.b.parent[q] {
				if c.a.law[p].Kind == c.b.law[q].Kind {
					votes[[2]int{p, q}]++
				}
			}
		}
	}
	c.byName(votes)
	edges := make([]edge, 0, len(votes))
	for at, n := range votes {
		p, q := at[0], at[1]
		score := float64(n) / float64(max(1, min(sizeA[p], sizeB[q])))
		score += float64(n) / float64(max(1, max(sizeA[p], sizeB[q])))
		if slices.Equal(c.a.own[p], c.b.own[q]) {
			score += 1
		}
		if c.a.law[p].Address == c.b.law[q].Address {
			score += 0.3
		}
		if score >= 1 {
			edges = append(edges, edge{i: p, j: q, likeness: score})
		}
	}
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.likeness, x.likeness), cmp.Compare(x.i, y.i), cmp.Compare(x.j, y.j))
	})
	for _, e := range edges {
		if c.inA[e.i] < 0 && c.inB[e.j] < 0 {
			c.add([]group{{[]int{e.i}, []int{e.j}}})
		}
	}
}

// byName lets containers stand for election that have the same address and
// heading, though nothing in them may have a partner.
func (c *comparison) byName(votes map[[2]int]int) {
	at := map[string]int{}
	for q := range c.b.law {
		if c.b.role[q] == container {
			at[c.b.law[q].Address] = q
		}
	}
	for p := range c.a.law {
		if q, ok := at[c.a.law[p].Address]; ok && c.a.role[p] == container && slices.Equal(c.a.own[p], c.b.own[q]) {
			votes[[2]int{p, q}] += 0
		}
	}
}

// moved tells of each group whether it is somewhere else: under another parent,
// or, under the same one, not in the longest list of those that kept their
// order.
func (c *comparison) moved() []bool {
	moved := make([]bool, len(c.groups))
	siblings := map[int][]int{}
	var free, all []int
	for n, g := range c.groups {
		if len(g.a) == 0 || len(g.b) == 0 {
			continue
		}
		all = append(all, n)
		p, okA := c.above(c.a, c.inA, g.a[0])
		q, okB := c.above(c.b, c.inB, g.b[0])
		switch {
		case !okA || !okB:
			free = append(free, n)
		case p != q:
			moved[n] = true
		default:
			siblings[p] = append(siblings[p], n)
		}
	}
	for _, list := range siblings {
		inOrder := c.inOrder(list)
		for _, n := range list {
			moved[n] = !inOrder[n]
		}
	}
	if len(free) > 0 {
		inOrder := c.inOrder(slices.DeleteFunc(all, func(n int) bool { return moved[n] }))
		for _, n := range free {
			moved[n] = !inOrder[n]
		}
	}
	return moved
}

// above returns the group of the parent of a provision; false when that was
// added or removed.
func (c *comparison) above(o *outline, in []int, i int) (int, bool) {
	p := o.parent[i]
	if p < 0 {
		return atTop, true
	}
	g := &c.groups[in[p]]
	return in[p], len(g.a) > 0 && len(g.b) > 0
}

// inOrder returns which of some groups are in the longest list that stands in
// the same order in both laws.
func (c *comparison) inOrder(list []int) map[int]bool {
	slices.SortFunc(list, func(x, y int) int { return cmp.Compare(c.groups[x].a[0], c.groups[y].a[0]) })
	ends := make([]int, 0, len(list)) // of the best list of each length: its last, as a place in list
	before := make([]int, len(list))
	for n, g := range list {
		at, _ := slices.BinarySearchFunc(ends, c.groups[g].b[0], func(e, b int) int {
			return cmp.Compare(c.groups[list[e]].b[0], b)
		})
		before[n] = -1
		if at > 0 {
			before[n] = ends[at-1]
		}
		if at == len(ends) {
			ends = append(ends, n)
		} else {
			ends[at] = n
		}
	}
	in := make(map[int]bool, len(ends))
	if len(ends) > 0 {
		for n := ends[len(ends)-1]; n >= 0; n = before[n] {
			in[list[n]] = true
		}
	}
	return in
}
