package exporters

import (
	"context"
	"io"
	"math"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"
)

// writeJSON writes one JSON array (RFC 8259) with an object for each row, one a
// line. The members stand in the order of the columns and are named as in
// Header; every row has them all. Numbers are numbers with all their digits:
// readers that keep numbers in 64 floating bits, as JavaScript does, round
// integers beyond 2^53 and long decimals, and can ask for Raw, where every
// value is the source's text. Dates and moments are texts in ISO 8601, nulls
// are null.
func writeJSON(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	j := newJSONWriter(w, t.Schema, o)
	j.open, j.between, j.shut = "[\n", ",\n", "\n]\n"
	return j.write(ctx, t, o)
}

// writeJSONL writes JSON Lines: the objects of writeJSON, each on a line of
// its own, and nothing else.
func writeJSONL(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	j := newJSONWriter(w, t.Schema, o)
	j.between, j.shut = "\n", "\n"
	return j.write(ctx, t, o)
}

type jsonWriter struct {
	w                   io.Writer
	schema              datasets.Schema
	keys                [][]byte // what stands before each value: {"a": or ,"b":
	src                 sources
	raw                 bool
	open, between, shut string
	any                 bool // a row has been written
	buf                 []byte
}

func newJSONWriter(w io.Writer, s datasets.Schema, o Options) *jsonWriter {
	j := &jsonWriter{
		w: w, schema: s, src: make(sources, len(s)), raw: o.Raw,
		keys: make([][]byte, len(s)), buf: make([]byte, 0, blockSize+blockSize/4),
	}
	for i, h := range Header(s) {
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		j.keys[i] = append(appendJSONText([]byte{before}, h), ':')
	}
	return j
}

func (j *jsonWriter) write(ctx context.Context, t *datasets.Table, o Options) error {
	j.buf = append(j.buf, j.open...)
	if err := scan(ctx, t, o, j.batch); err != nil {
		return err
	}
	if !j.any && j.open == "" {
		return nil // JSON Lines without a row is an empty file
	}
	j.buf = append(j.buf, j.shut...)
	return j.flush()
}

func (j *jsonWriter) flush() error {
	_, err := j.w.Write(j.buf)
	j.buf = j.buf[:0]
	return err
}

func (j *jsonWriter) batch(batch *datasets.Batch) error {
	clear(j.src)
	for row := range batch.Len {
		b := j.buf
		if j.any {
			b = append(b, j.between...)
		}
		j.any = true
		if len(j.keys) == 0 {
			b = append(b, '{')
		}
		for i := range batch.Columns {
			b = append(b, j.keys[i]...)
			b = j.value(b, &batch.Columns[i], i, row)
		}
		j.buf = append(b, '}')
		if len(j.buf) >= blockSize {
			if err := j.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *jsonWriter) value(b []byte, v *datasets.Vector, column, row int) []byte {
	col := &j.schema[column]
	if j.raw && len(v.Source) > 0 {
		if s, ok := j.src.at(v, column, row); ok {
			return appendJSONText(b, s)
		}
	}
	if v.Null[row] {
		return append(b, "null"...)
	}
	switch col.Type {
	case datasets.Text:
		return appendJSONText(b, v.Text[row])
	case datasets.Integer, datasets.Decimal, datasets.Boolean:
		if !j.raw && !(col.Float && !finite(v.Float[row])) {
			return col.Append(b, v, row)
		}
	case datasets.Date, datasets.DateTime:
	}
	b = append(b, '"')
	b = col.Append(b, v, row)
	return append(b, '"')
}

// finite reports whether f is a number that JSON and spreadsheets can hold.
func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

const hexDigits = "0123456789abcdef"

// appendJSONText appends s as a JSON string. What is not UTF-8 becomes U+FFFD;
// the two line separators that old JavaScript trips over are escaped.
func appendJSONText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // each bad byte becomes U+FFFD
	}
	b = append(b, '"')
	done := 0 // s[:done] is written
	for i := range len(s) {
		ch := s[i]
		if plainJSON[ch] {
			continue
		}
		if ch < utf8.RuneSelf {
			b = appendJSONEscape(append(b, s[done:i]...), ch)
			done = i + 1
		} else if sep := s[i : i+3]; sep == "\u2028" || sep == "\u2029" {
			b = append(append(b, s[done:i]...), `\u202`...)
			b = append(b, hexDigits[sep[2]&15])
			done = i + 3
		}
	}
	b = append(b, s[done:]...)
	return append(b, '"')
}

// plainJSON holds the bytes that stand for themselves in any text; of those
// that do not, 0xE2 only begins the line separators among others.
var plainJSON = func() (plain [256]bool) {
	for ch := range plain {
		plain[ch] = ch >= ' ' && ch != '"' && ch != '\\' && ch != 0xE2
	}
	return plain
}()

func appendJSONEscape(b []byte, ch byte) []byte {
	switch ch {
	case '"', '\\':
		return append(b, '\\', ch)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	default:
		return append(b, `\u00`+string([]byte{hexDigits[ch>>4], hexDigits[ch&15]})...)
	}
}
