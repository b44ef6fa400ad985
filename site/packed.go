package site

import (
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Above compressFrom bytes an answer is sent compressed to those who take it.
const (
	compressFrom = 1400
	gzipLevel    = 5
	brotliLevel  = 4
)

// codings are the ways in which an answer is compressed, the better ones first.
var codings = []struct {
	name string
	pack func([]byte) []byte
}{
	{"br", func(b []byte) []byte { return fasthttp.AppendBrotliBytesLevel(nil, b, brotliLevel) }},
	{"gzip", func(b []byte) []byte { return fasthttp.AppendGzipBytesLevel(nil, b, gzipLevel) }},
}

// A packed is the body of an answer, with the forms in which it was sent.
type packed struct {
	body []byte
	tag  string // entity tag of its digest

	mu    sync.Mutex
	coded map[string][]byte // by coding
}

func pack(body []byte) *packed {
	sum := sha256.Sum256(body)
	return &packed{body: body, tag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// accepted returns the body as who accepts these codings gets it, and the coding,
// empty for none.
func (p *packed) accepted(header string) (body []byte, coding string) {
	if len(p.body) < compressFrom || header == "" {
		return p.body, ""
	}
	for _, c := range codings {
		if !accepts(header, c.name) {
			continue
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.coded[c.name] == nil {
			if p.coded == nil {
				p.coded = map[string][]byte{}
			}
			p.coded[c.name] = c.pack(p.body)
		}
		return p.coded[c.name], c.name
	}
	return p.body, ""
}

// size is how many bytes it takes at most, in all its forms.
func (p *packed) size() int { return len(p.body) * (1 + len(codings)) / 2 }

// send answers with it, or with 304 to those who have it; an entity tag that the
// handler has set is kept.
func (p *packed) send(c *fiber.Ctx, status int, cache string) error {
	c.Status(status)
	if cache == "" {
		cache = CacheRevalidate
	}
	c.Set(fiber.HeaderCacheControl, cache)
	c.Vary(fiber.HeaderAcceptEncoding)
	if status == fiber.StatusOK {
		tag := c.GetRespHeader(fiber.HeaderETag)
		if tag == "" {
			tag = p.tag
			c.Set(fiber.HeaderETag, tag)
		}
		if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
			return c.SendStatus(fiber.StatusNotModified)
		}
	}
	body, coding := p.accepted(c.Get(fiber.HeaderAcceptEncoding))
	if coding != "" {
		c.Set(fiber.HeaderContentEncoding, coding)
	}
	c.Context().Response.SetBodyRaw(body)
	return nil
}
