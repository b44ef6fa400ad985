package site

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"

	"github.com/gofiber/fiber/v2"
)

// feedEntries is how many entries a page of a feed has.
const feedEntries = 50

// feedSummary is how many letters of a description an entry has.
const feedSummary = 500

// paramLang is the language of a feed; without it the reader's is taken.
const paramLang = "lang"

const atomKind = "application/atom+xml; charset=utf-8"

// feedParams are the parameters of a feed of datasets.
func feedParams() []Param {
	return []Param{{paramLang, "param.lang"}, {paramAfter, "param.feed.after"}}
}

// searchFeedParams are those of the feed of a search: all that narrow it down.
func searchFeedParams() []Param {
	all := []Param{{paramLang, "param.lang"}}
	for _, p := range searchParams() {
		if p.Name != paramOrder && p.Name != paramAfter && p.Name != paramSize {
			all = append(all, p)
		}
	}
	return all
}

// An atomFeed is a feed of RFC 4287, and a page of one by RFC 5005 §3.
type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle,omitempty"`
	Updated   string      `xml:"updated"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"hreflang,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"` // where it is not the feed's
	Text string `xml:",chardata"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      atomText       `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Author     atomPerson     `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    *atomText      `xml:"summary"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

// A feed is what a feed is made of.
type feed struct {
	title, subtitle string
	page            string // of the site that shows the same, without language
	all             []catalog.Dataset
	entries         []atomEntry // of things that are no datasets
	next            url.Values  // that ask for the page that follows, nil after the last
}

// feedNew answers the datasets that came last.
func (s *Site) feedNew(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		f := feed{title: l.Text("feed.new.title"), subtitle: l.Text("feed.new.text"), page: "/datasets?sort=newest"}
		var err error
		if f.all, err = s.Catalog.Added(r.Context(), r.Query.Get(paramAfter), feedEntries+1); err != nil {
			return f, err
		}
		f.cut(r, func(last *catalog.Dataset) string { return last.ID })
		return f, nil
	})
}

// feedChanged answers the datasets that came or changed last.
func (s *Site) feedChanged(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		f := feed{title: l.Text("feed.changed.title"), subtitle: l.Text("feed.changed.text"), page: "/datasets?sort=newest"}
		before, id := time.Time{}, ""
		if after := r.Query.Get(paramAfter); after != "" {
			at, last, _ := strings.Cut(after, "~")
			var err error
			if before, err = time.Parse(feedCursor, at); err != nil {
				return f, &catalog.InvalidError{Field: paramAfter, Reason: l.Text("feed.cursor")}
			}
			id = last
		}
		var err error
		if f.all, err = s.Catalog.Updated(r.Context(), before, id, feedEntries+1); err != nil {
			return f, err
		}
		f.cut(r, func(last *catalog.Dataset) string { return last.Updated.UTC().Format(feedCursor) + "~" + last.ID })
		return f, nil
	})
}

const feedCursor = "20060102T150405.000Z"

// cut keeps one page of the datasets that were read, and makes the cursor of
// the next one out of its last.
func (f *feed) cut(r *Request, cursor func(*catalog.Dataset) string) {
	if len(f.all) <= feedEntries {
		return
	}
	f.all = f.all[:feedEntries]
	f.next = keepOnly(r.Query, paramLang)
	f.next.Set(paramAfter, cursor(&f.all[feedEntries-1]))
}

// feedRemoved answers the last lines of the ledger of what disappeared.
func (s *Site) feedRemoved(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		f := feed{title: l.Text("feed.removed.title"), subtitle: l.Text("feed.removed.text"), page: "/removed", entries: []atomEntry{}}
		all, _, err := s.Catalog.Removals(r.Context(), catalog.RemovalFilter{Noun: catalog.NounDataset, Before: r.Query.Get(paramAfter), Limit: feedEntries + 1})
		if err != nil {
			return f, err
		}
		if len(all) > feedEntries {
			all = all[:feedEntries]
			f.next = url.Values{paramAfter: {all[feedEntries-1].ID}}
		}
		for i := range all {
			f.entries = append(f.entries, s.removalEntry(l, &all[i]))
		}
		return f, nil
	})
}

