package accounts

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Session is somebody signed in, on one device.
type Session struct {
	ID        string    `json:"id"`
	Person    Person    `json:"-"`
	Created   time.Time `json:"created"`
	Seen      time.Time `json:"seen"`
	Confirmed time.Time `json:"-"`       // when password and code were given last
	Agent     string    `json:"agent"`   // what the browser calls itself
	Address   string    `json:"address"` // where it came from
	Device    string    `json:"-"`       // text that the browser is to keep, after a sign-in from a new one
}

// How long a session is good for: without a sign of its owner, altogether, and
// after password and code for what needs them again.
const (
	sessionIdle    = 30 * time.Minute
	sessionMost    = 12 * time.Hour
	confirmedFor   = 15 * time.Minute
	seenEvery      = time.Minute // a sign of life is written this often
	longestAgent   = 200
	sessionsOfOne  = 20 // of one person; the oldest goes
	sessionsPrefix = "s_"
)

// Actor is what the session's owner may do.
func (s *Session) Actor() catalog.Actor { return s.Person.Actor() }

// Fresh reports whether password and code were given a short while ago, as
// publishing, roles and tokens ask.
func (s *Session) Fresh(now time.Time) bool { return now.Sub(s.Confirmed) < confirmedFor }

// After so many failures in a row an account answers nobody for a while, which
// doubles with each further one.
const (
	freeFailures = 5
	firstLock    = 30 * time.Second
	longestLock  = 15 * time.Minute
)

// A SignIn is what somebody gives who signs in.
type SignIn struct {
	Email, Password, Code string
	Agent, Address        string
	Lang                  string // of the page: letters are written in it; empty: as before
	Device                string // text that the browser kept since an earlier time
}

// SignIn opens a session and returns the text for its cookie. Whatever is
// wrong, for an unknown address and for one that waits after too many attempts
// too, the error is ErrRefused and as much is done.
func (a *Accounts) SignIn(ctx context.Context, in SignIn) (Session, string, error) {
	p, err := a.prove(ctx, in.Email, in.Password, in.Code)
	if errors.Is(err, ErrLocked) {
		err = ErrRefused // only an account that there is waits
	}
	if err != nil {
		return Session{}, "", err
	}
	secret := secretText(sessionsPrefix)
	s := Session{Person: p, Agent: in.Agent[:min(len(in.Agent), longestAgent)], Address: in.Address}
	err = a.store.Write(ctx, func(tx *catalog.Tx) (err error) {
		if s.Device, err = recognise(tx, &p, &in); err != nil {
			return err
		}
		s.ID, s.Created = tx.NewID(), tx.Now()
		s.Seen, s.Confirmed = s.Created, s.Created
		if err := tx.Exec("insert into sessions (id, hash, person, created, seen, confirmed, agent, address) values (?, ?, ?, ?, ?, ?, ?, ?)",
			s.ID, hashOf(secret), p.ID, catalog.AsTime(&s.Created), catalog.AsTime(&s.Seen), catalog.AsTime(&s.Confirmed), s.Agent, s.Address); err != nil {
			return err
		}
		if err := tx.Exec("delete from sessions where person = ?1 and id not in (select id from sessions where person = ?1 order by created desc, id desc limit ?2)",
			p.ID, sessionsOfOne); err != nil {
			return err
		}
		if err := tx.Exec("update people set seen = ?1, lang = iif(?2 = '', lang, ?2) where id = ?3", catalog.AsTime(&s.Created), in.Lang, p.ID); err != nil {
			return err
		}
		actor := p.Actor()
		return tx.Log(&actor, catalog.Entry{Act: "session.open", Noun: "person", Thing: p.ID}, nil, nil)
	})
	return s, secret, err
}

// Confirm proves again that the owner of the session is there, and renews its
// secret: the old one is good for nothing.
func (a *Accounts) Confirm(ctx context.Context, s *Session, password, code string) (string, error) {
	if _, err := a.prove(ctx, s.Person.Email, password, code); err != nil {
		return "", err
	}
	secret := secretText(sessionsPrefix)
	return secret, a.store.Write(ctx, func(tx *catalog.Tx) error {
		s.Confirmed = tx.Now()
		n, err := tx.Count("update sessions set hash = ?, confirmed = ?, seen = ? where id = ?", hashOf(secret), catalog.Stamp(tx.Now()), catalog.Stamp(tx.Now()), s.ID)
		if err == nil && n == 0 {
			err = ErrRefused
		}
		return err
	})
}

// prove returns the person whose address, password and code these are.
func (a *Accounts) prove(ctx context.Context, email, password, code string) (Person, error) {
	var c credentials
	err := a.store.Row(ctx, "select id, password, totp, failures, locked_until from people where email = ? and state = 'active'", foldEmail(email)).
		Scan(&c.id, &c.password, &c.totp, &c.failures, catalog.AsTime(&c.locked))
	if err != nil && !catalog.NoRow(err) {
		return Person{}, wrap("sign in", err)
	}
	ok, err := a.matches(ctx, c.password, password)
	if err != nil {
		return Person{}, wrap("sign in", err)
	}
	switch {
	case c.id == "":
		return Person{}, a.inVain(ctx, ErrRefused)
	case a.store.Now().Before(c.locked):
		return Person{}, a.inVain(ctx, ErrLocked)
	}
	step, right := int64(0), false
	if key, err := a.opened(c.totp, c.id); err != nil {
		return Person{}, wrap("sign in", err)
	} else if ok {
		step, right = stepOf(key, code, a.store.Now())
	}
	if err := a.store.Write(ctx, func(tx *catalog.Tx) error { return c.count(tx, right, step, &right) }); err != nil {
		return Person{}, wrap("sign in", err)
	}
	if !right {
		return Person{}, ErrRefused
	}
	return a.Person(ctx, c.id)
}

