package site

import (
	"errors"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/search"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// A Problem is an error as the API answers it: RFC 9457, with the id of the
// request and, for input, what was wrong with it.
type Problem struct {
	Title     string         `json:"title"`
	Detail    string         `json:"detail,omitempty"`
	Status    int            `json:"status"`
	RequestID string         `json:"request_id,omitempty"`
	Faults    []ProblemFault `json:"faults,omitempty"`
	Removal   *removalShape  `json:"removal,omitempty"`    // of what was published once: its line in the ledger
	LastKnown *LastKnown     `json:"last_known,omitempty"` // and what it was, unless it was taken down

	elsewhere Link // where it is instead, for pages
}

// A ProblemFault is one thing wrong with what was given.
type ProblemFault struct {
	Field    string `json:"field,omitempty"`
	Row      int64  `json:"row,omitempty"`
	Column   string `json:"column,omitempty"`
	Sentence string `json:"sentence"`
}

// busyRetry is after how many seconds it is worth to ask again for what cannot be
// had now, unless it is known better.
const busyRetry = 10

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

// statuses are those with a page and texts of their own; any other one is told
// in the words of its class.
var statuses = map[int]int{400: 400, 401: 401, 403: 403, 404: 404, 405: 405, 406: 406, 408: 408, 409: 409, 410: 410, 411: 411, 412: 412, 413: 413, 415: 415, 416: 416, 422: 422, 428: 428, 429: 429, 500: 500, 503: 503, 507: 507}

// problem says what the public may know of an error. The text of an internal
// one is never part of it.
func problem(err error) Problem {
	var (
		invalid *catalog.InvalidError
		retired *catalog.RetiredError
		failed  *fiber.Error
		refusal *RefusedError
		input   *datasets.InputError
		query   *search.InputError
	)
	switch {
	case errors.As(err, &refusal):
		return refusal.Problem
	case errors.As(err, &input):
		return Problem{Status: fiber.StatusUnprocessableEntity, Faults: []ProblemFault{{Field: input.Param, Sentence: input.Text}}}
	case errors.As(err, &query):
		return Problem{Status: fiber.StatusUnprocessableEntity, Faults: []ProblemFault{{Field: query.Param, Sentence: query.Text}}}
	case errors.As(err, &invalid):
		return Problem{Status: fiber.StatusUnprocessableEntity, Faults: []ProblemFault{{Field: invalid.Field, Sentence: invalid.Reason}}}
	case errors.As(err, &retired):
		return Problem{Status: fiber.StatusGone}
	case errors.Is(err, catalog.ErrDenied):
		return Problem{Status: fiber.StatusForbidden}
	case errors.Is(err, catalog.ErrConflict):
		return Problem{Status: fiber.StatusConflict}
	case errors.Is(err, catalog.ErrNotFound):
		return Problem{Status: fiber.StatusNotFound}
	case errors.Is(err, search.ErrRebuilding):
		return Problem{Status: fiber.StatusServiceUnavailable}
	case errors.As(err, &failed):
		return Problem{Status: failed.Code}
	default:
		return Problem{Status: fiber.StatusInternalServerError}
	}
}

// fail is the only place where an error becomes an answer; observe logs it.
func (s *Site) fail(c *fiber.Ctx, err error) error {
	p := problem(err)
	if input := (*datasets.InputError)(nil); errors.As(err, &input) && len(p.Faults) == 1 {
		p.Faults[0].Sentence, _ = s.locales[answerLanguage(c)].inputText(input)
	}
	p.RequestID, _ = c.Locals(localRequest).(string)
	known, ok := statuses[p.Status]
	switch {
	case ok:
	case p.Status >= fiber.StatusInternalServerError:
		known = fiber.StatusInternalServerError
	default:
		known = fiber.StatusBadRequest
	}
	for _, h := range []string{fiber.HeaderETag, fiber.HeaderContentEncoding, fiber.HeaderContentRange, fiber.HeaderContentDisposition} {
		c.Response().Header.Del(h) // of the answer that did not come about
	}
	key := "error." + strconv.Itoa(known)
	if errors.Is(err, search.ErrRebuilding) {
		key = "error.rebuilding"
	}
	if (p.Status == fiber.StatusTooManyRequests || p.Status == fiber.StatusServiceUnavailable) && c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(busyRetry))
	}
	buried, broken := s.bury(c.UserContext(), answerLanguage(c), err, &p)
	if broken != nil {
		s.log().ErrorContext(c.UserContext(), "the page of what was removed is not whole", "request_id", p.RequestID, "path", c.Path(), "err", broken)
	}
	if wantsPage(c) {
		return s.failPage(c, key, p, buried)
	}
	texts := s.locales[preferredAPI(c)]
	p.Title, p.Detail = texts.Text(key+".title"), texts.Text(key+".detail")
	if len(p.Faults) > 0 {
		p.Detail = p.Faults[0].line()
	}
	b, err := json.MarshalWithOption(p, json.DisableHTMLEscape())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, problemType)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return reply(c, p.Status, CacheNever, append(b, '\n'))
}

// line is the fault in one line: where, then what.
func (f ProblemFault) line() string {
	if f.Field == "" {
		return f.Sentence
	}
	return f.Field + ": " + f.Sentence
}

// wantsPage reports whether the one who asks reads HTML.
func wantsPage(c *fiber.Ctx) bool {
	if c.Locals(localAPI) != nil {
		return false
	}
	if c.Locals(localLang) != nil || pathLanguage(c.Path()) != "" {
		return true
	}
	return strings.Contains(c.Get(fiber.HeaderAccept), "text/html")
}

// pathLanguage is the language that an address begins with, if it does.
func pathLanguage(path string) string {
	for _, lang := range catalog.Languages {
		if path == "/"+lang || strings.HasPrefix(path, "/"+lang+"/") {
			return lang
		}
	}
	return ""
}

// An errorView is the page of an error.
type errorView struct {
	Frame
	Key     string // of its texts: "error.404"
	Problem Problem
}

func (v *errorView) JSON() any { return v.Problem }

// Elsewhere leads to where the thing is instead, if it is somewhere.
func (v *errorView) Elsewhere() Link { return v.Problem.elsewhere }

// Code is the status as a number to print.
func (v *errorView) Code() int64 { return int64(v.Problem.Status) }

// failPage answers with the page of an error, or of what is buried.
func (s *Site) failPage(c *fiber.Ctx, key string, p Problem, buried *tombstoneView) error {
	lang, _ := c.Locals(localLang).(string)
	if lang == "" {
		lang = pathLanguage(c.Path())
	}
	if lang == "" {
		lang = preferred(s.Languages(), c.Get(fiber.HeaderAcceptLanguage))
	}
	r, err := s.newRequest(c, "/"+lang, lang)
	if err != nil {
		r = &Request{Lang: lang, Path: "/", site: s, ctx: c}
	}
	if buried != nil {
		return s.failTombstone(c, buried, r, p)
	}
	v := &errorView{Key: key, Problem: p}
	v.Title = s.locales[lang].Text(key + ".title")
	v.NoIndex = true
	s.frame(&v.Frame, r, false)
	v.Home = false
	v.Status, v.RequestID = p.Status, p.RequestID
	return s.render(c, "error", CacheNever, v)
}
