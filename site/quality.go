package site

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
)

// Addresses of quality, without language.
const (
	qualityPath      = "/quality"
	qualityRowsPath  = qualityPath + "/datasets"
	qualityLinksPath = qualityPath + "/links"
)

func datasetQualityPath(slug string) string { return datasetPath(slug) + "/quality" }

// qualityRoutes are the pages that tell of how much use datasets are.
func qualityRoutes() []Route {
	agency := []Param{{"agency", "param.quality.agency"}}
	return []Route{
		{Path: qualityPath, View: (*Site).quality, Template: "quality", Cost: costSearch, Doc: "api.quality"},
		{Path: qualityRowsPath, View: (*Site).qualityRows, Template: "quality_datasets", Cost: costSearch, Doc: "api.quality.datasets", Params: append(agency, Param{paramAfter, "param.after"})},
		{Path: qualityLinksPath, View: (*Site).qualityLinks, Template: "quality_links", Cost: costSearch, Doc: "api.quality.links", Params: agency},
		{Path: datasetQualityPath("{slug}"), View: (*Site).datasetQuality, Template: "dataset_quality", Doc: "api.quality.dataset"},
		sheetRoute(qualityPath, "api.quality.file", qualityPath, (*Site).qualitySheet),
		sheetRoute(qualityRowsPath, "api.quality.datasets.file", qualityRowsPath, (*Site).qualityRowsSheet, agency...),
		sheetRoute(qualityLinksPath, "api.quality.links.file", qualityLinksPath, (*Site).qualityLinksSheet, agency...),
		{Path: qualityBadgePath("{slug}"), Serve: (*Site).qualityBadge, Doc: "api.badge.quality", Params: []Param{{paramLang, "param.lang"}}, Example: qualityBadgePath("{slug}")},
	}
}

// A qualityView is how the datasets of all agencies are.
type qualityView struct {
	Frame
	Sum      qualitySum
	Agencies []qualityAgency
	Links    []bar // addresses by whether they answer
	Broken   int64
	URLs     struct{ Datasets, Links string }
	Files    []Link
	shape    qualityAnswer
}

// qualityAnswer is the quality of all datasets as the API answers it: results
// are the agencies, the best first.
type qualityAnswer struct {
	Total   int64                    `json:"total"`
	Results []catalog.QualitySummary `json:"results"`
	All     catalog.QualitySummary   `json:"all"`
	Links   map[string]int64         `json:"links"` // addresses by state
	Of      int                      `json:"of"`    // most points
}

// JSON is the quality as the API answers it.
func (v *qualityView) JSON() any { return v.shape }

// A qualitySum is how some datasets are, taken together.
type qualitySum struct {
	Datasets int64
	Points   string // mean
	Bar      bar
	Rating   string // of the mean
	Class    string
	Stars    []bar // datasets by stars, five first
	Ratings  []bar
	Fresh    []bar
	Fixes    []qualityFix
}

// A qualityFix is what would help, and by how much.
type qualityFix struct {
	Key  string
	Gain int64 // points; over several datasets the sum of theirs
}

// A qualityAgency is how the datasets of an agency are.
type qualityAgency struct {
	Agency   Link
	Datasets int64
	Points   string
	Bar      bar
	Overdue  int64
	Open     int64 // datasets with three stars or more
	URL      string
}

// ratingClasses are the colours of ratings; the rating stands beside in words.
var ratingClasses = map[string]string{catalog.RatedExcellent: "ok", catalog.RatedGood: "ok", catalog.RatedSufficient: "warn", catalog.RatedBad: "bad"}

func (s *Site) quality(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	v := &qualityView{Files: sheetFiles(qualityPath), shape: qualityAnswer{Results: []catalog.QualitySummary{}, Of: catalog.MostQuality}}
	v.Frame = Frame{Title: l.Text("quality.title"), Description: l.Text("quality.description"), Section: "datasets", Crumbs: []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}}}
	sum, err := s.Catalog.QualitySummary(ctx, "")
	if err != nil {
		return nil, err
	}
	all, err := s.Catalog.QualityByAgency(ctx)
	if err != nil {
		return nil, err
	}
	links, err := s.Catalog.LinkStates(ctx)
	if err != nil {
		return nil, err
	}
	v.shape.All, v.shape.Links, v.shape.Total = sum, links, int64(len(all))
	v.shape.Results = append(v.shape.Results, all...)
	v.Sum, v.Broken = l.qualitySum(&sum), links[catalog.LinkBroken]
	v.Links = l.counted("quality.link.", linkStates, links)
	for i := range all {
		v.Agencies = append(v.Agencies, l.qualityAgency(&all[i]))
	}
	v.URLs.Datasets, v.URLs.Links = "/"+r.Lang+qualityRowsPath, "/"+r.Lang+qualityLinksPath
	return v, nil
}

