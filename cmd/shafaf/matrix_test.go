package main

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
	"github.com/pquerna/otp/totp"
)

// The matrix says what each address answers to whom: a status for each of
// callers, for a draft of their own agency, a draft of another, a published
// dataset of their own and one of another. An address that has no line here
// fails TestMatrix, and so does a line without an address.
//
// An address with one line of statuses is the same for all four. "open" is an
// address that answers everybody alike, whatever they bring along, and tells a
// draft from nothing.
var callers = []string{"public", "viewer", "editor", "moderator", "publisher", "admin", "operator"}

const (
	open     = "open"
	signedIn = "303 200 200 200 200 200 200"
)

// A matrixLine is what an address answers, by method and path.
type matrixLine [4]string

func every(statuses string) matrixLine { return matrixLine{statuses, statuses, statuses, statuses} }

// changes is an address at which what the public does not see yet is changed
// with Edit, and what it sees by whom the second line names. With a stale
// If-Match, 412 is said to who may do it.
func changes(ownDraft, ownPublic string) matrixLine {
	return matrixLine{ownDraft, "401 404 404 404 404 404 412", ownPublic, "401 403 403 403 403 403 412"}
}

const (
	mayEdit    = "401 403 412 403 412 412 412"
	mayPublish = "401 403 403 403 412 412 412"
)

// A stand is a portal that is asked by everybody.
type stand struct {
	t      *testing.T
	e      *env
	app    *fiber.App
	portal *portal
	people *accounts.Accounts
	index  *search.Index
	routes []site.Route // of the parts
	now    time.Time
	token  map[string]string
	cookie map[string]string
	secret map[string]string // of their second factor
	agency [2]catalog.Agency
	things [4]catalog.DeskDataset // as matrixLine has them
	laws   [4]lawPlace            // drafts of regulations likewise
	asked  [4]string              // ids of questions likewise: two that wait, and two that are public
	source [2]catalog.Source      // of the agencies
	run    [2]catalog.Run         // of the sources, that waits
}

func newStand(t *testing.T) *stand {
	t.Helper()
	s := &stand{t: t, now: time.Now(), token: map[string]string{}, cookie: map[string]string{}, secret: map[string]string{}}
	s.e = &env{ctx: t.Context(), out: io.Discard, errOut: io.Discard, log: slog.New(slog.DiscardHandler), now: func() time.Time { return s.now }, exit: func(int) { panic("exit") }, dir: t.TempDir(), settings: &commands{}}
	p, err := s.e.open()
	s.must(err)
	t.Cleanup(func() { _ = p.close() })
	a, err := s.e.accounts(p)
	s.must(err)
	s.portal, s.people = p, a
	for i, slug := range []string{"own-agency", "other-agency"} {
		s.agency[i] = catalog.Agency{Slug: slug, Title: catalog.Text{"en": slug}, Kind: "ministry"}
		s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error { return tx.PutAgency(&s.agency[i]) }))
	}
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error {
		_, err := indicators.PutSet(tx, &catalog.Shell, nil, "", nil)
		return err
	}))
	for _, who := range callers[1:] {
		s.enrol(a, who)
	}
	for i := range s.source {
		s.harvest(p, i)
	}
	for i := range s.things {
		s.things[i] = s.dataset(p, s.agency[i%2].ID, i >= 2)
	}
	for i := range s.laws {
		s.laws[i] = s.draftRegulation(p, s.agency[i%2].ID, i >= 2)
	}
	for i := range s.asked {
		s.asked[i] = s.question(p, s.agency[i%2].ID, i >= 2)
	}
	index, err := search.Open(t.TempDir(), search.Options{Log: s.e.log, Now: s.e.now})
	s.must(err)
	t.Cleanup(func() { _ = index.Close() })
	s.must(index.Rebuild(s.e.ctx, p.store, nil))
	s.index = index
	o := s.site(func(o *site.Site) { o.Log = s.e.log })
	for _, part := range o.Parts {
		s.routes = append(s.routes, part.Routes...)
	}
	s.app = o.App()
	return s
}

// site is the site of the portal behind a proxy, with what set makes different.
func (s *stand) site(set func(*site.Site)) *site.Site {
	s.t.Helper()
	const base = "https://data.example"
	key, err := s.e.logKey()
	s.must(err)
	s.portal.post, err = s.e.post(s.portal, base, nil)
	s.must(err)
	parts, err := s.e.parts(s.portal, base, key)
	s.must(err)
	o := &site.Site{
		Parts: parts, Catalog: s.portal.store, Index: s.index, Files: s.portal.files, Exports: s.portal.exports,
		BaseURL: base, Now: s.e.now, TrustedProxies: []string{"0.0.0.0"},
	}
	set(o)
	return o
}

