package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A Mail is a letter that the portal sends to somebody: what it is about, not
// how it is worded.
type Mail struct {
	ID      string
	Kind    string // which letter it is: MailInvitation …
	To      string // address
	Name    string // of who gets it; may be empty
	Lang    string // that it is written in; empty: the first of Languages
	Thing   string // id of what it tells about: no second letter of the kind about it is queued while one waits; may be empty
	Data    MailData
	Secret  []byte    // sealed by who queues it, opened by who sends it: of a link that opens a door
	Expires time.Time // after it the letter is worth nothing and is not sent; zero: never

	// What became of it.
	State    string // MailWaiting …
	Created  time.Time
	Due      time.Time // of the next attempt, while it waits
	Attempts int
	Fault    string // of the last attempt
	Ended    time.Time

	since time.Time // of the first attempt, or since somebody asked for more
}

// MailData is what a letter tells beside its own words. What is empty is left
// out of it.
type MailData struct {
	Who     string    `json:"who,omitempty"`     // who did it
	Agency  Text      `json:"agency,omitempty"`  // its name
	Title   Text      `json:"title,omitempty"`   // of the thing
	Role    Role      `json:"role,omitempty"`    //
	Path    string    `json:"path,omitempty"`    // of the page that it leads to, below the language: "/datasets/wells"; a Secret is added at its end
	Quote   string    `json:"quote,omitempty"`   // what its reader wrote once
	Text    string    `json:"text,omitempty"`    // what is said to it, or why something is so
	Said    []Said    `json:"said,omitempty"`    // the parts of Text, by which it is said in the reader's language
	Count   int64     `json:"count,omitempty"`   //
	At      time.Time `json:"at,omitzero"`       // when it was, or until when it is
	Agent   string    `json:"agent,omitempty"`   // browser
	Address string    `json:"address,omitempty"` // where it came from
	Off     string    `json:"off,omitempty"`     // path of the page that ends such letters by one click, likewise below the language
}

// The kinds of letters. Each has its words in package site/mail.
const (
	MailInvitation = "invitation" // come to the desk; with a link
	MailRecovery   = "recovery"   // set password and second factor anew; with a link
	MailChanged    = "changed"    // they were set anew
	MailSignIn     = "signin"     // somebody signed in with another browser
	MailHeld       = "held"       // a run waits for approval
	MailFaults     = "faults"     // something was published with faults in its rows
	MailUndue      = "undue"      // something could not be published at its time
	MailAnswered   = "answered"   // a question was answered
	MailDeclined   = "declined"   // a question was declined
	MailConfirm    = "confirm"    // an address is confirmed by a link
	MailComment    = "comment"    // likewise, of who commented on a draft, or they say that they did not
	MailFollow     = "follow"     // somebody wants letters about a draft; with a link
	MailTest       = "test"       // the mail server works

	// Of what agencies hand in for indicators.
	MailFilingDue       = "filing-due"       // something is due soon
	MailFilingLate      = "filing-late"      // something is overdue
	MailFilingFell      = "filing-fell"      // evidence vanished, and points with it
	MailFilingRejected  = "filing-rejected"  // somebody rejected it
	MailFilingObjected  = "filing-objected"  // to who operates the portal: the agency objects
	MailFilingUpheld    = "filing-upheld"    // the objection was right
	MailFilingDismissed = "filing-dismissed" // it was not
)

// mailFilings are the letters about what agencies hand in.
var mailFilings = []string{MailFilingDue, MailFilingLate, MailFilingFell, MailFilingRejected, MailFilingObjected, MailFilingUpheld, MailFilingDismissed}

// mailDrafts are the letters to those who follow a draft, by what happened.
var mailDrafts = []string{"draft-opened", "draft-extended", "draft-closing", "draft-version", "draft-answered", "draft-approved", "draft-withdrawn"}

// MailKinds are all kinds of letters.
var MailKinds = slices.Concat([]string{MailInvitation, MailRecovery, MailChanged, MailSignIn, MailHeld, MailFaults, MailUndue, MailAnswered, MailDeclined, MailConfirm, MailComment, MailFollow, MailTest}, mailDrafts, mailFilings)

// MailNotice reports whether letters of the kind come unasked: their readers
// can turn them off.
func MailNotice(kind string) bool {
	return kind == MailHeld || kind == MailFaults || kind == MailUndue || slices.Contains(mailFilings, kind)
}

// States of a letter.
const (
	MailWaiting = "waiting"
	MailSent    = "sent"
	MailFailed  = "failed" // it was given up
)

