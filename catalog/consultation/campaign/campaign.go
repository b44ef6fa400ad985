// Package campaign finds comments that say nearly the same: forms that many
// sent with a name, a sentence or the order of paragraphs of their own. It
// drops none; each comment is in exactly one group.
//
// Texts are compared by their shingles, which are words in a row, folded as
// Persian search folds them. A group has a representative, and every member is
// like it, so that no chain of small steps makes one group of all. Texts of
// fewer than five words are alike only when their words are equal.
package campaign

import (
	"cmp"
	"iter"
	"slices"
)

// like returns the least share of shingles that a member has in common with its
// representative, of all that either has (Jaccard); n is how many the shorter
// one has. At these shares, comments that have only greetings and stock phrases
// in common were kept apart, and forms with a name, a sentence or two and other
// words put together (see TestMeasure). Of short texts one word may be all that
// matters: «موافقم» and «مخالفم».
func like(n int) float64 {
	switch {
	case n < 8:
		return 0.8
	case n < 12:
		return 0.65
	}
	return 0.5
}

// A Group is a representative comment and all that are like it.
type Group struct {
	Representative int64
	Members        []int64 // in the order they came in, the representative too
	Variants       int     // how many different texts they are, after folding
}

// Cluster puts comments, which come with their ids, into groups, each in
// exactly one; those that are like no other are groups of one. The text that
// most others equal or resemble represents its group. Larger groups come first,
// then those whose first member came first.
func Cluster(comments iter.Seq2[int64, string]) []Group {
	texts, ids := distinct(comments)
	order := make([]int, len(texts))
	for i := range order {
		order[i] = i
	}
	crowd := crowds(texts)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(crowd[j], crowd[i]) })
	x := NewIndex()
	clusters := make([]int32, len(texts))
	for _, i := range order {
		clusters[i] = x.add(texts[i].first, "", &texts[i].sig, texts[i].shingles)
	}
	groups := make([]Group, len(x.clusters))
	for i := range groups {
		groups[i] = Group{Representative: x.clusters[i].id, Variants: int(x.clusters[i].variants)}
	}
	for n, id := range ids.list {
		g := &groups[clusters[ids.text[n]]]
		g.Members = append(g.Members, id)
	}
	first := make(map[int64]int, len(groups)) // by representative: when its first member came
	for n := len(ids.list) - 1; n >= 0; n-- {
		first[groups[clusters[ids.text[n]]].Representative] = n
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(len(b.Members), len(a.Members)), cmp.Compare(first[a.Representative], first[b.Representative]))
	})
	return groups
}

// A variant is one of the different texts.
type variant struct {
	first    int64 // id of the first comment with it
	copies   int
	sig      Signature
	shingles []uint32
}

// members are the comments in their order, and which variant each is.
type members struct {
	list []int64
	text []int32
}

// distinct reads the comments and keeps one of those that are equal.
func distinct(comments iter.Seq2[int64, string]) ([]variant, members) {
	var texts []variant
	var ids members
	at := map[digest]int32{}
	for id, text := range comments {
		words := fold(text)
		d := digestOf(words)
		n, ok := at[d]
		if !ok {
			n = int32(len(texts))
			at[d] = n
			list := shingles(words)
			texts = append(texts, variant{first: id, sig: sign(d, list), shingles: list32(list)})
		}
		texts[n].copies++
		ids.list, ids.text = append(ids.list, id), append(ids.text, n)
	}
	return texts, ids
}

// crowds tells how many others each text equals or may resemble.
func crowds(texts []variant) []int {
	crowd := make([]int, len(texts))
	for band := range bands {
		size := make(map[uint32]int, len(texts))
		for i := range texts {
			if texts[i].sig.long() {
				size[texts[i].sig.key(band)] += texts[i].copies
			}
		}
		for i := range texts {
			if texts[i].sig.long() {
				crowd[i] += size[texts[i].sig.key(band)]
			}
		}
	}
	for i := range texts {
		crowd[i] += bands * texts[i].copies
	}
	return crowd
}
