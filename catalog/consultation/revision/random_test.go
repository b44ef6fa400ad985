package revision

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// randomEdits chooses edits of articles that are not next to one another, the
// words of new ones from another law.
func randomEdits(rnd *rand.Rand, list []block, donor []block) []edit {
	var free []int
	text := func(article int) string { return list[slices.IndexFunc(list, is(article))].text }
	for n := 3; n < 375; n += 4 {
		free = append(free, n)
	}
	rnd.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	take := func(fits func(int) bool) int {
		i := slices.IndexFunc(free, fits)
		n := free[i]
		free = slices.Delete(free, i, i+1)
		return n
	}
	anyone := func(int) bool { return true }
	long := func(n int) bool { return len(strings.Fields(text(n))) >= 16 && strings.Count(text(n), "\n") < 3 }
	var edits []edit
	for range 1 + rnd.IntN(8) {
		i := slices.IndexFunc(donor, func(b block) bool { return b.article && len(strings.Fields(paragraph(b))) > 12 })
		edits = append(edits, edit{do: "add", article: take(anyone), words: paragraph(donor[i])})
		donor = donor[i+1:]
	}
	for range rnd.IntN(8) {
		edits = append(edits, edit{do: "remove", article: take(anyone)})
	}
	for range rnd.IntN(6) {
		n := take(anyone)
		edits = append(edits, edit{do: "move", article: n, to: take(func(to int) bool { return to < n-8 || to > n+8 })})
	}
	for range rnd.IntN(5) {
		edits = append(edits, edit{do: "split", article: take(long)})
	}
	for range rnd.IntN(5) {
		edits = append(edits, edit{do: "merge", article: take(func(n int) bool {
			i := slices.IndexFunc(list, is(n))
			return long(n) && list[i+1].article && long(n+1)
		})})
	}
	for range rnd.IntN(20) {
		n := take(func(n int) bool { return len(strings.Fields(text(n))) >= 6 })
		words := strings.Fields(text(n))
		edits = append(edits, edit{do: "reword", article: n, from: words[1+rnd.IntN(4)], words: fmt.Sprintf("واژه‌ای%d", rnd.IntN(9))})
	}
	return edits
}

// paragraph returns the first of an article.
func paragraph(b block) string {
	first, _, _ := strings.Cut(b.text, "\n")
	return strings.TrimSpace(first)
}

// Random edits of a real law are found, and nothing else is reported.
func TestCompareFindsRandomEdits(t *testing.T) {
	first := blocks(realLaw(t, "omoor_hasabi.txt"))
	donor := blocks(realLaw(t, "aeename-kanun-vokala-1400.txt"))
	before, _ := write(first)
	a := lawtext.Split(before)
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	for seed := range rounds {
		rnd := rand.New(rand.NewPCG(uint64(seed), 6))
		edits := randomEdits(rnd, first, donor)
		list, want := apply(t, slices.Clone(first), edits)
		after, _ := write(list)
		b := lawtext.Split(after)
		differ(t, found(a.Provisions, b.Provisions, Compare(a.Provisions, b.Provisions)), want)
		if t.Failed() {
			t.Fatalf("seed %d: %+v", seed, edits)
		}
	}
}
