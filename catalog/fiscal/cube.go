package fiscal

import (
	"slices"
	"strings"
)

// A cube sums lines along the trees, in memory: it is as large as it has nodes,
// however many lines there are.
type cube struct {
	levels []level // of the lines, in their order
	trees  []tree
	limit  int

	ids    map[string]uint32 // of codes and labels
	texts  []string
	nodes  []cubeNode
	slices map[yearDir]uint32
	index  map[uint64]uint32 // a node by its parent and code
	full   bool

	path []uint32 // of the row at hand, by level
	name []uint32
	at   uint32   // the year and direction of the last line of the row; 0 before one
	ends []uint32 // the node of that line in each tree
}

type yearDir struct {
	year string
	dir  Direction
}

// A tree is the levels of which its paths are, section by section. The agency is
// a section of its own.
type tree struct {
	name     string
	sections [][]int // levels; none: the agency
	id       uint32
}

// A cubeNode is a node of the cube. What it sums are the lines that end in it, until
// all is rolled up.
type cubeNode struct {
	parent, code, label uint32
	level               int32 // of the cube, or one of the marks below
	depth               int32
	below               bool // there are nodes below it
	has                 uint8
	lines               int64
	amounts             [len(Phases)]Amount
}

// Marks in place of a level.
const (
	atRoot   = -1
	atAgency = -2
	atRest   = -3 // of the lines of a node that go no deeper
)

// newCube returns an empty cube of lines with these levels.
func newCube(levels []level, limit int) *cube {
	c := &cube{levels: levels, limit: limit, ids: map[string]uint32{"": 0}, texts: []string{""}, index: map[uint64]uint32{}, slices: map[yearDir]uint32{}}
	c.nodes = append(c.nodes, cubeNode{level: atRoot}) // parent of all roots
	of := func(schemes ...string) [][]int {
		var sections [][]int
		for _, s := range schemes {
			var section []int
			for i := range levels {
				if levels[i].scheme == s {
					section = append(section, i)
				}
			}
			if len(section) > 0 {
				sections = append(sections, section)
			}
		}
		return sections
	}
	functional := of(SchemeCOFOG)
	if len(functional) == 0 {
		functional = of(SchemeFunctional)
	}
	economic := of(SchemeGFSM)
	if len(economic) == 0 {
		economic = of(SchemeEconomic)
	}
	c.trees = []tree{{Administrative, slices.Concat([][]int{nil}, of(SchemeAdministrative, SchemeProgramme), economic), 0}}
	for _, t := range []tree{{Functional, functional, 0}, {Economic, economic, 0}, {Geography, of(SchemeGeography), 0}, {Fund, of(SchemeFund), 0}} {
		if len(t.sections) > 0 {
			c.trees = append(c.trees, tree{t.name, append(t.sections, nil), 0})
		}
	}
	for t := range c.trees {
		c.trees[t].id = c.id("\x00" + c.trees[t].name)
	}
	c.ends = make([]uint32, len(c.trees))
	c.path, c.name = make([]uint32, len(levels)), make([]uint32, len(levels))
	return c
}

// id numbers a text.
func (c *cube) id(text string) uint32 {
	if id, ok := c.ids[text]; ok {
		return id
	}
	id := uint32(len(c.texts)) //nolint:gosec // as many as there are nodes
	text = strings.Clone(text)
	c.ids[text] = id
	c.texts = append(c.texts, text)
	return id
}

// set sets the code and name of a level of the row at hand.
func (c *cube) set(level int, code, label string) {
	c.at = 0
	c.path[level], c.name[level] = c.id(code), 0
	if label != code {
		c.name[level] = c.id(label)
	}
}