// When a letter that could not be sent is tried again: after a minute, then
// after twice as long each time, for three days. What ended is listed for a
// month.
const (
	mailFirst  = time.Minute
	mailMost   = 6 * time.Hour
	mailGiveUp = 72 * time.Hour
	mailKept   = 30 * 24 * time.Hour
)

// Check refuses what is no address or no name: a line end in one would be a line
// of the letter's head.
func (m *Mail) Check() error {
	to, err := mail.ParseAddress(m.To)
	switch {
	case err != nil || to.Address != m.To || strings.ContainsFunc(m.To, unicode.IsControl):
		return &InvalidError{"email", fmt.Sprintf("%q is no e-mail address like name@example.org", m.To)}
	case strings.ContainsFunc(m.Name, unicode.IsControl):
		return &InvalidError{"name", "a name is one line of text"}
	}
	return nil
}

// QueueMail lets a letter be sent once the write is on disk. It belongs into
// the write of what it tells about. *InvalidError: there can be no such letter.
func (t *Tx) QueueMail(m Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	if m.Lang == "" {
		m.Lang = Languages[0]
	}
	if m.ID == "" {
		m.ID = t.NewID()
	}
	if m.Secret == nil {
		m.Secret = []byte{}
	}
	return t.exec(`insert into outbox (id, kind, lang, address, name, thing, body, secret, created, expires, state, since, due)
		select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'waiting', ?9, ?9
		where ?6 = '' or not exists (select 1 from outbox where state = 'waiting' and kind = ?2 and address = ?4 and thing = ?6)`,
		m.ID, m.Kind, m.Lang, m.To, m.Name, m.Thing, asJSON(&m.Data), m.Secret, asTime(&t.now), asTime(&m.Expires))
}

// UnqueueMail takes back letters of a kind about a thing that were not sent:
// something newer stands in their place.
func (t *Tx) UnqueueMail(kind, to, thing string) error {
	return t.exec("delete from outbox where state <> 'sent' and kind = ? and address = ? and thing = ?", kind, to, thing)
}

// QueueNotice queues the letter for each person who may do the verb in the
// agency, in their language, unless they want no letters or are who did it.
func (t *Tx) QueueNotice(do Verb, agency string, by *Actor, m Mail) error {
	roles := rights[do]
	rows, err := t.query(`select p.email, p.name, p.lang from people p where p.state = 'active' and p.notices and p.id <> ?1
		and (p.operator or exists (select 1 from roles r where r.person = p.id and r.agency = ?2 and r.role in (select value from json_each(?3))))
		order by p.id`, by.Person, agency, asJSON(&roles))
	all, err := collect(rows, err, func(row scanner) (m Mail, err error) {
		err = row.Scan(&m.To, &m.Name, &m.Lang)
		return m, err
	})
	for i := range all {
		m.To, m.Name, m.Lang = all[i].To, all[i].Name, all[i].Lang
		err = errors.Join(err, t.QueueMail(m))
	}
	return err
}

const mailColumns = "id, kind, lang, address, name, thing, body, secret, created, expires, state, since, due, attempts, fault, ended"

func scanMail(row scanner) (m Mail, err error) {
	err = row.Scan(&m.ID, &m.Kind, &m.Lang, &m.To, &m.Name, &m.Thing, asJSON(&m.Data), &m.Secret, asTime(&m.Created), asTime(&m.Expires),
		&m.State, asTime(&m.since), asTime(&m.Due), &m.Attempts, &m.Fault, asTime(&m.Ended))
	return m, err
}

// DueMail returns the letters that are to be sent by now, the longest waiting
// first. Those of a time that is yet to come, since the clock was set back, are
// among them.
func (s *Store) DueMail(ctx context.Context, limit int) ([]Mail, error) {
	now := s.Now()
	rows, err := s.query(ctx, "select "+mailColumns+` from outbox where state = 'waiting' and (due <= ?1 or due > ?2) order by due, id limit ?3`,
		stamp(now), stamp(now.Add(2*mailMost)), limit)
	all, err := collect(rows, err, scanMail)
	return all, wrap("due mail", err)
}

// Outbox returns the letters in a state, all when it is empty, the newest first.
func (s *Store) Outbox(ctx context.Context, state string, limit int) ([]Mail, error) {
	rows, err := s.query(ctx, "select "+mailColumns+" from outbox where ?1 = '' or state = ?1 order by created desc, id desc limit ?2", state, limit)
	all, err := collect(rows, err, scanMail)
	return all, wrap("outbox", err)
}

