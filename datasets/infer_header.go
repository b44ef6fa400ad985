package datasets

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"
)

// headRows and headText bound the rows among which the header is looked for.
const (
	headRows = 250
	headText = 8 << 20
)

// maxHeader is how many rows a header has at most.
const maxHeader = 5

// A headRow is one of the first rows of a file that are not blank.
type headRow struct {
	record int64 // its place among all records of the file, from 1
	row    int64
	cells  []Cell
	merged []Merged
}

// collectHead returns the first of the records that are not blank, copied.
func collectHead(records iter.Seq2[*Record, error]) ([]headRow, error) {
	var rows []headRow
	n, size := int64(0), 0
	for rec, err := range records {
		if err != nil {
			return nil, err
		}
		if n++; blank(rec.Cells) {
			continue
		}
		cells := make([]Cell, len(rec.Cells))
		for i, c := range rec.Cells {
			cells[i] = Cell{bytes.Clone(c.Text), c.Kind}
			size += len(c.Text)
		}
		rows = append(rows, headRow{n, rec.Row, cells, slices.Clone(rec.Merged)})
		if len(rows) == headRows || size > headText {
			break
		}
	}
	return rows, nil
}

// findHeader finds the header among the first rows; see headerOf.
func (s *Sheet) findHeader(ctx context.Context, want int64) error {
	rows, err := collectHead(s.records(ctx))
	if err == nil {
		s.headerOf(rows, want)
	}
	return err
}

// headerOf sets the header, the notes before it and the width. The header is
// the first row that is about as full as the rows usually are, holds mostly
// text, and says with text what columns of numbers or dates hold. Rows below
// that go on to name the columns belong to it. want is the row a person named,
// -1 for none, 0 to look for it.
func (s *Sheet) headerOf(rows []headRow, want int64) {
	s.width = s.usualWidth(rows)
	first, last := 0, 0 // rows[first:last] is the header
	switch {
	case len(rows) == 0 || want < 0:
	case want > 0:
		for first < len(rows)-1 && rows[first].row < want {
			first++
		}
		last = first + 1
	default:
		first, last = headerRows(rows)
	}
	s.setHeader(rows, first, last)
}

// setHeader makes rows[first:last] the header and those before it notes.
func (s *Sheet) setHeader(rows []headRow, first, last int) {
	for _, r := range rows[:first] {
		s.Notes = append(s.Notes, noteOf(r.cells))
	}
	s.titles = len(s.Notes)
	if last == first {
		if first > 0 {
			s.body = rows[first-1].record
		}
		return
	}
	head := rows[first:last]
	if n := len(head) - 1; n > 0 && isUnitRow(&head[n]) {
		s.Header, s.covered = joinHeader(head[:n])
		addUnits(s.Header, &head[n])
	} else {
		s.Header, s.covered = joinHeader(head)
	}
	s.HeaderRow, s.body = rows[last-1].row, rows[last-1].record
	if last < len(rows)-1 && numbersColumns(&rows[last], rows[last+1:]) {
		s.body = rows[last].record
	}
	s.width = max(s.width, len(s.Header))
}

// usualWidth returns the number of cells that most rows have; where rows leave
// out empty cells at their end, the number that the longest has.
func (s *Sheet) usualWidth(rows []headRow) int {
	if s.sparse {
		width := 0
		for _, r := range rows {
			width = max(width, len(r.cells))
		}
		return width
	}
	return mode(rows, func(r headRow) int { return len(r.cells) })
}

// mode returns the most frequent measure of the rows, the largest of equals.
func mode(rows []headRow, measure func(headRow) int) int {
	counts := map[int]int{}
	best := 0
	for _, r := range rows {
		counts[measure(r)]++
	}
	for v, n := range counts {
		if n > counts[best] || n == counts[best] && v > best {
			best = v
		}
	}
	return best
}

// headerRows returns which of the rows are the header; none when the first
// full row is data.
func headerRows(rows []headRow) (first, last int) {
	usual := mode(rows, func(r headRow) int { return r.filled() })
	for first < len(rows)-1 && !startsTable(rows[first:], usual) {
		first++
	}
	if first == len(rows)-1 && len(rows) > 1 {
		first = 0 // nothing looks like a header: what stands first is it
	}
	typed := typedColumns(rows[first+1:])
	if isData(rows[first].cells, typed, rows[first+1:]) || repeatsBelow(rows[first].cells, rows[first+1:]) {
		if first > 0 && namesFirst(&rows[first-1], &rows[first]) {
			return first - 1, first
		}
		return first, first
	}
	last = first + 1
	for last < len(rows)-1 && last-first < maxHeader && !numbersColumns(&rows[last], rows[last+1:]) &&
		(continuesHeader(rows[first:last], rows[last].cells, typed) || fillsHeader(rows[first:last], &rows[last], rows[last+1:])) {
		last++
		typed = typedColumns(rows[last:])
	}
	for last-first > 1 && hasValue(rows[first].cells) { // a title with a number in it
		first++
	}
	return first, last
}

