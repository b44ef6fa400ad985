package columnar

import "math"

// blockRows is how many rows a loop takes at once: what it keeps of them fits
// the first cache. It is a multiple of wordBits.
const blockRows = 2048

// A Column is the values of one column of a table, in one of two forms. A coded
// column has a code for each row, and the value of each code in Ints, Floats or
// with the caller; the order of the codes is the order of the values. A plain
// column has the value of each row in Ints or Floats, 0 where it is null.
type Column struct {
	Codes  *Codes // nil when plain
	Ints   []int64
	Floats []float64
	Nulls  Bitmap // of a plain column; nil when it has none
	Rows   int
}

// Codes are the codes of the rows, as narrow as they can be: 0 to Card-1, and
// Card for a null.
type Codes struct {
	Card int
	B8   []uint8
	B16  []uint16
	B32  []uint32
}

// NewCodes returns room for the codes of n rows.
func NewCodes(n, card int) *Codes {
	c := &Codes{Card: card}
	switch {
	case card <= math.MaxUint8:
		c.B8 = make([]uint8, n)
	case card <= math.MaxUint16:
		c.B16 = make([]uint16, n)
	default:
		c.B32 = make([]uint32, n)
	}
	return c
}

// At returns the code of row i.
func (c *Codes) At(i int) uint32 {
	switch {
	case c.B8 != nil:
		return uint32(c.B8[i])
	case c.B16 != nil:
		return uint32(c.B16[i])
	default:
		return c.B32[i]
	}
}

// Put sets the code of row i.
func (c *Codes) Put(i int, code uint32) {
	switch {
	case c.B8 != nil:
		c.B8[i] = uint8(code) //nolint:gosec // at most Card
	case c.B16 != nil:
		c.B16[i] = uint16(code) //nolint:gosec // at most Card
	default:
		c.B32[i] = code
	}
}

// Match returns the rows whose code is in the table, which has an entry for
// each code and one more for null.
func (c *Codes) Match(table []bool) Bitmap {
	switch {
	case c.B8 != nil:
		return match(c.B8, table)
	case c.B16 != nil:
		return match(c.B16, table)
	default:
		return match(c.B32, table)
	}
}

type code interface{ uint8 | uint16 | uint32 }

func match[T code](codes []T, table []bool) Bitmap {
	out := NewBitmap(len(codes))
	for at := range out {
		part := codes[at*wordBits : min((at+1)*wordBits, len(codes))]
		var w uint64
		for i, c := range part {
			if table[c] {
				w |= 1 << i
			}
		}
		out[at] = w
	}
	return out
}

func between[T int64 | float64](values []T, lo, hi T) Bitmap {
	out := NewBitmap(len(values))
	for at := range out {
		part := values[at*wordBits : min((at+1)*wordBits, len(values))]
		var w uint64
		for i, v := range part {
			if lo <= v && v <= hi {
				w |= 1 << i
			}
		}
		out[at] = w
	}
	return out
}

// A Span is the values from Lo to Hi, both included.
type Span[T int64 | float64] struct{ Lo, Hi T }

// Within returns the rows of a plain column of integers with a value in one of
// the spans, which are sorted and do not overlap.
func (c *Column) Within(spans []Span[int64]) Bitmap { return c.without(within(c.Ints, spans)) }

// WithinFloats is Within for a plain column of floats.
func (c *Column) WithinFloats(spans []Span[float64]) Bitmap {
	return c.without(within(c.Floats, spans))
}

func within[T int64 | float64](values []T, spans []Span[T]) Bitmap {
	switch len(spans) {
	case 0:
		return NewBitmap(len(values))
	case 1:
		return between(values, spans[0].Lo, spans[0].Hi)
	}
	out := NewBitmap(len(values))
	for i, v := range values {
		if In(spans, v) {
			out.Set(i)
		}
	}
	return out
}

// In reports whether v is in one of the spans, which are sorted and do not
// overlap.
func In[T int64 | float64](spans []Span[T], v T) bool {
	lo, hi := 0, len(spans)
	for lo < hi {
		if mid := (lo + hi) / 2; spans[mid].Hi < v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(spans) && spans[lo].Lo <= v
}

// without removes the nulls from a set of rows.
func (c *Column) without(b Bitmap) Bitmap {
	for i := range c.Nulls {
		b[i] &^= c.Nulls[i]
	}
	return b
}

// Null reports whether row i has no value.
func (c *Column) Null(i int) bool {
	if c.Codes != nil {
		return int(c.Codes.At(i)) == c.Codes.Card
	}
	return c.Nulls.Has(i)
}

// Int returns the value of row i of a column of integers.
func (c *Column) Int(i int) int64 {
	if c.Codes == nil {
		return c.Ints[i]
	}
	if code := int(c.Codes.At(i)); code < len(c.Ints) {
		return c.Ints[code]
	}
	return 0
}

// Float returns the value of row i of a column of floats.
func (c *Column) Float(i int) float64 {
	if c.Codes == nil {
		return c.Floats[i]
	}
	if code := int(c.Codes.At(i)); code < len(c.Floats) {
		return c.Floats[code]
	}
	return 0
}

// IsNull returns the rows without a value.
func (c *Column) IsNull() Bitmap {
	if c.Codes == nil {
		if c.Nulls == nil {
			return NewBitmap(c.Rows)
		}
		return append(Bitmap(nil), c.Nulls...)
	}
	table := make([]bool, c.Codes.Card+1)
	table[c.Codes.Card] = true
	return c.Codes.Match(table)
}

// Bytes returns how much memory the column takes.
func (c *Column) Bytes() int64 {
	n := int64(len(c.Ints))*8 + int64(len(c.Floats))*8 + c.Nulls.Bytes()
	if c.Codes != nil {
		n += int64(len(c.Codes.B8)) + int64(len(c.Codes.B16))*2 + int64(len(c.Codes.B32))*4
	}
	return n
}
