package harvesters

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// linked is a catalogue with a dataset that points to addresses, and a checker
// whose clock is in its hand.
type linked struct {
	*linkChecker
	store *catalog.Store
	now   time.Time
	file  catalog.Resource // the last of the dataset
}

func linkTo(t *testing.T, n *netTest, urls ...string) *linked {
	t.Helper()
	k := &linked{now: testNow}
	var err error
	if k.store, err = catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return k.now }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.store.Close() })
	if err := k.store.Write(t.Context(), func(tx *catalog.Tx) error {
		a := catalog.Agency{Title: catalog.Text{"en": "Ministry of Links"}}
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		d := catalog.Dataset{Title: catalog.Text{"en": "Links"}, Agency: a.ID}
		if err := tx.PutDataset(&d); err != nil {
			return err
		}
		for i, u := range urls {
			k.file = catalog.Resource{Dataset: d.ID, Name: "file", State: catalog.Published, AccessURL: u}
			if err := tx.PutResource(&k.file, i); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var end func()
	k.linkChecker, end = newLinkChecker(Deps{Store: k.store, Now: func() time.Time { return k.now }, Client: n.client})
	t.Cleanup(end)
	return k
}

// days looks at what is due on each of so many days.
func (k *linked) days(t *testing.T, n int) {
	t.Helper()
	for range n {
		if _, err := k.round(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(24*time.Hour + time.Second)
	}
}

func (k *linked) link(t *testing.T, url string) catalog.Link {
	t.Helper()
	l, err := k.store.Link(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLinksAreLookedAtByHeadAndWhereThatFailsByGet(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	n := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.URL.Path)
		mu.Unlock()
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path == "/get" && r.Method == http.MethodHead:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/there", http.StatusMovedPermanently)
		case r.URL.Path == "/today":
			http.Redirect(w, r, "/there", http.StatusFound)
		case r.URL.Path == "/gone":
			http.NotFound(w, r)
		case r.URL.Path == "/large":
			w.Header().Set("Content-Length", "99999999999")
		}
	})
	paths := []string{"/head", "/get", "/moved", "/today", "/gone", "/large"}
	var urls []string
	for _, p := range paths {
		urls = append(urls, n.URL+p)
	}
	k := linkTo(t, n, urls...)
	k.days(t, 1)
	for path, want := range map[string]string{
		"/head": catalog.LinkAlive, "/get": catalog.LinkAlive, "/moved": catalog.LinkMoved, "/today": catalog.LinkAlive, "/large": catalog.LinkAlive, "/gone": catalog.LinkNew,
	} {
		if l := k.link(t, n.URL+path); l.State != want || want == catalog.LinkMoved && l.Moved != n.URL+"/there" {
			t.Errorf("%s is %+v, want %s", path, l, want)
		}
	}
	if all := strings.Join(asked, ", "); strings.Count(all, "GET /head") > 0 || !strings.Contains(all, "GET /get") || strings.Count(all, "/robots.txt") != 1 {
		t.Errorf("asked: %s", all)
	}
}

func TestLinkIsBrokenAfterThreeFailuresAndLookedAtLessAndLess(t *testing.T) {
	alive := true
	n := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if !alive || r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
		}
	})
	url := n.URL + "/file"
	k := linkTo(t, n, url)
	k.days(t, 1)
	alive = false
	before := k.now
	for i, want := range []string{catalog.LinkAlive, catalog.LinkAlive, catalog.LinkBroken} {
		k.days(t, 1)
		if l := k.link(t, url); l.State != want || l.Fails != i+1 || !l.Since.Equal(before) || l.Status != http.StatusNotFound || len(l.Said) == 0 {
			t.Errorf("after %d failures: %+v", i+1, l)
		}
	}
	broken, total, err := k.store.BrokenLinks(t.Context(), "", 10)
	if err != nil || total != 1 || len(broken) != 1 || broken[0].URL != url || broken[0].Title["en"] != "Links" {
		t.Errorf("broken links: %+v of %d, %v", broken, total, err)
	}
	var pauses []int
	for range 120 {
		was := k.link(t, url).Checked
		k.days(t, 1)
		if l := k.link(t, url); l.Checked.After(was) {
			pauses = append(pauses, int(l.Due.Sub(l.Checked).Hours())/24)
		}
	}
	for i, p := range pauses {
		if i > 0 && p < pauses[i-1] || p > 30 {
			t.Errorf("pauses of %v days", pauses)
			break
		}
	}
	if len(pauses) < 5 || len(pauses) > 12 || pauses[len(pauses)-1] != 30 {
		t.Errorf("looked at with pauses of %v days", pauses)
	}
	alive = true
	k.days(t, 31)
	if l := k.link(t, url); l.State != catalog.LinkAlive || l.Fails != 0 {
		t.Errorf("alive again: %+v", l)
	}
}