// removalEntry is a line of the ledger as an entry. It changes once more when
// the thing comes back.
func (s *Site) removalEntry(l *locale, r *catalog.Removal) atomEntry {
	title := l.said(r.Title)
	updated := r.At
	if r.Returned.After(updated) {
		updated = r.Returned
	}
	e := atomEntry{
		ID: "urn:uuid:" + r.ID, Title: atomText{title.Lang, title.Text}, Author: atomPerson{Name: l.Text("site.name")},
		Updated: atomTime(updated), Published: atomTime(r.At), Summary: &atomText{"", l.Text("removed.why." + r.Kind)},
	}
	if r.Reason != "" {
		e.Summary.Text += " " + r.Reason
	}
	e.Links = s.pageLinks(l.lang, datasetPath(r.Slug))
	return e
}

// feedSorted is how many results of a search are brought into the order of
// their last change here. More are left in the order of the dates that their
// publishers gave.
const feedSorted = 5 * search.MaxSize

// feedSearch answers the results of a search, those that changed last first.
func (s *Site) feedSearch(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		var f feed
		agencies, err := s.agencies.get(r.Context(), s.Catalog)
		if err != nil {
			return f, err
		}
		q, err := searchQuery(r, agencies)
		if err != nil {
			return f, err
		}
		page := q.Page
		f.name(r, l, q.Text, agencies)
		var total int
		if f.all, total, err = s.latestFound(r.Context(), q); err != nil {
			return f, err
		}
		if page*feedEntries < min(total, search.MaxPaged) {
			f.next = searchOf(r.Query)
			f.next.Set(paramPage, strconv.Itoa(page+1))
		}
		return f, nil
	})
}

// searchOf are the parameters of a search that make what it finds.
func searchOf(query url.Values) url.Values {
	return keepOnly(query, append([]string{paramLang, paramQuery, paramFrom, paramTo}, facetFields...)...)
}

// name names the feed of a search by its words and filters.
func (f *feed) name(r *Request, l *locale, text string, agencies agencyList) {
	v := searchView{}
	v.chips(r, l, agencies)
	var what []string
	if text != "" {
		what = append(what, text)
	}
	for _, chip := range v.Chips {
		what = append(what, chip.Text)
	}
	f.title = l.Text("feed.search.all")
	if len(what) > 0 {
		f.title = l.Text("feed.search.title", "what", strings.Join(what, l.Text("list.comma")+" "))
	}
	f.subtitle = l.Text("feed.search.text")
	query := searchOf(r.Query)
	query.Del(paramLang)
	f.page = withQuery("/datasets", query)
}

// latestFound returns a page of what q finds, those that changed last first,
// and how many there are. Results for less than all words are none.
func (s *Site) latestFound(ctx context.Context, q search.Query) (all []catalog.Dataset, total int, err error) {
	page := q.Page
	q.Sort, q.Size, q.Page, q.After, q.Facets = search.SortNewest, search.MaxSize, 1, "", false
	var ids []string
	for {
		found, err := s.Index.Search(ctx, q)
		if err != nil {
			return nil, 0, err
		}
		if found.Relaxed {
			return nil, 0, nil
		}
		if total = int(found.Total); total > feedSorted {
			break
		}
		for _, h := range found.Hits {
			ids = append(ids, h.ID)
		}
		if found.Next == "" || len(ids) >= feedSorted {
			all, err = s.Catalog.Latest(ctx, ids, (page-1)*feedEntries, feedEntries)
			return all, total, err
		}
		q.After = found.Next
	}
	q.Size, q.Page = feedEntries, page
	found, err := s.Index.Search(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	for _, h := range found.Hits {
		ids = append(ids, h.ID)
	}
	all, err = s.Catalog.DatasetsByID(ctx, ids, false)
	return all, total, err
}

// sendFeed answers with the feed that make makes, in the language that is
// asked for.
func (s *Site) sendFeed(c *fiber.Ctx, write func(*Request, *locale) (feed, error)) error {
	lang, err := s.fileLanguage(c)
	if err != nil {
		return err
	}
	l := s.locales[lang]
	r, err := s.newRequest(c, "", lang)
	if err != nil {
		return err
	}
	f, err := write(r, l)
	if err != nil {
		return err
	}
	body, err := s.atom(r, l, &f)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, atomKind)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return reply(c, fiber.StatusOK, CacheRevalidate, body)
}

