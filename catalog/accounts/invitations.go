package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// An Invitation lets somebody come in who has its link: a new person, with a
// role in an agency or as an operator, or with Person somebody who has lost
// their password or second factor and sets both anew.
type Invitation struct {
	ID       string       `json:"id"`
	Person   string       `json:"person,omitempty"` // id of whom a recovery is for
	Email    string       `json:"email"`
	Name     string       `json:"name,omitempty"`
	Agency   string       `json:"agency,omitempty"` // id
	Role     catalog.Role `json:"role,omitempty"`
	Operator bool         `json:"operator,omitempty"`
	Created  time.Time    `json:"created"`
	Expires  time.Time    `json:"expires"`
	Used     time.Time    `json:"used,omitzero"`

	Lang  string `json:"-"` // of the letter, for somebody new
	Known bool   `json:"-"` // somebody has the address already, and proves it is theirs
	totp  []byte
}

// How long links are good for.
const (
	invitationFor = 7 * 24 * time.Hour
	recoveryFor   = 24 * time.Hour
)

const linkPrefix = "join_"

// Invite invites somebody and returns the secret of the link, which is shown
// once and goes out in a letter. Who invites must be allowed to appoint in the agency, or to operate. An
// invitation to the same address and agency that was not used yet is replaced.
func (a *Accounts) Invite(ctx context.Context, by *catalog.Actor, in Invitation) (Invitation, string, error) {
	var err error
	if in.Email, err = checkEmail(in.Email); err != nil {
		return in, "", err
	}
	switch {
	case in.Operator && !by.Can(catalog.Operate, ""), !in.Operator && !by.Can(catalog.Appoint, in.Agency):
		return in, "", ErrDenied
	case !in.Operator && !slices.Contains(catalog.Roles, in.Role):
		return in, "", &catalog.InvalidError{Field: "role", Reason: fmt.Sprintf("there is no role %q; there are viewer, editor, moderator, publisher and admin", in.Role)}
	}
	secret := secretText(linkPrefix)
	err = a.store.Write(ctx, func(tx *catalog.Tx) error {
		in.ID, in.Created, in.Expires = tx.NewID(), tx.Now(), tx.Now().Add(invitationFor)
		if err := tx.Exec("delete from invitations where email = ? and coalesce(agency, '') = ? and person is null and used = ''", in.Email, in.Agency); err != nil {
			return err
		}
		if err := putInvitation(tx, by, &in, secret); err != nil {
			return err
		}
		if err := a.mailInvitation(tx, by, &in, secret); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: "person.invite", Noun: "invitation", Thing: in.ID, Agency: in.Agency}, nil, in)
	})
	return in, secret, err
}

// Recover makes a link by which a person sets password and second factor anew,
// ends their sessions, and returns the link's secret, which goes out in a letter
// too. Only who operates may.
func (a *Accounts) Recover(ctx context.Context, by *catalog.Actor, person string) (string, error) {
	p, err := a.Person(ctx, person)
	if err != nil {
		return "", err
	}
	if !by.Can(catalog.Operate, "") {
		return "", ErrDenied
	}
	secret := secretText(linkPrefix)
	return secret, a.store.Write(ctx, func(tx *catalog.Tx) error {
		in := Invitation{ID: tx.NewID(), Person: p.ID, Email: p.Email, Name: p.Name, Created: tx.Now(), Expires: tx.Now().Add(recoveryFor)}
		if err := putInvitation(tx, by, &in, secret); err != nil {
			return err
		}
		if err := endSessions(tx, p.ID, ""); err != nil {
			return err
		}
		if err := a.mailRecovery(tx, &p, &in, secret); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: "person.recover", Noun: "person", Thing: p.ID}, nil, nil)
	})
}

func putInvitation(tx *catalog.Tx, by *catalog.Actor, in *Invitation, secret string) error {
	return tx.Exec("insert into invitations (id, hash, person, email, name, agency, role, operator, by, created, expires) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		in.ID, hashOf(secret), catalog.OrNull(&in.Person), in.Email, in.Name, catalog.OrNull(&in.Agency), string(in.Role), in.Operator,
		catalog.OrNull(&by.Person), catalog.AsTime(&in.Created), catalog.AsTime(&in.Expires))
}

