package chart

// A Scene is a drawing: marks in their order, in pixels from the upper left
// corner.
type Scene struct {
	Width, Height float64
	Lang          string
	Title         string // of the file that the scene becomes
	Description   string
	Source        string // address of what the file was made from
	Marks         []Mark
}

// A Shape is the form of a mark.
type Shape uint8

// The shapes.
const (
	RectShape Shape = iota
	PathShape
	CircleShape // X, Y is the middle, W the diameter
	TextShape   // X, Y is the anchor on the base line
)

// An Anchor is the part of a text that stands at its X.
type Anchor uint8

// The anchors are the left end, the middle and the right end, whatever the
// direction of the text.
const (
	Start Anchor = iota
	Middle
	End
)

// A Mark is one thing to draw.
type Mark struct {
	Shape      Shape
	Style      string // a name in styles
	X, Y, W, H float64
	Path       []Step
	Closed     bool // the path is filled; of its lines those that run the other way round are holes
	Text       string
	Size       float64
	Anchor     Anchor
	Hint       string // the whole text, or the exact figure
	Figure     bool   // the mark stands for cell Row, Column of the table
	Row        int
	Column     int
	URL        string // the mark leads there; neighbours with the same one are one link
}

// A Step moves the pen to a point, drawing a line unless Move.
type Step struct {
	X, Y float64
	Move bool
}

func (s *Scene) add(m ...Mark) { s.Marks = append(s.Marks, m...) }

func (s *Scene) text(style, text string, x, y, size float64, anchor Anchor) {
	s.add(Mark{Shape: TextShape, Style: style, Text: text, X: x, Y: y, Size: size, Anchor: anchor})
}

// cutText adds a text of at most width, the whole of it as a hint.
func (s *Scene) cutText(style, text string, x, y, size, width float64, anchor Anchor) {
	short := fit(text, size, width)
	m := Mark{Shape: TextShape, Style: style, Text: short, X: x, Y: y, Size: size, Anchor: anchor}
	if short != text {
		m.Hint = text
	}
	s.add(m)
}

func (s *Scene) line(style string, x1, y1, x2, y2 float64) {
	s.add(Mark{Shape: PathShape, Style: style, Path: []Step{{x1, y1, true}, {x2, y2, false}}})
}

// mirror turns the marks from the given one on to the other side.
func (s *Scene) mirror(from int) {
	for i := from; i < len(s.Marks); i++ {
		m := &s.Marks[i]
		switch m.Shape {
		case RectShape:
			m.X = s.Width - m.X - m.W
		case TextShape:
			m.X, m.Anchor = s.Width-m.X, End-m.Anchor
		case CircleShape:
			m.X = s.Width - m.X
		case PathShape:
			for j := range m.Path {
				m.Path[j].X = s.Width - m.Path[j].X
			}
		}
	}
}
