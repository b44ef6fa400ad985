package site

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A citation is how to name data in a text. It names the edition, where there is
// one to name, so that who reads the text finds the same rows.
type citation struct {
	InLine template.HTML `json:"-"`
	Full   template.HTML `json:"-"`
	BibTeX string        `json:"bibtex"`
	URL    string        `json:"url"` // permanent
}

// A cited is what is cited: a dataset, or a file or table of it in the state of
// an edition.
type cited struct {
	dataset  *catalog.Dataset
	agency   *catalog.Agency
	resource *catalog.Resource // nil: the dataset as a whole
	edition  *catalog.Edition  // nil: as it was today
	alone    bool              // the dataset has no more than the resource
	view     string            // address, without language, of the view of the edition that is cited; empty: all of it
	what     template.HTML     // what the view shows, where it is not the whole table
}

// citedDataset is a dataset as it is cited: by the edition of its one table or
// file where it has no more than that.
func citedDataset(d *catalog.Dataset, agency *catalog.Agency) cited {
	c := cited{dataset: d, agency: agency, alone: len(d.Resources) == 1}
	all := d.Tables()
	if len(all) == 0 {
		for i := range d.Resources {
			if r := &d.Resources[i]; r.Edition != nil {
				all = append(all, r)
			}
		}
	}
	if len(all) == 1 {
		c.resource, c.edition = all[0], all[0].Edition
	}
	return c
}

// shortDigest is how many digits of a digest name an edition to people.
const shortDigest = 12

// cite writes the citations of c in the language of l.
func (s *Site) cite(l *locale, c cited) citation {
	d := c.dataset
	title := l.said(d.Title).Text
	if c.resource != nil && !c.alone {
		if label := c.resource.Label(l.lang); label != title {
			title += ": " + label
		}
	}
	who := d.Publisher
	if c.agency != nil {
		who = l.said(c.agency.Title).Text
	}
	who = firstOf(who, "—")
	out := citation{URL: s.baseURL() + datasetPath(d.Slug)}
	key, args := "cite.full", []any{"agency", who, "year", l.yearOf(c.published()), "title", title, "date", l.DayTime(s.Now()), "site", l.Text("site.name")}
	if c.edition != nil {
		key = "cite.full.edition"
		switch {
		case catalog.IsBuiltin(d.ID): // its editions are not kept
		case c.view != "":
			out.URL = s.baseURL() + c.view
		default:
			out.URL = s.baseURL() + editionPath(d.Slug, c.resource.ID, c.edition.Digest)
		}
		if c.what != "" {
			key = "cite.full.view"
			args = append(args, "what", c.what)
			title += ": " + plainText(c.what)
		}
		args = append(args, "digest", code(c.edition.Digest[:min(shortDigest, len(c.edition.Digest))]), "since", l.DayTime(c.edition.Since))
	}
	args = append(args, "url", template.HTML(`<bdi dir="ltr">`+template.HTMLEscapeString(out.URL)+`</bdi>`)) //nolint:gosec // escaped
	out.Full = l.HTML(key, args...)
	out.InLine = l.HTML("cite.inline", args[:4]...)
	out.BibTeX = c.bibTeX(who, title, l.Text("site.name"), out.URL, s.Now())
	return out
}

// published is the day that the data is of: as its source says, else as it was
// seen here.
func (c *cited) published() time.Time {
	t, precision := parseISO(firstOf(c.dataset.Modified, c.dataset.Issued))
	switch {
	case precision != precisionNone:
		return t
	case c.edition != nil:
		return c.edition.Since
	default:
		return c.dataset.Updated
	}
}

// bibTeX writes an entry for BibTeX and biblatex. Years and days are of the
// Gregorian calendar there.
func (c *cited) bibTeX(who, title, site, url string, now time.Time) string {
	year := strconv.Itoa(c.published().UTC().Year())
	key := persian.CutBytes(c.dataset.Slug, 60) + "-" + year
	var b strings.Builder
	field := func(name, value string) { b.WriteString("  " + name + " = {" + value + "},\n") }
	field("author", "{"+texText(who)+"}")
	field("title", "{"+texText(title)+"}")
	field("year", year)
	field("publisher", texText(site))
	if c.edition == nil {
		field("url", texURL(url))
		field("urldate", now.UTC().Format(time.DateOnly))
	} else {
		digest := c.edition.Digest[:min(shortDigest, len(c.edition.Digest))]
		key += "-" + digest[:min(8, len(digest))]
		field("version", digest)
		field("date", c.edition.Since.UTC().Format(time.DateOnly))
		field("url", texURL(url))
	}
	return "@misc{" + key + ",\n" + b.String() + "}"
}

// texText writes a text for TeX. Braces would end the field, whatever stands
// before them.
func texText(s string) string { return texSigns.Replace(s) }

var texSigns = strings.NewReplacer(`\`, `\textbackslash `, "{", "(", "}", ")", "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde `, "^", `\textasciicircum `, "\n", " ")

// texURL escapes in an address what no field may hold.
func texURL(s string) string { return texBraces.Replace(s) }

var texBraces = strings.NewReplacer("{", "%7B", "}", "%7D")

// editionPath is the permanent address of an edition, without language.
func editionPath(slug, id, digest string) string {
	return resourcePath(slug, id) + "/editions/" + digest
}
