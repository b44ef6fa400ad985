package site

import (
	"time"

	"github.com/openshafaf/shafaf/datasets/processors"

	"github.com/gofiber/fiber/v2"
)

// Turns let as many requests be answered at once as there are processors, in
// the order in which they came. Left to the runtime, some of those that come at
// once wait for many that came after them, and none is answered sooner for it.
type turns chan struct{}

// turnTime is how long a turn lasts at most: what takes longer, or waits for
// something, goes on beside those whose turn it is.
const turnTime = 20 * time.Millisecond

func newTurns() turns { return make(turns, processors.Count()) }

// take waits for a turn. The end of it must be called, once.
func (t turns) take() (end func()) {
	t <- struct{}{}
	leave := func() { <-t }
	late := time.AfterFunc(turnTime, leave)
	return func() {
		if late.Stop() {
			leave()
		}
	}
}

// turn waits for the turn of a request. What writes waits for others of its
// batch, and takes none.
func (s *Site) turn(c *fiber.Ctx) (end func()) {
	if m := c.Method(); m != fiber.MethodGet && m != fiber.MethodHead {
		return func() {}
	}
	return s.turns.take()
}
