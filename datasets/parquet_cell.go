package datasets

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	meta "github.com/parquet-go/parquet-go/format"
)

// A cellValue is a value of a Parquet file as our types have it. Its text is
// what the file says where the value prints otherwise; a value that cannot be
// kept is null and has a text.
type cellValue struct {
	null bool
	n    int64
	f    float64
	text []byte
}

// A cellReader reads values of one type.
type cellReader interface {
	// column is the type that the values have at best.
	column() Column
	// read reads v, which is not null. text is room for its text.
	read(v parquet.Value, text []byte) cellValue
}

// A measurer is a cellReader that must see all values of a column before it
// can say what they are. measure reports whether it needs to see more.
type measurer interface{ measure(v parquet.Value) bool }

// unproved returns the measurer of a column, nil when its type says enough.
func unproved(r cellReader) measurer {
	switch r := r.(type) {
	case *integerCells:
		if r.unsigned && r.kind == parquet.Int64 {
			return r
		}
	case *decimalCells:
		if !r.proved() {
			return r
		}
	}
	return nil
}

// readerOf returns how a column is read, nil when its type contradicts itself.
func readerOf(el *meta.SchemaElement) cellReader {
	physical := parquet.Kind(el.Type.V)
	if _, null := el.LogicalType.Value.(*meta.NullType); null {
		return nullCells{}
	}
	if r, fits := logicalReader(el, physical); r != nil {
		if !fits {
			return nil
		}
		return r
	}
	switch physical {
	case parquet.Boolean:
		return booleanCells{}
	case parquet.Int32, parquet.Int64:
		return &integerCells{kind: physical}
	case parquet.Int96:
		return int96Cells{}
	case parquet.Float:
		return floatCells{bits: 32}
	case parquet.Double:
		return floatCells{bits: 64}
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return textCells{binary: true}
	}
	return nil
}

// logicalReader returns how values of a type that is more than bytes and bits
// are read, nil for another one, and whether it fits what is stored.
func logicalReader(el *meta.SchemaElement, physical parquet.Kind) (cellReader, bool) {
	whole := physical == parquet.Int32 || physical == parquet.Int64
	switch l := logicalOf(el).(type) {
	case *meta.StringType, *meta.EnumType, *meta.JsonType:
		return textCells{}, physical == parquet.ByteArray
	case *meta.UUIDType:
		return uuidCells{}, physical == parquet.FixedLenByteArray
	case *meta.DateType:
		return dateCells{}, physical == parquet.Int32
	case *meta.TimestampType:
		per := perSecond(&l.Unit)
		return timestampCells{per: per, utc: l.IsAdjustedToUTC}, physical == parquet.Int64 && per > 0
	case *meta.TimeType:
		per := perSecond(&l.Unit)
		return timeCells{per: per, kind: physical}, whole && per > 0 && (per == 1e3) == (physical == parquet.Int32)
	case *meta.IntType:
		return &integerCells{kind: physical, unsigned: !l.IsSigned}, whole && (l.BitWidth == 64) == (physical == parquet.Int64)
	case *meta.DecimalType:
		ok := l.Scale >= 0 && l.Scale <= maxDecimalScale && l.Precision > 0 && l.Scale <= l.Precision
		return &decimalCells{kind: physical, scale: int(l.Scale), precision: int(l.Precision)}, ok && (whole || physical == parquet.ByteArray || physical == parquet.FixedLenByteArray)
	case *meta.Float16Type:
		return floatCells{bits: 16}, physical == parquet.FixedLenByteArray && el.TypeLength.V == 2
	case *meta.BsonType, *meta.GeometryType, *meta.GeographyType:
		return textCells{binary: true, hex: true}, physical == parquet.ByteArray
	}
	if el.ConvertedType.Valid && el.ConvertedType.V == deprecated.Interval {
		return intervalCells{}, physical == parquet.FixedLenByteArray && el.TypeLength.V == 12
	}
	return nil, false
}

