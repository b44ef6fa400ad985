package site

import (
	"context"
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A fileView is a resource in the list of its dataset.
type fileView struct {
	ID          string
	Name        string
	Format      string
	Description template.HTML
	URL         string
	HasTable    bool
	Rows        int64
	Columns     int64
	Size        int64
	Since       time.Time
	TableURL    string
	FileURL     string
	Elsewhere   string // where the source has it
	Host        string
	Notice      string // key of a sentence: file.notice.…
	NoticeClass string
	NoticeText  template.HTML
	Faults      faultList
	Children    []fileView
}

// A faultList is what is wrong with a file, as far as it is shown.
type faultList struct {
	List  []datasets.Fault
	Total int64
	More  int64
}

// shownFaults is how many faults of a file a page shows.
const shownFaults = 20

// fileTree are the resources of d, tables inside files below these.
func (s *Site) fileTree(l *locale, d *catalog.Dataset) []fileView {
	children := map[string][]fileView{}
	known := map[string]bool{}
	for i := range d.Resources {
		known[d.Resources[i].ID] = true
	}
	for i := range d.Resources {
		if r := &d.Resources[i]; known[r.PartOf] {
			children[r.PartOf] = append(children[r.PartOf], s.file(l, d, r))
		}
	}
	var tree []fileView
	for i := range d.Resources {
		r := &d.Resources[i]
		if known[r.PartOf] {
			continue
		}
		f := s.file(l, d, r)
		f.Children = children[r.ID]
		if len(f.Children) > 0 && f.Notice == "notable" {
			f.Notice = "" // its tables stand below it
		}
		tree = append(tree, f)
	}
	return tree
}

func (s *Site) file(l *locale, d *catalog.Dataset, r *catalog.Resource) fileView {
	f := fileView{
		ID: r.ID, Name: r.Label(l.lang), Format: firstOf(r.Format, "?"), Size: r.Size,
		URL: "/" + l.lang + resourcePath(d.Slug, r.ID), Elsewhere: webAddress(firstOf(r.DownloadURL, r.AccessURL)),
	}
	if text := l.said(r.Description).Text; text != "" {
		f.Description = s.prose.HTML(text)
	}
	f.Host = strings.SplitN(hostOf(f.Elsewhere), "/", 2)[0]
	if r.PartOf != "" {
		f.Elsewhere = "" // that is where its file is
	}
	e := r.Edition
	if e != nil {
		f.Since, f.Size = e.Since, e.Size
		if r.PartOf == "" && e.File != "" {
			f.FileURL = filePath(d.Slug, r.ID)
		}
		f.Faults = faults(e)
	}
	switch {
	case e != nil && e.HasTable:
		f.HasTable, f.Rows, f.Columns = true, e.Rows, int64(len(e.Schema))
		f.TableURL = "/" + l.lang + datasetPath(d.Slug) + "/table?resource=" + r.ID
	case beingMade(r):
		f.Notice = "made"
	case r.Fetch == catalog.FetchPending:
		f.Notice, f.NoticeText = "pending", l.sentence(r.FetchFault, r.FetchSaid)
	case r.Fetch == catalog.FetchFailed || e == nil && r.FetchFault != "":
		f.Notice, f.NoticeClass, f.NoticeText = "failed", "bad", l.sentence(r.FetchFault, r.FetchSaid)
	case e != nil:
		f.Notice, f.NoticeText = "notable", l.sentence(r.FetchFault, r.FetchSaid)
	}
	if r.PartOf != "" {
		f.Size = 0 // that of the whole file
	}
	return f
}

func faults(e *catalog.Edition) faultList {
	f := faultList{List: e.Faults, Total: max(e.FaultsN, int64(len(e.Faults)))}
	if len(f.List) > shownFaults {
		f.List = f.List[:shownFaults]
	}
	f.More = f.Total - int64(len(f.List))
	return f
}

// A resourceView is one file or table of a dataset.
type resourceView struct {
	Frame
	File       fileView
	Preview    *dataTable
	Columns    []headCell
	ColumnsURL string
	Editions   []editionRow // the latest ones
	EditionsN  int64
	AllURL     string // of all editions
	Cite       citation
	Downloads  []download
	Facts      []fact
	Ask        *askCard
	Builtin    bool // the portal itself makes it
	shape      resourceAnswer
}

type resourceAnswer struct {
	ResourceShape
	Columns   datasets.Schema `json:"columns,omitempty"`
	Editions  []editionShape  `json:"editions"`
	StandsFor *standsShape    `json:"stands_for,omitempty"` // the change up to which a table of what the portal knows goes
}

// JSON is the resource as the API answers it.
func (v *resourceView) JSON() any { return v.shape }

func (s *Site) resource(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	d, err := s.publicDataset(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	res := d.Resource(r.Param("id"))
	if res == nil {
		return nil, s.formerResource(ctx, &d, r.Param("id"))
	}
	editions, total, err := s.Catalog.History(ctx, res.ID, 0, 0)
	if err != nil {
		return nil, err
	}
	v := &resourceView{EditionsN: total, Builtin: catalog.IsBuiltin(res.ID), AllURL: "/" + r.Lang + resourcePath(d.Slug, res.ID) + "/editions", Downloads: s.downloads(l, d.Slug, res), ColumnsURL: "/" + r.Lang + datasetPath(d.Slug) + "/columns?resource=" + res.ID}
	v.shape = resourceAnswer{ResourceShape: s.shapeResource(d.Slug, res), Editions: s.editionShapes(d.Slug, editionOf(res), editions)}
	for _, f := range s.fileTree(l, &d) {
		for _, child := range f.Children {
			if child.ID == res.ID {
				v.File = child
			}
		}
		if f.ID == res.ID {
			v.File = f
		}
	}
	if e := res.Edition; e != nil && e.HasTable {
		v.shape.Columns = e.Schema
		v.Columns = columnNames(r.Lang, res, e)
		if !r.JSON {
			if v.Preview, err = s.preview(ctx, l, res); err != nil {
				s.log().ErrorContext(ctx, "no preview", "dataset", d.Slug, "edition", e.Digest, "err", err)
			}
		}
	}
	if v.Facts, err = s.fileFacts(ctx, l, &d, res); err != nil {
		return nil, err
	}
	if v.shape.StandsFor, err = s.stands(ctx, l, res); err != nil {
		return nil, err
	}
	if err := s.resourceEditions(r, l, &d, res, editions, v); err != nil {
		return nil, err
	}
	if v.Ask, err = s.askCard(ctx, l, datasetPath(d.Slug), "?"+paramResource+"="+res.ID, "", d.ID); err != nil {
		return nil, err
	}
	title := l.said(d.Title)
	v.Frame = Frame{
		Title: v.File.Name + " — " + title.Text, Section: "datasets",
		Crumbs: []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, {Text: title.Text, Lang: title.Lang, URL: "/" + r.Lang + datasetPath(d.Slug)}},
	}
	return v, nil
}

// formerResource is the error for a file that the dataset does not have: that
// it was there once, or never.
func (s *Site) formerResource(ctx context.Context, d *catalog.Dataset, id string) error {
	place, err := s.Catalog.Locate(ctx, id)
	if err != nil {
		return err
	}
	if gone := place.Retired(); gone != nil && place.Dataset.ID == d.ID {
		return gone
	}
	return catalog.ErrNotFound
}

// fileFacts are the facts of a file or table.
func (s *Site) fileFacts(ctx context.Context, l *locale, d *catalog.Dataset, r *catalog.Resource) ([]fact, error) {
	var f factList
	f.add("dataset", link("/"+l.lang+datasetPath(d.Slug), l.said(d.Title).Text, false))
	if r.Format != "" {
		f.add("format", template.HTML(`<bdi dir="ltr">`+template.HTMLEscapeString(r.Format)+`</bdi>`)) //nolint:gosec // escaped
	}
	if e := r.Edition; e != nil {
		if e.HasTable {
			f.text("rows", l.Num(e.Rows))
			f.text("columns", l.Num(int64(len(e.Schema))))
		}
		if e.Size > 0 {
			f.text("size", l.Size(e.Size))
		}
		if e.FileName != "" {
			f.add("file", code(e.FileName))
		}
		if e.File != "" {
			f.add("sha", code(e.File))
		}
		if !catalog.IsBuiltin(r.ID) {
			f.add("seen", l.Time(e.Since))
		}
	}
	f.add("fetched", l.Time(r.Fetched))
	if r.Modified != "" {
		f.add("modified", l.Date(r.Modified))
	}
	f.outside("address", firstOf(r.DownloadURL, r.AccessURL))
	return f, s.addStands(ctx, l, r, &f)
}

func code(s string) template.HTML {
	return template.HTML(`<bdi dir="ltr"><code>` + template.HTMLEscapeString(s) + `</code></bdi>`) //nolint:gosec // escaped
}
