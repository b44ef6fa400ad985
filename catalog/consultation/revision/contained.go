package revision

import (
	"cmp"
	"slices"
)

// When a piece that is mostly in another is taken for the same, though the other
// is much longer: one that was cut down, or to which much was added.
const (
	minHeld         = 0.8 // share of the shorter one that is in the longer one
	minHeldWords    = 8   // of it
	minExpected     = 0.6 // the same where it is expected
	minExpectedWord = 3
	minHolds        = 0.5 // share of what is gone that is in what now stands for it
)

// held is the share of the shorter of two pieces that is in the other, and how
// many words the shorter one has.
func (al *aligner) held(a, b *piece) (share float64, words int) {
	c := al.common(a, b)
	if c == 0 {
		return 0, 0
	}
	short := a
	if b.weight < a.weight {
		short = b
	}
	for _, w := range short.words {
		if !al.lex.mark[w] {
			words++
		}
	}
	return c / short.weight, words
}

// contained pairs what neither likeness nor a split or merger does, by what one
// has of the other. The pair is told before the next one is looked for.
func (al *aligner) contained(m *matching, usedA, usedB []bool, pair func(i, j int)) {
	taken := make([]int, len(m.b))
	for j, used := range usedB {
		taken[j] = -1
		if used {
			taken[j] = 0
		}
	}
	find := al.finder(m.b, taken)
	for i := range m.a {
		if usedA[i] {
			continue
		}
		expected := m.beside(i)
		best, most := -1, 0.0
		look := func(j int, least float64, words int) {
			if usedB[j] {
				return
			}
			if share, n := al.held(&m.a[i], &m.b[j]); n >= words && share >= least && share > most {
				best, most = j, share
			}
		}
		for _, j := range expected {
			look(j, minExpected, minExpectedWord)
		}
		if best < 0 {
			for _, j := range find(&m.a[i], maxCandidates) {
				look(j, minHeld, minHeldWords)
			}
		}
		if best >= 0 {
			m.pair(i, best)
			pair(i, best)
		}
	}
}

// A holding finds what of a version took in most of the words of what is gone:
// what was in it before is not looked at.
type holding struct {
	al   *aligner
	list []piece
	find func(p *piece, most int) []int
	of   map[int]int // by provision of the first version, what holds it; -1 for nothing
}

func newHolding(lex *lexicon, a, b *outline, pairs []Pair) *holding {
	h := &holding{list: b.units(), of: map[int]int{}}
	before := a.units()
	h.al = newAligner(lex, before, h.list)
	was := map[int][]int{} // by provision of b, those of a that it was
	for n := range pairs {
		for _, j := range pairs[n].B {
			was[j] = pairs[n].A
		}
	}
	at := map[int]*piece{}
	for i := range before {
		at[before[i].at] = &before[i]
	}
	for j := range h.list {
		h.al.describe(&h.list[j])
		for _, i := range was[h.list[j].at] {
			if old := at[i]; old != nil {
				h.al.describe(old)
				h.list[j].features = without(h.list[j].features, old.features)
			}
		}
	}
	free := make([]int, len(h.list))
	for j := range free {
		free[j] = -1
	}
	h.find = h.al.finder(h.list, free)
	return h
}

// without returns what is in one sorted list and not in the other.
func without(list, other []uint64) []uint64 {
	left := []uint64{}
	for _, f := range list {
		if _, has := slices.BinarySearch(other, f); !has {
			left = append(left, f)
		}
	}
	return left
}

// holds returns the unit of the second version that has most of the words of a
// provision of the first, and at least half of them; -1 for none.
func (h *holding) holds(i int, words []int32) int {
	if j, known := h.of[i]; known {
		return j
	}
	p := newPiece(i, "", words)
	at, most := -1, 0.0
	if len(words) >= minOfSplit {
		for _, j := range h.find(&p, maxCandidates) {
			if share := h.al.common(&p, &h.list[j]) / cmp.Or(p.weight, 1); share >= minHolds && share > most {
				at, most = h.list[j].at, share
			}
		}
	}
	h.of[i] = at
	return at
}