// logicalOf returns the logical type, also of files of before there were any.
func logicalOf(el *meta.SchemaElement) meta.LogicalTypeValue {
	if el.LogicalType.Value != nil || !el.ConvertedType.Valid {
		return el.LogicalType.Value
	}
	micro, milli := parquet.Microsecond.TimeUnit(), parquet.Millisecond.TimeUnit()
	switch el.ConvertedType.V {
	case deprecated.UTF8:
		return &meta.StringType{}
	case deprecated.Enum:
		return &meta.EnumType{}
	case deprecated.Json:
		return &meta.JsonType{}
	case deprecated.Bson:
		return &meta.BsonType{}
	case deprecated.Decimal:
		return &meta.DecimalType{Scale: el.Scale.V, Precision: el.Precision.V}
	case deprecated.Date:
		return &meta.DateType{}
	case deprecated.TimeMillis:
		return &meta.TimeType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimeMicros:
		return &meta.TimeType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.TimestampMillis:
		return &meta.TimestampType{IsAdjustedToUTC: true, Unit: milli}
	case deprecated.TimestampMicros:
		return &meta.TimestampType{IsAdjustedToUTC: true, Unit: micro}
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32:
		return &meta.IntType{BitWidth: 32}
	case deprecated.Uint64:
		return &meta.IntType{BitWidth: 64}
	default:
		return nil
	}
}

// perSecond returns how many units a second has, 0 for an unknown unit.
func perSecond(u *meta.TimeUnit) int64 {
	switch u.Value.(type) {
	case *meta.MilliSeconds:
		return 1e3
	case *meta.MicroSeconds:
		return 1e6
	case *meta.NanoSeconds:
		return 1e9
	}
	return 0
}

// nullCells are of a column that never has a value.
type nullCells struct{}

func (nullCells) column() Column                       { return Column{Type: Text} }
func (nullCells) read(parquet.Value, []byte) cellValue { return cellValue{null: true} }

type booleanCells struct{}

func (booleanCells) column() Column { return Column{Type: Boolean} }

func (booleanCells) read(v parquet.Value, _ []byte) cellValue {
	if v.Boolean() {
		return cellValue{n: 1}
	}
	return cellValue{}
}

// integerCells are whole numbers. When some are larger than an integer holds,
// as unsigned ones may be, all are floats and keep their text.
type integerCells struct {
	kind     parquet.Kind
	unsigned bool
	wide     bool
}

func (c *integerCells) column() Column {
	if c.wide {
		return Column{Type: Decimal, Float: true}
	}
	return Column{Type: Integer}
}

func (c *integerCells) read(v parquet.Value, text []byte) cellValue {
	switch {
	case c.kind == parquet.Int32 && c.unsigned:
		return cellValue{n: int64(v.Uint32())}
	case c.kind == parquet.Int32:
		return cellValue{n: int64(v.Int32())}
	case c.wide:
		return cellValue{f: float64(v.Uint64()), text: strconv.AppendUint(text, v.Uint64(), 10)}
	}
	return cellValue{n: v.Int64()}
}

// measure takes note of a value: whether it is larger than an integer.
func (c *integerCells) measure(v parquet.Value) bool {
	c.wide = c.wide || v.Uint64() > math.MaxInt64
	return !c.wide
}

// floatCells are numbers in binary. What is no number is null and keeps its name.
type floatCells struct{ bits int }

func (floatCells) column() Column { return Column{Type: Decimal, Float: true} }

func (c floatCells) read(v parquet.Value, text []byte) cellValue {
	var f float64
	switch c.bits {
	case 16:
		f = short(half(v.ByteArray()))
	case 32:
		f = short(v.Float())
	default:
		f = v.Double()
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return cellValue{null: true, text: strconv.AppendFloat(text, f, 'g', -1, 64)}
	}
	return cellValue{f: f}
}

// short returns the number that f prints as: 0.1 and not 0.10000000149.
func short(f float32) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
	if err != nil {
		return float64(f)
	}
	return x
}

// half reads a number of 16 bits (IEEE 754).
func half(b []byte) float32 {
	if len(b) != 2 {
		return float32(math.NaN())
	}
	bits := uint32(b[0]) | uint32(b[1])<<8
	sign, exp, frac := bits>>15, bits>>10&0x1F, bits&0x3FF
	var f float64
	switch exp {
	case 0:
		f = math.Ldexp(float64(frac), -24)
	case 31:
		f = math.Inf(1)
		if frac != 0 {
			f = math.NaN()
		}
	default:
		f = math.Ldexp(float64(frac|1<<10), int(exp)-25)
	}
	if sign == 1 {
		f = -f
	}
	return float32(f)
}

type dateCells struct{}

