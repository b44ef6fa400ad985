package site

import (
	"html/template"
	"strings"

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
	f, found := marks.Passage(text, cardSummary)
	if !found {
		return ""
	}
	html := withMarks(f.Text, f.Marks)
	if f.Before {
		html = "…" + html
	}
	if f.After {
		html += "…"
	}
	return html
}

// matchingColumns are those of the columns in whose names marks finds a word.
func matchingColumns(columns []string, marks *search.Highlighter) []template.HTML {
	var found []template.HTML
	for _, label := range columns {
		if len(found) == cardColumns {
			break
		}
		if spans := marks.Mark(label); len(spans) > 0 {
			found = append(found, withMarks(label, spans))
		}
	}
	return found
}
