package catalog

import (
	"context"
	"time"
)

// A job beside the site that has much to do rests so many times as long as it
// worked, but not for longer than restMost at once.
const (
	restTimes = 3
	restMost  = time.Second
)

// Rest lets those who read go before a job that has worked since a moment of the
// store's clock.
func (s *Store) Rest(ctx context.Context, since time.Time) error {
	return pause(ctx, min(restTimes*s.Now().Sub(since), restMost))
}

// pause waits for d, or until ctx ends: then it returns why that did.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
