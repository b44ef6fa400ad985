package revision

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// versions returns omoor_hasabi and its second version.
func versions(b *testing.B) (first, second []lawtext.Provision) {
	b.Helper()
	list := blocks(realLaw(b, "omoor_hasabi.txt"))
	before, _ := write(list)
	edited, _ := apply(b, slices.Clone(list), stated)
	after, _ := write(edited)
	return lawtext.Split(before).Provisions, lawtext.Split(after).Provisions
}

// The goal is under 0.3 s for a law of 378 articles, word by word too.
func BenchmarkCompare(b *testing.B) {
	first, second := versions(b)
	for b.Loop() {
		for _, p := range Compare(first, second) {
			if p.Change == Reworded || p.Change == MovedReworded {
				Words(first[p.A[0]].Text, second[p.B[0]].Text)
			}
		}
	}
}

// The goal is under 30 s for 100,000 anchors over 200 articles.
func BenchmarkPlace100000(b *testing.B) {
	first, second := versions(b)
	end := slices.IndexFunc(first, func(p lawtext.Provision) bool { return p.Kind == lawtext.Article && p.Num == "201" })
	first = first[:end]
	second = second[:slices.IndexFunc(second, func(p lawtext.Provision) bool { return p.Kind == lawtext.Article && p.Num == "201" })]
	list := anchors(rand.New(rand.NewPCG(1, 1)), first, 100_000)
	pairs := Compare(first, second)
	verdicts := map[Verdict]int{}
	for b.Loop() {
		clear(verdicts)
		placer := NewPlacer(first, second, pairs)
		for _, an := range list {
			verdicts[placer.Place(an).Verdict]++
		}
	}
	b.Log(verdicts)
}
