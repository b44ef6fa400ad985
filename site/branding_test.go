package site

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

const emblem = `<?xml version="1.0" encoding="UTF-8"?><!-- drawn by hand -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64px">
<title>State &amp; people</title><defs><linearGradient id="g"><stop offset="0" stop-color="#0a5f57"/></linearGradient>
<linearGradient id="h" xlink:href="#g"/></defs>
<g style="fill:url('#g');stroke-width:2"><circle cx="32" cy="32" r="30"/></g></svg>`

func TestEmblemKeepsWhatDraws(t *testing.T) {
	clean, ext, err := CleanEmblem([]byte(emblem))
	must(t, err)
	want := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><title>State &amp; people</title><defs><linearGradient id="g"><stop offset="0" stop-color="#0a5f57"></stop></linearGradient>` +
		`<linearGradient id="h" href="#g"></linearGradient></defs><g fill="url(#g)" stroke-width="2"><circle cx="32" cy="32" r="30"></circle></g></svg>`
	if ext != ".svg" || string(clean) != want {
		t.Fatalf("%s\n%s\nwant\n%s", ext, clean, want)
	}
}

// hostile are parts of an SVG that do more than draw, or try to.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<script href="https://evil.example/x.js"/>`,
	`<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>`,
	`<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>`,
	`<image href="https://evil.example/x.png"/>`,
	`<image xlink:href="data:image/png;base64,AAAA"/>`,
	`<use href="https://evil.example/x.svg#a"/>`,
	`<use xlink:href="#all"/>`,
	`<style>@import url(https://evil.example/x.css);</style>`,
	`<style>circle{background:url(//evil.example)}</style>`,
	`<a href="javascript:alert(1)"><rect width="9" height="9"/></a>`,
	`<animate attributeName="href" values="javascript:alert(1)"/>`,
	`<set attributeName="onload" to="alert(1)"/>`,
	`<rect onload="alert(1)" width="9" height="9"/>`,
	`<rect ONCLICK="alert(1)" width="9" height="9"/>`,
	`<rect style="fill:url(https://evil.example/x)" width="9" height="9"/>`,
	`<rect style="background:url(//evil.example);fill:red" width="9" height="9"/>`,
	`<rect fill="url(https://evil.example/x#a)" width="9" height="9"/>`,
	`<rect fill="url(&#104;ttps://evil.example/x)" width="9" height="9"/>`,
	`<rect fill="\75 rl(//evil.example)" width="9" height="9"/>`,
	`<rect fill="u/**/rl(//evil.example)" width="9" height="9"/>`,
	`<rect fill="red&quot; onload=&quot;alert(1)" width="9" height="9"/>`,
	`<rect id='"&gt;&lt;script&gt;' width="9" height="9"/>`,
	`<rect filter="url(#f)" mask="url(#m)" width="9" height="9"/><filter id="f"><feImage href="//evil.example"/></filter>`,
	`<linearGradient id="x" href="https://evil.example/x.svg#a"/>`,
	`<linearGradient id="x" href="#a" xlink:href="#b"/>`,
	`<text><tspan onfocus="alert(1)">x</tspan></text>`,
	`<title><![CDATA[</title><script>alert(1)</script>]]></title>`,
	`<metadata><x:xmpmeta xmlns:x="adobe:ns:meta/">secret</x:xmpmeta></metadata>`,
	`<iframe src="//evil.example"/>`, `<embed src="x"/>`, `<object data="x"/>`, `<audio src="x"/>`, `<handler>x</handler>`,
	`<?xml-stylesheet href="https://evil.example/x.css"?>`,
	`<g xml:base="https://evil.example/"><circle r="4"/></g>`,
}

