package site

import (
	"context"
	"html/template"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/search"
)

// pathFind is the search of everything: of drafts, their articles and comments
// and of public contracts as of datasets and agencies.
const pathFind = "/search"

// paramIn is the kind of things that are looked for there.
const paramIn = "in"

func findRoute() Route {
	return Route{Path: pathFind, View: (*Site).find, Template: "found", Cost: costSearch, Doc: "api.find", Params: []Param{
		{paramQuery, "param.q"}, {paramIn, "param.find.in"}, {paramPage, "param.page"}, {paramAfter, "param.after"}, {paramSize, "param.size"},
	}, Example: apiPrefix + pathFind + "?" + paramQuery + "=data"}
}

// A foundRow is a result on the page.
type foundRow struct {
	Kind      string
	Title     template.HTML
	TitleLang string
	URL       string
	Draft     Link        // that an article or a comment is of
	Agency    Link        // or the buyer
	Stage     stageView   // of a draft
	State     string      // of a contract
	Worth     *amountText // of a contract; nil when it is not known
	At        time.Time   // when a comment came
	Text      template.HTML
	TextLang  string
}

// A foundShape is a result in the API. Slug and title are those of the draft for
// a comment, the slug for an article too.
type foundShape struct {
	Kind    string       `json:"kind"`
	ID      string       `json:"id"`
	Slug    string       `json:"slug"`
	Title   catalog.Text `json:"title"`
	State   string       `json:"state,omitempty"`
	Address string       `json:"address,omitempty"` // of an article or of what a comment stands at
	URL     string       `json:"url"`               // of its page
}

// A findAnswer is results as the API answers them.
type findAnswer struct {
	List[foundShape]
	Kinds   map[string]int64 `json:"kinds"` // how many hold all the words, by kind
	Relaxed bool             `json:"relaxed,omitempty"`
	Suggest string           `json:"suggest,omitempty"`
	Missing []string         `json:"missing,omitempty"`
}

// A findView is a page of results of all kinds.
type findView struct {
	Frame
	Q, In    string
	Sentence template.HTML
	Hints    []template.HTML
	Tabs     []kindTab
	Rows     []foundRow
	Pages    []pageLink
	answer   findAnswer
}

// A kindTab leads to the results of a kind.
type kindTab struct {
	Key     string
	N       int64
	URL     string
	Current bool
}

// JSON is the results as the API answers them.
func (v *findView) JSON() any { return v.answer }

// find answers what holds words, of any kind.
func (s *Site) find(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	q := search.Query{
		Text: strings.TrimSpace(persian.Cut(r.Query.Get(paramQuery), maxQuery)), Kind: r.Query.Get(paramIn), Lang: r.Lang, ByKind: true,
		After: r.Query.Get(paramAfter),
	}
	if err := pageOf(r, &q); err != nil {
		return nil, err
	}
	found, err := s.Index.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	f := &finder{s: s, l: l, ctx: ctx, agencies: agencies, marks: found.Marks, passages: map[string][]consultation.Passage{}}
	if err := f.read(found.Hits); err != nil {
		return nil, err
	}
	v := &findView{Q: q.Text, In: q.Kind, Hints: l.searchHints(&found), Tabs: kindTabs(r.Lang, q.Text, q.Kind, &found)}
	v.answer = findAnswer{List[foundShape]{Total: found.Total, Results: []foundShape{}}, found.Kinds, found.Relaxed, found.Suggest, found.Missing}
	for i := range found.Hits {
		row, shape, err := f.hit(&found.Hits[i])
		if err != nil {
			return nil, err
		}
		if row.URL == "" {
			continue // it went while it was looked for
		}
		v.Rows, v.answer.Results = append(v.Rows, row), append(v.answer.Results, shape)
	}
	if found.Next != "" {
		_, v.answer.Next = r.next(found.Next)
	}
	v.Sentence = l.HTML("found.n", "n", found.Total)
	v.Pages = pageLinks(r, &found, q.Page, q.Size)
	v.Frame = Frame{Title: l.Text("found.title"), Description: l.Text("found.description"), Section: "search", NoIndex: len(r.Query) > 0}
	if q.Text != "" {
		v.Title = q.Text + " — " + v.Title
		v.Sentence = l.HTML("found.n.q", "n", found.Total, "q", q.Text)
	}
	return v, nil
}

// kindTabs lead to the results of each kind, with how many there are; datasets
// have a page of their own.
func kindTabs(lang, text, in string, found *search.Result) []kindTab {
	at := func(kind string) string {
		q := map[string][]string{}
		for name, value := range map[string]string{paramQuery: text, paramIn: kind} {
			if value != "" {
				q[name] = []string{value}
			}
		}
		return withQuery("/"+lang+pathFind, q)
	}
	tabs := []kindTab{{Key: "all", URL: at(""), Current: in == ""}}
	for _, kind := range search.Kinds() {
		t := kindTab{Key: kind, N: found.Kinds[kind], URL: at(kind), Current: in == kind}
		if t.Current {
			t.N = max(t.N, found.Total)
		}
		tabs[0].N += t.N
		if kind == catalog.NounDataset && !t.Current {
			t.URL = searchURL(lang, paramQuery, text)
		}
		tabs = append(tabs, t)
	}
	if in == "" {
		tabs[0].N = found.Total
	}
	return tabs
}

// A finder tells of the things that were found, read together.
type finder struct {
	s         *Site
	l         *locale
	ctx       context.Context //nolint:containedctx // of the one request
	agencies  agencyList
	marks     *search.Highlighter
	datasets  map[string]catalog.Dataset
	drafts    map[string]consultation.Draft
	comments  map[string]consultation.Comment
	passages  map[string][]consultation.Passage // by id of the draft
	contracts map[string]contracts.Words
	buyers    map[string]contracts.Party
}

