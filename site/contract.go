package site

import (
	"context"
	"html/template"
	"maps"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"

	"github.com/goccy/go-json"
	"github.com/gofiber/fiber/v2"
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

// A contractStep is a stage of the process with the days that are known of it.
type contractStep struct {
	Key      string
	Done     bool
	Current  bool
	From, To string
	Worth    *amountText
}

// An awardRow is the choice of suppliers.
type awardRow struct {
	ID, Title, Status, Date string
	Suppliers               []Link
	Worth                   *amountText
	Void                    bool
}

// A signedRow is a contract.
type signedRow struct {
	ID, Award, Title, Status string
	Signed, Starts, Ends     string
	Worth, Paid              *amountText
}

// A paymentRow is a payment for a contract.
type paymentRow struct {
	Contract, ID, Date string
	Payee              Link
	Worth              *amountText
}

// An amendmentRow is what the publisher says that it amended.
type amendmentRow struct {
	Of    string // what was amended
	Thing string // its id
	ocds.Amendment
}

// A contractChange is what a release said otherwise than those before it.
type contractChange struct {
	ocds.Change
	From, To string // as texts of the page
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

// contractShown is how many awards, contracts or payments a page lists.
const contractShown = 300

func firstRows[T any](rows []T) (some []T, more int64) {
	n := min(len(rows), contractShown)
	return rows[:n], int64(len(rows) - n)
}

// contractPage fills the page of a process.
func (s *Site) contractPage(ctx context.Context, l *locale, w *contracts.Whole, v *contractView, names contractNames) error {
	var keys []string
	for i := range w.Read.Parts {
		keys = append(keys, w.Read.Parts[i].Party.Key)
	}
	parties, err := s.contracts.PartiesByKey(ctx, keys)
	if err != nil {
		return err
	}
	p := &contractPen{l, &w.Read, parties}
	v.Lead = l.said(catalog.TitleOf(w.Read.Description))
	v.Method = "contracts.method." + firstOf(w.Method, contracts.NoMethod)
	v.Steps = p.steps(w.Stage)
	v.Awards, v.MoreAwards = firstRows(p.awards())
	v.Contracts, v.MoreContracts = firstRows(p.contracts())
	v.Payments, v.MorePayments = firstRows(p.payments())
	v.Amended = p.amended()
	v.Papers = w.Read.Documents
	for _, c := range w.Changes {
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

// serveContractRecord answers with all that is known of a process as a record
// package of OCDS: its releases as they came, and what they make together.
func (s *Site) serveContractRecord(c *fiber.Ctx) error {
	ctx := c.UserContext()
	w, err := s.contracts.Get(ctx, c.Params("slug"))
	if err != nil {
		return err
	}
	releases, err := s.contracts.Releases(ctx, w.ID, true)
	if err != nil {
		return err
	}
	bodies, last := make([]json.RawMessage, 0, len(releases)), ""
	for i := range releases {
		last = releases[i].Date
		bodies = append(bodies, releases[i].Content)
	}
	compiled := maps.Clone(w.Body)
	compiled["ocid"], compiled["id"], compiled["date"], compiled["tag"] = w.OCID, w.OCID+"-"+last, last, []string{"compiled"}
	body, err := json.Marshal(map[string]any{
		"uri": s.baseURL() + contractPath(w.Slug) + "/record.json", "version": "1.1", "publishedDate": w.Updated,
		"publisher": map[string]any{"name": s.locales[s.Language()].Text("site.name"), "uri": s.baseURL()},
		"records":   []any{map[string]any{"ocid": w.OCID, "releases": bodies, "compiledRelease": compiled}},
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return reply(c, fiber.StatusOK, CacheRevalidate, body)
}

// A contractPen writes the parts of a process in a language.
type contractPen struct {
	l       *locale
	read    *ocds.Process
	parties map[string]contracts.Party
}

func (p *contractPen) link(o ocds.Party) Link {
	if known, ok := p.parties[o.Key]; ok && o.Key != "" {
		return p.l.partyLink(&known)
	}
	t := p.l.said(catalog.TitleOf(o.Name))
	return Link{Text: t.Text, Lang: t.Lang}
}

// steps are the stages of the process.
func (p *contractPen) steps(stage string) []contractStep {
	steps := make([]contractStep, len(ocds.Stages))
	now := 0
	for i, key := range ocds.Stages {
		steps[i].Key = key
		if key == stage {
			now = i
		}
	}
	for i := range steps {
		steps[i].Done, steps[i].Current = i < now, i == now
	}
	if b := p.read.Budget; b != nil {
		steps[0].Worth = p.l.amountOf(b.Amount)
	}
	if t := p.read.Tender; t != nil {
		steps[1].From, steps[1].To, steps[1].Worth = t.Opens, t.Closes, p.l.amountOf(t.Value)
	}
	if len(p.read.Awards) == 1 {
		steps[2].From, steps[2].Worth = p.read.Awards[0].Date, p.l.amountOf(p.read.Awards[0].Value)
	}
	if len(p.read.Contracts) == 1 {
		c := &p.read.Contracts[0]
		steps[3].From, steps[3].Worth = c.Signed, p.l.amountOf(c.Value)
		steps[4].From, steps[4].To, steps[4].Worth = c.Starts, c.Ends, p.l.paid(c)
	}
	return steps
}

// paid is what was paid for a contract; nil when it is not known of every
// payment, or they are of several currencies.
func (l *locale) paid(c *ocds.Contract) *amountText {
	var values []*ocds.Amount
	for i := range c.Transactions {
		values = append(values, c.Transactions[i].Value)
	}
	return l.amountOf(ocds.Sum(values))
}

func (p *contractPen) awards() []awardRow {
	var rows []awardRow
	for i := range p.read.Awards {
		a := &p.read.Awards[i]
		row := awardRow{ID: a.ID, Title: a.Title, Status: a.Status, Date: a.Date, Worth: p.l.amountOf(a.Value), Void: a.Void()}
		for _, s := range a.Suppliers {
			row.Suppliers = append(row.Suppliers, p.link(s))
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *contractPen) contracts() []signedRow {
	var rows []signedRow
	for i := range p.read.Contracts {
		c := &p.read.Contracts[i]
		rows = append(rows, signedRow{
			ID: c.ID, Award: c.AwardID, Title: c.Title, Status: c.Status, Signed: c.Signed, Starts: c.Starts, Ends: c.Ends,
			Worth: p.l.amountOf(c.Value), Paid: p.l.paid(c),
		})
	}
	return rows
}

func (p *contractPen) payments() []paymentRow {
	var rows []paymentRow
	for i := range p.read.Contracts {
		c := &p.read.Contracts[i]
		for _, t := range c.Transactions {
			rows = append(rows, paymentRow{Contract: c.ID, ID: t.ID, Date: t.Date, Payee: p.link(t.Payee), Worth: p.l.amountOf(t.Value)})
		}
	}
	return rows
}

func (p *contractPen) amended() []amendmentRow {
	var rows []amendmentRow
	add := func(of, thing string, all []ocds.Amendment) {
		for _, a := range all {
			rows = append(rows, amendmentRow{of, thing, a})
		}
	}
	if p.read.Tender != nil {
		add(p.l.Text("contracts.stage.tender"), "", p.read.Tender.Amendments)
	}
	for i := range p.read.Awards {
		add(p.l.Text("contract.award"), p.read.Awards[i].ID, p.read.Awards[i].Amendments)
	}
	for i := range p.read.Contracts {
		add(p.l.Text("contract.contract"), p.read.Contracts[i].ID, p.read.Contracts[i].Amendments)
	}
	return rows
}

// change is a change with its numbers as the language writes them.
func (p *contractPen) change(c ocds.Change) contractChange {
	show := func(s string) string {
		if _, err := strconv.ParseFloat(s, 64); err == nil && strings.HasSuffix(c.Path, "/amount") {
			return p.l.number(s, true)
		}
		return s
	}
	return contractChange{c, show(c.From), show(c.To)}
}

// A flagRow is what came of a rule, in words with its numbers.
type flagRow struct {
	Key   string
	State string
	Class string
	Name  string
	Rule  string
	Says  template.HTML
	Field string
}

var flagClasses = map[string]string{ocds.Raised: "warn", ocds.Clear: "ok", ocds.Unknown: "idle"}

func (l *locale) flagRow(f *ocds.Flag) flagRow {
	row := flagRow{
		Key: f.Key, State: f.State, Class: flagClasses[f.State], Name: l.Text("contracts.flag." + f.Key), Rule: l.Text("contracts.rule." + f.Key), Field: f.Field,
	}
	if f.State == ocds.Unknown {
		row.Says = l.HTML("contracts.needs." + f.Needs)
		return row
	}
	if len(f.Values) == 0 {
		return row
	}
	var args []any
	for i := range f.Values {
		v := &f.Values[i]
		args = append(args, v.Name)
		switch {
		case v.N != nil:
			args = append(args, *v.N)
		case v.Amount != nil:
			args = append(args, l.amountOf(v.Amount).String())
		default:
			args = append(args, l.DateText(v.Date))
		}
	}
	key := "contracts.formula." + f.Key
	if _, own := l.texts[key+"."+f.State]; own {
		key += "." + f.State
	}
	row.Says = l.HTML(key, args...)
	return row
}
