package site

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// A contractCard is the public contracts of an agency, on its page.
type contractCard struct {
	URL   string
	Total int64
	Sums  []sumRow
}

// contractCard is that of an agency; nil when it publishes none.
func (s *Site) contractCard(ctx context.Context, l *locale, agency *catalog.Agency) (*contractCard, error) {
	if !s.openDoors(ctx).Contracts {
		return nil, nil
	}
	figures, err := s.contracts.Figures(ctx, contracts.Filter{Agency: agency.ID})
	if err != nil || figures.Total == 0 {
		return nil, err
	}
	return &contractCard{withQuery("/"+l.lang+contractsPath, map[string][]string{"agency": {agency.Slug}}), figures.Total, l.sumRows(figures.Sums)}, nil
}
