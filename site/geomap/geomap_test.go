package geomap

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

func TestEveryProvinceHasATileOfItsOwn(t *testing.T) {
	tiles, codes, olds := map[[2]int]string{}, map[string]bool{}, map[string]bool{}
	for _, p := range Provinces {
		at := [2]int{p.Row, p.Column}
		if tiles[at] != "" || p.Row < 0 || p.Row >= Rows || p.Column < 0 || p.Column >= Columns {
			t.Errorf("%s is at %v, where %q is", p.En, at, tiles[at])
		}
		tiles[at] = p.En
		codes[p.Code], olds[p.Old] = true, true
	}
	if len(codes) != 31 || len(olds) != 31 {
		t.Errorf("%d codes and %d old ones", len(codes), len(olds))
	}
}

// No two provinces share a spelling.
func TestNamesOfProvincesAreTheirOwn(t *testing.T) {
	seen := map[string]string{}
	for _, p := range Provinces {
		own := map[string]bool{}
		for _, name := range append(strings.Split(p.others, "|"), p.Fa, p.En) {
			if k := key(name); k != "" && !own[k] {
				if seen[k] != "" {
					t.Errorf("%q is %s and %s", name, seen[k], p.En)
				}
				own[k], seen[k] = true, p.En
			}
		}
	}
}