const invitationColumns = "id, person, email, name, agency, role, operator, totp, created, expires, used"

func scanInvitation(row catalog.Row) (in Invitation, err error) {
	var role string
	err = row.Scan(&in.ID, catalog.OrNull(&in.Person), &in.Email, &in.Name, catalog.OrNull(&in.Agency), &role, &in.Operator, &in.totp,
		catalog.AsTime(&in.Created), catalog.AsTime(&in.Expires), catalog.AsTime(&in.Used))
	in.Role = catalog.Role(role)
	return in, err
}

// Invitations returns the invitations that wait, the newest first: those to the
// agencies, or all when agencies is nil.
func (a *Accounts) Invitations(ctx context.Context, agencies []string) ([]Invitation, error) {
	rows, err := a.store.Rows(ctx, "select "+invitationColumns+` from invitations where used = '' and expires > ?1
		and (?2 = 'null' or agency in (select value from json_each(?2))) order by created desc`, catalog.Stamp(a.store.Now()), catalog.AsJSON(&agencies))
	all, err := catalog.Collect(rows, err, scanInvitation)
	return all, wrap("invitations", err)
}

// Invitation returns what the secret of a link is good for, or ErrExpired.
func (a *Accounts) Invitation(ctx context.Context, secret string) (Invitation, error) {
	in, err := scanInvitation(a.store.Row(ctx, "select "+invitationColumns+" from invitations where hash = ?", hashOf(secret)))
	if catalog.NoRow(err) || err == nil && (!in.Used.IsZero() || !a.store.Now().Before(in.Expires)) {
		return in, ErrExpired
	}
	if err == nil && in.Person == "" {
		err = a.store.Row(ctx, "select exists (select 1 from people where email = ?)", in.Email).Scan(&in.Known)
	}
	return in, wrap("invitation", err)
}

// Factor returns the second factor that comes with the link: the same one each
// time until it is used. issuer names the portal in the authenticator.
func (a *Accounts) Factor(ctx context.Context, secret, issuer string) (SecondFactor, error) {
	in, err := a.Invitation(ctx, secret)
	if err != nil {
		return SecondFactor{}, err
	}
	if len(in.totp) == 0 {
		key, err := newSecret(issuer, in.Email)
		if err != nil {
			return SecondFactor{}, wrap("second factor", err)
		}
		err = a.store.Write(ctx, func(tx *catalog.Tx) error {
			return tx.Exec("update invitations set totp = ? where id = ? and totp = x''", a.sealed(key, in.ID), in.ID)
		})
		if err != nil {
			return SecondFactor{}, err
		}
		if in, err = a.Invitation(ctx, secret); err != nil {
			return SecondFactor{}, err
		}
	}
	key, err := a.opened(in.totp, in.ID)
	if err != nil {
		return SecondFactor{}, wrap("second factor", err)
	}
	f, err := factorOf(issuer, in.Email, key)
	return f, wrap("second factor", err)
}

// Joining is what somebody gives who uses a link.
type Joining struct {
	Name     string
	Password string
	Code     string // of the second factor that Factor gave
	Lang     string // of the page: letters are written in it
}

