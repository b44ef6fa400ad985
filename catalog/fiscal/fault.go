package fiscal

import (
	"maps"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// MaxFaults is how many faults of a budget are kept; the rest are counted.
const MaxFaults = 200

// A saying is a kind of fault: how grave it is, and its text in English as a
// format of package fmt.
type saying struct{ severity, text string }

// sayings is the table of what may be wrong with a budget.
var sayings = map[string]saying{
	"budget.nothing":        {SeverityError, "the mapping names no column of type value; name the columns with amounts"},
	"budget.notable":        {SeverityError, "there is no table to read: %s"},
	"budget.tables":         {SeverityError, "the file holds several tables; name one of them in the mapping: %s"},
	"budget.column":         {SeverityError, "the mapping names this column and the table does not have it; its columns are %s"},
	"budget.type":           {SeverityWarning, "%q is no columnType of the Fiscal Data Package; the column is left aside"},
	"budget.secret":         {SeverityWarning, "columns of bank accounts are not published with the lines; the table itself still has it"},
	"budget.twice":          {SeverityError, "two columns are mapped to %q; only one can be it"},
	"budget.same":           {SeverityError, "this column and %q are amounts of the same year and phase, so one would be counted into the other; name the phase of each, or leave one aside"},
	"budget.year":           {SeverityError, "no column and no mapping says which year the amounts are of"},
	"budget.year.cell":      {SeverityError, "%q is no fiscal year such as 1403, 2014 or 2014-15"},
	"budget.phase":          {SeverityError, "%q is no phase; it is one of proposed, approved, adjusted, executed, committed, paid"},
	"budget.direction":      {SeverityError, "%q is neither expenditure nor revenue"},
	"budget.factor":         {SeverityError, "%q is not what amounts can be counted in; give a whole number such as 1000 or 1000000"},
	"budget.factor.unit":    {SeverityNote, "its heading says %q, so its amounts are counted in %d"},
	"budget.factor.other":   {SeverityError, "its heading says %q and the mapping that amounts are counted in %s; mend one of them"},
	"budget.currency":       {SeverityError, "nobody says which currency the amounts are of; name it in the mapping, as a code of three letters such as IRR"},
	"budget.currency.code":  {SeverityError, "%q is no code of a currency such as IRR or EUR"},
	"budget.currency.mixed": {SeverityError, "this amount is in %s and others are in %s; amounts of different currencies cannot be summed: publish a table for each"},
	"budget.amount":         {SeverityError, "%q is no amount; mend the cell"},
	"budget.amount.large":   {SeverityError, "%s is too large an amount to be kept exactly"},
	"budget.sum.large":      {SeverityError, "the sum of %s is too large to be kept exactly; amounts may be counted in a larger unit than they are"},
	"budget.heading":        {SeverityError, "the first row is a second heading (%q), not an amount; take it out of the table, or publish a table with one row of headings"},
	"budget.rounded":        {SeverityWarning, "%d amounts have more digits than the currency and were rounded"},
	"budget.undisclosed":    {SeverityWarning, "%d amounts are not told (%q) and are missing in all sums"},
	"budget.id":             {SeverityError, "the line %q is there more than once in the same year and phase; each line of a budget has an identifier of its own"},
	"budget.id.none":        {SeverityError, "the line has no identifier although the mapping names a column of them"},
	"budget.cofog":          {SeverityWarning, "%q is no code of COFOG; %d rows stand in the functional view as they are written"},
	"budget.totals":         {SeverityNote, "%d rows are sums of others and are left out: %s"},
	"budget.parts.exceed":   {SeverityError, "%s amounts to %s and the lines that belong to it to %s together: the parts exceed the whole; mend the row, or say in the mapping that no row is a sum of others (totals: lines)"},
	"budget.parts.short":    {SeverityError, "%s amounts to %s and the lines that belong to it only to %s together: lines are missing, or it is no sum; complete the table, or say in the mapping that no row is a sum of others (totals: lines)"},
	"budget.total.wrong":    {SeverityError, "the row calls itself a total (%q) and is not the sum of others; mend it, take it out, or say in the mapping that no row is a sum of others (totals: lines)"},
	"budget.code.long":      {SeverityError, "the code is longer than %d bytes and makes no address; map a column of shorter codes, or none"},
	"budget.nodes":          {SeverityError, "the classifications of the table have more than %d different places; map fewer columns, or such with fewer codes"},
	"budget.lines":          {SeverityError, "the table has no amount at all in the columns that are mapped"},
	"budget.unsought":       {SeverityNote, "the table has too many different codes to look for rows that are sums of others"},
}

// Sayings returns the English texts of the faults of budgets, by kind, as
// formats of package fmt. Each kind has a text in every language of the pages.
func Sayings() map[string]string {
	all := make(map[string]string, len(sayings))
	for kind, s := range maps.All(sayings) {
		all[kind] = s.text
	}
	return all
}

// faultOf returns a fault of a kind. row is counted from 0, below 0 for none.
func faultOf(row int64, column, kind string, args ...any) Fault {
	s := sayings[kind]
	text, said := datasets.NewSaid(kind, s.text, args...)
	return Fault{Severity: s.severity, Row: row + 1, Column: column, Text: text, Said: []catalog.Said{said}}
}

// faults are those of a loading as they come up.
type faults struct {
	list   []Fault
	n      int64
	errors bool
}

// add notes a fault; past MaxFaults they are counted only, but for the first
// error, which takes the last place.
func (f *faults) add(fault Fault) {
	f.n++
	first := fault.Severity == SeverityError && !f.errors
	f.errors = f.errors || first
	switch {
	case len(f.list) < MaxFaults:
		f.list = append(f.list, fault)
	case first:
		f.list[MaxFaults-1] = fault
	}
}

// say notes a fault of a kind.
func (f *faults) say(row int64, column, kind string, args ...any) {
	f.add(faultOf(row, column, kind, args...))
}
