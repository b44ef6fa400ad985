package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// errLastOperator keeps somebody who can let others in.
var errLastOperator = &catalog.InvalidError{Field: "operator", Reason: "this is the last operator: make another one first"}

// SetRole gives a person a role in an agency, or takes it with an empty role.
// Sessions of the person end, so that the change holds at once.
func (a *Accounts) SetRole(ctx context.Context, by *catalog.Actor, person, agency string, role catalog.Role) error {
	if !by.Can(catalog.Appoint, agency) {
		return ErrDenied
	}
	if role != "" && !slices.Contains(catalog.Roles, role) {
		return &catalog.InvalidError{Field: "role", Reason: fmt.Sprintf("there is no role %q; there are viewer, editor, moderator, publisher and admin", role)}
	}
	p, err := a.Person(ctx, person)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *catalog.Tx) error {
		var err error
		if role == "" {
			err = tx.Exec("delete from roles where person = ? and agency = ?", p.ID, agency)
		} else {
			err = tx.Exec("insert into roles (person, agency, role) values (?, ?, ?) on conflict do update set role = excluded.role", p.ID, agency, string(role))
		}
		if err = errors.Join(err, endSessions(tx, p.ID, "")); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: "person.role", Noun: "person", Thing: p.ID, Agency: agency}, p.Roles[agency], role)
	})
}

// SetOperator makes a person an operator or a plain one again.
func (a *Accounts) SetOperator(ctx context.Context, by *catalog.Actor, person string, operator bool) error {
	return a.change(ctx, by, person, "person.operator", operator, func(tx *catalog.Tx, p *Person) error {
		if err := tx.Exec("update people set operator = ? where id = ?", operator, p.ID); err != nil {
			return err
		}
		return keepOperator(tx, p)
	})
}

// SetState lets a person sign in, or not any more.
func (a *Accounts) SetState(ctx context.Context, by *catalog.Actor, person, state string) error {
	if state != Active && state != Disabled {
		return &catalog.InvalidError{Field: "state", Reason: fmt.Sprintf("%q is neither active nor disabled", state)}
	}
	return a.change(ctx, by, person, "person.state", state, func(tx *catalog.Tx, p *Person) error {
		if err := tx.Exec("update people set state = ? where id = ?", state, p.ID); err != nil {
			return err
		}
		return keepOperator(tx, p)
	})
}

// change changes a person, which only who operates may, and ends their sessions.
func (a *Accounts) change(ctx context.Context, by *catalog.Actor, person, act string, after any, do func(*catalog.Tx, *Person) error) error {
	if !by.Can(catalog.Operate, "") {
		return ErrDenied
	}
	p, err := a.Person(ctx, person)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *catalog.Tx) error {
		if err := do(tx, &p); err != nil {
			return err
		}
		if err := endSessions(tx, p.ID, ""); err != nil {
			return err
		}
		return tx.Log(by, catalog.Entry{Act: act, Noun: "person", Thing: p.ID}, map[string]any{"operator": p.Operator, "state": p.State}, after)
	})
}

// keepOperator refuses a change after which nobody operates.
func keepOperator(tx *catalog.Tx, p *Person) error {
	if !p.Operator {
		return nil
	}
	var n int
	if err := tx.Row("select count(*) from people where operator and state = 'active'").Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return errLastOperator
	}
	return nil
}
