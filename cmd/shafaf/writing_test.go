package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"

	"github.com/pquerna/otp/totp"
	"golang.org/x/text/encoding/charmap"
)

// A staff is an agency and people of it, with a token each.
type staff struct {
	p      *program
	agency string            // slug
	tokens map[string]string // by role
}

// inside runs do in the portal of a program that does not serve.
func (p *program) inside(do func(*env, *portal, *accounts.Accounts) error) {
	p.t.Helper()
	e := &env{ctx: p.t.Context(), out: io.Discard, errOut: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now, exit: func(int) { panic("exit") }, dir: p.data(), settings: &commands{}}
	if err := e.withAccounts(func(q *portal, a *accounts.Accounts) error { return do(e, q, a) }); err != nil {
		p.t.Fatal(err)
	}
}

const staffPassword = "باران روی کاشی آبی و ۷ گنجشک"

// join makes a person with a role in an agency (its id), or an operator.
func join(e *env, a *accounts.Accounts, email, agency string, role catalog.Role) (accounts.Person, error) {
	_, link, err := a.Invite(e.ctx, &catalog.Shell, accounts.Invitation{Email: email, Name: email, Agency: agency, Role: role, Operator: agency == ""})
	if err != nil {
		return accounts.Person{}, err
	}
	factor, err := a.Factor(e.ctx, link, "Shafaf")
	if err != nil {
		return accounts.Person{}, err
	}
	code, err := totp.GenerateCode(factor.Secret, e.now())
	if err != nil {
		return accounts.Person{}, err
	}
	return a.Join(e.ctx, link, accounts.Joining{Name: email, Password: staffPassword, Code: code})
}

// employ makes an agency and a person of each role in it. Tokens are made by the
// command.
func (p *program) employ(agency string, roles ...catalog.Role) *staff {
	p.t.Helper()
	s := &staff{p, agency, map[string]string{}}
	p.inside(func(e *env, q *portal, a *accounts.Accounts) error {
		made := catalog.Agency{Slug: agency, Title: catalog.Text{"fa": "سازمان " + agency, "en": "Agency " + agency}}
		if err := q.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.PutAgency(&made) }); err != nil {
			return err
		}
		for _, role := range roles {
			if _, err := join(e, a, string(role)+"@"+agency+".example", made.ID, role); err != nil {
				return err
			}
		}
		return nil
	})
	for _, role := range roles {
		scopes := cmp.Or(map[catalog.Role]string{catalog.Editor: "view,edit", catalog.Viewer: "view", catalog.Moderator: "view"}[role], "view,edit,publish")
		s.tokens[string(role)] = strings.TrimSpace(p.run("token", "create", string(role)+"@"+agency+".example", "--title", "test", "--scopes", scopes).out)
	}
	return s
}

// A told is what a program was answered.
type told struct {
	status int
	header http.Header
	body   []byte
}

// dataset reads the dataset that was answered.
func (a told) dataset(t *testing.T) (d struct {
	ID, Slug, State string
	Revision        int64
	Waiting         int
	Resources       []struct {
		ID, Name, State, Edition string
		Rows                     *int64
		Pending                  *struct {
			Digest string
			Tables []struct {
				Rows    int64
				Columns []struct{ Name, Type string }
			}
		}
	}
},
) {
	t.Helper()
	if err := json.Unmarshal(a.body, &d); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return d
}

// call sends a request of a program; pairs are headers.
func call(t *testing.T, method, url, token string, body any, pairs ...string) told {
	t.Helper()
	var from io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case []byte:
		from, kind = bytes.NewReader(b), "application/octet-stream"
	case string:
		from, kind = strings.NewReader(b), "application/json"
	case io.Reader:
		from = b
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, from)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		req.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return told{resp.StatusCode, resp.Header, b}
}

// want fails unless the status is the one that is wanted.
func (a told) want(t *testing.T, what string, status int) told {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: %d instead of %d: %s", what, a.status, status, a.body)
	}
	if status >= 400 {
		var p struct {
			Title, Detail string
			Status        int
			RequestID     string `json:"request_id"`
		}
		if err := json.Unmarshal(a.body, &p); err != nil || p.Title == "" || p.Detail == "" || p.Status != status || p.RequestID == "" || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: the problem is %s (%v)", what, a.body, err)
		}
	}
	return a
}

