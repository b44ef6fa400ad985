package datasets

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// A tableDigest computes the digest of a table: the SHA-256 of what its schema
// and its cells say, whatever file they came from and whatever file keeps them.
// Two tables have one digest exactly if their schemas are equal and every cell
// has the same value and the same source text, and the same rows are totals.
//
// What is hashed, with every number n as an unsigned varint (LEB128) and every
// string as its length in bytes and its bytes:
//
//	"shafaf table 1\n", the number of columns, then each column:
//	    name, label, type ("text", "integer" …), scale, layout as strings and numbers,
//	    and a number of flags: 1 Fixed, 2 Float, 4 UTC
//	then each row in order, and in it each cell in the order of the columns:
//	    0                        null
//	    1, string                null, source text
//	    2, string, string        canonical print (Column.Append), source text
//	    3 + length, bytes        canonical print
//	then the number of rows, in the end.
//
// A table with totals begins with "shafaf table 2\n" instead, then the number
// of totals and the row of each, and goes on in the same way.
//
// The encoding can be read back without doubt given the columns, so different
// tables never hash the same bytes.
type tableDigest struct {
	schema Schema
	sum    hash.Hash
	buf    []byte
	cell   []byte
	next   []int // per column: the next source text of the batch
	rows   uint64
	shapes hash.Hash // of the shapes; nil while there are none
}

const (
	digestHead       = "shafaf table 1\n"
	digestHeadTotals = "shafaf table 2\n"
)

func newTableDigest(s Schema, totals []int64) *tableDigest {
	d := &tableDigest{schema: s, sum: sha256.New(), next: make([]int, len(s))}
	b := d.buf
	if len(totals) == 0 {
		b = append(b, digestHead...)
	} else {
		b = append(b, digestHeadTotals...)
		b = binary.AppendUvarint(b, uint64(len(totals)))
		for _, row := range totals {
			b = binary.AppendUvarint(b, uint64(row))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(s)))
	for i := range s {
		c := &s[i]
		b = appendString(b, c.Name)
		b = appendString(b, c.Label)
		b = appendString(b, c.Type.String())
		b = binary.AppendUvarint(b, uint64(c.Scale))
		b = appendString(b, c.Layout)
		b = binary.AppendUvarint(b, flags(c.Fixed, c.Float, c.UTC))
	}
	d.buf = d.flush(b)
	return d
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

func flags(set ...bool) uint64 {
	var n uint64
	for i, on := range set {
		if on {
			n |= 1 << i
		}
	}
	return n
}

// add hashes the rows of a batch. Every batch follows the one before.
func (d *tableDigest) add(batch *Batch) {
	clear(d.next)
	b := d.buf
	for row := range batch.Len {
		for c := range d.schema {
			b = d.appendCell(b, batch, c, row)
		}
		if len(b) > 32<<10 {
			b = d.flush(b)
		}
	}
	d.buf = b
	d.rows += uint64(batch.Len)
}

func (d *tableDigest) appendCell(b []byte, batch *Batch, c, row int) []byte {
	col, v := &d.schema[c], &batch.Columns[c]
	if col.Type == Text {
		if v.Null[row] {
			return append(b, 0)
		}
		b = binary.AppendUvarint(b, 3+uint64(len(v.Text[row])))
		return append(b, v.Text[row]...)
	}
	k := d.next[c]
	sourced := k < len(v.Source) && v.Source[k].Row == row
	if sourced {
		d.next[c]++
	} else if !v.Null[row] { // most cells, and short
		at := len(b)
		b = col.Append(append(b, 0), v, row)
		if head := 3 + len(b) - at - 1; head < 1<<7 {
			b[at] = byte(head) //nolint:gosec // see the condition
			return b
		}
		b = b[:at]
	}
	switch d.cell = col.Append(d.cell[:0], v, row); {
	case v.Null[row] && !sourced:
		return append(b, 0)
	case v.Null[row]:
		return appendString(append(b, 1), v.Source[k].Text)
	case sourced:
		b = binary.AppendUvarint(append(b, 2), uint64(len(d.cell)))
		return appendString(append(b, d.cell...), v.Source[k].Text)
	default:
		b = binary.AppendUvarint(b, 3+uint64(len(d.cell)))
		return append(b, d.cell...)
	}
}

func (d *tableDigest) flush(b []byte) []byte {
	_, _ = d.sum.Write(b) // a hash never fails
	return b[:0]
}

// hex returns the digest of what was added, in hexadecimal digits.
func (d *tableDigest) hex() string {
	d.buf = d.flush(binary.AppendUvarint(d.buf, d.rows))
	return d.withShapes(d.sum.Sum(nil))
}
