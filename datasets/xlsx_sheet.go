package datasets

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"unicode/utf8"
)

// sharedStrings are the texts that cells refer to by number.
type sharedStrings struct {
	text []byte
	ends []int
}

func (s *sharedStrings) at(i int) []byte {
	if i < 0 || i >= len(s.ends) {
		return nil
	}
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.text[from:s.ends[i]]
}

// readStrings reads the shared strings. Runs of rich text are put together;
// readings of East Asian words are left out.
func (w *workbook) readStrings(part string) error {
	inText, phonetic := false, 0
	start := 0
	s := &w.strings
	return w.each(part, maxStrings, func(x *xmlScanner, t xmlToken) error {
		switch {
		case t == xmlText:
			if inText && phonetic == 0 {
				s.text = x.appendText(s.text)
			}
		case x.is("rPh"):
			phonetic += nesting(t)
		case x.is("t"):
			inText = t == xmlStart
		case x.is("si") && t == xmlEnd:
			s.text = append(s.text[:start], decodeX(s.text[start:])...)
			start = len(s.text)
			s.ends = append(s.ends, start)
		}
		return nil
	})
}

func nesting(t xmlToken) int {
	if t == xmlStart {
		return 1
	}
	return -1
}

// decodeX replaces the escapes _x000D_ by which workbooks keep characters that
// XML has not.
func decodeX(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	var out []byte
	for len(b) > 0 {
		if len(b) >= 7 && b[0] == '_' && b[1] == 'x' && b[6] == '_' {
			if n, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil && n > 0 && utf8.ValidRune(rune(n)) {
				out, b = utf8.AppendRune(out, rune(n)), b[7:]
				continue
			}
		}
		out, b = append(out, b[0]), b[1:]
	}
	return out
}

// records yields the rows of the sheet in part. Rows that only have styles are
// not among them.
func (w *workbook) records(s *Sheet, part *zip.File, merged map[int64][]Merged) func(context.Context) iter.Seq2[*Record, error] {
	return func(ctx context.Context) iter.Seq2[*Record, error] {
		return func(yield func(*Record, error) bool) {
			r, err := w.open(part, maxUnpacked)
			if err != nil {
				yield(nil, err)
				return
			}
			defer func() { _ = r.Close() }() // only read
			p := &sheetParser{book: w, x: newXMLScanner(r), merged: merged}
			for n := 0; ; n++ {
				if n&255 == 0 && ctx.Err() != nil {
					yield(nil, ctx.Err())
					return
				}
				rec, err := p.next()
				if errors.Is(err, io.EOF) {
					return
				}
				if err != nil {
					err = w.broken("sheet "+strconv.Quote(s.Name), err)
				}
				if !yield(rec, err) || err != nil {
					return
				}
			}
		}
	}
}

// A sheetParser cuts the XML of a sheet into rows.
type sheetParser struct {
	book *workbook
	x    *xmlScanner
	rec  Record

	merged map[int64][]Merged // ranges by their first row

	arena []byte // the texts of the row
	value []byte // of the cell at hand, unescaped
	spans []cellSpan
	last  int  // the last column of the row that has text, from 1
	open  bool // the rows have begun and not ended
}

// A cellSpan is where in the arena the text of a column stands.
type cellSpan struct {
	column, from, to int
	kind             CellKind
}

// set makes the cells of the record of the spans, of which last is the last
// column, from 1.
func (r *Record) set(arena []byte, spans []cellSpan, last int) {
	r.empty(last)
	for _, s := range spans {
		r.Cells[s.column-1] = Cell{arena[s.from:s.to], s.kind}
	}
}

// empty gives the record so many cells without text.
func (r *Record) empty(width int) {
	if cap(r.Cells) < width {
		r.Cells = make([]Cell, width+8)
	}
	r.Cells = r.Cells[:width]
	clear(r.Cells)
}

// next returns the next row that has text, or io.EOF behind the last.
func (p *sheetParser) next() (*Record, error) {
	for {
		token, err := p.x.next()
		switch {
		case err != nil:
			return nil, p.cutOff(err)
		case token == xmlEnd && p.x.is("sheetData"):
			return nil, io.EOF
		case p.x.is("sheetData"):
			p.open = true
			continue
		case token != xmlStart || !p.x.is("row"):
			continue
		}
		p.rec.Row++
		if r, err := strconv.ParseInt(string(p.x.rawAttr("r")), 10, 64); err == nil && r > 0 {
			p.rec.Row = r
		}
		if p.rec.Row > maxSheetRows {
			return nil, fileError(p.book.name, 0, "sheet.rows", maxSheetRows)
		}
		if err := p.row(); err != nil {
			return nil, p.cutOff(err)
		}
		if p.last > 0 {
			return p.record(), nil
		}
	}
}

