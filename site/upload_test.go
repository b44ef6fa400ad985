package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// intake is a site with an address that takes files and one that takes none,
// on a real connection.
func intake(t *testing.T) (address string) {
	t.Helper()
	p := newPortal(t, false)
	count := func(_ *Site, r *Request) (View, error) {
		up, err := r.Upload()
		if err != nil {
			return nil, err
		}
		n, err := io.Copy(io.Discard, up)
		return NewAnswer(fiber.StatusOK, map[string]any{"name": up.Name, "bytes": n}), err
	}
	p.Routes = []Route{
		{Path: "/test/{id}/file", Upload: true, Write: map[string]Handler{fiber.MethodPost: count}},
		{Path: "/test/json", Write: map[string]Handler{fiber.MethodPost: func(_ *Site, r *Request) (View, error) {
			return NewAnswer(fiber.StatusOK, map[string]any{"bytes": len(r.Body())}), nil
		}}},
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	app := p.App()
	go func() { _ = app.Listener(ln) }()
	t.Cleanup(func() { _ = app.Shutdown() })
	return ln.Addr().String()
}

// exchange sends bytes on a connection of its own and returns all that comes.
func exchange(t *testing.T, address, head string, body []byte) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	must(t, err)
	defer conn.Close()
	go func() {
		_, _ = io.WriteString(conn, head)
		_, _ = conn.Write(body)
	}()
	answer, _ := io.ReadAll(io.LimitReader(conn, 1<<20)) // a reset ends it too
	return string(answer)
}

// A body that is larger than its address takes is refused, and what is left of
// it is never read as a request.
func TestBodiesAreBounded(t *testing.T) {
	address := intake(t)
	post := func(path string, length int, more string) string {
		return fmt.Sprintf("POST /api/v1/test/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n", path, length, more)
	}
	smuggled := []byte("GET /api/v1/licences HTTP/1.1\r\nHost: x\r\n\r\n")
	for _, c := range []struct {
		name, head string
		body       []byte
		want       string
	}{
		{"short JSON", post("json", 5, "Connection: close\r\n"), []byte("12345"), `{"bytes":5}`},
		{"JSON of 1 MiB", post("json", maxBody, "Connection: close\r\n"), make([]byte, maxBody), `{"bytes":1048576}`},
		{"JSON above it", post("json", maxBody+1, ""), append(smuggled, make([]byte, maxBody)...), " 413 "},
		{"JSON in chunks above it", "POST /api/v1/test/json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n", make([]byte, 0x200000), " 413 "},
		{"a file of 1 MiB", post("1/file?name=a.csv", 1<<20, "Connection: close\r\n"), make([]byte, 1<<20), `"bytes":1048576`},
		{"a short file", post("1/file?name=a.csv", 3, "Connection: close\r\n"), []byte("a\n1"), `"bytes":3`},
		{"a file above 2 GiB", post("1/file?name=a.csv", 3<<30, ""), append(smuggled, make([]byte, 1<<20)...), " 413 "},
		{"a file without a name", post("1/file", 1<<20, ""), append(smuggled, make([]byte, 1<<20)...), " 422 "},
		{"a file without a length", "POST /api/v1/test/1/file?name=a.csv HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\n1\r\n0\r\n\r\n", smuggled, " 411 "},
		{"a large body where nothing is", post("nothing", 2<<20, ""), append(smuggled, make([]byte, 2<<20)...), " 413 "},
	} {
		got := exchange(t, address, c.head, c.body)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %.400s", c.name, got)
		}
		if strings.Count(got, "HTTP/1.1 ") != 1 {
			t.Errorf("%s: a part of the body was answered as a request: %.900s", c.name, got)
		}
	}
}

func TestUploadNames(t *testing.T) {
	for given, want := range map[string]string{
		"counties.csv": "counties.csv", " شهرستان‌ها.xlsx ": "شهرستان‌ها.xlsx", "../../etc/passwd": "passwd", `C:\x\y.csv`: "y.csv", "a/b/": "",
		"..": "", "": "", "a\x00.csv": "", "a\n.csv": "", "a\u202egpj.exe": "", strings.Repeat("x", 256): "", "\xff.csv": "",
	} {
		got, err := uploadName(given)
		var invalid *catalog.InvalidError
		if got != want || (want == "") != errors.As(err, &invalid) {
			t.Errorf("%q is kept as %q: %v", given, got, err)
		}
	}
}

// A body that is announced and does not come is told as that, wherever one waits
// for it.
func TestBodiesThatDoNotCome(t *testing.T) {
	p := newPortal(t, false)
	app := p.App()
	late := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	told := func(name string, ctx *fasthttp.RequestCtx) {
		if got := string(ctx.Response.Body()); ctx.Response.StatusCode() != fiber.StatusRequestTimeout || !strings.Contains(got, "did not come to its end") {
			t.Errorf("%s: %d %s", name, ctx.Response.StatusCode(), got)
		}
	}
	var ahead fasthttp.RequestCtx
	app.Server().ErrorHandler(&ahead, late)
	told("nothing of it came", &ahead)

	var later fasthttp.RequestCtx
	later.Request.Header.SetMethod(fiber.MethodPost)
	later.Request.SetRequestURI("/api/v1/licences")
	later.Request.SetBodyStream(io.MultiReader(bytes.NewReader(make([]byte, maxAhead)), iotest.ErrReader(late)), maxBody)
	later.Request.Header.SetContentLength(maxBody)
	app.Handler()(&later)
	told("its beginning came", &later)

	if _, err := io.ReadAll(&arriving{from: io.MultiReader(strings.NewReader("123"), iotest.ErrReader(late)), left: 5}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("of a file its beginning came: %v", err)
	}
}

// A reader that is cut is told from one that has come to its end.
func TestArrivingKnowsItsEnd(t *testing.T) {
	all, err := io.ReadAll(&arriving{from: strings.NewReader("12345"), left: 5})
	if err != nil || string(all) != "12345" {
		t.Errorf("%q, %v", all, err)
	}
	if _, err := io.ReadAll(&arriving{from: strings.NewReader("123"), left: 5}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut one: %v", err)
	}
	if _, err := io.ReadAll(&capped{bytes.NewReader(make([]byte, 100)), 99}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large one: %v", err)
	}
}
