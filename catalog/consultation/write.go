package consultation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/openshafaf/shafaf/catalog"
)

// These are the writes of the desk, with the rules of those of datasets: each
// asks whether the actor may, then whether the draft is at the revision that
// the actor worked on, then does it, raises the revision and logs it, in one
// transaction. They return the draft as it is afterwards.

// Kinds of drafts. A portal sets for each how long it has to be open.
const (
	KindBill      = "bill"      // of a law: لایحه
	KindBylaw     = "bylaw"     // آیین‌نامه
	KindDecree    = "decree"    // تصویب‌نامه
	KindDirective = "directive" // دستورالعمل
	KindCircular  = "circular"  // بخشنامه
	KindTariff    = "tariff"    // of prices and fees: تعرفه
	KindOther     = "other"
)

// Kinds are all kinds of drafts.
var Kinds = []string{KindBill, KindBylaw, KindDecree, KindDirective, KindCircular, KindTariff, KindOther}

// Bounds of what is written about a draft, in characters.
const (
	MaxTitle = 500
	MaxAbout = 20_000
	maxBasis = 1_000
)

// at returns the draft with the given slug or id for the actor to do the verb
// to, at the given revision.
func at(tx *catalog.Tx, by *catalog.Actor, do catalog.Verb, key string, revision int64) (Draft, error) {
	d, err := seen(tx, by, do, key)
	switch {
	case err != nil:
		return d, err
	case revision != catalog.AnyRevision && revision != d.Revision:
		return d, &catalog.StaleError{Given: revision, Current: d.Revision}
	case d.Source != "":
		return d, &catalog.ConflictError{Code: "harvested", Reason: "it comes from a source, which would overwrite the change: change it there"}
	case d.State == catalog.Withdrawn:
		return d, &catalog.ConflictError{Code: "withdrawn", Reason: "an operator took it down"}
	}
	return d, nil
}

// seen returns the draft for the actor to do the verb to, at any revision and
// also when a source brings it.
func seen(tx *catalog.Tx, by *catalog.Actor, do catalog.Verb, key string) (Draft, error) {
	d, err := scanDraft(tx.Row("select "+draftColumns+" from drafts d where d.slug = ?1 or d.id = ?1", key))
	switch {
	case catalog.NoRow(err), err == nil && !by.Sees(d.State, d.Agency):
		return Draft{}, catalog.NotFound(NounDraft, key)
	case err == nil && !by.Can(do, d.Agency):
		return Draft{}, fmt.Errorf("draft %q: %w", d.Slug, catalog.ErrDenied)
	}
	return d, err
}

// changing is at for who changes what is as public as the draft itself.
func changing(tx *catalog.Tx, by *catalog.Actor, key string, revision int64) (Draft, error) {
	d, err := seen(tx, by, catalog.View, key)
	if err != nil {
		return d, err
	}
	if d.New() {
		return at(tx, by, catalog.Edit, key, revision)
	}
	return at(tx, by, catalog.Publish, key, revision)
}

// New reports whether the public never saw the draft.
func (d *Draft) New() bool { return d.State == catalog.Drafted }

// undecided refuses what cannot be done once the draft is approved or withdrawn.
func (d *Draft) undecided() error {
	switch d.Decided {
	case Approved:
		return &catalog.ConflictError{Code: "draft.approved", Reason: "it is approved: a change of the regulation is a new draft"}
	case Withdrawn:
		return &catalog.ConflictError{Code: "draft.withdrawn", Reason: "the agency withdrew it: take that back first"}
	default:
		return nil
	}
}

// did raises the revision of d, which it had before the write, by one, logs the
// act, and returns d as it is now.
func did(tx *catalog.Tx, by *catalog.Actor, act string, d *Draft, before, after any, why string) (Draft, error) {
	if err := tx.Exec("update drafts set revision = ?, updated = ? where id = ?", d.Revision+1, catalog.Stamp(tx.Now()), d.ID); err != nil {
		return *d, err
	}
	tx.Changed(NounDraft, d.ID, catalog.OpPut)
	if err := tx.Log(by, catalog.Entry{Act: "draft." + act, Noun: NounDraft, Thing: d.ID, Agency: d.Agency, Note: why}, before, after); err != nil {
		return *d, err
	}
	return scanDraft(tx.Row("select "+draftColumns+" from drafts d where d.id = ?", d.ID))
}

// CreateDraft makes a draft of the agency d.Agency (its id) that the public does
// not see yet. Until it is published it is called by a slug that tells nothing
// of it.
func CreateDraft(tx *catalog.Tx, by *catalog.Actor, d Draft) (Draft, error) {
	if !by.Can(catalog.Edit, d.Agency) {
		return Draft{}, fmt.Errorf("agency %q: %w", d.Agency, catalog.ErrDenied)
	}
	if a, err := tx.Agency(d.Agency); err != nil || !catalog.Visible(a.State) {
		return Draft{}, &catalog.InvalidError{Field: "agency", Reason: "there is no such agency"}
	}
	made := Draft{ID: tx.NewID(), State: catalog.Drafted, Agency: d.Agency, Created: tx.Now(), Updated: tx.Now(), Moderation: ReviewFirst}
	made.Slug = catalog.DraftSlug(made.ID)
	made.describe(&d)
	if err := made.Validate(); err != nil {
		return Draft{}, err
	}
	if err := insert(tx, &made); err != nil {
		return Draft{}, err
	}
	return did(tx, by, "create", &made, nil, &made, "")
}

