package desk

import (
	"errors"
	"io"
	"maps"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// The pages at which operators set how the portal shows itself.
const (
	pathSettings = pathHome + "/settings"
	pathEmblem   = pathSettings + "/emblem"
)

func (d *Desk) settingsRoutes() []site.Route {
	return []site.Route{
		{Path: pathSettings, View: d.settings, Act: d.doSettings, Template: "desk_settings"},
		{Path: pathPeriods, View: d.periods, Act: d.doPeriods, Template: "desk_form"},
		{Path: pathMoney, View: d.money, Act: d.doMoney, Template: "desk_form"},
		{Path: pathFlags, View: d.flags, Act: d.doFlags, Template: "desk_form"},
		{Path: pathSet, View: d.set, Act: d.doSet, Upload: true, Template: "desk_set"},
		{Path: pathEmblem, View: d.settings, Act: d.doEmblem, Upload: true, Budget: site.BudgetUploads, Template: "desk_settings"},
	}
}

// A settingsView is what is set of the portal, and the forms for what is set
// here.
type settingsView struct {
	page
	Form    form
	Emblem  form // where it may be set here
	Drop    form // takes it away
	Shown   bool // there is one of the portal's own
	Fixed   []Setting
	All     []Setting
	Saved   bool
	Address string // of the form of the emblem
}

// lookFields are the fields of what is not fixed elsewhere.
func (d *Desk) lookFields(r *site.Request, stored map[string]string) []field {
	var all []field
	for _, in := range []field{
		{Name: setNameFa, Kind: "text", Lang: "fa", Optional: true},
		{Name: setNameEn, Kind: "text", Lang: "en", Optional: true},
		{Name: setColor, Kind: "text", Lang: "en", Short: true, Optional: true},
		{Name: setColorDark, Kind: "text", Lang: "en", Short: true, Optional: true},
		{Name: setLanguages, Kind: "select"},
	} {
		if d.Look.From[in.Name] != "" {
			continue
		}
		in.Value = stored[in.Name]
		if in.Kind == "select" {
			for _, o := range [][2]string{{"", "default"}, {"fa,en", "fa_en"}, {"en,fa", "en_fa"}, {"fa", "fa"}, {"en", "en"}} {
				in.Options = append(in.Options, option{Value: o[0], Label: r.Text("desk.settings.languages." + o[1]), Chosen: in.Value == o[0]})
			}
		}
		all = append(all, in)
	}
	return all
}

func (d *Desk) settingsPage(r *site.Request) (*settingsView, map[string]string, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, nil, fiber.ErrNotFound
	}
	stored, err := d.Store.Settings(r.Context())
	if err != nil {
		return nil, nil, err
	}
	v := &settingsView{
		page: page{frame(r, "desk.settings.title")}, Saved: r.Query.Has("saved"), All: d.Look.Settings, Address: "/" + r.Lang + pathEmblem,
		Form: form{Do: "look", Submit: "desk.settings.submit", Fields: d.lookFields(r, stored), Action: "/" + r.Lang + pathSettings},
	}
	for _, s := range d.Look.Settings {
		if d.Look.From[s.Name] != "" {
			v.Fixed = append(v.Fixed, s)
		}
	}
	if d.Look.From[setEmblem] == "" {
		v.Emblem = form{Fields: []field{{Name: setEmblem, Kind: "file"}}, Submit: "desk.settings.emblem.submit"}
		v.Shown = stored[setEmblem] != ""
		v.Drop = form{Do: "drop", Submit: "desk.settings.emblem.drop", Action: v.Form.Action}
	}
	return v, stored, nil
}

func (d *Desk) settings(_ *site.Site, r *site.Request) (site.View, error) {
	v, _, err := d.settingsPage(r)
	return v, err
}

// doSettings sets names, colours and languages, or takes the emblem away.
func (d *Desk) doSettings(s *site.Site, r *site.Request) (site.View, error) {
	v, stored, err := d.settingsPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.fresh(r, pathSettings); err != nil {
		return nil, err
	}
	change := map[string]string{}
	switch r.Form.Get("do") {
	case "look":
		v.Form.take(r)
		for _, in := range v.Form.Fields {
			change[in.Name] = v.Form.typed(in.Name)
		}
	case "drop":
		if d.Look.From[setEmblem] == "" {
			change[setEmblem] = ""
		}
	default:
		return nil, fiber.ErrBadRequest
	}
	return d.setLook(s, r, v, stored, change)
}

// setLook keeps and shows the changes, if they are fit to be shown.
func (d *Desk) setLook(s *site.Site, r *site.Request, v *settingsView, stored, change map[string]string) (site.View, error) {
	maps.Copy(stored, change)
	look := d.Look.With(stored)
	err := site.CheckBranding(look)
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			for _, name := range []string{setNameFa, setNameEn, setEmblem, setColor, setColorDark, setLanguages} {
				value, given := change[name]
				if !given {
					continue
				}
				if err := tx.PutSetting(&r.Actor, name, value); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err == nil {
		if err = s.SetBranding(look); err == nil {
			return nil, moved(r, pathSettings+"?saved=1")
		}
	}
	var contrast *site.ContrastError
	var invalid *catalog.InvalidError
	switch {
	case errors.As(err, &contrast):
		v.Form.wrong(contrast.Field, r.Text("desk.settings.contrast", "color", contrast.Color, "ratio", contrast.Ratio, "against", contrast.Against, "nearest", contrast.Nearest))
	case errors.As(err, &invalid) && invalid.Field == setEmblem:
		v.Emblem.wrong(setEmblem, r.Text("desk.settings.emblem.wrong", "why", invalid.Reason))
	default:
		if err := v.Form.refuse(r, err); err != nil {
			return nil, err
		}
	}
	v.Status = fiber.StatusUnprocessableEntity
	return v, nil
}

// mostEmblem is more than an emblem may have: the rest of a larger file is not
// read.
const mostEmblem = 1 << 20

// doEmblem sets the emblem.
func (d *Desk) doEmblem(s *site.Site, r *site.Request) (site.View, error) {
	v, stored, err := d.settingsPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.fresh(r, pathSettings); err != nil {
		return nil, err
	}
	if d.Look.From[setEmblem] != "" {
		return nil, fiber.ErrBadRequest
	}
	up, err := r.Upload()
	var body []byte
	if err == nil {
		body, err = io.ReadAll(io.LimitReader(up, mostEmblem))
	}
	var invalid *catalog.InvalidError
	switch {
	case errors.As(err, &invalid):
		v.Emblem.wrong(setEmblem, r.Text("desk.settings.emblem.wrong", "why", invalid.Reason))
		v.Status = fiber.StatusUnprocessableEntity
		return v, nil
	case err != nil:
		return nil, err
	}
	clean, _, err := site.CleanEmblem(body)
	if err != nil {
		v.Emblem.wrong(setEmblem, r.Text("desk.settings.emblem.wrong", "why", err.Error()))
		v.Status = fiber.StatusUnprocessableEntity
		return v, nil
	}
	return d.setLook(s, r, v, stored, map[string]string{setEmblem: string(clean)})
}
