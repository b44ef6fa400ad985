package chart

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// plainNumbers writes numbers without the words of a language.
type plainNumbers struct{}

func (plainNumbers) Float(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
func (plainNumbers) Plain(n int64) string { return strconv.FormatInt(n, 10) }
func (plainNumbers) Text(key string, args ...any) string {
	return fmt.Sprint(args[1], " ", strings.TrimPrefix(key, "compact."))
}

func sample(kind Kind, lang string, values ...float64) *Chart {
	c := &Chart{Kind: kind, Lang: lang, Numbers: plainNumbers{}, Title: "Title", NoValue: "none", X: Axis{Label: "x"}, Y: Axis{Label: "y"}}
	var s Series
	for i, v := range values {
		c.X.Names = append(c.X.Names, Name{Text: "n" + strconv.Itoa(i)})
		s.Points = append(s.Points, Point{X: float64(i), To: float64(i + 1), Y: v, Missing: math.IsNaN(v), Text: fmt.Sprint(v)})
	}
	c.Series = []Series{s}
	return c
}

func figures(s *Scene, shape Shape) []Mark {
	var all []Mark
	for _, m := range s.Marks {
		if m.Shape == shape && m.Figure {
			all = append(all, m)
		}
	}
	return all
}

func TestTicksAreRoundAndEncloseTheFigures(t *testing.T) {
	for _, c := range []struct{ low, high float64 }{
		{0, 1}, {-3, 7}, {0, 0}, {5, 5}, {1e15, 9e17}, {-1e308, 1e308}, {1e-9, 2e-9}, {-0.5, 1234}, {999, 1001},
	} {
		values, step := ticks(c.low, c.high, 5)
		if len(values) < 2 || len(values) > 20 {
			t.Fatalf("%g to %g has %d ticks", c.low, c.high, len(values))
		}
		first, last := values[0], values[len(values)-1]
		if first > c.low || last < c.high {
			t.Errorf("%g to %g has ticks from %g to %g", c.low, c.high, first, last)
		}
		mantissa := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9))
		if !slices.ContainsFunc([]float64{1, 2, 4, 5, 10}, func(m float64) bool { return math.Abs(m-mantissa) < 1e-6 }) {
			t.Errorf("%g to %g has steps of %g", c.low, c.high, step)
		}
	}
}

func TestTimeAxisBeginsYearsWhereTheCalendarDoes(t *testing.T) {
	from := float64(time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
	to := float64(time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC).Unix())
	fa, en := &Chart{Lang: "fa", Numbers: plainNumbers{}}, &Chart{Lang: "en", Numbers: plainNumbers{}}
	nowruz := float64(time.Date(2019, 3, 21, 0, 0, 0, 0, time.UTC).Unix())
	if got := fa.timeTicks(from, to, 8); got[0].at != nowruz || got[0].text != "1398" || len(got) != 6 {
		t.Errorf("the Persian axis has %v", got)
	}
	if got := en.timeTicks(from, to, 8); got[0].at != from || got[0].text != "2019" || len(got) != 6 {
		t.Errorf("the English axis has %v", got)
	}
	if got := fa.timeTicks(nowruz, nowruz+100*day, 8); got[0].text != "فروردین 1398" || got[1].text != "اردیبهشت" {
		t.Errorf("the Persian months are %v", got)
	}
	if got := en.timeTicks(from, from+5*day, 8); got[1].text != "2 Jan" {
		t.Errorf("the days are %v", got)
	}
}

func TestFewYearsAreAllNamed(t *testing.T) {
	for _, years := range [][2]float64{{1400, 1404}, {2020, 2021}, {1404, 1404}} {
		c := &Chart{Lang: "fa", Numbers: plainNumbers{}, X: Axis{Scale: Linear, Years: true}}
		var names []string
		c.numberTicks(&plot{}, years[0], years[1], 8, func(_ float64, text string) { names = append(names, text) })
		if len(names) != int(years[1]-years[0])+1 {
			t.Errorf("%v have the names %v", years, names)
		}
	}
}

// inside reports marks that are no numbers or outside their scene.
func inside(t *testing.T, where string, s *Scene) {
	t.Helper()
	const slack = 1.5
	check := func(what string, v, most float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) || v < -slack || v > most+slack {
			t.Errorf("%s: %s is at %g of %g", where, what, v, most)
		}
	}
	for _, m := range s.Marks {
		switch m.Shape {
		case RectShape:
			check("the left of a bar", m.X, s.Width)
			check("the right of a bar", m.X+m.W, s.Width)
			check("the top of a bar", m.Y, s.Height)
			check("the bottom of a bar", m.Y+m.H, s.Height)
		case PathShape:
			for _, p := range m.Path {
				check("a line", p.X, s.Width)
				check("a line", p.Y, s.Height)
			}
		case CircleShape, TextShape:
			check("a point or text", m.X, s.Width)
			check("a point or text", m.Y, s.Height)
		}
	}
}

