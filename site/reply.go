package site

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
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
	if err == nil {
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
	return s.render(c, route.Template, cache, view)
}

// render executes a template whole before the first byte goes out, so that
// there are no half pages.
func (s *Site) render(c *fiber.Ctx, template, cache string, view View) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	f := view.Base()
	if err := s.pages.execute(b, template, f.Lang, view); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentLanguage, f.Lang)
	if f.Refresh > 0 {
		c.Set("Refresh", strconv.Itoa(f.Refresh))
	}
	return reply(c, f.Status, cache, bytes.Clone(b.Bytes()))
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
	view, err := route.View(s, r)
	if err != nil {
		return err
	}
	return SendJSON(c, fiber.StatusOK, route.Cache, view.JSON())
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
	b, err := json.MarshalWithOption(v, json.DisableHTMLEscape())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return reply(c, status, cache, append(b, '\n'))
}

// Above compressFrom bytes an answer is sent compressed to those who take it.
const (
	compressFrom = 1400
	gzipLevel    = 5
	brotliLevel  = 4
)

// reply sends body with an ETag of its digest, or 304 to those who have it.
func reply(c *fiber.Ctx, status int, cache string, body []byte) error {
	c.Status(status)
	if cache == "" {
		cache = CacheRevalidate
	}
	c.Set(fiber.HeaderCacheControl, cache)
	c.Vary(fiber.HeaderAcceptEncoding)
	if status == fiber.StatusOK {
		tag := c.GetRespHeader(fiber.HeaderETag)
		if tag == "" {
			sum := sha256.Sum256(body)
			tag = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
			c.Set(fiber.HeaderETag, tag)
		}
		if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
			return c.SendStatus(fiber.StatusNotModified)
		}
	}
	if len(body) >= compressFrom {
		switch accepted := c.Get(fiber.HeaderAcceptEncoding); {
		case accepts(accepted, "br"):
			c.Set(fiber.HeaderContentEncoding, "br")
			body = fasthttp.AppendBrotliBytesLevel(nil, body, brotliLevel)
		case accepts(accepted, "gzip"):
			c.Set(fiber.HeaderContentEncoding, "gzip")
			body = fasthttp.AppendGzipBytesLevel(nil, body, gzipLevel)
		}
	}
	return c.Send(body)
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
