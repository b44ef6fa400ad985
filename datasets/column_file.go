package datasets

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/openshafaf/shafaf/datasets/columnar"
)

// A column that was built of a large table is kept in a file beside the row
// file, which itself never changes. It is derived: whoever removes it loses
// time only.
//
// Why not read the columns from the Parquet file of the table: that is an
// export, which is not there for most tables, and its pages must be decompressed
// and its texts sorted again each time. A column file of a million rows is read
// in 6 to 9 ms; the same column is built of the row file in half a second
// (BenchmarkPage, on a busy machine). Why not an index in SQLite: one of every column would
// double the time of the load, and groups would still be 60 times slower.
const (
	columnFileRows = 20_000 // smaller tables are sooner read again
	columnHead     = "shafaf column 1\n"
	columnSuffix   = ".column"
	maxColumnFiles = 64 // of one table; the oldest goes for a new one
)

// columnFlags say what a column file holds, in this order: the codes or not,
// then integers, floats, texts and nulls.
const (
	flagCodes = 1 << iota
	flagInts
	flagFloats
	flagTexts
	flagNulls
	flagWide
)

func (r *RowFile) columnPath(c int) string {
	name := sqlColumn(c)
	if c < 0 {
		name = sqlColumn(rankOf(c)) + "rank"
	}
	return filepath.Join(r.files.dir, rowsDir, r.digest[:2], r.digest+"."+name+columnSuffix)
}

// loadColumn reads a column from its file. It is nil when there is none, or
// none that is whole: then it is built again.
func (r *RowFile) loadColumn(c int) *column {
	if r.rows < columnFileRows {
		return nil
	}
	file, err := os.Open(r.columnPath(c))
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }() // only read
	col, err := readColumn(file, int(r.rows))
	if err != nil {
		return nil
	}
	return col
}

// keepColumn writes the file of a column. What fails is tried again when the
// column is built again: queries are slower then, not wrong.
func (r *RowFile) keepColumn(c int, col *column) {
	if r.rows < columnFileRows || r.files.Room.Ask(col.size()) != nil || r.dropColumns() != nil {
		return
	}
	temp, err := r.files.temp("column-*")
	if err != nil {
		return
	}
	defer temp.discard()
	if writeColumn(temp, col) == nil {
		_ = temp.keep(r.columnPath(c)) // see above
	}
}

