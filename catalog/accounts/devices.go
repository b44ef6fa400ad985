package accounts

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A browser is known again by a text that it keeps, which opens nothing. How
// long that is, and how many are known of a person.
const (
	DeviceFor     = 400 * 24 * time.Hour
	devicesOfOne  = 20
	devicesPrefix = "d_"
)

// recognise notes the browser that p signs in with, and tells them by a letter
// when it is not one that they used before, unless it is their first. It returns
// the text that a new one is to keep, nothing for one that is known.
func recognise(tx *catalog.Tx, p *Person, in *SignIn) (string, error) {
	now := catalog.Stamp(tx.Now())
	n, err := tx.Count("update devices set seen = ? where hash = ? and person = ?", now, hashOf(in.Device), p.ID)
	if err != nil || n == 1 {
		return "", err
	}
	m := catalog.Mail{Kind: catalog.MailSignIn, To: p.Email, Name: p.Name}
	m.Data = catalog.MailData{Path: pathAccount, At: tx.Now(), Agent: in.Agent[:min(len(in.Agent), longestAgent)], Address: in.Address}
	var others bool
	if err := tx.Row("select lang, exists (select 1 from devices where person = ?1) from people where id = ?1", p.ID).Scan(&m.Lang, &others); err != nil {
		return "", err
	}
	secret := secretText(devicesPrefix)
	if err := tx.Exec("insert into devices (hash, person, seen) values (?, ?, ?)", hashOf(secret), p.ID, now); err != nil {
		return "", err
	}
	if err := tx.Exec("delete from devices where person = ?1 and hash not in (select hash from devices where person = ?1 order by seen desc, hash limit ?2)", p.ID, devicesOfOne); err != nil {
		return "", err
	}
	if !others {
		return secret, nil
	}
	return secret, tx.QueueMail(m)
}