func TestProvincesByNameAndCode(t *testing.T) {
	m := NewMatcher(nil, false)
	for name, want := range map[string]string{
		"تهران": "Tehran", "استان تهران": "Tehran", "  فارس ": "Fars", "كرمان": "Kerman", "آذربايجان شرقي": "East Azerbaijan", "آذربایجان‌غربی": "West Azerbaijan",
		"چهارمحال‌وبختیاری": "Chaharmahal and Bakhtiari", "چهار محال و بختياري": "Chaharmahal and Bakhtiari", "کهگیلویه و بویر احمد": "Kohgiluyeh and Boyer-Ahmad",
		"سیستان و بلوچستان": "Sistan and Baluchestan", "Sistan-va-Baluchestan": "Sistan and Baluchestan", "TEHRAN Province": "Tehran", "Esfahān": "Isfahan",
		"Āz̄arbāyjān-e Sharqī": "East Azerbaijan", "Hormozgān": "Hormozgan", "Ostān-e Khorāsān-e Raẕavī": "Razavi Khorasan", "خراسان جنوبی": "South Khorasan", "قم‎": "Qom",
		"IR-23": "Tehran", "ir-07": "Fars", "23": "", "کل کشور": "", "": "", "Paris": "", "تهران بزرگ": "",
	} {
		got := ""
		if at, ok := m.Place(name); ok {
			got = Provinces[at].En
		}
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestCodesOfBothEditions(t *testing.T) {
	old := NewMatcher([]string{"IR-26", "IR-32", "IR-07"}, false)
	if at, ok := old.Place("IR-26"); !ok || Provinces[at].En != "Qom" {
		t.Errorf("IR-26 of the old codes is %v", at)
	}
	if coded, isOld := old.Codes(); !coded || !isOld {
		t.Error("the old codes are not told")
	}
	current := NewMatcher([]string{"0", "9", "۲۳"}, true)
	for code, want := range map[string]string{"۲۳": "Tehran", "0": "Markazi", "9": "Razavi Khorasan"} {
		if at, ok := current.Place(code); !ok || Provinces[at].En != want {
			t.Errorf("%s is %v", code, at)
		}
	}
}

func TestClasses(t *testing.T) {
	for name, c := range map[string]struct {
		figures []float64
		want    []Class
	}{
		"none":             {nil, nil},
		"one":              {[]float64{3}, []Class{{3, 3, 1}}},
		"all equal":        {[]float64{3, 3, 3}, []Class{{3, 3, 3}}},
		"fewer than five":  {[]float64{2, 1, 2, 9}, []Class{{1, 1, 1}, {2, 2, 2}, {9, 9, 1}}},
		"ten":              {[]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, []Class{{1, 2, 2}, {3, 4, 2}, {5, 6, 2}, {7, 8, 2}, {9, 10, 2}}},
		"negative and NaN": {[]float64{-5, math.NaN(), 5}, []Class{{-5, -5, 1}, {5, 5, 1}}},
		"ties": {
			[]float64{0, 0, 0, 0, 0, 0, 1, 2, 3, 4}, []Class{{0, 0, 6}, {1, 1, 1}, {2, 2, 1}, {3, 3, 1}, {4, 4, 1}},
		},
		"many ties": {
			[]float64{0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5}, []Class{{0, 0, 7}, {1, 1, 1}, {2, 3, 2}, {4, 5, 2}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Classes(c.figures)
			if len(got) != len(c.want) {
				t.Fatalf("%v, want %v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Errorf("%v, want %v", got, c.want)
				}
			}
			for _, f := range c.figures {
				if class := ClassOf(got, f); (class < 0) != math.IsNaN(f) {
					t.Errorf("%v is in class %d", f, class)
				}
			}
		})
	}
}

func sample(lang string) *Map {
	m := &Map{
		Lang: lang, Title: `A "map" <of> squares`, Subtitle: "per head", Footer: []string{"Source: an agency & others"}, Address: "https://example.org/?a=1&b=2",
		Areas: []Area{
			{Geometry: orb.MultiPolygon{{{{50, 30}, {52, 30}, {52, 32}, {50, 32}, {50, 30}}}}, Class: 0, Hint: "<b>one</b>: 1"},
			{Geometry: orb.MultiPolygon{{{{52, 30}, {54, 30}, {54, 32}, {52, 32}, {52, 30}}}}, Class: NoClass, Hint: "two"},
		},
		Dots:   []Dot{{At: orb.Point{51, 31}, Value: 4, Hint: "small"}, {At: orb.Point{53, 31}, Value: 100, Hint: "large"}},
		Legend: []Label{{Class: 0, Text: "1 to 2"}, {Class: NoClass, Text: "none"}, {Dot: 9, Text: "100"}},
	}
	return m
}

// checkXML reads a document and returns how many elements of each name it has.
func checkXML(t *testing.T, text string) map[string]int {
	t.Helper()
	names := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if e, ok := token.(xml.StartElement); ok {
			names[e.Name.Local]++
			for _, a := range e.Attr {
				if a.Name.Local == "style" {
					t.Errorf("%s has a style attribute", e.Name.Local)
				}
			}
		}
	}
}

func TestMapsAreWellFormed(t *testing.T) {
	m := sample("en")
	page := m.SVG("class", "map-svg", "role", "img")
	if n := checkXML(t, page); n["path"] != 3 || n["circle"] != 2 || n["b"] != 0 {
		t.Errorf("the page has %v", n)
	}
	if strings.Contains(page, "#0") || !strings.Contains(page, "&lt;b&gt;one") {
		t.Error("the page has colours of its own, or text that is not escaped")
	}
	if n := checkXML(t, string(m.Scene().File())); n["title"] != 5 || n["desc"] != 1 {
		t.Errorf("the file has %v", n)
	}
	for _, lang := range []string{"fa", "en"} {
		tiles := &Map{Lang: lang, Title: "x"}
		links := make([]string, len(Provinces))
		for i := range Provinces {
			tiles.Tiles = append(tiles.Tiles, Tile{Province: i, Class: i%6 - 1, Value: "1"})
		}
		links[3] = "/fa/datasets/x/table?a=1&b=<2>"
		list := tiles.TileList(links, "class", "map-tiles")
		if n := checkXML(t, list); n["li"] != 31 || n["a"] != 1 {
			t.Errorf("the list has %v", n)
		}
		if n := checkXML(t, string(tiles.Scene().File())); n["rect"] < 31 {
			t.Errorf("the file has %v", n)
		}
	}
}

// A map is not mirrored, whatever the language, and is as wide as it is high.
func TestWestIsLeftAndNorthIsUp(t *testing.T) {
	for _, lang := range []string{"fa", "en"} {
		m := sample(lang)
		b, _ := m.bound()
		p := newProjection(b, PageWidth)
		x1, y1 := p.at(orb.Point{50, 30})
		x2, y2 := p.at(orb.Point{54, 32})
		if x1 >= x2 || y1 <= y2 || x1 < 0 || x2 > PageWidth || y2 < 0 || y1 > p.height {
			t.Errorf("south-west is at %v %v, north-east at %v %v", x1, y1, x2, y2)
		}
		if ratio := (x2 - x1) / (y1 - y2); math.Abs(ratio-2*math.Cos(31*math.Pi/180)) > 0.01 {
			t.Errorf("four degrees by two are drawn as %.3f", ratio)
		}
	}
}

func TestDotsHaveTheAreaOfTheirValue(t *testing.T) {
	large, quarter := Radius(100, 100), Radius(25, 100)
	if math.Abs(large/quarter-2) > 1e-9 || Radius(math.NaN(), 100) <= 0 || Radius(-100, 100) != large {
		t.Errorf("radius %v and %v", large, quarter)
	}
	page := sample("en").SVG()
	if strings.Index(page, "large") > strings.Index(page, "small") {
		t.Error("the large dot is drawn over the small one")
	}
}

func TestMapsOfOddExtent(t *testing.T) {
	if (&Map{}).SVG() != "" {
		t.Error("a map of nothing is drawn")
	}
	for name, m := range map[string]*Map{
		"a point":         {Dots: []Dot{{At: orb.Point{51, 35}, Value: math.NaN()}}},
		"points in a row": {Dots: []Dot{{At: orb.Point{51, 35}, Value: 1}, {At: orb.Point{51, 36}, Value: 2}}},
		"the poles":       {Dots: []Dot{{At: orb.Point{-180, 90}, Value: 1}, {At: orb.Point{180, -90}, Value: 1}}},
		"a line":          {Areas: []Area{{Geometry: orb.MultiLineString{{{50, 30}, {54, 30}}}}}},
	} {
		page := m.SVG()
		checkXML(t, page)
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
			t.Errorf("%s: %s", name, page)
		}
	}
}

