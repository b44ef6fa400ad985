package desk

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathPeriods is where operators set how long drafts have to be open.
const pathPeriods = pathSettings + "/periods"

// periodsPage is the form of how many days a draft of each kind has to be open.
func (d *Desk) periodsPage(r *site.Request) (*formView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	stored, err := d.Store.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	v := &formView{page: page{frame(r, "desk.periods.title")}, Lead: r.Text("desk.periods.lead"), Note: r.Text("desk.periods.note")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.settings.title"), URL: "/" + r.Lang + pathSettings})
	if r.Query.Has("saved") {
		v.Note = r.Text("desk.periods.saved")
	}
	v.Form = form{Submit: "desk.settings.submit", Fields: []field{{
		Name: consultation.SettingPeriodOther, Kind: "text", Short: true, Optional: true, Label: r.Text("desk.periods.other", "n", consultation.DefaultDays),
	}}}
	for _, kind := range consultation.Kinds {
		v.Form.Fields = append(v.Form.Fields, field{Name: consultation.SettingPeriod + kind, Kind: "text", Short: true, Optional: true, Label: r.Text("draft.kind." + kind)})
	}
	for i := range v.Form.Fields {
		in := &v.Form.Fields[i]
		in.Value = persian.Digits(stored[in.Name], r.Lang)
	}
	return v, nil
}

func (d *Desk) periods(_ *site.Site, r *site.Request) (site.View, error) { return d.periodsPage(r) }

// doPeriods stores the days. Periods that were set before stay as they are.
func (d *Desk) doPeriods(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.periodsPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.fresh(r, pathPeriods); err != nil {
		return nil, err
	}
	v.Form.take(r)
	days := map[string]string{}
	for i := range v.Form.Fields {
		in := &v.Form.Fields[i]
		typed := strings.TrimSpace(persian.ASCIIDigits(in.Value))
		if n, err := strconv.Atoi(typed); typed != "" && (err != nil || consultation.CheckPeriodRule(typed) != nil) {
			v.Form.wrong(in.Name, r.Text("desk.periods.wrong"))
		} else if typed != "" {
			typed = strconv.Itoa(n)
		}
		days[in.Name] = typed
	}
	if len(v.Form.Faults) > 0 {
		v.Status = v.Form.status()
		return v, nil
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		for i := range v.Form.Fields {
			if err := tx.PutSetting(&r.Actor, v.Form.Fields[i].Name, days[v.Form.Fields[i].Name]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return nil, moved(r, pathPeriods+"?saved=1")
}
