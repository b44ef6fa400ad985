package catalog

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-json"
)

const resourceColumns = "r.id, r.dataset, r.state, r.part_of, r.fetch, r.fetch_fault, r.fetch_said, r.fetched, r.body"

func scanResource(row scanner, more ...any) (Resource, error) {
	var body, r Resource
	err := row.Scan(append([]any{&r.ID, &r.Dataset, &r.State, orNull(&r.PartOf), &r.Fetch, &r.FetchFault, asSaid(&r.FetchSaid), asTime(&r.Fetched), asJSON(&body)},
		more...)...)
	body.ID, body.Dataset, body.State, body.PartOf = r.ID, r.Dataset, r.State, r.PartOf
	body.Fetch, body.FetchFault, body.FetchSaid, body.Fetched = r.Fetch, r.FetchFault, r.FetchSaid, r.Fetched
	return body, err
}

const (
	lightEdition = "coalesce(e.digest, ''), coalesce(e.file, ''), coalesce(e.file_name, ''), coalesce(e.size, 0), coalesce(e.since, ''), " +
		"coalesce(e.has_table, 0), coalesce(e.rows, 0), coalesce(e.faults_n, 0)"
	fullEdition = lightEdition + ", e.columns, e.profile, e.notes, e.faults"
)

// addResources reads the published resources of the datasets, each with its
// current edition.
func (s *Store) addResources(ctx context.Context, byID map[string]*Dataset, full bool) error {
	ids, err := json.Marshal(slices.Collect(maps.Keys(byID)))
	if err != nil {
		return err
	}
	columns := lightEdition
	if full {
		columns = fullEdition
	}
	rows, err := s.query(ctx, "select "+resourceColumns+", "+columns+` from json_each(?) i join resources r on r.dataset = i.value
		left join editions e on e.resource = r.id and e.digest = r.edition
		where r.`+visible+" order by r.dataset, r.position, r.id", string(ids))
	all, err := collect(rows, err, func(row scanner) (Resource, error) { return scanWithEdition(row, full) })
	for _, r := range all {
		d := byID[r.Dataset]
		d.Resources = append(d.Resources, r)
	}
	return err
}

func scanWithEdition(row scanner, full bool) (Resource, error) {
	var e Edition
	into := e.light()
	if full {
		into = e.full()
	}
	r, err := scanResource(row, into...)
	if e.Digest != "" {
		e.Resource = r.ID
		r.Edition = &e
	}
	return r, err
}

// Resource returns a published resource of a published dataset with its
// current edition, or ErrNotFound.
func (s *Store) Resource(ctx context.Context, id string) (Resource, error) {
	r, err := scanWithEdition(s.row(ctx, "select "+resourceColumns+", "+fullEdition+` from resources r
		join datasets d on d.id = r.dataset left join editions e on e.resource = r.id and e.digest = r.edition
		where r.id = ? and r.`+visible+" and d."+visible, id), true)
	if errors.Is(err, sql.ErrNoRows) {
		return r, notFound("resource", id)
	}
	return r, wrap("resource", err)
}

// resources returns all resources of a dataset, retired ones too, in order.
func (t *Tx) resources(dataset string) ([]Resource, error) {
	rows, err := t.query("select "+resourceColumns+" from resources r where r.dataset = ? order by r.position, r.id", dataset)
	return collect(rows, err, func(row scanner) (Resource, error) { return scanResource(row) })
}

// PutResource writes r at the given place among its dataset's resources; a new
// one gets its id. Where r.Fetch is FetchPending its file becomes due.
func (t *Tx) PutResource(r *Resource, position int) error {
	if r.ID == "" {
		r.ID = newID(t.now)
	}
	if r.State == "" {
		r.State = Published
	}
	body := *r
	body.ID, body.Dataset, body.State, body.PartOf, body.Fetch, body.FetchFault = "", "", "", "", "", ""
	body.FetchSaid, body.Fetched = nil, time.Time{}
	due := ""
	if r.Fetch == FetchPending {
		due = stamp(t.now)
	}
	t.changed(NounDataset, r.Dataset, OpPut)
	return t.exec(`insert into resources (id, dataset, position, state, part_of, fetch, fetch_due, fetch_fault, fetch_said, fetched, body)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set position = excluded.position, state = excluded.state, fetch = excluded.fetch,
			fetch_due = iif(excluded.fetch = 'pending', excluded.fetch_due, fetch_due),
			attempts = iif(excluded.fetch = 'pending', 0, attempts),
			fetch_fault = excluded.fetch_fault, fetch_said = excluded.fetch_said, fetched = iif(excluded.fetched <> '', excluded.fetched, fetched),
			body = excluded.body`,
		r.ID, r.Dataset, position, r.State, orNull(&r.PartOf), r.Fetch, due, r.FetchFault, asSaid(&r.FetchSaid), asTime(&r.Fetched), asJSON(&body))
}

