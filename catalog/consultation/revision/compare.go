// Package revision compares two versions of a law: which provision became
// which, whatever was put in between, moved, split or merged, and which words
// of it are others. It also says where what people quoted from the one version
// stands in the other.
package revision

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A Change is what became of a provision.
type Change string

// The changes. What stands in its old order, under the same parent or under one
// that is new or gone, is in its place; its number may be another.
const (
	Same          Change = "same"           // in its place with the same number and words
	Renumbered    Change = "renumbered"     // in its place with the same words; another number
	Reworded      Change = "reworded"       // in its place with other words
	Moved         Change = "moved"          // somewhere else, with the same words
	MovedReworded Change = "moved-reworded" // somewhere else, with other words
	Added         Change = "added"
	Removed       Change = "removed"
	Split         Change = "split"  // one became several
	Merged        Change = "merged" // several became one
)

// sameWords reports whether what became of a provision left its words as they were.
func (c Change) sameWords() bool { return c == Same || c == Renumbered || c == Moved }

// A Pair tells what became of one provision, or of several that were merged.
type Pair struct {
	A, B     []int // places in the two lists
	Change   Change
	Likeness float64 // of their words, from 0 to 1, which is only for the same words
}

// A comparison is at work on two laws.
type comparison struct {
	al       *aligner
	a, b     *outline
	groups   []group
	inA, inB []int // the group of each provision, or -1
}

// Compare aligns two versions of a law. Each place of either list is in exactly
// one pair. Pairs are in the order of b; what was removed stands behind what it
// stood behind in a. The words are those of heading and text, as Words compares
// them; a label is not compared. Equal texts are paired first, then alike ones,
// at the same address before others; what is in an article is paired with what
// is in the article that it became.
func Compare(a, b []lawtext.Provision) []Pair {
	lex := newLexicon()
	c := &comparison{inA: make([]int, len(a)), inB: make([]int, len(b))}
	c.a, c.b = newOutlines(lex, a, b)
	for i := range c.inA {
		c.inA[i] = -1
	}
	for j := range c.inB {
		c.inB[j] = -1
	}
	unitsA, unitsB := c.a.units(), c.b.units()
	c.al = newAligner(lex, unitsA, unitsB)
	c.add(c.al.groups(unitsA, unitsB))
	for _, g := range slices.Clone(c.groups) {
		if partsA, partsB := c.a.parts(g.a), c.b.parts(g.b); len(partsA) > 0 && len(partsB) > 0 {
			c.add(c.al.groups(partsA, partsB))
		}
	}
	c.across()
	c.containers()
	c.single()
	return c.pairs()
}

func (c *comparison) add(list []group) {
	for _, g := range list {
		for _, i := range g.a {
			c.inA[i] = len(c.groups)
		}
		for _, j := range g.b {
			c.inB[j] = len(c.groups)
		}
		c.groups = append(c.groups, g)
	}
}

// across pairs what is left of articles with what is left of others: a note that
// became an article, an item that went elsewhere.
func (c *comparison) across() {
	restA, restB := c.a.rest(c.inA), c.b.rest(c.inB)
	for i, j := range c.al.align(restA, restB, floor{minAcross, minAcross, minAcross}).ab {
		if j >= 0 {
			c.add([]group{{[]int{restA[i].at}, []int{restB[j].at}}})
		}
	}
}

// single makes groups of what has no partner.
func (c *comparison) single() {
	for i, g := range c.inA {
		if g < 0 {
			c.add([]group{{a: []int{i}}})
		}
	}
	for j, g := range c.inB {
		if g < 0 {
			c.add([]group{{b: []int{j}}})
		}
	}
}

// pairs writes the groups as pairs, in their order.
func (c *comparison) pairs() []Pair {
	moved := c.moved()
	list := make([]Pair, len(c.groups))
	for n, g := range c.groups {
		list[n] = Pair{A: g.a, B: g.b}
		list[n].Change, list[n].Likeness = c.change(g, moved[n])
	}
	out := make([]Pair, 0, len(list))
	behind := map[int][]int{} // what was removed behind a group, -1 for the beginning
	last := -1
	for i := range c.a.law {
		switch n := c.inA[i]; list[n].Change {
		case Removed:
			behind[last] = append(behind[last], n)
		case Moved, MovedReworded:
		default:
			last = n
		}
	}
	put := func(after int) {
		for _, n := range behind[after] {
			out = append(out, list[n])
		}
	}
	put(-1)
	for j := range c.b.law {
		if n := c.inB[j]; list[n].B[0] == j {
			out = append(out, list[n])
			put(n)
		}
	}
	return out
}

// change tells what became of a group, and how alike its words are.
func (c *comparison) change(g group, moved bool) (Change, float64) {
	switch {
	case len(g.b) == 0:
		return Removed, 0
	case len(g.a) == 0:
		return Added, 0
	}
	wordsA, wordsB := c.a.words(g.a), c.b.words(g.b)
	x, y := newPiece(0, "", wordsA), newPiece(0, "", wordsB)
	if len(g.a) > 1 || len(g.b) > 1 {
		if len(g.b) > 1 {
			return Split, c.al.likeness(&x, &y)
		}
		return Merged, c.al.likeness(&x, &y)
	}
	p, q := &c.a.law[g.a[0]], &c.b.law[g.b[0]]
	if slices.Equal(wordsA, wordsB) {
		switch {
		case moved:
			return Moved, 1
		case p.Num != q.Num || p.Kind != q.Kind:
			return Renumbered, 1
		}
		return Same, 1
	}
	likeness := min(c.al.likeness(&x, &y), 0.999) // words may be the same in another order
	if moved {
		return MovedReworded, likeness
	}
	return Reworded, likeness
}

// words returns the own words of some provisions.
func (o *outline) words(list []int) []int32 {
	if len(list) == 1 {
		return o.own[list[0]]
	}
	var words []int32
	for _, i := range list {
		words = append(words, o.own[i]...)
	}
	return words
}
