package catalog

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"time"

	"github.com/goccy/go-json"
)

// LastChange returns the newest change, a zero one before the first.
func (s *Store) LastChange(ctx context.Context) (Change, error) {
	var c Change
	err := s.row(ctx, "select seq, at, noun, id, op from changes order by seq desc limit 1").Scan(&c.Seq, asTime(&c.At), &c.Noun, &c.ID, &c.Op)
	if errors.Is(err, sql.ErrNoRows) {
		return Change{}, nil
	}
	return c, wrap("last change", err)
}

// Added returns up to n visible datasets in the order in which they came into
// the catalogue, newest first: those before the dataset with the id before,
// from the newest one when before is empty.
func (s *Store) Added(ctx context.Context, before string, n int) ([]Dataset, error) {
	const last = "~" // above every id
	if before == "" {
		before = last
	}
	rows, err := s.query(ctx, "select id from datasets where "+visible+" and id < ? order by id desc limit ?", before, n)
	return s.listed(ctx, "added", rows, err)
}

// Updated returns up to n visible datasets by the moment of their last change
// in the catalogue, newest first: those after the dataset that changed at the
// moment before and has the given id, from the newest one when before is zero.
func (s *Store) Updated(ctx context.Context, before time.Time, id string, n int) ([]Dataset, error) {
	at := "~"
	if !before.IsZero() {
		at = stamp(before)
	}
	rows, err := s.query(ctx, "select id from datasets where "+visible+" and (updated, id) < (?, ?) order by updated desc, id desc limit ?", at, id, n)
	return s.listed(ctx, "updated", rows, err)
}

func (s *Store) listed(ctx context.Context, op string, rows *sql.Rows, err error) ([]Dataset, error) {
	ids, err := collect(rows, err, scanID)
	if err != nil {
		return nil, wrap(op, err)
	}
	return s.DatasetsByID(ctx, ids, false)
}

// walkStep is how many datasets Walk reads at a time.
const walkStep = 200

// Walk yields all visible datasets by id, with their resources and the light
// part of the editions, a few at a time. What changes meanwhile may or may not
// be among them; none comes twice. After an error nothing more comes.
func (s *Store) Walk(ctx context.Context) iter.Seq2[*Dataset, error] {
	return func(yield func(*Dataset, error) bool) {
		after := ""
		for {
			ids, err := s.DatasetIDs(ctx, Filter{After: after, Limit: walkStep})
			if err != nil {
				yield(nil, err)
				return
			}
			if len(ids) == 0 {
				return
			}
			all, err := s.DatasetsByID(ctx, ids, false)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range all {
				if !yield(&all[i], nil) {
					return
				}
			}
			after = ids[len(ids)-1]
		}
	}
}

// A Signpost is what a map of the site needs of a thing.
type Signpost struct {
	ID      string
	Slug    string
	Updated time.Time
}

// A Signposted is what signposts lead to: things in a table o of the catalogue
// with an id and a slug, the condition for those that the public sees, and when
// they were updated, both in SQL.
type Signposted struct{ Table, Public, Updated string }

// SignpostedDatasets are the visible datasets.
var SignpostedDatasets = Signposted{"datasets", "o." + visible, "o.updated"}

// Signposts returns up to limit of the things by id, those after the given id.
func (s *Store) Signposts(ctx context.Context, of Signposted, after string, limit int) ([]Signpost, error) {
	rows, err := s.query(ctx, "select o.id, o.slug, "+of.Updated+" from "+of.Table+" o where "+of.Public+" and o.id > ? order by o.id limit ?", after, limit)
	all, err := collect(rows, err, func(row scanner) (Signpost, error) {
		var p Signpost
		err := row.Scan(&p.ID, &p.Slug, asTime(&p.Updated))
		return p, err
	})
	return all, wrap("signposts", err)
}

// DatasetOf returns the id of the visible dataset that a source (its id) knows
// by an identifier of its own, empty when there is none.
func (s *Store) DatasetOf(ctx context.Context, source, identifier string) (string, error) {
	var id string
	err := s.row(ctx, `select d.id from records r join datasets d on d.id = r.thing
		where r.source = ? and r.noun = 'dataset' and r.identifier = ? and d.`+visible, source, identifier).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, wrap("dataset of a record", err)
}

// History returns how many editions a resource has and those from the given
// place in the list of them, newest first, with their schemas but without
// profiles, notes and faults; limit ≤ 0 returns all from there.
func (s *Store) History(ctx context.Context, resource string, from, limit int) ([]Edition, int64, error) {
	if limit <= 0 {
		limit = -1
	}
	var total int64
	if err := s.row(ctx, "select count(*) from editions where resource = ?", resource).Scan(&total); err != nil {
		return nil, 0, wrap("history", err)
	}
	rows, err := s.query(ctx, "select "+lightEdition+`, e.columns from editions e where e.resource = ?
		order by e.since desc, e.digest limit ? offset ?`, resource, limit, from)
	all, err := collect(rows, err, func(row scanner) (Edition, error) {
		e := Edition{Resource: resource}
		err := row.Scan(append(e.light(), asJSON(&e.Schema))...)
		return e, err
	})
	return all, total, wrap("history", err)
}

// SignpostBefore returns the id after which Signposts begins at the n-th of the
// things, counted from 0.
func (s *Store) SignpostBefore(ctx context.Context, of Signposted, n int) (string, error) {
	if n == 0 {
		return "", nil
	}
	var id string
	err := s.row(ctx, "select o.id from "+of.Table+" o where "+of.Public+" order by o.id limit 1 offset ?", n-1).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "~", nil // after the last one
	}
	return id, wrap("signposts", err)
}

// Latest returns n of the visible ones among the given datasets, those that
// changed last first, passing by the first from of them.
func (s *Store) Latest(ctx context.Context, ids []string, from, n int) ([]Dataset, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, wrap("latest", err)
	}
	rows, err := s.query(ctx, "select d.id from json_each(?) i join datasets d on d.id = i.value where d."+visible+
		" order by d.updated desc, d.id desc limit ? offset ?", string(list), n, from)
	return s.listed(ctx, "latest", rows, err)
}

// EditionBefore returns the digest of the edition that was seen before another
// one of the same resource, empty when that is the first.
func (s *Store) EditionBefore(ctx context.Context, resource, digest string) (string, error) {
	var before string
	err := s.row(ctx, `select b.digest from editions e join editions b on b.resource = e.resource
		where e.resource = ? and e.digest = ? and (b.since < e.since or b.since = e.since and b.digest > e.digest)
		order by b.since desc, b.digest limit 1`, resource, digest).Scan(&before)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return before, wrap("edition before", err)
}
