package site

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/exporters"
)

// A List is how the API answers many things: how many there are in all, the
// address of the page that follows (none after the last) and those of this one.
type List[T any] struct {
	Total   int64  `json:"total"`
	Next    string `json:"next,omitempty"`
	Results []T    `json:"results"`
}

// An AgencyRef names an agency where another thing is answered.
type AgencyRef struct {
	ID    string       `json:"id"`
	Slug  string       `json:"slug"`
	Title catalog.Text `json:"title"`
	State string       `json:"state"`
}

// A DatasetShape is a dataset in the API.
type DatasetShape struct {
	Kind string `json:"kind"`
	catalog.Dataset
	Agency    AgencyRef       `json:"agency"`
	URL       string          `json:"url"` // of its page
	Resources []ResourceShape `json:"resources"`
}

// A ResourceShape is a resource in the API, with what can be had of it.
type ResourceShape struct {
	catalog.Resource
	Rows      *int64          `json:"rows"`    // null when it has no table
	Edition   string          `json:"edition"` // digest of the current one, empty when there is none
	RowsURL   string          `json:"rows_url,omitempty"`
	FileURL   string          `json:"file_url,omitempty"`
	Downloads []DownloadShape `json:"downloads,omitempty"`
}

// A DownloadShape is a table in one format.
type DownloadShape struct {
	Format string `json:"format"`
	URL    string `json:"url"`
	Size   int64  `json:"size,omitempty"` // in bytes, when it has been written already
}

// shapeDataset makes the shape of d, which agency publishes.
func (s *Site) shapeDataset(d *catalog.Dataset, agency *catalog.Agency) DatasetShape {
	shape := DatasetShape{
		Kind: catalog.NounDataset, Dataset: *d, Agency: AgencyRef{ID: d.Agency},
		URL: s.baseURL() + "/" + s.Language() + datasetPath(d.Slug), Resources: []ResourceShape{},
	}
	if agency != nil {
		shape.Agency = AgencyRef{agency.ID, agency.Slug, agency.Title, agency.State}
	}
	for i := range d.Resources {
		shape.Resources = append(shape.Resources, s.shapeResource(d.Slug, &d.Resources[i]))
	}
	return shape
}

func (s *Site) shapeResource(slug string, r *catalog.Resource) ResourceShape {
	shape := ResourceShape{Resource: *r}
	e := r.Edition
	if e == nil {
		return shape
	}
	shape.Edition = e.Digest
	if e.File != "" {
		shape.FileURL = s.baseURL() + filePath(slug, r.ID)
	}
	if !e.HasTable {
		return shape
	}
	rows := e.Rows
	shape.Rows, shape.RowsURL = &rows, s.baseURL()+apiPrefix+resourcePath(slug, r.ID)+"/rows"
	for _, f := range exporters.Formats() {
		size, _ := s.Exports.Peek(e.Digest, f, exporters.Options{Title: r.SheetTitle()})
		shape.Downloads = append(shape.Downloads, DownloadShape{f.Ext, s.baseURL() + tablePath(slug, r.ID, f.Ext), size})
	}
	return shape
}

// Addresses of things, without language.
func datasetPath(slug string) string        { return "/datasets/" + slug }
func agencyPath(slug string) string         { return "/agencies/" + slug }
func sourcePath(slug string) string         { return "/sources/" + slug }
func runPath(slug, id string) string        { return "/sources/" + slug + "/runs/" + id }
func resourcePath(slug, id string) string   { return datasetPath(slug) + "/resources/" + id }
func filePath(slug, id string) string       { return resourcePath(slug, id) + "/file" }
func tablePath(slug, id, ext string) string { return resourcePath(slug, id) + "." + ext }
