package site

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A cell is one value of a table as a page shows it.
type cell struct {
	Kind    string // of markup: text, null, time, link, code, number
	Text    string
	Short   string // of a long text or address, what stands in its place first
	ISO     string // of a time, for machines
	Numeric bool
}

// A dataTable is some rows of a table on a page.
type dataTable struct {
	ID      string // of its caption
	Caption string
	Total   int64
	Head    []headCell
	Rows    [][]cell
}

// A headCell is the head of a column.
type headCell struct {
	Label   string
	Type    string
	Numeric bool
	URL     string // sorts by the column; empty where there is no sorting
	Sorted  string // "ascending" or "descending" when it is the one
}

// Texts in cells that are longer than longText letters are folded. Of those that
// are longer than mostText bytes pages have the beginning, files and the API all.
const (
	mostText  = 32 << 10
	longText  = 240
	shortText = 120
	longURL   = 48
)

// A cellWriter writes the values of one column as the readers of one language
// expect them.
type cellWriter struct {
	l      *locale
	column *datasets.Column
	groups bool // digits of whole numbers stand in groups
	raw    bool // as the source wrote them
}

// cellWriter returns the writer of column c, of which profile is known or nil.
func (l *locale) cellWriter(c *datasets.Column, profile *datasets.ColumnProfile, raw bool) cellWriter {
	return cellWriter{l: l, column: c, groups: grouped(c, profile), raw: raw}
}

// identifying finds columns whose numbers name something, by their names.
var identifying = regexp.MustCompile(`(?i)(^|[^a-z])(id|ids|code|year|yr|zip|fips|no|number|phone)([^a-z]|$)|^clave|^c[oó]digo|^n[uú]mero|کد|شناسه|شماره|سال`)

// grouped reports whether the digits of a column's whole numbers are to stand
// in groups: not those of years and identifiers.
func grouped(c *datasets.Column, profile *datasets.ColumnProfile) bool {
	const small = 10000
	if c.Type != datasets.Integer {
		return true
	}
	if identifying.MatchString(c.Label) || identifying.MatchString(c.Name) {
		return false
	}
	if profile == nil {
		return true
	}
	low, errLow := strconv.ParseInt(profile.Min, 10, 64)
	high, errHigh := strconv.ParseInt(profile.Max, 10, 64)
	return errLow != nil || errHigh != nil || low <= -small || high >= small
}

// cell writes value i of v.
func (w *cellWriter) cell(v *datasets.Vector, i int) cell {
	if v.Null[i] {
		return cell{Kind: "null", Numeric: w.column.Numeric()}
	}
	if w.raw {
		return w.source(v, i)
	}
	switch w.column.Type {
	case datasets.Text:
		return textCell(v.Text[i])
	case datasets.Boolean:
		return cell{Kind: "text", Text: w.l.boolean(v.Int[i] != 0)}
	case datasets.Date:
		return w.l.dateCell(v.Int[i])
	case datasets.DateTime:
		return w.l.momentCell(v.Int[i], w.column.UTC)
	case datasets.Integer, datasets.Decimal:
		text := string(w.column.Append(nil, v, i))
		return cell{Kind: "number", Text: w.l.number(text, w.groups), Numeric: true}
	}
	return cell{Kind: "text", Text: string(w.column.Append(nil, v, i))}
}

func (w *cellWriter) source(v *datasets.Vector, i int) cell {
	for _, s := range v.Source {
		if s.Row == i {
			return cell{Kind: "code", Text: s.Text, Numeric: w.column.Numeric()}
		}
	}
	if w.column.Type == datasets.Text {
		return textCell(v.Text[i])
	}
	return cell{Kind: "code", Text: string(w.column.Append(nil, v, i)), Numeric: w.column.Numeric()}
}

func (l *locale) boolean(b bool) string {
	if b {
		return l.Text("cell.true")
	}
	return l.Text("cell.false")
}

func textCell(s string) cell {
	switch {
	case len(s) > mostText:
		return cell{Kind: "text", Text: persian.CutBytes(s, mostText) + "…", Short: persian.Cut(s, shortText)}
	case (strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")) && !strings.ContainsAny(s, " \t\n"):
		return cell{Kind: "link", Text: s, Short: persian.Shorten(s, longURL)}
	case plainCode(s):
		return cell{Kind: "code", Text: s}
	case len(s) > longText && utf8.RuneCountInString(s) > longText:
		return cell{Kind: "text", Text: s, Short: persian.Cut(s, shortText)}
	default:
		return cell{Kind: "text", Text: s}
	}
}

// plainCode reports whether a text has no letter that gives it a direction but
// digits or signs whose order matters: a phone number, a code.
func plainCode(s string) bool {
	found := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r == '+':
			found = true
		case r > utf8.RuneSelf, r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return false
		}
	}
	return found
}

// dateCell writes a day, short, in the reader's calendar.
func (l *locale) dateCell(days int64) cell {
	iso := string(datasets.AppendDate(nil, days))
	return cell{Kind: "time", Text: l.shortDay(time.Unix(days*24*60*60, 0).UTC()), ISO: iso}
}

// momentCell writes an instant on the reader's clock, or a time of unknown
// zone as it is.
func (l *locale) momentCell(micro int64, utc bool) cell {
	t := time.UnixMicro(micro).UTC()
	iso := string(datasets.AppendDateTime(nil, micro, utc))
	if utc {
		t = t.In(l.zone)
	}
	layout := "15:04"
	if t.Second() != 0 {
		layout = time.TimeOnly
	}
	return cell{Kind: "time", Text: l.shortDay(t) + " " + l.Digits(t.Format(layout)), ISO: iso}
}

// shortDay is 1405/08/30 in Persian, 2026-11-21 in English.
func (l *locale) shortDay(t time.Time) string {
	if l.lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return d.Numeric(l.lang)
		}
	}
	return l.Digits(t.Format(time.DateOnly))
}

// canonical writes a canonically printed value of column c, as profiles hold
// them.
func (w *cellWriter) canonical(s string) string {
	switch w.column.Type {
	case datasets.Integer, datasets.Decimal:
		return w.l.number(s, w.groups)
	case datasets.Boolean:
		return w.l.boolean(s == "true")
	case datasets.Date:
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return w.l.shortDay(t)
		}
	case datasets.DateTime:
		if t, precision := parseISO(s); precision == precisionTime {
			return w.l.momentCell(t.UnixMicro(), w.column.UTC).Text
		}
	case datasets.Text:
	}
	return persian.Shorten(s, shortText)
}
