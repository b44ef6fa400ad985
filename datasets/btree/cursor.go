package btree

import (
	"encoding/binary"
	"fmt"
	"math"
	"sort"
)

// A Cursor goes through the rows of a table. It is for one goroutine.
type Cursor struct {
	// ID and Record are the row that Next went to; Record is valid until the
	// next one.
	ID     int64
	Record []byte

	file   *File
	root   uint32
	from   int64   // no row before it comes
	levels []level // from the root to the leaf; empty before the first row
	spilt  []byte  // a record that did not fit its page
	window window
}

// Rows returns a cursor before the first row whose id is from or more.
func (f *File) Rows(root uint32, from int64) *Cursor {
	return &Cursor{file: f, root: root, from: from, window: window{file: f}}
}

const (
	interior  = 0x05
	leaf      = 0x0D
	mostDeep  = 24    // no file has a deeper tree: each page leads to several
	leafHead  = 8     // bytes before the places of the cells,
	innerHead = 8 + 4 // and on a page that leads to others
)

// A level is a page that the cursor stands on.
type level struct {
	page  []byte // its own copy
	head  int    // where its header begins
	inner bool
	cells int
	at    int // the next cell to take; on an inner page, cells is the last child
}

// Next goes to the next row, if there is one.
func (c *Cursor) Next() (ok bool, err error) {
	if len(c.levels) == 0 {
		if err := c.descend(c.root, true); err != nil {
			return false, err
		}
	}
	for {
		l := &c.levels[len(c.levels)-1]
		if l.at < l.cells {
			err := c.take(l)
			return err == nil, err
		}
		for { // up to a page with one more child
			if len(c.levels) == 1 {
				return false, nil
			}
			c.levels = c.levels[:len(c.levels)-1]
			l = &c.levels[len(c.levels)-1]
			if l.at++; l.at <= l.cells {
				break
			}
		}
		child, err := l.child()
		if err != nil {
			return false, err
		}
		if err := c.descend(child, false); err != nil {
			return false, err
		}
	}
}

// SkipTo passes over the rows before id: Next goes to the one with the id, or the
// first behind it. It never goes back.
func (c *Cursor) SkipTo(id int64) error {
	if id <= c.from {
		return nil
	}
	c.from = id
	for len(c.levels) > 0 {
		l := &c.levels[len(c.levels)-1]
		l.at += sort.Search(l.cells-l.at, func(i int) bool { return l.id(l.at+i) >= id })
		last := len(c.levels) == 1
		if l.inner && (l.at < l.cells || last) {
			child, err := l.child()
			if err != nil {
				return err
			}
			return c.descend(child, true)
		}
		if l.at < l.cells || last {
			return nil
		}
		c.levels = c.levels[:len(c.levels)-1]
	}
	return nil
}

// descend goes down from page n to a leaf: to the first one, or with seek to
// the one where c.from is.
func (c *Cursor) descend(n uint32, seek bool) error {
	for {
		if len(c.levels) == mostDeep {
			return fmt.Errorf("%w: page %d lies too deep", ErrFormat, n)
		}
		l, err := c.push(n)
		if err != nil {
			return err
		}
		if seek {
			l.at = sort.Search(l.cells, func(i int) bool { return l.id(i) >= c.from })
		}
		if !l.inner {
			if l.cells == 0 && len(c.levels) > 1 {
				return fmt.Errorf("%w: page %d is empty", ErrFormat, n)
			}
			return nil
		}
		if n, err = l.child(); err != nil {
			return err
		}
	}
}

// push reads page n into a level of its own.
func (c *Cursor) push(n uint32) (*level, error) {
	if len(c.levels) < cap(c.levels) {
		c.levels = c.levels[:len(c.levels)+1]
	} else {
		c.levels = append(c.levels, level{})
	}
	l := &c.levels[len(c.levels)-1]
	page, err := c.window.page(n)
	if err != nil {
		return nil, err
	}
	l.page = append(l.page[:0], page[:c.file.use]...)
	l.at, l.head = 0, 0
	if n == 1 {
		l.head = headerSize
	}
	kind := l.page[l.head]
	l.inner = kind == interior
	l.cells = int(binary.BigEndian.Uint16(l.page[l.head+3:]))
	if kind != interior && kind != leaf || l.head+innerHead+2*l.cells > len(l.page) {
		return nil, fmt.Errorf("%w: page %d is of kind %d with %d cells", ErrFormat, n, kind, l.cells)
	}
	return l, nil
}

