package datasets

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// What a file may say of itself at most: elements in each other, and cells and
// bytes of text that come of telling that cells or rows repeat.
const (
	maxNesting       = 256
	maxRepeatedCells = 32 << 20
	maxRepeatedText  = 256 << 20
)

// An odsParser cuts the content of a spreadsheet into tables and rows.
type odsParser struct {
	name string // of the file
	x    *xmlScanner

	open        []byte // the names of the open elements, one after another
	ends        []int  // of each in open
	spreadsheet bool   // one has begun
	inTable     bool

	rec    Record
	row    int64 // of the rows so far, repeated ones counted
	again  int64 // how often the row at hand still comes
	arena  []byte
	spans  []cellSpan
	last   int // the last column of the row that has text, from 1
	merged []Merged

	typ   string // of the cell at hand
	value []byte // that it stores
	text  []byte // that it shows

	repeatedCells, repeatedText int64
}

func newODSParser(name string, r io.Reader) *odsParser {
	return &odsParser{name: name, x: newXMLScanner(r)}
}

var (
	errNesting = errors.New("elements stand in each other too deep")
	errEndTag  = errors.New("an end tag does not match its start")
)

// next returns the next tag or text, and keeps count of the open elements.
func (p *odsParser) next() (xmlToken, error) {
	token, err := p.x.next()
	switch {
	case errors.Is(err, io.EOF) && len(p.ends) > 0:
		return 0, io.ErrUnexpectedEOF
	case err != nil:
		return 0, err
	case token == xmlStart:
		if len(p.ends) == maxNesting {
			return 0, errNesting
		}
		p.open = append(p.open, p.x.name...)
		p.ends = append(p.ends, len(p.open))
	case token == xmlEnd:
		if len(p.ends) == 0 || string(p.element(0)) != string(p.x.name) {
			return 0, errEndTag
		}
		p.ends = p.ends[:len(p.ends)-1]
		p.open = p.open[:p.end(len(p.ends))]
	}
	return token, nil
}

// end returns where the n-th open element, from 1, ends in open.
func (p *odsParser) end(n int) int {
	if n == 0 {
		return 0
	}
	return p.ends[n-1]
}

// element returns the name of the innermost open element, or of the one that
// is up levels outside of it.
func (p *odsParser) element(up int) []byte {
	n := len(p.ends) - up
	if n < 1 {
		return nil
	}
	return p.open[p.end(n-1):p.end(n)]
}

// skip passes over the element that has just begun.
func (p *odsParser) skip() error {
	for depth := len(p.ends); len(p.ends) >= depth; {
		if _, err := p.next(); err != nil {
			return err
		}
	}
	return nil
}

// nextTable returns the name of the next table of the spreadsheet, or io.EOF.
// What is left of the one before is passed over.
func (p *odsParser) nextTable() (string, error) {
	for p.inTable {
		if _, err := p.nextRow(); err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
	}
	p.rec.Row, p.row = 0, 0
	for {
		token, err := p.next()
		switch {
		case err != nil:
			return "", err
		case token != xmlStart:
		case p.x.is("spreadsheet"):
			p.spreadsheet = true
		case p.x.is("table") && string(p.element(1)) == "spreadsheet":
			p.inTable, p.again = true, 0
			return p.x.attr("name"), nil
		case string(p.element(1)) == "spreadsheet":
			if err := p.skip(); err != nil {
				return "", err
			}
		}
	}
}

