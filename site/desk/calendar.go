package desk

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathCalendar is where agencies say when the documents of their budgets are
// due, and when they came.
const pathCalendar = pathHome + "/calendar"

func (d *Desk) calendarRoutes() []site.Route {
	return []site.Route{
		{Path: pathCalendar, View: d.calendar, Act: d.doCalendar, Template: "desk_calendar"},
		{Path: pathCalendar + "/{document}", View: d.document, Act: d.doDocument, Template: "desk_calendar"},
	}
}

// A calendarView is the budget documents of one's agencies, or one of them.
type calendarView struct {
	page
	acts
	Rows []documentRow
	Done string

	document *fiscal.Document // the one that the page is of
}

// A documentRow is a document in the list.
type documentRow struct {
	Kind, Year, Agency, URL, State, Class string
	Due                                   time.Time
	Says                                  string
}

// documentMarks are the marks of states.
var documentMarks = map[string]string{fiscal.DocumentDue: "idle", fiscal.DocumentLate: "bad", fiscal.DocumentInTime: "ok", fiscal.DocumentCame: "warn"}

// calendarAgencies are those whose calendar the actor keeps.
func (d *Desk) calendarAgencies(r *site.Request) ([]agencyName, error) {
	ids, all := r.Actor.Agencies(catalog.Publish)
	if !all && len(ids) == 0 {
		return nil, fiber.ErrNotFound
	}
	if all {
		ids = nil
	}
	names, err := d.agencyNames(r.Context(), r.Lang, ids)
	return slices.DeleteFunc(names, func(a agencyName) bool { return catalog.IsBuiltin(a.ID) }), err
}

// ownDocuments are the documents of these agencies, by their due days.
func (d *Desk) ownDocuments(r *site.Request) ([]agencyName, []fiscal.Document, error) {
	names, err := d.calendarAgencies(r)
	if err != nil {
		return nil, nil, err
	}
	all, err := d.budgets.Documents(r.Context(), "")
	return names, slices.DeleteFunc(all, func(doc fiscal.Document) bool {
		return !slices.ContainsFunc(names, func(a agencyName) bool { return a.ID == doc.Agency })
	}), err
}

func (d *Desk) calendarPage(r *site.Request) (*calendarView, error) {
	names, all, err := d.ownDocuments(r)
	if err != nil {
		return nil, err
	}
	v := &calendarView{page: page{frame(r, "desk.calendar.title")}}
	if done := r.Query.Get("done"); done == "put" || done == "drop" {
		v.Done = "desk.calendar.done." + done
	}
	today, err := d.today()
	if err != nil {
		return nil, err
	}
	for _, doc := range slices.Backward(all) { // the newest first
		state, days := doc.State(today)
		row := documentRow{
			Kind: doc.Kind, Year: r.Digits(doc.Year), Agency: nameOf(names, doc.Agency), URL: "/" + r.Lang + pathCalendar + "/" + doc.ID, State: state, Class: documentMarks[state],
			Says: r.Text("calendar.says."+state, "n", days),
		}
		if row.Due, err = time.Parse(time.DateOnly, doc.Due); err != nil {
			return nil, err
		}
		v.Rows = append(v.Rows, row)
	}
	kinds := field{Name: "document_kind", Kind: "select"}
	for _, k := range fiscal.DocumentKinds {
		kinds.Options = append(kinds.Options, option{Value: k, Label: r.Text("calendar.kind." + k)})
	}
	v.Forms = []form{{Do: "put", Submit: "desk.calendar.submit.put", Fields: append([]field{
		{Name: "agency", Kind: "select", Options: placeOptions(names, false)}, {Name: "budget_year", Kind: "text", Short: true}, kinds,
	}, documentFields(r, &fiscal.Document{})...)}}
	return v, nil
}

