package site

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// slowRequest is the time until an answer begins above which it is logged.
const slowRequest = 2 * time.Second

// around runs the rest of the handlers, turns their error into an answer, and
// counts and logs what came of it.
func (s *Site) around(c *fiber.Ctx, id string) error {
	start := s.Now()
	s.metrics.inFlight.Inc()
	defer s.metrics.inFlight.Dec()
	err := s.safely(c, id, func() error {
		if err := plainlyFramed(c); err != nil {
			return err
		}
		if err := s.hiddenLanguage(c); err != nil {
			return err
		}
		left, err := s.takeBody(c)
		if left { // what is not read of a body must not be taken for a request
			c.Context().SetConnectionClose()
		}
		if errors.Is(err, errSent) {
			return nil
		}
		if err != nil {
			return err
		}
		return c.Next()
	})
	if err != nil && c.Locals(localPaid) == nil { // an address where nothing is
		if over := s.spend(c, BudgetReads, s.block(c), 1); over != nil {
			err = over
		}
	}
	if err != nil {
		if broken := s.safely(c, id, func() error { return s.fail(c, err) }); broken != nil {
			c.Response().Reset()
			c.Status(fiber.StatusInternalServerError)
			err = fmt.Errorf("%w; the page of the error: %w", err, broken)
		}
	}
	s.observe(c, id, s.Now().Sub(start), err)
	return nil
}

// safely turns a panic of do into an error, and logs where it was.
func (s *Site) safely(c *fiber.Ctx, id string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log().ErrorContext(c.UserContext(), "handler panicked", "request_id", id,
				"path", c.Path(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fiber.ErrInternalServerError
		}
	}()
	return do()
}

// observe counts an answer and logs it in one line: those of our faults and
// the slow ones always. The line has no query and no value of the address; the
// text of an error is there for ours only.
func (s *Site) observe(c *fiber.Ctx, id string, took time.Duration, err error) {
	route, ok := c.Locals(localRoute).(string)
	if !ok {
		route = noRoute
	}
	status := c.Response().StatusCode()
	s.metrics.observe(route, status, took)
	level := slog.LevelDebug
	switch {
	case status >= fiber.StatusInternalServerError:
		level = slog.LevelError
	case took >= slowRequest, s.LogRequests:
		level = slog.LevelInfo
	}
	ctx := context.WithoutCancel(c.UserContext())
	if !s.log().Enabled(ctx, level) {
		return
	}
	line := []slog.Attr{
		slog.String("request_id", id), slog.String("method", c.Method()), slog.String("route", route),
		slog.Int("status", status), slog.Int64("ms", took.Milliseconds()), slog.Int("bytes", answerBytes(c)),
	}
	if status >= fiber.StatusInternalServerError {
		path := c.Path()
		if secret(route) {
			path = ""
		}
		line = append(line, slog.String("path", path), slog.Any("err", err))
	}
	s.log().LogAttrs(ctx, level, "request", line...)
}

// answerBytes is the length of the body that goes out, 0 when it is not known.
func answerBytes(c *fiber.Ctx) int {
	if c.Response().IsBodyStream() {
		return max(c.Response().Header.ContentLength(), 0)
	}
	return len(c.Response().Body())
}

// secret reports whether addresses of a route let whoever knows them do
// something: they are in no log.
func secret(route string) bool {
	return strings.Contains(route, "{code}") || strings.Contains(route, "{word}") || strings.Contains(route, "{link}")
}
