package desk

import (
	"net/url"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// A publishView is the last step: what becomes public, and when.
type publishView struct {
	page
	Dataset    *catalog.DeskDataset
	Files      []publishFile
	Form       form
	When       form // its fields for the time, apart
	Personal   []personalRow
	May        bool // publish
	Nothing    bool // waits
	Score      int
	Now        time.Time
	PreviewURL string
}

// A publishFile is a file that becomes public.
type publishFile struct {
	fileRow
	Changes []site.Link // what changes in its tables
}

func (d *Desk) publishPage(r *site.Request) (*publishView, error) {
	ds, err := d.editable(r)
	if err != nil {
		return nil, err
	}
	v := &publishView{
		page: page{datasetFrame(r, ds, "desk.publish.title")}, Dataset: ds, May: r.Actor.Can(catalog.Publish, ds.Agency),
		Nothing: ds.Public() && ds.Waiting == 0 || len(ds.Resources) == 0, Now: d.Store.Now(), PreviewURL: "/" + r.Lang + datasetPath(ds) + "/preview",
	}
	pv := ds.Preview()
	assessed, err := d.Store.Assess(r.Context(), &pv)
	if err != nil {
		return nil, err
	}
	v.Score = assessed.Points
	for i := range pv.Resources {
		res := &pv.Resources[i]
		if res.PartOf != "" || ds.PendingOf(res.ID) == nil {
			continue
		}
		p := &filePlace{ds: ds, pv: pv, res: res, tables: tablesOf(&pv, res), how: catalog.HowOf(ds.PendingOf(res.ID).How)}
		v.Personal = append(v.Personal, personalRows(p)...)
		v.Files = append(v.Files, publishFileOf(r, p))
	}
	v.Form = form{Submit: "desk.publish.submit", Fields: []field{revisionField(ds)}}
	if len(v.Personal) > 0 {
		v.Form.Fields = append(v.Form.Fields, field{Name: "meant", Kind: "checks"})
	}
	v.Form.Fields = append(v.Form.Fields, field{Name: "when", Kind: "radios", Options: []option{{Value: "now", Chosen: true}, {Value: "later"}}})
	v.Form.Fields = append(v.Form.Fields, whenFields(r)...)
	if in := v.Form.field("meant"); in != nil {
		for i := range v.Personal {
			in.Options = append(in.Options, option{Value: v.Personal[i].Value, Label: personalText(r, &v.Personal[i])})
		}
	}
	return v, nil
}

// personalText says in a sentence that a column holds personal data.
func personalText(r *site.Request, p *personalRow) string {
	return r.Text("desk.personal."+p.Kind, "column", p.Label, "n", p.Cells, "file", p.File)
}

func publishFileOf(r *site.Request, p *filePlace) publishFile {
	f := publishFile{fileRow: fileRow{Name: p.res.Label(r.Lang), URL: "/" + r.Lang + filePath(p.ds, p.res.ID), Format: p.res.Format, Size: p.res.Size, Fault: p.res.FetchFault, Said: p.res.FetchSaid}}
	for _, t := range p.tables {
		f.Rows += t.Edition.Rows
		f.Faults += t.Edition.FaultsN
		if was := p.ds.Resource(t.ID); was != nil && was.Edition != nil && was.Edition.HasTable && was.Edition.Digest != t.Edition.Digest {
			link := site.Link{Text: t.Label(r.Lang), URL: f.URL + "/changes"}
			if name := tableName(t); name != "" {
				link.URL += "?table=" + url.QueryEscape(name)
			}
			f.Changes = append(f.Changes, link)
		}
	}
	return f
}

func (d *Desk) publishing(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.publishPage(r)
	if err == nil {
		v.Form.takeAgain(r)
	}
	return v, err
}

func (d *Desk) doPublish(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.publishPage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	at, err := v.at()
	if err == nil {
		err = v.meant(r)
	}
	if err == nil {
		err = d.freshForm(r, datasetPath(v.Dataset)+"/publish")
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := tx.Publish(&r.Actor, v.Dataset.ID, revisionOf(r), at)
			return err
		})
	}
	if err == nil {
		return nil, moved(r, datasetPath(v.Dataset)+"?published=1")
	}
	return stay(v, &v.Form, d.refusedWrite(r, &v.Form, inField(err, "at", "when"), func() (*form, error) {
		now, err := d.publishPage(r)
		if err != nil {
			return nil, err
		}
		v.Files, v.Dataset = now.Files, now.Dataset
		now.Form.take(r) // when it is to be is typed, not stored
		now.Form.Fields[0] = revisionField(now.Dataset)
		return &now.Form, nil
	}))
}

// at is when it is to be published; zero for now.
func (v *publishView) at() (time.Time, error) {
	if v.Form.typed("when") != "later" {
		return time.Time{}, nil
	}
	at, err := whenOf(&v.Form)
	if err == nil && !at.After(v.Now) {
		err = &catalog.InvalidError{Field: "at", Reason: "it is past already"}
	}
	return at, err
}

// meant refuses to publish personal data that nobody said is meant.
func (v *publishView) meant(r *site.Request) error {
	for i := range v.Personal {
		if !slices.Contains(r.Form["meant"], v.Personal[i].Value) {
			return &catalog.InvalidError{Field: "meant", Reason: "say of each that it is meant to be public"}
		}
	}
	return nil
}

func (d *Desk) preview(s *site.Site, r *site.Request) (site.View, error) {
	ds, err := d.one(r)
	if err != nil {
		return nil, err
	}
	pv := ds.Preview()
	home := "/" + r.Lang + datasetPath(ds)
	banner := &site.Banner{Text: site.Plain(r.Text("desk.preview.banner")), Links: []site.Link{{Text: r.Text("desk.preview.back"), URL: home}}}
	if r.Actor.Can(catalog.Edit, ds.Agency) {
		banner.Links = append(banner.Links, site.Link{Text: r.Text("desk.step.publish"), URL: home + "/publish"})
	}
	return s.PreviewDataset(r, &pv, banner)
}
