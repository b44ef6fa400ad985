package site

import (
	"errors"
	"net/url"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// embedSpending answers with the treemap of a place for a frame.
func (s *Site) embedSpending(c *fiber.Ctx) error {
	ctx := c.UserContext()
	lang, err := s.fileLanguage(c)
	if err != nil {
		return err
	}
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return s.refuse(lang, fiber.StatusBadRequest, "", "refused.query")
	}
	a, err := s.spendingAsk(ctx, lang, spendingPathOf(c), query)
	if errors.Is(err, errNoSpending) {
		return catalog.ErrNotFound
	}
	if err != nil {
		return err
	}
	p, err := s.spentAt(ctx, a)
	if err != nil {
		return err
	}
	l := s.locales[lang]
	m := p.money(l)
	tree := p.treemap(l, &m, false)
	if tree == nil {
		return catalog.ErrNotFound
	}
	v := &embedView{Heading: tree.Title, Subtitle: tree.Subtitle, Figure: tree.Wide + tree.Phone, Notes: tree.Notes, URL: s.baseURL() + "/" + lang + p.address()}
	for _, limit := range p.limitRows(l) {
		v.Notes = append(v.Notes, limit.Text)
	}
	v.Source, v.Agency, v.Digest = l.Text("nav.spending"), p.name(l).Text, scopeMark(&p.scope)
	v.Since = p.loaded()
	return s.sendFrame(c, lang, CacheRevalidate, v)
}

// loaded is when the newest of the figures came.
func (p *spent) loaded() (at time.Time) {
	for i := range p.sources {
		if p.sources[i].Loaded.After(at) {
			at = p.sources[i].Loaded
		}
	}
	return at
}
