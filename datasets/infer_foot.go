package datasets

import (
	"bytes"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// Footnotes: how many rows they are at most, and how long one.
const (
	maxFeet     = 20
	maxFootText = 4 << 10
)

// feet are the rows with a single text with which a table may end. They are
// kept until it is known whether they are the last, since one that is a
// footnote shows nothing of its column.
type feet struct {
	narrow bool  // a table of two columns, of which one may be empty
	last   int64 // the row of the file before them
	rows   []Record
	spaced bool // more rows come than footnotes are: none is held any more
}

// hold takes a row that may be a footnote; it reports whether it did.
func (f *feet) hold(rec *Record) bool {
	if f.spaced || !oneFilled(rec.Cells) {
		f.last = rec.Row
		return false
	}
	for _, c := range rec.Cells {
		if text := trim(c.Text); len(text) > 0 && (c.Kind != CellText || len(text) > maxFootText || isTyped(c)) {
			f.last = rec.Row
			return false
		}
	}
	cells := make([]Cell, len(rec.Cells))
	for i, c := range rec.Cells {
		cells[i] = Cell{bytes.Clone(c.Text), c.Kind}
	}
	f.rows = append(f.rows, Record{Row: rec.Row, Cells: cells})
	f.spaced = len(f.rows) > maxFeet
	return true
}

// release returns the rows that were held and are no footnotes, since others
// follow them.
func (f *feet) release() []Record {
	rows := f.rows
	f.rows, f.spaced = nil, false
	return rows
}

// end returns the rows at the end of the table that were held: those that
// belong to it, and the texts of its footnotes. A footnote begins like one, or
// stands apart from the table by an empty row; what follows one is another.
func (f *feet) end() (rows []Record, notes []string) {
	before := f.last
	for i := range f.rows {
		text := noteOf(f.rows[i].Cells)
		if !f.spaced && (len(notes) > 0 || footLike(text) || !f.narrow && f.rows[i].Row > before+1) {
			notes = append(notes, text)
		} else {
			rows = append(rows, f.rows[i])
		}
		before = f.rows[i].Row
	}
	return rows, notes
}

// footWords are how footnotes begin, folded.
var footWords = []string{
	"source", "sources", "note", "notes", "remark", "quelle", "anmerkung", "hinweis", "fuente", "nota", "fonte", "note:", "bron",
	"منبع", "منابع", "ماخذ", "یادداشت", "توضیح", "توضیحات", "تذکر", "ملاحظات", "المصدر", "ملاحظه",
}

// footLike reports whether a text begins like a footnote: with an asterisk, or
// a word such as "Source:".
func footLike(text string) bool {
	if strings.HasPrefix(text, "*") && strings.Trim(text, "* ") != "" || strings.HasPrefix(text, "†") || strings.HasPrefix(text, "※") {
		return true
	}
	before, _, ok := strings.Cut(text, ":")
	if !ok {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimSpace(persian.Fold(before)), " ")
	for _, w := range footWords {
		if persian.Fold(w) == first {
			return true
		}
	}
	return false
}
