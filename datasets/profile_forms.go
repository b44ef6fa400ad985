package datasets

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// Bounds of the search for forms: the longest text whose form is looked at,
// how many forms a column may have (streets are no units), after how many values
// of none it may be given up, and the share of values that must have one.
const (
	maxFormText  = 64
	maxForms     = 8
	formPatience = 200
	formShare    = 0.9
)

// forms takes note of how the source writes the values of one column.
type forms struct {
	column *Column
	blanks int64
	digits formList
	dates  formList
	units  formList
	plain  int64 // typed values that print as they are written
}

// A formList is the forms of a kind that were seen.
type formList struct {
	forms  []Form
	found  int64 // values of one of them
	others int64
	off    bool // no longer looked for
}

func (l *formList) add(kind, example string, n int64) {
	l.found += n
	for i := range l.forms {
		if l.forms[i].Kind == kind {
			l.forms[i].Count += n
			if example < l.forms[i].Example { // so that it does not matter in which order they come
				l.forms[i].Example = strings.Clone(example)
			}
			return
		}
	}
	if len(l.forms) == maxForms {
		l.forms, l.off = nil, true
		return
	}
	l.forms = append(l.forms, Form{Kind: strings.Clone(kind), Example: strings.Clone(example), Count: n})
}

// rest gives up when most of many values have no form.
func (l *formList) rest() {
	l.off = l.off || l.others > formPatience && l.others > l.found
}

// several returns the forms, the most frequent first, if there are several and
// enough of all values have one.
func (l *formList) several(values int64) []Form {
	if l.off || len(l.forms) < 2 || float64(l.found) < formShare*float64(values) {
		return nil
	}
	slices.SortFunc(l.forms, func(a, b Form) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Kind, b.Kind)) })
	return l.forms
}

func newForms(c *Column) forms {
	f := forms{column: c}
	f.units.off = c.Type != Text
	f.dates.off = c.Type != Text && c.Type != Date && c.Type != DateTime
	return f
}

// text takes note of a value of a column of text, which comes n times.
func (f *forms) text(value string, n int64) {
	if len(value) > maxFormText {
		if unspaced := strings.TrimFunc(value, unicode.IsSpace); len(unspaced) != len(value) {
			f.blanks += n
		}
		f.dates.others += n
		f.units.others += n
		return
	}
	var raw [maxFormText]byte
	b := trim(raw[:copy(raw[:], value)])
	if len(b) != len(value) {
		f.blanks += n
	}
	f.scripts(value, n)
	if len(b) == 0 || f.dates.off && f.units.off {
		return
	}
	var buf [maxFormText]byte
	ascii, _ := asciiDigits(b, buf[:0])
	if !f.dates.off {
		if kind := dateForm(ascii, b); kind != "" {
			f.dates.add(kind, value, n)
		} else {
			f.dates.others += n
		}
	}
	if !f.units.off {
		if unit, ok := unitAround(ascii); ok {
			f.units.add(unit, value, n)
		} else {
			f.units.others += n
		}
	}
}

// sources takes note of the texts of typed values from and up to, but not
// including, to.
func (f *forms) sources(v *Vector, from, to int) {
	for _, null := range v.Null[from:to] {
		if !null {
			f.plain++
		}
	}
	at, _ := slices.BinarySearchFunc(v.Source, from, func(s SourceText, row int) int { return cmp.Compare(s.Row, row) })
	for _, s := range v.Source[at:] {
		if s.Row >= to {
			return
		}
		if v.Null[s.Row] || len(s.Text) > maxFormText {
			continue
		}
		f.plain--
		f.source(s.Text)
	}
}

func (f *forms) source(text string) {
	var raw, buf [maxFormText]byte
	b := trim(raw[:copy(raw[:], text)])
	if len(b) != len(text) {
		f.blanks++
	}
	if f.column.Type == Boolean {
		return
	}
	f.scripts(text, 1)
	if !f.dates.off {
		ascii, _ := asciiDigits(b, buf[:0])
		f.dates.add(f.column.Layout+dateSign(ascii), text, 1)
	}
}

// digitScripts are the scripts of digits.
var digitScripts = [...]string{"latin", "persian", "arabic"}