// atom writes a feed.
func (s *Site) atom(r *Request, l *locale, f *feed) ([]byte, error) {
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	own := withoutEmpty(r.Query)
	own.Set(paramLang, r.Lang)
	self := withQuery(s.baseURL()+r.Path, own)
	own.Del(paramAfter)
	own.Del(paramPage)
	first := withQuery(s.baseURL()+r.Path, own)
	a := atomFeed{
		Lang: r.Lang, ID: first, Title: f.title + " — " + l.Text("site.name"), Subtitle: f.subtitle, Generator: "Shafaf " + s.Version,
		Links: []atomLink{{"self", "application/atom+xml", r.Lang, self}, {"first", "application/atom+xml", "", first}},
	}
	a.Links = append(a.Links, s.pageLinks(r.Lang, f.page)...)
	if f.next != nil {
		f.next.Set(paramLang, r.Lang)
		a.Links = append(a.Links, atomLink{"next", "application/atom+xml", "", withQuery(s.baseURL()+r.Path, f.next)})
	}
	a.Entries = f.entries
	for i := range f.all {
		a.Entries = append(a.Entries, s.atomEntry(l, &f.all[i], agencies.byID[f.all[i].Agency]))
	}
	for i := range a.Entries {
		a.Updated = max(a.Updated, a.Entries[i].Updated)
	}
	if a.Updated == "" {
		last, err := s.Catalog.LastChange(r.Context())
		if err != nil {
			return nil, err
		}
		a.Updated = atomTime(last.At)
	}
	return a.encode()
}

// atomTime is a moment as feeds write it, all of one length.
func atomTime(t time.Time) string { return t.UTC().Format(moment) }

func (a *atomFeed) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", " ")
	err := errors.Join(e.Encode(a), e.Close())
	return append(b.Bytes(), '\n'), err
}

// pageLinks lead to a page: in the language of the feed, which readers open, and
// to the same in the others.
func (s *Site) pageLinks(lang, path string) []atomLink {
	links := []atomLink{{"alternate", "text/html", lang, s.baseURL() + "/" + lang + path}}
	for _, other := range s.Languages() {
		if other != lang {
			links = append(links, atomLink{"related", "text/html", other, s.baseURL() + "/" + other + path})
		}
	}
	return links
}

// atomEntry is a dataset as an entry.
func (s *Site) atomEntry(l *locale, d *catalog.Dataset, agency *catalog.Agency) atomEntry {
	title, description := l.said(d.Title), l.said(d.Description)
	e := atomEntry{
		ID: "urn:uuid:" + d.ID, Title: atomText{title.Lang, title.Text},
		Updated: atomTime(d.Updated), Published: atomTime(d.Created),
		Author: atomPerson{Name: firstOf(d.Publisher, "—")},
	}
	if agency != nil {
		e.Author = atomPerson{l.said(agency.Title).Text, s.baseURL() + "/" + l.lang + agencyPath(agency.Slug)}
	}
	e.Links = append(s.pageLinks(l.lang, datasetPath(d.Slug)), atomLink{"alternate", "application/json", "", s.baseURL() + apiPrefix + datasetPath(d.Slug)})
	for _, t := range d.Themes {
		e.Categories = append(e.Categories, atomCategory{t, l.themeName(t)})
	}
	if text := lead(s.prose.Plain(description.Text), feedSummary); text != "" {
		e.Summary = &atomText{description.Lang, text}
	}
	return e
}

// feedURL is the address of the feed of a search, in the page's language.
func feedURL(lang string, query url.Values) string {
	q := searchOf(query)
	q.Set(paramLang, lang)
	return withQuery("/feeds/search.atom", q)
}
