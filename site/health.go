package site

import (
	"context"

	"github.com/gofiber/fiber/v2"
)

// root sends the reader to the home page in a language of theirs.
func (s *Site) root(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	c.Set(fiber.HeaderCacheControl, CacheNever)
	lang := preferred(c.Get(fiber.HeaderAcceptLanguage))
	return c.Redirect("/"+lang+"/", fiber.StatusFound)
}

// unspoken sends addresses of things without a language, as identifiers and
// citations have them, to the page in a language of the reader's.
func (s *Site) unspoken(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	lang := preferred(c.Get(fiber.HeaderAcceptLanguage))
	return c.Redirect("/"+lang+"/datasets/"+c.Params("slug"), fiber.StatusFound)
}

// A health is what /healthz and /readyz answer: a word, and one for each part.
type health struct {
	Status  string            `json:"status"`
	Version string            `json:"version"`
	Parts   map[string]string `json:"parts,omitempty"`
}

// healthz answers as long as the program runs.
func (s *Site) healthz(c *fiber.Ctx) error {
	return SendJSON(c, fiber.StatusOK, CacheNever, health{Status: "ok", Version: s.Version})
}

// readyz answers 200 when every part can do its work, else 503. What exactly
// is wrong is for the log.
func (s *Site) readyz(c *fiber.Ctx) error {
	h := health{Status: "ok", Version: s.Version, Parts: map[string]string{}}
	checks := []struct {
		name  string
		check func(context.Context) error
	}{
		{"catalog", s.Catalog.Ping},
		{"search", func(context.Context) error { _, err := s.Index.Docs(); return err }},
	}
	status := fiber.StatusOK
	for _, part := range checks {
		h.Parts[part.name] = "ok"
		if err := part.check(c.UserContext()); err != nil {
			h.Parts[part.name], h.Status, status = "failed", "failed", fiber.StatusServiceUnavailable
			s.log().ErrorContext(c.UserContext(), "not ready", "part", part.name, "err", err)
		}
	}
	return SendJSON(c, status, CacheNever, h)
}

// robots lets everybody read everything but the parts that are endless.
func (s *Site) robots(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString("User-agent: *\nDisallow: /api/\nDisallow: /*?*_after=\nDisallow: /*?*_sort=\n")
}

// favicon is for browsers that ask for it by its old name.
func (s *Site) favicon(c *fiber.Ctx) error {
	return c.Redirect(s.assets.url("favicon.svg"), fiber.StatusFound)
}