// linkStates are the states of addresses, in the order of pages.
var linkStates = []string{catalog.LinkAlive, catalog.LinkMoved, catalog.LinkBroken, catalog.LinkRefused, catalog.LinkNew}

// freshStates are the states of freshness, likewise.
var freshStates = []string{catalog.FreshCurrent, catalog.FreshDue, catalog.FreshOverdue, catalog.FreshEnded, catalog.FreshUnknown}

// counted are counts by keys as bars; prefix and key name their texts.
func (l *locale) counted(prefix string, keys []string, counts map[string]int64) []bar {
	n := make([]int64, len(keys))
	for i, key := range keys {
		n[i] = counts[key]
	}
	return l.heardBars(prefix, keys, n...)
}

func (l *locale) qualitySum(sum *catalog.QualitySummary) qualitySum {
	rating := catalog.RatingOf(int(sum.Points))
	v := qualitySum{Datasets: sum.Datasets, Points: l.Float(sum.Points, 0), Rating: rating, Class: ratingClasses[rating]}
	if sum.Datasets == 0 {
		return v
	}
	v.Bar.setBar(int64(sum.Points), catalog.MostQuality, l.lang)
	most := slices.Max(sum.Stars[:])
	for n := len(sum.Stars) - 1; n >= 0; n-- {
		b := bar{Link: Link{Text: l.Text("quality.stars", "n", int64(n), "of", int64(len(sum.Stars)-1))}}
		b.setBar(sum.Stars[n], most, l.lang)
		v.Stars = append(v.Stars, b)
	}
	v.Ratings = l.counted("quality.rating.", catalog.Ratings, sum.Ratings)
	v.Fresh = l.counted("fresh.", freshStates, sum.Freshness)
	v.Fixes = fixes(sum.Fixes)
	return v
}

// mostFixes is how many steps a page names.
const mostFixes = 5

// fixes are the steps that gain most.
func fixes(checks []catalog.Check) []qualityFix {
	var all []qualityFix
	for _, c := range checks {
		if !c.Got && c.Gain > 0 && len(all) < mostFixes {
			all = append(all, qualityFix{c.Key, int64(c.Gain)})
		}
	}
	slices.SortStableFunc(all, func(a, b qualityFix) int { return cmp.Compare(b.Gain, a.Gain) })
	return all
}

func (l *locale) qualityAgency(q *catalog.QualitySummary) qualityAgency {
	title := l.said(q.Title)
	row := qualityAgency{
		Agency: Link{Text: title.Text, Lang: title.Lang, URL: "/" + l.lang + agencyPath(q.Slug)}, Datasets: q.Datasets, Points: l.Float(q.Points, 0),
		Overdue: q.Freshness[catalog.FreshOverdue], URL: "/" + l.lang + qualityRowsPath + "?agency=" + q.Slug,
	}
	const structured = 3
	for n := structured; n < len(q.Stars); n++ {
		row.Open += q.Stars[n]
	}
	row.Bar.setBar(int64(q.Points), catalog.MostQuality, l.lang)
	return row
}

// qualityAgencyOf is the agency that a list is of, by the parameter agency; nil
// for all.
func (s *Site) qualityAgencyOf(ctx context.Context, slug string) (*catalog.Agency, error) {
	if slug == "" {
		return nil, nil
	}
	a, err := s.Catalog.Agency(ctx, slug)
	return &a, err
}

// agencyQuality is how the datasets of an agency are; nil before anything is
// known of them.
func (s *Site) agencyQuality(ctx context.Context, l *locale, a *catalog.Agency) (*agencyQuality, error) {
	sum, err := s.Catalog.QualitySummary(ctx, a.ID)
	if err != nil || sum.Datasets == 0 {
		return nil, err
	}
	return &agencyQuality{Sum: l.qualitySum(&sum), URL: "/" + l.lang + qualityRowsPath + "?agency=" + a.Slug}, nil
}

// An agencyQuality is the quality of an agency's datasets on its page.
type agencyQuality struct {
	Sum qualitySum
	URL string // of its datasets by quality
}

// pointsOfQuality writes points of catalog.MostQuality.
func (l *locale) pointsOfQuality(points int) string {
	return l.Text("points.of", "x", l.Num(int64(points)), "most", int64(catalog.MostQuality))
}

// afterRows is the address of the rows behind those up to n, where there are
// more.
func afterRows(r *Request, n, total int64) (page, api string) {
	if n >= total {
		return "", ""
	}
	return r.next(strconv.FormatInt(n, 10))
}
