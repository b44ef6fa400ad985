package columnar

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// An Order compares rows by a column. Nulls come last either way.
type Order struct {
	Column *Column
	Desc   bool
}

// last is the key of a null, and of the greatest integer.
const last = math.MaxUint64

// key returns a number that compares as the value of row i does.
func (o *Order) key(i int) uint64 {
	c := o.Column
	if c.Codes != nil {
		k := c.Codes.At(i)
		if int(k) == c.Codes.Card {
			return last
		}
		if o.Desc {
			return uint64(c.Codes.Card) - uint64(k)
		}
		return uint64(k)
	}
	if c.Nulls.Has(i) {
		return last
	}
	var k uint64
	if c.Floats != nil {
		k = floatKey(c.Floats[i])
	} else {
		k = uint64(c.Ints[i]) ^ 1<<63
	}
	if o.Desc {
		return ^k
	}
	return k
}

// floatKey returns a number that compares as x does.
func floatKey(x float64) uint64 {
	if x == 0 {
		x = 0 // the negative zero is as great as the other
	}
	b := math.Float64bits(x)
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// compare compares row a to row b, whose keys are given.
func (o *Order) compare(a, b int, ka, kb uint64) int {
	if c := cmp.Compare(ka, kb); c != 0 || ka != last {
		return c
	}
	switch an, bn := o.Column.Null(a), o.Column.Null(b); {
	case an == bn:
		return 0
	case an:
		return 1
	}
	return -1
}

// compareRows compares two rows by all orders, then by number.
func compareRows(orders []Order, a, b int) int {
	for i := range orders {
		o := &orders[i]
		if c := o.compare(a, b, o.key(a), o.key(b)); c != 0 {
			return c
		}
	}
	return cmp.Compare(a, b)
}

// keys sets the keys of the rows from row from on.
func (o *Order) keys(dst []uint64, from int) {
	c := o.Column
	switch {
	case c.Codes == nil:
		for i := range dst {
			dst[i] = o.key(from + i)
		}
	case c.Codes.B8 != nil:
		codeKeys(dst, c.Codes.B8[from:], c.Codes.Card, o.Desc)
	case c.Codes.B16 != nil:
		codeKeys(dst, c.Codes.B16[from:], c.Codes.Card, o.Desc)
	default:
		codeKeys(dst, c.Codes.B32[from:], c.Codes.Card, o.Desc)
	}
}

func codeKeys[T code](dst []uint64, codes []T, card int, desc bool) {
	for i := range dst {
		k := uint64(codes[i])
		switch {
		case k == uint64(card):
			k = last
		case desc:
			k = uint64(card) - k
		}
		dst[i] = k
	}
}

// ranked is a row with the key of its first order.
type ranked struct {
	key uint64
	row uint32
}

func compareRanked(orders []Order, a, b ranked) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	return compareRows(orders, int(a.row), int(b.row))
}

// First returns the first k rows of the set (all when nil) in the order, of
// those that come behind row after; all of those when after is below 0.
func First(ctx context.Context, orders []Order, rows Bitmap, k, after int) ([]uint32, error) {
	o, n := &orders[0], orders[0].Column.Rows
	from := ranked{}
	if after >= 0 {
		from = ranked{o.key(after), uint32(after)} //nolint:gosec // a row
	}
	best := make([]ranked, 0, 2*k+1) // the first k of it are in order when it was cut
	limit := uint64(last)
	var worst ranked // of best when it was cut
	full := false
	var keys [blockRows]uint64
	for start := 0; start < n; start += blockRows {
		if start%(64*blockRows) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		end := min(start+blockRows, n)
		if rows != nil && rows.none(start, end) {
			continue
		}
		block := keys[:end-start]
		o.keys(block, start)
		for i, key := range block {
			if key > limit || key < from.key || rows != nil && !rows.Has(start+i) {
				continue
			}
			r := ranked{key, uint32(start + i)} //nolint:gosec // a row
			if after >= 0 && compareRanked(orders, r, from) <= 0 || full && key == limit && compareRanked(orders, r, worst) > 0 {
				continue
			}
			best = append(best, r)
			if len(best) == cap(best) {
				best = cut(orders, best, k)
				worst, full = best[len(best)-1], true
				limit = worst.key
			}
		}
	}
	best = cut(orders, best, k)
	out := make([]uint32, len(best))
	for i, r := range best {
		out[i] = r.row
	}
	return out, nil
}

// cut sorts and keeps the first k.
func cut(orders []Order, best []ranked, k int) []ranked {
	slices.SortFunc(best, func(a, b ranked) int { return compareRanked(orders, a, b) })
	return best[:min(k, len(best))]
}

// Sort returns all rows of the set (all when nil) in the order.
func Sort(orders []Order, rows Bitmap) []uint32 {
	n := orders[0].Column.Rows
	count := int64(n)
	if rows != nil {
		count = rows.Count()
	}
	all := make([]uint32, 0, count)
	for i := range n {
		if rows == nil || rows.Has(i) {
			all = append(all, uint32(i)) //nolint:gosec // a row
		}
	}
	slices.SortFunc(all, func(a, b uint32) int { return compareRows(orders, int(a), int(b)) })
	return all
}
