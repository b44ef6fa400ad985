package catalog

import (
	"database/sql"
	"errors"

	"github.com/openshafaf/shafaf/datasets"
)

// mailHeld tells those who may approve a run that it waits for them: once, not
// with each run of a source that goes on being held.
func (t *Tx) mailHeld(r *Run) error {
	if r.State != RunHeld || r.DryRun || !r.Approved.IsZero() {
		return nil
	}
	var before string
	err := t.row("select state from runs where id = ?", r.ID).Scan(&before)
	if err != nil || before == RunHeld {
		return err
	}
	err = t.row(`select iif(approved = '' and refused = '', state, '') from runs where source = ? and id <> ? and not dry_run and state not in ('queued', 'running')
		order by rowid desc limit 1`, r.Source, r.ID).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) || before == RunHeld {
		return err
	}
	var slug, agency string
	m := Mail{Kind: MailHeld, Thing: r.Source, Data: MailData{Text: r.Reason, Said: r.Said, Count: r.Counts.Waiting, At: t.now}}
	if err := t.row("select slug, coalesce(agency, ''), title from sources where id = ?", r.Source).Scan(&slug, &agency, asJSON(&m.Data.Title)); err != nil {
		return err
	}
	if len(m.Data.Title) == 0 {
		m.Data.Title = Text{Languages[0]: slug}
	}
	m.Data.Path = "/desk/sources/" + r.Source + "/runs/" + r.ID
	return t.QueueNotice(Harvest, agency, &Actor{}, m)
}

// pathDataset is where the desk shows a dataset.
const pathDataset = "/desk/datasets/"

// mailFaults tells those who may mend it that what d was just published with
// has faults in its rows.
func (t *Tx) mailFaults(by *Actor, d *DeskDataset) error {
	m := Mail{Kind: MailFaults, Thing: d.ID, Data: MailData{Title: d.Title, Path: pathDataset + d.ID, At: t.now}}
	err := t.row(`select coalesce(sum(e.faults_n), 0) from resources r join editions e on e.resource = r.id and e.digest = r.edition
		where r.dataset = ? and r.state = 'published'`, d.ID).Scan(&m.Data.Count)
	if err != nil || m.Data.Count == 0 {
		return err
	}
	return t.QueueNotice(Publish, d.Agency, by, m)
}

// mailUndue tells those who may publish it why d was not published at its time.
func (t *Tx) mailUndue(d *DeskDataset, why error) error {
	text, said := undue(why)
	return t.QueueNotice(Publish, d.Agency, &schedule, Mail{Kind: MailUndue, Thing: d.ID, Data: MailData{Title: d.Title, Path: pathDataset + d.ID, Text: text, Said: said, At: t.now}})
}

// undue says why a dataset was not published at its time.
func undue(why error) (string, []Said) {
	var conflict *ConflictError
	var invalid *InvalidError
	kind := saysFault
	switch {
	case errors.As(why, &conflict):
		kind = "undue." + conflict.Code
	case errors.As(why, &invalid):
		kind = "undue." + invalid.Field
	}
	if sayings[kind] == "" {
		return why.Error(), nil
	}
	text, s := datasets.NewSaid(kind, sayings[kind])
	return text, []Said{s}
}
