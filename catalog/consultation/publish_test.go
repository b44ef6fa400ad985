package consultation

import (
	"errors"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

func conflictOf(err error) string {
	var conflict *catalog.ConflictError
	if errors.As(err, &conflict) {
		return conflict.Code
	}
	return ""
}

func fieldOf(err error) string {
	var invalid *catalog.InvalidError
	if errors.As(err, &invalid) {
		return invalid.Field
	}
	return ""
}

func TestDraftIsCheckedBeforeItIsKept(t *testing.T) {
	h := newHall(t)
	for field, change := range map[string]func(*Draft){
		"title":        func(d *Draft) { d.Title = catalog.Text{"fa": "  "} },
		"kind":         func(d *Draft) { d.Kind = "poem" },
		"moderation":   func(d *Draft) { d.Moderation = "never" },
		"summary":      func(d *Draft) { d.Summary = catalog.Text{"fa": strings.Repeat("ب", MaxAbout+1)} },
		"landing_page": func(d *Draft) { d.Landing = strings.Repeat("x", 2*MaxTitle+1) },
		"agency":       func(d *Draft) { d.Agency = "nobody" },
	} {
		d := Draft{Agency: h.agency, Title: catalog.Text{"fa": "راه‌ها"}}
		change(&d)
		if err := h.refuses(func(tx *catalog.Tx) error { _, err := CreateDraft(tx, &catalog.Shell, d); return err }); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, err := CreateDraft(tx, h.chance, Draft{Agency: h.agency, Title: catalog.Text{"fa": "راه‌ها"}})
		return err
	}); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("another agency: %v", err)
	}
}

func TestTextIsCheckedBeforeItIsKept(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	for name, c := range map[string]struct {
		law   lawtext.Law
		kind  string
		field string
	}{
		"empty":               {lawtext.Law{Lang: "fa"}, "", "text"},
		"an address twice":    {law(1, 1), "", "text"},
		"another first one":   {law(1), Initial, "kind"},
		"of no kind":          {law(1), "final", "kind"},
		"before its own part": {lawtext.Law{Provisions: []lawtext.Provision{{Address: "part_1__art_1", Parent: "part_1", Depth: 1, Kind: lawtext.Article}}}, "", "text"},
	} {
		err := h.refuses(func(tx *catalog.Tx) error {
			_, _, err := AddVersion(tx, h.editor, d.ID, d.Revision, &Wording{Law: c.law, Kind: c.kind})
			return err
		})
		if fieldOf(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.revised(&d, "", 1, 2)
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, _, err := AddVersion(tx, h.editor, d.ID, d.Revision, &Wording{Law: law(1, 2, 3)})
		return err
	}); conflictOf(err) != "version.waits" {
		t.Errorf("a second text that waits: %v", err)
	}
	first := h.versions(d.ID)[0]
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, _, err := UpdateVersion(tx, h.publisher, d.ID, d.Revision, first.ID, &Wording{Law: law(1, 2, 3)})
		return err
	}); conflictOf(err) != "version.published" {
		t.Errorf("a public text was mended: %v", err)
	}
}

