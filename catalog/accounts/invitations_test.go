package accounts_test

import (
	"errors"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

// Who invites somebody who is there already sees the link: it opens nobody's
// account, and gives the role to who has its password and second factor.
func TestInvitationOpensNobodysAccount(t *testing.T) {
	d := newDesk(t)
	agency := d.agency("water")
	operator := d.join(accounts.Invitation{Email: "o@example.org", Operator: true}, "Omid")
	admin := d.join(accounts.Invitation{Email: "a@example.org", Agency: agency, Role: catalog.Admin}, "Ava")
	by := admin.Actor()
	_, link, err := d.Invite(t.Context(), &by, accounts.Invitation{Email: operator.Email, Agency: agency, Role: catalog.Viewer})
	d.must(err)
	f, err := d.Factor(t.Context(), link, "Shafaf")
	d.must(err)
	own := "another password of the one who invites 7"
	for _, j := range []accounts.Joining{
		{Name: "Ava", Password: own, Code: d.code(f.Secret)},
		{Name: "Ava", Password: own, Code: d.code(admin.secret)},
		{Name: "Ava", Password: password, Code: d.code(f.Secret)},
		{Name: "Ava", Password: own, Code: d.code(operator.secret)},
	} {
		if _, err := d.Join(t.Context(), link, j); !errors.Is(err, accounts.ErrRefused) {
			t.Errorf("%+v: %v", j, err)
		}
	}
	_, session := d.signIn(operator) // with what it always was
	p, err := d.Join(t.Context(), link, accounts.Joining{Password: password, Code: d.code(operator.secret)})
	if err != nil || p.ID != operator.ID || p.Name != "Omid" || !p.Operator || p.Roles[agency] != catalog.Viewer {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := d.Session(t.Context(), session); !errors.Is(err, accounts.ErrRefused) {
		t.Errorf("a session from before the new role: %v", err)
	}
	if _, err := d.Join(t.Context(), link, accounts.Joining{Password: password, Code: d.code(operator.secret)}); !errors.Is(err, accounts.ErrExpired) {
		t.Errorf("a link that was used: %v", err)
	}
}
