package limit

import (
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"
)

// A clock is a time that tests move on.
type clock struct{ now time.Time }

func (c *clock) time() time.Time { return c.now }

func newClock() *clock { return &clock{time.Date(2026, 3, 21, 9, 0, 0, 0, time.UTC)} }

func TestBucketFillsWithTime(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 20 * time.Second, Now: c.time})
	for i := range 5 {
		if _, ok := l.Take("a", 2); !ok {
			t.Fatalf("take %d of 5 was refused", i+1)
		}
	}
	wait, ok := l.Take("a", 3)
	if ok || wait != 6*time.Second {
		t.Fatalf("an empty bucket: ok %v, wait %v; want 6s for three units", ok, wait)
	}
	if _, ok := l.Take("b", 10); !ok {
		t.Fatal("another key pays for the first")
	}
	c.now = c.now.Add(6*time.Second - 1)
	if _, ok := l.Take("a", 3); ok {
		t.Fatal("three units were there before their time")
	}
	c.now = c.now.Add(1)
	if _, ok := l.Take("a", 3); !ok {
		t.Fatal("three units are not there at the time that was told")
	}
	c.now = c.now.Add(time.Hour)
	if _, ok := l.Take("a", 10); !ok {
		t.Fatal("the bucket did not fill up")
	}
	if _, ok := l.Take("a", 1); ok {
		t.Fatal("the bucket holds more than its units")
	}
}

func TestRefusalTakesNothing(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 10 * time.Second, Now: c.time})
	l.Take("a", 8)
	for range 100 {
		if _, ok := l.Take("a", 5); ok {
			t.Fatal("five of two units were given")
		}
	}
	if _, ok := l.Take("a", 2); !ok {
		t.Fatal("a refusal took units")
	}
}

func TestDearRequestNeedsFullBucket(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 10 * time.Second, Now: c.time})
	if _, ok := l.Take("a", 50); !ok {
		t.Fatal("what costs more than a bucket is never given")
	}
	if wait, ok := l.Take("a", 50); ok || wait != 10*time.Second {
		t.Fatalf("ok %v, wait %v: want a full bucket in 10s", ok, wait)
	}
	if _, ok := l.Take("a", 0); !ok {
		t.Fatal("what costs nothing is refused")
	}
}

func TestWhatWasHadIsPaidLater(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 10 * time.Second, Now: c.time})
	l.Take("a", 8)
	l.Charge("a", 0)
	l.Charge("a", 5)
	if wait, ok := l.Take("a", 1); ok || wait != 4*time.Second {
		t.Errorf("ok %v, wait %v; want 4s for three that lack and one", ok, wait)
	}
	l.Charge("a", 1000)
	if wait, ok := l.Take("a", 1); ok || wait != 11*time.Second {
		t.Errorf("ok %v, wait %v; want no more than 11s", ok, wait)
	}
	if _, ok := l.Take("b", 10); !ok {
		t.Error("another key pays for it")
	}
	c.now = c.now.Add(20 * time.Second)
	if _, ok := l.Take("a", 10); !ok {
		t.Error("the bucket is not full when all is paid")
	}
}

func TestClockPutBack(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 10 * time.Second, Now: c.time})
	l.Take("a", 10)
	c.now = c.now.Add(-24 * time.Hour)
	if wait, ok := l.Take("a", 10); ok || wait > 10*time.Second {
		t.Fatalf("ok %v, wait %v: a clock put back by a day locks out for that day", ok, wait)
	}
}

func TestKeysAreBounded(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 10, Per: 10 * time.Second, Keys: 1000, Now: c.time})
	l.Take("greedy", 10)
	for i := range 50_000 {
		l.Take(strconv.Itoa(i), 1)
		if n := l.Len(); n > 1000 {
			t.Fatalf("%d keys are remembered, of 1000", n)
		}
	}
	if _, ok := l.Take("greedy", 1); ok {
		t.Fatal("a flood of others gave the greedy one a full bucket")
	}
	c.now = c.now.Add(time.Minute)
	for i := range 1000 {
		l.Take(fmt.Sprint("later", i), 1)
	}
	if n := l.Len(); n > 1000 {
		t.Fatalf("%d keys after all buckets were full", n)
	}
}

func TestTakeTogether(t *testing.T) {
	c := newClock()
	l := New(Options{Units: 100, Per: time.Hour, Now: c.time})
	var wg sync.WaitGroup
	var mu sync.Mutex
	given := 0
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if _, ok := l.Take("a", 1); ok {
					mu.Lock()
					given++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if given != 100 {
		t.Fatalf("%d units were given, of 100", given)
	}
}

func TestBlock(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                 "192.0.2.7",
		"::ffff:192.0.2.7":          "192.0.2.7",
		"2001:db8:1:2:3:4:5:6":      "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:ffff::1": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":           "2001:db8:1:3::/64",
		"fe80::1%eth0":              "fe80::/64",
		"::1":                       "::/64",
	} {
		if got := Block(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
