package exporters

import (
	"context"
	"fmt"
	"io"
	"math"
	"reflect"
	"unicode/utf8"
	"unsafe"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

const (
	// A dictionary that outgrows this is of no use; the rest of the row group
	// is written plain. All columns share what is held in memory, and where
	// they are many there are no dictionaries.
	dictionaryBytes   = 512 << 10
	dictionaryTotal   = 24 << 20
	dictionaryColumns = 64
	pageBytes         = 128 << 10
	pageTotal         = 24 << 20
)

// writeParquet writes Apache Parquet, compressed with Zstandard: columns named
// as in Header, all optional, in their order. Texts are UTF-8 strings, integers
// INT64, decimals DECIMAL(18, scale) or DOUBLE, dates DATE, moments TIMESTAMP
// in microseconds, adjusted to UTC where the column's values are instants, and
// local otherwise. With Raw all are strings.
//
// A decimal of more than 18 digits is an error; bytes that are not UTF-8
// become U+FFFD.
func writeParquet(ctx context.Context, w io.Writer, t *datasets.Table, o Options) error {
	if len(t.Schema) == 0 {
		return &datasets.FileError{Fault: datasets.Fault{Text: "the table has no columns, and Parquet needs one: take CSV"}}
	}
	if len(t.Schema) > math.MaxInt16 {
		return &datasets.FileError{Fault: datasets.Fault{Text: fmt.Sprintf(
			"the table has %d columns and Parquet holds %d: take CSV", len(t.Schema), math.MaxInt16)}}
	}
	pw := parquet.NewGenericWriter[any](w, parquetSchema(t.Schema, o.Raw),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.DictionaryMaxBytes(int64(min(dictionaryBytes, max(dictionaryTotal/len(t.Schema), 4<<10)))),
		parquet.PageBufferSize(min(pageBytes, max(pageTotal/len(t.Schema), 4<<10))),
		parquet.CreatedBy("Shafaf", "", ""))
	if err := writeGroups(ctx, pw, t, o); err != nil {
		return err
	}
	return pw.Close()
}

// parquetWriter puts batches into one row group after the other.
type parquetWriter struct {
	group    *parquet.ConcurrentRowGroupWriter
	schema   datasets.Schema
	head     []string
	raw      bool
	rows     int64 // in the group
	most     int64 // bytes of it
	progress *counter

	values []parquet.Value // of the column at hand; they point into arena or the batch
	arena  []byte
}

func (p *parquetWriter) batch(b *datasets.Batch) error {
	for i, w := range p.group.ColumnWriters() {
		if err := p.fill(&b.Columns[i], i, b.Len); err != nil {
			return cellFault(b.First+int64(len(p.values)), p.head[i], err.Error())
		}
		if _, err := w.WriteRowValues(p.values); err != nil {
			return err
		}
	}
	p.rows += int64(b.Len)
	return nil
}

// fill sets p.values to the n values of a column. After an error they end
// before the row that made it.
func (p *parquetWriter) fill(v *datasets.Vector, column, n int) error {
	p.values = p.values[:0]
	c := &p.schema[column]
	if p.raw {
		p.fillRaw(c, v, column, n)
		return nil
	}
	const digits18 = 1e18
	decimal := c.Type == datasets.Decimal && !c.Float
	for row := range n {
		var value parquet.Value
		switch {
		case v.Null[row]:
			p.values = append(p.values, parquet.NullValue().Level(0, 0, column))
			continue
		case c.Type == datasets.Text:
			value = textValue(v.Text[row])
		case c.Type == datasets.Decimal && c.Float:
			value = parquet.DoubleValue(v.Float[row])
		case c.Type == datasets.Boolean:
			value = parquet.BooleanValue(v.Int[row] != 0)
		case c.Type == datasets.Date:
			if v.Int[row] != int64(int32(v.Int[row])) {
				return errBigDate
			}
			value = parquet.Int32Value(int32(v.Int[row]))
		case decimal && (v.Int[row] >= digits18 || v.Int[row] <= -digits18):
			return errBigDecimal
		default:
			value = parquet.Int64Value(v.Int[row])
		}
		p.values = append(p.values, value.Level(0, 1, column))
	}
	return nil
}

const (
	errBigDate    parquetError = "the date lies too far off for Parquet: take CSV"
	errBigDecimal parquetError = "the number has more than the 18 digits of Parquet's decimals: take CSV or Excel"
)

type parquetError string

func (e parquetError) Error() string { return string(e) }

// fillRaw sets p.values to the source texts of the column.
func (p *parquetWriter) fillRaw(c *datasets.Column, v *datasets.Vector, column, n int) {
	p.arena = p.arena[:0]
	src := sources{0}
	for row := range n {
		text, found := src.at(v, 0, row)
		var value parquet.Value
		switch {
		case found:
			value = textValue(text)
		case v.Null[row]:
			p.values = append(p.values, parquet.NullValue().Level(0, 0, column))
			continue
		case c.Type == datasets.Text:
			value = textValue(v.Text[row])
		default: // values of before keep the arena they point into when it grows
			start := len(p.arena)
			p.arena = c.Append(p.arena, v, row)
			value = parquet.ByteArrayValue(p.arena[start:])
		}
		p.values = append(p.values, value.Level(0, 1, column))
	}
}

// textValue returns a value that shares the bytes of s: they are copied, and
// not changed, when the value is written.
func textValue(s string) parquet.Value {
	if !utf8.ValidString(s) {
		s = string([]rune(s)) // each bad byte becomes U+FFFD
	}
	return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s)))
}

