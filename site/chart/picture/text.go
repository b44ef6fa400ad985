package picture

import (
	"bytes"
	"image"
	"slices"
	"sync"
	"unicode"

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
	unicodebidi "golang.org/x/text/unicode/bidi"
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

// A piece is a part of a line that has one level: runs that are in their order
// on paper already.
type piece struct {
	runs  []shaping.Output
	level bidi.Level
}

// line shapes a text and returns its runs from left to right as they stand on
// paper. Its direction is that of its first letter that has one. What stands
// between the marks of an isolate is a line of its own, in whose place the rest
// has one neutral letter (rules X5c and BD9 of Unicode Standard Annex 9).
func (f *fonts) line(text string, face *font.Face, size float64) []shaping.Output {
	letters, isolates := takeOut([]rune(text))
	var pieces []piece
	for _, run := range f.levels(letters) {
		for start := run.Start; start < run.End; {
			end := start
			for end < run.End && letters[end] != placeholder {
				end++
			}
			if end > start {
				pieces = append(pieces, piece{f.shape(letters, start, end, run.Level, face, size), run.Level})
			}
			if end < run.End {
				pieces = append(pieces, piece{f.line(isolates[0], face, size), run.Level})
				isolates, end = isolates[1:], end+1
			}
			start = end
		}
	}
	return inOrder(pieces)
}

// The marks of an isolate whose direction is that of its first letter, and what
// stands for one in the line around it.
const (
	isolate     = '\u2068'
	endIsolate  = '\u2069'
	placeholder = '\ufffc'
)

// takeOut puts a placeholder in the place of every isolate and returns what
// stands in them. A letter that looks like the placeholder is dropped.
func takeOut(text []rune) (flat []rune, isolates []string) {
	depth, start := 0, 0
	for i, r := range text {
		switch {
		case r == isolate:
			if depth++; depth == 1 {
				start = i + 1
			}
		case r == endIsolate && depth > 0:
			if depth--; depth == 0 {
				flat, isolates = append(flat, placeholder), append(isolates, string(text[start:i]))
			}
		case depth == 0 && r == '\u06c0': // the font has it in its two parts only
			flat = append(flat, '\u0647', '\u0654')
		case depth == 0 && r != placeholder && r != endIsolate:
			flat = append(flat, r)
		}
	}
	if depth > 0 { // it has no end
		flat, isolates = append(flat, placeholder), append(isolates, string(text[start:]))
	}
	return flat, isolates
}

// levels divides a line into runs of one level. The library joins runs of one
// direction; so where the line runs to the right, what follows a number after
// Persian is divided from it again.
func (f *fonts) levels(letters []rune) []bidi.Run {
	runs := f.paragraph.Segment(letters, bidi.Neutral)
	var all []bidi.Run
	base := bidi.Level(1)
	for i := range runs.NumRuns() {
		base = min(base, runs.Run(i).Level)
	}
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		if base != 0 || run.Level == 0 || run.Level%2 == 1 {
			all = append(all, run)
			continue
		}
		number := run.Start
		for at := run.Start; at < run.End; at++ {
			class, _ := unicodebidi.LookupRune(letters[at])
			if class.Class() == unicodebidi.L {
				break
			}
			if unicode.IsDigit(letters[at]) {
				number = at + 1
			}
		}
		if number > run.Start {
			all = append(all, bidi.Run{Start: run.Start, End: number, Level: run.Level})
		}
		if number < run.End {
			all = append(all, bidi.Run{Start: number, End: run.End, Level: 0})
		}
	}
	return all
}

// shape turns letters of one level into glyphs, from left to right.
func (f *fonts) shape(letters []rune, start, end int, level bidi.Level, face *font.Face, size float64) []shaping.Output {
	const unit = 64
	input := shaping.Input{
		Text: letters, RunStart: start, RunEnd: end, Direction: di.DirectionLTR,
		Face: face, Size: fixed.Int26_6(size * unit), Script: language.Latin, Language: language.NewLanguage("fa"),
	}
	if level%2 == 1 {
		input.Direction = di.DirectionRTL
	}
	var runs []shaping.Output
	var scripts shaping.Segmenter
	for _, part := range scripts.Split(input, oneFace{face}) {
		part.Direction = input.Direction
		runs = append(runs, f.shaper.Shape(part))
	}
	if level%2 == 1 {
		slices.Reverse(runs)
	}
	return runs
}

// inOrder puts pieces from the order of reading into that on paper: from the
// highest level down, every stretch of at least that level is turned round
// (rule L2).
func inOrder(pieces []piece) []shaping.Output {
	highest := bidi.Level(0)
	for _, p := range pieces {
		highest = max(highest, p.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(pieces); i++ {
			end := i
			for end < len(pieces) && pieces[end].level >= level {
				end++
			}
			slices.Reverse(pieces[i:end])
			i = max(i, end)
		}
	}
	var runs []shaping.Output
	for _, p := range pieces {
		runs = append(runs, p.runs...)
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
