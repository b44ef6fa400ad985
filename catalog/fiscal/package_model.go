package fiscal

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/datasets/persian"

	"github.com/goccy/go-json"
)

// A model is what a package of 0.3 says of amounts and classifications; in the
// oldest shape it is the columns alone.
type model struct {
	Measures   named[measure]   `json:"measures"`
	Dimensions named[dimension] `json:"dimensions"`
	oldest     map[string]json.RawMessage
}

// UnmarshalJSON reads both shapes.
func (m *model) UnmarshalJSON(b []byte) error {
	var two struct {
		Measures   named[measure]   `json:"measures"`
		Dimensions named[dimension] `json:"dimensions"`
	}
	if err := json.Unmarshal(b, &two); err != nil {
		return err
	}
	m.Measures, m.Dimensions = two.Measures, two.Dimensions
	if len(m.Measures.list) > 0 {
		return nil
	}
	return json.Unmarshal(b, &m.oldest)
}

// named is an object whose members keep their order.
type named[T any] struct {
	list []T
	keys []string
}

// UnmarshalJSON reads the members in their order.
func (n *named[T]) UnmarshalJSON(b []byte) error {
	var byKey map[string]T
	if err := json.Unmarshal(b, &byKey); err != nil {
		return err
	}
	keys, err := keysOf(b)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if v, ok := byKey[key]; ok && !slices.Contains(n.keys, key) {
			n.list, n.keys = append(n.list, v), append(n.keys, key)
		}
	}
	return nil
}

