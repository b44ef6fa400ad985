package catalog

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/goccy/go-json"
)

// These are the writes of the desk. Each asks first whether the actor may, by
// the same way for what is hidden and for what there is not; then whether the
// revision that the actor worked on is the current one; and then does it,
// raises the revision and logs it, all in one transaction. They return the
// dataset as it is afterwards, without its resources.

// AnyRevision stands for whatever revision is current: the caller did not look
// before.
const AnyRevision = 0

// at returns the dataset with the given slug or id for the actor to do the verb
// to, at the given revision. What is done to something public takes Publish.
func (t *Tx) at(by *Actor, do Verb, key string, revision int64) (DeskDataset, error) {
	d, err := scanDesk(t.row("select "+deskColumns+" from datasets d where d.slug = ?1 or d.id = ?1", key))
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && !by.Sees(d.State, d.Agency):
		return DeskDataset{}, notFound(NounDataset, key)
	case err != nil:
		return d, err
	case !by.Can(do, d.Agency):
		return DeskDataset{}, fmt.Errorf("dataset %q: %w", d.Slug, ErrDenied)
	case revision != AnyRevision && revision != d.Revision:
		return d, &StaleError{Given: revision, Current: d.Revision}
	case d.Source != "":
		return d, &ConflictError{"harvested", "it comes from a source, which would overwrite the change: change it there"}
	case d.State == Withdrawn:
		return d, &ConflictError{"withdrawn", "an operator took it down"}
	}
	return d, nil
}

// changeVerb is what somebody must be allowed to who changes a dataset of the
// state.
func changeVerb(state string) Verb {
	if state == Drafted || state == Scheduled {
		return Edit
	}
	return Publish
}

// did raises the revision of d, which it had before the write, by one, logs the act, and returns d as it is now.
func (t *Tx) did(by *Actor, act string, d *DeskDataset, before, after any, why string) (DeskDataset, error) {
	if err := t.exec("update datasets set revision = ? where id = ?", d.Revision+1, d.ID); err != nil {
		return *d, err
	}
	t.changed(NounDataset, d.ID, OpPut)
	if err := t.Log(by, Entry{Act: "dataset." + act, Noun: NounDataset, Thing: d.ID, Agency: d.Agency, Note: why}, before, after); err != nil {
		return *d, err
	}
	return scanDesk(t.row("select "+deskColumns+" from datasets d where d.id = ?", d.ID))
}

// described is what the log keeps of a dataset: what can be changed of it.
func described(d *DeskDataset) any {
	out := d.Dataset
	out.Resources = nil
	return struct {
		Dataset
		Note string `json:"note,omitempty"`
	}{out, d.Note}
}

// CreateDataset makes a draft of d, of the agency d.Agency (its id). Until it is
// published it is called by a slug that tells nothing of it, so that the slugs
// of others do not either.
func (t *Tx) CreateDataset(by *Actor, d Dataset, note string) (DeskDataset, error) {
	if !by.Can(Edit, d.Agency) {
		return DeskDataset{}, fmt.Errorf("agency %q: %w", d.Agency, ErrDenied)
	}
	var there bool
	if err := t.row("select exists (select 1 from agencies where id = ? and "+visible+")", d.Agency).Scan(&there); err != nil {
		return DeskDataset{}, err
	}
	if !there {
		return DeskDataset{}, &InvalidError{"agency", "there is no such agency"}
	}
	if err := d.Validate(); err != nil {
		return DeskDataset{}, err
	}
	d.ID, d.Created, d.Updated, d.State = newID(t.now), t.now, t.now, Drafted
	d.Slug, d.Source, d.Identifier, d.AccessLevel = draftSlug(d.ID), "", "", "public"
	if err := t.writeDataset(&d); err != nil {
		return DeskDataset{}, err
	}
	if err := t.exec("update datasets set note = ?, revision = 0 where id = ?", note, d.ID); err != nil {
		return DeskDataset{}, err
	}
	desk := DeskDataset{Dataset: d, Note: note}
	return t.did(by, "create", &desk, nil, described(&desk), "")
}

const draftPrefix = "draft-"

func draftSlug(id string) string { return draftPrefix + strings.ReplaceAll(id, "-", "")[20:] }

// UpdateDataset changes the description of a dataset. change gets it as it is
// and sets fields of its Dataset and its Note; who and which it is stays.
func (t *Tx) UpdateDataset(by *Actor, key string, revision int64, change func(*DeskDataset) error) (DeskDataset, error) {
	d, err := t.at(by, View, key, AnyRevision)
	if err == nil {
		d, err = t.at(by, changeVerb(d.State), key, revision)
	}
	if err != nil {
		return d, err
	}
	was := d
	was.Keywords, was.Themes = slices.Clone(d.Keywords), slices.Clone(d.Themes)
	before := described(&was)
	if err := change(&d); err != nil {
		return d, err
	}
	d.ID, d.Slug, d.State, d.Agency, d.Source, d.Identifier = was.ID, was.Slug, was.State, was.Agency, was.Source, was.Identifier
	d.Created, d.Missing = was.Created, was.Missing
	if err := t.PutDataset(&d.Dataset); err != nil {
		return d, err
	}
	if err := t.exec("update datasets set note = ? where id = ?", d.Note, d.ID); err != nil {
		return d, err
	}
	return t.did(by, "update", &d, before, described(&d), "")
}