func (s *stand) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// enrol lets a person in, with a session and a token of all that they may.
func (s *stand) enrol(a *accounts.Accounts, who string) {
	s.t.Helper()
	agency, role := s.agency[0].ID, catalog.Role(who)
	if who == "operator" {
		agency, role = "", ""
	}
	email := who + "@example.org"
	_, link, err := a.Invite(s.e.ctx, &catalog.Shell, accounts.Invitation{Email: email, Name: who, Agency: agency, Role: role, Operator: agency == ""})
	s.must(err)
	factor, err := a.Factor(s.e.ctx, link, "Shafaf")
	s.must(err)
	code := func() string {
		c, err := totp.GenerateCode(factor.Secret, s.now)
		s.must(err)
		return c
	}
	_, err = a.Join(s.e.ctx, link, accounts.Joining{Name: who, Password: staffPassword, Code: code()})
	s.must(err)
	s.now = s.now.Add(time.Minute)
	session, cookie, err := a.SignIn(s.e.ctx, accounts.SignIn{Email: email, Password: staffPassword, Code: code()})
	s.must(err)
	s.cookie[who], s.secret[who] = cookie, factor.Secret
	actor := session.Actor()
	t := accounts.Token{Person: session.Person.ID, Title: "matrix"}
	for _, verb := range []catalog.Verb{catalog.View, catalog.Edit, catalog.Publish, catalog.Answer} {
		if actor.Can(verb, s.agency[0].ID) {
			t.Scopes = append(t.Scopes, verb)
		}
	}
	_, s.token[who], err = a.CreateToken(s.e.ctx, &actor, t)
	s.must(err)
}

// harvest makes a source of the i-th agency, with a run that waits.
func (s *stand) harvest(p *portal, i int) {
	s.t.Helper()
	src := catalog.Source{Kind: "datajson", URL: "https://data.example/" + s.agency[i].Slug, Agency: s.agency[i].ID, Slug: "source-of-" + s.agency[i].Slug}
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error { return tx.RegisterSource(&catalog.Shell, &src) }))
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) (err error) {
		s.run[i], err = tx.QueueRun(&catalog.Shell, src.ID, true)
		return err
	}))
	s.source[i] = src
}

// dataset makes a dataset with a table.
func (s *stand) dataset(p *portal, agency string, public bool) (d catalog.DeskDataset) {
	s.t.Helper()
	g := catalog.Given{File: catalog.File{Name: "table.csv"}}
	var err error
	g.File.Digest, g.File.Size, err = p.files.Put(s.e.ctx, strings.NewReader(fmt.Sprintf("n,name\n1,%s\n2,%v\n", agency, public)), 0)
	s.must(err)
	g.Imported, err = datasets.Import(s.e.ctx, p.files, g.File.Digest, g.File.Name, datasets.ImportOptions{})
	s.must(err)
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error {
		d, err = tx.CreateDataset(&catalog.Shell, catalog.Dataset{Agency: agency, Title: catalog.Text{"en": "Numbers"}}, "")
		if err == nil {
			d, _, err = tx.AddFile(&catalog.Shell, d.ID, d.Revision, g)
		}
		if err == nil && public {
			d, err = tx.Publish(&catalog.Shell, d.ID, d.Revision, time.Time{})
		}
		return err
	}))
	d, err = p.store.DeskDataset(s.e.ctx, &catalog.Shell, d.ID)
	s.must(err)
	return d
}

// question asks an agency something.
func (s *stand) question(p *portal, agency string, public bool) (id string) {
	s.t.Helper()
	s.must(p.store.Write(s.e.ctx, func(tx *catalog.Tx) error {
		once := fmt.Sprint(agency, public)
		q, _, err := tx.Ask(&catalog.Asking{Agency: agency, Kind: catalog.AskedQuestion, Lang: "en", Text: "How many?", Once: once, Receipt: []byte(once)})
		if err == nil && public {
			_, err = tx.OpenQuestion(&catalog.Shell, q.ID, catalog.AnyRevision)
		}
		id = q.ID
		return err
	}))
	return id
}

// fill puts the i-th dataset into the braces of a path.
func (s *stand) fill(path string, i int) string {
	d := &s.things[i]
	digest := strings.Repeat("0", 64)
	if e := d.Resources[0].Edition; e != nil {
		digest = e.Digest
	} else if p := d.PendingOf(d.Resources[0].ID); p != nil {
		digest = p.Imported.Tables[0].Digest
	}
	id, slug, ext := d.ID, d.Slug, "csv"
	if strings.Contains(path, "/resources/{id}") {
		id = d.Resources[0].ID
	}
	if strings.Contains(path, "/desk/sources/") {
		id = s.source[i%2].ID
	}
	if strings.HasPrefix(path, "/en/questions/{id}") || strings.HasPrefix(path, "/api/v1/questions/{id}") {
		id = s.asked[i]
	}
	if m := strings.TrimPrefix(path, "/api/v1"); strings.HasPrefix(m, "/drafts/{slug}") || strings.HasSuffix(m, "/answer") {
		slug, id = s.laws[i].draft, s.laws[i].version
	}
	if strings.HasSuffix(path, "/comments/{id}/answer") {
		id = s.laws[i].comment
	}
	if strings.Contains(path, "/agencies/") {
		slug = s.agency[i%2].Slug
	}
	return strings.NewReplacer("{slug}", slug, "{id}", id, "{resource}", d.Resources[0].ID, "{digest}", digest, "{ext}", ext, "{part}", "1", "{link}", "nothing", "{upload}", "nothing", "{question}", s.asked[i], "{cluster}", "1", "{code}", "nothing", "{word}", "nothing", "{run}", s.run[i%2].ID,
		"{draft}", s.laws[i].draft, "{version}", s.laws[i].version, "{comment}", s.laws[i].comment, "{about}", s.laws[i].comment,
		"{agency}", s.agency[i%2].Slug, "{indicator}", "S02", "{document}", "nothing", "{period}", indicators.PeriodAt(indicators.Month, s.now).ID).Replace(path)
}

