package site

import (
	"context"
	"errors"
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

func qualityBadgePath(slug string) string { return "/badges/quality/" + slug + ".svg" }

// mostStars is how many stars open data can have.
const mostStars = 5

// A starsView is stars as a page shows them: drawn, and in words.
type starsView struct {
	N     int64
	Drawn string
}

func starsOf(n int) starsView {
	n = max(0, min(n, mostStars))
	return starsView{int64(n), strings.Repeat("★", n) + strings.Repeat("☆", mostStars-n)}
}

// A qualityCard is the quality of a dataset on its page.
type qualityCard struct {
	Stars      starsView
	Lacks      string // what keeps it from one more; empty for five
	Points     string
	Rating     string
	Class      string
	Dimensions []qualityDimension
	Best       *qualityFix // the step that gains most
	URL        string      // of all of it
}

// A qualityDimension is the points of a dataset in one dimension.
type qualityDimension struct {
	Key    string
	Points string // "70 of 100"
	Bar    bar
}

// A QualityShape is the quality of a dataset in the API, in short.
type QualityShape struct {
	Stars  int    `json:"stars"`
	Points int    `json:"points"`
	Of     int    `json:"of"`
	Rating string `json:"rating"`
	URL    string `json:"url"` // of all of it
}

// qualityCard is the quality of a dataset; nil before it was assessed.
func (s *Site) qualityCard(ctx context.Context, l *locale, d *catalog.Dataset) (*qualityCard, error) {
	a, err := s.Catalog.QualityOf(ctx, d.ID)
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.qualityCardOf(l, d, &a), nil
}

// qualityShape is the quality of a dataset in the API; nil before it was assessed.
func (s *Site) qualityShape(slug string, r catalog.Rating) *QualityShape {
	if !r.Known {
		return nil
	}
	return &QualityShape{r.Stars, r.Points, catalog.MostQuality, catalog.RatingOf(r.Points), s.baseURL() + apiPrefix + datasetQualityPath(slug)}
}

func (s *Site) qualityCardOf(l *locale, d *catalog.Dataset, a *catalog.Assessment) *qualityCard {
	c := &qualityCard{
		Stars: starsOf(a.Stars), Lacks: lacks(a), Points: l.pointsOfQuality(a.Points), Rating: a.Rating, Class: ratingClasses[a.Rating], URL: "/" + l.lang + datasetQualityPath(d.Slug),
	}
	for _, dimension := range catalog.Dimensions {
		row := qualityDimension{Key: dimension}
		got, most := int64(0), int64(0)
		for _, m := range a.Metrics {
			if m.Dimension == dimension {
				got, most = got+int64(m.Got), most+int64(m.Points)
			}
		}
		row.Points = l.Text("points.of", "x", got, "most", most)
		row.Bar.setBar(got, most, l.lang)
		c.Dimensions = append(c.Dimensions, row)
	}
	if steps := fixes(a.Checks(d)); len(steps) > 0 {
		c.Best = &steps[0]
	}
	return c
}

// lacks is what keeps the best file of a dataset from one more star.
func lacks(a *catalog.Assessment) string {
	for _, f := range a.Files {
		if f.Stars == a.Stars {
			return f.Lacks
		}
	}
	return ""
}

// A datasetQualityView is all that the quality of a dataset follows from.
type datasetQualityView struct {
	Frame
	Title   said
	Card    *qualityCard // nil before it was assessed
	Fresh   freshness
	Metrics []metricRow
	Checks  []catalogCheck
	Files   []starsRow
	Badge   template.HTML
	Code    string
	shape   catalog.Assessment
}

// A metricRow is a metric with what came out.
type metricRow struct {
	Dimension string
	Key       string
	Got, Most int64
	Bar       bar
	Fix       string
}

// A catalogCheck is a step that the publisher can take.
type catalogCheck struct {
	Key  string
	Got  bool
	Gain int64
}

// A starsRow is the stars of a file.
type starsRow struct {
	Name  string
	URL   string
	Stars starsView
	Lacks string
}

// JSON is the assessment as the API answers it.
func (v *datasetQualityView) JSON() any { return v.shape }

func (s *Site) datasetQuality(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.Catalog.Dataset(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	title := l.said(d.Title)
	v := &datasetQualityView{Title: title, Fresh: l.fresh(&d, s.Now())}
	v.Frame = Frame{
		Title: l.Text("quality.title.of", "name", title.Text), Description: l.Text("quality.description.of", "name", title.Text), Section: "datasets",
		Crumbs: []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + datasetPath(d.Slug)}},
	}
	v.shape = catalog.Assessment{Dataset: d.ID, Agency: d.Agency, Files: []catalog.Stars{}, Metrics: []catalog.Metric{}}
	a, err := s.Catalog.QualityOf(ctx, d.ID)
	if errors.Is(err, catalog.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	v.shape, v.Card = a, s.qualityCardOf(l, &d, &a)
	v.fill(l, &d, &a)
	badge := l.qualityBadge(title.Text, &a)
	v.Badge, v.Code = badge.shown(), s.badgeCode(qualityBadgePath(d.Slug)+"?lang="+r.Lang, "/"+r.Lang+datasetQualityPath(d.Slug), badge.title)
	return v, nil
}

// fill adds the rows that the assessment consists of.
func (v *datasetQualityView) fill(l *locale, d *catalog.Dataset, a *catalog.Assessment) {
	for _, m := range a.Metrics {
		row := metricRow{Dimension: m.Dimension, Key: m.Key, Got: int64(m.Got), Most: int64(m.Points), Fix: m.Fix}
		row.Bar.setBar(row.Got, row.Most, l.lang)
		v.Metrics = append(v.Metrics, row)
	}
	for _, c := range a.Checks(d) {
		v.Checks = append(v.Checks, catalogCheck{c.Key, c.Got, int64(c.Gain)})
	}
	named := map[string]*catalog.Resource{}
	for i := range d.Resources {
		named[d.Resources[i].ID] = &d.Resources[i]
	}
	for _, f := range a.Files {
		if r := named[f.Resource]; r != nil {
			v.Files = append(v.Files, starsRow{r.Label(l.lang), "/" + l.lang + resourcePath(d.Slug, r.ID), starsOf(f.Stars), f.Lacks})
		}
	}
}

// qualityBadge is the quality of a dataset as a badge; a is nil before it was
// assessed.
func (l *locale) qualityBadge(name string, a *catalog.Assessment) badge {
	b := badge{lang: l.lang, label: l.Text("badge.quality"), value: l.Text("points.none"), class: "idle", title: l.Text("badge.quality.none", "name", name)}
	if a != nil {
		stars := starsOf(a.Stars)
		b.value, b.class = stars.Drawn+" "+l.pointsOfQuality(a.Points), ratingClasses[a.Rating]
		b.title = l.Text("badge.quality.title", "name", name, "stars", l.Text("quality.stars", "n", stars.N, "of", int64(mostStars)), "points", l.pointsOfQuality(a.Points))
	}
	return b
}

// qualityBadge answers with the badge of a dataset.
func (s *Site) qualityBadge(c *fiber.Ctx) error {
	d, err := s.Catalog.Dataset(c.UserContext(), c.Params("slug"))
	if err != nil {
		return err
	}
	a, err := s.Catalog.QualityOf(c.UserContext(), d.ID)
	if err != nil && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	assessed := &a
	if err != nil {
		assessed = nil
	}
	l, err := s.badgeLocale(c)
	if err != nil {
		return err
	}
	made := l.qualityBadge(l.said(d.Title).Text, assessed)
	return s.sendBadge(c, &made)
}
