package harvesters

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// Limits bound what one request may cost.
type Limits struct {
	Connect   time.Duration // to a connection, and to its encryption
	Header    time.Duration // from the request to the head of the answer
	Idle      time.Duration // between two pieces of the body
	Total     time.Duration // all of it, each try
	Body      int64         // bytes of a body as it is sent
	Unpacked  int64         // bytes of a body unpacked
	Ratio     int64         // of unpacked to sent
	Head      int64         // bytes of the head of an answer
	Redirects int
	Tries     int
	Wait      time.Duration // longest wait between two tries that a server may ask for
	Gap       time.Duration // between two requests to one host
}

// DefaultLimits are those of the program.
func DefaultLimits() Limits {
	return Limits{
		Connect: 5 * time.Second, Header: 10 * time.Second, Idle: 30 * time.Second, Total: 15 * time.Minute,
		Body: 512 << 20, Unpacked: 2 << 30, Ratio: 200, Head: 64 << 10,
		Redirects: 5, Tries: 5, Wait: time.Hour, Gap: 100 * time.Millisecond,
	}
}

// ClientOptions are what a Client needs to know of the program around it.
type ClientOptions struct {
	Limits  Limits // DefaultLimits when zero
	Version string // of the program, for the User-Agent
	Now     func() time.Time
	// Sleep waits d or until ctx ends, whose error it returns; by a timer when nil.
	Sleep func(ctx context.Context, d time.Duration) error
	// Locate returns the address (host:port) that stands for a host which the
	// program itself serves, empty for every other host. What it returns is
	// dialled under the same rules as any address.
	Locate func(ctx context.Context, host string) (addr string, err error)
}

// A Client makes every outgoing request of the program. It speaks http and
// https to public addresses only, to one host one request at a time, with
// bounds on time and size, and no cookies and no proxy. It is safe for
// concurrent use.
type Client struct {
	limits  Limits
	agent   string
	now     func() time.Time
	sleep   func(context.Context, time.Duration) error
	public  *http.Transport
	private *http.Transport // reaches private networks too

	mu    sync.Mutex
	hosts map[string]*host
}

// NewClient returns a client. Close ends it.
func NewClient(o ClientOptions) *Client {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	version := o.Version
	if version == "" {
		version = "dev"
	}
	c := &Client{
		limits: o.Limits, now: o.Now, sleep: o.Sleep, hosts: map[string]*host{},
		agent: "shafaf/" + version + " (open data harvester; +https://github.com/openshafaf/shafaf)",
	}
	c.public, c.private = c.transport(refusePrivate, o.Locate), c.transport(refuseLinkLocal, o.Locate)
	return c
}

// Close ends the connections that are kept.
func (c *Client) Close() {
	c.public.CloseIdleConnections()
	c.private.CloseIdleConnections()
}

func (c *Client) transport(control dialControl, locate func(context.Context, string) (string, error)) *http.Transport {
	d := &net.Dialer{Timeout: c.limits.Connect, Control: control}
	dial := d.DialContext
	if locate != nil {
		dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(addr)
			if err != nil {
				return nil, err
			}
			if at, err := locate(ctx, host); err != nil {
				return nil, err
			} else if at != "" {
				addr = at
			}
			return d.DialContext(ctx, network, addr)
		}
	}
	return &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    c.limits.Connect,
		ResponseHeaderTimeout:  c.limits.Header,
		MaxResponseHeaderBytes: c.limits.Head,
		MaxConnsPerHost:        2, // one request at a time, and one connection going
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // unpacked here, where it is counted
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// A Request is one file or page to fetch.
type Request struct {
	URL          string
	Origin       string // address of the source: its port is allowed beside 80 and 443
	AllowPrivate bool   // addresses of private networks are allowed
	Accept       string // media types that are wanted
	ETag         string // validators of an earlier answer: it may be a 304
	LastModified string
	Key          string // for X-Api-Key; only the host of URL gets it
	Limit        int64  // bytes of the body, Limits.Body when 0
	Tries        int    // Limits.Tries when 0
	Look         string // method by which only the head of an answer is asked for: HEAD or GET; empty: all of it
}

// An Answer is what came. Body must be closed; reading it gives a *FetchError
// when the rest does not come or is too much.
type Answer struct {
	NotModified  bool
	URL          string // after redirects
	Moved        bool   // every redirect to it was for good
	MediaType    string
	Charset      string
	FileName     string // that the server gives, empty for none
	ETag         string
	LastModified string
	Size         int64 // that the server declares, -1 for none
	Body         io.ReadCloser
}

// A FetchError says in a sentence why something was not fetched and what to do.
// It never holds anything of the answer's body.
type FetchError struct {
	URL       string
	Text      string
	Said      []catalog.Said // the parts of Text
	Status    int            // of the answer, 0 when there was none
	Temporary bool           // it may be otherwise later
	After     time.Duration  // how long the server asks to wait, 0 when it does not
	Err       error
}

func (e *FetchError) Error() string { return e.Text }
func (e *FetchError) Unwrap() error { return e.Err }

