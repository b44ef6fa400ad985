package datasets

import (
	"context"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A ColumnChoice is the type that a person says a column of a file has, where
// the one that its cells show is not meant. What is no value of that type is
// null then, keeps its text as source, and is a fault that names its row.
type ColumnChoice struct {
	Table  string `json:"table,omitempty"` // as ImportedTable names it; empty for a file of one table
	Column string `json:"column"`          // its name
	Type   Type   `json:"type"`
	Layout string `json:"layout,omitempty"` // of a Date or DateTime: "dmy", "jalali" …; empty: the one that reads most
}

// Layouts are the orders of dates that a ColumnChoice may name.
var Layouts = []string{"iso", "jalali", "dmy", "mdy", "named"}

// Encodings returns the names that Options.Encoding may have.
func Encodings() []string {
	names := make([]string, len(charsets))
	for i, c := range charsets {
		names[i] = c.name
	}
	return names
}

// choose gives the columns of schema, which is that of Infer, the types that
// the choices for the table say. A choice for a column that is not there any
// more is a fault of the table. Tables that declare their types keep them.
func (s *Sheet) choose(ctx context.Context, schema Schema, table string, choices []ColumnChoice) (Schema, error) {
	var all []*trial
	for i := range choices {
		c := &choices[i]
		if c.Table != table {
			continue
		}
		at := schema.Index(c.Column)
		if at < 0 {
			s.faults.add(faultAt(0, c.Column, "choice.gone"))
			continue
		}
		if s.given == nil && s.columns[at].cell >= 0 {
			all = append(all, newTrial(at, s.columns[at].cell, c))
		}
	}
	if len(all) == 0 {
		return schema, nil
	}
	if err := s.try(ctx, all, (*trial).cell); err != nil {
		return nil, err
	}
	lost := false
	for _, t := range all {
		t.settle(s, &schema[t.at], &s.columns[t.at])
		lost = lost || t.lost > 0
	}
	if !lost {
		return schema, nil
	}
	n := newBuilder(schema, s.columns, s.width)
	return schema, s.try(ctx, all, func(t *trial, row int64, c *Cell) {
		if !n.reads(t.at, c.Text) {
			s.faults.add(faultAt(row, schema[t.at].Label, "choice."+schema[t.at].Type.String(), persian.Shorten(string(c.Text), mostCell)))
		}
	})
}

const mostCell = 40 // characters of a cell in a sentence

// try shows the trials every cell of their columns that has a value.
func (s *Sheet) try(ctx context.Context, all []*trial, cell func(t *trial, row int64, c *Cell)) error {
	for rec, err := range s.Records(ctx) {
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.from >= len(rec.Cells) {
				continue
			}
			if text := trim(rec.Cells[t.from].Text); len(text) > 0 && !nullMark(text) {
				cell(t, rec.Row, &rec.Cells[t.from])
			}
		}
	}
	return nil
}

// A trial reads the cells of a column as the type that was chosen for it, in
// every way in which such values are written, to find the one that reads most.
type trial struct {
	at, from int // of the column in the schema, of its cells in a record
	typ      Type
	layout   layout // 0: whichever reads most

	values, lost int64
	truths       int64
	timed, zoned int64
	styles       [styles]numberTally
	money        string // the currency beside numbers: that of the first
	dates        map[layout]int64
}

// A numberTally is what the numbers that a style reads are like.
type numberTally struct {
	reads       int64
	whole       int64
	digits, sig int // the most before and after the point
	float       bool
	min         int // digits after the point, with zeros
}

func newTrial(at, from int, c *ColumnChoice) *trial {
	t := &trial{at: at, from: from, typ: c.Type, dates: map[layout]int64{}}
	for l, name := range layoutNames {
		if name == c.Layout {
			t.layout = l
		}
	}
	for st := range t.styles {
		t.styles[st].min = maxNumber
	}
	return t
}

