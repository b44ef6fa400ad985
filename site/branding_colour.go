package site

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// A colour is one of sRGB.
type colour [3]uint8

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func parseColour(s string) (colour, error) {
	if !hexColour.MatchString(s) {
		return colour{}, fmt.Errorf("%q is no colour like #0a5f57", s)
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err //nolint:gosec // its bytes
}

// mustColour is for colours of ours.
func mustColour(s string) colour {
	c, err := parseColour(s)
	if err != nil {
		panic(err)
	}
	return c
}

// String is the colour as CSS has it.
func (c colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is the relative luminance of WCAG 2.
func (c colour) luminance() float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// contrast is the contrast ratio of WCAG 2, from 1 to 21.
func (c colour) contrast(with colour) float64 {
	x, y := c.luminance(), with.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mix is c with a share of other, from 0 to 1.
func (c colour) mix(other colour, share float64) colour {
	var out colour
	for i := range c {
		out[i] = uint8(math.Round(float64(c[i])*(1-share) + float64(other[i])*share))
	}
	return out
}

// enough is the least contrast of text, WCAG 2.2 level AA.
const enough = 4.5

// passes returns the background that c has the least contrast to, and whether
// it is enough on each.
func (c colour) passes(backs ...colour) (worst colour, ok bool) {
	for i, b := range backs {
		if i == 0 || c.contrast(b) < c.contrast(worst) {
			worst = b
		}
	}
	return worst, c.contrast(worst) >= enough
}

// nearest is the colour on the way from c to end that passes first.
func (c colour) nearest(end colour, backs ...colour) colour {
	const steps = 256
	for i := range steps {
		if near := c.mix(end, float64(i)/steps); near.ok(backs...) {
			return near
		}
	}
	return end
}

func (c colour) ok(backs ...colour) bool {
	_, ok := c.passes(backs...)
	return ok
}

// What the stylesheet has, in the light and the dark scheme: a test compares.
const (
	deepLight                      = "#06403b"
	paperLight, canvasLight        = "#ffffff", "#f5f8f7"
	paperDark, canvasDark, inkDark = "#101a19", "#0b1312", "#04211e"
	white, black                   = "#ffffff", "#000000"
)

// A palette are the colours of a scheme that follow from the primary one.
type palette struct {
	brand, hover, soft, ink, deep, deepSoft, deepLine colour
}

func (p *palette) set() bool { return p.brand != colour{} }

// palettes are those of the light and the dark scheme. Without a light colour
// that scheme keeps its own; without a dark one it follows from the light.
func palettes(light, dark string) (l, d palette, err error) {
	w, b := mustColour(white), mustColour(black)
	onLight := []colour{mustColour(paperLight), mustColour(canvasLight)}
	onDark := []colour{mustColour(paperDark), mustColour(canvasDark), mustColour(inkDark)}
	var main colour
	if light != "" {
		if main, err = primary("color", light, b, onLight); err != nil {
			return l, d, err
		}
		l = palette{brand: main, hover: main.mix(b, .22), ink: w, deep: main.mix(b, .35)}
		l.soft = fade(main, mustColour(paperLight))
		l.finish()
	}
	if dark == "" {
		main = main.nearest(w, onDark...)
	} else if main, err = primary("color-dark", dark, w, onDark); err != nil {
		return l, d, err
	}
	d = palette{brand: main, hover: main.mix(w, .3), ink: mustColour(inkDark), deep: main.mix(b, .68)}
	d.soft = fade(main, mustColour(paperDark))
	d.finish()
	return l, d, nil
}

// A ContrastError says that a colour cannot be read where it is used.
type ContrastError struct {
	Field   string
	Color   string
	Against string  // what it is read on
	Nearest string  // that can be read
	Ratio   float64 // of Color to Against, rounded down
}

func (e *ContrastError) Error() string { return e.invalid().Error() }

// Unwrap is the catalog.InvalidError that says the same.
func (e *ContrastError) Unwrap() error { return e.invalid() }

func (e *ContrastError) invalid() *catalog.InvalidError {
	return &catalog.InvalidError{Field: e.Field, Reason: fmt.Sprintf("%s has a contrast of %.2f:1 to %s, beside which it is read, and %.1f:1 is needed; the nearest that has it is %s",
		e.Color, e.Ratio, e.Against, enough, e.Nearest)}
}

// primary reads a primary colour and refuses one that cannot be read on backs.
func primary(field, text string, end colour, backs []colour) (colour, error) {
	c, err := parseColour(text)
	if err != nil {
		return c, &catalog.InvalidError{Field: field, Reason: err.Error()}
	}
	if worst, ok := c.passes(backs...); !ok {
		return c, &ContrastError{field, c.String(), worst.String(), c.nearest(end, backs...).String(), math.Floor(c.contrast(worst)*100) / 100}
	}
	return c, nil
}

// fade is paper with so much of c in it, up to a tenth, that c can be read on it.
func fade(c, paper colour) colour {
	for share := .12; share > 0; share -= .01 {
		if soft := paper.mix(c, share); c.ok(soft) {
			return soft
		}
	}
	return paper
}

// finish adds what stands on the deep ground of the head.
func (p *palette) finish() {
	w := mustColour(white)
	p.deep = p.deep.nearest(mustColour(black), w.mix(p.deep, .2))
	p.deepSoft = w.mix(p.deep, .2)
	p.deepLine = p.deep.mix(w, .25).nearest(p.deep, w)
}

// stylesheet sets the custom properties of site.css anew.
func stylesheet(light, dark palette) string {
	var b strings.Builder
	if light.set() {
		b.WriteString(":root{" + light.properties() + "}\n")
	}
	b.WriteString("@media (prefers-color-scheme:dark){:root{" + dark.properties() + "}}\n")
	return b.String()
}

func (p *palette) properties() string {
	return fmt.Sprintf("--brand:%s;--brand-hover:%s;--brand-soft:%s;--brand-ink:%s;--deep:%s;--deep-soft:%s;--deep-line:%s",
		p.brand, p.hover, p.soft, p.ink, p.deep, p.deepSoft, p.deepLine)
}