func TestHostileEmblemsDrawOnly(t *testing.T) {
	for _, part := range hostile {
		clean, _, err := CleanEmblem([]byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" onload="alert(1)">` + part + `<circle r="3"/></svg>`))
		must(t, err)
		text := strings.ToLower(string(clean))
		for _, bad := range []string{"evil", "<script", "alert(1)\"", "onload", "onclick", "javascript", "data:", "<style", "style=", "<image", "<use", "<a ", "<text", "foreign", "<?", "secret", "filter", "mask", "base="} {
			if strings.Contains(text, bad) {
				t.Errorf("%s leaves %s", part, clean)
			}
		}
		again, _, err := CleanEmblem(clean)
		if err != nil || !bytes.Equal(again, clean) {
			t.Errorf("%s: cleaned twice it is %s, %v", part, again, err)
		}
	}
}

func TestImpossibleEmblemsAreRefused(t *testing.T) {
	deep := `<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat("<g>", 100) + strings.Repeat("</g>", 100) + `</svg>`
	many := `<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat("<path/>", 6000) + `</svg>`
	for text, want := range map[string]string{
		"":                         "neither SVG nor PNG",
		"GIF89a":                   "neither SVG nor PNG",
		"<html><svg></svg></html>": "begins with <html>",
		`<svg><circle/></svg>`:     "begins with <svg> and not with",
		`<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>`:                                     "turn texts into paths",
		`<svg xmlns="http://www.w3.org/2000/svg"><circle>`:                                                 "cannot be read",
		`<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><circle/></svg>`:       "declares entities",
		`<svg xmlns="http://www.w3.org/2000/svg"><circle/></svg><svg xmlns="http://www.w3.org/2000/svg"/>`: "begins with <svg>",
		deep:                            "more than 5000 elements, or more than 32",
		many:                            "more than 5000 elements",
		strings.Repeat("<svg ", 60_000): "KiB and may have 256",
		"\x89PNG\r\n\x1a\nnothing":      "PNG cannot be read",
		string(raster(t, 4, 4)):         "4 by 4 pixels",
		string(raster(t, 3000, 20)):     "3000 by 20 pixels",
		string(raster(t, 64, 64)[:120]): "PNG cannot be read",
	} {
		if _, _, err := CleanEmblem([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
	}
}

func raster(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	img.Set(1, 1, color.White)
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

func TestPictureIsWrittenAnew(t *testing.T) {
	clean, ext, err := CleanEmblem(append(raster(t, 64, 64), "<script>alert(1)</script>"...))
	must(t, err)
	if ext != ".png" || bytes.Contains(clean, []byte("script")) {
		t.Fatalf("%s %q", ext, clean)
	}
	if _, err := png.Decode(bytes.NewReader(clean)); err != nil {
		t.Fatal(err)
	}
}

func TestColoursThatCannotBeReadAreRefused(t *testing.T) {
	for _, c := range []struct{ light, dark, field, want string }{
		{"#6bd0c4", "", "color", "#6bd0c4 has a contrast of 1.71:1 to #f5f8f7, beside which it is read, and 4.5:1 is needed; the nearest that has it is #"},
		{"#ffff00", "", "color", "the nearest that has it is #"},
		{"", "#0a5f57", "color-dark", "to #04211e"},
		{"teal", "", "color", `"teal" is no colour like #0a5f57`},
		{"#fff", "", "color", "is no colour"},
		{"#0a5f57;}body{display:none", "", "color", "is no colour"},
		{"#0a5f57", "url(x)", "color-dark", "is no colour"},
	} {
		err := CheckBranding(Branding{Color: c.light, ColorDark: c.dark})
		var invalid *catalog.InvalidError
		if !errors.As(err, &invalid) || invalid.Field != c.field || !strings.Contains(invalid.Reason, c.want) {
			t.Errorf("%s %s: %v", c.light, c.dark, err)
			continue
		}
		if _, near, ok := strings.Cut(invalid.Reason, "nearest that has it is "); ok {
			b := Branding{Color: near}
			if c.field == "color-dark" {
				b = Branding{ColorDark: near}
			}
			must(t, CheckBranding(b))
		}
	}
}

// TestAllDerivedColoursCanBeRead goes through primary colours of all hues that
// are taken, and looks at every pair in which the stylesheet uses them.
func TestAllDerivedColoursCanBeRead(t *testing.T) {
	css := readStyle(t)
	dark := strings.Index(css, "prefers-color-scheme: dark")
	light, darker := tokens(t, css[:dark]), tokens(t, css[dark:strings.Index(css, "/* base */")])
	for name, want := range map[string]string{"deep": deepLight, "paper": paperLight, "canvas": canvasLight} {
		if light[name] != want {
			t.Errorf("--%s is %s in the light stylesheet, and %s in the program", name, light[name], want)
		}
	}
	for name, want := range map[string]string{"paper": paperDark, "canvas": canvasDark, "brand-ink": inkDark} {
		if darker[name] != want {
			t.Errorf("--%s is %s in the dark stylesheet, and %s in the program", name, darker[name], want)
		}
	}
	n := 0
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				c := colour{uint8(r), uint8(g), uint8(b)}
				l, d, err := palettes(c.String(), "")
				if err != nil {
					continue
				}
				n++
				look(t, c, &l, light)
				look(t, c, &d, darker)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d colours are taken", n)
	}
}

func look(t *testing.T, c colour, p *palette, css map[string]string) {
	t.Helper()
	paper, canvas, ink := mustColour(css["paper"]), mustColour(css["canvas"]), mustColour(css["ink"])
	for name, pair := range map[string][2]colour{
		"brand on paper": {p.brand, paper}, "brand on canvas": {p.brand, canvas}, "brand on soft": {p.brand, p.soft}, "ink on soft": {ink, p.soft},
		"ink of buttons": {p.ink, p.brand}, "ink of buttons, hover": {p.ink, p.hover}, "white on deep": {mustColour(white), p.deep},
		"soft on deep": {p.deepSoft, p.deep}, "white on lines": {mustColour(white), p.deepLine},
	} {
		if ratio := pair[0].contrast(pair[1]); ratio < enough {
			t.Errorf("%s, %s: %s on %s has %.2f", c, name, pair[0], pair[1], ratio)
		}
	}
}

func TestBrandIsShownEverywhere(t *testing.T) {
	p := newPortal(t, true)
	must(t, p.SetBranding(Branding{Name: catalog.Text{"fa": "درگاه دادهٔ مردم", "en": "People’s Data"}, Emblem: []byte(emblem), Color: "#7a1f5c"}))
	look := p.brand.Load()
	if p.Name("en") != "People’s Data" || p.Name("fa") != "درگاه دادهٔ مردم" {
		t.Errorf("letters call it %q and %q", p.Name("en"), p.Name("fa"))
	}
	for path, want := range map[string][]string{
		"/en/":                     {"People’s Data", look.emblem.url, look.style.url, `content="` + look.theme + `"`},
		"/fa/datasets":             {"درگاه دادهٔ مردم", look.emblem.url, look.style.url},
		"/openapi.json":            {"People’s Data — "},
		"/feeds/new.atom?lang=fa":  {"درگاه دادهٔ مردم"},
		"/manifest-en.webmanifest": {`"name":"People’s Data"`, look.emblem.url, `"theme_color":"` + look.theme},
	} {
		resp, body := p.get(path, "Accept-Language", "en")
		for _, w := range want {
			if resp.StatusCode != http.StatusOK || !strings.Contains(body, w) {
				t.Errorf("%s (%d) does not show %q", path, resp.StatusCode, w)
			}
		}
		if strings.Contains(body, ">Shafaf<") || strings.Contains(body, ">شفاف<") {
			t.Errorf("%s still calls itself Shafaf", path)
		}
	}
	resp, body := p.get(look.emblem.url)
	if resp.Header.Get("Content-Type") != "image/svg+xml" || resp.Header.Get("Cache-Control") != CacheForever || resp.Header.Get("Content-Security-Policy") != emblemPolicy || !strings.Contains(body, "<circle") {
		t.Errorf("emblem: %v %s", resp.Header, body)
	}
	if resp, body := p.get(look.style.url); resp.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(body, "--brand:#7a1f5c") {
		t.Errorf("colours: %v %s", resp.Header, body)
	}
	must(t, p.SetBranding(Branding{}))
	if resp, _ := p.get(look.emblem.url); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the emblem that was taken away: %d", resp.StatusCode)
	}
	if body := p.page("/en/"); !strings.Contains(body, "Shafaf") || strings.Contains(body, brandPrefix) {
		t.Error("the brand that was taken away is still shown")
	}
}

func TestOneLanguageHasNoSwitch(t *testing.T) {
	p := newPortal(t, true)
	must(t, p.SetBranding(Branding{Languages: []string{"fa"}}))
	body := p.page("/fa/datasets?q=x")
	if strings.Contains(body, "hreflang") || strings.Contains(body, `class="switch"`) || strings.Contains(body, `href="/en`) {
		t.Error("a page in the only language leads to another")
	}
	resp, body := p.get("/en/datasets?q=population", "Accept", "text/html")
	if resp.StatusCode != http.StatusNotFound || !strings.Contains(body, `<a href="/fa/datasets?q=population" lang="fa">فارسی</a>`) || !strings.Contains(body, `<html lang="fa"`) {
		t.Errorf("%d: %s", resp.StatusCode, body)
	}
	if resp, _ := p.get("/", "Accept-Language", "en"); resp.Header.Get("Location") != "/fa/" {
		t.Errorf("/ leads to %s", resp.Header.Get("Location"))
	}
	for _, path := range []string{"/sitemap-1.xml", "/feeds/new.atom?lang=fa", "/api/v1/datasets"} {
		if resp, body := p.get(path); resp.StatusCode != http.StatusOK || strings.Contains(body, "example.org/en/") {
			t.Errorf("%s (%d) leads to pages that are not shown", path, resp.StatusCode)
		}
	}
	if resp, _ := p.get("/manifest-en.webmanifest"); resp.StatusCode != http.StatusNotFound {
		t.Error("there is a manifest of pages that are not shown")
	}
	must(t, p.SetBranding(Branding{Languages: []string{"en", "fa"}}))
	if resp, _ := p.get("/"); resp.Header.Get("Location") != "/en/" {
		t.Errorf("with English first / leads to %s", resp.Header.Get("Location"))
	}
	for _, bad := range [][]string{{"de"}, {"fa", "fa"}, {""}} {
		if err := CheckBranding(Branding{Languages: bad}); err == nil || !strings.Contains(err.Error(), "fa, en or both") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestNamesAreBounded(t *testing.T) {
	for _, bad := range []string{strings.Repeat("x", 61), "a\x00b", "a\u202eb", "a\nb", "\xff"} {
		if err := CheckBranding(Branding{Name: catalog.Text{"en": bad}}); err == nil || !strings.Contains(err.Error(), "name-en") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	must(t, CheckBranding(Branding{Name: catalog.Text{"fa": strings.Repeat("ب", 60), "en": "<script>&"}}))
	p := newPortal(t, false)
	must(t, p.SetBranding(Branding{Name: catalog.Text{"en": "<script>&"}}))
	if body := p.page("/en/"); strings.Contains(body, "<script>&") {
		t.Error("a name is not escaped")
	}
}
