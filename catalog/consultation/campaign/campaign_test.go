package campaign

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// measure returns which share of the pairs that are together belong together,
// and which share of those that belong together are. Comments whose words are
// equal belong together though nobody organised them.
func measure(c corpus, cluster []int64) (precision, recall float64) {
	type both struct {
		cluster  int64
		campaign int
	}
	together, belong, right := map[int64]int{}, map[int]int{}, map[both]int{}
	seen := map[int64]map[digest]bool{}
	for i := range c.texts {
		d := digestOf(fold(c.texts[i]))
		if c.campaign[i] == 0 {
			if seen[cluster[i]] == nil {
				seen[cluster[i]] = map[digest]bool{}
			}
			if seen[cluster[i]][d] {
				continue
			}
			seen[cluster[i]][d] = true
		}
		together[cluster[i]]++
		if c.campaign[i] > 0 {
			belong[c.campaign[i]]++
			right[both{cluster[i], c.campaign[i]}]++
		}
	}
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	var t, b, r float64
	for _, n := range together {
		t += pairs(n)
	}
	for _, n := range belong {
		b += pairs(n)
	}
	for _, n := range right {
		r += pairs(n)
	}
	return r / max(t, 1), r / max(b, 1)
}

// Forms that were edited by their senders are put together, comments that are
// alike in stock phrases are not. What is missed are forms of one sentence to
// which the senders added as much again.
func TestMeasure(t *testing.T) {
	for seed := range uint64(2) {
		c := write(seed, 3000, 0.5, 60)
		x := NewIndex()
		one := make([]int64, len(c.texts))
		for i, text := range c.texts {
			one[i] = x.Add(int64(i+1), text, Sign(text))
		}
		precision, recall := measure(c, one)
		if precision < 0.99 || recall < 0.8 {
			t.Errorf("seed %d, as they come: precision %.4f, recall %.4f", seed, precision, recall)
		}
		precision, recall = measure(c, representatives(t, c))
		if precision < 0.99 || recall < 0.9 {
			t.Errorf("seed %d, all at once: precision %.4f, recall %.4f", seed, precision, recall)
		}
	}
}

// representatives clusters a corpus and fails unless each comment is in one
// group and each group is what it says.
func representatives(t *testing.T, c corpus) []int64 {
	t.Helper()
	of := make([]int64, len(c.texts))
	last := len(c.texts)
	for _, g := range Cluster(c.all) {
		if len(g.Members) > last || !slices.IsSorted(g.Members) || !slices.Contains(g.Members, g.Representative) {
			t.Fatalf("a group of %d behind one of %d: %+v", len(g.Members), last, g)
		}
		last = len(g.Members)
		variants := map[string]bool{}
		for _, m := range g.Members {
			if of[m-1] != 0 {
				t.Fatalf("comment %d is in two groups", m)
			}
			of[m-1] = g.Representative
			variants[strings.Join(fold(c.texts[m-1]), " ")] = true
			alike(t, c.texts[m-1], c.texts[g.Representative-1])
		}
		if len(variants) != g.Variants {
			t.Fatalf("%d variants are told as %d", len(variants), g.Variants)
		}
	}
	if i := slices.Index(of, 0); i >= 0 {
		t.Fatalf("comment %d is in no group: %q", i+1, c.texts[i])
	}
	return of
}

// alike fails unless a member may be in a group.
func alike(t *testing.T, member, representative string) {
	t.Helper()
	x, y := fold(member), fold(representative)
	if slices.Equal(x, y) {
		return
	}
	if len(x) < few || len(y) < few {
		t.Fatalf("%q is with %q", member, representative)
	}
	a, b := list32(shingles(x)), list32(shingles(y))
	if share := jaccard(a, b); share < like(min(len(a), len(b))) {
		t.Fatalf("%q is with %q, though they are alike by %.2f", member, representative, share)
	}
}