// hasValue reports whether one of the cells is a number or a date, unless they
// are years in a row, as headings may be.
func hasValue(cells []Cell) bool {
	values, years := 0, 0
	for _, c := range cells {
		if text := trim(c.Text); len(text) > 0 && isTyped(c) {
			values++
			if yearOf(text) > 0 {
				years++
			}
		}
	}
	return values > 0 && (values != years || years < 2)
}

// startsTable reports whether the first of the rows may be a header by its
// width: at least half as full as usual, or as wide as the rows below it.
func startsTable(rows []headRow, usual int) bool {
	n := rows[0].filled()
	if n >= 2 && n*2 >= usual || usual <= 1 {
		return true
	}
	return n >= 3 && len(rows) > 1 && len(rows[0].cells) == len(rows[1].cells) && n*4 >= usual
}

// typedColumns returns which columns of the rows hold numbers, dates or times
// for the most part.
func typedColumns(rows []headRow) []bool {
	var typed, full []int
	for _, r := range rows {
		for i, c := range r.cells {
			for len(full) <= i {
				typed, full = append(typed, 0), append(full, 0)
			}
			switch text := trim(c.Text); {
			case len(text) == 0 || nullMark(text):
			case isTyped(c):
				typed[i]++
				full[i]++
			default:
				full[i]++
			}
		}
	}
	is := make([]bool, len(full))
	for i := range full {
		is[i] = typed[i] > 0 && typed[i]*10 >= full[i]*6
	}
	return is
}

// isTyped reports whether a cell holds a number, a date or a time, in any
// style: it is not for deciding which.
func isTyped(c Cell) bool {
	if c.Kind != CellText {
		return true
	}
	var buf [64]byte
	b, _ := asciiDigits(trim(c.Text), buf[:0])
	if len(b) == 0 || len(b) > 40 {
		return false
	}
	for st := range styles {
		if _, ok := parseNumber(b, st); ok {
			return true
		}
	}
	if allDigits(b) || clockLike(b) {
		return true
	}
	date, _ := cutTime(b)
	return dateLayouts(date, allLayouts) != 0
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

func clockLike(b []byte) bool {
	_, ok := parseClock(b)
	return ok
}

// isData reports whether cells are a row of data rather than a header: no
// column of numbers or dates has a text there, and some have one of their kind
// that is no year, or a text of the row comes again below it.
func isData(cells []Cell, typed []bool, below []headRow) bool {
	data, years, last := 0, 0, 0
	for i, c := range cells {
		text := trim(c.Text)
		if len(text) == 0 || i >= len(typed) || !typed[i] {
			continue
		}
		if !isTyped(c) {
			if !nullMark(text) {
				return false // a text names a column
			}
			continue
		}
		if y := yearOf(text); y > last { // 1990, 1991 … are headings as often as values
			last = y
			years++
		}
		data++
	}
	if data > 0 {
		return data != years || years < 2
	}
	return len(below) > 1 && comesAgain(cells, below)
}

// yearOf returns the year from 1300 to 2100 that text is, or 0.
func yearOf(text []byte) int {
	var buf [64]byte
	b, _ := asciiDigits(text, buf[:0])
	if len(b) != 4 || !allDigits(b) {
		return 0
	}
	y := int(b[0]-'0')*1000 + int(b[1]-'0')*100 + int(b[2]-'0')*10 + int(b[3]-'0')
	if y < 1300 || y > 2100 {
		return 0
	}
	return y
}

// comesAgain reports whether at least two cells, or the only one, have their
// text again below in their column, though the row as a whole does not.
func comesAgain(cells []Cell, below []headRow) bool {
	again := 0
	for i, c := range cells {
		for _, r := range below {
			if i < len(r.cells) && len(c.Text) > 0 && bytes.Equal(r.cells[i].Text, c.Text) && !sameCells(r.cells, cells) {
				again++
				break
			}
		}
	}
	return again >= 2
}

func sameCells(a, b []Cell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i].Text, b[i].Text) {
			return false
		}
	}
	return true
}

// noteOf returns the text of a row before the header.
func noteOf(cells []Cell) string {
	var texts []string
	for _, c := range cells {
		if t := trim(c.Text); len(t) > 0 {
			texts = append(texts, string(t))
		}
	}
	return strings.Join(texts, " ")
}

// anyRow refuses a file without a row of data and without a header.
func (s *Sheet) anyRow(ctx context.Context) error {
	if len(s.Header) > 0 {
		return nil
	}
	for _, err := range s.Records(ctx) {
		return err
	}
	return fileError(s.file, 0, "norows")
}
