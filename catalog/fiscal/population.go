package fiscal

import (
	"context"
	"maps"
	"slices"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// SettingPopulation is the setting of how many people live in the country: a
// JSON object of fiscal years, each with "people" and "source".
const SettingPopulation = "spending.population"

// A Population is how many people lived in the country in a fiscal year.
type Population struct {
	People int64  `json:"people"`
	Source string `json:"source"` // who says so
}

// mostPeople bounds what a population can be.
const mostPeople = 10_000_000_000

// ReadPopulation reads the setting, by fiscal year. The error is an
// *catalog.InvalidError.
func ReadPopulation(value string) (map[string]Population, error) {
	all := map[string]Population{}
	if value == "" {
		return all, nil
	}
	invalid := func(reason string) error { return &catalog.InvalidError{Field: SettingPopulation, Reason: reason} }
	if err := json.Unmarshal([]byte(value), &all); err != nil {
		return nil, invalid(`the population is a JSON object: {"1403": {"people": 85961000, "source": "…"}}`)
	}
	for _, year := range slices.Sorted(maps.Keys(all)) {
		p := all[year]
		switch {
		case !isYear(year):
			return nil, invalid("“" + year + "” is no fiscal year")
		case p.People <= 0 || p.People > mostPeople:
			return nil, invalid("the people of " + year + " are no number above 0")
		case p.Source == "":
			return nil, invalid("the source of the people of " + year + " is missing")
		}
	}
	return all, nil
}

// Population returns how many people live in the country, by fiscal year; a
// setting that cannot be read is none.
func (f *Fiscal) Population(ctx context.Context) (map[string]Population, error) {
	settings, err := f.store.Settings(ctx)
	if err != nil {
		return nil, err
	}
	all, err := ReadPopulation(settings[SettingPopulation])
	if err != nil {
		return map[string]Population{}, nil //nolint:nilerr // whoever sets it is told; pages do without
	}
	return all, nil
}
