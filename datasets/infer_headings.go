package datasets

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// continuesHeader reports whether cells name columns below the header so far:
// columns of numbers or dates have texts in it, at least two, or one where the
// row also names columns that have no name yet, or is one of units.
func continuesHeader(header []headRow, cells []Cell, typed []bool) bool {
	named, _ := joinHeader(header)
	texts, holes := 0, 0
	for i, c := range cells {
		text := trim(c.Text)
		if len(text) == 0 {
			continue
		}
		if i >= len(named) || named[i] == "" {
			holes++
		}
		if i >= len(typed) || !typed[i] {
			continue
		}
		if isTyped(c) || nullMark(text) {
			return false
		}
		texts++
	}
	own := header[len(header)-1].cells
	if texts == 1 && holes == 0 {
		return isUnitRow(&headRow{cells: cells})
	}
	return texts > 0 && !sameCells(own, cells) && (texts > 1 || holes > 0)
}

// fillsHeader reports whether a row names the columns that the header so far
// leaves without a name: all of them, where its own holes are columns that have
// a name and a value in every row below; or, where the file knows its merged
// cells, where headings above it stand over it.
func fillsHeader(header []headRow, row *headRow, below []headRow) bool {
	if len(below) < 2 || hasValue(row.cells) {
		return false
	}
	above := &header[len(header)-1]
	over, down := false, false
	for _, m := range above.merged {
		down = down || m.Rows > 1 && above.row+m.Rows > row.row && !row.has(m.Column)
		over = over || m.Columns > 1 && m.Rows == 1 && row.has(m.Column) && row.has(m.Column+m.Columns-1)
	}
	if over && down {
		return true
	}
	filled, empty := 0, 0
	for i := range max(len(above.cells), len(row.cells)) {
		switch {
		case above.has(i) && !row.has(i):
			if slices.ContainsFunc(below, func(r headRow) bool { return !r.has(i) }) {
				return false
			}
			empty++
		case !above.has(i) && !row.has(i):
			return false
		case !above.has(i):
			filled++
		}
	}
	return filled > 0 && empty > 0 && len(above.merged) == 0
}

// has reports whether a column has text in the row.
func (r *headRow) has(column int) bool {
	return column < len(r.cells) && len(trim(r.cells[column].Text)) > 0
}

// repeatsBelow reports whether most of the rows below are the same as cells,
// which so are no header.
func repeatsBelow(cells []Cell, below []headRow) bool {
	same := 0
	for _, r := range below {
		if sameCells(r.cells, cells) {
			same++
		}
	}
	return same*2 > len(below)
}

// namesFirst reports whether a row of texts names the first columns of the row
// of data that stands directly below it: as a header that is too short does.
func namesFirst(head, data *headRow) bool {
	n := filled(head.cells)
	if n < 2 || head.row+1 != data.row || len(head.merged) > 0 || hasValue(head.cells) {
		return false
	}
	start := 0
	for !head.has(start) {
		start++
	}
	return len(head.cells) == start+n && data.has(start) && (start == 0 || !data.has(start-1))
}

// minNumbered is how many columns a row must number at least to be no data.
const minNumbered = 3

// numbersColumns reports whether a row below the header numbers the columns, as
// in the tables of yearbooks: 1, 2, 3 … in each, also where there are names
// below.
func numbersColumns(row *headRow, below []headRow) bool {
	n, names := 0, false
	typed := typedColumns(below)
	for i, c := range row.cells {
		text := trim(c.Text)
		if len(text) == 0 {
			continue
		}
		n++
		var buf [64]byte
		b, _ := asciiDigits(text, buf[:0])
		if string(bytes.Trim(b, "()[]")) != strconv.Itoa(n) {
			return false
		}
		names = names || i < len(typed) && !typed[i] && slices.ContainsFunc(below, func(r headRow) bool { return r.has(i) })
	}
	return n >= minNumbered && names
}

