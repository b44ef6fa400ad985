package geomap

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
)

// NoClass is the class of a place without a figure.
const NoClass = -1

// className ends the name of the style of a class.
func className(class int) string {
	if class < 0 {
		return "none"
	}
	return strconv.Itoa(class)
}

// A Tile is a province with its figure.
type Tile struct {
	Province int // in Provinces
	Class    int
	Value    string // in words
}

// An Area is a shape with its figure.
type Area struct {
	Geometry orb.Geometry // areas or lines
	Class    int
	Hint     string // its name and figure
}

// A Dot is a point with its figure, which its area shows.
type Dot struct {
	At    orb.Point
	Value float64 // NaN for none
	Hint  string
}

// A Label is a line of the legend: what a class, a size or a pattern means.
type Label struct {
	Class int // of the map, or NoClass
	Dot   float64
	Text  string
}

// A Map is what is drawn: tiles, or areas and dots.
type Map struct {
	Lang     string
	Title    string
	Subtitle string
	Tiles    []Tile
	Areas    []Area
	Dots     []Dot
	Degrees  func(degrees float64, north bool) string // writes a line of latitude (north) or longitude
	Legend   []Label
	Footer   []string // what a file carries: source, licence, address
	Address  string
}

// The size of dots, in pixels of a picture of PageWidth.
const (
	PageWidth  = 640.0
	largestDot = 18.0 // radius
	leastDot   = 3.5
)

// bound is where all that is drawn lies.
func (m *Map) bound() (orb.Bound, bool) {
	var all orb.Bound
	found := false
	add := func(b orb.Bound) {
		if !found {
			all, found = b, true
			return
		}
		all = all.Union(b)
	}
	for i := range m.Areas {
		add(m.Areas[i].Geometry.Bound())
	}
	for i := range m.Dots {
		add(m.Dots[i].At.Bound())
	}
	return all, found
}

// Radius is how large the dot of a value is drawn, given the largest: its area
// is as the value. Values below 0 have the area of their amount.
func Radius(value, largest float64) float64 {
	switch {
	case math.IsNaN(value) || largest <= 0:
		return leastDot
	default:
		return math.Max(leastDot, largestDot*math.Sqrt(math.Abs(value)/largest))
	}
}

// Round returns an amount near a given one that is said in a word: 1, 2 or 5
// with zeros.
func Round(amount float64) float64 {
	if amount <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(amount)))
	for _, n := range []float64{5, 2} {
		if amount >= n*unit {
			return n * unit
		}
	}
	return unit
}

// largest returns the largest amount of the dots.
func (m *Map) largest() float64 {
	most := 0.0
	for i := range m.Dots {
		if v := math.Abs(m.Dots[i].Value); v > most {
			most = v
		}
	}
	return most
}

// bySize is the dots, the largest first, so that none hides another.
func (m *Map) bySize() []Dot {
	dots := slices.Clone(m.Dots)
	slices.SortStableFunc(dots, func(a, b Dot) int {
		x, y := math.Abs(a.Value), math.Abs(b.Value)
		switch {
		case x > y || math.IsNaN(y) && !math.IsNaN(x):
			return -1
		case x < y || math.IsNaN(x) && !math.IsNaN(y):
			return 1
		}
		return 0
	})
	return dots
}
