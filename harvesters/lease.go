package harvesters

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// renewEvery is how often a run shows that it lives, also while its source is
// slow: often enough that one sign may fail.
const renewEvery = catalog.LeaseTime / 4

// keepAlive renews the lease of the run until stop. The context that it
// returns ends when the run has been taken for dead meanwhile.
func (h *harvest) keepAlive(ctx context.Context) (alive context.Context, stop func()) {
	run := h.run
	h.alive.Store(&run)
	alive, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		tick := time.NewTicker(renewEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			err := h.deps.Store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error { return tx.RenewRun(h.alive.Load()) })
			var lost *catalog.LostRunError
			if errors.As(err, &lost) {
				cancel(lost)
				return
			}
		}
	})
	return alive, sync.OnceFunc(func() {
		close(done)
		wait.Wait()
		cancel(nil)
	})
}