// joinHeader returns the headings that the rows of a header give together. A
// heading that stands over several columns is of all of them: those that it is
// merged over, or, where nothing is merged, those up to the next heading that
// the rows below name.
func joinHeader(rows []headRow) (header []string, covered []bool) {
	if slices.ContainsFunc(rows, func(r headRow) bool { return len(r.merged) > 0 }) {
		return spreadHeader(rows)
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	header = make([]string, width)
	for n, r := range rows {
		over := ""
		for i := range width {
			text := ""
			if i < len(r.cells) {
				text = string(r.cells[i].Text)
			}
			if n < len(rows)-1 { // spread over the columns that the rows below name
				if text = strings.TrimSpace(text); text != "" {
					over = text
				} else if namedBelow(rows[n+1:], i) {
					text = over
				}
			}
			switch {
			case header[i] == "":
				header[i] = text
			case strings.TrimSpace(text) != "" && strings.TrimSpace(text) != header[i]:
				header[i] += " / " + strings.TrimSpace(text)
			}
		}
	}
	return header, make([]bool, width)
}

func namedBelow(rows []headRow, column int) bool {
	for _, r := range rows {
		if column < len(r.cells) && len(trim(r.cells[column].Text)) > 0 {
			return true
		}
	}
	return false
}

// addUnits puts the units that stand in a row of their own behind the headings:
// "Area", "km²" is "Area (km²)".
func addUnits(header []string, units *headRow) {
	for i := range header {
		text, _ := units.heading(i)
		switch text = strings.TrimSpace(text); {
		case text == "":
		case header[i] == "":
			header[i] = text
		case isUnit(text):
			header[i] = strings.TrimSpace(header[i]) + " (" + unbracketed(text) + ")"
		case !unitHeadings[persian.Fold(text)]:
			header[i] = strings.TrimSpace(header[i]) + " / " + text
		}
	}
}

// isUnitRow reports whether all texts of a row are units, but for the first,
// which may say so.
func isUnitRow(row *headRow) bool {
	units, first := 0, true
	for _, c := range row.cells {
		text := string(trim(c.Text))
		if text == "" {
			continue
		}
		switch {
		case isUnit(text):
			units++
		case !first:
			return false
		}
		first = false
	}
	return units > 0
}

// unbracketed is a text without the brackets around it.
func unbracketed(text string) string {
	if before, inside := cutBracket(text); before == "" && inside != "" {
		return inside
	}
	return text
}

// isUnit reports whether a text is nothing but a unit: one in brackets, or
// words for units.
func isUnit(text string) bool {
	if inside := unbracketed(text); inside != text {
		return measures(inside)
	}
	words := strings.FieldsFunc(persian.Fold(text), func(r rune) bool { return unicode.IsSpace(r) || r == '/' || r == '.' || r == '‌' })
	for _, w := range words {
		if !unitWords[w] {
			return false
		}
	}
	return len(words) > 0
}

// unitHeadings are what the first cell of a row of units says.
var unitHeadings = labelSet("unit", "units", "unit of measure", "measure", "واحد", "یکا", "واحد اندازه گیری", "واحد سنجش", "einheit", "unité", "unidad")

// unitWords are the words of units, folded.
var unitWords = labelSet(
	"%", "‰", "٪", "percent", "per", "cent", "pct", "$", "€", "£", "usd", "eur", "gbp", "irr", "rial", "rials", "toman", "tomans", "dollar", "dollars", "euro", "euros",
	"hundred", "thousand", "thousands", "million", "millions", "billion", "billions", "trillion", "mn", "bn", "000s",
	"m", "km", "cm", "mm", "m2", "m²", "km2", "km²", "sq", "km^2", "m3", "m³", "ha", "hectare", "hectares", "metre", "metres", "meter", "meters", "kilometre", "kilometres", "kilometer", "kilometers", "square", "cubic",
	"kg", "g", "t", "ton", "tons", "tonne", "tonnes", "kilogram", "kilograms", "gram", "grams", "litre", "litres", "liter", "liters", "barrel", "barrels",
	"kwh", "mwh", "gwh", "twh", "kw", "mw", "gw", "persons", "person", "people", "inhabitants", "households", "number", "of", "years", "days", "hours", "°c",
	"ریال", "تومان", "دلار", "یورو", "درصد", "هزار", "میلیون", "میلیارد", "تریلیون", "نفر", "خانوار", "کیلومتر", "متر", "مربع", "مکعب", "هکتار", "کیلوگرم", "گرم", "تن",
	"لیتر", "بشکه", "عدد", "فقره", "دستگاه", "سال", "روز", "ساعت", "مگاوات", "کیلووات", "کیلوواتساعت", "سانتیمتر", "میلیمتر", "میلیلیتر", "رأس", "اصله", "قطعه", "واحد",
)
