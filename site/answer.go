package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"
)

// An Answer is what a program is told that changed something, or may see what
// the public does not.
type Answer struct {
	Frame
	Tag      string // ETag, with its quotes
	Location string // of what was made
	Body     any    // as JSON; nothing when nil
}

// JSON is the body.
func (a *Answer) JSON() any { return a.Body }

// NewAnswer returns an answer with the status.
func NewAnswer(status int, body any) *Answer {
	return &Answer{Frame: Frame{Status: status}, Body: body}
}

// write answers a program that changes something at an address of the API.
func (s *Site) write(c *fiber.Ctx, route *Route, do Handler) error {
	c.Locals(localAPI, true)
	r, err := s.newRequest(c, apiPrefix, preferredAPI(c))
	if err != nil {
		return err
	}
	if err := s.pay(c, route, r, route.admit(s, r)); err != nil {
		return err
	}
	view, err := do(s, r)
	if err != nil {
		return err
	}
	status := view.Base().Status
	if status == 0 {
		status = fiber.StatusOK
	}
	if a, ok := view.(*Answer); ok {
		if a.Tag != "" {
			c.Set(fiber.HeaderETag, a.Tag)
		}
		if a.Location != "" {
			c.Set(fiber.HeaderLocation, a.Location)
		}
		if a.Body == nil {
			c.Set(fiber.HeaderCacheControl, CacheNever)
			return c.SendStatus(fiber.StatusNoContent)
		}
	}
	return SendJSON(c, status, CacheNever, view.JSON())
}

// mountReads puts what a program with a token reads at the addresses of public
// things before these: whoever comes without goes on to what the public sees.
func (s *Site) mountReads(app *fiber.App, r *Route) {
	do := r.Write[fiber.MethodGet]
	if do == nil {
		return
	}
	app.Get(apiPrefix+fiberPath(r.Path), named(apiPrefix+r.Path, func(c *fiber.Ctx) error {
		c.Vary(fiber.HeaderAuthorization)
		if r.Shared && c.Get(fiber.HeaderAuthorization) == "" {
			return c.Next()
		}
		err := s.write(c, r, do)
		if r.Shared && errors.Is(err, ErrElsewhere) {
			return c.Next()
		}
		return err
	}))
}

// ErrElsewhere is the answer of a handler of a Shared route that has nothing to
// add to what the public sees there.
var ErrElsewhere = errors.New("what the public sees is all")
