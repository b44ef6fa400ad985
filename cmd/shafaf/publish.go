package main

import (
	"context"
	"time"
)

// publishEvery is how often the server looks for what is to be public by now,
// at least: another process may have set a time.
const publishEvery = 5 * time.Second

// followPublish publishes what was to be public at a time, when that has come by
// the server's clock.
func (e *env) followPublish(ctx context.Context, p *portal) error {
	for ctx.Err() == nil {
		done, faults, err := p.store.PublishDue(ctx)
		for i := range done {
			e.log.Info("published what was due", "dataset", done[i].Slug)
		}
		for id, fault := range faults {
			e.log.Warn("what was due cannot be published, and waits again", "dataset", id, "err", fault)
		}
		if err != nil {
			return err
		}
		next, err := p.store.NextDue(ctx)
		if err != nil {
			return err
		}
		wait := publishEvery
		if !next.IsZero() {
			wait = min(wait, max(next.Sub(e.now()), 10*time.Millisecond))
		}
		sleep(ctx, wait)
	}
	return ctx.Err()
}
