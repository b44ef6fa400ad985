package main

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/site"
	"github.com/openshafaf/shafaf/site/limit"
)

// evil is a host that is forged: no text of the portal names it.
const evil = "forged.example"

// hostileHosts says that requests came to another host, another way or from
// elsewhere. Nothing of it is believed but what a trusted proxy says.
func hostileHosts(t *testing.T, s *siege) {
	pages := []string{"/en/", "/en/datasets", "/sitemap.xml", "/data.json", "/feeds/new.atom", "/openapi.json", "/robots.txt", "/api/v1/datasets", "/api/v1", "/", "/en/nothing", "/en/desk/sign-in", "/manifest-en.webmanifest"}
	for _, h := range [][]string{
		{"Host", evil},
		{"Host", "data.example@" + evil},
		{"Host", "data.example:80@" + evil},
		{"X-Forwarded-Host", evil},
		{"X-Host", evil},
		{"X-Forwarded-Server", evil},
		{"Forwarded", "host=" + evil + ";proto=http;for=1.2.3.4"},
		{"X-Original-URL", "//" + evil + "/desk"},
		{"X-Rewrite-URL", "/en/desk"},
		{"X-Forwarded-Prefix", "//" + evil},
		{"X-Forwarded-Proto", "javascript"},
		{"X-Forwarded-Scheme", evil},
		{"X-HTTP-Host-Override", evil},
	} {
		s.try(t, h[0]+" "+h[1], func(t *testing.T) {
			for _, at := range pages {
				a := s.send(t, shot{path: at, header: h})
				if a.status >= 500 || names(a, evil) {
					t.Errorf("%s: %d names the host: %v", at, a.status, a.header)
				}
			}
		})
	}
	if !names(told{body: []byte("x"), header: http.Header{"Location": {"//" + evil}}}, evil) {
		t.Error("a host in a header is not found")
	}
	for name, o := range map[string]*siege{
		"an address of nobody's proxy":  s.with(func(o *site.Site) { o.TrustedProxies, o.Limits = nil, few(o) }),
		"an address before the proxy's": s.with(func(o *site.Site) { o.Limits = few(o) }),
	} {
		s.try(t, name, func(t *testing.T) {
			last := 0
			for i := range 12 {
				last = o.send(t, shot{path: "/en/", header: []string{"X-Forwarded-For", "203.0.113." + string(rune('0'+i%10)) + ", 198.51.100.7"}}).status
			}
			if last != http.StatusTooManyRequests {
				t.Errorf("who changes the header has no limit: %d", last)
			}
		})
	}
	alone := s.with(func(o *site.Site) { o.TrustedProxies = nil })
	for _, h := range [][]string{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Ssl", "on"}, {"Forwarded", "proto=https"}, {"X-Forwarded-For", "127.0.0.1"}, {"Host", "localhost"}, {"Host", "127.0.0.1"}, {"X-Url-Scheme", "https"}} {
		s.try(t, "not over HTTPS: "+h[0]+" "+h[1], func(t *testing.T) {
			if a := alone.send(t, shot{path: "/en/desk", who: "operator", header: h}); a.status != http.StatusForbidden {
				t.Errorf("the desk answers %d", a.status)
			}
			if a := alone.call(t, "operator", "GET", "/api/v1/desk/datasets", "", h...); a.status != http.StatusForbidden {
				t.Errorf("the write API answers %d", a.status)
			}
		})
	}
}

// few is a limit of ten pages.
func few(o *site.Site) site.Limits {
	return site.Limits{site.BudgetReads: limit.New(limit.Options{Units: 10, Per: time.Hour, Now: o.Now})}
}

// names reports whether an answer names the host anywhere.
func names(a told, host string) bool {
	if strings.Contains(string(a.body), host) {
		return true
	}
	for _, values := range a.header {
		if strings.Contains(strings.Join(values, "\n"), host) {
			return true
		}
	}
	return false
}

