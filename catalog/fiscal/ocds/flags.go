package ocds

import (
	"slices"
	"strings"
)

// Limits are the numbers that red flags are raised by.
type Limits struct {
	TenderDays    int              `json:"tender_days"`    // fewer days for offers are short
	OverAward     int64            `json:"over_award"`     // per cent by which a contract may be above its award
	DirectShare   int64            `json:"direct_share"`   // per cent of a buyer's processes that may be direct
	SupplierShare int64            `json:"supplier_share"` // per cent of a buyer's money that one supplier may get
	Processes     int64            `json:"processes"`      // that a buyer has at least before its shares tell anything
	Near          int64            `json:"near"`           // per cent below a threshold that are just under it
	Thresholds    map[string]int64 `json:"thresholds"`     // by currency, in minor units, above which a stricter method is due
}

// DefaultLimits are in force where nobody set others. Thresholds are of a
// country: without them the flag that needs one cannot be worked out.
func DefaultLimits() Limits {
	return Limits{TenderDays: 10, OverAward: 10, DirectShare: 30, SupplierShare: 50, Processes: 5, Near: 5}
}

// Results of a rule.
const (
	Raised  = "raised"
	Clear   = "clear"
	Unknown = "unknown" // what it needs is missing
)

// A Flag is what came of a rule for a process. It is a hint to look, and proof
// of nothing.
type Flag struct {
	Key    string  `json:"key"`
	State  string  `json:"state"`
	Needs  string  `json:"needs,omitempty"`  // with Unknown: the key of what is missing
	Values []Value `json:"values,omitempty"` // the numbers in its formula
	Field  string  `json:"field,omitempty"`  // of which award or contract: its id
}

// A Value is a number in a formula.
type Value struct {
	Name   string  `json:"name"`
	N      *int64  `json:"n,omitempty"`
	Amount *Amount `json:"amount,omitempty"`
	Date   string  `json:"date,omitempty"`
}

func number(name string, n int64) Value { return Value{Name: name, N: &n} }

func amount(name string, a *Amount) Value { return Value{Name: name, Amount: a} }

func date(name, at string) Value { return Value{Name: name, Date: at} }

// A Dossier is what rules look at.
type Dossier struct {
	Process  *Process
	Changes  []Change
	Releases []Release // in their order, without bodies
	Limits   Limits
}

// A Rule is a red flag: what it is called, and how it is worked out.
type Rule struct {
	Key  string
	test func(*Dossier) Flag
}

// Rules is the table of the red flags of a process.
var Rules = []Rule{
	{"single", single},
	{"short", shortPeriod},
	{"over", overAward},
	{"amended", amended},
	{"unpublished", unpublished},
	{"near", nearThreshold},
	{"order", order},
}

// BuyerRules are the keys of the red flags of a buyer, which are worked out of
// all its processes.
var BuyerRules = []string{"directshare", "suppliershare"}

// Flags works out all rules of a process, in their order.
func Flags(d *Dossier) []Flag {
	all := make([]Flag, 0, len(Rules))
	for _, r := range Rules {
		f := r.test(d)
		f.Key = r.Key
		all = append(all, f)
	}
	return all
}

func needs(what string) Flag { return Flag{State: Unknown, Needs: what} }

// found is a flag that is raised when it holds.
func found(raised bool, values ...Value) Flag {
	if raised {
		return Flag{State: Raised, Values: values}
	}
	return Flag{State: Clear, Values: values}
}

// of is the flag with the id of the award or contract that it is about.
func (f Flag) of(id string) Flag {
	f.Field = id
	return f
}

// clearOr is a flag that is not raised, or one that cannot be worked out where
// nothing was there to be looked at.
func clearOr(looked bool, missing string) Flag {
	if !looked {
		return needs(missing)
	}
	return found(false)
}

// competitive reports whether others could make an offer.
func (p *Process) competitive() bool { return p.Method == "open" || p.Method == "selective" }

// single: one offer only, where others could have made one.
func single(d *Dossier) Flag {
	p := d.Process
	switch {
	case p.Method == "":
		return needs("method")
	case !p.competitive():
		return found(false)
	case p.Tender == nil || p.Tender.Number == nil:
		return needs("tenderers")
	}
	return found(*p.Tender.Number == 1, number("n", int64(*p.Tender.Number)))
}

// shortPeriod: fewer days for offers than the limit.
func shortPeriod(d *Dossier) Flag {
	p := d.Process
	switch {
	case p.Method == "":
		return needs("method")
	case !p.competitive():
		return found(false)
	case p.Tender == nil || p.Tender.Opens == "" || p.Tender.Closes == "":
		return needs("period")
	}
	n, _ := days(p.Tender.Opens, p.Tender.Closes)
	return found(n < d.Limits.TenderDays, number("days", int64(n)), number("limit", int64(d.Limits.TenderDays)))
}

