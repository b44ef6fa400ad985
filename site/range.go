package site

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// A storedFile is a file that is whole and does not change while it is sent.
type storedFile struct {
	body interface { // closed by send, whatever comes
		io.ReaderAt
		io.Closer
	}
	size     int64
	tag      string // what the strong ETag holds: a digest of the bytes
	modified time.Time
	kind     string        // media type
	name     string        // for the one who saves it, in any script
	plain    string        // the same for programs that know ASCII only
	cache    string        // Cache-Control
	foreign  bool          // not of our making: no browser may run what is in it
	varies   bool          // there are others of it for those who take a coding
	coding   string        // that it is compressed in
	patience time.Duration // how long a block may take to leave; usualPatience when 0
}

// sandbox is the Content-Security-Policy of files that others made.
const sandbox = "default-src 'none'; sandbox"

// send answers with the file or the parts of it that were asked for, as RFC
// 9110 has it: conditions first, then ranges, which HEAD does not have.
func (f *storedFile) send(c *fiber.Ctx) error {
	f.head(c)
	if status := f.condition(c); status != fiber.StatusOK {
		c.Response().Header.Del(fiber.HeaderContentDisposition)
		if err := f.body.Close(); err != nil {
			return err
		}
		if status == fiber.StatusNotModified {
			return c.SendStatus(status)
		}
		return fiber.NewError(status)
	}
	whole := []span{{0, f.size}}
	if c.Method() != fiber.MethodGet || !f.rangeHolds(c) {
		return f.stream(c, whole)
	}
	switch spans, ok := parseRange(c.Get(fiber.HeaderRange), f.size); {
	case !ok:
		if err := f.body.Close(); err != nil {
			return err
		}
		return &rangeError{size: f.size}
	case spans == nil:
		return f.stream(c, whole)
	default:
		c.Status(fiber.StatusPartialContent)
		return f.stream(c, spans)
	}
}

// A rangeError says that a file has none of the bytes that were asked for.
type rangeError struct{ size int64 }

func (e *rangeError) Error() string {
	return fmt.Sprintf("the file has %d bytes and none of those asked for", e.size)
}

// head sets the headers that every answer about the file has.
func (f *storedFile) head(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentType, f.kind)
	c.Set(fiber.HeaderETag, `"`+f.tag+`"`)
	if !f.modified.IsZero() {
		c.Set(fiber.HeaderLastModified, string(fasthttp.AppendHTTPDate(nil, f.modified)))
	}
	c.Set(fiber.HeaderCacheControl, f.cache)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderContentDisposition, attachment(f.name, f.plain))
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag")
	if f.foreign {
		c.Set(fiber.HeaderContentSecurityPolicy, sandbox)
	}
	if f.varies {
		c.Vary(fiber.HeaderAcceptEncoding)
	}
	if f.coding != "" {
		c.Set(fiber.HeaderContentEncoding, f.coding)
	}
}

// condition evaluates the conditions of the request in the order of RFC 9110
// §13.2.2, and returns 200, 304 or 412.
func (f *storedFile) condition(c *fiber.Ctx) int {
	modified := f.modified.Truncate(time.Second) // HTTP knows no less
	if h := c.Get(fiber.HeaderIfMatch); h != "" {
		if !f.isTagged(h) {
			return fiber.StatusPreconditionFailed
		}
	} else if t, ok := httpDate(c.Get(fiber.HeaderIfUnmodifiedSince)); ok && modified.After(t) {
		return fiber.StatusPreconditionFailed
	}
	if h := c.Get(fiber.HeaderIfNoneMatch); h != "" {
		if matches(h, `"`+f.tag+`"`) {
			return fiber.StatusNotModified
		}
	} else if t, ok := httpDate(c.Get(fiber.HeaderIfModifiedSince)); ok && !modified.After(t) {
		return fiber.StatusNotModified
	}
	return fiber.StatusOK
}

// isTagged reports whether an If-Match header names the file, compared strongly.
func (f *storedFile) isTagged(header string) bool {
	for t := range strings.SplitSeq(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || t == `"`+f.tag+`"` {
			return true
		}
	}
	return false
}

// rangeHolds reports whether a Range counts: always without If-Range, else
// only when that names exactly this file.
func (f *storedFile) rangeHolds(c *fiber.Ctx) bool {
	h := strings.TrimSpace(c.Get(fiber.HeaderIfRange))
	if h == "" || h == `"`+f.tag+`"` {
		return true
	}
	t, ok := httpDate(h)
	return ok && !f.modified.IsZero() && f.modified.Truncate(time.Second).Equal(t)
}

