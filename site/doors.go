package site

import (
	"context"
	"time"
)

// Doors are the parts of the portal that pages lead to: those only behind which
// there is something.
type Doors struct {
	Spending   bool // there are budgets
	Drafts     bool // there are draft regulations
	Contracts  bool // there are public contracts
	Indicators bool // agencies are measured by indicators
}

// keptDoors are the doors as they were for a state of the catalogue.
type keptDoors struct {
	Doors
	of int64
	at time.Time
}

// openDoors finds the doors. Every page asks for them: they are remembered as
// pages are.
func (s *Site) openDoors(ctx context.Context) Doors {
	n, err := s.Catalog.State(ctx)
	if err != nil || !s.Remember {
		return s.findDoors(ctx)
	}
	now := s.Now()
	if kept := s.doors.Load(); kept != nil && kept.of == n && stillTrue(kept.at, now) {
		return kept.Doors
	}
	found := keptDoors{s.findDoors(ctx), n, now}
	s.doors.Store(&found)
	return found.Doors
}

func (s *Site) findDoors(ctx context.Context) Doors {
	return Doors{Spending: s.anySpending(ctx), Drafts: s.anyDrafts(ctx), Contracts: s.anyContracts(ctx), Indicators: s.anyIndicators(ctx)}
}
