package chart

import (
	"html"
	"strconv"
	"strings"
)

// SVG writes the scene for a page: its colours come from the stylesheet, by
// the names of styles as classes. attributes stand in the svg element; their
// names are the caller's own, their values are escaped.
func (s *Scene) SVG(attributes ...string) string {
	w := writer{page: true}
	w.open(s, attributes)
	for i := range s.Marks {
		w.mark(&s.Marks[i])
	}
	w.b.WriteString("</svg>")
	return w.b.String()
}

// File writes the scene as an SVG document of its own that carries its
// colours, its title and its description.
func (s *Scene) File() []byte {
	w := writer{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.open(s, []string{"xmlns", "http://www.w3.org/2000/svg", "width", number(s.Width), "height", number(s.Height), "font-family", "Vazirmatn, 'Noto Sans', 'Noto Sans Arabic', Tahoma, sans-serif", "xml:lang", s.Lang})
	w.element("title", s.Title)
	w.element("desc", strings.TrimSpace(s.Description+"\n"+s.Source))
	for i := range s.Marks {
		w.mark(&s.Marks[i])
	}
	w.b.WriteString("</svg>\n")
	return []byte(w.b.String())
}

// A writer writes SVG. Whatever comes from outside passes through attr or
// element, which escape it.
type writer struct {
	b    strings.Builder
	page bool
}

func (w *writer) open(s *Scene, attributes []string) {
	w.b.WriteString("<svg")
	w.attr("viewBox", "0 0 "+number(s.Width)+" "+number(s.Height))
	w.attr("direction", "ltr")
	for i := 0; i+1 < len(attributes); i += 2 {
		w.attr(attributes[i], attributes[i+1])
	}
	w.b.WriteString(">")
}

func (w *writer) attr(name, value string) {
	w.b.WriteString(" " + name + `="` + html.EscapeString(clean(value)) + `"`)
}

func (w *writer) element(name, text string) {
	if text != "" {
		w.b.WriteString("<" + name + ">" + html.EscapeString(clean(text)) + "</" + name + ">")
	}
}

// clean takes out what XML has no way to write.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func (w *writer) mark(m *Mark) {
	name := [...]string{RectShape: "rect", PathShape: "path", CircleShape: "circle", TextShape: "text"}[m.Shape]
	w.b.WriteString("<" + name)
	switch m.Shape {
	case RectShape:
		w.numbers("x", m.X, "y", m.Y, "width", m.W, "height", m.H)
	case CircleShape:
		w.numbers("cx", m.X, "cy", m.Y, "r", m.W/2)
	case PathShape:
		w.attr("d", pathData(m))
	case TextShape:
		w.numbers("x", m.X, "y", m.Y, "font-size", m.Size)
		w.attr("unicode-bidi", "plaintext")
		if m.Anchor != Start {
			w.attr("text-anchor", [...]string{Middle: "middle", End: "end"}[m.Anchor])
		}
	}
	w.style(m)
	if m.Figure {
		w.attr("data-row", strconv.Itoa(m.Row))
		w.attr("data-col", strconv.Itoa(m.Column))
	}
	if m.Shape == PathShape && strings.HasPrefix(m.Style, "line") { // the line of a series
		w.attr("data-col", strconv.Itoa(m.Column))
	}
	w.b.WriteString(">")
	if m.Shape == TextShape {
		w.b.WriteString(html.EscapeString(clean(m.Text)))
	}
	w.element("title", m.Hint)
	w.b.WriteString("</" + name + ">")
	if m.Shape == TextShape {
		w.b.WriteString("\n") // so that texts do not run into one another when they are read
	}
}

func (w *writer) numbers(pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		w.attr(pairs[i].(string), number(pairs[i+1].(float64)))
	}
}

// style writes how the mark looks: colours as a class on a page and as they
// are in a file.
func (w *writer) style(m *Mark) {
	look := StyleOf(m.Style)
	switch {
	case w.page && look.Stroke != "":
		w.attr("class", "ch-line ch-"+look.Stroke)
	case w.page:
		w.attr("class", "ch-fill ch-"+look.Fill)
	case look.Stroke != "":
		w.attr("stroke", Colour(look.Stroke))
	default:
		w.attr("fill", Colour(look.Fill))
	}
	if look.Stroke != "" {
		w.attr("fill", "none")
		w.attr("stroke-width", number(look.Width))
		w.attr("stroke-linejoin", "round")
	}
	if len(look.Dash) > 0 {
		var parts []string
		for _, d := range look.Dash {
			parts = append(parts, number(d))
		}
		w.attr("stroke-dasharray", strings.Join(parts, " "))
	}
	if look.Opacity > 0 {
		w.attr("fill-opacity", number(look.Opacity))
	}
	if look.Bold {
		w.attr("font-weight", "700")
	}
}

func pathData(m *Mark) string {
	var b strings.Builder
	for _, s := range m.Path {
		if s.Move {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(number(s.X) + " " + number(s.Y))
	}
	if m.Closed {
		b.WriteByte('Z')
	}
	return b.String()
}

// number writes a coordinate to a hundredth of a pixel.
func number(f float64) string {
	const hundredth = 2
	s := strconv.FormatFloat(f, 'f', hundredth, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}
