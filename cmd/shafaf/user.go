package main

import (
	"fmt"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Invite somebody, and print the link by which they come in."`
	List     userListCmd     `cmd:"" help:"List the people and what they may do."`
	Role     userRoleCmd     `cmd:"" help:"Give somebody a role in an agency, or take it."`
	Operator userOperatorCmd `cmd:"" help:"Make somebody an operator, or a plain person again."`
	Disable  userDisableCmd  `cmd:"" help:"Let somebody not sign in any more."`
	Enable   userEnableCmd   `cmd:"" help:"Let somebody sign in again."`
	Recover  userRecoverCmd  `cmd:"" help:"Print a link by which somebody sets password and second factor anew."`
}

// withAccounts opens the people of the data folder for do.
func (e *env) withAccounts(do func(*portal, *accounts.Accounts) error) error {
	return e.with(func(p *portal) error {
		a, err := e.accounts(p)
		if err != nil {
			return err
		}
		return do(p, a)
	})
}

// accounts opens the people of the catalogue.
func (e *env) accounts(p *portal) (*accounts.Accounts, error) {
	secret, err := e.key("people")
	if err != nil {
		return nil, err
	}
	return accounts.Open(p.store, secret)
}

// joinPath is where a link of an invitation leads, in the site's first language.
const joinPath = "/desk/join/"

// joinLink is the address of the link with the given secret.
func (e *env) joinLink(secret string) string {
	return e.baseURL() + "/" + catalog.Languages[0] + joinPath + secret
}

type userAddCmd struct {
	Email    string `help:"Their e-mail address." required:"" placeholder:"ADDRESS"`
	Name     string `help:"Their name; they may write it otherwise when they come in."`
	Operator bool   `help:"They run the portal."`
	Agency   string `help:"Slug of the agency that they work for; made when there is none." placeholder:"SLUG"`
	Role     string `help:"What they are there: viewer, editor, moderator, publisher, admin." default:"editor"`
	JSON     bool   `name:"json" help:"Print as JSON."`
}

// Run invites somebody. There is no default password: who has the link sets one.
func (c *userAddCmd) Run(e *env) error {
	if c.Operator == (c.Agency != "") {
		return fmt.Errorf("%w: give --operator, or --agency with --role", errUsage)
	}
	return e.withAccounts(func(p *portal, a *accounts.Accounts) error {
		in := accounts.Invitation{Email: c.Email, Name: c.Name, Operator: c.Operator}
		if c.Agency != "" {
			if err := p.store.Write(e.ctx, func(tx *catalog.Tx) error {
				agency, err := agencyFor(tx, c.Agency)
				in.Agency, in.Role = agency.ID, catalog.Role(c.Role)
				return err
			}); err != nil {
				return err
			}
		}
		in, secret, err := a.Invite(e.ctx, &catalog.Shell, in)
		if err != nil {
			return err
		}
		link := e.joinLink(secret)
		if c.JSON {
			return e.printJSON(struct {
				accounts.Invitation
				Link string `json:"link"`
			}{in, link})
		}
		_, err = fmt.Fprintf(e.out, "%s\ngood until %s, for whoever has it, once\n", link, in.Expires.Format("2006-01-02 15:04 MST"))
		return err
	})
}

type userListCmd struct {
	Agency string `help:"Only those of this agency." placeholder:"SLUG"`
	JSON   bool   `name:"json" help:"Print one JSON object a line."`
}

// Run lists people.
func (c *userListCmd) Run(e *env) error {
	return e.withAccounts(func(p *portal, a *accounts.Accounts) error {
		var agencies []string
		if c.Agency != "" {
			agency, err := p.store.Agency(e.ctx, c.Agency)
			if err != nil {
				return err
			}
			agencies = []string{agency.ID}
		}
		all, err := a.People(e.ctx, agencies)
		if err != nil {
			return err
		}
		if c.JSON {
			return printLines(e, all)
		}
		slugs, err := agencySlugs(e, p)
		if err != nil {
			return err
		}
		t := e.table("E-MAIL", "NAME", "STATE", "MAY", "SEEN")
		for _, person := range all {
			t.row(person.Email, person.Name, person.State, strings.Join(roleWords(&person, slugs), ", "), when(person.Seen))
		}
		return t.end()
	})
}

// agencySlugs are the slugs of all agencies by id.
func agencySlugs(e *env, p *portal) (map[string]string, error) {
	all, err := p.store.Agencies(e.ctx)
	slugs := make(map[string]string, len(all))
	for i := range all {
		slugs[all[i].ID] = all[i].Slug
	}
	return slugs, err
}

// roleWords say what a person may do: "operator", "editor of water".
func roleWords(p *accounts.Person, slugs map[string]string) []string {
	var words []string
	if p.Operator {
		words = append(words, "operator")
	}
	for _, role := range catalog.Roles {
		for agency, r := range p.Roles {
			if r == role {
				words = append(words, string(role)+" of "+slugs[agency])
			}
		}
	}
	return words
}

type userRoleCmd struct {
	Person string `arg:"" help:"E-mail address or id."`
	Agency string `arg:"" help:"Slug of the agency."`
	Role   string `arg:"" help:"viewer, editor, moderator, publisher, admin; none takes the role."`
}

// Run changes a role. Who has it is signed out.
func (c *userRoleCmd) Run(e *env) error {
	return e.withAccounts(func(p *portal, a *accounts.Accounts) error {
		agency, err := p.store.Agency(e.ctx, c.Agency)
		if err != nil {
			return err
		}
		role := catalog.Role(c.Role)
		if role == "none" {
			role = ""
		}
		return a.SetRole(e.ctx, &catalog.Shell, c.Person, agency.ID, role)
	})
}

type userOperatorCmd struct {
	Person string `arg:"" help:"E-mail address or id."`
	Off    bool   `help:"Make them a plain person again."`
}

// Run makes an operator, or the opposite.
func (c *userOperatorCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		return a.SetOperator(e.ctx, &catalog.Shell, c.Person, !c.Off)
	})
}

type userDisableCmd struct {
	Person string `arg:"" help:"E-mail address or id."`
}

// Run disables a person, and with them their sessions and tokens.
func (c *userDisableCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		return a.SetState(e.ctx, &catalog.Shell, c.Person, accounts.Disabled)
	})
}

type userEnableCmd struct {
	Person string `arg:"" help:"E-mail address or id."`
}

// Run enables a person.
func (c *userEnableCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		return a.SetState(e.ctx, &catalog.Shell, c.Person, accounts.Active)
	})
}

type userRecoverCmd struct {
	Person string `arg:"" help:"E-mail address or id."`
}

// Run prints a link by which a person comes in who has lost password or phone.
func (c *userRecoverCmd) Run(e *env) error {
	return e.withAccounts(func(_ *portal, a *accounts.Accounts) error {
		secret, err := a.Recover(e.ctx, &catalog.Shell, c.Person)
		if err == nil {
			_, err = fmt.Fprintf(e.out, "%s\ngood for 24 hours, for whoever has it, once; all sessions of the person have ended\n", e.joinLink(secret))
		}
		return err
	})
}
