package catalog

import (
	"context"
	"time"
)

// A Fetch is a file that is due to be fetched.
type Fetch struct {
	Resource     Resource
	Source       string // id; empty when the dataset was published by hand
	Attempts     int    // how often it failed since it was last due
	ETag         string // validators of the last answer
	LastModified string
	File         string // digest of the file that is there already, empty for none
}

// DueFetches returns up to limit files that are due at the moment, the longest
// waiting first.
func (s *Store) DueFetches(ctx context.Context, at time.Time, limit int) ([]Fetch, error) {
	rows, err := s.query(ctx, "select "+resourceColumns+`, d.source, r.attempts, r.etag, r.last_modified, coalesce(e.file, '')
		from resources r join datasets d on d.id = r.dataset
		left join editions e on e.resource = r.id and e.digest = r.edition
		where r.fetch = 'pending' and r.fetch_due <= ? and r.`+visible+" and d."+visible+" order by r.fetch_due, r.id limit ?", stamp(at), limit)
	all, err := collect(rows, err, func(row scanner) (Fetch, error) {
		var f Fetch
		var err error
		f.Resource, err = scanResource(row, orNull(&f.Source), &f.Attempts, &f.ETag, &f.LastModified, &f.File)
		return f, err
	})
	return all, wrap("due fetches", err)
}

// PendingFetches counts the files that wait, due or not.
func (s *Store) PendingFetches(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, "select count(*) from resources r join datasets d on d.id = r.dataset where r.fetch = 'pending' and r."+visible+
		" and d."+visible).Scan(&n)
	return n, wrap("pending fetches", err)
}

// A FetchResult is how an attempt to fetch a file ended.
type FetchResult struct {
	State        string    // FetchDone, FetchFailed, or FetchPending to try again
	Fault        string    // why there is no file or no table in it, in a sentence
	Said         []Said    // its parts
	Again        time.Time // when to try again, for FetchPending
	ETag         string
	LastModified string
}

// PutFetch notes how fetching the file of a resource (its id) went. A fault of
// a later attempt leaves the edition that is there.
func (t *Tx) PutFetch(resource string, r FetchResult) error {
	var dataset string
	if err := t.row("select dataset from resources where id = ?", resource).Scan(&dataset); err != nil {
		return notFound("resource", resource)
	}
	t.changed(NounDataset, dataset, OpPut)
	again := ""
	if r.State == FetchPending {
		again = stamp(r.Again)
	}
	return t.exec(`update resources set fetch = ?1, fetch_fault = ?2, fetch_said = ?8, fetch_due = ?3, attempts = iif(?1 = 'done', 0, attempts + 1),
		fetched = iif(?1 = 'done', ?4, fetched), etag = iif(?1 = 'done', ?5, etag), last_modified = iif(?1 = 'done', ?6, last_modified)
		where id = ?7`,
		r.State, r.Fault, again, stamp(t.now), r.ETag, r.LastModified, resource, asSaid(&r.Said))
}
