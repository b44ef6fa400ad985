package desk

import (
	"context"
	"net/url"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"
	"github.com/openshafaf/shafaf/site"
)

const pathQuestions = pathHome + "/questions"

func (d *Desk) questionRoutes() []site.Route {
	return []site.Route{
		{Path: pathQuestions, View: d.questions, Template: "desk_questions"},
		{Path: pathQuestions + "/{question}", View: d.question, Act: d.doQuestion, Template: "desk_question"},
	}
}

// questionsPerPage is how many questions a page of the list has.
const questionsPerPage = 50

// A questionsView is the list of what was asked, the longest waiting first.
type questionsView struct {
	page
	Agency field // to choose one
	State  field
	Rows   []askedRow
	Total  int64
	Next   string
}

// An askedRow is a question at the desk.
type askedRow struct {
	catalog.DeskQuestion
	URL    string
	Lead   string
	About  string // what it is about
	Of     string // the agency
	Age    string
	Late   bool // it is overdue
	Answer bool // a draft of one is there
}

// questionLead is how many letters of a question the list shows.
const questionLead = 160

// due are the states in which somebody has to do something.
var due = []string{catalog.QuestionWaiting, catalog.QuestionOpen}

// questionStates are what the list can be narrowed down to.
var questionStates = []string{"due", catalog.QuestionWaiting, catalog.QuestionOpen, catalog.QuestionAnswered, catalog.QuestionDeclined, catalog.QuestionWithdrawn, "all"}

func (d *Desk) questions(_ *site.Site, r *site.Request) (site.View, error) {
	v := &questionsView{page: page{frame(r, "desk.questions.title")}}
	f := catalog.QuestionFilter{Agency: r.Query.Get("agency"), Before: r.Query.Get("after"), Limit: questionsPerPage + 1}
	state := r.Query.Get("state")
	v.State = field{Name: "state", Kind: "select"}
	for _, s := range questionStates {
		v.State.Options = append(v.State.Options, option{Value: s, Label: r.Text("desk.questions.state." + s), Chosen: s == state})
	}
	switch state {
	case "", "due":
		f.States = due
	case "all":
	default:
		f.States = []string{state}
	}
	mine, everywhere := r.Actor.Agencies(catalog.View)
	if everywhere {
		mine = nil
	}
	names, err := d.agencyNames(r.Context(), r.Lang, mine)
	if err != nil {
		return nil, err
	}
	if len(names) > 1 {
		v.Agency = field{Name: "agency", Kind: "select", Options: append([]option{{Label: r.Text("desk.questions.agency.all")}}, placeOptions(names, false)...)}
		for i := range v.Agency.Options {
			v.Agency.Options[i].Chosen = v.Agency.Options[i].Value == f.Agency
		}
	}
	list, total, err := d.Store.DeskQuestions(r.Context(), &r.Actor, catalog.View, f)
	if err != nil {
		return nil, err
	}
	v.Total = total
	if len(list) > questionsPerPage {
		list = list[:questionsPerPage]
		v.Next = "/" + r.Lang + pathQuestions + "?" + url.Values{"state": {state}, "agency": {f.Agency}, "after": {list[questionsPerPage-1].ID}}.Encode()
	}
	for i := range list {
		row := d.askedRow(r, &list[i])
		row.Of = nameOf(names, list[i].Agency)
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

func (d *Desk) askedRow(r *site.Request, q *catalog.DeskQuestion) askedRow {
	waits := d.Store.Now().Sub(q.Asked.Asked)
	row := askedRow{
		DeskQuestion: *q, URL: "/" + r.Lang + pathQuestions + "/" + q.ID, Lead: beginning(q.Text), Age: r.Text("span.ago", "span", r.Span(waits)),
		Late: waits > catalog.AnswerWithin && (q.State == catalog.QuestionWaiting || q.State == catalog.QuestionOpen), Answer: q.Draft != "",
	}
	row.About, _ = q.Title.In(r.Lang)
	return row
}

// beginning is the first words of a text.
func beginning(text string) string {
	return persian.Shorten(strings.Join(strings.Fields(text), " "), questionLead)
}

// waitingQuestions are questions that the actor can look at or answer, the
// longest waiting first.
func (d *Desk) waitingQuestions(ctx context.Context, r *site.Request) ([]task, error) {
	all, _, err := d.Store.DeskQuestions(ctx, &r.Actor, catalog.Answer, catalog.QuestionFilter{States: due, Limit: mostTasks})
	var tasks []task
	for i := range all {
		row := d.askedRow(r, &all[i])
		tasks = append(tasks, task{Name: row.Lead, URL: row.URL, At: row.Asked.Asked})
	}
	return tasks, err
}
