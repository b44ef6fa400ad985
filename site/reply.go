package site

import (
	"bytes"
	"cmp"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// page answers a route as a page in lang.
func (s *Site) page(c *fiber.Ctx, route *Route, lang string) error {
	c.Locals(localLang, lang)
	r, err := s.newRequest(c, "/"+lang, lang)
	if err != nil {
		return err
	}
	return s.pageOf(c, route, r, route.View)
}

// pageOf answers with the page that do gives, or moves to where it says.
func (s *Site) pageOf(c *fiber.Ctx, route *Route, r *Request, do Handler) error {
	err := s.pay(c, route, r, route.admit(s, r))
	var view View
	var at slot
	if err == nil {
		at = s.slot(route, r)
		if sent, err := s.recall(c, at); sent || err != nil {
			return err
		}
		defer s.turn(c)()
		view, err = do(s, r)
	}
	if to, ok := isMoved(err); ok {
		return c.Redirect(to, fiber.StatusSeeOther)
	}
	if errors.Is(err, errSent) {
		return nil
	}
	if err != nil {
		return err
	}
	f := view.Base()
	s.frame(f, r, !route.PageOnly)
	cache := route.Cache
	if f.Status = cmp.Or(f.Status, fiber.StatusOK); f.Status != fiber.StatusOK {
		cache = CacheNever
	}
	body, err := s.written(route.Template, view)
	if err != nil {
		return err
	}
	s.chargeFor(r, body)
	if at.key == "" || f.Status != fiber.StatusOK || f.Refresh > 0 {
		return s.sendPage(c, f, cache, body)
	}
	return s.remember(c, at, rendered{packed: pack(body), kind: fiber.MIMETextHTMLCharsetUTF8, lang: f.Lang})
}

// render executes a template whole before the first byte goes out, so that
// there are no half pages.
func (s *Site) render(c *fiber.Ctx, template, cache string, view View) error {
	body, err := s.written(template, view)
	if err != nil {
		return err
	}
	return s.sendPage(c, view.Base(), cache, body)
}

func (s *Site) sendPage(c *fiber.Ctx, f *Frame, cache string, body []byte) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentLanguage, f.Lang)
	if f.Refresh > 0 {
		c.Set("Refresh", strconv.Itoa(f.Refresh))
	}
	return reply(c, f.Status, cache, body)
}

// written returns the page that a template makes of a view.
func (s *Site) written(template string, view View) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	err := s.pages.execute(b, template, view.Base().Lang, view)
	return bytes.Clone(b.Bytes()), err
}

// buffers is a pool, not a state: a page is put together in one and copied out.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// json answers a route in the API.
func (s *Site) json(c *fiber.Ctx, route *Route) error {
	c.Locals(localAPI, true)
	r, err := s.newRequest(c, apiPrefix, preferredAPI(c))
	if err != nil {
		return err
	}
	if err := s.pay(c, route, r, route.admit(s, r)); err != nil {
		return err
	}
	at := s.slot(route, r)
	if sent, err := s.recall(c, at); sent || err != nil {
		return err
	}
	defer s.turn(c)()
	view, err := route.View(s, r)
	if err != nil {
		return err
	}
	body, err := asJSON(view.JSON())
	if err != nil {
		return err
	}
	s.chargeFor(r, body)
	if at.key == "" {
		return sendJSON(c, fiber.StatusOK, route.Cache, body)
	}
	return s.remember(c, at, rendered{packed: pack(body), kind: fiber.MIMEApplicationJSONCharsetUTF8})
}

// preferredAPI is the language of sentences in the API: English, unless the
// caller asks for Persian.
func preferredAPI(c *fiber.Ctx) string {
	if h := c.Get(fiber.HeaderAcceptLanguage); h != "" {
		return preferred(catalog.Languages, h)
	}
	return "en"
}

// SendJSON answers with v as JSON, with an ETag, for callers on any site.
func SendJSON(c *fiber.Ctx, status int, cache string, v any) error {
	body, err := asJSON(v)
	if err != nil {
		return err
	}
	return sendJSON(c, status, cache, body)
}

func asJSON(v any) ([]byte, error) {
	b, err := json.MarshalWithOption(v, json.DisableHTMLEscape())
	return append(b, '\n'), err
}

func sendJSON(c *fiber.Ctx, status int, cache string, body []byte) error {
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return reply(c, status, cache, body)
}

// reply sends body with an ETag of its digest, or 304 to those who have it.
func reply(c *fiber.Ctx, status int, cache string, body []byte) error {
	return pack(body).send(c, status, cache)
}

// matches reports whether an If-None-Match header names the tag, compared weakly.
func matches(header, tag string) bool {
	want := strings.TrimPrefix(tag, "W/")
	for t := range strings.SplitSeq(header, ",") {
		t = strings.TrimSpace(t)
		if t == "*" || strings.TrimPrefix(t, "W/") == want {
			return true
		}
	}
	return false
}

// accepts reports whether an Accept-Encoding header takes the coding.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}
