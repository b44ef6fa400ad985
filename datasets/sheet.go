package datasets

import (
	"context"
	"iter"
	"slices"
)

// A Sheet is a table of a file whose types are not yet known: the one table of
// a CSV file, or a sheet of a workbook that has rows. It reads its file anew
// each time it is ranged over and never keeps more than a few rows; the file
// must stay open as long as the sheet is used. It is not for two goroutines at
// once.
type Sheet struct {
	Name   string   // of the sheet in its workbook; empty for a file of one table
	Header []string // the headings as the source wrote them; shorter than the rows where they have none
	Notes  []string // what stood before the header, a line each; after Infer also what stood below the table

	Encoding  string // of the text ("utf-8", "windows-1256" …); empty where the format says it
	Delimiter string // between the cells of a CSV file; empty where the file has one column
	HeaderRow int64  // the row of the header, or the last of its rows; 0 when there is none

	// Totals are the rows of data, counted from 0 and ascending, that are sums
	// of others; known after Infer.
	Totals []int64

	file    string // its name, for faults
	size    int64  // in bytes, where it is a text that is read row by row
	width   int    // columns of the table, but for _extra
	given   *Table // of a format that declares the types of its columns
	body    int64  // records of the file before the first row of data
	records func(ctx context.Context) iter.Seq2[*Record, error]
	shapes  func(ctx context.Context) iter.Seq2[Shape, error] // as Table.Shapes

	covered []bool // headings by column that only a merged cell beside them gives

	columns []format // what Infer found, by column of the schema
	faults  faultList
	checked bool  // Infer has seen every row and noted its faults
	titles  int   // of Notes, those that stood before the header
	ended   bool  // footnotes stand below the table, which
	end     int64 // has so many rows
	sparse  bool  // rows leave out empty cells at their end
}

// A Record is one row of a sheet as its file has it. It is valid until the
// next one is asked for.
type Record struct {
	Row   int64 // as the author of the file counts, from 1 with the header
	Cells []Cell
	// Merged are the ranges of merged cells that begin in this row, where the
	// format knows them. Only their first cells have a text in Cells.
	Merged []Merged
}

// A Cell is the text of one cell, and what its file says of it.
type Cell struct {
	Text []byte
	Kind CellKind
}

// A CellKind is what a file itself says of a cell.
type CellKind uint8

// Cells of text may hold anything. The others are of formats that know types:
// their text is the canonical print of the value, a date in ISO 8601.
const (
	CellText CellKind = iota
	CellNumber
	CellDate // a date, or a date with a time
	CellBoolean
)

// Records yields the rows of data in order: not the notes, not the header, not
// blank rows (those without any text), not rows that repeat the header or a
// title, and not the footnotes that Infer found. Of merged cells a filler repeats those that are labels.
func (s *Sheet) Records(ctx context.Context) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		n, row := int64(0), int64(0)
		f := filler{header: s.Header}
		defer func() {
			if f.full {
				s.fault(faultAt(0, "", "merged", maxRepeated>>20))
			}
		}()
		for rec, err := range s.records(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			if n++; n <= s.body || blank(rec.Cells) {
				continue
			}
			if s.repeatsHeader(rec.Cells) {
				s.fault(faultAt(rec.Row, "", "row.header"))
				continue
			}
			if s.repeatsTitle(rec.Cells) {
				s.fault(faultAt(rec.Row, "", "row.title"))
				continue
			}
			if row++; s.ended && row > s.end {
				return
			}
			f.fill(rec)
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// Faults returns what is wrong with the rows of the sheet, at most MaxFaults
// of them, and how many faults there are. They are complete after Infer, or
// after a whole scan of the table.
func (s *Sheet) Faults() (faults []Fault, total int64) { return s.faults.kept, s.faults.total }

// fault notes a fault of a row, once: later readings find the same again.
func (s *Sheet) fault(f Fault) {
	if !s.checked {
		s.faults.add(f)
	}
}

type faultList struct {
	kept  []Fault
	total int64
}

func (l *faultList) add(f Fault) {
	if l.total++; len(l.kept) < MaxFaults {
		l.kept = append(l.kept, f)
	}
}

// repeatsHeader reports whether a row is the header once more, as in files
// that were put together from several.
func (s *Sheet) repeatsHeader(cells []Cell) bool {
	if s.HeaderRow == 0 || len(cells) < 2 || len(cells) != len(s.Header) {
		return false
	}
	for i := range cells {
		if string(cells[i].Text) != s.Header[i] {
			return false
		}
	}
	return true
}

// repeatsTitle reports whether a row is one of the lines above the header once
// more, as at the top of each printed page.
func (s *Sheet) repeatsTitle(cells []Cell) bool {
	if s.titles == 0 || s.HeaderRow == 0 || s.width < minNumbered || !oneFilled(cells) {
		return false
	}
	return slices.Contains(s.Notes[:s.titles], noteOf(cells))
}

// blank reports whether no cell has any text but white space.
func blank(cells []Cell) bool {
	for i := range cells {
		if len(trim(cells[i].Text)) > 0 {
			return false
		}
	}
	return true
}

// filled returns how many cells have text other than white space.
func filled(cells []Cell) int {
	n := 0
	for i := range cells {
		if len(trim(cells[i].Text)) > 0 {
			n++
		}
	}
	return n
}

// oneFilled reports whether exactly one cell has text other than white space.
func oneFilled(cells []Cell) bool {
	n := 0
	for i := 0; i < len(cells) && n < 2; i++ {
		if len(trim(cells[i].Text)) > 0 {
			n++
		}
	}
	return n == 1
}

// trim returns b without white space, no-break spaces and marks of direction
// around it.
func trim(b []byte) []byte {
	if n := len(b); n > 0 && plainEnd(b[0]) && plainEnd(b[n-1]) {
		return b
	}
	for len(b) > 0 {
		n := spaceAt(b)
		if n == 0 {
			break
		}
		b = b[n:]
	}
	for len(b) > 0 {
		n := spaceBefore(b)
		if n == 0 {
			break
		}
		b = b[:len(b)-n]
	}
	return b
}

// plainEnd reports whether c begins or ends no white space: most cells do not.
func plainEnd(c byte) bool { return ' ' < c && c < 0x80 }

// spaceAt returns the length of the white space that b begins with: one
// character, or 0.
func spaceAt(b []byte) int {
	switch c := b[0]; {
	case c == ' ' || '\t' <= c && c <= '\r':
		return 1
	case c == 0xC2 && len(b) > 1 && b[1] == 0xA0:
		return 2
	case c == 0xE2 && len(b) > 2 && b[1] == 0x80 && invisible(b[2]):
		return 3
	}
	return 0
}

// spaceBefore is spaceAt for the end of b.
func spaceBefore(b []byte) int {
	n := len(b)
	switch c := b[n-1]; {
	case c == ' ' || '\t' <= c && c <= '\r':
		return 1
	case c == 0xA0 && n > 1 && b[n-2] == 0xC2:
		return 2
	case n > 2 && b[n-3] == 0xE2 && b[n-2] == 0x80 && invisible(c):
		return 3
	}
	return 0
}

// invisible reports whether E2 80 c is a space, a ZWNJ or a mark of direction.
func invisible(c byte) bool { return 0x80 <= c && c <= 0x8F || 0xAA <= c && c <= 0xAF }
