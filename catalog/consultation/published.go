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

// ClusterSizes returns of how many comments the clusters are, by their ids; those
// of one comment are left out.
func (c *Consultation) ClusterSizes(ctx context.Context, clusters []int64) (map[int64]int64, error) {
	all := map[int64]int64{}
	if len(clusters) == 0 {
		return all, nil
	}
	rows, err := c.store.Rows(ctx, "select id, size from clusters where size > 1 and id in (select value from json_each(?))", catalog.AsJSON(&clusters))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (id int64, err error) {
		var size int64
		err = row.Scan(&id, &size)
		all[id] = size
		return id, err
	})
	return all, catalog.Wrap("clusters", err)
}