// add adds a line of the row at hand to all trees. It reports false when the
// sums of a node overflow.
func (c *cube) add(agency string, year string, dir Direction, phase int, amount Amount) bool {
	if slice := c.slice(year, dir); slice != c.at {
		for t := range c.trees {
			c.ends[t] = c.leaf(t, slice, agency)
		}
		c.at = slice
	}
	if c.full {
		return true
	}
	ok := true
	for _, n := range c.ends {
		ok = c.nodes[n].add(phase, amount) && ok
		c.nodes[n].lines++
	}
	return ok
}

// slice numbers a year and direction.
func (c *cube) slice(year string, dir Direction) uint32 {
	key := yearDir{year, dir}
	id, ok := c.slices[key]
	if !ok {
		id = c.id(year + "\x00" + string(dir))
		c.slices[yearDir{strings.Clone(year), dir}] = id
	}
	return id
}

func (s *cubeNode) add(phase int, amount Amount) bool {
	sum, ok := add(s.amounts[phase], amount)
	s.amounts[phase] = sum
	s.has |= 1 << phase
	return ok
}

// leaf returns the node of a tree that the row at hand ends in.
func (c *cube) leaf(t int, slice uint32, agency string) uint32 {
	n := c.child(0, c.trees[t].id, 0, atRoot)
	n = c.child(n, slice, 0, atRoot)
	for _, section := range c.trees[t].sections {
		if section == nil {
			n = c.child(n, c.id(agency), 0, atAgency)
			continue
		}
		deep := len(section)
		for deep > 0 && c.path[section[deep-1]] == 0 {
			deep--
		}
		for _, l := range section[:deep] {
			code := c.path[l]
			if code == 0 {
				code = c.id(Unclassified)
			}
			n = c.child(n, code, c.name[l], l)
		}
	}
	return n
}

// child returns the node below one with a code, and makes it.
func (c *cube) child(parent, code, label uint32, level int) uint32 {
	key := uint64(parent)<<32 | uint64(code)
	if n, ok := c.index[key]; ok {
		if s := &c.nodes[n]; s.label == 0 {
			s.label = label
		}
		return n
	}
	if len(c.nodes) >= c.limit {
		c.full = true
		return 0
	}
	n := uint32(len(c.nodes)) //nolint:gosec // limit
	depth := int32(0)
	if level != atRoot {
		depth = c.nodes[parent].depth + 1
	}
	c.nodes = append(c.nodes, cubeNode{parent: parent, code: code, label: label, level: int32(level), depth: depth}) //nolint:gosec // few levels
	c.nodes[parent].below = true
	c.index[key] = n
	return n
}

// roll adds up the nodes from the leaves on. Lines of a node that has others
// below it become a node of their own there, so that those below a node always
// make its sum. It returns a node whose sum overflows, 0 for none.
func (c *cube) roll() (overflow uint32) {
	rest := c.id(Unclassified)
	for n, count := 1, len(c.nodes); n < count; n++ {
		s := c.nodes[n]
		if s.lines == 0 || !s.below {
			continue
		}
		at, known := c.index[uint64(n)<<32|uint64(rest)] //nolint:gosec // above 0
		if !known {
			s.parent, s.code, s.label, s.level, s.depth, s.below = uint32(n), rest, 0, atRest, s.depth+1, false //nolint:gosec // limit
			c.nodes = append(c.nodes, s)
		} else if !c.merge(at, &s) {
			return uint32(n) //nolint:gosec // limit
		}
		own := &c.nodes[n]
		own.lines, own.has, own.amounts = 0, 0, [len(Phases)]Amount{}
	}
	for n := len(c.nodes) - 1; n > 0; n-- {
		s := &c.nodes[n]
		if s.level == atRoot { // trees and years are not summed
			continue
		}
		if !c.merge(s.parent, s) {
			return s.parent
		}
	}
	return 0
}

// merge adds the sums of a node to another.
func (c *cube) merge(to uint32, s *cubeNode) bool {
	t := &c.nodes[to]
	t.lines += s.lines
	for p := range s.amounts {
		if s.has>>p&1 == 1 && !t.add(p, s.amounts[p]) {
			return false
		}
	}
	return true
}
