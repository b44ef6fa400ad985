package search

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// Documents are counted value by value or one by one, with the same result.
func TestColumnCountsEachWay(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const docs = 90_000
	for _, values := range []int{3, 40, 3000} {
		c := newColumn(docs)
		have := make([][]uint32, docs)
		for doc := range uint32(docs) {
			for range r.IntN(3) {
				ord := min(r.Uint32N(uint32(values)), r.Uint32N(uint32(values)))
				if !slices.Contains(have[doc], ord) {
					have[doc] = append(have[doc], ord)
					c.add(doc, ord)
				}
			}
			c.at = append(c.at, uint32(len(c.ords)))
		}
		c.weigh()
		ways := map[bool]bool{}
		for _, of := range []int{1, 2, 3, 20, 500} {
			some := roaring.New()
			want := map[uint32]int64{}
			for doc := range uint32(docs) {
				if r.IntN(of) > 0 {
					continue
				}
				some.Add(doc)
				for _, ord := range have[doc] {
					want[ord]++
				}
			}
			ways[c.byValue(some)] = true
			counts := make([]int64, values)
			c.count(some, counts, &scratch{})
			got := map[uint32]int64{}
			for ord, n := range counts {
				if n > 0 {
					got[uint32(ord)] = n
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%d values, each document of %d: the counts differ", values, of)
			}
		}
		if values == 3 && len(ways) != 2 {
			t.Errorf("documents with %d values are counted in one way only: by value %v", values, ways)
		}
	}
}
