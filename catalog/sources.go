package catalog

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"time"
)

const sourceColumns = `s.id, s.slug, s.state, s.title, s.kind, s.url, s.agency, s.every, s.clock, s.licence, s.revision, s.allow_private, s.options, s.created,
	(select count(*) from datasets d where d.source = s.id and d.state = 'published'),
	(select count(*) from drafts d where d.source = s.id and d.state = 'published')`

// noOptions is what the catalogue keeps of a source that is told nothing else.
const noOptions = "{}"

func scanSource(row scanner) (Source, error) {
	var s Source
	var every int64
	var options string
	err := row.Scan(&s.ID, &s.Slug, &s.State, asJSON(&s.Title), &s.Kind, &s.URL, orNull(&s.Agency), &every, &s.Clock, &s.Licence, &s.Revision,
		&s.AllowPrivateNetwork, &options, asTime(&s.Created), &s.Datasets, &s.Drafts)
	if options != noOptions {
		s.Options = []byte(options)
	}
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
		err = s.addRuns(ctx, &all[i])
	}
	return all, wrap("sources", err)
}

// SourcesByID returns all sources by id, retired ones too, without their runs.
func (s *Store) SourcesByID(ctx context.Context) (map[string]*Source, error) {
	rows, err := s.query(ctx, "select "+sourceColumns+" from sources s")
	all, err := collect(rows, err, scanSource)
	byID := make(map[string]*Source, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	return byID, wrap("sources", err)
}

// SourceNames returns the id, slug, state and title of all sources by id,
// retired ones too.
func (s *Store) SourceNames(ctx context.Context) (map[string]Source, error) {
	rows, err := s.query(ctx, "select id, slug, state, title from sources")
	all, err := collect(rows, err, func(row scanner) (src Source, err error) {
		err = row.Scan(&src.ID, &src.Slug, &src.State, asJSON(&src.Title))
		return src, err
	})
	byID := make(map[string]Source, len(all))
	for _, src := range all {
		byID[src.ID] = src
	}
	return byID, wrap("sources", err)
}

// Source returns the source with the given slug or id, with its last run, or
// ErrNotFound.
func (s *Store) Source(ctx context.Context, key string) (Source, error) {
	src, err := scanSource(s.row(ctx, "select "+sourceColumns+" from sources s where s.slug = ?1 or s.id = ?1", key))
	if errors.Is(err, sql.ErrNoRows) {
		return src, notFound(NounSource, key)
	}
	if err == nil {
		err = s.addRuns(ctx, &src)
	}
	return src, wrap("source", err)
}

// addRuns adds to a source its last run, its failures in a row, and when the
// schedule harvests it next.
func (s *Store) addRuns(ctx context.Context, src *Source) (err error) {
	if src.LastRun, err = s.lastRun(ctx, src.ID); err != nil || src.LastRun == nil {
		src.NextRun = src.next()
		return err
	}
	err = s.row(ctx, `select count(*) from (select 1 from runs r where r.source = ?1 and not r.dry_run and r.state in ('incomplete', 'failed')
		and r.stop = '' and r.refused = '' and r.rowid > coalesce((select max(g.rowid) from runs g where g.source = ?1 and not g.dry_run and g.state in ('complete', 'held')), 0) limit ?2)`,
		src.ID, maxFailures).Scan(&src.Failures)
	src.NextRun = src.next()
	return err
}

const (
	maxFailures  = 20             // in a row that are counted
	longestPause = 24 * time.Hour // after failures, unless the schedule's own interval is longer
	jitterShare  = 20             // sources of the same interval are spread over this part of it …
	jitterMost   = 10 * time.Minute
)

// next is when a schedule harvests the source: when its clock shows its time
// the next time after the start of the last run, or an interval after that, twice that after each failure up to a day, and a little later,
// by an amount that is the source's own, so that sources which were added
// together are not harvested together. It is zero without a schedule.
func (src *Source) next() time.Time {
	if src.Every <= 0 || src.State != Published {
		return time.Time{}
	}
	last := src.Created
	if src.LastRun != nil {
		last = src.LastRun.Started
	}
	switch {
	case src.Clock != "":
		return src.Clock.Next(last)
	case src.LastRun == nil:
		return last
	}
	wait := src.Every
	for range src.Failures {
		if wait >= longestPause {
			break
		}
		wait = min(2*wait, longestPause)
	}
	sum := sha256.Sum256([]byte(src.ID))
	spread := min(src.Every/jitterShare, jitterMost)
	share := time.Duration(binary.BigEndian.Uint16(sum[:])) * spread / (1 << 16)
	return last.Add(wait + share)
}

// PutSource writes src; a new one (without id) gets its id and slug, the slug
// from src.Slug or its title.
func (t *Tx) PutSource(src *Source) error {
	if IsBuiltin(src.Agency) {
		return ErrBuiltin
	}
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
	src.Revision++
	t.changed(NounSource, src.ID, OpPut)
	options := noOptions
	if len(src.Options) > 0 {
		options = string(src.Options)
	}
	return t.exec(`insert into sources (id, slug, state, title, kind, url, agency, every, clock, licence, allow_private, created, options)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, title = excluded.title, kind = excluded.kind, url = excluded.url, agency = excluded.agency,
			every = excluded.every, clock = excluded.clock, licence = excluded.licence, allow_private = excluded.allow_private,
			options = excluded.options, revision = revision + 1`,
		src.ID, src.Slug, src.State, asJSON(&src.Title), src.Kind, src.URL, orNull(&src.Agency), int64(src.Every/time.Second), src.Clock, src.Licence,
		src.AllowPrivateNetwork, asTime(&src.Created), options)
}

// Standings of a source.
const (
	SourceNew     = "new" // it was not harvested yet
	SourceRunning = "running"
	SourceOK      = "ok"
	SourceHeld    = "held"    // its last run waits for a decision
	SourceFailing = "failing" // it could not be read to its end lately
	SourceRefused = "refused" // what its last run would have removed was refused
	SourceStopped = "stopped" // somebody stopped its last run
	SourceRetired = "retired" // it is not harvested any more
)

// Standing says in a word how a source is, of what its last run says.
func (src *Source) Standing() string {
	switch last := src.LastRun; {
	case src.State != Published:
		return SourceRetired
	case last == nil:
		return SourceNew
	case last.State == RunRunning:
		return SourceRunning
	case last.State == RunHeld:
		return SourceHeld
	case src.Failures > 0:
		return SourceFailing
	case last.State == RunComplete:
		return SourceOK
	case !last.Refused.IsZero():
		return SourceRefused
	default:
		return SourceStopped
	}
}
