package exporters

import (
	"cmp"
	"context"
	"io"
	"iter"
	"sync"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/processors"
)

// A rowAppender makes text of rows. It is for one goroutine.
type rowAppender interface {
	// begin is called before the first row of each batch, whose rows come in
	// ascending order.
	begin()
	appendRow(b []byte, batch *datasets.Batch, row int) []byte
}

// The text of a table is made in pieces.
const (
	pieceCells  = 100_000
	pieceRows   = 8 * datasets.BatchRows
	pieceBlocks = 4                      // of a piece may wait to be written
	blockRows   = 8 * datasets.BatchRows // of many short rows
	mostHands   = 4
)

// A piece is consecutive rows of a table and, once somebody makes them, the
// blocks of their text.
type piece struct {
	from, to int64
	blocks   chan block // closed by who makes them
}

// A block is some rows as text, or the error that kept them from it.
type block struct {
	text []byte
	rows int64
	err  error
}

// piecesOf cuts the table, into one piece where it cannot be read in parts.
func piecesOf(t *datasets.Table) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		if !t.Parts {
			yield(piece{0, -1, make(chan block, pieceBlocks)})
			return
		}
		rows := pieceLen(t)
		for from := int64(0); from < t.Rows; from += rows {
			if !yield(piece{from, min(from+rows, t.Rows), make(chan block, pieceBlocks)}) {
				return
			}
		}
	}
}

func pieceLen(t *datasets.Table) int64 {
	return max(datasets.BatchRows, min(pieceRows, pieceCells/int64(max(1, len(t.Schema)))))
}

// handsFor is how many goroutines make text of the table.
func handsFor(t *datasets.Table) int {
	if !t.Parts {
		return 1
	}
	return int(min(int64(processors.Count()), mostHands, 1+t.Rows/pieceLen(t)))
}

// writeRows writes the text of all rows. Several goroutines, each with an
// appender of its own, make that of one piece of the table each; it is written
// in the order of the rows.
func writeRows(ctx context.Context, w io.Writer, t *datasets.Table, o Options, appender func() rowAppender) error {
	own, cancel := context.WithCancel(ctx)
	m := textMaker{table: t, free: make(chan []byte, 2*pieceBlocks)}
	inOrder, next := make(chan piece, handsFor(t)), make(chan piece)
	var hands sync.WaitGroup
	defer hands.Wait()
	defer cancel()
	for range handsFor(t) {
		hands.Go(func() {
			a := appender()
			for p := range next {
				m.make(own, p, a)
			}
		})
	}
	hands.Go(func() { deal(own, t, inOrder, next) })
	var rows int64
	for p := range inOrder {
		for b := range p.blocks {
			if err := cmp.Or(b.err, ctx.Err()); err != nil {
				return err
			}
			if _, err := w.Write(b.text); err != nil {
				return err
			}
			m.giveBack(b.text)
			rows += b.rows
			if o.Progress != nil {
				o.Progress(rows)
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return complete(t, rows)
}

// deal hands out the pieces of the table, each to the one who writes and to one
// of those who make.
func deal(ctx context.Context, t *datasets.Table, inOrder, next chan<- piece) {
	defer close(inOrder)
	defer close(next)
	for p := range piecesOf(t) {
		select {
		case inOrder <- p:
		case <-ctx.Done():
			return
		}
		select {
		case next <- p:
		case <-ctx.Done():
			close(p.blocks)
			return
		}
	}
}

// A textMaker makes the text of pieces.
type textMaker struct {
	table *datasets.Table
	free  chan []byte // buffers of blocks that were written
}

func (m *textMaker) buffer() []byte {
	select {
	case b := <-m.free:
		return b
	default:
		return make([]byte, 0, blockSize+blockSize/4)
	}
}

func (m *textMaker) giveBack(b []byte) {
	if cap(b) > 2*blockSize {
		return // it held a very long row
	}
	select {
	case m.free <- b[:0]:
	default:
	}
}

// make makes the blocks of a piece, until ctx ends.
func (m *textMaker) make(ctx context.Context, p piece, a rowAppender) {
	defer close(p.blocks)
	send := func(b block) bool {
		select {
		case p.blocks <- b:
			return true
		case <-ctx.Done():
			return false
		}
	}
	if err := m.each(ctx, p, a, send); err != nil {
		send(block{err: err})
	}
}

func (m *textMaker) each(ctx context.Context, p piece, a rowAppender, send func(block) bool) (err error) {
	defer recoverInto(&err)
	b := block{text: m.buffer()}
	for batch, err := range m.table.Scan(p.from, p.to) {
		if err != nil {
			return err
		}
		a.begin()
		for row := range batch.Len {
			b.text = a.appendRow(b.text, batch, row)
			b.rows++
			if len(b.text) < blockSize && b.rows < blockRows {
				continue
			}
			if !send(b) {
				return nil
			}
			b = block{text: m.buffer()}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	send(b)
	return nil
}
