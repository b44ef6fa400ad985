package fiscal

import (
	"maps"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// A HarvestedBudget is a dataset whose tables are budgets: the value of a record
// of a fiscal source. Maps are the mappings of its resources by their
// identifiers, or by their addresses where they have none.
type HarvestedBudget struct {
	catalog.Dataset
	Maps map[string]Mapping `json:"mappings,omitempty"`
}

// Print tells of the dataset and of the mappings.
func (h *HarvestedBudget) Print(agency *catalog.Agency) (catalog.Print, error) {
	p, err := h.Dataset.Print(agency)
	if err != nil {
		return p, err
	}
	for _, key := range slices.Sorted(maps.Keys(h.Maps)) {
		m := h.Maps[key]
		b, err := json.Marshal(&m)
		if err != nil {
			return p, err
		}
		p.Stays = strings.Join([]string{p.Stays, key, string(b)}, "\n")
	}
	return p, nil
}

// Take writes the dataset, and which of its resources are budgets.
func (h *HarvestedBudget) Take(tx *catalog.Tx, in catalog.Taking) (string, error) {
	id, err := h.Dataset.Take(tx, in)
	if err != nil {
		return id, err
	}
	d, err := tx.Dataset(id)
	if err != nil {
		return id, err
	}
	for i := range d.Resources {
		r := &d.Resources[i]
		m, ok := h.Maps[r.Identifier]
		if !ok || r.Identifier == "" {
			m, ok = h.Maps[r.DownloadURL]
		}
		if ok && r.PartOf == "" && catalog.Visible(r.State) {
			if _, err := putBudget(tx, r.ID, &m); err != nil {
				return id, err
			}
		}
	}
	return id, nil
}
