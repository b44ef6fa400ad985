package site

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/search"
)

// The parameters of the search.
const (
	paramQuery = "q"
	paramFrom  = "from"
	paramTo    = "to"
	paramOrder = "sort"
	paramPage  = "page"
)

// What a page of results holds.
const (
	resultsPerPage = 20
	facetValues    = 20
	facetYears     = 10
	maxQuery       = 300 // letters
)

// facetFields are the fields that results are narrowed down by, in their order
// on the page.
var facetFields = []string{search.FacetAgency, search.FacetTheme, search.FacetFormat, search.FacetLicence}

// A searchView is a page of results.
type searchView struct {
	Frame
	Q        string
	Sentence template.HTML
	Hints    []template.HTML // what was changed to find these
	Tabs     []kindTab       // to what else holds the words, where there is more than datasets
	Facets   []facetView
	Years    []facetValue
	From, To string
	Sorts    []choice
	Chips    []Link
	ClearURL string
	Cards    []card
	Broader  []Link
	Pages    []pageLink

	result search.Result
	list   searchList
}

// A searchList is the results as the API answers them.
type searchList struct {
	List[DatasetShape]
	Facets  []facetShape `json:"facets"`
	Relaxed bool         `json:"relaxed,omitempty"` // nothing holds all words as typed; these hold less
	Suggest string       `json:"suggest,omitempty"`
	Missing []string     `json:"missing,omitempty"`
}

type facetShape struct {
	Field  string       `json:"field"`
	Values []facetValue `json:"values"`
}

// A facetView is a field that results are narrowed down by.
type facetView struct {
	Field  string
	Values []facetValue
	Chosen int64
	Open   bool
	More   int64
}

// A facetValue is one value of a field, with the number of results it gives.
type facetValue struct {
	Value   string `json:"value"`
	Label   string `json:"label"`
	Lang    string `json:"-"`
	Count   int64  `json:"count"`
	Checked bool   `json:"chosen"`
	URL     string `json:"-"`
}

// JSON is the results as the API answers them.
func (v *searchView) JSON() any { return v.list }

// search answers the datasets that fit words and filters.
func (s *Site) search(r *Request) (View, error) {
	l := s.locales[r.Lang]
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	q, err := searchQuery(r, agencies)
	if err != nil {
		return nil, err
	}
	if q.Text != "" && !r.JSON {
		doors := s.openDoors(r.Context())
		q.ByKind = doors.Drafts || doors.Contracts
	}
	v := &searchView{Q: q.Text, From: r.Query.Get(paramFrom), To: r.Query.Get(paramTo)}
	if v.result, err = s.Index.Search(r.Context(), q); err != nil {
		return nil, err
	}
	var shapes []DatasetShape
	if v.Cards, shapes, err = s.cards(r.Context(), l, &v.result, r.JSON); err != nil {
		return nil, err
	}
	v.facets(r, l, agencies)
	if r.JSON {
		v.shape(r, shapes)
		return v, nil
	}
	v.chips(r, l, agencies)
	v.say(l)
	v.Sorts = sortChoices(r, q.Text)
	v.Pages = pageLinks(r, &v.result, q.Page, q.Size)
	v.Broader = broader(r.Lang, q.Text)
	if q.ByKind {
		v.Tabs = kindTabs(r.Lang, q.Text, q.Kind, &v.result)
	}
	v.Frame = Frame{
		Title: l.Text("search.title"), Description: l.Text("search.description"), Section: "datasets",
		State: keepOnly(r.Query, slices.Concat([]string{paramQuery, paramFrom, paramTo, paramOrder, paramPage}, facetFields)...).Encode(),
		Feeds: []Link{{Text: l.Text("search.follow"), URL: feedURL(r.Lang, r.Query)}},
	}
	if q.Text != "" {
		v.Title = q.Text + " — " + l.Text("search.title")
	}
	if q.Page > 1 {
		v.Title = l.Text("search.page", "title", v.Title, "n", q.Page)
	}
	return v, nil
}

// searchQuery reads the query of the address. Agencies are named by their
// slugs there; one that does not exist finds nothing.
func searchQuery(r *Request, agencies agencyList) (search.Query, error) {
	q := search.Query{
		Text: strings.TrimSpace(persian.Cut(r.Query.Get(paramQuery), maxQuery)), Kind: catalog.NounDataset, Lang: r.Lang, Facets: true, FacetValues: facetValues,
		Theme: values(r, search.FacetTheme), Format: values(r, search.FacetFormat), Licence: values(r, search.FacetLicence),
		Sort: r.Query.Get(paramOrder), After: r.Query.Get(paramAfter), Size: resultsPerPage,
	}
	for _, key := range values(r, search.FacetAgency) {
		if a := agencies.bySlug(key); a != nil {
			key = a.ID
		}
		q.Agency = append(q.Agency, key)
	}
	var err error
	if q.From, err = year(r, paramFrom, jalaliStart); err != nil {
		return q, err
	}
	if q.To, err = year(r, paramTo, jalaliEnd); err != nil {
		return q, err
	}
	return q, pageOf(r, &q)
}