// A Given is a stored file and what was read from it.
type Given struct {
	File     File
	Imported *datasets.Imported
	How      json.RawMessage // choices that it was read with, kept for who reads it again; may be nil
	Title    Text            // of the resource; by the file's name when empty, and as it is for a new edition
	About    Text            // description of the resource, likewise
}

// AddFile adds a resource with a file to a dataset. It waits until the dataset
// is published, also when this was published before.
func (t *Tx) AddFile(by *Actor, key string, revision int64, g Given) (DeskDataset, Resource, error) {
	d, err := t.at(by, Edit, key, revision)
	if err != nil {
		return d, Resource{}, err
	}
	all, err := t.resources(d.ID)
	if err != nil {
		return d, Resource{}, err
	}
	for i := range all {
		if all[i].PartOf == "" && all[i].State != Retired && all[i].Identifier == g.File.Name {
			return d, all[i], &ConflictError{"named", fmt.Sprintf("there is a file %q already: give its resource a new edition, or this file another name", g.File.Name)}
		}
	}
	r := Resource{Dataset: d.ID, Identifier: g.File.Name, Name: g.File.Name, Title: g.Title, Description: g.About, State: Drafted}
	tookFile(&r, g.File, g.Imported)
	var last int
	if err := t.row("select coalesce(max(position), -1) from resources where dataset = ?", d.ID).Scan(&last); err != nil {
		return d, r, err
	}
	if err := t.PutResource(&r, (last/childStep+1)*childStep); err != nil {
		return d, r, err
	}
	if err := t.wait(by, r.ID, &g); err != nil {
		return d, r, err
	}
	d, err = t.did(by, "add", &d, nil, given(&r, &g), "")
	return d, r, err
}

// wait keeps what was read from a file until it is published.
func (t *Tx) wait(by *Actor, resource string, g *Given) error {
	return t.exec(`insert into pending (resource, file, file_name, size, at, by, how, body) values (?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (resource) do update set file = excluded.file, file_name = excluded.file_name, size = excluded.size,
			at = excluded.at, by = excluded.by, how = excluded.how, body = excluded.body`,
		resource, g.File.Digest, g.File.Name, g.File.Size, asTime(&t.now), by.Person, string(g.How), asJSON(g.Imported))
}

// given is what the log keeps of a file.
func given(r *Resource, g *Given) any {
	rows := int64(0)
	for i := range g.Imported.Tables {
		rows += g.Imported.Tables[i].Rows
	}
	return struct {
		Resource string `json:"resource"`
		Name     string `json:"name"`
		File     string `json:"file"`
		Size     int64  `json:"size"`
		Tables   int    `json:"tables"`
		Rows     int64  `json:"rows"`
	}{r.ID, g.File.Name, g.File.Digest, g.File.Size, len(g.Imported.Tables), rows}
}

// file returns a resource of d that has a file of its own and is not retired.
func (t *Tx) file(d *DeskDataset, id string) (Resource, error) {
	r, err := scanResource(t.row("select "+resourceColumns+" from resources r where r.id = ? and r.dataset = ? and r.state <> 'retired'", id, d.ID))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return r, notFound(NounFile, id)
	case err == nil && r.PartOf != "":
		return r, &ConflictError{"part", "it is a table in the file of another resource: change that one"}
	}
	return r, err
}

// ReplaceFile gives a resource a new file, which waits to become its next
// edition. One that waits already is replaced.
func (t *Tx) ReplaceFile(by *Actor, key string, revision int64, resource string, g Given) (DeskDataset, Resource, error) {
	d, err := t.at(by, Edit, key, revision)
	if err != nil {
		return d, Resource{}, err
	}
	r, err := t.file(&d, resource)
	if err != nil {
		return d, r, err
	}
	if r.State == Drafted { // nobody has seen what it was
		tookFile(&r, g.File, g.Imported)
		if len(g.Title) > 0 {
			r.Title = g.Title
		}
		if len(g.About) > 0 {
			r.Description = g.About
		}
		if err := t.place(&r); err != nil {
			return d, r, err
		}
	}
	if err := t.wait(by, r.ID, &g); err != nil {
		return d, r, err
	}
	d, err = t.did(by, "replace", &d, nil, given(&r, &g), "")
	return d, r, err
}

// place writes a resource where it stands.
func (t *Tx) place(r *Resource) error {
	var position int
	if err := t.row("select position from resources where id = ?", r.ID).Scan(&position); err != nil {
		return err
	}
	return t.PutResource(r, position)
}

