package site

import (
	"net"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// TestOnlyWhatCannotBeOverheardIsPrivate asks from addresses, with the headers
// that a proxy sets and that anybody can forge.
func TestOnlyWhatCannotBeOverheardIsPrivate(t *testing.T) {
	for _, c := range []struct {
		base, from, host string
		headers          []string
		want             bool
	}{
		{"http://localhost:8080", "127.0.0.1", "localhost:8080", nil, true},
		{"http://localhost:8080", "::1", "[::1]:8080", nil, true},
		{"http://localhost:8080", "192.0.2.7", "localhost:8080", nil, false},
		{"http://localhost:8080", "192.0.2.7", "data.example", []string{"X-Forwarded-Proto", "https"}, false},
		{"http://localhost:8080", "192.0.2.7", "127.0.0.1", []string{"X-Forwarded-For", "127.0.0.1"}, false},
		{"http://localhost:8080", "192.0.2.7", "data.example", []string{"X-Forwarded-Ssl", "on", "X-Url-Scheme", "https", "Forwarded", "proto=https"}, false},
		{"http://localhost:8080", "127.0.0.1", "data.example", nil, false},
		{"https://data.example", "192.0.2.7", "data.example", nil, false},
		{"https://data.example", "192.0.2.7", "data.example", []string{"X-Forwarded-Proto", "https"}, false},
		{"https://data.example", "10.0.0.1", "data.example", nil, true},
		{"https://data.example", "10.0.0.1", "data.example", []string{"X-Forwarded-Proto", "https"}, true},
		{"https://data.example", "10.0.0.1", "data.example", []string{"X-Forwarded-Proto", "http"}, false},
		{"http://data.example", "10.0.0.1", "data.example", []string{"X-Forwarded-Proto", "https"}, true},
		{"http://data.example", "10.0.0.1", "data.example", nil, false},
	} {
		s := &Site{BaseURL: c.base, TrustedProxies: []string{"10.0.0.0/8"}}
		s.proxies = proxyNets(s.TrustedProxies)
		app := fiber.New(fiber.Config{EnableTrustedProxyCheck: true, TrustedProxies: s.TrustedProxies})
		var req fasthttp.Request
		req.SetHost(c.host)
		for i := 0; i+1 < len(c.headers); i += 2 {
			req.Header.Set(c.headers[i], c.headers[i+1])
		}
		var ctx fasthttp.RequestCtx
		ctx.Init(&req, &net.TCPAddr{IP: net.ParseIP(c.from), Port: 4242}, nil)
		r := &Request{site: s, ctx: app.AcquireCtx(&ctx)}
		if got := r.Private(); got != c.want {
			t.Errorf("base %s, from %s, Host %s, %q: private is %v", c.base, c.from, c.host, c.headers, got)
		}
	}
}
