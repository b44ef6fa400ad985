package site

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"

	"github.com/gofiber/fiber/v2"
)

// A tabKind is a view of a table with an address of its own below the dataset.
// All of them are asked with the same row query, so that a reader goes from one
// to the other and takes the filters along.
type tabKind struct {
	Key   string                                    // of the address and of its text: "tab.…"
	Own   []string                                  // parameters of the view itself; all others are those of the row query
	Works func(*Site, *catalog.Edition) bool        // whether there is something to see; nil: always
	Keeps func(datasets.RowQuery) datasets.RowQuery // what of the query it takes along; nil: all of it
}

// tabKinds are the views in the order of their tabs. To add one: its line here,
// its route, and the text of its tab.
var tabKinds = [...]tabKind{
	{Key: "table", Own: []string{paramRaw, paramFind}},
	{Key: "chart", Own: chartParams(), Works: chartTab, Keeps: chartKeeps},
	{Key: "map", Own: mapParams(), Works: mapTab, Keeps: mapKeeps},
	{Key: "columns"},
	{Key: "api"},
}

// The parameters that all views have beside those of a row query. A column of
// such a name is reached as "resource__eq".
const (
	paramResource = "resource"
	paramEdition  = "edition" // the digest of an edition that is not to change
)

// An exploration is a table and what is asked of it.
type exploration struct {
	Dataset  catalog.Dataset
	Resource *catalog.Resource
	Edition  *catalog.Edition // the one that is shown
	Frozen   bool             // the address names the edition
	Current  bool             // the edition is what is published today
	Rows     *datasets.RowFile
	Schema   datasets.Schema   // all columns
	Query    datasets.RowQuery // as far as it can be understood
	Own      url.Values        // the parameters of the view itself
	Faults   []queryFault      // parameters that are left out of Query, since something is wrong with them

	lang    string
	tab     string
	find    string // a part of the name of a column, which the form looks for
	tables  []*catalog.Resource
	retired bool // nothing of the resource is published today
	alone   bool // it is all that the dataset has
}

// A queryFault is a parameter of a row query that cannot be followed.
type queryFault struct {
	Param  string
	Values []string
	Err    *datasets.InputError
}

// explore finds the table that a page is about, and reads the row query in its
// address. What is wrong with the query is no error of a page, which shows it
// with the form; in the API it is. The error is a *movedError where the address
// is that of a form that was sent: the answer is the address of the view.
func (s *Site) explore(r *Request) (*exploration, error) {
	x := &exploration{lang: r.Lang, tab: r.Path[strings.LastIndexByte(r.Path, '/')+1:]}
	if err := s.explored(r, x); err != nil {
		return nil, err
	}
	var err error
	x.Rows, err = s.Files.Rows(x.Edition.Digest)
	if err != nil {
		return nil, s.because(s.refuse(r.Lang, fiber.StatusServiceUnavailable, "", "refused.damaged"), err)
	}
	if x.Schema = x.Rows.Schema(); !r.JSON {
		x.Schema = spoken(r.Lang, x.Resource, x.Schema)
	}
	params := maps.Clone(r.Query)
	delete(params, paramResource)
	delete(params, paramEdition)
	x.takeOwn(params)
	if !r.JSON && params.Has(paramForm) {
		return nil, &movedError{x.formURL(params)}
	}
	x.takeFind()
	x.parse(params)
	if r.JSON && len(x.Faults) > 0 {
		return nil, x.Faults[0].Err
	}
	return x, nil
}

// explored puts the dataset, the table and its edition into x.
func (s *Site) explored(r *Request, x *exploration) error {
	id, digest := r.Query.Get(paramResource), r.Query.Get(paramEdition)
	if digest != "" && id != "" {
		return s.exploredEdition(r, x, id, digest)
	}
	d, err := s.wholeDataset(r.Context(), r.Param("slug"))
	if err != nil {
		return err
	}
	x.Dataset, x.tables = d, d.Tables()
	if x.Resource, err = pickTable(&d, id); err != nil {
		return err
	}
	if digest != "" && digest != x.Resource.Edition.Digest {
		return s.exploredEdition(r, x, x.Resource.ID, digest)
	}
	x.Edition, x.Current, x.Frozen, x.alone = x.Resource.Edition, true, digest != "", len(d.Resources) == 1
	return nil
}

// exploredEdition is explored for an edition by its digest; it stays when the
// resource or the dataset is no longer published.
func (s *Site) exploredEdition(r *Request, x *exploration, id, digest string) error {
	place, err := s.locate(r.Context(), id)
	if err != nil {
		return err
	}
	if slug := r.Param("slug"); slug != place.Dataset.Slug && slug != place.Dataset.ID {
		return catalog.ErrNotFound
	}
	e, err := s.frozenEdition(r.Context(), r.Lang, id, digest)
	if err != nil {
		return err
	}
	if !e.HasTable {
		return fiber.ErrNotFound
	}
	x.Dataset, x.Resource, x.Edition = place.Dataset, &place.Resource, &e
	x.Frozen, x.Current, x.retired = true, digest == currentDigest(&place), place.Retired() != nil
	x.tables, x.alone = []*catalog.Resource{x.Resource}, place.Siblings <= 1
	return nil
}