// mergeResources brings the resources of a dataset to what its source now
// says. Ids are kept: by the source's own identifier, else by address, else by
// name and format where these are unique; what is gone is closed, not erased.
// Tables inside a resource's file follow it. touched makes files due again; run
// is the one that brought the record.
func (t *Tx) mergeResources(d *Dataset, touched bool, run string) error {
	old, err := t.resources(d.ID)
	if err != nil {
		return err
	}
	own := slices.DeleteFunc(slices.Clone(old), func(r Resource) bool { return r.PartOf != "" })
	match := matchResources(own, d.Resources)
	kept := map[string]bool{}
	for i := range d.Resources {
		r := &d.Resources[i]
		r.Dataset, r.State = d.ID, Published
		if was := match[i]; was != nil {
			r.ID = was.ID
			if was.State == Retired {
				if err := t.returned(NounFile, was.ID); err != nil {
					return err
				}
			}
			if r.Fetch == FetchPending && was.Fetch != FetchPending && !touched && was.State == Published &&
				sameFile(was, r) { // nothing says that the file is another
				r.Fetch, r.FetchFault, r.FetchSaid = was.Fetch, was.FetchFault, was.FetchSaid
			}
		}
		if err := t.PutResource(r, i*childStep); err != nil {
			return err
		}
		kept[r.ID] = true
	}
	for i := range old {
		gone := !kept[old[i].ID] && (old[i].PartOf == "" || !kept[old[i].PartOf])
		if gone && old[i].State == Published {
			if err := t.closeResource(d, &old[i], run); err != nil {
				return err
			}
		}
	}
	return nil
}

// childStep leaves room between the places of two resources for the tables
// inside the first one's file.
const childStep = 1000

func sameFile(a, b *Resource) bool {
	return NormalURL(a.DownloadURL) == NormalURL(b.DownloadURL) && a.Modified == b.Modified && a.Size == b.Size
}

// matchResources returns, for each of fresh, the old resource that it is.
func matchResources(old, fresh []Resource) []*Resource {
	match := make([]*Resource, len(fresh))
	taken := map[string]bool{}
	keys := []func(*Resource) string{
		func(r *Resource) string { return r.Identifier },
		func(r *Resource) string { return NormalURL(r.DownloadURL) },
		func(r *Resource) string {
			if r.DownloadURL != "" {
				return ""
			}
			return NormalURL(r.AccessURL)
		},
		func(r *Resource) string { return r.Name + "\x00" + r.Format },
	}
	for _, key := range keys {
		have := unique(old, key, func(i int) bool { return taken[old[i].ID] })
		want := unique(fresh, key, func(i int) bool { return match[i] != nil })
		for k, i := range want {
			if j, ok := have[k]; ok && i >= 0 && j >= 0 {
				match[i] = &old[j]
				taken[old[j].ID] = true
			}
		}
	}
	return match
}

// unique maps each key that occurs once to its place, and -1 for the others.
func unique(list []Resource, key func(*Resource) string, skip func(int) bool) map[string]int {
	at := map[string]int{}
	for i := range list {
		k := key(&list[i])
		if k == "" || k == "\x00" || skip(i) {
			continue
		}
		if _, twice := at[k]; twice {
			at[k] = -1
		} else {
			at[k] = i
		}
	}
	return at
}

// volatile are the query parameters of an address that say nothing of what it
// is the address of.
var volatile = []string{"use_labels", "timezone", "lang", "epsg", "token", "_ts"}

// NormalURL returns the form in which two addresses of one file are equal:
// lower-case scheme and host, no default port, no fragment, sorted query
// without volatile keys. What is no address is returned trimmed.
func NormalURL(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	u.Scheme, u.Host, u.Fragment = strings.ToLower(u.Scheme), strings.ToLower(u.Host), ""
	if (u.Scheme == "http" && u.Port() == "80") || (u.Scheme == "https" && u.Port() == "443") {
		u.Host = u.Hostname()
	}
	if u.RawQuery != "" {
		q := u.Query()
		for _, k := range volatile {
			q.Del(k)
		}
		u.RawQuery = q.Encode()
	}
	return u.String()
}
