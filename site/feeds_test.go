package site

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// publish adds n datasets of one agency to the portal and its index.
func (p *portal) publish(n int) []string {
	p.t.Helper()
	var ids []string
	must(p.t, p.Catalog.Write(p.t.Context(), func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Registry & Records", "fa": "ثبت"}}
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		for i := range n {
			d := &catalog.Dataset{Title: catalog.Text{"en": fmt.Sprintf("Register %d <of> “births”", i)}, Agency: a.ID, Keywords: []string{"register"}}
			if i%2 == 0 {
				d.Title["fa"] = fmt.Sprintf("دفتر شمارهٔ %d", i)
			}
			if err := tx.PutDataset(d); err != nil {
				return err
			}
			ids = append(ids, d.ID)
		}
		return nil
	}))
	must(p.t, p.Index.CatchUp(p.t.Context(), p.Catalog, nil))
	return ids
}

// atom asks for a feed, and holds it to the rules of RFC 4287.
func (p *portal) atom(address string) atomFeed {
	p.t.Helper()
	resp, body := p.get(address)
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/atom+xml") {
		p.t.Fatalf("%s answers %d, %s: %s", address, resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
	var f atomFeed
	must(p.t, xml.Unmarshal([]byte(body), &f))
	if again, _ := p.get(address, "If-None-Match", resp.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		p.t.Errorf("%s, asked for again, answers %d", address, again.StatusCode)
	}
	for what, bad := range map[string]bool{
		"namespace": f.XMLName.Space != "http://www.w3.org/2005/Atom", "id": !absolute(f.ID), "title": f.Title == "",
		"self": len(f.linked("self")) != 1, "updated": !dated(f.Updated), "more entries than a page has": len(f.Entries) > feedEntries,
	} {
		if bad {
			p.t.Errorf("%s: the feed's %s", address, what)
		}
	}
	checkLinks(p.t, address, f.Links)
	ids := map[string]bool{}
	for i := range f.Entries {
		e := &f.Entries[i]
		for what, bad := range map[string]bool{
			"id": !strings.HasPrefix(e.ID, "urn:uuid:") || len(e.ID) != len("urn:uuid:")+36, "title": e.Title.Text == "",
			"updated": !dated(e.Updated) || e.Updated > f.Updated, "published": !dated(e.Published) || e.Published > e.Updated,
			"author": e.Author.Name == "" || e.Author.URI != "" && !absolute(e.Author.URI), "second one": ids[e.ID],
		} {
			if bad {
				p.t.Errorf("%s: entry %d: the %s in %+v", address, i, what, e)
			}
		}
		ids[e.ID] = true
		checkLinks(p.t, address, e.Links)
	}
	return f
}

func absolute(s string) bool { u, err := url.Parse(s); return err == nil && u.IsAbs() }

func dated(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil }

// checkLinks wants absolute addresses, and no two alternates of one type: of
// several, readers open any.
func checkLinks(t *testing.T, where string, links []atomLink) {
	t.Helper()
	seen := map[string]bool{}
	for _, l := range links {
		key := l.Rel + " " + l.Type
		if !absolute(l.Href) || l.Rel == "alternate" && seen[key] {
			t.Errorf("%s: the link %+v", where, l)
		}
		seen[key] = true
	}
}

func (f *atomFeed) linked(rel string) []string {
	var all []string
	for _, l := range f.Links {
		if l.Rel == rel {
			all = append(all, l.Href)
		}
	}
	return all
}

// follow reads a feed from page to page, and returns the ids of its entries.
func (p *portal) follow(address string) []string {
	p.t.Helper()
	var ids []string
	for range 20 {
		f := p.atom(address)
		for i := range f.Entries {
			ids = append(ids, strings.TrimPrefix(f.Entries[i].ID, "urn:uuid:"))
		}
		next := f.linked("next")
		if len(next) == 0 {
			return ids
		}
		address = strings.TrimPrefix(next[0], p.BaseURL)
	}
	p.t.Fatalf("%s has no last page", address)
	return nil
}

func TestFeedsHaveEveryDatasetOnce(t *testing.T) {
	p := newPortal(t, false)
	want := p.publish(120)
	slices.Sort(want)
	for _, address := range []string{"/feeds/new.atom", "/feeds/changed.atom?lang=en", "/feeds/search.atom?q=register&lang=fa", "/feeds/search.atom"} {
		got := p.follow(address)
		if address == "/feeds/new.atom" && !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("%s is not in the order of coming", address)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s has %d entries, not %d", address, len(got), len(want))
		}
	}
}

