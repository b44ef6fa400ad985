package exporters

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/xuri/excelize/v2"
)

// A sheet writes the XML of worksheets. It holds what is the same for all rows.
type sheet struct {
	schema datasets.Schema
	head   []string
	refs   []string // `<c r="A`
	styles []int    // of the cells of a column
	src    sources
	raw    bool
	rtl    bool
	rows   int64 // of the whole table
}

func newSheet(t *datasets.Table, o Options) *sheet {
	s := &sheet{
		schema: t.Schema, head: Header(t.Schema), src: make(sources, len(t.Schema)),
		raw: o.Raw, rows: t.Rows,
	}
	s.rtl = rightToLeft(s.head)
	for i := range t.Schema {
		s.refs = append(s.refs, `<c r="`+columnLetters(i))
		style := styleText
		if !o.Raw {
			style = styleOf(&t.Schema[i])
		}
		s.styles = append(s.styles, style)
	}
	return s
}

// columnLetters returns the letters of the column with the given number from 0:
// A to Z, AA to ZZ, AAA and so on.
func columnLetters(i int) string {
	letters := ""
	for i++; i > 0; i = (i - 1) / 26 {
		letters = string(rune('A'+(i-1)%26)) + letters
	}
	return letters
}

// rightToLeft reports whether most of the headings that have letters begin
// with a letter of the Arabic or Hebrew script.
func rightToLeft(head []string) bool {
	right, left := 0, 0
	for _, h := range head {
		i := strings.IndexFunc(h, unicode.IsLetter)
		if i < 0 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(h[i:]); unicode.In(r, unicode.Arabic, unicode.Hebrew) {
			right++
		} else {
			left++
		}
	}
	return right > left
}

// sheetsFor returns how many sheets so many rows need.
func sheetsFor(rows int64) int { return max(1, int((rows+sheetRows-1)/sheetRows)) }

// rowsOn returns how many rows of the table stand on sheet n, counted from 1.
func (s *sheet) rowsOn(n int) int64 {
	return min(sheetRows, s.rows-int64(n-1)*sheetRows)
}

// area returns the cells of sheet n with its header, as in A1:C10.
func (s *sheet) area(n int) string {
	return fmt.Sprintf("A1:%s%d", columnLetters(max(0, len(s.head)-1)), s.rowsOn(n)+1)
}

func (s *sheet) appendHead(b []byte, n int) []byte {
	b = append(b, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`+"\n"+
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="`...)
	b = append(b, s.area(n)...)
	b = append(b, `"/><sheetViews><sheetView`...)
	if s.rtl {
		b = append(b, ` rightToLeft="1"`...)
	}
	if n == 1 {
		b = append(b, ` tabSelected="1"`...)
	}
	b = append(b, ` workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`+
		`<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`...)
	b = s.appendWidths(b)
	b = append(b, `<sheetData><row r="1">`...)
	for i, h := range s.head {
		b = append(append(b, s.refs[i]...), '1')
		b = appendTextCell(b, h, styleHead)
	}
	return append(b, "</row>"...)
}

// appendWidths makes each column about as wide as its heading and its kind of
// values need.
func (s *sheet) appendWidths(b []byte) []byte {
	if len(s.head) == 0 {
		return b
	}
	b = append(b, "<cols>"...)
	for i := range s.schema {
		least := 10
		switch s.schema[i].Type {
		case datasets.Text:
			least = 18
		case datasets.DateTime:
			least = 21
		case datasets.Integer, datasets.Decimal, datasets.Boolean, datasets.Date:
			least = 12
		}
		// The filter's button takes about three characters.
		width := min(max(least, utf8.RuneCountInString(s.head[i])+3), 50)
		b = fmt.Appendf(b, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width)
	}
	return append(b, "</cols>"...)
}

func (s *sheet) appendTail(b []byte, n int) []byte {
	b = append(b, "</sheetData>"...)
	if len(s.head) > 0 {
		b = fmt.Appendf(b, `<autoFilter ref="%s"/>`, s.area(n))
	}
	return append(b, "</worksheet>"...)
}