// hostileHeaders writes line ends into whatever reaches a header, an address that
// is led to, or the log.
func hostileHeaders(t *testing.T, s *siege) {
	moved := "/datasets/" + s.things[3].Slug + "/resources/" + s.things[2].Resources[0].ID
	for name, line := range map[string]string{
		"CR LF": "\r\nX-Hostile: 1\r\n\r\nhostile", "escaped": "%0d%0aX-Hostile:%201%0d%0a%0d%0ahostile", "escaped twice": "%250d%250aX-Hostile:%201", "LF": "%0aX-Hostile:%201", "CR": "%0dX-Hostile:%201",
		"wide": "%E5%98%8A%E5%98%8DX-Hostile:%201", "separators": "%E2%80%A8X-Hostile:%201", "NUL": "%00%0d%0aX-Hostile:%201", "a blank before it": "%20%0d%0a%20X-Hostile:%201",
	} {
		raw := strings.HasPrefix(line, "\r")
		for where, path := range map[string]string{"a redirection": moved + "/file?x=", "a path": "/en/", "next": "/en/desk/sign-in?next=/desk/", "a name of a file": "/datasets/x/resources/", "a picture": moved + "/chart.svg?", "a language": "/feeds/new.atom?lang="} {
			if raw {
				path = strings.ReplaceAll(path, " ", "")
				line = url.QueryEscape("\r\nX-Hostile: 1")
			}
			s.try(t, where+" "+name, func(t *testing.T) {
				if a := s.send(t, shot{path: path + line, who: "operator"}); split(a) {
					t.Errorf("%d %v", a.status, a.header)
				}
			})
		}
	}
	for _, name := range []string{"X-Request-Id", "Accept-Language", "If-None-Match", "Range", "Origin", "Referer", "User-Agent", "Idempotency-Key", "Content-Type", "Accept", "Accept-Encoding", "X-Forwarded-For"} {
		s.try(t, "header "+name, func(t *testing.T) {
			for _, path := range []string{"/en/", "/api/v1/datasets", moved + ".csv", "/en/desk"} {
				a := s.send(t, shot{path: path, who: "operator", header: []string{name, "hostile\tx=hostile; <script> level=ERROR"}})
				if split(a) || strings.Contains(strings.Join(a.header.Values("Access-Control-Allow-Credentials"), ""), "true") {
					t.Errorf("%s: %d %v", path, a.status, a.header)
				}
			}
		})
	}
	for line := range strings.Lines(s.log.String()) {
		if !strings.HasPrefix(line, "time=") {
			t.Errorf("a line of the log is not ours: %q", line)
		}
	}
	if !split(told{header: http.Header{"X-Hostile": {"1"}}}) || !split(told{header: http.Header{"Set-Cookie": {"a=hostile"}}}) {
		t.Error("a header that was split off is not found")
	}
}

// split reports whether a header of an answer is one that was written into
// another.
func split(a told) bool {
	if a.header.Get("X-Hostile") != "" || strings.HasPrefix(string(a.body), "hostile") {
		return true
	}
	for name, values := range a.header {
		all := strings.Join(values, "")
		if strings.ContainsAny(all, "\r\n") || name == "Set-Cookie" && strings.Contains(all, "hostile") {
			return true
		}
	}
	return false
}

// hostileRedirects asks to be led to another site.
func hostileRedirects(t *testing.T, s *siege) {
	for _, to := range []string{
		"//evil.example", `/\evil.example`, `\\evil.example`, `\/evil.example`, "https://evil.example", "https:evil.example", "http:/evil.example", "///evil.example", "/desk//evil.example", "/desk/..//evil.example", "/desk\\@evil.example",
		"/desk@evil.example", "/desk.evil.example", "/\t/evil.example", "/%2f/evil.example", "%2f%2fevil.example", "javascript:hostile()", "data:text/html,hostile", "/desk/\r\n//evil.example", " //evil.example", "/desk/%5c%5cevil.example", "//data.example@evil.example", "/desk/../../../evil", "/en/../evil.example", "?next=//evil.example", "/desk?//evil.example", "mailto:a@evil.example",
	} {
		s.try(t, "next="+to, func(t *testing.T) {
			for _, at := range []string{"/en/desk/sign-in?next=", "/fa/desk/sign-in?next=", "/en/desk/sign-in?next=/desk&next="} {
				a := s.send(t, shot{path: at + url.QueryEscape(to), who: "operator"})
				if why := astray(a, "/desk"); a.status != http.StatusSeeOther || why != "" {
					t.Errorf("%d to %s: %s", a.status, a.header.Get("Location"), why)
				}
			}
		})
	}
	for _, path := range []string{
		"//evil.example/", "//evil.example/%2e%2e", "/%2f%2fevil.example", `/\evil.example/`, "/%5cevil.example", "/en//evil.example", "/fa/%2f%2fevil.example/..", "///evil.example//", "/datasets//evil.example", "/datasets//evil.example/resources/x/file", "/datasets/evil.example//", "/.evil.example", "/@evil.example", "/;@evil.example",
		"/datasets/%2f%2fevil.example/resources/" + s.things[2].Resources[0].ID + "/file", "/datasets//evil.example/resources/" + s.things[2].Resources[0].ID + ".csv", "/datasets/datasets/resources/" + s.things[2].Resources[0].ID + "/file",
	} {
		s.try(t, "at "+path, func(t *testing.T) {
			if why := astray(s.send(t, shot{path: path, header: []string{"Accept", "text/html"}}), ""); why != "" {
				t.Error(why)
			}
		})
	}
	if astray(told{status: 302, header: http.Header{"Location": {"//evil.example"}}}, "") == "" || astray(told{status: 302, header: http.Header{"Location": {`/\evil.example`}}}, "") == "" {
		t.Error("a redirection to another site is not found")
	}
}

