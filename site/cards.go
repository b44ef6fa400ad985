package site

import (
	"context"
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/search"
)

// A card is a dataset in a list.
type card struct {
	URL         string
	Title       template.HTML
	TitleLang   string
	Agency      Link
	Fresh       freshness
	Modified    string
	Rows        int64
	Period      catalog.Interval
	Place       string
	Summary     template.HTML
	SummaryLang string
	Columns     []template.HTML
	Formats     []string
	MoreFormats int
}

// What fits on a card.
const (
	cardSummary = 200
	cardFormats = 6
	cardColumns = 6
	cardPlace   = 60
)

// card makes the card of d, with the words that marks finds marked.
func (s *Site) card(l *locale, d *listed, agency *catalog.Agency, marks *search.Highlighter) card {
	title, plain := l.said(d.Title), l.said(d.plain)
	c := card{
		URL: "/" + l.lang + datasetPath(d.Slug), Title: marked(marks, title.Text), TitleLang: title.Lang,
		Agency: l.agencyLink(agency), Fresh: l.fresh(&d.Dataset, s.Now()), Modified: d.Modified, Period: d.Temporal, SummaryLang: plain.Lang,
	}
	if c.Summary = passage(marks, plain.Text); c.Summary == "" {
		c.Summary = marked(nil, lead(plain.Text, cardSummary))
	}
	if !strings.ContainsAny(d.Spatial, "{[") {
		c.Place = persian.Shorten(d.Spatial, cardPlace)
	}
	seen := map[string]bool{}
	for i := range d.Resources {
		r := &d.Resources[i]
		if r.Edition != nil && r.Edition.HasTable {
			c.Rows += r.Edition.Rows
		}
		if r.Format == "" || r.PartOf != "" || seen[r.Format] {
			continue
		}
		seen[r.Format] = true
		if len(c.Formats) == cardFormats {
			c.MoreFormats++
		} else {
			c.Formats = append(c.Formats, r.Format)
		}
	}
	c.Columns = matchingColumns(d.columns, marks)
	return c
}

// cards are the datasets of a search result as cards and, when wanted, in the
// shape of the API.
func (s *Site) cards(ctx context.Context, l *locale, found *search.Result, shapes bool) ([]card, []DatasetShape, error) {
	ids := make([]string, 0, len(found.Hits))
	for _, h := range found.Hits {
		ids = append(ids, h.ID)
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, nil, err
	}
	all, err := s.listedByID(ctx, ids, !shapes)
	if shapes {
		shaped := make([]DatasetShape, 0, len(all))
		for _, d := range all {
			shaped = append(shaped, s.shapeDataset(&d.Dataset, agencies.byID[d.Agency]))
		}
		return nil, shaped, err
	}
	cards := make([]card, 0, len(all))
	for _, d := range all {
		cards = append(cards, s.card(l, d, agencies.byID[d.Agency], found.Marks))
	}
	return cards, nil, err
}
