package indicators

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// Vanished returns the filings of agencies (their ids) of which a piece of
// evidence is not public any more or does not answer, those first that changed
// last.
func (i *Indicators) Vanished(ctx context.Context, agencies []string) ([]Filing, error) {
	if agencies == nil {
		agencies = []string{}
	}
	rows, err := i.store.Rows(ctx, "select "+filingColumns+` from json_each(?1) i join filings f on f.agency = i.value where exists (select 1 from filing_evidence e
		left join resources r on e.kind = '`+EvidenceResource+`' and r.id = e.thing
		left join datasets d on d.id = case e.kind when '`+EvidenceResource+`' then r.dataset when '`+EvidenceDataset+`' then e.thing end
		left join links l on e.kind = '`+EvidenceLink+`' and l.url = e.url
		where e.filing = f.id and coalesce(e.until, '') = '' and case e.kind
			when '`+EvidenceDataset+`' then coalesce(d.state, '') <> '`+catalog.Published+`'
			when '`+EvidenceResource+`' then coalesce(d.state, '') <> '`+catalog.Published+`' or coalesce(r.state, '') <> '`+catalog.Published+`'
			else coalesce(l.state, '') = '`+catalog.LinkBroken+`' end)
		order by f.updated desc, f.id desc`, catalog.AsJSON(&agencies))
	all, err := catalog.Collect(rows, err, scanFiling)
	return all, catalog.Wrap("vanished evidence", err)
}