// cell returns what is written from the beginning of cell i on.
func (l *level) cell(i int) []byte {
	head := l.head + leafHead
	if l.inner {
		head = l.head + innerHead
	}
	at := int(binary.BigEndian.Uint16(l.page[head+2*i:]))
	return l.page[min(at, len(l.page)):]
}

// id returns the row id of cell i; where the page is damaged, any.
func (l *level) id(i int) int64 {
	b := l.cell(i)
	skip := 4 // the child
	if !l.inner {
		_, skip = varint(b)
	}
	id, _ := varint(b[min(skip, len(b)):])
	return int64(id) //nolint:gosec // so it is written
}

// child returns the page that the level leads to now.
func (l *level) child() (uint32, error) {
	b := l.page[l.head+leafHead:]
	if l.at < l.cells {
		b = l.cell(l.at)
	}
	if len(b) < 4 {
		return 0, fmt.Errorf("%w: a cell ends too early", ErrFormat)
	}
	return binary.BigEndian.Uint32(b), nil
}

// take goes to the next row of a leaf.
func (c *Cursor) take(l *level) error {
	b := l.cell(l.at)
	size, n := varint(b)
	id, k := varint(b[n:])
	if n == 0 || k == 0 {
		return fmt.Errorf("%w: a cell ends too early", ErrFormat)
	}
	b = b[n+k:]
	c.ID = int64(id) //nolint:gosec // so it is written
	if c.ID < c.from || c.ID == math.MaxInt64 {
		return fmt.Errorf("%w: row %d comes too late", ErrFormat, c.ID)
	}
	c.from = c.ID + 1
	l.at++
	local := c.file.local(size)
	if uint64(len(b)) < local {
		return fmt.Errorf("%w: row %d ends too early", ErrFormat, c.ID)
	}
	if c.Record = b[:local]; local == size {
		return nil
	}
	return c.spill(b, local, size)
}

// local returns how many bytes of a record of size bytes stand on its page.
func (f *File) local(size uint64) uint64 {
	use := uint64(f.use) //nolint:gosec // a page is not negative
	most := use - 35
	if size <= most {
		return size
	}
	least := (use-12)*32/255 - 23
	if k := least + (size-least)%(use-4); k <= most {
		return k
	}
	return least
}

// spill gathers a record of size bytes of which local ones stand in b, before
// the number of the page where the next are.
func (c *Cursor) spill(b []byte, local, size uint64) error {
	if uint64(len(b)) < local+4 || size > uint64(c.file.pages)*uint64(c.file.page) { //nolint:gosec // a page is not negative
		return fmt.Errorf("%w: row %d ends too early", ErrFormat, c.ID)
	}
	c.spilt = append(c.spilt[:0], b[:local]...)
	next := binary.BigEndian.Uint32(b[local:])
	for uint64(len(c.spilt)) < size {
		page, err := c.window.page(next)
		if err != nil {
			return err
		}
		next = binary.BigEndian.Uint32(page)
		rest := page[4:c.file.use]
		c.spilt = append(c.spilt, rest[:min(uint64(len(rest)), size-uint64(len(c.spilt)))]...)
	}
	c.Record = c.spilt
	return nil
}

// A window is some consecutive pages in memory. It grows while the pages that
// are asked for follow each other.
type window struct {
	file  *File
	first uint32 // counted from 1
	bytes []byte
}

const (
	leastWindow = 32 << 10 // bytes
	mostWindow  = 128 << 10
)

// page returns page n, valid until the next one is asked for.
func (w *window) page(n uint32) ([]byte, error) {
	size := w.file.page
	if n == 0 || n > w.file.pages {
		return nil, fmt.Errorf("%w: there is no page %d", ErrFormat, n)
	}
	if at := (int64(n) - int64(w.first)) * int64(size); at >= 0 && at < int64(len(w.bytes)) {
		return w.bytes[at : at+int64(size)], nil
	}
	want := leastWindow
	if len(w.bytes) > 0 && int64(n)-int64(w.first) <= 2*int64(len(w.bytes)/size) && n > w.first {
		want = min(2*len(w.bytes), mostWindow)
	}
	want = min(max(want/size, 1), int(w.file.pages-n)+1) * size
	if cap(w.bytes) < want {
		w.bytes = make([]byte, want)
	}
	w.first, w.bytes = n, w.bytes[:want]
	if _, err := w.file.r.ReadAt(w.bytes, int64(n-1)*int64(size)); err != nil {
		w.bytes = w.bytes[:0]
		return nil, fmt.Errorf("%w: page %d: %w", ErrFormat, n, err)
	}
	return w.bytes[:size], nil
}
