package desk

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// pathSet is where operators put a set of indicators in force.
const pathSet = pathSettings + "/indicators"

// mostSet is more bytes than a set has: the rest of a larger file is not read.
const mostSet = 1 << 20

// A setView is the sets of indicators that were put in force, and the form for
// the next one.
type setView struct {
	page
	Sets    []indicators.Set
	Form    form
	Changes []setChange // what is typed against what is in force
	Tried   bool
	Done    bool
}

// A setChange is an indicator that differs between two sets.
type setChange struct {
	ID     string
	Title  string
	Kind   string // new, gone, changed
	Fields []fieldChange
}

// A fieldChange is a member that differs, as JSON.
type fieldChange struct{ Name, Before, After string }

func (d *Desk) setPage(r *site.Request) (*setView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	v := &setView{page: page{frame(r, "desk.set.title")}, Done: r.Query.Has("saved")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.settings.title"), URL: "/" + r.Lang + pathSettings})
	var err error
	if v.Sets, err = d.marks.Sets(r.Context()); err != nil {
		return nil, err
	}
	now, err := d.lastSet(r, v.Sets)
	if err != nil {
		return nil, err
	}
	body, err := setBody(&now)
	if err != nil {
		return nil, err
	}
	v.Form = form{Submit: "desk.set.submit", Fields: []field{
		{Name: "version", Kind: "hidden", Value: strconv.Itoa(newest(v.Sets))},
		{Name: "set", Kind: "textarea", Tall: true, Lang: "en", Value: string(body)},
		{Name: "since", Kind: "text", Short: true, Optional: true},
		{Name: "note_fa", Kind: "textarea", Lang: "fa", Short: true, Optional: true},
		{Name: "note_en", Kind: "textarea", Lang: "en", Short: true, Optional: true},
		{Name: "how", Kind: "radios", Options: []option{{Value: howTry, Label: r.Text("desk.set.how.try"), Chosen: true}, {Value: howKeep, Label: r.Text("desk.set.how.keep")}}},
	}}
	return v, nil
}

// lastSet is the set that the next one follows: the last that was put, else the
// one that comes with the program.
func (d *Desk) lastSet(r *site.Request, all []indicators.Set) (indicators.Set, error) {
	if len(all) > 0 {
		return all[0], nil
	}
	return d.marks.Set(r.Context())
}

// newest is the last version that was put; 0 for none.
func newest(all []indicators.Set) (version int) {
	for i := range all {
		version = max(version, all[i].Version)
	}
	return version
}

// setBody is a set as it is written down, without what is told of its version.
func setBody(s *indicators.Set) ([]byte, error) {
	bare := *s
	bare.Version, bare.Since, bare.Note = 0, time.Time{}, nil
	return json.MarshalIndent(&bare, "", "  ")
}

// set asks for password and code before anything is typed, so that none of a
// long text is lost by it.
func (d *Desk) set(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.setPage(r)
	if err == nil {
		err = d.fresh(r, pathSet)
	}
	return v, err
}

func (d *Desk) doSet(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.setPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.fresh(r, pathSet); err != nil {
		to := "/" + r.Lang + pathHome + "/confirm?" + url.Values{"next": {pathSet}}.Encode()
		return nil, r.KeepTyped(fiber.StatusUnauthorized, "desk.kept.session", site.Link{Text: r.Text("desk.signin.title"), URL: to}, err)
	}
	f := &v.Form
	if err := f.takeSet(r); err != nil {
		return nil, err
	}
	s, err := d.marks.Try(r.Context(), []byte(f.typed("set")))
	if err == nil {
		v.Tried = true
		last, fault := d.lastSet(r, v.Sets)
		if err = fault; err == nil {
			v.Changes, err = setChanges(r, &last, &s)
		}
	}
	if err == nil && f.typed("version") != strconv.Itoa(newest(v.Sets)) {
		err = &catalog.StaleError{}
	}
	if err == nil && chosen(f, "how") == howKeep {
		since, fault := dayOf(f.typed("since"))
		if fault != nil {
			since = f.typed("since") // told of below
		}
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			_, err := indicators.PutSet(tx, &r.Actor, []byte(f.typed("set")), since, long(f, "note"))
			return err
		})
		if err == nil {
			return nil, moved(r, pathSet+"?saved=1")
		}
	}
	if err == nil {
		return v, nil
	}
	var invalid *catalog.InvalidError
	if errors.As(err, &invalid) && invalid.Field != "since" { // the field is a place in the set
		f.wrong("set", invalid.Field+r.Text("desk.colon")+" "+invalid.Reason)
		return stay(v, f, nil)
	}
	return stay(v, f, d.refusedWrite(r, f, err, func() (*form, error) {
		now, err := d.setPage(r)
		if err != nil {
			return nil, err
		}
		return &form{Fields: now.Form.Fields[1:2]}, nil // with the version that is there now
	}))
}

// takeSet takes what was typed, or the file that was given instead: it is shown
// in the place of the set, to be looked at.
func (f *form) takeSet(r *site.Request) error {
	if r.Form != nil {
		f.take(r)
		return nil
	}
	up, err := r.Upload()
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(up, mostSet))
	f.field("set").Value = strings.ToValidUTF8(string(body), "\uFFFD")
	return err
}

// setChanges are the indicators by which two sets differ, in their order.
func setChanges(r *site.Request, before, after *indicators.Set) ([]setChange, error) {
	var all []setChange
	for i := range after.Indicators {
		in := &after.Indicators[i]
		c := setChange{ID: in.ID, Kind: "new"}
		c.Title, _ = in.Title.In(r.Lang)
		if was := before.Indicator(in.ID); was != nil {
			c.Kind = "changed"
			var err error
			if c.Fields, err = fieldChanges(was, in); err != nil {
				return nil, err
			}
			if len(c.Fields) == 0 {
				continue
			}
		}
		all = append(all, c)
	}
	for i := range before.Indicators {
		if in := &before.Indicators[i]; after.Indicator(in.ID) == nil {
			c := setChange{ID: in.ID, Kind: "gone"}
			c.Title, _ = in.Title.In(r.Lang)
			all = append(all, c)
		}
	}
	fields, err := fieldChanges(map[string]any{"title": before.Title, "columns": before.Columns}, map[string]any{"title": after.Title, "columns": after.Columns})
	if len(fields) > 0 {
		all = append(all, setChange{Title: r.Text("desk.set.whole"), Kind: "changed", Fields: fields})
	}
	return all, err
}

// fieldChanges are the members by which two things differ, those of objects each
// for itself.
func fieldChanges(before, after any) ([]fieldChange, error) {
	a, err := members(before, "")
	if err != nil {
		return nil, err
	}
	b, err := members(after, "")
	if err != nil {
		return nil, err
	}
	all := maps.Clone(a)
	maps.Copy(all, b)
	var changes []fieldChange
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if a[name] != b[name] {
			changes = append(changes, fieldChange{name, a[name], b[name]})
		}
	}
	return changes, nil
}

// members are the members of an object as JSON, by their paths.
func members(thing any, at string) (map[string]string, error) {
	body, err := json.Marshal(thing)
	if err != nil {
		return nil, err
	}
	var own map[string]json.RawMessage
	if err := json.Unmarshal(body, &own); err != nil {
		return nil, err
	}
	all := map[string]string{}
	for name, value := range own {
		if bytes.HasPrefix(value, []byte("{")) {
			inner, err := members(value, at+name+".")
			if err != nil {
				return nil, err
			}
			maps.Copy(all, inner)
			continue
		}
		all[at+name] = string(value)
	}
	return all, nil
}