// nextRow returns the next row of the table that has text, or io.EOF behind
// the last.
func (p *odsParser) nextRow() (*Record, error) {
	if p.again > 0 {
		p.again--
		p.rec.Row++
		return p.record(), nil
	}
	for {
		token, err := p.next()
		switch {
		case err != nil:
			return nil, err
		case token == xmlEnd && p.x.is("table"):
			p.inTable = false
			return nil, io.EOF
		case token != xmlStart:
			continue
		}
		switch string(p.x.name) {
		case "table-header-rows", "table-row-group", "table-rows":
			continue
		case "table-row":
		default:
			if err := p.skip(); err != nil {
				return nil, err
			}
			continue
		}
		times := repeated(p.x.rawAttr("number-rows-repeated"))
		p.rec.Row = p.row + 1
		p.row += times
		if err := p.cells(); err != nil {
			return nil, err
		}
		if p.last == 0 {
			continue
		}
		if p.row > maxSheetRows {
			return nil, fileError(p.name, 0, "sheet.rows", maxSheetRows)
		}
		// All at once, before the first of them is read; and the empty cells
		// too, since each costs as much as one with text.
		if err := p.repeat((times-1)*int64(p.last), (times-1)*int64(len(p.arena))); err != nil {
			return nil, err
		}
		p.again = times - 1
		return p.record(), nil
	}
}

// repeated reads how often a cell or row comes; never more than can be.
func repeated(attr []byte) int64 {
	n, err := strconv.ParseInt(string(attr), 10, 64)
	if err != nil && len(attr) > 10 || n > 2*maxSheetRows {
		return 2 * maxSheetRows
	}
	return max(n, 1)
}

// repeat takes note of cells and text that the file does not hold but tells to
// repeat.
func (p *odsParser) repeat(cells, text int64) error {
	p.repeatedCells += cells
	p.repeatedText += text
	if p.repeatedCells > maxRepeatedCells || p.repeatedText > maxRepeatedText {
		return fileError(p.name, p.rec.Row, "ods.repeats", maxRepeatedCells)
	}
	return nil
}

// cells reads the cells up to the end of the row.
func (p *odsParser) cells() error {
	p.arena, p.spans, p.merged, p.last = p.arena[:0], p.spans[:0], p.merged[:0], 0
	column := int64(0)
	for {
		token, err := p.next()
		switch {
		case err != nil:
			return err
		case token == xmlEnd:
			return nil
		case token != xmlStart:
			continue
		}
		covered := p.x.is("covered-table-cell")
		if !covered && !p.x.is("table-cell") {
			if err := p.skip(); err != nil {
				return err
			}
			continue
		}
		times := repeated(p.x.rawAttr("number-columns-repeated"))
		if covered {
			err = p.skip()
		} else {
			err = p.cell(column, times)
		}
		if err != nil {
			return err
		}
		column += times
	}
}

// cell reads a cell that comes so many times from a column on, counted from 0.
func (p *odsParser) cell(column, times int64) error {
	columns := repeated(p.x.rawAttr("number-columns-spanned"))
	rows := repeated(p.x.rawAttr("number-rows-spanned"))
	if err := p.content(); err != nil {
		return err
	}
	from := len(p.arena)
	kind := p.keep()
	size := len(p.arena) - from
	if size == 0 {
		return nil
	}
	if text := p.arena[from:]; !utf8.Valid(text) {
		p.arena = append(p.arena[:from], bytes.ToValidUTF8(text, replacement)...)
	}
	if column+times > maxSheetColumns {
		return fileError(p.name, p.rec.Row, "sheet.cells", maxSheetColumns)
	}
	if len(p.arena) > maxRecord {
		return fileError(p.name, p.rec.Row, "row.large")
	}
	if columns > 1 || rows > 1 {
		p.merged = append(p.merged, Merged{int(column), int(min(columns, maxSheetColumns)), min(rows, maxSheetRows)})
	}
	for i := range times {
		p.spans = append(p.spans, cellSpan{int(column+i) + 1, from, len(p.arena), kind})
	}
	p.last = int(column + times)
	return p.repeat(times-1, (times-1)*int64(size))
}

// record makes the record of the row's cells.
func (p *odsParser) record() *Record {
	p.rec.set(p.arena, p.spans, p.last)
	p.rec.Merged = p.merged
	return &p.rec
}
