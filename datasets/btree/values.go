package btree

import (
	"encoding/binary"
	"math"
)

// Values gathers the values of a row into a record. The zero value has none.
type Values struct {
	kinds []byte
	body  []byte
}

// Clear takes all values away.
func (v *Values) Clear() { v.kinds, v.body = v.kinds[:0], v.body[:0] }

// Null adds a null. It stands also for the row id, where a column is it.
func (v *Values) Null() { v.kinds = append(v.kinds, kindNull) }

// Int adds an integer, in as few bytes as it needs.
func (v *Values) Int(n int64) {
	u := uint64(n) //nolint:gosec // so it is written
	switch {
	case n == 0:
		v.kinds = append(v.kinds, kindZero)
	case n == 1:
		v.kinds = append(v.kinds, kindOne)
	case n == int64(int8(n)): //nolint:gosec // that is what is asked
		v.kinds, v.body = append(v.kinds, 1), append(v.body, byte(u))
	case n == int64(int16(n)): //nolint:gosec // that is what is asked
		v.kinds, v.body = append(v.kinds, 2), append(v.body, byte(u>>8), byte(u))
	case n<<40>>40 == n:
		v.kinds, v.body = append(v.kinds, 3), append(v.body, byte(u>>16), byte(u>>8), byte(u))
	case n == int64(int32(n)): //nolint:gosec // that is what is asked
		v.kinds, v.body = append(v.kinds, 4), append(v.body, byte(u>>24), byte(u>>16), byte(u>>8), byte(u))
	case n<<16>>16 == n:
		v.kinds = append(v.kinds, 5)
		v.body = append(v.body, byte(u>>40), byte(u>>32), byte(u>>24), byte(u>>16), byte(u>>8), byte(u))
	default:
		v.kinds, v.body = append(v.kinds, 6), binary.BigEndian.AppendUint64(v.body, u)
	}
}

// Float adds a number that is not NaN.
func (v *Values) Float(x float64) {
	v.kinds, v.body = append(v.kinds, kindFloat), binary.BigEndian.AppendUint64(v.body, math.Float64bits(x))
}

// Text adds a text in UTF-8.
func (v *Values) Text(s string) {
	v.kinds = appendVarint(v.kinds, uint64(len(s))*2+firstBytes+1)
	v.body = append(v.body, s...)
}

// Append appends the record to b.
func (v *Values) Append(b []byte) []byte {
	size := len(v.kinds) + 1 // with the number itself
	for at := 1 << 7; size >= at; at <<= 7 {
		size++
	}
	b = appendVarint(b, uint64(size)) //nolint:gosec // a length
	b = append(b, v.kinds...)
	return append(b, v.body...)
}

// appendVarint appends a number as SQLite writes it: seven bits a byte, the
// highest first, and eight in the ninth.
func appendVarint(b []byte, v uint64) []byte {
	switch {
	case v < 1<<7:
		return append(b, byte(v))
	case v < 1<<14:
		return append(b, byte(v>>7)|0x80, byte(v)&0x7F)
	case v >= 1<<56: // eight bytes of seven bits, then one of eight
		for shift := 57; shift >= 8; shift -= 7 {
			b = append(b, byte(v>>shift)|0x80)
		}
		return append(b, byte(v))
	}
	n := 3
	for v>>(7*n) > 0 {
		n++
	}
	for n--; n > 0; n-- {
		b = append(b, byte(v>>(7*n))|0x80)
	}
	return append(b, byte(v)&0x7F)
}