// keysOf are the keys of a JSON object in their order.
func keysOf(b []byte) ([]string, error) {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	if _, err := dec.Token(); err != nil { // {
		return nil, err
	}
	var keys []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		keys = append(keys, fmt.Sprint(key))
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

type measure struct {
	Source      loose `json:"source"`
	Resource    loose `json:"resource"`
	Currency    loose `json:"currency"`
	Factor      loose `json:"factor"`
	Direction   loose `json:"direction"`
	Phase       loose `json:"phase"`
	DecimalChar loose `json:"decimalChar"`
	GroupChar   loose `json:"groupChar"`
}

type dimension struct {
	Kind           loose            `json:"dimensionType"`
	Classification loose            `json:"classificationType"`
	Attributes     named[attribute] `json:"attributes"`
}

type attribute struct {
	Source   loose `json:"source"`
	Resource loose `json:"resource"`
	Constant loose `json:"constant"`
	LabelFor loose `json:"labelfor"`
	Parent   loose `json:"parent"`
}

// of is the mapping of one of so many files; nil when the model is of others.
func (m *model) of(r *describedFile, files int) *Mapping {
	if m.oldest != nil {
		return m.ofOldest(r)
	}
	out := &Mapping{}
	for i := range m.Measures.list {
		ms := &m.Measures.list[i]
		if sameFile(r, string(ms.Resource)) && (files == 1 || ms.Resource != "" || r.has(string(ms.Source))) {
			out.Fields = append(out.Fields, ms.field(m.Measures.keys[i]))
		}
	}
	if len(out.Fields) == 0 {
		return nil
	}
	out.onlyTotal()
	used := map[string]int{}
	for i := range m.Dimensions.list {
		m.Dimensions.list[i].fields(out, m.Dimensions.keys[i], used)
	}
	return out
}

// has reports whether the description of a file names a column.
func (r *describedFile) has(column string) bool {
	return slices.ContainsFunc(r.Schema.Fields, func(f describedField) bool { return f.Name == column })
}

// field is the column of a measure.
func (ms *measure) field(name string) Field {
	fd := Field{
		Column: string(ms.Source), Type: "value", Currency: string(ms.Currency), Factor: string(ms.Factor),
		DecimalChar: string(ms.DecimalChar), GroupChar: string(ms.GroupChar),
	}
	if fd.Factor == "1" {
		fd.Factor = "" // what everybody writes, also where the heading says millions
	}
	fd.Direction, _ = directionOf(string(ms.Direction))
	fd.Phase, _ = phaseOf(string(ms.Phase))
	for _, text := range []string{name, fd.Column} {
		if year := yearText(text); fd.Year == "" && isYear(year) {
			fd.Year = year
		}
		if fd.Phase == "" {
			fd.Phase = phaseOfName(text)
		}
	}
	return fd
}

// phaseOfName is the phase that a measure is called by, and nothing else:
// "amount-approved", not "payments to farmers".
func phaseOfName(name string) Phase {
	only := Phase("")
	for _, t := range persian.Tokens(strings.NewReplacer("_", " ", "-", " ").Replace(name)) {
		p, ok := phaseOf(t.Text)
		switch {
		case ok && only == "":
			only = p
		case !slices.Contains([]string{"amount", "amounts", "value", "budget", "مبلغ", "بودجه"}, t.Text):
			return ""
		}
	}
	return only
}

// onlyTotal leaves, of several amounts of the same year and phase, the one that
// is called their total: the others are parts of it.
func (m *Mapping) onlyTotal() {
	total := slices.IndexFunc(m.Fields, func(f Field) bool { return strings.EqualFold(f.Column, "total") })
	if total < 0 {
		return
	}
	t := m.Fields[total]
	m.Fields = slices.DeleteFunc(m.Fields, func(f Field) bool {
		return f.Column != t.Column && f.Year == t.Year && f.Phase == t.Phase && f.Direction == t.Direction
	})
}

// fields adds the columns of a dimension to a mapping. used counts the levels of
// each family that are taken.
func (d *dimension) fields(m *Mapping, name string, used map[string]int) {
	what := d.family(name)
	depth := map[string]int{}
	for i := range d.Attributes.list {
		a, key := &d.Attributes.list[i], d.Attributes.keys[i]
		if a.LabelFor != "" {
			continue
		}
		typ := what
		if n, ok := levelled[what]; ok {
			if depth[key] = depth[string(a.Parent)] + 1; a.Parent == "" {
				depth[key] = used[what] + 1
			}
			used[what] = max(used[what], depth[key])
			if depth[key] > n.most {
				continue
			}
			typ = n.typ(depth[key])
		}
		if what == "date:fiscal-year" && !strings.Contains(strings.ToLower(key+" "+string(a.Source)), "year") && len(d.Attributes.list) > 1 {
			continue
		}
		m.Fields = append(m.Fields, Field{Column: string(a.Source), Type: typ, Value: string(a.Constant)})
		for j := range d.Attributes.list {
			if l := &d.Attributes.list[j]; string(l.LabelFor) == key {
				m.Fields = append(m.Fields, Field{Column: string(l.Source), Type: labelType(typ)})
			}
		}
	}
}

func labelType(typ string) string {
	if strings.HasPrefix(typ, "geo:") {
		return strings.TrimSuffix(typ, ":code") + ":title"
	}
	return strings.TrimSuffix(typ, ":code") + ":label"
}

// A levels is how the types of a family name its levels.
type levelsOf struct {
	most   int
	format string
	names  []string
}

func (l levelsOf) typ(n int) string {
	if l.names != nil {
		return fmt.Sprintf(l.format, l.names[n-1])
	}
	return fmt.Sprintf(l.format, n)
}

// levelled are the families of types that have levels.
var levelled = map[string]levelsOf{
	"administrative": {maxLevel, "administrative-classification:generic:level%d:code", nil},
	"functional":     {maxLevel, "functional-classification:generic:level%d:code", nil},
	"economic":       {maxLevel, "economic-classification:generic:level%d:code", nil},
	"activity":       {5, "activity:generic:%s:code", []string{"program", "subprogram", "project", "subproject", "contract"}},
	"fund":           {3, "fin-source:generic:level%d:code", nil},
	"location":       {2, "geo:target:level%d:code", nil},
}

// dimensionWords are the families of dimensions that say no more than a name.
var dimensionWords = []struct{ word, family string }{
	{"date", "date:fiscal-year"},
	{"year", "date:fiscal-year"},
	{"portfolio", "administrative"},
	{"department", "administrative"},
	{"agency", "administrative"},
	{"ministry", "administrative"},
	{"admin", "administrative"},
	{"function", "functional"},
	{"cofog", "functional"},
	{"economic", "economic"},
	{"expense", "economic"},
	{"object", "economic"},
	{"program", "activity"},
	{"outcome", "activity"},
	{"project", "activity"},
	{"activity", "activity"},
	{"financ", "fund"},
	{"fund", "fund"},
	{"region", "location"},
	{"location", "location"},
	{"supplier", "supplier:generic:name"},
	{"payee", "recipient:generic:name"},
	{"recipient", "recipient:generic:name"},
	{"beneficiar", "recipient:generic:name"},
}

// family is what the columns of a dimension are.
func (d *dimension) family(name string) string {
	switch d.Kind {
	case "datetime", "date":
		return "date:fiscal-year"
	case "location":
		return "location"
	case "activity":
		return "activity"
	case "classification":
		if _, ok := levelled[string(d.Classification)]; ok {
			return string(d.Classification)
		}
	}
	lower := strings.ToLower(name)
	for _, w := range dimensionWords {
		if strings.Contains(lower, w.word) {
			return w.family
		}
	}
	return "unknown:string"
}

// ofOldest is the mapping of a file whose package names columns alone: "id",
// "amount", "date", "payer", "payee", each as a column, or a file and a column.
func (m *model) ofOldest(r *describedFile) *Mapping {
	out := &Mapping{}
	for _, key := range []string{"amount", "id", "date", "time", "payer", "from", "payee", "to"} {
		raw, ok := m.oldest[key]
		if !ok {
			continue
		}
		var one loose
		var more struct {
			measure
			ID    loose `json:"id"`
			Title loose `json:"title"`
		}
		if json.Unmarshal(raw, &one) != nil || one == "" {
			if json.Unmarshal(raw, &more) != nil {
				continue
			}
		}
		m.oldestField(out, r, key, string(one), &more.measure, string(more.ID), string(more.Title))
	}
	if !slices.ContainsFunc(out.Fields, func(f Field) bool { return f.Type == "value" }) {
		return nil
	}
	return out
}

// oldestTypes are what the columns of the oldest shape are.
var oldestTypes = map[string][2]string{
	"amount": {"value"}, "id": {"budget-line-id"}, "date": {"date:fiscal-year"}, "time": {"date:fiscal-year"},
	"payer": {"administrative-classification:generic:level1:code", "administrative-classification:generic:level1:label"},
	"from":  {"administrative-classification:generic:level1:code", "administrative-classification:generic:level1:label"},
	"payee": {"recipient:generic:id", "recipient:generic:name"}, "to": {"recipient:generic:id", "recipient:generic:name"},
}

func (m *model) oldestField(out *Mapping, r *describedFile, key, one string, ms *measure, id, title string) {
	types := oldestTypes[key]
	put := func(source, typ string) {
		file, name, parted := strings.Cut(source, "/")
		if parted && !sameFile(r, file) || source == "" {
			return
		}
		if !parted {
			name = source
		}
		fd := Field{Column: name, Type: typ}
		if typ == "value" {
			fd = ms.field("")
			fd.Column = name
		}
		out.Fields = append(out.Fields, fd)
	}
	if one == "" && ms.Source != "" {
		one = string(ms.Source)
	}
	put(one, types[0])
	put(id, types[0])
	if types[1] != "" {
		put(title, types[1])
	}
}
