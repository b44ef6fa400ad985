package indicators

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// fiscalTerms are what the columns of a budget table are, by its mapping: the
// term of the Fiscal Data Package, or the phase of an amount.
type fiscalTerms map[string][]string

// is reports whether a column is one of the terms.
func (t fiscalTerms) is(column string, terms []string) bool {
	return slices.ContainsFunc(t[column], func(term string) bool { return slices.Contains(terms, term) })
}

// gatherTerms reads the mappings of the budgets among the files of datasets.
func (t *things) gatherTerms(ask catalog.Asker, datasets []string) error {
	rows, err := ask.Rows(`select b.resource, b.mapping from json_each(?) i join resources r on r.dataset = i.value join budgets b on b.resource = r.id
		where b.state = 'loaded'`, catalog.AsJSON(&datasets))
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (resource string, err error) {
		var m struct {
			Phase  string `json:"phase"`
			Fields []struct {
				Name  string `json:"column"`
				Type  string `json:"type"`
				Phase string `json:"phase"`
			} `json:"fields"`
		}
		err = row.Scan(&resource, catalog.AsJSON(&m))
		terms := fiscalTerms{}
		for _, f := range m.Fields {
			terms[f.Name] = append(terms[f.Name], f.Type)
			if f.Type == "value" {
				phase := f.Phase
				if phase == "" {
					phase = m.Phase
				}
				if phase == "" {
					phase = "approved"
				}
				terms[f.Name] = append(terms[f.Name], phase)
			}
		}
		t.mapped[resource] = terms
		return resource, err
	})
	return err
}
