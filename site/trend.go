package site

import (
	"html/template"

	"github.com/openshafaf/shafaf/site/svg"
)

// The measures of a trend, in pixels.
const (
	trendWidth  = 120.0
	trendHeight = 28.0
	trendInset  = 4.0
	trendDot    = 2.5
)

// trend draws values over periods as a line: the oldest on the left, as time
// runs on all axes here. A value that is nil breaks the line. The words are for
// those who do not see it. Fewer than two values make no trend.
func trend(values []*int, most int, words string) template.HTML {
	n := 0
	for _, v := range values {
		if v != nil {
			n++
		}
	}
	if n < 2 || most <= 0 {
		return ""
	}
	x := func(i int) float64 { return trendInset + float64(i)*(trendWidth-2*trendInset)/float64(len(values)-1) }
	y := func(v int) float64 {
		return trendHeight - trendInset - float64(v)*(trendHeight-2*trendInset)/float64(most)
	}
	number := func(f float64) string { return svg.Number(f, 1) }
	var w svg.Writer
	w.WriteString(`<svg class="trend"`)
	w.Attrs("viewBox", "0 0 "+number(trendWidth)+" "+number(trendHeight), "role", "img", "aria-label", words)
	w.WriteString("><line")
	w.Attrs("x1", "0", "x2", number(trendWidth), "y1", number(trendHeight-1), "y2", number(trendHeight-1))
	w.WriteString(`/><path d="`)
	pen, last := "M", 0
	for i, v := range values {
		if v == nil {
			pen = "M"
			continue
		}
		w.WriteString(pen + number(x(i)) + " " + number(y(*v)))
		pen, last = "L", i
	}
	w.WriteString(`"/>`)
	for i, v := range values { // a value between two gaps has no line
		if v != nil && (i == last || (i == 0 || values[i-1] == nil) && (i == len(values)-1 || values[i+1] == nil)) {
			w.WriteString("<circle")
			w.Attrs("cx", number(x(i)), "cy", number(y(*v)), "r", number(trendDot))
			w.WriteString("/>")
		}
	}
	w.WriteString("</svg>")
	return template.HTML(w.String()) //nolint:gosec // written by svg.Writer
}
