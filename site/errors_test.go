package site

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

func TestErrorsAreAnsweredInTheFormThatWasAskedFor(t *testing.T) {
	p := newPortal(t, true)
	for _, c := range []struct {
		path, accept, kind, want string
		status                   int
	}{
		{"/fa/nothing", "text/html", "text/html", "در این نشانی چیزی نیست", 404},
		{"/en/datasets/nothing", "*/*", "text/html", "There is nothing at this address", 404},
		{"/de/", "text/html", "text/html", "در این نشانی چیزی نیست", 404},
		{"/api/v1/datasets/nothing", "", problemType, `"status":404`, 404},
		{"/api/v1/nothing", "text/html", problemType, `"status":404`, 404},
		{"/api/v1/datasets?page=x", "", problemType, `"field":"page"`, 422},
		{"/en/datasets?from=soon", "text/html", "text/html", "give a year of four digits", 422},
		{"/en/datasets?sort=colour", "text/html", "text/html", "sorted by", 422},
		{"/api/v1/agencies?sort=colour", "", problemType, `"field":"sort"`, 422},
		{"/en/datasets/population-of-provinces/table?_sort=colour", "text/html", "text/html", "There is no column", 422},
		{"/en/datasets/population-of-provinces/table?_after=forged", "text/html", "text/html", "_after", 422},
		{"/en/datasets?q=%zz", "text/html", "text/html", "cannot be understood", 400},
		{"/en/sources/srv-secret/runs/x", "text/html", "text/html", "nothing at this address", 404},
	} {
		resp, body := p.get(c.path, "Accept", c.accept)
		if resp.StatusCode != c.status || !strings.HasPrefix(resp.Header.Get("Content-Type"), c.kind) || !strings.Contains(body, c.want) {
			t.Errorf("%s answers %d %s without %q", c.path, resp.StatusCode, resp.Header.Get("Content-Type"), c.want)
		}
		if resp.Header.Get("Cache-Control") != CacheNever || resp.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: the headers are %v", c.path, resp.Header)
		}
	}
}

func TestAnInternalErrorTellsThePublicNothing(t *testing.T) {
	p := newPortal(t, false)
	secret := errors.New("open /srv/secret: permission denied")
	p.Routes = []Route{
		{Path: "/broken", View: func(*Site, *Request) (View, error) { return nil, secret }, Template: "error"},
		{Path: "/panic", View: func(*Site, *Request) (View, error) { panic(secret) }, Template: "error"},
		{Path: "/gone", View: func(*Site, *Request) (View, error) { return nil, &catalog.RetiredError{Noun: "dataset", Slug: "x"} }, Template: "error"},
	}
	p.app = p.App()
	for path, status := range map[string]int{"/broken": 500, "/panic": 500, "/gone": 410} {
		for _, prefix := range []string{"/fa", "/en", apiPrefix} {
			resp, body := p.get(prefix + path)
			if resp.StatusCode != status || strings.Contains(body, "secret") {
				t.Errorf("%s answers %d: %s", prefix+path, resp.StatusCode, body)
			}
			if !strings.Contains(body, resp.Header.Get("X-Request-Id")) {
				t.Errorf("%s does not tell its request id", prefix+path)
			}
		}
	}
	_, body := p.get(apiPrefix + "/broken")
	var problem Problem
	must(t, json.Unmarshal([]byte(body), &problem))
	if problem.Title == "" || problem.Detail == "" || problem.Status != 500 {
		t.Errorf("the problem is %+v", problem)
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	p := newPortal(t, true)
	for _, path := range []string{"/", "/fa/", "/fa/nothing", "/api/v1/datasets", "/healthz", "/robots.txt", p.assets.url("site.css")} {
		resp, _ := p.get(path)
		for _, h := range securityHeaders {
			if got := resp.Header.Get(h[0]); got != h[1] {
				t.Errorf("%s has %s: %s", path, h[0], got)
			}
		}
		if resp.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s does not ask for HTTPS, which the public address has", path)
		}
	}
	for _, word := range []string{"unsafe", "*", "http:"} {
		if strings.Contains(policy, word) {
			t.Errorf("the policy has %s", word)
		}
	}
}

func TestAnswersAreKeptAndCompressed(t *testing.T) {
	p := newPortal(t, true)
	for _, path := range []string{"/fa/", "/api/v1/datasets"} {
		resp, _ := p.get(path, "Accept-Encoding", "br, gzip")
		tag := resp.Header.Get("ETag")
		if resp.Header.Get("Content-Encoding") != "br" || tag == "" {
			t.Errorf("%s: %v", path, resp.Header)
		}
		if again, body := p.get(path, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s is answered anew: %d", path, again.StatusCode)
		}
	}
	css, _ := p.get(p.assets.url("site.css"), "Accept-Encoding", "gzip")
	if css.Header.Get("Cache-Control") != CacheForever || css.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("the stylesheet: %v", css.Header)
	}
	if resp, _ := p.get("/assets/site.css"); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the stylesheet without a digest answers %d", resp.StatusCode)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	p := newPortal(t, true)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		resp, err := p.app.Test(httptest.NewRequest(method, "/fa/datasets", strings.NewReader("x=1")), -1)
		must(t, err)
		resp.Body.Close()
		if resp.StatusCode != fiber.StatusMethodNotAllowed || !strings.Contains(resp.Header.Get("Allow"), "GET") {
			t.Errorf("%s answers %d, Allow: %s", method, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
}

func TestReadersAreSentToTheirLanguage(t *testing.T) {
	p := newPortal(t, true)
	for accept, want := range map[string]string{"": "/fa/", "en-GB,en;q=0.9": "/en/", "fa-IR": "/fa/", "de": "/fa/"} {
		if resp, _ := p.get("/", "Accept-Language", accept); resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != want {
			t.Errorf("%q is sent to %s", accept, resp.Header.Get("Location"))
		}
	}
	if body := p.page("/fa/datasets?q=population&format=CSV"); !strings.Contains(body, `href="/en/datasets?format=CSV&amp;q=population"`) {
		t.Error("the other language loses the search")
	}
}
