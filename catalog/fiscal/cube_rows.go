package fiscal

import (
	"iter"
	"net/url"
	"strings"
)

// A cubeRow is a node as the catalogue keeps it.
type cubeRow struct {
	key    cubeKey
	parent string
	depth  int32
	scheme string
	code   string
	label  string
	lines  int64
	sums   Amounts
}

// A cubeKey is what one node of a budget is known by.
type cubeKey struct {
	tree string
	dir  Direction
	year string
	path string
}

// rows yields the nodes that have lines, parents before what is below them but
// for the nodes of lines that go no deeper, which come last. roll comes before.
func (c *cube) rows() iter.Seq[cubeRow] {
	return func(yield func(cubeRow) bool) {
		var codes []string
		for n := 1; n < len(c.nodes); n++ {
			s := &c.nodes[n]
			if s.lines == 0 {
				continue
			}
			codes = codes[:0]
			at := uint32(n) //nolint:gosec // limit
			for ; c.nodes[at].level != atRoot; at = c.nodes[at].parent {
				codes = append(codes, url.PathEscape(c.texts[c.nodes[at].code]))
			}
			r := cubeRow{depth: s.depth, lines: s.lines, sums: s.byPhase()}
			year, dir, _ := strings.Cut(c.texts[c.nodes[at].code], "\x00")
			r.key = cubeKey{strings.TrimPrefix(c.texts[c.nodes[c.nodes[at].parent].code], "\x00"), Direction(dir), year, ""}
			if len(codes) > 0 {
				r.code, r.label, r.scheme = c.texts[s.code], c.texts[s.label], c.schemeAt(s.level)
				r.key.path, r.parent = backwards(codes), backwards(codes[1:])
			}
			if !yield(r) {
				return
			}
		}
	}
}

// schemeAt is the scheme of the codes at a level.
func (c *cube) schemeAt(level int32) string {
	switch {
	case level == atAgency:
		return SchemeAgency
	case level >= 0:
		return c.levels[level].scheme
	}
	return ""
}

// backwards joins codes that stand from the last to the first.
func backwards(codes []string) string {
	var b strings.Builder
	for i := len(codes) - 1; i >= 0; i-- {
		b.WriteString(codes[i])
		if i > 0 {
			b.WriteByte('/')
		}
	}
	return b.String()
}

func (s *cubeNode) byPhase() Amounts {
	var a Amounts
	for p, to := range a.All() {
		if s.has>>p&1 == 1 {
			*to = &s.amounts[p]
		}
	}
	return a
}

// names are the trees that the cube has.
func (c *cube) treeNames() []string {
	var all []string
	for _, t := range c.trees {
		all = append(all, t.name)
	}
	return all
}
