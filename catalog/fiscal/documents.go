package fiscal

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// NounDocument is the noun of budget documents in changes and in the log.
const NounDocument = "budget_document"

// DocumentKinds are the eight documents of the Open Budget Survey in the order
// of the year.
var DocumentKinds = [...]string{
	"pre-budget", // pre-budget statement
	"proposal",   // the executive's budget proposal
	"enacted",    // the budget as it became law
	"citizens",   // the budget for citizens
	"in-year",    // reports on the outturn in the course of the year
	"mid-year",   // the review at half of it
	"year-end",   // the report on the whole year
	"audit",      // the audit of that
}

// A Document is a document of a budget, with the day on which it is due.
type Document struct {
	ID       string `json:"id"`
	Agency   string `json:"agency"` // id
	Year     string `json:"year"`   // fiscal year
	Kind     string `json:"kind"`   // of DocumentKinds
	Due      string `json:"due"`    // ISO 8601
	Came     string `json:"came,omitempty"`
	Resource string `json:"resource,omitempty"` // id, where the portal has it
	URL      string `json:"url,omitempty"`      // elsewhere
}

// States of documents.
const (
	DocumentDue    = "due"     // not there, and not late yet
	DocumentLate   = "late"    // not there, and late
	DocumentInTime = "in-time" // it came in time
	DocumentCame   = "came"    // it came late
)

// State returns where the document stands on a day, and by how many days it is
// or was late, or how many there are left.
func (d *Document) State(today string) (state string, days int) {
	at := d.Came
	if at == "" {
		at = today
	}
	late := daysBetween(d.Due, at)
	switch {
	case d.Came == "" && late > 0:
		return DocumentLate, late
	case d.Came == "":
		return DocumentDue, -late
	case late > 0:
		return DocumentCame, late
	}
	return DocumentInTime, -late
}

// daysBetween is how many days b is after a.
func daysBetween(a, b string) int {
	from, err1 := time.Parse(time.DateOnly, a)
	to, err2 := time.Parse(time.DateOnly, b)
	if err1 != nil || err2 != nil {
		return 0
	}
	return int(to.Sub(from).Hours() / 24)
}

const documentColumns = "id, agency, year, kind, due, came, resource, url"

func scanDocument(row catalog.Row) (d Document, err error) {
	err = row.Scan(&d.ID, &d.Agency, &d.Year, &d.Kind, &d.Due, &d.Came, &d.Resource, &d.URL)
	return d, err
}

// Documents returns the documents of a year, of all years without one, by the
// day on which they are due.
func (f *Fiscal) Documents(ctx context.Context, year string) ([]Document, error) {
	rows, err := f.store.Rows(ctx, "select "+documentColumns+" from budget_documents where ?1 = '' or year = ?1 order by due, agency, kind", year)
	all, err := catalog.Collect(rows, err, scanDocument)
	return all, catalog.Wrap("budget documents", err)
}

// PutDocument writes a document; without an id it is that of its agency, year
// and kind, or a new one. It is for who publishes for the agency, and stands in
// the log.
func PutDocument(t *catalog.Tx, by *catalog.Actor, d *Document) error {
	if !by.Can(catalog.Publish, d.Agency) {
		return fmt.Errorf("budget document: %w", catalog.ErrDenied)
	}
	if err := d.validate(); err != nil {
		return err
	}
	was, err := scanDocument(t.Row("select "+documentColumns+" from budget_documents where agency = ?1 and year = ?2 and kind = ?3", d.Agency, d.Year, d.Kind))
	var before any
	switch {
	case catalog.NoRow(err):
		d.ID = t.NewID()
	case err != nil:
		return catalog.Wrap("budget document", err)
	default:
		d.ID, before = was.ID, was
	}
	if err := t.Exec(`insert into budget_documents (`+documentColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		on conflict (id) do update set due = ?5, came = ?6, resource = ?7, url = ?8`, d.ID, d.Agency, d.Year, d.Kind, d.Due, d.Came, d.Resource, d.URL); err != nil {
		return catalog.Wrap("budget document", err)
	}
	t.Changed(NounDocument, d.ID, catalog.OpPut)
	return t.Log(by, catalog.Entry{Act: "budget.document", Noun: NounDocument, Thing: d.ID, Agency: d.Agency}, before, *d)
}

// DropDocument takes a document out of the calendar.
func DropDocument(t *catalog.Tx, by *catalog.Actor, id string) error {
	d, err := scanDocument(t.Row("select "+documentColumns+" from budget_documents where id = ?", id))
	if catalog.NoRow(err) {
		return catalog.NotFound(NounDocument, id)
	}
	if err != nil {
		return catalog.Wrap("budget document", err)
	}
	if !by.Can(catalog.Publish, d.Agency) {
		return fmt.Errorf("budget document: %w", catalog.ErrDenied)
	}
	if err := t.Exec("delete from budget_documents where id = ?", id); err != nil {
		return catalog.Wrap("budget document", err)
	}
	t.Changed(NounDocument, id, catalog.OpRetire)
	return t.Log(by, catalog.Entry{Act: "budget.document.drop", Noun: NounDocument, Thing: id, Agency: d.Agency}, d, nil)
}

func (d *Document) validate() error {
	invalid := func(field, reason string) error { return &catalog.InvalidError{Field: field, Reason: reason} }
	if !slices.Contains(DocumentKinds[:], d.Kind) {
		return invalid("kind", "a budget document is one of "+strings.Join(DocumentKinds[:], ", "))
	}
	if !isYear(d.Year) {
		return invalid("year", "a fiscal year is written 1403, 2014 or 2014-15")
	}
	if _, err := time.Parse(time.DateOnly, d.Due); err != nil {
		return invalid("due", "the day on which the document is due is a date, 2026-03-20")
	}
	if _, err := time.Parse(time.DateOnly, d.Came); d.Came != "" && err != nil {
		return invalid("came", "the day on which the document came is a date, 2026-03-20, or empty")
	}
	u, err := url.Parse(d.URL)
	if d.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return invalid("url", "the address begins with https:// or http://")
	}
	return nil
}
