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
	return writeObjects(ctx, w, t, o, jsonText{open: "[\n", between: ",\n", shut: "\n]\n"})
}

// writeJSONL writes JSON Lines: the objects of writeJSON, each on a line of
// its own, and nothing else.
func writeJSONL(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	return writeObjects(ctx, w, t, o, jsonText{between: "\n", shut: "\n"})
}

func writeObjects(ctx context.Context, w io.Writer, t *datasets.Table, o Options, j jsonText) error {
	j.schema, j.raw, j.keys = t.Schema, o.Raw, make([][]byte, len(t.Schema))
	for i, h := range Header(t.Schema) {
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		j.keys[i] = append(appendJSONText([]byte{before}, h), ':')
	}
	out := countedWriter{w: w}
	if _, err := io.WriteString(&out, j.open); err != nil {
		return err
	}
	err := writeRows(ctx, &out, t, o, func() rowAppender {
		own := j
		own.src = make(sources, len(t.Schema))
		return &own
	})
	if err != nil || out.n == 0 {
		return err // JSON Lines without a row is an empty file
	}
	_, err = io.WriteString(w, j.shut)
	return err
}

// A countedWriter counts what is written.
type countedWriter struct {
	w io.Writer
	n int64
}

// Write writes p.
func (c *countedWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// jsonText is a rowAppender.
type jsonText struct {
	schema              datasets.Schema
	keys                [][]byte // what stands before each value: {"a": or ,"b":
	src                 sources
	raw                 bool
	open, between, shut string
}

func (j *jsonText) begin() { clear(j.src) }

func (j *jsonText) appendRow(b []byte, batch *datasets.Batch, row int) []byte {
	if batch.First+int64(row) > 0 {
		b = append(b, j.between...)
	}
	if len(j.keys) == 0 {
		b = append(b, '{')
	}
	for i := range batch.Columns {
		b = append(b, j.keys[i]...)
		b = j.value(b, &batch.Columns[i], i, row)
	}
	return append(b, '}')
}

func (j *jsonText) value(b []byte, v *datasets.Vector, column, row int) []byte {
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
