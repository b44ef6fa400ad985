package consultation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// A hall is a catalogue with an agency that consults, the clock on its wall, and
// people.
type hall struct {
	*testing.T
	store                                *catalog.Store
	c                                    *Consultation
	at                                   time.Time
	agency                               string
	editor, moderator, publisher, chance *catalog.Actor
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{T: t, at: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}
	s, err := catalog.Open(t.Context(), t.TempDir(), catalog.Options{Now: func() time.Time { return h.at }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h.store, h.c = s, New(s)
	a := catalog.Agency{Title: catalog.Text{"en": "Ministry of Roads"}}
	h.do(func(tx *catalog.Tx) error { return tx.PutAgency(&a) })
	h.agency = a.ID
	with := func(name string, role catalog.Role) *catalog.Actor {
		return &catalog.Actor{Person: name, Name: name, Roles: map[string]catalog.Role{a.ID: role}}
	}
	h.editor, h.moderator, h.publisher = with("editor", catalog.Editor), with("moderator", catalog.Moderator), with("publisher", catalog.Publisher)
	h.chance = &catalog.Actor{Person: "chance", Roles: map[string]catalog.Role{"other": catalog.Admin}}
	return h
}

// do writes, and fails the test when it cannot.
func (h *hall) do(do func(*catalog.Tx) error) {
	h.Helper()
	if err := h.store.Write(h.Context(), do); err != nil {
		h.Fatal(err)
	}
}

// law is a text of so many articles, each with a sentence of its own.
func law(articles ...int) lawtext.Law {
	l := lawtext.Law{Title: "Bylaw of roads", Lang: "en"}
	for _, n := range articles {
		l.Provisions = append(l.Provisions, lawtext.Provision{
			Address: fmt.Sprintf("art_%d", n), Kind: lawtext.Article, Num: strconv.Itoa(n), Label: fmt.Sprintf("Article %d", n),
			Text: fmt.Sprintf("The %d. road of the province number %d is kept in repair by the office of roads, which reports about it once a year to the council.", n, n*n+7),
		})
	}
	return l
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// prepared is a draft with a text, that nobody but the agency sees.
func (h *hall) prepared(title string) Draft {
	h.Helper()
	var d Draft
	h.do(func(tx *catalog.Tx) (err error) {
		if d, err = CreateDraft(tx, h.editor, Draft{Agency: h.agency, Title: catalog.Text{"en": title}, Kind: KindBylaw}); err != nil {
			return err
		}
		d, _, err = AddVersion(tx, h.editor, d.ID, d.Revision, &Wording{Law: law(upTo(5)...)})
		return err
	})
	return d
}

// published is a public draft that is open for the days, 0 for one that is only
// announced.
func (h *hall) published(title string, days int) Draft {
	h.Helper()
	d := h.prepared(title)
	h.do(func(tx *catalog.Tx) (err error) {
		if d, err = PublishDraft(tx, h.publisher, d.ID, d.Revision); err != nil || days == 0 {
			return err
		}
		d, _, err = AddPeriod(tx, h.publisher, d.ID, d.Revision, PeriodWish{Kind: Opened, Closes: h.at.Add(time.Duration(days) * day), Basis: "Bylaw 7"})
		return err
	})
	return d
}

func (h *hall) listed(f DraftFilter) []string {
	h.Helper()
	all, total, err := h.c.Drafts(h.Context(), f)
	if err != nil {
		h.Fatal(err)
	}
	if f.After == "" && f.Limit == 0 && int(total) != len(all) {
		h.Errorf("%d drafts of %d", len(all), total)
	}
	var titles []string
	for i := range all {
		titles = append(titles, all[i].Title["en"])
	}
	return titles
}

func TestDraftIsThePublicsWhenItIsPublished(t *testing.T) {
	h := newHall(t)
	d := h.prepared("Roads of the north")
	if _, err := h.c.Draft(t.Context(), d.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("the public sees it: %v", err)
	}
	if _, err := h.c.DeskDraft(t.Context(), h.chance, d.ID); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("another agency sees it: %v", err)
	}
	if all, err := h.c.Versions(t.Context(), d.ID); err != nil || len(all) != 0 {
		t.Errorf("its texts: %v, %v", all, err)
	}
	h.do(func(tx *catalog.Tx) (err error) { d, err = PublishDraft(tx, h.publisher, d.ID, d.Revision); return err })
	got, err := h.c.Draft(t.Context(), "roads-of-the-north")
	if err != nil || got.ID != d.ID || got.Stage(h.at) != Announced {
		t.Fatalf("%+v, %v", got, err)
	}
	all, err := h.c.Versions(t.Context(), d.ID)
	if err != nil || len(all) != 1 || all[0].Articles != 5 || all[0].Kind != Initial {
		t.Fatalf("%+v, %v", all, err)
	}
	provisions, err := h.c.Provisions(t.Context(), all[0].ID)
	if want := law(upTo(5)...).Provisions; err != nil || !slices.Equal(provisions, want) {
		t.Errorf("%v, %v", provisions, err)
	}
}

func TestDraftsAreListedByStageAndClosing(t *testing.T) {
	h := newHall(t)
	h.published("late", 30)
	h.published("soon", 8)
	h.published("reviewed", 7)
	h.published("announced", 0)
	h.at = h.at.Add(7 * day)
	want := []string{"soon", "late", "announced", "reviewed"}
	if got := h.listed(DraftFilter{}); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := h.listed(DraftFilter{Stages: []Stage{InReview, Announced}}); !slices.Equal(got, want[2:]) {
		t.Errorf("%v", got)
	}
	if got := h.listed(DraftFilter{Query: "Soo"}); !slices.Equal(got, want[:1]) {
		t.Errorf("%v", got)
	}
	if got := h.listed(DraftFilter{Agency: "other"}); len(got) != 0 {
		t.Errorf("%v", got)
	}
	counts, err := h.c.DraftCounts(t.Context(), h.agency)
	if err != nil || counts[Open] != 2 || counts[InReview] != 1 || counts[Announced] != 1 {
		t.Errorf("%v, %v", counts, err)
	}
	for _, sort := range DraftSorts {
		var paged []string
		for after := ""; ; {
			page, _, err := h.c.Drafts(t.Context(), DraftFilter{Sort: sort, After: after, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged, after = append(paged, page[0].Title["en"]), page[0].ID
		}
		if whole := h.listed(DraftFilter{Sort: sort}); !slices.Equal(paged, whole) {
			t.Errorf("%q: page by page %v, at once %v", sort, paged, whole)
		}
	}
}
