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
	"github.com/openshafaf/shafaf/site/desk"
)

const (
	scheduleEvery = time.Minute // how often the schedule is looked at
	scheduleRuns  = 2           // sources that are harvested at once
	askedRuns     = 2           // runs besides, that people asked for and wait for
)

// A schedule does the runs that people asked for and harvests the sources that
// are due, a few at once and of each host one. It is one goroutine; the runs
// that it starts are others.
type schedule struct {
	env     *env
	portal  *portal
	hosts   map[string]bool      // that are being read from; true: for somebody who asked for it
	started map[string]time.Time // last start of each source in this process, by its id
	tried   map[string]time.Time // last attempt at each run that waits, by its id
	ended   chan string          // host of a run that ended
	wait    sync.WaitGroup
}

// followSchedule does the runs that are queued, harvests sources when they are
// due, and ends the runs of processes that died, until ctx ends. Runs under way
// are ended first.
func (e *env) followSchedule(ctx context.Context, p *portal) error {
	s := &schedule{env: e, portal: p, hosts: map[string]bool{}, started: map[string]time.Time{}, tried: map[string]time.Time{}, ended: make(chan string, scheduleRuns+askedRuns)}
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
		case <-p.queued:
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
	queued, err := s.lookQueue(ctx, sources)
	if err != nil {
		return err
	}
	slices.SortStableFunc(sources, func(a, b catalog.Source) int { return a.NextRun.Compare(b.NextRun) })
	for _, src := range sources {
		if !queued[src.ID] && s.due(&src, s.env.now()) {
			s.start(ctx, src, nil)
		}
	}
	return nil
}

// lookQueue starts what people asked for and has a place. It returns the
// sources of which a harvest waits: the schedule leaves them to it.
func (s *schedule) lookQueue(ctx context.Context, sources []catalog.Source) (map[string]bool, error) {
	queue, err := s.portal.store.QueuedRuns(ctx)
	if err != nil {
		return nil, err
	}
	waiting, tried := map[string]bool{}, s.tried
	s.tried = map[string]time.Time{}
	for i := range queue {
		run := &queue[i]
		waiting[run.Source] = waiting[run.Source] || !run.DryRun
		if last, again := tried[run.ID]; again && s.env.now().Sub(last) < scheduleEvery/2 {
			s.tried[run.ID] = last // another process reads the source
			continue
		}
		for _, src := range sources {
			if src.ID == run.Source {
				s.start(ctx, src, run)
			}
		}
	}
	return waiting, nil
}

// start harvests the source, or does the queued run of it, when there is a
// place.
func (s *schedule) start(ctx context.Context, src catalog.Source, queued *catalog.Run) {
	host, n := hostOf(src.URL), 0
	for _, asked := range s.hosts {
		if asked == (queued != nil) {
			n++
		}
	}
	places := scheduleRuns
	if queued != nil {
		places = askedRuns
	}
	if _, busy := s.hosts[host]; busy || n >= places {
		return
	}
	s.hosts[host] = queued != nil
	if queued == nil {
		s.started[src.ID] = s.env.now()
	} else {
		s.tried[queued.ID] = s.env.now()
	}
	s.wait.Go(func() {
		defer func() { s.ended <- host }()
		if queued != nil {
			s.doQueued(ctx, src, queued.ID)
		} else {
			s.harvest(ctx, src, "")
		}
	})
}

// doQueued does the run that somebody asked for. When the server is told to end
// meanwhile, the next one goes on with it.
func (s *schedule) doQueued(ctx context.Context, src catalog.Source, queued string) {
	run := s.harvest(ctx, src, queued)
	if ctx.Err() == nil || run.State != catalog.RunIncomplete && run.State != catalog.RunFailed {
		return
	}
	err := s.portal.store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error { return tx.QueueAgain(&run) })
	if err != nil {
		s.env.log.Error("a run that was asked for is not done again", "source", src.Slug, "run", run.ID, "err", err)
	}
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

// harvest runs one source, or the queued run of it with the given id. What goes wrong with it is told in the run, and what
// goes wrong here in the log: the other sources go on.
func (s *schedule) harvest(ctx context.Context, src catalog.Source, queued string) catalog.Run {
	e := s.env
	run, err := harvesters.Run(ctx, e.harvestDeps(s.portal), src, harvesters.RunOptions{Queued: queued})
	switch {
	case errors.Is(err, catalog.ErrConflict):
		e.log.Info("not harvested", "source", src.Slug, "reason", err)
	case err != nil:
		e.log.Error("the harvest broke off", "source", src.Slug, "err", err)
	default:
		e.log.Info("harvested", "source", src.Slug, "trial", run.DryRun, "state", run.State, "seen", run.Counts.Seen, "faulty", run.Counts.Faulty,
			"retired", run.Counts.Retired, "waiting", run.Counts.Waiting, "reason", run.Reason)
	}
	return run
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

// deskHarvest is what the desk needs to know of the harvesting.
func (e *env) deskHarvest(p *portal) desk.Harvest {
	return desk.Harvest{
		Kinds: harvesters.WebKinds(), Check: harvesters.CheckWeb, Asked: p.ring,
		Forget: func(source string) error { return harvesters.Forget(e.dir, source) },
	}
}
