// Package xlstest writes small old Excel workbooks for tests, record by record,
// so that they can also be wrong in any way.
package xlstest

import (
	"encoding/binary"
	"fmt"
	"math"
	"unicode/utf16"
)

// Pack returns values as the format stores them: numbers with the lowest byte
// first, in as many bytes as their type has; texts and bytes as they are.
func Pack(values ...any) []byte {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case byte:
			b = append(b, v)
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, v)
		case float64:
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic(fmt.Sprintf("xlstest: no way to store a %T", v))
		}
	}
	return b
}

// Record returns a record of the given kind.
func Record(id uint16, values ...any) []byte {
	data := Pack(values...)
	return Pack(id, uint16(len(data)), data)
}

// Wide returns text with two bytes a character.
func Wide(text string) []byte {
	var b []byte
	for _, c := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return b
}

// Text returns a string of Excel 97 with its length in two bytes.
func Text(text string) []byte {
	wide := Wide(text)
	return Pack(uint16(len(wide)/2), byte(1), wide)
}

// Begin returns the record that a part begins with: 0x600 and 0x500 are the
// versions 97 and 95; 5 is a book, 0x10 a sheet, 0x20 a chart.
func Begin(version, kind uint16) []byte { return Record(0x0809, version, kind, make([]byte, 4)) }

// End returns the record that a part ends with.
func End() []byte { return Record(0x000A) }

// Strings returns the shared strings in one record.
func Strings(texts ...string) []byte {
	var b []byte
	for _, t := range texts {
		b = append(b, Text(t)...)
	}
	return Record(0x00FC, uint32(len(texts)), uint32(len(texts)), b)
}

// Style returns a style that shows numbers by the given format.
func Style(format uint16) []byte { return Record(0x00E0, uint16(0), format, make([]byte, 16)) }

// Code returns a format.
func Code(id uint16, code string) []byte { return Record(0x041E, id, Text(code)) }

// Label returns a cell, by its row and column from 0, with the shared string
// of the given number.
func Label(row, column, text uint16) []byte {
	return Record(0x00FD, row, column, uint16(0), uint32(text))
}

// Number returns a cell with a number that is shown by a style.
func Number(row, column, style uint16, n float64) []byte {
	return Record(0x0203, row, column, style, n)
}

// A Sheet is a sheet of a book.
type Sheet struct {
	Name    string
	State   byte // 1 hidden, 2 very hidden
	Kind    byte // 0 with cells, 2 a chart
	Records []byte
}

// Stream returns the stream of a book of Excel 97: the records of the book as a
// whole, then its sheets.
func Stream(globals []byte, sheets ...Sheet) []byte { return stream(0x0600, globals, sheets) }

// Stream95 returns the stream of a book of Excel 95, whose texts are bytes.
func Stream95(globals []byte, sheets ...Sheet) []byte { return stream(0x0500, globals, sheets) }

func stream(version uint16, globals []byte, sheets []Sheet) []byte {
	list := func(at []uint32) []byte {
		b := append(Begin(version, 5), globals...)
		for i, s := range sheets {
			name := Pack(byte(len(s.Name)), s.Name)
			if version == 0x0600 {
				wide := Wide(s.Name)
				name = Pack(byte(len(wide)/2), byte(1), wide)
			}
			b = append(b, Record(0x0085, at[i], s.State, s.Kind, name)...)
		}
		return append(b, End()...)
	}
	at := make([]uint32, len(sheets))
	next := len(list(at))
	var body []byte
	for i, s := range sheets {
		at[i] = uint32(next + len(body))
		kind := uint16(0x10)
		if s.Kind == 2 {
			kind = 0x20
		}
		body = append(body, Begin(version, kind)...)
		body = append(body, s.Records...)
		body = append(body, End()...)
	}
	return append(list(at), body...)
}
