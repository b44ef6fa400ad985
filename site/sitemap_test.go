package site

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

type sitemapURL struct {
	Loc        string `xml:"loc"`
	LastMod    string `xml:"lastmod"`
	Alternates []struct {
		Lang string `xml:"hreflang,attr"`
		Href string `xml:"href,attr"`
	} `xml:"http://www.w3.org/1999/xhtml link"`
}

// sitemap reads the parts of the map of the site.
func (p *portal) sitemap() []sitemapURL {
	p.t.Helper()
	_, body := p.get("/sitemap.xml")
	var index struct {
		Parts []struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
		} `xml:"sitemap"`
	}
	must(p.t, xml.Unmarshal([]byte(body), &index))
	var all []sitemapURL
	for _, part := range index.Parts {
		resp, body := p.get(strings.TrimPrefix(part.Loc, p.BaseURL))
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Length") == "" || resp.Header.Get("ETag") == "" {
			p.t.Errorf("%s answers %d, %v", part.Loc, resp.StatusCode, resp.Header)
		}
		var set struct {
			URLs []sitemapURL `xml:"url"`
		}
		must(p.t, xml.Unmarshal([]byte(body), &set))
		for i := range set.URLs {
			if part.LastMod != "" && set.URLs[i].LastMod > part.LastMod {
				p.t.Errorf("%s is newer than its part", set.URLs[i].Loc)
			}
		}
		all = append(all, set.URLs...)
	}
	return all
}

func TestTheSitemapLeadsToEveryPage(t *testing.T) {
	p := newPortal(t, true)
	open := p.fillQuestion()
	hidden := catalog.Asking{Agency: open.Agency, Kind: catalog.AskedQuestion, Lang: "en", Text: "And this?", Once: "hidden", Receipt: []byte("hidden")}
	var waiting catalog.Question
	must(t, p.Catalog.Write(t.Context(), func(tx *catalog.Tx) (err error) {
		waiting, _, err = tx.Ask(&hidden)
		return err
	}))
	all := p.sitemap()
	var addresses []string
	for i := range all {
		u := &all[i]
		addresses = append(addresses, strings.TrimPrefix(u.Loc, p.BaseURL))
		if resp, _ := p.get(strings.TrimPrefix(u.Loc, p.BaseURL), "Accept", "text/html"); resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", u.Loc, resp.StatusCode)
		}
		if len(u.Alternates) != len(catalog.Languages) {
			t.Errorf("%s has the alternates %v", u.Loc, u.Alternates)
		}
		if (strings.Contains(u.Loc, "/datasets/") || strings.Contains(u.Loc, "/questions/")) != (u.LastMod != "") {
			t.Errorf("%s has changed at %q", u.Loc, u.LastMod)
		}
	}
	for _, want := range []string{"/fa/", "/en/datasets", "/fa/datasets/population-of-provinces", "/en/datasets/population-of-provinces", "/fa/agencies/statistics", "/en/licences", "/fa" + questionPath(open.ID)} {
		if !slices.Contains(addresses, want) {
			t.Errorf("%s is missing among %v", want, addresses)
		}
	}
	if slices.Contains(addresses, "/en"+questionPath(waiting.ID)) {
		t.Error("a question that nobody has looked at stands there")
	}
	if slices.Sort(addresses); len(slices.Compact(addresses)) != len(all) {
		t.Error("an address stands there twice")
	}
	for _, part := range []string{"2", "-1", "01", "x", "99999999999999999999"} {
		if resp, _ := p.get("/sitemap-" + part + ".xml"); resp.StatusCode != http.StatusNotFound {
			t.Errorf("part %s answers %d", part, resp.StatusCode)
		}
	}
}

func TestRobotsAreLedToTheWholeAndKeptFromTheEndless(t *testing.T) {
	p := newPortal(t, true)
	_, body := p.get("/robots.txt")
	for _, want := range []string{
		"Sitemap: https://data.example.org/sitemap.xml", "https://data.example.org/data.json", "Disallow: /api/", "Disallow: /*?sort=", "Disallow: /*?*&theme=",
		"Disallow: /fa/datasets/*/table?",
	} {
		if !strings.Contains(body, want+"\n") && !strings.Contains(body, want+" ") {
			t.Errorf("robots.txt has no %q", want)
		}
	}
	if strings.Contains(body, "catalog.sqlite") {
		t.Error("robots.txt names a snapshot that is not served")
	}
	for _, u := range p.sitemap() {
		if strings.Contains(u.Loc, "?") {
			t.Errorf("the map leads to %s", u.Loc)
		}
	}
}
