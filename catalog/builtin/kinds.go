// Package builtin makes the tables of what the portal itself knows: comments,
// answers, removals, runs. Each is a dataset of the agency catalog.BuiltinAgency
// with one resource, so pages, rows, exports and search have it as they have any
// other.
//
// To add one:
//
//  1. Write a file here with a function that returns its Kind: the name, which is
//     the slug; title and description in both languages; the columns with their
//     titles; Table, which streams the rows, of a catalog.Listing (two queries) or
//     of anything that makes a datasets.Table; Changed, mostly changesOf(nouns).
//  2. Add a line to Kinds.
//  3. Where its texts can be taken away later, name it in takenFrom of package
//     catalog: its editions are then closed in the write that takes one away.
//  4. Name it in docs/builtin.md.
//
// Rows hold only what the public sees: the query of the keys asks for that.
package builtin

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// A Kind is a table of what the portal knows.
type Kind struct {
	catalog.Builtin

	// Table returns all of it as it is now.
	Table func(ctx context.Context, store *catalog.Store) (*datasets.Table, error)
	// Mend, unless nil, is Table of which there is an earlier state: old, as it was
	// after change number since. It reads much less. ErrChanged says that it cannot.
	Mend func(ctx context.Context, store *catalog.Store, old *datasets.Table, since int64) (*datasets.Table, error)
	// Changed reports whether it may be another since.
	Changed func(ctx context.Context, store *catalog.Store, since catalog.Standing) (bool, error)
}

// Kinds is the table of these tables.
func Kinds() []Kind {
	return []Kind{
		comments(),
		answers(),
		influence(),
		drafts(),
		contractList(),
		contractParties(),
		filings(),
		scores(),
		removals(),
		runs(),
	}
}

// changesOf is Kind.Changed of a table that follows from things of some nouns.
func changesOf(nouns ...string) func(context.Context, *catalog.Store, catalog.Standing) (bool, error) {
	return func(ctx context.Context, store *catalog.Store, since catalog.Standing) (bool, error) {
		return store.ChangedSince(ctx, since.Change, nouns...)
	}
}

// say is a text in both languages.
func say(en, fa string) catalog.Text { return catalog.Text{"en": en, "fa": fa} }
