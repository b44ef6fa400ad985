package datasets

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/jsonstream"
)

// records yields the items of the table as rows, one after the other.
func (t *jsonTable) records(sheet *Sheet) func(context.Context) iter.Seq2[*Record, error] {
	return func(ctx context.Context) iter.Seq2[*Record, error] {
		return func(yield func(*Record, error) bool) {
			r := &jsonRows{t: t, ctx: ctx, sheet: sheet, yield: yield, width: sheet.width}
			err := r.read()
			if err != nil && !errors.Is(err, errStop) {
				yield(nil, t.file.fault(err, r.rec.Row))
			}
		}
	}
}

// jsonRows is a walk over a table that makes records of its items.
type jsonRows struct {
	t     *jsonTable
	ctx   context.Context
	sheet *Sheet
	s     *jsonstream.Stream
	yield func(*Record, error) bool
	width int
	items int64

	rec   Record
	spans []jsonSpan // by column
	arena []byte     // the texts of the record
	size  int        // bytes of the values read for it
	outer []byte
	where geoPlace // of the feature at hand
}

// A jsonSpan is where in the arena the text of a column stands.
type jsonSpan struct {
	from, to int
	kind     CellKind
	seen     bool // the key was met in this object
}

func (r *jsonRows) read() error {
	if r.t.file.lines {
		return r.readLines()
	}
	var err error
	if r.s, err = r.t.file.stream(r.t.at); err != nil {
		return err
	}
	if r.t.single {
		return r.item()
	}
	return r.s.List(r.item)
}

// readLines reads a file of lines; broken ones are faults.
func (r *jsonRows) readLines() error {
	lines, err := r.t.file.newLines()
	if err != nil {
		return err
	}
	r.s = lines.s
	for {
		fault, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.items = lines.row - 1
		if fault != nil {
			r.sheet.fault(*fault)
			continue
		}
		if err := r.item(); err != nil {
			return err
		}
	}
}

// item reads one item and yields it.
func (r *jsonRows) item() error {
	if r.items++; r.items&1023 == 0 && r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	r.rec.Row = r.items
	r.begin()
	c, err := r.s.Peek()
	switch {
	case err != nil:
		return err
	case c == '[' && r.t.kind == jsonLists:
		err = r.list()
	case c == '{' && r.t.kind == jsonFeatures:
		err = r.feature()
	case c == '{' && r.t.kind == jsonObjects:
		err = r.object()
	default:
		kind := "json.item.object"
		if r.t.kind == jsonLists {
			kind = "json.item.list"
		}
		r.fault("", kind)
		return r.s.Skip()
	}
	if err != nil {
		return err
	}
	r.finish()
	if !r.yield(&r.rec, nil) {
		return errStop
	}
	return nil
}

func (r *jsonRows) fault(column, kind string, args ...any) {
	r.sheet.fault(faultAt(r.rec.Row, column, kind, args...))
}

// begin makes room for a record.
func (r *jsonRows) begin() {
	r.arena, r.size = r.arena[:0], 0
	if r.t.kind == jsonLists {
		r.spans = r.spans[:0]
		return
	}
	if cap(r.spans) < r.width {
		r.spans = make([]jsonSpan, r.width)
	}
	r.spans = r.spans[:r.width]
	clear(r.spans)
}

// finish makes the record of the spans.
func (r *jsonRows) finish() {
	if cap(r.rec.Cells) < len(r.spans) {
		r.rec.Cells = make([]Cell, len(r.spans)+8)
	}
	r.rec.Cells = r.rec.Cells[:len(r.spans)]
	for i, s := range r.spans {
		r.rec.Cells[i] = Cell{r.arena[s.from:s.to], s.kind}
	}
}

// list reads a row that is a list of its cells.
func (r *jsonRows) list() error {
	n := 0
	return r.s.List(func() error {
		n++
		if n > maxColumns {
			return fileError(r.t.file.name, r.rec.Row, "json.columns", maxColumns)
		}
		if n <= len(r.t.hidden) && r.t.hidden[n-1] {
			return r.s.Skip()
		}
		r.spans = append(r.spans, jsonSpan{})
		return r.value(len(r.spans) - 1)
	})
}

// object reads a row that is an object.
func (r *jsonRows) object() error {
	columns := &r.t.columns
	return r.s.Members(func(key []byte) error {
		c, err := r.s.Peek()
		if err != nil {
			return err
		}
		if c != '{' || columns.whole(key) {
			return r.member(columns.at(nil, key, false))
		}
		r.outer = append(r.outer[:0], key...)
		return r.s.Members(func(key []byte) error {
			return r.member(columns.at(r.outer, key, true))
		})
	})
}

// member reads the value of a key into its column; below 0 it has none.
func (r *jsonRows) member(column int) error {
	if column < 0 {
		return r.s.Skip()
	}
	if r.spans[column].seen {
		r.fault(r.sheet.Header[column], "json.twice")
	}
	r.spans[column] = jsonSpan{seen: true}
	return r.value(column)
}

// value reads the value that comes next into a column.
func (r *jsonRows) value(column int) error {
	raw, over, err := r.s.Value()
	if err != nil {
		return err
	}
	if r.size += len(raw); r.size > maxRecord {
		return fileError(r.t.file.name, r.rec.Row, "json.row")
	}
	if over != "" {
		r.fault(r.label(column), "json.value", over)
		return nil
	}
	s := &r.spans[column]
	s.from = len(r.arena)
	switch c := raw[0]; c {
	case '"':
		r.arena = jsonstream.AppendString(r.arena, raw)
		r.clean(column)
	case '{', '[':
		r.arena = jsonstream.AppendCompact(r.arena, raw)
		r.clean(column)
	case 't', 'f':
		s.kind = CellBoolean
		r.arena = append(r.arena, raw...)
	case 'n':
	case 'N', 'I':
		r.fault(r.label(column), "json.number", string(raw))
	default:
		if bytes.HasSuffix(raw, []byte("y")) {
			r.fault(r.label(column), "json.number", string(raw))
			break
		}
		s.kind = CellNumber
		r.number(raw)
	}
	s.to = len(r.arena)
	return nil
}

// number appends a number as it is written. An exponent gets its sign, without
// which a text such as 5E3 may be a code.
func (r *jsonRows) number(raw []byte) {
	if e := bytes.IndexAny(raw, "eE"); e >= 0 && e+1 < len(raw) && raw[e+1] != '-' && raw[e+1] != '+' {
		r.arena = append(append(r.arena, raw[:e+1]...), '+')
		raw = raw[e+1:]
	}
	r.arena = append(r.arena, raw...)
}

// label returns the heading of a column, as far as it has one.
func (r *jsonRows) label(column int) string {
	if column < len(r.sheet.Header) {
		return r.sheet.Header[column]
	}
	return ""
}

// clean takes from the text at the end of the arena what no database keeps.
func (r *jsonRows) clean(column int) {
	text := r.arena[r.spans[column].from:]
	if bytes.IndexByte(text, 0) >= 0 {
		r.fault(r.label(column), "cell.nul")
		text = bytes.ReplaceAll(text, []byte{0}, nil)
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, replacement)
	}
	if bytes.Contains(text, replacement) {
		r.fault(r.label(column), "cell.characters")
	}
	r.arena = append(r.arena[:r.spans[column].from], text...)
}