// No comment is dropped, whatever it is.
func TestNoneIsDropped(t *testing.T) {
	odd := []string{
		"", " ", "\u200c", "👍", "👍 👍", "!!!", "؟", "موافقم", "موافقم!", "موافقم ", "مخالفم", "موافقم موافقم", "\xff\xfe", "\x00",
		"ب\u0301\u0302\u0303\u0304ا", "\u202eabc def ghi jkl mno", strings.Repeat("و ", 10_000), strings.Repeat("آ", 20_000),
		"یک دو سه چهار پنج", "یک دو سه چهار", "يك دو سه چهار", "یک دو سه چهار ۵", "یک دو سه چهار 5",
	}
	for seed := range uint64(4) {
		c := write(seed, 1000, 0.3, 20)
		for i, text := range odd {
			c.texts = append(c.texts, text, c.texts[i])
			c.campaign = append(c.campaign, 0, 0)
		}
		of := representatives(t, c)
		x, size := NewIndex(), map[int64]int{}
		for i, text := range c.texts {
			n := x.Add(int64(i+1), text, Sign(text))
			size[n]++
			alike(t, text, c.texts[n-1])
		}
		sum := 0
		for n, want := range size {
			comments, variants := x.Size(n)
			if comments != want || variants < 1 || variants > comments {
				t.Errorf("cluster %d has %d comments and %d variants, want %d", n, comments, variants, want)
			}
			sum += comments
		}
		if sum != len(c.texts) || len(of) != sum {
			t.Errorf("of %d comments %d were counted", len(c.texts), sum)
		}
	}
}

// Short texts are together only when their words are equal, or nearly so.
func TestShortTexts(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"موافقم", "موافقم!", true},
		{"با ماده ۵ موافقم", "با ماده 5 موافقم.", true},
		{"كتاب قاضي", "کتاب قاضی", true},
		{"می‌شود", "می شود", true},
		{"موافقم", "مخالفم", false},
		{"موافقم", "موافقم موافقم", false},
		{"با ماده ۵ موافقم", "با ماده ۶ موافقم", false},
		{"با ماده ۵ این طرح مخالفم", "با ماده ۵ این طرح موافقم", false},
		{"با ماده ۵ این پیش‌نویس کاملا مخالف هستم", "با ماده ۵ این پیش‌نویس کاملا موافق هستم", false},
		{"با ماده ۵ این پیش‌نویس کاملا مخالف هستم و باید حذف شود", "با ماده ۵ این پیش نویس کاملا مخالف هستم و باید حذف شود!", true},
		{"👍", "👍", true},
		{"👍", "👎", false},
		{"", "", true},
		{"", "!", false},
	} {
		x := NewIndex()
		x.Add(1, c.a, Sign(c.a))
		if got := x.Add(2, c.b, Sign(c.b)) == 1; got != c.want {
			t.Errorf("%q and %q: together is %t", c.a, c.b, got)
		}
	}
}

func FuzzAdd(f *testing.F) {
	f.Add("اینجانب با ماده ۱۲ این پیش‌نویس مخالفم", "با ماده 12 اين پيش نويس مخالفم")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		c := corpus{texts: []string{a, b, a, b + " " + a, a}, campaign: make([]int, 5)}
		of := representatives(t, c)
		if of[0] != of[2] || of[0] != of[4] {
			t.Fatalf("%q is in several groups: %v", a, of)
		}
		x := NewIndex()
		for i, text := range c.texts {
			alike(t, text, c.texts[x.Add(int64(i+1), text, Sign(text))-1])
		}
	})
}

