package geomap

import (
	"strconv"

	"github.com/openshafaf/shafaf/site/svg"
)

// TileList writes the tiles for a page: a list of links in the order of the
// grid, which the stylesheet puts in their places by the classes map-r0 to
// map-r5 and map-c0 to map-c6 and colours by map-0 to map-4 and map-none.
// links has an address for each tile, empty for none. attributes stand in the
// list element; their names are the caller's own, their values are escaped.
func (m *Map) TileList(links []string, attributes ...string) string {
	w := &writer{}
	w.WriteString("<ul")
	w.Attrs(attributes...)
	w.WriteString(">")
	for i := range m.Tiles {
		t := &m.Tiles[i]
		p := &Provinces[t.Province]
		class := "map-" + className(t.Class)
		w.WriteString("<li")
		w.Attr("class", "map-tile map-r"+strconv.Itoa(p.Row)+" map-c"+strconv.Itoa(p.Column)+" "+class)
		w.WriteString(">")
		element := "span"
		if links[i] != "" {
			element = "a"
		}
		w.WriteString("<" + element)
		if links[i] != "" {
			w.Attr("href", links[i])
			w.Attr("rel", "nofollow")
		}
		w.Attr("class", "map-tile-in")
		w.Attr("title", p.Name(m.Lang)+": "+t.Value)
		w.WriteString(`><span class="map-name">` + svg.Escape(p.Name(m.Lang)) + `</span><span class="map-short" aria-hidden="true">` + svg.Escape(p.Short(m.Lang)) +
			`</span> <bdi class="map-value">` + svg.Escape(t.Value) + "</bdi></" + element + "></li>")
	}
	w.WriteString("</ul>")
	return w.String()
}

// Swatch writes what stands before a line of the legend on a page.
func Swatch(l Label) string {
	w := &writer{}
	if l.Dot > 0 {
		side := 2*l.Dot + 2
		w.WriteString("<svg")
		w.Attr("class", "map-swatch")
		w.Attr("viewBox", "0 0 "+number(side)+" "+number(side))
		w.Attr("width", number(side))
		w.Attr("height", number(side))
		w.Attr("aria-hidden", "true")
		w.WriteString(`><circle class="map-dot" cx="` + number(side/2) + `" cy="` + number(side/2) + `" r="` + number(l.Dot) + `"/></svg>`)
		return w.String()
	}
	return `<span class="map-swatch map-` + className(l.Class) + `" aria-hidden="true"></span>`
}
