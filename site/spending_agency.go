package site

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// A moneyCard is the newest budget of an agency on its page: the same figures as
// in the explorer.
type moneyCard struct {
	Year   string
	URL    string
	Unit   string
	Totals []spendingTotal
	Spent  *spentMark
	Limits []limitRow
}

// moneyCard is that of an agency; nil without a budget that counts.
func (s *Site) moneyCard(ctx context.Context, l *locale, agency *catalog.Agency) (*moneyCard, error) {
	scope, err := s.fiscal.Scope(ctx, "")
	if err != nil {
		return nil, err
	}
	v := fiscal.View{Tree: fiscal.Administrative, Direction: fiscal.Expenditure, Path: []string{agency.Slug}}
	line, err := s.fiscal.Line(ctx, &scope, &v)
	if err != nil || len(line) == 0 {
		return nil, err
	}
	a, err := s.spendingAsk(ctx, l.lang, line[len(line)-1].Year+"/"+agency.Slug, nil)
	if errors.Is(err, errNoSpending) || errors.Is(err, catalog.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := s.spentAt(ctx, a)
	if err != nil {
		return nil, err
	}
	m := p.money(l)
	return &moneyCard{
		Year: l.year(p.Year), URL: "/" + l.lang + p.address(), Unit: m.unit(), Totals: p.totals(&m), Spent: l.spentMark(&p.node), Limits: p.limitRows(l),
	}, nil
}
