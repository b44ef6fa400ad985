package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-json"
)

const datasetColumns = "d.id, d.slug, d.state, d.agency, d.source, d.identifier, d.created, d.updated, d.missing, d.body"

func scanDataset(row scanner) (Dataset, error) { return scanDatasetAnd(row) }

func scanDatasetAnd(row scanner, more ...any) (Dataset, error) {
	var body Dataset
	var d Dataset
	err := row.Scan(append([]any{
		&d.ID, &d.Slug, &d.State, &d.Agency, orNull(&d.Source), &d.Identifier,
		asTime(&d.Created), asTime(&d.Updated), asTime(&d.Missing), asJSON(&body),
	}, more...)...)
	body.ID, body.Slug, body.State, body.Agency, body.Source, body.Identifier = d.ID, d.Slug, d.State, d.Agency, d.Source, d.Identifier
	body.Created, body.Updated, body.Missing = d.Created, d.Updated, d.Missing
	body.Resources = []Resource{}
	return body, err
}

// Dataset returns the dataset with the given slug or id and all its published
// resources with their current editions. It is ErrNotFound, or *RetiredError
// for one that was published once.
func (s *Store) Dataset(ctx context.Context, key string) (Dataset, error) {
	return s.dataset(ctx, key, true, datasetColumns+" from datasets d")
}

// A Rating is how a dataset was assessed, in short.
type Rating struct {
	Known         bool // it was assessed
	Stars, Points int
}

// Brief is Dataset without the schemas and profiles of its tables, and with how it
// was assessed last.
func (s *Store) Brief(ctx context.Context, key string) (d Dataset, r Rating, err error) {
	d, err = s.dataset(ctx, key, false, datasetColumns+", q.stars is not null, coalesce(q.stars, 0), coalesce(q.points, 0) from datasets d left join quality q on q.dataset = d.id",
		&r.Known, &r.Stars, &r.Points)
	return d, r, err
}

// dataset returns the dataset that what, columns and tables of a query, finds
// under a slug or an id, with its resources.
func (s *Store) dataset(ctx context.Context, key string, full bool, what string, more ...any) (d Dataset, err error) {
	for _, name := range []string{"slug", "id"} { // addresses have slugs
		d, err = scanDatasetAnd(s.row(ctx, "select "+what+" where d."+name+" = ? and d."+once, key), more...)
		if !errors.Is(err, sql.ErrNoRows) {
			break
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound(NounDataset, key)
	}
	if err != nil {
		return d, wrap("dataset", err)
	}
	if !Visible(d.State) {
		return d, s.retired(ctx, NounDataset, d.ID, d.Slug)
	}
	byID := map[string]*Dataset{d.ID: &d}
	return d, wrap("dataset", s.addResources(ctx, byID, full))
}

// DatasetsByID returns the visible ones of the given datasets in the given
// order, with their resources and editions; full adds the editions' schemas
// and profiles.
func (s *Store) DatasetsByID(ctx context.Context, ids []string, full bool) ([]Dataset, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, wrap("datasets", err)
	}
	rows, err := s.query(ctx, "select "+datasetColumns+" from json_each(?) i join datasets d on d.id = i.value where d."+visible, string(list))
	found, err := collect(rows, err, scanDataset)
	if err != nil {
		return nil, wrap("datasets", err)
	}
	byID := make(map[string]*Dataset, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	if err := s.addResources(ctx, byID, full); err != nil {
		return nil, wrap("datasets", err)
	}
	all := make([]Dataset, 0, len(found))
	for _, id := range ids {
		if d := byID[id]; d != nil {
			all = append(all, *d)
		}
	}
	return all, nil
}

// A Filter says which datasets DatasetIDs returns. Empty fields do not filter.
type Filter struct {
	Agency string // id
	Source string // id
	State  string // Published when empty
	After  string // id that the list goes on after, by id
	Limit  int    // 0: no limit
}

// DatasetIDs returns the ids of the datasets that f lets through, by id: in the
// order in which they came into the catalogue.
func (s *Store) DatasetIDs(ctx context.Context, f Filter) ([]string, error) {
	if f.State == "" {
		f.State = Published
	}
	if f.Limit <= 0 {
		f.Limit = -1
	}
	rows, err := s.query(ctx, `select id from datasets where state = ?1 and (?2 = '' or agency = ?2) and (?3 = '' or source = ?3)
		and id > ?4 order by id limit ?5`, f.State, f.Agency, f.Source, f.After, f.Limit)
	ids, err := collect(rows, err, scanID)
	return ids, wrap("dataset ids", err)
}

func scanID(row scanner) (id string, err error) {
	err = row.Scan(&id)
	return id, err
}

// Newest returns the n datasets that changed last, newest first. The portal's own
// are not among them.
func (s *Store) Newest(ctx context.Context, n int) ([]Dataset, error) {
	rows, err := s.query(ctx, "select id from datasets where "+visible+" and agency <> '"+BuiltinAgency+"' order by updated desc, id desc limit ?", n)
	ids, err := collect(rows, err, scanID)
	if err != nil {
		return nil, wrap("newest", err)
	}
	return s.DatasetsByID(ctx, ids, false)
}

// PutDataset writes d, its resources apart; a new one (without id) gets its id
// and slug. Its agency must exist.
func (t *Tx) PutDataset(d *Dataset) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if IsBuiltin(d.Agency) || IsBuiltin(d.ID) {
		return ErrBuiltin
	}
	if d.ID == "" {
		d.ID, d.Created = newID(t.now), t.now
		slug := slugFor(d.Title, NounDataset, d.ID)
		var err error
		if d.Slug, err = t.freeSlug("datasets", slug); err != nil {
			return err
		}
	}
	if d.State == "" {
		d.State = Published
	}
	d.Updated = t.now
	return t.writeDataset(d)
}