func TestLinksThatAreNotToBeLookedAtAreLeftAlone(t *testing.T) {
	n := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			_, _ = w.Write([]byte("User-agent: *\nDisallow: /closed\n"))
		}
	})
	urls := []string{n.URL + "/closed/file", n.URL + "/open", "http://10.1.2.3/inside", "http://data.example/file", "http://a:b@example.org/"}
	k := linkTo(t, n, urls...)
	k.days(t, 1)
	for i, want := range []string{catalog.LinkRefused, catalog.LinkAlive, catalog.LinkRefused, catalog.LinkRefused, catalog.LinkRefused} {
		if l := k.link(t, urls[i]); l.State != want || (want == catalog.LinkRefused) != (len(l.Said) == 1) {
			t.Errorf("%s is %+v, want %s", urls[i], l, want)
		}
	}
	if got := n.asked.Load(); got != 2 {
		t.Errorf("%d requests, want the robots.txt and one", got)
	}
}

// When nothing can be reached, that says something of the network here.
func TestLinksOfANetworkThatIsDownAreNotBroken(t *testing.T) {
	n := serve(t, nil, func(http.ResponseWriter, *http.Request) {})
	url := n.URL + "/file"
	k := linkTo(t, n, url)
	if err := k.list(t.Context()); err != nil {
		t.Fatal(err)
	}
	l := k.link(t, url)
	seen := []lookedAt{{link: l, before: l, unreached: true}}
	seen[0].link.Seen(k.now, catalog.LinkBroken, 0, nil)
	k.offline(seen)
	if got := seen[0].link; got.Fails != 0 || !got.Due.After(k.now) {
		t.Errorf("%+v", got)
	}
}

func TestLinksThatNothingPointsToAreForgotten(t *testing.T) {
	n := serve(t, nil, func(http.ResponseWriter, *http.Request) {})
	url := n.URL + "/file"
	k := linkTo(t, n, url)
	k.days(t, 1)
	if err := k.store.Write(t.Context(), func(tx *catalog.Tx) error {
		k.file.State = catalog.Retired
		return tx.PutResource(&k.file, 0)
	}); err != nil {
		t.Fatal(err)
	}
	k.days(t, 1)
	if _, err := k.store.Link(t.Context(), url); err == nil {
		t.Error("it is still there")
	}
}

func TestRobots(t *testing.T) {
	all := readRobots(strings.NewReader("junk\nUser-agent: other\nDisallow: /\n\nUser-agent: a\nUser-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.pdf$\nDisallow:\n"))
	r := &robots{rules: all}
	for path, want := range map[string]bool{
		"/": true, "/private": false, "/private/x": false, "/private/open/x": true, "/a.pdf": false, "/a.pdf?x": true, "/x.pdf/y.pdf": false, "/pdf": true,
	} {
		if r.allow(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	own := &robots{rules: readRobots(strings.NewReader("User-agent: *\nDisallow: /\n\nUser-agent: Shafaf\nDisallow: /not\n"))}
	if !own.allow("/file") || own.allow("/not") {
		t.Error("the rules under its name are not those that hold")
	}
}
