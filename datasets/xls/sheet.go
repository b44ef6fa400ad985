package xls

import (
	"cmp"
	"context"
	"errors"
	"slices"
)

// A Row is the cells of a row that hold something, by column. It is valid
// until the next one is asked for.
type Row struct {
	Number int // from 0
	Cells  []Cell
}

// A Cell is the value of a cell, and the style by which it is shown.
type Cell struct {
	Column int // from 0
	Kind   Kind
	Text   []byte  // of Text and Error, in UTF-8
	Number float64 // of Number and Boolean, which is 0 or 1
	Style  int     // in Book.Styles

	from, to int // of Text in the row's own memory
}

// A Kind is what a cell holds.
type Kind uint8

// Kinds of cells. The value of a formula is the one that the program found
// that saved the file.
const (
	Text Kind = iota
	Number
	Boolean
	Error // such as #DIV/0!
)

// A place is where a record with cells of a row stands in the stream.
type place struct {
	row uint16
	at  uint32
}

var errPlaces = errors.New("its cells are stored in no order, and are too many to be sorted")

// survey reads a sheet once: whether its rows stand in order, and which ranges
// are merged, which stands behind them.
func (k *Book) survey(ctx context.Context, sheet *Sheet) error {
	last, ordered := -1, true
	err := k.eachRecord(ctx, sheet, func(s *scanner) error {
		switch {
		case s.id == recFilePass:
			return ErrLocked
		case s.id == recCodePage && k.charset == nil && len(s.data) >= 2:
			k.charset = codePages[u16(s.data)]
		case s.id == recMerged:
			return sheet.merge(s.data)
		case isCell(s.id) && len(s.data) >= 2:
			row := u16(s.data)
			ordered = ordered && row >= last
			last = row
		}
		return nil
	})
	if err != nil || ordered {
		return err
	}
	err = k.eachRecord(ctx, sheet, func(s *scanner) error {
		if isCell(s.id) && len(s.data) >= 2 {
			if len(sheet.places) == k.limit.places {
				return errPlaces
			}
			sheet.places = append(sheet.places, place{uint16(u16(s.data)), uint32(s.at)})
		}
		return nil
	})
	slices.SortStableFunc(sheet.places, func(a, b place) int { return cmp.Compare(a.row, b.row) })
	return err
}

// eachRecord calls visit for the records of a sheet, but not for those of
// charts that stand within it.
func (k *Book) eachRecord(ctx context.Context, sheet *Sheet, visit func(*scanner) error) error {
	s, err := k.enter(sheet)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.nextOwn(); err != nil || s.id == recEOF {
			return err
		}
		if err := visit(s); err != nil {
			return err
		}
	}
}

// enter returns a scanner behind the first record of a sheet.
func (k *Book) enter(sheet *Sheet) (*scanner, error) {
	if sheet.at >= sheet.end {
		return nil, errCut
	}
	s := newScanner(k.stream, sheet.at, sheet.end, bufferSize)
	_, err := k.begin(s)
	return s, err
}

// nextOwn reads the next record that is not of a part within the part.
func (s *scanner) nextOwn() error {
	for depth := 0; ; {
		if err := s.read(); err != nil {
			return err
		}
		switch {
		case s.id == recBOF:
			depth++
		case depth == 0:
			return nil
		case s.id == recEOF:
			depth--
		}
	}
}

// merge takes note of merged ranges.
func (sheet *Sheet) merge(data []byte) error {
	if len(data) < 2 {
		return errShort
	}
	for b, n := data[2:], u16(data); len(b) >= 8 && n > 0; b, n = b[8:], n-1 {
		r := Range{FirstRow: u16(b), LastRow: u16(b[2:]), FirstColumn: u16(b[4:]), LastColumn: u16(b[6:])}
		if r.FirstRow > r.LastRow || r.FirstColumn > r.LastColumn {
			continue
		}
		if len(sheet.Merged) < maxMerged {
			sheet.Merged = append(sheet.Merged, r)
		}
	}
	return nil
}

func isCell(id uint16) bool {
	switch id {
	case recFormula, recFormula3, recFormula4, recMulRK, recRichString, recLabelSST, recNumber, recLabel, recBoolErr, recRK:
		return true
	}
	return false
}