// writeDataset writes d without moving its date of update.
func (t *Tx) writeDataset(d *Dataset) error {
	body := *d
	body.ID, body.Slug, body.State, body.Agency, body.Source, body.Identifier = "", "", "", "", "", ""
	body.Resources = nil
	t.changed(NounDataset, d.ID, OpPut)
	return t.exec(`insert into datasets (id, slug, state, agency, source, identifier, created, updated, missing, body)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, agency = excluded.agency, updated = excluded.updated,
			missing = excluded.missing, body = excluded.body, revision = revision + 1`,
		d.ID, d.Slug, d.State, d.Agency, orNull(&d.Source), d.Identifier, asTime(&d.Created), asTime(&d.Updated),
		asTime(&d.Missing), asJSON(&body))
}

// Dataset is Store.Dataset inside a write, of any state, without editions.
func (t *Tx) Dataset(key string) (Dataset, error) {
	d, err := scanDataset(t.row("select "+datasetColumns+" from datasets d where d.slug = ?1 or d.id = ?1", key))
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound(NounDataset, key)
	}
	if err == nil {
		d.Resources, err = t.resources(d.ID)
	}
	return d, err
}

// Validate returns an *InvalidError for the first thing that keeps d from
// being published.
func (d *Dataset) Validate() error {
	title, in := d.Title.In("fa")
	switch {
	case in == "" || strings.TrimSpace(title) == "":
		return &InvalidError{"title", "a dataset needs a title"}
	case len(title) > MaxTitle:
		return &InvalidError{"title", fmt.Sprintf("the title is longer than %d bytes; is it the description?", MaxTitle)}
	}
	return nil
}

// MaxTitle is how long the title of a dataset may be, in bytes.
const MaxTitle = 2000

// Tables returns the resources that have rows, in order.
func (d *Dataset) Tables() []*Resource {
	var all []*Resource
	for i := range d.Resources {
		if e := d.Resources[i].Edition; e != nil && e.HasTable {
			all = append(all, &d.Resources[i])
		}
	}
	return all
}

// Resource returns the resource with the given id, or nil.
func (d *Dataset) Resource(id string) *Resource {
	for i := range d.Resources {
		if d.Resources[i].ID == id {
			return &d.Resources[i]
		}
	}
	return nil
}

func sortedKeys(t Text) []string { return slices.Sorted(maps.Keys(t)) }
