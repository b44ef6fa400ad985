package chart

import (
	"math"
	"slices"
)

// A Treemap shows what a whole is made of: an area for each part, as large as
// its figure.
type Treemap struct {
	Lang  string
	Cells []Cell // in any order; those without a figure above zero are not drawn
	// Rest is the one area of those that are too small for a name, n of them.
	Rest func(n int) Cell
}

// A Cell is one area.
type Cell struct {
	Name   string
	Figure string // below the name
	Value  float64
	URL    string
	Hint   string // the whole of what the area says
	Rest   bool
}

// What a treemap has room for.
const (
	cellGap   = 2.0
	cellPad   = 7.0
	cellShare = 0.012 // of the whole; what is smaller goes to the rest
	wideCells = 24
	slimCells = 10
	cellLines = 3
	leastRoom = 52.0 // for a name; an area that is narrower tells its own when it is pointed at
)

// Scene lays the treemap out. The largest area stands where a line of text
// begins.
func (t *Treemap) Scene(width float64) *Scene {
	height := width * 0.46
	if width < narrow {
		height = width * 1.2
	}
	s := &Scene{Width: width, Height: height, Lang: t.Lang}
	cells := t.shown(width)
	boxes := squarified(values(cells), box{0, 0, width, height})
	for i := range cells {
		t.cell(s, &cells[i], boxes[i])
	}
	if t.Lang == "fa" {
		s.mirror(0)
	}
	return s
}

// shown are the areas that there is room for, the largest first and the rest at
// the end.
func (t *Treemap) shown(width float64) []Cell {
	var cells []Cell
	total := 0.0
	for _, c := range t.Cells {
		if c.Value > 0 && !math.IsInf(c.Value, 0) {
			cells = append(cells, c)
			total += c.Value
		}
	}
	slices.SortStableFunc(cells, func(a, b Cell) int {
		switch {
		case a.Value > b.Value:
			return -1
		case a.Value < b.Value:
			return 1
		}
		return 0
	})
	most, share := wideCells, cellShare
	if width < narrow {
		most, share = slimCells, cellShare*3
	}
	n := 0
	for n < len(cells) && n < most && (cells[n].Value >= total*share || n == 0) {
		n++
	}
	if n >= len(cells)-1 || t.Rest == nil { // one alone may as well have its name
		return cells
	}
	rest := t.Rest(len(cells) - n)
	rest.Rest = true
	for _, c := range cells[n:] {
		rest.Value += c.Value
	}
	return append(cells[:n:n], rest)
}

func values(cells []Cell) []float64 {
	out := make([]float64, len(cells))
	for i := range cells {
		out[i] = cells[i].Value
	}
	return out
}

// cell draws one area and as much of its texts as there is room for.
func (t *Treemap) cell(s *Scene, c *Cell, b box) {
	fill, ink, bold := "fill0", "light", "bright"
	if c.Rest {
		fill, ink, bold = "mapnone", "text", "text"
	}
	from := len(s.Marks)
	b = box{b.x + cellGap/2, b.y + cellGap/2, math.Max(b.w-cellGap, 0), math.Max(b.h-cellGap, 0)}
	s.add(Mark{Shape: RectShape, Style: fill, X: b.x, Y: b.y, W: b.w, H: b.h, Hint: c.Hint})
	lines := min(int((b.h-cellPad-smallSize)/(bodySize*1.3)), cellLines)
	if room := b.w - 2*cellPad; room >= leastRoom && lines > 0 {
		y := b.y + cellPad
		for _, line := range Wrap(c.Name, bodySize*1.1, room, lines) {
			y += bodySize * 1.25
			s.text(bold, line, b.x+cellPad, y, bodySize, Start)
		}
		if y+smallSize*1.5 < b.y+b.h && Width(c.Figure, smallSize) <= room { // a number that is cut is another one
			s.text(ink, c.Figure, b.x+cellPad, y+smallSize*1.5, smallSize, Start)
		}
	}
	for i := from; i < len(s.Marks); i++ {
		s.Marks[i].URL = c.URL
	}
}

// A box is a rectangle.
type box struct{ x, y, w, h float64 }

// squarified divides whole into an area for each figure, in their order, each
// as near to a square as can be: row after row along the shorter side (Bruls,
// Huizing and van Wijk, 2000). All figures are above zero.
func squarified(figures []float64, whole box) []box {
	sum := 0.0
	for _, f := range figures {
		sum += f
	}
	out := make([]box, 0, len(figures))
	for from := 0; from < len(figures); {
		side := math.Min(whole.w, whole.h)
		scale := whole.w * whole.h / sum
		to, row := from+1, figures[from]
		worst := ratio(figures[from:to], row, side, scale)
		for to < len(figures) {
			next := ratio(figures[from:to+1], row+figures[to], side, scale)
			if next > worst {
				break
			}
			worst, row = next, row+figures[to]
			to++
		}
		out, whole = fill(out, figures[from:to], row, sum, whole)
		from, sum = to, sum-row
	}
	return out
}

// ratio is the longer side of the least square area of a row to its shorter one.
func ratio(row []float64, sum, side, scale float64) float64 {
	deep := sum * scale / side
	worst := 0.0
	for _, f := range row {
		long := f * scale / deep
		worst = math.Max(worst, math.Max(long/deep, deep/long))
	}
	return worst
}

// fill lays a row along the shorter side of what is left and returns what is
// left then.
func fill(out []box, row []float64, sum, left float64, whole box) ([]box, box) {
	if whole.w >= whole.h {
		deep, y := whole.w*sum/left, whole.y
		for _, f := range row {
			h := whole.h * f / sum
			out = append(out, box{whole.x, y, deep, h})
			y += h
		}
		return out, box{whole.x + deep, whole.y, whole.w - deep, whole.h}
	}
	deep, x := whole.h*sum/left, whole.x
	for _, f := range row {
		w := whole.w * f / sum
		out = append(out, box{x, whole.y, w, deep})
		x += w
	}
	return out, box{whole.x, whole.y + deep, whole.w, whole.h - deep}
}
