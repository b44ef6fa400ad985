package desk

import (
	"slices"

	"github.com/openshafaf/shafaf/catalog/fiscal"
	"github.com/openshafaf/shafaf/site"
)

// A budgetType is something that a column of a budget can be: its text is
// "desk.budget.is.KEY".
type budgetType struct {
	key, typ string // columnType of the Fiscal Data Package
	phase    fiscal.Phase
}

// budgetTypes are what can be chosen for a column.
var budgetTypes = []budgetType{
	{key: "none"},
	{"value", "value", ""},
	{"value.proposed", "value", fiscal.Proposed},
	{"value.approved", "value", fiscal.Approved},
	{"value.adjusted", "value", fiscal.Adjusted},
	{"value.executed", "value", fiscal.Executed},
	{"value.committed", "value", fiscal.Committed},
	{"value.paid", "value", fiscal.Paid},
	{"year", "date:fiscal-year", ""},
	{"phase", "phase:id", ""},
	{"direction", "direction", ""},
	{"currency", "value-currency:code", ""},
	{"id", "budget-line-id", ""},
	{"agency1.code", "administrative-classification:generic:level1:code", ""},
	{"agency1.label", "administrative-classification:generic:level1:label", ""},
	{"agency2.code", "administrative-classification:generic:level2:code", ""},
	{"agency2.label", "administrative-classification:generic:level2:label", ""},
	{"programme.code", "activity:generic:program:code", ""},
	{"programme.label", "activity:generic:program:label", ""},
	{"subprogramme.code", "activity:generic:subprogram:code", ""},
	{"subprogramme.label", "activity:generic:subprogram:label", ""},
	{"project.code", "activity:generic:project:code", ""},
	{"project.label", "activity:generic:project:label", ""},
	{"cofog.code", "functional-classification:cofog:code", ""},
	{"cofog.label", "functional-classification:cofog:label", ""},
	{"function1.code", "functional-classification:generic:level1:code", ""},
	{"function1.label", "functional-classification:generic:level1:label", ""},
	{"function2.code", "functional-classification:generic:level2:code", ""},
	{"function2.label", "functional-classification:generic:level2:label", ""},
	{"gfsm.code", "economic-classification:gfsm:code", ""},
	{"gfsm.label", "economic-classification:gfsm:label", ""},
	{"economic1.code", "economic-classification:generic:level1:code", ""},
	{"economic1.label", "economic-classification:generic:level1:label", ""},
	{"economic2.code", "economic-classification:generic:level2:code", ""},
	{"economic2.label", "economic-classification:generic:level2:label", ""},
	{"place.code", "geo:target:region:code", ""},
	{"place.label", "geo:target:region:label", ""},
	{"fund.code", "fin-source:generic:code", ""},
	{"fund.label", "fin-source:generic:label", ""},
	{"text", "unknown:string", ""},
}

// budgetKey is the key of what a field says a column is; the type itself where
// it is none that can be chosen.
func budgetKey(f *fiscal.Field) string {
	for _, t := range budgetTypes {
		if t.typ == f.Type && t.phase == f.Phase {
			return t.key
		}
	}
	return f.Type
}

// budgetOptions are the types to choose from for a column that is now.
func budgetOptions(r *site.Request, now string) []option {
	var all []option
	for _, t := range budgetTypes {
		all = append(all, option{Value: t.key, Label: r.Text("desk.budget.is." + t.key), Chosen: t.key == now})
	}
	if !oneChosen(all) { // a type that a mapping from elsewhere names
		all = append(all, option{Value: now, Label: now, Chosen: true})
	}
	return all
}

// budgetField is what a key says of a column; ok is false when it is left aside.
func budgetField(key, column string) (f fiscal.Field, ok bool) {
	i := slices.IndexFunc(budgetTypes, func(t budgetType) bool { return t.key == key })
	if i < 0 || budgetTypes[i].typ == "" {
		return f, false
	}
	return fiscal.Field{Column: column, Type: budgetTypes[i].typ, Phase: budgetTypes[i].phase}, true
}
