package columnar

import (
	"cmp"
	"math"
	"slices"
)

// decode returns the code that each of the groups has in each column.
func (w *worker) decode(ids []int) []Key {
	keys := make([]Key, len(w.keys))
	at := slices.Clone(ids)
	for i := len(w.levels) - 1; i >= 0; i-- {
		l := &w.levels[i]
		codes := make([]uint32, len(ids))
		for j, id := range at {
			pair := l.pairs.keys[id]
			codes[j], at[j] = uint32(pair), int(pair>>32) //nolint:gosec // its two halves
		}
		keys[w.dense+i] = l.key(codes)
	}
	for i := w.dense - 1; i >= 0; i-- {
		size := w.keys[i].Codes.Card + 1
		codes := make([]uint32, len(ids))
		for j, id := range at {
			codes[j], at[j] = uint32(id%size), id/size //nolint:gosec // a code
		}
		keys[i] = Key{Codes: codes, Null: uint32(size - 1)} //nolint:gosec // a code
	}
	return keys
}

// key makes a Key of the codes of the level; those of a plain column are
// numbered again by value.
func (l *level) key(codes []uint32) Key {
	if l.column.Codes != nil {
		return Key{Codes: codes, Null: uint32(l.column.Codes.Card)} //nolint:gosec // a code
	}
	values := l.values.keys
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	key := Key{Codes: codes, Null: uint32(len(values))} //nolint:gosec // below the limit
	place := make([]uint32, len(values)+1)
	place[0] = key.Null
	for rank, n := range order {
		place[n+1] = uint32(rank) //nolint:gosec // below the limit
		if l.column.Floats != nil {
			key.Floats = append(key.Floats, keyFloat(values[n]))
		} else {
			key.Ints = append(key.Ints, int64(values[n]^1<<63)) //nolint:gosec // as it went in
		}
	}
	for i, c := range codes {
		codes[i] = place[c]
	}
	return key
}

// keyFloat is the reverse of floatKey.
func keyFloat(k uint64) float64 {
	if k>>63 != 0 {
		return math.Float64frombits(k &^ (1 << 63))
	}
	return math.Float64frombits(^k)
}
