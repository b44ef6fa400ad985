// Package chart draws tables of figures: a Chart goes in, a Scene of marks is
// in the middle, and SVG or a picture comes out. It knows no catalogue.
//
// Texts in a chart stand as readers of its language expect them. Horizontal
// bars and titles are mirrored where the language is written from right to
// left; axes of numbers and of time run from left to right in both.
package chart

// mirrorBars says that bars grow from the side at which a line of text begins.
// It stands here alone so that readers can be asked and the answer put in.
const mirrorBars = true

// A Kind is the form of a chart.
type Kind string

// The forms.
const (
	Bars      Kind = "bars"      // one bar for each name or step
	Grouped   Kind = "grouped"   // several bars for each name
	Lines     Kind = "lines"     // over steps, numbers or time
	Area      Kind = "area"      // lines, filled to zero and stacked
	Histogram Kind = "histogram" // how many values lie in which range
	Scatter   Kind = "scatter"   // a point for each pair of numbers
)

// Kinds are all forms in the order in which they are offered.
func Kinds() []Kind { return []Kind{Bars, Grouped, Lines, Area, Histogram, Scatter} }

// MaxSeries is how many series a chart can tell apart.
const MaxSeries = 6

// A Chart is what is to be drawn. All series have as many points as the table
// beside the chart has rows, in the same order.
type Chart struct {
	Kind    Kind
	Lang    string  // "fa" or "en": the sides and the calendar
	Numbers Numbers // how numbers are written

	// Title, Subtitle and Footer are drawn only where the chart stands alone
	// (see Frame); a page has them in text of its own.
	Title, Subtitle string
	Footer          []string

	X, Y    Axis
	Upright bool // bars stand: their names are steps in time, left to right
	Series  []Series
	NoValue string // a word for a missing value
}

// Numbers writes numbers as the readers of a language do.
type Numbers interface {
	Float(f float64, places int) string  // with at most that many digits after the point
	Plain(n int64) string                // a year: without groups
	Text(key string, args ...any) string // "compact.million" with x: a large number in words
}

// A Scale says what stands on an axis.
type Scale uint8

// The scales.
const (
	Band   Scale = iota // names
	Linear              // numbers
	Time                // seconds since 1970-01-01
)

// An Axis is one side of a chart.
type Axis struct {
	Label string // what stands on it, with its unit
	Scale Scale
	Names []Name // of a Band, one for each point of a series
	Years bool   // whole numbers that are years, written without groups
}

// A Name is a value on a band.
type Name struct {
	Text string
	Rest bool // not a value: what all others together have
}

// A Series is the points that belong together.
type Series struct {
	Name   string
	Points []Point
	Rest   bool // all series that have no place of their own
}

// A Point is one figure. On a band its X is its place among the names and is
// not read.
type Point struct {
	X       float64 // on Time in seconds; of a histogram where the range begins
	To      float64 // of a histogram: where the range ends
	Y       float64
	Missing bool
	Text    string // the figure as the table writes it
}

// rtl reports whether the language is written from right to left.
func (c *Chart) rtl() bool { return c.Lang == "fa" }