// appendRow appends row of the batch, which is row at of the whole table.
func (s *sheet) appendRow(b []byte, batch *datasets.Batch, row int, at int64) ([]byte, error) {
	var digits [8]byte
	number := strconv.AppendInt(digits[:0], at%sheetRows+2, 10)
	b = append(append(append(b, `<row r="`...), number...), `">`...)
	for i := range batch.Columns {
		v := &batch.Columns[i]
		source, found := "", false
		if s.raw && len(v.Source) > 0 {
			source, found = s.src.at(v, i, row)
		}
		if v.Null[row] && !found {
			continue
		}
		b = append(append(b, s.refs[i]...), number...)
		text := source
		if s.schema[i].Type == datasets.Text && !found {
			text = v.Text[row]
		}
		if len(text) > cellUnits && utf16Len(text) > cellUnits {
			return b, cellFault(at, s.head[i], fmt.Sprintf(
				"the text has %d characters and a cell of Excel holds %d: take CSV or Parquet", utf16Len(text), cellUnits))
		}
		switch {
		case found || s.schema[i].Type == datasets.Text:
			b = appendTextCell(b, text, styleText)
		case s.raw:
			b = s.appendPrint(b, v, i, row)
		default:
			b = s.appendTyped(b, v, i, row)
		}
	}
	return append(b, "</row>"...), nil
}

// appendTyped appends the rest of the cell of a column that is not Text.
func (s *sheet) appendTyped(b []byte, v *datasets.Vector, column, row int) []byte {
	c := &s.schema[column]
	switch c.Type {
	case datasets.Boolean:
		return append(append(b, `" t="b"><v>`...), '0'+byte(v.Int[row]&1), '<', '/', 'v', '>', '<', '/', 'c', '>')
	case datasets.Date:
		if serial := v.Int[row] + unixDay; firstSerial <= serial && serial <= lastSerial {
			b = appendStyle(b, s.styles[column])
			b = strconv.AppendInt(b, serial, 10)
			return append(b, "</v></c>"...)
		}
	case datasets.DateTime:
		// In whole days and the rest, so that no digit is lost on the way.
		if day := floorDiv(v.Int[row], dayMicros) + unixDay; firstSerial <= day && day <= lastSerial {
			style := s.styles[column]
			if v.Int[row]%1e6 != 0 {
				style = styleMillis
			}
			rest := float64(v.Int[row]-(day-unixDay)*dayMicros) / dayMicros
			b = appendStyle(b, style)
			b = strconv.AppendFloat(b, float64(day)+rest, 'f', -1, 64)
			return append(b, "</v></c>"...)
		}
	case datasets.Integer:
		if significant(v.Int[row]) {
			b = appendStyle(b, s.styles[column])
			b = strconv.AppendInt(b, v.Int[row], 10)
			return append(b, "</v></c>"...)
		}
	case datasets.Decimal, datasets.Text:
		if !c.Float || finite(v.Float[row]) {
			b = appendStyle(b, s.styles[column])
			b = c.Append(b, v, row)
			return append(b, "</v></c>"...)
		}
	}
	return s.appendPrint(b, v, column, row)
}

// appendPrint appends the rest of a cell that holds the canonical print as text.
func (s *sheet) appendPrint(b []byte, v *datasets.Vector, column, row int) []byte {
	b = append(b, `" t="inlineStr"><is><t>`...)
	b = s.schema[column].Append(b, v, row)
	return append(b, "</t></is></c>"...)
}

func appendStyle(b []byte, style int) []byte {
	if style == styleText {
		return append(b, `"><v>`...)
	}
	b = append(b, `" s="`...)
	b = strconv.AppendInt(b, int64(style), 10)
	return append(b, `"><v>`...)
}

// significant reports whether the 15 digits that Excel keeps hold n.
func significant(n int64) bool {
	const limit = 1e15
	for n >= limit || n <= -limit {
		if n%10 != 0 {
			return false
		}
		n /= 10
	}
	return true
}

const (
	dayMicros = 24 * 60 * 60 * 1e6
	unixDay   = 25569 // the serial number of 1970-01-01
	// Excel has a day 1900-02-29 that never was: serial numbers are right from
	// the next day on, 1900-03-01, to 9999-12-31.
	firstSerial = 61
	lastSerial  = 2958465
)

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// sheetName returns the name of sheet n, counted from 1, of a table with the
// given title: without the characters that sheet names may not hold, and of 31
// code units at most.
func sheetName(title string, n int) string {
	suffix := ""
	if n > 1 {
		suffix = fmt.Sprintf(" (%d)", n)
	}
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || !xmlRune(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(title, " "))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), "' ")
	for utf16Len(name)+len(suffix) > excelize.MaxSheetNameLength {
		_, size := utf8.DecodeLastRuneInString(name)
		name = strings.TrimRight(name[:len(name)-size], "' ")
	}
	if name == "" || strings.EqualFold(name, "history") { // Excel keeps this one for itself
		name = "Data"
	}
	return name + suffix
}