// inVain counts an attempt that no account counts, so that it takes a write as
// the others do, and returns why it fails.
func (a *Accounts) inVain(ctx context.Context, why error) error {
	err := a.store.Write(ctx, func(tx *catalog.Tx) error {
		return tx.Exec("insert into meta (key, value) values ('sign-ins in vain', '1') on conflict (key) do update set value = value + 1")
	})
	return wrap("sign in", cmp.Or(err, why))
}

// credentials are how a person comes in, as kept.
type credentials struct {
	id, password string
	totp         []byte
	failures     int
	locked       time.Time
}

// count notes an attempt. A code is good once: one of a step that was used
// makes good false.
func (c *credentials) count(tx *catalog.Tx, right bool, step int64, good *bool) error {
	if right {
		n, err := tx.Count("update people set totp_step = ?1, failures = 0, locked_until = '' where id = ?2 and totp_step < ?1", step, c.id)
		if err != nil || n == 1 {
			return err
		}
	}
	*good = false
	var failures int
	if err := tx.Row("update people set failures = failures + 1 where id = ? returning failures", c.id).Scan(&failures); err != nil {
		return err
	}
	if failures < freeFailures {
		return nil
	}
	wait := firstLock
	for range min(failures-freeFailures, 10) {
		wait = min(2*wait, longestLock)
	}
	return tx.Exec("update people set locked_until = ? where id = ?", catalog.Stamp(tx.Now().Add(wait)), c.id)
}

const sessionColumns = "s.id, s.created, s.seen, s.confirmed, s.agent, s.address"

func (s *Session) scan(row catalog.Row) error {
	return row.Scan(&s.ID, catalog.AsTime(&s.Created), catalog.AsTime(&s.Seen), catalog.AsTime(&s.Confirmed), &s.Agent, &s.Address)
}

// Session returns the session of the cookie's text, or ErrRefused when it is
// none, was ended, or is too old.
func (a *Accounts) Session(ctx context.Context, secret string) (Session, error) {
	var s Session
	now := a.store.Now()
	err := s.scan(a.store.Row(ctx, "select "+sessionColumns+" from sessions s where s.hash = ? and s.seen > ? and s.created > ?",
		hashOf(secret), catalog.Stamp(now.Add(-sessionIdle)), catalog.Stamp(now.Add(-sessionMost))))
	if catalog.NoRow(err) {
		return s, ErrRefused
	}
	if err != nil {
		return s, wrap("session", err)
	}
	s.Person, err = scanPerson(a.store.Row(ctx, "select "+personColumns+" from people p join sessions s on s.person = p.id where s.id = ? and p.state = 'active'", s.ID))
	if catalog.NoRow(err) {
		return s, ErrRefused
	}
	if err == nil && now.Sub(s.Seen) >= seenEvery {
		err = a.store.Write(ctx, func(tx *catalog.Tx) error {
			return tx.Exec("update sessions set seen = ? where id = ?", catalog.Stamp(tx.Now()), s.ID)
		})
	}
	return s, wrap("session", err)
}

// Sessions returns the sessions of a person that are good, the newest first.
func (a *Accounts) Sessions(ctx context.Context, person string) ([]Session, error) {
	now := a.store.Now()
	rows, err := a.store.Rows(ctx, "select "+sessionColumns+" from sessions s where s.person = ? and s.seen > ? and s.created > ? order by s.created desc",
		person, catalog.Stamp(now.Add(-sessionIdle)), catalog.Stamp(now.Add(-sessionMost)))
	all, err := catalog.Collect(rows, err, func(r catalog.Row) (s Session, err error) {
		err = s.scan(r)
		return s, err
	})
	return all, wrap("sessions", err)
}

// SignOut ends a session of the person; all of them when id is empty.
func (a *Accounts) SignOut(ctx context.Context, person, id string) error {
	return a.store.Write(ctx, func(tx *catalog.Tx) error { return endSessions(tx, person, id) })
}

// endSessions ends one session of a person, or all.
func endSessions(tx *catalog.Tx, person, id string) error {
	return tx.Exec("delete from sessions where person = ?1 and (?2 = '' or id = ?2)", person, id)
}

// Clean forgets what is too old to be of use to anybody.
func (a *Accounts) Clean(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *catalog.Tx) error {
		now := tx.Now()
		if err := tx.Exec("delete from sessions where seen < ? or created < ?", catalog.Stamp(now.Add(-sessionIdle)), catalog.Stamp(now.Add(-sessionMost))); err != nil {
			return err
		}
		if err := tx.Exec("delete from devices where seen < ?", catalog.Stamp(now.Add(-DeviceFor))); err != nil {
			return err
		}
		return tx.Exec("delete from invitations where expires < ?", catalog.Stamp(now.Add(-invitationFor)))
	})
}
