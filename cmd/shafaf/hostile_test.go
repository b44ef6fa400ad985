package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/openshafaf/shafaf/site"
)

// A siege is a portal that is attacked: by people at their browsers and by
// programs, through a proxy that is trusted, and over the network itself.
type siege struct {
	*stand
	addr  string // where it listens without a proxy in between
	log   *alarm
	cases map[string]int // that were tried, by family
}

// TestHostile tries what somebody would who means harm. Each family is a table
// of cases, and each says how the same check finds what it looks for.
func TestHostile(t *testing.T) {
	s := newSiege(t)
	families := []struct {
		name string
		try  func(*testing.T, *siege)
	}{
		{"texts", hostileTexts},
		{"fields", hostileFields},
		{"cells", hostileCells},
		{"harvests", hostileHarvests},
		{"files", hostileFiles},
		{"names", hostileNames},
		{"hosts", hostileHosts},
		{"headers", hostileHeaders},
		{"redirects", hostileRedirects},
		{"forgeries", hostileForgeries},
		{"bodies", hostileBodies},
		{"wire", hostileWire},
		{"paths", hostilePaths},
		{"ids", hostileIDs},
		{"sessions", hostileSessions},
		{"accounts", hostileAccounts},
		{"tokens", hostileTokens},
	}
	all := 0
	for _, f := range families {
		if t.Run(f.name, func(t *testing.T) { f.try(t, s) }); s.cases[f.name] > 0 {
			all++
		}
	}
	s.log.quiet(t)
	if all == len(families) {
		s.listed(t)
	}
}

// newSiege is a portal with people, agencies and datasets, that is served.
func newSiege(t *testing.T) *siege {
	t.Helper()
	s := &siege{stand: newStand(t), log: &alarm{}, cases: map[string]int{}}
	s.e.settings.WorkerMemory = 1 << 30
	s.e.importApart(s.portal.files)
	s.app = s.site(func(o *site.Site) { o.Log = slog.New(slog.NewTextHandler(s.log, nil)) }).App()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	s.must(err)
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(ln) }()
	t.Cleanup(func() {
		_ = s.app.Shutdown()
		<-served
	})
	s.addr = ln.Addr().String()
	return s
}

// with is the same portal served with other settings, which set makes.
func (s *siege) with(set func(*site.Site)) *siege {
	s.t.Helper()
	other := *s.stand
	other.app = s.site(set).App()
	return &siege{stand: &other, addr: s.addr, log: s.log, cases: s.cases}
}

// An alarm keeps what the portal logs.
type alarm struct {
	mu sync.Mutex
	bytes.Buffer
}

// Write is io.Writer.
func (a *alarm) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.Buffer.Write(p)
}

// quiet fails when a handler broke.
func (a *alarm) quiet(t *testing.T) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	for line := range strings.Lines(a.String()) {
		if strings.Contains(line, "level=ERROR") {
			t.Errorf("the portal broke: %.2000s", line)
		}
	}
}

// try is one case of a family.
func (s *siege) try(t *testing.T, name string, do func(t *testing.T)) {
	t.Helper()
	s.cases[strings.Split(t.Name(), "/")[1]]++
	t.Run(name, do)
}

// A shot is a request. Who sends it brings their cookie to pages and their token
// to programs.
type shot struct {
	method, path, who string
	header            []string // names and values
	body              string
	form              url.Values
}

// send sends a request through the proxy.
func (s *siege) send(t *testing.T, one shot) told {
	t.Helper()
	if one.form != nil {
		one.body = one.form.Encode()
		one.header = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, one.header...)
	}
	if one.method == "" {
		one.method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), one.method, "http://data.example/", strings.NewReader(one.body))
	if err != nil {
		t.Fatal(err)
	}
	req.URL.Opaque, req.RequestURI = one.path, one.path
	req.Header.Set("User-Agent", "test")
	if strings.HasPrefix(one.path, "/api/") && one.who != "" {
		req.Header.Set("Authorization", "Bearer "+s.token[one.who])
	} else if one.who != "" {
		req.Header.Set("Cookie", "__Host-shafaf="+s.cookie[one.who])
	}
	for i := 0; i+1 < len(one.header); i += 2 {
		if one.header[i] == "Host" {
			req.Host = one.header[i+1]
		} else {
			req.Header.Set(one.header[i], one.header[i+1])
		}
	}
	resp, err := s.app.Test(req, -1)
	if err != nil {
		t.Fatalf("%s %.300s: %v", one.method, one.path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := told{resp.StatusCode, resp.Header, b}
	a.guarded(t, one.method+" "+one.path)
	return a
}

// guarded fails when an answer goes out without what browsers are told, or when
// the portal broke.
func (a told) guarded(t *testing.T, what string) {
	t.Helper()
	if a.status >= 500 && a.status != http.StatusServiceUnavailable {
		t.Errorf("%.300s breaks the portal: %d %.300s", what, a.status, a.body)
	}
	if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe") {
		t.Errorf("%.300s is answered without the headers of safety: %d %v", what, a.status, a.header)
	}
}

// form is a form of a page with its cookie, sent by the page itself.
func (s *siege) form(t *testing.T, who, path string, pairs ...string) told {
	t.Helper()
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return s.send(t, shot{method: http.MethodPost, path: path, who: who, form: f})
}

// call sends JSON of a program.
func (s *siege) call(t *testing.T, who, method, path, body string, header ...string) told {
	t.Helper()
	return s.send(t, shot{method: method, path: path, who: who, body: body, header: append([]string{"Content-Type", "application/json"}, header...)})
}

// written is how often the portal wrote what somebody did: the length of the log.
func (s *siege) written(t *testing.T) (n int64) {
	t.Helper()
	if err := s.portal.store.Row(t.Context(), "select count(*) from log").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// listed compares the cases with the list in docs/security.md.
func (s *siege) listed(t *testing.T) {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "security.md"))
	s.must(err)
	all := 0
	for _, m := range regexp.MustCompile("(?m)^\\| (\\d+) \\|.*`TestHostile/(\\w+)` \\|$").FindAllStringSubmatch(string(doc), -1) {
		n, _ := strconv.Atoi(m[1])
		if n > s.cases[m[2]] { // a new address has new cases
			t.Errorf("docs/security.md speaks of %d cases of %s, and there are %d", n, m[2], s.cases[m[2]])
		}
		all += n
		delete(s.cases, m[2])
	}
	if all < 200 || len(s.cases) > 0 {
		t.Errorf("docs/security.md lists %d cases, and not %v", all, fmt.Sprint(s.cases))
	}
}
