package site

import (
	"html/template"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// An embedView is what other sites show in a frame: one figure, and whose it
// is. It is the only page that may be framed, and has no navigation.
type embedView struct {
	Frame
	Heading  string
	Subtitle string
	Figure   template.HTML
	Notes    []string
	Source   string // the dataset's title
	Agency   string
	URL      string // of the page that the figure is from
	Since    time.Time
	Digest   string // short
}

// JSON is nothing: the figure's page has it.
func (v *embedView) JSON() any { return nil }

// Marked is a sentence of the view with its names set apart.
func (v *embedView) Marked(s string) template.HTML { return markedUp(s) }

// embedPolicy is the policy of a page that may be framed: in all else that of
// every page.
var embedPolicy = strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors *", 1)

// sendEmbed answers with v, which any site may frame.
func (s *Site) sendEmbed(c *fiber.Ctx, x *exploration, v *embedView) error {
	l := s.locales[x.lang]
	agencies, err := s.agencies.get(c.UserContext(), s.Catalog)
	if err != nil {
		return err
	}
	v.Source, v.Agency = l.said(x.Dataset.Title).Text, x.Dataset.Publisher
	if a := agencies.byID[x.Dataset.Agency]; a != nil {
		v.Agency = l.said(a.Title).Text
	}
	v.Since, v.Digest = x.Edition.Since, x.Edition.Digest[:min(shortDigest, len(x.Edition.Digest))]
	cache := CacheRevalidate
	if x.Frozen {
		cache = frozenCache(x.Resource.ID)
	}
	return s.sendFrame(c, x.lang, cache, v)
}

// sendFrame answers with a figure that any site may frame.
func (s *Site) sendFrame(c *fiber.Ctx, lang, cache string, v *embedView) error {
	v.Title, v.NoIndex, v.Status = unmarked(v.Heading), true, fiber.StatusOK
	v.Lang, v.Dir, v.Version = lang, direction(lang), s.Version
	c.Set(fiber.HeaderContentSecurityPolicy, embedPolicy)
	c.Response().Header.Del(fiber.HeaderXFrameOptions)
	return s.render(c, "embed", cache, v)
}

// embedCode is what the owner of another site puts into a page of theirs.
func (s *Site) embedCode(title, url string) string {
	return `<iframe src="` + template.HTMLEscapeString(s.baseURL()+url) + `" title="` + template.HTMLEscapeString(title) +
		`" width="100%" height="560" loading="lazy" frameborder="0"></iframe>`
}

// embedChart answers with a chart for a frame.
func (s *Site) embedChart(c *fiber.Ctx) error {
	x, err := s.exploreFor(c, c.Query(paramResource), "chart")
	if err != nil {
		return err
	}
	p, err := s.plot(c.UserContext(), x)
	if err != nil {
		return inputFault(err)
	}
	f := p.figure()
	v := &embedView{Heading: p.drawing.Title, Subtitle: p.drawing.Subtitle, Figure: f.Wide + f.Phone, Notes: p.figures.Notes, URL: p.address}
	return s.sendEmbed(c, x, v)
}