// Join uses a link: it makes the person, adds the role to one who is there, or
// sets password and second factor anew. The link is good for nothing afterwards.
// Who is there already proves it with the password and a code of theirs: an
// invitation opens nobody's account, whoever made it.
func (a *Accounts) Join(ctx context.Context, secret string, j Joining) (Person, error) {
	in, err := a.Invitation(ctx, secret)
	if err != nil {
		return Person{}, err
	}
	if in.Known {
		return a.joinAs(ctx, &in, &j)
	}
	if in.Person == "" || j.Name != "" {
		if j.Name, err = checkName(j.Name); err != nil {
			return Person{}, err
		}
	}
	if err := CheckPassword(j.Password, j.Name, in.Email); err != nil {
		return Person{}, err
	}
	key, err := a.opened(in.totp, in.ID)
	if err != nil {
		return Person{}, wrap("join", err)
	}
	step, ok := stepOf(key, j.Code, a.store.Now())
	if !ok {
		return Person{}, &catalog.InvalidError{Field: "code", Reason: "the code is not the one that the authenticator shows now; look whether the clock of the telephone is right"}
	}
	hash, err := a.hash(ctx, j.Password)
	if err != nil {
		return Person{}, wrap("join", err)
	}
	var id string
	err = a.store.Write(ctx, func(tx *catalog.Tx) error {
		id, err = a.join(tx, &in, &j, door{hash, key, step})
		return err
	})
	if err != nil {
		return Person{}, err
	}
	return a.Person(ctx, id)
}

// joinAs adds the role of an invitation to somebody who is there.
func (a *Accounts) joinAs(ctx context.Context, in *Invitation, j *Joining) (Person, error) {
	p, err := a.prove(ctx, in.Email, j.Password, j.Code)
	if err != nil {
		return Person{}, err
	}
	err = a.store.Write(ctx, func(tx *catalog.Tx) error {
		if err := useUp(tx, in); err != nil {
			return err
		}
		if err := tx.Exec("update people set operator = max(operator, ?) where id = ?", in.Operator, p.ID); err != nil {
			return err
		}
		return welcome(tx, in, p.ID, p.Name, "person.return")
	})
	if err != nil {
		return Person{}, err
	}
	return a.Person(ctx, p.ID)
}

// useUp makes a link good for nothing; ErrExpired when somebody was quicker.
func useUp(tx *catalog.Tx, in *Invitation) error {
	n, err := tx.Count("update invitations set used = ?, totp = x'' where id = ? and used = '' and expires > ?", catalog.Stamp(tx.Now()), in.ID, catalog.Stamp(tx.Now()))
	if err != nil || n != 1 {
		return errors.Join(err, ErrExpired)
	}
	return nil
}

// welcome ends the sessions of who came in by an invitation, gives them its role,
// and logs it.
func welcome(tx *catalog.Tx, in *Invitation, id, name, act string) error {
	if err := endSessions(tx, id, ""); err != nil {
		return err
	}
	if in.Role != "" {
		if err := tx.Exec("insert into roles (person, agency, role) values (?, ?, ?) on conflict do update set role = excluded.role", id, in.Agency, string(in.Role)); err != nil {
			return err
		}
	}
	return tx.Log(&catalog.Actor{Person: id, Name: name}, catalog.Entry{Act: act, Noun: "person", Thing: id, Agency: in.Agency}, nil,
		map[string]any{"email": in.Email, "role": in.Role, "operator": in.Operator})
}

// A door is how a person comes in from now on.
type door struct {
	password string // its hash
	totp     string // its secret
	step     int64  // of the code that was used
}

func (a *Accounts) join(tx *catalog.Tx, in *Invitation, j *Joining, d door) (id string, err error) {
	if err := useUp(tx, in); err != nil {
		return "", err
	}
	id = in.Person
	act := "person.return"
	if id == "" { // an address that somebody took meanwhile is refused below: it is unique
		id, act = tx.NewID(), "person.join"
		err := tx.Exec("insert into people (id, email, name, state, created) values (?, ?, ?, ?, ?)", id, in.Email, j.Name, Active, catalog.Stamp(tx.Now()))
		if err != nil {
			return "", err
		}
	}
	if err := tx.Exec(`update people set password = ?, totp = ?, totp_step = ?, failures = 0, locked_until = '',
		operator = max(operator, ?), name = iif(? = '', name, ?), lang = iif(? = '', lang, ?) where id = ?`,
		d.password, a.sealed(d.totp, id), d.step, in.Operator, j.Name, j.Name, j.Lang, j.Lang, id); err != nil {
		return "", err
	}
	if act == "person.return" {
		if err := mailChanged(tx, id); err != nil {
			return "", err
		}
	}
	return id, welcome(tx, in, id, j.Name, act)
}
