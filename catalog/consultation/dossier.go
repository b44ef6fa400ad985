package consultation

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Dossier is a draft with all that its agency prepares with it.
type Dossier struct {
	Draft
	Versions []Version // published or not, the first one first
	Periods  []Period
	Papers   []Paper // of those taken away their title and why
	Gate     Gate
}

// A reader finds rows: of the catalogue, or of a write.
type reader struct {
	row  func(string, ...any) catalog.Row
	rows func(string, ...any) (*catalog.Rows, error)
	now  time.Time
}

func (in *reader) dossier(d *Draft) (o Dossier, err error) {
	o.Draft = *d
	if o.Gate, err = gate(d, in.now, in.row); err != nil {
		return o, err
	}
	rows, err := in.rows("select "+versionColumns+" from versions v where v.draft = ? order by v.n", d.ID)
	if o.Versions, err = catalog.Collect(rows, err, scanVersion); err != nil {
		return o, err
	}
	rows, err = in.rows("select "+periodColumns+" from periods where draft = ? order by n", d.ID)
	if o.Periods, err = catalog.Collect(rows, err, scanPeriod); err != nil {
		return o, err
	}
	rows, err = in.rows(papersOf, d.ID)
	o.Papers, err = collectPapers(rows, err)
	return o, err
}

// WholeDraft returns the dossier of a draft as it is in a write.
func WholeDraft(tx *catalog.Tx, d *Draft) (Dossier, error) {
	return (&reader{tx.Row, tx.Rows, tx.Now()}).dossier(d)
}

// Dossier returns a draft with the given slug or id for who may see what is not
// public; it is ErrNotFound for everybody else.
func (c *Consultation) Dossier(ctx context.Context, by *catalog.Actor, key string) (Dossier, error) {
	d, err := c.DeskDraft(ctx, by, key)
	if err != nil {
		return Dossier{}, err
	}
	in := reader{
		row:  func(query string, args ...any) catalog.Row { return c.store.Row(ctx, query, args...) },
		rows: func(query string, args ...any) (*catalog.Rows, error) { return c.store.Rows(ctx, query, args...) },
		now:  c.store.Now(),
	}
	o, err := in.dossier(&d)
	return o, catalog.Wrap("dossier", err)
}
