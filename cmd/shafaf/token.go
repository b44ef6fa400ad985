package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Make an API token that acts for a person, and print it."`
	List   tokenListCmd   `cmd:"" help:"List the API tokens; their texts are not kept."`
	Revoke tokenRevokeCmd `cmd:"" help:"Make a token good for nothing."`
}

type tokenCreateCmd struct {
	Person  string        `arg:"" help:"E-mail address or id of the person for whom it acts."`
	Title   string        `help:"What it is for." required:""`
	Scopes  []string      `help:"What it may do: view, edit, publish, answer, harvest, audit." required:"" placeholder:"VERB"`
	Agency  string        `help:"Only in this agency." placeholder:"SLUG"`
	Expires time.Duration `help:"How long it is good for." default:"2160h"`
	JSON    bool          `name:"json" help:"Print as JSON."`
}

// Run makes a token. Its text is shown this once.
func (c *tokenCreateCmd) Run(e *env) error {
	return e.withAccounts(func(p *portal, a *accounts.Accounts) error {
		t := accounts.Token{Person: c.Person, Title: c.Title, Expires: e.now().Add(c.Expires).UTC()}
		for _, s := range c.Scopes {
			t.Scopes = append(t.Scopes, catalog.Verb(s))
		}
		if c.Agency != "" {
			agency, err := p.store.Agency(e.ctx, c.Agency)
			if err != nil {
				return err
			}
			t.Agency = agency.ID
		}
		t, text, err := a.CreateToken(e.ctx, &catalog.Shell, t)
		if err != nil {
			return err
		}
		if c.JSON {
			return e.printJSON(struct {
				accounts.Token
				Text string `json:"text"`
			}{t, text})
		}
		_, err = fmt.Fprintln(e.out, text)
		return err
	})
}

type tokenListCmd struct {
	JSON bool `name:"json" help:"Print one JSON object a line."`
}

// Run lists the tokens of everybody.
func (c *tokenListCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		all, err := a.Tokens(e.ctx, "")
		if err != nil {
			return err
		}
		if c.JSON {
			return printLines(e, all)
		}
		people, err := a.People(e.ctx, nil)
		if err != nil {
			return err
		}
		email := map[string]string{}
		for _, p := range people {
			email[p.ID] = p.Email
		}
		t := e.table("ID", "PERSON", "TITLE", "MAY", "EXPIRES", "USED", "REVOKED")
		for _, token := range all {
			var scopes []string
			for _, s := range token.Scopes {
				scopes = append(scopes, string(s))
			}
			t.row(token.ID, email[token.Person], token.Title, strings.Join(scopes, ","), when(token.Expires), when(token.Used), when(token.Revoked))
		}
		return t.end()
	})
}

type tokenRevokeCmd struct {
	ID string `arg:"" help:"Its id, which list shows."`
}

// Run revokes a token.
func (c *tokenRevokeCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		return a.RevokeToken(e.ctx, &catalog.Shell, c.ID)
	})
}
