package revision

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// checkPairs fails unless each place of both laws is in exactly one pair, in the
// order that Compare promises, with the change that the places allow.
func checkPairs(t *testing.T, a, b []lawtext.Provision) []Pair {
	t.Helper()
	pairs := Compare(a, b)
	inA, inB := make([]int, len(a)), make([]int, len(b))
	last := -1
	for _, p := range pairs {
		for _, i := range p.A {
			inA[i]++
		}
		for _, j := range p.B {
			inB[j]++
		}
		if len(p.B) > 0 {
			if p.B[0] <= last {
				t.Fatalf("%+v stands behind place %d", p, last)
			}
			last = p.B[0]
		}
		var fits bool
		switch p.Change {
		case Added:
			fits = len(p.A) == 0 && len(p.B) == 1
		case Removed:
			fits = len(p.A) == 1 && len(p.B) == 0
		case Split:
			fits = len(p.A) == 1 && len(p.B) > 1
		case Merged:
			fits = len(p.A) > 1 && len(p.B) == 1
		case Same, Renumbered, Moved:
			fits = len(p.A) == 1 && len(p.B) == 1 && p.Likeness == 1
		case Reworded, MovedReworded:
			fits = len(p.A) == 1 && len(p.B) == 1 && p.Likeness < 1
		}
		if !fits || p.Likeness < 0 || p.Likeness > 1 || !slices.IsSorted(p.A) || !slices.IsSorted(p.B) {
			t.Fatalf("a pair %+v", p)
		}
	}
	for i, n := range inA {
		if n != 1 {
			t.Fatalf("%+v of the first is in %d pairs", a[i], n)
		}
	}
	for j, n := range inB {
		if n != 1 {
			t.Fatalf("%+v of the second is in %d pairs", b[j], n)
		}
	}
	sum := 0
	for _, n := range Summarize(a, b, pairs).Provisions {
		sum += n
	}
	if sum != len(pairs) {
		t.Fatalf("of %d pairs %d are counted", len(pairs), sum)
	}
	return pairs
}

// flat makes a law of articles.
func flat(texts []string) []lawtext.Provision {
	law := make([]lawtext.Provision, len(texts))
	for i, text := range texts {
		n := strconv.Itoa(i + 1)
		law[i] = lawtext.Provision{Address: "art_" + n, Kind: lawtext.Article, Num: n, Text: text}
	}
	return law
}

// Laws that are large in one way or another are compared in bounded time.
func TestCompareLargeLaws(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 9))
	words := func(n, of int) []string {
		list := make([]string, n)
		for i := range list {
			list[i] = "واژه" + strconv.Itoa(rnd.IntN(of))
		}
		return list
	}
	long := words(100_000, 5000)
	edited := slices.Concat(long[:1000], []string{"inserted"}, long[1010:60_000], words(500, 50), long[60_000:])
	same := slices.Repeat([]string{"حذف"}, 10_000)
	distinct := make([]string, 10_000)
	for i := range distinct {
		distinct[i] = "x" + strconv.Itoa(i)
	}
	phrase := func(from int) []string {
		list := make([]string, 3000)
		for i := range list {
			list[i] = "این ماده از تاریخ تصویب لازم الاجرا است و مرجع آن شماره n" + strconv.Itoa(from+i) + " است"
		}
		return list
	}
	for _, c := range []struct {
		name string
		a, b []lawtext.Provision
	}{
		{"an article of a megabyte", flat([]string{strings.Join(long, " ")}), flat([]string{strings.Join(edited, " ")})},
		{"unlike articles of a megabyte", flat([]string{strings.Join(long, " ")}), flat([]string{strings.Join(words(100_000, 9000), " ")})},
		{"10,000 articles of one and the same word", flat(same), flat(append([]string{"اول"}, same...))},
		{"10,000 articles of a word each", flat(distinct), flat(append([]string{"اول"}, distinct...))},
		{"10,000 articles of one word, in another order", flat(distinct), flat(shuffled(rnd, distinct))},
		{"10,000 articles of few words", flat(words(10_000, 300)), flat(words(10_000, 300))},
		{"3,000 articles that are alike but for a number", flat(phrase(0)), flat(phrase(3000))},
	} {
		t.Run(c.name, func(t *testing.T) {
			pairs := checkPairs(t, c.a, c.b)
			placer, lex, at := NewPlacer(c.a, c.b, pairs), newLexicon(), map[string]*lawtext.Provision{}
			for j := range c.b {
				at[c.b[j].Address] = &c.b[j]
			}
			for _, an := range anchors(rnd, c.a, 200) {
				checkPlaced(t, an, placer.Place(an), lex, at)
			}
			for _, p := range pairs[:min(len(pairs), 10)] {
				if p.Change == Reworded {
					checkWords(t, c.a[p.A[0]].Text, c.b[p.B[0]].Text)
				}
			}
		})
	}
}

func shuffled(rnd *rand.Rand, list []string) []string {
	list = slices.Clone(list)
	rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// Lists that are no law of lawtext's are compared as far as they go.
func TestCompareOddLists(t *testing.T) {
	law := lawtext.Split(firstDraft).Provisions
	twice := slices.Concat(law, law)
	lost := slices.Clone(law)
	for i := range lost {
		lost[i].Parent = "nowhere"
	}
	itself := slices.Clone(law)
	for i := range itself {
		itself[i].Parent = itself[i].Address
	}
	backwards := slices.Clone(law)
	slices.Reverse(backwards)
	deep := make([]lawtext.Provision, 500)
	for i := range deep {
		deep[i] = lawtext.Provision{Address: strings.Repeat("i", i+1), Parent: strings.Repeat("i", i), Kind: lawtext.Section, Text: "x" + strconv.Itoa(i%7)}
	}
	lists := [][]lawtext.Provision{nil, law, twice, lost, itself, backwards, deep, make([]lawtext.Provision, 40)}
	for _, a := range lists {
		for _, b := range lists {
			pairs := checkPairs(t, a, b)
			placer, lex, at := NewPlacer(a, b, pairs), newLexicon(), map[string]*lawtext.Provision{}
			for j := len(b) - 1; j >= 0; j-- {
				at[b[j].Address] = &b[j]
			}
			if len(a) > 0 && len(b) > 0 && len(at) == len(b) {
				for _, an := range anchors(rand.New(rand.NewPCG(1, 4)), a, 50) {
					checkPlaced(t, an, placer.Place(an), lex, at)
				}
			}
			NewPlacer(a, b, nil).Place(Anchor{Address: "chp_1__art_1"})
			NewPlacer(a, b, []Pair{{A: []int{-1, 9999}, B: []int{3}}}).Place(Anchor{Address: "chp_1__art_1", Quote: "حق"})
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add(firstDraft, secondDraft, "کمیسیونی مرکب", uint(5))
	f.Fuzz(func(t *testing.T, first, second, quote string, n uint) {
		a, b := lawtext.Split(first).Provisions, lawtext.Split(second).Provisions
		pairs := checkPairs(t, a, b)
		if len(a) == 0 {
			return
		}
		at := map[string]*lawtext.Provision{}
		for j := range b {
			at[b[j].Address] = &b[j]
		}
		placer, lex := NewPlacer(a, b, pairs), newLexicon()
		for _, an := range []Anchor{{Address: a[n%uint(len(a))].Address, Quote: quote}, {Address: a[n%uint(len(a))].Address}, {Quote: quote}} {
			checkPlaced(t, an, placer.Place(an), lex, at)
		}
	})
}