func TestFeedsSpeakBothLanguages(t *testing.T) {
	p := newPortal(t, true)
	fa, en := p.atom("/feeds/changed.atom?lang=fa"), p.atom("/feeds/changed.atom?lang=en")
	if fa.Lang != "fa" || en.Lang != "en" || fa.ID == en.ID || !strings.Contains(fa.Title, "مجموعه‌داده‌های تازه") || !strings.Contains(en.Title, "New and changed") {
		t.Errorf("the feeds are %q and %q", fa.Title, en.Title)
	}
	titles := func(f atomFeed) (all []string) {
		for i := range f.Entries {
			all = append(all, f.Entries[i].Title.Text+f.Entries[i].Title.Lang)
		}
		slices.Sort(all)
		return all
	}
	if got := titles(fa); !slices.Equal(got, []string{"Minutes of meetingsen", "جمعیت استان‌ها"}) {
		t.Errorf("the Persian titles are %q", got)
	}
	if got := titles(en); !slices.Equal(got, []string{"Minutes of meetings", "Population of provinces"}) {
		t.Errorf("the English titles are %q", got)
	}
	if own := p.atom("/feeds/new.atom"); own.Lang != "fa" {
		t.Errorf("without a wish it is %s", own.Lang)
	}
	if _, body := p.get("/feeds/new.atom", "Accept-Language", "en-GB"); !strings.Contains(body, `xml:lang="en"`) {
		t.Error("the reader's language does not count")
	}
}

func TestTheFeedOfASearchIsThatSearch(t *testing.T) {
	p := newPortal(t, true)
	for query, want := range map[string]int{
		"q=population": 1, "agency=statistics": 1, "format=PDF": 1, "agency=statistics&format=PDF": 0, "q=": 2, "agency=nobody": 0,
		"q=populaxion": 0, // nothing holds the word as it is typed: what nearly fits would be no news
	} {
		f := p.atom("/feeds/search.atom?lang=en&" + query)
		if len(f.Entries) != want {
			t.Errorf("%s has %d entries, want %d", query, len(f.Entries), want)
		}
	}
	f := p.atom("/feeds/search.atom?lang=en&q=population&agency=statistics&sort=title&page=1")
	if !strings.Contains(f.Title, "population, Statistics") || strings.Contains(f.ID, "page=") || strings.Contains(f.linked("alternate")[0], "lang=") {
		t.Errorf("it is %q, id %s, of %v", f.Title, f.ID, f.linked("alternate"))
	}
	page := p.page("/en/datasets?q=population&agency=statistics&page=1")
	for _, want := range []string{
		`<link rel="alternate" type="application/atom+xml" title="Follow this search" href="/feeds/search.atom?agency=statistics&amp;lang=en&amp;q=population">`,
		`<a href="/feeds/search.atom?agency=statistics&amp;lang=en&amp;q=population"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the search has no %s", want)
		}
	}
}

func TestFeedsRefuseWhatTheyDoNotUnderstand(t *testing.T) {
	p := newPortal(t, true)
	for _, address := range []string{"/feeds/new.atom?lang=de", "/feeds/changed.atom?_after=yesterday", "/feeds/search.atom?from=then", "/feeds/search.atom?page=0"} {
		if resp, body := p.get(address, "Accept", "application/json"); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d: %s", address, resp.StatusCode, body)
		}
	}
	if f := p.atom("/feeds/new.atom?_after=%27%3B--"); len(f.Entries) != 0 {
		t.Errorf("a cursor of nothing has %d entries", len(f.Entries))
	}
}

func TestFeedsShowOnlyWhatIsPublished(t *testing.T) {
	p := newPortal(t, false)
	ids := p.publish(3)
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		d, err := tx.Dataset(ids[1])
		if err != nil {
			return err
		}
		d.State = catalog.Retired
		return tx.PutDataset(&d)
	}))
	for _, address := range []string{"/feeds/new.atom", "/feeds/changed.atom", "/feeds/search.atom?q=register", "/feeds/search.atom"} {
		if got := p.follow(address); len(got) != 2 || slices.Contains(got, ids[1]) {
			t.Errorf("%s has %v", address, got)
		}
	}
	empty := newPortal(t, false)
	for _, address := range []string{"/feeds/new.atom", "/feeds/changed.atom", "/feeds/removed.atom", "/feeds/search.atom"} {
		if f := empty.atom(address); len(f.Entries) != 0 {
			t.Errorf("%s of nothing has entries", address)
		}
	}
}
