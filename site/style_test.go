package site

import (
	"maps"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func readStyle(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("static/site.css")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var (
	comment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	physical = regexp.MustCompile(`(?m)(?:^|[;{\s])((?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[a-z-]*|left|right|top|bottom|width|height|float|clear|(?:min|max)-(?:width|height))\s*:|text-align:\s*(?:left|right)`)
)

// physicalOnPurpose are the declarations that name a side, each with a reason
// in the stylesheet.
var physicalOnPurpose = map[string]bool{"text-align: right": true}

func TestStylesNameNoSides(t *testing.T) {
	css := comment.ReplaceAllString(readStyle(t), "")
	css = regexp.MustCompile(`@media \([^)]*\)`).ReplaceAllString(css, "@media")
	for _, m := range physical.FindAllString(css, -1) {
		if found := strings.TrimSpace(strings.TrimLeft(m, ";{ \n")); !physicalOnPurpose[found] {
			t.Errorf("the stylesheet has %q: use the logical property", found)
		}
	}
	if n := strings.Count(css, "text-align: right"); n != 1 {
		t.Errorf("text-align: right stands %d times", n)
	}
	for _, token := range []string{"@layer", "light-dark(", "&:"} {
		if strings.Contains(css, token) {
			t.Errorf("%s drops whole rules in browsers that are still in use", token)
		}
	}
}

// tokens reads the colours of one scheme.
func tokens(t *testing.T, css string) map[string]string {
	t.Helper()
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(css, -1) {
		colours[m[1]] = m[2]
	}
	return colours
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestColoursKeepTheirContrast(t *testing.T) {
	css := readStyle(t)
	dark := strings.Index(css, "prefers-color-scheme: dark")
	schemes := map[string]map[string]string{"light": tokens(t, css[:dark]), "dark": tokens(t, css[:dark])}
	maps.Copy(schemes["dark"], tokens(t, css[dark:strings.Index(css, "/* base */")]))
	const text, graphics = 4.5, 3
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "paper", text},
		{"ink", "canvas", text},
		{"ink", "brand-soft", text},
		{"ink", "mark", text},
		{"ink", "info-bg", text},
		{"ink", "ok-bg", text},
		{"ink", "warn-bg", text},
		{"ink", "bad-bg", text},
		{"ink-soft", "paper", text},
		{"ink-soft", "canvas", text},
		{"ink-soft", "mark", text},
		{"ink-soft", "info-bg", text},
		{"brand", "paper", text},
		{"brand", "canvas", text},
		{"brand-ink", "brand", text},
		{"brand-ink", "brand-hover", text},
		{"link", "paper", text},
		{"link", "canvas", text},
		{"visited", "paper", text},
		{"visited", "canvas", text},
		{"deep-ink", "deep", text},
		{"deep-soft", "deep", text},
		{"deep-ink", "deep-line", text},
		{"ok", "ok-bg", text},
		{"warn", "warn-bg", text},
		{"bad", "bad-bg", text},
		{"idle", "idle-bg", text},
		{"line-strong", "paper", graphics},
		{"bar", "paper", graphics},
		{"accent", "deep", graphics},
		{"focus", "halo", graphics},
	}
	for scheme, colours := range schemes {
		for _, p := range pairs {
			front, back := colours[p.front], colours[p.back]
			if front == "" || back == "" {
				t.Fatalf("%s: there is no colour %s or %s", scheme, p.front, p.back)
			}
			if c := contrast(t, front, back); c < p.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", scheme, p.front, p.back, c, p.least)
			}
		}
	}
}

func TestAssetsStaySmall(t *testing.T) {
	a := newAssets()
	for name, most := range map[string]int{"site.css": 10 << 10, "site.js": 10 << 10} {
		f := a.byName[strings.TrimPrefix(a.url(name), assetPrefix)]
		if f == nil {
			t.Fatalf("there is no %s", name)
		}
		if len(f.gzip) > most || len(f.gzip) == 0 {
			t.Errorf("%s has %d bytes, want at most %d", name, len(f.gzip), most)
		}
	}
}
