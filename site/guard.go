package site

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// Keys of what a request carries along.
const (
	localLang    = "lang"    // language of the page that is asked for
	localAPI     = "api"     // the caller wants JSON whatever happens
	localRequest = "request" // id that joins the answer and the log
	localRoute   = "route"   // Path of the route that answers
	localPaid    = "paid"    // the request was taken out of a budget
)

// policy is the Content-Security-Policy of every answer: nothing from
// elsewhere, nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// securityHeaders go out with every answer, whatever it is.
var securityHeaders = [][2]string{
	{fiber.HeaderContentSecurityPolicy, policy},
	{fiber.HeaderXContentTypeOptions, "nosniff"},
	{fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin"},
	{fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{fiber.HeaderXFrameOptions, "DENY"},
}

// guard runs around every request: an id, the security headers, an answer
// whatever happens, and a line in the log.
func (s *Site) guard(c *fiber.Ctx) error {
	id := requestID()
	c.Locals(localRequest, id)
	c.Set(fiber.HeaderXRequestID, id)
	for _, h := range securityHeaders {
		c.Set(h[0], h[1])
	}
	if strings.HasPrefix(s.BaseURL, "https://") {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	if strings.HasPrefix(c.Path(), "/api/") {
		c.Locals(localAPI, true)
	}
	return s.around(c, id)
}

func (s *Site) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}