// documentFields ask when a document is due, when it came and where it is.
func documentFields(r *site.Request, doc *fiscal.Document) []field {
	return []field{
		{Name: "due_day", Kind: "text", Short: true, Value: typedDay(r, doc.Due)},
		{Name: "came_day", Kind: "text", Short: true, Value: typedDay(r, doc.Came), Optional: true},
		{Name: "document_url", Kind: "url", Value: doc.URL, Optional: true},
	}
}

// today is the day where the clock of the pages stands.
func (d *Desk) today() (string, error) {
	zone, err := time.LoadLocation(zoneName)
	return d.Store.Now().In(zone).Format(time.DateOnly), err
}

func (d *Desk) calendar(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.calendarPage)
}

func (d *Desk) doCalendar(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.calendarPage)
	if err != nil {
		return nil, err
	}
	doc := fiscal.Document{Agency: chosen(f, "agency"), Kind: chosen(f, "document_kind"), Year: strings.ReplaceAll(persian.ASCIIDigits(f.typed("budget_year")), "/", "-")}
	return d.putDocument(r, v, f, &doc, pathCalendar, d.calendarPage)
}

// putDocument stores a document with the days that the form says.
func (d *Desk) putDocument(r *site.Request, v *calendarView, f *form, doc *fiscal.Document, path string, page func(*site.Request) (*calendarView, error)) (site.View, error) {
	for name, into := range map[string]*string{"due_day": &doc.Due, "came_day": &doc.Came} {
		day, err := dayOf(f.typed(name))
		if err != nil || day != "" && len(day) != len(time.DateOnly) {
			f.wrong(name, r.Text("desk.wrong.due_day"))
		}
		*into = day
	}
	doc.URL = f.typed("document_url")
	if len(f.Faults) > 0 {
		return stay(v, f, nil)
	}
	err := d.freshForm(r, path)
	if err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return fiscal.PutDocument(tx, &r.Actor, doc) })
	}
	if err == nil {
		return nil, moved(r, pathCalendar+"?done=put")
	}
	for theirs, ours := range map[string]string{"kind": "document_kind", "year": "budget_year", "due": "due_day", "came": "came_day", "url": "document_url"} {
		err = inField(err, theirs, ours)
	}
	return stay(v, f, d.refusedWrite(r, f, err, newly(r, page, f)))
}

// documentPage is one document, to be changed or dropped.
func (d *Desk) documentPage(r *site.Request) (*calendarView, error) {
	names, all, err := d.ownDocuments(r)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(doc fiscal.Document) bool { return doc.ID == r.Param("document") })
	if at < 0 {
		return nil, catalog.NotFound(fiscal.NounDocument, r.Param("document"))
	}
	doc := all[at]
	v := &calendarView{page: page{frame(r, "desk.calendar.title")}, document: &doc}
	v.Title = r.Text("calendar.kind."+doc.Kind) + r.Text("list.comma") + " " + r.Digits(doc.Year) + r.Text("list.comma") + " " + nameOf(names, doc.Agency)
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.calendar.title"), URL: "/" + r.Lang + pathCalendar})
	v.Forms = []form{{Do: "put", Submit: "desk.calendar.submit.put", Fields: documentFields(r, &doc)}, {Do: "drop", Submit: "desk.calendar.submit.drop"}}
	return v, nil
}

func (d *Desk) document(_ *site.Site, r *site.Request) (site.View, error) {
	return shownAgain(r, d.documentPage)
}

func (d *Desk) doDocument(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.documentPage)
	if err != nil {
		return nil, err
	}
	path := pathCalendar + "/" + v.document.ID
	if f.Do == "put" {
		return d.putDocument(r, v, f, v.document, path, d.documentPage)
	}
	if err = d.freshForm(r, path); err == nil {
		err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return fiscal.DropDocument(tx, &r.Actor, v.document.ID) })
	}
	if err == nil || errors.Is(err, catalog.ErrNotFound) {
		return nil, moved(r, pathCalendar+"?done=drop")
	}
	return stay(v, f, d.refusedWrite(r, f, err, newly(r, d.documentPage, f)))
}
