package desk

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
)

// pathMoney is where operators set what the figures of the country are in, and
// how many people they are for.
const pathMoney = pathSettings + "/money"

// moneyPage is the form of it. The population is written a line a year: year,
// people, source.
func (d *Desk) moneyPage(r *site.Request) (*formView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	stored, err := d.Store.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	v := &formView{page: page{frame(r, "desk.money.title")}, Lead: r.Text("desk.money.lead")}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.settings.title"), URL: "/" + r.Lang + pathSettings})
	if r.Query.Has("saved") {
		v.Note = r.Text("desk.money.saved")
	}
	people, err := fiscal.ReadPopulation(stored[fiscal.SettingPopulation])
	if err != nil {
		people = nil // it can be written anew
	}
	var lines []string
	for _, year := range slices.Sorted(maps.Keys(people)) {
		lines = append(lines, persian.Digits(year+", "+strconv.FormatInt(people[year].People, 10), r.Lang)+", "+people[year].Source)
	}
	v.Form = form{Submit: "desk.settings.submit", Fields: []field{
		{Name: fiscal.SettingCurrency, Kind: "text", Short: true, Optional: true, Label: r.Text("desk.money.currency", "currency", fiscal.DefaultCurrency), Value: stored[fiscal.SettingCurrency]},
		{Name: fiscal.SettingPopulation, Kind: "textarea", Optional: true, Label: r.Text("desk.money.population"), Value: strings.Join(lines, "\n")},
	}}
	return v, nil
}

func (d *Desk) money(_ *site.Site, r *site.Request) (site.View, error) { return d.moneyPage(r) }

// doMoney stores both.
func (d *Desk) doMoney(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.moneyPage(r)
	if err != nil {
		return nil, err
	}
	if err := d.fresh(r, pathMoney); err != nil {
		return nil, err
	}
	v.Form.take(r)
	currency := strings.ToUpper(strings.TrimSpace(v.Form.Fields[0].Value))
	if currency != "" && !isCurrency(currency) {
		v.Form.wrong(fiscal.SettingCurrency, r.Text("desk.money.currency.wrong"))
	}
	people, bad := typedPopulation(v.Form.Fields[1].Value)
	if bad > 0 {
		v.Form.wrong(fiscal.SettingPopulation, r.Text("desk.money.population.wrong", "n", bad))
	}
	if len(v.Form.Faults) > 0 {
		v.Status = v.Form.status()
		return v, nil
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		return errors.Join(tx.PutSetting(&r.Actor, fiscal.SettingCurrency, currency), tx.PutSetting(&r.Actor, fiscal.SettingPopulation, people))
	})
	if err != nil {
		return nil, err
	}
	return nil, moved(r, pathMoney+"?saved=1")
}

// isCurrency reports whether a text is written as codes of ISO 4217 are.
func isCurrency(code string) bool {
	const letters = 3
	return len(code) == letters && !strings.ContainsFunc(code, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// typedPopulation reads lines of year, people and source, and writes them as the
// setting; bad is the first line that is none.
func typedPopulation(text string) (setting string, bad int) {
	const parts = 3
	all := map[string]fiscal.Population{}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		cells := strings.SplitN(strings.NewReplacer("،", ",", "؛", ",", ";", ",", "\t", ",").Replace(line), ",", parts)
		if len(cells) < parts {
			return "", i + 1
		}
		people, err := strconv.ParseInt(strings.NewReplacer("٬", "", " ", "").Replace(persian.ASCIIDigits(cells[1])), 10, 64)
		year := strings.TrimSpace(persian.ASCIIDigits(cells[0]))
		one := map[string]fiscal.Population{year: {People: people, Source: strings.TrimSpace(cells[2])}}
		b, encoded := json.Marshal(one)
		if err != nil || encoded != nil {
			return "", i + 1
		}
		if _, err := fiscal.ReadPopulation(string(b)); err != nil {
			return "", i + 1
		}
		maps.Copy(all, one)
	}
	if len(all) == 0 {
		return "", 0
	}
	b, err := json.Marshal(all)
	if err != nil {
		return "", 1
	}
	return string(b), 0
}
