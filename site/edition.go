package site

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

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
	e, err := s.frozenEdition(ctx, r.Lang, place.Resource.ID, r.Param("digest"))
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
		Cite: s.cite(l, cited{dataset: &place.Dataset, agency: agencies.byID[place.Dataset.Agency], resource: &place.Resource, edition: &e, alone: place.Siblings <= 1}),
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
		v.Columns = columnNames(r.Lang, &place.Resource, &e)
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
	if e.Size > 0 {
		f.text("size", l.Size(e.Size))
	}
	if e.FileName != "" {
		f.add("file", code(e.FileName))
	}
	f.add("digest", code(e.Digest))
	if e.File != e.Digest && e.File != "" {
		f.add("sha", code(e.File))
	}
	return f
}

// unspoken sends addresses of things without a language, as identifiers and
// citations have them, to the page in a language of the reader's.
func (s *Site) unspoken(c *fiber.Ctx) error {
	c.Vary(fiber.HeaderAcceptLanguage)
	return c.Redirect(withRawQuery("/"+preferred(s.Languages(), c.Get(fiber.HeaderAcceptLanguage))+c.Path(), c), fiber.StatusFound)
}
