package site

import (
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// marked writes a text with the words that marks finds in <mark>.
func marked(marks *search.Highlighter, text string) template.HTML {
	return withMarks(text, marks.Mark(text))
}

func withMarks(text string, spans []search.Span) template.HTML {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(template.HTMLEscapeString(text[at:s.Start]))
		b.WriteString("<mark>" + template.HTMLEscapeString(text[s.Start:s.End]) + "</mark>")
		at = s.End
	}
	b.WriteString(template.HTMLEscapeString(text[at:]))
	return template.HTML(b.String()) //nolint:gosec // escaped piece by piece
}

// passage is the part of a text around the words that marks finds, empty when
// it finds none.
func passage(marks *search.Highlighter, text string) template.HTML {
	if marks == nil || !marks.Matches(text) {
		return ""
	}
	f := marks.Fragment(text, cardSummary)
	html := withMarks(f.Text, f.Marks)
	if f.Before {
		html = "…" + html
	}
	if f.After {
		html += "…"
	}
	return html
}

// matchingColumns are the columns of d in whose names marks finds a word.
func matchingColumns(d *catalog.Dataset, marks *search.Highlighter) []template.HTML {
	var found []template.HTML
	seen := map[string]bool{}
	for _, r := range d.Tables() {
		for i := range r.Edition.Schema {
			label := firstOf(r.Edition.Schema[i].Label, r.Edition.Schema[i].Name)
			if seen[label] || len(found) == cardColumns {
				continue
			}
			seen[label] = true
			if spans := marks.Mark(label); len(spans) > 0 {
				found = append(found, withMarks(label, spans))
			}
		}
	}
	return found
}
