package site

import (
	"html/template"
	"net/url"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/persian"
)

// An explorerView is what all views of a table have above their own content:
// what is shown, in words; the form that asks; what was wrong with the last
// question. Its template is "explorer".
type explorerView struct {
	Tabs      []tab
	Resources []choice
	SelfURL   string
	Sentence  template.HTML
	Chips     []chipView
	ClearURL  string // the view without conditions; empty when there are none
	Exclude   *excludeView
	Faults    []faultView
	Form      formView
	Edition   *editionNote
}

// A chipView is a part of the query with the address of the view without it.
type chipView struct {
	HTML template.HTML
	URL  string
}

// An excludeView says that conditions exclude each other.
type excludeView struct {
	HTML  template.HTML
	Chips []chipView // each of them with the view without it
}

// A faultView is a fault of the query and the field of the form to mend it in.
type faultView struct {
	Field string // id of it
	HTML  template.HTML
}

// An editionNote says that the view is of an edition that does not change.
type editionNote struct {
	Current   bool
	Retired   bool
	Since     time.Time
	Digest    string
	LatestURL string // of the same view of what is published now
	URL       string // of the edition's page
}

// explorer makes the view of x.
func (s *Site) explorer(l *locale, x *exploration, n counted) explorerView {
	v := explorerView{
		Tabs: s.exploreTabs(x), Resources: x.choices(), SelfURL: "/" + x.lang + datasetPath(x.Dataset.Slug) + "/" + x.tab,
		Sentence: x.sentence(l, n), Chips: x.chips(l),
	}
	if some := x.Query.Excluding(x.Schema); some != nil {
		v.Exclude = x.exclude(l, some, v.Chips)
		v.Sentence = l.HTML("view.excluded", "what", v.Sentence, "why", v.Exclude.HTML)
	}
	v.Form = x.form(l)
	for i := range x.Faults {
		f := &x.Faults[i]
		v.Faults = append(v.Faults, faultView{Field: v.Form.fieldOf(f), HTML: x.faultWords(l, f)})
	}
	if len(x.Query.Filters) > 0 {
		v.ClearURL = x.here(x.without(func(q *datasets.RowQuery) { q.Filters = nil }))
	}
	if x.Frozen {
		v.Edition = x.editionNote()
	}
	return v
}

func (x *exploration) editionNote() *editionNote {
	e := &editionNote{
		Current: x.Current, Since: x.Edition.Since, Digest: x.Edition.Digest[:min(shortDigest, len(x.Edition.Digest))],
		URL: "/" + x.lang + editionPath(x.Dataset.Slug, x.Resource.ID, x.Edition.Digest),
	}
	latest := x.params(x.first(), x.Own)
	latest.Del(paramEdition)
	e.LatestURL = withQuery("/"+x.lang+datasetPath(x.Dataset.Slug)+"/"+x.tab, latest)
	e.Retired = x.retired
	return e
}

// first is the query of the first page.
func (x *exploration) first() datasets.RowQuery {
	q := x.Query
	q.After = ""
	return q
}

// without is the query of the first page after change, which may replace lists
// but not write into them.
func (x *exploration) without(change func(*datasets.RowQuery)) datasets.RowQuery {
	q := x.first()
	change(&q)
	return q
}

// chips are the conditions, each with the address of the view without it.
func (x *exploration) chips(l *locale) []chipView {
	var all []chipView
	for i, f := range x.Query.Filters {
		all = append(all, chipView{x.condition(l, f), x.here(x.without(func(q *datasets.RowQuery) {
			q.Filters = slices.Delete(slices.Clone(q.Filters), i, i+1)
		}))})
	}
	if x.Query.Grouped() {
		all = append(all, chipView{l.HTML("view.ungroup"), x.here(x.without(ungroup))})
	}
	if by := x.order(l); by != "" {
		all = append(all, chipView{by, x.here(x.without(func(q *datasets.RowQuery) { q.Sort = nil }))})
	}
	if n := len(x.Query.Select); n > 0 && !x.Query.Grouped() {
		all = append(all, chipView{l.HTML("view.selected", "n", n, "total", len(x.Schema)), x.here(x.without(func(q *datasets.RowQuery) { q.Select = nil }))})
	}
	return all
}

// exclude says that some of the conditions, whose chips come first, exclude
// each other.
func (x *exploration) exclude(l *locale, some []int, chips []chipView) *excludeView {
	v := &excludeView{}
	var words []template.HTML
	for _, i := range some {
		v.Chips = append(v.Chips, chips[i])
		words = append(words, "<strong>"+chips[i].HTML+"</strong>")
	}
	key := "view.exclude"
	if len(some) == 1 {
		key = "view.exclude.one"
	}
	v.HTML = l.HTML(key, "which", l.and(words))
	return v
}

// ungroup takes groups out of a query, and what can only be asked of them.
func ungroup(q *datasets.RowQuery) { q.Group, q.Measures, q.Sort, q.Select = nil, nil, nil, nil }

// faultWords says what is wrong with a parameter and what to do.
func (x *exploration) faultWords(l *locale, f *queryFault) template.HTML {
	column, op := x.split(f.Param)
	i := x.Schema.Index(column)
	value := ""
	if len(f.Values) > 0 {
		value = persian.Shorten(f.Values[0], longURL)
	}
	switch {
	case f.Err.Kind == "novalues":
		return l.HTML("fault.novalues", "column", x.label(column))
	case f.Param == paramAfter:
		return l.HTML("fault.after")
	case f.Param == paramSize && f.Err.Kind == "size":
		return l.HTML("fault.size", "value", value, "most", datasets.MaxSize)
	case f.Param == paramRaw:
		return l.HTML("fault.switch", "value", value)
	case f.Param == "" || f.Param[0] == '_' && i < 0:
		return x.faultOf(l, f)
	case i < 0:
		return l.HTML("fault.column", "column", persian.Shorten(column, longURL))
	}
	c := &x.Schema[i]
	label := firstOf(c.Label, c.Name)
	if !slices.Contains(formOps[wordsOf(c)], op) && op != string(datasets.IsNull) {
		if !slices.Contains(formOps[wordsText], op) && !slices.Contains(formOps[wordsDate], op) {
			return l.HTML("fault.op", "op", persian.Shorten(op, longURL), "column", label)
		}
		return l.HTML("fault.type."+wordsOf(c), "op", l.Text("op.text."+op), "column", label)
	}
	key := "fault.value." + wordsOf(c)
	if l.texts[key].other != "" && slices.Contains([]string{"number", "time", "boolean"}, f.Err.Kind) {
		return l.HTML(key, "value", value, "column", label)
	}
	return x.faultOf(l, f)
}

// faultOf tells of a fault in the words of the query itself.
func (x *exploration) faultOf(l *locale, f *queryFault) template.HTML {
	return l.HTML("fault.other", "param", code(persian.Shorten(f.Param, longURL)), "why", l.inputHTML(f.Err))
}

// hiddenField is a part of the address that a form sends along.
type hiddenField struct{ Name, Value string }

func hidden(values url.Values) []hiddenField {
	var all []hiddenField
	for name, some := range values {
		for _, v := range some {
			all = append(all, hiddenField{name, v})
		}
	}
	slices.SortFunc(all, func(a, b hiddenField) int { return cmp2(a.Name, b.Name, a.Value, b.Value) })
	return all
}
