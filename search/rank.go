package search

import (
	"bytes"
	"cmp"
	"container/heap"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"
)

// An order is one of the orders of results.
type order uint8

const (
	byScore order = iota
	byDate
	byTitle
)

// A rank is where a document stands in the order of results.
type rank struct {
	score float32
	date  int64
	title []byte
	id    [16]byte
	piece int
	doc   uint32
}

// compare is below 0 when a stands before b: the better score, the later
// date, the earlier title; what is equal stands by date, then by id, so that
// every order is total and stays.
func (o order) compare(a, b *rank) int {
	switch {
	case o == byScore && a.score != b.score:
		return cmp.Compare(b.score, a.score)
	case o == byTitle:
		if c := bytes.Compare(a.title, b.title); c != 0 {
			return c
		}
	}
	if a.date != b.date {
		return cmp.Compare(b.date, a.date)
	}
	return bytes.Compare(b.id[:], a.id[:])
}

// A top keeps the first n documents of an order. As a heap it has the last of
// these in front.
type top struct {
	order order
	n     int
	ranks []rank
}

func (t *top) Len() int           { return len(t.ranks) }
func (t *top) Less(i, j int) bool { return t.order.compare(&t.ranks[i], &t.ranks[j]) > 0 }
func (t *top) Swap(i, j int)      { t.ranks[i], t.ranks[j] = t.ranks[j], t.ranks[i] }

// Push is for container/heap.
func (t *top) Push(x any) { t.ranks = append(t.ranks, x.(rank)) }

// Pop is for container/heap.
func (t *top) Pop() any {
	last := t.ranks[len(t.ranks)-1]
	t.ranks = t.ranks[:len(t.ranks)-1]
	return last
}

// last returns the last of the first n documents; while there are fewer, one that
// all others stand before.
func (t *top) last() rank {
	if len(t.ranks) < t.n {
		return rank{score: -1, date: math.MinInt64}
	}
	return t.ranks[0]
}

// offer takes r in when it is among the first n.
func (t *top) offer(r *rank) {
	switch {
	case len(t.ranks) < t.n:
		heap.Push(t, *r)
	case t.order.compare(r, &t.ranks[0]) < 0:
		t.ranks[0] = *r
		heap.Fix(t, 0)
	}
}

// sorted returns the documents in order.
func (t *top) sorted() []rank {
	slices.SortFunc(t.ranks, func(a, b rank) int { return t.order.compare(&a, &b) })
	return t.ranks
}

// cursorVersion opens every cursor.
const cursorVersion = 1

// cursor returns the rank as an opaque text, from which the results after it
// can be found.
func (o order) cursor(r *rank) string {
	b := []byte{cursorVersion, byte(o)}
	b = binary.BigEndian.AppendUint32(b, math.Float32bits(r.score))
	b = binary.BigEndian.AppendUint64(b, uint64(r.date))
	b = append(b, r.id[:]...)
	b = append(b, r.title...)
	return base64.RawURLEncoding.EncodeToString(b)
}

const cursorHead = 2 + 4 + 8 + 16

// parseCursor reads what cursor wrote for the same order.
func parseCursor(s string, o order) (*rank, error) {
	bad := func(why string) error {
		return &InputError{"_after", "the cursor " + why + "; start again from the first page"}
	}
	if len(s) > 4*(cursorHead+maxTitleKey) {
		return nil, bad("is not one of ours")
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < cursorHead || b[0] != cursorVersion {
		return nil, bad("is not one of ours")
	}
	if order(b[1]) != o {
		return nil, bad("is of another order of results")
	}
	r := &rank{
		score: math.Float32frombits(binary.BigEndian.Uint32(b[2:])),
		date:  int64(binary.BigEndian.Uint64(b[6:])),
		title: b[cursorHead:],
	}
	copy(r.id[:], b[14:])
	if r.score != r.score || len(r.title) > maxTitleKey+1 { //nolint:gocritic // not a number
		return nil, bad("is not one of ours")
	}
	return r, nil
}