// ask asks the address as somebody does and returns the status.
func (s *stand) ask(method, address, who string) int {
	s.t.Helper()
	body, kind := "", ""
	switch {
	case method == http.MethodGet:
	case !strings.HasPrefix(address, "/api/"):
		kind = "application/x-www-form-urlencoded"
	case strings.HasSuffix(address, "/resources") || strings.HasSuffix(address, "/file"):
		body, kind, address = "n\n1\n", "text/csv", address+"?name=new.csv"
	case strings.HasSuffix(address, "/versions"):
		body, kind, address = "Article 1. Fares are told.", "text/plain", address+"?name=new.txt"
	case strings.HasSuffix(address, "/api/v1/datasets"), strings.HasSuffix(address, "/api/v1/drafts"):
		body, kind = `{"agency":"own-agency","title":{"en":"New"}}`, "application/json"
	case strings.HasSuffix(address, "/api/v1/filings"): // of a period to come, so that nothing is handed in
		body, kind = `{"agency":"own-agency","indicator":"S02","period":"1500-01","evidence":[]}`, "application/json"
	default:
		body, kind = "{}", "application/json"
	}
	req := httptest.NewRequest(method, address, strings.NewReader(body))
	req.Host = "data.example"
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("If-Match", `"r999"`)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if s.token[who] != "" {
		req.Header.Set("Authorization", "Bearer "+s.token[who])
		req.AddCookie(&http.Cookie{Name: "__Host-shafaf", Value: s.cookie[who]})
	}
	resp, err := s.app.Test(req, -1)
	s.must(err)
	_ = resp.Body.Close()
	return resp.StatusCode
}

// addresses are all addresses of the joined table: of the site and of its parts,
// by method and path.
func (s *stand) addresses() map[string]bool {
	all := map[string]bool{}
	for _, r := range slices.Concat(site.Routes(), s.routes) {
		switch {
		case r.Serve != nil:
			all["GET "+r.Path] = true
		case r.View != nil && r.Template != "":
			all["GET /en"+strings.TrimSuffix(r.Path, "/")] = true
		}
		if r.View != nil && !r.PageOnly {
			all["GET /api/v1"+strings.TrimSuffix(r.Path, "/")] = true
		}
		if r.Act != nil {
			all["POST /en"+r.Path] = true
		}
		for method := range r.Write {
			all[method+" /api/v1"+r.Path] = true
		}
	}
	return all
}

// Every address answers everybody what the table says.
func TestMatrix(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	lines, addresses := matrix(), s.addresses()
	for key := range lines {
		if !addresses[key] {
			t.Errorf("the matrix has a line for %s, which there is not", key)
		}
	}
	asked := 0
	keys := slices.SortedFunc(maps.Keys(addresses), func(a, b string) int {
		return strings.Compare(last(a), last(b))
	})
	for _, key := range keys {
		method, path, _ := strings.Cut(key, " ")
		var got matrixLine
		for i := range got {
			var statuses []string
			for _, who := range callers {
				statuses = append(statuses, strconv.Itoa(s.ask(method, s.fill(path, i), who)))
				asked++
			}
			got[i] = strings.Join(statuses, " ")
		}
		line, ok := lines[key]
		switch {
		case !ok:
			t.Errorf("%s has no line in the matrix; it answers %q", key, got)
		case line[0] == open:
			alike(t, key, got)
		case got != line:
			t.Errorf("%s answers\n%q, and is to answer\n%q", key, got, line)
		}
	}
	t.Logf("%d addresses, %d requests", len(keys), asked)
}

// last puts behind all others what ends a session.
func last(key string) string {
	if strings.HasSuffix(key, "/sign-out") {
		return "~" + key
	}
	return key
}

// alike says where an open address makes a difference between callers, shows a
// draft, or breaks.
func alike(t *testing.T, key string, got matrixLine) {
	t.Helper()
	of := strings.Contains(key, "/datasets/{slug}")
	for i, statuses := range got {
		all := strings.Fields(statuses)
		if slices.ContainsFunc(all, func(s string) bool { return s != all[0] || s[0] == '5' && !strings.HasSuffix(key, "/readyz") }) {
			t.Errorf("%s is open and answers %q", key, got)
		}
		if of && i < 2 && all[0] != "404" && all[0] != "302" { // to the page in a language, without a look at what there is
			t.Errorf("%s answers %s for a draft", key, all[0])
		}
	}
}
