package fiscal

import (
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// A noun is what headings call the things that a column may hold the codes or
// names of, with the columnType before its "code" or "label".
type noun struct{ words, typ string }

// nouns are the words of headings by what they are of; the first one wins.
var nouns = []noun{
	{"cofog", "functional-classification:cofog"},
	{"gfsm", "economic-classification:gfsm"},
	{"پروژه|طرح|project", "activity:generic:project"},
	{"زیربرنامه|subprogram|subprogramme", "activity:generic:subprogram"},
	{"برنامه|program|programme", "activity:generic:program"},
	{"فصل|chapter|economic|اقتصادی", "economic-classification:generic:level1"},
	{"ماده|article|item", "economic-classification:generic:level2"},
	{"امور|بخش|کارکرد|function|functional|sector", "functional-classification:generic:level1"},
	{"دستگاه|سازمان|وزارتخانه|ministry|agency|department|organisation|organization", "administrative-classification:generic:level1"},
	{"واحد|اداره|unit|office|division", "administrative-classification:generic:level2"},
	{"استان|شهرستان|province|region|county", "geo:target:region"},
	{"منبع|محل|fund|source", "fin-source:generic"},
}

// plainProgramme is what codes and names are of when the heading says nothing
// of it.
const plainProgramme = "activity:generic:program"

// Words of headings for what a column holds of a thing, and for amounts and
// years.
var (
	codeWords  = []string{"کد", "شماره", "code", "no", "number"}
	labelWords = []string{"عنوان", "نام", "شرح", "title", "name", "label", "description"}
	moneyWords = []string{"مبلغ", "بودجه", "اعتبار", "اعتبارات", "amount", "budget", "value"}
	yearWords  = []string{"سال", "year"}
	lineWords  = []string{"شناسه", "id", "identifier"}
)

// Guess proposes what the columns of a table are in a budget, by the words of
// their headings and the types of their cells. A person looks at it before it is
// used.
func Guess(schema datasets.Schema) Mapping {
	var m Mapping
	taken := map[string]bool{}
	for i := range schema {
		f := guessField(&schema[i])
		f.Column = schema[i].Label
		key := f.Type + " " + string(f.Phase) + " " + f.Year
		if f.Type != "" && !taken[key] {
			taken[key] = true
			m.Fields = append(m.Fields, f)
		}
	}
	return m
}

func guessField(c *datasets.Column) Field {
	var words []string
	for _, t := range persian.Tokens(strings.NewReplacer("_", " ", "-", " ").Replace(c.Label)) {
		words = append(words, t.Text)
	}
	has := func(list []string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return slices.Contains(words, persian.Fold(w)) })
	}
	number := c.Type == datasets.Integer || c.Type == datasets.Decimal
	switch {
	case has(codeWords) && number, has(codeWords) && !has(labelWords):
		return Field{Type: nounOf(has) + ":code"}
	case number:
		if f, ok := guessAmount(words); ok || has(moneyWords) {
			return f
		}
	}
	switch thing := nounOf(has); {
	case has(lineWords):
		return Field{Type: "budget-line-id"}
	case has(yearWords):
		return Field{Type: "date:fiscal-year"}
	case thing != plainProgramme && number:
		return Field{Type: thing + ":code"}
	case !number && (thing != plainProgramme || has(labelWords) || has([]string{"برنامه", "program", "programme"})):
		return Field{Type: thing + ":label"}
	}
	return Field{}
}

// nounOf is the columnType of the thing that a heading names.
func nounOf(has func([]string) bool) string {
	for _, n := range nouns {
		if has(strings.Split(n.words, "|")) {
			return n.typ
		}
	}
	return plainProgramme
}

// guessAmount reads the phase and the year out of the heading of a column of
// numbers.
func guessAmount(words []string) (f Field, ok bool) {
	f.Type = "value"
	for i, w := range words {
		for _, name := range []string{strings.Join(words[i:min(i+2, len(words))], " "), w} {
			if p, named := phaseOf(name); named && f.Phase == "" {
				f.Phase, ok = p, true
			}
		}
		if y := yearText(w); isYear(y) {
			f.Year, ok = y, true
		}
	}
	return f, ok
}