func TestPointsThatLieCloseAreGathered(t *testing.T) {
	points := []orb.Point{{50, 30}, {50.0001, 30.0001}, {60, 38}}
	groups, middles := Gather(points, 90)
	if len(groups) != 2 || len(groups[0]) != 2 || middles[1] != points[2] {
		t.Errorf("groups %v at %v", groups, middles)
	}
}

// What is hatched lies within the lines, and holes are left out.
func TestHatchesAreWithinTheirArea(t *testing.T) {
	square := func(lo, hi float64) orb.Ring { return orb.Ring{{lo, lo}, {hi, lo}, {hi, hi}, {lo, hi}, {lo, lo}} }
	for name, g := range map[string]orb.Geometry{
		"as GeoJSON says": orb.Polygon{square(0, 10), {{4, 4}, {4, 6}, {6, 6}, {6, 4}, {4, 4}}},
		"both one way":    orb.Polygon{square(0, 10), square(4, 6)},
	} {
		m := &Map{Lang: "en", Areas: []Area{{Geometry: g, Class: NoClass}}}
		s := m.Scene()
		p := newProjection(g.Bound(), fileWidth-48)
		length := 0.0
		for _, mark := range s.Marks {
			switch mark.Style {
			case "mapnone":
				outer, inner := turns(mark.Path[:len(mark.Path)/2]), turns(mark.Path[len(mark.Path)/2:])
				if outer*inner >= 0 {
					t.Errorf("%s: the hole runs the same way round as what it is in", name)
				}
			case "hatch":
				for i := 0; i+1 < len(mark.Path); i += 2 {
					a, b := mark.Path[i], mark.Path[i+1]
					length += math.Hypot(b.X-a.X, b.Y-a.Y)
				}
			}
		}
		const apart = 8.5 / math.Sqrt2
		side := 10 * p.shrink * p.scale
		area := side * 10 * p.scale * 0.96
		if math.Abs(length*apart/area-1) > 0.03 {
			t.Errorf("%s: hatches of %.0f pixels cover %.0f of %.0f", name, length, length*apart, area)
		}
	}
}
