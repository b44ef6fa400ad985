package columnar

import "math/bits"

// An interner numbers different keys in the order in which they come: a hash
// table with open addressing, which grows to twice its size when half full.
type interner struct {
	slots []uint32 // number+1, or 0
	keys  []uint64 // by number
	shift uint
}

func newInterner() *interner {
	const slots = 1024
	return &interner{slots: make([]uint32, slots), shift: uint(64 - bits.TrailingZeros(slots))}
}

// of returns the number of a key.
func (t *interner) of(key uint64) uint32 {
	mask := uint64(len(t.slots) - 1)
	at := t.hash(key)
	for {
		n := t.slots[at]
		if n == 0 {
			break
		}
		if t.keys[n-1] == key {
			return n - 1
		}
		at = (at + 1) & mask
	}
	t.keys = append(t.keys, key)
	t.slots[at] = uint32(len(t.keys)) //nolint:gosec // below the limit of groups
	if 2*len(t.keys) > len(t.slots) {
		t.grow()
	}
	return uint32(len(t.keys) - 1) //nolint:gosec // below the limit of groups
}

func (t *interner) hash(key uint64) uint64 {
	key ^= key >> 32
	return key * 0x9E3779B97F4A7C15 >> t.shift
}

func (t *interner) grow() {
	t.slots = make([]uint32, 2*len(t.slots))
	t.shift--
	mask := uint64(len(t.slots) - 1)
	for n, key := range t.keys {
		at := t.hash(key)
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = uint32(n + 1) //nolint:gosec // below the limit of groups
	}
}
