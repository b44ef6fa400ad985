package site

import (
	"context"
	"errors"
	"html/template"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"
)

// A datasetView is one dataset with its files and the first rows of its table.
type datasetView struct {
	Frame
	Title       said
	Description said
	OtherOnly   bool   // it is described in another language than the page's
	Lead        string // the beginning of the description, or all of a short one
	Rest        template.HTML
	Agency      Link
	Fresh       freshness
	Rows        int64
	FileCount   int64
	Tabs        []tab
	TableURL    string
	Preview     *dataTable
	NoPreview   noPreview
	Resources   []fileView
	Downloads   []download
	DownloadOf  string // which of several tables
	Licence     licenceView
	Facts       []fact
	Contact     catalog.Contact
	Keywords    []Link
	Cite        citation
	Related     []card
	Metadata    []metaRow
	Ask         *askCard     // nil in a preview
	Quality     *qualityCard // nil in a preview, and before it was assessed
	plain       string       // Description without its marks
	shape       datasetAnswer
}

// A noPreview says why there are no rows to show.
type noPreview struct {
	Key   string // of its sentence: nopreview.…
	Fault template.HTML
	Bad   bool
}

// A fact is one line of a dataset's or a file's facts.
type fact struct {
	Key  string // of its label: fact.…
	HTML template.HTML
}

type datasetAnswer struct {
	DatasetShape
	Freshness freshness     `json:"freshness"`
	Quality   *QualityShape `json:"quality,omitempty"` // absent before it was assessed
}

// JSON is the dataset as the API answers it.
func (v *datasetView) JSON() any { return v.shape }

// leadLetters is how much of a description stands above the preview.
const leadLetters = 320

func (s *Site) dataset(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	if r.JSON {
		return s.datasetShape(ctx, r.Param("slug"), agencies)
	}
	d, err := s.publicDataset(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	agency := agencies.byID[d.Agency]
	v := s.newDatasetView(r, &d, agency)
	if v.Quality, err = s.qualityCard(ctx, l, &d); err != nil {
		return nil, err
	}
	if err := s.fillDataset(r, &d, agency, v); err != nil {
		return nil, err
	}
	if v.Ask, err = s.askCard(ctx, l, datasetPath(d.Slug), "", "", d.ID); err != nil {
		return nil, err
	}
	v.Related, err = s.related(ctx, l, &d)
	return v, err
}

// datasetShape is the dataset with the slug or id in the API.
func (s *Site) datasetShape(ctx context.Context, key string, agencies agencyList) (View, error) {
	var rating catalog.Rating
	d, err := s.renewed(ctx, key, func(ctx context.Context, key string) (d catalog.Dataset, err error) {
		d, rating, err = s.Catalog.Brief(ctx, key)
		return d, err
	})
	if err != nil {
		return nil, err
	}
	modified, _ := parseISO(d.Modified)
	return &datasetView{shape: datasetAnswer{
		DatasetShape: s.shapeDataset(&d, agencies.byID[d.Agency]), Freshness: freshness{Freshness: d.Fresh(modified, s.Now())}, Quality: s.qualityShape(d.Slug, rating),
	}}, nil
}

// newDatasetView is what the page of d and a preview of it have in common.
func (s *Site) newDatasetView(r *Request, d *catalog.Dataset, agency *catalog.Agency) *datasetView {
	l := s.locales[r.Lang]
	return &datasetView{
		Title: l.said(d.Title), Description: l.said(d.Description), Agency: l.agencyLink(agency), Fresh: l.fresh(d, s.Now()),
		Tabs: s.datasetTabs(r.Lang, d), TableURL: "/" + r.Lang + datasetPath(d.Slug) + "/table", Resources: s.fileTree(l, d),
		Licence: l.licence(d.Licence, d.Rights), Contact: d.Contact,
	}
}

// fillDataset puts the rest of the page of d into its view, but for what stands
// beside d in the catalogue.
func (s *Site) fillDataset(r *Request, d *catalog.Dataset, agency *catalog.Agency, v *datasetView) error {
	l, ctx := s.locales[r.Lang], r.Context()
	v.OtherOnly = v.Title.Foreign() && d.Title[r.Lang] == "" && (v.Description.Text == "" || v.Description.Foreign())
	v.describe(s.prose)
	for i := range d.Resources {
		if d.Resources[i].PartOf == "" {
			v.FileCount++
		}
		if e := d.Resources[i].Edition; e != nil && e.HasTable {
			v.Rows += e.Rows
		}
	}
	for _, k := range d.Keywords {
		v.Keywords = append(v.Keywords, Link{Text: k, URL: searchURL(r.Lang, paramQuery, k)})
	}
	err := s.firstTable(ctx, l, d, v)
	if err != nil {
		return err
	}
	if v.Facts, err = s.datasetFacts(ctx, l, d); err != nil {
		return err
	}
	v.Metadata = l.metadata(d, agency)
	v.Cite = s.cite(l, citedDataset(d, agency))
	v.Frame = Frame{
		Title: v.Title.Text, TitleLang: v.Title.Lang, Section: "datasets",
		Description: lead(v.plain, cardSummary),
		Crumbs:      []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}},
		Linked:      s.linked(l, d, agency, v.plain, s.baseURL()+"/"+r.Lang+datasetPath(d.Slug)),
	}
	return nil
}

