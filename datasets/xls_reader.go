package datasets

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"strconv"

	"golang.org/x/text/encoding"

	"github.com/openshafaf/shafaf/datasets/xls"
)

// maxSheetText bounds, for one reading of a sheet of an old workbook, the text
// of its cells: each may name a long text that the file has once.
const maxSheetText = 2 << 30

// openXLS returns the sheets of an old workbook that have rows, as openXLSX
// does of a new one.
func openXLS(ctx context.Context, f io.ReaderAt, size int64, name string, opt Options) ([]*Sheet, error) {
	var set encoding.Encoding
	if opt.Encoding != "" {
		named, ok := charsetNamed(opt.Encoding)
		if !ok {
			return nil, fileError(name, 0, "encoding", opt.Encoding)
		}
		set = named.enc
	}
	book, err := xls.Open(ctx, f, size, set)
	if err != nil {
		return nil, xlsFault(ctx, name, err)
	}
	file := xlsBook{name: name, book: book, dates: make([]dateKind, len(book.Styles))}
	for i, style := range book.Styles {
		if style.Code != "" {
			file.dates[i] = formatKind(style.Code)
		} else {
			file.dates[i] = builtIn(style.ID)
		}
	}
	var sheets []*Sheet
	for i := range book.Sheets {
		s := &Sheet{Name: book.Sheets[i].Name, file: name, sparse: true, records: file.records(i)}
		if err := s.findHeader(ctx, opt.HeaderRow); err != nil {
			return nil, err
		}
		if s.width > 0 {
			sheets = append(sheets, s)
		}
	}
	if len(sheets) == 0 {
		return nil, fileError(name, 0, "book.norows")
	}
	return sheets, nil
}

// xlsFault says what is wrong with an old workbook, and what to do.
func xlsFault(ctx context.Context, name string, err error) error {
	var version *xls.VersionError
	var fault *FileError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &fault):
		return err
	case errors.Is(err, xls.ErrLocked):
		return fileError(name, 0, "xls.locked")
	case errors.As(err, &version):
		return fileError(name, 0, "xls.version", version.Version)
	}
	return fileError(name, 0, "xls.broken", err)
}

// An xlsBook is an old workbook, and what its styles make of numbers.
type xlsBook struct {
	name  string
	book  *xls.Book
	dates []dateKind
}

// records yields the rows of sheet i.
func (b *xlsBook) records(i int) func(context.Context) iter.Seq2[*Record, error] {
	merged := map[int][]Merged{}
	for _, m := range b.book.Sheets[i].Merged {
		merged[m.FirstRow] = append(merged[m.FirstRow], Merged{
			Column: m.FirstColumn, Columns: m.LastColumn - m.FirstColumn + 1, Rows: int64(m.LastRow - m.FirstRow + 1),
		})
	}
	return func(ctx context.Context) iter.Seq2[*Record, error] {
		return func(yield func(*Record, error) bool) {
			p := xlsParser{xlsBook: b}
			for row, err := range b.book.Rows(ctx, i) {
				if err == nil {
					p.rec.Merged = merged[row.Number]
					err = p.row(row)
				}
				if err != nil {
					yield(nil, xlsFault(ctx, b.name, err))
					return
				}
				if !yield(&p.rec, nil) {
					return
				}
			}
		}
	}
}

// An xlsParser makes records of rows.
type xlsParser struct {
	*xlsBook
	rec   Record
	arena []byte // the texts of numbers
	total int64  // bytes of text so far
}

func (p *xlsParser) row(row *xls.Row) error {
	p.rec.Row = int64(row.Number) + 1
	width := row.Cells[len(row.Cells)-1].Column + 1
	if width > maxSheetColumns {
		return fileError(p.name, p.rec.Row, "sheet.cells", maxSheetColumns)
	}
	p.rec.empty(width)
	if need := len(row.Cells) * maxNumberText; cap(p.arena) < need {
		p.arena = make([]byte, 0, need)
	}
	p.arena = p.arena[:0]
	size := int64(0)
	for i := range row.Cells {
		c := &row.Cells[i]
		cell := p.cell(c)
		p.rec.Cells[c.Column] = cell
		size += int64(len(cell.Text))
	}
	if p.total += size; size > maxRecord || p.total > maxSheetText {
		return fileError(p.name, p.rec.Row, "xls.text")
	}
	return nil
}

// maxNumberText is the longest text of a number or date: that of a float.
const maxNumberText = 32

// cell returns the text of a cell, and what it is.
func (p *xlsParser) cell(c *xls.Cell) Cell {
	from := len(p.arena)
	kind := CellBoolean
	switch c.Kind {
	case xls.Boolean:
		p.arena = strconv.AppendBool(p.arena, c.Number != 0)
	case xls.Number:
		kind = p.number(c)
	default:
		return Cell{c.Text, CellText}
	}
	return Cell{p.arena[from:len(p.arena):len(p.arena)], kind}
}

// number appends a number, or the date that it is by its style.
func (p *xlsParser) number(c *xls.Cell) CellKind {
	if math.IsNaN(c.Number) || math.IsInf(c.Number, 0) {
		p.arena = append(p.arena, "#NUM!"...)
		return CellText
	}
	f := c.Number
	if f == 0 {
		f = 0 // not below it
	}
	if c.Style >= len(p.dates) || p.dates[c.Style] == plainNumber {
		p.arena = AppendFloat(p.arena, f)
		return CellNumber
	}
	var kind CellKind
	p.arena, kind = appendSerial(p.arena, f, p.dates[c.Style], p.book.Date1904)
	return kind
}
