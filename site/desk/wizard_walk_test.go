package desk_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"

	"golang.org/x/text/encoding/charmap"
)

// give uploads a file by the form of a page.
func (v *visitor) give(path, name, content string) answer {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	v.must(err)
	_, err = io.WriteString(part, content)
	v.must(err)
	v.must(form.Close())
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.Host = "data.example"
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.AddCookie(&http.Cookie{Name: "__Host-shafaf", Value: v.cookie})
	resp, err := v.app.Test(req, -1)
	v.must(err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	v.must(err)
	return answer{resp.StatusCode, resp.Header.Get("Location"), string(b)}
}

// see returns a page that must be there.
func (v *visitor) see(path string, want ...string) string {
	v.t.Helper()
	a := v.get(path)
	if a.status != http.StatusOK || !strings.Contains(a.body, "</html>") {
		v.t.Fatalf("%s: %d to %s\n%s", path, a.status, a.location, a.body)
	}
	for _, w := range want {
		if !strings.Contains(a.body, w) {
			_, body, _ := strings.Cut(a.body, "<main")
			v.t.Errorf("%s does not say %q\n%s", path, w, body)
		}
	}
	return a.body
}

// goOn posts a form that must lead on, and returns where to.
func (v *visitor) goOn(path string, pairs ...string) string {
	v.t.Helper()
	a := v.post(path, pairs...)
	if a.status != http.StatusSeeOther {
		v.t.Fatalf("%s: %d\n%s", path, a.status, a.body)
	}
	return a.location
}

var (
	revisionOnPage = regexp.MustCompile(`name="revision" value="(\d+)"`)
	optionOnPage   = regexp.MustCompile(`name="meant" value="([^"]+)"`)
)

func (v *visitor) revision(path string) string {
	v.t.Helper()
	m := revisionOnPage.FindStringSubmatch(v.see(path))
	if m == nil {
		v.t.Fatalf("%s has no revision", path)
	}
	return m[1]
}

// member is somebody with a role in the agency.
func (o *office) member(agency, email string, role catalog.Role) *visitor {
	o.t.Helper()
	_, secret, err := o.people.Invite(o.t.Context(), &catalog.Shell, accounts.Invitation{Email: email, Agency: agency, Role: role})
	o.must(err)
	return o.come("/fa/desk/join/"+secret, email, "زهرا")
}

// draft makes a draft and returns its address.
func (v *visitor) draft(agency, title string) string {
	v.t.Helper()
	to := v.goOn("/fa/desk/datasets/new", "title_fa", title, "agency", agency)
	if !strings.HasPrefix(to, "/fa/desk/datasets/") {
		v.t.Fatalf("a draft leads to %s", to)
	}
	return to
}

// upload gives a dataset a file and returns the address of what was found.
func (v *visitor) upload(dataset, name, content string) string {
	v.t.Helper()
	a := v.give(dataset+"/file", name, content)
	if a.status != http.StatusSeeOther {
		v.t.Fatalf("upload %s: %d\n%s", name, a.status, a.body)
	}
	return v.arrive(a.location)
}

// arrive waits until an upload was read.
func (v *visitor) arrive(to string) string {
	v.t.Helper()
	for range 400 {
		if !strings.Contains(to, "/uploads/") {
			return to
		}
		a := v.get(to)
		if a.status != http.StatusSeeOther {
			if !strings.Contains(a.body, "این صفحه هر چند ثانیه") {
				return to // it asks, or failed
			}
			time.Sleep(25 * time.Millisecond)
			continue
		}
		to = a.location
	}
	v.t.Fatalf("%s is never read", to)
	return ""
}

func publisher(t *testing.T) (o *office, v *visitor, agency string) {
	t.Helper()
	o = newOffice(t)
	agency = o.agency("water")
	return o, o.member(agency, "zahra@example.org", catalog.Publisher), agency
}

func cp1256(t *testing.T, text string) string {
	t.Helper()
	s, err := charmap.Windows1256.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
