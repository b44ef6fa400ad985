package datasets

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// A Type is the type of a column's values.
type Type uint8

// The types of values. Text is the type of whatever is not proved to be another.
const (
	Text Type = iota
	Integer
	Decimal
	Boolean
	Date
	DateTime
)

var typeNames = [...]string{"text", "integer", "decimal", "boolean", "date", "datetime"}

func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "type " + strconv.Itoa(int(t))
}

// MarshalText returns the type's name.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText accepts a type's name.
func (t *Type) UnmarshalText(b []byte) error {
	for i, name := range typeNames {
		if name == string(b) {
			*t = Type(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no column type", b)
}

// Numeric reports whether values of the column can be summed.
func (c *Column) Numeric() bool { return c.Type == Integer || c.Type == Decimal }

// Append appends the canonical print of value i of v, a vector of column c.
// A null prints as nothing.
func (c *Column) Append(b []byte, v *Vector, i int) []byte {
	if v.Null[i] {
		return b
	}
	switch c.Type {
	case Text:
		return append(b, v.Text[i]...)
	case Decimal:
		if c.Float {
			return AppendFloat(b, v.Float[i])
		}
		return AppendDecimal(b, v.Int[i], c.Scale, c.Fixed)
	case Boolean:
		return strconv.AppendBool(b, v.Int[i] != 0)
	case Date:
		return AppendDate(b, v.Int[i])
	case DateTime:
		return AppendDateTime(b, v.Int[i], c.UTC)
	default:
		return strconv.AppendInt(b, v.Int[i], 10)
	}
}

// AppendFloat appends the shortest decimal that reads back as f, without an
// exponent where the number is of a usual size.
func AppendFloat(b []byte, f float64) []byte {
	if a := math.Abs(f); a != 0 && (a < 1e-7 || a >= 1e21) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// AppendDecimal appends n / 10^scale. With fixed it prints all scale digits,
// else no trailing zeros.
func AppendDecimal(b []byte, n int64, scale int, fixed bool) []byte {
	if scale == 0 {
		return strconv.AppendInt(b, n, 10)
	}
	u := uint64(n)
	if n < 0 {
		b, u = append(b, '-'), -u
	}
	start := len(b)
	b = strconv.AppendUint(b, u, 10)
	for len(b)-start <= scale { // at least one digit before the point
		b = append(b, 0)
		copy(b[start+1:], b[start:])
		b[start] = '0'
	}
	point := len(b) - scale
	b = append(b, 0)
	copy(b[point+1:], b[point:])
	b[point] = '.'
	if fixed {
		return b
	}
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}

const secondsPerDay = 24 * 60 * 60

// AppendDate appends the day, counted from 1970-01-01, as YYYY-MM-DD.
func AppendDate(b []byte, day int64) []byte {
	if day < firstDay || day > lastDay {
		return time.Unix(day*secondsPerDay, 0).UTC().AppendFormat(b, time.DateOnly)
	}
	y, m, d := civil(day)
	b = appendTwo(appendTwo(b, y/100), y%100)
	return appendTwo(append(appendTwo(append(b, '-'), m), '-'), d)
}

// The days of the years 0 to 9999, which are written with four digits.
const (
	firstDay = -719528
	lastDay  = 2932896
)

// civil returns the Gregorian date of a day of these years.
func civil(day int64) (y, m, d int) {
	z := int(day) + 719468 // from 0000-03-01, so that the leap day is the last
	if z < 0 {             // January and February of the year 0
		z += 146097
		y = -400
	}
	era := z / 146097
	doe := z % 146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	month := (5*doy + 2) / 153 // from March
	d = doy - (153*month+2)/5 + 1
	if m = month + 3; m > 12 {
		m -= 12
		y++
	}
	return y + yoe + era*400, m, d
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) } //nolint:gosec // below 100

// AppendDateTime appends the moment, counted in microseconds, in ISO 8601,
// with as many digits of a second as it needs, and with Z for an instant.
func AppendDateTime(b []byte, micro int64, utc bool) []byte {
	day := floorDiv(micro, microsPerDay)
	if day < firstDay || day > lastDay {
		b = time.UnixMicro(micro).UTC().AppendFormat(b, "2006-01-02T15:04:05.999999")
	} else {
		b = appendClock(append(AppendDate(b, day), 'T'), int(micro-day*microsPerDay))
	}
	if utc {
		b = append(b, 'Z')
	}
	return b
}

// appendClock appends the time of day, given in microseconds since midnight.
func appendClock(b []byte, micro int) []byte {
	seconds, fraction := micro/microsPerSecond, micro%microsPerSecond
	b = appendTwo(append(appendTwo(append(appendTwo(b, seconds/3600), ':'), seconds/60%60), ':'), seconds%60)
	if fraction == 0 {
		return b
	}
	b = append(b, '.')
	for unit := microsPerSecond / 10; fraction > 0; unit /= 10 {
		b = append(b, byte('0'+fraction/unit)) //nolint:gosec // a digit
		fraction %= unit
	}
	return b
}
