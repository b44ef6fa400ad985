package picture

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/site/chart"
)

func drawn(t *testing.T, s *chart.Scene) image.Image {
	t.Helper()
	b, err := PNG(s)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// dark counts the dots in a part of the picture that are not paper.
func dark(img image.Image, box image.Rectangle) int {
	n := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				n++
			}
		}
	}
	return n
}

func TestAPictureHasTheMarksWhereTheyAre(t *testing.T) {
	s := &chart.Scene{Width: 100, Height: 50, Marks: []chart.Mark{
		{Shape: chart.RectShape, Style: "fill0", X: 10, Y: 10, W: 20, H: 20},
		{Shape: chart.RectShape, Style: "fill0", X: 90, Y: 40, W: 50, H: 50},
		{Shape: chart.PathShape, Style: "axis", Path: []chart.Step{{X: 50, Y: 5, Move: true}, {X: 50, Y: 45}}},
		{Shape: chart.TextShape, Style: "title", Text: "سلام Hello ۱۲", X: -20, Y: 45, Size: 12},
	}}
	img := drawn(t, s)
	if got := img.Bounds().Size(); got != image.Pt(100*Scale, 50*Scale) {
		t.Fatalf("the picture is %v", got)
	}
	if got := dark(img, image.Rect(20, 20, 60, 60)); got != 1600 {
		t.Errorf("the bar covers %d dots of 1600", got)
	}
	if got := dark(img, image.Rect(62, 0, 96, 60)); got != 0 {
		t.Errorf("%d dots are dark where there is nothing", got)
	}
	if dark(img, image.Rect(98, 12, 102, 88)) == 0 || dark(img, image.Rect(180, 80, 200, 100)) != 400 {
		t.Error("the line or the bar at the edge is not there")
	}
}

func TestTextIsJoinedAndOrdered(t *testing.T) {
	f, err := newFonts()
	if err != nil {
		t.Fatal(err)
	}
	// letters that stand alone are wider than those that are joined
	width := func(text string) (w float64) {
		for _, run := range f.line(text, f.plain, 20) {
			w += toFloat(run.Advance)
		}
		return w
	}
	if joined, apart := width("شفافیت"), width("ش ف ا ف ی ت")-5*width(" "); joined >= apart {
		t.Errorf("the letters of a word are %g wide, and %g apart", joined, apart)
	}
	for _, c := range []struct {
		text string
		want string // the letters from left to right as they stand on paper, by runs
	}{
		{"بودجهٔ ۱۴۰۲ ایران", " ایران|۱۴۰۲|بودجهٔ "},
		{"\u200f۱۲ میلیارد", " میلیارد|۱۲|\u200f"},
		{"Budget of سال ۱۴۰۲ total", "Budget of |۱۴۰۲|سال | total"},
		{"سال Budget 1402 of ایران", " ایران|Budget 1402 of|سال "},
		{"\u200f\u2068Roads\u2069 ۱۲ میلیارد", " میلیارد|۱۲| |Roads|\u200f"},
		{"\u200e\u2068عملکرد ۱۴۰۲\u2069 12 billion", "\u200e|۱۴۰۲|عملکرد | 12 billion"},
	} {
		var got []string
		for _, run := range f.line(c.text, f.plain, 20) {
			got = append(got, strconv.Itoa(run.Runes.Count))
		}
		var want []string
		for part := range strings.SplitSeq(c.want, "|") {
			want = append(want, strconv.Itoa(len([]rune(part))))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q stands in runs of %v letters, want %v", c.text, got, want)
		}
	}
}

func TestEveryLetterOfPersianHasAShape(t *testing.T) {
	f, err := newFonts()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئؤأءۀ۰۱۲۳۴۵۶۷۸۹٪٫٬،؛؟«»ABCabc0123456789×…–—·" {
		for name, face := range map[string]bool{"plain": false, "bold": true} {
			font := f.plain
			if face {
				font = f.bold
			}
			for _, run := range f.line(string(r), font, 20) {
				for _, g := range run.Glyphs {
					if g.GlyphID == 0 {
						t.Errorf("the %s font has no %s", name, strconv.QuoteRune(r))
					}
				}
			}
		}
	}
}

func TestAVeryLongChartIsDrawnSmaller(t *testing.T) {
	img := drawn(t, &chart.Scene{Width: 100, Height: 20_000})
	if got := img.Bounds().Dy(); got > maxSide {
		t.Errorf("the picture is %d dots high", got)
	}
}

func TestDashesRunOnAroundCorners(t *testing.T) {
	path := []chart.Step{{X: 0, Y: 0, Move: true}, {X: 5, Y: 0}, {X: 5, Y: 15}}
	if got := len(stroke(path, 2, []float64{8, 4})); got != 4 { // 5 and 3 of the first dash with a corner, then 8 more
		t.Errorf("the line has %d pieces, want 4", got)
	}
}

func TestAHoleInAnAreaIsLeftOut(t *testing.T) {
	square := func(lo, hi float64) []chart.Step {
		return []chart.Step{{X: lo, Y: lo, Move: true}, {X: hi, Y: lo}, {X: hi, Y: hi}, {X: lo, Y: hi}}
	}
	hole := square(20, 30)
	slices.Reverse(hole)
	hole[0].Move, hole[3].Move = true, false
	img := drawn(t, &chart.Scene{Width: 50, Height: 50, Marks: []chart.Mark{
		{Shape: chart.PathShape, Style: "map4", Closed: true, Path: append(square(10, 40), hole...)},
	}})
	if got := dark(img, image.Rect(42, 42, 58, 58)); got != 0 {
		t.Errorf("%d dots are dark in the hole", got)
	}
	if got := dark(img, image.Rect(22, 22, 38, 78)); got != 16*56 {
		t.Errorf("%d dots are dark in the area", got)
	}
}
