package datasets

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// htmlRows cuts the table with which a text begins into rows. They are counted
// as the page has them, empty ones too.
type htmlRows struct {
	name string // of the file
	s    *htmlScanner

	begun, ended bool
	inner        int // tables that are open in the table
	inRow        bool
	inCell       bool

	rec    Record
	arena  []byte // the texts of the row
	spans  []cellSpan
	merged []Merged
	taken  []int64 // by column: the last row that a cell above covers

	free int      // the column behind the cells so far
	cell cellSpan // at hand; its column counts from 0
	gap  byte     // white space that is due before more text
}

// next returns the next row that has text; nil behind the last.
func (p *htmlRows) next() (*Record, error) {
	p.reset()
	for !p.ended {
		err := p.s.next()
		if errors.Is(err, io.EOF) { // tables that are cut off have no end
			p.ended = true
			if p.endRow() {
				return &p.rec, nil
			}
			break
		}
		if errors.Is(err, errToken) {
			err = p.fault("html.broken", err)
		}
		row := false
		if err == nil {
			row, err = p.token()
		}
		if err != nil {
			return nil, err
		}
		if row {
			return &p.rec, nil
		}
	}
	return nil, nil //nolint:nilnil // there are no more rows
}

func (p *htmlRows) reset() {
	p.arena, p.spans, p.merged, p.free = p.arena[:0], p.spans[:0], p.merged[:0], 0
}

func (p *htmlRows) fault(kind string, args ...any) error {
	return fileError(p.name, p.rec.Row+1, kind, args...)
}

// token takes a token; it reports whether a row with text has ended.
func (p *htmlRows) token() (row bool, err error) {
	start := p.s.token == html.StartTagToken || p.s.token == html.SelfClosingTagToken
	switch {
	case p.s.token == html.TextToken:
		if p.inCell {
			err = p.text(p.s.text)
		}
		return false, err
	case p.s.name == "table":
		return p.table(start), nil
	case p.inner > 0:
		p.space(p.s.name)
		return false, nil
	}
	switch p.s.name {
	case "tr":
		row = p.endRow()
		p.inRow = start
	case "thead", "tbody", "tfoot":
		row = p.endRow()
		clear(p.taken) // no cell goes on in another part
	case "td", "th":
		p.endCell()
		if start {
			err = p.startCell()
		}
	default:
		p.space(p.s.name)
	}
	return row, err
}

// table takes a tag of a table: this one, or one in a cell, of which the text
// belongs to the cell.
func (p *htmlRows) table(start bool) (row bool) {
	switch {
	case start && !p.begun:
		p.begun = true
	case start:
		p.inner++
	case p.inner > 0:
		p.inner--
	default:
		p.ended = true
		return p.endRow()
	}
	return false
}

// endRow ends the row at hand, and makes the record of it if it has text.
func (p *htmlRows) endRow() bool {
	p.endCell()
	if !p.inRow {
		return false
	}
	p.inRow = false
	p.rec.Row++
	if len(p.spans) == 0 {
		p.reset()
		return false
	}
	last := p.spans[len(p.spans)-1].column + 1
	p.rec.empty(last)
	p.rec.Merged = p.merged
	for _, s := range p.spans {
		p.rec.Cells[s.column] = Cell{Text: p.arena[s.from:s.to]}
	}
	return true
}

// startCell begins a cell in the next column that no cell above covers.
func (p *htmlRows) startCell() error {
	p.inRow, p.inCell, p.gap = true, true, 0
	row := p.rec.Row + 1
	for p.free < len(p.taken) && p.taken[p.free] >= row {
		p.free++
	}
	columns, rows := int(min(p.s.attrs.columns, maxColumns)), min(p.s.attrs.rows, maxSheetRows)
	p.cell = cellSpan{column: p.free, from: len(p.arena)}
	p.free += columns
	if p.free > maxColumns {
		return p.fault("html.cells", maxColumns)
	}
	if rows > 1 {
		for len(p.taken) < p.free {
			p.taken = append(p.taken, 0)
		}
		for c := p.cell.column; c < p.free; c++ {
			p.taken[c] = row + rows - 1
		}
	}
	if columns > 1 || rows > 1 {
		p.merged = append(p.merged, Merged{p.cell.column, columns, rows})
	}
	return nil
}

// endCell keeps the text of the cell at hand, if it has any.
func (p *htmlRows) endCell() {
	if !p.inCell {
		return
	}
	p.inCell = false
	text := trim(p.arena[p.cell.from:])
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		text = bytes.ReplaceAll(bytes.ToValidUTF8(text, replacement), []byte{0}, nil)
	}
	p.arena = append(p.arena[:p.cell.from], text...)
	if len(text) > 0 {
		p.cell.to = len(p.arena)
		p.spans = append(p.spans, p.cell)
	}
}

// text appends text to the cell with each run of white space as one space.
func (p *htmlRows) text(text []byte) error {
	for _, c := range text {
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			if p.gap == 0 { // a line end that is due is more
				p.gap = ' '
			}
			continue
		}
		if p.gap != 0 && len(p.arena) > p.cell.from {
			p.arena = append(p.arena, p.gap)
		}
		p.gap = 0
		p.arena = append(p.arena, c)
	}
	switch {
	case len(p.arena)-p.cell.from > maxCell:
		return p.fault("html.cell")
	case len(p.arena) > maxRecord:
		return p.fault("row.large")
	}
	return nil
}

// space takes note of a tag in a cell that parts its text.
func (p *htmlRows) space(name string) {
	switch name {
	case "br", "p", "div", "li", "ul", "ol", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "hr":
		p.gap = '\n'
	case "td", "th":
		if p.gap == 0 {
			p.gap = ' '
		}
	}
}
