package consultation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

// A HarvestedDraft is a draft as a source describes it: the value of a record.
type HarvestedDraft struct {
	Draft
	Texts    []HarvestedText `json:"texts,omitempty"` // from the first on
	Spans    []Span          `json:"periods,omitempty"`
	Papers   []Paper         `json:"papers,omitempty"`
	Modified string          `json:"modified,omitempty"` // ISO 8601, as the source says
	// Files finds the draft under another identifier: digests of the files that
	// it was read from. Empty for drafts whose identifiers are given for ever.
	Files string `json:"-"`
}

// A HarvestedText is a text of a harvested draft.
type HarvestedText struct {
	Wording
	Of string `json:"of,omitempty"` // the source's own identifier of the document
}

// A Span is a time in which a source says that a draft is open.
type Span struct {
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	Basis  string    `json:"basis"` // which document of the source says so
}

// Noun is NounDraft.
func (h *HarvestedDraft) Noun() string { return NounDraft }

// Called is its title.
func (h *HarvestedDraft) Called() catalog.Text { return h.Title }

// Below is nothing: a draft is a part of no other record.
func (h *HarvestedDraft) Below() catalog.Key { return catalog.Key{} }

// Validate returns an *catalog.InvalidError for the first thing that keeps the
// draft, its texts or its papers from being published.
func (h *HarvestedDraft) Validate() error {
	d := h.Draft
	if d.Moderation == "" {
		d.Moderation = ReviewFirst
	}
	if err := d.Validate(); err != nil {
		return err
	}
	for i := range h.Texts {
		if err := h.Texts[i].validate(); err != nil {
			return err
		}
	}
	for i := range h.Papers {
		if err := h.Papers[i].validate(); err != nil {
			return err
		}
	}
	for _, s := range h.Spans {
		if !s.Closes.After(s.Opens) {
			return &catalog.InvalidError{Field: "periods", Reason: "a period closes before it opens"}
		}
	}
	return nil
}

func (t *HarvestedText) validate() error {
	at := map[string]bool{}
	for i := range t.Law.Provisions {
		p := &t.Law.Provisions[i]
		if at[p.Address] || p.Parent != "" && !at[p.Parent] {
			return &catalog.InvalidError{Field: "text", Reason: fmt.Sprintf("the address %q is there twice or stands before what it is in", p.Address)}
		}
		at[p.Address] = true
	}
	if len(at) == 0 {
		return &catalog.InvalidError{Field: "text", Reason: "there is nothing written"}
	}
	return nil
}

// Print tells of a draft without its date of change.
func (h *HarvestedDraft) Print(*catalog.Agency) (catalog.Print, error) {
	c := *h
	c.Modified, c.Texts = "", nil
	c.Dockets = slices.Sorted(slices.Values(c.Dockets))
	head, err := json.Marshal(&c)
	if err != nil {
		return catalog.Print{}, err
	}
	parts := []string{string(head)}
	for i := range h.Texts {
		law := &h.Texts[i].Law
		b, err := json.Marshal([]any{h.Texts[i].Kind, law.Title, law.Lang, law.Provisions})
		if err != nil {
			return catalog.Print{}, err
		}
		parts = append(parts, string(b))
	}
	return catalog.Print{Stays: strings.Join(parts, "\n"), Moves: h.Modified, Like: catalog.LikeFiles(h.Files)}, nil
}

// Take writes the draft. Its texts are added to, never changed; so are its
// periods; papers that are gone leave their titles.
func (h *HarvestedDraft) Take(tx *catalog.Tx, in catalog.Taking) (string, error) {
	if in.What == catalog.Touched {
		return in.Thing, nil // a date of change alone is nothing to show
	}
	d, err := h.before(tx, in)
	if err != nil {
		return "", err
	}
	was := d.Decided
	d.describe(&h.Draft)
	d.Decided, d.DecidedAt, d.Note = h.Decided, h.DecidedAt, h.Note
	if d.Agency, err = tx.AgencyOf(in.Source, in.Record); err != nil {
		return "", err
	}
	put := write
	if in.What == catalog.New {
		put = insert
	}
	if err := put(tx, &d); err != nil {
		return "", err
	}
	if in.What != catalog.New && d.Decided != was && d.Decided != "" {
		if err := alert(tx, d.ID, string(d.Decided), catalog.Stamp(tx.Now())); err != nil {
			return "", err
		}
	}
	if err := h.takeTexts(tx, d.ID, in.What); err != nil {
		return "", err
	}
	if err := h.takeSpans(tx, &d, in.What); err != nil {
		return "", err
	}
	if err := h.takePapers(tx, d.ID); err != nil {
		return "", err
	}
	return d.ID, tx.Exec("update drafts set revision = revision + 1, updated = ? where id = ?", catalog.Stamp(tx.Now()), d.ID)
}

// before is the draft as it is known, or a new one.
func (h *HarvestedDraft) before(tx *catalog.Tx, in catalog.Taking) (Draft, error) {
	if in.What != catalog.New {
		return scanDraft(tx.Row("select "+draftColumns+" from drafts d where d.id = ?", in.Thing))
	}
	d := Draft{
		ID: tx.NewID(), State: catalog.Published, Source: in.Source.ID, Identifier: in.Record.Identifier,
		Created: tx.Now(), Updated: tx.Now(), Moderation: ReviewFirst,
	}
	var err error
	d.Slug, err = tx.FreeSlug("drafts", h.Title, NounDraft, d.ID)
	return d, err
}

// takePapers puts the papers in place of those that the source gave before.
func (h *HarvestedDraft) takePapers(tx *catalog.Tx, draft string) error {
	rows, err := tx.Rows("select "+paperColumns+" from papers where draft = ? and identifier <> ''", draft)
	all, err := catalog.Collect(rows, err, scanPaper)
	if err != nil {
		return err
	}
	known := map[string]*Paper{}
	for i := range all {
		known[all[i].Identifier] = &all[i]
	}
	for i := range h.Papers {
		p := h.Papers[i]
		if p.Draft = draft; p.State == "" {
			p.State = catalog.Published
		}
		old := known[p.Identifier]
		if old == nil {
			p.ID = tx.NewID()
			err = putPaper(tx, &p)
		} else {
			delete(known, p.Identifier)
			err = tx.Exec(`update papers set position = ?, state = ?, kind = ?, title = ?, file = ?, name = ?, media = ?, size = ?, url = ?, lang = ?, reason = ?
				where id = ?`, i+1, p.State, p.Kind, catalog.AsJSON(&p.Title), p.File, p.Name, p.Media, p.Size, p.URL, p.Lang, p.Reason, old.ID)
		}
		if err != nil {
			return err
		}
	}
	for _, gone := range known {
		if err := tx.Exec("update papers set state = 'retired' where id = ?", gone.ID); err != nil {
			return err
		}
	}
	return nil
}
