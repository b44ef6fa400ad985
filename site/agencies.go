package site

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/search"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// agencyCache holds the agencies of the catalogue until they change: their names
// stand beside every dataset. How many datasets each has changes more often, and
// stands on few pages.
type agencyCache struct{ names, counted cached[agencyList] }

// An agencyList is all agencies, by slug, and by id. Nobody changes it.
type agencyList struct {
	all   []catalog.Agency
	byID  map[string]*catalog.Agency
	slugs map[string]*catalog.Agency
}

// get returns the agencies as they are now, their datasets not counted.
func (c *agencyCache) get(ctx context.Context, store *catalog.Store) (agencyList, error) {
	return c.names.get(ctx, store, func(ctx context.Context) (agencyList, error) {
		return listAgencies(store.AgencyNames(ctx))
	}, catalog.NounAgency)
}

// count returns the agencies with how many datasets each has now.
func (c *agencyCache) count(ctx context.Context, store *catalog.Store) (agencyList, error) {
	return c.counted.get(ctx, store, func(ctx context.Context) (agencyList, error) {
		return listAgencies(store.Agencies(ctx))
	}, catalog.NounAgency, catalog.NounDataset)
}

func listAgencies(all []catalog.Agency, err error) (agencyList, error) {
	list := agencyList{all: all, byID: make(map[string]*catalog.Agency, len(all)), slugs: make(map[string]*catalog.Agency, len(all))}
	for i := range all {
		list.byID[all[i].ID], list.slugs[all[i].Slug] = &all[i], &all[i]
	}
	return list, err
}

// bySlug returns the agency with the slug or id, or nil.
func (a agencyList) bySlug(key string) *catalog.Agency {
	if found := a.byID[key]; found != nil {
		return found
	}
	return a.slugs[key]
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
	Scored   bool // Score is of Period
	Period   said
	League   string // address of how scores are made
	shape    []AgencyShape
}

// An AgencyShape is an agency in the API.
type AgencyShape struct {
	catalog.Agency
	Score *ScoreShape `json:"score,omitempty"` // absent where it was not measured
}

// A ScoreShape is the score of an agency with what it is of.
type ScoreShape struct {
	Value  float64 `json:"value"`
	Of     int     `json:"of"`
	Period string  `json:"period"`
	Method string  `json:"method"` // address of the league, which tells how it is made
}

type agencyRow struct {
	URL      string
	Title    said
	Parent   Link
	Datasets int64
	Score    pointsView
	Scores   string // address of what the score follows from
}

// JSON is the list as the API answers it.
func (v *agenciesView) JSON() any {
	return List[AgencyShape]{Total: v.Total, Results: append([]AgencyShape{}, v.shape...)}
}

// Orders of the list of agencies.
const (
	sortName     = "name"
	sortDatasets = "datasets"
	sortScore    = "score"
)

func (s *Site) agencyList(r *Request) (View, error) {
	l := s.locales[r.Lang]
	list, err := s.agencies.count(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	order, descending := strings.CutPrefix(r.Query.Get("sort"), "-")
	switch order {
	case "", sortName, sortDatasets, sortScore:
	default:
		return nil, &catalog.InvalidError{Field: "sort", Reason: "agencies are sorted by name, datasets or score, with a minus before it downwards"}
	}
	values, period, err := s.agencyValues(r.Context())
	if err != nil {
		return nil, err
	}
	v := &agenciesView{Total: int64(len(list.all)), Scored: len(values) > 0, Period: l.said(period.Label), League: leaguePath + "?" + paramPeriod + "=" + period.ID}
	v.Frame = Frame{Title: l.Text("agencies.title"), Description: l.Text("agencies.description"), Section: "agencies"}
	sorted := l.sortAgencies(list.all, values, order, descending)
	for i := range sorted {
		a := &sorted[i]
		row := agencyRow{URL: "/" + r.Lang + agencyPath(a.Slug), Title: l.said(a.Title), Datasets: a.Datasets, Scores: "/" + r.Lang + scoresPath(a.Slug), Score: l.points(nil)}
		row.Parent = l.agencyLink(list.byID[a.Parent])
		shape := AgencyShape{Agency: *a}
		if value, measured := values[a.ID]; measured {
			row.Score = l.points(&value)
			shape.Score = &ScoreShape{value, indicators.Most, period.ID, s.baseURL() + "/" + s.Language() + v.League}
		}
		v.Agencies, v.shape = append(v.Agencies, row), append(v.shape, shape)
	}
	v.League = "/" + r.Lang + v.League
	v.Head = []headCell{
		sortHead(r, l.Text("agencies.name"), sortName, order, descending),
		{Label: l.Text("agencies.parent")},
		sortHead(r, l.Text("agencies.datasets"), sortDatasets, order, descending),
	}
	v.Head[2].Numeric = true
	if v.Scored {
		v.Head = append(v.Head, sortHead(r, l.Text("agencies.score"), sortScore, order, descending))
	}
	return v, nil
}

// agencyValues are the scores of agencies, by id, in the newest period that
// they are of; none while nobody is measured.
func (s *Site) agencyValues(ctx context.Context) (map[string]float64, indicators.Period, error) {
	if !s.anyIndicators(ctx) {
		return nil, indicators.Period{}, nil
	}
	return s.indicators.Values(ctx)
}

// sortHead is the head of a column that sorts by its link.
func sortHead(r *Request, label, key, order string, descending bool) headCell {
	h := headCell{Label: label, URL: r.url("sort", key)}
	if key == sortDatasets || key == sortScore { // the most first
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
// Those without a score stand behind all others either way.
func (l *locale) sortAgencies(all []catalog.Agency, values map[string]float64, order string, descending bool) []catalog.Agency {
	sorted := slices.Clone(all)
	collator := collate.New(language.Make(l.lang), collate.Numeric, collate.IgnoreCase)
	name := func(a *catalog.Agency) string { return l.said(a.Title).Text }
	slices.SortStableFunc(sorted, func(a, b catalog.Agency) int {
		var by int
		switch order {
		case sortDatasets:
			by = cmp.Compare(a.Datasets, b.Datasets)
		case sortScore:
			x, measured := values[a.ID]
			y, other := values[b.ID]
			switch {
			case measured && !other:
				return -1
			case other && !measured:
				return 1
			}
			by = cmp.Compare(x, y)
		default:
			by = collator.CompareString(name(&a), name(&b))
		}
		if descending {
			by = -by
		}
		return cmp.Or(by, collator.CompareString(name(&a), name(&b)))
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
	Money       *moneyCard
	Contracts   *contractCard
	Board       *scoreboardView // nil where nothing is asked of it
	Quality     *agencyQuality  // nil before anything was assessed
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
	if v.Board, err = s.scoreboard(ctx, l, &a); err != nil {
		return nil, err
	}
	if v.Money, err = s.moneyCard(ctx, l, &a); err != nil {
		return nil, err
	}
	if v.Contracts, err = s.contractCard(ctx, l, &a); err != nil {
		return nil, err
	}
	if v.Quality, err = s.agencyQuality(ctx, l, &a); err != nil {
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
		Kind: catalog.NounDataset, Agency: []string{v.agency.ID}, Sort: search.SortNewest, Lang: l.lang, Facets: true, FacetValues: homeAgencies,
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
