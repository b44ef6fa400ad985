// Package limit says how much may be asked of a server: each key has a bucket
// of units that fills up with time, and what is asked takes units out of it.
package limit

import (
	"slices"
	"sync"
	"time"
)

// Options are what a Limiter works with.
type Options struct {
	Units int           // that a full bucket holds, above 0
	Per   time.Duration // in which an empty bucket fills up, above 0
	Keys  int           // that are remembered at most; 0 means DefaultKeys
	Now   func() time.Time
}

// DefaultKeys bounds the memory of a Limiter to some megabytes.
const DefaultKeys = 100_000

// A Limiter holds the buckets. It is safe for concurrent use.
type Limiter struct {
	unit  time.Duration // in which one unit comes back
	most  time.Duration // in which all do
	units int
	keys  int
	now   func() time.Time

	mu   sync.Mutex
	full map[string]int64 // when the bucket of a key is full again, in ns; a key that is not here has a full one
}

// New returns a Limiter whose buckets are all full.
func New(o Options) *Limiter {
	l := &Limiter{unit: max(o.Per/time.Duration(o.Units), 1), units: o.Units, keys: o.Keys, now: o.Now, full: map[string]int64{}}
	l.most = l.unit * time.Duration(o.Units)
	if l.keys == 0 {
		l.keys = DefaultKeys
	}
	return l
}

// Take takes cost units out of the bucket of key. When there are not so many,
// it takes none, ok is false, and wait is how long it will be until there are.
// What costs more than a bucket holds needs a full one.
func (l *Limiter) Take(key string, cost int) (wait time.Duration, ok bool) {
	if cost <= 0 {
		return 0, true
	}
	price := int64(l.unit) * int64(min(cost, l.units))
	now := l.now().UnixNano()
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.until(key, now)
	if over := full + price - now - int64(l.most); over > 0 {
		return time.Duration(over), false
	}
	l.note(key, full+price, now)
	return 0, true
}

// Charge takes cost units out of the bucket of key for what was had already,
// whether there are so many or not: what lacks, up to a whole bucket, has to
// come back before there is anything again.
func (l *Limiter) Charge(key string, cost int) {
	if cost <= 0 {
		return
	}
	now := l.now().UnixNano()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note(key, min(l.until(key, now)+int64(l.unit)*int64(cost), now+2*int64(l.most)), now)
}

// until is when the bucket of key is full again. A clock that was put back must
// not lock anybody out for longer than a bucket takes to fill.
func (l *Limiter) until(key string, now int64) int64 {
	full := l.full[key]
	if full > now+2*int64(l.most) { // no debt is so large
		full = now + int64(l.most)
	}
	return max(full, now)
}

func (l *Limiter) note(key string, full, now int64) {
	if _, known := l.full[key]; !known && len(l.full) >= l.keys {
		l.forget(now)
	}
	l.full[key] = full
}

// Len is how many keys are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.full)
}

// forget drops the full buckets, and when that makes little room the fuller half
// of the others: who asked most is remembered.
func (l *Limiter) forget(now int64) {
	left := make([]int64, 0, len(l.full))
	for key, full := range l.full {
		if full <= now {
			delete(l.full, key)
		} else {
			left = append(left, full)
		}
	}
	if len(left) <= l.keys/2 {
		return
	}
	slices.Sort(left)
	drop := len(left) - l.keys/2
	limit := left[drop-1]
	for key, full := range l.full {
		if full <= limit && drop > 0 {
			delete(l.full, key)
			drop--
		}
	}
}
