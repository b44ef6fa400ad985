package chart

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/site/svg"
)

// SVG writes the scene for a page: its colours come from the stylesheet, by
// the names of styles as classes. attributes stand in the svg element; their
// names are the caller's own, their values are escaped.
func (s *Scene) SVG(attributes ...string) string {
	w := writer{page: true}
	w.open(s, attributes)
	w.marks(s.Marks)
	w.WriteString("</svg>")
	return w.String()
}

// File writes the scene as an SVG document of its own that carries its
// colours, its title and its description.
func (s *Scene) File() []byte {
	w := writer{}
	w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	w.open(s, []string{"xmlns", "http://www.w3.org/2000/svg", "width", number(s.Width), "height", number(s.Height), "font-family", "Vazirmatn, 'Noto Sans', 'Noto Sans Arabic', Tahoma, sans-serif", "xml:lang", s.Lang})
	w.Element("title", s.Title)
	w.Element("desc", strings.TrimSpace(s.Description+"\n"+s.Source))
	for i := range s.Marks {
		w.mark(&s.Marks[i])
	}
	w.WriteString("</svg>\n")
	return []byte(w.String())
}

// marks writes marks, those that lead somewhere as links.
func (w *writer) marks(all []Mark) {
	link := ""
	for i := range all {
		m := &all[i]
		if m.URL != link && link != "" {
			w.WriteString("</a>")
		}
		if m.URL != link && m.URL != "" {
			w.WriteString("<a")
			w.Attr("href", m.URL)
			if !named(all[i:]) {
				w.Attr("aria-label", m.Hint)
			}
			w.WriteString(">")
		}
		link = m.URL
		w.mark(m)
	}
	if link != "" {
		w.WriteString("</a>")
	}
}

// named reports whether a text is among the marks of the link that begins here.
func named(marks []Mark) bool {
	for i := range marks {
		if marks[i].URL != marks[0].URL {
			return false
		}
		if marks[i].Shape == TextShape {
			return true
		}
	}
	return false
}

// A writer writes marks.
type writer struct {
	svg.Writer
	page bool // colours come from the stylesheet, by class
}

func (w *writer) open(s *Scene, attributes []string) {
	w.WriteString("<svg")
	w.Attr("viewBox", "0 0 "+number(s.Width)+" "+number(s.Height))
	w.Attr("direction", "ltr")
	w.Attrs(attributes...)
	w.WriteString(">")
}

func (w *writer) mark(m *Mark) {
	name := [...]string{RectShape: "rect", PathShape: "path", CircleShape: "circle", TextShape: "text"}[m.Shape]
	w.WriteString("<" + name)
	switch m.Shape {
	case RectShape:
		w.numbers("x", m.X, "y", m.Y, "width", m.W, "height", m.H)
	case CircleShape:
		w.numbers("cx", m.X, "cy", m.Y, "r", m.W/2)
	case PathShape:
		w.Attr("d", pathData(m))
	case TextShape:
		w.numbers("x", m.X, "y", m.Y, "font-size", m.Size)
		w.Attr("unicode-bidi", "plaintext")
		if m.Anchor != Start {
			w.Attr("text-anchor", [...]string{Middle: "middle", End: "end"}[m.Anchor])
		}
	}
	w.style(m)
	if m.Figure {
		w.Attr("data-row", strconv.Itoa(m.Row))
		w.Attr("data-col", strconv.Itoa(m.Column))
	}
	if m.Shape == PathShape && strings.HasPrefix(m.Style, "line") { // the line of a series
		w.Attr("data-col", strconv.Itoa(m.Column))
	}
	w.WriteString(">")
	if m.Shape == TextShape {
		w.WriteString(svg.Escape(m.Text))
	}
	w.Element("title", m.Hint)
	w.WriteString("</" + name + ">")
	if m.Shape == TextShape {
		w.WriteString("\n") // so that texts do not run into one another when they are read
	}
}

func (w *writer) numbers(pairs ...any) {
	for i := 0; i+1 < len(pairs); i += 2 {
		w.Attr(pairs[i].(string), number(pairs[i+1].(float64)))
	}
}

// style writes how the mark looks: colours as a class on a page and as they
// are in a file.
func (w *writer) style(m *Mark) {
	look := StyleOf(m.Style)
	switch {
	case w.page && look.Stroke != "":
		w.Attr("class", "ch-line ch-"+look.Stroke)
	case w.page:
		w.Attr("class", "ch-fill ch-"+look.Fill)
	case look.Stroke != "":
		w.Attr("stroke", Colour(look.Stroke))
	default:
		w.Attr("fill", Colour(look.Fill))
	}
	if look.Stroke != "" {
		w.Attr("fill", "none")
		w.Attr("stroke-width", number(look.Width))
		w.Attr("stroke-linejoin", "round")
	}
	if look.Edge != "" {
		w.Attr("stroke", Colour(look.Edge))
		w.Attr("stroke-width", number(look.EdgeWidth))
	}
	if len(look.Dash) > 0 {
		var parts []string
		for _, d := range look.Dash {
			parts = append(parts, number(d))
		}
		w.Attr("stroke-dasharray", strings.Join(parts, " "))
	}
	if look.Opacity > 0 {
		w.Attr("fill-opacity", number(look.Opacity))
	}
	if look.Bold {
		w.Attr("font-weight", "700")
	}
}

func pathData(m *Mark) string {
	var b strings.Builder
	for i, s := range m.Path {
		if s.Move {
			if m.Closed && i > 0 {
				b.WriteByte('Z')
			}
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
func number(f float64) string { return svg.Number(f, 2) }
