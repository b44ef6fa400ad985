package site

import (
	"context"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// A Request is what a view is asked: the language, the parameters of the
// address and those of the query.
type Request struct {
	Lang  string     // "fa" or "en": of the page, or what the caller of the API prefers
	Path  string     // of the address, without language or API prefix; "/" at home
	Query url.Values // as given, not folded
	JSON  bool       // the answer goes out as JSON

	Form  url.Values    // what was posted, nil when nothing was
	Actor catalog.Actor // who asks; the public, unless the part of the site found out more
	Own   any           // what the part of the site found out beside

	site *Site
	ctx  *fiber.Ctx
}

// Context ends when the server does.
func (r *Request) Context() context.Context { return r.ctx.UserContext() }

// Param returns the parameter of the address that stands in braces in Path.
func (r *Request) Param(name string) string { return r.ctx.Params(name) }

// newRequest reads the address of c below prefix. A query that is no query is
// a fault of the one who asks.
func (s *Site) newRequest(c *fiber.Ctx, prefix, lang string) (*Request, error) {
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, fiber.ErrBadRequest
	}
	path := strings.TrimRight(strings.TrimPrefix(c.Path(), prefix), "/")
	if path == "" {
		path = "/"
	}
	return &Request{Lang: lang, Path: path, Query: query, JSON: prefix == apiPrefix, site: s, ctx: c}, nil
}

// url returns the request's address with other query parameters: pairs of name
// and value, in which an empty value removes the parameter.
func (r *Request) url(pairs ...string) string {
	q := maps.Clone(r.Query)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return withQuery("/"+r.Lang+r.Path, q)
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// preferred is the one of shown that an Accept-Language header asks for most,
// the first one without a wish.
func preferred(shown []string, header string) string {
	best, weight := shown[0], -1.0
	for part := range strings.SplitSeq(header, ",") {
		tag, q := languageRange(part)
		for _, lang := range shown {
			if q > weight && q > 0 && (tag == lang || strings.HasPrefix(tag, lang+"-")) {
				best, weight = lang, q
			}
		}
	}
	return best
}

// languageRange splits one part of an Accept-Language header, "fa-IR;q=0.8",
// into the lower-case tag and its weight; the weight of a broken part is 0.
func languageRange(part string) (tag string, weight float64) {
	tag, params, found := strings.Cut(part, ";")
	tag = strings.ToLower(strings.TrimSpace(tag))
	if !found {
		return tag, 1
	}
	q, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return tag, 0
	}
	weight, err := strconv.ParseFloat(q, 64)
	if err != nil {
		return tag, 0
	}
	return tag, weight
}
