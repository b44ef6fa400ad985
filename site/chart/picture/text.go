package picture

import (
	"bytes"
	"image"
	"slices"
	"sync"

	"github.com/openshafaf/shafaf/site/chart"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// parsed is the two fonts. They are read once; faces, which are not safe for
// use by several, are made of them for each picture.
var parsed = sync.OnceValues(func() ([2]*font.Font, error) {
	var all [2]*font.Font
	for i, ttf := range [][]byte{dejavusans.TTF, dejavusansbold.TTF} {
		face, err := font.ParseTTF(bytes.NewReader(ttf))
		if err != nil {
			return all, err
		}
		all[i] = face.Font
	}
	return all, nil
})

type fonts struct {
	plain, bold *font.Face
	shaper      shaping.HarfbuzzShaper
	paragraph   bidi.Paragraph
}

func newFonts() (*fonts, error) {
	all, err := parsed()
	if err != nil {
		return nil, err
	}
	return &fonts{plain: font.NewFace(all[0]), bold: font.NewFace(all[1])}, nil
}

// ResolveFace is the same font for every letter.
func (f oneFace) ResolveFace(rune) *font.Face { return f.face }

type oneFace struct{ face *font.Face }

// line shapes a text and returns its runs from left to right as they stand on
// paper. Its direction is that of its first letter that has one.
func (f *fonts) line(text string, face *font.Face, size float64) []shaping.Output {
	const unit = 64
	letters := []rune(text)
	runs := f.paragraph.Segment(letters, bidi.Neutral)
	var pieces []shaping.Output
	var levels []bidi.Level
	var scripts shaping.Segmenter
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		input := shaping.Input{
			Text: letters, RunStart: run.Start, RunEnd: run.End, Direction: di.DirectionLTR,
			Face: face, Size: fixed.Int26_6(size * unit), Script: language.Latin, Language: language.NewLanguage("fa"),
		}
		if run.Level%2 == 1 {
			input.Direction = di.DirectionRTL
		}
		for _, part := range scripts.Split(input, oneFace{face}) {
			part.Direction = input.Direction
			pieces = append(pieces, f.shaper.Shape(part))
			levels = append(levels, run.Level)
		}
	}
	return inOrder(pieces, levels)
}

// inOrder puts runs from the order of reading into that on paper: from the
// highest level down, every stretch of runs of at least that level is turned
// round (rule L2 of Unicode Standard Annex 9).
func inOrder(runs []shaping.Output, levels []bidi.Level) []shaping.Output {
	highest := bidi.Level(0)
	for _, l := range levels {
		highest = max(highest, l)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(runs); i++ {
			end := i
			for end < len(runs) && levels[end] >= level {
				end++
			}
			slices.Reverse(runs[i:end])
			slices.Reverse(levels[i:end])
			i = max(i, end)
		}
	}
	return runs
}

// text draws a mark of text.
func (c *canvas) text(m *chart.Mark, look chart.Style) {
	face := c.fonts.plain
	if look.Bold {
		face = c.fonts.bold
	}
	size := m.Size * c.scale
	runs := c.fonts.line(m.Text, face, size)
	width := fixed.Int26_6(0)
	for i := range runs {
		width += runs[i].Advance
	}
	x := m.X * c.scale
	switch m.Anchor {
	case chart.Start:
	case chart.Middle:
		x -= toFloat(width) / 2
	case chart.End:
		x -= toFloat(width)
	}
	pen := glyphPen{scale: size / float64(face.Upem()), canvas: c, look: look}
	for i := range runs {
		for _, g := range runs[i].Glyphs {
			pen.glyph(face, g.GlyphID, x+toFloat(g.XOffset), m.Y*c.scale-toFloat(g.YOffset))
			x += toFloat(g.Advance)
		}
	}
}

func toFloat(f fixed.Int26_6) float64 { return float64(f) / 64 }

// A glyphPen draws outlines of letters.
type glyphPen struct {
	canvas *canvas
	scale  float64 // dots for a unit of the font
	look   chart.Style
}

// glyph draws one letter whose origin is at x, y in dots.
func (p *glyphPen) glyph(face *font.Face, id font.GID, x, y float64) {
	outline, ok := face.GlyphDataOutline(id)
	extents, known := face.GlyphExtents(id)
	if !ok || !known || len(outline.Segments) == 0 {
		return
	}
	const slack = 2
	box := image.Rect(
		int(x+float64(extents.XBearing)*p.scale)-slack, int(y-float64(extents.YBearing)*p.scale)-slack,
		int(x+float64(extents.XBearing+extents.Width)*p.scale)+slack, int(y-float64(extents.YBearing+extents.Height)*p.scale)+slack,
	).Intersect(p.canvas.img.Bounds())
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	at := func(s opentype.SegmentPoint) (ax, ay float32) {
		return float32(x + float64(s.X)*p.scale - float64(box.Min.X)), float32(y - float64(s.Y)*p.scale - float64(box.Min.Y))
	}
	for i := range outline.Segments {
		s := &outline.Segments[i]
		ax, ay := at(s.Args[0])
		bx, by := at(s.Args[1])
		cx, cy := at(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(ax, ay)
		case opentype.SegmentOpLineTo:
			r.LineTo(ax, ay)
		case opentype.SegmentOpQuadTo:
			r.QuadTo(ax, ay, bx, by)
		case opentype.SegmentOpCubeTo:
			r.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	r.ClosePath()
	r.Draw(p.canvas.img, box, image.NewUniform(parse(chart.Colour(p.look.Fill), 1)), image.Point{})
}
