package datasets

import "regexp"

// An Axis is what a heading says that the numbers below it are: degrees north or
// east of a place.
type Axis uint8

// The axes; of headings that speak of no position, or of a whole one.
const (
	NoAxis Axis = iota
	Latitude
	Longitude
)

var (
	latitudeWord  = regexp.MustCompile(`(?i)(^|[._ -])(lat|latitude)($|[._ -])|عرض.?جغراف[یي]ا|^y$`)
	longitudeWord = regexp.MustCompile(`(?i)(^|[._ -])(lon|lng|longitude)($|[._ -])|(^|[._ -])long( ?\(|$)|طول.?جغراف[یي]ا|^x$`)
)

// AxisOf returns the axis that a heading names in Persian or in English.
func AxisOf(heading string) Axis {
	switch north, east := latitudeWord.MatchString(heading), longitudeWord.MatchString(heading); {
	case north && !east:
		return Latitude
	case east && !north:
		return Longitude
	}
	return NoAxis
}

// Most is the largest number of degrees on the axis, on both sides of zero; 0
// for NoAxis.
func (a Axis) Most() float64 { return [...]float64{0, 90, 180}[a] }
