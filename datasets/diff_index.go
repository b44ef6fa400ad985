package datasets

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// A hash128 stands for the content of some cells. It is made with seeds that
// nobody knows, so nobody can make two contents that share one; by chance two
// of n do with a probability below n²/2^128.
type hash128 struct{ hi, lo uint64 }

// A rowHasher hashes the key of each row, and all that is compared of it.
type rowHasher struct {
	key, rest []string
	seeds     [3]maphash.Seed
}

func newRowHasher(key, rest []string) *rowHasher {
	return &rowHasher{key, rest, [3]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed(), maphash.MakeSeed()}}
}

// scan calls do for each row of t, in order.
func (h *rowHasher) scan(ctx context.Context, t *Table, do func(row int64, key hash128, rest uint64)) error {
	key, rest := places(t.Schema, h.key), places(t.Schema, h.rest)
	var b []byte
	for batch, err := range t.Scan(0, -1) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for i := range batch.Len {
			b = appendCells(b[:0], t.Schema, batch, key, i)
			k := hash128{maphash.Bytes(h.seeds[0], b), maphash.Bytes(h.seeds[1], b)}
			var r uint64
			if len(rest) > 0 {
				b = appendCells(b[:0], t.Schema, batch, rest, i)
				r = maphash.Bytes(h.seeds[2], b)
			}
			do(batch.First+int64(i), k, r)
		}
	}
	return nil
}

func places(s Schema, names []string) []int {
	var at []int
	for _, name := range names {
		at = append(at, s.Index(name))
	}
	return at
}

// appendCells appends what is compared of some cells of a row, so that other
// cells append other bytes: 0 for null, else 1 + length and the print.
func appendCells(b []byte, s Schema, batch *Batch, columns []int, row int) []byte {
	var cell [64]byte
	for _, c := range columns {
		v := &batch.Columns[c]
		switch {
		case v.Null[row]:
			b = append(b, 0)
		case s[c].Type == Text:
			b = binary.AppendUvarint(b, 1+uint64(len(v.Text[row])))
			b = append(b, v.Text[row]...)
		default:
			column := s[c]
			column.Fixed = false
			text := column.Append(cell[:0], v, row)
			b = binary.AppendUvarint(b, 1+uint64(len(text)))
			b = append(b, text...)
		}
	}
	return b
}

// A rowIndex finds rows by their key.
type rowIndex struct {
	rows    []indexedRow // by key, then by row
	buckets []uint32     // where the keys that begin with these bits begin
	shift   uint
}

type indexedRow struct {
	hash128
	rest uint64 // what else the row holds; of the first of equal rows, how many were taken
	row  uint32
}

// indexRows reads t into an index. h.rest is kept where it is wanted.
func indexRows(ctx context.Context, t *Table, h *rowHasher) (*rowIndex, error) {
	if t.Rows > MaxDiffRows {
		return nil, ErrManyRows
	}
	x := &rowIndex{rows: make([]indexedRow, 0, max(t.Rows, 0))}
	over := false
	err := h.scan(ctx, t, func(row int64, k hash128, rest uint64) {
		if over = over || row >= MaxDiffRows; !over {
			x.rows = append(x.rows, indexedRow{k, rest, uint32(row)}) //nolint:gosec // below MaxDiffRows
		}
	})
	if err != nil {
		return nil, err
	}
	if over {
		return nil, ErrManyRows
	}
	slices.SortFunc(x.rows, func(a, b indexedRow) int {
		return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo), cmp.Compare(a.row, b.row))
	})
	x.fillBuckets()
	return x, nil
}

// fillBuckets makes about one bucket for sixteen rows.
func (x *rowIndex) fillBuckets() {
	width := uint(1)
	for width < 24 && 1<<width < len(x.rows)/16 {
		width++
	}
	x.shift = 64 - width
	x.buckets = make([]uint32, 1<<width+1)
	for i := range x.rows {
		x.buckets[x.rows[i].hi>>x.shift+1]++
	}
	for i := 1; i < len(x.buckets); i++ {
		x.buckets[i] += x.buckets[i-1]
	}
}

func (x *rowIndex) len() int64 { return int64(len(x.rows)) }

// find returns the place of the first row with the key, or -1.
func (x *rowIndex) find(k hash128) int {
	b := k.hi >> x.shift
	for i := x.buckets[b]; i < x.buckets[b+1]; i++ {
		if x.rows[i].hash128 == k {
			return int(i)
		}
	}
	return -1
}

// twice reports whether two rows have the same key.
func (x *rowIndex) twice() bool {
	for i := 1; i < len(x.rows); i++ {
		if x.rows[i].hash128 == x.rows[i-1].hash128 {
			return true
		}
	}
	return false
}

// take takes one of the rows with the key, of which the first one stands at
// first; ok is false when none is left.
func (x *rowIndex) take(first int, k hash128) (ok bool) {
	at := first + int(x.rows[first].rest) //nolint:gosec // at most the number of rows
	if at >= len(x.rows) || x.rows[at].hash128 != k {
		return false
	}
	x.rows[first].rest++
	return true
}

// left calls do for each row that nobody took.
func (x *rowIndex) left(do func(row int64)) {
	for first := 0; first < len(x.rows); {
		end := first + 1
		for end < len(x.rows) && x.rows[end].hash128 == x.rows[first].hash128 {
			end++
		}
		for i := first + int(x.rows[first].rest); i < end; i++ { //nolint:gosec // likewise
			do(int64(x.rows[i].row))
		}
		first = end
	}
}

// A rowSet is a set of row numbers.
type rowSet []uint64

func newRowSet(n int64) rowSet { return make(rowSet, (n+63)/64) }

func (b rowSet) has(row int64) bool {
	return row>>6 < int64(len(b)) && b[row>>6]&(1<<(row&63)) != 0
}

func (b *rowSet) set(row int64) {
	for row>>6 >= int64(len(*b)) {
		*b = append(*b, 0)
	}
	(*b)[row>>6] |= 1 << (row & 63)
}

// marks are the rows that differ.
type marks struct {
	gone, before rowSet     // of the older table: removed; changed
	new, after   rowSet     // of the newer table: added; changed
	pairs        [][2]int64 // the first rows that changed, before and after
}

// maxPairs is how many changed rows are kept in pairs.
const maxPairs = 1000

func newMarks(from int64) marks { return marks{gone: newRowSet(from), before: newRowSet(from)} }

func (m *marks) pair(before, after int64) {
	if len(m.pairs) < maxPairs {
		m.pairs = append(m.pairs, [2]int64{before, after})
	}
}
