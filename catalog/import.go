package catalog

import (
	"fmt"
	"path"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
)

// A File is a stored file as somebody gave it.
type File struct {
	Digest string
	Name   string // what its giver calls it
	Size   int64
}

// PutImported makes what was read from a file the current editions of a
// resource: of the resource itself when the file is one table, or else of the
// resource (the file) and of one child resource for each table in it. Children
// keep their ids by name; one whose table is gone is closed.
func (t *Tx) PutImported(r *Resource, position int, f File, im *datasets.Imported) error {
	children, err := t.children(r.ID)
	if err != nil {
		return err
	}
	whole := Edition{Resource: r.ID, Digest: f.Digest, File: f.Digest, FileName: f.Name, Size: f.Size}
	tables := im.Tables
	if len(tables) == 1 && !im.Container {
		whole.table(&tables[0])
		tables = nil
	}
	if err := t.PutEdition(&whole); err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range tables {
		child := children[tables[i].Name]
		if child == nil {
			child = &Resource{Dataset: r.Dataset, PartOf: r.ID, Identifier: tables[i].Name}
		}
		if child.State == Retired {
			if err := t.returned(NounFile, child.ID); err != nil {
				return err
			}
		}
		child.Name, child.Title, child.Format, child.State = tables[i].Name, childTitle(r, tables[i].Name, len(tables)), r.Format, Published
		if err := t.PutResource(child, position+1+i); err != nil {
			return err
		}
		e := Edition{Resource: child.ID, Digest: tables[i].Digest, File: f.Digest, FileName: f.Name, Size: f.Size}
		e.table(&tables[i])
		if err := t.PutEdition(&e); err != nil {
			return err
		}
		seen[child.ID] = true
	}
	return t.closeTables(r.Dataset, children, seen)
}

// closeTables closes the tables of a file that its new state does not have.
func (t *Tx) closeTables(dataset string, children map[string]*Resource, seen map[string]bool) error {
	var d Dataset
	for _, c := range children {
		if seen[c.ID] || c.State != Published {
			continue
		}
		if d.ID == "" {
			var err error
			if d, err = t.Dataset(dataset); err != nil {
				return err
			}
		}
		if err := t.closeResource(&d, c, ""); err != nil {
			return err
		}
	}
	return nil
}

func (e *Edition) table(im *datasets.ImportedTable) {
	e.Digest, e.HasTable, e.Rows = im.Digest, true, im.Rows
	e.Schema, e.Profile, e.Notes, e.Faults, e.FaultsN = im.Schema, im.Profile, im.Notes, im.Faults, im.FaultsN
}

// childTitle names a table in a file: by the file when it is the only one.
func childTitle(r *Resource, name string, of int) Text {
	if of == 1 {
		return r.Title
	}
	title := Text{}
	for lang, s := range r.Title {
		title[lang] = s + " — " + name
	}
	return title
}

// children returns the resources that are tables in the file of the resource,
// by the name of the table.
func (t *Tx) children(of string) (map[string]*Resource, error) {
	rows, err := t.query("select "+resourceColumns+" from resources r where r.part_of = ?", of)
	all, err := collect(rows, err, func(row scanner) (Resource, error) { return scanResource(row) })
	byName := map[string]*Resource{}
	for i := range all {
		byName[all[i].Identifier] = &all[i]
	}
	return byName, err
}

// PutFile makes a file that was read the current state of a resource, and
// notes that fetching it went well.
func (t *Tx) PutFile(resource string, f File, im *datasets.Imported, r FetchResult) error {
	var position int
	res, err := scanResource(t.row("select "+resourceColumns+", r.position from resources r where r.id = ?", resource), &position)
	if err != nil {
		return notFound("resource", resource)
	}
	if err := t.PutImported(&res, position, f, im); err != nil {
		return err
	}
	if r.Fault == "" {
		r.Fault, r.Said = im.Fault, im.Said
	}
	return t.PutFetch(resource, r)
}

// PublishFile adds a file as a resource of a dataset (its slug or id), or as a
// new state of the resource that came from a file of the same name. Without a
// dataset it makes one, of the agency (its id) and titled title, or by the
// file's name. It returns the dataset.
func (t *Tx) PublishFile(dataset, agency string, title Text, f File, im *datasets.Imported) (Dataset, error) {
	var d Dataset
	var err error
	if dataset == "" {
		if len(title) == 0 {
			title = TitleOf(strings.TrimSuffix(f.Name, path.Ext(f.Name)))
		}
		d = Dataset{Title: title, Agency: agency, AccessLevel: "public"}
		err = t.PutDataset(&d)
	} else {
		d, err = t.Dataset(dataset)
	}
	if err != nil {
		return d, err
	}
	r, position := &Resource{Dataset: d.ID, Identifier: f.Name, Name: f.Name}, len(d.Resources)*childStep
	for i := range d.Resources {
		if d.Resources[i].PartOf == "" && d.Resources[i].Identifier == f.Name {
			r, position = &d.Resources[i], i*childStep
		}
	}
	r.Format, r.Size, r.Fetch, r.State = strings.ToUpper(im.Format), f.Size, FetchDone, Published
	r.FetchFault, r.FetchSaid = im.Fault, im.Said
	r.Fetched = t.now
	if err := t.PutResource(r, position); err != nil {
		return d, err
	}
	if err := t.PutImported(r, position, f, im); err != nil {
		return d, err
	}
	if err := t.PutDataset(&d); err != nil { // its date of update moves
		return d, fmt.Errorf("dataset %s: %w", d.Slug, err)
	}
	return d, nil
}
