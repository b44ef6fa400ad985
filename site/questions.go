package site

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// questionRoutes are the pages of what people ask.
func questionRoutes() []Route {
	params := []Param{{paramState, "param.questions.state"}, {paramAfter, "param.after"}}
	ask := Route{View: (*Site).ask, Act: (*Site).doAsk, Template: "ask", PageOnly: true, Cache: CacheNever}
	dataset, agency := ask, ask
	dataset.Path, agency.Path, agency.Example = "/datasets/{slug}/ask", "/agencies/{slug}/ask", apiPrefix+"/agencies/{agency}/ask"
	return []Route{
		dataset, agency,
		{Path: "/questions", View: (*Site).questions, Template: "questions", Doc: "api.questions", Params: params},
		{Path: "/questions/{id}", View: (*Site).question, Template: "question", Doc: "api.question", Example: apiPrefix + "/questions/{question}"},
		{Path: "/questions/{id}/confirm/{word}", View: (*Site).confirm, Act: (*Site).doConfirm, Template: "confirm", PageOnly: true, Cache: CacheNever},
		{Path: "/datasets/{slug}/questions", View: (*Site).questions, Template: "questions", Doc: "api.questions.dataset", Params: params},
		{Path: "/agencies/{slug}/questions", View: (*Site).questions, Template: "questions", Doc: "api.questions.agency", Params: params, Example: apiPrefix + "/agencies/{agency}/questions"},
		{Path: pathReceipt, View: (*Site).findReceipt, Act: (*Site).doFindReceipt, Template: "receipt_find", PageOnly: true, Cache: CacheNever},
		{Path: pathReceipt + "/{code}", View: (*Site).receipt, Act: (*Site).doReceipt, Template: "receipt", PageOnly: true, Cache: CacheNever},
		{Path: "/feeds/questions.atom", Serve: (*Site).feedQuestions, Doc: "api.feed.questions", Params: []Param{
			{paramLang, "param.lang"}, {"agency", "param.questions.agency"}, {paramDataset, "param.questions.dataset"}, {paramAfter, "param.after"},
		}},
	}
}

const (
	paramState   = "state"
	paramDataset = "dataset"
)

// questionRows is how many questions a page has.
const questionRows = 50

// A QuestionShape is a question in the API.
type QuestionShape struct {
	catalog.Question
	Agency  *AgencyRef  `json:"agency"`
	Dataset *DatasetRef `json:"dataset,omitempty"`
	URL     string      `json:"url"`
}

// A DatasetRef names a dataset where another thing is answered.
type DatasetRef struct {
	ID    string       `json:"id"`
	Slug  string       `json:"slug"`
	Title catalog.Text `json:"title"`
}

func (s *Site) shapeQuestion(q *catalog.Question, agencies agencyList) QuestionShape {
	shape := QuestionShape{Question: *q, URL: s.baseURL() + "/" + catalog.Languages[0] + questionPath(q.ID)}
	if a := agencies.byID[q.Agency]; a != nil {
		shape.Agency = &AgencyRef{a.ID, a.Slug, a.Title, a.State}
	}
	if q.Slug != "" {
		shape.Dataset = &DatasetRef{q.Dataset, q.Slug, q.Title}
	}
	return shape
}

func questionPath(id string) string { return "/questions/" + id }

// A questionRow is a question on a page.
type questionRow struct {
	catalog.Question
	URL      string
	Lead     string // its beginning
	Agency   Link
	About    Link   // the dataset
	Resource string // address of the file it is about
	Age      string // how long ago it was asked
	Took     string // how long the answer took
	Class    string // of its state
}

var questionClasses = map[string]string{
	catalog.QuestionWaiting: "warn", catalog.QuestionOpen: "warn", catalog.QuestionAnswered: "ok",
	catalog.QuestionDeclined: "idle", catalog.QuestionWithdrawn: "idle",
}

// questionLead is how many letters of a question a list shows.
const questionLead = 240

