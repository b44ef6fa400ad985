package harvesters

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// answer makes an Answer of a response that is no redirect. end is called when
// its body is closed.
func (c *Client) answer(ctx context.Context, stop context.CancelCauseFunc, resp *http.Response, r Request, end func()) (*Answer, error) {
	a := &Answer{
		URL: resp.Request.URL.String(), ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified"),
		Size: resp.ContentLength, FileName: fileName(resp.Header.Get("Content-Disposition")),
	}
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil {
		a.MediaType, a.Charset = kind, params["charset"]
	}
	if resp.StatusCode == http.StatusNotModified && (r.ETag != "" || r.LastModified != "") {
		_ = resp.Body.Close()
		a.NotModified, a.Body = true, http.NoBody
		end()
		return a, nil
	}
	if resp.StatusCode != http.StatusOK {
		return nil, c.refused(resp, r)
	}
	if r.Look != "" {
		_ = resp.Body.Close()
		a.Body = http.NoBody
		end()
		return a, nil
	}
	limit := r.Limit
	if limit <= 0 {
		limit = c.limits.Body
	}
	b := &body{
		ctx: ctx, c: c, url: r.URL, host: resp.Request.URL.Host, resp: resp.Body, end: end, limit: limit, unpacked: max(limit, c.limits.Unpacked),
	}
	if resp.ContentLength > limit {
		return nil, say("fetch.declares", b.host, catalog.Bytes(resp.ContentLength), catalog.Bytes(limit)).fetchError(r.URL)
	}
	b.timer = time.AfterFunc(c.limits.Idle, func() { stop(errIdle) })
	if err := b.unpack(resp.Header.Get("Content-Encoding")); err != nil {
		b.timer.Stop()
		return nil, err
	}
	a.Body = b
	return a, nil
}

// fileName returns the bare name that a Content-Disposition gives.
func fileName(disposition string) string {
	_, params, err := mime.ParseMediaType(disposition)
	if err != nil {
		return ""
	}
	s := path.Base(strings.ReplaceAll(oneLine(params["filename"]), `\`, "/"))
	if s == "." || s == "/" || s == ".." {
		return ""
	}
	return cut(s, maxName)
}

// refused explains an answer that is not 200.
func (c *Client) refused(resp *http.Response, r Request) *FetchError {
	code, where := resp.StatusCode, resp.Request.URL.Host
	kind, temporary, after := "fetch.status", false, time.Duration(0)
	switch {
	case code == http.StatusNotFound || code == http.StatusGone:
		kind = "fetch.nothing"
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		kind = "fetch.denied"
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		kind, temporary, after = "fetch.later", true, c.retryAfter(resp.Header.Get("Retry-After"))
	case code >= 500 || code == http.StatusRequestTimeout || code == http.StatusTooEarly:
		kind, temporary = "fetch.fault", true
	}
	s := say(kind, where, code)
	if after > c.limits.Wait {
		s = say("fetch.after", where, seconds(after.Round(time.Second)), code)
	}
	f := s.fetchError(r.URL)
	f.Status, f.Temporary, f.After = code, temporary, after
	return f
}

// retryAfter returns how long a Retry-After asks to wait, 0 for none.
func (c *Client) retryAfter(s string) time.Duration {
	if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32); err == nil && n >= 0 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(c.now()))
	}
	return 0
}

// A body counts what it gives and ends with an error when it is too much or too
// slow.
type body struct {
	ctx      context.Context
	c        *Client
	url      string
	host     string
	resp     io.ReadCloser
	read     io.Reader // resp, unpacked
	end      func()
	timer    *time.Timer
	limit    int64 // of sent
	unpacked int64 // limit of given
	sent     int64
	given    int64
	packed   bool
	err      error
}

// ratioFrom is how much is unpacked before the ratio counts: a short answer of
// one repeated word is no bomb.
const ratioFrom = 4 << 20

func (b *body) unpack(encoding string) error {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
		b.read = sentReader{b}
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(sentReader{b})
		if errors.Is(err, io.EOF) {
			b.read = sentReader{b} // an empty body
			return nil
		}
		if err != nil {
			return b.explain(err)
		}
		b.read, b.packed = z, true
	default:
		return say("fetch.packing", b.host, cut(oneLine(encoding), 40)).fetchError(b.url)
	}
	return nil
}

// sentReader reads what is sent, and counts it.
type sentReader struct{ b *body }

func (s sentReader) Read(p []byte) (int, error) {
	b := s.b
	b.timer.Reset(b.c.limits.Idle)
	n, err := b.resp.Read(p)
	b.sent += int64(n)
	if b.sent > b.limit {
		return 0, say("fetch.sends", b.host, catalog.Bytes(b.limit)).fetchError(b.url)
	}
	return n, err
}

// Read gives the next bytes, unpacked.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.read.Read(p)
	b.given += int64(n)
	switch {
	case b.given > b.unpacked:
		b.err = say("fetch.unpacked", b.host, catalog.Bytes(b.unpacked)).fetchError(b.url)
	case b.packed && b.given > ratioFrom && b.given > b.c.limits.Ratio*b.sent:
		b.err = say("fetch.bomb", b.host, b.c.limits.Ratio).fetchError(b.url)
	case errors.Is(err, io.EOF):
		b.err = io.EOF
	case err != nil:
		b.err = b.explain(err)
	default:
		return n, nil
	}
	if errors.Is(b.err, io.EOF) {
		return n, io.EOF
	}
	return 0, b.err
}

// Close gives the connection back.
func (b *body) Close() error {
	b.timer.Stop()
	err := b.resp.Close()
	b.end()
	return err
}

func (b *body) explain(err error) error {
	var f *FetchError
	if errors.As(err, &f) {
		return f
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		f := say("fetch.gzip", b.host).because(err).fetchError(b.url)
		f.Temporary = true
		return f
	}
	return b.c.explain(b.ctx, b.url, b.host, err)
}

// seconds is a time in a sentence.
func seconds(d time.Duration) catalog.Seconds { return catalog.Seconds(d.Seconds()) }