// windows1256 is a table of counties as an office of ours saves it.
func windows1256(t *testing.T, rows int) []byte {
	t.Helper()
	var b strings.Builder
	b.WriteString("کد;شهرستان;استان;جمعیت\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "%04d;شهرستان شماره %d;استان %d;%d\r\n", i, i, i%31, 1000+i*7)
	}
	out, err := charmap.Windows1256.NewEncoder().Bytes([]byte(strings.NewReplacer("ی", "ي", "ک", "ك").Replace(b.String())))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A program with a token makes a dataset, fills it, publishes it, gives it
// another edition and retires it; the public sees what it is to see.
func TestProgramsPublish(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.employ("statistics", catalog.Editor, catalog.Publisher)
	base, _ := p.serve()
	api, editor, publisher := base+"/api/v1/datasets", s.tokens["editor"], s.tokens["publisher"]

	made := call(t, "POST", api, editor, `{"agency":"statistics","title":{"fa":"شهرستان‌ها","en":"Counties of Iran"},"note":"colleagues only"}`, "Idempotency-Key", "one").want(t, "create", 201)
	d := made.dataset(t)
	if d.State != "draft" || d.Revision != 1 || made.header.Get("ETag") != `"r1"` || made.header.Get("Location") != strings.Replace(api, "127.0.0.1", "localhost", 1)+"/"+d.ID {
		t.Fatalf("made is %+v with %v", d, made.header)
	}
	at := api + "/" + d.ID
	again := call(t, "POST", api, editor, `{"agency":"statistics","title":{"fa":"شهرستان‌ها","en":"Counties of Iran"},"note":"colleagues only"}`, "Idempotency-Key", "one").want(t, "again", 201)
	if !bytes.Equal(again.body, made.body) || again.header.Get("ETag") != made.header.Get("ETag") {
		t.Errorf("the same request is answered %s, then %s", made.body, again.body)
	}
	call(t, "POST", api, editor, `{"agency":"statistics","title":{"en":"Another"}}`, "Idempotency-Key", "one").want(t, "key with another body", 422)

	first := windows1256(t, 400)
	added := call(t, "POST", at+"/resources?name=counties.csv", editor, first, "Idempotency-Key", "two").want(t, "upload", 201)
	d = added.dataset(t)
	if len(d.Resources) != 1 || d.Resources[0].Pending == nil || len(d.Resources[0].Pending.Tables) != 1 || d.Resources[0].Pending.Tables[0].Rows != 400 || d.Resources[0].Edition != "" {
		t.Fatalf("added is %s", added.body)
	}
	if name := d.Resources[0].Pending.Tables[0].Columns[1].Name; name != "شهرستان" {
		t.Errorf("the second column is %q", name)
	}
	if again := call(t, "POST", at+"/resources?name=counties.csv", editor, first, "Idempotency-Key", "two").want(t, "upload again", 201); !bytes.Equal(again.body, added.body) {
		t.Errorf("the upload again is answered %s", again.body)
	}
	call(t, "POST", at+"/resources?name=counties.csv", editor, windows1256(t, 3), "Idempotency-Key", "two").want(t, "key with another file", 422)
	call(t, "POST", at+"/resources?name=counties.csv", editor, first).want(t, "a file of the same name", 409)

	// Nobody else sees it.
	resource := d.Resources[0].ID
	for _, path := range []string{"/api/v1/datasets/" + d.ID, "/api/v1/datasets/" + d.Slug, "/en/datasets/" + d.ID, "/datasets/" + d.Slug + "/resources/" + resource + ".csv", "/datasets/" + d.Slug + "/resources/" + resource + "/file"} {
		if status, body := get(t, base+path); status != http.StatusNotFound || bytes.Contains(body, []byte("Counties")) {
			t.Errorf("%s: %d %.300s", path, status, body)
		}
	}

	call(t, "PATCH", at, editor, `{"keywords":["شهرستان"]}`).want(t, "without If-Match", 428)
	call(t, "PATCH", at, editor, `{"keywords":["شهرستان"]}`, "If-Match", `"r1"`).want(t, "stale", 412)
	call(t, "PATCH", at, editor, `{"keywords":["شهرستان"]}`, "If-Match", `W/"AAAA"`).want(t, "of something else", 412)
	patched := call(t, "PATCH", at, editor, `{"keywords":["شهرستان"],"licence":"CC-BY-4.0"}`, "If-Match", added.header.Get("ETag")).want(t, "patch", 200)
	call(t, "PATCH", at, editor, `{"titel":{"en":"x"}}`, "If-Match", patched.header.Get("ETag")).want(t, "misspelt", 422)
	call(t, "PATCH", at, editor, `{"title":{"en":"  "}}`, "If-Match", patched.header.Get("ETag")).want(t, "no title", 422)
	call(t, "PATCH", at, editor, `{"landing_page":"javascript:alert(1)"}`, "If-Match", patched.header.Get("ETag")).want(t, "bad address", 422)
	call(t, "POST", at+"/publish", editor, `{}`, "If-Match", patched.header.Get("ETag")).want(t, "an editor publishes", 403)
	call(t, "POST", at+"/publish", publisher, `{"at":"2020-01-01T00:00:00Z"}`, "If-Match", patched.header.Get("ETag")).want(t, "in the past", 422)
	call(t, "POST", at+"/publish", publisher, `{}`).want(t, "publish without If-Match", 428)
	call(t, "POST", at+"/retire", publisher, `{"reason":"x"}`, "If-Match", patched.header.Get("ETag")).want(t, "retire a draft", 409)
	published := call(t, "POST", at+"/publish", publisher, `{}`, "If-Match", patched.header.Get("ETag")).want(t, "publish", 200)
	d = published.dataset(t)
	if d.State != "published" || d.Slug != "counties-of-iran" || d.Waiting != 0 || d.Resources[0].ID != resource || d.Resources[0].Rows == nil || *d.Resources[0].Rows != 400 {
		t.Fatalf("published is %s", published.body)
	}
	status, body := get(t, base+"/datasets/counties-of-iran/resources/"+resource+".parquet")
	if status != http.StatusOK || !bytes.HasPrefix(body, []byte("PAR1")) {
		t.Fatalf("parquet: %d", status)
	}
	if _, body := get(t, base+"/datasets/counties-of-iran/resources/"+resource+"/file"); !bytes.Equal(body, first) {
		t.Error("the file is not the one that was given")
	}

	// A new edition waits beside the old one.
	second := windows1256(t, 500)
	call(t, "PUT", at+"/resources/"+resource+"/file?name=counties.csv", editor, second).want(t, "edition without If-Match", 428)
	waits := call(t, "PUT", at+"/resources/"+resource+"/file?name=counties.csv", editor, second, "If-Match", published.header.Get("ETag")).want(t, "edition", 200)
	if d := waits.dataset(t); d.Waiting != 1 || *d.Resources[0].Rows != 400 || d.Resources[0].Pending.Tables[0].Rows != 500 {
		t.Errorf("it waits as %s", waits.body)
	}
	if _, body := get(t, base+"/api/v1/datasets/counties-of-iran"); !bytes.Contains(body, []byte(`"rows":400`)) || bytes.Contains(body, []byte("500")) {
		t.Errorf("the public sees %s", body)
	}
	call(t, "PATCH", at, editor, `{"keywords":[]}`, "If-Match", waits.header.Get("ETag")).want(t, "an editor changes what is public", 403)
	soon := time.Now().Add(2 * time.Second).UTC().Format(time.RFC3339)
	call(t, "POST", at+"/publish", publisher, `{"at":"`+soon+`"}`, "If-Match", waits.header.Get("ETag")).want(t, "at a time", 200)
	p.eventually(func() bool {
		_, body := get(t, base+"/api/v1/datasets/counties-of-iran")
		return bytes.Contains(body, []byte(`"rows":500`))
	})
	now := call(t, "GET", at, publisher, nil).want(t, "read", 200)
	call(t, "POST", at+"/retire", publisher, `{"reason":" "}`, "If-Match", now.header.Get("ETag")).want(t, "no reason", 422)
	call(t, "POST", at+"/retire", publisher, `{"reason":"Replaced by the census."}`, "If-Match", now.header.Get("ETag")).want(t, "retire", 200)
	if status, body := get(t, base+"/api/v1/datasets/counties-of-iran"); status != http.StatusGone || !bytes.Contains(body, []byte("Replaced by the census.")) {
		t.Errorf("retired: %d %s", status, body)
	}
	if _, body := get(t, base+"/api/v1/removed"); !bytes.Contains(body, []byte("Replaced by the census.")) {
		t.Errorf("the ledger is %s", body)
	}
	if out := p.run("verify").out; !strings.Contains(out, "log") {
		t.Errorf("verify says %s", out)
	}
}

// eventually waits until it holds.
func (p *program) eventually(holds func() bool) {
	p.t.Helper()
	for range 300 {
		if holds() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.t.Fatal("it does not come about")
}

// What is no permitted write is refused, and nothing of it is kept.
func TestProgramsAreRefused(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.employ("statistics", catalog.Viewer, catalog.Editor, catalog.Publisher)
	other := p.employ("health", catalog.Editor, catalog.Publisher)
	base, _ := p.serve()
	api, editor := base+"/api/v1/datasets", s.tokens["editor"]
	const title = `{"agency":"statistics","title":{"en":"Numbers"}}`
	call(t, "POST", api, "", title).want(t, "no token", 401)
	call(t, "POST", api, "shafaf_wrong", title).want(t, "wrong token", 401)
	call(t, "POST", api+"?access_token="+editor, "", title).want(t, "token in the address", 401)
	call(t, "POST", api, s.tokens["viewer"], title).want(t, "viewer", 403)
	call(t, "POST", api, other.tokens["publisher"], title).want(t, "of another agency", 403)
	call(t, "POST", api, editor, `{"title":{"en":"x"}}`).want(t, "no agency", 422)
	call(t, "POST", api, editor, `{"agency":"nowhere","title":{"en":"x"}}`).want(t, "unknown agency", 422)
	call(t, "POST", api, editor, `{"agency":"statistics"}`).want(t, "no title", 422)
	call(t, "POST", api, editor, `{"agency":`).want(t, "no JSON", 422)
	call(t, "POST", api, editor, `{"agency":"statistics","title":{"en":"`+strings.Repeat("x", 70<<10)+`"}}`).want(t, "long title", 422)
	call(t, "POST", api, editor, title, "Idempotency-Key", strings.Repeat("k", 201)).want(t, "long key", 422)
	d := call(t, "POST", api, editor, title).want(t, "create", 201).dataset(t)
	at := api + "/" + d.ID

	// Hidden and missing are answered alike.
	alike := func(a told) string {
		var p map[string]any
		_ = json.Unmarshal(a.body, &p)
		delete(p, "request_id")
		return fmt.Sprint(a.status, p)
	}
	missing := api + "/01890000-0000-7000-8000-000000000000"
	for _, w := range []struct{ method, path, body string }{
		{"GET", "", ""}, {"PATCH", "", `{}`}, {"DELETE", "", ""}, {"POST", "/publish", `{}`}, {"POST", "/retire", `{"reason":"x"}`}, {"POST", "/resources?name=a.csv", "a\n1\n"},
	} {
		hidden := call(t, w.method, at+w.path, other.tokens["publisher"], w.body, "If-Match", `"r1"`)
		absent := call(t, w.method, missing+w.path, other.tokens["publisher"], w.body, "If-Match", `"r1"`)
		if hidden.status != 404 || alike(hidden) != alike(absent) {
			t.Errorf("%s %s: hidden is %s, missing %s", w.method, w.path, alike(hidden), alike(absent))
		}
	}

	call(t, "POST", at+"/publish", s.tokens["publisher"], `{}`, "If-Match", `"r1"`).want(t, "without a file", 422)
	call(t, "POST", at+"/resources", editor, []byte("a\n1\n")).want(t, "file without a name", 422)
	call(t, "POST", at+"/resources?name=a.csv", editor, []byte{}).want(t, "empty file", 422)
	call(t, "POST", at+"/resources?name=..", editor, []byte("a\n1\n")).want(t, "name of a folder", 422)
	call(t, "POST", at+"/resources?name=a%00.csv", editor, []byte("a\n1\n")).want(t, "name that is not seen", 422)
	call(t, "POST", at+"/resources?name=a.csv", editor, io.MultiReader(strings.NewReader("a\n1\n"))).want(t, "without a length", 411)
	call(t, "POST", at+"/resources?name=a.csv", editor, []byte("a\n1\n"), "Content-Encoding", "gzip").want(t, "packed", 415)
	call(t, "POST", at+"/resources?name=a.csv", s.tokens["viewer"], []byte("a\n1\n")).want(t, "viewer uploads", 403)
	call(t, "POST", at+"/resources?name=a.csv", editor, []byte("a\n1\n"), "If-Match", `"r9"`).want(t, "stale upload", 412)
	call(t, "PUT", at+"/resources/"+d.ID+"/file?name=a.csv", editor, []byte("a\n1\n"), "If-Match", `"r1"`).want(t, "no such resource", 404)

	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("comment", "of the form")
	part, _ := w.CreateFormFile("file", `C:\my files\t.csv`)
	_, _ = part.Write([]byte("n,name\n1,a\n2,b\n"))
	_ = w.Close()
	added := call(t, "POST", at+"/resources", editor, &form, "Content-Type", w.FormDataContentType()).want(t, "form", 201).dataset(t)
	if added.Resources[0].Name != "t.csv" || added.Resources[0].Pending.Tables[0].Rows != 2 {
		t.Errorf("of the form came %+v", added.Resources[0])
	}
	persian := call(t, "PATCH", at, editor, `{}`, "Accept-Language", "fa").want(t, "in Persian", 428)
	if !strings.Contains(string(persian.body), "کدام وضع را دیده‌اید") {
		t.Errorf("in Persian: %s", persian.body)
	}
	call(t, "DELETE", at, editor, nil, "If-Match", `"r2"`).want(t, "discard", 204)
	call(t, "GET", at, editor, nil).want(t, "discarded", 404)
	if temps, err := os.ReadDir(filepath.Join(p.data(), "tmp")); err != nil || len(temps) > 0 {
		t.Errorf("left in tmp: %v %v", temps, err)
	}
}