// pageOf reads which page of results is wanted.
func pageOf(r *Request, q *search.Query) (err error) {
	if q.Page, err = count(r, paramPage, 1); err != nil {
		return err
	}
	if q.Size, err = count(r, paramSize, resultsPerPage); err != nil {
		return err
	}
	if q.Size > search.MaxSize {
		return &catalog.InvalidError{Field: paramSize, Reason: "a page has at most " + strconv.Itoa(search.MaxSize) + " results"}
	}
	return nil
}

func values(r *Request, name string) []string {
	var all []string
	for _, v := range r.Query[name] {
		if v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// count reads a number from 1.
func count(r *Request, name string, otherwise int) (int, error) {
	text := r.Query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(persian.ASCIIDigits(text))
	if err != nil || n < 1 {
		return 0, &catalog.InvalidError{Field: name, Reason: "give a whole number from 1"}
	}
	return n, nil
}

// A year below lastJalali is one of the Jalali calendar, which begins in the
// Gregorian year that is jalaliStart higher and ends in the one jalaliEnd higher.
const (
	lastJalali  = 1700
	jalaliStart = 621
	jalaliEnd   = 622
)

func year(r *Request, name string, jalali int) (int, error) {
	text := strings.TrimSpace(r.Query.Get(name))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(persian.ASCIIDigits(text))
	if err != nil || n < 1 || n > 9999 {
		return 0, &catalog.InvalidError{Field: name, Reason: "give a year of four digits, Gregorian or Jalali, such as 2024 or 1403"}
	}
	if n < lastJalali {
		n += jalali
	}
	return n, nil
}

// shape makes the answer of the API.
func (v *searchView) shape(r *Request, shapes []DatasetShape) {
	v.list = searchList{
		List:    List[DatasetShape]{Total: v.result.Total, Results: shapes},
		Relaxed: v.result.Relaxed, Suggest: v.result.Suggest, Missing: v.result.Missing, Facets: []facetShape{},
	}
	for _, f := range v.Facets {
		v.list.Facets = append(v.list.Facets, facetShape{f.Field, f.Values})
	}
	v.list.Facets = append(v.list.Facets, facetShape{search.FacetYear, v.Years})
	if v.result.Next != "" {
		_, v.list.Next = r.next(v.result.Next)
	}
}

// say writes the sentence over the results, and what was changed to find them.
func (v *searchView) say(l *locale) {
	key, args := "search.found", []any{"n", v.result.Total}
	if v.Q != "" {
		key, args = key+".q", append(args, "q", v.Q)
	}
	if len(v.Chips) > 0 {
		key += ".filters"
	}
	v.Sentence, v.Hints = l.HTML(key, args...), l.searchHints(&v.result)
}

// searchHints say what was changed to find the results.
func (l *locale) searchHints(found *search.Result) (hints []template.HTML) {
	if !found.Relaxed || found.Total == 0 {
		return nil
	}
	if found.Suggest != "" {
		hints = append(hints, l.HTML("search.suggest", "q", found.Suggest))
	}
	if len(found.Missing) > 0 {
		hints = append(hints, l.HTML("search.missing", "words", strings.Join(found.Missing, l.Text("list.comma")+" ")))
	}
	if found.AnyWord {
		hints = append(hints, l.HTML("search.anyword"))
	}
	return hints
}

// sortChoices are the orders of results; relevance only where there are words.
func sortChoices(r *Request, text string) []choice {
	orders := []string{search.SortRelevance, search.SortNewest, search.SortTitle}
	if text == "" {
		orders = orders[1:]
	}
	current := r.Query.Get(paramOrder)
	if !slices.Contains(orders, current) {
		current = orders[0]
	}
	var all []choice
	for i, o := range orders {
		c := choice{Key: o, Value: o, Current: o == current}
		if i == 0 {
			c.Value = "" // the order that nobody asked for is not sent, so that words typed next are sorted by relevance
		}
		all = append(all, c)
	}
	return all
}

// quoteless takes the marks of a phrase off its words.
var quoteless = strings.NewReplacer(`"`, " ", "«", " ", "»", " ")

// broader are searches for each word of a text of several.
func broader(lang, text string) []Link {
	const most = 5
	words := strings.Fields(quoteless.Replace(text))
	if len(words) < 2 {
		return nil
	}
	var links []Link
	for _, w := range words[:min(len(words), most)] {
		links = append(links, Link{Text: w, URL: searchURL(lang, paramQuery, w)})
	}
	return links
}

// searchURL is the address of a search: pairs of parameter and value.
func searchURL(lang string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return withQuery("/"+lang+"/datasets", q)
}
