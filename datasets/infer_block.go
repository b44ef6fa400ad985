package datasets

import "github.com/openshafaf/shafaf/datasets/processors"

// A guessing is the guesses of all columns, which look at the cells in blocks
// of rows: while one block is filled, the columns of the other are looked at,
// some on each processor. Each column sees its cells in their order.
type guessing struct {
	guesses []guess
	filling cellBlock
	looked  cellBlock
	beside  beside
}

// Bounds of a block of rows.
const (
	blockRows  = 1024
	blockBytes = 1 << 20
)

func newGuessing(columns int) *guessing {
	g := &guessing{guesses: make([]guess, columns)}
	for i := range g.guesses {
		g.guesses[i] = newGuess()
	}
	return g
}

// add takes the cells of a row, which it copies.
func (g *guessing) add(cells []Cell) {
	b := &g.filling
	b.add(cells)
	if len(b.counts) < blockRows && len(b.text) < blockBytes {
		return
	}
	g.wait()
	g.filling, g.looked = g.looked, g.filling
	g.filling.clear()
	each := min(processors.Count(), len(g.guesses))
	for from := range each {
		g.beside.run(func() { g.looked.show(g.guesses, from, each) })
	}
}

// wait waits until the guesses have seen all blocks that are full.
func (g *guessing) wait() { g.beside.wait() }

// end returns the guesses after the last row.
func (g *guessing) end() []guess {
	g.wait()
	g.filling.show(g.guesses, 0, 1)
	g.filling.clear()
	return g.guesses
}

// A cellBlock is the cells of some rows, copied.
type cellBlock struct {
	text   []byte // of all cells, one behind the other
	ends   []int  // of each cell in text
	kinds  []CellKind
	counts []int // of the cells of each row
}

func (b *cellBlock) clear() {
	b.text, b.ends, b.kinds, b.counts = b.text[:0], b.ends[:0], b.kinds[:0], b.counts[:0]
}

func (b *cellBlock) add(cells []Cell) {
	for i := range cells {
		b.text = append(b.text, cells[i].Text...)
		b.ends = append(b.ends, len(b.text))
		b.kinds = append(b.kinds, cells[i].Kind)
	}
	b.counts = append(b.counts, len(cells))
}

// show gives each guess from one on, in steps of each, the cells of its column.
func (b *cellBlock) show(guesses []guess, from, each int) {
	at := 0 // the first cell of the row
	for _, n := range b.counts {
		for i := from; i < n; i += each {
			start := 0
			if at+i > 0 {
				start = b.ends[at+i-1]
			}
			guesses[i].cell(&Cell{b.text[start:b.ends[at+i]], b.kinds[at+i]})
		}
		at += n
	}
}
