package desk

import (
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// An aboutView is the description of a dataset, and what would make it better.
type aboutView struct {
	page
	Form   form
	Checks []catalog.Check
	Score  int           // of catalog.MostQuality
	Best   catalog.Check // the one to gain most by; without a key when all are got
	Saved  bool
}

// frequencies are how often a dataset is renewed, as a form offers it.
var frequencies = []string{"R/P1D", "R/P1W", "R/P1M", "R/P3M", "R/P6M", "R/P1Y", "irregular", "never"}

// maxKeywords is how many keywords are taken.
const maxKeywords = 50

func (d *Desk) aboutPage(r *site.Request) (*aboutView, *catalog.DeskDataset, error) {
	ds, err := d.editable(r)
	if err != nil {
		return nil, nil, err
	}
	v := &aboutView{page: page{datasetFrame(r, ds, "desk.about.title")}, Saved: r.Query.Has("saved")}
	pv := ds.Preview()
	a, err := d.Store.Assess(r.Context(), &pv)
	if err != nil {
		return nil, nil, err
	}
	v.Checks, v.Score = a.Checks(&pv), a.Points
	if first := v.Checks[0]; !first.Got {
		v.Best = first
	}
	v.Form = aboutForm(r, ds)
	return v, ds, nil
}

// licenceOptions are the licences to choose from, and the one that is chosen.
func licenceOptions(r *site.Request, licence string) []option {
	all := []option{{Value: "none", Label: r.Text("desk.licence.none")}}
	for _, l := range catalog.Licences() {
		name, _ := l.Name.In(r.Lang)
		all = append(all, option{Value: l.ID, Label: name, Chosen: l.ID == licence})
	}
	if licence != "" && !oneChosen(all) {
		all = append(all, option{Value: licence, Label: licence, Chosen: true})
	}
	return all
}

// aboutForm is the description as it is, to be changed.
func aboutForm(r *site.Request, ds *catalog.DeskDataset) form {
	often := []option{{Value: "none", Label: r.Text("desk.often.none")}}
	for _, f := range frequencies {
		often = append(often, option{Value: f, Label: r.Text("desk.often." + strings.TrimPrefix(f, "R/")), Chosen: f == ds.Frequency})
	}
	if ds.Frequency != "" && !slices.Contains(frequencies, ds.Frequency) {
		often = append(often, option{Value: ds.Frequency, Label: ds.Frequency, Chosen: true})
	}
	var themes []option
	for _, t := range catalog.Themes() {
		name, _ := t.Title.In(r.Lang)
		themes = append(themes, option{Value: t.ID, Label: name, Chosen: slices.Contains(ds.Themes, t.ID)})
	}
	return form{Submit: "desk.about.submit", Fields: []field{
		revisionField(ds),
		{Name: "title_fa", Kind: "text", Lang: "fa", Value: ds.Title["fa"]},
		{Name: "title_en", Kind: "text", Lang: "en", Value: ds.Title["en"], Optional: true},
		{Name: "about_fa", Kind: "textarea", Lang: "fa", Value: ds.Description["fa"], Optional: true},
		{Name: "about_en", Kind: "textarea", Lang: "en", Value: ds.Description["en"], Optional: true},
		{Name: "keywords", Kind: "text", Value: strings.Join(ds.Keywords, r.Text("list.comma")+" "), Optional: true},
		{Name: "themes", Kind: "checks", Options: themes},
		{Name: "licence", Kind: "select", Options: licenceOptions(r, ds.Licence)},
		{Name: "frequency", Kind: "select", Options: often},
		{Name: "start", Kind: "text", Short: true, Value: ds.Temporal.Start, Optional: true},
		{Name: "end", Kind: "text", Short: true, Value: ds.Temporal.End, Optional: true},
		{Name: "place", Kind: "text", Value: ds.Spatial, Optional: true},
		{Name: "contact_name", Kind: "text", Value: ds.Contact.Name, Optional: true},
		{Name: "contact_email", Kind: "email", Value: ds.Contact.Email, Optional: true},
		{Name: "note", Kind: "textarea", Short: true, Value: ds.Note, Optional: true},
	}}
}

func (d *Desk) about(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.aboutPage(r)
	return v, err
}

func (d *Desk) doAbout(_ *site.Site, r *site.Request) (site.View, error) {
	v, ds, err := d.aboutPage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	described, err := describedBy(&v.Form, r)
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := tx.UpdateDataset(&r.Actor, ds.ID, revisionOf(r), func(now *catalog.DeskDataset) error {
				describe(now, described)
				return nil
			})
			return err
		})
	}
	if err == nil {
		return nil, moved(r, datasetPath(ds)+"/about?saved=1")
	}
	return stay(v, &v.Form, d.refusedWrite(r, &v.Form, inField(err, "title", "title_fa"), func() (*form, error) {
		_, now, err := d.aboutPage(r)
		if err != nil {
			return nil, err
		}
		f := aboutForm(r, now)
		return &f, nil
	}))
}

// describedBy is what the form says of a dataset. All that is wrong with it is
// marked in the form; err is the first of it.
func describedBy(f *form, r *site.Request) (*catalog.DeskDataset, error) {
	out := &catalog.DeskDataset{Note: f.typed("note")}
	out.Title, out.Description = texts(f, "title"), texts(f, "about")
	out.Keywords = words(f.typed("keywords"))
	for _, t := range catalog.Themes() {
		if slices.Contains(r.Form["themes"], t.ID) {
			out.Themes = append(out.Themes, t.ID)
		}
	}
	out.Licence, out.Frequency = chosen(f, "licence"), chosen(f, "frequency")
	out.Spatial = persian.Clean(f.typed("place"))
	out.Contact = catalog.Contact{Name: persian.Clean(f.typed("contact_name")), Email: f.typed("contact_email")}
	var err error
	for name, to := range map[string]*string{"start": &out.Temporal.Start, "end": &out.Temporal.End} {
		if *to, err = dayOf(f.typed(name)); err != nil {
			return nil, &catalog.InvalidError{Field: name, Reason: err.Error()}
		}
	}
	switch {
	case out.Temporal.Start != "" && out.Temporal.End != "" && out.Temporal.Start > out.Temporal.End:
		return nil, &catalog.InvalidError{Field: "end", Reason: "the end is before the beginning"}
	case out.Contact.Email != "" && (!strings.Contains(out.Contact.Email, "@") || strings.ContainsAny(out.Contact.Email, " \t<>\"")):
		return nil, &catalog.InvalidError{Field: "contact_email", Reason: "this is no e-mail address like name@example.org"}
	case len(out.Keywords) > maxKeywords:
		return nil, &catalog.InvalidError{Field: "keywords", Reason: "these are more than 50 keywords"}
	}
	return out, nil
}

// chosen is what was chosen in a select, if it is one of its options.
func chosen(f *form, name string) string {
	value := f.typed(name)
	in := f.field(name)
	if value == "none" || !slices.ContainsFunc(in.Options, func(o option) bool { return o.Value == value }) {
		return ""
	}
	return value
}

// words are the words of a list with commas between, each once.
func words(text string) []string {
	var all []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",،;؛\n", r) }) {
		if w = persian.Clean(strings.TrimSpace(w)); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// describe puts what was said into the dataset as it is now.
func describe(now, said *catalog.DeskDataset) {
	now.Title, now.Description, now.Keywords, now.Themes = said.Title, said.Description, said.Keywords, said.Themes
	now.Licence, now.Frequency, now.Temporal, now.Spatial = said.Licence, said.Frequency, said.Temporal, said.Spatial
	now.Contact, now.Note = said.Contact, said.Note
}
