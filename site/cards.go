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
func (s *Site) card(l *locale, d *catalog.Dataset, agency *catalog.Agency, marks *search.Highlighter) card {
	title, description := l.said(d.Title), l.said(d.Description)
	c := card{
		URL: "/" + l.lang + datasetPath(d.Slug), Title: marked(marks, title.Text), TitleLang: title.Lang,
		Agency: l.agencyLink(agency), Fresh: l.fresh(d, s.Now()), Modified: d.Modified, Period: d.Temporal, SummaryLang: description.Lang,
	}
	plain := s.prose.Plain(description.Text)
	if passage := passage(marks, plain); passage != "" {
		c.Summary = passage
	} else {
		c.Summary = marked(nil, lead(plain, cardSummary))
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
	c.Columns = matchingColumns(d, marks)
	return c
}

// cards are the datasets of a search result as cards and, when wanted, in the
// shape of the API.
func (s *Site) cards(ctx context.Context, l *locale, found *search.Result, shapes bool) ([]card, []DatasetShape, error) {
	ids := make([]string, 0, len(found.Hits))
	for _, h := range found.Hits {
		ids = append(ids, h.ID)
	}
	all, err := s.Catalog.DatasetsByID(ctx, ids, found.Marks != nil && !shapes)
	if err != nil {
		return nil, nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, nil, err
	}
	var cards []card
	shaped := []DatasetShape{}
	for i := range all {
		agency := agencies.byID[all[i].Agency]
		if shapes {
			shaped = append(shaped, s.shapeDataset(&all[i], agency))
		} else {
			cards = append(cards, s.card(l, &all[i], agency, found.Marks))
		}
	}
	return cards, shaped, nil
}
