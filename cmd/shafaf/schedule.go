package main

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

const (
	scheduleEvery = time.Minute // how often the schedule is looked at
	scheduleRuns  = 2           // sources that are harvested at once
)

// A schedule harvests the sources that are due, a few at once and of each host
// one. It is one goroutine; the runs that it starts are others.
type schedule struct {
	env     *env
	portal  *portal
	hosts   map[string]bool      // that are being harvested from
	started map[string]time.Time // last start of each source in this process, by its id
	ended   chan string          // host of a run that ended
	wait    sync.WaitGroup
}

// followSchedule harvests sources when they are due, and ends the runs of
// processes that died, until ctx ends. Runs under way are ended first.
func (e *env) followSchedule(ctx context.Context, p *portal) error {
	s := &schedule{env: e, portal: p, hosts: map[string]bool{}, started: map[string]time.Time{}, ended: make(chan string, scheduleRuns)}
	defer s.wait.Wait()
	for ctx.Err() == nil {
		if err := s.look(ctx); err != nil {
			return err
		}
		tick := time.NewTimer(scheduleEvery)
		select {
		case host := <-s.ended:
			delete(s.hosts, host)
		case <-tick.C:
		case <-ctx.Done():
		}
		tick.Stop()
	}
	return ctx.Err()
}

// look starts what is due and has a place, the longest waiting first.
func (s *schedule) look(ctx context.Context) error {
	if err := s.env.endLapsed(ctx, s.portal); err != nil {
		return err
	}
	if full := s.portal.files.Room.Ask(0); full != nil {
		return nil //nolint:nilerr // the schedule waits; followRoom tells of it
	}
	sources, err := s.portal.store.Sources(ctx, false)
	if err != nil {
		return err
	}
	slices.SortStableFunc(sources, func(a, b catalog.Source) int { return a.NextRun.Compare(b.NextRun) })
	for _, src := range sources {
		host := hostOf(src.URL)
		if len(s.hosts) >= scheduleRuns || s.hosts[host] || !s.due(&src, s.env.now()) {
			continue
		}
		s.hosts[host], s.started[src.ID] = true, s.env.now()
		s.wait.Go(func() {
			defer func() { s.ended <- host }()
			s.harvest(ctx, src)
		})
	}
	return nil
}

// due reports whether a source is to be harvested now. After the clock was set
// back the last run may lie in the future; then it is due once each interval.
func (s *schedule) due(src *catalog.Source, now time.Time) bool {
	const ahead = time.Hour
	switch {
	case src.NextRun.IsZero():
		return false
	case src.LastRun != nil && src.LastRun.Started.After(now.Add(ahead)):
		last := s.started[src.ID]
		return last.IsZero() || now.Sub(last) >= src.Every
	}
	return !now.Before(src.NextRun)
}

// harvest runs one source. What goes wrong with it is told in the run, and what
// goes wrong here in the log: the other sources go on.
func (s *schedule) harvest(ctx context.Context, src catalog.Source) {
	e := s.env
	run, err := harvesters.Run(ctx, e.harvestDeps(s.portal), src, harvesters.RunOptions{})
	switch {
	case errors.Is(err, catalog.ErrConflict):
		e.log.Info("not harvested", "source", src.Slug, "reason", err)
	case err != nil:
		e.log.Error("the harvest broke off", "source", src.Slug, "err", err)
	default:
		e.log.Info("harvested", "source", src.Slug, "state", run.State, "seen", run.Counts.Seen, "faulty", run.Counts.Faulty,
			"retired", run.Counts.Retired, "waiting", run.Counts.Waiting, "reason", run.Reason)
	}
}

// hostOf is what a source is fetched from: a host, or its own path.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return address
}

// endLapsed ends the runs whose processes gave no sign for too long.
func (e *env) endLapsed(ctx context.Context, p *portal) error {
	n := 0
	err := p.store.Write(ctx, func(tx *catalog.Tx) (err error) {
		n, err = tx.EndLapsedRuns()
		return err
	})
	if n > 0 {
		e.log.Warn("ended runs whose processes are gone; what they brought is kept", "runs", n)
	}
	return err
}
