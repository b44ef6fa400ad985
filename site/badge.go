package site

import (
	"html/template"

	"github.com/openshafaf/shafaf/site/chart"
	"github.com/openshafaf/shafaf/site/svg"

	"github.com/gofiber/fiber/v2"
)

// A badge is a small picture that other sites show: what was measured, and
// what came out. Its texts are texts, so that they can be read and searched.
type badge struct {
	lang         string
	label, value string
	class        string // of the state: ok, warn, bad or idle
	title        string // the whole of it in a sentence
}

// badgeColours are what stands behind the value; the text on them is white.
// Each has a contrast of 4.5 to it at least.
var badgeColours = map[string]string{"ok": "#17653a", "warn": "#7d4600", "bad": "#9c211e", "idle": "#4b5b59"}

// The measures of a badge, in pixels.
const (
	badgeHeight = 24
	badgeText   = 12
	badgeInset  = 9
	badgeBase   = 16 // where the letters stand
	badgeRadius = 4
)

// SVG draws the badge: the label at the side where a line begins.
func (b *badge) SVG() []byte {
	label, value := chart.Width(b.label, badgeText)+2*badgeInset, chart.Width(b.value, badgeText)+2*badgeInset
	whole := label + value
	labelX, valueX := 0.0, label
	if direction(b.lang) == "rtl" {
		labelX, valueX = value, 0
	}
	n := func(f float64) string { return svg.Number(f, 1) }
	var w svg.Writer
	w.WriteString("<svg")
	w.Attrs("xmlns", "http://www.w3.org/2000/svg", "width", n(whole), "height", n(badgeHeight), "viewBox", "0 0 "+n(whole)+" "+n(badgeHeight),
		"role", "img", "xml:lang", b.lang, "font-family", "Vazirmatn, 'Noto Sans', 'Noto Sans Arabic', Tahoma, Verdana, sans-serif", "font-size", n(badgeText))
	w.WriteString(">")
	w.Element("title", b.title)
	w.WriteString(`<clipPath id="badge-round"><rect`)
	w.Attrs("width", n(whole), "height", n(badgeHeight), "rx", n(badgeRadius))
	w.WriteString(`/></clipPath><g clip-path="url(#badge-round)">`)
	for _, part := range []struct {
		x, width           float64
		text, fill, weight string
	}{{labelX, label, b.label, "#06403b", "400"}, {valueX, value, b.value, badgeColours[b.class], "700"}} {
		w.WriteString("<rect")
		w.Attrs("x", n(part.x), "width", n(part.width), "height", n(badgeHeight), "fill", part.fill)
		w.WriteString("/><text")
		w.Attrs("x", n(part.x+part.width/2), "y", n(badgeBase), "fill", "#ffffff", "text-anchor", "middle", "unicode-bidi", "plaintext", "direction", direction(b.lang), "font-weight", part.weight)
		w.WriteString(">" + svg.Escape(part.text) + "</text>")
	}
	w.WriteString("</g></svg>\n")
	return []byte(w.String())
}

// shown is the badge in a page of ours, which needs no request for it.
func (b *badge) shown() template.HTML {
	return template.HTML(b.SVG()) //nolint:gosec // it escapes what it is made of
}

// cacheBadge lets those who show a badge keep it for some minutes.
const cacheBadge = "public, max-age=600"

// sendBadge answers with the badge, for any site.
func (s *Site) sendBadge(c *fiber.Ctx, b *badge) error {
	c.Set(fiber.HeaderContentType, "image/svg+xml; charset=utf-8")
	c.Set(fiber.HeaderContentSecurityPolicy, emblemPolicy)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return reply(c, fiber.StatusOK, cacheBadge, b.SVG())
}

// badgeCode is what the owner of another site puts into a page of theirs:
// the badge at path as a link to page.
func (s *Site) badgeCode(path, page, title string) string {
	return `<a href="` + svg.Escape(s.baseURL()+page) + `"><img src="` + svg.Escape(s.baseURL()+path) + `" alt="` + svg.Escape(title) + `" height="24"></a>`
}