func TestTwoEditorsAtOnce(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	h.do(func(tx *catalog.Tx) error {
		_, err := UpdateDraft(tx, h.publisher, d.ID, d.Revision, func(d *Draft) error {
			d.Summary = catalog.Text{"en": "The first words"}
			return nil
		})
		return err
	})
	acts := map[string]func(*catalog.Tx) error{
		"update": func(tx *catalog.Tx) error {
			_, err := UpdateDraft(tx, h.publisher, d.ID, d.Revision, func(*Draft) error { return nil })
			return err
		},
		"text": func(tx *catalog.Tx) error {
			_, _, err := AddVersion(tx, h.publisher, d.ID, d.Revision, &Wording{Law: law(1)})
			return err
		},
		"retire": func(tx *catalog.Tx) error {
			_, err := RetireDraft(tx, h.publisher, d.ID, d.Revision, "Why")
			return err
		},
		"withdraw": func(tx *catalog.Tx) error {
			_, err := WithdrawDraft(tx, h.publisher, d.ID, d.Revision, catalog.Text{"en": "Why"})
			return err
		},
		"approve": func(tx *catalog.Tx) error { _, err := Approve(tx, h.publisher, d.ID, d.Revision, ""); return err },
		"paper": func(tx *catalog.Tx) error {
			_, _, err := AddPaper(tx, h.publisher, d.ID, d.Revision, Paper{Kind: "annex", Title: catalog.Text{"en": "A"}, URL: "https://example.org"})
			return err
		},
	}
	for name, act := range acts {
		if err := h.refuses(act); !isStale(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := h.c.Draft(t.Context(), d.ID)
	if err != nil || got.Summary["en"] != "The first words" || got.Revision != d.Revision+1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRetiredDraftLeavesALineInTheLedger(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	if err := h.refuses(func(tx *catalog.Tx) error { _, err := RetireDraft(tx, h.publisher, d.ID, d.Revision, " "); return err }); fieldOf(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = RetireDraft(tx, h.publisher, d.ID, d.Revision, "It was a copy")
		return err
	})
	_, err := h.c.Draft(t.Context(), d.Slug)
	var gone *catalog.RetiredError
	if !errors.As(err, &gone) || gone.Noun != NounDraft || gone.Removal == nil || gone.Removal.Reason != "It was a copy" || gone.Removal.Title["en"] != "Roads" {
		t.Fatalf("%v", err)
	}
	if last, err := h.c.LastKnown(t.Context(), d.Slug); err != nil || last.ID != d.ID {
		t.Errorf("%+v, %v", last, err)
	}
	if titles := h.listed(DraftFilter{}); len(titles) != 0 {
		t.Errorf("%v", titles)
	}
	slug := d.Slug
	h.do(func(tx *catalog.Tx) (err error) { d, err = PublishDraft(tx, h.publisher, d.ID, d.Revision); return err })
	if d.Slug != slug || !d.Visible() {
		t.Errorf("it came back as %+v", d)
	}
	lines, _, err := h.store.Removals(t.Context(), catalog.RemovalFilter{Limit: 9})
	if err != nil || len(lines) != 1 || lines[0].Returned.IsZero() {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestTakenDownDraftIsNotShown(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	if err := h.refuses(func(tx *catalog.Tx) error { _, err := TakeDown(tx, h.publisher, d.ID, "Why"); return err }); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("its agency took it down: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = TakeDown(tx, &catalog.Shell, d.ID, "A court said so")
		return err
	})
	if _, err := h.c.LastKnown(t.Context(), d.Slug); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("what was taken down is shown: %v", err)
	}
	if err := h.refuses(func(tx *catalog.Tx) error { _, err := PublishDraft(tx, h.publisher, d.ID, d.Revision); return err }); conflictOf(err) != "withdrawn" {
		t.Errorf("it was published again: %v", err)
	}
	h.do(func(tx *catalog.Tx) (err error) { d, err = UndoTakeDown(tx, &catalog.Shell, d.ID); return err })
	if got, err := h.c.Draft(t.Context(), d.Slug); err != nil || got.ID != d.ID {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPaperThatIsTakenAwayLeavesItsTitle(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	var p Paper
	h.do(func(tx *catalog.Tx) (err error) {
		d, p, err = AddPaper(tx, h.publisher, d.ID, d.Revision, Paper{Kind: "annex", Title: catalog.Text{"en": "Map"}, File: "ab", Name: "map.pdf", Size: 3})
		return err
	})
	h.do(func(tx *catalog.Tx) (err error) {
		d, err = RemovePaper(tx, h.publisher, d.ID, d.Revision, p.ID, "The wrong map")
		return err
	})
	all, err := h.c.Papers(t.Context(), d.ID)
	if err != nil || len(all) != 1 || all[0].File != "" || all[0].Reason != "The wrong map" || all[0].Title["en"] != "Map" {
		t.Errorf("%+v, %v", all, err)
	}
	for field, p := range map[string]Paper{
		"title": {Kind: "annex", File: "ab"}, "kind": {Kind: "song", Title: p.Title, File: "ab"}, "url": {Kind: "annex", Title: p.Title, URL: "javascript:alert(1)"},
	} {
		if err := h.refuses(func(tx *catalog.Tx) error { _, _, err := AddPaper(tx, h.publisher, d.ID, d.Revision, p); return err }); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestDiscardedDraftIsGone(t *testing.T) {
	h := newHall(t)
	d := h.prepared("Roads")
	h.do(func(tx *catalog.Tx) error { return DiscardDraft(tx, h.editor, d.ID, d.Revision) })
	if _, err := h.c.DeskDraft(t.Context(), h.editor, d.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Error(err)
	}
	d = h.published("Roads", 0)
	if err := h.refuses(func(tx *catalog.Tx) error { return DiscardDraft(tx, h.publisher, d.ID, d.Revision) }); conflictOf(err) != "published" {
		t.Errorf("a public one: %v", err)
	}
}

func TestDraftIsNotPublishedAfterItsPeriodBegan(t *testing.T) {
	h := newHall(t)
	d := h.prepared("Roads")
	h.do(func(tx *catalog.Tx) (err error) {
		d, _, err = AddPeriod(tx, h.editor, d.ID, d.Revision, PeriodWish{Kind: Opened, Opens: h.at.Add(day), Closes: h.at.Add(9 * day), Basis: "Bylaw 7"})
		return err
	})
	h.at = h.at.Add(3 * day)
	publish := func(tx *catalog.Tx) (err error) { _, err = PublishDraft(tx, h.publisher, d.ID, d.Revision); return err }
	if err := h.refuses(publish); broken(err) != "short" {
		t.Errorf("six days are left: %v", err)
	}
	h.at = h.at.Add(30 * day)
	if err := h.refuses(publish); broken(err) != "over" {
		t.Errorf("none are left: %v", err)
	}
}

// TestSourceOwnsWhatItBrings tries what the desk may do to a harvested draft:
// answer, and nothing that the source would overwrite.
func TestSourceOwnsWhatItBrings(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 9)
	h.commented(d.ID, h.versions(d.ID)[0].ID, "art_1", "", 1)
	src := catalog.Source{Slug: "register", Kind: "feed", URL: "https://example.org/drafts.atom"}
	h.do(func(tx *catalog.Tx) error {
		if err := tx.PutSource(&src); err != nil {
			return err
		}
		return tx.Exec("update drafts set source = ? where id = ?", src.ID, d.ID)
	})
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, err := UpdateDraft(tx, h.publisher, d.ID, d.Revision, func(*Draft) error { return nil })
		return err
	}); conflictOf(err) != "harvested" {
		t.Errorf("it was changed: %v", err)
	}
	if err := h.period(&d, Extended, d.Opens, d.Closes.Add(9*day)); conflictOf(err) != "harvested" {
		t.Errorf("it was extended: %v", err)
	}
	h.do(func(tx *catalog.Tx) error {
		_, err := PublishResponse(tx, h.moderator, About{Comment: h.of(1)}, 0, Reply{Noted, "en", "Thanks."})
		return err
	})
}