// scripts takes note of whose digits a value has.
func (f *forms) scripts(value string, n int64) {
	var has [len(digitScripts)]bool
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case '0' <= c && c <= '9':
			has[0] = true
		case c == 0xDB && i+1 < len(value) && 0xB0 <= value[i+1] && value[i+1] <= 0xB9:
			has[1] = true
		case c == 0xD9 && i+1 < len(value) && 0xA0 <= value[i+1] && value[i+1] <= 0xA9:
			has[2] = true
		}
	}
	for i, is := range has {
		if is {
			f.digits.add(digitScripts[i], value, n)
		}
	}
}

// fill tells of the forms in a profile of so many values.
func (f *forms) fill(out *ColumnProfile, values int64) {
	out.Blanks = f.blanks
	if f.plain > 0 && f.column.Type != Text && f.column.Type != Boolean {
		f.digits.add(digitScripts[0], out.Min, f.plain)
		if !f.dates.off {
			f.dates.add(plainDates[f.column.Layout], out.Min, f.plain)
		}
	}
	if out.Digits = f.digits.several(0); f.column.Type == Text && len(out.Digits) > 0 && out.Digits[1].Count*100 < out.Digits[0].Count {
		out.Digits = nil // a few in names are a matter of taste
	}
	out.Dates = f.dates.several(values)
	out.Units = f.units.several(values)
}

// dateSign is what stands between the numbers of a date, or nothing where its
// month is a word.
func dateSign(ascii []byte) string {
	for i, c := range ascii {
		switch {
		case '0' <= c && c <= '9':
		case i > 0 && (c == '-' || c == '/' || c == '.'):
			return string(ascii[i : i+1])
		default:
			return ""
		}
	}
	return ""
}

// dateForm names the form of a date: the order of its parts and the sign
// between them. It is empty for what is no date.
func dateForm(ascii, text []byte) string {
	if len(ascii) < 6 || ascii[0] < '0' || ascii[0] > '9' {
		return ""
	}
	date, _ := cutTime(ascii)
	fits := dateLayouts(date, allLayouts)
	if fits == 0 && len(text) != len(ascii) {
		fits = dateLayouts(text, allLayouts)
	}
	sign := dateSign(ascii)
	switch {
	case fits == dmyLayout|mdyLayout:
		return "dmy or mdy" + sign
	case fits != 0:
		return layoutNames[fits] + sign
	case shortDate(date, sign):
		return "short" + sign
	}
	return ""
}

// shortDate reports whether b is a date whose year has two digits.
func shortDate(b []byte, sign string) bool {
	if sign == "" {
		return false
	}
	parts := bytes.Split(b, []byte(sign))
	return len(parts) == 3 && !slices.ContainsFunc(parts, func(p []byte) bool { return len(p) > 2 || !allDigits(p) })
}

// plainDates is the form of dates that are written as they print, by layout.
var plainDates = map[string]string{"iso": "iso-", "serial": "serial", "": "iso-"}

// unitAround returns what stands behind a number, or the sign of a currency
// before it, folded; nothing where it stands alone. ok says that b is a number
// with or without a unit.
func unitAround(b []byte) (unit string, ok bool) {
	if r, n := utf8.DecodeRune(b); unicode.Is(unicode.Sc, r) {
		rest := bytes.TrimLeft(b[n:], " ")
		behind, is := unitAround(rest)
		return string(r), is && behind == ""
	}
	i := 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		i++
	}
	from := i
	for i < len(b) && ('0' <= b[i] && b[i] <= '9' || i > from && (b[i] == '.' || b[i] == ',')) {
		i++
	}
	if i == from {
		return "", false
	}
	rest := string(bytes.Trim(b[i:], " ."))
	if rest == "" {
		return "", true
	}
	if utf8.RuneCountInString(rest) > 16 || strings.ContainsFunc(rest, notOfUnit) {
		return "", false
	}
	unit = persian.Fold(rest)
	if first, n := utf8.DecodeRuneInString(unit); n == len(unit) && unicode.IsLetter(first) && !strings.ContainsRune("mgtlwhskم", first) {
		return "", false // 12 b is the second door of a house
	}
	return unit, !noUnits[unit]
}

// notOfUnit reports whether a character stands in no unit.
func notOfUnit(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsControl(r) || strings.ContainsRune("()[]{}:;,،؛=<>!?\"'&+–—", r) || r == '-'
}

// noUnits are what stands behind numbers and is none: of times and places in a
// row.
var noUnits = map[string]bool{"am": true, "pm": true, "st": true, "nd": true, "rd": true, "th": true, "a.m": true, "p.m": true, "ام": true}
