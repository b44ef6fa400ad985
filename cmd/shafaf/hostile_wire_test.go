package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// speak sends bytes as they are and returns what comes back until the portal
// closes, or says nothing more.
func (s *siege) speak(t *testing.T, raw string) (answers []told) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(conn, raw); err != nil {
		return nil
	}
	if half, ok := conn.(*net.TCPConn); ok {
		_ = half.CloseWrite() // there is nothing more to say
	}
	all, _ := io.ReadAll(conn)
	for r := bufio.NewReader(bytes.NewReader(all)); ; {
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return answers
		}
		b, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		answers = append(answers, told{resp.StatusCode, resp.Header, b})
		if err != nil {
			return answers
		}
	}
}

// hostileWire speaks HTTP as two programs could read it in two ways. Whatever
// stands behind the first request must not be taken for a request.
func hostileWire(t *testing.T, s *siege) {
	const inner = "GET /readyz?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
	post := func(headers, body string) string {
		return "POST /en/desk/sign-in HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body
	}
	chunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(inner), inner)
	for name, raw := range map[string]string{
		"a length and chunks":                       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"+inner),
		"chunks and a length":                       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner),
		"a length that is less than the chunks":     post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunk),
		"two lengths":                               post("Content-Length: 0\r\nContent-Length: 50\r\n", inner),
		"two lengths in one":                        post("Content-Length: 0, 50\r\n", inner),
		"a length with a sign":                      post("Content-Length: +0\r\n", inner),
		"a length below nothing":                    post("Content-Length: -1\r\n", inner),
		"a length in hexadecimal":                   post("Content-Length: 0x0\r\n", inner),
		"a length that overflows":                   post("Content-Length: 18446744073709551616\r\n", inner),
		"a length with a blank before the colon":    post("Content-Length : 0\r\n", inner),
		"a coding that is none":                     post("Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n", inner),
		"a coding with a blank before the colon":    post("Transfer-Encoding : chunked\r\nContent-Length: 0\r\n", inner),
		"a coding behind a tab":                     post("Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner),
		"a coding twice":                            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner),
		"a coding in a folded line":                 post("X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner),
		"a coding of HTTP/1.0":                      strings.Replace(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"+inner), "HTTP/1.1", "HTTP/1.0", 1),
		"a chunk that overflows":                    post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"+inner),
		"a chunk below nothing":                     post("Transfer-Encoding: chunked\r\n", "-1\r\n"+inner),
		"a chunk without an end":                    post("Transfer-Encoding: chunked\r\n", "5\r\nabc"),
		"a chunk with an extension of a line":       post("Transfer-Encoding: chunked\r\n", "0;x=\n\r\n"+inner+"\r\n"),
		"a header with CR alone":                    "GET /en/ HTTP/1.1\r\nHost: localhost\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n",
		"a header with NUL":                         "GET /en/ HTTP/1.1\r\nHost: localhost\r\nX\x00: y\r\n\r\n",
		"a body with GET":                           "GET /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + strconv.Itoa(len(inner)) + "\r\n\r\n" + inner,
		"an address of another host":                "GET http://forged.example/en/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
		"two hosts":                                 "GET /en/ HTTP/1.1\r\nHost: localhost\r\nHost: forged.example\r\nConnection: close\r\n\r\n",
		"no host":                                   "GET /en/ HTTP/1.1\r\nConnection: close\r\n\r\n",
		"a line of another protocol":                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"a version that is none":                    "GET /en/ HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n",
		"a request line without a version":          "GET /en/\r\n\r\n",
		"another protocol":                          "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 100),
		"a request line of a hundred thousand":      "GET /" + strings.Repeat("a", 100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"a header of a hundred thousand":            "GET /en/ HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 100_000) + "\r\n\r\n",
		"ten thousand headers":                      "GET /en/ HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X: y\r\n", 10_000) + "\r\n",
		"ten thousand cookies":                      "GET /en/desk HTTP/1.1\r\nHost: localhost\r\nCookie: " + strings.Repeat("__Host-shafaf=x; ", 10_000) + "\r\n\r\n",
		"an upgrade":                                "GET /en/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
		"a body that is expected and does not come": post("Content-Length: 100\r\nExpect: 100-continue\r\n", ""),
	} {
		s.try(t, name, func(t *testing.T) {
			for i, a := range s.speak(t, raw) {
				if a.status == 100 || a.status == 101 {
					if a.status == 101 {
						t.Error("it changes the protocol")
					}
					continue
				}
				if i > 0 && len(a.body) > 0 && (strings.Contains(string(a.body), `"ready"`) || a.status == http.StatusOK) {
					t.Errorf("what stands behind the request is answered: %d %.200s", a.status, a.body)
				}
				if a.status >= 500 && a.status != http.StatusHTTPVersionNotSupported && a.status != http.StatusNotImplemented {
					t.Errorf("it breaks the portal: %d %.200s", a.status, a.body)
				}
				if names(a, evil) {
					t.Errorf("it names another host: %d", a.status)
				}
			}
			if a := s.speak(t, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); len(a) != 1 || a[0].status != http.StatusOK {
				t.Fatalf("the portal does not answer after it: %v", a)
			}
		})
	}
	if a := s.speak(t, inner+inner); len(a) != 2 || a[1].status != http.StatusOK {
		t.Errorf("a second request that is one is not seen: %d answers", len(a))
	}
}

