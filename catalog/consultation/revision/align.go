package revision

import (
	"cmp"
	"math"
	"slices"
)

// A piece is a unit, or a part of one, that a partner is sought for.
type piece struct {
	at       int     // its provision
	key      string  // its address in what it is part of
	words    []int32 // atoms
	hash     uint64  // hash of words
	parts    []piece // of a unit
	features []uint64
	weight   float64 // of all features
}

func newPiece(at int, key string, words []int32) piece {
	hash := uint64(14695981039346656037) // FNV-1a, four bytes a step
	for _, w := range words {
		hash = (hash ^ uint64(uint32(w))) * 1099511628211
	}
	return piece{at: at, key: key, words: words, hash: hash}
}

// An aligner finds which pieces of two texts are the same.
type aligner struct {
	lex    *lexicon
	rarity []float64 // by atom; 0 of marks
}

// newAligner weighs words by how few of the pieces have them.
func newAligner(lex *lexicon, lists ...[]piece) *aligner {
	total, in := 0, make([]int, len(lex.mark))
	last := make([]int, len(lex.mark))
	for _, list := range lists {
		for i := range list {
			total++
			for _, w := range list[i].words {
				if last[w] != total {
					last[w] = total
					in[w]++
				}
			}
		}
	}
	al := &aligner{lex, make([]float64, len(lex.mark))}
	for w, n := range in {
		if !lex.mark[w] {
			al.rarity[w] = math.Log(1 + float64(total)/float64(max(n, 1)))
		}
	}
	return al
}

// lone marks a feature that is one word; the others are two in a row.
const lone = math.MaxUint32

// describe finds the features of a piece: its words and pairs of words, each
// once, marks left out.
func (al *aligner) describe(p *piece) {
	if p.features != nil {
		return
	}
	p.features = make([]uint64, 0, 2*len(p.words))
	last := uint64(lone)
	for _, w := range p.words {
		if al.lex.mark[w] {
			continue
		}
		p.features = append(p.features, uint64(w)<<32|lone)
		if last != lone {
			p.features = append(p.features, last<<32|uint64(w))
		}
		last = uint64(w)
	}
	slices.Sort(p.features)
	p.features = slices.Compact(p.features)
	for _, f := range p.features {
		p.weight += al.weigh(f)
	}
}

// weigh returns what a feature counts: a pair of words as much as its words,
// one word half of that.
func (al *aligner) weigh(f uint64) float64 {
	if second := uint32(f); second != lone {
		return al.rarity[f>>32] + al.rarity[second]
	}
	return al.rarity[f>>32]
}

// common returns the weight of the features that both have.
func (al *aligner) common(a, b *piece) float64 {
	al.describe(a)
	al.describe(b)
	sum := 0.0
	for i, j := 0, 0; i < len(a.features) && j < len(b.features); {
		switch f, g := a.features[i], b.features[j]; {
		case f < g:
			i++
		case f > g:
			j++
		default:
			sum += al.weigh(f)
			i++
			j++
		}
	}
	return sum
}

// likeness of two pieces is from 0 to 1 (Dice).
func (al *aligner) likeness(a, b *piece) float64 {
	c := al.common(a, b)
	if c == 0 {
		return 0
	}
	return 2 * c / (a.weight + b.weight)
}

// align returns for each piece of a its partner in b, or -1: those with the
// same words first, then those that are alike, the likest first.
func (al *aligner) align(a, b []piece, least floor) *matching {
	m := newMatching(a, b)
	m.exact()
	al.alike(m, least)
	return m
}

// A floor is how alike two pieces must be at least: anywhere; when neither is
// nearly as much like a third; and where one is expected, which is at the same
// key or between the same neighbours. Different articles of one law were seen to
// be up to 0.52 alike, articles of a constitution that were written anew 0.36.
type floor struct{ anywhere, distinct, expected float64 }

// distinction is how many times more a piece must be like its partner than like
// any other.
const distinction = 1.3

// What a partner at the place where it is expected counts more than another.
const (
	bonusKey       = 0.06
	bonusNeighbour = 0.06
	// candidates are compared with at most so many; a feature that more pieces
	// have leads to none.
	maxCandidates = 8
	maxPostings   = 64
)

// An edge is a possible pair.
type edge struct {
	i, j     int
	likeness float64
	bonus    float64
}

// alike pairs what is left by likeness.
func (al *aligner) alike(m *matching, least floor) {
	find := al.finder(m.b, m.ba)
	keys := map[string]int{}
	for j := range m.b {
		if m.ba[j] < 0 {
			keys[m.b[j].key] = j
		}
	}
	var edges []edge
	for i := range m.a {
		if m.ab[i] >= 0 {
			continue
		}
		list := find(&m.a[i], maxCandidates)
		beside := m.beside(i)
		list = append(list, beside...)
		byKey, ok := keys[m.a[i].key]
		if ok {
			list = append(list, byKey)
		}
		slices.Sort(list)
		for _, j := range slices.Compact(list) {
			e := edge{i: i, j: j, likeness: al.likeness(&m.a[i], &m.b[j])}
			if ok && j == byKey {
				e.bonus += bonusKey
			}
			if slices.Contains(beside, j) {
				e.bonus += bonusNeighbour
			}
			edges = append(edges, e)
		}
	}
	m.choose(edges, least)
}

// choose pairs what enough likeness leads to, the likest first.
func (m *matching) choose(edges []edge, least floor) {
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.likeness+y.bonus, x.likeness+x.bonus), cmp.Compare(x.i, y.i), cmp.Compare(x.j, y.j))
	})
	bestA, bestB := map[int][2]float64{}, map[int][2]float64{}
	for _, e := range edges {
		bestA[e.i], bestB[e.j] = better(bestA[e.i], e.likeness), better(bestB[e.j], e.likeness)
	}
	for _, e := range edges {
		enough := e.likeness >= least.anywhere || e.bonus > 0 && e.likeness >= least.expected ||
			e.likeness >= least.distinct && e.likeness >= distinction*max(bestA[e.i][1], bestB[e.j][1])
		if enough && m.ab[e.i] < 0 && m.ba[e.j] < 0 {
			m.pair(e.i, e.j)
		}
	}
}

// better keeps the two best of some numbers.
func better(best [2]float64, n float64) [2]float64 {
	switch {
	case n > best[0]:
		return [2]float64{n, best[0]}
	case n > best[1]:
		best[1] = n
	}
	return best
}

// finder returns a function that finds the pieces without a partner that share
// most with a given one.
func (al *aligner) finder(list []piece, taken []int) func(p *piece, most int) []int {
	postings := map[uint64][]int32{}
	for j := range list {
		if taken[j] >= 0 {
			continue
		}
		al.describe(&list[j])
		for _, f := range list[j].features {
			if have := postings[f]; len(have) <= maxPostings {
				postings[f] = append(have, int32(j))
			}
		}
	}
	sums := make([]float64, len(list))
	return func(p *piece, most int) []int {
		al.describe(p)
		var found []int
		for _, f := range p.features {
			have := postings[f]
			if len(have) > maxPostings {
				continue
			}
			for _, j := range have {
				if sums[j] == 0 {
					found = append(found, int(j))
				}
				sums[j] += al.weigh(f)
			}
		}
		slices.SortFunc(found, func(x, y int) int { return cmp.Or(cmp.Compare(sums[y], sums[x]), cmp.Compare(x, y)) })
		for _, j := range found {
			sums[j] = 0
		}
		return found[:min(len(found), most)]
	}
}