// describe puts the beginning of the description above the preview, and the
// whole below it when that is not all.
func (v *datasetView) describe(prose *proseWriter) {
	v.plain = prose.Plain(v.Description.Text)
	v.Lead = lead(v.plain, leadLetters)
	if v.Lead != v.plain {
		v.Rest = prose.HTML(v.Description.Text)
	}
}

// firstTable puts the first rows of the first table into the view, or why
// there are none.
func (s *Site) firstTable(ctx context.Context, l *locale, d *catalog.Dataset, v *datasetView) error {
	all := d.Tables()
	if len(all) == 0 {
		v.NoPreview = l.whyNoTable(d)
		for i := range d.Resources {
			if r := &d.Resources[i]; r.Edition != nil && len(v.Downloads) == 0 {
				v.Downloads = s.downloads(l, d.Slug, r)
			}
		}
		return nil
	}
	v.Downloads = s.downloads(l, d.Slug, all[0])
	if len(all) > 1 {
		v.DownloadOf = all[0].Label(l.lang)
	}
	preview, err := s.preview(ctx, l, all[0])
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.log().ErrorContext(ctx, "no preview", "dataset", d.Slug, "edition", all[0].Edition.Digest, "err", err)
		v.NoPreview = noPreview{Key: "broken", Bad: true}
		return nil
	}
	v.Preview = preview
	return nil
}

// whyNoTable says why a dataset has no rows to show.
func (l *locale) whyNoTable(d *catalog.Dataset) noPreview {
	if len(d.Resources) == 1 && beingMade(&d.Resources[0]) {
		return noPreview{Key: "made"}
	}
	for i := range d.Resources {
		if d.Resources[i].Fetch == catalog.FetchPending {
			return noPreview{Key: "pending"}
		}
	}
	for i := range d.Resources {
		if r := &d.Resources[i]; r.FetchFault != "" {
			return noPreview{Key: "failed", Fault: l.sentence(r.FetchFault, r.FetchSaid), Bad: true}
		}
	}
	return noPreview{Key: "nofile"}
}

// relatedCards is how many related datasets are shown.
const relatedCards = 4

// related are other datasets of the agency with a theme in common, or just of
// the agency.
func (s *Site) related(ctx context.Context, l *locale, d *catalog.Dataset) ([]card, error) {
	near, err := s.near(ctx, d)
	if errors.Is(err, search.ErrRebuilding) {
		return nil, nil // the page does without
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range near {
		if h.ID != d.ID && len(ids) < relatedCards {
			ids = append(ids, h.ID)
		}
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	all, err := s.listedByID(ctx, ids, false) // their cards have no summary
	cards := make([]card, 0, len(all))
	for _, other := range all {
		cards = append(cards, s.card(l, other, agencies.byID[other.Agency], nil))
	}
	return cards, err
}

// A neighbourhood is the first datasets of an agency and its themes, in a state of
// the index.
type neighbourhood struct {
	of   int64
	hits []search.Hit
}

// mostNear is how many bytes of neighbourhoods are kept, nearBytes about what one
// takes.
const (
	mostNear  = 8 << 20
	nearBytes = 600
)

// near finds the datasets that d is among: they are the same for all of them.
func (s *Site) near(ctx context.Context, d *catalog.Dataset) ([]search.Hit, error) {
	state, key := s.indexState(), strings.Join(append([]string{d.Agency}, d.Themes...), "\x00")
	if kept, ok := s.neighbours.get(key); ok && kept.of == state {
		return kept.hits, nil
	}
	q := search.Query{Kind: catalog.NounDataset, Agency: []string{d.Agency}, Theme: d.Themes, Size: relatedCards + 1}
	found, err := s.Index.Search(ctx, q)
	if err == nil && found.Total < 2 && len(d.Themes) > 0 {
		q.Theme = nil
		found, err = s.Index.Search(ctx, q)
	}
	if err == nil {
		s.neighbours.put(key, neighbourhood{state, found.Hits}, nearBytes+len(key))
	}
	return found.Hits, err
}
