package harvesters

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/goccy/go-json"
	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	extensions "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

const (
	acceptFeed   = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"
	maxFeedPages = 1000
)

// walkFeed reads drafts from an Atom or RSS feed, page after page where it says that
// it has more (RFC 5005), or from files of one. A feed shows the newest of what
// there is: an entry that is not in it any more is not gone, unless the feed
// says so (RFC 6721).
func walkFeed(ctx context.Context, v *Visit, yield giver) error {
	v.Window()
	w := &feedWalk{ctx: ctx, visit: v, yield: yield, seen: map[string]bool{}}
	w.ahead = v.Now().UTC().Add(48 * time.Hour) // clocks and zones differ
	if isURL(v.Source.URL) {
		return w.pages()
	}
	return w.files()
}

// A feedWalk is one walk over the pages of a feed.
type feedWalk struct {
	ctx   context.Context
	visit *Visit
	yield giver
	seen  map[string]bool // entries of all pages
	ahead time.Time       // what is dated later lies in the future
	lang  string
	n     int
}

func (w *feedWalk) files() error {
	return w.visit.pieces(w.ctx, func(p *piece) error {
		if !p.ends(".xml", ".atom", ".rss", ".rdf", "") {
			return w.visit.passed(p)
		}
		b, err := p.read()
		if err != nil {
			return err
		}
		if _, err = w.read(b); err != nil && !errors.Is(err, errStop) {
			return then(err, "feed.file", p.name)
		}
		return err
	})
}

func (w *feedWalk) pages() error {
	asked := map[string]bool{}
	for address, n := w.visit.Source.URL, 1; address != ""; n++ {
		if asked[address] || n > maxFeedPages {
			return say("ckan.again", n)
		}
		asked[address] = true
		b, _, err := w.visit.page(w.ctx, Request{URL: address, Accept: acceptFeed})
		if err != nil {
			return then(err, "ckan.page", n)
		}
		next, err := w.read(b)
		if err != nil {
			if !errors.Is(err, errStop) {
				w.visit.pages.bad(address)
			}
			return err
		}
		if address, err = follow(address, next); err != nil {
			return err
		}
	}
	return nil
}

// follow is the address of the next page, which is at the same server.
func follow(from, next string) (string, error) {
	if next == "" {
		return "", nil
	}
	base, err := url.Parse(from)
	if err != nil {
		return "", say("ckan.address", from)
	}
	u, err := base.Parse(next)
	if err != nil || u.Hostname() != base.Hostname() {
		return "", say("feed.next")
	}
	return u.String(), nil
}

// read yields the entries of one page and returns the address of the next.
func (w *feedWalk) read(b []byte) (next string, err error) {
	if len(bytes.TrimSpace(b)) == 0 {
		return "", say("doc.empty")
	}
	var f *gofeed.Feed
	switch gofeed.DetectFeedType(bytes.NewReader(b)) {
	case gofeed.FeedTypeAtom:
		var a *atom.Feed
		if a, err = (&atom.Parser{}).Parse(bytes.NewReader(b)); err == nil {
			for _, l := range a.Links {
				if l.Rel == "next" {
					next = l.Href
				}
			}
			w.lang = languageTag(a.Language)
			f, err = (&gofeed.DefaultAtomTranslator{}).Translate(a)
			addLinks(f, a)
		}
	case gofeed.FeedTypeRSS:
		var r *rss.Feed
		if r, err = (&rss.Parser{}).Parse(bytes.NewReader(b)); err == nil {
			for _, l := range r.Extensions["atom"]["link"] {
				if l.Attrs["rel"] == "next" {
					next = l.Attrs["href"]
				}
			}
			w.lang = languageTag(r.Language)
			f, err = (&gofeed.DefaultRSSTranslator{}).Translate(r)
		}
	default:
		if isHTML(b) {
			return "", say("doc.page")
		}
		return "", say("feed.none")
	}
	if err != nil {
		return "", say("feed.broken", cut(oneLine(err.Error()), 200)).because(err)
	}
	for _, item := range f.Items {
		if err := w.one(item); err != nil {
			return "", err
		}
	}
	return next, w.deleted(f.Extensions)
}

