package xls

import (
	"encoding/binary"
	"errors"
	"math"
)

var errRow = errors.New("one of its rows has more than any program writes")

// cells reads the cells of the record at hand.
func (r *rowReader) cells() error {
	if len(r.row.Cells) > maxCells || len(r.arena) > maxRowText {
		return errRow
	}
	r.asks = false
	d := r.s.data
	c := Cell{Column: u16(d[2:]), Style: u16(d[4:])}
	d = d[6:]
	switch r.s.id {
	case recMulRK:
		return r.manyRK()
	case recLabelSST:
		if len(d) < 4 {
			return errShort
		}
		c.Text = r.book.shared(u32(d))
		if len(c.Text) == 0 {
			return nil
		}
	case recLabel, recRichString:
		return r.label(c)
	case recNumber:
		if len(d) < 8 {
			return errShort
		}
		c.Kind, c.Number = Number, double(d)
	case recRK:
		if len(d) < 4 {
			return errShort
		}
		c.Kind, c.Number = Number, rk(u32(d))
	case recBoolErr:
		if len(d) < 2 {
			return errShort
		}
		c.setTruth(d[0], d[1] != 0)
	case recFormula, recFormula3, recFormula4:
		if len(d) < 8 {
			return errShort
		}
		if r.formula(&c, d); r.asks {
			return nil
		}
	}
	if c.Kind != Text || len(c.Text) > 0 {
		r.row.Cells = append(r.row.Cells, c)
	}
	return nil
}

// manyRK reads a record of several numbers side by side.
func (r *rowReader) manyRK() error {
	d := r.s.data
	column := u16(d[2:])
	for d = d[4:]; len(d) >= 8; d = d[6:] { // the last two bytes are the last column
		r.row.Cells = append(r.row.Cells, Cell{Column: column, Kind: Number, Number: rk(u32(d[2:])), Style: u16(d)})
		column++
	}
	return nil
}

// label reads a text that stands with its cell.
func (r *rowReader) label(c Cell) error {
	r.s.data = r.s.data[6:]
	return r.ownText(c)
}

// ownText reads the text at hand into the row's own memory, for cell c.
func (r *rowReader) ownText(c Cell) error {
	c.from = len(r.arena)
	if r.book.biff8 {
		var err error
		if r.arena, err = r.s.text(r.arena, 2); err != nil {
			return err
		}
	} else {
		d := r.s.data
		if len(d) < 2 {
			return errShort
		}
		n := min(u16(d), len(d)-2)
		r.arena = r.book.appendBytes(r.arena, d[2:2+n])
	}
	if c.to = len(r.arena); c.to > c.from {
		c.Kind = Text
		r.row.Cells = append(r.row.Cells, c)
	}
	return nil
}

// What the value of a formula is when it is no number.
const (
	textResult = iota
	truthResult
	errorResult
	emptyResult
)

// formula sets the value of a formula, which stands in d.
func (r *rowReader) formula(c *Cell, d []byte) {
	if u16(d[6:]) != 0xFFFF {
		c.Kind, c.Number = Number, double(d)
		return
	}
	switch d[0] {
	case textResult: // it follows in a record of its own
		r.asks, r.pending = true, *c
	case truthResult, errorResult:
		c.setTruth(d[2], d[0] == errorResult)
	}
}

func (c *Cell) setTruth(value byte, isError bool) {
	if isError {
		c.Kind, c.Text = Error, errorText(value)
		return
	}
	c.Kind, c.Number = Boolean, 0
	if value != 0 {
		c.Number = 1
	}
}

// errorText returns an error as the program shows it.
func errorText(code byte) []byte {
	switch code {
	case 0x00:
		return []byte("#NULL!")
	case 0x07:
		return []byte("#DIV/0!")
	case 0x17:
		return []byte("#REF!")
	case 0x1D:
		return []byte("#NAME?")
	case 0x24:
		return []byte("#NUM!")
	case 0x2A:
		return []byte("#N/A")
	}
	return []byte("#VALUE!")
}

func double(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// rk returns the number that four bytes stand for: the upper half of a float,
// or an integer of 30 bits, either of them in hundredths or not.
func rk(n uint32) float64 {
	f := math.Float64frombits(uint64(n&^3) << 32)
	if n&2 != 0 {
		f = float64(int32(n) >> 2)
	}
	if n&1 != 0 {
		f /= 100
	}
	return f
}
