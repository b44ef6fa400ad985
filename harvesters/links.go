package harvesters

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// How links are looked at: so many together, of so many hosts at once, each
// host once a second, and what is linked anew every few minutes.
const (
	linksAtOnce  = 200 // also datasets that are looked through for links at once
	linksDropped = 2000
	linkHosts    = 8
	linkGap      = time.Second
	linkIdle     = time.Minute
	linksListed  = 10 * time.Minute
	linksOffline = time.Hour // when nothing at all can be reached
)

// linkLimits are those of looking at a link: it costs its host little.
func linkLimits() Limits {
	l := DefaultLimits()
	l.Total, l.Tries, l.Gap = 30*time.Second, 1, linkGap
	return l
}

// A linkChecker looks whether the addresses answer that public things point to.
type linkChecker struct {
	deps   Deps
	client *Client
	robots map[string]*robots // by scheme and host
	mu     sync.Mutex         // of robots
	listed time.Time
	seq    int64 // change that the links were listed at
}

// FollowLinks looks at links when they are due, until ctx ends.
func FollowLinks(ctx context.Context, d Deps) error {
	c, end := newLinkChecker(d)
	defer end()
	for {
		began := d.Store.Now()
		n, err := c.round(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			if err := d.Store.Rest(ctx, began); err != nil {
				return err
			}
			continue
		}
		if err := sleep(ctx, linkIdle); err != nil {
			return err
		}
	}
}

func newLinkChecker(d Deps) (*linkChecker, func()) {
	client, end := d.Client, func() {}
	if client == nil {
		client = NewClient(ClientOptions{Limits: linkLimits(), Version: d.Version, Now: d.Now, Locate: d.Locate})
		end = client.Close
	}
	return &linkChecker{deps: d, client: client, robots: map[string]*robots{}}, end
}

// round lists what is linked anew and looks at what is due. It returns at how
// many links it looked.
func (c *linkChecker) round(ctx context.Context) (int, error) {
	if now := c.deps.Now(); now.Sub(c.listed).Abs() >= linksListed {
		if err := c.relist(ctx); err != nil {
			return 0, err
		}
		c.listed = now
	}
	due, err := c.deps.Store.DueLinks(ctx, linksAtOnce)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	seen := c.look(ctx, due)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	c.offline(seen)
	links := make([]catalog.Link, len(seen))
	for i := range seen {
		links[i] = seen[i].link
	}
	return len(seen), c.put(ctx, links)
}

// relist brings the links up to date with what points to them, unless nothing
// has changed since the last time.
func (c *linkChecker) relist(ctx context.Context) error {
	seq, err := c.deps.Store.LastQuietSeq(ctx)
	if err != nil || seq == c.seq {
		return err
	}
	if err := c.list(ctx); err != nil {
		return err
	}
	c.seq = seq
	return nil
}

// list notes what public things point to, some datasets after the other, and
// forgets what nothing points to.
func (c *linkChecker) list(ctx context.Context) error {
	for last := ""; ; {
		began := c.deps.Store.Now()
		fresh, to, err := c.deps.Store.UnknownLinks(ctx, last, linksAtOnce)
		if err != nil {
			return err
		}
		if to == "" {
			return c.forget(ctx)
		}
		if err := c.put(ctx, fresh); err != nil {
			return err
		}
		if err := c.deps.Store.Rest(ctx, began); err != nil {
			return err
		}
		last = to
	}
}

