package search_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/search"
)

const anyRevision = catalog.AnyRevision

// draft is a draft with a text, that nobody but its agency sees.
func draft(tb testing.TB, s *catalog.Store, agency, title, text string) consultation.Draft {
	tb.Helper()
	var d consultation.Draft
	write(tb, s, func(tx *catalog.Tx) (err error) {
		d, err = consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{
			Agency: agency, Title: catalog.Text{"en": title}, Moderation: consultation.PublishFirst,
		})
		if err == nil {
			_, _, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, anyRevision, &consultation.Wording{Law: lawtext.Split(text)})
		}
		return err
	})
	return d
}

// opened publishes a draft and opens it.
func opened(tb testing.TB, s *catalog.Store, d *consultation.Draft) {
	tb.Helper()
	write(tb, s, func(tx *catalog.Tx) error {
		if _, err := consultation.PublishDraft(tx, &catalog.Shell, d.ID, anyRevision); err != nil {
			return err
		}
		_, _, err := consultation.AddPeriod(tx, &catalog.Shell, d.ID, anyRevision, consultation.PeriodWish{
			Kind: consultation.Opened, Closes: noon.Add(30 * 24 * time.Hour), Basis: "Bylaw 7",
		})
		return err
	})
}

// says files a comment, which is public at once where a proof came with it.
func says(tb testing.TB, s *catalog.Store, d *consultation.Draft, proven bool, text string) consultation.Comment {
	tb.Helper()
	key := sha256.Sum256([]byte(text))
	f := consultation.Filing{
		Draft: d.ID, Kind: consultation.Support, Lang: "en", Name: "Sara Falcon", Text: text, Once: hex.EncodeToString(key[:8]), Receipt: key[:], Proven: proven,
		Email: "hiddenmail@example.org",
	}
	var c consultation.Comment
	write(tb, s, func(tx *catalog.Tx) (err error) {
		c, _, err = consultation.File(tx, &f)
		return err
	})
	return c
}

// finds asks for everything that holds words, and compares it with what is
// wanted: kinds and ids, in any order.
func finds(tb testing.TB, x *search.Index, text string, want ...string) {
	tb.Helper()
	res, err := x.Search(tb.Context(), search.Query{Text: text, ByKind: true})
	must(tb, err)
	got := []string{}
	n := int64(0)
	for _, h := range res.Hits {
		got = append(got, h.Kind+" "+h.ID)
	}
	for _, count := range res.Kinds {
		n += count
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || !res.Relaxed && n != int64(len(want)) {
		tb.Errorf("%q finds %q, %v; want %q", text, got, res.Kinds, want)
	}
}

// sound fails the test unless the index is as the catalogue.
func sound(tb testing.TB, x *search.Index, s *catalog.Store) {
	tb.Helper()
	missing, extra, stale, err := x.Compare(tb.Context(), s)
	must(tb, err)
	if missing+extra+stale != 0 {
		tb.Errorf("%d missing, %d extra, %d stale", missing, extra, stale)
	}
}

const (
	roads   = "Article 1\nRoads are swept by wombats.\nNote 1 - Wombats rest on Fridays.\n\nArticle 2\nBridges are kept by badgers.\n"
	bridges = "Article 1\nRoads are swept by machines.\n"
)

func TestDraftsArticlesAndCommentsAreFound(t *testing.T) {
	s, x := portal(t)
	agency := put(t, s, catalog.Text{"en": "Ministry of Ways"}, &catalog.Dataset{Title: catalog.Text{"en": "Wombats by province"}})
	d := draft(t, s, agency, "Bylaw of sweeping", roads)
	catchUp(t, x, s)
	finds(t, x, "sweeping")
	finds(t, x, "badgers")

	opened(t, s, &d)
	hawk, quiet := says(t, s, &d, true, "Let the hawks watch them."), says(t, s, &d, false, "The owls are silent.")
	catchUp(t, x, s)
	finds(t, x, "sweeping", "draft "+d.ID)
	finds(t, x, "badgers", "draft "+d.ID, "article "+d.ID+"#art_2")
	finds(t, x, "wombats fridays", "draft "+d.ID, "article "+d.ID+"#art_1")
	finds(t, x, "hawks", "comment "+hawk.ID)
	finds(t, x, "falcon", "comment "+hawk.ID)
	finds(t, x, "owls")
	finds(t, x, "hiddenmail")
	sound(t, x, s)

	write(t, s, func(tx *catalog.Tx) error {
		_, err := consultation.Show(tx, &catalog.Shell, quiet.ID, anyRevision)
		return err
	})
	catchUp(t, x, s)
	finds(t, x, "owls", "comment "+quiet.ID)
	write(t, s, func(tx *catalog.Tx) error {
		_, err := consultation.Remove(tx, &catalog.Shell, hawk.ID, anyRevision, "spam", "")
		return err
	})
	catchUp(t, x, s)
	finds(t, x, "hawks")
	sound(t, x, s)
}

// An article is what stands in the newest public text.
func TestArticlesAreThoseOfTheNewestText(t *testing.T) {
	s, x := portal(t)
	d := draft(t, s, put(t, s, catalog.Text{"en": "Ministry of Ways"}), "Bylaw of sweeping", roads)
	opened(t, s, &d)
	catchUp(t, x, s)
	var v consultation.Version
	write(t, s, func(tx *catalog.Tx) (err error) {
		_, v, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, anyRevision, &consultation.Wording{Law: lawtext.Split(bridges)})
		return err
	})
	catchUp(t, x, s)
	finds(t, x, "machines")
	finds(t, x, "badgers", "draft "+d.ID, "article "+d.ID+"#art_2")
	_, _, err := consultation.New(s).PublishVersion(t.Context(), &catalog.Shell, d.ID, anyRevision, v.ID)
	must(t, err)
	catchUp(t, x, s)
	finds(t, x, "machines", "draft "+d.ID, "article "+d.ID+"#art_1")
	finds(t, x, "badgers")
	sound(t, x, s)
	must(t, x.Rebuild(t.Context(), s, nil))
	finds(t, x, "machines", "draft "+d.ID, "article "+d.ID+"#art_1")
	sound(t, x, s)
}

