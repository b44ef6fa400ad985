package catalog

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
	"time"
)

// asks hands in a question about a dataset in a form of its own.
func asks(t *testing.T, s *Store, a Asking) Question {
	t.Helper()
	sum := sha256.Sum256([]byte(a.Once))
	a.Receipt = sum[:]
	var q Question
	wrote(t, s, func(tx *Tx) (err error) {
		q, _, err = tx.Ask(&a)
		return err
	})
	return q
}

// counter is a bureau with a published dataset that people ask about.
func counter(t *testing.T) (s *Store, c *clock, a Asking, editor, publisher, stranger *Actor) {
	t.Helper()
	s, c, agency, editor, publisher, stranger := bureau(t)
	d := prepared(t, s, agency, editor, "a")
	wrote(t, s, func(tx *Tx) error {
		_, err := tx.Publish(publisher, d.ID, d.Revision, time.Time{})
		return err
	})
	return s, c, Asking{Agency: agency, Dataset: d.ID, Kind: AskedProblem, Lang: "en", Name: "Sara", Text: "Row 3 is empty.", Email: "sara@example.org", Once: "one"}, editor, publisher, stranger
}

func publicly(t *testing.T, s *Store, f QuestionFilter) []Question {
	t.Helper()
	f.Limit = 100
	all, total, err := s.Questions(t.Context(), f)
	if err != nil || int(total) != len(all) {
		t.Fatalf("%d of %d, %v", len(all), total, err)
	}
	return all
}

func TestFormSentTwiceIsOneQuestion(t *testing.T) {
	s, _, a, _, _, _ := counter(t)
	first := asks(t, s, a)
	if second := asks(t, s, a); second.ID != first.ID {
		t.Errorf("a double click made %s and %s", first.ID, second.ID)
	}
	other := a
	other.Text = "Another text."
	if err := refused(t, s, func(tx *Tx) error { _, _, err := tx.Ask(&other); return err }); !errors.Is(err, ErrReused) {
		t.Errorf("another text in the same form: %v", err)
	}
	f, err := s.QuestionFigures(t.Context(), a.Agency, "")
	if err != nil || f.Waiting != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestQuestionIsCheckedAndItsThingIsThere(t *testing.T) {
	s, _, a, _, publisher, _ := counter(t)
	for field, change := range map[string]func(*Asking){
		"kind": func(a *Asking) { a.Kind = "rant" },
		"text": func(a *Asking) { a.Text = strings.Repeat("ب", MaxQuestion+1) },
		"name": func(a *Asking) { a.Name = strings.Repeat("ن", MaxName+1) },
	} {
		bad := a
		change(&bad)
		var invalid *InvalidError
		if err := refused(t, s, func(tx *Tx) error { _, _, err := tx.Ask(&bad); return err }); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	whole := a
	whole.Once, whole.Text = "whole", strings.Repeat("ب", MaxQuestion)
	asks(t, s, whole)
	wrote(t, s, func(tx *Tx) error {
		_, err := tx.Retire(publisher, a.Dataset, AnyRevision, "It is in another one now.")
		return err
	})
	var gone *RetiredError
	if err := refused(t, s, func(tx *Tx) error { _, _, err := tx.Ask(&a); return err }); !errors.As(err, &gone) {
		t.Errorf("a dataset that was removed meanwhile: %v", err)
	}
}

func TestQuestionIsPublicAfterALook(t *testing.T) {
	s, c, a, editor, _, stranger := counter(t)
	q := asks(t, s, a)
	if all := publicly(t, s, QuestionFilter{}); len(all) != 0 {
		t.Fatalf("a question that nobody looked at is public: %+v", all)
	}
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(stranger, q.ID, 1); return err }); !errors.Is(err, ErrNotFound) {
		t.Errorf("another agency: %v", err)
	}
	if err := refused(t, s, func(tx *Tx) error {
		_, _, err := tx.DeclineQuestion(editor, q.ID, 1, "spam", "")
		return err
	}); !errors.Is(err, ErrDenied) {
		t.Errorf("an editor declines: %v", err)
	}
	wrote(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(editor, q.ID, 1); return err })
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(editor, q.ID, 1); return err }); !errors.Is(err, ErrConflict) {
		t.Errorf("a stale revision: %v", err)
	}
	if all := publicly(t, s, QuestionFilter{Dataset: a.Dataset}); len(all) != 1 || all[0].Text != a.Text || all[0].Name != "Sara" || all[0].Title["en"] == "" {
		t.Fatalf("%+v", all)
	}
	c.at = c.at.Add(30 * time.Hour)
	wrote(t, s, func(tx *Tx) error { _, err := tx.DraftAnswer(editor, q.ID, 2, "Soon."); return err })
	if got, err := s.Question(t.Context(), q.ID); err != nil || got.Answer != "" {
		t.Errorf("a draft is public: %+v, %v", got, err)
	}
	email := "?"
	wrote(t, s, func(tx *Tx) (err error) {
		_, email, err = tx.AnswerQuestion(editor, q.ID, 3, "It is filled.")
		return err
	})
	if email != "" {
		t.Errorf("%q is told, which nobody confirmed", email)
	}
	if got, err := s.Question(t.Context(), q.ID); err != nil || got.Answer != "It is filled." || got.State != QuestionAnswered {
		t.Errorf("%+v, %v", got, err)
	}
	f, err := s.QuestionFigures(t.Context(), a.Agency, "")
	if err != nil || f.Answered != 1 || f.Share() != 1 || f.Median != int64((30*time.Hour).Seconds()) {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestDeclinedQuestionKeepsItsWordsBack(t *testing.T) {
	s, _, a, _, _, _ := counter(t)
	q := asks(t, s, a)
	moderator := &Actor{Person: "m", Roles: map[string]Role{a.Agency: Moderator}}
	wrote(t, s, func(tx *Tx) error {
		_, _, err := tx.DeclineQuestion(moderator, q.ID, 1, "spam", "advertising")
		return err
	})
	if got, err := s.Question(t.Context(), q.ID); err != nil || got.Text+got.Name != "" || got.Reason != "spam" {
		t.Errorf("%+v, %v", got, err)
	}
	sum := sha256.Sum256([]byte(a.Once))
	if own, err := s.AskedBy(t.Context(), sum[:]); err != nil || own.Text != a.Text || !own.Told || own.Sure {
		t.Errorf("who asked sees %+v, %v", own, err)
	}
}

func TestConfirmedAddressIsToldOnceOfADeclinedQuestion(t *testing.T) {
	s, _, a, _, _, _ := counter(t)
	q := asks(t, s, a)
	moderator := &Actor{Person: "m", Roles: map[string]Role{a.Agency: Moderator}}
	decline := func(reason string) (email string) {
		wrote(t, s, func(tx *Tx) (err error) {
			_, email, err = tx.DeclineQuestion(moderator, q.ID, AnyRevision, reason, "")
			return err
		})
		return email
	}
	if email := decline("spam"); email != "" {
		t.Errorf("%q is told, which nobody confirmed", email)
	}
	wrote(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(moderator, q.ID, AnyRevision); return err })
	wrote(t, s, func(tx *Tx) error { return tx.Confirm(q.ID, true) })
	if email := decline("repeated"); email != a.Email {
		t.Errorf("%q is told", email)
	}
	if email := decline("unclear"); email != "" {
		t.Errorf("%q is told again", email)
	}
}

