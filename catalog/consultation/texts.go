package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

const versionColumns = "v.id, v.draft, v.n, v.state, v.kind, v.lang, v.created, v.published, v.articles, v.title, v.note, v.file, v.file_name, v.file_size"

func scanVersion(row catalog.Row) (v Version, err error) {
	err = row.Scan(&v.ID, &v.Draft, &v.N, &v.State, &v.Kind, &v.Lang, catalog.AsTime(&v.Created), catalog.AsTime(&v.Published), &v.Articles, &v.Title,
		catalog.AsJSON(&v.Note), &v.File, &v.FileName, &v.FileSize)
	return v, err
}

// Versions returns the published texts of a draft (its id), the first one first.
func (c *Consultation) Versions(ctx context.Context, draft string) ([]Version, error) {
	rows, err := c.store.Rows(ctx, "select "+versionColumns+" from versions v where v.draft = ? and v.state = 'published' order by v.n", draft)
	all, err := catalog.Collect(rows, err, scanVersion)
	return all, catalog.Wrap("versions", err)
}

const provisionColumns = "address, parent, depth, kind, num, label, heading, text"

func scanProvision(row catalog.Row) (p lawtext.Provision, err error) {
	err = row.Scan(&p.Address, &p.Parent, &p.Depth, &p.Kind, &p.Num, &p.Label, &p.Heading, &p.Text)
	return p, err
}

// Provisions returns the provisions of a text (the id of the version), in its
// order. Who calls has seen that its reader may see the version.
func (c *Consultation) Provisions(ctx context.Context, version string) ([]lawtext.Provision, error) {
	rows, err := c.store.Rows(ctx, "select "+provisionColumns+" from provisions where version = ? order by position", version)
	all, err := catalog.Collect(rows, err, scanProvision)
	return all, catalog.Wrap("provisions", err)
}

// Provision returns the provision at an address of a version, or ErrNotFound.
func (c *Consultation) Provision(ctx context.Context, version, address string) (lawtext.Provision, error) {
	p, err := scanProvision(c.store.Row(ctx, "select "+provisionColumns+" from provisions where version = ? and address = ?", version, address))
	if catalog.NoRow(err) {
		return p, catalog.NotFound("provision", address)
	}
	return p, catalog.Wrap("provision", err)
}

const periodColumns = "id, draft, n, kind, opens, closes, basis, at"

func scanPeriod(row catalog.Row) (p Period, err error) {
	err = row.Scan(&p.ID, &p.Draft, &p.N, &p.Kind, catalog.AsTime(&p.Opens), catalog.AsTime(&p.Closes), &p.Basis, catalog.AsTime(&p.At))
	return p, err
}

// Periods returns all that was said of when a draft (its id) is open, the first
// entry first.
func (c *Consultation) Periods(ctx context.Context, draft string) ([]Period, error) {
	rows, err := c.store.Rows(ctx, "select "+periodColumns+" from periods where draft = ? order by n", draft)
	all, err := catalog.Collect(rows, err, scanPeriod)
	return all, catalog.Wrap("periods", err)
}

const paperColumns = "id, draft, state, kind, title, file, name, media, size, url, lang, identifier, reason"

func scanPaper(row catalog.Row) (p Paper, err error) {
	err = row.Scan(&p.ID, &p.Draft, &p.State, &p.Kind, catalog.AsJSON(&p.Title), &p.File, &p.Name, &p.Media, &p.Size, &p.URL, &p.Lang, &p.Identifier, &p.Reason)
	return p, err
}

const papersOf = "select " + paperColumns + " from papers where draft = ? and state in ('published', 'retired') order by position, id"

// Papers returns the papers of a draft (its id), in order. Of one that was taken
// away, state retired, there is its title and why.
func (c *Consultation) Papers(ctx context.Context, draft string) ([]Paper, error) {
	rows, err := c.store.Rows(ctx, papersOf, draft)
	all, err := collectPapers(rows, err)
	return all, catalog.Wrap("papers", err)
}

func collectPapers(rows *catalog.Rows, err error) ([]Paper, error) {
	all, err := catalog.Collect(rows, err, scanPaper)
	for i := range all {
		if all[i].State == catalog.Retired {
			all[i].File, all[i].URL = "", ""
		}
	}
	return all, err
}