func (dateCells) column() Column                              { return Column{Type: Date, Layout: layoutNames[isoLayout]} }
func (dateCells) read(v parquet.Value, text []byte) cellValue { return cellValue{n: int64(v.Int32())} }

// timestampCells are moments. Parts of a second below the microsecond are in
// the text.
type timestampCells struct {
	per int64 // units in a second
	utc bool
}

func (c timestampCells) column() Column {
	return Column{Type: DateTime, UTC: c.utc, Layout: layoutNames[isoLayout]}
}

func (c timestampCells) read(v parquet.Value, text []byte) cellValue {
	n := v.Int64()
	if c.per == 1e9 {
		return microseconds(floorDiv(n, 1e9), n-floorDiv(n, 1e9)*1e9, c.utc, text)
	}
	scale := int64(1e6) / c.per
	if n > math.MaxInt64/scale || n < math.MinInt64/scale {
		return cellValue{null: true, text: strconv.AppendInt(text, n, 10)}
	}
	return cellValue{n: n * scale}
}

// microseconds is a moment of seconds and nanoseconds.
func microseconds(seconds, nano int64, utc bool, text []byte) cellValue {
	out := cellValue{n: seconds*1e6 + nano/1000}
	if nano%1000 != 0 {
		out.text = time.Unix(seconds, nano).UTC().AppendFormat(text, "2006-01-02T15:04:05.999999999")
		if utc {
			out.text = append(out.text, 'Z')
		}
	}
	return out
}

// int96Cells are moments as Impala and Spark wrote them: a Julian day and the
// nanoseconds of that day, in no zone that the file names.
type int96Cells struct{}

func (int96Cells) column() Column { return Column{Type: DateTime, Layout: layoutNames[isoLayout]} }

func (int96Cells) read(v parquet.Value, text []byte) cellValue {
	const epoch = 2_440_588 // the Julian day of 1970-01-01
	i := v.Int96()
	nano := int64(i[1])<<32 | int64(i[0])
	seconds := (int64(i[2]) - epoch) * secondsPerDay
	whole := floorDiv(nano, 1e9)
	if seconds+whole > math.MaxInt64/1_000_000 || seconds+whole < math.MinInt64/1_000_000 {
		return cellValue{null: true, text: fmt.Appendf(text, "day %d, %d ns", i[2], nano)}
	}
	return microseconds(seconds+whole, nano-whole*1e9, false, text)
}

// timeCells are times of a day, which are text.
type timeCells struct {
	per  int64
	kind parquet.Kind
}

func (timeCells) column() Column { return Column{Type: Text} }

func (c timeCells) read(v parquet.Value, text []byte) cellValue {
	n := v.Int64()
	if c.kind == parquet.Int32 {
		n = int64(v.Int32())
	}
	if n < 0 || n/c.per >= secondsPerDay {
		return cellValue{text: strconv.AppendInt(text, n, 10)}
	}
	return cellValue{text: time.Unix(n/c.per, n%c.per*(1e9/c.per)).UTC().AppendFormat(text, "15:04:05.999999999")}
}

type uuidCells struct{}

func (uuidCells) column() Column { return Column{Type: Text} }

func (uuidCells) read(v parquet.Value, text []byte) cellValue {
	id, err := uuid.FromBytes(v.ByteArray())
	if err != nil {
		return cellValue{text: hex.AppendEncode(text, v.ByteArray())}
	}
	return cellValue{text: append(text, id.String()...)}
}

// intervalCells are spans of months, days and milliseconds, in ISO 8601.
type intervalCells struct{}

func (intervalCells) column() Column { return Column{Type: Text} }

func (intervalCells) read(v parquet.Value, text []byte) cellValue {
	b := v.ByteArray()
	if len(b) != 12 {
		return cellValue{text: hex.AppendEncode(text, b)}
	}
	number := func(b []byte) uint32 {
		return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	}
	text = fmt.Appendf(text, "P%dM%dDT", number(b), number(b[4:]))
	text = AppendDecimal(text, int64(number(b[8:])), 3, false)
	return cellValue{text: append(text, 'S')}
}

// textCells are texts, or bytes of which nothing is said: these are text where
// they are UTF-8, as of old writers, and else hexadecimal digits.
type textCells struct{ binary, hex bool }

func (textCells) column() Column { return Column{Type: Text} }

