package harvesters

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// spatial returns the place that a field names, else its outline as
// "west,south,east,north".
func (m *mapper) spatial(v any) string {
	for _, item := range asList(v) {
		switch item := item.(type) {
		case string:
			if s := m.place(cleanText(item)); s != "" {
				return s
			}
		case map[string]any:
			if s := m.location(item); s != "" {
				return s
			}
		default:
			if list := asList(v); len(list) == 4 { // [west, south, east, north]
				if box, ok := boxOf(list); ok {
					return box
				}
			}
		}
	}
	return ""
}

// location returns the place of an object: a dct:Location or GeoJSON.
func (m *mapper) location(o object) string {
	if s := oneLine(o.text("prefLabel", "skos:prefLabel", "name", "geographicName", "label", "title", "text")); s != "" {
		return cut(s, maxName)
	}
	if o["coordinates"] != nil || o["geometry"] != nil {
		return m.outline(o)
	}
	for _, k := range []string{"bbox", "dcat:bbox", "geometry", "locn:geometry", "geom", "centroid", "dcat:centroid"} {
		if o[k] != nil {
			if s := m.spatial(o[k]); s != "" {
				return s
			}
		}
	}
	return cut(oneLine(lastWord(o.text("uri", "@id", "identifier"))), maxName)
}

var wktStart = regexp.MustCompile(`(?i)^(<[^>]*>\s*)?(srid=\d+;)?\s*(multi)?(point|polygon|linestring|envelope|geometrycollection)\s*[z ]*\(`)

// place returns a name as it is, and GeoJSON or WKT in a text as an outline.
func (m *mapper) place(s string) string {
	switch {
	case strings.HasPrefix(s, "{"):
		v, err := decodeJSON([]byte(s))
		if o := asObject(v); err == nil && o != nil {
			return m.location(o)
		}
		m.fault("spatial", "place.broken")
		return ""
	case wktStart.MatchString(s):
		return m.wkt(s)
	}
	if len(s) > maxName {
		m.fault("spatial", "place.long", len(s))
	}
	return cut(oneLine(plain(s)), maxName)
}

// outline returns the box around the coordinates of GeoJSON.
func (m *mapper) outline(o object) string {
	var b box
	b.walk(o["coordinates"], 0)
	b.walk(asObject(o["geometry"])["coordinates"], 0)
	if !b.any {
		m.fault("spatial", "place.none")
		return ""
	}
	return b.String()
}

var wktNumber = regexp.MustCompile(`-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s+-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?`)

func (m *mapper) wkt(s string) string {
	var b box
	if i := strings.IndexByte(s, '('); i >= 0 {
		s = s[i:]
	}
	for _, pair := range wktNumber.FindAllString(s, -1) {
		xy := strings.Fields(pair)
		x, errX := strconv.ParseFloat(xy[0], 64)
		y, errY := strconv.ParseFloat(xy[1], 64)
		if errX == nil && errY == nil {
			b.add(x, y)
		}
	}
	if !b.any {
		m.fault("spatial", "place.none")
		return ""
	}
	return b.String()
}

// A box is the outline of points in degrees.
type box struct {
	any                      bool
	west, south, east, north float64
}

func (b *box) add(x, y float64) {
	if !b.any {
		*b = box{true, x, y, x, y}
		return
	}
	b.west, b.east = min(b.west, x), max(b.east, x)
	b.south, b.north = min(b.south, y), max(b.north, y)
}

// walk adds the points of nested lists of coordinates.
func (b *box) walk(v any, depth int) {
	list, _ := v.([]any)
	if depth > 8 || len(list) == 0 {
		return
	}
	if _, nested := list[0].([]any); nested {
		for _, item := range list {
			b.walk(item, depth+1)
		}
		return
	}
	if len(list) >= 2 {
		x, errX := strconv.ParseFloat(textOf(list[0]), 64)
		y, errY := strconv.ParseFloat(textOf(list[1]), 64)
		if errX == nil && errY == nil {
			b.add(x, y)
		}
	}
}

func (b *box) String() string {
	f := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return fmt.Sprintf("%s,%s,%s,%s", f(b.west), f(b.south), f(b.east), f(b.north))
}

// boxOf returns a list of four numbers as a box.
func boxOf(list []any) (string, bool) {
	parts := make([]string, 4)
	for i, v := range list {
		s := textOf(v)
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "", false
		}
		parts[i] = s
	}
	return strings.Join(parts, ","), true
}
