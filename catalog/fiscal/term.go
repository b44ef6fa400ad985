package fiscal

import (
	"strconv"
	"strings"
)

// What a column may be.
type what uint8

const (
	nothing what = iota // it is left aside
	isValue
	isCurrency
	isFiscalYear
	isDirection
	isPhase
	isLineID
	isCode  // of a level of a scheme
	isLabel // of a code
	isText  // kept with the lines
	isSecret
)

// A term is what a columnType says of a column.
type term struct {
	what   what
	scheme string
	level  int // from 1; 0: every level follows from the code
}

// singleTerms are the types without parts.
var singleTerms = map[string]term{
	"value":               {what: isValue},
	"value-currency:code": {what: isCurrency},
	"date:fiscal-year":    {what: isFiscalYear},
	"direction":           {what: isDirection},
	"phase:id":            {what: isPhase},
	"phase:label":         {what: isPhase},
	"budget-line-id":      {what: isLineID},
}

// A family is what the types that begin alike are.
type family struct{ begins, scheme string }

// families are those of the trees, the longer ones first.
var families = []family{
	{"functional-classification:cofog", SchemeCOFOG},
	{"functional-classification:", SchemeFunctional},
	{"economic-classification:gfsm", SchemeGFSM},
	{"economic-classification:", SchemeEconomic},
	{"administrative-classification:", SchemeAdministrative},
	{"activity:", SchemeProgramme},
	{"fin-source:", SchemeFund},
	{"geo:target", SchemeGeography},
	{"geo:generic", SchemeGeography},
	{"geo:address", SchemeGeography},
}

// parts of types that name a level.
var levelParts = map[string]int{
	"division": 1, "group": 2, "class": 3,
	"program": 1, "subprogram": 2, "project": 3, "subproject": 4, "contract": 5,
	"country": 1, "region": 2, "county": 3, "city": 4,
}

// secrets begin types that are never published: they are of accounts.
var secrets = []string{"recipient:bank", "procurer:bank", "supplier:bank", "recipient:generic:bank"}

// keptTypes begin the types that are kept with the lines as text.
var keptTypes = []string{
	"recipient:", "supplier:", "procurer:", "administrator:", "transaction-id:", "expenditure-type:", "value-kind:", "budgetary-transfers",
	"date:", "geo:", "activity:", "functional-classification:", "economic-classification:", "administrative-classification:", "description", "title", "unknown:string",
}

// termOf reads a columnType; false for what is none.
func termOf(typ string) (term, bool) {
	typ = strings.ToLower(strings.TrimSpace(typ))
	if t, ok := singleTerms[typ]; ok {
		return t, true
	}
	if begins(typ, secrets) {
		return term{what: isSecret}, true
	}
	for _, f := range families {
		if rest, ok := strings.CutPrefix(typ, f.begins); ok {
			if t := f.term(strings.Split(strings.Trim(rest, ":"), ":")); t.what != nothing {
				return t, true
			}
		}
	}
	return term{what: isText}, begins(typ, keptTypes)
}

// KnownType reports whether a text is a columnType that columns may have.
func KnownType(typ string) bool {
	t, ok := termOf(typ)
	return ok && t.what != isSecret
}

func begins(s string, list []string) bool {
	for _, b := range list {
		if strings.HasPrefix(s, b) {
			return true
		}
	}
	return false
}

// term reads what stands behind the beginning of a family.
func (f family) term(parts []string) term {
	t := term{scheme: f.scheme, level: 1, what: isCode}
	named := false
	for _, p := range parts {
		if n, ok := levelParts[p]; ok {
			t.level, named = n, true
		} else if n, err := strconv.Atoi(strings.TrimPrefix(p, "level")); err == nil && strings.HasPrefix(p, "level") && n > 0 && n <= maxLevel {
			t.level, named = n, true
		}
	}
	if !named && (f.scheme == SchemeCOFOG || f.scheme == SchemeGFSM) {
		t.level = 0
	}
	switch last := parts[len(parts)-1]; last {
	case "label", "title", "name":
		t.what = isLabel
	case "description", "codelist", "url", "street-address":
		t.what = nothing
	}
	return t
}

// derivedLevels is how many levels follow from one code of a standard
// classification.
const derivedLevels = 3

// maxLevel is the deepest level of a scheme.
const maxLevel = 8
