// Package picture turns a scene of marks into a PNG. Text is shaped and
// ordered as Persian and English need it, in a font that the program carries.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strconv"

	"github.com/openshafaf/shafaf/site/chart"

	"golang.org/x/image/vector"
)

// Scale is how many dots of the picture make a pixel of the scene.
const Scale = 2

// maxSide bounds a picture in dots; a longer chart is drawn at a smaller scale.
const maxSide = 16000

// PNG draws the scene on its own paper and returns the bytes of the file.
func PNG(s *chart.Scene) ([]byte, error) {
	fonts, err := newFonts()
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	scale := math.Min(Scale, maxSide/math.Max(s.Width, s.Height))
	c := &canvas{
		img:   image.NewRGBA(image.Rect(0, 0, int(math.Ceil(s.Width*scale)), int(math.Ceil(s.Height*scale)))),
		scale: scale, fonts: fonts,
	}
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(parse(chart.Colour("paper"), 1)), image.Point{}, draw.Src)
	for i := range s.Marks {
		c.mark(&s.Marks[i])
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := encoder.Encode(&b, c.img); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return b.Bytes(), nil
}

// A canvas is a picture in the making.
type canvas struct {
	img   *image.RGBA
	scale float64
	fonts *fonts
}

func (c *canvas) mark(m *chart.Mark) {
	look := chart.StyleOf(m.Style)
	switch m.Shape {
	case chart.RectShape:
		c.fill(rect(m.X, m.Y, m.W, m.H), look)
	case chart.CircleShape:
		c.fill(circle(m.X, m.Y, m.W/2), look)
	case chart.TextShape:
		c.text(m, look)
	case chart.PathShape:
		if m.Closed {
			c.fill(fromSteps(m.Path), look)
			return
		}
		c.strokes(stroke(m.Path, look.Width, look.Dash), look.Stroke)
	}
}

// A polygon is a closed line through its points, in pixels of the scene.
type polygon []point

type point struct{ x, y float64 }

// fill paints what lies within the polygons with the style's filling, and their
// edge. Those that run the other way round are holes in the others.
func (c *canvas) fill(shapes []polygon, look chart.Style) {
	opacity := look.Opacity
	if opacity == 0 {
		opacity = 1
	}
	c.paint(shapes, image.NewUniform(parse(chart.Colour(look.Fill), opacity)))
	if look.Edge == "" {
		return
	}
	for _, shape := range shapes {
		steps := make([]chart.Step, 0, len(shape)+1)
		for _, p := range shape {
			steps = append(steps, chart.Step{X: p.x, Y: p.y})
		}
		c.strokes(stroke(append(steps, steps[0]), look.EdgeWidth, nil), look.Edge)
	}
}

// strokes paints the pieces of a line one by one, as they may lie upon each
// other.
func (c *canvas) strokes(pieces []polygon, colour string) {
	paint := image.NewUniform(parse(chart.Colour(colour), 1))
	for i := range pieces {
		c.paint(pieces[i:i+1], paint)
	}
}

// paint draws the polygons over the part of the picture that they cover, not
// over the whole.
func (c *canvas) paint(shapes []polygon, paint image.Image) {
	box := c.bounds(shapes)
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, shape := range shapes {
		for i, p := range shape {
			x, y := float32(p.x*c.scale-float64(box.Min.X)), float32(p.y*c.scale-float64(box.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(c.img, box, paint, image.Point{})
}

func (c *canvas) bounds(shapes []polygon) image.Rectangle {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, shape := range shapes {
		for _, p := range shape {
			low = point{math.Min(low.x, p.x), math.Min(low.y, p.y)}
			high = point{math.Max(high.x, p.x), math.Max(high.y, p.y)}
		}
	}
	if low.x > high.x {
		return image.Rectangle{}
	}
	box := image.Rect(int(math.Floor(low.x*c.scale)), int(math.Floor(low.y*c.scale)), int(math.Ceil(high.x*c.scale)), int(math.Ceil(high.y*c.scale)))
	return box.Intersect(c.img.Bounds())
}

func rect(x, y, w, h float64) []polygon {
	return []polygon{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}}
}

func circle(x, y, r float64) []polygon {
	const corners = 24
	p := make(polygon, corners)
	for i := range p {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		p[i] = point{x + r*cos, y + r*sin}
	}
	return []polygon{p}
}

// fromSteps makes a polygon of each line of a path.
func fromSteps(path []chart.Step) []polygon {
	var all []polygon
	for i, s := range path {
		if s.Move || i == 0 {
			all = append(all, nil)
		}
		last := &all[len(all)-1]
		*last = append(*last, point{s.X, s.Y})
	}
	return all
}

// stroke turns a line into what its pen covers: a rectangle for each piece
// between two points, cut into dashes that run on around the corners, and a
// circle at each corner within a dash.
func stroke(path []chart.Step, width float64, dash []float64) []polygon {
	var all []polygon
	pen := dashes{pattern: dash}
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		if b.Move {
			pen = dashes{pattern: dash}
			continue
		}
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		if length == 0 {
			continue
		}
		dx, dy := (b.X-a.X)/length, (b.Y-a.Y)/length
		nx, ny := -dy*width/2, dx*width/2
		for at := 0.0; at < length; {
			run, down := pen.next(length - at)
			if down {
				x1, y1, x2, y2 := a.X+dx*at, a.Y+dy*at, a.X+dx*(at+run), a.Y+dy*(at+run)
				all = append(all, polygon{{x1 + nx, y1 + ny}, {x2 + nx, y2 + ny}, {x2 - nx, y2 - ny}, {x1 - nx, y1 - ny}})
			}
			at += run
		}
		if i+1 < len(path) && !path[i+1].Move && pen.down() {
			all = append(all, circle(b.X, b.Y, width/2)...)
		}
	}
	return all
}

// dashes follow a pattern of lengths, drawn and left out in turn.
type dashes struct {
	pattern []float64
	i       int
	used    float64
}

func (d *dashes) down() bool { return d.i%2 == 0 }

// next returns how far the pen goes on in one way, at most most.
func (d *dashes) next(most float64) (run float64, down bool) {
	if len(d.pattern) == 0 {
		return most, true
	}
	down = d.down()
	left := d.pattern[d.i%len(d.pattern)] - d.used
	if left > most {
		d.used += most
		return most, down
	}
	d.i, d.used = d.i+1, 0
	return left, down
}

// parse reads #rrggbb.
func parse(colour string, opacity float64) color.Color {
	const digits = 7
	if len(colour) != digits {
		return color.Black
	}
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return color.Black
	}
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: uint8(math.Round(opacity * math.MaxUint8))} //nolint:gosec // the bytes of n
}
