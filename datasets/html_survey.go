package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/net/html"
)

// maxInner is how deep tables may stand in each other.
const maxInner = 64

// An htmlTable is what a survey of the page finds of a table.
type htmlTable struct {
	offset int64 // of its tag, in bytes of the text
	name   string
	header int // rows at its beginning that the page calls the header

	rows   int         // that have text
	widths map[int]int // how many of them have so many cells
	cells  int
	full   int // cells that have text
	heads  int // cells that are th
	fields int
	layout bool

	inHead, headless bool // in thead; the header has ended
	row              struct{ cells, full, heads int }
	down             []htmlDown // cells above that go on in the row at hand, and lower
	inCell, text     bool
}

// A survey finds the tables of a page.
type survey struct {
	file    *htmlFile
	s       *htmlScanner
	open    []*htmlTable
	found   []*htmlTable
	heading string  // the last one that no table has taken for its name
	title   *string // what text is being taken for: a heading or a caption
	kept    string  // its text so far
}

// survey returns the data tables of the page in their order.
func (h *htmlFile) survey(ctx context.Context) ([]*htmlTable, error) {
	r, err := h.text(0)
	if err != nil {
		return nil, fmt.Errorf("datasets: read %s: %w", h.name, err)
	}
	v := &survey{file: h, s: newHTMLScanner(ctx, r)}
	for {
		err := v.s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errToken) {
			return nil, fileError(h.name, 0, "html.broken", err)
		}
		if err == nil {
			err = v.token()
		}
		if err != nil {
			return nil, err
		}
	}
	for len(v.open) > 0 {
		v.endTable()
	}
	return v.tables()
}

// tables returns those found, named.
func (v *survey) tables() ([]*htmlTable, error) {
	if len(v.found) > maxTables {
		return nil, fileError(v.file.name, 0, "html.tables", maxTables)
	}
	taken := map[string]bool{}
	for i, t := range v.found {
		name := t.name
		if name == "" && len(v.found) > 1 {
			name = fmt.Sprintf("Table %d", i+1)
		}
		unique := name
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		taken[unique] = true
		t.name = unique
	}
	return v.found, nil
}

func (v *survey) token() error {
	if v.s.token == html.TextToken {
		if v.title != nil && len(v.kept) < maxName*4 {
			v.kept += string(v.s.text)
		}
		if t := v.table(); t != nil && t.inCell && len(trim(v.s.text)) > 0 {
			t.text = true
		}
		return nil
	}
	start := v.s.token != html.EndTagToken
	switch v.s.name {
	case "table":
		if !start {
			v.endTable()
			return nil
		}
		return v.startTable()
	case "h1", "h2", "h3", "h4", "h5", "h6":
		v.take(start, &v.heading)
	case "caption":
		if t := v.table(); t != nil {
			v.take(start, &t.name)
		}
	default:
		if t := v.table(); t != nil {
			t.tag(v.s, start)
		}
	}
	return nil
}

// table returns the innermost table.
func (v *survey) table() *htmlTable {
	if len(v.open) == 0 {
		return nil
	}
	return v.open[len(v.open)-1]
}

// take begins or ends to take text for a heading or caption.
func (v *survey) take(start bool, into *string) {
	if start {
		v.title, v.kept = into, ""
		return
	}
	if v.title == into {
		*into = nameOf(v.kept)
	}
	v.title = nil
}

func (v *survey) startTable() error {
	if len(v.open) == maxInner {
		return fileError(v.file.name, 0, "html.nested", maxInner)
	}
	v.title = nil
	v.open = append(v.open, &htmlTable{offset: v.s.offset, widths: map[int]int{}, layout: v.s.attrs.layout})
	return nil
}

func (v *survey) endTable() {
	t := v.table()
	if t == nil {
		return
	}
	t.endRow()
	v.open, v.title = v.open[:len(v.open)-1], nil
	if !t.isData() {
		if outer := v.table(); outer != nil && outer.inCell {
			outer.text = outer.text || t.full > 0
			outer.fields += t.fields
		}
		return
	}
	for _, outer := range v.open {
		outer.layout = true
	}
	if t.name == "" {
		t.name, v.heading = v.heading, ""
	}
	v.found = append(v.found, t)
}

// tag takes note of a tag in the table itself.
func (t *htmlTable) tag(s *htmlScanner, start bool) {
	switch s.name {
	case "thead":
		t.endRow()
		t.inHead = start
	case "tbody", "tfoot":
		t.endRow()
		t.inHead = false
	case "tr":
		t.endRow()
	case "td", "th":
		t.endCell()
		if !start {
			return
		}
		t.inCell, t.text = true, false
		columns := int(min(s.attrs.columns, maxColumns))
		t.row.cells += columns
		if s.attrs.rows > 1 && len(t.down) < maxColumns {
			t.down = append(t.down, htmlDown{columns, s.attrs.rows})
		}
		if s.name == "th" {
			t.row.heads++
			t.heads++
		}
	case "input":
		if s.attrs.field {
			t.fields++
		}
	case "select":
		t.fields++
	}
}

func (t *htmlTable) endCell() {
	if t.inCell {
		t.cells++
		if t.text {
			t.full++
			t.row.full++
		}
	}
	t.inCell = false
}

func (t *htmlTable) endRow() {
	t.endCell()
	row := t.row
	t.row.cells, t.row.full, t.row.heads = 0, 0, 0
	if row.cells > 0 {
		t.goDown()
	}
	if row.full == 0 {
		return
	}
	t.rows++
	if len(t.widths) < maxColumns {
		t.widths[row.cells]++
	}
	if !t.headless && (t.inHead || row.heads > 0 && row.heads >= row.full) {
		t.header++
	} else {
		t.headless = true
	}
}

// An htmlDown is a cell that goes on in so many rows, from its own.
type htmlDown struct {
	columns int
	rows    int64
}

// goDown goes to the next row, in which the cells from above stand too.
func (t *htmlTable) goDown() {
	t.down = slices.DeleteFunc(t.down, func(d htmlDown) bool { return d.rows <= 1 })
	for i := range t.down {
		t.down[i].rows--
		t.row.cells += t.down[i].columns
	}
}

// isData reports whether the table holds data.
func (t *htmlTable) isData() bool {
	width, usual := 0, 0
	for w, n := range t.widths {
		if n > usual || n == usual && w > width {
			width, usual = w, n
		}
	}
	switch {
	case t.layout, t.rows < 2, t.rows <= t.header, width < 2, t.full*4 < t.cells:
		return false
	case t.heads > 0:
		return t.fields <= t.rows
	}
	return t.fields == 0 && t.rows > 2 && usual*2 > t.rows && t.full*2 >= t.cells
}
