package site

import (
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// A Handler answers a request.
type Handler func(*Site, *Request) (View, error)

// A Route is one address of the site. It has either a View, and is then a page
// at /{lang}Path and JSON at /api/v1Path, or Serve, and then stands at Path
// itself and writes its own reply.
type Route struct {
	Path     string // parameters in braces: "/datasets/{slug}"
	View     Handler
	Act      Handler             // answers the form that the page posts to itself
	Write    map[string]Handler  // by method: what programs do at /api/v1Path
	Writes   map[string]WriteDoc // likewise, as it is described; a method that does not stand there is not
	Shared   bool                // the GET of Write is for those who have a token; the public's stands at the same address
	Upload   bool                // Act and Write take a file
	Template string              // of the page; without one there is JSON only
	PageOnly bool                // there is no JSON of it
	Serve    func(*Site, *fiber.Ctx) error
	Cost     int     // in units of the budget of who asks; 0 means 1
	Free     bool    // it costs nothing: machines ask how the program is
	Budget   Budget  // that Act and Write are paid from, when it is one of their own
	Cache    string  // the Cache-Control of its answers
	Doc      string  // key of the sentence that says what it answers (texts: "api.…"); empty: not part of the API
	Params   []Param // of its query, as documented
	Example  string  // an address below Path to try; {slug} and {resource} are filled in

	enter func(*Site, *Request) error // of its part
}

// admit lets the part of the site that the route is of find out who asks.
func (r *Route) admit(s *Site, request *Request) error {
	if r.enter == nil {
		return nil
	}
	return r.enter(s, request)
}

// A Param is a parameter in a query, as the developers' page explains it.
type Param struct {
	Name string
	Doc  string // key of its sentence in the texts
}

// Cache policies. Answers of the catalogue are revalidated each time by their
// ETag; what a digest names never changes.
const (
	CacheRevalidate = "public, max-age=0, must-revalidate"
	CacheShort      = "public, max-age=10" // of what is asked with every letter typed
	CacheForever    = "public, max-age=31536000, immutable"
	CacheNever      = "no-store"
)

// apiPrefix is where views are served as JSON.
const apiPrefix = "/api/v1"

// searchParams are the parameters of the search.
func searchParams() []Param {
	return []Param{
		{paramQuery, "param.q"},
		{"agency", "param.agency"},
		{"theme", "param.theme"},
		{"format", "param.format"},
		{"licence", "param.licence"},
		{paramFrom, "param.from"},
		{paramTo, "param.to"},
		{paramOrder, "param.sort"},
		{paramPage, "param.page"},
		{paramAfter, "param.after"},
		{paramSize, "param.size"},
	}
}

// Routes returns the addresses of the site. To add a page, add its line here.
func Routes() []Route {
	resource := []Param{{paramResource, "param.resource"}}
	views := []Route{
		{Path: "/", View: (*Site).home, Template: "home", Doc: "api.home", Example: apiPrefix},
		{Path: "/datasets", View: (*Site).search, Template: "search", Cost: costSearch, Doc: "api.search", Params: searchParams()},
		{Path: "/datasets/{slug}", View: (*Site).dataset, Template: "dataset", Doc: "api.dataset"},
		{Path: "/datasets/{slug}/table", View: (*Site).table, Template: "table", Cost: costSearch, Doc: "api.table", Params: resource},
		{Path: "/datasets/{slug}/chart", View: (*Site).chart, Template: "chart", Cost: costPicture, Doc: "api.chart", Params: chartPageParams(), Example: apiPrefix + "/datasets/{charted}/chart"},
		{Path: "/datasets/{slug}/map", View: (*Site).mapPage, Template: "map", Cost: costPicture, Doc: "api.map", Params: mapPageParams(), Example: apiPrefix + "/datasets/{mapped}/map"},
		{Path: "/datasets/{slug}/columns", View: (*Site).columns, Template: "columns", Cost: costSearch, Doc: "api.columns", Params: resource},
		{Path: "/datasets/{slug}/api", View: (*Site).api, Template: "api", Doc: "api.api", Params: resource},
		{Path: "/datasets/{slug}/resources/{id}", View: (*Site).resource, Template: "resource", Doc: "api.resource"},
		{Path: "/datasets/{slug}/resources/{id}/editions", View: (*Site).editions, Template: "editions", Doc: "api.editions"},
		{
			Path: "/datasets/{slug}/resources/{id}/editions/{digest}", View: (*Site).edition, Template: "edition", Doc: "api.edition.one",
			Example: apiPrefix + "/datasets/{slug}/resources/{resource}/editions/{digest}",
		},
		{
			Path: "/datasets/{slug}/resources/{id}/editions/{digest}/diff", View: (*Site).editionDiff, Template: "edition_diff", Cost: costCompare, Doc: "api.edition.diff",
			Params: []Param{{paramWith, "param.with"}}, Example: apiPrefix + "/datasets/{slug}/resources/{resource}/editions/{digest}/diff",
		},
		{Path: "/agencies", View: (*Site).agencyList, Template: "agencies", Doc: "api.agencies", Params: []Param{{paramOrder, "param.agencies.sort"}}},
		{Path: "/agencies/{slug}", View: (*Site).agency, Template: "agency", Doc: "api.agency", Example: apiPrefix + "/agencies/{agency}"},
		{Path: "/sources", View: (*Site).sourceList, Template: "sources", Doc: "api.sources"},
		{Path: "/sources/{slug}", View: (*Site).source, Template: "source", Doc: "api.source", Example: apiPrefix + "/sources/{source}"},
		{
			Path: "/sources/{slug}/runs/{id}", View: (*Site).run, Template: "run", Doc: "api.run", Params: []Param{{paramAfter, "param.run.after"}},
			Example: apiPrefix + "/sources/{source}/runs/{run}",
		},
		{Path: "/removed", View: (*Site).removed, Template: "removed", Doc: "api.removed", Params: removedParams()},
		{Path: "/log", View: (*Site).publicLog, Template: "log", Doc: "api.log", Params: []Param{{paramAfter, "param.after"}}},
		{Path: "/licences", View: (*Site).licences, Template: "licences", Doc: "api.licences"},
		{Path: "/developers", View: (*Site).developers, Template: "developers", Doc: "api.developers"},
		{Path: "/accessibility", View: (*Site).accessibility, Template: "accessibility", PageOnly: true},
	}
	files := slices.Concat([]Route{diffRoute(), findRoute(), suggestRoute()}, chartRoutes(), mapRoutes(), questionRoutes(), draftRoutes(), contractRoutes(), draftTableRoutes(), spendingRoutes(), followRoutes(), indicatorRoutes(), qualityRoutes(), downloadRoutes(), rowsRoutes(), permanentRoutes())
	return append(append(views, files...),
		Route{Path: "/", Serve: (*Site).root},
		Route{Path: "/healthz", Serve: (*Site).healthz, Free: true, Doc: "api.health"},
		Route{Path: "/readyz", Serve: (*Site).readyz, Free: true, Doc: "api.ready"},
		Route{Path: "/metrics", Serve: (*Site).serveMetrics, Free: true},
		Route{Path: "/catalog.sqlite", Serve: (*Site).serveSnapshot, Doc: "api.snapshot"},
		Route{Path: "/log/heads.jsonl", Serve: (*Site).serveHeads, Doc: "api.log.heads", Example: "/log/heads.jsonl"},
		Route{Path: "/openapi.json", Serve: (*Site).serveOpenAPI, Doc: "api.openapi", Example: "/openapi.json"},
		Route{Path: "/data.json", Serve: (*Site).serveDataJSON, Doc: "api.datajson", Example: "/data.json"},
		Route{Path: "/feeds/new.atom", Serve: (*Site).feedNew, Doc: "api.feed.new", Params: feedParams()},
		Route{Path: "/feeds/changed.atom", Serve: (*Site).feedChanged, Doc: "api.feed.changed", Params: feedParams()},
		Route{Path: "/feeds/search.atom", Serve: (*Site).feedSearch, Cost: costSearch, Doc: "api.feed.search", Params: searchFeedParams(), Example: "/feeds/search.atom?q=population"},
		Route{Path: "/feeds/removed.atom", Serve: (*Site).feedRemoved, Doc: "api.feed.removed", Params: feedParams()},
		Route{Path: "/sitemap.xml", Serve: (*Site).serveSitemap},
		Route{Path: "/sitemap-{part}.xml", Serve: (*Site).serveSitemapPart},
		Route{Path: "/robots.txt", Serve: (*Site).robots, Free: true, Cache: CacheRevalidate},
		Route{Path: "/manifest-{lang}.webmanifest", Serve: (*Site).serveManifest},
		Route{Path: "/favicon.ico", Serve: (*Site).favicon, Free: true, Cache: CacheRevalidate},
	)
}

// mount adds the route to the application in all its coats.
func (s *Site) mount(app *fiber.App, r Route) {
	path := fiberPath(r.Path)
	if r.Serve != nil {
		app.Get(path, named(r.Path, func(c *fiber.Ctx) error {
			if r.Cache != "" {
				c.Set(fiber.HeaderCacheControl, r.Cache)
			}
			if !r.Free {
				if err := s.spend(c, BudgetReads, s.block(c), max(r.Cost, 1)); err != nil {
					return err
				}
			}
			return r.Serve(s, c)
		}))
		return
	}
	for method, do := range r.Write {
		if method == fiber.MethodGet {
			continue // mountReads did
		}
		app.Add(method, apiPrefix+path, named(apiPrefix+r.Path, func(c *fiber.Ctx) error { return s.write(c, &r, do) }))
	}
	if r.Act != nil {
		for _, lang := range catalog.Languages {
			app.Post("/"+lang+path, named("/{lang}"+r.Path, func(c *fiber.Ctx) error { return s.act(c, &r, lang) }))
		}
	}
	if r.View == nil {
		return
	}
	if r.Template != "" {
		for _, lang := range catalog.Languages {
			app.Get("/"+lang+path, named("/{lang}"+r.Path, func(c *fiber.Ctx) error { return s.page(c, &r, lang) }))
		}
	}
	if !r.PageOnly {
		app.Get(apiPrefix+path, named(apiPrefix+r.Path, func(c *fiber.Ctx) error { return s.json(c, &r) }))
	}
}

// fiberPath writes "/datasets/{slug}" as "/datasets/:slug". A parameter called
// path takes all that is left of an address.
func fiberPath(path string) string {
	return strings.NewReplacer("{path}", "*", "{", ":", "}", "").Replace(path)
}
