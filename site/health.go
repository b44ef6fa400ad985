package site

import (
	"github.com/gofiber/fiber/v2"
)

// root sends the reader to the home page in a language of theirs.
func (s *Site) root(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	c.Set(fiber.HeaderCacheControl, CacheNever)
	lang := preferred(s.Languages(), c.Get(fiber.HeaderAcceptLanguage))
	return c.Redirect("/"+lang+"/", fiber.StatusFound)
}

// favicon is for browsers that ask for it by its old name.
func (s *Site) favicon(c *fiber.Ctx) error {
	return c.Redirect(s.assets.url("favicon.svg"), fiber.StatusFound)
}
