package geomap

import "strconv"

// TileList writes the tiles for a page: a list of links in the order of the
// grid, which the stylesheet puts in their places by the classes map-r0 to
// map-r5 and map-c0 to map-c6 and colours by map-0 to map-4 and map-none.
// links has an address for each tile, empty for none. attributes stand in the
// list element; their names are the caller's own, their values are escaped.
func (m *Map) TileList(links []string, attributes ...string) string {
	w := &writer{page: true}
	w.b.WriteString("<ul")
	for i := 0; i+1 < len(attributes); i += 2 {
		w.attr(attributes[i], attributes[i+1])
	}
	w.b.WriteString(">")
	for i := range m.Tiles {
		t := &m.Tiles[i]
		p := &Provinces[t.Province]
		class := "map-none"
		if t.Class >= 0 {
			class = "map-" + strconv.Itoa(t.Class)
		}
		w.b.WriteString("<li")
		w.attr("class", "map-tile map-r"+strconv.Itoa(p.Row)+" map-c"+strconv.Itoa(p.Column)+" "+class)
		w.b.WriteString(">")
		element := "span"
		if links[i] != "" {
			element = "a"
		}
		w.b.WriteString("<" + element)
		if links[i] != "" {
			w.attr("href", links[i])
			w.attr("rel", "nofollow")
		}
		w.attr("class", "map-tile-in")
		w.attr("title", p.Name(m.Lang)+": "+t.Value)
		w.b.WriteString(`><span class="map-name">` + escaped(p.Name(m.Lang)) + `</span><span class="map-short" aria-hidden="true">` + escaped(p.Short(m.Lang)) +
			`</span> <bdi class="map-value">` + escaped(t.Value) + "</bdi></" + element + "></li>")
	}
	w.b.WriteString("</ul>")
	return w.b.String()
}

// Swatch writes what stands before a line of the legend on a page.
func Swatch(l Label) string {
	w := &writer{page: true}
	if l.Dot > 0 {
		side := 2*l.Dot + 2
		w.b.WriteString("<svg")
		w.attr("class", "map-swatch")
		w.attr("viewBox", "0 0 "+number(side)+" "+number(side))
		w.attr("width", number(side))
		w.attr("height", number(side))
		w.attr("aria-hidden", "true")
		w.b.WriteString(`><circle class="map-dot" cx="` + number(side/2) + `" cy="` + number(side/2) + `" r="` + number(l.Dot) + `"/></svg>`)
		return w.b.String()
	}
	class := "map-none"
	if l.Class >= 0 {
		class = "map-" + strconv.Itoa(l.Class)
	}
	return `<span class="map-swatch ` + class + `" aria-hidden="true"></span>`
}