func TestAnyFiguresFitTheirScene(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	nan := math.NaN()
	sets := [][]float64{nil, {0}, {7}, {-7}, {nan}, {nan, nan}, {0, 0, 0}, {1e300, -1e300, 1}, {math.MaxFloat64, -math.MaxFloat64}, {1e-300, 2e-300}, {5, nan, 3, nan}}
	for _, n := range []int{2, 30, 200, 1000} {
		var set []float64
		for range n {
			set = append(set, random.NormFloat64()*math.Pow10(random.IntN(18)))
		}
		sets = append(sets, set)
	}
	for _, kind := range Kinds() {
		for _, lang := range []string{"fa", "en"} {
			for i, set := range sets {
				if kind == Histogram {
					set = slices.Clone(set)
					for j := range set {
						set[j] = math.Abs(set[j])
					}
				}
				for _, scale := range []Scale{Band, Linear, Time} {
					c := sample(kind, lang, set...)
					c.X.Scale, c.Upright = scale, scale != Band
					if kind != Area && len(set) > 0 {
						c.Series = append(c.Series, c.Series[0])
					}
					for _, width := range []float64{Wide, Phone} {
						where := fmt.Sprintf("%s %s set %d scale %d width %g", kind, lang, i, scale, width)
						inside(t, where, c.Scene(width, false))
						inside(t, where+" alone", c.Scene(width, true))
					}
				}
			}
		}
	}
}

func TestBarsAreAsLongAsTheirFigures(t *testing.T) {
	s := sample(Bars, "en", 40, 20, 10, -10).Scene(Wide, false)
	bars := figures(s, RectShape)
	if len(bars) != 4 {
		t.Fatalf("there are %d bars", len(bars))
	}
	for i, want := range []float64{4, 2, 1, 1} {
		if got := bars[i].W / bars[2].W; math.Abs(got-want) > 1e-6 {
			t.Errorf("bar %d is %g times the third, want %g", i, got, want)
		}
	}
	if zero := bars[0].X; math.Abs(bars[3].X+bars[3].W-zero) > 1e-6 {
		t.Errorf("the negative bar ends at %g, not at zero %g", bars[3].X+bars[3].W, zero)
	}
}

func TestPersianBarsAreMirroredAndTimeIsNot(t *testing.T) {
	en, fa := sample(Bars, "en", 3, 2, 1).Scene(Wide, false), sample(Bars, "fa", 3, 2, 1).Scene(Wide, false)
	a, b := figures(en, RectShape), figures(fa, RectShape)
	for i := range a {
		if math.Abs(b[i].X-(Wide-a[i].X-a[i].W)) > 1e-6 {
			t.Errorf("bar %d is at %g in English and at %g in Persian", i, a[i].X, b[i].X)
		}
	}
	line := sample(Lines, "fa", 3, 2, 1)
	line.X.Scale = Time
	points := figures(line.Scene(Wide, false), CircleShape)
	if len(points) != 3 || points[0].X >= points[1].X || points[1].X >= points[2].X {
		t.Errorf("time does not run from left to right: %v", points)
	}
}

func TestAMissingFigureIsAGap(t *testing.T) {
	nan := math.NaN()
	s := sample(Lines, "en", 1, 2, nan, 4, 5).Scene(Wide, false)
	moves := 0
	for _, m := range s.Marks {
		if strings.HasPrefix(m.Style, "line") && len(m.Path) == 4 {
			for _, step := range m.Path {
				if step.Move {
					moves++
				}
			}
		}
	}
	if moves != 2 {
		t.Errorf("the line has %d pieces, want 2", moves)
	}
	if got := len(figures(sample(Lines, "en", nan, 2, nan).Scene(Wide, false), CircleShape)); got != 1 {
		t.Errorf("a figure between two gaps has %d points", got)
	}
	said := false
	for _, m := range sample(Bars, "en", 1, nan).Scene(Wide, false).Marks {
		said = said || strings.Contains(m.Text, "none")
	}
	if !said {
		t.Error("a bar without a figure does not say so")
	}
}

