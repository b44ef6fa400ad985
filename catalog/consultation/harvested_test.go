package consultation

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// source adds a source to the hall.
func (h *hall) source() *catalog.Source {
	h.Helper()
	src := catalog.Source{Slug: "register", Kind: "lawtext", URL: "https://x.test", Agency: h.agency}
	h.do(func(tx *catalog.Tx) error { return tx.PutSource(&src) })
	return &src
}

// takes takes a record in, with what it means to the catalogue.
func (h *hall) takes(src *catalog.Source, identifier string, v catalog.Value, want catalog.Outcome) {
	h.Helper()
	h.do(func(tx *catalog.Tx) error {
		got, err := tx.PutRecord(src, &catalog.Record{Identifier: identifier, Raw: []byte(identifier), Value: v})
		if err == nil && got != want {
			h.Errorf("%s came in as %d, want %d", identifier, got, want)
		}
		return err
	})
}

// harvested is a draft with a text of the articles.
func harvested(title string, articles ...int) *HarvestedDraft {
	d := &HarvestedDraft{Texts: []HarvestedText{{Wording: Wording{Law: law(articles...)}}}}
	d.Title = catalog.Text{"en": title}
	return d
}

func TestHarvestedTextPlacesComments(t *testing.T) {
	h := newHall(t)
	src := h.source()
	h.takes(src, "r-1", harvested("Roads", upTo(5)...), catalog.New)
	drafts, _, err := h.c.Drafts(t.Context(), DraftFilter{})
	if err != nil || len(drafts) != 1 {
		t.Fatal(drafts, err)
	}
	d := drafts[0]
	first := h.versions(d.ID)[0]
	h.commented(d.ID, first.ID, "art_1", "", 1200) // more than a batch
	h.commented(d.ID, first.ID, "art_5", "", 2)
	next := harvested("Roads", upTo(4)...)
	h.takes(src, "r-1", next, catalog.Changed)
	all := h.versions(d.ID)
	if len(all) != 2 || all[1].Kind != Revised {
		t.Fatalf("%+v", all)
	}
	got := h.verdicts(all[1].ID)
	if len(got) != 2 || got["kept art_1 art_1"] != 1200 || got["removed art_5 "] != 2 {
		t.Errorf("the verdicts are %v", got)
	}
	var alerts string
	if err := h.store.Row(t.Context(), "select group_concat(kind) from alerts where draft = ?", d.ID).Scan(&alerts); err != nil || alerts != AlertVersion {
		t.Errorf("followers are told %q, %v", alerts, err)
	}
	next.Summary = catalog.Text{"en": "Which roads are whose."}
	h.takes(src, "r-1", next, catalog.Changed)
	h.takes(src, "r-1", next, catalog.Unchanged)
	if n := len(h.versions(d.ID)); n != 2 {
		t.Errorf("there are %d texts: a new summary is no new text", n)
	}
	if _, err := h.c.DeskDraft(t.Context(), h.editor, d.ID); err != nil {
		t.Error(err)
	}
	err = h.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := UpdateDraft(tx, h.publisher, d.ID, catalog.AnyRevision, func(*Draft) error { return nil })
		return err
	})
	var conflict *catalog.ConflictError
	if !errors.As(err, &conflict) || conflict.Code != "harvested" {
		t.Errorf("a harvested draft was changed at the desk: %v", err)
	}
}

