package site

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// publicDataset is Catalog.Dataset; a table of what the portal knows is as new
// as who asks for it may expect.
func (s *Site) publicDataset(ctx context.Context, key string) (catalog.Dataset, error) {
	return s.renewed(ctx, key, s.Catalog.Dataset)
}

// renewed is publicDataset for what reads more or less of a dataset.
func (s *Site) renewed(ctx context.Context, key string, read func(ctx context.Context, key string) (catalog.Dataset, error)) (catalog.Dataset, error) {
	d, err := read(ctx, key)
	if err != nil {
		return d, err
	}
	if renewed, err := s.Builtin.Ask(ctx, d.ID); err != nil || !renewed {
		return d, err
	}
	return read(ctx, key)
}

// locate is Catalog.Locate likewise.
func (s *Site) locate(ctx context.Context, id string) (catalog.Place, error) {
	if _, err := s.Builtin.Ask(ctx, id); err != nil {
		return catalog.Place{}, err
	}
	return s.Catalog.Locate(ctx, id)
}

// frozenEdition is Catalog.Edition; of an edition of what the portal knows that is
// closed it says in lang that such are not kept.
func (s *Site) frozenEdition(ctx context.Context, lang, resource, digest string) (catalog.Edition, error) {
	e, err := s.Catalog.Edition(ctx, resource, digest)
	if catalog.IsBuiltin(resource) && errors.Is(err, catalog.ErrNotFound) {
		return e, s.because(s.refuse(lang, fiber.StatusGone, "", "refused.builtin.closed"), err)
	}
	return e, err
}

// frozenCache is how long an answer about an edition holds that its address
// names. What the portal knows can be taken away again: nobody is to keep that.
func frozenCache(resource string) string {
	if catalog.IsBuiltin(resource) {
		return CacheRevalidate
	}
	return CacheForever
}

// beingMade reports whether r is a table of what the portal knows that is written
// anew. In a mirror it is not: its portal has it.
func beingMade(r *catalog.Resource) bool {
	return catalog.IsBuiltin(r.ID) && r.Edition == nil && r.DownloadURL == ""
}

// A standsShape says which change the edition of a table of what the portal
// knows stands for.
type standsShape struct {
	Change   int64     `json:"change"`
	Of       int64     `json:"of"` // the newest change
	At       time.Time `json:"at"`
	Sentence string    `json:"sentence"`
}

// stands returns what the edition of a resource stands for, nil for one that is
// not of what the portal knows.
func (s *Site) stands(ctx context.Context, l *locale, r *catalog.Resource) (*standsShape, error) {
	if !catalog.IsBuiltin(r.ID) || r.Edition == nil {
		return nil, nil
	}
	at, err := s.Catalog.Standing(ctx, r.Identifier)
	if err != nil || at.At.IsZero() {
		return nil, err
	}
	last, err := s.Catalog.LastSeq(ctx)
	return &standsShape{at.Change, last, at.At, l.Text("stands", "n", at.Change, "of", last)}, err
}

// addStands adds to the facts of a resource what its edition stands for.
func (s *Site) addStands(ctx context.Context, l *locale, r *catalog.Resource, f *factList) error {
	stands, err := s.stands(ctx, l, r)
	if err == nil && stands != nil {
		f.text("stands", stands.Sentence)
		f.add("standing", l.Time(stands.At))
	}
	return err
}

// ownTable is the way to a table of what the portal knows (its name), narrowed
// down by columns and values; none where there is no such table.
func (s *Site) ownTable(ctx context.Context, l *locale, name string, narrowed ...string) ([]Link, error) {
	slugs, err := s.Catalog.BuiltinSlugs(ctx)
	if err != nil || slugs[name] == "" {
		return nil, err
	}
	q := url.Values{}
	for i := 0; i+1 < len(narrowed); i += 2 {
		q.Set(narrowed[i], narrowed[i+1])
	}
	return []Link{{Text: l.Text("builtin.table"), URL: withQuery("/"+l.lang+datasetPath(slugs[name])+"/table", q)}}, nil
}

// draftTables adds the addresses of the rows of a draft in the tables of all
// drafts, as far as there are such. The first comment of a portal makes one.
func (s *Site) draftTables(ctx context.Context, l *locale, v *draftView) error {
	slugs, err := s.Catalog.BuiltinSlugs(ctx)
	if err != nil {
		return err
	}
	for _, name := range consultation.Tables {
		slug := slugs[name]
		if slug == "" {
			if name == consultation.TableComments && v.Comments > 0 {
				if _, err := s.Builtin.Ask(ctx, catalog.BuiltinDataset(name)); err != nil {
					return err
				}
			}
			continue
		}
		if v.shape.RowsURLs == nil {
			v.shape.RowsURLs = map[string]string{}
		}
		query := url.Values{"draft": {v.Draft.Slug}}
		v.shape.RowsURLs[name] = withQuery(s.baseURL()+apiPrefix+resourcePath(slug, catalog.BuiltinResource(name))+"/rows", query)
		if name == consultation.TableComments && v.Comments > 0 {
			v.URLs.Table = withQuery("/"+l.lang+datasetPath(slug)+"/table", query)
		}
	}
	return nil
}

// spoken is the schema of a table of r with the headings that its columns have
// in lang. Those of sources stay as the source wrote them.
func spoken(lang string, r *catalog.Resource, schema datasets.Schema) datasets.Schema {
	if !catalog.IsBuiltin(r.ID) {
		return schema
	}
	schema = slices.Clone(schema)
	for _, c := range r.Columns {
		if i := schema.Index(c.Name); i >= 0 {
			schema[i].Label = firstOf(c.Title[lang], schema[i].Label)
		}
	}
	return schema
}
