package catalog

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Why something was removed.
const (
	RemovedMissing  = "missing"  // two complete runs in a row did not have it
	RemovedDeleted  = "deleted"  // its source says that it deleted it
	RemovedTakedown = "takedown" // an operator took it down, for the reason given
	RemovedSource   = "source"   // its source was retired together with its datasets
)

// A Removal is one line of the public ledger of what disappeared.
type Removal struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Noun       string    `json:"noun"`  // dataset or resource
	Thing      string    `json:"thing"` // its id, which it keeps
	Slug       string    `json:"slug"`  // of the dataset, which it keeps
	Title      Text      `json:"title"` // when it was removed
	Agency     string    `json:"agency,omitempty"`
	Kind       string    `json:"kind"` // why: missing, deleted, takedown or source
	Reason     string    `json:"reason,omitempty"`
	Source     string    `json:"source,omitempty"`
	Run        string    `json:"run,omitempty"`
	Identifier string    `json:"identifier,omitempty"` // the source's own
	Missing    time.Time `json:"missing_since,omitzero"`
	Record     string    `json:"record,omitempty"` // SHA-256 of the last known copy of its record, as it came
	Returned   time.Time `json:"returned,omitzero"`
}

const removalColumns = "id, at, noun, thing, slug, title, agency, kind, reason, source, run, identifier, missing, record, returned"

func scanRemoval(row scanner) (Removal, error) {
	var r Removal
	err := row.Scan(&r.ID, asTime(&r.At), &r.Noun, &r.Thing, &r.Slug, asJSON(&r.Title), orNull(&r.Agency), &r.Kind, &r.Reason,
		orNull(&r.Source), orNull(&r.Run), &r.Identifier, asTime(&r.Missing), &r.Record, asTime(&r.Returned))
	return r, err
}

// A RemovalFilter says which lines of the ledger Removals returns. Empty fields
// do not filter.
type RemovalFilter struct {
	Noun   string
	Agency string // id
	Source string // id
	Run    string // id
	Kind   string
	Before string // id of a line that the list goes on after
	Limit  int
}

const removalFilter = ` from removals where (?1 = '' or noun = ?1) and (?2 = '' or agency = ?2) and (?3 = '' or source = ?3)
	and (?4 = '' or run = ?4) and (?5 = '' or kind = ?5)`

// Removals returns lines of the ledger, the newest first, and how many there
// are in all.
func (s *Store) Removals(ctx context.Context, f RemovalFilter) (all []Removal, total int64, err error) {
	args := []any{f.Noun, f.Agency, f.Source, f.Run, f.Kind}
	if err := s.row(ctx, "select count(*)"+removalFilter, args...).Scan(&total); err != nil {
		return nil, 0, wrap("removals", err)
	}
	rows, err := s.query(ctx, "select "+removalColumns+removalFilter+" and (?6 = '' or id < ?6) order by id desc limit ?7",
		append(args, f.Before, f.Limit)...)
	all, err = collect(rows, err, scanRemoval)
	return all, total, wrap("removals", err)
}

// RemovedSince counts the datasets that were removed at or after the moment and
// have not come back.
func (s *Store) RemovedSince(ctx context.Context, at time.Time) (int64, error) {
	var n int64
	err := s.row(ctx, "select count(*) from removals where noun = 'dataset' and at >= ? and returned = ''", stamp(at)).Scan(&n)
	return n, wrap("removed since", err)
}

// LastRemoval returns when something was removed last; the zero time when nothing
// was.
func (s *Store) LastRemoval(ctx context.Context) (at time.Time, err error) {
	err = s.row(ctx, "select at from removals order by id desc limit 1").Scan(asTime(&at))
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return at, wrap("last removal", err)
}

// removal returns the last line of the ledger about a thing, nil without one.
func (s *Store) removal(ctx context.Context, thing string) (*Removal, error) {
	r, err := scanRemoval(s.row(ctx, "select "+removalColumns+" from removals where thing = ? order by at desc, rowid desc limit 1", thing))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, err
}

// retired is the error for a thing that is no longer published, with its line
// in the ledger.
func (s *Store) retired(ctx context.Context, noun, id, slug string) error {
	r, err := s.removal(ctx, id)
	if err != nil {
		return wrap("removal", err)
	}
	return &RetiredError{noun, id, slug, r}
}

// LastKnown returns a dataset (its slug or id) that was retired as it was last
// known, with its resources and their current editions. It is ErrNotFound for
// one that an operator took down: of that nothing is shown.
func (s *Store) LastKnown(ctx context.Context, key string) (Dataset, error) {
	d, err := scanDataset(s.row(ctx, "select "+datasetColumns+" from datasets d where (d.slug = ?1 or d.id = ?1) and d.state in ('published', 'retired')", key))
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound(NounDataset, key)
	}
	if err != nil {
		return d, wrap("dataset", err)
	}
	return d, wrap("dataset", s.addResources(ctx, map[string]*Dataset{d.ID: &d}, false))
}
