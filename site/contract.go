package site

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// A contractView is one process from its plan to its payments.
type contractView struct {
	Frame
	Title                                   said
	Lead                                    said
	Process                                 contracts.Process
	Method                                  string // key of its text
	Facts                                   []contractFact
	Steps                                   []contractStep
	Awards                                  []awardRow
	Contracts                               []signedRow
	Payments                                []paymentRow
	MoreAwards, MoreContracts, MorePayments int64 // rows that are not shown
	Amended                                 []amendmentRow
	Changes                                 []contractChange
	Papers                                  []ocds.Document
	MoreAmended, MoreChanges, MorePapers    int64
	Releases                                []contracts.Release
	Flags                                   []flagRow
	Named                                   []Link // the red flags that are raised
	Record                                  string // address of all that is known as OCDS
	shape                                   contractAnswer
}

// A contractAnswer is a process as the API answers it.
type contractAnswer struct {
	ContractShape
	Amounts  []contracts.Sum     `json:"amounts"`
	Compiled ocds.Object         `json:"compiled"`
	Changes  []ocds.Change       `json:"changes"`
	Checks   []ocds.Flag         `json:"checks"`
	Releases []contracts.Release `json:"releases"` // without what they say: that is in the record
	Record   string              `json:"record_url"`
}

// JSON is the process as the API answers it.
func (v *contractView) JSON() any { return v.shape }

// A contractFact is a line of what is said of a process.
type contractFact struct {
	Key    string
	Text   said
	URL    string
	Number string // of an organisation
	Note   string
	Code   bool
}

func (s *Site) contract(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	w, err := s.contracts.Get(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	v := &contractView{Title: l.contractTitle(&w.Process), Process: w.Process, Record: contractPath(w.Slug) + "/record.json"}
	if v.Releases, err = s.contracts.Releases(ctx, w.ID, false); err != nil {
		return nil, err
	}
	names, err := s.contractNames(ctx, []contracts.Process{w.Process})
	if err != nil {
		return nil, err
	}
	amounts, err := s.contracts.Amounts(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	v.shape = contractAnswer{
		s.shapeContract(&w.Process, names), amounts, w.Body, w.Changes, w.Flags, v.Releases, s.baseURL() + v.Record,
	}
	if r.JSON {
		return v, nil
	}
	return v, s.contractPage(ctx, l, &w, v, names)
}

// contractShown is how many awards, contracts or payments a page lists, and
// suppliersShown how many suppliers of an award.
const (
	contractShown  = 300
	suppliersShown = 20
)

func firstRows[T any](rows []T) (some []T, more int64) {
	n := min(len(rows), contractShown)
	return rows[:n], int64(len(rows) - n)
}

// contractPage fills the page of a process.
func (s *Site) contractPage(ctx context.Context, l *locale, w *contracts.Whole, v *contractView, names contractNames) error {
	p := &contractPen{l: l, read: &w.Read}
	var err error
	if p.parties, err = s.contracts.PartiesByKey(ctx, p.keys()); err != nil {
		return err
	}
	v.Lead = l.said(catalog.TitleOf(w.Read.Description))
	v.Method = "contracts.method." + firstOf(w.Method, contracts.NoMethod)
	v.Steps = p.steps(w.Stage)
	v.Awards, v.MoreAwards = firstRows(p.awards())
	v.Contracts, v.MoreContracts = firstRows(p.contracts())
	v.Payments, v.MorePayments = firstRows(p.payments())
	v.Amended, v.MoreAmended = firstRows(p.amended())
	v.Papers, v.MorePapers = firstRows(w.Read.Documents)
	for i := range v.Papers {
		v.Papers[i].URL = webAddress(v.Papers[i].URL)
	}
	var changes []ocds.Change
	changes, v.MoreChanges = firstRows(w.Changes)
	for _, c := range changes {
		v.Changes = append(v.Changes, p.change(c))
	}
	for i := range w.Flags {
		f := l.flagRow(&w.Flags[i])
		v.Flags = append(v.Flags, f)
		if w.Flags[i].State == ocds.Raised {
			v.Named = append(v.Named, Link{Text: f.Name, URL: "#flag-" + f.Key})
		}
	}
	if v.Facts, err = s.contractFacts(ctx, p, w, names); err != nil {
		return err
	}
	v.Frame = Frame{
		Title: v.Title.Text, TitleLang: v.Title.Lang, Description: l.Text("contract.description", "name", v.Title.Text), Section: sectionContracts,
		Crumbs: []Link{{Text: l.Text("contracts.title"), URL: "/" + l.lang + contractsPath}},
	}
	return nil
}

// contractFacts are what is said of a process, and where that came from.
func (s *Site) contractFacts(ctx context.Context, p *contractPen, w *contracts.Whole, names contractNames) ([]contractFact, error) {
	l, read := p.l, &w.Read
	var all []contractFact
	add := func(f contractFact) {
		if f.Text.Text != "" {
			all = append(all, f)
		}
	}
	plain := func(key, text string) { add(contractFact{Key: key, Text: l.said(catalog.TitleOf(text))}) }
	party := func(key string, o ocds.Party) {
		link := p.link(o)
		add(contractFact{Key: key, Text: said{link.Text, link.Lang, direction(link.Lang)}, URL: link.URL, Number: o.Number})
	}
	party("buyer", read.Buyer)
	if read.Tender != nil && read.Tender.Procuring.Key != read.Buyer.Key {
		party("procuring", read.Tender.Procuring)
	}
	plain("method", read.MethodSaid)
	plain("why", read.Why)
	if read.Category != "" {
		text := read.Category
		if _, ok := l.texts["contracts.category."+text]; ok {
			text = l.Text("contracts.category." + text)
		}
		add(contractFact{Key: "category", Text: said{Text: text}})
	}
	if read.Tender != nil && read.Tender.Number != nil {
		add(contractFact{Key: "tenderers", Text: said{Text: l.Num(int64(*read.Tender.Number))}})
	}
	if b := read.Budget; b != nil {
		f := contractFact{Key: "budget", Text: l.said(catalog.TitleOf(firstOf(w.Line, b.Description, b.Project))), Code: w.Line != "", Note: l.Text("contract.budget.unnamed")}
		if w.Line != "" {
			f.Note = l.Text("contract.budget.missing")
		}
		if w.Budget != "" {
			f.URL, f.Note = "/"+l.lang+"/spending/budgets/"+w.Budget, ""
		}
		add(f)
		if a := l.amountOf(b.Amount); a != nil {
			add(contractFact{Key: "planned", Text: said{Text: a.String()}})
		}
	} else {
		add(contractFact{Key: "budget", Text: said{Text: l.Text("contract.budget.none")}})
	}
	add(contractFact{Key: "ocid", Text: said{Text: w.OCID}, Code: true})
	if a := names.agencies.byID[w.Agency]; a != nil {
		link := l.agencyLink(a)
		add(contractFact{Key: "agency", Text: l.said(a.Title), URL: link.URL})
	}
	sources, err := s.Catalog.SourcesByID(ctx)
	if src := sources[w.Source]; src != nil {
		link := l.sourceLink(src)
		add(contractFact{Key: "source", Text: said{Text: link.Text, Lang: link.Lang}, URL: link.URL})
	}
	return all, err
}