// astray says where an answer leads that is not this site, below the path.
func astray(a told, below string) string {
	to := a.header.Get("Location")
	if to == "" {
		return ""
	}
	base, _ := url.Parse("https://data.example/en/x")
	u, err := base.Parse(strings.ReplaceAll(to, `\`, "/")) // as browsers read it
	if err != nil || u.Host != "data.example" || u.Scheme != "https" || strings.ContainsAny(to, "\r\n\t\\") {
		return "it leads to " + to
	}
	if _, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/"); below != "" && "/"+rest != below && !strings.HasPrefix("/"+rest, below+"/") && !strings.HasPrefix(to, "/en"+below+"/") && !strings.HasPrefix(to, "/fa"+below+"/") {
		return "it leads to " + to
	}
	return ""
}

// hostileForgeries sends what a page of another site lets the browser of an
// operator send, to every address that does something.
func hostileForgeries(t *testing.T, s *siege) {
	var forms, writes []string
	lines := matrix()
	for _, key := range slices.Sorted(maps.Keys(s.addresses())) {
		method, path, _ := strings.Cut(key, " ")
		if strings.HasPrefix(path, "/api/") && method != http.MethodGet {
			if lines[key] == every(open) { // anybody may, so there is nobody's right to borrow
				continue
			}
			writes = append(writes, method+" "+s.fill(path, 0))
		} else if method == http.MethodPost {
			forms = append(forms, s.fill(path, 0), strings.Replace(s.fill(path, 0), "/en/", "/fa/", 1))
		}
	}
	if len(forms) < 40 || len(writes) < 10 {
		t.Fatalf("only %d forms and %d writes", len(forms), len(writes))
	}
	was := s.written(t)
	for _, h := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "CROSS-SITE"},
		{"Sec-Fetch-Site", "cross-site, same-origin"},
		{"Sec-Fetch-Site", "x"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Origin", "https://data.example.evil.example"},
		{"Origin", "https://evil.example/https://data.example"},
		{"Origin", "https://data.example:444"},
		{"Origin", "https://xdata.example"},
		{"Origin", "data.example.evil"},
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example", "X-Forwarded-Host", "evil.example"},
		{"Sec-Fetch-Site", "cross-site", "X-Requested-With", "XMLHttpRequest"},
		{"Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain"},
		{"Sec-Fetch-Site", "cross-site", "Content-Type", "multipart/form-data; boundary=x"},
		{"Sec-Fetch-Site", "cross-site", "X-HTTP-Method-Override", "GET"},
	} {
		s.try(t, strings.Join(h, " "), func(t *testing.T) {
			for _, path := range forms {
				if a := s.send(t, shot{method: "POST", path: path, who: "operator", body: "do=invite&email=x%40example.org&agency=portal", header: append([]string{"Content-Type", "application/x-www-form-urlencoded"}, h...)}); a.status != http.StatusForbidden {
					t.Errorf("%s answers %d", path, a.status)
				}
			}
		})
	}
	for name, header := range map[string][]string{
		"a cookie in the place of a token": {"Cookie", "__Host-shafaf=" + s.cookie["operator"]}, "a token as a cookie": {"Cookie", "__Host-shafaf=" + s.token["operator"]}, "a cookie as a token": {"Authorization", "Bearer " + s.cookie["operator"]},
		"a token with another scheme": {"Authorization", "Basic " + s.token["operator"]}, "no scheme": {"Authorization", s.token["operator"]}, "a token in another header": {"X-API-Key", s.token["operator"]}, "a password": {"Authorization", "Basic b3BlcmF0b3JAZXhhbXBsZS5vcmc6eA=="},
	} {
		s.try(t, name, func(t *testing.T) {
			for _, w := range writes {
				method, path, _ := strings.Cut(w, " ")
				if a := s.call(t, "", method, path, "{}", append([]string{"Sec-Fetch-Site", "same-origin", "If-Match", "*"}, header...)...); a.status != http.StatusUnauthorized {
					t.Errorf("%s answers %d", w, a.status)
				}
			}
		})
	}
	for _, h := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
		s.try(t, "a method in "+h, func(t *testing.T) {
			a := s.call(t, "operator", "GET", "/api/v1/datasets/"+s.things[0].ID, "", h, "DELETE", "If-Match", "*")
			if a.status != http.StatusOK {
				t.Errorf("it answers %d", a.status)
			}
		})
	}
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"} {
		s.try(t, "the method "+method, func(t *testing.T) {
			for _, path := range []string{"/en/desk/sign-out?do=1", "/en/desk/account?do=token&title=x&scopes=view&days=30", "/en/desk/people?do=invite&email=x@example.org&agency=portal"} {
				a := s.send(t, shot{method: method, path: path, who: "operator"})
				if a.status < 300 && method == "TRACE" || a.header.Get("Access-Control-Allow-Origin") != "" || a.header.Get("Access-Control-Allow-Credentials") != "" {
					t.Errorf("%s answers %d %v", path, a.status, a.header)
				}
			}
		})
	}
	if n := s.written(t); n != was {
		t.Errorf("%d acts were done", n-was)
	}
	if a := s.form(t, "operator", "/en/desk/people", "do", "invite", "email", "control@example.org", "agency", "portal"); a.status != http.StatusOK || s.written(t) == was {
		t.Errorf("the form itself does nothing: %d", a.status) // so that nothing is proved above
	}
}
