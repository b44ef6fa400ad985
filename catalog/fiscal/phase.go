package fiscal

// A Phase is how far an amount of a budget has come.
type Phase string

// The phases, in their order.
const (
	Proposed  Phase = "proposed"
	Approved  Phase = "approved"
	Adjusted  Phase = "adjusted"
	Executed  Phase = "executed"
	Committed Phase = "committed"
	Paid      Phase = "paid"
)

// Phases are all phases.
var Phases = [...]Phase{Proposed, Approved, Adjusted, Executed, Committed, Paid}

// index is the place of the phase in Phases, -1 for none of them.
func (p Phase) index() int {
	for i, q := range Phases {
		if p == q {
			return i
		}
	}
	return -1
}

// A Direction is what an amount is: money that comes in or goes out.
type Direction string

// The directions.
const (
	Expenditure Direction = "expenditure"
	Revenue     Direction = "revenue"
)

// Directions are both.
var Directions = [...]Direction{Expenditure, Revenue}

// An Amount is money in minor units of its currency.
type Amount = int64

// Amounts are the sums of lines by phase; nil where no line gives one.
type Amounts struct {
	Proposed  *Amount `json:"proposed,omitempty"`
	Approved  *Amount `json:"approved,omitempty"`
	Adjusted  *Amount `json:"adjusted,omitempty"`
	Executed  *Amount `json:"executed,omitempty"`
	Committed *Amount `json:"committed,omitempty"`
	Paid      *Amount `json:"paid,omitempty"`
}

// Of returns the sum of a phase, nil for none.
func (a *Amounts) Of(p Phase) *Amount {
	if i := p.index(); i >= 0 {
		return *a.All()[i]
	}
	return nil
}

// All returns the places of the sums, in the order of Phases.
func (a *Amounts) All() [len(Phases)]**Amount {
	return [...]**Amount{&a.Proposed, &a.Approved, &a.Adjusted, &a.Executed, &a.Committed, &a.Paid}
}
