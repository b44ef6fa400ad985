package catalog

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// A DeskDataset is a dataset as those see it who prepare it: of any state, with
// all that the public does not see yet.
//
// A dataset made by hand begins as a draft. Its files wait, each as the pending
// file of its resource, and nothing of them stands among the editions. To
// publish is to make, in one transaction, the draft and its resources public
// and every pending file the current edition of its resource. A published
// dataset takes new files in the same way: they wait beside the editions that
// the public goes on to see.
type DeskDataset struct {
	Dataset
	Revision  int64     `json:"revision"`            // raised by every write
	PublishAt time.Time `json:"publish_at,omitzero"` // when what waits is published
	Note      string    `json:"note,omitempty"`      // for colleagues, never public
	Pending   []Pending `json:"pending"`             // files that wait, in the order of their resources
	Waiting   int       `json:"waiting"`             // how many
	Faults    int64     `json:"-"`                   // in public rows, that nobody who edits has seen
}

// A Pending is a file that waits to become the next edition of its resource.
type Pending struct {
	Resource string            `json:"resource"` // id
	File     File              `json:"file"`
	At       time.Time         `json:"at"`
	By       string            `json:"by,omitempty"`  // id of the person who gave it
	How      json.RawMessage   `json:"how,omitempty"` // choices that it was read with, as who read it keeps them
	Imported datasets.Imported `json:"-"`
}

const deskColumns = datasetColumns + ", d.revision, d.publish_at, d.note, (select count(*) from pending p join resources r on r.id = p.resource where r.dataset = d.id)" +
	", (select coalesce(sum(e.faults_n), 0) from resources r join editions e on e.resource = r.id and e.digest = r.edition where r.dataset = d.id and r.state = 'published' and e.since > d.faults_seen)"

// deskRow adds what deskColumns has beside the columns of a dataset.
type deskRow struct {
	row  scanner
	more []any
}

// Scan is scanner.
func (r deskRow) Scan(into ...any) error { return r.row.Scan(append(into, r.more...)...) }

func scanDesk(row scanner) (d DeskDataset, err error) {
	d.Dataset, err = scanDataset(deskRow{row, []any{&d.Revision, asTime(&d.PublishAt), &d.Note, &d.Waiting, &d.Faults}})
	d.Pending = []Pending{}
	return d, err
}

// Public reports whether the public sees the dataset.
func (d *DeskDataset) Public() bool { return Visible(d.State) }

// New reports whether the public never saw the dataset.
func (d *DeskDataset) New() bool { return d.State == Drafted || d.State == Scheduled }

// PendingOf returns the file that waits for a resource, nil when none does.
func (d *DeskDataset) PendingOf(resource string) *Pending {
	for i := range d.Pending {
		if d.Pending[i].Resource == resource {
			return &d.Pending[i]
		}
	}
	return nil
}

// DeskDataset returns the dataset with the given slug or id with all its
// resources that are not retired, the current edition of each and the files
// that wait. It is ErrNotFound for one that there is not and for one that the
// actor may not see; both take the same way.
func (s *Store) DeskDataset(ctx context.Context, by *Actor, key string) (DeskDataset, error) {
	d, err := scanDesk(s.row(ctx, "select "+deskColumns+" from datasets d where d.slug = ?1 or d.id = ?1", key))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !by.Can(View, d.Agency):
		return DeskDataset{}, notFound(NounDataset, key)
	case err != nil:
		return d, wrap("desk dataset", err)
	}
	rows, err := s.query(ctx, "select "+resourceColumns+", "+fullEdition+` from resources r left join editions e on e.resource = r.id and e.digest = r.edition
		where r.dataset = ? and r.state <> 'retired' order by r.position, r.id`, d.ID)
	if d.Resources, err = collect(rows, err, func(row scanner) (Resource, error) { return scanWithEdition(row, true) }); err != nil {
		return d, wrap("desk dataset", err)
	}
	rows, err = s.query(ctx, pendingOf, d.ID)
	d.Pending, err = collect(rows, err, scanPending)
	return d, wrap("desk dataset", err)
}

const pendingOf = `select p.resource, p.file, p.file_name, p.size, p.at, p.by, p.how, p.body from pending p
	join resources r on r.id = p.resource where r.dataset = ? order by r.position, r.id`

func scanPending(row scanner) (p Pending, err error) {
	var how string
	err = row.Scan(&p.Resource, &p.File.Digest, &p.File.Name, &p.File.Size, asTime(&p.At), &p.By, &how, asJSON(&p.Imported))
	if how != "" {
		p.How = json.RawMessage(how)
	}
	return p, err
}

