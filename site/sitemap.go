package site

import (
	"bufio"
	"cmp"
	"context"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"

	"github.com/gofiber/fiber/v2"
)

// How much a part of the map holds: so many things, each with an address in
// every language, and so many addresses. The protocol allows 50,000 addresses
// and 50 MB.
const (
	sitemapThings    = 10_000
	sitemapAddresses = 50_000
)

// A mapSection is things of one kind, which have parts of their own.
type mapSection struct {
	name string // of its parts, before their number
	of   catalog.Signposted
	path func(slug string) string
}

// mapSections is the table of what parts hold.
var mapSections = []mapSection{
	{"", catalog.SignpostedDatasets, datasetPath},
	{"contracts-", contracts.Signposted, contractPath},
	{"parties-", contracts.SignpostedParties, contractPartyPath},
}

// sitemapPart is the address of a part without its name. The parts lie beside
// the index: a map may only tell of what lies below it.
const sitemapPart = "/sitemap-"

const sitemapKind = "application/xml; charset=utf-8"

// serveSitemap answers with the list of the parts.
func (s *Site) serveSitemap(c *fiber.Ctx) error {
	return s.sendDocument(c, "sitemap.xml", sitemapKind, s.writeSitemapIndex)
}

// serveSitemapPart answers with a part: 0 is that of the pages that stand alone,
// the others have the things of a section in the order in which they came.
func (s *Site) serveSitemapPart(c *fiber.Ctx) error {
	part := c.Params("part")
	write := s.mapPages
	if part != "0" {
		section, n, err := sectionOf(part)
		if err != nil {
			return err
		}
		after, err := s.Catalog.SignpostBefore(c.UserContext(), section.of, n*sitemapThings)
		if err != nil {
			return err
		}
		if some, err := s.Catalog.Signposts(c.UserContext(), section.of, after, 1); err != nil || len(some) == 0 {
			return cmp.Or(err, catalog.ErrNotFound)
		}
		write = func(ctx context.Context, m *sitemap) error { return s.mapThings(ctx, m, section, n) }
	}
	return s.sendDocument(c, "sitemap-"+part+".xml", sitemapKind, func(ctx context.Context, w io.Writer) error {
		return s.writeSitemap(w, func(m *sitemap) error { return write(ctx, m) })
	})
}

// sectionOf is the section that a part is of, and which of its parts it is,
// counted from 0.
func sectionOf(part string) (*mapSection, int, error) {
	const most = 100_000
	for i := range mapSections {
		section := &mapSections[i]
		text, ok := strings.CutPrefix(part, section.name)
		if n, err := strconv.Atoi(text); ok && err == nil && 0 < n && n <= most && strconv.Itoa(n) == text {
			return section, n - 1, nil
		}
	}
	return nil, 0, catalog.ErrNotFound
}

// writeSitemapIndex writes the list of the parts, each with the last moment at
// which something in it changed.
func (s *Site) writeSitemapIndex(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	part := func(name string, changed time.Time) {
		out.WriteString("<sitemap><loc>" + escapeXML(s.baseURL()+sitemapPart+name+".xml") + "</loc>" + lastmod(changed) + "</sitemap>\n")
	}
	out.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	part("0", time.Time{})
	for i := range mapSections {
		if err := s.eachPart(ctx, &mapSections[i], part); err != nil {
			return err
		}
	}
	out.WriteString("</sitemapindex>\n")
	return out.Flush()
}

// eachPart tells of the parts of a section.
func (s *Site) eachPart(ctx context.Context, section *mapSection, tell func(name string, changed time.Time)) error {
	after := ""
	for n := 1; ; n++ {
		posts, err := s.Catalog.Signposts(ctx, section.of, after, sitemapThings)
		if err != nil || len(posts) == 0 {
			return err
		}
		changed := posts[0].Updated
		for i := range posts {
			if posts[i].Updated.After(changed) {
				changed = posts[i].Updated
			}
		}
		tell(section.name+strconv.Itoa(n), changed)
		after = posts[len(posts)-1].ID
	}
}

// A sitemap is a part that is being written.
type sitemap struct {
	out       *bufio.Writer
	base      string
	languages []string
	n         int // addresses in it
}

func (s *Site) writeSitemap(w io.Writer, fill func(*sitemap) error) error {
	m := &sitemap{out: bufio.NewWriter(w), base: s.baseURL(), languages: s.Languages()}
	m.out.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	if err := fill(m); err != nil {
		return err
	}
	m.out.WriteString("</urlset>\n")
	return m.out.Flush()
}

// add adds a page, in each language with the address of the others, while there
// is room.
func (m *sitemap) add(path string, changed time.Time) {
	if m.n += len(m.languages); m.n > sitemapAddresses {
		return
	}
	var others strings.Builder
	for _, lang := range m.languages {
		if len(m.languages) == 1 {
			break
		}
		others.WriteString(`<xhtml:link rel="alternate" hreflang="` + lang + `" href="` + escapeXML(m.base+"/"+lang+path) + `"/>`)
	}
	for _, lang := range m.languages {
		m.out.WriteString("<url><loc>" + escapeXML(m.base+"/"+lang+path) + "</loc>" + lastmod(changed) + others.String() + "</url>\n")
	}
}

// mapThings adds those of a part of a section.
func (s *Site) mapThings(ctx context.Context, m *sitemap, section *mapSection, part int) error {
	after, err := s.Catalog.SignpostBefore(ctx, section.of, part*sitemapThings)
	if err != nil {
		return err
	}
	posts, err := s.Catalog.Signposts(ctx, section.of, after, sitemapThings)
	for i := range posts {
		m.add(section.path(posts[i].Slug), posts[i].Updated)
	}
	return err
}

func lastmod(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "<lastmod>" + t.UTC().Format(moment) + "</lastmod>"
}

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// endless are the parameters that make more pages than there are things: a
// crawler gains nothing from them.
var endless = []string{"agency", "theme", "format", "licence", "from", "to", "sort", "_after", "_sort", "_size", "_select", "raw", "with", "at", "provenance", "cluster", "reply"}

// robots lets everybody read everything but the parts that are endless, and
// says where all of it is to be had at once.
func (s *Site) robots(c *fiber.Ctx) error {
	var b strings.Builder
	b.WriteString("# The whole catalogue as one file, for programs:\n#   " + s.baseURL() + "/data.json (DCAT-US 1.1)\n")
	if s.Snapshots != nil {
		b.WriteString("#   " + s.baseURL() + "/catalog.sqlite (SQLite)\n")
	}
	b.WriteString("# New and changed datasets: " + s.baseURL() + "/feeds/changed.atom\n\nUser-agent: *\nDisallow: /api/\n")
	for _, lang := range catalog.Languages {
		b.WriteString("Disallow: /" + lang + "/datasets/*/table?\n")
	}
	b.WriteString("Disallow: /feeds/search.atom\nDisallow: /*/diff\n")
	for _, name := range endless {
		b.WriteString("Disallow: /*?" + name + "=\nDisallow: /*?*&" + name + "=\n")
	}
	b.WriteString("\nSitemap: " + s.baseURL() + "/sitemap.xml\n")
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(b.String())
}
