package site

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/exporters"

	"github.com/gofiber/fiber/v2"
)

// tombstoneFiles is of how many files a tombstone lists the editions.
const tombstoneFiles = 50

// A tombstoneView is the page of what is no longer published: what it was,
// when and why it was removed, and what of it stays. It is answered with 410.
type tombstoneView struct {
	errorView
	Removal     removalRow
	IsFile      bool
	IsDraft     bool
	IsContract  bool
	TitleOf     said // of the dataset, when this is a file
	DatasetURL  string
	Description said
	Publisher   string
	Files       []frozenFile
}

// A frozenFile is a file whose editions stay.
type frozenFile struct {
	Name     string
	Format   string
	Editions []frozenEdition
}

// A frozenEdition is one state of a file and where it is to be had for ever.
type frozenEdition struct {
	catalog.Edition
	Links []Link
}

// A LastKnown is what the API tells of a retired dataset: as it was last known,
// with the editions that stay.
type LastKnown struct {
	catalog.Dataset
	Resources []lastKnownResource `json:"resources"`
}

type lastKnownResource struct {
	catalog.Resource
	Editions string `json:"editions_url"`
}

// bury adds to the problem of a thing that was retired what the ledger says of
// it, and what stays. It returns the page of it, nil without a line there.
func (s *Site) bury(ctx context.Context, lang string, err error, p *Problem) (*tombstoneView, error) {
	var retired *catalog.RetiredError
	if !errors.As(err, &retired) || retired.Removal == nil {
		return nil, nil
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	sources, err := s.Catalog.SourcesByID(ctx)
	if err != nil {
		return nil, err
	}
	l := s.locales[lang]
	m := retired.Removal
	shape := s.shapeRemoval(m, agencies, sources)
	p.Removal = &shape
	v := &tombstoneView{Removal: l.removalRow(m, agencies, sources), IsFile: m.Noun == catalog.NounFile}
	v.IsDraft, v.IsContract = m.Noun == consultation.NounDraft, m.Noun == contracts.NounProcess
	if m.Kind == catalog.RemovedTakedown {
		return v, nil
	}
	if v.IsDraft {
		d, err := s.drafts.LastKnown(ctx, m.Thing)
		if err == nil {
			v.Description = l.said(d.Summary)
		}
		return v, err
	}
	if v.IsContract {
		return v, nil
	}
	d, err := s.Catalog.LastKnown(ctx, m.Slug)
	if err != nil {
		return nil, err
	}
	return v, s.epitaph(ctx, l, v, &d, m, p)
}

// epitaph says what of a dataset, or of one file of it, is known and stays.
func (s *Site) epitaph(ctx context.Context, l *locale, v *tombstoneView, d *catalog.Dataset, m *catalog.Removal, p *Problem) error {
	resources := d.Resources
	if v.IsFile {
		v.TitleOf, v.DatasetURL = l.said(d.Title), "/"+l.lang+datasetPath(d.Slug)
		place, err := s.Catalog.Locate(ctx, m.Thing)
		if err != nil {
			return err
		}
		resources = []catalog.Resource{place.Resource}
	} else {
		v.Description, v.Publisher = l.said(d.Description), d.Publisher
	}
	known := &LastKnown{Dataset: *d, Resources: []lastKnownResource{}}
	for i := range resources {
		r := &resources[i]
		known.Resources = append(known.Resources, lastKnownResource{*r, s.baseURL() + apiPrefix + resourcePath(d.Slug, r.ID) + "/editions"})
		if r.Edition == nil || len(v.Files) == tombstoneFiles {
			continue
		}
		editions, err := s.Catalog.Editions(ctx, r.ID)
		if err != nil {
			return err
		}
		v.Files = append(v.Files, frozen(d.Slug, r.Label(l.lang), r, editions))
	}
	p.LastKnown = known
	return nil
}

// frozen is a file with the addresses of its editions.
func frozen(slug, name string, r *catalog.Resource, editions []catalog.Edition) frozenFile {
	f := frozenFile{Name: name, Format: r.Format}
	for i := range editions {
		e := frozenEdition{Edition: editions[i]}
		at := resourcePath(slug, r.ID) + "/editions/" + e.Digest
		if e.HasTable {
			for _, format := range exporters.Formats() {
				e.Links = append(e.Links, Link{Text: format.Ext, URL: at + "." + format.Ext})
			}
		}
		e.Links = append(e.Links, Link{URL: at + "/file"})
		f.Editions = append(f.Editions, e)
	}
	return f
}

// failTombstone answers with the page of what is no longer published.
func (s *Site) failTombstone(c *fiber.Ctx, v *tombstoneView, r *Request, p Problem) error {
	l := s.locales[r.Lang]
	v.Key, v.Problem = "error.410", p
	v.Frame = Frame{
		Title: firstOf(v.Removal.Title.Text, v.Removal.Slug), TitleLang: v.Removal.Title.Lang, NoIndex: true,
		Crumbs: []Link{{Text: l.Text("nav.removed"), URL: "/" + r.Lang + "/removed"}},
	}
	s.frame(&v.Frame, r, false)
	v.Home, v.Status, v.RequestID = false, p.Status, p.RequestID
	return s.render(c, "tombstone", CacheNever, v)
}
