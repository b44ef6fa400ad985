package btree

import (
	"encoding/binary"
	"errors"
)

// errOrder says that rows do not ascend, which a tree must.
var errOrder = errors.New("the rows of a table must ascend")

// The kinds of pages of tables WITHOUT ROWID.
const (
	keyInterior = 0x02
	keyLeaf     = 0x0A
)

// A Tree is a table that is being written.
type Tree struct {
	w      *Writer
	root   uint32
	kinds  [2]byte // of leaves and of the pages above them
	levels []*growing
	lastID int64
	cell   []byte
	key    []byte
	rows   bool // some came
}

// A growing page is the last one of its level. Cells stand at its end, from the
// last to the first; their places at its beginning.
type growing struct {
	page  []byte
	head  int // bytes of its header
	cells int
	low   int // where the last cell begins
	use   int // where the first one ends
}

// Row appends a row to a table with row ids.
func (t *Tree) Row(id int64, record []byte) error {
	if t.rows && id <= t.lastID {
		return errOrder
	}
	t.cell = appendVarint(t.cell[:0], uint64(len(record)))
	t.cell = appendVarint(t.cell, uint64(id)) //nolint:gosec // so it is written
	use := uint64(t.w.use)                    //nolint:gosec // a page is not negative
	t.payload(record, use-35)
	if page := t.leaf(); !page.fits(len(t.cell)) {
		t.key = appendVarint(t.key[:0], uint64(t.lastID)) //nolint:gosec // so it is written
		t.close(0, t.key)
	}
	t.leaf().add(t.cell)
	t.lastID, t.rows = id, true
	return t.w.err
}

// Key appends a row to a table WITHOUT ROWID. Its caller sees to the order.
func (t *Tree) Key(record []byte) error {
	use := uint64(t.w.use) //nolint:gosec // a page is not negative
	t.cell = appendVarint(t.cell[:0], uint64(len(record)))
	t.payload(record, (use-12)*64/255-23)
	if page := t.leaf(); !page.fits(len(t.cell)) {
		t.key = append(t.key[:0], page.pop()...)
		t.close(0, t.key)
	}
	t.leaf().add(t.cell)
	t.rows = true
	return t.w.err
}

// payload appends a record to the cell, of which at most so many bytes stand on
// its page; the others go to pages of their own.
func (t *Tree) payload(record []byte, most uint64) {
	size, use := uint64(len(record)), uint64(t.w.use) //nolint:gosec // a page is not negative
	if size <= most {
		t.cell = append(t.cell, record...)
		return
	}
	least := (use-12)*32/255 - 23
	local := least + (size-least)%(use-4)
	if local > most {
		local = least
	}
	t.cell = append(t.cell, record[:local]...)
	rest := record[local:]
	each := t.w.use - 4
	page := make([]byte, t.w.page)
	first := uint32(0)
	for len(rest) > 0 {
		n := min(each, len(rest))
		clear(page)
		if n < len(rest) {
			binary.BigEndian.PutUint32(page, t.w.following())
		}
		copy(page[4:], rest[:n])
		if at := t.w.put(page); first == 0 {
			first = at
		}
		rest = rest[n:]
	}
	t.cell = binary.BigEndian.AppendUint32(t.cell, first)
}

// following returns the number of the page after the next one.
func (w *Writer) following() uint32 {
	next := w.last + 1
	if int64(next-1)*int64(w.page) == pendingByte {
		next++
	}
	if next++; int64(next-1)*int64(w.page) == pendingByte {
		next++
	}
	return next
}

func (t *Tree) leaf() *growing { return t.level(0) }

func (t *Tree) level(n int) *growing {
	if n == len(t.levels) {
		g := &growing{page: make([]byte, t.w.page), head: leafHead}
		if n > 0 {
			g.head = innerHead
		}
		g.low, g.use = t.w.use, t.w.use
		t.levels = append(t.levels, g)
	}
	return t.levels[n]
}

// close writes the page of a level, of which the last key is given, and enters
// it into the level above.
func (t *Tree) close(n int, key []byte) {
	child := t.w.put(t.levels[n].done(t.kinds[min(n, 1)]))
	t.levels[n].clear()
	above := t.level(n + 1)
	if !above.fits(4 + len(key)) { // its last cell becomes its last child
		last := append([]byte(nil), above.pop()...)
		above.right(binary.BigEndian.Uint32(last))
		t.close(n+1, last[4:])
	}
	above.add(append(binary.BigEndian.AppendUint32(nil, child), key...))
}

// finish writes the pages that are still growing; the topmost is the root.
func (t *Tree) finish() {
	if !t.rows {
		return
	}
	for n, g := range t.levels {
		page := g.done(t.kinds[min(n, 1)])
		if n == len(t.levels)-1 {
			t.w.write(page, int64(t.root-1)*int64(t.w.page))
			return
		}
		t.levels[n+1].right(t.w.put(page))
	}
}

func (g *growing) fits(n int) bool { return g.low-n >= g.head+2*(g.cells+1) }

func (g *growing) add(cell []byte) {
	g.low -= len(cell)
	copy(g.page[g.low:], cell)
	binary.BigEndian.PutUint16(g.page[g.head+2*g.cells:], uint16(g.low)) //nolint:gosec // pages are of 64 KiB at most
	g.cells++
}

// pop takes the last cell off the page. It is valid until the next is added.
func (g *growing) pop() []byte {
	g.cells--
	end := g.end()
	cell := g.page[g.low:end]
	g.low = end
	return cell
}

// end is where the last cell ends when g.cells cells stand before it.
func (g *growing) end() int {
	if g.cells == 0 {
		return g.use
	}
	return int(binary.BigEndian.Uint16(g.page[g.head+2*(g.cells-1):]))
}

func (g *growing) right(child uint32) { binary.BigEndian.PutUint32(g.page[leafHead:], child) }

// done completes the header of the page.
func (g *growing) done(kind byte) []byte {
	g.page[0] = kind
	binary.BigEndian.PutUint16(g.page[3:], uint16(g.cells)) //nolint:gosec // a cell takes four bytes or more
	binary.BigEndian.PutUint16(g.page[5:], uint16(g.low))   //nolint:gosec // 65,536 is written as 0
	return g.page
}

func (g *growing) clear() {
	clear(g.page)
	g.cells, g.low = 0, g.use
}