// A DeskFilter says which datasets DeskDatasets returns. Empty fields do not
// filter.
type DeskFilter struct {
	Agency string    // id
	State  string    // Drafted, Scheduled, Published, Retired or Withdrawn
	ByHand bool      // only those that no source brings
	Before time.Time // with After: the place in the list to go on behind
	After  string    // id of what stood there
	Limit  int       // 0: no limit
}

// DeskDatasets returns the datasets of the agencies in which the actor may see
// what is not public, those first that changed last, without their resources,
// and how many there are in all.
func (s *Store) DeskDatasets(ctx context.Context, by *Actor, f DeskFilter) (all []DeskDataset, total int64, err error) {
	agencies, everywhere := by.Agencies(View)
	if f.Agency != "" && (everywhere || slices.Contains(agencies, f.Agency)) {
		agencies, everywhere = []string{f.Agency}, false
	} else if f.Agency != "" {
		agencies = nil
	}
	if f.Limit <= 0 {
		f.Limit = -1
	}
	list, err := encode(agencies)
	if err != nil {
		return nil, 0, wrap("desk datasets", err)
	}
	const which = ` from datasets d where d.agency <> '` + BuiltinAgency + `' and (?1 or d.agency in (select value from json_each(?2))) and (?3 = '' or d.state = ?3) and (?4 = 0 or d.source is null)`
	args := []any{everywhere, string(list), f.State, f.ByHand}
	if err = s.row(ctx, "select count(*)"+which, args...).Scan(&total); err != nil {
		return nil, 0, wrap("desk datasets", err)
	}
	rows, err := s.query(ctx, "select "+deskColumns+which+` and (?5 = '' or (d.updated, d.id) < (?5, ?6))
		order by d.updated desc, d.id desc limit ?7`, append(args, stamp(f.Before), f.After, f.Limit)...)
	all, err = collect(rows, err, scanDesk)
	return all, total, wrap("desk datasets", err)
}

// Preview returns the dataset as the public will see it when what waits is
// published now. A table that is not there yet has its name behind the id of
// the resource whose file it is in, and a slash, for its id.
func (d *DeskDataset) Preview() Dataset {
	out := d.Dataset
	out.State = Published
	out.Resources = []Resource{}
	for i := range d.Resources {
		r := d.Resources[i]
		if r.PartOf != "" && d.PendingOf(r.PartOf) != nil {
			continue // its file is replaced
		}
		r.State = Published
		p := d.PendingOf(r.ID)
		if p == nil {
			out.Resources = append(out.Resources, r)
			continue
		}
		out.Resources = append(out.Resources, d.previewFile(&r, p)...)
	}
	return out
}

// previewFile returns the resource with its pending file as its edition, and
// those of the tables in it.
func (d *DeskDataset) previewFile(r *Resource, p *Pending) []Resource {
	tookFile(r, p.File, &p.Imported)
	whole := Edition{Resource: r.ID, Digest: p.File.Digest, File: p.File.Digest, FileName: p.File.Name, Size: p.File.Size, Since: p.At}
	tables := p.Imported.Tables
	if len(tables) == 1 && !p.Imported.Container {
		whole.table(&tables[0])
		tables = nil
	}
	r.Edition = &whole
	all := []Resource{*r}
	for i := range tables {
		child := Resource{ID: r.ID + "/" + tables[i].Name, Dataset: d.ID, PartOf: r.ID, Identifier: tables[i].Name}
		for k := range d.Resources {
			if d.Resources[k].PartOf == r.ID && d.Resources[k].Identifier == tables[i].Name {
				child = d.Resources[k]
			}
		}
		child.Name, child.Title, child.Format, child.State = tables[i].Name, childTitle(r, tables[i].Name, len(tables)), r.Format, Published
		e := Edition{Resource: child.ID, File: p.File.Digest, FileName: p.File.Name, Size: p.File.Size, Since: p.At}
		e.table(&tables[i])
		child.Edition = &e
		all = append(all, child)
	}
	return all
}

// tookFile notes in a resource what was read from its file.
func tookFile(r *Resource, f File, im *datasets.Imported) {
	r.Format, r.Size, r.Fetch = strings.ToUpper(im.Format), f.Size, FetchDone
	r.FetchFault, r.FetchSaid = im.Fault, im.Said
}

// Whole is Store.DeskDataset inside a write, of a dataset that the write has.
func (t *Tx) Whole(d *DeskDataset) error {
	rows, err := t.query("select "+resourceColumns+", "+lightEdition+` from resources r left join editions e on e.resource = r.id and e.digest = r.edition
		where r.dataset = ? and r.state <> 'retired' order by r.position, r.id`, d.ID)
	if d.Resources, err = collect(rows, err, func(row scanner) (Resource, error) { return scanWithEdition(row, false) }); err != nil {
		return err
	}
	rows, err = t.query(pendingOf, d.ID)
	d.Pending, err = collect(rows, err, scanPending)
	return err
}