// overAward: the contracts of an award are worth more than it by a share.
func overAward(d *Dossier) Flag {
	p := d.Process
	if len(p.Contracts) == 0 {
		return needs("contract")
	}
	looked := false
	var last Flag
	for i := range p.Awards {
		a := &p.Awards[i]
		var values []*Amount
		for k := range p.Contracts {
			if c := &p.Contracts[k]; c.AwardID == a.ID && !c.Void() {
				values = append(values, c.Value)
			}
		}
		sum := Sum(values)
		if a.Void() || a.Value == nil || sum == nil || sum.Currency != a.Value.Currency || a.Value.Minor <= 0 {
			continue
		}
		looked = true
		over := Share(sum.Minor-a.Value.Minor, a.Value.Minor)
		last = found(over > d.Limits.OverAward, amount("contract", sum), amount("award", a.Value), number("percent", over), number("limit", d.Limits.OverAward)).of(a.ID)
		if last.State == Raised {
			return last
		}
	}
	if !looked {
		return needs("values")
	}
	return last
}

// Share is how many per cent of a whole a part is, rounded towards zero.
func Share(part, whole int64) int64 {
	const wide = 1 << 55
	for part > wide || part < -wide { // 100 times it would not fit
		part, whole = part/2, max(whole/2, 1)
	}
	return 100 * part / whole
}

// amended: the value of a contract was raised after it was signed.
func amended(d *Dossier) Flag {
	p := d.Process
	if len(p.Contracts) == 0 {
		return needs("contract")
	}
	if len(d.Releases) < 2 {
		return needs("releases")
	}
	signed := false
	for i := range p.Contracts {
		c := &p.Contracts[i]
		if c.Signed == "" || c.Value == nil {
			continue
		}
		signed = true
		for k := range d.Changes {
			ch := &d.Changes[k]
			if ch.Path != "contracts/"+c.ID+"/value/amount" || ch.Date <= c.Signed {
				continue
			}
			from, _, ok := minorUnits(ch.From, Scale(c.Value.Currency))
			if ok && isNumber.MatchString(ch.From) && c.Value.Minor > from {
				return found(true, amount("from", &Amount{from, c.Value.Currency}), amount("to", c.Value), date("signed", c.Signed), date("at", ch.Date)).of(c.ID)
			}
		}
	}
	return clearOr(signed, "signed")
}

// unpublished: nothing was published of the process before it was awarded.
func unpublished(d *Dossier) Flag {
	if len(d.Process.Awards) == 0 {
		return needs("award")
	}
	before, after := "", ""
	for i := range d.Releases {
		r := &d.Releases[i]
		if r.Compiled() || r.Date == "" {
			continue
		}
		ahead, award := false, false
		for _, t := range r.Tags {
			ahead = ahead || strings.HasPrefix(t, Planning) || strings.HasPrefix(t, Tendered)
			award = award || strings.HasPrefix(t, Awarded) || strings.HasPrefix(t, Contracted)
		}
		if ahead && !award && before == "" {
			before = r.Date
		}
		if award && after == "" {
			after = r.Date
		}
	}
	switch {
	case after == "":
		return needs("releases")
	case before == "":
		return found(true, date("award", after))
	}
	return found(before >= after, date("tender", before), date("award", after))
}

// nearThreshold: a contract is worth just less than what asks for a stricter
// method.
func nearThreshold(d *Dossier) Flag {
	p := d.Process
	if len(d.Limits.Thresholds) == 0 {
		return needs("threshold")
	}
	looked := false
	for i := range p.Contracts {
		c := &p.Contracts[i]
		if c.Value == nil || c.Void() {
			continue
		}
		limit, ok := d.Limits.Thresholds[c.Value.Currency]
		if !ok || limit <= 0 {
			continue
		}
		looked = true
		gap := limit - c.Value.Minor
		if gap > 0 && Share(gap, limit) < d.Limits.Near {
			return found(true, amount("value", c.Value), amount("threshold", &Amount{limit, c.Value.Currency}), number("limit", d.Limits.Near)).of(c.ID)
		}
	}
	return clearOr(looked, "values")
}

// order: dates stand in an order that cannot be: signed before the award, or
// awarded before the offers were in.
func order(d *Dossier) Flag {
	p := d.Process
	looked := false
	for i := range p.Awards {
		a := &p.Awards[i]
		if a.Void() || a.Date == "" {
			continue
		}
		if t := p.Tender; t != nil && t.Closes != "" {
			looked = true
			if sameDay(a.Date) < sameDay(t.Closes) {
				return found(true, date("first", t.Closes), date("second", a.Date)).of(a.ID)
			}
		}
		for k := range p.Contracts {
			c := &p.Contracts[k]
			if c.AwardID != a.ID || c.Signed == "" {
				continue
			}
			looked = true
			if sameDay(c.Signed) < sameDay(a.Date) {
				return found(true, date("first", a.Date), date("second", c.Signed)).of(c.ID)
			}
		}
	}
	return clearOr(looked, "dates")
}

// sameDay is the day of a date.
func sameDay(at string) string { return at[:min(len(at), len("2006-01-02"))] }

// RaisedOf are the keys of the flags that are raised.
func RaisedOf(flags []Flag) []string {
	all := []string{}
	for i := range flags {
		if flags[i].State == Raised && !slices.Contains(all, flags[i].Key) {
			all = append(all, flags[i].Key)
		}
	}
	return all
}