// describe sets of d what can be changed of a draft to that of from.
func (d *Draft) describe(from *Draft) {
	if from.Moderation != "" {
		d.Moderation = from.Moderation
	}
	d.Title, d.Summary, d.Reason, d.Kind, d.LegalBasis = from.Title, from.Summary, from.Reason, from.Kind, from.LegalBasis
	d.Contact, d.Landing, d.Dockets, d.Heard = from.Contact, from.Landing, slices.Clone(from.Dockets), from.Heard
}

// Validate returns an *InvalidError for the first thing that is wrong with what
// is written about d.
func (d *Draft) Validate() error {
	title, in := d.Title.In(catalog.Languages[0])
	switch {
	case in == "" || strings.TrimSpace(title) == "":
		return &catalog.InvalidError{Field: "title", Reason: "a draft needs a title"}
	case d.Kind != "" && !slices.Contains(Kinds, d.Kind):
		return &catalog.InvalidError{Field: "kind", Reason: "the kinds are " + strings.Join(Kinds, ", ")}
	case d.Moderation != PublishFirst && d.Moderation != ReviewFirst:
		return &catalog.InvalidError{Field: "moderation", Reason: "comments become public by publish or by review"}
	}
	for _, f := range []struct {
		name string
		text catalog.Text
		most int
	}{
		{"title", d.Title, MaxTitle},
		{"summary", d.Summary, MaxAbout},
		{"reason", d.Reason, MaxAbout},
		{"legal_basis", d.LegalBasis, MaxAbout},
		{"heard", d.Heard, MaxAbout},
		{"contact", catalog.Text{"": d.Contact}, MaxTitle},
		{"landing_page", catalog.Text{"": d.Landing}, 2 * MaxTitle},
	} {
		if err := fits(f.name, f.text, f.most); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses a text that is longer than most characters.
func fits(field string, text catalog.Text, most int) error {
	for _, s := range text {
		if n := utf8.RuneCountInString(s); n > most {
			return &catalog.InvalidError{Field: field, Reason: fmt.Sprintf("it has %d characters, %d are allowed", n, most)}
		}
	}
	return nil
}

// insert writes a new draft, at revision 0.
func insert(tx *catalog.Tx, d *Draft) error {
	if err := tx.Exec(`insert into drafts (id, slug, state, agency, source, identifier, created, updated, revision, title)
		values (?, ?, ?, ?, ?, ?, ?, ?, 0, '')`,
		d.ID, d.Slug, d.State, d.Agency, catalog.OrNull(&d.Source), d.Identifier, catalog.AsTime(&d.Created), catalog.AsTime(&d.Updated)); err != nil {
		return err
	}
	return write(tx, d)
}

// write writes what is known of a draft but for who and which it is.
func write(tx *catalog.Tx, d *Draft) error {
	tx.Changed(NounDraft, d.ID, catalog.OpPut)
	return tx.Exec(`update drafts set slug = ?, state = ?, agency = ?, missing = ?, begins = ?, opens = ?, closes = ?, decided = ?, decided_at = ?,
		moderation = ?, title = ?, summary = ?, reason = ?, kind = ?, legal_basis = ?, contact = ?, landing_page = ?, dockets = ?, heard = ?, note = ?, fold = ?
		where id = ?`,
		d.Slug, d.State, d.Agency, catalog.AsTime(&d.Missing), catalog.AsTime(&d.Begins), catalog.AsTime(&d.Opens), catalog.AsTime(&d.Closes),
		string(d.Decided), catalog.AsTime(&d.DecidedAt), d.Moderation, catalog.AsJSON(&d.Title), catalog.AsJSON(&d.Summary), catalog.AsJSON(&d.Reason), d.Kind,
		catalog.AsJSON(&d.LegalBasis), d.Contact, d.Landing, catalog.AsJSON(&d.Dockets), catalog.AsJSON(&d.Heard), catalog.AsJSON(&d.Note), d.fold(), d.ID)
}

// UpdateDraft changes what is written about a draft. change gets it as it is;
// who and which it is, its periods and its decision stay.
func UpdateDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64, change func(*Draft) error) (Draft, error) {
	d, err := changing(tx, by, key, revision)
	if err != nil {
		return d, err
	}
	before, now := d, d
	before.Dockets, now.Dockets = slices.Clone(d.Dockets), slices.Clone(d.Dockets)
	for _, t := range []*catalog.Text{&now.Title, &now.Summary, &now.Reason, &now.LegalBasis, &now.Heard} {
		*t = maps.Clone(*t)
	}
	if err := change(&now); err != nil {
		return d, err
	}
	if err := now.Validate(); err != nil {
		return d, err
	}
	d.describe(&now)
	if d.Kind != before.Kind && d.Decided == "" {
		if err := longEnough(tx, &d); err != nil {
			return d, err
		}
	}
	if err := write(tx, &d); err != nil {
		return d, err
	}
	return did(tx, by, "update", &d, &before, &d, "")
}

// DiscardDraft removes a draft that the public never saw.
func DiscardDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64) error {
	d, err := at(tx, by, catalog.Edit, key, revision)
	if err != nil {
		return err
	}
	if !d.New() {
		return &catalog.ConflictError{Code: "published", Reason: "it was public: it can be withdrawn or retired, with a reason"}
	}
	for _, q := range []string{
		"delete from influences where draft = ?",
		"delete from provisions where version in (select id from versions where draft = ?)",
		"delete from versions where draft = ?",
		"delete from periods where draft = ?",
		"delete from papers where draft = ?",
		"delete from drafts where id = ?",
	} {
		if err := tx.Exec(q, d.ID); err != nil {
			return err
		}
	}
	tx.Changed(NounDraft, d.ID, catalog.OpRetire)
	return tx.Log(by, catalog.Entry{Act: "draft.discard", Noun: NounDraft, Thing: d.ID, Agency: d.Agency}, &d, nil)
}
