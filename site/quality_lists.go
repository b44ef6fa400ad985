package site

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// What a page of these lists holds.
const (
	qualityPageRows = 100
	qualityMostRows = 1 << 30 // of a file: all
)

// A qualityRowsView is datasets by quality, those first that need most.
type qualityRowsView struct {
	Frame
	Agency  Link // that they are of; empty for all
	Rows    []qualityDatasetRow
	Total   int64
	NextURL string
	Files   []Link
	shape   List[catalog.QualityRow]
}

// A qualityDatasetRow is a dataset in a list by quality.
type qualityDatasetRow struct {
	Dataset Link
	Agency  Link
	Stars   starsView
	Points  string
	Bar     bar
	Fresh   freshness // its state
	URL     string
}

// JSON is the datasets as the API answers them.
func (v *qualityRowsView) JSON() any { return v.shape }

func (s *Site) qualityRows(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agency, err := s.qualityAgencyOf(ctx, r.Query.Get("agency"))
	if err != nil {
		return nil, err
	}
	after, err := afterNumber(r)
	if err != nil {
		return nil, err
	}
	id := ""
	v := &qualityRowsView{Files: sheetFiles(withQuery(qualityRowsPath, keepOnly(r.Query, "agency")))}
	if agency != nil {
		id, v.Agency = agency.ID, l.agencyLink(agency)
	}
	rows, total, err := s.Catalog.QualityRows(ctx, id, int(min(after, qualityMostRows)), qualityPageRows)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v.Total = total
	v.shape = List[catalog.QualityRow]{Total: total, Results: append([]catalog.QualityRow{}, rows...)}
	v.NextURL, v.shape.Next = afterRows(r, after+int64(len(rows)), total)
	for i := range rows {
		v.Rows = append(v.Rows, l.qualityDatasetRow(&rows[i], agencies))
	}
	v.Frame = l.qualityFrame(r, l.Text("quality.datasets.title"), l.Text("quality.datasets.description"), v.Agency)
	return v, nil
}

func (l *locale) qualityDatasetRow(q *catalog.QualityRow, agencies agencyList) qualityDatasetRow {
	title := l.said(q.Title)
	row := qualityDatasetRow{
		Dataset: Link{Text: firstOf(title.Text, q.Slug), Lang: title.Lang, URL: "/" + l.lang + datasetPath(q.Slug)}, Agency: l.agencyLink(agencies.byID[q.Agency]),
		Stars: starsOf(q.Stars), Points: l.pointsOfQuality(q.Points), Fresh: freshness{Freshness: catalog.Freshness{State: q.Freshness}, Class: freshClasses[q.Freshness]}, URL: "/" + l.lang + datasetQualityPath(q.Slug),
	}
	row.Bar.setBar(int64(q.Points), catalog.MostQuality, l.lang)
	return row
}

// qualityFrame is the frame of a list of an agency or all.
func (l *locale) qualityFrame(r *Request, title, description string, agency Link) Frame {
	f := Frame{
		Title: title, Description: description, Section: "datasets",
		Crumbs: []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: l.Text("quality.title"), URL: "/" + r.Lang + qualityPath}},
		State:  keepOnly(r.Query, "agency").Encode(),
	}
	if agency.Text != "" {
		f.Title = l.Text("quality.of", "what", f.Title, "name", agency.Text)
	}
	return f
}

// A qualityLinksView is addresses that do not answer.
type qualityLinksView struct {
	Frame
	Agency Link
	Rows   []brokenRow
	Total  int64
	Files  []Link
	shape  List[catalog.Link]
}

// A brokenRow is an address that does not answer, and who points to it.
type brokenRow struct {
	Address string
	Dataset Link
	Since   time.Time
	Checked time.Time
	Status  int64
	Link    catalog.Link
}

// JSON is the addresses as the API answers them.
func (v *qualityLinksView) JSON() any { return v.shape }

