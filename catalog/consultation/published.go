package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// DraftAgencies returns the ids of the agencies that have drafts which the
// public sees.
func (c *Consultation) DraftAgencies(ctx context.Context) ([]string, error) {
	rows, err := c.store.Rows(ctx, "select distinct agency from drafts where "+catalog.PublicRows)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	})
	return all, catalog.Wrap("agencies of drafts", err)
}

// AnyDrafts reports whether there is a draft that the public sees.
func (c *Consultation) AnyDrafts(ctx context.Context) (there bool, err error) {
	err = c.store.Row(ctx, "select exists (select 1 from drafts where "+catalog.PublicRows+")").Scan(&there)
	return there, catalog.Wrap("drafts", err)
}