// What is of a draft goes with it.
func TestRetiredDraftIsNotFound(t *testing.T) {
	s, x := portal(t)
	d := draft(t, s, put(t, s, catalog.Text{"en": "Ministry of Ways"}), "Bylaw of sweeping", roads)
	opened(t, s, &d)
	c := says(t, s, &d, true, "Let the hawks watch them.")
	catchUp(t, x, s)
	finds(t, x, "hawks", "comment "+c.ID)
	write(t, s, func(tx *catalog.Tx) error {
		_, err := consultation.TakeDown(tx, &catalog.Shell, d.ID, "It named people.")
		return err
	})
	catchUp(t, x, s)
	for _, word := range []string{"hawks", "wombats", "sweeping"} {
		finds(t, x, word)
	}
	sound(t, x, s)
	write(t, s, func(tx *catalog.Tx) error {
		_, err := consultation.UndoTakeDown(tx, &catalog.Shell, d.ID)
		return err
	})
	catchUp(t, x, s)
	finds(t, x, "hawks", "comment "+c.ID)
	finds(t, x, "badgers", "draft "+d.ID, "article "+d.ID+"#art_2")
	sound(t, x, s)
}

// What other kinds hold neither hides results of the kind that is asked for nor
// is offered in their place.
func TestOtherKindsHideNoResults(t *testing.T) {
	s, x := portal(t)
	data := &catalog.Dataset{Title: catalog.Text{"en": "Wombats by province"}}
	d := draft(t, s, put(t, s, catalog.Text{"en": "Ministry of Ways"}, data), "Bylaw of sweeping", roads)
	opened(t, s, &d)
	says(t, s, &d, true, "All wombats sleep in burrows.")
	catchUp(t, x, s)
	res := ask(t, x, search.Query{Text: "wombats burrows", ByKind: true})
	if !slices.Equal(hitIDs(res), []string{data.ID}) || !res.Relaxed || res.Kinds["comment"] != 1 || res.Kinds["dataset"] != 0 {
		t.Errorf("%+v", res)
	}
	if res := ask(t, x, search.Query{Text: "burowws"}); len(res.Hits) != 0 || res.Suggest != "" {
		t.Errorf("a slip of what no dataset holds: %+v", res)
	}
	if _, err := x.Search(t.Context(), search.Query{Kind: "fish"}); err == nil {
		t.Error("a kind that there is not is searched for")
	}
}

// A hit of an article names its draft and its address there.
func TestArticleOfAHit(t *testing.T) {
	h := search.Hit{Kind: search.KindArticle, ID: "01890000-0000-7000-8000-000000000000#chp_1__art_2"}
	if d, address := h.Article(); d != "01890000-0000-7000-8000-000000000000" || address != "chp_1__art_2" {
		t.Errorf("%q, %q", d, address)
	}
}

// Among everything that holds a word, what it is about stands before what many
// people say of it.
func TestCommentsStandBehindWhatTheySpeakOf(t *testing.T) {
	s, x := portal(t)
	agency := put(t, s, catalog.Text{"en": "Ministry of Ways"}, &catalog.Dataset{
		Title:       catalog.Text{"en": "Animals by province"},
		Description: catalog.Text{"en": strings.Repeat("Counts of many animals in all provinces, by year and season. ", 10) + "Wombats are counted by night."},
	})
	d := draft(t, s, agency, "Bylaw of sweeping", roads)
	opened(t, s, &d)
	for i := range 30 {
		says(t, s, &d, true, fmt.Sprintf("Wombats %d.", i))
	}
	catchUp(t, x, s)
	res, err := x.Search(t.Context(), search.Query{Text: "wombats", Size: 40})
	must(t, err)
	if res.Total != 33 {
		t.Fatalf("%d results", res.Total)
	}
	for i, h := range res.Hits {
		if (h.Kind == consultation.NounComment) != (i > 2) {
			t.Errorf("result %d is a %s", i+1, h.Kind)
		}
	}
}
