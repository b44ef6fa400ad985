package site

import (
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/search"
)

// pathSuggest is what fields for words ask while somebody is typing.
const pathSuggest = "/suggest"

const paramLimit = "limit"

// How many texts are suggested when nobody says, and how many things of each
// kind at most.
const (
	usualSuggestions = 5
	suggestedOfKind  = 3
)

func suggestRoute() Route {
	return Route{Path: pathSuggest, View: (*Site).suggest, Cache: CacheShort, Doc: "api.suggest", Params: []Param{
		{paramQuery, "param.suggest.q"}, {paramLimit, "param.suggest.limit"}, {paramLang, "param.suggest.lang"},
	}, Example: apiPrefix + pathSuggest + "?" + paramQuery + "=po"}
}

// A suggestView is what a text may go on to; it has no page.
type suggestView struct {
	Frame
	answer suggestAnswer
}

type suggestAnswer struct {
	Texts  []string         `json:"texts"`
	Things []suggestedShape `json:"things"`
}

// A suggestedShape is a thing with such a title.
type suggestedShape struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Slug  string `json:"slug"`
	Title string `json:"title"` // in the language of what was typed, where it has one
	Lang  string `json:"lang"`  // of the title
	URL   string `json:"url"`   // of its page
}

// JSON is the suggestions as the API answers them.
func (v *suggestView) JSON() any { return v.answer }

// suggest answers what a text may go on to that somebody is typing.
func (s *Site) suggest(r *Request) (View, error) {
	text, lang := persian.Cut(r.Query.Get(paramQuery), maxQuery), firstOf(r.Query.Get(paramLang), s.Language())
	if s.locales[lang] == nil {
		return nil, s.refuse(r.Lang, 422, paramLang, "refused.lang", "lang", lang)
	}
	n, err := count(r, paramLimit, usualSuggestions)
	if err != nil {
		return nil, err
	}
	if n > search.MaxSuggested {
		return nil, &catalog.InvalidError{Field: paramLimit, Reason: "at most " + strconv.Itoa(search.MaxSuggested) + " texts are suggested"}
	}
	v := &suggestView{answer: suggestAnswer{Texts: []string{}, Things: []suggestedShape{}}}
	found, err := s.Index.Suggest(r.Context(), text, n, min(n, suggestedOfKind))
	if err != nil {
		return nil, err
	}
	v.answer.Texts = append(v.answer.Texts, found.Texts...)
	f := &finder{s: s, ctx: r.Context()}
	if f.agencies, err = s.agencies.get(r.Context(), s.Catalog); err != nil {
		return nil, err
	}
	if err := f.read(found.Hits); err != nil {
		return nil, err
	}
	for i := range found.Hits {
		h := &found.Hits[i]
		title, slug, path := f.named(h)
		if path == "" {
			continue // it went while it was looked for
		}
		shape := suggestedShape{Kind: h.Kind, ID: h.ID, Slug: slug, URL: s.baseURL() + "/" + lang + path}
		shape.Title, shape.Lang = title.In(catalog.LanguageOf(text))
		shape.Title = unmarked(shape.Title)
		v.answer.Things = append(v.answer.Things, shape)
	}
	return v, nil
}

// named returns what a thing is called, its slug, and its address without
// language; none when it is no longer there.
func (f *finder) named(h *search.Hit) (title catalog.Text, slug, path string) {
	switch h.Kind {
	case catalog.NounDataset:
		if d, ok := f.datasets[h.ID]; ok {
			return d.Title, d.Slug, datasetPath(d.Slug)
		}
	case consultation.NounDraft:
		if d, ok := f.drafts[h.ID]; ok {
			return d.Title, d.Slug, draftPath(d.Slug)
		}
	case contracts.NounProcess:
		if w, ok := f.contracts[h.ID]; ok {
			return w.Title, w.Slug, contractPath(w.Slug)
		}
	default:
		if a := f.agencies.byID[h.ID]; a != nil {
			return a.Title, a.Slug, agencyPath(a.Slug)
		}
	}
	return nil, "", ""
}
