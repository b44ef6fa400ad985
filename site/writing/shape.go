package writing

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"
)

// A Dataset is a dataset as those see it who prepare it.
type Dataset struct {
	Kind string `json:"kind"`
	catalog.Dataset
	Agency    site.AgencyRef `json:"agency"`
	Revision  int64          `json:"revision"` // its ETag is "rREVISION"
	PublishAt time.Time      `json:"publish_at,omitzero"`
	Note      string         `json:"note,omitempty"` // for colleagues, never public
	URL       string         `json:"url,omitempty"`  // of its page, when it is public
	Waiting   int            `json:"waiting"`        // files that wait to be published
	Resources []Resource     `json:"resources"`
}

// A Resource is one of its resources.
type Resource struct {
	catalog.Resource
	Rows    *int64   `json:"rows"`              // of what is public, null when it has no table
	Edition string   `json:"edition"`           // digest of what is public, empty when nothing is
	Pending *Pending `json:"pending,omitempty"` // the file that waits
}

// A Pending is a file that waits to become the next edition.
type Pending struct {
	Name   string    `json:"name"`
	Digest string    `json:"digest"` // SHA-256 of its bytes
	Size   int64     `json:"size"`
	Format string    `json:"format"`
	At     time.Time `json:"at"`
	Fault  string    `json:"fault,omitempty"` // why it has no table, in a sentence
	Tables []Table   `json:"tables"`
}

// A Table is what was read from a file that waits.
type Table struct {
	Name    string           `json:"name,omitempty"` // of the sheet or member
	Digest  string           `json:"digest"`
	Rows    int64            `json:"rows"`
	Columns datasets.Schema  `json:"columns"`
	Faults  []datasets.Fault `json:"faults"`   // the first of faults_n
	FaultsN int64            `json:"faults_n"` // cells that are not what their column is
}

// toldFaults is how many faults of a table are told.
const toldFaults = 100

func (a *API) shape(d *catalog.DeskDataset, agency *catalog.Agency) Dataset {
	out := Dataset{
		Kind: catalog.NounDataset, Dataset: d.Dataset, Revision: d.Revision, PublishAt: d.PublishAt, Note: d.Note, Waiting: d.Waiting, Resources: []Resource{},
		Agency: site.AgencyRef{ID: agency.ID, Slug: agency.Slug, Title: agency.Title, State: agency.State},
	}
	if d.Public() {
		out.URL = a.BaseURL + "/" + catalog.Languages[0] + "/datasets/" + d.Slug
	}
	for i := range d.Resources {
		r := Resource{Resource: d.Resources[i]}
		if e := r.Resource.Edition; e != nil {
			r.Edition = e.Digest
			if e.HasTable {
				r.Rows = &e.Rows
			}
		}
		if p := d.PendingOf(r.ID); p != nil {
			r.Pending = shapePending(p)
		}
		out.Resources = append(out.Resources, r)
	}
	return out
}

func shapePending(p *catalog.Pending) *Pending {
	out := Pending{Name: p.File.Name, Digest: p.File.Digest, Size: p.File.Size, Format: p.Imported.Format, At: p.At, Fault: p.Imported.Fault, Tables: []Table{}}
	for i := range p.Imported.Tables {
		t := &p.Imported.Tables[i]
		faults := append([]datasets.Fault{}, t.Faults[:min(len(t.Faults), toldFaults)]...)
		out.Tables = append(out.Tables, Table{t.Name, t.Digest, t.Rows, t.Schema, faults, t.FaultsN})
	}
	return &out
}
