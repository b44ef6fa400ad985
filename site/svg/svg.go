// Package svg writes SVG: whatever comes from outside passes through functions
// that escape it and take out what XML has no way to write.
package svg

import (
	"html"
	"strconv"
	"strings"
)

// A Writer writes elements of SVG one after the other. What is written to it
// as it is must be ours; texts and values go through Attr, Element or Escape.
type Writer struct{ strings.Builder }

// Attr writes an attribute of the element that is open.
func (w *Writer) Attr(name, value string) {
	w.WriteString(" " + name + `="` + Escape(value) + `"`)
}

// Attrs writes attributes: names, which are the caller's own, and values in turn.
func (w *Writer) Attrs(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		w.Attr(pairs[i], pairs[i+1])
	}
}

// Element writes an element that holds a text; without a text there is none.
func (w *Writer) Element(name, text string) {
	if text != "" {
		w.WriteString("<" + name + ">" + Escape(text) + "</" + name + ">")
	}
}

// Escape writes a text for where it stands between elements or in quotes.
func Escape(s string) string { return html.EscapeString(clean(s)) }

// clean takes out what XML has no way to write.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Number writes a coordinate with at most places digits after the point.
func Number(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}
