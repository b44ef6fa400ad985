package site

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/site/chart"
)

func TestAreasOfMapsHaveTheColoursOfThePageInFiles(t *testing.T) {
	css := readStyle(t)
	for _, name := range []string{"map0", "map1", "map2", "map3", "map4"} {
		if on := "--" + strings.Replace(name, "map", "map-", 1) + ": " + chart.Colour(name); !strings.Contains(css, on) {
			t.Errorf("the stylesheet has no %s", on)
		}
		ink := "ink"
		if name >= "map3" {
			ink = "paper"
		}
		if got := contrast(t, chart.Colour(ink), chart.Colour(name)); got < 4.5 {
			t.Errorf("%s on %s has a contrast of %.2f", ink, name, got)
		}
	}
}

func TestColoursOfChartsKeepTheirContrast(t *testing.T) {
	css := readStyle(t)
	from := strings.Index(css, "/* charts:")
	if from < 0 {
		t.Fatal("the stylesheet has no charts")
	}
	section := css[from:]
	dark := strings.Index(section, "prefers-color-scheme: dark")
	light := tokens(t, section[:dark])
	night := tokens(t, section[dark:])
	whole := strings.Index(css, "prefers-color-scheme: dark")
	papers := []string{tokens(t, css[:whole])["paper"], tokens(t, css[whole:strings.Index(css, "/* base */")])["paper"]}
	const text, graphics = 4.5, 3
	for i, colours := range []map[string]string{light, night} {
		for name, least := range map[string]float64{"ink": text, "soft": text, "a": text, "b": text, "c": text, "d": text, "e": text, "f": text, "rest": graphics, "axis": graphics} {
			colour := colours["ch-"+name]
			if colour == "" {
				t.Fatalf("there is no colour %s", name)
			}
			if got := contrast(t, colour, papers[i]); got < least {
				t.Errorf("%s on %s has a contrast of %.2f, want %.1f", colour, papers[i], got, least)
			}
			if i == 0 && chart.Colour(name) != colour {
				t.Errorf("%s is %s on the page and %s in files", name, colour, chart.Colour(name))
			}
		}
	}
}