func TestConfirmedAddressIsToldOnceAndForgotten(t *testing.T) {
	s, _, a, editor, _, _ := counter(t)
	q := asks(t, s, a)
	wrote(t, s, func(tx *Tx) error { return tx.Confirm(q.ID, true) })
	for n, want := range []string{a.Email, ""} {
		var email string
		wrote(t, s, func(tx *Tx) (err error) {
			_, email, err = tx.AnswerQuestion(editor, q.ID, AnyRevision, "It is filled."+strings.Repeat(" Indeed.", n))
			return err
		})
		if email != want {
			t.Errorf("answer %d is sent to %q, want %q", n+1, email, want)
		}
	}
	if err := refused(t, s, func(tx *Tx) error { return tx.Confirm(q.ID, true) }); !errors.Is(err, ErrNotFound) {
		t.Errorf("the address is still there: %v", err)
	}
}

func TestUnconfirmedAddressIsForgotten(t *testing.T) {
	s, c, a, _, _, _ := counter(t)
	q := asks(t, s, a)
	c.at = c.at.Add(emailKept + time.Hour)
	a.Once = "later"
	asks(t, s, a)
	if own, err := s.AskedAs(t.Context(), q.ID); err != nil || own.Told {
		t.Errorf("%+v, %v", own, err)
	}
}

func TestWithdrawnQuestionLeavesNothingOfItsWords(t *testing.T) {
	s, _, a, editor, _, _ := counter(t)
	sum := sha256.Sum256([]byte(a.Once))
	q := asks(t, s, a)
	wrote(t, s, func(tx *Tx) (err error) { _, _, err = tx.AnswerQuestion(editor, q.ID, 1, "It is filled."); return err })
	for range 2 {
		wrote(t, s, func(tx *Tx) error { _, err := tx.Withdraw(sum[:]); return err })
	}
	got, err := s.Question(t.Context(), q.ID)
	if err != nil || got.State != QuestionWithdrawn || got.Text+got.Name+got.Answer != "" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := refused(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(editor, q.ID, AnyRevision); return err }); !errors.Is(err, ErrConflict) {
		t.Errorf("it can be opened again: %v", err)
	}
	entries, err := s.LogEntries(t.Context(), LogQuery{Thing: q.ID, Size: 10})
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		if strings.Contains(string(e.Before)+string(e.After), a.Text) || strings.Contains(string(e.After), a.Email) {
			t.Errorf("the log has the words of who asked: %s %s", e.Before, e.After)
		}
	}
}

func TestQuestionGoesWithWhatWasTakenDown(t *testing.T) {
	s, _, a, editor, _, _ := counter(t)
	q := asks(t, s, a)
	wrote(t, s, func(tx *Tx) error { _, err := tx.OpenQuestion(editor, q.ID, 1); return err })
	for state, want := range map[string]int{Retired: 1, Withdrawn: 0, Drafted: 0, Published: 1} {
		wrote(t, s, func(tx *Tx) error { return tx.exec("update datasets set state = ? where id = ?", state, a.Dataset) })
		if n := len(publicly(t, s, QuestionFilter{})); n != want {
			t.Errorf("of a dataset that is %s: %d questions, want %d", state, n, want)
		}
	}
}
