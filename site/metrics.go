package site

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// metrics counts the requests of one site. Its labels are the routes of the
// table and the classes of statuses: there are as many as there are addresses
// in the program, whatever is asked for.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	limited  *prometheus.CounterVec
}

// newMetrics panics when collectors has one that cannot be: that is a fault of
// the build.
func newMetrics(collectors []prometheus.Collector) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shafaf_http_requests_total", Help: "Requests that were answered, by route and class of status.",
		}, []string{"route", "class"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "shafaf_http_request_seconds", Help: "Time until the answer began, by route.",
			Buckets: []float64{.005, .025, .1, .25, 1, 2.5, 10},
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "shafaf_http_requests_in_flight", Help: "Requests whose answer has not begun.",
		}),
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shafaf_http_limited_total", Help: "Requests that were refused since their budget was spent, by budget.",
		}, []string{"budget"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, m.limited)
	m.registry.MustRegister(collectors...)
	return m
}

// noRoute is the label of requests for addresses that are not in the table.
const noRoute = "none"

// observe counts an answer.
func (m *metrics) observe(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// named notes under which name a route is counted and logged.
func named(route string, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Locals(localRoute, route)
		return h(c)
	}
}

// serveMetrics answers with all figures in the text format of Prometheus. What
// is not to know them does not learn that they are there.
func (s *Site) serveMetrics(c *fiber.Ctx) error {
	if !s.maySeeMetrics(c) {
		return fiber.ErrNotFound
	}
	families, err := s.metrics.registry.Gather()
	if err != nil { // those that could be had are there
		s.log().ErrorContext(c.UserContext(), "some metrics cannot be had", "err", err)
	}
	var b bytes.Buffer
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	enc := expfmt.NewEncoder(&b, format)
	for _, f := range families {
		if err := enc.Encode(f); err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
	}
	c.Set(fiber.HeaderContentType, string(format))
	c.Set(fiber.HeaderCacheControl, CacheNever)
	return c.Send(b.Bytes())
}

// forwardingHeaders are set by proxies: who has one is not the one who asks.
var forwardingHeaders = []string{fiber.HeaderXForwardedFor, fiber.HeaderForwarded, fiber.HeaderXForwardedHost, "X-Real-Ip", fiber.HeaderVia}

// maySeeMetrics reports whether the one who asks is on this machine or in one
// of the networks for it, and asks directly: behind a proxy on this machine
// everybody would be.
func (s *Site) maySeeMetrics(c *fiber.Ctx) bool {
	for _, h := range forwardingHeaders {
		if c.Get(h) != "" {
			return false
		}
	}
	tcp, ok := c.Context().RemoteAddr().(*net.TCPAddr)
	if !ok {
		return false
	}
	addr, ok := netip.AddrFromSlice(tcp.IP)
	if !ok {
		return false
	}
	addr = addr.Unmap()
	if addr.IsLoopback() {
		return true
	}
	for _, n := range s.MetricsFrom {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}