// Get fetches what the request asks for, again after a wait when what is wrong
// may pass. Its error is a *FetchError, or that of ctx.
func (c *Client) Get(ctx context.Context, r Request) (*Answer, error) {
	tries := r.Tries
	if tries <= 0 {
		tries = c.limits.Tries
	}
	for try := 1; ; try++ {
		a, err := c.once(ctx, r)
		if err == nil {
			return a, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var f *FetchError
		if !errors.As(err, &f) || !f.Temporary || f.After > c.limits.Wait || unknownHost(err) {
			return nil, err
		}
		if try >= tries {
			if tries > 1 {
				f.Text, f.Said = then(f, "fetch.tries", try).parts()
			}
			return nil, f
		}
		if err := c.sleep(ctx, c.backOff(try, f.After)); err != nil {
			return nil, err
		}
	}
}

// backOff returns how long to wait after the given try: what the server asks
// for, else 1, 2, 4, 8 … seconds; up to a half more, so that not all come back
// at once.
func (c *Client) backOff(try int, after time.Duration) time.Duration {
	if after <= 0 {
		after = time.Second << (try - 1)
	}
	return after + rand.N(after/2+1)
}

// once tries once, over redirects.
func (c *Client) once(ctx context.Context, r Request) (*Answer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.limits.Total, errTotal)
	target, moved := r.URL, true
	for hop := 0; ; hop++ {
		u, err := c.check(target, r)
		if err != nil {
			cancel()
			return nil, err
		}
		a, next, err := c.hop(ctx, cancel, u, r)
		if err != nil {
			cancel()
			return nil, err
		}
		if a != nil {
			a.Moved = hop > 0 && moved
			return a, nil
		}
		if hop == c.limits.Redirects {
			cancel()
			return nil, say("fetch.redirects", hostOf(r.URL), c.limits.Redirects).fetchError(r.URL)
		}
		if u.Scheme == "https" && next.Scheme == "http" {
			cancel()
			return nil, say("fetch.downgrade", u.Host).fetchError(r.URL)
		}
		target, moved = next.String(), moved && next.forGood
	}
}

var (
	errTotal = errors.New("total time")
	errIdle  = errors.New("idle time")
)

// check returns the address when it is one that may be asked.
func (c *Client) check(target string, r Request) (*url.URL, error) {
	refuse := func(kind string, args ...any) (*url.URL, error) { return nil, say(kind, args...).fetchError(r.URL) }
	u, err := url.Parse(strings.TrimSpace(target))
	switch {
	case err == nil && u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
		return refuse("fetch.scheme", u.Scheme+":")
	case err != nil || u.Hostname() == "":
		return refuse("fetch.address", cut(oneLine(target), 200))
	case u.User != nil:
		return refuse("fetch.user", u.Host)
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" && port != portOf(r.Origin) {
		return refuse("fetch.port", port, u.Hostname())
	}
	u.Fragment = ""
	return u, nil
}

func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Port()
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return cut(oneLine(address), 80)
}

func schemeOf(address string) string {
	scheme, _, _ := strings.Cut(address, ":")
	return strings.ToLower(scheme)
}

// hop asks one address. It returns the answer, or the address of a redirect.
func (c *Client) hop(ctx context.Context, cancel context.CancelFunc, u *url.URL, r Request) (*Answer, *onward, error) {
	release, err := c.turn(ctx, u.Host)
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	resp, err := c.send(ctx, u, r)
	if err != nil {
		err = c.explain(ctx, r.URL, u.Host, err) // before stop, which would be taken for the reason
		stop(nil)
		release()
		return nil, nil, err
	}
	if next, err := redirect(resp, u); next != nil || err != nil {
		_ = resp.Body.Close()
		stop(nil)
		release()
		return nil, next, err
	}
	end := func() { stop(nil); cancel(); release() }
	a, err := c.answer(ctx, stop, resp, r, end)
	if err != nil {
		_ = resp.Body.Close()
		end()
		return nil, nil, err
	}
	return a, nil, nil
}

func (c *Client) send(ctx context.Context, u *url.URL, r Request) (*http.Response, error) {
	method := http.MethodGet
	if r.Look != "" {
		method = r.Look
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept-Encoding", "gzip")
	accept := r.Accept
	if accept == "" {
		accept = "*/*"
	}
	req.Header.Set("Accept", accept)
	if r.Key != "" && u.Host == hostOf(r.URL) && u.Scheme == schemeOf(r.URL) {
		req.Header.Set("X-Api-Key", r.Key)
	}
	if r.ETag != "" {
		req.Header.Set("If-None-Match", r.ETag)
	}
	if r.LastModified != "" {
		req.Header.Set("If-Modified-Since", r.LastModified)
	}
	t := c.public
	if r.AllowPrivate {
		t = c.private
	}
	return t.RoundTrip(req) // redirects are followed here, each checked
}

// An onward is where a redirect leads.
type onward struct {
	*url.URL
	forGood bool
}

// redirect returns where an answer sends on to, nil when it does not.
func redirect(resp *http.Response, from *url.URL) (*onward, error) {
	forGood := false
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		forGood = true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
	default:
		return nil, nil
	}
	next, err := from.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return nil, say("fetch.nowhere", from.Host).because(err).fetchError(from.String())
	}
	return &onward{next, forGood}, nil
}
