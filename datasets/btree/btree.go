// Package btree reads and writes the rows of tables in files of SQLite, in
// order, as https://www.sqlite.org/fileformat2.html describes them. A scan or a
// load of a whole table takes a fraction of the time that statements need, whose
// every value is passed by a call. It is for files without a journal that nobody
// else writes to, and for tables with row ids.
//
// Whatever the bytes are, reading them ends, with an error that wraps ErrFormat
// when they are no such file.
package btree

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ErrFormat says that the file is damaged, or of a kind that is not read here.
var ErrFormat = errors.New("the pages of the file are not those of a table")

const (
	magic      = "SQLite format 3\x00"
	headerSize = 100
	utf8       = 1 // the encoding of texts
)

// A File is a file of SQLite. It is safe for concurrent use when its reader is.
type File struct {
	r     io.ReaderAt
	page  int    // bytes of a page,
	use   int    // and of those that hold something
	pages uint32 // how many there are
}

// Open reads the header of a file of size bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	var head [headerSize]byte
	if size < headerSize {
		return nil, fmt.Errorf("%w: it has %d bytes", ErrFormat, size)
	}
	if _, err := r.ReadAt(head[:], 0); err != nil {
		return nil, err
	}
	if string(head[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: it has no header", ErrFormat)
	}
	f := &File{r: r, page: int(binary.BigEndian.Uint16(head[16:]))}
	if f.page == 1 {
		f.page = 1 << 16
	}
	f.use = f.page - int(head[20])
	const least = 480 // of use, as the format says
	if f.page&(f.page-1) != 0 || f.use < least || binary.BigEndian.Uint32(head[56:]) != utf8 {
		return nil, fmt.Errorf("%w: pages of %d bytes, %d of use", ErrFormat, f.page, f.use)
	}
	f.pages = uint32(min(size/int64(f.page), 1<<32-2)) //nolint:gosec // see min
	return f, nil
}

// Root returns the page that the named table begins with.
func (f *File) Root(table string) (uint32, error) {
	const (
		name = 1
		root = 3
	)
	for c := f.Rows(1, 0); ; {
		if ok, err := c.Next(); err != nil || !ok {
			return 0, errors.Join(err, fmt.Errorf("%w: there is no table %s", ErrFormat, table))
		}
		values := NewRecord(c.Record)
		var found, isTable bool
		for i := 0; values.Next(); i++ {
			switch i {
			case 0:
				isTable = string(values.Bytes()) == "table"
			case name:
				found = string(values.Bytes()) == table
			case root:
				if n, ok := values.Int(); ok && isTable && found && n > 0 && n <= int64(f.pages) {
					return uint32(n), nil //nolint:gosec // see the condition
				}
			}
		}
	}
}

// varint reads a number of one to nine bytes; n is how many, 0 when b ends
// before it.
func varint(b []byte) (v uint64, n int) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	for i, x := range b {
		if i == 8 {
			return v<<8 | uint64(x), 9
		}
		v = v<<7 | uint64(x&0x7F)
		if x < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
