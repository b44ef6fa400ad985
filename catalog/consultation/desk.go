package consultation

import (
	"context"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// DeskDrafts returns the drafts of the agencies in which the actor may see what
// is not public, those first that changed last, and how many there are in all.
func (c *Consultation) DeskDrafts(ctx context.Context, by *catalog.Actor, f catalog.DeskFilter) (all []Draft, total int64, err error) {
	agencies, everywhere := by.Agencies(catalog.View)
	if f.Agency != "" && (everywhere || slices.Contains(agencies, f.Agency)) {
		agencies, everywhere = []string{f.Agency}, false
	} else if f.Agency != "" {
		agencies = nil
	}
	if f.Limit <= 0 {
		f.Limit = -1
	}
	const which = " from drafts d where (?1 or d.agency in (select value from json_each(?2))) and (?3 = '' or d.state = ?3) and (?4 = 0 or d.source is null)"
	args := []any{everywhere, catalog.AsJSON(&agencies), f.State, f.ByHand}
	if err = c.store.Row(ctx, "select count(*)"+which, args...).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("desk drafts", err)
	}
	rows, err := c.store.Rows(ctx, "select "+draftColumns+which+" and (?5 = '' or (d.updated, d.id) < (?5, ?6)) order by d.updated desc, d.id desc limit ?7",
		append(args, catalog.Stamp(f.Before), f.After, f.Limit)...)
	all, err = catalog.Collect(rows, err, scanDraft)
	return all, total, catalog.Wrap("desk drafts", err)
}

// DeskDraft returns the draft with the given slug or id. It is ErrNotFound for
// one that there is not and for one that the actor may not see.
func (c *Consultation) DeskDraft(ctx context.Context, by *catalog.Actor, key string) (Draft, error) {
	d, err := scanDraft(c.store.Row(ctx, "select "+draftColumns+" from drafts d where d.slug = ?1 or d.id = ?1", key))
	if catalog.NoRow(err) || err == nil && !by.Can(catalog.View, d.Agency) {
		return Draft{}, catalog.NotFound(NounDraft, key)
	}
	return d, catalog.Wrap("desk draft", err)
}

// DeskVersions returns all texts of a draft of which the actor may see what is
// not public, the first one first.
func (c *Consultation) DeskVersions(ctx context.Context, by *catalog.Actor, draft string) ([]Version, error) {
	d, err := c.DeskDraft(ctx, by, draft)
	if err != nil {
		return nil, err
	}
	rows, err := c.store.Rows(ctx, "select "+versionColumns+" from versions v where v.draft = ? order by v.n", d.ID)
	all, err := catalog.Collect(rows, err, scanVersion)
	return all, catalog.Wrap("desk versions", err)
}
