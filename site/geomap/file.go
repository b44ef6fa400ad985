package geomap

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/site/svg"
)

// The measures of a picture that stands alone.
const (
	fileWidth = 720.0
	fileEdge  = 24.0
	tileSide  = 96.0
	lineStep  = 20.0
	textWidth = 7.4 // of a character of a line, about
)

// File writes the map as an SVG document of its own, with its title, legend,
// source and colours.
func (m *Map) File() []byte {
	body := &writer{}
	height := m.fileBody(body)
	w := &writer{}
	w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<svg")
	w.Attr("xmlns", "http://www.w3.org/2000/svg")
	w.Attr("viewBox", "0 0 "+number(fileWidth)+" "+number(height))
	w.Attr("width", number(fileWidth))
	w.Attr("height", number(height))
	w.Attr("font-family", "Vazirmatn, 'Noto Sans', 'Noto Sans Arabic', Tahoma, sans-serif")
	w.Attr("xml:lang", m.Lang)
	w.Attr("direction", "ltr")
	w.WriteString(">")
	w.Element("title", m.Title)
	w.Element("desc", strings.TrimSpace(strings.Join(append([]string{m.Subtitle}, m.Footer...), "\n")+"\n"+m.Address))
	w.WriteString(strings.NewReplacer(`class="map-none-bg"`, `fill="`+noneColour+`"`, `class="map-none-line"`, `stroke="`+lineColour+`" stroke-width="1.4"`).Replace(hatch))
	w.rect(0, 0, fileWidth, height, paperColour)
	w.WriteString(body.String())
	w.WriteString("</svg>\n")
	return []byte(w.String())
}

// fileBody writes all but the frame and returns how high it is.
func (m *Map) fileBody(w *writer) float64 {
	y := fileEdge + lineStep
	y = m.lines(w, m.Title, y, 19, true, inkColour)
	if m.Subtitle != "" {
		y = m.lines(w, m.Subtitle, y, 14, false, softColour)
	}
	if len(m.Tiles) > 0 {
		y = m.fileTiles(w, y)
	} else if b, ok := m.bound(); ok {
		p := newProjection(b, fileWidth-2*fileEdge)
		w.WriteString(`<g transform="translate(` + number(fileEdge) + " " + number(y) + `)">`)
		m.grid(w, &p)
		m.geography(w, &p)
		w.WriteString("</g>")
		y += p.height + lineStep
	}
	y = m.fileLegend(w, y+lineStep/2)
	for _, line := range m.Footer {
		y = m.lines(w, line, y, 12, false, softColour)
	}
	return y + fileEdge/2
}

// lines writes a text, broken where it is too long, from the side where its
// language begins, and returns where the next goes.
func (m *Map) lines(w *writer, text string, y, size float64, bold bool, colour string) float64 {
	x, anchor := fileEdge, "start"
	if m.Lang == "fa" {
		x, anchor = fileWidth-fileEdge, "end"
	}
	for _, line := range broken(text, (fileWidth-2*fileEdge)/(textWidth*size/14)) {
		w.text(x, y, size, anchor, colour, bold, line)
		y += size * 1.5
	}
	return y
}

// broken cuts a text into lines of about so many characters.
func broken(text string, most float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && float64(utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word)) > most {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// text writes a line of text. Its anchor is the left end for "start".
func (w *writer) text(x, y, size float64, anchor, colour string, bold bool, text string) {
	w.WriteString("<text")
	w.Attr("x", number(x))
	w.Attr("y", number(y))
	w.Attr("font-size", number(size))
	w.Attr("fill", colour)
	w.Attr("unicode-bidi", "plaintext")
	if anchor != "start" {
		w.Attr("text-anchor", anchor)
	}
	if bold {
		w.Attr("font-weight", "700")
	}
	w.WriteString(">" + svg.Escape(text) + "</text>\n")
}

func (w *writer) rect(x, y, width, height float64, fill string) {
	w.WriteString("<rect")
	w.Attr("x", number(x))
	w.Attr("y", number(y))
	w.Attr("width", number(width))
	w.Attr("height", number(height))
	w.Attr("fill", fill)
	w.WriteString("/>")
}

// fileTiles writes the grid of provinces.
func (m *Map) fileTiles(w *writer, y float64) float64 {
	left := (fileWidth - Columns*tileSide) / 2
	for i := range m.Tiles {
		t := &m.Tiles[i]
		p := &Provinces[t.Province]
		tx, ty := left+float64(p.Column)*tileSide, y+float64(p.Row)*tileSide
		w.rect(tx+1, ty+1, tileSide-2, tileSide-2, fileFill(t.Class))
		ink := inkColour
		if t.Class >= 0 {
			ink = classInks[t.Class]
		}
		row := ty + tileSide/2 - 14
		name := broken(p.Name(m.Lang), 12)
		if len(name) == 1 {
			row += 8
		}
		for _, line := range name {
			w.text(tx+tileSide/2, row, 12, "middle", ink, false, line)
			row += 15
		}
		w.text(tx+tileSide/2, row+4, 14, "middle", ink, true, t.Value)
	}
	return y + Rows*tileSide + lineStep
}

// fileLegend writes what colours and sizes mean.
func (m *Map) fileLegend(w *writer, y float64) float64 {
	const box = 14
	for _, l := range m.Legend {
		x, textX, anchor := fileEdge, fileEdge+3*box, "start"
		if m.Lang == "fa" {
			x, textX, anchor = fileWidth-fileEdge-2*box, fileWidth-fileEdge-3*box, "end"
		}
		step := lineStep
		if l.Dot > 0 {
			step = math.Max(lineStep, 2*l.Dot+4)
			w.WriteString("<circle")
			w.Attr("cx", number(x+box))
			w.Attr("cy", number(y+step/2-8))
			w.Attr("r", number(l.Dot))
			w.dot()
			w.WriteString("/>")
		} else {
			w.WriteString("<rect")
			w.Attr("x", number(x))
			w.Attr("y", number(y-box+4))
			w.Attr("width", strconv.Itoa(2*box))
			w.Attr("height", strconv.Itoa(box))
			w.Attr("fill", fileFill(l.Class))
			w.Attr("stroke", lineColour)
			w.WriteString("/>")
		}
		w.text(textX, y+step/2-lineStep/2+2, 13, anchor, inkColour, false, l.Text)
		y += step
	}
	return y + lineStep/2
}
