package site

import (
	"errors"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// How much of everything the home page shows.
const (
	homeNewest   = 6
	homeAgencies = 6
	homeThemes   = 8
)

// A homeView is the first page.
type homeView struct {
	Frame
	Themes   []Link
	Numbers  []number
	Newest   []card
	Open     []draftRow // drafts that take comments
	Agencies []bar

	stats   catalog.Stats
	newest  []DatasetShape
	open    []DraftShape
	removed int64 // in the last week
}

// A number is a count that leads to the list of what it counts.
type number struct {
	Key string
	N   int64
	URL string
}

// A bar is a name with a number and how long the bar of the number is, in
// parts of a hundred, and where it begins: at the side where the line does.
type bar struct {
	Link
	N, Count       int64
	BarX, BarWidth float64
}

// setBar gives the bar its length.
func (b *bar) setBar(n, most int64, lang string) {
	const whole = 100
	b.N, b.Count = n, n
	if most > 0 {
		b.BarWidth = float64(n) * whole / float64(most)
	}
	if direction(lang) == "rtl" {
		b.BarX = whole - b.BarWidth
	}
}

// JSON is what the catalogue holds and what changed last.
func (v *homeView) JSON() any {
	return struct {
		Stats  catalog.Stats  `json:"stats"`
		Newest []DatasetShape `json:"newest"`
		Open   []DraftShape   `json:"open_drafts"`
		Week   int64          `json:"removed_this_week"`
	}{v.stats, v.newest, v.open, v.removed}
}

func (s *Site) home(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	v := &homeView{newest: []DatasetShape{}, open: []DraftShape{}}
	v.Frame = Frame{Title: l.Text("site.name") + " — " + l.Text("home.title"), Description: l.Text("home.description")}
	v.Feeds = []Link{{Text: l.Text("feed.changed.title"), URL: "/feeds/changed.atom?lang=" + r.Lang}, {Text: l.Text("feed.new.title"), URL: "/feeds/new.atom?lang=" + r.Lang}}
	var err error
	if v.stats, err = s.Catalog.Stats(ctx); err != nil {
		return nil, err
	}
	if v.removed, err = s.Catalog.RemovedSince(ctx, s.Now().Add(-week)); err != nil {
		return nil, err
	}
	agencies, err := s.agencies.count(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	if err := s.openDrafts(ctx, l, v, agencies); err != nil || v.stats.Datasets == 0 {
		return v, err
	}
	newest, err := s.Catalog.Newest(ctx, homeNewest)
	if err != nil {
		return nil, err
	}
	for i := range newest {
		agency := agencies.byID[newest[i].Agency]
		v.Newest = append(v.Newest, s.card(l, s.listedOf(&newest[i], nil), agency, nil))
		v.newest = append(v.newest, s.shapeDataset(&newest[i], agency))
	}
	v.Numbers = []number{
		{"datasets", v.stats.Datasets, "/" + r.Lang + "/datasets"},
		{"agencies", v.stats.Agencies, "/" + r.Lang + "/agencies"},
		{"sources", v.stats.Sources, "/" + r.Lang + "/sources"},
		{"tables", v.stats.Tables, ""},
		{"rows", v.stats.Rows, ""},
	}
	if v.removed > 0 {
		v.Numbers = append(v.Numbers, number{"removed", -v.removed, "/" + r.Lang + "/removed"})
	}
	v.Agencies = l.largest(agencies.all)
	v.Themes, err = s.themes(r, l)
	return v, err
}

// largest are the agencies with the most datasets, as bars.
func (l *locale) largest(all []catalog.Agency) []bar {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b catalog.Agency) int { return int(b.Datasets - a.Datasets) })
	var bars []bar
	for i := range sorted[:min(len(sorted), homeAgencies)] {
		if sorted[i].Datasets == 0 {
			break
		}
		b := bar{Link: l.agencyLink(&sorted[i])}
		b.setBar(sorted[i].Datasets, sorted[0].Datasets, l.lang)
		bars = append(bars, b)
	}
	return bars
}

// themes are the most frequent themes, each a link to its datasets.
func (s *Site) themes(r *Request, l *locale) ([]Link, error) {
	found, err := s.Index.Search(r.Context(), search.Query{Kind: catalog.NounDataset, Size: 1, Facets: true, FacetValues: homeThemes, Lang: l.lang})
	if errors.Is(err, search.ErrRebuilding) {
		return nil, nil // the page does without
	}
	if err != nil {
		return nil, err
	}
	var links []Link
	for _, f := range found.Facets {
		if f.Name != search.FacetTheme {
			continue
		}
		for _, value := range f.Values[:min(len(f.Values), homeThemes)] {
			links = append(links, Link{Text: l.themeName(value.Value), URL: searchURL(l.lang, search.FacetTheme, value.Value)})
		}
	}
	return links, nil
}
