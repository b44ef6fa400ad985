package site

import (
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A scoreSum is the points of a check as they follow from its criteria.
type scoreSum struct {
	Rows   []criterionRow
	Sum    string // "4 + 3 + 4 + 2 + 4 = 17"
	Points int64
}

// A criterionRow is what a check found by one criterion.
type criterionRow struct {
	Criterion indicators.Criterion
	Points    int64
	Bar       bar
	Why       []template.HTML
}

// scoreSum reads the criteria of a check in their order. What some of them
// alone add up to is scaled to all points, as the check does. columns are those
// of the set that it was made by.
func (l *locale) scoreSum(c *indicators.Check, columns map[string]indicators.Names) *scoreSum {
	s := scoreSum{Points: int64(c.Points)}
	var terms []string
	sum := 0
	for _, criterion := range indicators.Criteria {
		var row *criterionRow
		for i := range c.Facts {
			f := &c.Facts[i]
			if f.Criterion != criterion {
				continue
			}
			if row == nil {
				s.Rows = append(s.Rows, criterionRow{Criterion: criterion})
				row = &s.Rows[len(s.Rows)-1]
			}
			if f.Points != nil {
				row.Points = int64(*f.Points)
				row.Bar.setBar(row.Points, indicators.Each, l.lang)
				sum += *f.Points
				terms = append(terms, l.Num(row.Points))
			}
			row.Why = append(row.Why, l.sentence(f.Text, f.Said))
			if missing := l.columnTitles(f.Missing, columns); missing != "" {
				row.Why = append(row.Why, template.HTML(template.HTMLEscapeString(l.Text("criterion.missing", "list", missing)))) //nolint:gosec // escaped
			}
		}
	}
	s.Sum = strings.Join(terms, " + ")
	most := len(terms) * indicators.Each
	switch {
	case len(terms) == 0:
	case most == indicators.Most:
		s.Sum += " = " + l.Num(int64(sum))
	case sum*indicators.Most%most != 0:
		s.Sum = l.Text("sum.floored", "sum", s.Sum, "most", int64(indicators.Most), "of", int64(most), "points", s.Points)
	default:
		s.Sum = l.Text("sum.scaled", "sum", s.Sum, "most", int64(indicators.Most), "of", int64(most), "points", s.Points)
	}
	return &s
}

// columnTitles are the titles of columns that are asked for, by their ids.
func (l *locale) columnTitles(ids []string, columns map[string]indicators.Names) string {
	var titles []string
	for _, id := range ids {
		titles = append(titles, l.said(columns[id].Title).Text)
	}
	return strings.Join(titles, l.Text("list.comma")+" ")
}

// A valueExample is how the value of an agency follows from its indicators: the
// mean of each by its weight.
type valueExample struct {
	Terms string // "2 × 17 + 1 × 12.5"
	Over  int64  // the sum of the weights
	Sign  string // "=", or "≈" where rounding on the way shows
	Value string
}

// valueExample writes out a value; nil where there is none.
func (l *locale) valueExample(value *float64, parts []indicators.Part) *valueExample {
	if value == nil || len(parts) == 0 {
		return nil
	}
	const exact = 2
	e := valueExample{Value: l.Float(*value, 1), Sign: "="}
	var terms []string
	sum := 0.0
	for i := range parts {
		e.Over += int64(parts[i].Weight)
		sum += float64(parts[i].Weight) * parts[i].Mean
		terms = append(terms, l.Text("sum.term", "weight", int64(parts[i].Weight), "mean", l.Float(parts[i].Mean, exact)))
	}
	e.Terms = strings.Join(terms, " + ")
	if l.Float(sum/float64(max(e.Over, 1)), 1) != e.Value {
		e.Sign = "≈"
	}
	return &e
}
