package datasets

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

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
