package columnar

import (
	"hash/maphash"
	"math"
	"math/bits"
)

// A ValueTable numbers the different values of a column in the order in which
// they come. It does what a map from values to numbers does, in half the time:
// values are counted more often than anything else is done with them.
type ValueTable[K comparable] struct {
	Hash  func(K) uint64
	slots []valueSlot // a power of two of them, at least a third empty
	Keys  []K         // by number
}

// A valueSlot holds the number of a value plus one, and a part of its hash.
type valueSlot struct{ hash, number uint32 }

const leastSlots = 64

// Find returns the number of a value, and whether it had one. To a new one it
// gives the next, and keeps what own makes of it.
func (t *ValueTable[K]) Find(k K, own func(K) K) (number int32, known bool) {
	if 3*(len(t.Keys)+1) > 2*len(t.slots) {
		t.grow()
	}
	h := t.Hash(k)
	part, mask := uint32(h>>32), len(t.slots)-1       //nolint:gosec // a part is wanted
	for at := int(h) & mask; ; at = (at + 1) & mask { //nolint:gosec // a part is wanted
		s := &t.slots[at]
		if s.number == 0 {
			t.Keys = append(t.Keys, own(k))
			*s = valueSlot{part, uint32(len(t.Keys))} //nolint:gosec // see profileLimits
			return int32(len(t.Keys) - 1), false      //nolint:gosec // see profileLimits
		}
		if s.hash == part && t.Keys[s.number-1] == k {
			return int32(s.number - 1), true //nolint:gosec // see profileLimits
		}
	}
}

func (t *ValueTable[K]) grow() {
	t.slots = make([]valueSlot, max(2*len(t.slots), leastSlots))
	mask := len(t.slots) - 1
	for i, k := range t.Keys {
		h := t.Hash(k)
		at := int(h) & mask //nolint:gosec // a part is wanted
		for t.slots[at].number != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = valueSlot{uint32(h >> 32), uint32(i + 1)} //nolint:gosec // see profileLimits
	}
}

// Reset forgets all values.
func (t *ValueTable[K]) Reset() {
	clear(t.slots)
	clear(t.Keys)
	t.Keys = t.Keys[:0]
}

// Hashers returns hash functions that nobody who gives values can foresee.
func Hashers() (ints func(int64) uint64, floats func(float64) uint64, texts func(string) uint64) {
	seed := maphash.MakeSeed()
	a, b := maphash.String(seed, "a"), maphash.String(seed, "b")|1
	ints = func(n int64) uint64 {
		hi, lo := bits.Mul64(uint64(n)^a, b) //nolint:gosec // the bits count
		hi, lo = bits.Mul64(hi^lo, a|1)
		return hi ^ lo
	}
	return ints, func(x float64) uint64 { return ints(int64(math.Float64bits(x + 0))) }, //nolint:gosec // -0 is 0
		func(s string) uint64 { return maphash.String(seed, s) }
}
