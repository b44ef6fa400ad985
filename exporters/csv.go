package exporters

import (
	"context"
	"encoding/binary"
	"io"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// blockSize is how many bytes the text formats gather before they write.
const blockSize = 256 << 10

// writeCSV writes CSV after RFC 4180 in UTF-8: commas, lines that end with
// CRLF, quotes where a cell needs them. A null is an empty cell, an empty text
// is "". The header is that of Header; with Raw the labels just as they are.
//
// A spreadsheet program takes a text that begins with = + - @ TAB CR or NUL for
// a formula and runs it, some also one with their wide forms ＝ ＋ － ＠. Such a text gets an apostrophe before it, in the
// header too, unless Options.Raw or Options.NoEscape is set. Plain numbers
// (+98211234567, -1.5e3, -12%) and texts of nothing but + and - are no danger
// and stay as they are, and so does every cell that is not of type Text.
func writeCSV(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	c := csvText{schema: t.Schema, raw: o.Raw, escape: !o.Raw && !o.NoEscape, single: len(t.Schema) == 1}
	var head []byte
	if o.BOM {
		head = append(head, "\ufeff"...)
	}
	for i, h := range Header(t.Schema) {
		if i > 0 {
			head = append(head, ',')
		}
		if o.Raw {
			h = t.Schema[i].Label
		}
		head = c.field(head, h)
	}
	if _, err := w.Write(append(head, '\r', '\n')); err != nil {
		return err
	}
	return writeRows(ctx, w, t, o, func() rowAppender {
		own := c
		own.src = make(sources, len(t.Schema))
		return &own
	})
}

// csvText is a rowAppender.
type csvText struct {
	schema datasets.Schema
	src    sources
	raw    bool
	escape bool
	single bool // one column: an empty line would be no row
}

func (c *csvText) begin() { clear(c.src) }

func (c *csvText) appendRow(b []byte, batch *datasets.Batch, row int) []byte {
	start := len(b)
	for i := range batch.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.cell(b, &batch.Columns[i], i, row)
	}
	if c.single && len(b) == start {
		b = append(b, '"', '"')
	}
	return append(b, '\r', '\n')
}

func (c *csvText) cell(b []byte, v *datasets.Vector, column, row int) []byte {
	col := &c.schema[column]
	if c.raw && len(v.Source) > 0 {
		if s, ok := c.src.at(v, column, row); ok {
			return c.field(b, s)
		}
	}
	if col.Type != datasets.Text {
		return col.Append(b, v, row) // never needs quotes
	}
	if v.Null[row] {
		return b
	}
	return c.field(b, v.Text[row])
}

// field appends s as one field, escaped and quoted where it must be.
func (c *csvText) field(b []byte, s string) []byte {
	if s == "" {
		return append(b, '"', '"')
	}
	start := len(b)
	apostrophe := c.escape && formulaLike(s)
	if apostrophe {
		b = append(b, '\'')
	}
	b = append(b, s...)
	if !needsQuotes(b[start:]) {
		return b
	}
	b = append(b[:start], '"')
	if apostrophe {
		b = append(b, '\'')
	}
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// needsQuotes reports whether the field must stand in quotes: it holds a
// comma, a quote or a line break, or begins or ends with a blank that some
// readers drop.
func needsQuotes(p []byte) bool {
	if blank(p[0]) || blank(p[len(p)-1]) {
		return true
	}
	for len(p) >= 8 {
		x := binary.LittleEndian.Uint64(p)
		if hasByte(x, ',')|hasByte(x, '"')|hasByte(x, '\n')|hasByte(x, '\r') != 0 {
			return true
		}
		p = p[8:]
	}
	for _, ch := range p {
		if ch == ',' || ch == '"' || ch == '\n' || ch == '\r' {
			return true
		}
	}
	return false
}

func blank(ch byte) bool { return ch == ' ' || ch == '\t' }

// hasByte returns not 0 when one of the eight bytes of x is ch.
func hasByte(x uint64, ch byte) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	x ^= ones * uint64(ch)
	return (x - ones) &^ x & tops
}

// formulaLike reports whether a spreadsheet program might take s for a formula.
func formulaLike(s string) bool {
	switch s[0] {
	case '=', '@', '\t', '\r', 0:
		return true
	case '+', '-':
		return !plainNumber(s) && !onlySigns(s)
	case wideSign:
		return strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠")
	}
	return false
}

// wideSign is the first byte of the wide forms of signs.
const wideSign = 0xEF

func onlySigns(s string) bool {
	for i := range len(s) {
		if s[i] != '+' && s[i] != '-' {
			return false
		}
	}
	return true
}

// plainNumber reports whether s, which begins with a sign, is one number and
// nothing else: digits, points or commas between or before them, an exponent,
// a percent sign.
func plainNumber(s string) bool {
	i, digits := 1, 0
	for ; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			digits++
			continue
		}
		point := s[i] == '.' || s[i] == ','
		if !point || i+1 == len(s) || s[i+1] < '0' || s[i+1] > '9' {
			break
		}
	}
	if digits == 0 {
		return false
	}
	if rest := s[i:]; len(rest) > 1 && (rest[0] == 'e' || rest[0] == 'E') {
		i++
		if rest[1] == '+' || rest[1] == '-' {
			i++
		}
		for digits = 0; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			digits++
		}
		if digits == 0 {
			return false
		}
	}
	return i == len(s) || s[i:] == "%"
}