func (s *Site) questionRow(l *locale, q *catalog.Question, agencies agencyList) questionRow {
	row := questionRow{
		Question: *q, URL: "/" + l.lang + questionPath(q.ID), Lead: lead(q.Text, questionLead), Class: questionClasses[q.State],
		Agency: l.agencyLink(agencies.byID[q.Agency]), Age: l.Text("span.ago", "span", l.Span(s.Now().Sub(q.Asked))),
	}
	if q.Slug != "" {
		title := l.said(q.Title)
		row.About = Link{Text: firstOf(title.Text, q.Slug), Lang: title.Lang, URL: "/" + l.lang + datasetPath(q.Slug)}
		if q.Resource != "" {
			row.Resource = "/" + l.lang + resourcePath(q.Slug, q.Resource)
		}
	}
	if q.State == catalog.QuestionAnswered {
		row.Took = l.Span(q.Closed.Sub(q.Asked))
	}
	return row
}

// Span says in words how long something is: to the day, the month, the year.
func (l *locale) Span(d time.Duration) string {
	const day, month, year = 24 * time.Hour, 30 * 24 * time.Hour, 365 * 24 * time.Hour
	switch {
	case d < time.Hour:
		return l.Text("span.moment")
	case d < day:
		return l.Text("span.hours", "n", int64(d/time.Hour))
	case d < 2*month:
		return l.Text("span.days", "n", int64(d/day))
	case d < 2*year:
		return l.Text("span.months", "n", int64(d/month))
	default:
		return l.Text("span.years", "n", int64(d/year))
	}
}

// Span says in words how long something is, in the reader's language.
func (r *Request) Span(d time.Duration) string { return r.site.locales[r.Lang].Span(d) }

// A questionPlace is what questions are about: all, an agency, or a dataset.
type questionPlace struct {
	agency  *catalog.Agency
	dataset *catalog.Dataset
}

// questionPlace finds out what the address is about.
func (s *Site) questionPlace(ctx context.Context, r *Request) (p questionPlace, err error) {
	slug := r.Param("slug")
	switch {
	case slug == "":
		return p, nil
	case strings.HasPrefix(r.Path, "/agencies/"):
		a, err := s.Catalog.Agency(ctx, slug)
		return questionPlace{agency: &a}, err
	}
	d, err := s.Catalog.Dataset(ctx, slug)
	if err != nil {
		return p, err
	}
	a, err := s.Catalog.Agency(ctx, d.Agency)
	return questionPlace{&a, &d}, err
}

// path is the address of the thing itself, empty for all questions.
func (p *questionPlace) path() string {
	switch {
	case p.dataset != nil:
		return datasetPath(p.dataset.Slug)
	case p.agency != nil:
		return agencyPath(p.agency.Slug)
	default:
		return ""
	}
}

func (p *questionPlace) filter() (f catalog.QuestionFilter) {
	if p.dataset != nil {
		f.Dataset = p.dataset.ID
	} else if p.agency != nil {
		f.Agency = p.agency.ID
	}
	return f
}

// title is what the thing is called.
func (p *questionPlace) title(l *locale) said {
	switch {
	case p.dataset != nil:
		return l.said(p.dataset.Title)
	case p.agency != nil:
		return l.said(p.agency.Title)
	default:
		return said{}
	}
}

func (p *questionPlace) crumbs(l *locale) []Link {
	t := p.title(l)
	here := Link{Text: t.Text, Lang: t.Lang, URL: "/" + l.lang + p.path()}
	switch {
	case p.dataset != nil:
		return []Link{{Text: l.Text("nav.datasets"), URL: "/" + l.lang + "/datasets"}, here}
	case p.agency != nil:
		return []Link{{Text: l.Text("nav.agencies"), URL: "/" + l.lang + "/agencies"}, here}
	default:
		return nil
	}
}

func (p *questionPlace) section() string {
	if p.agency != nil && p.dataset == nil {
		return "agencies"
	}
	return "datasets"
}

// A questionsView is a list of questions, with the figures of the place.
type questionsView struct {
	Frame
	Place   said
	AskURL  string
	States  []questionState
	Rows    []questionRow
	Total   int64
	Figures questionFigures
	NextURL string
	shape   questionsAnswer
}

// A questionState is a way to narrow the list down.
type questionState struct {
	tab
	N int64
}

