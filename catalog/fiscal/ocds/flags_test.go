package ocds_test

import (
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// Each rule is raised, not raised and cannot be worked out by what is said.
func TestRedFlags(t *testing.T) {
	value := func(n string) string { return `"value": {"amount": ` + n + `, "currency": "EUR"}` }
	open := `"tender": {"procurementMethod": "open", `
	for _, c := range []struct{ key, state, needs, body string }{
		{"single", ocds.Raised, "", open + `"numberOfTenderers": 1}`},
		{"single", ocds.Clear, "", open + `"numberOfTenderers": 3}`},
		{"single", ocds.Clear, "", `"tender": {"procurementMethod": "direct", "numberOfTenderers": 1}`},
		{"single", ocds.Unknown, "tenderers", open + `"title": "T"}`},
		{"single", ocds.Unknown, "method", `"tender": {"numberOfTenderers": 1}`},
		{"short", ocds.Raised, "", open + `"tenderPeriod": {"startDate": "2020-01-01T00:00:00Z", "endDate": "2020-01-10T23:00:00Z"}}`},
		{"short", ocds.Clear, "", open + `"tenderPeriod": {"startDate": "2020-01-01T00:00:00Z", "endDate": "2020-01-11T00:00:00Z"}}`},
		{"short", ocds.Unknown, "period", open + `"tenderPeriod": {"startDate": "2020-01-01T00:00:00Z"}}`},
		{"over", ocds.Raised, "", `"awards": [{"id": 1, ` + value("100") + `}], "contracts": [{"id": 1, "awardID": 1, ` + value("111") + `}]`},
		{"over", ocds.Clear, "", `"awards": [{"id": 1, ` + value("100") + `}], "contracts": [{"id": 1, "awardID": 1, ` + value("110.99") + `}]`},
		{"over", ocds.Raised, "", `"awards": [{"id": 1, ` + value("100") + `}], "contracts": [{"id": 1, "awardID": 1, ` + value("60") + `}, {"id": 2, "awardID": 1, ` + value("60") + `}]`},
		{"over", ocds.Unknown, "values", `"awards": [{"id": 1, ` + value("100") + `}], "contracts": [{"id": 1, "awardID": 1, "value": {"amount": 500, "currency": "USD"}}]`},
		{"over", ocds.Unknown, "contract", `"awards": [{"id": 1, ` + value("100") + `}]`},
		{"near", ocds.Raised, "", `"contracts": [{"id": 1, ` + value("999") + `}]`},
		{"near", ocds.Clear, "", `"contracts": [{"id": 1, ` + value("950") + `}]`},
		{"near", ocds.Clear, "", `"contracts": [{"id": 1, ` + value("1000") + `}]`},
		{"near", ocds.Unknown, "values", `"contracts": [{"id": 1}]`},
		{"order", ocds.Raised, "", `"awards": [{"id": 1, "date": "2020-02-02"}], "contracts": [{"id": 1, "awardID": 1, "dateSigned": "2020-02-01T00:00:00Z"}]`},
		{"order", ocds.Clear, "", `"awards": [{"id": 1, "date": "2020-02-02T12:00:00Z"}], "contracts": [{"id": 1, "awardID": 1, "dateSigned": "2020-02-02"}]`},
		{"order", ocds.Unknown, "dates", `"awards": [{"id": 1}]`},
	} {
		p := ocds.Of(decode(t, "{"+c.body+"}"))
		limits := ocds.DefaultLimits()
		limits.Thresholds = map[string]int64{"EUR": 100_000}
		for _, f := range ocds.Flags(&ocds.Dossier{Process: &p, Limits: limits}) {
			if f.Key == c.key && (f.State != c.state || f.Needs != c.needs) {
				t.Errorf("%s %s: %s %s, want %s %s", c.key, c.body, f.State, f.Needs, c.state, c.needs)
			}
		}
	}
}

func TestWhatReleasesTellOfTime(t *testing.T) {
	signed := `{"ocid": "o-1", "id": "2", "date": "2020-03-01T00:00:00Z", "tag": ["award", "contract"], "awards": [{"id": 1}],
		"contracts": [{"id": "c", "awardID": 1, "dateSigned": "2020-02-20T00:00:00Z", "value": {"amount": 100, "currency": "EUR"}}]}`
	tender := `{"ocid": "o-1", "id": "1", "date": "2020-01-01T00:00:00Z", "tag": ["tender"], "tender": {"title": "T"}}`
	dearer := `{"ocid": "o-1", "id": "3", "date": "2020-04-01T00:00:00Z", "tag": ["contractAmendment"], "contracts": [{"id": "c", "value": {"amount": 100.01}}]}`
	cheaper := `{"ocid": "o-1", "id": "3", "date": "2020-04-01T00:00:00Z", "tag": ["contractAmendment"], "contracts": [{"id": "c", "value": {"amount": 90}}]}`
	for name, c := range map[string]struct {
		key, state string
		releases   []string
	}{
		"dearer after signing":       {"amended", ocds.Raised, []string{tender, signed, dearer}},
		"cheaper after signing":      {"amended", ocds.Clear, []string{tender, signed, cheaper}},
		"in one piece":               {"amended", ocds.Unknown, []string{signed}},
		"not published before":       {"unpublished", ocds.Raised, []string{signed, dearer}},
		"published before":           {"unpublished", ocds.Clear, []string{tender, signed}},
		"the award came as one date": {"unpublished", ocds.Unknown, []string{tender}},
	} {
		var all []ocds.Release
		for _, text := range c.releases {
			r, _ := read(t, text)
			all = append(all, r)
		}
		m := ocds.Merge(all)
		p := ocds.Of(m.Body)
		for _, f := range ocds.Flags(&ocds.Dossier{Process: &p, Changes: m.Changes, Releases: all, Limits: ocds.DefaultLimits()}) {
			if f.Key == c.key && f.State != c.state {
				t.Errorf("%s: %+v, want %s", name, f, c.state)
			}
		}
	}
}
