package ocds

import (
	"regexp"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// Roles of organisations in a process.
const (
	RoleBuyer     = "buyer"
	RoleProcuring = "procuringEntity"
	RoleTenderer  = "tenderer"
	RoleSupplier  = "supplier"
	RolePayer     = "payer"
	RolePayee     = "payee"
)

// Roles are all roles.
var Roles = []string{RoleBuyer, RoleProcuring, RoleTenderer, RoleSupplier, RolePayer, RolePayee}

// A Party is an organisation.
type Party struct {
	Key     string `json:"-"` // tells it from others: scheme and number, else its folded name
	Name    string `json:"name"`
	Scheme  string `json:"scheme,omitempty"` // of its number: "IR-NID"
	Number  string `json:"number,omitempty"`
	Country string `json:"country,omitempty"`
}

// A Part is what an organisation does in a process.
type Part struct {
	Party  Party
	Role   string
	Thing  string  // id of the award, for suppliers
	Amount *Amount // that it got; nil when that is not known of it alone
}

// registered is an identifier that carries the list that it is of, as the
// standard advises: "GB-LAC-E09000003".
var registered = regexp.MustCompile(`^[A-Za-z]{2,}-[^\s].{3,}$`)

// parties knows the organisations of a process by their ids in it.
type parties map[string]Object

func partiesOf(body Object) parties {
	all := parties{}
	for _, o := range objects(body, "parties") {
		if id := text(o["id"]); id != "" {
			all[id] = o
		}
	}
	return all
}

// party is the organisation that an object stands for: one of the process's
// parties by its id (1.1), or what is written there (1.0). ok is false when it
// has neither name nor number.
func (all parties) party(o Object) (p Party, ok bool) {
	if o == nil {
		return p, false
	}
	local := text(o["id"])
	whole := all[local]
	if whole == nil {
		whole = o
	}
	p.Name = persian.CutBytes(firstOf(first(o, "name"), first(whole, "name"), first(object(whole, "identifier"), "legalName")), mostText)
	id := object(whole, "identifier")
	p.Scheme, p.Number = persian.CutBytes(text(id["scheme"]), mostText), persian.CutBytes(text(id["id"]), mostText)
	p.Country = persian.CutBytes(first(object(whole, "address"), "countryName", "country"), mostText)
	fold := persian.Fold(p.Name)
	switch {
	case p.Scheme != "" && p.Number != "":
		p.Key = "id " + p.Scheme + " " + p.Number
	case registered.MatchString(local) && len(local) <= mostID:
		p.Key, p.Number = "id "+local, firstOf(p.Number, local)
	case strings.TrimSpace(fold) != "":
		p.Key = "name " + fold
	default:
		return p, false
	}
	if p.Name == "" {
		p.Name = p.Number
	}
	return p, true
}

// firstOf is the first text that is not empty.
func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// parts are what organisations do in the process, each once for a role and a
// thing.
func (p *Process) parts() []Part {
	var all []Part
	seen := map[[3]string]int{}
	add := func(o Party, role, thing string, amount *Amount) {
		key := [3]string{o.Key, role, thing}
		if _, twice := seen[key]; o.Key == "" || twice {
			return
		}
		seen[key] = len(all)
		all = append(all, Part{o, role, thing, amount})
	}
	add(p.Buyer, RoleBuyer, "", nil)
	if p.Tender != nil {
		add(p.Tender.Procuring, RoleProcuring, "", nil)
		for _, t := range p.Tender.Tenderers {
			add(t, RoleTenderer, "", nil)
		}
	}
	for i := range p.Awards {
		a := &p.Awards[i]
		if a.Void() {
			continue
		}
		worth := p.worth(a)
		if len(a.Suppliers) != 1 {
			worth = nil // who of them got how much is not said
		}
		for _, s := range a.Suppliers {
			add(s, RoleSupplier, a.ID, worth)
		}
	}
	for i := range p.Contracts {
		for _, t := range p.Contracts[i].Transactions {
			add(t.Payer, RolePayer, "", nil)
			add(t.Payee, RolePayee, "", nil)
		}
	}
	return all
}

// worth is what an award is worth: the sum of its contracts, else its own value.
func (p *Process) worth(a *Award) *Amount {
	var values []*Amount
	for i := range p.Contracts {
		if c := &p.Contracts[i]; c.AwardID == a.ID && !c.Void() {
			values = append(values, c.Value)
		}
	}
	if sum := Sum(values); sum != nil {
		return sum
	}
	return a.Value
}

// Sum adds amounts of one currency; nil when one is not known, they are of
// several currencies, or there are none.
func Sum(values []*Amount) *Amount {
	if len(values) == 0 {
		return nil
	}
	var sum Amount
	for _, v := range values {
		if v == nil || sum.Currency != "" && v.Currency != sum.Currency {
			return nil
		}
		sum.Currency = v.Currency
		if sum.Minor += v.Minor; sum.Minor > mostMinor || sum.Minor < -mostMinor {
			return nil
		}
	}
	return &sum
}
