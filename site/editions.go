package site

import (
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

// editionsPerPage is how many editions a page of the list shows; the API has
// all of them in one answer.
const editionsPerPage = 50

// diffRoute is the whole difference between two editions as a file.
func diffRoute() Route {
	return Route{
		Path: "/datasets/{slug}/resources/{id}/editions/{digest}/diff.{ext}", Serve: (*Site).serveDiff, Cost: costCompare, Doc: "api.diff_table",
		Params: []Param{{paramWith, "param.with"}}, Example: "/datasets/{compared}/resources/{compared_table}/editions/{compared_digest}/diff.csv",
	}
}

// permanentRoutes are the addresses of things without a language, as citations
// have them. They lead to the page in a language of the reader's.
func permanentRoutes() []Route {
	return []Route{
		{Path: "/datasets/{slug}/resources/{id}/editions/{digest}", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}/resources/{id}/editions", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}/resources/{id}", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}/table", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}", Serve: (*Site).unspoken},
	}
}

// An editionShape is an edition in the API.
type editionShape struct {
	Digest   string    `json:"digest"`
	Since    time.Time `json:"since"`
	Current  bool      `json:"current"`
	HasTable bool      `json:"has_table"`
	Rows     int64     `json:"rows"`
	Size     int64     `json:"size"`
	File     string    `json:"file"`
	URL      string    `json:"url"` // permanent
}

func (s *Site) editionShape(slug, current string, e *catalog.Edition) editionShape {
	return editionShape{
		e.Digest, e.Since, e.Digest == current, e.HasTable, e.Rows, e.Size, e.File,
		s.baseURL() + editionPath(slug, e.Resource, e.Digest),
	}
}

// editionShapes are the editions of a resource, of which current is the one
// that is served as its data.
func (s *Site) editionShapes(slug, current string, all []catalog.Edition) []editionShape {
	shapes := []editionShape{}
	for i := range all {
		shapes = append(shapes, s.editionShape(slug, current, &all[i]))
	}
	return shapes
}

// An editionRow is an edition in the list.
type editionRow struct {
	Since     time.Time
	URL       string
	Digest    string // its first digits
	Whole     string
	HasTable  bool
	Rows      int64
	Size      int64
	Current   bool
	First     bool // there was none before it
	Change    string
	Columns   string // what became of the columns since the one before
	DiffURL   string
	Downloads []download
}

// An editionsView is the editions of a file or table.
type editionsView struct {
	Frame
	Name     string
	Sentence string
	Retired  bool
	Rows     []editionRow
	Pages    []pageLink
	list     List[editionShape]
}

// JSON is the list of editions, newest first.
func (v *editionsView) JSON() any { return v.list }

// editionPlace finds the resource of an address, also one that is no longer
// published: its editions stay.
func (s *Site) editionPlace(r *Request) (catalog.Place, error) {
	place, err := s.locate(r.Context(), r.Param("id"))
	if err == nil && place.Dataset.Slug != r.Param("slug") && place.Dataset.ID != r.Param("slug") {
		err = catalog.ErrNotFound
	}
	return place, err
}

// currentDigest names the edition that is served as the data of the resource,
// empty when none is.
func currentDigest(p *catalog.Place) string {
	if p.Retired() != nil || p.Resource.Edition == nil {
		return ""
	}
	return p.Resource.Edition.Digest
}

// editions answers the editions of a resource.
func (s *Site) editions(r *Request) (View, error) {
	l := s.locales[r.Lang]
	place, err := s.editionPlace(r)
	if err != nil {
		return nil, err
	}
	v := &editionsView{Name: place.Resource.Label(r.Lang), Retired: place.Retired() != nil}
	if r.JSON {
		all, total, err := s.Catalog.History(r.Context(), place.Resource.ID, 0, 0)
		v.list = List[editionShape]{Total: total, Results: s.editionShapes(place.Dataset.Slug, currentDigest(&place), all)}
		return v, err
	}
	page, err := count(r, paramPage, 1)
	if err != nil {
		return nil, err
	}
	all, total, err := s.Catalog.History(r.Context(), place.Resource.ID, (page-1)*editionsPerPage, editionsPerPage+1)
	if err != nil {
		return nil, err
	}
	for i := range all[:min(len(all), editionsPerPage)] {
		var before *catalog.Edition
		if i+1 < len(all) {
			before = &all[i+1]
		}
		v.Rows = append(v.Rows, s.editionRow(l, &place, &all[i], before))
	}
	v.Sentence = l.Text("editions.sentence", "n", total)
	if page > 1 {
		v.Pages = append(v.Pages, pageLink{Rel: "prev", URL: r.url(paramPage, strconv.Itoa(page-1))})
	}
	if len(all) > editionsPerPage {
		v.Pages = append(v.Pages, pageLink{Rel: "next", URL: r.url(paramPage, strconv.Itoa(page+1))})
	}
	v.Frame = editionFrame(l, &place, l.Text("editions.title"))
	v.NoIndex = page > 1
	return v, nil
}

