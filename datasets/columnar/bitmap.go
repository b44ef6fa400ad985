// Package columnar computes with columns of values that are held in memory: it
// filters, orders and groups rows by them. It knows slices only, no files, no
// texts and no tables: a text is here the code of a dictionary whose order is
// the order of its texts.
package columnar

import "math/bits"

const wordBits = 64

// A Bitmap is a set of rows. It is as long as the table, and the bits behind
// its last row are 0.
type Bitmap []uint64

// NewBitmap returns the empty set for a table of n rows.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+wordBits-1)/wordBits) }

// Full returns the set of all n rows.
func Full(n int) Bitmap {
	b := NewBitmap(n)
	for i := range b {
		b[i] = ^uint64(0)
	}
	b.trim(n)
	return b
}

func (b Bitmap) trim(n int) {
	if rest := n % wordBits; rest != 0 {
		b[len(b)-1] &= 1<<rest - 1
	}
}

// Set adds row i.
func (b Bitmap) Set(i int) { b[i/wordBits] |= 1 << (i % wordBits) }

// Unset removes row i.
func (b Bitmap) Unset(i int) { b[i/wordBits] &^= 1 << (i % wordBits) }

// Has reports whether row i is in the set. A nil set has none.
func (b Bitmap) Has(i int) bool { return b != nil && b[i/wordBits]>>(i%wordBits)&1 != 0 }

// And removes the rows that are not in other.
func (b Bitmap) And(other Bitmap) {
	for i := range b {
		b[i] &= other[i]
	}
}

// AndNot removes the rows that are in other.
func (b Bitmap) AndNot(other Bitmap) {
	for i := range b {
		b[i] &^= other[i]
	}
}

// Count returns how many rows the set has.
func (b Bitmap) Count() int64 {
	var n int
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

// Next returns the first row of the set from row i on, or -1.
func (b Bitmap) Next(i int) int {
	at := i / wordBits
	if at >= len(b) {
		return -1
	}
	w := b[at] >> (i % wordBits) << (i % wordBits)
	for w == 0 {
		if at++; at >= len(b) {
			return -1
		}
		w = b[at]
	}
	return at*wordBits + bits.TrailingZeros64(w)
}

// Nth returns the row that has n rows of the set before it, or -1.
func (b Bitmap) Nth(n int64) int {
	for at, w := range b {
		in := int64(bits.OnesCount64(w))
		if n >= in {
			n -= in
			continue
		}
		for ; n > 0; n-- {
			w &= w - 1
		}
		return at*wordBits + bits.TrailingZeros64(w)
	}
	return -1
}

// All yields the rows of the set from row i on.
func (b Bitmap) All(i int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for row := b.Next(i); row >= 0 && yield(row); row = b.Next(row + 1) {
		}
	}
}

// none reports whether no row from, up to but not including to, is in the set;
// from is a multiple of wordBits.
func (b Bitmap) none(from, to int) bool {
	for _, w := range b[from/wordBits : (to+wordBits-1)/wordBits] {
		if w != 0 {
			return false
		}
	}
	return true
}

// Bytes returns how much memory the set takes.
func (b Bitmap) Bytes() int64 { return int64(len(b)) * 8 }
