package site

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// maxShownBack is the size of the largest form that is shown back to who sent
// it, in bytes; behind it only the browser has the text.
const maxShownBack = 4 << 20

// A tooLongView shows what was typed into a form that is larger than maxBody, so
// that it can be kept and made shorter.
type tooLongView struct {
	Frame
	Fields []tooLongField
	Limit  int64 // bytes
	Letter int64 // letters of Persian that are as much
	Size   int64
}

// A tooLongField is a text that was typed, the longest first.
type tooLongField struct {
	Name, Text string
	Letters    int64
}

// JSON is never asked for: who sends forms reads pages.
func (*tooLongView) JSON() any { return nil }

// unshown are fields whose text is never shown.
var unshown = []string{"password", "code", "ticket", "nonce"}

// tooLong refuses a body of length bytes. A form of a page of this site comes
// back with what was typed into it.
func (s *Site) tooLong(c *fiber.Ctx, stream io.Reader, length int) error {
	lang := pathLanguage(c.Path())
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	if lang == "" || strings.TrimSpace(kind) != formType || length > maxShownBack || s.sameOrigin(c) != nil {
		return fiber.ErrRequestEntityTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(stream, int64(length)))
	if err != nil || len(body) != length {
		return unread(err)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return fiber.ErrBadRequest
	}
	c.Locals(localLang, lang)
	r := &Request{Lang: lang, Path: strings.TrimRight(strings.TrimPrefix(c.Path(), "/"+lang), "/"), Query: url.Values{}, site: s, ctx: c}
	const asSent = 6 // bytes of a Persian letter as browsers send it
	v := &tooLongView{Limit: maxBody, Letter: maxBody / asSent / 1000 * 1000, Size: int64(length)}
	v.Title, v.NoIndex = s.locales[lang].Text("error.413.title"), true
	for name, values := range form {
		for _, text := range values {
			if !slices.Contains(unshown, name) && strings.TrimSpace(text) != "" {
				v.Fields = append(v.Fields, tooLongField{name, text, int64(len([]rune(text)))})
			}
		}
	}
	slices.SortFunc(v.Fields, func(a, b tooLongField) int { return int(b.Letters - a.Letters) })
	s.frame(&v.Frame, r, false)
	v.Home, v.Status = false, fiber.StatusRequestEntityTooLarge
	if err := s.render(c, "toolong", CacheNever, v); err != nil {
		return err
	}
	return errSent
}
