package site

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
)

// listen serves the portal on loopback and returns its address.
func (p *portal) listen() string {
	p.t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(p.t, err)
	go func() { _ = p.app.Listener(ln) }()
	p.t.Cleanup(func() { _ = p.app.ShutdownWithTimeout(time.Second) })
	return "http://" + ln.Addr().String()
}

// metricsOf reads /metrics by name and labels as they are printed.
func (p *portal) metricsOf(base string) map[string]string {
	p.t.Helper()
	resp, err := http.Get(base + "/metrics")
	must(p.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(p.t, err)
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		p.t.Fatalf("%d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	all := map[string]string{}
	for line := range strings.Lines(string(body)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(line, "#") {
			all[name] = value
		}
	}
	return all
}

func TestRequestsAreCountedByRouteAndClassAlone(t *testing.T) {
	p := newPortal(t, true)
	p.Collectors = []prometheus.Collector{prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "shafaf_test", Help: "x"}, func() float64 { return 7 })}
	p.app = p.App()
	base := p.listen()
	for _, path := range []string{
		"/en/datasets/population-of-provinces", "/fa/datasets/population-of-provinces", "/en/datasets/nothing", "/en/datasets/nothing-else",
		"/api/v1/datasets?q=secret", "/nowhere/1", "/nowhere/2", "/healthz", "/en/datasets?sort=colour",
	} {
		p.get(path)
	}
	m := p.metricsOf(base)
	for name, want := range map[string]string{
		`shafaf_http_requests_total{class="2xx",route="/{lang}/datasets/{slug}"}`: "2",
		`shafaf_http_requests_total{class="4xx",route="/{lang}/datasets/{slug}"}`: "2",
		`shafaf_http_requests_total{class="2xx",route="/api/v1/datasets"}`:        "1",
		`shafaf_http_requests_total{class="4xx",route="none"}`:                    "2",
		`shafaf_http_requests_total{class="4xx",route="/{lang}/datasets"}`:        "1",
		`shafaf_http_request_seconds_count{route="/healthz"}`:                     "1",
		`shafaf_http_request_seconds_bucket{route="/healthz",le="+Inf"}`:          "1",
		`shafaf_http_requests_in_flight`:                                          "1",
		`shafaf_test`:                                                             "7",
	} {
		if m[name] != want {
			t.Errorf("%s is %q, want %s", name, m[name], want)
		}
	}
	for name := range m {
		for _, value := range []string{"population", "secret", "nothing", "nowhere"} {
			if strings.Contains(name, value) {
				t.Errorf("%s has a value of a request", name)
			}
		}
	}
}

func TestMetricsAreForThisMachineAlone(t *testing.T) {
	p := newPortal(t, false)
	p.MetricsFrom = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	p.app = p.App()
	handler := p.app.Handler()
	for _, c := range []struct {
		from, header string
		want         int
	}{
		{"127.0.0.1", "", 200},
		{"127.9.9.9", "", 200},
		{"::1", "", 200},
		{"::ffff:127.0.0.1", "", 200},
		{"10.1.2.3", "", 200},
		{"10.2.0.1", "", 404},
		{"203.0.113.9", "", 404},
		{"2001:db8::1", "", 404},
		{"127.0.0.1", "X-Forwarded-For", 404},
		{"127.0.0.1", "Forwarded", 404},
		{"10.1.2.3", "X-Real-IP", 404},
	} {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.SetRequestURI("/metrics")
		if c.header != "" {
			req.Header.Set(c.header, "127.0.0.1")
		}
		ctx.Init(&req, &net.TCPAddr{IP: net.ParseIP(c.from), Port: 4242}, nil)
		handler(&ctx)
		if got := ctx.Response.StatusCode(); got != c.want {
			t.Errorf("from %s with %q: %d, want %d", c.from, c.header, got, c.want)
		}
	}
}

