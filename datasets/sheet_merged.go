package datasets

import (
	"bytes"
	"strings"
)

// A Merged is a range of merged cells whose first cell, which alone has the
// text, stands in a record. Rows and columns count the first.
type Merged struct {
	Column  int // from 0
	Columns int
	Rows    int64
}

// maxRepeated bounds, for one reading, the bytes that merged cells repeat: a
// few bytes of a file may claim to stand over a million rows.
const maxRepeated = 256 << 20

// A filler repeats what stands in merged cells. Cells that are merged downward
// are the label of a group: rows of a table have to say it each for themselves.
// So a text, a date or a truth value stands in every row of its range, in the
// first of its columns. A number is repeated only where it is a label too: in
// the first column of the table, as a year, or under a heading of codes. Other
// numbers would be counted twice, and stay where they are.
type filler struct {
	header   []string
	open     []openMerged
	repeated int64
	full     bool // maxRepeated is reached
}

// An openMerged is a merged range that goes on below the row at hand.
type openMerged struct {
	column int
	last   int64 // row
	cell   Cell
}

// fill sets the cells of a record that ranges from above cover.
func (f *filler) fill(rec *Record) {
	if len(f.open) > 0 {
		f.cover(rec)
	}
	for _, m := range rec.Merged {
		if m.Rows < 2 || m.Column >= len(rec.Cells) || len(trim(rec.Cells[m.Column].Text)) == 0 || !f.repeats(rec, m.Column) {
			continue
		}
		c := rec.Cells[m.Column]
		f.open = append(f.open, openMerged{m.Column, rec.Row + m.Rows - 1, Cell{bytes.Clone(c.Text), c.Kind}})
	}
}

func (f *filler) cover(rec *Record) {
	still := f.open[:0]
	for _, o := range f.open {
		if o.last < rec.Row || begins(rec.Merged, o.column) {
			continue
		}
		if f.repeated += int64(len(o.cell.Text)); f.repeated > maxRepeated {
			f.full = true
			continue
		}
		still = append(still, o)
		for len(rec.Cells) <= o.column {
			rec.Cells = append(rec.Cells, Cell{})
		}
		if len(trim(rec.Cells[o.column].Text)) == 0 {
			rec.Cells[o.column] = o.cell
		}
	}
	f.open = still
}

// begins reports whether another range begins in the column: the file
// contradicts itself, and what stands lower is it.
func begins(merged []Merged, column int) bool {
	for _, m := range merged {
		if m.Column == column && m.Rows > 1 {
			return true
		}
	}
	return false
}

// repeats reports whether the cell of a range is a label.
func (f *filler) repeats(rec *Record, column int) bool {
	c := rec.Cells[column]
	if c.Kind == CellDate || c.Kind == CellBoolean || !isTyped(c) || yearOf(trim(c.Text)) > 0 {
		return true
	}
	if len(trim(c.Text)) > 0 && filled(rec.Cells[:column]) == 0 {
		return true
	}
	if column >= len(f.header) {
		return false
	}
	for _, word := range labelWords(f.header[column]) {
		if codeWords[word] || word == "ردیف" || word == "year" || word == "سال" {
			return true
		}
	}
	return false
}

// spreadHeader returns the headings that the rows of a header give together in
// a file that knows its merged cells: a heading is of all columns that its
// range covers. The columns that have a heading only because ranges of others
// cover them are marked.
func spreadHeader(rows []headRow) (header []string, covered []bool) {
	width := 0
	for _, r := range rows {
		width = max(width, r.width())
	}
	header, covered = make([]string, width), make([]bool, width)
	for i := range covered {
		covered[i] = true
	}
	for _, r := range rows {
		for i := range width {
			text, own := r.heading(i)
			text = strings.TrimSpace(text)
			covered[i] = covered[i] && !own
			if text == "" || header[i] == text || strings.HasSuffix(header[i], " / "+text) {
				continue
			}
			if header[i] == "" {
				header[i] = text
			} else {
				header[i] += " / " + text
			}
		}
	}
	return header, covered
}

// width returns the number of columns of the row with its merged ranges.
func (r *headRow) width() int {
	width := len(r.cells)
	for _, m := range r.merged {
		if m.Column < len(r.cells) && m.Columns <= maxColumns {
			width = max(width, m.Column+m.Columns)
		}
	}
	return width
}

// heading returns the text of a column, which may be that of a merged range;
// own reports whether it stands there itself.
func (r *headRow) heading(column int) (text string, own bool) {
	if column < len(r.cells) && len(trim(r.cells[column].Text)) > 0 {
		return string(r.cells[column].Text), true
	}
	for _, m := range r.merged {
		if m.Column < column && column < m.Column+m.Columns && m.Column < len(r.cells) {
			return string(r.cells[m.Column].Text), false
		}
	}
	return "", false
}

// filled returns how many columns the texts of the row stand over. One text
// alone is a title, however wide.
func (r *headRow) filled() int {
	n := filled(r.cells)
	if n < 2 {
		return n
	}
	for _, m := range r.merged {
		if m.Column < len(r.cells) && len(trim(r.cells[m.Column].Text)) > 0 {
			n += m.Columns - 1
		}
	}
	return n
}
