package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

func TestParseRangeKnowsEveryForm(t *testing.T) {
	const size = 1000
	for _, c := range []struct {
		header string
		want   []span
		ok     bool
	}{
		{"", nil, true},
		{"bytes=0-0", []span{{0, 1}}, true},
		{"bytes=0-99", []span{{0, 100}}, true},
		{"bytes=990-", []span{{990, 10}}, true},
		{"bytes=990-5000", []span{{990, 10}}, true},
		{"bytes=-1", []span{{999, 1}}, true},
		{"bytes=-5000", []span{{0, 1000}}, true},
		{"bytes=0-99,200-299", []span{{0, 100}, {200, 100}}, true},
		{"bytes= 500-599 , ,0-9", []span{{500, 100}, {0, 10}}, true},
		{"bytes=0-9,2000-", []span{{0, 10}}, true},
		{"bytes=0-99999999999999999999999999", []span{{0, 1000}}, true},
		// none of the bytes
		{"bytes=1000-", nil, false},
		{"bytes=-0", nil, false},
		{"bytes=99999999999999999999-", nil, false},
		// the whole file: not understood, overlapping, too many
		{"lines=0-5", nil, true},
		{"bytes=5-2", nil, true},
		{"bytes=a-b", nil, true},
		{"bytes=--5", nil, true},
		{"bytes=5", nil, true},
		{"bytes=-", nil, true},
		{"bytes=+1-2", nil, true},
		{"bytes=", nil, true},
		{"bytes=0-99,50-149", nil, true},
		{"bytes=" + strings.Repeat("1-1,", maxSpans) + "5-6", nil, true},
	} {
		got, ok := parseRange(c.header, size)
		if ok != c.ok || !slices.Equal(got, c.want) {
			t.Errorf("%q gives %v, %v; want %v, %v", c.header, got, ok, c.want, c.ok)
		}
	}
	if got, ok := parseRange("bytes=0-", 0); got != nil || !ok {
		t.Errorf("of an empty file: %v, %v", got, ok)
	}
}

func FuzzParseRange(f *testing.F) {
	for _, s := range []string{"bytes=0-1", "bytes=-5", "bytes=1-,3-4", "bytes=9999999999999999999-"} {
		f.Add(s, int64(100))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		spans, ok := parseRange(header, size)
		if !ok && spans != nil {
			t.Fatal("spans with a refusal")
		}
		var sum int64
		for _, s := range spans {
			if s.n <= 0 || s.at < 0 || s.at > size-s.n {
				t.Fatalf("%q of %d bytes gives %v", header, size, spans)
			}
			sum += s.n
		}
		if sum > size {
			t.Fatalf("%q of %d bytes gives %d bytes", header, size, sum)
		}
	})
}

func TestFileNamesAreSafeEverywhere(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"جمعیت استان‌ها", "جمعیت استان‌ها"},
		{"../../etc/passwd", "-..-etc-passwd"},
		{`a\b:c*d?e"f<g>h|i`, "a-b-c-d-e-f-g-h-i"},
		{"exe.\u202exslx", "exe.xslx"},
		{"a\r\nb\tc\x00d", "a b cd"},
		{" . name. ", "name"},
		{"CON", "_CON"},
		{"nul.txt", "_nul.txt"},
		{"", "data"},
		{"\u200c", "data"},
		{"a\xffb", "ab"},
	} {
		if got := fileName(c.in); got != c.want {
			t.Errorf("%q is saved as %q, want %q", c.in, got, c.want)
		}
	}
	long := fileName(strings.Repeat("جمعیت", 100))
	if len(long) > maxName || !strings.HasPrefix(long, "جمعیت") || strings.ContainsRune(long, '\ufffd') {
		t.Errorf("a long name becomes %d bytes: %q", len(long), long)
	}
	head := attachment("جمعیت.csv", "population.csv")
	disposition, params, err := mime.ParseMediaType(head)
	if err != nil || disposition != "attachment" || params["filename"] != "جمعیت.csv" {
		t.Errorf("%s is read as %q, %v, %v", head, disposition, params, err)
	}
	if !strings.Contains(head, `filename="population.csv"`) {
		t.Errorf("%s has no plain name", head)
	}
	if base, ext := splitExt("archive.tar.gz"); base != "archive.tar" || ext != ".gz" {
		t.Errorf("archive.tar.gz is split into %q and %q", base, ext)
	}
	if base, ext := splitExt("v1. the rest"); base != "v1. the rest" || ext != "" {
		t.Errorf("a sentence is split into %q and %q", base, ext)
	}
}

// A countedBody counts how often it was closed.
type countedBody struct {
	io.ReaderAt
	closed atomic.Int64
	done   chan struct{}
}

func newCounted(r io.ReaderAt) *countedBody {
	return &countedBody{ReaderAt: r, done: make(chan struct{})}
}

