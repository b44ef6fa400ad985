package site

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// Pages are remembered as they were rendered while what they are made of stays
// the same: nobody sees what was true before the last commit. The clock alone
// moves on for rememberedFor, within which a page may say "two minutes ago" of
// what is three minutes ago.
const (
	mostRendered  = 48 << 20 // bytes
	rememberedFor = 2 * time.Second
)

// A rendition is what pages are made of, beside the clock.
type rendition struct {
	catalogue, index int64
	brand            *brand
}

// A rendered is the answer of a view.
type rendered struct {
	*packed
	of   rendition
	at   time.Time
	kind string // media type
	lang string // of a page
}

// A slot is where the answer to a request is remembered, and what the answer is
// made of. One without a key remembers nothing.
type slot struct {
	key string
	of  rendition
	at  time.Time
}

// slot says where the answer of route to r is remembered. Not everything is: not
// what says of itself that nobody may keep it, and not what depends on who asks.
func (s *Site) slot(route *Route, r *Request) slot {
	if !s.Remember || r.ctx.Method() == fiber.MethodPost || route.Cache != "" || route.enter != nil {
		return slot{}
	}
	n, err := s.Catalog.State(r.Context())
	if err != nil {
		return slot{} // the view finds out what is wrong, and says it
	}
	r.ctx.SetUserContext(catalog.InState(r.Context(), n))
	coat := r.Lang
	if r.JSON {
		coat += apiPrefix
	}
	return slot{
		key: coat + " " + string(r.ctx.Request().URI().RequestURI()),
		of:  rendition{n, s.indexState(), s.brand.Load()}, at: s.Now(),
	}
}

// stillTrue reports whether what was made at a moment may be shown now.
func stillTrue(made, now time.Time) bool {
	age := now.Sub(made)
	return age >= 0 && age <= rememberedFor
}

// recall sends the answer that is remembered for the slot, if it is still true.
func (s *Site) recall(c *fiber.Ctx, at slot) (sent bool, err error) {
	if at.key == "" {
		return false, nil
	}
	kept, ok := s.rendered.get(at.key)
	if !ok || kept.of != at.of || !stillTrue(kept.at, at.at) {
		return false, nil
	}
	return true, s.sendRendered(c, kept)
}

// remember sends an answer and keeps it in the slot.
func (s *Site) remember(c *fiber.Ctx, at slot, a rendered) error {
	if at.key != "" {
		a.of, a.at = at.of, at.at
		s.rendered.put(at.key, a, a.size()+len(at.key))
	}
	return s.sendRendered(c, a)
}

func (s *Site) sendRendered(c *fiber.Ctx, a rendered) error {
	c.Set(fiber.HeaderContentType, a.kind)
	if a.lang != "" {
		c.Set(fiber.HeaderContentLanguage, a.lang)
	} else {
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	}
	return a.send(c, fiber.StatusOK, "")
}

func (s *Site) indexState() int64 {
	if s.Index == nil {
		return 0
	}
	return s.Index.State()
}