// dropColumns removes the oldest column files of the table until there is room
// for one more.
func (r *RowFile) dropColumns() error {
	paths, err := filepath.Glob(filepath.Join(r.files.dir, rowsDir, r.digest[:2], r.digest+".*"+columnSuffix))
	if err != nil {
		return err
	}
	for len(paths) >= maxColumnFiles {
		oldest, age := 0, int64(math.MaxInt64)
		for i, path := range paths {
			info, err := os.Stat(path)
			if err != nil {
				oldest = i // another process removed it
				break
			}
			if t := info.ModTime().UnixNano(); t < age {
				oldest, age = i, t
			}
		}
		if err := os.Remove(paths[oldest]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		paths = append(paths[:oldest], paths[oldest+1:]...)
	}
	return nil
}

// A columnWriter writes numbers in little-endian order, and sums them up.
type columnWriter struct {
	w   *bufio.Writer
	sum hash.Hash32
	buf []byte
	err error
}

func castagnoli() hash.Hash32 { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }

const columnChunk = 8192 // numbers that are coded at once

func writeColumn(to io.Writer, c *column) error {
	w := &columnWriter{w: bufio.NewWriterSize(to, 1<<20), sum: castagnoli(), buf: make([]byte, 8*columnChunk)}
	flags, card := uint64(0), 0
	set := func(flag uint64, is bool) {
		if is {
			flags |= flag
		}
	}
	set(flagWide, c.wide)
	set(flagCodes, c.Codes != nil)
	set(flagInts, c.Ints != nil)
	set(flagFloats, c.Floats != nil)
	set(flagTexts, c.texts != nil)
	set(flagNulls, c.Nulls != nil)
	if c.Codes != nil {
		card = c.Codes.Card
	}
	blob := ""
	if c.texts != nil {
		blob = c.texts.blob
	}
	w.bytes([]byte(columnHead))
	put(w, []uint64{flags, uint64(c.Rows), uint64(card), uint64(len(blob))})
	if c.Codes != nil {
		put(w, c.Codes.B8)
		put(w, c.Codes.B16)
		put(w, c.Codes.B32)
	}
	put(w, c.Ints)
	put(w, c.Floats)
	put(w, c.Nulls)
	if c.texts != nil {
		put(w, c.texts.ends)
		w.bytes([]byte(blob))
	}
	sum := w.sum.Sum32()
	put(w, []uint32{sum})
	return errors.Join(w.err, w.w.Flush())
}

func (w *columnWriter) bytes(b []byte) {
	_, _ = w.sum.Write(b) // a hash never fails
	if _, err := w.w.Write(b); err != nil {
		w.err = err
	}
}

func put[T uint8 | uint16 | uint32 | uint64 | int64 | float64](w *columnWriter, all []T) {
	for len(all) > 0 {
		some := all[:min(columnChunk, len(all))]
		all = all[len(some):]
		n, err := binary.Encode(w.buf, binary.LittleEndian, some)
		if err != nil {
			w.err = err
			return
		}
		w.bytes(w.buf[:n])
	}
}

// A columnReader is the reverse of a columnWriter.
type columnReader struct {
	r   *bufio.Reader
	sum hash.Hash32
	buf []byte
	err error
}

// readColumn reads a column of a table with so many rows.
func readColumn(from io.Reader, rows int) (*column, error) {
	r := &columnReader{r: bufio.NewReaderSize(from, 1<<20), sum: castagnoli(), buf: make([]byte, 8*columnChunk)}
	head := make([]byte, len(columnHead))
	r.bytes(head)
	facts := take[uint64](r, 4)
	if r.err != nil || string(head) != columnHead {
		return nil, fmt.Errorf("no column file: %w", r.err)
	}
	flags, card, blob := facts[0], facts[2], facts[3]
	if facts[1] != uint64(rows) || card > uint64(rows) || blob > math.MaxUint32 { //nolint:gosec // rows are not negative
		return nil, errors.New("the column file is of another table")
	}
	is := func(flag uint64) bool { return flags&flag != 0 }
	c := &column{Column: columnar.Column{Rows: rows}, wide: is(flagWide)}
	values := rows
	if is(flagCodes) {
		values = int(card) //nolint:gosec // at most rows
		c.Codes = r.codes(rows, values)
	}
	if is(flagInts) {
		c.Ints = take[int64](r, values)
	}
	if is(flagFloats) {
		c.Floats = take[float64](r, values)
	}
	if is(flagNulls) {
		c.Nulls = take[uint64](r, (rows+63)/64)
	}
	if is(flagTexts) {
		c.texts = &dictionary{ends: take[uint32](r, values)}
		text := make([]byte, blob)
		r.bytes(text)
		c.texts.blob = string(text)
	}
	sum := r.sum.Sum32()
	if got := take[uint32](r, 1); r.err == nil && got[0] != sum {
		r.err = errors.New("the column file is damaged")
	}
	return c, r.err
}

func (r *columnReader) codes(rows, card int) *columnar.Codes {
	c := &columnar.Codes{Card: card}
	switch {
	case card <= math.MaxUint8:
		c.B8 = take[uint8](r, rows)
	case card <= math.MaxUint16:
		c.B16 = take[uint16](r, rows)
	default:
		c.B32 = take[uint32](r, rows)
	}
	return c
}

func (r *columnReader) bytes(b []byte) {
	if r.err != nil {
		return
	}
	if _, r.err = io.ReadFull(r.r, b); r.err == nil {
		_, _ = r.sum.Write(b) // a hash never fails
	}
}

func take[T uint8 | uint16 | uint32 | uint64 | int64 | float64](r *columnReader, n int) []T {
	all := make([]T, n)
	for rest := all; len(rest) > 0 && r.err == nil; {
		some := rest[:min(columnChunk, len(rest))]
		rest = rest[len(some):]
		b := r.buf[:binary.Size(some)]
		if r.bytes(b); r.err == nil {
			_, r.err = binary.Decode(b, binary.LittleEndian, some)
		}
	}
	return all
}
