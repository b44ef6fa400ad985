package datasets

import (
	"math"
	"strconv"
	"strings"
)

// A dateKind is what a number format makes of a number.
type dateKind uint8

const (
	plainNumber dateKind = iota
	dateFormat           // a date, with its time if it has one
	clockFormat          // a time of day
	hoursFormat          // hours, which may be more than 24
)

// builtIn are the formats that workbooks need not spell out and that are of
// dates and times. 27 to 36 and 50 to 58 are those of East Asia.
func builtIn(id int) dateKind {
	switch {
	case 14 <= id && id <= 17, id == 22, 27 <= id && id <= 31, id == 36, 50 <= id && id <= 54, id == 57, id == 58:
		return dateFormat
	case 18 <= id && id <= 21, 32 <= id && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return clockFormat
	case id == 46:
		return hoursFormat
	}
	return plainNumber
}

// formatKind tells the kind of a number format by its code. Texts in quotes,
// colours, conditions and languages are no part of it.
func formatKind(code string) dateKind {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	var day, clock, month bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return plainNumber
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return plainNumber
			}
			if inner := code[i+1 : i+end]; inner != "" && strings.Trim(inner, string(inner[0])) == "" && strings.Contains("hms", inner[:1]) {
				return hoursFormat
			}
			i += end
		case 'y', 'd':
			day = true
		case 'h', 's':
			clock = true
		case 'm':
			month = true
		case '0', '#', '?', '@':
			if !clock { // 0 stands behind seconds, else it is of a number
				return plainNumber
			}
		case 'g', 'e':
			if strings.HasPrefix(code[i:], "general") {
				return plainNumber
			}
		}
	}
	switch {
	case day, month && !clock:
		return dateFormat
	case clock:
		return clockFormat
	}
	return plainNumber
}

// The days of 1970-01-01 in the two systems of day numbers. The first counts
// a 29 February 1900 that never was.
const (
	epoch1900 = 25569
	epoch1904 = 24107
)

// lastSerial is the number of the day after 9999-12-31.
const lastSerial = 2958466

// appendSerial appends a date or time that is stored as a number, in ISO 8601,
// and tells of what kind the cell is. Numbers that are no date are appended as
// numbers. Days count from 1904-01-01 in workbooks that say so, else from
// 1900-01-01.
func appendSerial(b []byte, serial float64, kind dateKind, from1904 bool) ([]byte, CellKind) {
	const dayMilli = 24 * 60 * 60 * 1000
	milli := int64(math.Round(serial * dayMilli))
	switch {
	case serial < 0 || serial >= lastSerial || kind == dateFormat && serial < 1 && !from1904:
		return AppendFloat(b, serial), CellNumber
	case kind == hoursFormat, kind == clockFormat && serial < 1:
		return appendHours(b, milli), CellText
	}
	day, clock := milli/dayMilli, milli%dayMilli
	switch {
	case from1904:
		day -= epoch1904
	case day < 60:
		day -= epoch1900 - 1
	default:
		day -= epoch1900
	}
	if clock == 0 {
		return AppendDate(b, day), CellDate
	}
	return AppendDateTime(b, (day*dayMilli+clock)*1000, false), CellDate
}

// appendHours appends hh:mm, with :ss where there are seconds.
func appendHours(b []byte, milli int64) []byte {
	seconds := (milli + 500) / 1000
	for i, n := range []int64{seconds / 3600, seconds / 60 % 60, seconds % 60} {
		if i == 2 && n == 0 {
			break
		}
		if i > 0 {
			b = append(b, ':')
		}
		if n < 10 {
			b = append(b, '0')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return b
}
