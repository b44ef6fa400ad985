package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// Who signs out, or loses a role, in the middle of an edit gets back what was
// typed, and can send it again.
func TestTypedTextIsKept(t *testing.T) {
	o, v, agency := publisher(t)
	ds := v.draft(agency, "Kept")
	typed := []string{"revision", v.revision(ds + "/about"), "title_en", "Kept <b>words</b>", "about_en", "A long sentence."}
	want := func(name string, a answer, status int) {
		t.Helper()
		for _, text := range []string{"Kept &lt;b&gt;words", "A long sentence.", `name="revision"`, `action="` + ds + `/about"`} {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s: the page has no %q\n%s", name, text, a.body)
			}
		}
		if a.status != status {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	nobody := &visitor{office: o}
	want("signed out", nobody.post(ds+"/about", typed...), http.StatusUnauthorized)
	stranger := o.member(o.agency("roads"), "stranger@example.org", catalog.Editor)
	want("of another agency", stranger.post(ds+"/about", typed...), http.StatusNotFound)
	viewer := o.member(agency, "viewer@example.org", catalog.Viewer)
	want("a viewer now", viewer.post(ds+"/about", typed...), http.StatusForbidden)
	if a := nobody.post("/fa/desk/sign-in", "email", "x@example.org", "password", "secret secret secret"); strings.Contains(a.body, "secret secret") {
		t.Error("a password is shown")
	}
	if a := nobody.post(ds+"/about", "password", "secret secret secret"); a.status != http.StatusSeeOther {
		t.Errorf("nothing was typed, and the answer is %d", a.status)
	}
	to := v.goOn(ds+"/about", typed...)
	v.see(to, "A long sentence.")
}
