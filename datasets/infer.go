package datasets

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A format is how the source writes the values of one column, and where.
type format struct {
	cell   int // the cell of a record that holds the value; -1 for _extra
	typ    Type
	style  style
	layout layout
	scale  int
	float  bool
	utc    bool
	money  string // the currency that stands beside amounts; empty: none does

	reading *Reading // of numbers that could be read in two ways
}

// extraName is the column that keeps the cells beyond the last column, as a
// JSON array of strings.
const extraName = "_extra"

// Infer reads every row and returns the columns with the types that all of
// their values have. Whatever is not proved to be a number, a date or a truth
// value is text:
//
//   - A number has no leading zero, no plus sign and fewer than 16 digits
//     before the point. Groups of thousands, which not all numbers need to have,
//     and decimal commas count where the column, another column or the delimiter
//     show which they are; see Reading.
//   - Digits of one length under a heading that says id, code, کد, شناسه … are
//     a code, and those under phone, zip, تلفن … always are: text.
//   - A date has a year of four digits. 5/11/1998 is read when some value of
//     the column can only be day/month or only month/day. Years from 1200 to
//     1500 before the month are Jalali.
//   - A truth value is true or false, yes or no, بله or خیر and the like, both
//     of one pair; 0 and 1 are numbers.
//   - An empty cell is null. Texts such as "NA" and "-" (nullMarks) are null
//     in a column that is otherwise of one type, and keep their text as source.
//
// A column of which all cells are empty is left out when it has no heading,
// else it is text. Footnotes below the table are no rows of it but Notes. Rows
// that are sums of others are marked in Totals, and the last of Notes says so.
func (s *Sheet) Infer(ctx context.Context) (Schema, error) {
	if s.given != nil {
		return s.given.Schema, nil
	}
	in := s.newInference()
	defer in.guessing.wait()
	foot := feet{narrow: s.width < 3}
	for rec, err := range s.Records(ctx) {
		if err != nil {
			return nil, err
		}
		if s.HeaderRow > 0 && s.width > 1 && foot.hold(rec) {
			continue
		}
		in.addAll(foot.release())
		in.add(rec)
	}
	rows, notes := foot.end()
	in.addAll(rows)
	if len(notes) > 0 {
		s.ended, s.end = true, in.row+1
		s.Notes = append(s.Notes, notes...)
	}
	told := s.checked
	s.checked = true
	schema := s.schema(in.guessing.end(), in.extra)
	if told {
		return schema, nil // the same as before
	}
	return schema, s.findTotals(ctx, schema, in.totals)
}

// An inference is what the rows of a sheet have shown so far.
type inference struct {
	sheet    *Sheet
	guessing *guessing
	extra    bool // some row has cells beyond the last column
	totals   []totalRow
	row      int64 // the last one, from 0
}

func (s *Sheet) newInference() inference {
	return inference{sheet: s, guessing: newGuessing(s.width), row: -1}
}

func (in *inference) addAll(rows []Record) {
	for i := range rows {
		in.add(&rows[i])
	}
}

// add takes note of a row.
func (in *inference) add(rec *Record) {
	s, cells := in.sheet, rec.Cells
	in.row++
	if label := totalLabelOf(cells); label != noTotal && len(in.totals) < maxTotalRows {
		in.totals = append(in.totals, totalRow{in.row, label})
	}
	if len(cells) > s.width {
		beyond := filled(cells[s.width:])
		in.extra = in.extra || beyond > 0
		if beyond > 0 {
			s.fault(faultAt(rec.Row, "", "row.long", len(cells), s.width, extraName))
		}
		cells = cells[:s.width]
	}
	if len(cells) < s.width && !s.sparse {
		s.fault(faultAt(rec.Row, "", "row.short", len(cells), s.width))
	}
	in.guessing.add(cells)
}

// schema makes the columns of what the cells showed.
func (s *Sheet) schema(guesses []guess, extra bool) Schema {
	ev := evidence{commas: s.Delimiter == ","}
	for i := range guesses {
		ev.add(&guesses[i])
	}
	var schema Schema
	s.columns = s.columns[:0]
	for i := range guesses {
		label := ""
		if i < len(s.Header) {
			label = s.Header[i]
		}
		g := &guesses[i]
		if g.values == 0 && g.marks == 0 && (strings.TrimSpace(label) == "" || i < len(s.covered) && s.covered[i]) {
			continue
		}
		c := Column{Name: label, Label: label}
		f := g.decide(label, ev)
		f.cell = i
		c.Type, c.Scale, c.Float, c.UTC = f.typ, f.scale, f.float, f.utc
		if f.typ == Decimal && !f.float {
			c.Fixed = g.scales[f.style].min == f.scale
		}
		if f.typ == Date || f.typ == DateTime {
			c.Layout = layoutNames[f.layout]
			if g.stored == g.values {
				c.Layout = "serial"
			}
		}
		c.Unit = s.unitOf(&c, f.money)
		schema = append(schema, c)
		s.columns = append(s.columns, f)
	}
	if extra {
		schema = append(schema, Column{Name: extraName, Label: extraName})
		s.columns = append(s.columns, format{cell: -1})
	}
	nameColumns(schema, s.columns)
	return schema
}

// nameColumns makes the names of the columns of their headings: without line
// ends and white space around, never empty, and unique also for those who do
// not tell small letters from capital ones.
func nameColumns(schema Schema, formats []format) {
	taken := map[string]bool{}
	for i := range schema {
		name := nameOf(schema[i].Name)
		if name == "" {
			name = fmt.Sprintf("column_%d", formats[i].cell+1)
		}
		unique := name
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s_%d", name, n)
		}
		taken[strings.ToLower(unique)] = true
		schema[i].Name = unique
	}
}

// maxName is the longest name of a column, in characters. Questions of surveys
// stand whole in the label.
const maxName = 120

// nameOf makes a name of a heading.
func nameOf(label string) string {
	name := strings.Join(strings.FieldsFunc(label, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == 0xFEFF
	}), " ")
	if utf8.RuneCountInString(name) > maxName {
		name = strings.TrimSpace(string([]rune(name)[:maxName]))
	}
	return name
}

// codeWords are words of headings of codes: digits of one length under them
// are text.
var codeWords = map[string]bool{
	"id": true, "ids": true, "code": true, "codes": true, "kod": true, "kode": true, "codigo": true, "código": true,
	"uid": true, "uuid": true, "guid": true, "key": true, "ref": true, "fips": true, "geoid": true, "isin": true,
	"siren": true, "siret": true, "insee": true, "istat": true, "naics": true, "cpv": true, "ein": true, "duns": true,
	"iban": true, "isbn": true, "issn": true, "nid": true, "nr": true, "number": true, "no": true, "num": true,
	"کد": true, "شناسه": true, "شماره": true, "identifier": true, "cin": true,
}

// numberWords are words of headings under which digits never count anything.
var numberWords = map[string]bool{
	"zip": true, "postal": true, "postcode": true, "postleitzahl": true, "plz": true, "cep": true, "پستی": true, "کدپستی": true,
	"phone": true, "tel": true, "telephone": true, "mobile": true, "fax": true, "cell": true, "تلفن": true, "موبایل": true, "همراه": true,
	"نمابر": true, "دورنگار": true, "ssn": true, "کدملی": true, "zipcode": true,
}
