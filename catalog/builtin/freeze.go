package builtin

import (
	"context"
	"errors"
	"fmt"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// errMend says that the rows of a closed edition cannot be mended: the table is
// to be read as a whole.
var errMend = errors.New("the edition before cannot be mended")

// freeze makes a new edition. When something is taken from the table while it is
// read, it is read again.
func (t *Tables) freeze(ctx context.Context, k *Kind) (err error) {
	mend := k.Mend != nil
	for range attempts {
		err = t.freezeOnce(ctx, k, mend)
		switch {
		case errors.Is(err, errMend):
			mend = false
		case !errors.Is(err, catalog.ErrChanged):
			if err != nil {
				err = fmt.Errorf("freeze table %s: %w", k.Name, err)
			}
			return err
		}
	}
	return fmt.Errorf("freeze table %s: %w", k.Name, err)
}

func (t *Tables) freezeOnce(ctx context.Context, k *Kind, mend bool) error {
	at, err := t.store.Stand(ctx)
	if err != nil {
		return err
	}
	var table *datasets.Table
	if mend {
		table, err = t.mended(ctx, k, &at)
	}
	if err == nil && table == nil {
		table, err = k.Table(ctx, t.store)
	}
	if err != nil {
		return err
	}
	rows, err := t.files.PutRows(ctx, table, nil)
	if err != nil && at.Mended {
		err = errors.Join(errMend, err)
	}
	if err != nil {
		return err
	}
	e := catalog.Edition{Digest: rows.Digest, HasTable: true, Rows: rows.Rows, Schema: rows.Schema, Profile: rows.Profile}
	err = t.store.Write(ctx, func(tx *catalog.Tx) error {
		if err := tx.PutBuiltin(&k.Builtin); err != nil {
			return err
		}
		return tx.FreezeBuiltin(k.Name, &e, at)
	})
	if errors.Is(err, catalog.ErrChanged) { // nobody is to read what was frozen
		return errors.Join(err, t.eraseOne(ctx, rows.Digest))
	}
	return err
}

// mended returns the table of which the edition was closed, made of the rows that
// are still there, and notes that in at; nil when there is nothing to mend.
func (t *Tables) mended(ctx context.Context, k *Kind, at *catalog.Standing) (*datasets.Table, error) {
	open, _, err := t.store.BuiltinEdition(ctx, k.Name)
	if err != nil || open != "" {
		return nil, err
	}
	was, err := t.store.Standing(ctx, k.Name)
	if err != nil || was.Edition == "" || was.Epoch != at.Epoch {
		return nil, err
	}
	rows, err := t.files.Rows(was.Edition) //nolint:contextcheck // it reads one page of the file, or none
	if err != nil {
		return nil, errors.Join(errMend, err)
	}
	table, err := k.Mend(ctx, t.store, rows.Table(), was.Change)
	if err != nil {
		return nil, errors.Join(errMend, err)
	}
	at.Mended = true
	return table, nil
}
