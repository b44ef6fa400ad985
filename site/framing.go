package site

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// plainlyFramed refuses a request of which it is not plain where it ends: a
// program before us could see another end, and take what follows for a request
// of its own (RFC 9112 §11.2). Its connection is closed.
func plainlyFramed(c *fiber.Ctx) error {
	if !plainFraming(c.Request().Header.RawHeaders()) {
		c.Context().SetConnectionClose()
		return fiber.ErrBadRequest
	}
	return nil
}

// plainFraming reports whether headers, as they came, have each a line and a
// name of their own, and at most one of them says how long the body is.
func plainFraming(raw []byte) bool {
	ends := 0
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		name, _, found := bytes.Cut(line, []byte(":"))
		if !found || len(name) == 0 || bytes.ContainsAny(name, " \t\x00\r") {
			return false
		}
		switch strings.ToLower(string(name)) {
		case "content-length", "transfer-encoding":
			ends++
		}
	}
	return ends <= 1
}
