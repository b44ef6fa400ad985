package site

import (
	"context"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// editionsPerPage is how many editions a page of the list shows; the API has
// all of them in one answer.
const editionsPerPage = 50

// diffRoute is the whole difference between two editions as a file.
func diffRoute() Route {
	return Route{
		Path: "/datasets/{slug}/resources/{id}/editions/{digest}/diff.{ext}", Serve: (*Site).serveDiff, Doc: "api.diff_table",
		Params: []Param{{paramWith, "param.with"}},
	}
}

// permanentRoutes are the addresses of things without a language, as citations
// have them. They lead to the page in a language of the reader's.
func permanentRoutes() []Route {
	return []Route{
		{Path: "/datasets/{slug}/resources/{id}/editions/{digest}", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}/resources/{id}/editions", Serve: (*Site).unspoken},
		{Path: "/datasets/{slug}/resources/{id}", Serve: (*Site).unspoken},
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
	place, err := s.Catalog.Locate(r.Context(), r.Param("id"))
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
		Title: what + " — " + name, Section: "datasets",
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
	c := cited{d, agencies.byID[d.Agency], res, res.Edition, len(d.Resources) == 1}
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

// An editionView is one edition.
type editionView struct {
	Frame
	Name      string
	Format    string
	Since     time.Time
	Current   bool
	Retired   bool
	LatestURL string // of the page that shows what is current
	Preview   *dataTable
	HasTable  bool
	Notes     []string
	Faults    faultList
	Columns   []headCell
	Compare   compareForm
	ListURL   string
	Downloads []download
	Facts     []fact
	Cite      citation
	shape     editionAnswer
}

// A compareForm asks with which other edition one is to be compared.
type compareForm struct {
	URL    string
	Others []choice // the other editions
}

type editionAnswer struct {
	editionShape
	Dataset   AgencyRef       `json:"dataset"`
	Resource  resourceRef     `json:"resource"`
	FileName  string          `json:"file_name,omitempty"`
	Columns   datasets.Schema `json:"columns,omitempty"`
	Downloads []DownloadShape `json:"downloads"`
	FileURL   string          `json:"file_url,omitempty"`
	Citation  citation        `json:"citation"`
}

type resourceRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// JSON is the edition as the API answers it.
func (v *editionView) JSON() any { return v.shape }

// edition answers one edition of a resource.
func (s *Site) edition(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	place, err := s.editionPlace(r)
	if err != nil {
		return nil, err
	}
	e, err := s.Catalog.Edition(ctx, place.Resource.ID, r.Param("digest"))
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	slug := place.Dataset.Slug
	v := &editionView{
		Name: place.Resource.Label(r.Lang), Format: firstOf(place.Resource.Format, "?"), Since: e.Since, Notes: e.Notes, Faults: faults(&e),
		Current: e.Digest == currentDigest(&place), Retired: place.Retired() != nil, HasTable: e.HasTable,
		LatestURL: "/" + r.Lang + resourcePath(slug, place.Resource.ID), ListURL: "/" + r.Lang + resourcePath(slug, place.Resource.ID) + "/editions",
		Downloads: s.editionDownloads(l, &place, &e), Facts: l.editionFacts(&place, &e),
		Cite: s.cite(l, cited{&place.Dataset, agencies.byID[place.Dataset.Agency], &place.Resource, &e, place.Siblings <= 1}),
	}
	v.Compare.URL = "/" + r.Lang + r.Path + "/diff"
	v.Frame = editionFrame(l, &place, l.Text("edition.title", "date", l.Day(e.Since)))
	v.Crumbs = append(v.Crumbs, Link{Text: l.Text("editions.title"), URL: v.ListURL})
	if r.JSON {
		v.shape = s.editionAnswer(&place, &e, v)
		return v, nil
	}
	if v.Compare.Others, err = s.otherEditions(ctx, l, &place, e.Digest, ""); err != nil {
		return nil, err
	}
	if e.HasTable {
		v.Columns = columnNames(&e)
		res := place.Resource
		res.Edition = &e
		if v.Preview, err = s.preview(ctx, l, &res); err != nil {
			s.log().ErrorContext(ctx, "no preview", "dataset", slug, "edition", e.Digest, "err", err)
		}
	}
	return v, nil
}

func (s *Site) editionAnswer(place *catalog.Place, e *catalog.Edition, v *editionView) editionAnswer {
	d := &place.Dataset
	a := editionAnswer{
		editionShape: s.editionShape(d.Slug, currentDigest(place), e), Dataset: AgencyRef{d.ID, d.Slug, d.Title, d.State},
		Resource: resourceRef{place.Resource.ID, place.Resource.Name}, FileName: e.FileName, Columns: e.Schema, Downloads: []DownloadShape{}, Citation: v.Cite,
	}
	for _, f := range v.Downloads {
		if f.Kind == "file" {
			a.FileURL = s.baseURL() + f.URL
		} else {
			a.Downloads = append(a.Downloads, DownloadShape{f.Kind, s.baseURL() + f.URL, f.Size})
		}
	}
	return a
}

// mostChoices is how many editions are offered to compare with; the list has
// all of them.
const mostChoices = 100

// otherEditions are the editions that one may be compared with, newest first,
// of which chosen is marked.
func (s *Site) otherEditions(ctx context.Context, l *locale, place *catalog.Place, digest, chosen string) ([]choice, error) {
	all, _, err := s.Catalog.History(ctx, place.Resource.ID, 0, mostChoices)
	if err != nil {
		return nil, err
	}
	var others []choice
	passed := false
	for i := range all {
		if all[i].Digest == digest {
			passed = true
			continue
		}
		label := l.Text("edition.choice", "date", l.Day(all[i].Since), "digest", all[i].Digest[:min(8, len(all[i].Digest))])
		current := all[i].Digest == chosen || chosen == "" && passed
		others = append(others, choice{Key: all[i].Digest, Label: label, Current: current})
		passed = passed && chosen != "" // the one before is the usual choice
	}
	return others, nil
}

// editionFacts are the facts of an edition.
func (l *locale) editionFacts(place *catalog.Place, e *catalog.Edition) []fact {
	var f factList
	f.add("dataset", link("/"+l.lang+datasetPath(place.Dataset.Slug), l.said(place.Dataset.Title).Text, false))
	f.add("seen", l.Time(e.Since))
	if e.HasTable {
		f.text("rows", l.Num(e.Rows))
		f.text("columns", l.Num(int64(len(e.Schema))))
	}
	f.text("size", l.Size(e.Size))
	if e.FileName != "" {
		f.add("file", code(e.FileName))
	}
	f.add("digest", code(e.Digest))
	if e.File != e.Digest {
		f.add("sha", code(e.File))
	}
	return f
}

// unspoken sends addresses of things without a language, as identifiers and
// citations have them, to the page in a language of the reader's.
func (s *Site) unspoken(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	return c.Redirect("/"+preferred(c.Get(fiber.HeaderAcceptLanguage))+c.Path(), fiber.StatusFound)
}
