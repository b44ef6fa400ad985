package chart

import (
	"strconv"
	"strings"
)

// A Style is how marks look. On a page the stylesheet gives the colours, by
// the same names, for light and dark; in a file they are those here.
type Style struct {
	Fill, Stroke string // names of colours, empty for none
	Width        float64
	Dash         []float64
	Bold         bool
	Opacity      float64 // of the filling; 0 is 1
	Edge         string  // name of the colour around the filling, empty for none
	EdgeWidth    float64
}

// The colours of a file. TestColours holds them, and those of the stylesheet,
// to their contrast.
var colours = map[string]string{
	"paper": "#ffffff", "ink": "#13211f", "soft": "#4b5b59", "grid": "#d9e2e0", "axis": "#6d7d7b", "rest": "#6d7d7b",
	"a": "#0d7a70", "b": "#a34a00", "c": "#5f3d8f", "d": "#0b5394", "e": "#9c2158", "f": "#4f5f1c",
	"map0": "#d3ece8", "map1": "#93cfc6", "map2": "#4fa79c", "map3": "#1b776d", "map4": "#06403b", "mapnone": "#f5f8f7", "hatch": "#c4d0ce",
}

// Colour returns the colour of a file that has the name, as #rrggbb.
func Colour(name string) string { return colours[name] }

// seriesColours are the colours of the series, in their order.
var seriesColours = [MaxSeries]string{"a", "b", "c", "d", "e", "f"}

// dashes tell the lines of a chart apart without their colours.
var dashes = [MaxSeries][]float64{nil, {8, 4}, {2, 3}, {12, 3, 2, 3}, {5, 2}, {14, 5}}

// styles are all styles but those of series.
var styles = map[string]Style{
	"paper":  {Fill: "paper"},
	"title":  {Fill: "ink", Bold: true},
	"text":   {Fill: "ink"},
	"soft":   {Fill: "soft"},
	"grid":   {Stroke: "grid", Width: 1},
	"axis":   {Stroke: "axis", Width: 1},
	"leader": {Stroke: "axis", Width: 0.75},
	"rest":   {Fill: "rest"},
	"light":  {Fill: "paper"}, // on dark fillings
	"bright": {Fill: "paper", Bold: true},
	"hatch":  {Stroke: "hatch", Width: 1.4},
	"place":  {Fill: "b", Opacity: 0.6, Edge: "paper", EdgeWidth: 0.8},
}

// StyleOf returns the style of a name: "line3" is the line of the fourth
// series, "fill3" its bar, "layer3" its area, "dot3" its point, "name3" its
// name. "linerest" and so on are of the series of all the rest. "map0" to "map4"
// are areas of a map by their class, "mapnone" those without one, "way0" and so
// on lines of a map.
func StyleOf(name string) Style {
	if s, ok := styles[name]; ok {
		return s
	}
	for _, kind := range [...]string{"line", "fill", "layer", "dot", "cloud", "name"} {
		which, ok := strings.CutPrefix(name, kind)
		if !ok {
			continue
		}
		colour, dash := "rest", []float64{1, 3}
		if i, err := strconv.Atoi(which); err == nil && i >= 0 && i < MaxSeries {
			colour, dash = seriesColours[i], dashes[i]
		}
		return seriesStyle(kind, colour, dash)
	}
	const edge, way = 0.6, 2.0
	if _, ok := strings.CutPrefix(name, "map"); ok {
		return Style{Fill: name, Edge: "axis", EdgeWidth: edge}
	}
	if class, ok := strings.CutPrefix(name, "way"); ok && class != "none" {
		return Style{Stroke: "map" + class, Width: way}
	} else if ok {
		return Style{Stroke: "axis", Width: way}
	}
	return Style{}
}

func seriesStyle(kind, colour string, dash []float64) Style {
	const lineWidth, haze, cloud = 2.25, 0.55, 0.5
	switch kind {
	case "line":
		return Style{Stroke: colour, Width: lineWidth, Dash: dash}
	case "layer":
		return Style{Fill: colour, Opacity: haze}
	case "cloud":
		return Style{Fill: colour, Opacity: cloud}
	default:
		return Style{Fill: colour}
	}
}

// key is what stands behind the name of a style for series i.
func (c *Chart) key(i int) string {
	if c.Series[i].Rest {
		return "rest"
	}
	return strconv.Itoa(i % MaxSeries)
}
