package harvesters

import (
	"context"
	"strings"
	"sync"
	"time"
)

// A host is asked once at a time, with a gap between.
type host struct {
	turn chan struct{}
	last time.Time // end of the last request
	used int       // who holds or waits for the turn
}

// turn waits until nobody else asks the host and returns what gives the turn
// away again.
func (c *Client) turn(ctx context.Context, name string) (release func(), err error) {
	name = strings.ToLower(name)
	c.mu.Lock()
	h := c.hosts[name]
	if h == nil {
		h = &host{turn: make(chan struct{}, 1)}
		c.hosts[name] = h
	}
	h.used++
	c.mu.Unlock()
	leave := func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if h.used--; h.used == 0 && c.now().Sub(h.last) > c.limits.Gap {
			delete(c.hosts, name)
		}
	}
	select {
	case h.turn <- struct{}{}:
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
	release = sync.OnceFunc(func() {
		h.last = c.now()
		<-h.turn
		leave()
	})
	if wait := c.limits.Gap - c.now().Sub(h.last); wait > 0 && !h.last.IsZero() {
		if err := c.sleep(ctx, wait); err != nil {
			release()
			return nil, err
		}
	}
	return release, nil
}
