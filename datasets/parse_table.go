package datasets

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
)

// Table returns the sheet as a table with the given columns, which are those
// of Infer; a caller may have changed their types. A cell that is no value of
// its column's type is null and keeps its text as source, and so does a cell
// whose value prints otherwise than it is written.
//
// A scan that is stopped early reads no further: who has a context looks at it
// between batches.
func (s *Sheet) Table(schema Schema) *Table {
	if s.given != nil && slices.Equal(schema, s.given.Schema) {
		return s.given
	}
	return &Table{Schema: schema, Rows: -1, Totals: s.Totals, Shapes: s.shapes, Scan: func(from, to int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) { s.scan(schema, from, to, nil, yield) }
	}}
}

// formats returns the formats of the columns of schema. Where a caller has
// changed a type they are those of the type as it is usually written.
func (s *Sheet) formats(schema Schema) []format {
	formats := make([]format, len(schema))
	for i := range schema {
		f := format{cell: i}
		if i < len(s.columns) {
			f = s.columns[i]
		}
		if c := &schema[i]; c.Type != f.typ {
			f = format{cell: f.cell, typ: c.Type, layout: layoutNamed(c.Layout)}
		}
		formats[i] = f
	}
	return formats
}

// A builder puts records into a batch. The texts of a batch stand in one
// arena, which becomes one string when the batch is done.
type builder struct {
	schema  Schema
	formats []format
	width   int
	n       int
	out     Batch
	arena   []byte
	texts   [][]textSpan // by column: of every row, for columns of text
	sources [][]textSpan // by column: of rows with a source text
	print   []byte
}

// A textSpan is where in the arena the text of a row stands.
type textSpan struct{ row, from, to int }

func newBuilder(schema Schema, formats []format, width int) *builder {
	b := &builder{schema: schema, formats: formats, width: width}
	b.out.Columns = make([]Vector, len(schema))
	b.texts = make([][]textSpan, len(schema))
	b.sources = make([][]textSpan, len(schema))
	b.reset()
	return b
}

func (b *builder) reset() {
	for i := range b.schema {
		b.out.Columns[i].Reset(&b.schema[i], BatchRows)
		b.texts[i], b.sources[i] = b.texts[i][:0], b.sources[i][:0]
	}
	b.n, b.arena = 0, b.arena[:0]
}

// add appends a record to the batch.
func (b *builder) add(rec *Record) {
	for i := range b.schema {
		f := &b.formats[i]
		switch {
		case f.cell < 0:
			b.extra(i, rec.Cells)
		case f.cell >= len(rec.Cells) || len(rec.Cells[f.cell].Text) == 0:
			b.out.Columns[i].Null[b.n] = true
		case b.schema[i].Type == Text:
			b.text(i, rec.Cells[f.cell].Text)
		default:
			b.value(i, rec.Cells[f.cell].Text)
		}
	}
	b.n++
}

func (b *builder) text(column int, text []byte) {
	from := len(b.arena)
	b.arena = append(b.arena, text...)
	b.texts[column] = append(b.texts[column], textSpan{b.n, from, len(b.arena)})
}

// value puts a cell of a typed column into its vector, and its text beside it
// where the value prints otherwise.
func (b *builder) value(column int, text []byte) {
	c, v := &b.schema[column], &b.out.Columns[column]
	f := &b.formats[column]
	if !f.parse(c, v, b.n, text) {
		v.Null[b.n] = true
	} else if f.canonical(c, v, b.n, text) {
		return
	}
	b.print = c.Append(b.print[:0], v, b.n)
	if !bytes.Equal(b.print, text) {
		from := len(b.arena)
		b.arena = append(b.arena, text...)
		b.sources[column] = append(b.sources[column], textSpan{b.n, from, len(b.arena)})
	}
}

// extra keeps the cells beyond the last column, if any has text, as a JSON
// array of strings.
func (b *builder) extra(column int, cells []Cell) {
	if len(cells) <= b.width || filled(cells[b.width:]) == 0 {
		b.out.Columns[column].Null[b.n] = true
		return
	}
	from := len(b.arena)
	for i, c := range cells[b.width:] {
		b.arena = append(b.arena, "[,"[min(i, 1)])
		b.arena = appendJSONString(b.arena, c.Text)
	}
	b.arena = append(b.arena, ']')
	b.texts[column] = append(b.texts[column], textSpan{b.n, from, len(b.arena)})
}

// appendJSONString appends text as a string of JSON, other scripts as they are.
func appendJSONString(b, text []byte) []byte {
	b = append(b, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < ' ':
			b = fmt.Appendf(b, "\\u%04x", c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// batch returns the rows so far, of which the first has the given number.
func (b *builder) batch(first int64) *Batch {
	all := string(b.arena)
	b.out.First, b.out.Len = first, b.n
	for i := range b.out.Columns {
		v := &b.out.Columns[i]
		v.truncate(b.n)
		for _, t := range b.texts[i] {
			v.Text[t.row] = all[t.from:t.to]
		}
		for _, t := range b.sources[i] {
			v.Source = append(v.Source, SourceText{t.row, all[t.from:t.to]})
		}
	}
	return &b.out
}

// truncate cuts the vector to n values.
func (v *Vector) truncate(n int) {
	v.Null = v.Null[:n]
	v.Int = v.Int[:min(n, len(v.Int))]
	v.Float = v.Float[:min(n, len(v.Float))]
	v.Text = v.Text[:min(n, len(v.Text))]
}

// parse reads the text of a cell of column c as value i of v. It reports
// whether it is one.
func (f *format) parse(c *Column, v *Vector, i int, raw []byte) bool {
	text := trim(raw)
	if len(text) == 0 {
		return false
	}
	var buf [64]byte
	ascii, _ := asciiDigits(text, buf[:0])
	if f.money != "" {
		if rest, unit := cutMoney(ascii); unit == f.money {
			ascii = rest
		}
	}
	var ok bool
	switch c.Type {
	case Boolean:
		t, is := parseTruth(text)
		if ok = is; ok && t.value {
			v.Int[i] = 1
		}
	case Date:
		if v.Int[i], ok = parseDate(ascii, f.layout); !ok && len(ascii) != len(text) {
			v.Int[i], ok = parseDate(text, f.layout)
		}
	case DateTime:
		var zoned bool
		v.Int[i], zoned, ok = parseDateTime(ascii, f.layout)
		ok = ok && zoned == c.UTC
	case Decimal:
		if c.Float {
			return f.parseFloat(v, i, ascii)
		}
		v.Int[i], ok = f.parseScaled(ascii, c.Scale)
	default:
		v.Int[i], ok = f.parseScaled(ascii, 0)
	}
	return ok
}

func (f *format) parseScaled(b []byte, scale int) (int64, bool) {
	n, ok := parseNumber(b, f.style)
	if !ok {
		return 0, false
	}
	return n.scaled(scale)
}

func (f *format) parseFloat(v *Vector, i int, b []byte) bool {
	if _, ok := parseNumber(b, f.style); !ok {
		return false
	}
	x, ok := f.style.float(b)
	if ok {
		v.Float[i] = x
	}
	return ok
}
