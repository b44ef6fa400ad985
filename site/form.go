package site

import (
	"bytes"
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Moved is the answer that what was asked for stands at another address: after
// a form that did what it said, the page that shows it.
func Moved(url string) error { return &movedError{url} }

// formType is what browsers send forms as that hold no file.
const formType = fiber.MIMEApplicationForm

// act answers a form that was posted to a page: by moving on, or with the page
// again, which says what is wrong.
func (s *Site) act(c *fiber.Ctx, route *Route, lang string) error {
	c.Locals(localLang, lang)
	if err := s.sameOrigin(c); err != nil {
		return err
	}
	r, err := s.newRequest(c, "/"+lang, lang)
	if err != nil {
		return err
	}
	if r.Form, err = r.fields(!route.Upload); err != nil {
		return fiber.ErrBadRequest
	}
	return s.pageOf(c, route, r, route.Act)
}

// fields reads what was typed into a form: as browsers send it, or, where no
// file is awaited, in parts, as programs for mail may (RFC 8058). Of a body that
// is no form there are none.
func (r *Request) fields(parts bool) (url.Values, error) {
	kind, params, err := mime.ParseMediaType(r.Header(fiber.HeaderContentType))
	switch {
	case err != nil:
		return nil, nil //nolint:nilerr // it is no form
	case kind == formType:
		return url.ParseQuery(string(r.Body()))
	case kind != fiber.MIMEMultipartForm || !parts:
		return nil, nil
	}
	body := r.Body()
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(int64(len(body))) // nothing of it goes to disk
	if err != nil {
		return nil, err
	}
	return form.Value, nil
}

// sameOrigin refuses what a page of somebody else lets a browser send. It asks
// the standard library, by the headers Sec-Fetch-Site and Origin.
func (s *Site) sameOrigin(c *fiber.Ctx) error {
	origins := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.baseURL()); err == nil && u.Host != "" {
		if err := origins.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return err
		}
	}
	asked := &http.Request{Method: c.Method(), Host: string(c.Request().Host()), URL: &url.URL{}, Header: http.Header{}}
	for _, name := range []string{"Sec-Fetch-Site", fiber.HeaderOrigin} {
		if v := c.Get(name); v != "" {
			asked.Header.Set(name, v)
		}
	}
	if err := origins.Check(asked); err != nil {
		return s.because(s.refuse(answerLanguage(c), fiber.StatusForbidden, "", "refused.origin"), err)
	}
	return nil
}

// Cookie returns a cookie that came with the request.
func (r *Request) Cookie(name string) string { return r.ctx.Cookies(name) }

// SetCookie keeps a secret in the browser until it is closed: no script reads
// it, no other site sends it, and it never leaves over plain HTTP but to this
// machine itself. An empty value removes it.
func (r *Request) SetCookie(name, value string) {
	c := &fiber.Cookie{Name: name, Value: value, Path: "/", Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: value != ""}
	if value == "" {
		c.Expires = time.Unix(1, 0)
	}
	r.ctx.Cookie(c)
}

// KeepCookie is SetCookie for one that outlives the browser's closing, by so much.
func (r *Request) KeepCookie(name, value string, long time.Duration) {
	r.ctx.Cookie(&fiber.Cookie{Name: name, Value: value, Path: "/", Secure: true, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(long.Seconds())})
}

// Bearer returns the token of the Authorization header, empty without one.
func (r *Request) Bearer() string {
	scheme, token, _ := strings.Cut(r.ctx.Get(fiber.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Address is where the request comes from, Agent what the browser calls itself.
func (r *Request) Address() string { return r.site.address(r.ctx).String() }

// Agent is what the browser or program calls itself.
func (r *Request) Agent() string { return r.ctx.Get(fiber.HeaderUserAgent) }

// Private reports whether nobody can listen on the way: the site speaks HTTPS,
// itself or, as far as a trusted proxy says, through that; or the request comes
// from this machine.
func (r *Request) Private() bool {
	if r.site.trusts(neighbour(r.ctx)) {
		if said := r.ctx.Get(fiber.HeaderXForwardedProto); said != "" {
			return strings.EqualFold(strings.TrimSpace(said), "https")
		}
		if strings.HasPrefix(r.site.BaseURL, "https://") {
			return true
		}
	}
	return r.ctx.Secure() || r.ctx.IsFromLocal() && local(string(r.ctx.Request().Host()))
}

// local reports whether a Host header names this machine.
func local(host string) bool {
	u, err := url.Parse("//" + host)
	if err != nil {
		return false
	}
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return true
	default:
		return false
	}
}

// Body returns the body of the request as it came; it is whole, and no larger
// than maxBody. A route that takes files asks for its Upload instead.
func (r *Request) Body() []byte { return r.ctx.Request().Body() }

// Header returns a header of the request.
func (r *Request) Header(name string) string { return r.ctx.Get(name) }

// SetHeader sets a header of the answer.
func (r *Request) SetHeader(name, value string) { r.ctx.Set(name, value) }

// Method is the method of the request.
func (r *Request) Method() string { return r.ctx.Method() }

// Refuse returns the error that the request is refused with: a status and the
// sentence of a text in the reader's language. field is the input that is
// wrong, empty when it is none.
func (r *Request) Refuse(status int, field, key string, args ...any) error {
	return r.site.refuse(r.Lang, status, field, key, args...)
}

// Text returns a text in the reader's language.
func (r *Request) Text(key string, args ...any) string {
	return r.site.locales[r.Lang].Text(key, args...)
}

// TextIn is Text in another language: of somebody who reads it elsewhere.
func (r *Request) TextIn(lang, key string, args ...any) string {
	if l := r.site.locales[lang]; l != nil {
		return l.Text(key, args...)
	}
	return r.Text(key, args...)
}

// Has reports whether there is a text of the key.
func (r *Request) Has(key string) bool {
	_, ok := r.site.locales[r.Lang].texts[key]
	return ok
}

// isMoved returns the address that err says to go to.
func isMoved(err error) (to string, ok bool) {
	var moved *movedError
	if errors.As(err, &moved) {
		return moved.url, true
	}
	return "", false
}
