package site

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// calendarPath is the calendar of budget documents, without language.
const calendarPath = spendingPath + "/calendar"

// A calendarView is the documents of a budget year, with when they are due.
type calendarView struct {
	Frame
	Year   string
	Years  []choice
	Groups []documentGroup
	shape  calendarShape
}

// A documentGroup is the documents of an agency.
type documentGroup struct {
	Agency Link
	Rows   []documentRow
	Absent []string // kinds of which nobody said when they are due
}

// A documentRow is a document on the page.
type documentRow struct {
	Kind  string
	State string
	Class string
	Due   template.HTML
	Came  template.HTML
	Says  string
	Link  Link
}

// A calendarShape is the documents as the API answers them.
type calendarShape struct {
	Year    string          `json:"year"`
	Years   []string        `json:"years"`
	Total   int64           `json:"total"`
	Results []documentShape `json:"results"`
}

// A documentShape is a document with where it stands.
type documentShape struct {
	fiscal.Document
	State string `json:"state"`
	Days  int    `json:"days"` // late, or left
}

// JSON is the documents as the API answers them.
func (v *calendarView) JSON() any { return v.shape }

// documentClasses are the marks of states.
var documentClasses = map[string]string{
	fiscal.DocumentDue: "idle", fiscal.DocumentLate: "bad", fiscal.DocumentInTime: "ok", fiscal.DocumentCame: "warn",
}

// budgetCalendar answers the documents of a year, the newest without a wish.
func (s *Site) budgetCalendar(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	all, err := s.fiscal.Documents(ctx, "")
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	years := documentYears(all)
	v := &calendarView{Year: r.Query.Get(paramYear)}
	if v.Year == "" && len(years) > 0 {
		v.Year = years[0]
	}
	if v.Year != "" && !slices.Contains(years, v.Year) {
		return nil, &catalog.InvalidError{Field: paramYear, Reason: l.Text("calendar.year.unknown")}
	}
	v.shape = calendarShape{Year: v.Year, Years: append([]string{}, years...), Results: []documentShape{}}
	for _, y := range years {
		v.Years = append(v.Years, choice{Key: y, Label: l.year(y), Current: y == v.Year})
	}
	today := s.Now().In(l.zone).Format(time.DateOnly)
	for i := range all {
		d := &all[i]
		if d.Year != v.Year {
			continue
		}
		state, days := d.State(today)
		v.shape.Results = append(v.shape.Results, documentShape{*d, state, days})
		g := v.group(l.agencyLink(agencies.byID[d.Agency]))
		row, err := s.documentRow(r, l, d, state, days)
		if err != nil {
			return nil, err
		}
		g.Rows = append(g.Rows, row)
		g.Absent = slices.DeleteFunc(g.Absent, func(kind string) bool { return kind == d.Kind })
	}
	v.shape.Total = int64(len(v.shape.Results))
	v.Frame = Frame{
		Title: l.Text("calendar.title"), Description: l.Text("calendar.description"), Section: sectionSpending,
		Crumbs: []Link{{Text: l.Text("nav.spending"), URL: "/" + r.Lang + spendingPath}}, NoIndex: r.Query.Has(paramYear),
	}
	return v, nil
}

// documentYears are the years that there are documents of, the newest first.
func documentYears(all []fiscal.Document) []string {
	var years []string
	for i := range all {
		if !slices.Contains(years, all[i].Year) {
			years = append(years, all[i].Year)
		}
	}
	slices.SortFunc(years, func(a, b string) int { return strings.Compare(b, a) })
	return years
}

// group is that of an agency, which is made when there is none.
func (v *calendarView) group(agency Link) *documentGroup {
	for i := range v.Groups {
		if v.Groups[i].Agency == agency {
			return &v.Groups[i]
		}
	}
	v.Groups = append(v.Groups, documentGroup{Agency: agency, Absent: slices.Clone(fiscal.DocumentKinds[:])})
	return &v.Groups[len(v.Groups)-1]
}

func (s *Site) documentRow(r *Request, l *locale, d *fiscal.Document, state string, days int) (documentRow, error) {
	row := documentRow{Kind: d.Kind, State: state, Class: documentClasses[state], Due: l.Date(d.Due), Says: l.Text("calendar.says."+state, "n", days)}
	if d.Came != "" {
		row.Came = l.Date(d.Came)
	}
	if address := webAddress(d.URL); address != "" {
		row.Link = Link{Text: hostOf(address), URL: address}
	}
	if d.Resource == "" {
		return row, nil
	}
	place, err := s.Catalog.Locate(r.Context(), d.Resource)
	if err == nil && catalog.Visible(place.Resource.State) && catalog.Visible(place.Dataset.State) {
		t := l.said(place.Dataset.Title)
		row.Link = Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + resourcePath(place.Dataset.Slug, place.Resource.ID)}
	}
	return row, nil
}
