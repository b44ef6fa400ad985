package consultation

import (
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// stated is what the log keeps of a draft before and after a decision.
type stated struct {
	State   string `json:"state"`
	Slug    string `json:"slug,omitempty"`
	Decided Stage  `json:"decided,omitempty"`
}

func (d *Draft) stated() stated { return stated{d.State, d.Slug, d.Decided} }

// PublishDraft makes a draft public, and with it the text that waits when there
// is no public one yet. One that was retired comes back.
func PublishDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64) (Draft, error) {
	d, err := at(tx, by, catalog.Publish, key, revision)
	if err != nil {
		return d, err
	}
	if d.Visible() {
		return d, &catalog.ConflictError{Code: "published", Reason: "it is public already"}
	}
	before := d.stated()
	if err := publishFirst(tx, &d); err != nil {
		return d, err
	}
	if !d.Opens.IsZero() {
		if err := worded(tx, &d); err != nil {
			return d, err
		}
	}
	if d.New() {
		if err := stillAhead(tx, &d); err != nil {
			return d, err
		}
		if d.Slug, err = tx.FreeSlug("drafts", d.Title, NounDraft, d.ID); err != nil {
			return d, err
		}
	}
	d.State = catalog.Published
	if err := write(tx, &d); err != nil {
		return d, err
	}
	if err := tx.Returned(NounDraft, d.ID); err != nil {
		return d, err
	}
	return did(tx, by, "publish", &d, before, d.stated(), "")
}

// stillAhead refuses a draft whose period was to begin before anybody could see
// it: the days that it has to be open would not all be there.
func stillAhead(tx *catalog.Tx, d *Draft) error {
	all, err := periods(tx, d.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	r, err := ruleOf(d.Kind, tx.Setting)
	if err != nil {
		return err
	}
	p := all[len(all)-1]
	if p.Opens.Before(tx.Now()) {
		p.Opens = tx.Now()
	}
	if !p.Closes.After(tx.Now()) {
		return &PeriodError{Code: "over", Field: "closes", At: tx.Now()}
	}
	p.Kind = Opened
	return p.long(r)
}

// publishFirst publishes the text of a draft that has none that is public. No
// comment stands on an earlier one.
func publishFirst(tx *catalog.Tx, d *Draft) error {
	var v Version
	v, err := scanVersion(tx.Row("select "+versionColumns+" from versions v where v.draft = ?1 and v.state = 'draft' and v.n = 1", d.ID))
	if catalog.NoRow(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return publishText(tx, &v)
}

func publishText(tx *catalog.Tx, v *Version) error {
	v.State, v.Published = catalog.Published, tx.Now()
	tx.Changed(NounVersion, v.ID, catalog.OpPut)
	return tx.Exec("update versions set state = ?, published = ? where id = ?", v.State, catalog.AsTime(&v.Published), v.ID)
}

// needed refuses a reason that says nothing.
func needed(reason string) (string, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", &catalog.InvalidError{Field: "reason", Reason: "say why; everybody sees it"}
	}
	return reason, fits("reason", catalog.Text{"": reason}, MaxAbout)
}

// RetireDraft takes a draft from the public, for a reason that stands in the
// ledger: it should never have been there. One that the agency gives up is
// withdrawn instead, and stays to be read.
func RetireDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64, reason string) (Draft, error) {
	d, err := at(tx, by, catalog.Publish, key, revision)
	if err != nil {
		return d, err
	}
	if reason, err = needed(reason); err != nil {
		return d, err
	}
	if !d.Visible() {
		return d, &catalog.ConflictError{Code: "unpublished", Reason: "it is not public"}
	}
	before := d.stated()
	if err := tx.RetireThing(d.removal(catalog.RemovedDeleted, reason), catalog.Retired); err != nil {
		return d, err
	}
	d.State = catalog.Retired
	return did(tx, by, "retire", &d, before, d.stated(), reason)
}

func (d *Draft) removal(kind, reason string) *catalog.Removal {
	return &catalog.Removal{
		Noun: NounDraft, Thing: d.ID, Slug: d.Slug, Title: d.Title, Agency: d.Agency, Kind: kind, Reason: reason,
		Source: d.Source, Identifier: d.Identifier, Missing: d.Missing,
	}
}

// TakeDown withdraws a draft (its slug or id) for an operator: nothing of it is
// shown, the ledger says why, and no harvest brings it back.
func TakeDown(tx *catalog.Tx, by *catalog.Actor, key, reason string) (Draft, error) {
	d, err := operated(tx, by, key)
	if err != nil {
		return d, err
	}
	if reason, err = needed(reason); err != nil {
		return d, err
	}
	switch d.State {
	case catalog.Published, catalog.Retired:
	case catalog.Withdrawn:
		return d, &catalog.ConflictError{Code: "withdrawn", Reason: "it has been taken down already"}
	default:
		return d, &catalog.ConflictError{Code: "unpublished", Reason: "it was never public: its agency can discard it"}
	}
	before := d.stated()
	if err := tx.RetireThing(d.removal(catalog.RemovedTakedown, reason), catalog.Withdrawn); err != nil {
		return d, err
	}
	d.State = catalog.Withdrawn
	return did(tx, by, "takedown", &d, before, d.stated(), reason)
}

// operated returns a draft for an operator.
func operated(tx *catalog.Tx, by *catalog.Actor, key string) (Draft, error) {
	d, err := seen(tx, by, catalog.View, key)
	if err == nil && !by.Can(catalog.Operate, "") {
		err = catalog.ErrDenied
	}
	return d, err
}

// UndoTakeDown publishes again what an operator took down.
func UndoTakeDown(tx *catalog.Tx, by *catalog.Actor, key string) (Draft, error) {
	d, err := operated(tx, by, key)
	if err != nil {
		return d, err
	}
	if d.State != catalog.Withdrawn {
		return d, &catalog.ConflictError{Code: "published", Reason: "it has not been taken down"}
	}
	before := d.stated()
	if err := tx.RestoreThing(NounDraft, d.ID); err != nil {
		return d, err
	}
	d.State = catalog.Published
	if err := write(tx, &d); err != nil {
		return d, err
	}
	return did(tx, by, "restore", &d, before, d.stated(), "")
}
