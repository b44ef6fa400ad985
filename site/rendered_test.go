package site

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// remembering is a portal that remembers what it rendered, and its clock.
func remembering(t *testing.T) (p *portal, pass func(time.Duration)) {
	t.Helper()
	p = newPortal(t, true)
	now := atNoon
	p.Now = func() time.Time { return now }
	p.Remember = true
	p.app = p.App()
	return p, func(d time.Duration) { now = now.Add(d) }
}

func (p *portal) rendersAgain(path string, headers ...string) bool {
	p.t.Helper()
	before := p.Catalog.Queries()
	if resp, _ := p.get(path, headers...); resp.StatusCode >= http.StatusBadRequest {
		p.t.Fatalf("%s: %s", path, resp.Status)
	}
	return p.Catalog.Queries() > before
}

func TestPagesAreRenderedOnceWhileTheCatalogueStays(t *testing.T) {
	p, pass := remembering(t)
	for _, path := range []string{"/fa/", "/en/datasets?q=population", "/en/agencies/statistics", "/api/v1/agencies/statistics"} {
		if !p.rendersAgain(path) {
			t.Fatalf("%s was never asked for", path)
		}
		for _, headers := range [][]string{nil, {"Accept-Encoding", "br"}, {"Accept-Encoding", "gzip"}} {
			if p.rendersAgain(path, headers...) {
				t.Errorf("%s is rendered again with %v", path, headers)
			}
		}
		resp, body := p.get(path)
		again, same := p.get(path)
		if body != same || resp.Header.Get("Content-Type") != again.Header.Get("Content-Type") || resp.Header.Get("Content-Language") != again.Header.Get("Content-Language") {
			t.Errorf("%s is another one from memory", path)
		}
		if unchanged, _ := p.get(path, "If-None-Match", again.Header.Get("ETag")); unchanged.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %s to who has it", path, unchanged.Status)
		}
	}
	pass(rememberedFor + time.Millisecond)
	if !p.rendersAgain("/fa/") {
		t.Error("a page does not see the clock")
	}
}

func TestAWriteIsSeenByTheNextRequest(t *testing.T) {
	p, _ := remembering(t)
	const path = "/en/agencies/statistics"
	if _, body := p.get(path); strings.Contains(body, "Renamed") {
		t.Fatal("it is called so before")
	}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		a, err := tx.Agency("statistics")
		if err != nil {
			return err
		}
		a.Title = catalog.Text{"en": "Renamed"}
		return tx.PutAgency(&a)
	}))
	if _, body := p.get(path); !strings.Contains(body, "Renamed") {
		t.Error("the page does not know of the write")
	}
}

// A page with a form holds what only its reader may send back.
func TestNoPageWithAFormIsRemembered(t *testing.T) {
	p, _ := remembering(t)
	routes, forms := p.routes(), 0
	for i := range routes {
		r := &routes[i]
		if r.Act == nil || r.enter != nil || r.Path == "/verify" { // which sends nothing of its own back
			continue
		}
		if forms++; r.Cache != CacheNever {
			t.Errorf("%s has a form and may be kept", r.Path)
		}
	}
	if resp, _ := p.get("/en/receipts"); forms == 0 || resp.Header.Get("Cache-Control") != CacheNever || len(p.rendered.byKey) != 0 {
		t.Errorf("%d forms; one is remembered", forms)
	}
}

// The parts of the portal that pages lead to are looked for once.
func TestDoorsOpenWithTheWriteThatPutsSomethingBehindThem(t *testing.T) {
	p, _ := remembering(t)
	if doors := p.openDoors(t.Context()); doors != (Doors{}) {
		t.Fatalf("%+v", doors)
	}
	before := p.Catalog.Queries()
	if p.openDoors(t.Context()); p.Catalog.Queries() != before {
		t.Error("they are looked for again")
	}
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		return tx.Exec("insert into indicator_sets (version, since, rules) values (1, '2001-01-01', '{}')")
	}))
	if !p.openDoors(t.Context()).Indicators {
		t.Error("the write opened no door")
	}
}
