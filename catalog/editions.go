package catalog

import (
	"context"
	"database/sql"
	"errors"
)

// light are the scan targets of lightEdition, full those of fullEdition.
func (e *Edition) light() []any {
	return []any{&e.Digest, &e.File, &e.FileName, &e.Size, asTime(&e.Since), &e.HasTable, &e.Rows, &e.FaultsN}
}

func (e *Edition) full() []any {
	return append(e.light(), asJSON(&e.Schema), asJSON(&e.Profile), asJSON(&e.Notes), asJSON(&e.Faults))
}

// Editions returns the editions of a resource, newest first.
func (s *Store) Editions(ctx context.Context, resource string) ([]Edition, error) {
	rows, err := s.query(ctx, "select "+fullEdition+" from editions e where e.resource = ? order by e.since desc, e.digest", resource)
	all, err := collect(rows, err, func(row scanner) (Edition, error) {
		e := Edition{Resource: resource}
		err := row.Scan(e.full()...)
		return e, err
	})
	return all, wrap("editions", err)
}

// Edition returns the edition of a resource with the given digest, or ErrNotFound.
func (s *Store) Edition(ctx context.Context, resource, digest string) (Edition, error) {
	e := Edition{Resource: resource}
	err := s.row(ctx, "select "+fullEdition+" from editions e where e.resource = ? and e.digest = ?", resource, digest).Scan(e.full()...)
	if errors.Is(err, sql.ErrNoRows) {
		return e, notFound("edition", digest)
	}
	return e, wrap("edition", err)
}

// PutEdition makes e the current edition of its resource; where it was not, the
// dataset changed. An edition that was there before keeps the moment since
// which it exists.
func (t *Tx) PutEdition(e *Edition) error {
	err := t.exec("update datasets set updated = ?1 where id = (select dataset from resources where id = ?2 and edition <> ?3)",
		asTime(&t.now), e.Resource, e.Digest)
	if err != nil {
		return err
	}
	return t.putEdition(e)
}

// putEdition is PutEdition without moving the date of the dataset.
func (t *Tx) putEdition(e *Edition) error {
	var dataset string
	err := t.row("select dataset from resources where id = ?", e.Resource).Scan(&dataset)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound("resource", e.Resource)
	}
	if err != nil {
		return err
	}
	if e.Since.IsZero() {
		e.Since = t.now
	}
	err = t.exec(`insert into editions (resource, digest, file, file_name, size, since, has_table, rows, columns, profile, notes, faults, faults_n)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (resource, digest) do update set file = excluded.file, file_name = excluded.file_name, size = excluded.size,
			profile = excluded.profile, notes = excluded.notes, faults = excluded.faults, faults_n = excluded.faults_n`,
		e.Resource, e.Digest, e.File, e.FileName, e.Size, asTime(&e.Since), e.HasTable, e.Rows, asJSON(&e.Schema),
		asJSON(&e.Profile), asJSON(&e.Notes), asJSON(&e.Faults), e.FaultsN)
	if err != nil {
		return err
	}
	t.changed(NounDataset, dataset, OpPut)
	return t.exec("update resources set edition = ? where id = ?", e.Digest, e.Resource)
}