func TestARemovedHarvestedCommentStaysRemoved(t *testing.T) {
	h := newHall(t)
	src := h.source()
	h.takes(src, "r-1", harvested("Roads", 1), catalog.New)
	comment := func(text string) *HarvestedComment {
		return &HarvestedComment{Docket: "r-1", Lang: "en", Text: text, Name: "A.", Received: h.at.Add(-time.Hour)}
	}
	h.takes(src, "c-1", comment("Rubbish."), catalog.New)
	drafts, _, err := h.c.Drafts(t.Context(), DraftFilter{})
	if err != nil || len(drafts) != 1 {
		t.Fatal(drafts, err)
	}
	on := CommentFilter{Draft: drafts[0].ID}
	all := h.comments(on)
	if len(all) != 1 || all[0].Provenance != Harvested || all[0].State != Shown || all[0].Text != "Rubbish." {
		t.Fatalf("%+v", all)
	}
	h.do(func(tx *catalog.Tx) error {
		return tx.MoveComment(all[0].ID, "update comments set state = 'removed', reason = 'insult', ended = ? where id = ?", catalog.Stamp(tx.Now()), all[0].ID)
	})
	h.takes(src, "c-1", comment("More rubbish."), catalog.Changed)
	if again := h.comments(on); len(again) != 1 || again[0].State != Removed || again[0].Reason != "insult" || again[0].Text != "" {
		t.Errorf("%+v", again)
	}
	err = h.store.Write(t.Context(), func(tx *catalog.Tx) error {
		c := comment("Whose?")
		c.Docket = "r-2"
		_, err := tx.PutRecord(src, &catalog.Record{Identifier: "c-2", Raw: []byte("c-2"), Value: c})
		return err
	})
	var wrong *catalog.InvalidError
	if !errors.As(err, &wrong) || wrong.Field != "docket" {
		t.Errorf("a comment on nothing: %v", err)
	}
}

func TestWhatIsWrongWithAHarvestedDraft(t *testing.T) {
	twice := law(1, 1)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for field, change := range map[string]func(*HarvestedDraft){
		"title":   func(d *HarvestedDraft) { d.Title = nil },
		"kind":    func(d *HarvestedDraft) { d.Kind = "poem" },
		"summary": func(d *HarvestedDraft) { d.Summary = catalog.Text{"en": strings.Repeat("x", MaxAbout+1)} },
		"text":    func(d *HarvestedDraft) { d.Texts[0].Law = twice },
		"text ":   func(d *HarvestedDraft) { d.Texts[0].Law = lawtext.Law{} },
		"periods": func(d *HarvestedDraft) { d.Spans = []Span{{Opens: day, Closes: day}} },
		"url": func(d *HarvestedDraft) {
			d.Papers = []Paper{{Kind: "other", Title: catalog.Text{"en": "x"}, URL: "javascript:x"}}
		},
	} {
		d := harvested("Roads", 1)
		change(d)
		var wrong *catalog.InvalidError
		if err := d.Validate(); !errors.As(err, &wrong) || wrong.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, change := range map[string]func(*HarvestedComment){
		"docket":   func(c *HarvestedComment) { c.Docket = "" },
		"received": func(c *HarvestedComment) { c.Received = time.Time{} },
		"kind":     func(c *HarvestedComment) { c.Kind = "rant" },
		"lang":     func(c *HarvestedComment) { c.Lang = "" },
		"text":     func(c *HarvestedComment) { c.Text = "" },
		"text ":    func(c *HarvestedComment) { c.Text = strings.Repeat("x", MaxComment+1) },
		"name":     func(c *HarvestedComment) { c.Name = strings.Repeat("x", MaxNameText+1) },
	} {
		c := &HarvestedComment{Docket: "d", Kind: Change, Lang: "en", Text: "x", Received: day}
		change(c)
		var wrong *catalog.InvalidError
		if err := c.Validate(); !errors.As(err, &wrong) || wrong.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestSpansAsEntries(t *testing.T) {
	span := func(from, to int) Span {
		first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		return Span{Opens: first.AddDate(0, 0, from), Closes: first.AddDate(0, 0, to)}
	}
	for _, c := range []struct {
		spans []Span
		want  string
	}{
		{nil, ""},
		{[]Span{span(0, 10), span(2, 8), span(0, 10)}, "opened"},
		{[]Span{span(5, 20), span(0, 10)}, "opened extended"},
		{[]Span{span(0, 10), span(30, 40), span(35, 50)}, "opened reopened extended"},
	} {
		var got []string
		for i, p := range entries(c.spans) {
			got = append(got, p.Kind)
			if p.N != i+1 || !p.Closes.After(p.Opens) {
				t.Errorf("%+v", p)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v, want %s", got, c.want)
		}
	}
}
