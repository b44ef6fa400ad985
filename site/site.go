// Package site is what the public sees: pages in Persian and English and,
// from the same handlers, the API as JSON.
//
// To add a page: write one handler that answers a View, one template, the
// texts of it in both languages, and add a line to the table in routes.go.
package site

import (
	"log/slog"
	"net/netip"
	"slices"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/builtin"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site/proof"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// A Site serves the catalogue over HTTP. Its fields are set before App and not
// changed afterwards.
type Site struct {
	Catalog *catalog.Store
	Index   *search.Index
	Files   *datasets.Files
	Exports *exporters.Files
	Builtin *builtin.Tables // of what the portal knows, unless nil
	Log     *slog.Logger
	BaseURL string // public address without a slash at its end; links and citations use it
	Version string // of the program
	Now     func() time.Time

	// Snapshots are served at /catalog.sqlite, unless nil.
	Snapshots *catalog.Snapshots
	// TrustedProxies are the addresses and CIDR ranges whose X-Forwarded-For
	// is believed; from all others the header is ignored.
	TrustedProxies []string
	// Branding is what pages show first; SetBranding changes it.
	Branding Branding
	// Limits are the budgets of visitors; what has no limiter costs nothing.
	Limits Limits
	// MetricsFrom are the networks that may read /metrics beside this machine.
	MetricsFrom []netip.Prefix
	// Collectors tell of the rest of the program at /metrics.
	Collectors []prometheus.Collector
	// LogKey is the key that signed heads of the log are checked with.
	LogKey string
	// LogRequests logs every request, not only the slow ones and our faults.
	LogRequests bool
	// Forms guards the forms that anybody fills in without an account. Without
	// one, those that are open when the server stops are refused after it.
	Forms *proof.Guard
	// Mirrors is what a mirror shows; nil for a portal of its own.
	Mirrors *catalog.MirrorOf
	// Remember keeps rendered pages and answers while the catalogue stays as it
	// is; its clock must move.
	Remember bool
	// Routes are served beside Routes().
	Routes []Route
	// Parts are later packages with pages of their own: the desk.
	Parts []Part

	drafts     *consultation.Consultation // of Catalog
	fiscal     *fiscal.Fiscal             // likewise
	indicators *indicators.Indicators     // of Catalog
	contracts  *contracts.Contracts       // of Catalog
	tables     tableMarks
	assets     *assets
	locales    map[string]*locale
	pages      *pages
	prose      *proseWriter
	metrics    *metrics
	proxies    []netip.Prefix // TrustedProxies
	brand      atomic.Pointer[brand]

	uploads []uploadPlace

	agencies   agencyCache
	sources    cached[map[string]catalog.Source] // by id
	diffs      differ
	pictures   recent[[]byte]
	rendered   recent[rendered]
	turns      turns
	neighbours recent[neighbourhood] // by agency and themes
	lists      listing
	doors      atomic.Pointer[keptDoors]
	places     placeCache
}

// Limits of one request, for the whole server.
const (
	readTimeout  = 10 * time.Second
	idleTimeout  = 30 * time.Second
	writeTimeout = time.Minute // a handler that sends for longer moves the deadline on as it goes
	maxHeader    = 16 << 10
	maxBody      = 1 << 20  // of forms and JSON; files come as Upload
	maxAhead     = 64 << 10 // of a body that is read before anybody has looked at the request
	maxConns     = 4096
)

// App returns the site as a Fiber application. It panics when a template, a
// text or a route of ours is impossible: that is a fault of the build.
func (s *Site) App() *fiber.App {
	if s.Forms == nil {
		s.Forms = proof.New(proof.NewKey(), s.Now)
	}
	s.drafts = consultation.New(s.Catalog)
	s.fiscal = fiscal.New(s.Catalog, s.Files)
	s.indicators = indicators.New(s.Catalog)
	s.contracts = contracts.New(s.Catalog)
	s.assets = newAssets()
	s.locales = newLocales(s.textSources()...)
	if err := s.SetBranding(s.Branding); err != nil {
		panic(err) // who sets it has checked it
	}
	for _, l := range s.locales {
		l.brand = &s.brand
	}
	s.pictures.most, s.rendered.most, s.lists.kept.most, s.neighbours.most = mostPictures, mostRendered, mostLists, mostNear
	s.lists.whole.most, s.lists.ids.most = mostWhole, mostIDs
	s.prose = newProseWriter()
	s.metrics = newMetrics(s.Collectors)
	s.turns = newTurns()
	s.proxies = proxyNets(s.TrustedProxies)
	s.pages = parsePages(s.assets, s.locales, s.templateSources()...)
	app := fiber.New(fiber.Config{
		AppName:                      "Shafaf " + s.Version,
		DisableStartupMessage:        true,
		Immutable:                    true, // parameters must outlive the handler
		CaseSensitive:                true,
		ReadTimeout:                  readTimeout,
		IdleTimeout:                  idleTimeout,
		WriteTimeout:                 writeTimeout,
		ReadBufferSize:               maxHeader,
		BodyLimit:                    maxAhead, // with streaming it only bounds what is read ahead: takeBody holds to maxBody
		StreamRequestBody:            true,
		DisablePreParseMultipartForm: true,
		RequestMethods:               slices.Concat(fiber.DefaultMethods, []string{"QUERY"}), // any other one is answered 400 before we see it
		Concurrency:                  maxConns,
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               s.TrustedProxies,
		ProxyHeader:                  fiber.HeaderXForwardedFor,
		EnableIPValidation:           true,
		JSONEncoder:                  json.Marshal,
		JSONDecoder:                  json.Unmarshal,
		ErrorHandler:                 s.fail,
	})
	app.Use(s.guard)
	app.Get("/assets/:name", named("/assets/{name}", s.asset))
	app.Get(brandPrefix+":name", named(brandPrefix+"{name}", s.brandFile))
	routes := s.routes()
	s.uploads = uploadPlaces(routes)
	for i := range routes {
		s.mountReads(app, &routes[i])
	}
	for _, r := range routes {
		s.mount(app, r)
	}
	return app
}

// baseURL is the public address that links, citations and examples use.
func (s *Site) baseURL() string {
	if s.BaseURL == "" {
		return "http://localhost:8080"
	}
	return s.BaseURL
}