func (s *Site) qualityLinks(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agency, err := s.qualityAgencyOf(ctx, r.Query.Get("agency"))
	if err != nil {
		return nil, err
	}
	id := ""
	v := &qualityLinksView{Files: sheetFiles(withQuery(qualityLinksPath, keepOnly(r.Query, "agency")))}
	if agency != nil {
		id, v.Agency = agency.ID, l.agencyLink(agency)
	}
	const most = 500
	links, total, err := s.Catalog.BrokenLinks(ctx, id, most)
	if err != nil {
		return nil, err
	}
	v.Total, v.shape = total, List[catalog.Link]{Total: total, Results: append([]catalog.Link{}, links...)}
	for i := range links {
		b := &links[i]
		title := l.said(b.Title)
		v.Rows = append(v.Rows, brokenRow{
			Address: b.URL, Dataset: Link{Text: firstOf(title.Text, b.Dataset), Lang: title.Lang, URL: "/" + l.lang + datasetPath(b.Dataset)},
			Since: b.Since, Checked: b.Checked, Status: int64(b.Status), Link: *b,
		})
	}
	v.Frame = l.qualityFrame(r, l.Text("quality.links.title"), l.Text("quality.links.description"), v.Agency)
	return v, nil
}

// qualitySheet is the agencies with how their datasets are.
func (s *Site) qualitySheet(c *fiber.Ctx) (*sheet, error) {
	all, err := s.Catalog.QualityByAgency(c.UserContext())
	if err != nil {
		return nil, err
	}
	t := newSheet("quality", datasets.Schema{
		textColumn("agency", "Agency"), textColumn("agency_fa", "Name (fa)"), textColumn("agency_en", "Name (en)"), wholeColumn("datasets", "Datasets"), floatColumn("points", "Mean points of 405"),
		wholeColumn("stars_0", "No star"), wholeColumn("stars_1", "1 star"), wholeColumn("stars_2", "2 stars"), wholeColumn("stars_3", "3 stars"), wholeColumn("stars_4", "4 stars"), wholeColumn("stars_5", "5 stars"),
		wholeColumn("current", "Current"), wholeColumn("due", "Due"), wholeColumn("overdue", "Overdue"), wholeColumn("ended", "Ended"), wholeColumn("unknown", "Unknown"),
	})
	for i := range all {
		q := &all[i]
		values := []any{q.Slug, q.Title["fa"], q.Title["en"], q.Datasets, q.Points}
		for _, n := range q.Stars {
			values = append(values, n)
		}
		for _, state := range freshStates {
			values = append(values, q.Freshness[state])
		}
		t.row(values...)
	}
	return t, nil
}

// qualityRowsSheet is the datasets of an agency, or all, by quality.
func (s *Site) qualityRowsSheet(c *fiber.Ctx) (*sheet, error) {
	ctx, id, name := c.UserContext(), "", "quality-datasets"
	agency, err := s.qualityAgencyOf(ctx, c.Query("agency"))
	if err != nil {
		return nil, err
	}
	if agency != nil {
		id, name = agency.ID, agency.Slug+"-"+name
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	rows, _, err := s.Catalog.QualityRows(ctx, id, 0, qualityMostRows)
	if err != nil {
		return nil, err
	}
	t := newSheet(name, datasets.Schema{
		textColumn("dataset", "Dataset"), textColumn("title_fa", "Title (fa)"), textColumn("title_en", "Title (en)"), textColumn("agency", "Agency"), wholeColumn("stars", "Stars of 5"),
		wholeColumn("points", "Points of 405"), textColumn("rating", "Rating"), textColumn("freshness", "Freshness"),
	})
	for i := range rows {
		q, slug := &rows[i], ""
		if a := agencies.byID[q.Agency]; a != nil {
			slug = a.Slug
		}
		t.row(q.Slug, q.Title["fa"], q.Title["en"], slug, q.Stars, q.Points, catalog.RatingOf(q.Points), q.Freshness)
	}
	return t, nil
}

// qualityLinksSheet is the addresses that do not answer, of an agency or all.
func (s *Site) qualityLinksSheet(c *fiber.Ctx) (*sheet, error) {
	ctx, id, name := c.UserContext(), "", "broken-links"
	agency, err := s.qualityAgencyOf(ctx, c.Query("agency"))
	if err != nil {
		return nil, err
	}
	if agency != nil {
		id, name = agency.ID, agency.Slug+"-"+name
	}
	links, _, err := s.Catalog.BrokenLinks(ctx, id, qualityMostRows)
	if err != nil {
		return nil, err
	}
	t := newSheet(name, datasets.Schema{
		textColumn("url", "Address"), textColumn("dataset", "Dataset"), wholeColumn("status", "Status of the last answer"), wholeColumn("fails", "Failures in a row"), instantColumn("since", "Broken since"), instantColumn("checked", "Last looked at"),
	})
	for i := range links {
		b := &links[i]
		t.row(b.URL, b.Dataset, some(b.Status), b.Fails, b.Since, b.Checked)
	}
	return t, nil
}