// cutOff makes of the end of the text among the rows the error that it is.
func (p *sheetParser) cutOff(err error) error {
	if p.open && errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// row reads the cells up to the end of the row.
func (p *sheetParser) row() error {
	p.arena, p.spans, p.last = p.arena[:0], p.spans[:0], 0
	column := 0
	for {
		token, err := p.x.next()
		switch {
		case err != nil:
			return err
		case token == xmlEnd && p.x.is("row"):
			return nil
		case token != xmlStart || !p.x.is("c"):
			continue
		}
		column++
		if at := columnOf(p.x.rawAttr("r")); at > 0 {
			column = at
		}
		if column > maxSheetColumns {
			return fileError(p.book.name, p.rec.Row, "sheet.cells", maxSheetColumns)
		}
		if err := p.cell(column); err != nil {
			return err
		}
	}
}

// columnOf returns the column of a reference such as AB12, from 1; 0 if it is
// none.
func columnOf(ref []byte) int {
	n := 0
	for _, c := range ref {
		if c |= 0x20; c < 'a' || c > 'z' {
			break
		}
		if n = n*26 + int(c-'a') + 1; n > 1<<20 {
			return n
		}
	}
	return n
}

// cell reads one cell and keeps its text, if it has any.
func (p *sheetParser) cell(column int) error {
	typ := cellType(p.x.rawAttr("t"))
	style, err := strconv.Atoi(string(p.x.rawAttr("s")))
	if err != nil {
		style = -1
	}
	p.value = p.value[:0]
	inText, phonetic := false, 0
	for {
		token, err := p.x.next()
		if err != nil {
			return err
		}
		switch {
		case token == xmlText:
			if inText && phonetic == 0 {
				p.value = p.x.appendText(p.value)
			}
		case p.x.is("rPh"):
			phonetic += nesting(token)
		case p.x.is("v") || p.x.is("t"):
			inText = token == xmlStart
		case token == xmlEnd && p.x.is("c"):
			p.keep(column, typ, style)
			return nil
		}
	}
}

// The types of cells in a sheet.
type cellTypes uint8

const (
	numberCell cellTypes = iota
	sharedCell
	textCell
	booleanCell
	dateCell
)

func cellType(t []byte) cellTypes {
	switch string(t) {
	case "s":
		return sharedCell
	case "str", "inlineStr", "e":
		return textCell
	case "b":
		return booleanCell
	case "d":
		return dateCell
	}
	return numberCell
}

// keep appends the text of the cell to the row.
func (p *sheetParser) keep(column int, typ cellTypes, style int) {
	from := len(p.arena)
	kind := CellText
	switch typ {
	case sharedCell:
		if i, err := strconv.Atoi(string(bytes.TrimSpace(p.value))); err == nil {
			p.arena = append(p.arena, p.book.strings.at(i)...)
		}
	case textCell:
		p.arena = append(p.arena, decodeX(p.value)...)
	case booleanCell:
		kind = CellBoolean
		p.arena = strconv.AppendBool(p.arena, string(bytes.TrimSpace(p.value)) == "1" || string(p.value) == "true")
	case dateCell:
		kind = CellDate
		p.arena = append(p.arena, bytes.TrimSuffix(bytes.TrimSpace(p.value), []byte("T00:00:00"))...)
	default:
		kind = p.number(style)
	}
	if len(p.arena) == from || typ == booleanCell && len(p.value) == 0 {
		p.arena = p.arena[:from]
		return
	}
	if text := p.arena[from:]; !utf8.Valid(text) {
		p.arena = append(p.arena[:from], bytes.ToValidUTF8(text, replacement)...)
	}
	p.spans = append(p.spans, cellSpan{column, from, len(p.arena), kind})
	p.last = max(p.last, column)
}

// number appends a number, or the date that it is by its style. Fifteen digits
// and fewer stay as they are stored; others are printed as short as reads back
// the same.
func (p *sheetParser) number(style int) CellKind {
	text := bytes.TrimSpace(p.value)
	if len(text) == 0 {
		return CellNumber
	}
	var date dateKind
	if style >= 0 && style < len(p.book.dates) {
		date = p.book.dates[style]
	}
	if date == plainNumber && len(text) <= 15 && allDigits(text) && (len(text) == 1 || text[0] != '0') {
		p.arena = append(p.arena, text...)
		return CellNumber
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || f != f || f-f != 0 {
		p.arena = append(p.arena, text...)
		return CellText
	}
	kind := CellNumber
	if date == plainNumber {
		p.arena = AppendFloat(p.arena, f)
	} else {
		p.arena, kind = appendSerial(p.arena, f, date, p.book.date1904)
	}
	return kind
}

// record makes the record of the row's cells.
func (p *sheetParser) record() *Record {
	p.rec.set(p.arena, p.spans, p.last)
	p.rec.Merged = p.merged[p.rec.Row]
	return &p.rec
}
