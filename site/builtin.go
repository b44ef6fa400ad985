package site

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// publicDataset is Catalog.Dataset; a table of what the portal knows is as new
// as who asks for it may expect.
func (s *Site) publicDataset(ctx context.Context, key string) (catalog.Dataset, error) {
	d, err := s.Catalog.Dataset(ctx, key)
	if err != nil {
		return d, err
	}
	if renewed, err := s.Builtin.Ask(ctx, d.ID); err != nil || !renewed {
		return d, err
	}
	return s.Catalog.Dataset(ctx, key)
}

// locate is Catalog.Locate likewise.
func (s *Site) locate(ctx context.Context, id string) (catalog.Place, error) {
	if _, err := s.Builtin.Ask(ctx, id); err != nil {
		return catalog.Place{}, err
	}
	return s.Catalog.Locate(ctx, id)
}
