package columnar

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"sync"

	"github.com/openshafaf/shafaf/datasets/processors"
)

// ErrTooMany says that there are more groups than the caller wants.
var ErrTooMany = errors.New("there are too many groups")

// A Kind is what a Measure computes of the values of a column.
type Kind uint8

// The kinds of measures.
const (
	Sum Kind = iota
	Min
	Max
)

// A Measure is computed of each group. Nulls are left out.
type Measure struct {
	Kind   Kind
	Column *Column
}

// Groups are the rows of a table that have the same values in some columns,
// with what was computed of them. They are in the order of the values.
type Groups struct {
	Keys     []Key    // one for each column
	Rows     []int64  // how many rows each group has
	Measures []Values // one for each measure
}

// A Key is the value that each group has in a column: its code, and where the
// column is plain the value of each code. Null is the code of no value.
type Key struct {
	Codes  []uint32
	Null   uint32
	Ints   []int64
	Floats []float64
}

// Values are a measure of each group: what of it is used follows from the kind
// and the column. N is the number of values.
type Values struct {
	N     []int64
	Ints  []int64   // the sum; the least or greatest value, or its code
	Big   []Sum128  // the sum instead, where it may not fit
	Reals []Real    // the sum of floats
	Float []float64 // the least or greatest float
}

// denseGroups is how many combinations of codes are counted in an array; more
// go through a hash table. The array of one measure then has 2 MiB.
const denseGroups = 1 << 18

// Group computes the measures of the groups of the n rows that are in the set
// (all when nil). Without keys there is one group. The error is ErrTooMany when
// there are more than limit groups, or that of ctx.
func Group(ctx context.Context, keys []*Column, measures []Measure, rows Bitmap, n, limit int) (*Groups, error) {
	plan := newGrouping(keys, measures, rows, n, limit)
	workers := plan.workers()
	each := (n/workers + blockRows) / blockRows * blockRows
	parts := make([]*worker, workers)
	faults := make([]error, workers)
	var all sync.WaitGroup
	for i := range parts {
		parts[i] = plan.worker()
		all.Go(func() { faults[i] = parts[i].run(ctx, min(i*each, n), min((i+1)*each, n)) })
	}
	all.Wait()
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for _, p := range parts[1:] {
		parts[0].merge(p)
	}
	return parts[0].groups()
}

// A grouping is how groups are numbered: the first dense keys by their codes,
// each further one by a hash table of the number so far and its own code.
type grouping struct {
	keys     []*Column
	measures []Measure
	rows     Bitmap
	n, limit int
	dense    int // keys
	slots    int // combinations of the dense keys
}

func newGrouping(keys []*Column, measures []Measure, rows Bitmap, n, limit int) *grouping {
	g := &grouping{keys: keys, measures: measures, rows: rows, n: n, limit: limit, slots: 1}
	for _, k := range keys {
		if k.Codes == nil || k.Codes.Card+1 > denseGroups/g.slots {
			break
		}
		g.slots *= k.Codes.Card + 1
		g.dense++
	}
	return g
}

// workers is how many go at the rows at once: more than one where their results
// are quickly put together.
func (g *grouping) workers() int {
	const least, most = 1 << 17, 8
	if g.dense < len(g.keys) || g.n < least || g.slots > g.n/16 {
		return 1
	}
	return min(processors.Count(), most)
}

// A worker groups a part of the rows.
type worker struct {
	*grouping
	levels []level // one for each key that is not dense
	none   uint32  // the number of the rows that are not in the set
	counts []int64 // by number of the group, none included
	sums   []accumulator
	ids    []uint32
	scrap  []uint32
}

// A level numbers the combinations of a number so far and a value.
type level struct {
	column *Column
	values *interner // of a plain column: its values; the number 0 is null
	pairs  *interner // the number so far and the code
}

func (g *grouping) worker() *worker {
	w := &worker{grouping: g, ids: make([]uint32, blockRows), scrap: make([]uint32, blockRows)}
	for _, k := range g.keys[g.dense:] {
		l := level{column: k, pairs: newInterner()}
		if k.Codes == nil {
			l.values = newInterner()
		}
		w.levels = append(w.levels, l)
	}
	w.none = uint32(g.slots) //nolint:gosec // at most denseGroups
	if n := len(w.levels); n > 0 {
		w.none = w.levels[n-1].pairs.of(math.MaxUint64) // no pair is that great
	}
	for _, m := range g.measures {
		w.sums = append(w.sums, newAccumulator(m, g.n))
	}
	w.extend()
	return w
}

// size is how many numbers there are, with none.
func (w *worker) size() int {
	if len(w.levels) == 0 {
		return w.slots + 1
	}
	return len(w.levels[len(w.levels)-1].pairs.keys)
}

