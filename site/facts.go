package site

import (
	"context"
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// isolated is a text of the data within a page's sentence.
func isolated(s string) template.HTML {
	return template.HTML("<bdi>" + template.HTMLEscapeString(s) + "</bdi>") //nolint:gosec // escaped
}

// link is a link with text of the data; outside is for addresses that a source
// gave.
func link(url, text string, outside bool) template.HTML {
	rel, dir := "", ""
	if outside {
		rel, dir = ` rel="nofollow ugc noopener"`, ` dir="ltr"`
	}
	return template.HTML(`<a href="` + template.HTMLEscapeString(url) + `"` + rel + `><bdi` + dir + `>` + //nolint:gosec // escaped
		template.HTMLEscapeString(text) + `</bdi></a>`)
}

// A factList collects facts that have a value.
type factList []fact

func (f *factList) add(key string, value template.HTML) {
	if value != "" {
		*f = append(*f, fact{key, value})
	}
}

func (f *factList) text(key, value string) {
	if value != "" {
		f.add(key, isolated(value))
	}
}

func (f *factList) outside(key, url string) {
	if webAddress(url) != "" {
		f.add(key, link(url, hostOf(url), true))
	}
}

// datasetFacts are the facts of d that a reader asks for first.
func (s *Site) datasetFacts(ctx context.Context, l *locale, d *catalog.Dataset) ([]fact, error) {
	var f factList
	f.add("period", l.Period(d.Temporal.Start, d.Temporal.End))
	if d.Spatial != "" && !strings.ContainsAny(d.Spatial, "{[") {
		f.text("spatial", d.Spatial)
	}
	if p, _, ok := catalog.FrequencyOf(d.Frequency); ok {
		f.text("frequency", l.every(p))
	}
	if d.Issued != "" {
		f.add("issued", l.Date(d.Issued))
	}
	if d.Modified != "" {
		f.add("modified", l.Date(d.Modified))
	}
	var names []string
	for _, tag := range d.Languages {
		names = append(names, firstOf(languageNames[tag], tag))
	}
	f.text("language", strings.Join(names, l.Text("list.comma")+" "))
	var themes []string
	for _, t := range d.Themes {
		themes = append(themes, string(link(searchURL(l.lang, search.FacetTheme, t), l.themeName(t), false)))
	}
	f.add("theme", template.HTML(strings.Join(themes, l.Text("list.comma")+" "))) //nolint:gosec // escaped above
	f.outside("landing", d.LandingPage)
	if d.Source != "" {
		sources, err := s.sources.get(ctx, s.Catalog, s.Catalog.SourceNames, catalog.NounSource)
		if err != nil {
			return nil, err
		}
		if src := sources[d.Source]; catalog.Visible(src.State) {
			f.add("source", link("/"+l.lang+sourcePath(src.Slug), firstOf(l.said(src.Title).Text, src.Slug), false))
		}
	}
	for i := range d.Resources {
		if err := s.addStands(ctx, l, &d.Resources[i], &f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// A metaRow is one field of the full metadata.
type metaRow struct {
	Key    string // of its label: meta.…
	Values []Link // Lang "code" where the text is one
}

// codeLang marks a value that is written from left to right whatever is in it.
const codeLang = "code"

// A metaList collects fields that have a value.
type metaList []metaRow

// add adds a field with the values that are not empty.
func (m *metaList) add(key string, values ...string) { m.put(key, "", values) }

// code adds a field whose value is written from left to right.
func (m *metaList) code(key, value string) { m.put(key, codeLang, []string{value}) }

func (m *metaList) put(key, lang string, values []string) {
	row := metaRow{Key: key}
	for _, v := range values {
		if v != "" {
			row.Values = append(row.Values, Link{Text: v, Lang: lang, URL: webAddress(v)})
		}
	}
	if len(row.Values) > 0 {
		*m = append(*m, row)
	}
}

// metadata are all fields of d that have a value.
func (l *locale) metadata(d *catalog.Dataset, agency *catalog.Agency) []metaRow {
	var rows metaList
	add, code := rows.add, rows.code
	code("id", d.ID)
	code("identifier", d.Identifier)
	for _, lang := range catalog.Languages {
		add("title", d.Title[lang])
	}
	if agency != nil {
		add("agency", l.said(agency.Title).Text)
	}
	add("publisher", d.Publisher)
	add("keywords", d.Keywords...)
	add("themes", d.Themes...)
	code("licence", d.Licence)
	add("rights", d.Rights)
	add("access", d.AccessLevel)
	add("spatial", d.Spatial)
	code("temporal", strings.Trim(d.Temporal.Start+"/"+d.Temporal.End, "/"))
	code("frequency", d.Frequency)
	add("languages", d.Languages...)
	code("issued", d.Issued)
	code("modified", d.Modified)
	add("contact", d.Contact.Name, d.Contact.Email)
	code("landing", d.LandingPage)
	add("references", d.References...)
	add("conforms", d.ConformsTo...)
	code("described", d.DescribedBy)
	add("partof", d.PartOf)
	code("created", stamp(d.Created))
	code("updated", stamp(d.Updated))
	code("missing", stamp(d.Missing))
	return rows
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(moment)
}
