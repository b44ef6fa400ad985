package site

import (
	"net/url"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/gofiber/fiber/v2"
)

// questionTitle is how many letters of a question stand for its title.
const questionTitle = 80

// A questionView is one question and its answer.
type questionView struct {
	Frame
	Row   questionRow
	shape QuestionShape
}

// JSON is the question as the API answers it.
func (v *questionView) JSON() any { return v.shape }

func (s *Site) question(r *Request) (View, error) {
	l := s.locales[r.Lang]
	q, err := s.Catalog.Question(r.Context(), r.Param("id"))
	if err != nil {
		return nil, err
	}
	agencies, err := s.agencies.get(r.Context(), s.Catalog)
	if err != nil {
		return nil, err
	}
	v := &questionView{Row: s.questionRow(l, &q, agencies), shape: s.shapeQuestion(&q, agencies)}
	v.Frame = Frame{
		Title: firstOf(lead(q.Text, questionTitle), l.Text("question.title.none")), Section: "datasets", NoIndex: q.Text == "",
		Crumbs: []Link{{Text: l.Text("questions.title"), URL: "/" + r.Lang + "/questions"}},
	}
	if q.Text != "" && q.Lang != r.Lang {
		v.TitleLang = q.Lang
	}
	switch {
	case v.Row.About.URL != "":
		v.Crumbs = []Link{{Text: l.Text("nav.datasets"), URL: "/" + r.Lang + "/datasets"}, v.Row.About, {Text: l.Text("questions.title"), URL: v.Row.About.URL + "/questions"}}
	case v.Row.Agency.URL != "":
		v.Section = "agencies"
		v.Crumbs = []Link{{Text: l.Text("nav.agencies"), URL: "/" + r.Lang + "/agencies"}, v.Row.Agency, {Text: l.Text("questions.title"), URL: v.Row.Agency.URL + "/questions"}}
	}
	return v, nil
}

// feed is the address of the feed of the questions of a place.
func (p *questionPlace) feed(lang string) string {
	q := url.Values{paramLang: {lang}}
	switch {
	case p.dataset != nil:
		q.Set(paramDataset, p.dataset.Slug)
	case p.agency != nil:
		q.Set("agency", p.agency.Slug)
	}
	return withQuery("/feeds/questions.atom", q)
}

// feedQuestions answers the last questions, of all or of a place.
func (s *Site) feedQuestions(c *fiber.Ctx) error {
	return s.sendFeed(c, func(r *Request, l *locale) (feed, error) {
		f := feed{title: l.Text("feed.questions.title"), subtitle: l.Text("feed.questions.text"), page: "/questions", entries: []atomEntry{}}
		var place questionPlace
		if slug := r.Query.Get(paramDataset); slug != "" {
			d, err := s.Catalog.Dataset(r.Context(), slug)
			if err != nil {
				return f, err
			}
			place.dataset = &d
		} else if slug := r.Query.Get("agency"); slug != "" {
			a, err := s.Catalog.Agency(r.Context(), slug)
			if err != nil {
				return f, err
			}
			place.agency = &a
		}
		if t := place.title(l); t.Text != "" {
			f.title, f.page = l.Text("questions.title.of", "name", t.Text), place.path()+"/questions"
		}
		filter := place.filter()
		filter.States, filter.Before, filter.Limit = questionRead, r.Query.Get(paramAfter), feedEntries+1
		all, _, err := s.Catalog.Questions(r.Context(), filter)
		if err != nil {
			return f, err
		}
		agencies, err := s.agencies.get(r.Context(), s.Catalog)
		if err != nil {
			return f, err
		}
		if len(all) > feedEntries {
			all = all[:feedEntries]
			f.next = keepOnly(r.Query, "agency", paramDataset)
			f.next.Set(paramAfter, all[feedEntries-1].ID)
		}
		for i := range all {
			f.entries = append(f.entries, s.questionEntry(l, &all[i], agencies))
		}
		return f, nil
	})
}

// questionEntry is a question as an entry, which changes when it is answered.
func (s *Site) questionEntry(l *locale, q *catalog.Question, agencies agencyList) atomEntry {
	updated := q.Opened
	if q.Closed.After(updated) {
		updated = q.Closed
	}
	lang := q.Lang
	if lang == l.lang {
		lang = ""
	}
	e := atomEntry{
		ID: "urn:uuid:" + q.ID, Title: atomText{lang, lead(q.Text, questionTitle)}, Updated: atomTime(updated), Published: atomTime(q.Opened),
		Author: atomPerson{Name: firstOf(q.Name, l.Text("question.noname"))}, Summary: &atomText{lang, lead(firstOf(q.Answer, q.Text), feedSummary)},
		Categories: []atomCategory{{q.State, l.Text("question.state." + q.State)}},
	}
	if a := agencies.byID[q.Agency]; a != nil {
		e.Categories = append(e.Categories, atomCategory{a.Slug, l.said(a.Title).Text})
	}
	e.Links = s.pageLinks(l.lang, questionPath(q.ID))
	return e
}
