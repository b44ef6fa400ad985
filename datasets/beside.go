package datasets

import (
	"runtime/debug"
	"sync"
)

// A beside runs functions in goroutines of their own. What panics there panics
// where it is waited for, so that a parser's panic stays a fault of its file.
type beside struct {
	running sync.WaitGroup
	mu      sync.Mutex
	panics  any
}

func (b *beside) run(do func()) {
	b.running.Go(func() {
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if p := recover(); p != nil {
				b.mu.Lock()
				b.panics = p
				b.mu.Unlock()
			}
		}()
		do()
	})
}

// wait waits until all have ended.
func (b *beside) wait() {
	b.running.Wait()
	if p := b.panics; p != nil {
		b.panics = nil
		panic(p)
	}
}
