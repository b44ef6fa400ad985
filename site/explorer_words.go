package site

import (
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A said query is put together from these sentences: cond.… for conditions,
// view.… for the rest. The kinds of columns have words of their own, as dates
// are before and numbers below.
const (
	wordsText    = "text"
	wordsNumber  = "number"
	wordsDate    = "date"
	wordsBoolean = "boolean"
)

func wordsOf(c *datasets.Column) string {
	switch c.Type {
	case datasets.Integer, datasets.Decimal:
		return wordsNumber
	case datasets.Date, datasets.DateTime:
		return wordsDate
	case datasets.Boolean:
		return wordsBoolean
	default:
		return wordsText
	}
}

// A counted is how much a view shows of a table.
type counted struct {
	Rows   int64 // that match
	Groups int64 // that they make, where the view is of groups
	All    int64 // rows of the table
}

// sentence says what is shown: "42 rows of 1,200 in which …, by amount".
func (x *exploration) sentence(l *locale, n counted) template.HTML {
	q := &x.Query
	rows := l.HTML("view.rows", "n", n.Rows, "columns", len(x.Schema))
	if len(q.Filters) > 0 {
		rows = l.HTML("view.rows.where", "n", n.Rows, "total", n.All, "where", x.where(l))
	}
	if q.Grouped() {
		rows = x.groupSentence(l, n, rows)
	}
	if by := x.order(l); by != "" {
		return l.HTML("view.sorted", "what", rows, "by", by)
	}
	return rows
}

// groupSentence says what is computed: "sum of amount for each province, 31 groups".
func (x *exploration) groupSentence(l *locale, n counted, rows template.HTML) template.HTML {
	var figures, by []template.HTML
	for _, m := range x.Query.Measures {
		figures = append(figures, isolated(x.measureWords(l, m)))
	}
	if len(figures) == 0 {
		figures = append(figures, isolated(l.Text("measure.count")))
	}
	for _, g := range x.Query.Group {
		by = append(by, isolated(x.groupWords(l, g)))
	}
	args := []any{"figures", l.and(figures), "by", l.and(by), "n", n.Groups, "rows", rows}
	switch some := len(x.Query.Filters) > 0; {
	case len(by) == 0 && some:
		return l.HTML("view.figures.where", args...)
	case len(by) == 0:
		return l.HTML("view.figures", args...)
	case some:
		return l.HTML("view.groups.where", args...)
	default:
		return l.HTML("view.groups", args...)
	}
}

// where is all conditions in a sentence.
func (x *exploration) where(l *locale) template.HTML {
	var all []template.HTML
	for _, f := range x.Query.Filters {
		all = append(all, x.condition(l, f))
	}
	return l.and(all)
}

// order says what the result is sorted by, nothing when by nothing.
func (x *exploration) order(l *locale) template.HTML {
	var all []template.HTML
	for _, s := range x.Query.Sort {
		label, kind := x.resultLabel(l, s.Column)
		key := "order." + kind + ".asc"
		if s.Desc {
			key = "order." + kind + ".desc"
		}
		all = append(all, l.HTML(key, "column", label))
	}
	return l.and(all)
}

// condition is a filter in words.
func (x *exploration) condition(l *locale, f datasets.Filter) template.HTML {
	column, kind, write := f.Column, wordsText, l.quoted
	if i := x.Schema.Index(f.Column); i >= 0 {
		c := &x.Schema[i]
		column, kind = firstOf(c.Label, c.Name), wordsOf(c)
		if kind != wordsText {
			w := l.cellWriter(c, profileOf(x.Edition.Profile, c.Name), false)
			write = w.asked
		}
	}
	key := "cond." + kind + "." + string(f.Op)
	if f.Op == datasets.IsNull {
		key = "cond." + opEmpty
		if v := strings.ToLower(strings.Join(f.Values, "")); v == "false" || v == "0" || v == "no" {
			key = "cond." + opFilled
		}
	}
	if _, known := l.texts[key]; !known {
		key = "cond.text." + string(f.Op)
	}
	return l.HTML(key, "column", column, "value", l.either(f.Values, write))
}

// mostNamed is how many values of one condition are named.
const mostNamed = 6

// either is one of the values in words.
func (l *locale) either(values []string, write func(string) template.HTML) template.HTML {
	var all []template.HTML
	for _, v := range values[:min(len(values), mostNamed)] {
		all = append(all, write(persian.Shorten(v, longURL)))
	}
	if more := len(values) - mostNamed; more > 0 {
		all = append(all, l.HTML("list.more", "n", more))
	}
	return l.join(all, l.Text("list.or"))
}

func (l *locale) and(parts []template.HTML) template.HTML { return l.join(parts, l.Text("list.and")) }

// join puts parts together: a, b and c.
func (l *locale) join(parts []template.HTML, last string) template.HTML {
	var b strings.Builder
	for i, p := range parts {
		switch {
		case i == 0:
		case i == len(parts)-1:
			b.WriteString(" " + template.HTMLEscapeString(last) + " ")
		default:
			b.WriteString(template.HTMLEscapeString(l.Text("list.comma")) + " ")
		}
		b.WriteString(string(p))
	}
	return template.HTML(b.String()) //nolint:gosec // parts are escaped
}

// quoted is a text of the data between the quotation marks of the language.
func (l *locale) quoted(s string) template.HTML {
	return l.HTML("quoted", "text", verbatim(s))
}

// verbatim is a text as the data has it. One without a direction of its own keeps
// its digits and their order.
func verbatim(s string) template.HTML {
	if plainCode(s) {
		return leftToRight(s)
	}
	return isolated(s)
}

// leftToRight is a text whose digits and signs stand in their order.
func leftToRight(s string) template.HTML {
	return template.HTML(`<bdi dir="ltr">` + template.HTMLEscapeString(s) + "</bdi>") //nolint:gosec // escaped
}

// asked writes the value of a filter for a column that is no text, as the
// column's values are written where it is one.
func (w *cellWriter) asked(s string) template.HTML {
	text := strings.TrimSpace(s)
	switch w.column.Type {
	case datasets.Integer, datasets.Decimal:
		ascii := asciiNumber(text)
		if whole, part, _ := strings.Cut(strings.TrimPrefix(ascii, "-"), "."); isDigits(whole) && (part == "" || isDigits(part)) {
			return isolated(w.l.number(ascii, w.groups))
		}
	case datasets.Boolean:
		return isolated(w.l.boolean(text == "true" || text == "1"))
	case datasets.Date, datasets.DateTime:
		if t, err := time.Parse(time.DateOnly, text); err == nil && t.Year() >= lastJalali {
			return isolated(w.l.shortDay(t))
		}
	case datasets.Text:
	}
	return isolated(w.l.Digits(text))
}

// resultLabel is the label of a column of the result and the kind of its words.
func (x *exploration) resultLabel(l *locale, name string) (label, kind string) {
	for _, m := range x.Query.Measures {
		if m.Name() == name {
			return x.measureWords(l, m), wordsNumber
		}
	}
	for _, g := range x.Query.Group {
		if g.Name() == name && g.Part != datasets.Whole {
			return x.groupWords(l, g), wordsDate
		}
	}
	if i := x.Schema.Index(name); i >= 0 {
		c := &x.Schema[i]
		return firstOf(c.Label, c.Name), wordsOf(c)
	}
	if x.Query.Grouped() && strings.TrimRight(name, "_") == "count" {
		return l.Text("measure.count"), wordsNumber
	}
	return name, wordsText
}

// measureWords says what is computed: "sum of amount".
func (x *exploration) measureWords(l *locale, m datasets.Measure) string {
	if m.Op == datasets.OpCount {
		return l.Text("measure.count")
	}
	return l.Text("measure."+string(m.Op)+".of", "column", x.label(m.Column))
}

// groupWords says what rows are put together by: "year of date".
func (x *exploration) groupWords(l *locale, g datasets.GroupBy) string {
	if g.Part == datasets.Whole {
		return x.label(g.Column)
	}
	return l.Text("part."+string(g.Part)+".of", "column", x.label(g.Column))
}

// label is the label of a column of the table.
func (x *exploration) label(name string) string {
	if i := x.Schema.Index(name); i >= 0 {
		return firstOf(x.Schema[i].Label, name)
	}
	return name
}

// asciiNumber is a number as programs write it.
func asciiNumber(s string) string {
	return strings.NewReplacer("٫", ".", "٬", "", ",", "", "−", "-").Replace(persian.ASCIIDigits(s))
}