// cell takes note of a cell.
func (t *trial) cell(_ int64, c *Cell) {
	t.values++
	text := trim(c.Text)
	var buf [64]byte
	ascii, _ := asciiDigits(text, buf[:0])
	switch t.typ { //nolint:exhaustive // a text can be anything
	case Integer, Decimal:
		if rest, unit := cutMoney(ascii); unit != "" && (t.money == "" || t.money == unit) {
			t.money, ascii = unit, rest
		}
		for st := range styles {
			if n, ok := parseNumber(ascii, st); ok {
				t.styles[st].add(&n)
			}
		}
	case Boolean:
		if _, ok := parseTruth(text); ok {
			t.truths++
		}
	case Date, DateTime:
		t.date(ascii, text)
	}
}

func (y *numberTally) add(n *number) {
	y.reads++
	if n.sig == 0 && !n.exponent {
		y.whole++
	}
	y.digits, y.sig, y.min = max(y.digits, n.count-n.scale), max(y.sig, n.sig), min(y.min, n.scale)
	y.float = y.float || n.exponent || n.overflow
}

func (t *trial) date(ascii, text []byte) {
	date, at := cutTime(ascii)
	fits := dateLayouts(date, allLayouts)
	if fits == 0 && at == nil && len(text) != len(ascii) {
		fits = dateLayouts(text, allLayouts)
	}
	if at != nil {
		c, ok := parseClock(at)
		if !ok {
			return
		}
		if t.timed++; c.zoned {
			t.zoned++
		}
	}
	for l := range layoutNames {
		if fits&l != 0 {
			t.dates[l]++
		}
	}
}

// settle makes the column one of the chosen type.
func (t *trial) settle(s *Sheet, c *Column, f *format) {
	was := f.cell
	*f = format{cell: was, typ: t.typ}
	c.Type, c.Scale, c.Fixed, c.Float, c.UTC, c.Layout = t.typ, 0, false, false, false, ""
	switch t.typ { //nolint:exhaustive // the others have nothing to settle
	case Integer, Decimal:
		t.settleNumber(c, f)
	case Date, DateTime:
		f.layout = t.layout
		for _, name := range Layouts {
			if l := layoutNamed(name); t.layout == 0 && t.dates[l] > t.dates[f.layout] {
				f.layout = l
			}
		}
		if f.layout == 0 {
			f.layout = isoLayout
		}
		c.Layout = layoutNames[f.layout]
		f.utc = t.typ == DateTime && t.zoned*2 > t.values
		c.UTC = f.utc
	}
	f.money = t.money
	c.Unit = s.unitOf(c, f.money)
	t.lost = t.values - t.read(f)
}

// read returns how many cells are values of the type in the format.
func (t *trial) read(f *format) int64 {
	switch t.typ {
	case Integer:
		return t.styles[f.style].whole
	case Decimal:
		return t.styles[f.style].reads
	case Date:
		return t.dates[f.layout] - t.timed
	case DateTime:
		if f.utc {
			return t.zoned
		}
		return t.dates[f.layout] - t.zoned
	case Boolean:
		return t.truths
	default:
		return t.values
	}
}

func (t *trial) settleNumber(c *Column, f *format) {
	for st := range styles {
		y, best := &t.styles[st], &t.styles[f.style]
		if t.typ == Integer && y.whole > best.whole || t.typ == Decimal && y.reads > best.reads {
			f.style = st
		}
	}
	if y := &t.styles[f.style]; t.typ == Decimal && y.reads > 0 {
		f.scale = min(y.sig, maxScale)
		f.float = y.float || y.sig > maxScale || y.digits+y.sig > codeDigits+2
		if f.float {
			f.scale = 0
		}
		c.Scale, c.Float, c.Fixed = f.scale, f.float, !f.float && f.scale > 0 && y.min == f.scale
	}
}

// reads reports whether a cell of the column is a value of its type.
func (b *builder) reads(column int, text []byte) bool {
	v := &b.out.Columns[column]
	return b.schema[column].Type == Text || b.formats[column].parse(&b.schema[column], v, 0, text)
}
