package site

import "github.com/gofiber/fiber/v2"

// elsewhere leads whoever wants to write something to the portal that a mirror
// shows; nil in a portal of its own.
func (s *Site) elsewhere(r *Request) error {
	switch {
	case s.Mirrors == nil:
		return nil
	case s.Mirrors.Site == "" || r.JSON:
		return r.Refuse(fiber.StatusConflict, "", "mirror.write")
	}
	return Moved(s.Mirrors.Site + withQuery("/"+r.Lang+r.Path, r.Query))
}