// takeOwn moves the parameters of the view itself out of params.
func (x *exploration) takeOwn(params url.Values) {
	x.Own = url.Values{}
	for _, name := range ownParams(x.tab) {
		if name == paramRaw && x.Schema.Index(paramRaw) >= 0 {
			continue // there it has always been the column
		}
		if v, ok := params[name]; ok {
			x.Own[name] = v
			delete(params, name)
		}
	}
}

func ownParams(tab string) []string {
	for i := range tabKinds {
		if tabKinds[i].Key == tab {
			return tabKinds[i].Own
		}
	}
	return nil
}

// parse reads the row query. A parameter that is wrong is noted and left out,
// until the rest can be understood.
func (x *exploration) parse(params url.Values) {
	for {
		q, err := datasets.ParseRowQuery(x.Schema, params)
		var input *datasets.InputError
		switch {
		case err == nil:
			q.Select = once(q.Select)
			x.Query = q
			return
		case !errors.As(err, &input):
			return // it has no other errors
		}
		name := guilty(params, input.Param)
		x.Faults = append(x.Faults, queryFault{name, params[name], input})
		if delete(params, name); name == "" {
			return
		}
	}
}

// guilty returns the parameter that an error is about: one of that name, else
// one whose name begins so, else the last one.
func guilty(params url.Values, param string) string {
	if _, ok := params[param]; ok {
		return param
	}
	names := slices.Sorted(maps.Keys(params))
	for _, name := range names {
		if strings.HasPrefix(name, strings.TrimSuffix(param, "…")) {
			return name
		}
	}
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// address is where view tab shows what q asks for, with the view's own
// parameters.
func (x *exploration) address(tab string, q datasets.RowQuery, own url.Values) string {
	return withQuery("/"+x.lang+datasetPath(x.Dataset.Slug)+"/"+tab, x.params(q, own))
}

// params are the parameters of a page that shows what q asks for.
func (x *exploration) params(q datasets.RowQuery, own url.Values) url.Values {
	out := x.place()
	for name, values := range q.Values() {
		if ownName(name) {
			name += "__eq"
		}
		out[name] = values
	}
	maps.Copy(out, own)
	return out
}

// place is the parameters that name the table, as far as it must be named.
func (x *exploration) place() url.Values {
	out := url.Values{}
	if x.Frozen || len(x.tables) > 1 && x.tables[0].ID != x.Resource.ID {
		out.Set(paramResource, x.Resource.ID)
	}
	if x.Frozen {
		out.Set(paramEdition, x.Edition.Digest)
	}
	return out
}

// ownName reports whether a page takes the parameter for another one than the
// column of that name.
func ownName(name string) bool {
	if name == paramResource || name == paramEdition || name == paramLang { // the last of pictures
		return true
	}
	for i := range tabKinds {
		if slices.Contains(tabKinds[i].Own, name) {
			return true
		}
	}
	return false
}

// here is the address of this view for another query.
func (x *exploration) here(q datasets.RowQuery) string { return x.address(x.tab, q, x.Own) }

// Tabs are the views of the table, each with the query of this one.
func (s *Site) exploreTabs(x *exploration) []tab {
	all := s.tabs(x.lang, &x.Dataset, x.Edition, x.tab, func(k *tabKind) string {
		q := x.Query
		q.After = ""
		if k.Keeps != nil {
			q = k.Keeps(q)
		}
		return x.address(k.Key, q, nil)
	})
	if !x.Current {
		all = slices.DeleteFunc(all, func(t tab) bool { return t.Key == tabOverview })
	}
	return all
}

// A tab is one of the views of a dataset.
type tab struct {
	Key, URL string
	Current  bool
}

const tabOverview = "overview"

// tabs are the views of d that there are, the current one marked. e is the
// edition of the table that they show, nil when d has none.
func (s *Site) tabs(lang string, d *catalog.Dataset, e *catalog.Edition, current string, address func(*tabKind) string) []tab {
	all := []tab{{Key: tabOverview, URL: "/" + lang + datasetPath(d.Slug), Current: current == tabOverview}}
	if e == nil {
		return all
	}
	for i := range tabKinds {
		k := &tabKinds[i]
		if k.Works == nil || k.Works(s, e) {
			all = append(all, tab{Key: k.Key, URL: address(k), Current: k.Key == current})
		}
	}
	return all
}

// datasetTabs are the views of the first table of d, from its own page.
func (s *Site) datasetTabs(lang string, d *catalog.Dataset) []tab {
	var e *catalog.Edition
	if all := d.Tables(); len(all) > 0 {
		e = all[0].Edition
	}
	return s.tabs(lang, d, e, tabOverview, func(k *tabKind) string { return "/" + lang + datasetPath(d.Slug) + "/" + k.Key })
}

// pickTable returns the table of d that the query names, or its first one.
func pickTable(d *catalog.Dataset, id string) (*catalog.Resource, error) {
	all := d.Tables()
	if len(all) == 0 {
		return nil, fiber.ErrNotFound
	}
	if id == "" {
		return all[0], nil
	}
	for _, r := range all {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, fiber.ErrNotFound
}

// choices are the tables of x as options.
func (x *exploration) choices() []choice {
	var all []choice
	for _, r := range x.tables {
		all = append(all, choice{Key: r.ID, Label: r.Label(x.lang), Current: r.ID == x.Resource.ID})
	}
	return all
}

// A movedError is the answer that a page stands at another address.
type movedError struct{ url string }

func (m *movedError) Error() string { return "moved to " + m.url }