// parquetSchema returns the schema of a file with the columns of s.
func parquetSchema(s datasets.Schema, raw bool) *parquet.Schema {
	row := parquetRow{Group: make(parquet.Group, len(s))}
	for i, name := range Header(s) {
		if !utf8.ValidString(name) {
			name = string([]rune(name))
		}
		node := parquet.String()
		if !raw {
			node = parquetNode(&s[i])
		}
		if node.Type().Kind() == parquet.ByteArray && len(s) <= dictionaryColumns {
			node = parquet.Encoded(node, &parquet.RLEDictionary)
		}
		node = parquet.Optional(node)
		row.Group[name] = node
		row.fields = append(row.fields, parquetField{node, name})
	}
	return parquet.NewSchema("row", row)
}

// parquetNode returns the type of a column, and how it is packed: whole numbers
// as differences, which made files half as large as plain ones or dictionaries
// did, in no more time.
func parquetNode(c *datasets.Column) parquet.Node {
	node := parquet.Int(64)
	switch c.Type {
	case datasets.Integer:
	case datasets.Decimal:
		if c.Float {
			return parquet.Leaf(parquet.DoubleType)
		}
		node = parquet.Decimal(c.Scale, 18, parquet.Int64Type)
	case datasets.Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case datasets.Date:
		node = parquet.Date()
	case datasets.DateTime:
		node = parquet.TimestampAdjusted(parquet.Microsecond, c.UTC)
	case datasets.Text:
		return parquet.String()
	}
	return parquet.Encoded(node, &parquet.DeltaBinaryPacked)
}

// A parquetRow is a group whose fields keep their order; those of a
// parquet.Group are sorted by name. A struct with tags, the other way to an
// order, cannot have a comma in a name.
type parquetRow struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the columns in their order.
func (r parquetRow) Fields() []parquet.Field { return r.fields }

// A parquetField is a column of a parquetRow. Its values never come out of Go
// structs, which is what the method Value is for.
type parquetField struct {
	parquet.Node
	name string
}

// Name returns the column's name.
func (f parquetField) Name() string { return f.name }

// Value returns the member of a Go struct or map that the field stands for.
func (f parquetField) Value(base reflect.Value) reflect.Value {
	return base.MapIndex(reflect.ValueOf(f.name))
}
