package site

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/site/limit"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// limited is a portal whose visitors have so many units an hour.
func limited(t *testing.T, units int) *portal {
	t.Helper()
	p := newPortal(t, true)
	p.Limits = Limits{BudgetReads: hourly(p, units)}
	p.app = p.App()
	return p
}

func hourly(p *portal, units int) *limit.Limiter {
	return limit.New(limit.Options{Units: units, Per: time.Hour, Now: p.Now})
}

// nobody is where requests of these tests come from.
const nobody = "0.0.0.0"

func TestSpentBudgetIsToldInBothLanguages(t *testing.T) {
	p := limited(t, 2)
	for range 2 {
		if resp, _ := p.get("/en/agencies"); resp.StatusCode != http.StatusOK {
			t.Fatalf("within the budget: %d", resp.StatusCode)
		}
	}
	for path, words := range map[string]string{
		"/en/agencies":     "Too many requests",
		"/fa/agencies":     "درخواست‌ها بیش از اندازه است",
		"/api/v1/agencies": "Ask again in 1,800 seconds",
		"/data.json":       "Ask again in 1,800 seconds",
		"/en/nowhere":      "Too many requests",
	} {
		resp, body := p.get(path)
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if resp.StatusCode != http.StatusTooManyRequests || err != nil || seconds != 1800 || !strings.Contains(body, words) {
			t.Errorf("%s: %d, Retry-After %q: %.300s", path, resp.StatusCode, resp.Header.Get("Retry-After"), body)
		}
		if api := !strings.Contains(path, "agencies") || strings.HasPrefix(path, "/api"); api && path != "/en/nowhere" && resp.Header.Get("Content-Type") != problemType {
			t.Errorf("%s: %s", path, resp.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/robots.txt", p.assets.url("site.css")} {
		if resp, _ := p.get(path); resp.StatusCode != http.StatusOK {
			t.Errorf("%s costs something: %d", path, resp.StatusCode)
		}
	}
	if n := p.metricsOf(p.listen())[`shafaf_http_limited_total{budget="reads"}`]; n != "5" {
		t.Errorf("%s refusals were counted", n)
	}
}

func TestAddressesThatAreNoneCostToo(t *testing.T) {
	p := limited(t, 3)
	for range 3 {
		if resp, _ := p.get("/en/nowhere"); resp.StatusCode != http.StatusNotFound {
			t.Fatalf("%d", resp.StatusCode)
		}
	}
	if resp, _ := p.get("/en/nowhere"); resp.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("the fourth: %d", resp.StatusCode)
	}
}

func TestCostsDiffer(t *testing.T) {
	p := limited(t, 1000)
	table := p.tableAddress()
	cost := func(path string) int {
		resp, _ := p.get(path)
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", path, resp.StatusCode)
		}
		spent := 0
		for enough := false; !enough; {
			if _, enough = p.Limits[BudgetReads].Take(nobody, 1000-spent); !enough {
				spent++
			}
		}
		p.Limits[BudgetReads] = hourly(p, 1000)
		return spent
	}
	for _, c := range []struct {
		path string
		want int
	}{
		{"/en/agencies", 1},
		{"/en/datasets?q=population", costSearch},
		{table + ".csv", 1 + costExport},
		{table + ".csv", 1},
		{table + "/chart.svg", 1 + costDraw},
		{table + "/chart.svg", 1},
		{"/healthz", 0},
	} {
		if got := cost(c.path); got != c.want {
			t.Errorf("%s costs %d, want %d", c.path, got, c.want)
		}
	}
}

// TestLargeAnswersCostMore asks for a table of 2,000 columns.
func TestLargeAnswersCostMore(t *testing.T) {
	s := newShelf(t)
	var text strings.Builder
	for row := range 101 {
		for column := range 2000 {
			fmt.Fprintf(&text, "%d,", row*column+column)
		}
		text.WriteString("\n")
	}
	s.put(s.table, "wide.csv", text.String())
	s.Limits = Limits{}
	for _, path := range []string{"/en/datasets/" + s.slug + "/table", "/api/v1/datasets/" + s.slug + "/resources/" + s.table + "/rows"} {
		s.Limits[BudgetReads] = limit.New(limit.Options{Units: 1000, Per: time.Hour, Now: s.Now})
		resp, body := ask(t, "GET", s.url+path)
		if resp.StatusCode != http.StatusOK || len(body) < 10*sizeOfUnit {
			t.Fatalf("%s: %s, %d bytes", path, resp.Status, len(body))
		}
		left := 1000 - costSearch - len(body)/sizeOfUnit
		if _, ok := s.Limits[BudgetReads].Take("127.0.0.1", left+1); ok {
			t.Errorf("%s of %d bytes leaves more than %d units", path, len(body), left)
		}
		if _, ok := s.Limits[BudgetReads].Take("127.0.0.1", left); !ok {
			t.Errorf("%s of %d bytes leaves less than %d units", path, len(body), left)
		}
	}
}

func TestOnlyTrustedProxiesAreBelieved(t *testing.T) {
	p := limited(t, 2)
	for i, forged := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		want := http.StatusOK
		if i == 2 {
			want = http.StatusTooManyRequests
		}
		if resp, _ := p.get("/en/agencies", fiber.HeaderXForwardedFor, forged); resp.StatusCode != want {
			t.Errorf("%s, of nobody who is trusted: %d, want %d", forged, resp.StatusCode, want)
		}
	}
	believer := &Site{proxies: proxyNets([]string{"127.0.0.1", "10.0.0.0/8", "nonsense"})}
	for _, c := range []struct {
		from  string
		lines []string
		want  string
	}{
		{"198.51.100.9", []string{"192.0.2.1"}, "198.51.100.9"},
		{"127.0.0.1", nil, "127.0.0.1"},
		{"127.0.0.1", []string{"192.0.2.1"}, "192.0.2.1"},
		{"127.0.0.1", []string{"8.8.8.8, 192.0.2.1"}, "192.0.2.1"},
		{"127.0.0.1", []string{"8.8.8.8, 192.0.2.1, 10.1.2.3"}, "192.0.2.1"},
		{"127.0.0.1", []string{"8.8.8.8", "192.0.2.1"}, "192.0.2.1"},
		{"127.0.0.1", []string{"10.1.2.3, 10.9.9.9"}, "10.1.2.3"},
		{"127.0.0.1", []string{"192.0.2.1, nonsense, 10.9.9.9"}, "10.9.9.9"},
		{"127.0.0.1", []string{"192.0.2.1:4711"}, "192.0.2.1"},
		{"127.0.0.1", []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{"127.0.0.1", []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
	} {
		if got := forwardedAddress(believer, c.from, c.lines); got != netip.MustParseAddr(c.want) {
			t.Errorf("from %s, %q: %s, want %s", c.from, c.lines, got, c.want)
		}
	}
}

// forwardedAddress is what s takes for the address of a request that comes from
// a neighbour with these lines of X-Forwarded-For.
func forwardedAddress(s *Site, from string, lines []string) netip.Addr {
	var req fasthttp.Request
	for _, l := range lines {
		req.Header.Add(fiber.HeaderXForwardedFor, l)
	}
	var ctx fasthttp.RequestCtx
	ctx.Init(&req, &net.TCPAddr{IP: net.ParseIP(from), Port: 4242}, nil)
	app := fiber.New()
	c := app.AcquireCtx(&ctx)
	defer app.ReleaseCtx(c)
	return s.address(c)
}