// editionFrame is the frame of a page about the editions of a resource.
func editionFrame(l *locale, place *catalog.Place, what string) Frame {
	title, name := l.said(place.Dataset.Title), place.Resource.Label(l.lang)
	base := "/" + l.lang
	return Frame{
		Title: what + " — " + name + " — " + title.Text, Section: "datasets",
		Crumbs: []Link{
			{Text: l.Text("nav.datasets"), URL: base + "/datasets"},
			{Text: title.Text, Lang: title.Lang, URL: base + datasetPath(place.Dataset.Slug)},
			{Text: name, URL: base + resourcePath(place.Dataset.Slug, place.Resource.ID)},
		},
	}
}

func (s *Site) editionRow(l *locale, place *catalog.Place, e, before *catalog.Edition) editionRow {
	slug := place.Dataset.Slug
	row := editionRow{
		Since: e.Since, URL: "/" + l.lang + editionPath(slug, e.Resource, e.Digest), Digest: e.Digest[:min(shortDigest, len(e.Digest))], Whole: e.Digest,
		HasTable: e.HasTable, Rows: e.Rows, Size: e.Size, Current: e.Digest == currentDigest(place), First: before == nil,
		Downloads: s.editionDownloads(l, place, e),
	}
	if before == nil {
		return row
	}
	row.DiffURL = row.URL + "/diff?with=" + before.Digest
	if e.HasTable && before.HasTable {
		row.Change = l.signed(e.Rows - before.Rows)
		row.Columns = l.columnChange(datasets.CompareSchemas(before.Schema, e.Schema))
	}
	return row
}

// editionOf names the current edition of a resource, empty when there is none.
func editionOf(r *catalog.Resource) string {
	if r.Edition == nil {
		return ""
	}
	return r.Edition.Digest
}

// latestEditions is how many editions the page of a file shows.
const latestEditions = 5

// resourceEditions puts the latest editions of a resource, and how to cite it,
// into its page.
func (s *Site) resourceEditions(r *Request, l *locale, d *catalog.Dataset, res *catalog.Resource, all []catalog.Edition, v *resourceView) error {
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return err
	}
	c := cited{dataset: d, agency: agencies.byID[d.Agency], resource: res, edition: res.Edition, alone: len(d.Resources) == 1}
	v.Cite = s.cite(l, c)
	place := catalog.Place{Dataset: *d, Resource: *res}
	for i := range all[:min(len(all), latestEditions)] {
		var before *catalog.Edition
		if i+1 < len(all) {
			before = &all[i+1]
		}
		v.Editions = append(v.Editions, s.editionRow(l, &place, &all[i], before))
	}
	return nil
}

// signed writes how much more there is: +12, −3, ±0.
func (l *locale) signed(n int64) string {
	switch {
	case n > 0:
		return "+" + l.Num(n)
	case n < 0:
		return "−" + l.Num(-n)
	default:
		return "±" + l.Num(0)
	}
}

// columnChange says in a few words what became of the columns, nothing when
// they are the same.
func (l *locale) columnChange(columns []datasets.ColumnDiff) string {
	n := map[string]int64{}
	for i := range columns {
		n[columns[i].Kind()]++
	}
	text := ""
	for _, kind := range []string{datasets.ColumnAdded, datasets.ColumnRemoved, datasets.ColumnChanged} {
		if n[kind] == 0 {
			continue
		}
		if text != "" {
			text += l.Text("list.comma") + " "
		}
		text += l.Text("editions.columns."+kind, "n", n[kind])
	}
	return text
}

// editionDownloads are the ways to take an edition away.
func (s *Site) editionDownloads(l *locale, place *catalog.Place, e *catalog.Edition) []download {
	var all []download
	of := place.Resource.Label(l.lang) + ", " + l.Day(e.Since)
	path := editionPath(place.Dataset.Slug, e.Resource, e.Digest)
	if e.HasTable {
		for _, f := range exporters.Formats() {
			size, _ := s.Exports.Peek(e.Digest, f, exporters.Options{})
			all = append(all, download{Format: f.Title, Kind: f.Ext, Of: of, URL: path + "." + f.Ext, Size: size, Rows: e.Rows})
		}
	}
	if e.File != "" {
		all = append(all, download{Format: firstOf(place.Resource.Format, "FILE"), Kind: "file", Of: of, URL: path + "/file", Size: e.Size})
	}
	return all
}
