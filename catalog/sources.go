package catalog

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const sourceColumns = `s.id, s.slug, s.state, s.title, s.kind, s.url, s.agency, s.every, s.allow_private, s.created,
	(select count(*) from datasets d where d.source = s.id and d.state = 'published')`

func scanSource(row scanner) (Source, error) {
	var s Source
	var every int64
	err := row.Scan(&s.ID, &s.Slug, &s.State, asJSON(&s.Title), &s.Kind, &s.URL, orNull(&s.Agency), &every, &s.AllowPrivateNetwork,
		asTime(&s.Created), &s.Datasets)
	s.Every = time.Duration(every) * time.Second
	return s, err
}

// Sources returns the sources by slug, with their last runs; retired ones too
// when asked for.
func (s *Store) Sources(ctx context.Context, retired bool) ([]Source, error) {
	rows, err := s.query(ctx, "select "+sourceColumns+" from sources s where ?1 or s."+visible+" order by s.slug", retired)
	all, err := collect(rows, err, scanSource)
	for i := range all {
		if err != nil {
			break
		}
		all[i].LastRun, err = s.lastRun(ctx, all[i].ID)
	}
	return all, wrap("sources", err)
}

// Source returns the source with the given slug or id, with its last run, or
// ErrNotFound.
func (s *Store) Source(ctx context.Context, key string) (Source, error) {
	src, err := scanSource(s.row(ctx, "select "+sourceColumns+" from sources s where s.slug = ?1 or s.id = ?1", key))
	if errors.Is(err, sql.ErrNoRows) {
		return src, notFound(NounSource, key)
	}
	if err == nil {
		src.LastRun, err = s.lastRun(ctx, src.ID)
	}
	return src, wrap("source", err)
}

// PutSource writes src; a new one (without id) gets its id and slug, the slug
// from src.Slug or its title.
func (t *Tx) PutSource(src *Source) error {
	if src.ID == "" {
		slug := slugify(src.Slug)
		src.ID, src.Created = newID(t.now), t.now
		if len(slug) < slugMin {
			slug = slugFor(src.Title, NounSource, src.ID)
		}
		var err error
		if src.Slug, err = t.freeSlug("sources", slug); err != nil {
			return err
		}
	}
	if src.State == "" {
		src.State = Published
	}
	t.changed(NounSource, src.ID, OpPut)
	return t.exec(`insert into sources (id, slug, state, title, kind, url, agency, every, allow_private, created)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, title = excluded.title, url = excluded.url, agency = excluded.agency,
			every = excluded.every, allow_private = excluded.allow_private`,
		src.ID, src.Slug, src.State, asJSON(&src.Title), src.Kind, src.URL, orNull(&src.Agency), int64(src.Every/time.Second),
		src.AllowPrivateNetwork, asTime(&src.Created))
}
