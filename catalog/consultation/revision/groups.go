package revision

import (
	"cmp"
	"slices"
)

// A group holds pieces of two lists that belong together: one of each, or one
// of one and several of the other.
type group struct{ a, b []int }

// When a piece is taken for a part of another.
const (
	minWithin   = 0.6 // share of a piece that is in the one it was split from
	minNew      = 0.5 // share of a piece that no other one from there has
	minStill    = 0.5 // share of the piece that stands for the old one which is from it
	minOfSplit  = 4   // words of a piece that is taken for one of several
	minCoverage = 0.5 // share of the old piece that is in the new ones
	minAcross   = 0.6 // likeness of two pieces from different units
)

// groups pairs the pieces of two lists and finds those that were split or merged.
func (al *aligner) groups(a, b []piece) []group {
	m := al.align(a, b, floor{anywhere: 0.55, distinct: 0.36, expected: 0.35})
	split := al.splits(m)
	merged := al.splits(m.mirrored(split))
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	var out []group
	add := func(g group) {
		for _, i := range g.a {
			usedA[i] = true
		}
		for _, j := range g.b {
			usedB[j] = true
		}
		out = append(out, g)
	}
	for i, list := range split {
		add(group{[]int{i}, list})
	}
	for j, list := range merged {
		add(group{list, []int{j}})
	}
	for i, j := range m.ab {
		if j >= 0 && !usedA[i] && !usedB[j] {
			add(group{[]int{i}, []int{j}})
		}
	}
	al.contained(m, usedA, usedB, func(i, j int) { add(group{[]int{i}, []int{j}}) })
	for _, g := range out {
		for n, i := range g.a {
			g.a[n] = a[i].at
		}
		for n, j := range g.b {
			g.b[n] = b[j].at
		}
	}
	return out
}

// mirrored returns the matching seen from the other side, in which what was
// split already is not to be touched.
func (m *matching) mirrored(split map[int][]int) *matching {
	r := &matching{m.b, m.a, slices.Clone(m.ba), slices.Clone(m.ab)}
	for i, list := range split {
		for _, j := range list {
			r.ab[j] = i
		}
		r.ba[i] = list[0]
	}
	return r
}

// splits returns the pieces of a that became several of b: those without a
// partner that come from it, and its partner if it still stands for it.
func (al *aligner) splits(m *matching) map[int][]int {
	taken := make([]int, len(m.a))
	for i := range m.a {
		if j := m.ab[i]; j >= 0 && slices.Equal(m.a[i].words, m.b[j].words) {
			taken[i] = j
		} else {
			taken[i] = -1
		}
	}
	find := al.finder(m.a, taken)
	from := map[int][]int{}
	for j := range m.b {
		if m.ba[j] >= 0 || len(m.b[j].words) < minOfSplit {
			continue
		}
		best, most := -1, minWithin*m.b[j].weight
		for _, i := range find(&m.b[j], maxCandidates) {
			if c := al.common(&m.a[i], &m.b[j]); c >= minWithin*m.b[j].weight && c > most {
				best, most = i, c
			}
		}
		if best >= 0 && !al.isPart(&m.a[best], &m.b[j]) {
			from[best] = append(from[best], j)
		}
	}
	for i, list := range from {
		if list = al.several(m, i, list); list == nil {
			delete(from, i)
		} else {
			from[i] = list
		}
	}
	return from
}

// isPart reports whether a piece is a part of another that now stands by itself,
// such as a note that became an article.
func (al *aligner) isPart(whole, p *piece) bool {
	for i := range whole.parts {
		if al.likeness(&whole.parts[i], p) >= minAcross {
			return true
		}
	}
	return false
}

// several returns what the piece i of a became, in the order of b, or nil when
// that is not several pieces.
func (al *aligner) several(m *matching, i int, list []int) []int {
	whole := &m.a[i]
	slices.SortFunc(list, func(x, y int) int {
		return cmp.Or(cmp.Compare(m.b[y].weight, m.b[x].weight), cmp.Compare(x, y))
	})
	if j := m.ab[i]; j >= 0 {
		if al.common(whole, &m.b[j]) < minStill*m.b[j].weight {
			return nil
		}
		list = slices.Insert(list, 0, j)
	}
	left := slices.Clone(whole.features)
	covered := 0.0
	var out []int
	for n, j := range list {
		var gain float64
		var rest []uint64
		for _, f := range left {
			if _, has := slices.BinarySearch(m.b[j].features, f); has {
				gain += al.weigh(f)
			} else {
				rest = append(rest, f)
			}
		}
		if n > 0 && gain < minNew*m.b[j].weight {
			continue
		}
		left, covered = rest, covered+gain
		out = append(out, j)
	}
	if len(out) < 2 || covered < minCoverage*whole.weight {
		return nil
	}
	slices.Sort(out)
	return out
}
