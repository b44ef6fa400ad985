package datasets

import (
	"cmp"
	"slices"

	"github.com/openshafaf/shafaf/datasets/columnar"

	"github.com/axiomhq/hyperloglog"
)

// profileLimits bound the memory of a profile. Wider tables get less a column,
// so that the whole stays about the same: some 250 MB at the worst.
type profileLimits struct {
	values    int   // distinct values of a column that are counted exactly
	bytes     int64 // and their length together
	frequent  int   // values kept beyond that, to find the most frequent
	bins      int   // cells of the fine histogram beyond that; 0: none is made
	precision uint8 // of the estimate of the distinct values: 14 errs by 0.8 %, 10 by 3 %
}

func limitsFor(columns int) profileLimits {
	l := profileLimits{
		values:    min(max(1_200_000/columns, 128), 100_000),
		bytes:     min(max(64<<20/int64(columns), 16<<10), 16<<20),
		bins:      4096,
		precision: 14,
	}
	l.frequent = min(max(l.values/10, 64), 8192)
	if columns > 512 {
		l.bins, l.precision = minBins, 10
	}
	if columns > 4096 {
		l.bins = 0
	}
	return l
}

// A counter counts how often each value occurs: exactly while there are few
// enough different ones. From then on it estimates how many there are, and
// keeps those that can be among the most frequent (lossy counting after Manku
// and Motwani, 2002): a value that is thrown out had occurred at most `missed`
// times until then.
type counter[K comparable] struct {
	limits  profileLimits
	hash    func(*hyperloglog.Sketch, K)
	size    func(K) int64 // bytes that a value holds beside its key
	values  columnar.ValueTable[K]
	tallies []tally // of the values, in the order in which they came
	bytes   int64
	sketch  *hyperloglog.Sketch // nil while the count is exact
	missed  int64
	ending  func() // called when the count is about to be no longer exact

	last   K // the value before, and its tally: equal values often stand together
	lastAt int32

	// Values that only ascend, as numbers of rows do, are all different: none
	// needs a tally.
	ascends func(a, b K) bool
	rising  bool
	most    K // the last value, while rising
}

// A tally is how often a value was seen, and how often it may have occurred
// before it was first noted.
type tally struct{ n, missed int64 }

// frequency is a value with its tally.
type frequency[K comparable] struct {
	value K
	tally
}

func newCounter[K comparable](l profileLimits, key func(K) uint64, hash func(*hyperloglog.Sketch, K), size func(K) int64) *counter[K] {
	return &counter[K]{limits: l, hash: hash, size: size, values: columnar.ValueTable[K]{Hash: key}, lastAt: -1, rising: true}
}

func (c *counter[K]) all(yield func(K, int64) bool) {
	for at, k := range c.values.Keys {
		if !yield(k, c.tallies[at].n) {
			return
		}
	}
}

// exact reports whether every value was counted.
func (c *counter[K]) exact() bool { return c.sketch == nil }

// add counts a value. The key is own, a value that stays valid, made only when
// the value is new.
func (c *counter[K]) add(k K, own func(K) K) {
	if c.lastAt >= 0 && k == c.last {
		c.tallies[c.lastAt].n++
		c.rising = false
		return
	}
	if c.rises(k) && !c.exact() {
		c.hash(c.sketch, k)
		return
	}
	at, known := c.values.Find(k, own)
	if !known {
		k = c.values.Keys[at]
		if !c.exact() {
			c.hash(c.sketch, k)
		}
		c.tallies = append(c.tallies, tally{missed: c.missed})
		c.bytes += c.size(k)
	}
	c.tallies[at].n++
	c.last, c.lastAt = c.values.Keys[at], at
	if !known && c.full() {
		c.prune()
	}
}

// rises reports whether k and all values before it ascend.
func (c *counter[K]) rises(k K) bool {
	if !c.rising || c.ascends == nil {
		return false
	}
	if len(c.tallies) == 0 && c.exact() || c.ascends(c.most, k) {
		c.most = k
		return true
	}
	if c.rising = false; !c.exact() { // each of those without a tally came once
		c.missed = max(c.missed, 1)
	}
	return false
}

func (c *counter[K]) full() bool {
	if c.exact() {
		return len(c.tallies) > c.limits.values || c.bytes > c.limits.bytes
	}
	return len(c.tallies) > c.limits.frequent || c.bytes > c.limits.bytes
}

// prune throws out the rarest values, at least half of them.
func (c *counter[K]) prune() {
	if c.exact() {
		c.ending()
		c.sketch = newSketch(c.limits.precision)
		for _, k := range c.values.Keys {
			c.hash(c.sketch, k)
		}
	}
	keep := min(c.limits.frequent/2, len(c.tallies)/2)
	limit := c.threshold(keep)
	values, tallies, bytes := columnar.ValueTable[K]{Hash: c.values.Hash}, make([]tally, 0, c.limits.frequent+1), int64(0)
	for at, k := range c.values.Keys {
		t := c.tallies[at]
		if size := c.size(k); t.n+t.missed > limit && bytes+size <= c.limits.bytes/2 {
			values.Find(k, same)
			tallies = append(tallies, t)
			bytes += size
		} else {
			c.missed = max(c.missed, t.n+t.missed)
		}
	}
	c.values, c.tallies, c.bytes, c.lastAt = values, tallies, bytes, -1
}

// threshold returns a count that at most keep values exceed.
func (c *counter[K]) threshold(keep int) int64 {
	// Nearly all values are rare, so a table of the small counts tells mostly.
	var rare [64]int
	for _, t := range c.tallies {
		rare[max(0, min(t.n+t.missed-c.missed, int64(len(rare)-1)))]++
	}
	above := len(c.tallies)
	for n, values := range rare[:len(rare)-1] {
		if above -= values; above <= keep {
			return c.missed + int64(n)
		}
	}
	counts := make([]int64, len(c.tallies))
	for i, t := range c.tallies {
		counts[i] = t.n + t.missed
	}
	slices.Sort(counts)
	return counts[len(counts)-1-keep]
}

// frequencies returns the values, those that can be most frequent first.
func (c *counter[K]) frequencies() []frequency[K] {
	all := make([]frequency[K], 0, len(c.tallies))
	for at, k := range c.values.Keys {
		all = append(all, frequency[K]{k, c.tallies[at]})
	}
	slices.SortFunc(all, func(a, b frequency[K]) int { return cmp.Compare(b.n+b.missed, a.n+a.missed) })
	return all
}

// distinct returns how many different values there were.
func (c *counter[K]) distinct() int64 {
	if c.exact() {
		return int64(len(c.tallies))
	}
	return int64(c.sketch.Estimate()) //nolint:gosec // never near 2^63
}

func newSketch(precision uint8) *hyperloglog.Sketch {
	s, err := hyperloglog.NewSketch(precision, true)
	if err != nil {
		return hyperloglog.New14() // the precisions of limitsFor are all valid
	}
	return s
}
