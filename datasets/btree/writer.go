package btree

import (
	"encoding/binary"
	"fmt"
	"os"
)

// A Writer writes the rows of new tables into a file of SQLite that holds their
// schema already: behind its pages, each page once and in order. So a load
// takes a tenth of the time of INSERT statements. The file is whole again after
// Finish, and meanwhile nobody may read it. It is for one goroutine.
type Writer struct {
	f     *os.File
	page  int    // bytes of a page,
	use   int    // and of those that hold something
	last  uint32 // page that is there, or in out
	out   []byte // pages that are not yet in the file
	at    int64  // where they go
	trees []*Tree
	err   error
}

// pendingByte is where SQLite locks a file: the page with it holds nothing.
const pendingByte = 1 << 30

const outSize = 1 << 20

// NewWriter returns a writer of the tables of f. Everything else must have been
// written, and its size be the pages that it holds.
func NewWriter(f *os.File) (*Writer, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	file, err := Open(f, info.Size())
	if err != nil {
		return nil, err
	}
	if info.Size()%int64(file.page) != 0 {
		return nil, fmt.Errorf("%w: it ends within a page", ErrFormat)
	}
	return &Writer{f: f, page: file.page, use: file.use, last: file.pages, at: info.Size(), out: make([]byte, 0, outSize+file.page)}, nil
}

// Table returns the tree of an empty table with row ids, which begins with the
// page root.
func (w *Writer) Table(root uint32) *Tree { return w.tree(root, leaf, interior) }

// Index returns the tree of an empty table WITHOUT ROWID.
func (w *Writer) Index(root uint32) *Tree { return w.tree(root, keyLeaf, keyInterior) }

func (w *Writer) tree(root uint32, leafKind, innerKind byte) *Tree {
	t := &Tree{w: w, root: root, kinds: [2]byte{leafKind, innerKind}}
	w.trees = append(w.trees, t)
	return t
}

// Finish writes what is left of all trees, and the number of pages into the
// header of the file.
func (w *Writer) Finish() error {
	for _, t := range w.trees {
		t.finish()
	}
	w.flush()
	var count [4]byte
	binary.BigEndian.PutUint32(count[:], w.last)
	w.write(count[:], pageCountAt)
	return w.err
}

const pageCountAt = 28 // in the header

// put writes a page behind the others and returns its number.
func (w *Writer) put(page []byte) uint32 {
	if w.last++; int64(w.last-1)*int64(w.page) == pendingByte {
		w.out = append(w.out, make([]byte, w.page)...)
		w.last++
	}
	w.out = append(w.out, page...)
	if len(w.out) >= outSize {
		w.flush()
	}
	return w.last
}

func (w *Writer) flush() {
	w.write(w.out, w.at)
	w.at += int64(len(w.out))
	w.out = w.out[:0]
}

func (w *Writer) write(b []byte, at int64) {
	if _, err := w.f.WriteAt(b, at); err != nil && w.err == nil {
		w.err = err
	}
}