// extend makes room for the groups that are new.
func (w *worker) extend() {
	n := w.size()
	w.counts = grown(w.counts, n)
	for i := range w.sums {
		w.sums[i].extend(n)
	}
}

func (w *worker) run(ctx context.Context, from, to int) error {
	for start := from; start < to; start += blockRows {
		if start%(64*blockRows) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		end := min(start+blockRows, to)
		if w.rows != nil && w.rows.none(start, end) {
			continue
		}
		ids := w.ids[:end-start]
		w.number(ids, start)
		if len(w.levels) > 0 {
			if w.size()-1 > w.limit {
				return ErrTooMany
			}
			w.extend()
		}
		w.leave(ids, start)
		counts := w.counts
		for _, id := range ids {
			counts[id]++
		}
		for i := range w.sums {
			w.sums[i].add(ids, start)
		}
	}
	return nil
}

// number sets the number of the group of each row from start on.
func (w *worker) number(ids []uint32, start int) {
	clear(ids)
	stride := uint32(1)
	for i := w.dense - 1; i >= 0; i-- {
		c := w.keys[i].Codes
		switch {
		case c.B8 != nil:
			addCodes(ids, c.B8[start:], stride)
		case c.B16 != nil:
			addCodes(ids, c.B16[start:], stride)
		default:
			addCodes(ids, c.B32[start:], stride)
		}
		stride *= uint32(c.Card + 1) //nolint:gosec // at most denseGroups
	}
	for i := range w.levels {
		l := &w.levels[i]
		own := w.scrap[:len(ids)]
		l.codes(own, start, w.rows)
		for j, id := range ids {
			if w.rows == nil || w.rows.Has(start+j) {
				ids[j] = l.pairs.of(uint64(id)<<32 | uint64(own[j]))
			}
		}
	}
}

func addCodes[T code](ids []uint32, codes []T, stride uint32) {
	codes = codes[:len(ids)]
	for i, c := range codes {
		ids[i] += uint32(c) * stride
	}
}

// codes sets the code of each row of the level's column.
func (l *level) codes(dst []uint32, start int, rows Bitmap) {
	c := l.column
	if c.Codes != nil {
		clear(dst)
		switch {
		case c.Codes.B8 != nil:
			addCodes(dst, c.Codes.B8[start:], 1)
		case c.Codes.B16 != nil:
			addCodes(dst, c.Codes.B16[start:], 1)
		default:
			addCodes(dst, c.Codes.B32[start:], 1)
		}
		return
	}
	for i := range dst {
		row := start + i
		switch {
		case rows != nil && !rows.Has(row), c.Nulls.Has(row):
			dst[i] = 0
		case c.Floats != nil:
			dst[i] = 1 + l.values.of(floatKey(c.Floats[row]))
		default:
			dst[i] = 1 + l.values.of(uint64(c.Ints[row])^1<<63)
		}
	}
}

// leave gives the rows that are not in the set the number that no group has.
func (w *worker) leave(ids []uint32, start int) {
	if w.rows == nil {
		return
	}
	for at := 0; at < len(ids); at += wordBits {
		word := w.rows[(start+at)/wordBits]
		if word == math.MaxUint64 {
			continue
		}
		part := ids[at:min(at+wordBits, len(ids))]
		for i := range part {
			if word>>i&1 == 0 {
				part[i] = w.none
			}
		}
	}
}

func (w *worker) merge(other *worker) {
	for i, n := range other.counts {
		w.counts[i] += n
	}
	for i := range w.sums {
		w.sums[i].merge(&other.sums[i])
	}
}

// groups returns the groups that have rows, in order.
func (w *worker) groups() (*Groups, error) {
	var ids []int
	for id, n := range w.counts {
		if id != int(w.none) && (n > 0 || len(w.keys) == 0) {
			ids = append(ids, id)
		}
	}
	if len(ids) > w.limit {
		return nil, ErrTooMany
	}
	keys := w.decode(ids)
	if len(w.levels) > 0 {
		order := make([]int, len(ids))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			for k := range keys {
				if c := cmp.Compare(keys[k].Codes[a], keys[k].Codes[b]); c != 0 {
					return c
				}
			}
			return 0
		})
		for k := range keys {
			keys[k].Codes = pick(keys[k].Codes, order)
		}
		ids = pick(ids, order)
	}
	g := &Groups{Keys: keys, Rows: pick(w.counts, ids)}
	for i := range w.sums {
		g.Measures = append(g.Measures, w.sums[i].values(ids, w.counts))
	}
	return g, nil
}

func pick[T any](all []T, at []int) []T {
	if all == nil {
		return nil
	}
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = all[k]
	}
	return out
}
