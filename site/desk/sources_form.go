package desk

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

// How often a source is harvested, as a form offers it.
const (
	byHand = "hand"
	hourly = "hourly"
	daily  = "daily"
	weekly = "weekly"
	asIs   = "asis" // an interval that was given on the command line
)

// intervals are what they mean.
var intervals = map[string]time.Duration{byHand: 0, hourly: time.Hour, daily: 24 * time.Hour, weekly: 7 * 24 * time.Hour}

// weekdays are the days of the week as a form offers them, from Saturday on, as
// time.Weekday counts them.
var weekdays = []time.Weekday{time.Saturday, time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// publishers stands, in a form, for the agency of a source whose records belong
// to the publishers that they name.
const publishers = "publishers"

// sourceForm is a source as it is, to be changed. fixed is a source whose kind
// and agency stay.
func (d *Desk) sourceForm(r *site.Request, src *catalog.Source, fixed bool) (form, error) {
	f := form{Submit: "desk.source.save", Fields: []field{sourceRevision(src)}}
	if !fixed {
		kinds := field{Name: "kind", Kind: "select"}
		for _, k := range d.Harvest.Kinds {
			kinds.Options = append(kinds.Options, option{Value: k, Label: r.Text("kind." + k), Chosen: k == src.Kind})
		}
		agencies, err := d.sourceAgencies(r, src)
		if err != nil {
			return f, err
		}
		f.Fields = append(f.Fields, kinds, agencies)
	}
	f.Fields = append(f.Fields,
		field{Name: "url", Kind: "url", Value: src.URL},
		field{Name: "source_fa", Kind: "text", Lang: "fa", Value: src.Title["fa"], Optional: true},
		field{Name: "source_en", Kind: "text", Lang: "en", Value: src.Title["en"], Optional: true},
		field{Name: "default_licence", Kind: "select", Options: licenceOptions(r, src.Licence)})
	f.Fields = append(f.Fields, mappingField(src))
	f.Fields = append(f.Fields, scheduleFields(r, src)...)
	if r.Actor.Can(catalog.Operate, "") {
		f.Fields = append(f.Fields, field{Name: "private", Kind: "checks", Options: []option{{Value: "private", Chosen: src.AllowPrivateNetwork}}})
	}
	return f, nil
}

// sourceAgencies lets somebody choose the agency that a source is of.
func (d *Desk) sourceAgencies(r *site.Request, src *catalog.Source) (field, error) {
	ids, all := r.Actor.Agencies(catalog.Harvest)
	if all {
		ids = nil
	} else if ids == nil {
		return field{}, catalog.ErrDenied
	}
	names, err := d.agencyNames(r.Context(), r.Lang, ids)
	in := field{Name: "source_agency", Kind: "select", Options: placeOptions(names, false)}
	if all {
		in.Options = append(in.Options, option{Value: publishers})
	}
	for i := range in.Options {
		in.Options[i].Chosen = in.Options[i].Value == src.Agency || src.ID != "" && src.Agency == "" && in.Options[i].Value == publishers
	}
	return in, err
}

// scheduleFields ask when a source is harvested.
func scheduleFields(r *site.Request, src *catalog.Source) []field {
	often := field{Name: "often", Kind: "select"}
	for _, o := range []string{byHand, hourly, daily, weekly} {
		often.Options = append(often.Options, option{Value: o, Chosen: intervals[o] == src.Every})
	}
	if !oneChosen(often.Options) {
		often.Options = append(often.Options, option{Value: asIs, Label: r.Schedule(src), Chosen: true})
	}
	day := field{Name: "weekday", Kind: "select"}
	hour := field{Name: "hour", Kind: "text", Short: true, Optional: true}
	at, timed := clockTime(src.Clock)
	if timed {
		hour.Value = at.Format("15:04")
	}
	for _, d := range weekdays {
		day.Options = append(day.Options, option{Value: weekday(d), Label: r.Text("weekday." + strconv.Itoa(int(d))), Chosen: timed && src.Clock.Every() > 24*time.Hour && d == at.Weekday()})
	}
	return []field{often, day, hour}
}

func oneChosen(options []option) bool {
	for i := range options {
		if options[i].Chosen {
			return true
		}
	}
	return false
}

func weekday(d time.Weekday) string { return "weekday" + strconv.Itoa(int(d)) }

// clockTime is a moment at which the clock shows its time, where people read
// it; timed is false for the empty clock.
func clockTime(c catalog.Clock) (at time.Time, timed bool) {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		zone = time.UTC
	}
	at = c.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	return at.In(zone), c != ""
}

// clockOf is when the form says that a source is harvested.
func clockOf(f *form) (catalog.Clock, error) {
	often, text := f.typed("often"), strings.ReplaceAll(persian.ASCIIDigits(f.typed("hour")), ".", ":")
	if text == "" || often != daily && often != weekly {
		return "", nil
	}
	if !strings.Contains(text, ":") {
		text += ":00"
	}
	clock, err := time.Parse("15:04", text)
	if err != nil {
		return "", &catalog.InvalidError{Field: "hour", Reason: "it is an hour and a minute like 03:30"}
	}
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return "", err
	}
	at := time.Date(2026, 1, 4, clock.Hour(), clock.Minute(), 0, 0, zone) // a Sunday
	for _, d := range weekdays {
		if f.typed("weekday") == weekday(d) {
			at = at.AddDate(0, 0, int(d))
		}
	}
	return catalog.ClockOf(at, often == weekly), nil
}

