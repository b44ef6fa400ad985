package exporters

import (
	"context"
	"fmt"
	"io"
	"math"
	"reflect"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
)

// All columns share what is held in memory.
const (
	// A dictionary that outgrows this is of no use; the rest of the row group
	// is written plain. Where columns are many there are no dictionaries.
	dictionaryBytes   = 2 << 20
	dictionaryTotal   = 24 << 20
	dictionaryColumns = 64
	pageBytes         = 160 << 10
	pageTotal         = 24 << 20
	numberBytes       = 8 // of a value, at most
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
	file, err := newParquetFile(w, parquetSchema(t.Schema, o.Raw))
	if err != nil {
		return err
	}
	if err := writeGroups(ctx, file, t, o); err != nil {
		return err
	}
	return file.close()
}

const (
	errBigDate    parquetError = "the date lies too far off for Parquet: take CSV"
	errBigDecimal parquetError = "the number has more than the 18 digits of Parquet's decimals: take CSV or Excel"
	errBigPage    parquetError = "some texts are too long for a page of Parquet: take CSV"
)

// A parquetError is what is wrong with a cell.
type parquetError string

func (e parquetError) Error() string { return string(e) }

// parquetSchema returns the schema of a file with the columns of s.
func parquetSchema(s datasets.Schema, raw bool) *parquet.Schema {
	row := parquetRow{Group: make(parquet.Group, len(s))}
	for i, name := range Header(s) {
		node := parquet.String()
		if !raw {
			node = parquetNode(&s[i])
		}
		node, name = parquet.Optional(node), valid(name)
		row.Group[name] = node
		row.fields = append(row.fields, parquetField{node, name})
	}
	return parquet.NewSchema("row", row)
}

// parquetNode returns the type of a column.
func parquetNode(c *datasets.Column) parquet.Node {
	switch c.Type {
	case datasets.Integer:
		return parquet.Int(64)
	case datasets.Decimal:
		if c.Float {
			return parquet.Leaf(parquet.DoubleType)
		}
		return parquet.Decimal(c.Scale, digitsOfDecimal, parquet.Int64Type)
	case datasets.Boolean:
		return parquet.Leaf(parquet.BooleanType)
	case datasets.Date:
		return parquet.Date()
	case datasets.DateTime:
		return parquet.TimestampAdjusted(parquet.Microsecond, c.UTC)
	default:
		return parquet.String()
	}
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
