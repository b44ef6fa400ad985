package catalog

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// States of an Upload.
const (
	UploadWaiting = "waiting" // to be read
	UploadAsking  = "asking"  // it was read, and something would be lost: somebody has to say that it is meant
	UploadFailed  = "failed"  // it could not be taken in: Fault says why
	UploadDone    = "done"    // it waits in its dataset to be published
)

// An Upload is a stored file that somebody gave a dataset at the desk, until it
// was read. No part of it is ever public.
type Upload struct {
	ID       string
	Dataset  string // id
	Resource string // id of the one that it is a new file of; empty: a new one, until it is done
	Person   string // id of who gave it
	File     File
	How      json.RawMessage // how it is to be read, as who reads it keeps that
	At       time.Time
	State    string
	Fault    string
	Imported *datasets.Imported // while it is asking
}

const uploadColumns = "id, dataset, resource, person, file, file_name, size, how, at, state, fault, body"

func scanUpload(row scanner) (u Upload, err error) {
	var how string
	err = row.Scan(&u.ID, &u.Dataset, &u.Resource, &u.Person, &u.File.Digest, &u.File.Name, &u.File.Size, &how,
		asTime(&u.At), &u.State, &u.Fault, asJSON(&u.Imported))
	if how != "" {
		u.How = json.RawMessage(how)
	}
	return u, err
}

// PutUpload writes u; a new one gets its id. Whether the person may do it is
// asked when the file is added to its dataset.
func (t *Tx) PutUpload(u *Upload) error {
	if u.ID == "" {
		u.ID, u.At = newID(t.now), t.now
	}
	return t.exec(`insert into uploads (`+uploadColumns+`) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set resource = excluded.resource, how = excluded.how, state = excluded.state, fault = excluded.fault, body = excluded.body`,
		u.ID, u.Dataset, u.Resource, u.Person, u.File.Digest, u.File.Name, u.File.Size, string(u.How), asTime(&u.At), u.State, u.Fault, asJSON(&u.Imported))
}

// DropUpload forgets an upload. A file that is in its dataset stays there.
func (t *Tx) DropUpload(id string) error {
	return t.exec("delete from uploads where id = ?", id)
}

// Upload returns the upload with the given id of a dataset, or ErrNotFound.
func (s *Store) Upload(ctx context.Context, dataset, id string) (Upload, error) {
	u, err := scanUpload(s.row(ctx, "select "+uploadColumns+" from uploads where id = ? and dataset = ?", id, dataset))
	if errors.Is(err, sql.ErrNoRows) {
		return u, notFound("upload", id)
	}
	return u, wrap("upload", err)
}

// Uploads returns the uploads of a dataset that are not done, the oldest first.
func (s *Store) Uploads(ctx context.Context, dataset string) ([]Upload, error) {
	rows, err := s.query(ctx, "select "+uploadColumns+" from uploads where dataset = ? and state <> 'done' order by at, id", dataset)
	all, err := collect(rows, err, scanUpload)
	return all, wrap("uploads", err)
}

// WaitingUploads returns uploads that are to be read, the oldest first.
func (s *Store) WaitingUploads(ctx context.Context, limit int) ([]Upload, error) {
	rows, err := s.query(ctx, "select "+uploadColumns+" from uploads where state = 'waiting' order by at, id limit ?", limit)
	all, err := collect(rows, err, scanUpload)
	return all, wrap("uploads", err)
}

// LastUpload returns the upload by which a resource got its last file, or
// ErrNotFound for one that did not get it at the desk.
func (s *Store) LastUpload(ctx context.Context, resource string) (Upload, error) {
	u, err := scanUpload(s.row(ctx, "select "+uploadColumns+" from uploads where resource = ? and state = 'done' order by at desc, id desc limit 1", resource))
	if errors.Is(err, sql.ErrNoRows) {
		return u, notFound("upload", resource)
	}
	return u, wrap("upload", err)
}