// addLinks keeps the further forms of an entry, which are no enclosures to the
// parser.
func addLinks(f *gofeed.Feed, a *atom.Feed) {
	if f == nil || len(f.Items) != len(a.Entries) {
		return
	}
	for i, e := range a.Entries {
		for _, l := range e.Links {
			if l.Rel == "alternate" && l.Type != "" && l.Href != f.Items[i].Link {
				f.Items[i].Enclosures = append(f.Items[i].Enclosures, &gofeed.Enclosure{URL: l.Href, Length: l.Length, Type: l.Type})
			}
		}
	}
}

// deleted yields the entries of which a page says that they are gone.
func (w *feedWalk) deleted(all extensions.Extensions) error {
	for _, space := range all {
		for _, gone := range space["deleted-entry"] {
			id := oneLine(gone.Attrs["ref"])
			if id == "" || w.seen[id] {
				continue
			}
			w.seen[id] = true
			raw, err := json.Marshal(gone.Attrs)
			if err != nil {
				return err
			}
			if !w.yield(catalog.Record{Noun: nounDraft, Identifier: id, Position: "deleted-entry", Deleted: true, Raw: raw}, nil) {
				return errStop
			}
		}
	}
	return nil
}

// one maps and yields an entry.
func (w *feedWalk) one(item *gofeed.Item) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	w.n++
	m := &mapper{noun: nounDraft, position: fmt.Sprintf("entry %d", w.n)}
	m.identifier = oneLine(cmp.Or(item.GUID, item.Link))
	raw, err := json.Marshal(item)
	if err != nil {
		return err
	}
	var skip *SkipError
	d := &consultation.HarvestedDraft{}
	d.Title = m.shortIn("title", w.lang, name(item.Title), consultation.MaxTitle)
	switch {
	case m.identifier == "":
		skip = m.skip("id", "record.noid")
	case len(m.identifier) > maxIdentifier:
		m.identifier = cut(m.identifier, maxIdentifier)
		skip = m.skip("id", "record.longid", maxIdentifier)
	case w.seen[m.identifier]: // feeds move while they are read
		return nil
	case len(d.Title) == 0:
		skip = m.skip("title", "title.none")
	}
	w.seen[m.identifier] = m.identifier != ""
	if skip != nil {
		return w.yield.give(catalog.Record{}, skip)
	}
	if r, ok := w.visit.same(raw, m.position); ok {
		return w.yield.give(r, nil)
	}
	w.describe(m, item, d)
	return w.yield.give(m.done(raw, d, nil), nil)
}

func (w *feedWalk) describe(m *mapper, item *gofeed.Item, d *consultation.HarvestedDraft) {
	d.Kind = consultation.KindOther
	d.Summary = m.shortIn("summary", w.lang, plain(cmp.Or(strings.TrimSpace(item.Description), item.Content)), consultation.MaxAbout)
	d.Landing = m.link("link", item.Link)
	at := item.UpdatedParsed
	if at == nil {
		at = item.PublishedParsed
	}
	switch {
	case at != nil && at.After(w.ahead): // a date that moves with the clock would be a change in every run
		m.fault("updated", "date.future", at.UTC().Format(time.DateOnly))
	case at != nil:
		d.Modified = stamp(*at)
	case item.Updated+item.Published != "":
		d.Modified = m.date("updated", cmp.Or(item.Updated, item.Published))
	}
	for _, e := range item.Enclosures {
		address := m.link("link", e.URL)
		if address == "" || len(d.Papers) >= maxWords || len(address) > maxIdentifier {
			continue
		}
		media, _, _ := strings.Cut(e.Type, ";")
		d.Papers = append(d.Papers, consultation.Paper{
			Kind: "other", Title: catalog.TitleOf(m.short("link", cmp.Or(oneLine(lastSegment(strings.TrimRight(address, "/"))), address), consultation.MaxTitle)),
			URL: address, Media: cut(cmp.Or(oneLine(media), paperMedia[strings.ToLower(extOf(address))]), maxWord), Size: size(e.Length), Identifier: address,
		})
	}
}
