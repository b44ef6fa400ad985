package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/harvesters"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"
)

// A job runs beside the site until the server stops. follow returns when ctx
// ends; when it fails or panics before, it is started again after a pause.
type job struct {
	name   string
	follow func(ctx context.Context) error
}

// jobTable is all that the server does by itself.
func jobTable(e *env, p *portal, index *search.Index, snapshots *catalog.Snapshots) []job {
	all := []job{
		{"index", func(ctx context.Context) error { return index.Follow(ctx, p.store) }},
		{"files", func(ctx context.Context) error { return harvesters.Follow(ctx, e.harvestDeps(p)) }},
		{"exports", func(ctx context.Context) error { return e.followExports(ctx, p) }},
		{"snapshot", snapshots.Follow},
		{"compare", func(ctx context.Context) error { return index.Watch(ctx, p.store) }},
		{"room", func(ctx context.Context) error { return e.followRoom(ctx, p) }},
		{"clean", func(ctx context.Context) error { return e.followClean(ctx, p) }},
		{"log", func(ctx context.Context) error { return e.followLog(ctx, p) }},
		{"publish", func(ctx context.Context) error { return e.followPublish(ctx, p) }},
		{"mail", p.post.Follow},
		{"budgets", func(ctx context.Context) error { return e.followBudgetJob(ctx, p) }},
		{"contracts", contracts.New(p.store).Follow},
		{"clusters", func(ctx context.Context) error { return e.followClusters(ctx, p) }},
		{"alerts", func(ctx context.Context) error { return e.followAlerts(ctx, p) }},
		{"quality", p.store.FollowQuality},
		{"schedule", func(ctx context.Context) error { return e.followSchedule(ctx, p) }},
	}
	if p.tables != nil { // no mirror: that is its portal's to do
		all = append(all,
			job{"tables", p.tables.Follow},
			job{"links", func(ctx context.Context) error { return harvesters.FollowLinks(ctx, e.harvestDeps(p)) }},
			job{"monitor", func(ctx context.Context) error { return e.followMonitor(ctx, p) }})
	}
	return all
}

// partJobs is what parts of the site do beside their pages.
func partJobs(parts []site.Part) []job {
	var all []job
	for i := range parts {
		if parts[i].Follow != nil {
			all = append(all, job{parts[i].Name, parts[i].Follow})
		}
	}
	return all
}

const (
	jobPause    = time.Second // before the first new start; doubles
	jobPauseMax = 5 * time.Minute
	cleanEvery  = time.Hour
)

// keepGoing runs the job until ctx ends. restarted is told of each new start.
func (j job) keepGoing(ctx context.Context, logger *slog.Logger, restarted func(name string)) {
	for pause := jobPause; ctx.Err() == nil; pause = min(2*pause, jobPauseMax) {
		err := j.once(ctx)
		if ctx.Err() != nil {
			return
		}
		logger.Error("a job broke off and starts again", "job", j.name, "err", err, "after", pause)
		restarted(j.name)
		sleep(ctx, pause)
	}
}

func (j job) once(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return j.follow(ctx)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// clusterEvery is how often new comments are put into clusters.
const clusterEvery = 5 * time.Second

// followClusters puts new comments into clusters.
func (e *env) followClusters(ctx context.Context, p *portal) error {
	clusters := consultation.New(p.store).NewClusterer()
	for ctx.Err() == nil {
		if _, err := clusters.Work(ctx); err != nil {
			return err
		}
		sleep(ctx, clusterEvery)
	}
	return ctx.Err()
}

// alertEvery is how often followers of drafts are told what happened.
const alertEvery = 15 * time.Second

// followAlerts writes to the followers of drafts.
func (e *env) followAlerts(ctx context.Context, p *portal) error {
	forms, err := e.forms()
	if err != nil {
		return err
	}
	drafts := consultation.New(p.store)
	for ctx.Err() == nil {
		n, err := drafts.Tell(ctx, func(follower string) string { return site.FollowPath(forms, follower) })
		if err != nil {
			return err
		}
		if n > 0 {
			e.log.Info("wrote to followers of drafts", "letters", n)
		}
		sleep(ctx, alertEvery)
	}
	return ctx.Err()
}

// followClean removes what killed processes left behind.
func (e *env) followClean(ctx context.Context, p *portal) error {
	for ctx.Err() == nil {
		n, err := p.files.Clean(e.now())
		if err != nil {
			return err
		}
		if n > 0 {
			e.log.Info("removed what killed processes left behind", "files", n)
		}
		sleep(ctx, cleanEvery)
	}
	return ctx.Err()
}
