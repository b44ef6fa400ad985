package site

import (
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

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
	More                    int64 // suppliers that are not shown
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

// A contractPen writes the parts of a process in a language.
type contractPen struct {
	l       *locale
	read    *ocds.Process
	parties map[string]contracts.Party
}

// keys are those of the organisations that the page names.
func (p *contractPen) keys() []string {
	keys := []string{p.read.Buyer.Key}
	if p.read.Tender != nil {
		keys = append(keys, p.read.Tender.Procuring.Key)
	}
	for i := range p.read.Awards[:min(len(p.read.Awards), contractShown)] {
		all := p.read.Awards[i].Suppliers
		for _, s := range all[:min(len(all), suppliersShown)] {
			keys = append(keys, s.Key)
		}
	}
	for i, n := 0, 0; i < len(p.read.Contracts) && n < contractShown; i++ {
		all := p.read.Contracts[i].Transactions
		for _, t := range all[:min(len(all), contractShown-n)] {
			keys = append(keys, t.Payee.Key)
			n++
		}
	}
	return keys
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
		for _, s := range a.Suppliers[:min(len(a.Suppliers), suppliersShown)] {
			row.Suppliers = append(row.Suppliers, p.link(s))
		}
		row.More = int64(len(a.Suppliers) - len(row.Suppliers))
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
