package accounts

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
)

// The pages that letters lead to, below the language of the site.
const (
	pathJoin    = "/desk/join/"
	pathAccount = "/desk/account"
)

// secretOf seals the secret of a link for the letter with the id: the catalogue
// alone opens no door while the letter waits.
func (a *Accounts) secretOf(secret, id string) []byte { return a.sealed(secret, "mail "+id) }

// Open returns the secret of the letter with the id, for who sends it.
func (a *Accounts) Open(id string, sealed []byte) (string, error) {
	secret, err := a.opened(sealed, "mail "+id)
	if err != nil {
		return "", errors.New("the link in the letter cannot be read: data/keys is not that of this catalogue; make a new link")
	}
	return secret, nil
}

// mailInvitation sends the link of an invitation to who is invited, in the
// language that they use when they are known. A letter with a link that this one
// replaces is not sent any more.
func (a *Accounts) mailInvitation(tx *catalog.Tx, by *catalog.Actor, in *Invitation, secret string) error {
	m := catalog.Mail{ID: tx.NewID(), Kind: catalog.MailInvitation, To: in.Email, Name: in.Name, Lang: in.Lang, Thing: in.Agency, Expires: in.Expires}
	m.Data = catalog.MailData{Role: in.Role, Path: pathJoin, At: in.Expires}
	if in.Operator {
		m.Thing = "portal"
	}
	if by.Person != "" {
		m.Data.Who = by.Name
	}
	err := tx.Row("select iif(lang = '', ?2, lang) from people where email = ?1", in.Email, in.Lang).Scan(&m.Lang)
	if err != nil && !catalog.NoRow(err) {
		return err
	}
	if in.Agency != "" {
		if err := tx.Row("select title from agencies where id = ?", in.Agency).Scan(catalog.AsJSON(&m.Data.Agency)); err != nil {
			return err
		}
	}
	return a.mailLink(tx, m, secret)
}

// mailRecovery sends the link by which a person comes in again.
func (a *Accounts) mailRecovery(tx *catalog.Tx, p *Person, in *Invitation, secret string) error {
	m := catalog.Mail{ID: tx.NewID(), Kind: catalog.MailRecovery, To: p.Email, Name: p.Name, Thing: p.ID, Expires: in.Expires}
	m.Data = catalog.MailData{Path: pathJoin, At: in.Expires}
	if err := tx.Row("select lang from people where id = ?", p.ID).Scan(&m.Lang); err != nil {
		return err
	}
	return a.mailLink(tx, m, secret)
}

func (a *Accounts) mailLink(tx *catalog.Tx, m catalog.Mail, secret string) error {
	m.Secret = a.secretOf(secret, m.ID)
	return errors.Join(tx.UnqueueMail(m.Kind, m.To, m.Thing), tx.QueueMail(m))
}

// mailChanged tells a person that password and second factor were set anew.
func mailChanged(tx *catalog.Tx, id string) error {
	m := catalog.Mail{Kind: catalog.MailChanged, Thing: id, Data: catalog.MailData{Path: pathAccount, At: tx.Now()}}
	if err := tx.Row("select email, name, lang from people where id = ?", id).Scan(&m.To, &m.Name, &m.Lang); err != nil {
		return err
	}
	return tx.QueueMail(m)
}

// Notices reports whether the person wants letters about what happens, beside
// those about their own account.
func (a *Accounts) Notices(ctx context.Context, person string) (on bool, err error) {
	err = a.store.Row(ctx, "select notices from people where id = ?", person).Scan(&on)
	return on, wrap("notices", err)
}

// SetNotices turns these letters on or off.
func (a *Accounts) SetNotices(ctx context.Context, person string, on bool) error {
	return a.store.Write(ctx, func(tx *catalog.Tx) error {
		return tx.Exec("update people set notices = ? where id = ?", on, person)
	})
}