func httpDate(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, false
	}
	t, err := fasthttp.ParseHTTPDate([]byte(s))
	return t, err == nil
}

// A span is n bytes from the byte at.
type span struct{ at, n int64 }

// maxSpans is how many ranges one request may ask for; more are answered with
// the whole file, as are ranges that overlap (RFC 9110 §14.2).
const maxSpans = 16

// parseRange reads a Range header for a file of size bytes. Without spans the
// whole file is to be sent; ok is false when the file has none of the bytes.
func parseRange(header string, size int64) (spans []span, ok bool) {
	list, found := strings.CutPrefix(header, "bytes=")
	if !found || size == 0 {
		return nil, true
	}
	asked := 0
	for r := range strings.SplitSeq(list, ",") {
		if r = strings.Trim(r, " \t"); r == "" {
			continue
		}
		if asked++; asked > maxSpans {
			return nil, true
		}
		s, valid := parseSpan(r, size)
		if !valid {
			return nil, true
		}
		if s.n > 0 {
			spans = append(spans, s)
		}
	}
	if asked > 0 && len(spans) == 0 {
		return nil, false
	}
	for i, a := range spans {
		for _, b := range spans[:i] {
			if a.at < b.at+b.n && b.at < a.at+a.n {
				return nil, true
			}
		}
	}
	return spans, true
}

// parseSpan reads "first-last", "first-" or "-count"; a span of no bytes is
// one that the file does not have.
func parseSpan(s string, size int64) (sp span, valid bool) {
	first, last, found := strings.Cut(s, "-")
	switch {
	case !found || first == "" && last == "":
		return span{}, false
	case first == "":
		n, ok := position(last)
		n = min(n, size)
		return span{size - n, n}, ok
	}
	at, ok := position(first)
	if !ok {
		return span{}, false
	}
	end := size - 1
	if last != "" {
		if end, ok = position(last); !ok || end < at {
			return span{}, false
		}
	}
	if at >= size {
		return span{}, true
	}
	return span{at, min(end, size-1) - at + 1}, true
}

// position reads a number of digits only; what does not fit is as far as can be.
func position(s string) (n int64, ok bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return math.MaxInt64, s != ""
	}
	return n, true
}

// stream hands the spans to the server, which writes them after the handler
// has returned and closes the file in the end. Several spans go out as
// multipart/byteranges.
func (f *storedFile) stream(c *fiber.Ctx, spans []span) error {
	status := c.Response().StatusCode()
	out := &blockStream{file: f.body, conn: c.Context().Conn(), since: c.Context().Time(), patience: cmp.Or(f.patience, usualPatience)}
	if len(spans) == 1 {
		s := spans[0]
		if status == fiber.StatusPartialContent {
			c.Set(fiber.HeaderContentRange, contentRange(s, f.size))
		}
		out.Reader = io.NewSectionReader(f.body, s.at, s.n)
		return f.hand(c, out, s.n)
	}
	var (
		parts    []io.Reader
		total    int64
		boundary = newBoundary()
		add      = func(text string) {
			parts = append(parts, strings.NewReader(text))
			total += int64(len(text))
		}
	)
	for _, s := range spans {
		add("\r\n--" + boundary + "\r\nContent-Type: " + f.kind + "\r\nContent-Range: " + contentRange(s, f.size) + "\r\n\r\n")
		parts = append(parts, io.NewSectionReader(f.body, s.at, s.n))
		total += s.n
	}
	add("\r\n--" + boundary + "--\r\n")
	out.Reader = io.MultiReader(parts...)
	c.Set(fiber.HeaderContentType, "multipart/byteranges; boundary="+boundary)
	return f.hand(c, out, total)
}

func (f *storedFile) hand(c *fiber.Ctx, out *blockStream, n int64) error {
	if n > math.MaxInt {
		_ = out.Close()
		return fmt.Errorf("site: a file of %d bytes is too large for this machine", n)
	}
	c.Response().SetBodyStream(out, int(n))
	return nil
}

// contentSize is the Content-Range of an answer that there is no such range.
func contentSize(size int64) string { return fmt.Sprintf("bytes */%d", size) }

func contentRange(s span, size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", s.at, s.at+s.n-1, size)
}

// newBoundary makes a text that no file holds but by a chance of 2^-128.
func newBoundary() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
