package site

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/search"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// agencyCache holds the agencies of the catalogue until it changes: their
// names stand beside every dataset.
type agencyCache struct {
	mu    sync.Mutex
	seq   int64
	valid bool
	list  agencyList
}

// An agencyList is all agencies, by slug, and by id. Nobody changes it.
type agencyList struct {
	all  []catalog.Agency
	byID map[string]*catalog.Agency
}

// get returns the agencies as they are now.
func (c *agencyCache) get(ctx context.Context, store *catalog.Store) (agencyList, error) {
	seq, err := store.LastQuietSeq(ctx)
	if err != nil {
		return agencyList{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.valid && c.seq == seq {
		return c.list, nil
	}
	all, err := store.Agencies(ctx)
	if err != nil {
		return agencyList{}, err
	}
	list := agencyList{all: all, byID: make(map[string]*catalog.Agency, len(all))}
	for i := range all {
		list.byID[all[i].ID] = &all[i]
	}
	c.list, c.seq, c.valid = list, seq, true
	return list, nil
}

// bySlug returns the agency with the slug or id, or nil.
func (a agencyList) bySlug(key string) *catalog.Agency {
	for i := range a.all {
		if a.all[i].Slug == key || a.all[i].ID == key {
			return &a.all[i]
		}
	}
	return nil
}

// agencyLink names an agency for a page in l's language.
func (l *locale) agencyLink(a *catalog.Agency) Link {
	if a == nil {
		return Link{}
	}
	t := l.said(a.Title)
	return Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + agencyPath(a.Slug)}
}

// An agenciesView is the list of all agencies.
type agenciesView struct {
	Frame
	Head     []headCell
	Agencies []agencyRow
	Total    int64
	all      []catalog.Agency
}

type agencyRow struct {
	URL      string
	Title    said
	Parent   Link
	Datasets int64
}

// JSON is the list as the API answers it.
func (v *agenciesView) JSON() any {
	return List[catalog.Agency]{Total: v.Total, Results: v.all}
}

// Orders of the list of agencies.
const (
	sortName     = "name"
	sortDatasets = "datasets"
)

func (s *Site) agencyList(r *Request) (View, error) {
	l := s.locales[r.Lang]
	list, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	order, descending := strings.CutPrefix(r.Query.Get("sort"), "-")
	switch order {
	case "", sortName, sortDatasets:
	default:
		return nil, &catalog.InvalidError{Field: "sort", Reason: "agencies are sorted by name or datasets, with a minus before it downwards"}
	}
	v := &agenciesView{all: l.sortAgencies(list.all, order, descending), Total: int64(len(list.all))}
	v.Frame = Frame{Title: l.Text("agencies.title"), Description: l.Text("agencies.description"), Section: "agencies"}
	for i := range v.all {
		a := &v.all[i]
		row := agencyRow{URL: "/" + r.Lang + agencyPath(a.Slug), Title: l.said(a.Title), Datasets: a.Datasets}
		row.Parent = l.agencyLink(list.byID[a.Parent])
		v.Agencies = append(v.Agencies, row)
	}
	v.Head = []headCell{
		sortHead(r, l.Text("agencies.name"), sortName, order, descending),
		{Label: l.Text("agencies.parent")},
		sortHead(r, l.Text("agencies.datasets"), sortDatasets, order, descending),
	}
	v.Head[2].Numeric = true
	return v, nil
}

// sortHead is the head of a column that sorts by its link.
func sortHead(r *Request, label, key, order string, descending bool) headCell {
	h := headCell{Label: label, URL: r.url("sort", key)}
	if key == sortDatasets { // the most first
		h.URL = r.url("sort", "-"+key)
	}
	if order != key && (order != "" || key != sortName) {
		return h
	}
	h.Sorted = "ascending"
	if descending {
		h.Sorted = "descending"
		h.URL = r.url("sort", key)
	} else {
		h.URL = r.url("sort", "-"+key)
	}
	return h
}

// sortAgencies orders agencies: names as the dictionary of the language does.
func (l *locale) sortAgencies(all []catalog.Agency, order string, descending bool) []catalog.Agency {
	sorted := slices.Clone(all)
	collator := collate.New(language.Make(l.lang), collate.Numeric, collate.IgnoreCase)
	name := func(a *catalog.Agency) string { return l.said(a.Title).Text }
	slices.SortStableFunc(sorted, func(a, b catalog.Agency) int {
		by := collator.CompareString(name(&a), name(&b))
		if order == sortDatasets && a.Datasets != b.Datasets {
			by = 1
			if a.Datasets < b.Datasets {
				by = -1
			}
		} else if order == sortDatasets {
			return by
		}
		if descending {
			return -by
		}
		return by
	})
	return sorted
}

// An agencyView is one agency with its newest datasets.
type agencyView struct {
	Frame
	Title       said
	Description said
	Kind        string
	Parent      Link
	Homepage    string
	Contact     Link
	Total       int64
	Cards       []card
	AllURL      string
	MoreURL     string
	Formats     []bar
	Below       []Link
	Ask         *askCard
	agency      catalog.Agency
}

// JSON is the agency as the API answers it.
func (v *agencyView) JSON() any { return v.agency }

func (s *Site) agency(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	a, err := s.Catalog.Agency(ctx, r.Param("slug"))
	if err != nil {
		return nil, err
	}
	list, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &agencyView{agency: a, Title: l.said(a.Title), Description: l.said(a.Description), Kind: a.Kind, Homepage: webAddress(a.Homepage)}
	v.Parent = l.agencyLink(list.byID[a.Parent])
	if a.Contact != "" {
		v.Contact = Link{Text: a.Contact, URL: contactURL(a.Contact)}
	}
	for i := range list.all {
		if list.all[i].Parent == a.ID {
			v.Below = append(v.Below, l.agencyLink(&list.all[i]))
		}
	}
	v.Frame = Frame{
		Title: v.Title.Text, TitleLang: v.Title.Lang, Section: "agencies", Description: l.Text("agency.description", "name", v.Title.Text),
		Crumbs: []Link{{Text: l.Text("nav.agencies"), URL: "/" + r.Lang + "/agencies"}},
	}
	if v.Ask, err = s.askCard(ctx, l, agencyPath(a.Slug), "", a.ID, ""); err != nil {
		return nil, err
	}
	return v, s.agencyDatasets(r, l, v)
}

// listed are the first datasets of an agency as a search would find them, from
// the catalogue.
func (s *Site) listed(ctx context.Context, a *catalog.Agency) (search.Result, error) {
	ids, err := s.Catalog.DatasetIDs(ctx, catalog.Filter{Agency: a.ID, Limit: resultsPerPage})
	found := search.Result{Total: a.Datasets}
	for _, id := range ids {
		found.Hits = append(found.Hits, search.Hit{Kind: catalog.NounDataset, ID: id})
	}
	return found, err
}

// agencyDatasets puts the newest datasets of the agency into its view.
func (s *Site) agencyDatasets(r *Request, l *locale, v *agencyView) error {
	found, err := s.Index.Search(r.Context(), search.Query{
		Kind: catalog.NounDataset, Agency: []string{v.agency.ID}, Sort: search.SortNewest, Lang: l.lang, Facets: true,
	})
	if errors.Is(err, search.ErrRebuilding) {
		found, err = s.listed(r.Context(), &v.agency)
	}
	if err != nil {
		return err
	}
	v.Total = found.Total
	v.Cards, _, err = s.cards(r.Context(), l, &found, false)
	if err != nil {
		return err
	}
	all := searchURL(l.lang, search.FacetAgency, v.agency.Slug)
	if v.Total > 1 {
		v.AllURL = all
	}
	if v.Total > int64(len(v.Cards)) {
		v.MoreURL = all
	}
	for _, f := range found.Facets {
		if f.Name != search.FacetFormat {
			continue
		}
		for _, value := range f.Values[:min(len(f.Values), homeAgencies)] {
			b := bar{Link: Link{Text: value.Value, URL: searchURL(l.lang, search.FacetAgency, v.agency.Slug, search.FacetFormat, value.Value)}}
			b.setBar(value.Count, f.Values[0].Count, l.lang)
			v.Formats = append(v.Formats, b)
		}
	}
	return nil
}

// contactURL is where a contact leads: an address of the web or of mail.
func contactURL(contact string) string {
	if strings.Contains(contact, "@") && !strings.ContainsAny(contact, " /:") {
		return "mailto:" + contact
	}
	return webAddress(contact)
}