// takeSource puts what the form says into the source.
func (d *Desk) takeSource(f *form, src *catalog.Source) error {
	clock, err := clockOf(f)
	if err != nil {
		return err
	}
	if f.field("kind") != nil {
		src.Kind, src.Agency = f.typed("kind"), f.typed("source_agency")
		if src.Agency == publishers {
			src.Agency = ""
		}
	}
	src.URL, src.Licence, src.Clock = f.typed("url"), chosen(f, "default_licence"), clock
	src.Title = texts(f, "source")
	if src.Options, err = mappingTyped(f, src.Kind); err != nil {
		return err
	}
	if every, ok := intervals[f.typed("often")]; ok {
		src.Every = every
	}
	if f.field("private") != nil {
		src.AllowPrivateNetwork = oneChosen(f.field("private").Options)
	}
	return d.Harvest.Check(*src)
}

// refuseSource says what is wrong with the description of a source. The faults
// of its address have a sentence each.
func (d *Desk) refuseSource(r *site.Request, f *form, err error, now func() (*form, error)) error {
	var invalid *catalog.InvalidError
	switch {
	case errors.As(err, &invalid) && strings.HasPrefix(invalid.Field, "url"):
		text := invalid.Reason
		if key := "desk.wrong." + invalid.Field; r.Has(key) {
			text = r.Text(key)
		}
		f.wrong("url", text)
		return nil
	case errors.As(err, &invalid) && invalid.Field == "mapping.kind":
		f.wrong("mapping", r.Text("desk.wrong.mapping.kind"))
		return nil
	case errors.Is(err, catalog.ErrDenied) && f.field("source_agency") != nil:
		f.wrong("source_agency", r.Text("desk.wrong.agency"))
		return nil
	}
	return d.refusedSource(r, f, inField(inField(err, "agency", "source_agency"), "clock", "hour"), now)
}

func (d *Desk) newSourcePage(r *site.Request) (*formView, error) {
	if !some(&r.Actor, catalog.Harvest) {
		return nil, catalog.ErrDenied
	}
	v := &formView{page: page{frame(r, "desk.source.new")}, Lead: r.Text("desk.source.new.lead"), Note: r.Text("desk.source.new.note")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.sources.title"), URL: "/" + r.Lang + pathSources})
	var err error
	v.Form, err = d.sourceForm(r, &catalog.Source{}, false)
	v.Form.Submit = "desk.source.register"
	return v, err
}

func (d *Desk) newSource(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.newSourcePage(r)
	if err == nil {
		v.Form.takeAgain(r)
	}
	return v, err
}

func (d *Desk) doNewSource(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.newSourcePage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	var src catalog.Source
	err = d.takeSource(&v.Form, &src)
	if err == nil {
		err = d.freshForm(r, pathSources+"/new")
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return tx.RegisterSource(&r.Actor, &src) })
	}
	if err == nil {
		return nil, moved(r, sourcePath(&src)+"?registered=1")
	}
	return stay(v, &v.Form, d.refuseSource(r, &v.Form, err, nil))
}

func (d *Desk) editSourcePage(r *site.Request) (*formView, *catalog.Source, error) {
	src, err := d.oneSource(r)
	if err != nil {
		return nil, nil, err
	}
	if src.State != catalog.Published {
		return nil, nil, moved(r, sourcePath(src))
	}
	v := &formView{page: page{sourceFrame(r, src, "desk.source.edit")}, Lead: r.Text("desk.source.edit.lead")}
	v.Form, err = d.sourceForm(r, src, src.Datasets+src.Drafts > 0)
	return v, src, err
}

func (d *Desk) editSource(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.editSourcePage(r)
	if err == nil {
		v.Form.takeAgain(r)
	}
	return v, err
}

func (d *Desk) doEditSource(_ *site.Site, r *site.Request) (site.View, error) {
	v, src, err := d.editSourcePage(r)
	if err != nil {
		return nil, err
	}
	v.Form.take(r)
	said := *src
	err = d.takeSource(&v.Form, &said)
	if err == nil {
		err = d.freshForm(r, sourcePath(src)+"/edit")
	}
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := tx.ChangeSource(&r.Actor, src.ID, revisionOf(r), func(now *catalog.Source) {
				now.Kind, now.Agency, now.URL, now.Title, now.Licence = said.Kind, said.Agency, said.URL, said.Title, said.Licence
				now.Every, now.Clock, now.AllowPrivateNetwork, now.Options = said.Every, said.Clock, said.AllowPrivateNetwork, said.Options
			})
			return err
		})
	}
	if err == nil {
		return nil, moved(r, sourcePath(src)+"?saved=1")
	}
	return stay(v, &v.Form, d.refuseSource(r, &v.Form, err, func() (*form, error) {
		now, _, err := d.editSourcePage(r)
		if err != nil {
			return nil, err
		}
		return &now.Form, nil
	}))
}
