package harvesters

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A run looks this often whether somebody told it to end. At each so many looks
// it shows that it lives, also while its source is slow: often enough that one
// sign may fail; and sooner when there is news of how far it is.
const (
	lookEvery  = time.Second
	renewLooks = int(catalog.LeaseTime / 4 / lookEvery)
	tellLooks  = 2
)

// noteEvery is after how many records there is news of how far a run is; of the
// first ones after each.
const noteEvery = 64

// keepAlive renews the lease of the run until stop. The context that it
// returns ends when somebody told the run to end, or has taken it for dead.
func (h *harvest) keepAlive(ctx context.Context) (alive context.Context, stop func()) {
	run := h.run
	h.alive.Store(&run)
	alive, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for n, told := 1, &run; ; n++ {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			ctx := context.WithoutCancel(ctx)
			if stopped, err := h.deps.Store.RunStopped(ctx, run.ID); err == nil && stopped {
				cancel(context.Canceled)
			}
			now := h.alive.Load()
			if renew := n%renewLooks == 0; !renew && (now == told || n%tellLooks != 0) {
				continue
			}
			told = now
			err := h.deps.Store.Write(ctx, func(tx *catalog.Tx) error { return tx.RenewRun(now) })
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
