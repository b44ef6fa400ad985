package btree

import (
	"encoding/binary"
	"math"
)

// A Record is the values of a row, one after the other.
type Record struct {
	head, body []byte // of what comes
	value      []byte
	kind       uint64
	bad        bool
}

// NewRecord reads the bytes of Cursor.Record, which must not change meanwhile.
func NewRecord(b []byte) Record {
	size, n := varint(b)
	if n == 0 || size < uint64(n) || size > uint64(len(b)) {
		return Record{bad: true}
	}
	return Record{head: b[n:size], body: b[size:]}
}

// The kinds of values that have no bytes or are no integers. From firstBytes on
// even ones are blobs and odd ones texts.
const (
	kindNull   = 0
	kindFloat  = 7
	kindZero   = 8
	kindOne    = 9
	firstBytes = 12
)

// sizes are how many bytes a value of a kind below firstBytes takes; the last
// two are not in use.
var sizes = [firstBytes]uint8{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0xFF, 0xFF}

// Next goes to the next value, if there is one.
func (r *Record) Next() bool {
	if len(r.head) > 0 && r.head[0] < 0x80 { // most are
		r.kind, r.head = uint64(r.head[0]), r.head[1:]
	} else {
		kind, n := varint(r.head)
		if n == 0 {
			r.bad = r.bad || len(r.head) > 0
			return false
		}
		r.kind, r.head = kind, r.head[n:]
	}
	var size uint64
	if r.kind >= firstBytes {
		size = (r.kind - firstBytes) / 2
	} else {
		size = uint64(sizes[r.kind])
	}
	if size > uint64(len(r.body)) {
		r.bad, r.head = true, nil
		return false
	}
	r.value, r.body = r.body[:size], r.body[size:]
	return true
}

// Null reports whether the value is null.
func (r *Record) Null() bool { return r.kind == kindNull }

// Bytes returns the value that is a text or a blob; nil when it is neither.
func (r *Record) Bytes() []byte {
	if r.kind < firstBytes {
		return nil
	}
	return r.value
}

// Text reports whether the value is a text.
func (r *Record) Text() bool { return r.kind > firstBytes && r.kind&1 == 1 }

// Int returns the value that is an integer.
func (r *Record) Int() (v int64, ok bool) {
	if r.kind == kindZero || r.kind == kindOne {
		return int64(r.kind - kindZero), true //nolint:gosec // 0 or 1
	}
	if r.kind == kindNull || r.kind >= kindFloat {
		return 0, false
	}
	b := r.value
	v = int64(int8(b[0])) //nolint:gosec // the sign is in the first byte
	switch len(b) {
	case 1:
		return v, true
	case 2:
		return v<<8 | int64(b[1]), true
	case 3:
		return v<<16 | int64(b[1])<<8 | int64(b[2]), true
	case 4:
		return v<<24 | int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3]), true
	case 6:
		return v<<40 | int64(b[1])<<32 | int64(binary.BigEndian.Uint32(b[2:])), true
	default:
		return int64(binary.BigEndian.Uint64(b)), true //nolint:gosec // as it was written
	}
}

// Float returns the value that is a number; SQLite keeps whole ones as integers.
func (r *Record) Float() (v float64, ok bool) {
	if r.kind == kindFloat {
		return math.Float64frombits(binary.BigEndian.Uint64(r.value)), true
	}
	n, ok := r.Int()
	return float64(n), ok
}