// questionFigures are the figures of a place in words.
type questionFigures struct {
	catalog.QuestionFigures
	Asked   int64
	Percent float64
	Took    string // the median, empty without any answer
}

func (l *locale) figures(f *catalog.QuestionFigures) questionFigures {
	in := questionFigures{QuestionFigures: *f, Asked: f.Asked(), Percent: f.Share()}
	if f.Answered > 0 {
		in.Took = l.Span(time.Duration(f.Median) * time.Second)
	}
	return in
}

type questionsAnswer struct {
	List[QuestionShape]
	Figures figuresShape `json:"figures"`
}

type figuresShape struct {
	catalog.QuestionFigures
	Share float64 `json:"share_answered"`
}

// JSON is the list as the API answers it.
func (v *questionsView) JSON() any { return v.shape }

// questionStates are the states that can be asked for, and those that a list
// has without a wish.
var (
	questionStates = []string{catalog.QuestionOpen, catalog.QuestionAnswered, catalog.QuestionDeclined, catalog.QuestionWithdrawn}
	questionRead   = []string{catalog.QuestionOpen, catalog.QuestionAnswered}
)

// questions answers what people asked, the newest first.
func (s *Site) questions(r *Request) (View, error) {
	l, ctx := s.locales[r.Lang], r.Context()
	place, err := s.questionPlace(ctx, r)
	if err != nil {
		return nil, err
	}
	f, err := s.questionFilter(r, place.filter())
	if err != nil {
		return nil, err
	}
	all, total, err := s.Catalog.Questions(ctx, f)
	if err != nil {
		return nil, err
	}
	figures, err := s.Catalog.QuestionFigures(ctx, f.Agency, f.Dataset)
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(ctx, s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &questionsView{Place: place.title(l), Total: total, Figures: l.figures(&figures)}
	v.shape = questionsAnswer{List[QuestionShape]{Total: total, Results: []QuestionShape{}}, figuresShape{figures, figures.Share()}}
	if len(all) == f.Limit {
		all = all[:questionRows]
		v.NextURL, v.shape.Next = r.next(all[questionRows-1].ID)
	}
	for i := range all {
		v.Rows = append(v.Rows, s.questionRow(l, &all[i], agencies))
		v.shape.Results = append(v.shape.Results, s.shapeQuestion(&all[i], agencies))
	}
	v.states(r, &figures)
	if place.agency != nil {
		v.AskURL = "/" + r.Lang + place.path() + "/ask"
	}
	v.Frame = Frame{
		Title: l.Text("questions.title"), Description: l.Text("questions.description"), Section: place.section(), Crumbs: place.crumbs(l), NoIndex: len(r.Query) > 0,
		Feeds: []Link{{Text: l.Text("feed.questions.title"), URL: place.feed(r.Lang)}},
	}
	if place.agency != nil {
		v.Title = l.Text("questions.title.of", "name", v.Place.Text)
	}
	return v, nil
}

// states are the ways to narrow the list down, with how many there are.
func (v *questionsView) states(r *Request, f *catalog.QuestionFigures) {
	now := r.Query.Get(paramState)
	for _, state := range []questionState{
		{tab{Key: "all"}, f.Open + f.Answered},
		{tab{Key: catalog.QuestionOpen}, f.Open},
		{tab{Key: catalog.QuestionAnswered}, f.Answered},
		{tab{Key: catalog.QuestionDeclined}, f.Declined},
	} {
		want := state.Key
		if want == "all" {
			want = ""
		}
		state.URL, state.Current = r.url(paramState, want, paramAfter, ""), now == want
		v.States = append(v.States, state)
	}
}

// questionFilter reads what is asked for. One more than a page has tells whether
// there is another page.
func (s *Site) questionFilter(r *Request, f catalog.QuestionFilter) (catalog.QuestionFilter, error) {
	f.States, f.Limit = questionRead, questionRows+1
	if state := r.Query.Get(paramState); state != "" {
		if !slices.Contains(questionStates, state) {
			return f, &catalog.InvalidError{Field: paramState, Reason: s.locales[r.Lang].Text("questions.state.unknown", "state", fmt.Sprint(questionStates))}
		}
		f.States = []string{state}
	}
	var err error
	f.Before, err = afterID(r)
	return f, err
}
