package datasets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// What a row of a CSV file may be at most. They bound the memory that reading
// takes; no table that people made comes near.
const (
	maxCell    = 16 << 20 // bytes
	maxRecord  = 64 << 20 // bytes
	maxColumns = 16384    // as many as a sheet of Excel has
)

// openCSV returns the one table of a text with separated cells.
func openCSV(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	file := &csvFile{f: f, size: size, name: name}
	if err := file.recognise(ctx, opt); err != nil {
		return nil, err
	}
	sheet := &Sheet{file: name, size: size, Encoding: file.charset.name, records: file.records}
	file.sheet = sheet
	if file.delimiter != 0 {
		sheet.Delimiter = string(rune(file.delimiter))
	}
	if err := sheet.findHeader(ctx, opt.HeaderRow); err != nil {
		return nil, err
	}
	if err := sheet.anyRow(ctx); err != nil {
		return nil, err
	}
	return []*Sheet{sheet}, nil
}

// A csvFile is a file of text with separated cells, and how to read it.
type csvFile struct {
	f         io.ReaderAt
	size      int64
	name      string
	charset   charset
	delimiter byte // 0 for a file of one column
	dirty     bool // some characters are NUL or broken
	sheet     *Sheet
}

// recognise finds the encoding from the whole file and the delimiter from its
// first records, where opt does not name them.
func (c *csvFile) recognise(ctx context.Context, opt Options) error {
	scan, err := scanText(ctx, io.NewSectionReader(c.f, 0, c.size))
	if err != nil {
		return fmt.Errorf("datasets: read %s: %w", c.name, err)
	}
	c.charset = scan.detect()
	c.dirty = scan.nuls+scan.invalid > 0
	if opt.Encoding != "" {
		named, ok := charsetNamed(opt.Encoding)
		if !ok {
			return fileError(c.name, 0, "encoding", opt.Encoding)
		}
		c.charset = named
	}
	if opt.Delimiter != "" {
		if len(opt.Delimiter) != 1 || bytes.IndexByte([]byte("\"\r\n"), opt.Delimiter[0]) >= 0 {
			return fileError(c.name, 0, "csv.delimiter", opt.Delimiter)
		}
		c.delimiter = opt.Delimiter[0]
		return nil
	}
	c.delimiter, err = c.findDelimiter()
	return err
}

// text returns the file's text in UTF-8, without a byte order mark.
func (c *csvFile) text() io.Reader {
	return &markSkipper{r: c.charset.reader(io.NewSectionReader(c.f, 0, c.size))}
}

// A markSkipper reads r without the byte order mark at its start.
type markSkipper struct {
	r       io.Reader
	started bool
}

func (m *markSkipper) Read(p []byte) (int, error) {
	if m.started || len(p) < 3 {
		return m.r.Read(p)
	}
	m.started = true
	n, err := io.ReadAtLeast(m.r, p, 3)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	if bytes.HasPrefix(p[:n], []byte("\xEF\xBB\xBF")) {
		n = copy(p, p[3:n])
	}
	return n, err
}

