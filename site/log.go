package site

import (
	"bytes"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// headsShown is how many signed heads of the log a page has: those of a year
// and more.
const headsShown = 400

// A logView shows the signed heads of the log of all acts. What stands in the
// log is for those whom it concerns; that nothing of it changes is for everybody.
type logView struct {
	Frame
	Key     string
	Heads   []catalog.PublicHead
	NextURL string
	shape   logAnswer
}

type logAnswer struct {
	List[catalog.PublicHead]
	Key string `json:"key"` // that signatures are checked with
}

// JSON is the page of heads as the API answers it.
func (v *logView) JSON() any { return v.shape }

// publicLog answers the signed heads of the log, the newest first.
func (s *Site) publicLog(r *Request) (View, error) {
	before, err := afterNumber(r)
	if err != nil {
		return nil, err
	}
	v := &logView{Key: s.LogKey}
	if v.Heads, err = s.Catalog.PublicHeads(r.Context(), before, headsShown); err != nil {
		return nil, err
	}
	total, err := s.Catalog.CountHeads(r.Context())
	if err != nil {
		return nil, err
	}
	v.shape = logAnswer{List[catalog.PublicHead]{Total: total, Results: v.Heads}, v.Key}
	if n := len(v.Heads); n == headsShown {
		v.NextURL, v.shape.Next = r.next(strconv.FormatInt(v.Heads[n-1].Size, 10))
	}
	l := s.locales[r.Lang]
	v.Frame = Frame{Title: l.Text("log.title"), Description: l.Text("log.lead"), NoIndex: len(r.Query) > 0}
	return v, nil
}

// mostHeads is how many heads the file of them has: those of some centuries.
const mostHeads = 100_000

// serveHeads answers all signed heads, one to a line.
func (s *Site) serveHeads(c *fiber.Ctx) error {
	heads, err := s.Catalog.PublicHeads(c.UserContext(), 0, mostHeads)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for i := range heads {
		line, err := json.Marshal(&heads[i])
		if err != nil {
			return err
		}
		b.Write(append(line, '\n'))
	}
	c.Set(fiber.HeaderContentType, "application/jsonl; charset=utf-8")
	return reply(c, fiber.StatusOK, CacheRevalidate, b.Bytes())
}
