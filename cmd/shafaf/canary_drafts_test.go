package main

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// draftCanaries is what of drafts is for nobody but their agency.
var draftCanaries = []string{
	"canary-draft", "canary-article", "canary-second", "canary-mail", "canary-once", "canary-note",
	"canary-name-waiting", "canary-text-waiting", "canary-name-removed", "canary-text-removed", "canary-name-taken", "canary-text-taken",
}

// consult publishes the draft "open", with a comment in each state and a second
// text that waits, and leaves another one at the desk.
func consult(t *testing.T, dir string) (paths []string) {
	t.Helper()
	store, err := catalog.Open(t.Context(), dir, catalog.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	agencies, err := store.Agencies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	now := int64(catalog.AnyRevision)
	err = store.Write(t.Context(), func(tx *catalog.Tx) error {
		hidden, err := put(tx, agencies[0].ID, "canary-draft", "Article 1\ncanary-article one.\n")
		open, broken := put(tx, agencies[0].ID, "Open", "Article 1\nWords.\n")
		if err = errors.Join(err, broken); err != nil {
			return err
		}
		if _, err = consultation.PublishDraft(tx, &catalog.Shell, open.ID, now); err != nil {
			return err
		}
		wish := consultation.PeriodWish{Kind: consultation.Opened, Closes: tx.Now().Add(30 * 24 * time.Hour), Basis: "Rule 1"}
		if _, _, err = consultation.AddPeriod(tx, &catalog.Shell, open.ID, now, wish); err != nil {
			return err
		}
		text := &consultation.Wording{Law: lawtext.Split("Article 1\ncanary-second words.\n"), Note: catalog.Text{"en": "canary-note"}}
		if _, _, err = consultation.AddVersion(tx, &catalog.Shell, open.ID, now, text); err != nil {
			return err
		}
		paths = []string{"/en/drafts/" + hidden.Slug, "/en/drafts/" + hidden.ID, "/api/v1/drafts/" + hidden.ID}
		return commentCanaries(tx, open.ID, &paths)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, base := range []string{"/en", "/fa", "/api/v1"} {
		for _, path := range []string{"/drafts", "/drafts/open", "/drafts/open/comments", "/drafts/open/heard", "/drafts/open?version=2", "/search", "/search?q=canary", "/search?in=comment", "/search?in=article"} {
			paths = append(paths, base+path)
		}
	}
	return append(paths, "/feeds/drafts.atom", "/drafts.ics", "/drafts/open.ics", "/drafts/open.sqlite", "/drafts/open/comments.csv", "/drafts/open/comments.json", "/drafts/open/answers.csv", "/drafts/open/influence.csv")
}

// put makes a draft with a text.
func put(tx *catalog.Tx, agency, title, text string) (consultation.Draft, error) {
	d, err := consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{Agency: agency, Title: catalog.Text{"en": title}, Moderation: consultation.ReviewFirst})
	if err == nil {
		_, _, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, catalog.AnyRevision, &consultation.Wording{Law: lawtext.Split(text)})
	}
	return d, err
}

// commentCanaries files a comment for each of what may become of one.
func commentCanaries(tx *catalog.Tx, draft string, paths *[]string) error {
	file := func(word string) (consultation.Comment, []byte, error) {
		code := sha256.Sum256([]byte(word))
		c, _, err := consultation.File(tx, &consultation.Filing{
			Draft: draft, Kind: consultation.Change, Lang: "en", Name: "canary-name-" + word, Text: "canary-text-" + word,
			Email: word + "@canary-mail.example", Once: "canary-once-" + word, Receipt: code[:],
		})
		*paths = append(*paths, "/en/comments/"+c.ID, "/api/v1/comments/"+c.ID)
		if err == nil && word != "waiting" {
			_, err = consultation.Show(tx, &catalog.Shell, c.ID, catalog.AnyRevision)
		}
		return c, code[:], err
	}
	_, _, err := file("waiting")
	removed, _, broken := file("removed")
	_, code, failed := file("taken")
	if err = errors.Join(err, broken, failed); err != nil {
		return err
	}
	if _, err = consultation.Remove(tx, &catalog.Shell, removed.ID, catalog.AnyRevision, "spam", "canary-note"); err == nil {
		_, err = consultation.TakeBack(tx, code)
	}
	return err
}
