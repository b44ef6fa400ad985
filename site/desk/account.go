package desk

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/site"
)

// An accountView is a person's own page: where they are signed in, and the
// tokens by which programs act for them.
type accountView struct {
	page
	Person   accounts.Person
	Current  string // id of this session
	Sessions []accounts.Session
	Tokens   []accounts.Token
	Notices  bool // wants letters about what happens
	Create   form
	Text     string // of the token that was just made: it is shown once
}

// tokenVerbs are what a token can be allowed, as the form offers it.
var tokenVerbs = []catalog.Verb{catalog.View, catalog.Edit, catalog.Publish, catalog.Answer, catalog.Harvest, catalog.Audit}

func (d *Desk) accountPage(r *site.Request) (*accountView, error) {
	own := session(r)
	v := &accountView{page: page{frame(r, "desk.account.title")}, Person: own.Person, Current: own.ID}
	var err error
	if v.Sessions, err = d.Accounts.Sessions(r.Context(), own.Person.ID); err != nil {
		return nil, err
	}
	if v.Tokens, err = d.Accounts.Tokens(r.Context(), own.Person.ID); err != nil {
		return nil, err
	}
	if v.Notices, err = d.Accounts.Notices(r.Context(), own.Person.ID); err != nil {
		return nil, err
	}
	var verbs []option
	for _, verb := range tokenVerbs {
		if some(&r.Actor, verb) {
			verbs = append(verbs, option{Value: string(verb)})
		}
	}
	days := []option{{Value: "30"}, {Value: "90", Chosen: true}, {Value: "365"}}
	v.Create = form{Do: "token", Submit: "desk.token.submit", Fields: []field{
		{Name: "title", Kind: "text"},
		{Name: "scopes", Kind: "checks", Options: verbs},
		{Name: "days", Kind: "select", Options: days},
	}}
	return v, nil
}

func (d *Desk) account(_ *site.Site, r *site.Request) (site.View, error) { return d.accountPage(r) }

func (d *Desk) doAccount(_ *site.Site, r *site.Request) (site.View, error) {
	if err := d.fresh(r, pathAccount); err != nil {
		return nil, err
	}
	own := session(r)
	var err error
	switch r.Form.Get("do") {
	case "token":
		return d.createToken(r)
	case "revoke":
		err = d.Accounts.RevokeToken(r.Context(), &r.Actor, r.Form.Get("id"))
	case "notices":
		err = d.Accounts.SetNotices(r.Context(), own.Person.ID, r.Form.Get("on") == "1")
	case "end":
		if id := r.Form.Get("id"); id != "" {
			err = d.Accounts.SignOut(r.Context(), own.Person.ID, id)
		}
	}
	if err != nil {
		return nil, err
	}
	return nil, site.Moved("/" + r.Lang + pathAccount)
}

func (d *Desk) createToken(r *site.Request) (site.View, error) {
	t := accounts.Token{Person: r.Actor.Person, Title: r.Form.Get("title")}
	for _, s := range r.Form["scopes"] {
		t.Scopes = append(t.Scopes, catalog.Verb(s))
	}
	for days, long := range map[string]time.Duration{"30": 30, "90": 90, "365": 365} {
		if r.Form.Get("days") == days {
			t.Expires = d.Store.Now().Add(long * 24 * time.Hour)
		}
	}
	_, text, failed := d.Accounts.CreateToken(r.Context(), &r.Actor, t)
	v, err := d.accountPage(r)
	if err != nil {
		return nil, err
	}
	if failed == nil {
		v.Text = text
		return v, nil
	}
	v.Create.take(r)
	return stay(v, &v.Create, denied(r, &v.Create, "scopes", failed))
}