// OutboxStates counts the letters by state.
func (s *Store) OutboxStates(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	rows, err := s.query(ctx, "select state, count(*) from outbox group by state")
	_, err = collect(rows, err, func(row scanner) (state string, err error) {
		var n int64
		err = row.Scan(&state, &n)
		all[state] = n
		return state, err
	})
	return all, wrap("outbox", err)
}

// wiped is what is left of a letter that nobody will read any more here.
const wiped = "body = '{}', secret = x''"

// MailSent notes that the letter was sent, and forgets what it said.
func (t *Tx) MailSent(id string) error {
	return t.exec("update outbox set state = 'sent', attempts = attempts + 1, fault = '', due = '', ended = ?, "+wiped+" where id = ?", stamp(t.now), id)
}

// MailNotSent notes why a letter could not be sent. It is tried again later
// unless that is of no use, for good or for too long; then it is given up and
// waits for somebody to look at it. It returns the letter as it is now.
func (t *Tx) MailNotSent(id, fault string, forGood bool) (Mail, error) {
	m, err := scanMail(t.row("select "+mailColumns+" from outbox where id = ? and state = 'waiting'", id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, notFound("letter", id) // dropped meanwhile
	}
	if err != nil {
		return m, err
	}
	m.Attempts++
	m.Fault, m.Due = fault, t.now.Add(pauseAfter(m.Attempts))
	if forGood || m.worthless(t.now) || m.Due.Sub(m.since) > mailGiveUp {
		m.State, m.Due, m.Ended = MailFailed, time.Time{}, t.now
	}
	return m, t.exec("update outbox set state = ?, attempts = ?, fault = ?, due = ?, ended = ? where id = ?",
		m.State, m.Attempts, m.Fault, asTime(&m.Due), asTime(&m.Ended), id)
}

// worthless reports whether the letter's time is over.
func (m *Mail) worthless(now time.Time) bool { return !m.Expires.IsZero() && !now.Before(m.Expires) }

// pauseAfter is how long a letter waits after so many attempts.
func pauseAfter(attempts int) time.Duration {
	pause := mailFirst
	for range min(attempts-1, 20) {
		pause = min(2*pause, mailMost)
	}
	return pause
}

// RetryMail lets a letter that was given up, or waits, be sent now. Who
// operates may.
func (t *Tx) RetryMail(by *Actor, id string) error {
	m, err := t.failedMail(by, id)
	if err != nil {
		return err
	}
	if m.worthless(t.now) {
		return &ConflictError{"expired", "what it leads to is not good any more: drop it, and make a new link"}
	}
	if err := t.exec("update outbox set state = 'waiting', attempts = 0, since = ?1, due = ?1, ended = '' where id = ?2", stamp(t.now), id); err != nil {
		return err
	}
	return t.Log(by, Entry{Act: "mail.retry", Noun: "mail", Thing: id}, nil, nil)
}

// DropMail forgets a letter that was not sent. Who operates may.
func (t *Tx) DropMail(by *Actor, id string) error {
	if _, err := t.failedMail(by, id); err != nil {
		return err
	}
	if err := t.exec("delete from outbox where id = ?", id); err != nil {
		return err
	}
	return t.Log(by, Entry{Act: "mail.drop", Noun: "mail", Thing: id}, nil, nil)
}

func (t *Tx) failedMail(by *Actor, id string) (Mail, error) {
	if !by.Can(Operate, "") {
		return Mail{}, ErrDenied
	}
	m, err := scanMail(t.row("select "+mailColumns+" from outbox where id = ? and state <> 'sent'", id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, notFound("letter", id)
	}
	return m, err
}

// holdMail lets letters that come out of a backup wait for an operator: they may
// have been sent since, and a restore that is only rehearsed sends nothing.
func (t *Tx) holdMail() error {
	return t.exec("update outbox set state = 'failed', due = '', ended = ?1, fault = ?2 where state = 'waiting'", stamp(t.now),
		"it waited in a backup that was restored: look whether it was sent since, and whether it still holds")
}

// CleanOutbox forgets letters that ended long ago, and what stands in those
// whose time is over.
func (t *Tx) CleanOutbox() error {
	return errors.Join(
		t.exec("delete from outbox where state <> 'waiting' and ended < ?", stamp(t.now.Add(-mailKept))),
		t.exec("update outbox set "+wiped+" where state = 'failed' and expires <> '' and expires < ?", stamp(t.now)))
}
