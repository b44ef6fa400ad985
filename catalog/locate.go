package catalog

import (
	"context"
	"database/sql"
	"errors"
)

// A Place is a resource and the dataset that it belongs to, of any state.
type Place struct {
	Dataset  Dataset  // without its resources
	Resource Resource // with its current edition
	Siblings int64    // published resources of the dataset, this one among them
	retired  error
}

// Locate returns where the resource with the given id stands, also when it or
// its dataset is no longer published: the editions of such a one stay. Whoever
// shows what is current must ask Retired first. It is ErrNotFound for an id
// that never was, and *RetiredError when the dataset was taken down: that
// closes its editions too.
func (s *Store) Locate(ctx context.Context, id string) (Place, error) {
	var p Place
	r, err := scanWithEdition(s.row(ctx, "select "+resourceColumns+", "+fullEdition+` from resources r
		left join editions e on e.resource = r.id and e.digest = r.edition
		where r.id = ? and r.`+once+" and exists (select 1 from datasets d where d.id = r.dataset and d."+once+")", id), true)
	if errors.Is(err, sql.ErrNoRows) {
		return p, notFound("resource", id)
	}
	if err != nil {
		return p, wrap("locate", err)
	}
	p.Resource = r
	p.Dataset, err = scanDataset(s.row(ctx, "select "+datasetColumns+" from datasets d where d.id = ?", r.Dataset))
	if err != nil {
		return p, wrap("locate", err)
	}
	switch {
	case p.Dataset.State == Withdrawn:
		return Place{}, s.retired(ctx, NounDataset, p.Dataset.ID, p.Dataset.Slug)
	case !Visible(p.Dataset.State):
		p.retired = s.retired(ctx, NounDataset, p.Dataset.ID, p.Dataset.Slug)
	case !Visible(p.Resource.State):
		p.retired = s.retired(ctx, NounFile, p.Resource.ID, p.Dataset.Slug)
	}
	err = s.row(ctx, "select count(*) from resources r where r.dataset = ? and r."+visible, r.Dataset).Scan(&p.Siblings)
	return p, wrap("locate", err)
}

// Retired returns a *RetiredError when the dataset or the resource is no
// longer published, else nil.
func (p *Place) Retired() error { return p.retired }