// A chain of texts, each like the one before, does not become one group.
func TestChainsDoNotGrow(t *testing.T) {
	words := strings.Fields(newSender(9).words(20) + strings.Repeat(" x", 200))
	for i := range words {
		words[i] += strings.Repeat("ا", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	c := corpus{}
	for from := 0; from+40 < len(words); from += 4 {
		c.texts, c.campaign = append(c.texts, strings.Join(words[from:from+40], " ")), append(c.campaign, 0)
	}
	of := representatives(t, c)
	groups := map[int64]bool{}
	for _, n := range of {
		groups[n] = true
	}
	if len(groups) < 4 {
		t.Errorf("%d texts, of which the ends have no word in common, became %d groups", len(c.texts), len(groups))
	}
}

// The same comments in the same order give the same clusters, and a signature
// that is none, or old, is made anew.
func TestIndexIsDeterministic(t *testing.T) {
	c := write(3, 1500, 0.6, 40)
	x, y := NewIndex(), NewIndex()
	for i, text := range c.texts {
		if a, b := x.Add(int64(i+1), text, Sign(text)), y.Add(int64(i+1), text, Signature{}); a != b {
			t.Fatalf("comment %d is with %d and with %d", i+1, a, b)
		}
	}
	if a, b := Cluster(c.all), Cluster(c.all); !slices.EqualFunc(a, b, func(a, b Group) bool {
		return a.Representative == b.Representative && a.Variants == b.Variants && slices.Equal(a.Members, b.Members)
	}) {
		t.Error("two runs differ")
	}
	if comments, variants := x.Size(-5); comments != 0 || variants != 0 {
		t.Error("a cluster that there is not has a size")
	}
}

// An index that is made again of what was found goes on as if nothing had been.
func TestRestore(t *testing.T) {
	c := write(5, 1200, 0.6, 40)
	x, y := NewIndex(), NewIndex()
	of := make([]int64, len(c.texts))
	half := len(c.texts) / 2
	for i, text := range c.texts[:half] {
		of[i] = x.Add(int64(i+1), text, Sign(text))
	}
	for i, n := range of[:half] { // those that represent a cluster first
		if n == int64(i+1) {
			y.Restore(n, c.texts[i], Sign(c.texts[i]), n)
		}
	}
	for i, n := range of[:half] {
		if n != int64(i+1) {
			y.Restore(int64(i+1), "", Sign(c.texts[i]), n)
		}
	}
	for i, text := range c.texts[half:] {
		id := int64(half + i + 1)
		a, b := x.Add(id, text, Sign(text)), y.Add(id, text, Sign(text))
		if a != b {
			t.Fatalf("comment %d is with %d and, in the index made again, with %d", id, a, b)
		}
	}
	for _, n := range of[:half] {
		comments, variants := x.Size(n)
		if again, v := y.Size(n); comments != again || variants != v {
			t.Fatalf("cluster %d has %d comments in %d variants, and %d in %d in the index made again", n, comments, variants, again, v)
		}
	}
}

// A signature is kept for years: it may change only with its version.
func TestSignatureStays(t *testing.T) {
	sig := Sign("اینجانب با ماده ۱۲ این پیش‌نویس مخالفم، زیرا مهلت آن کافی نیست.")
	if got := fmt.Sprintf("%x", sha256.Sum256(sig[:])); got != signed {
		t.Errorf("the signature is %s, not %s: give it another version", got, signed)
	}
}

const signed = "a0e125ab894e948dffecd8acf278587ce4bf941da6aa9c53be7546e7c8168c8d"

func BenchmarkCluster100000(b *testing.B) {
	c := write(1, 100_000, 0.5, 2000)
	bytes := 0
	for _, text := range c.texts {
		bytes += len(text)
	}
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		groups := Cluster(c.all)
		runtime.ReadMemStats(&after)
		b.Logf("%d comments of %d bytes, %d groups, the largest of %d; %d MB in use at the end, %d MB allocated", len(c.texts),
			bytes/len(c.texts), len(groups), len(groups[0].Members), (after.HeapAlloc-before.HeapAlloc)>>20, (after.TotalAlloc-before.TotalAlloc)>>20)
	}
}

func BenchmarkAdd100000(b *testing.B) {
	c := write(1, 100_000, 0.5, 2000)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		x := NewIndex()
		for i, text := range c.texts {
			x.Add(int64(i), text, Sign(text))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.Logf("%d clusters in %d MB", len(x.clusters), (after.HeapAlloc-before.HeapAlloc)>>20)
		runtime.KeepAlive(x)
	}
}
