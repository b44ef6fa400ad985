package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func cellsOf(values ...float64) []Cell {
	var all []Cell
	for i, v := range values {
		all = append(all, Cell{Name: fmt.Sprintf("part %d", i), Figure: "1%", Value: v, URL: fmt.Sprintf("/p/%d", i)})
	}
	return all
}

func TestAreasFillTheWholeInProportion(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var figures []float64
		sum := 0.0
		for range 1 + r.IntN(40) {
			figures = append(figures, math.Exp(r.NormFloat64()*2))
			sum += figures[len(figures)-1]
		}
		whole := box{0, 0, 100 + r.Float64()*900, 100 + r.Float64()*900}
		boxes := squarified(figures, whole)
		if len(boxes) != len(figures) {
			t.Fatalf("%d areas of %d figures", len(boxes), len(figures))
		}
		for i, b := range boxes {
			want := figures[i] / sum * whole.w * whole.h
			if math.Abs(b.w*b.h-want) > want*1e-6+1e-6 {
				t.Fatalf("area %d has %f, want %f", i, b.w*b.h, want)
			}
			if b.x < -1e-6 || b.y < -1e-6 || b.x+b.w > whole.w+1e-6 || b.y+b.h > whole.h+1e-6 {
				t.Fatalf("area %d is outside: %+v of %+v", i, b, whole)
			}
			for k, o := range boxes[:i] {
				if b.x < o.x+o.w-1e-6 && o.x < b.x+b.w-1e-6 && b.y < o.y+o.h-1e-6 && o.y < b.y+b.h-1e-6 {
					t.Fatalf("areas %d and %d overlap", i, k)
				}
			}
		}
	}
}

func TestSmallPartsShareOneNamedArea(t *testing.T) {
	m := Treemap{Lang: "en", Cells: cellsOf(500, 300, 100, 2, 2, 1, 0, -5), Rest: func(n int) Cell { return Cell{Name: fmt.Sprint(n, " others"), URL: "#table"} }}
	shown := m.shown(Wide)
	if len(shown) != 4 || !shown[3].Rest || shown[3].Name != "3 others" || shown[3].Value != 5 {
		t.Fatalf("%+v", shown)
	}
	if svg := m.Scene(Wide).SVG(); strings.Count(svg, "<a ") != 4 || strings.Count(svg, "<a ") != strings.Count(svg, "</a>") {
		t.Errorf("not every area is one link: %s", svg)
	}
}

func TestAreasBeginWhereTextDoes(t *testing.T) {
	m := Treemap{Lang: "fa", Cells: cellsOf(3, 1)}
	s := m.Scene(Wide)
	if first := s.Marks[0]; math.Abs(first.X+first.W-(Wide-cellGap/2)) > 1e-6 {
		t.Errorf("the largest area ends at %f", first.X+first.W)
	}
}

func TestATreemapOfNothingIsEmpty(t *testing.T) {
	m := Treemap{Lang: "en", Cells: cellsOf(0, -1)}
	if s := m.Scene(Wide); len(s.Marks) != 0 {
		t.Errorf("%d marks", len(s.Marks))
	}
}

func TestAreasWithoutRoomForTheirNameTellItStill(t *testing.T) {
	cells := cellsOf(980, 20)
	cells[0].Figure = strings.Repeat("9", 200)
	cells[1].Hint = "part 1, 20"
	svg := (&Treemap{Lang: "en", Cells: cells}).Scene(Wide).SVG()
	if !strings.Contains(svg, `<a href="/p/1" aria-label="part 1, 20">`) || strings.Contains(svg, "99") {
		t.Errorf("%s", svg)
	}
}
