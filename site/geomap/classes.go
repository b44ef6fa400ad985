package geomap

import (
	"math"
	"slices"
)

// ClassCount is how many classes a map has at most.
const ClassCount = 5

// A Class is a range of figures that are drawn alike: those from From to To,
// which are figures of the map themselves.
type Class struct {
	From, To float64
	Count    int // of figures in it
}

// Classes divides figures into at most ClassCount classes of about equally
// many (quantiles). Equal figures are in one class, so there may be fewer; up
// to ClassCount different figures are a class each. NaN is no figure.
func Classes(figures []float64) []Class {
	sorted := slices.DeleteFunc(slices.Clone(figures), math.IsNaN)
	slices.Sort(sorted)
	distinct := len(slices.Compact(slices.Clone(sorted)))
	var classes []Class
	for i, f := range sorted {
		n := len(classes)
		begins := n == 0 || f != sorted[i-1] && (distinct <= ClassCount || i*ClassCount/len(sorted) > quantile(sorted, classes[n-1].From))
		if begins {
			classes = append(classes, Class{From: f})
			n++
		}
		classes[n-1].To = f
		classes[n-1].Count++
	}
	return classes
}

// quantile returns which of the parts of equal number the first of the figures
// equal to f falls in.
func quantile(sorted []float64, f float64) int {
	i, _ := slices.BinarySearch(sorted, f)
	return i * ClassCount / len(sorted)
}

// ClassOf returns the class of a figure, -1 where it has none.
func ClassOf(classes []Class, f float64) int {
	if math.IsNaN(f) {
		return -1
	}
	return slices.IndexFunc(classes, func(c Class) bool { return c.From <= f && f <= c.To })
}
