package site

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// What a part of the program can be.
const (
	partOK       = "ok"
	partDegraded = "degraded" // it answers, but not as well as it should
	partFailed   = "failed"   // it does not answer
)

// A health is what /healthz and /readyz answer: the worst of the parts.
type health struct {
	Status  string          `json:"status"`
	Version string          `json:"version"`
	Parts   map[string]part `json:"parts,omitempty"`
}

// A part is one part of a health.
type part struct {
	Status  string           `json:"status"`
	Reason  string           `json:"reason,omitempty"` // why it is not ok
	Figures map[string]int64 `json:"figures,omitempty"`

	err error // for the log
}

// worse makes p what it is not yet: degraded or failed. The first reason stays.
func (p *part) worse(status, reason string, err error) {
	if p.Status == partOK {
		p.Status, p.Reason, p.err = status, reason, err
	}
}

// healthz answers as long as the program runs.
func (s *Site) healthz(c *fiber.Ctx) error {
	return SendJSON(c, fiber.StatusOK, CacheNever, health{Status: partOK, Version: s.Version})
}

// readyTime is how long the parts may take to tell how they are.
const readyTime = 5 * time.Second

// readyz answers 503 when a part has failed, else 200. What exactly is wrong is
// for the log.
func (s *Site) readyz(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), readyTime)
	defer cancel()
	h := health{Status: partOK, Version: s.Version, Parts: map[string]part{}}
	status := fiber.StatusOK
	for name, look := range map[string]func(context.Context) part{
		"catalog": s.catalogPart, "search": s.searchPart, "files": s.filesPart, "exports": s.exportsPart,
	} {
		p := look(ctx)
		h.Parts[name] = p
		switch {
		case p.Status == partFailed:
			h.Status, status = partFailed, fiber.StatusServiceUnavailable
			s.log().ErrorContext(ctx, "not ready", "part", name, "reason", p.Reason, "err", p.err)
		case p.Status == partDegraded && h.Status == partOK:
			h.Status = partDegraded
		}
	}
	return SendJSON(c, status, CacheNever, h)
}

func (s *Site) catalogPart(ctx context.Context) part {
	p := part{Status: partOK}
	if err := s.Catalog.Ping(ctx); err != nil {
		p.worse(partFailed, "the catalogue cannot be read", err)
		return p
	}
	w := s.Catalog.WriterStats()
	p.Figures = map[string]int64{"commits": w.Commits, "failed_commits": w.Failed, "waiting_writes": int64(w.Waiting)}
	if w.Last != nil {
		p.worse(partDegraded, "the last write was not kept; reading goes on", w.Last)
	}
	return p
}

// indexBehind is how long a change may be missing from the search.
const indexBehind = 5 * time.Minute

func (s *Site) searchPart(ctx context.Context) part {
	p := part{Status: partOK}
	docs, err := s.Index.Docs()
	if err != nil {
		p.worse(partFailed, "the search index is not open", err)
		return p
	}
	p.Figures = map[string]int64{"documents": docs}
	if c := s.Index.Stats().Compared; c != nil {
		p.Figures["missing"], p.Figures["extra"], p.Figures["stale"] = c.Missing, c.Extra, c.Stale
		p.Figures["compared_seconds_ago"] = int64(s.Now().Sub(c.At) / time.Second)
		if c.Differences() > 0 {
			p.worse(partDegraded, "the search index differs from the catalogue and is being built anew", nil)
		}
	}
	lag, whole, err := s.Index.Lag(ctx, s.Catalog)
	switch {
	case err != nil:
		p.worse(partDegraded, "how far the search index is behind the catalogue cannot be told", err)
		return p
	case !whole:
		p.worse(partDegraded, "the search index is being built", nil)
		return p
	}
	p.Figures["changes_behind"] = lag
	behind, err := s.behind(ctx)
	p.Figures["seconds_behind"] = int64(behind / time.Second)
	if err != nil || behind > indexBehind {
		p.worse(partDegraded, "the search index is behind the catalogue", err)
	}
	return p
}

// behind returns how long ago the first change was made that the search does
// not show.
func (s *Site) behind(ctx context.Context) (time.Duration, error) {
	at, err := s.Index.Cursor()
	if err != nil {
		return 0, err
	}
	since, ok, err := s.Catalog.ChangedAt(ctx, at.Seq)
	if err != nil || !ok {
		return 0, err
	}
	return max(s.Now().Sub(since), 0), nil
}

func (s *Site) filesPart(context.Context) part {
	p := part{Status: partOK}
	if err := s.Files.Check(); err != nil {
		p.worse(partFailed, "the folder of the files cannot be read", err)
		return p
	}
	free, floor, err := s.Files.Room.Left()
	if err != nil {
		return p // not watched, or the system does not tell
	}
	p.Figures = map[string]int64{"free_bytes": free, "floor_bytes": floor}
	if err := s.Files.Room.Ask(0); err != nil {
		p.worse(partDegraded, "the disk is nearly full: nothing is taken in, reading goes on", err)
	}
	return p
}

func (s *Site) exportsPart(context.Context) part {
	p := part{Status: partOK}
	if err := s.Exports.Check(); err != nil {
		p.worse(partDegraded, "the folder of the exports cannot be read", err)
		return p
	}
	n := s.Exports.Stats()
	p.Figures = map[string]int64{"files": n.Files, "bytes": n.Bytes, "failed": n.Failed, "waiting": n.Waiting}
	if s.Exports.Room.Ask(0) != nil {
		p.worse(partDegraded, "the disk is nearly full: only what is written already is given", nil)
	}
	return p
}
