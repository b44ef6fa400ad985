package revision

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// Counts tell how many pairs there are of each change.
type Counts map[Change]int

// A Summary counts what became of a law. An article counts with all that is in
// it: one of which only a note is another counts as reworded. Where there are no
// articles, sections are counted.
type Summary struct {
	Articles   Counts
	Provisions Counts
}

// Summarize counts the pairs that Compare found for two laws.
func Summarize(a, b []lawtext.Provision, pairs []Pair) Summary {
	s := Summary{Counts{}, Counts{}}
	inner := within(a, b, pairs)
	kind := lawtext.Article
	if !isOf(kind, a, all(a)) && !isOf(kind, b, all(b)) {
		kind = lawtext.Section
	}
	for n := range pairs {
		p := &pairs[n]
		s.Provisions[p.Change]++
		if !isOf(kind, a, p.A) && !isOf(kind, b, p.B) {
			continue
		}
		change := p.Change
		if inner[n] {
			switch change {
			case Same, Renumbered:
				change = Reworded
			case Moved:
				change = MovedReworded
			default: // says so already
			}
		}
		s.Articles[change]++
	}
	return s
}

// isOf reports whether one of some provisions is of a kind.
func isOf(kind lawtext.Kind, law []lawtext.Provision, list []int) bool {
	return slices.ContainsFunc(list, func(i int) bool { return i >= 0 && i < len(law) && law[i].Kind == kind })
}

func all(law []lawtext.Provision) []int {
	list := make([]int, len(law))
	for i := range list {
		list[i] = i
	}
	return list
}

// within tells of each pair whether something in its units, themselves not
// counted, was added, removed, moved or has other words. It is false of
// containers.
func within(a, b []lawtext.Provision, pairs []Pair) []bool {
	pairA, pairB := pairOf(len(a), pairs, Pair.first), pairOf(len(b), pairs, Pair.second)
	out := make([]bool, len(pairs))
	look := func(law []lawtext.Provision, of []int) {
		o := outlineOf(law)
		for i := range law {
			if o.role[i] != part || of[i] < 0 {
				continue
			}
			switch pairs[of[i]].Change {
			case Same, Renumbered:
			default:
				if n := of[o.unit[i]]; n >= 0 {
					out[n] = true
				}
			}
		}
	}
	look(a, pairA)
	look(b, pairB)
	return out
}

func (p Pair) first() []int  { return p.A }
func (p Pair) second() []int { return p.B }

// pairOf returns the pair of each of n provisions, -1 of those in none.
func pairOf(n int, pairs []Pair, side func(Pair) []int) []int {
	of := make([]int, n)
	for i := range of {
		of[i] = -1
	}
	for k := range pairs {
		for _, i := range side(pairs[k]) {
			if i >= 0 && i < n {
				of[i] = k
			}
		}
	}
	return of
}
