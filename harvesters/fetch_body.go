package harvesters

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
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
	limit := r.Limit
	if limit <= 0 {
		limit = c.limits.Body
	}
	b := &body{
		ctx: ctx, c: c, url: r.URL, host: resp.Request.URL.Host, resp: resp.Body, end: end, limit: limit, unpacked: max(limit, c.limits.Unpacked),
	}
	if resp.ContentLength > limit {
		return nil, b.tooBig("declares " + byteSize(resp.ContentLength) + ", which is")
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
	f := &FetchError{URL: r.URL}
	switch {
	case code == http.StatusNotFound || code == http.StatusGone:
		f.Text = fmt.Sprintf("%s answers that there is nothing at this address (%d); ask its owner for the right one", where, code)
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		f.Text = fmt.Sprintf("%s refuses access to this address (%d); ask its owner to open it", where, code)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		f.Temporary, f.After = true, c.retryAfter(resp.Header.Get("Retry-After"))
		f.Text = fmt.Sprintf("%s asks to come back later (%d); it is tried again", where, code)
		if f.After > c.limits.Wait {
			f.Text = fmt.Sprintf("%s asks to come back after %s (%d)", where, f.After.Round(time.Second), code)
		}
	case code >= 500 || code == http.StatusRequestTimeout || code == http.StatusTooEarly:
		f.Temporary = true
		f.Text = fmt.Sprintf("%s has a fault of its own (%d); tell its owner if it lasts", where, code)
	default:
		f.Text = fmt.Sprintf("%s answers with status %d instead of the file; ask its owner for the right address", where, code)
	}
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
		return &FetchError{URL: b.url, Text: fmt.Sprintf(
			"%s packs its answer as %q though gzip was asked for; ask its owner to send it plain", b.host, cut(oneLine(encoding), 40))}
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
		return 0, b.tooBig("sends")
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
		b.err = &FetchError{URL: b.url, Text: fmt.Sprintf(
			"what %s sends is larger than %s unpacked, which is not taken", b.host, byteSize(b.unpacked))}
	case b.packed && b.given > ratioFrom && b.given > b.c.limits.Ratio*b.sent:
		b.err = &FetchError{URL: b.url, Text: fmt.Sprintf(
			"what %s sends unpacks to more than %d times its size, as no honest file does; it was refused", b.host, b.c.limits.Ratio)}
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

func (b *body) tooBig(what string) *FetchError {
	return &FetchError{URL: b.url, Text: fmt.Sprintf(
		"%s %s more than the %s that are taken; ask its owner to divide it", b.host, what, byteSize(b.limit))}
}

func (b *body) explain(err error) error {
	var f *FetchError
	if errors.As(err, &f) {
		return f
	}
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return &FetchError{URL: b.url, Text: "what " + b.host + " sends as gzip is none, or was damaged on the way", Temporary: true, Err: err}
	}
	return b.c.explain(b.ctx, b.url, b.host, err)
}

// byteSize prints a number of bytes for people.
func byteSize(n int64) string {
	switch {
	case n >= 1<<30:
		return strconv.FormatFloat(float64(n)/(1<<30), 'f', 1, 64) + " GiB"
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}