// records yields the records of the file, blank lines among them.
func (c *csvFile) records(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		p := newCSVParser(c.text(), c.delimiter, 256<<10)
		p.name, p.dirty = c.name, c.dirty
		if c.sheet != nil {
			p.fault = c.sheet.fault
		}
		for n := 0; ; n++ {
			if n&1023 == 0 && ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			rec, err := p.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if p.row == 1 && separatorLine(rec) {
				continue
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// separatorLine reports whether a record is the line with which Excel is told
// the delimiter: sep=; (which the delimiter itself cuts).
func separatorLine(rec *Record) bool {
	t := rec.Cells[0].Text
	return len(rec.Cells) <= 2 && len(t) <= 5 && bytes.HasPrefix(bytes.ToLower(t), []byte("sep="))
}

// A csvParser cuts a text in UTF-8 into records. It differs from encoding/csv
// in what real files hold: bare CR as a line end, quotes in the middle of a
// cell, quotes that never close, NULs, records of any width.
type csvParser struct {
	r     io.Reader
	err   error // of r
	buf   []byte
	start int // of the record at hand, in buf
	end   int // of what is read
	delim byte
	stop  [256]bool // the bytes that end an unquoted cell

	row   int64
	spans []span
	plain []byte // the text of quoted cells, unquoted
	rec   Record

	name  string // of the file
	dirty bool   // the text has NULs or broken characters
	fault func(Fault)
}

// A span is where a cell's text stands: in buf from the record's start, or in plain.
type span struct {
	from, to int
	plain    bool
}

func newCSVParser(r io.Reader, delim byte, size int) *csvParser {
	p := &csvParser{r: r, delim: delim, buf: make([]byte, size), fault: func(Fault) {}}
	p.stop['\n'], p.stop['\r'] = true, true
	if delim != 0 {
		p.stop[delim] = true
	}
	return p
}

// next returns the next record, valid until the one after; io.EOF at the end;
// a *FileError for a record that is too large.
func (p *csvParser) next() (*Record, error) {
	p.row++
	quotes := true
	for {
		n, done, err := p.parse(quotes)
		switch {
		case errors.Is(err, errOpenQuote):
			quotes = false
			continue
		case err != nil:
			return nil, err
		case done && n == 0:
			p.row--
			return nil, io.EOF
		case done:
			if !quotes {
				p.fault(faultAt(p.row, "", "csv.quote"))
			}
			p.cells()
			p.start += n
			return &p.rec, nil
		}
		if err := p.fill(); err != nil {
			return nil, err
		}
	}
}

// fill reads more of the text behind what is there.
func (p *csvParser) fill() error {
	if p.start > 0 {
		p.end = copy(p.buf, p.buf[p.start:p.end])
		p.start = 0
	}
	if p.end == len(p.buf) {
		grown := make([]byte, min(2*len(p.buf), maxRecord+1))
		copy(grown, p.buf)
		p.buf = grown
	}
	for p.err == nil {
		n, err := p.r.Read(p.buf[p.end:])
		p.end += n
		p.err = err
		if n > 0 {
			return nil
		}
	}
	if !errors.Is(p.err, io.EOF) {
		return fmt.Errorf("datasets: read %s: %w", p.name, p.err)
	}
	return nil
}

// parse cuts the record at start. It returns how long the record is with its
// line end, and whether it is whole; if not, more text is needed. With quotes
// off a quotation mark is a character like others.
func (p *csvParser) parse(quotes bool) (n int, done bool, err error) {
	b := p.buf[p.start:p.end]
	eof := p.err != nil
	p.spans, p.plain = p.spans[:0], p.plain[:0]
	i := 0
	for {
		var cell span
		var ok bool
		if q := quoteAt(b, i); quotes && q >= 0 {
			cell, i, ok = p.quoted(b, q, eof)
			if !ok && (eof || len(b) >= maxRecord) {
				return 0, false, errOpenQuote
			}
		} else {
			from := i
			for i < len(b) && !p.stop[b[i]] {
				i++
			}
			cell, ok = span{from: from, to: i}, i < len(b) || eof
		}
		if err := p.check(cell, len(b), ok); err != nil || !ok {
			return 0, false, err
		}
		p.spans = append(p.spans, cell)
		switch {
		case i >= len(b): // only at the end of the text
			return i, true, nil
		case b[i] == '\n':
			return i + 1, true, nil
		case b[i] == '\r':
			if i+1 == len(b) && !eof {
				return 0, false, nil // an LF may follow
			}
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			return i + 1, true, nil
		}
		i++
	}
}

// errOpenQuote is the error of parse for a quotation mark that does not close.
var errOpenQuote = errors.New("a quotation mark does not close")

// check refuses a cell or record that is too large, whole or not yet; n is how
// much of the record is there.
func (p *csvParser) check(cell span, n int, whole bool) error {
	switch {
	case cell.to-cell.from > maxCell:
		return fileError(p.name, p.row, "csv.cell", len(p.spans)+1)
	case !whole && n >= maxRecord:
		return fileError(p.name, p.row, "csv.row")
	case len(p.spans) >= maxColumns:
		return fileError(p.name, p.row, "csv.cells", maxColumns)
	}
	return nil
}

// quoteAt returns where the quotation mark stands that opens the cell at i,
// or -1. Blanks may stand before it.
func quoteAt(b []byte, i int) int {
	for i < len(b) && b[i] == ' ' {
		i++
	}
	if i < len(b) && b[i] == '"' {
		return i
	}
	return -1
}

// quoted reads the cell whose quotation mark stands at i, and returns where
// the delimiter or line end behind it stands. What follows the closing mark
// belongs to the cell.
func (p *csvParser) quoted(b []byte, i int, eof bool) (cell span, next int, ok bool) {
	i++
	from := len(p.plain)
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return span{}, i, false
		}
		end := i + n
		switch {
		case end+1 < len(b) && b[end+1] == '"': // a doubled mark is one
			p.plain = append(p.plain, b[i:end+1]...)
			i = end + 2
		case end+1 == len(b) && !eof:
			return span{}, i, false
		case from == len(p.plain) && (end+1 == len(b) || p.stop[b[end+1]]): // nothing was doubled
			return span{from: i, to: end}, end + 1, true
		default:
			p.plain = append(p.plain, b[i:end]...)
			i = end + 1
			for i < len(b) && !p.stop[b[i]] {
				i++
			}
			if i == len(b) && !eof {
				return span{}, i, false
			}
			if rest := b[end+1 : i]; len(bytes.Trim(rest, " ")) > 0 {
				p.plain = append(p.plain, rest...)
			}
			return span{from: from, to: len(p.plain), plain: true}, i, true
		}
	}
}

// cells makes the record of the spans.
func (p *csvParser) cells() {
	b := p.buf[p.start:p.end]
	if cap(p.rec.Cells) < len(p.spans) {
		p.rec.Cells = make([]Cell, len(p.spans)+8)
	}
	p.rec.Cells, p.rec.Row = p.rec.Cells[:len(p.spans)], p.row
	for i, s := range p.spans {
		text := b[s.from:s.to]
		if s.plain {
			text = p.plain[s.from:s.to]
		}
		if p.dirty {
			text = p.clean(text)
		}
		p.rec.Cells[i] = Cell{Text: text}
	}
}

// clean returns text without NUL characters, which no database keeps, and
// without broken characters.
func (p *csvParser) clean(text []byte) []byte {
	if bytes.IndexByte(text, 0) >= 0 {
		p.fault(faultAt(p.row, "", "cell.nul"))
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, replacement)
	}
	if bytes.Contains(text, replacement) {
		p.fault(faultAt(p.row, "", "cell.characters"))
	}
	return text
}

// replacement is what a broken character becomes.
var replacement = []byte("\uFFFD")