// fileAt returns a dataset that the actor may edit, as at does, and a file of it.
func (t *Tx) fileAt(by *Actor, key string, revision int64, resource string) (DeskDataset, Resource, error) {
	d, err := t.at(by, Edit, key, revision)
	if err != nil {
		return d, Resource{}, err
	}
	r, err := t.file(&d, resource)
	return d, r, err
}

// mayChange refuses to change what the public sees to who may not publish.
func mayChange(by *Actor, d *DeskDataset, r *Resource) error {
	if r.State == Published && !by.Can(Publish, d.Agency) {
		return fmt.Errorf("resource %q: %w", r.ID, ErrDenied)
	}
	return nil
}

// UpdateResource changes title and description of a resource.
func (t *Tx) UpdateResource(by *Actor, key string, revision int64, resource string, title, about Text) (DeskDataset, error) {
	d, r, err := t.fileAt(by, key, revision, resource)
	if err == nil {
		err = mayChange(by, &d, &r)
	}
	if err != nil {
		return d, err
	}
	type words struct {
		Resource string `json:"resource"`
		Title    Text   `json:"title"`
		About    Text   `json:"description"`
	}
	before := words{r.ID, r.Title, r.Description}
	r.Title, r.Description = title, about
	if err := t.place(&r); err != nil {
		return d, err
	}
	return t.did(by, "resource", &d, before, words{r.ID, title, about}, "")
}

// RemoveResource takes a resource out of a dataset. One that was public is
// retired, with a line in the ledger that says why; a draft is gone. What waits
// for it is gone in both cases.
func (t *Tx) RemoveResource(by *Actor, key string, revision int64, resource, reason string) (DeskDataset, error) {
	d, r, err := t.fileAt(by, key, revision, resource)
	if err != nil {
		return d, err
	}
	if err := t.exec("delete from pending where resource = ?", r.ID); err != nil {
		return d, err
	}
	if r.State == Drafted {
		if err = t.dropBudgets("select ?", r.ID); err == nil {
			err = t.exec("delete from resources where id = ?", r.ID)
		}
	} else if err = mayChange(by, &d, &r); err != nil {
		return d, err
	} else if reason = strings.TrimSpace(reason); reason == "" {
		err = &InvalidError{"reason", "say why; the ledger shows it to everybody"}
	} else {
		err = t.closeByHand(&d, &r, reason)
	}
	if err != nil {
		return d, err
	}
	return t.did(by, "remove", &d, struct {
		Resource string `json:"resource"`
		Name     string `json:"name"`
	}{r.ID, r.Name}, nil, reason)
}

// closeByHand retires a resource and the tables in its file.
func (t *Tx) closeByHand(d *DeskDataset, r *Resource, reason string) error {
	title := r.Title
	if len(title) == 0 {
		title = Text{"en": r.Name}
	}
	if err := t.remove(&Removal{Noun: NounFile, Thing: r.ID, Slug: d.Slug, Title: title, Agency: d.Agency, Kind: RemovedDeleted, Reason: reason, Identifier: r.Identifier}); err != nil {
		return err
	}
	if err := t.exec("update resources set state = 'retired', fetch = '' where id = ?1 or part_of = ?1", r.ID); err != nil {
		return err
	}
	return t.exec("update datasets set updated = ? where id = ?", asTime(&t.now), d.ID)
}

// DiscardPending forgets the file that waits for a published resource.
func (t *Tx) DiscardPending(by *Actor, key string, revision int64, resource string) (DeskDataset, error) {
	d, r, err := t.fileAt(by, key, revision, resource)
	if err != nil {
		return d, err
	}
	n, err := t.Count("delete from pending where resource = ? and ? <> 'draft'", r.ID, r.State)
	if err != nil {
		return d, err
	}
	if n == 0 {
		return d, notFound("pending file of", resource)
	}
	return t.did(by, "discard", &d, struct {
		Resource string `json:"resource"`
	}{r.ID}, nil, "")
}

// DiscardDataset removes a dataset that the public never saw.
func (t *Tx) DiscardDataset(by *Actor, key string, revision int64) error {
	d, err := t.at(by, Edit, key, revision)
	if err != nil {
		return err
	}
	if !d.New() {
		return &ConflictError{"published", "it was public: it can be retired, with a reason"}
	}
	if err := t.dropBudgets("select id from resources where dataset = ?", d.ID); err != nil {
		return err
	}
	for _, q := range []string{
		"delete from pending where resource in (select id from resources where dataset = ?)",
		"delete from editions where resource in (select id from resources where dataset = ?)",
		"delete from resources where dataset = ? and part_of is not null",
		"delete from resources where dataset = ?",
		"delete from datasets where id = ?",
	} {
		if err := t.exec(q, d.ID); err != nil {
			return err
		}
	}
	t.changed(NounDataset, d.ID, OpRetire)
	return t.Log(by, Entry{Act: "dataset.discard", Noun: NounDataset, Thing: d.ID, Agency: d.Agency}, described(&d), nil)
}
