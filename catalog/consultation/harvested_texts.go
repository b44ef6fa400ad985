package consultation

import (
	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"

	"github.com/goccy/go-json"
)

// An earlierText is a text that a draft has, with its provisions.
type earlierText struct {
	Version
	provisions []lawtext.Provision
}

// takeTexts adds the texts that the draft does not have yet. The comments on
// earlier ones are placed in each.
func (h *HarvestedDraft) takeTexts(tx *catalog.Tx, draft string, what catalog.Outcome) error {
	if len(h.Texts) == 0 {
		return nil
	}
	known, err := earlierTexts(tx, draft)
	if err != nil {
		return err
	}
	has := map[string]bool{}
	for i := range known {
		b, err := json.Marshal(known[i].provisions)
		if err != nil {
			return err
		}
		has[string(b)] = true
	}
	for i := range h.Texts {
		text := h.Texts[i].Wording
		b, err := json.Marshal(text.Law.Provisions)
		if err != nil {
			return err
		}
		if has[string(b)] {
			continue
		}
		has[string(b)] = true
		if text.Kind != Final {
			text.Kind = "" // which it is follows from those before it
		}
		v, err := addVersion(tx, draft, catalog.Published, &text)
		if err != nil {
			return err
		}
		if what != catalog.New {
			if err := placeAll(tx, &v, text.Law.Provisions, known); err != nil {
				return err
			}
			if err := alert(tx, draft, AlertVersion, v.ID); err != nil {
				return err
			}
		}
		known = append(known, earlierText{v, text.Law.Provisions})
	}
	return nil
}

func earlierTexts(tx *catalog.Tx, draft string) ([]earlierText, error) {
	rows, err := tx.Rows("select "+versionColumns+" from versions v where v.draft = ? and v.state = 'published' order by v.n", draft)
	versions, err := catalog.Collect(rows, err, scanVersion)
	if err != nil {
		return nil, err
	}
	all := make([]earlierText, len(versions))
	for i := range versions {
		rows, err := tx.Rows("select "+provisionColumns+" from provisions where version = ? order by position", versions[i].ID)
		all[i].Version = versions[i]
		if all[i].provisions, err = catalog.Collect(rows, err, scanProvision); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// placeAll places the comments on earlier texts in a new one, in the write that
// brings it. A draft of a source is commented where it comes from; those who
// comment on it here are few.
func placeAll(tx *catalog.Tx, v *Version, provisions []lawtext.Provision, earlier []earlierText) error {
	var some bool
	if err := tx.Row("select exists (select 1 from comments where draft = ? and address <> '')", v.Draft).Scan(&some); err != nil || !some {
		return err
	}
	p := &placing{v: v, placers: map[string]*revision.Placer{}}
	for i := range earlier {
		placer := revision.NewPlacer(earlier[i].provisions, provisions, revision.Compare(earlier[i].provisions, provisions))
		p.placers[earlier[i].ID] = placer
		if i == 0 {
			p.placers[""] = placer
		}
	}
	for len(p.placers) > 0 {
		rows, err := tx.Rows(anchors, v.Draft, p.last, placingBatch)
		batch, err := catalog.Collect(rows, err, scanAnchored)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := tx.PlaceComments(v.ID, p.place(batch)); err != nil {
			return err
		}
	}
	return nil
}