func (b *countedBody) Close() error {
	if b.closed.Add(1) == 1 {
		close(b.done)
	}
	return nil
}

// content is size bytes, each made from its place.
type content struct{ size int64 }

func (c content) ReadAt(p []byte, at int64) (int, error) {
	n := 0
	for ; n < len(p) && at < c.size; n++ {
		p[n] = byte(at*31 + at>>8)
		at++
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (c content) bytes(from, to int64) []byte {
	b := make([]byte, to-from)
	_, _ = c.ReadAt(b, from)
	return b
}

var tagged = time.Date(2026, 11, 22, 8, 30, 0, 5000, time.UTC)

// listen serves one file at /f on a real connection and returns its address
// and the bodies that were opened.
func listen(t *testing.T, size int64, config fiber.Config, patience time.Duration) (url string, opened chan *countedBody) {
	t.Helper()
	opened = make(chan *countedBody, 100)
	config.DisableStartupMessage = true
	config.ErrorHandler = func(c *fiber.Ctx, err error) error {
		var outside *rangeError
		if errors.As(err, &outside) {
			c.Set(fiber.HeaderContentRange, contentSize(outside.size))
			return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
		}
		return fiber.DefaultErrorHandler(c, err)
	}
	app := fiber.New(config)
	app.Get("/f", func(c *fiber.Ctx) error {
		body := newCounted(content{size})
		opened <- body
		f := storedFile{
			body: body, size: size, tag: "abc", modified: tagged, kind: "text/csv", cache: CacheForever,
			name: "جمعیت.csv", plain: "population.csv", foreign: true, patience: patience,
		}
		return f.send(c)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go app.Listener(l)
	t.Cleanup(func() { app.Shutdown() })
	return fmt.Sprintf("http://%s/f", l.Addr()), opened
}

func ask(t *testing.T, method, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

func TestFilesAreServedWholeAndInParts(t *testing.T) {
	const size = 300_000
	url, opened := listen(t, size, fiber.Config{}, 0)
	all := content{size}
	for _, c := range []struct {
		name   string
		method string
		header []string
		status int
		body   []byte
		ranged string
	}{
		{"whole", "GET", nil, 200, all.bytes(0, size), ""},
		{"head", "HEAD", nil, 200, nil, ""},
		{"head has no ranges", "HEAD", []string{"Range", "bytes=0-9"}, 200, nil, ""},
		{"one range", "GET", []string{"Range", "bytes=100-199"}, 206, all.bytes(100, 200), "bytes 100-199/300000"},
		{"the end", "GET", []string{"Range", "bytes=-10"}, 206, all.bytes(size-10, size), "bytes 299990-299999/300000"},
		{"outside", "GET", []string{"Range", "bytes=300000-"}, 416, nil, "bytes */300000"},
		{"overlapping", "GET", []string{"Range", "bytes=0-99,50-149"}, 200, all.bytes(0, size), ""},
		{"if-range holds", "GET", []string{"Range", "bytes=0-9", "If-Range", `"abc"`}, 206, all.bytes(0, 10), "bytes 0-9/300000"},
		{"if-range fails", "GET", []string{"Range", "bytes=0-9", "If-Range", `"old"`}, 200, all.bytes(0, size), ""},
		{"if-range is weak", "GET", []string{"Range", "bytes=0-9", "If-Range", `W/"abc"`}, 200, all.bytes(0, size), ""},
		{"if-range by date", "GET", []string{"Range", "bytes=0-9", "If-Range", "Sun, 22 Nov 2026 08:30:00 GMT"}, 206, all.bytes(0, 10), "bytes 0-9/300000"},
		{"known", "GET", []string{"If-None-Match", `"x", "abc"`}, 304, nil, ""},
		{"known, head", "HEAD", []string{"If-None-Match", `"abc"`}, 304, nil, ""},
		{"known before ranges", "GET", []string{"If-None-Match", `"abc"`, "Range", "bytes=0-9"}, 304, nil, ""},
		{"not modified", "GET", []string{"If-Modified-Since", "Sun, 22 Nov 2026 08:30:00 GMT"}, 304, nil, ""},
		{"the tag wins", "GET", []string{"If-None-Match", `"x"`, "If-Modified-Since", "Sun, 22 Nov 2026 08:30:00 GMT"}, 200, all.bytes(0, size), ""},
		{"modified", "GET", []string{"If-Modified-Since", "Sun, 22 Nov 2026 08:29:59 GMT"}, 200, all.bytes(0, size), ""},
		{"if-match fails", "GET", []string{"If-Match", `W/"abc"`}, 412, nil, ""},
		{"if-match holds", "GET", []string{"If-Match", `"abc"`}, 200, all.bytes(0, size), ""},
		{"if-unmodified fails", "GET", []string{"If-Unmodified-Since", "Sun, 22 Nov 2026 08:29:59 GMT"}, 412, nil, ""},
	} {
		resp, body := ask(t, c.method, url, c.header...)
		if resp.StatusCode != c.status {
			t.Errorf("%s: %d, want %d", c.name, resp.StatusCode, c.status)
		}
		if c.status < 300 && !bytes.Equal(body, c.body) {
			t.Errorf("%s: %d bytes that are not the right %d", c.name, len(body), len(c.body))
		}
		if got := resp.Header.Get("Content-Range"); got != c.ranged {
			t.Errorf("%s: Content-Range %q, want %q", c.name, got, c.ranged)
		}
		if c.method == "HEAD" && c.status == 200 && resp.ContentLength != size {
			t.Errorf("%s: Content-Length %d", c.name, resp.ContentLength)
		}
		if c.status < 400 && resp.Header.Get("ETag") != `"abc"` {
			t.Errorf("%s: ETag %q", c.name, resp.Header.Get("ETag"))
		}
		if b := <-opened; !waitClosed(b) || b.closed.Load() != 1 {
			t.Errorf("%s: the file was closed %d times", c.name, b.closed.Load())
		}
	}
}

func waitClosed(b *countedBody) bool {
	select {
	case <-b.done:
		return true
	case <-time.After(20 * time.Second):
		return false
	}
}

func TestSeveralRangesComeAsParts(t *testing.T) {
	const size = 500_000
	url, opened := listen(t, size, fiber.Config{}, 0)
	resp, body := ask(t, "GET", url, "Range", "bytes=0-9,400000-499999,100-199")
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || resp.StatusCode != http.StatusPartialContent || kind != "multipart/byteranges" {
		t.Fatalf("%d %s %v", resp.StatusCode, resp.Header.Get("Content-Type"), err)
	}
	if resp.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length %d, body %d", resp.ContentLength, len(body))
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for _, want := range []struct {
		head     string
		from, to int64
	}{{"bytes 0-9/500000", 0, 10}, {"bytes 400000-499999/500000", 400_000, 500_000}, {"bytes 100-199/500000", 100, 200}} {
		p, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(p)
		if err != nil || p.Header.Get("Content-Range") != want.head || p.Header.Get("Content-Type") != "text/csv" ||
			!bytes.Equal(got, content{size}.bytes(want.from, want.to)) {
			t.Errorf("part %v holds %d bytes, %v; want %s", p.Header, len(got), err, want.head)
		}
	}
	if _, err := parts.NextRawPart(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last part comes %v", err)
	}
	if b := <-opened; !waitClosed(b) {
		t.Error("the file stays open")
	}
}

func TestHeadersKeepBrowsersFromRunningFiles(t *testing.T) {
	url, _ := listen(t, 10, fiber.Config{}, 0)
	resp, _ := ask(t, "GET", url)
	for name, want := range map[string]string{
		"Content-Security-Policy":     sandbox,
		"Accept-Ranges":               "bytes",
		"Cache-Control":               CacheForever,
		"Last-Modified":               "Sun, 22 Nov 2026 08:30:00 GMT",
		"Access-Control-Allow-Origin": "*",
		"Content-Disposition":         `attachment; filename="population.csv"; filename*=UTF-8''%D8%AC%D9%85%D8%B9%DB%8C%D8%AA.csv`,
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A slow reader takes longer than the server's write timeout, but goes on.
func TestSlowReadersGetTheWholeFile(t *testing.T) {
	const size = 48 << 20
	url, opened := listen(t, size, fiber.Config{WriteTimeout: 100 * time.Millisecond}, time.Minute)
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var read int64
	block := make([]byte, 2<<20)
	for {
		n, err := io.ReadFull(resp.Body, block)
		if want := (content{size}).bytes(read, read+int64(n)); !bytes.Equal(block[:n], want) {
			t.Fatalf("other bytes behind %d", read)
		}
		read += int64(n)
		if err != nil {
			break
		}
		time.Sleep(30 * time.Millisecond)
	}
	if read != size {
		t.Errorf("%d of %d bytes came", read, size)
	}
	if b := <-opened; !waitClosed(b) {
		t.Error("the file stays open")
	}
}

// A reader that takes nothing any more is left, and the file closed.
func TestDeadReadersAreLeft(t *testing.T) {
	url, opened := listen(t, 1<<30, fiber.Config{}, 50*time.Millisecond)
	for _, name := range []string{"silent", "gone"} {
		conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/f"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "GET /f HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if name == "gone" {
			conn.Close()
		} else {
			defer conn.Close()
		}
		if b := <-opened; !waitClosed(b) {
			t.Errorf("a %s reader keeps the file open", name)
		}
	}
}