// read reads what the hits are.
func (f *finder) read(hits []search.Hit) (err error) {
	ids := map[string][]string{}
	for i := range hits {
		h := &hits[i]
		if h.Kind == search.KindArticle {
			draft, _ := h.Article()
			ids[consultation.NounDraft] = append(ids[consultation.NounDraft], draft)
		} else {
			ids[h.Kind] = append(ids[h.Kind], h.ID)
		}
	}
	if f.comments, err = f.s.drafts.CommentsByID(f.ctx, ids[consultation.NounComment]); err != nil {
		return err
	}
	for _, c := range f.comments {
		ids[consultation.NounDraft] = append(ids[consultation.NounDraft], c.Draft)
	}
	if f.drafts, err = f.s.drafts.DraftsByID(f.ctx, ids[consultation.NounDraft]); err != nil {
		return err
	}
	if err := f.readContracts(ids[contracts.NounProcess]); err != nil {
		return err
	}
	all, err := f.s.Catalog.DatasetsByID(f.ctx, ids[catalog.NounDataset], false)
	f.datasets = make(map[string]catalog.Dataset, len(all))
	for i := range all {
		f.datasets[all[i].ID] = all[i]
	}
	return err
}

// hit tells of one thing; what is no longer there has no address.
func (f *finder) hit(h *search.Hit) (row foundRow, shape foundShape, err error) {
	row, shape = foundRow{Kind: h.Kind}, foundShape{Kind: h.Kind, ID: h.ID}
	switch h.Kind {
	case search.KindArticle:
		err = f.article(h, &row, &shape)
	case consultation.NounComment:
		f.comment(h.ID, &row, &shape)
	case contracts.NounProcess:
		f.contract(h.ID, &row, &shape)
	case consultation.NounDraft:
		if d, ok := f.drafts[h.ID]; ok {
			f.about(&row, d.Title, d.Agency, draftPath(d.Slug), f.s.prose.Plain(f.l.said(d.Summary).Text), f.l.said(d.Summary).Lang)
			row.Stage = f.s.stage(f.l, &d)
			shape.Slug, shape.Title, shape.State = d.Slug, d.Title, string(d.Stage(f.s.Now()))
		}
	case catalog.NounDataset:
		if d, ok := f.datasets[h.ID]; ok {
			f.about(&row, d.Title, d.Agency, datasetPath(d.Slug), f.s.prose.Plain(f.l.said(d.Description).Text), f.l.said(d.Description).Lang)
			shape.Slug, shape.Title, shape.State = d.Slug, d.Title, d.State
		}
	default:
		if a := f.agencies.byID[h.ID]; a != nil {
			f.about(&row, a.Title, a.Parent, agencyPath(a.Slug), f.s.prose.Plain(f.l.said(a.Description).Text), f.l.said(a.Description).Lang)
			shape.Slug, shape.Title, shape.State = a.Slug, a.Title, a.State
		}
	}
	if row.URL != "" {
		shape.URL = f.s.baseURL() + "/" + f.s.Language() + row.URL
		row.URL = "/" + f.l.lang + row.URL
	}
	return row, shape, err
}

// about tells of a thing with a title and a description; path is its address
// without language.
func (f *finder) about(row *foundRow, title catalog.Text, agency, path, text, lang string) {
	t := f.l.said(title)
	row.Title, row.TitleLang, row.URL = marked(f.marks, t.Text), t.Lang, path
	row.Agency = f.l.agencyLink(f.agencies.byID[agency])
	f.excerpt(row, text, lang)
}

// excerpt shows the text around the words that were looked for.
func (f *finder) excerpt(row *foundRow, text, lang string) {
	row.TextLang = lang
	if row.Text = passage(f.marks, strings.Join(strings.Fields(text), " ")); row.Text == "" {
		row.Text = marked(nil, lead(text, cardSummary))
	}
}

// in names the draft that something is of.
func (f *finder) in(row *foundRow, d *consultation.Draft) {
	t := f.l.said(d.Title)
	row.Draft = Link{Text: firstOf(t.Text, d.Slug), Lang: t.Lang, URL: "/" + f.l.lang + draftPath(d.Slug)}
	row.Agency = f.l.agencyLink(f.agencies.byID[d.Agency])
}

func (f *finder) comment(id string, row *foundRow, shape *foundShape) {
	c, ok := f.comments[id]
	d, public := f.drafts[c.Draft]
	if !ok || !public {
		return
	}
	f.in(row, &d)
	row.URL, row.At = commentPath(c.ID), c.Received
	row.Title = marked(f.marks, firstOf(c.Name, c.Organisation, f.l.Text("comment.noname")))
	f.excerpt(row, c.Text, c.Lang)
	shape.Slug, shape.Title, shape.State, shape.Address = d.Slug, d.Title, c.State, c.Address
}

func (f *finder) article(h *search.Hit, row *foundRow, shape *foundShape) (err error) {
	id, address := h.Article()
	d, public := f.drafts[id]
	if !public {
		return nil
	}
	all, known := f.passages[id]
	if !known {
		if all, err = f.s.drafts.Passages(f.ctx, id); err != nil {
			return err
		}
		f.passages[id] = all
	}
	for i := range all {
		p := &all[i]
		if p.Address != address {
			continue
		}
		f.in(row, &d)
		name := firstOf(p.Name(), placeName(f.l, &p.Provision))
		row.Title, row.TitleLang = marked(f.marks, name), p.Version.Lang
		row.URL = draftPath(d.Slug) + "#" + provisionID(address)
		f.excerpt(row, p.Text, p.Version.Lang)
		shape.Slug, shape.Title, shape.Address = d.Slug, catalog.Text{p.Version.Lang: name}, address
	}
	return nil
}
