package ocds

import (
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// The stages of a process, in their order.
const (
	Planning       = "planning"
	Tendered       = "tender"
	Awarded        = "award"
	Contracted     = "contract"
	Implementation = "implementation"
)

// Stages are all stages.
var Stages = []string{Planning, Tendered, Awarded, Contracted, Implementation}

// Methods are the ways of choosing a supplier (1.1, codelist method).
var Methods = []string{"open", "selective", "limited", "direct"}

// methodOf is a code of the codelist, however it is written, and nothing for
// others.
func methodOf(s string) string {
	s = strings.ToLower(s)
	if slices.Contains(Methods, s) {
		return s
	}
	return ""
}

// A Process is what the releases of a process make together.
type Process struct {
	Title       string
	Description string
	Language    string
	Stage       string
	Status      string
	Method      string // of Methods
	MethodSaid  string // what the publisher calls it
	Why         string // its rationale
	Category    string
	Buyer       Party
	Budget      *Budget
	Tender      *Tender
	Awards      []Award
	Contracts   []Contract
	Documents   []Document
	Parts       []Part
	Related     []string // ocids
}

// A Budget is what the process is paid from.
type Budget struct {
	ID          string
	Description string
	Project     string
	Amount      *Amount
	Lines       []string // ids of the lines of budgets that it names, its own first
}

// A Tender is the call for offers.
type Tender struct {
	ID, Title, Status string
	Procuring         Party
	Value             *Amount
	Opens, Closes     string
	Tenderers         []Party
	Number            *int // of tenderers
	Amendments        []Amendment
}

// An Award is the choice of suppliers.
type Award struct {
	ID, Title, Status, Date string
	Value                   *Amount
	Suppliers               []Party
	Amendments              []Amendment
}

// A Contract is what was signed for an award.
type Contract struct {
	ID, AwardID, Title, Status string
	Value                      *Amount
	Signed, Starts, Ends       string
	Transactions               []Transaction
	Amendments                 []Amendment
}

// A Transaction is a payment.
type Transaction struct {
	ID, Date     string
	Value        *Amount
	Payer, Payee Party
}

// An Amendment is what the publisher says that it changed.
type Amendment struct {
	ID, Date, Rationale, Description string
}

// A Document is a paper of a stage.
type Document struct {
	Stage, Title, Kind, URL, Format, Published string
}

// void are the statuses of what did not come about.
var void = []string{"cancelled", "unsuccessful", "withdrawn"}

// Void reports whether the award did not come about.
func (a *Award) Void() bool { return slices.Contains(void, strings.ToLower(a.Status)) }

// Void reports whether the contract did not come about.
func (c *Contract) Void() bool { return slices.Contains(void, strings.ToLower(c.Status)) }

// Of reads a merged release.
func Of(body Object) Process {
	p := Process{Language: text(body["language"])}
	all := partiesOf(body)
	p.Buyer, _ = all.party(object(body, "buyer"))
	p.planning(object(body, "planning"))
	p.tender(object(body, "tender"), all)
	for _, o := range objects(body, "awards") {
		p.award(o, all)
	}
	for _, o := range objects(body, "contracts") {
		p.contract(o, all)
	}
	if p.Buyer.Key == "" && p.Tender != nil {
		p.Buyer = p.Tender.Procuring
	}
	for _, o := range objects(body, "relatedProcesses") {
		if id := short(o["identifier"]); id != "" {
			p.Related = append(p.Related, id)
		}
	}
	p.name(body)
	p.stage(body)
	p.Parts = p.parts()
	return p
}

func (p *Process) planning(o Object) {
	if o == nil {
		return
	}
	p.documents(Planning, o)
	b := object(o, "budget")
	if b == nil {
		return
	}
	p.Budget = &Budget{ID: short(b["id"]), Description: short(b["description"]), Project: firstOf(short(b["project"]), short(b["projectID"]))}
	value := object(b, "amount")
	if value == nil { // 1.0 of some: the amount itself
		value = b
	}
	p.Budget.Amount, _ = Money(value)
	add := func(id string) {
		if id != "" && !slices.Contains(p.Budget.Lines, id) {
			p.Budget.Lines = append(p.Budget.Lines, id)
		}
	}
	add(p.Budget.ID)
	for _, line := range objects(b, "budgetBreakdown") {
		add(short(line["id"]))
	}
}

func (p *Process) tender(o Object, all parties) {
	if o == nil {
		return
	}
	t := &Tender{ID: short(o["id"]), Title: short(o["title"]), Status: short(o["status"]), Amendments: amendments(o)}
	t.Procuring, _ = all.party(object(o, "procuringEntity"))
	t.Value, _ = Money(object(o, "value"))
	period := object(o, "tenderPeriod")
	t.Opens, t.Closes = dateOf(period, "startDate"), dateOf(period, "endDate")
	t.Tenderers = all.parties(o, "tenderers")
	if n, ok := count(o["numberOfTenderers"]); ok {
		t.Number = &n
	} else if n := len(t.Tenderers); n > 0 {
		t.Number = &n
	}
	p.Tender = t
	p.MethodSaid, p.Why = firstOf(short(o["procurementMethodDetails"]), short(o["procurementMethod"])), short(o["procurementMethodRationale"])
	p.Method, p.Category = methodOf(text(o["procurementMethod"])), short(o["mainProcurementCategory"])
	p.documents(Tendered, o)
}

func (all parties) parties(o Object, key string) []Party {
	var list []Party
	for _, one := range objects(o, key) {
		if party, ok := all.party(one); ok {
			list = append(list, party)
		}
	}
	return list
}

func (p *Process) award(o Object, all parties) {
	a := Award{ID: short(o["id"]), Title: short(o["title"]), Status: short(o["status"]), Date: dateOf(o, "date"), Amendments: amendments(o)}
	a.Value, _ = Money(object(o, "value"))
	a.Suppliers = all.parties(o, "suppliers")
	p.Awards = append(p.Awards, a)
	p.documents(Awarded, o)
}

func (p *Process) contract(o Object, all parties) {
	c := Contract{
		ID: short(o["id"]), AwardID: short(o["awardID"]), Title: short(o["title"]), Status: short(o["status"]),
		Signed: dateOf(o, "dateSigned"), Amendments: amendments(o),
	}
	c.Value, _ = Money(object(o, "value"))
	period := object(o, "period")
	c.Starts, c.Ends = dateOf(period, "startDate"), dateOf(period, "endDate")
	done := object(o, "implementation")
	for _, one := range objects(done, "transactions") {
		t := Transaction{ID: short(one["id"]), Date: dateOf(one, "date")}
		value := object(one, "value")
		if value == nil {
			value = object(one, "amount") // 1.0
		}
		t.Value, _ = Money(value)
		t.Payer, _ = all.party(orObject(one, "payer", "providerOrganization"))
		t.Payee, _ = all.party(orObject(one, "payee", "receiverOrganization"))
		c.Transactions = append(c.Transactions, t)
	}
	p.Contracts = append(p.Contracts, c)
	p.documents(Contracted, o)
	p.documents(Implementation, done)
}

func orObject(o Object, keys ...string) Object {
	for _, k := range keys {
		if v := object(o, k); v != nil {
			return v
		}
	}
	return nil
}

func amendments(o Object) []Amendment {
	var all []Amendment
	for _, key := range []string{"amendments", "amendment"} {
		for _, a := range objects(o, key) {
			all = append(all, Amendment{short(a["id"]), dateOf(a, "date"), short(a["rationale"]), short(a["description"])})
		}
	}
	slices.SortStableFunc(all, func(a, b Amendment) int { return strings.Compare(a.Date, b.Date) })
	return all
}

// mostDocuments is how many papers of a process are listed.
const mostDocuments = 500

func (p *Process) documents(stage string, o Object) {
	for _, d := range objects(o, "documents") {
		if len(p.Documents) >= mostDocuments {
			return
		}
		p.Documents = append(p.Documents, Document{
			Stage: stage, Title: firstOf(short(d["title"]), short(d["description"]), short(d["id"])), Kind: short(d["documentType"]),
			URL: short(d["url"]), Format: short(d["format"]), Published: dateOf(d, "datePublished"),
		})
	}
}

// name finds what the process is called.
func (p *Process) name(body Object) {
	tender := object(body, "tender")
	names := []string{first(tender, "title")}
	for i := range p.Contracts {
		names = append(names, p.Contracts[i].Title)
	}
	for i := range p.Awards {
		names = append(names, p.Awards[i].Title)
	}
	if p.Budget != nil {
		names = append(names, p.Budget.Project, p.Budget.Description)
	}
	p.Title = persian.CutBytes(firstOf(append(names, text(tender["description"]), text(object(body, "planning")["rationale"]))...), mostText)
	p.Description = firstOf(text(tender["description"]), text(object(body, "planning")["rationale"]))
	const mostDescription = 8 << 10
	if p.Description = persian.CutBytes(p.Description, mostDescription); p.Description == p.Title {
		p.Description = ""
	}
}

// stage finds how far the process has come, and what is said of that stage.
func (p *Process) stage(body Object) {
	p.Stage = Planning
	if p.Tender != nil {
		p.Stage, p.Status = Tendered, p.Tender.Status
	}
	for i := range p.Awards {
		p.Stage, p.Status = Awarded, p.Awards[i].Status
	}
	paid := false
	for i := range p.Contracts {
		p.Stage, p.Status = Contracted, p.Contracts[i].Status
		paid = paid || len(p.Contracts[i].Transactions) > 0
	}
	for _, o := range objects(body, "contracts") {
		paid = paid || len(object(o, "implementation")) > 0
	}
	if paid {
		p.Stage = Implementation
	}
}

// Totals are what the process is worth by stage and currency. An award or
// contract that did not come about is not counted. A sum too large to be meant
// is none.
func (p *Process) Totals() map[string]map[string]int64 {
	all, over := map[string]map[string]int64{}, map[[2]string]bool{}
	add := func(what string, a *Amount) {
		if a == nil || over[[2]string{what, a.Currency}] {
			return
		}
		if all[what] == nil {
			all[what] = map[string]int64{}
		}
		sum := all[what][a.Currency] + a.Minor
		all[what][a.Currency] = sum
		if sum > mostMinor || sum < -mostMinor {
			over[[2]string{what, a.Currency}] = true
			delete(all[what], a.Currency)
		}
	}
	if p.Tender != nil {
		add("tendered", p.Tender.Value)
	}
	for i := range p.Awards {
		if a := &p.Awards[i]; !a.Void() {
			add("awarded", a.Value)
		}
	}
	for i := range p.Contracts {
		c := &p.Contracts[i]
		if !c.Void() {
			add("contracted", c.Value)
		}
		for j := range c.Transactions {
			add("paid", c.Transactions[j].Value)
		}
	}
	return all
}

// count reads a number of things.
func count(v any) (int, bool) {
	s := text(v)
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' || n > 1_000_000 {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, s != ""
}

// days is how many days lie between two dates, rounded down; ok is false when
// one is not known.
func days(from, to string) (n int, ok bool) {
	a, b := day(from), day(to)
	if a.IsZero() || b.IsZero() {
		return 0, false
	}
	return int(b.Sub(a) / (24 * time.Hour)), true
}