// hostilePaths looks for files that are none of the site.
func hostilePaths(t *testing.T, s *siege) {
	for _, path := range []string{
		"/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/assets/../../go.mod", "/assets/%2e%2e/%2e%2e/go.mod", "/assets/..%2f..%2fgo.mod", "/assets/..%5c..%5cgo.mod", `/assets/..\..\go.mod`, "/assets/%252e%252e%252fgo.mod", "/assets/....//....//go.mod", "/assets/%c0%ae%c0%ae/go.mod", "/assets/site.css%00.txt", "/assets/", "/assets/.", "/assets//", "/assets/site.css/", "/assets/;/site.css",
		"/datasets/..%2f..%2fcatalog.db/resources/x/file", "/datasets/x/resources/..%2f..%2f..%2fcatalog.db/file", "/datasets/x/resources/%2e%2e%2f%2e%2e%2fkeys.csv", "/datasets/x/resources/x/editions/..%2f..%2fLOCK/file", "/datasets/x/resources/x/editions/" + strings.Repeat("0", 64) + "/file", "/brand/..%2f..%2fLOCK", "/catalog.db", "/catalog.sqlite-wal", "/data/keys/log", "/keys", "/LOCK", "/.git/config", "/.env", "/debug/pprof/", "/debug/vars", "/server-status", "/sitemap-..%2f..%2fx.xml", "/sitemap-99999999999999999999.xml", "/sitemap--1.xml", "/manifest-..%2fx.webmanifest",
		"/en/datasets/%00", "/en/datasets/..", "/en/datasets/%2e%2e%2f%2e%2e", "/api/v1/../../catalog.db", "/api/v1/datasets/%2e%2e", "/en/desk/../../catalog.db", "/EN/DESK", "/en/desk;x=1", "/en/desk%2faccount", "/en//desk//account", "/en/./desk/./account", "/en/x/../desk/account", "/en/datasets/" + strings.Repeat("a", 9000), "/en/datasets/" + strings.Repeat("%41", 3000), "/en/datasets/\xff\xfe", "/en/datasets/%ff%fe", "*", "/?%", "/en/?%zz", "/en/datasets?q=%", "/en/datasets?" + strings.Repeat("a=1&", 3000),
	} {
		s.try(t, path[:min(len(path), 60)], func(t *testing.T) {
			a := s.send(t, shot{path: path, header: []string{"Accept", "text/html"}})
			switch body := string(a.body); {
			case strings.Contains(body, "root:") || strings.Contains(body, "module github.com") || strings.HasPrefix(body, "SQLite format"):
				t.Errorf("%d: a file of the machine", a.status)
			case strings.Contains(path, "desk") && a.status == http.StatusOK && strings.Contains(body, `name="scopes"`):
				t.Error("the desk is shown to the public")
			case a.status == http.StatusOK && strings.Contains(path, "passwd"), a.status >= 500:
				t.Errorf("%d %.200s", a.status, body)
			}
			a.harmless(t, path)
		})
	}
}
