package indicators

import (
	"fmt"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// at returns the filing for the actor to do the verb to, at the given revision.
// An empty agency in who asks for the portal itself.
func at(tx *catalog.Tx, by *catalog.Actor, do catalog.Verb, id string, revision int64) (Filing, error) {
	f, err := scanFiling(tx.Row("select "+filingColumns+" from filings f where f.id = ?", id))
	if catalog.NoRow(err) {
		return f, catalog.NotFound(NounFiling, id)
	}
	if err != nil {
		return f, err
	}
	agency := f.Agency
	if do == catalog.Operate {
		agency = ""
	}
	switch {
	case !by.Can(do, agency):
		return Filing{}, fmt.Errorf("filing %q: %w", id, catalog.ErrDenied)
	case revision != catalog.AnyRevision && revision != f.Revision:
		return f, &catalog.StaleError{Given: revision, Current: f.Revision}
	}
	return f, nil
}

// reasoned is the reason as it is kept; an empty one is refused where there
// must be one.
func reasoned(reason string, needed bool) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" && needed {
		return "", invalid("reason", "say why; everybody sees it")
	}
	return reason, short("reason", catalog.Text{catalog.Languages[0]: reason})
}

// Review accepts or rejects a filing. A rejection needs a reason; everybody
// sees it. Who operates the portal may.
func Review(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, accept bool, reason string) (Filing, error) {
	f, err := at(tx, by, catalog.Operate, id, revision)
	if err != nil {
		return f, err
	}
	if f.State == Objected {
		return f, &catalog.ConflictError{Code: "filing.objected", Reason: "the agency objects: decide that"}
	}
	if accept {
		return act(tx, by, &f, Accepted, ActAccepted, reason, false)
	}
	return act(tx, by, &f, Rejected, ActRejected, reason, true)
}

// Object says in the agency's name why a rejection is wrong. Who publishes for
// it may, once for each rejection.
func Object(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, reason string) (Filing, error) {
	f, err := at(tx, by, catalog.Publish, id, revision)
	if err != nil {
		return f, err
	}
	if f.State != Rejected {
		return f, &catalog.ConflictError{Code: "filing.unrejected", Reason: "nobody rejected it"}
	}
	var last string
	if err := tx.Row("select kind from filing_acts where filing = ? order by n desc limit 1", id).Scan(&last); err != nil {
		return f, err
	}
	if last == ActDismissed {
		return f, &catalog.ConflictError{Code: "filing.dismissed", Reason: "the objection was looked at and dismissed: hand in other evidence"}
	}
	return act(tx, by, &f, Objected, ActObjected, reason, true)
}

// Decide ends an objection: upheld, the filing is accepted; dismissed, it stays
// rejected. Both need a reason. Who operates the portal may.
func Decide(tx *catalog.Tx, by *catalog.Actor, id string, revision int64, uphold bool, reason string) (Filing, error) {
	f, err := at(tx, by, catalog.Operate, id, revision)
	if err != nil {
		return f, err
	}
	if f.State != Objected {
		return f, &catalog.ConflictError{Code: "filing.unobjected", Reason: "nobody objects"}
	}
	if uphold {
		return act(tx, by, &f, Accepted, ActUpheld, reason, true)
	}
	return act(tx, by, &f, Rejected, ActDismissed, reason, true)
}

// act gives the filing its new state.
func act(tx *catalog.Tx, by *catalog.Actor, f *Filing, state State, kind, reason string, needed bool) (Filing, error) {
	reason, err := reasoned(reason, needed)
	if err != nil {
		return *f, err
	}
	if f.State == state {
		return *f, &catalog.ConflictError{Code: "filing." + string(state), Reason: "it is so already"}
	}
	book, err := sets(tx)
	if err != nil {
		return *f, err
	}
	before := *f
	f.State, f.Updated = state, tx.Now()
	if err := f.put(tx); err != nil {
		return *f, err
	}
	return did(tx, by, book, &before, f, kind, reason)
}

// put writes the filing at its next revision.
func (f *Filing) put(tx *catalog.Tx) error {
	f.Revision++
	tx.Changed(NounFiling, f.ID, catalog.OpPut)
	return tx.Exec(`insert into filings (id, agency, indicator, period, state, revision, due, filed, updated, statement) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set state = excluded.state, revision = excluded.revision, due = excluded.due, updated = excluded.updated, statement = excluded.statement`,
		f.ID, f.Agency, f.Indicator, f.Period, string(f.State), f.Revision, catalog.AsTime(&f.Due), catalog.AsTime(&f.Filed), catalog.AsTime(&f.Updated),
		catalog.AsJSON(&f.Statement))
}

// did checks the filing, scores it, lists the act for everybody and for the log,
// and tells those whom it concerns.
func did(tx *catalog.Tx, by *catalog.Actor, book rulebook, before, f *Filing, kind, reason string) (Filing, error) {
	found, err := inspect(tx, book, []string{f.ID}, tx.Now())
	if err != nil {
		return *f, err
	}
	for i := range found {
		if err := found[i].keep(tx); err != nil {
			return *f, err
		}
	}
	if err := tx.Exec(`insert into filing_acts (filing, n, at, kind, reason, check_n, name)
		values (?1, (select coalesce(max(n), 0) + 1 from filing_acts where filing = ?1), ?2, ?3, ?4, (select coalesce(max(n), 0) from filing_checks where filing = ?1), ?5)`,
		f.ID, catalog.Stamp(tx.Now()), kind, reason, by.Name); err != nil {
		return *f, err
	}
	if err := tx.Log(by, catalog.Entry{Act: "filing." + kind, Noun: NounFiling, Thing: f.ID, Agency: f.Agency, Note: reason}, before.stated(), f.stated()); err != nil {
		return *f, err
	}
	if err := f.tell(tx, by, book, kind, reason); err != nil {
		return *f, err
	}
	return filing(tx, f.ID)
}

// stated is what the log keeps of a filing before and after an act.
type stated struct {
	Indicator string `json:"indicator"`
	Period    string `json:"period"`
	State     State  `json:"state,omitempty"`
}

func (f *Filing) stated() any {
	if f.Revision == 0 {
		return nil
	}
	return stated{f.Indicator, f.Period, f.State}
}

// tell writes to the agency what was decided, and to who operates the portal
// that the agency objects.
func (f *Filing) tell(tx *catalog.Tx, by *catalog.Actor, book rulebook, kind, reason string) error {
	letter := map[string]string{
		ActRejected: catalog.MailFilingRejected, ActUpheld: catalog.MailFilingUpheld, ActDismissed: catalog.MailFilingDismissed, ActObjected: catalog.MailFilingObjected,
	}[kind]
	if letter == "" {
		return nil
	}
	do, agency := catalog.Publish, f.Agency
	if kind == ActObjected {
		do, agency = catalog.Operate, ""
	}
	return tx.QueueNotice(do, agency, by, catalog.Mail{Kind: letter, Thing: f.ID, Data: f.letter(tx, book, reason)})
}

// letter is what a letter says of the filing.
func (f *Filing) letter(tx *catalog.Tx, book rulebook, text string) catalog.MailData {
	data := catalog.MailData{Title: catalog.Text{catalog.Languages[0]: f.Indicator}, Path: "/filings/" + f.ID, Text: text, At: tx.Now()}
	if p, err := PeriodOf(f.Period); err == nil {
		if s := book.of(&p, tx.Now()); s != nil && s.Indicator(f.Indicator) != nil {
			data.Title = s.Indicator(f.Indicator).Title
		}
	}
	if a, err := tx.Agency(f.Agency); err == nil {
		data.Agency = a.Title
	}
	return data
}
