package site

import (
	"strings"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// look is the brand that pages show now.
func (l *locale) look() *brand { return l.brand.Load() }

func (b *brand) emblemURL() string {
	if b.emblem == nil {
		return ""
	}
	return b.emblem.url
}

func (b *brand) styleURL() string {
	if b.style == nil {
		return ""
	}
	return b.style.url
}

// emblemPolicy lets an emblem that is opened by itself do nothing at all.
const emblemPolicy = "default-src 'none'; sandbox"

// brandFile serves the emblem or the colours under the digest that they have now.
func (s *Site) brandFile(c *fiber.Ctx) error {
	f := s.brand.Load().files[c.Params("name")]
	if f == nil {
		return fiber.ErrNotFound
	}
	if !strings.HasPrefix(f.kind, "text/css") {
		c.Set(fiber.HeaderContentSecurityPolicy, emblemPolicy)
	}
	return f.send(c, CacheForever)
}

// manifestKind is the media type of a web application manifest.
const manifestKind = "application/manifest+json"

// A manifest is what a device shows of a site that is put on its home screen.
type manifest struct {
	Name       string         `json:"name"`
	Lang       string         `json:"lang"`
	Dir        string         `json:"dir"`
	Start      string         `json:"start_url"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Source string `json:"src"`
	Kind   string `json:"type"`
	Sizes  string `json:"sizes"`
}

// serveManifest answers with the manifest of the pages in a language.
func (s *Site) serveManifest(c *fiber.Ctx) error {
	lang, b := c.Params("lang"), s.brand.Load()
	if !b.shows(lang) {
		return fiber.ErrNotFound
	}
	icon := manifestIcon{s.assets.url("favicon.svg"), mediaType(".svg"), "any"}
	if b.emblem != nil {
		icon.Source, icon.Kind = b.emblem.url, b.emblem.kind
	}
	body, err := json.MarshalWithOption(manifest{
		Name: s.Name(lang), Lang: lang, Dir: direction(lang), Start: "/" + lang + "/", Display: "browser",
		Theme: b.theme, Background: paperLight, Icons: []manifestIcon{icon},
	}, json.DisableHTMLEscape())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, manifestKind)
	return reply(c, fiber.StatusOK, CacheRevalidate, append(body, '\n'))
}

// hiddenLanguage answers for pages in a language that this portal does not show:
// they are not there, and stand in another language, to which it leads.
func (s *Site) hiddenLanguage(c *fiber.Ctx) error {
	lang := pathLanguage(c.Path())
	if lang == "" || s.brand.Load().shows(lang) {
		return nil
	}
	shown := s.Language()
	c.Locals(localLang, shown)
	p := Problem{Status: fiber.StatusNotFound, elsewhere: Link{
		Text: languageNames[shown], Lang: shown, URL: withRawQuery("/"+shown+strings.TrimPrefix(c.Path(), "/"+lang), c),
	}}
	return &RefusedError{Problem: p}
}
