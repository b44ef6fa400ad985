package site

import (
	"bufio"
	"context"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"

	"github.com/gofiber/fiber/v2"
)

// sitemapDatasets is how many datasets a part of the map holds. Each has an
// address in every language; the protocol allows 50,000 addresses and 50 MB.
const sitemapDatasets = 10_000

// sitemapPart is the address of a part without its number. The parts lie beside
// the index: a map may only tell of what lies below it.
const sitemapPart = "/sitemap-"

const sitemapKind = "application/xml; charset=utf-8"

// serveSitemap answers with the list of the parts.
func (s *Site) serveSitemap(c *fiber.Ctx) error {
	return s.sendDocument(c, "sitemap.xml", sitemapKind, s.writeSitemapIndex)
}

// serveSitemapPart answers with a part: 0 is that of the pages that are no
// datasets, the others have datasets in the order in which they came.
func (s *Site) serveSitemapPart(c *fiber.Ctx) error {
	text := c.Params("part")
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || strconv.Itoa(n) != text {
		return catalog.ErrNotFound
	}
	stats, err := s.Catalog.Stats(c.UserContext())
	if err != nil {
		return err
	}
	if n > 0 && int64(n-1)*sitemapDatasets >= stats.Datasets {
		return catalog.ErrNotFound
	}
	return s.sendDocument(c, "sitemap-"+text+".xml", sitemapKind, func(ctx context.Context, w io.Writer) error {
		if n == 0 {
			return s.writeSitemap(w, func(m *sitemap) error { return s.mapPages(ctx, m) })
		}
		return s.writeSitemap(w, func(m *sitemap) error { return s.mapDatasets(ctx, m, n-1) })
	})
}

// writeSitemapIndex writes the list of the parts, each with the last moment at
// which something in it changed.
func (s *Site) writeSitemapIndex(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriter(w)
	part := func(n int, changed time.Time) {
		out.WriteString("<sitemap><loc>" + escapeXML(s.baseURL()+sitemapPart+strconv.Itoa(n)+".xml") + "</loc>" + lastmod(changed) + "</sitemap>\n")
	}
	out.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	part(0, time.Time{})
	after := ""
	for n := 1; ; n++ {
		posts, err := s.Catalog.Signposts(ctx, after, sitemapDatasets)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			break
		}
		changed := posts[0].Updated
		for i := range posts {
			if posts[i].Updated.After(changed) {
				changed = posts[i].Updated
			}
		}
		part(n, changed)
		after = posts[len(posts)-1].ID
	}
	out.WriteString("</sitemapindex>\n")
	return out.Flush()
}

// A sitemap is a part that is being written.
type sitemap struct {
	out       *bufio.Writer
	base      string
	languages []string
}

func (s *Site) writeSitemap(w io.Writer, fill func(*sitemap) error) error {
	m := &sitemap{bufio.NewWriter(w), s.baseURL(), s.Languages()}
	m.out.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	if err := fill(m); err != nil {
		return err
	}
	m.out.WriteString("</urlset>\n")
	return m.out.Flush()
}

// add adds a page, in each language with the address of the others.
func (m *sitemap) add(path string, changed time.Time) {
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

// mapDatasets adds the datasets of a part, counted from 0.
func (s *Site) mapDatasets(ctx context.Context, m *sitemap, part int) error {
	after, err := s.Catalog.SignpostBefore(ctx, part*sitemapDatasets)
	if err != nil {
		return err
	}
	posts, err := s.Catalog.Signposts(ctx, after, sitemapDatasets)
	for i := range posts {
		m.add(datasetPath(posts[i].Slug), posts[i].Updated)
	}
	return err
}

// mapPages adds the pages that are no datasets.
func (s *Site) mapPages(ctx context.Context, m *sitemap) error {
	drafts, _, err := s.drafts.Drafts(ctx, consultation.DraftFilter{Sort: "-updated", Limit: sitemapDatasets})
	if err != nil {
		return err
	}
	for _, r := range Routes() { //nolint:contextcheck // nothing is served
		if strings.HasPrefix(r.Path, spendingPath) {
			continue
		}
		if r.Template != "" && !strings.Contains(r.Path, "{") && (r.Path != draftsPath && r.Path != pathVerify || len(drafts) > 0) {
			m.add(r.Path, time.Time{})
		}
	}
	if err := s.mapSpending(ctx, m); err != nil {
		return err
	}
	for i := range drafts {
		m.add(draftPath(drafts[i].Slug), drafts[i].Updated)
	}
	questions, _, err := s.Catalog.Questions(ctx, catalog.QuestionFilter{States: []string{catalog.QuestionOpen, catalog.QuestionAnswered}, Limit: sitemapDatasets})
	if err != nil {
		return err
	}
	for i := range questions {
		changed := questions[i].Closed
		if changed.IsZero() {
			changed = questions[i].Opened
		}
		m.add(questionPath(questions[i].ID), changed)
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return err
	}
	for i := range agencies.all {
		m.add(agencyPath(agencies.all[i].Slug), time.Time{})
	}
	sources, err := s.Catalog.Sources(ctx, false)
	for i := range sources {
		m.add(sourcePath(sources[i].Slug), time.Time{})
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