func TestStackedAreasAddUp(t *testing.T) {
	c := sample(Area, "en", 1, 2, 3)
	c.Series = append(c.Series, Series{Name: "second", Points: []Point{{X: 0, Y: 10}, {X: 1, Missing: true}, {X: 2, Y: 30}}})
	_, tops := c.stacked()
	if want := []float64{11, 2, 33}; !slices.Equal(tops[1], want) {
		t.Errorf("the second layer reaches %v, want %v", tops[1], want)
	}
}

func TestLongNamesAreCutAndSaidWhole(t *testing.T) {
	c := sample(Bars, "fa", 1, 2)
	long := strings.Repeat("نام بسیار بلند ", 20)
	c.X.Names[1].Text = long
	for _, width := range []float64{Wide, Phone} {
		found := false
		for _, m := range c.Scene(width, false).Marks {
			if strings.HasSuffix(m.Text, "…") && m.Hint == long {
				found = true
			}
			if w := Width(m.Text, m.Size); m.Shape == TextShape && w > width {
				t.Errorf("a text is %g wide on %g", w, width)
			}
		}
		if !found {
			t.Errorf("%g: no text is cut with the whole as its hint", width)
		}
	}
}

func TestTheBarOfTheRestDoesNotPressTheOthersFlat(t *testing.T) {
	c := sample(Bars, "en", 10, 9, 5000)
	c.X.Names[2] = Name{Text: "other (183)", Rest: true}
	bars := figures(c.Scene(Wide, false), RectShape)
	if !c.CutsRest() || bars[2].W > 1.3*bars[0].W || bars[2].W < bars[0].W {
		t.Errorf("the bars are %g and %g long", bars[0].W, bars[2].W)
	}
	if c = sample(Bars, "en", 10, 9, 5000); c.CutsRest() {
		t.Error("a bar of its own is cut")
	}
}

func TestSVGIsWellFormedWhateverItSays(t *testing.T) {
	for _, kind := range Kinds() {
		c := sample(kind, "fa", 1, 2, 3)
		evil := "</text><script>alert(1)</script>\"'&\x00\x1b\xff\ufffe"
		c.Title, c.Subtitle, c.Footer, c.X.Label, c.Y.Label = evil, evil, []string{evil}, evil, evil
		c.X.Names[0].Text, c.Series[0].Points[0].Text, c.NoValue = evil, evil, evil
		c.Series = append(c.Series, Series{Name: evil, Points: c.Series[0].Points})
		s := c.Scene(Wide, true)
		for name, doc := range map[string]string{"page": s.SVG("aria-label", evil), "file": string(s.File())} {
			d := xml.NewDecoder(strings.NewReader(doc))
			for {
				token, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%s %s: %v", kind, name, err)
				}
				if e, ok := token.(xml.StartElement); ok && !slices.Contains([]string{"svg", "title", "desc", "rect", "path", "circle", "text"}, e.Name.Local) {
					t.Errorf("%s %s has an element %s", kind, name, e.Name.Local)
				}
			}
			if strings.Contains(doc, "style=") {
				t.Errorf("%s %s has a style attribute", kind, name)
			}
		}
	}
}

func TestMarksNameTheCellsOfTheirFigures(t *testing.T) {
	c := sample(Grouped, "en", 1, 2)
	c.Series = append(c.Series, c.Series[0])
	seen := map[[2]int]bool{}
	for _, m := range figures(c.Scene(Wide, false), RectShape) {
		seen[[2]int{m.Row, m.Column}] = true
	}
	if len(seen) != 4 {
		t.Errorf("the marks stand for the cells %v", seen)
	}
}

func TestSeriesAreToldApartWithoutColours(t *testing.T) {
	for i := range dashes {
		for j := range i {
			if slices.Equal(dashes[i], dashes[j]) {
				t.Errorf("series %d and %d have the same dashes", i, j)
			}
		}
	}
	c := sample(Lines, "en", 1, 2)
	c.Series[0].Name = "first"
	c.Series = append(c.Series, Series{Name: "second", Points: c.Series[0].Points})
	var names []string
	for _, m := range c.Scene(Wide, false).Marks {
		if strings.HasPrefix(m.Style, "name") {
			names = append(names, m.Text)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"first", "second"}) {
		t.Errorf("the lines are named %q", names)
	}
}

func TestLargeNumbersAreWrittenInWords(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 5: "5", 0.1234567: "0.123", 9999: "9999", 12345: "12.3 thousand", -12345678: "-12.3 million", 1.5e9: "1.5 billion", 4.2e13: "42 trillion", 3e17: "300000 trillion",
	} {
		if got := Compact(plainNumbers{}, f); got != want {
			t.Errorf("%g is written %q, want %q", f, got, want)
		}
	}
}
