package datasets

import (
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
