package site

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// A spendingTable is what is below a place, row by row.
type spendingTable struct {
	Caption string
	Head    []headCell
	Rows    []spendingRow
	Rest    []spendingRow // one of those that have no row of their own, if any
	RestURL string
	Whole   spendingRow // the place itself
	Total   int64
}

// A spendingRow is a node in the table.
type spendingRow struct {
	Name     said
	Code     string
	URL      string
	Part     string // of the whole, in percent
	X        float64
	Width    float64
	Cells    []amountCell
	Spent    *spentMark
	HasSpent bool // the table has a column for it
}

// spendingRows is how many rows the table has before the rest.
const spendingRows = 50

// mostSpendingRows is how many it has at most; its files have all.
const mostSpendingRows = 2000

// table writes the nodes below the place.
func (p *spent) table(l *locale, m *money) *spendingTable {
	if len(p.children) == 0 {
		return nil
	}
	name := p.name(l)
	t := &spendingTable{Caption: l.Text("spending.table", "name", name.Text, "year", l.year(p.Year), "unit", p.unit(l, m)), Total: int64(len(p.children))}
	phases := p.columns()
	t.Head = append(t.Head, headCell{Label: l.Text("spending.of." + p.levelKey())}, headCell{Label: l.Text("spending.part", "phase", l.Text("spending.phase."+string(p.drawn()))), Numeric: true})
	for _, phase := range phases {
		t.Head = append(t.Head, headCell{Label: l.Text("spending.phase." + string(phase)), Numeric: true})
	}
	if slices.Contains(p.measures, measureShare) {
		t.Head = append(t.Head, headCell{Label: l.Text("spending.measure.share")})
	}
	shown, most := spendingRows, p.largest()
	if p.All {
		shown = mostSpendingRows
	}
	if len(p.children) <= shown+1 {
		shown = len(p.children)
	}
	for i := range p.children[:shown] {
		n := &p.children[i]
		row := p.row(l, m, n, phases, most)
		row.Name = l.nodeName(n, p.agencies)
		if row.Code = n.Code; n.Code == fiscal.Unclassified || n.Scheme == fiscal.SchemeAgency || row.Name.Text == n.Code {
			row.Code = ""
		}
		row.URL = "/" + l.lang + p.at(n.Path).address()
		t.Rows = append(t.Rows, row)
	}
	if rest := p.children[shown:]; len(rest) > 0 {
		sum := summed(rest)
		row := p.row(l, m, &sum, phases, most)
		row.Name = said{Text: l.Text("spending.rest", "n", len(rest))}
		t.Rest = []spendingRow{row}
		if all := p.spendingPlace; !p.All {
			all.All = true
			t.RestURL = "/" + l.lang + all.address()
		}
	}
	t.Whole = p.row(l, m, &p.node, phases, 0)
	t.Whole.Name = said{Text: l.Text("spending.whole")}
	return t
}

func (p *spent) unit(l *locale, m *money) string {
	if p.Head {
		return l.Text("spending.unit.head", "unit", m.unit())
	}
	return m.unit()
}

// levelKey says what the nodes below the place are.
func (p *spent) levelKey() string {
	scheme := p.children[0].Scheme
	switch scheme {
	case fiscal.SchemeCOFOG:
		return fiscal.SchemeFunctional
	case fiscal.SchemeGFSM:
		return fiscal.SchemeEconomic
	case fiscal.SchemeAgency, fiscal.SchemeAdministrative, fiscal.SchemeProgramme, fiscal.SchemeFunctional, fiscal.SchemeEconomic, fiscal.SchemeGeography, fiscal.SchemeFund:
		return scheme
	}
	return "part"
}

// columns are the phases that the table has.
func (p *spent) columns() []fiscal.Phase {
	var all []fiscal.Phase
	for _, phase := range p.year.Phases {
		if phase == p.drawn() || slices.Contains([]fiscal.Phase{fiscal.Proposed, fiscal.Approved, fiscal.Adjusted, fiscal.Executed}, phase) || p.node.Of(phase) != nil {
			all = append(all, phase)
		}
	}
	return all
}

// largest is the amount that the longest bar stands for.
func (p *spent) largest() fiscal.Amount {
	most := fiscal.Amount(0)
	for i := range p.children {
		if a := p.children[i].Of(p.drawn()); a != nil {
			most = max(most, *a)
		}
	}
	return most
}

// row writes the amounts of a node.
func (p *spent) row(l *locale, m *money, n *fiscal.Node, phases []fiscal.Phase, most fiscal.Amount) spendingRow {
	row := spendingRow{}
	for _, phase := range phases {
		row.Cells = append(row.Cells, m.cell(n.Of(phase)))
	}
	if slices.Contains(p.measures, measureShare) {
		row.Spent, row.HasSpent = l.spentMark(n), true
	}
	a, whole := n.Of(p.drawn()), p.node.Of(p.drawn())
	if a == nil || whole == nil || *whole == 0 {
		return row
	}
	row.Part = l.Percent(float64(*a) / float64(*whole))
	if most > 0 && *a > 0 {
		const hundred = 100.0
		row.Width = float64(*a) / float64(most) * hundred
		if direction(l.lang) == "rtl" {
			row.X = hundred - row.Width
		}
	}
	return row
}

// summed is nodes as one.
func summed(nodes []fiscal.Node) (sum fiscal.Node) {
	for i := range nodes {
		n := &nodes[i]
		sum.Lines += n.Lines
		to := sum.All()
		for k, a := range n.All() {
			plus(to[k], *a)
		}
		plus(&sum.Compared, n.Compared)
	}
	return sum
}

// plus adds an amount that may not be there. What is summed here is a part of a
// sum that has room.
func plus(to **fiscal.Amount, a *fiscal.Amount) {
	if a == nil {
		return
	}
	if *to == nil {
		*to = new(fiscal.Amount)
	}
	**to += *a
}