// logged serves one request and returns what was logged of it, line by line.
func logged(t *testing.T, all bool, path string, routes ...Route) (id string, lines []map[string]any) {
	t.Helper()
	p := newPortal(t, true)
	var b bytes.Buffer
	p.Log, p.LogRequests, p.Routes = slog.New(slog.NewJSONHandler(&b, nil)), all, routes
	p.app = p.App()
	resp, _ := p.get(path)
	for line := range strings.Lines(b.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%q is no line of JSON: %v", line, err)
		}
		lines = append(lines, v)
	}
	return resp.Header.Get("X-Request-Id"), lines
}

func TestOurFaultsAreLoggedInOneLineThatTheAnswerNames(t *testing.T) {
	secret := errors.New("open /srv/secret\nlevel=INFO msg=forged")
	broken := Route{Path: "/broken/{id}", Serve: func(*Site, *fiber.Ctx) error { return secret }}
	id, lines := logged(t, false, "/broken/x%0Aforged?token=hush", broken)
	if len(lines) != 1 {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	l := lines[0]
	if l["level"] != "ERROR" || l["msg"] != "request" || l["request_id"] != id || l["route"] != "/broken/{id}" || l["status"] != 500.0 || l["method"] != "GET" {
		t.Errorf("the line is %v", l)
	}
	if l["err"] != secret.Error() || l["bytes"].(float64) < 100 {
		t.Errorf("the line is %v", l)
	}
	for key, value := range l {
		if s, ok := value.(string); ok && strings.Contains(s, "hush") {
			t.Errorf("%s has a value of the query: %s", key, s)
		}
	}
	_, api := logged(t, false, apiPrefix+"/broken", Route{Path: "/broken", View: func(*Site, *Request) (View, error) { panic("ouch") }})
	if len(api) != 2 || api[0]["request_id"] != api[1]["request_id"] || api[0]["panic"] != "ouch" {
		t.Errorf("a panic is logged as %v", api)
	}
}

func TestTextLogsStayInTheirLine(t *testing.T) {
	p := newPortal(t, false)
	var b bytes.Buffer
	p.Log, p.LogRequests = slog.New(slog.NewTextHandler(&b, nil)), true
	p.Routes = []Route{{Path: "/broken/{id}", Serve: func(*Site, *fiber.Ctx) error { return errors.New("a\nb") }}}
	p.app = p.App()
	p.get("/broken/x%0Alevel=INFO%20msg=forged")
	if n := strings.Count(b.String(), "\n"); n != 1 || strings.Contains(b.String(), "\nlevel=INFO msg=forged") {
		t.Errorf("%d lines: %s", n, b.String())
	}
}

func TestOtherRequestsAreLoggedOnRequestOrWhenSlow(t *testing.T) {
	if _, lines := logged(t, false, "/en/datasets?q=hush"); len(lines) != 0 {
		t.Errorf("a quick request is logged: %v", lines)
	}
	if _, lines := logged(t, false, "/en/nothing"); len(lines) != 0 {
		t.Errorf("a reader's mistake is logged: %v", lines)
	}
	id, lines := logged(t, true, "/en/datasets?q=hush")
	if len(lines) != 1 || lines[0]["level"] != "INFO" || lines[0]["request_id"] != id || lines[0]["route"] != "/{lang}/datasets" || lines[0]["path"] != nil {
		t.Errorf("the lines are %v", lines)
	}
	p := newPortal(t, false)
	var b bytes.Buffer
	clock := atNoon
	p.Log = slog.New(slog.NewTextHandler(&b, nil))
	p.Now = func() time.Time {
		clock = clock.Add(slowRequest)
		return clock
	}
	p.app = p.App()
	p.get("/robots.txt")
	if !strings.Contains(b.String(), `level=INFO msg=request`) || !strings.Contains(b.String(), "ms=2000") {
		t.Errorf("a slow request is logged as %q", b.String())
	}
}

func TestAnErrorPageThatBreaksIsStillAnAnswer(t *testing.T) {
	p := newPortal(t, false)
	p.pages.byLang["en"] = nil
	if resp, body := p.get("/en/nothing"); resp.StatusCode != http.StatusInternalServerError || strings.Contains(body, "goroutine") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}
