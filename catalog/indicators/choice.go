package indicators

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// A Choice is a public dataset, or one of its files, that an agency can hand
// in as evidence.
type Choice struct {
	Kind  string // EvidenceDataset or EvidenceResource
	ID    string
	Slug  string       // of the dataset
	Title catalog.Text // of the dataset
	File  catalog.Text // title of the file; its name stands under "" where it has none
}

// mostChoices is how many datasets and files are looked through.
const mostChoices = 20_000

// Choices returns what an agency (its id) can hand in, of agencies below it
// too: those datasets first that changed last, each before its files.
func (i *Indicators) Choices(ctx context.Context, agency string) ([]Choice, error) {
	rows, err := i.store.Rows(ctx, `select d.id, d.slug, coalesce(d.body -> '$.title', '{}'), r.id, coalesce(r.body -> '$.title', '{}'), coalesce(r.body ->> '$.name', '')
		from datasets d join agencies a on a.id = d.agency join resources r on r.dataset = d.id and r.`+catalog.PublicRows+`
		where d.`+catalog.PublicRows+` and (d.agency = ?1 or a.parent = ?1) order by d.updated desc, d.id, r.position, r.id limit ?2`, agency, mostChoices)
	var all []Choice
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		d, f, name := Choice{Kind: EvidenceDataset}, Choice{Kind: EvidenceResource}, ""
		err = row.Scan(&d.ID, &d.Slug, catalog.AsJSON(&d.Title), &f.ID, catalog.AsJSON(&f.File), &name)
		if n := len(all); n == 0 || all[n-1].Slug != d.Slug {
			all = append(all, d)
		}
		f.Slug, f.Title = d.Slug, d.Title
		if len(f.File) == 0 {
			f.File = catalog.Text{"": name}
		}
		all = append(all, f)
		return d.ID, err
	})
	return all, catalog.Wrap("evidence to choose", err)
}
