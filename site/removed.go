package site

import (
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// removedRows is how many lines of the ledger a page has.
const removedRows = 100

// week is what the home page looks back over.
const week = 7 * 24 * time.Hour

// The parameters of the ledger, beside agency.
const (
	paramNoun   = "noun"
	paramSource = "source"
	paramReason = "reason"
	paramRun    = "run"
)

// Why and what may be asked for.
var (
	removalKinds = []string{catalog.RemovedMissing, catalog.RemovedDeleted, catalog.RemovedTakedown, catalog.RemovedSource}
	removalNouns = []string{catalog.NounDataset, catalog.NounFile, consultation.NounDraft, consultation.NounComment, contracts.NounProcess, contracts.NounRelease}
)

func removedParams() []Param {
	return []Param{
		{paramNoun, "param.removed.noun"},
		{paramReason, "param.removed.reason"},
		{"agency", "param.agency"},
		{paramSource, "param.removed.source"},
		{paramRun, "param.removed.run"},
		{paramAfter, "param.after"},
	}
}

// A removalShape is a line of the ledger in the API.
type removalShape struct {
	catalog.Removal
	Agency *AgencyRef `json:"agency,omitempty"`
	Source string     `json:"source,omitempty"` // slug
	URL    string     `json:"url"`              // of the page that says so
}

// A removalRow is a line of the ledger on a page.
type removalRow struct {
	catalog.Removal
	Title  said
	URL    string
	Agency Link
	Source Link
	RunURL string
}

// A removedView is a page of the ledger of what disappeared.
type removedView struct {
	Frame
	Total   int64
	Week    int64
	Nouns   []tab
	Reasons []tab
	Chips   []Link
	Rows    []removalRow
	NextURL string
	shape   removedAnswer
}

type removedAnswer struct {
	List[removalShape]
	Week int64 `json:"removed_this_week"`
}

// JSON is the page of the ledger as the API answers it.
func (v *removedView) JSON() any { return v.shape }

// removed answers the ledger: datasets, unless something else is asked for.
func (s *Site) removed(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	sources, err := s.Catalog.SourcesByID(ctx)
	if err != nil {
		return nil, err
	}
	f, err := s.removalFilter(r, agencies)
	if err != nil {
		return nil, err
	}
	all, total, err := s.Catalog.Removals(ctx, f)
	if err != nil {
		return nil, err
	}
	v := &removedView{Total: total}
	if v.Week, err = s.Catalog.RemovedSince(ctx, s.Now().Add(-week)); err != nil {
		return nil, err
	}
	v.shape = removedAnswer{List[removalShape]{Total: total, Results: []removalShape{}}, v.Week}
	if len(all) == f.Limit {
		all = all[:removedRows]
		v.NextURL, v.shape.Next = r.next(all[removedRows-1].ID)
	}
	for i := range all {
		v.Rows = append(v.Rows, l.removalRow(&all[i], agencies, sources))
		v.shape.Results = append(v.shape.Results, s.shapeRemoval(&all[i], agencies, sources))
	}
	v.choices(r, l, &f, agencies, sources)
	v.Frame = Frame{
		Title: l.Text("removed.title"), Description: l.Text("removed.description"), Section: "removed", NoIndex: len(r.Query) > 0,
		Feeds: []Link{{Text: l.Text("feed.removed.title"), URL: "/feeds/removed.atom?" + paramLang + "=" + r.Lang}},
	}
	return v, nil
}

// removalFilter reads what is asked for. One line more than a page has tells
// whether there is another page.
func (s *Site) removalFilter(r *Request, agencies agencyList) (catalog.RemovalFilter, error) {
	f := catalog.RemovalFilter{
		Noun: firstOf(r.Query.Get(paramNoun), catalog.NounDataset), Kind: r.Query.Get(paramReason), Run: r.Query.Get(paramRun),
		Limit: removedRows + 1,
	}
	invalid := func(field, key string) error {
		return &catalog.InvalidError{Field: field, Reason: s.locales[r.Lang].Text(key)}
	}
	if !slices.Contains(removalNouns, f.Noun) {
		return f, invalid(paramNoun, "removed.noun.unknown")
	}
	if f.Kind != "" && !slices.Contains(removalKinds, f.Kind) {
		return f, invalid(paramReason, "removed.reason.unknown")
	}
	var err error
	if f.Before, err = afterID(r); err != nil {
		return f, err
	}
	if slug := r.Query.Get("agency"); slug != "" {
		a := agencies.bySlug(slug)
		if a == nil {
			return f, invalid("agency", "removed.agency.unknown")
		}
		f.Agency = a.ID
	}
	if slug := r.Query.Get(paramSource); slug != "" {
		src, err := s.Catalog.Source(r.Context(), slug)
		if err != nil {
			return f, err
		}
		f.Source = src.ID
	}
	return f, nil
}

// choices are the ways to narrow the list down, and back.
func (v *removedView) choices(r *Request, l *locale, f *catalog.RemovalFilter, agencies agencyList, sources map[string]*catalog.Source) {
	for _, noun := range removalNouns {
		v.Nouns = append(v.Nouns, tab{Key: noun, URL: r.url(paramNoun, noun, paramAfter, ""), Current: f.Noun == noun})
	}
	v.Reasons = append(v.Reasons, tab{Key: "all", URL: r.url(paramReason, "", paramAfter, ""), Current: f.Kind == ""})
	for _, kind := range removalKinds {
		v.Reasons = append(v.Reasons, tab{Key: kind, URL: r.url(paramReason, kind, paramAfter, ""), Current: f.Kind == kind})
	}
	if a := agencies.byID[f.Agency]; a != nil {
		v.Chips = append(v.Chips, Link{Text: l.said(a.Title).Text, URL: r.url("agency", "", paramAfter, "")})
	}
	if src := sources[f.Source]; src != nil {
		v.Chips = append(v.Chips, Link{Text: l.sourceLink(src).Text, URL: r.url(paramSource, "", paramAfter, "")})
	}
	if f.Run != "" {
		v.Chips = append(v.Chips, Link{Text: l.Text("removed.run"), URL: r.url(paramRun, "", paramAfter, "")})
	}
}

// sourceLink names a source for a page in l's language.
func (l *locale) sourceLink(src *catalog.Source) Link {
	if src == nil {
		return Link{}
	}
	name := l.said(src.Title)
	if name.Text == "" {
		name = said{Text: src.Slug, Lang: "en"}
	}
	return Link{Text: name.Text, Lang: name.Lang, URL: "/" + l.lang + sourcePath(src.Slug)}
}

func (l *locale) removalRow(m *catalog.Removal, agencies agencyList, sources map[string]*catalog.Source) removalRow {
	row := removalRow{
		Removal: *m, Title: l.said(m.Title), URL: "/" + l.lang + removalPath(m),
		Agency: l.agencyLink(agencies.byID[m.Agency]), Source: l.sourceLink(sources[m.Source]),
	}
	if src := sources[m.Source]; src != nil && m.Run != "" {
		row.RunURL = "/" + l.lang + runPath(src.Slug, m.Run)
	}
	return row
}

func (s *Site) shapeRemoval(m *catalog.Removal, agencies agencyList, sources map[string]*catalog.Source) removalShape {
	shape := removalShape{Removal: *m, URL: s.baseURL() + "/" + s.Language() + removalPath(m)}
	if a := agencies.byID[m.Agency]; a != nil {
		shape.Agency = &AgencyRef{a.ID, a.Slug, a.Title, a.State}
	}
	if src := sources[m.Source]; src != nil {
		shape.Source = src.Slug
	}
	return shape
}

// removalPath is where a removed thing stood, and where its page says so now.
func removalPath(m *catalog.Removal) string {
	switch m.Noun {
	case catalog.NounFile:
		return resourcePath(m.Slug, m.Thing)
	case consultation.NounDraft:
		return draftPath(m.Slug)
	case consultation.NounComment:
		return commentPath(m.Thing)
	case contracts.NounProcess, contracts.NounRelease:
		return contractPath(m.Slug)
	}
	return datasetPath(m.Slug)
}