func (c *linkChecker) put(ctx context.Context, links []catalog.Link) error {
	if len(links) == 0 {
		return nil
	}
	return c.deps.Store.Write(ctx, func(tx *catalog.Tx) error {
		for i := range links {
			if err := tx.PutLink(&links[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget drops the links that nothing points to.
func (c *linkChecker) forget(ctx context.Context) error {
	for {
		lost, err := c.deps.Store.LostLinks(ctx, linksDropped)
		if err != nil || len(lost) == 0 {
			return err
		}
		if err := c.deps.Store.Write(ctx, func(tx *catalog.Tx) error {
			for _, url := range lost {
				if err := tx.DropLink(url); err != nil {
					return err
				}
			}
			return nil
		}); err != nil || len(lost) < linksDropped {
			return err
		}
	}
}

// A lookedAt is a link that was looked at; unreached says that it may be the
// network here that failed.
type lookedAt struct {
	link, before catalog.Link
	unreached    bool
}

// look looks at links, those of one host one after the other.
func (c *linkChecker) look(ctx context.Context, due []catalog.Link) []lookedAt {
	hosts := map[string][]catalog.Link{}
	for _, l := range due {
		host := strings.ToLower(hostOf(l.URL))
		hosts[host] = append(hosts[host], l)
	}
	var mu sync.Mutex
	var all []lookedAt
	var work sync.WaitGroup
	places := make(chan struct{}, linkHosts)
	for _, links := range hosts {
		places <- struct{}{}
		work.Go(func() {
			defer func() { <-places }()
			for _, l := range links {
				one := c.one(ctx, l)
				if ctx.Err() != nil {
					return
				}
				mu.Lock()
				all = append(all, one)
				mu.Unlock()
			}
		})
	}
	work.Wait()
	return all
}

// offline takes back what was seen when no host at all could be reached: it is
// the network here then, and says nothing of the links.
func (c *linkChecker) offline(seen []lookedAt) {
	if len(seen) == 0 || slices.ContainsFunc(seen, func(l lookedAt) bool { return !l.unreached }) {
		return
	}
	for i := range seen {
		seen[i].link = seen[i].before
		seen[i].link.Due = c.deps.Now().Add(linksOffline)
	}
	c.deps.log().Warn("no link can be reached; they are looked at later", "links", len(seen))
}

// reserved are the endings of names that no host has (RFC 2606).
var reserved = []string{".example", ".invalid", ".test", ".localhost"}

// one looks at one link: by HEAD, and by GET where a server knows no HEAD.
func (c *linkChecker) one(ctx context.Context, l catalog.Link) lookedAt {
	seen := lookedAt{link: l, before: l}
	found := func(state string, status int, said []catalog.Said) lookedAt {
		seen.link.Seen(c.deps.Now(), state, status, said)
		return seen
	}
	u, err := url.Parse(l.URL)
	if err != nil {
		return found(catalog.LinkBroken, 0, say("fetch.address", cut(oneLine(l.URL), 200)).said)
	}
	if slices.ContainsFunc(reserved, func(end string) bool { return strings.HasSuffix(strings.ToLower(u.Hostname()), end) }) {
		return found(catalog.LinkRefused, 0, say("link.reserved", u.Hostname()).said)
	}
	if !c.allowed(ctx, u) {
		return found(catalog.LinkRefused, 0, say("link.robots", u.Host).said)
	}
	a, err := c.client.Get(ctx, Request{URL: l.URL, Origin: l.URL, Look: http.MethodHead, Tries: 1})
	if status := statusOf(err); status >= 400 && status != http.StatusTooManyRequests {
		a, err = c.client.Get(ctx, Request{URL: l.URL, Origin: l.URL, Look: http.MethodGet, Tries: 1})
	}
	if err != nil {
		return c.failed(err, &seen)
	}
	_ = a.Body.Close()
	seen.link.Moved = ""
	if a.Moved && a.URL != l.URL {
		seen.link.Moved = a.URL
		return found(catalog.LinkMoved, http.StatusOK, nil)
	}
	return found(catalog.LinkAlive, http.StatusOK, nil)
}

// statusOf is the status of the answer that an error is about, 0 for none.
func statusOf(err error) int {
	var f *FetchError
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

// notAsked are the reasons for which an address is not looked at, hereFails
// those that may lie in the network here.
var (
	notAsked  = []string{"fetch.private", "fetch.inside", "fetch.machine", "fetch.user", "fetch.scheme", "fetch.port"}
	hereFails = []string{"fetch.lookup", "fetch.unreachable"}
)

// failed notes why a link does not answer. A server that asks to come back
// later is there, and is asked later.
func (c *linkChecker) failed(err error, seen *lookedAt) lookedAt {
	var f *FetchError
	if !errors.As(err, &f) {
		return *seen // the program ends
	}
	kind := ""
	if len(f.Said) > 0 {
		kind = f.Said[0].Kind
	}
	switch {
	case f.Status == http.StatusTooManyRequests || f.After > 0:
		seen.link.Due = c.deps.Now().Add(max(f.After, linksOffline))
		return *seen
	case slices.Contains(notAsked, kind):
		seen.link.Seen(c.deps.Now(), catalog.LinkRefused, 0, f.Said)
		return *seen
	}
	seen.unreached = slices.Contains(hereFails, kind)
	seen.link.Seen(c.deps.Now(), catalog.LinkBroken, f.Status, f.Said)
	return *seen
}