func (c textCells) read(v parquet.Value, text []byte) cellValue {
	b := v.ByteArray()
	switch {
	case c.hex || c.binary && (!utf8.Valid(b) || looksBinary(b)):
		return cellValue{text: hex.AppendEncode(append(text, "0x"...), b)}
	case !utf8.Valid(b):
		for _, r := range string(b) { // each bad byte becomes U+FFFD
			text = utf8.AppendRune(text, r)
		}
		return cellValue{text: text}
	}
	return cellValue{text: append(text, b...)}
}

const (
	maxDecimalScale = 400
	maxDecimalBytes = 64
)

// decimalCells are decimals of any width. When all that a column holds fits,
// they are scaled integers; else they are floats and keep their text.
type decimalCells struct {
	kind             parquet.Kind
	scale, precision int
	wide             bool // some value does not fit, so all are floats
	digits           int  // the most before the point
	used             int  // the scale of the column: that of the type, or less where that is too much
}

// proved reports whether the type alone says that all values fit.
func (c *decimalCells) proved() bool {
	return c.scale <= maxScale && c.precision <= 18 && c.kind != parquet.ByteArray
}

func (c *decimalCells) column() Column {
	if c.wide {
		return Column{Type: Decimal, Float: true}
	}
	if !c.proved() {
		return Column{Type: Decimal, Scale: c.used, Fixed: c.used == c.scale}
	}
	return Column{Type: Decimal, Scale: c.scale, Fixed: true}
}

func (c *decimalCells) unscaled(v parquet.Value) (*big.Int, bool) {
	switch c.kind {
	case parquet.Int32:
		return big.NewInt(int64(v.Int32())), true
	case parquet.Int64:
		return big.NewInt(v.Int64()), true
	default:
	}
	b := v.ByteArray()
	if len(b) > maxDecimalBytes {
		return nil, false
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n, true
}

func (c *decimalCells) read(v parquet.Value, text []byte) cellValue {
	if c.proved() && !c.wide {
		if n, ok := c.small(v); ok {
			return cellValue{n: n}
		}
	}
	n, ok := c.unscaled(v)
	if !ok {
		return cellValue{null: true, text: append(text, "a decimal of more than 64 bytes"...)}
	}
	if !c.wide {
		if n, ok := rescaled(n, c.scale, c.column().Scale); ok {
			return cellValue{n: n}
		}
	}
	exact := new(big.Rat).SetFrac(n, powerOfTen(c.scale))
	f, _ := exact.Float64()
	return cellValue{f: f, null: math.IsInf(f, 0), text: append(text, exact.FloatString(c.scale)...)}
}

// measure takes note of a value: how many digits after the point it needs, and
// whether it fits an integer with them.
func (c *decimalCells) measure(v parquet.Value) bool {
	n, ok := c.unscaled(v)
	if !ok {
		return true
	}
	scale := c.scale
	if scale > maxScale {
		scale = significant(n, c.scale)
	}
	if c.used = max(c.used, scale); c.used > maxScale {
		c.wide = true
		return false
	}
	// 18 digits in all, as elsewhere; a later value may need more after the point.
	c.digits = max(c.digits, len(new(big.Int).Quo(new(big.Int).Abs(n), powerOfTen(c.scale)).String()))
	c.wide = c.wide || c.digits+c.used > 18
	return !c.wide
}

func powerOfTen(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// small reads a value whose type says that it fits an integer.
func (c *decimalCells) small(v parquet.Value) (int64, bool) {
	switch c.kind {
	case parquet.Int32:
		return int64(v.Int32()), true
	case parquet.Int64:
		return v.Int64(), true
	default:
	}
	n, ok := c.unscaled(v)
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// rescaled returns n / 10^scale as an integer of the scale to; false when it
// is none, or too large.
func rescaled(n *big.Int, scale, to int) (int64, bool) {
	if scale > to {
		q, r := new(big.Int).QuoRem(n, powerOfTen(scale-to), new(big.Int))
		if r.Sign() != 0 {
			return 0, false
		}
		n = q
	}
	if !n.IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

// significant returns how many digits after the point n / 10^scale needs.
func significant(n *big.Int, scale int) int {
	if n.Sign() == 0 {
		return 0
	}
	ten, r := big.NewInt(10), new(big.Int)
	for ; scale > 0; scale-- {
		q, _ := new(big.Int).QuoRem(n, ten, r)
		if r.Sign() != 0 {
			return scale
		}
		n = q
	}
	return scale
}
