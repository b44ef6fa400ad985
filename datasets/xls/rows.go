package xls

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
)

// Rows yields the rows of sheet i of the book that hold something, in order. Of
// two cells at one place the later one counts. After an error nothing more
// comes.
func (k *Book) Rows(ctx context.Context, i int) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		r := rowReader{book: k, sheet: &k.Sheets[i]}
		var err error
		if r.sheet.places == nil {
			if r.s, err = k.enter(r.sheet); err != nil {
				yield(nil, err)
				return
			}
		}
		for n := 1; ; n++ {
			if n%256 == 0 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			row, err := r.next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// A rowReader puts the cells of a sheet together to rows.
type rowReader struct {
	book  *Book
	sheet *Sheet
	s     *scanner
	row   Row
	arena []byte // the texts of the row that are not shared
	held  bool   // the record at hand is of the next row
	ended bool
	place int // in the places of the sheet

	asks    bool // the last cell is a formula whose text follows it
	pending Cell // that cell
}

// next returns the next row, or io.EOF behind the last.
func (r *rowReader) next() (*Row, error) {
	for !r.ended {
		r.row.Number, r.row.Cells, r.arena, r.asks = -1, r.row.Cells[:0], r.arena[:0], false
		err := r.gather()
		if err != nil {
			return nil, err
		}
		if len(r.row.Cells) > 0 {
			return r.finish(), nil
		}
	}
	return nil, io.EOF
}

// gather reads the records of one row.
func (r *rowReader) gather() error {
	if r.sheet.places != nil {
		return r.gatherPlaces()
	}
	for {
		if !r.held {
			if err := r.s.nextOwn(); err != nil {
				return err
			}
		}
		r.held = false
		switch {
		case r.s.id == recEOF:
			r.ended = true
			return nil
		case r.s.id == recString:
			if err := r.formulaText(); err != nil {
				return err
			}
		case isCell(r.s.id):
			if len(r.s.data) < 6 {
				return errShort
			}
			row := u16(r.s.data)
			if r.row.Number >= 0 && row != r.row.Number {
				r.held = true
				return nil
			}
			r.row.Number = row
			if err := r.cells(); err != nil {
				return err
			}
		}
	}
}

// placeBuffer is how much is read at once where cells are stored in no order.
const placeBuffer = 512

// gatherPlaces reads the records of one row of a sheet whose cells are stored
// in no order.
func (r *rowReader) gatherPlaces() error {
	places := r.sheet.places
	for ; r.place < len(places); r.place++ {
		p := places[r.place]
		if r.row.Number >= 0 && int(p.row) != r.row.Number {
			return nil
		}
		r.row.Number = int(p.row)
		r.s = newScanner(r.book.stream, int64(p.at), r.book.size, placeBuffer)
		if err := r.s.read(); err != nil {
			return err
		}
		if len(r.s.data) < 6 {
			return errShort
		}
		if err := r.cells(); err != nil {
			return err
		}
		for r.asks {
			if err := r.s.nextOwn(); err != nil {
				return err
			}
			if isCell(r.s.id) || r.s.id == recEOF {
				r.asks = false
			} else if r.s.id == recString {
				if err := r.formulaText(); err != nil {
					return err
				}
			}
		}
	}
	r.ended = true
	return nil
}

// formulaText reads the text that a formula gave, in the record at hand.
func (r *rowReader) formulaText() error {
	if !r.asks {
		return nil
	}
	r.asks = false
	return r.ownText(r.pending)
}

// finish orders the cells of the row by column.
func (r *rowReader) finish() *Row {
	cells := r.row.Cells
	byColumn := func(a, b Cell) int { return a.Column - b.Column }
	if !slices.IsSortedFunc(cells, byColumn) {
		slices.SortStableFunc(cells, byColumn)
	}
	kept := cells[:0]
	for i := range cells {
		c := cells[i]
		if c.to > c.from {
			c.Text = r.arena[c.from:c.to]
		}
		if n := len(kept); n > 0 && kept[n-1].Column == c.Column {
			kept[n-1] = c
		} else {
			kept = append(kept, c)
		}
	}
	r.row.Cells = kept
	return &r.row
}
