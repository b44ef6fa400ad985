package desk

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// answersPerPage is how many clusters a page of the list has.
const answersPerPage = 30

// An answersView is what people say of a draft, what says the same as one.
type answersView struct {
	page
	Draft    *consultation.Draft
	Coverage consultation.Coverage
	Rows     []clusterRow
	Total    int64
	States   []site.Link
	State    string
	Next     string
	Unsorted bool // comments are being compared yet
	Unknown  bool // the number that was asked for is none
}

// A clusterRow is a cluster in the list.
type clusterRow struct {
	consultation.Cluster
	URL      string
	Lead     string
	Drafted  bool // an answer that is not public
	Verdict  string
	Class    string
	ListURL  string // where all of it are read
	Original string // the state of the first comment, where it cannot be read
}

func replyPath(dr *consultation.Draft, about consultation.About) string {
	return deskDraftPath(dr) + "/answers/" + aboutKey(about)
}

// ignoreMissing is err but for ErrNotFound.
func ignoreMissing(err error) error {
	if errors.Is(err, catalog.ErrNotFound) {
		return nil
	}
	return err
}

func (d *Desk) answers(_ *site.Site, r *site.Request) (site.View, error) {
	dr, err := d.draftTo(r, catalog.Answer)
	if err != nil {
		return nil, err
	}
	if !dr.Visible() {
		return nil, moved(r, deskDraftPath(dr))
	}
	v := &answersView{page: page{draftFrame(r, dr, "desk.step.draft.answers")}, Draft: dr, State: r.Query.Get("state")}
	if number := r.Query.Get("number"); number != "" {
		if ok, err := d.answerable(r, dr, aboutOf(number)); err != nil {
			return nil, err
		} else if ok {
			return nil, moved(r, replyPath(dr, aboutOf(number)))
		}
		v.Unknown = true
	}
	here := "/" + r.Lang + deskDraftPath(dr) + "/answers"
	v.States = []site.Link{{Text: r.Text("desk.answers.all"), URL: here}, {Text: r.Text("desk.answers.unanswered"), URL: here + "?state=unanswered"}}
	if v.Coverage, err = d.law.Coverage(r.Context(), dr.ID); err != nil {
		return nil, err
	}
	gate, err := d.law.Gate(r.Context(), &r.Actor, dr.ID)
	if err != nil {
		return nil, err
	}
	v.Unsorted = gate.Unsorted
	after, _ := strconv.ParseInt(r.Query.Get("after"), 10, 64)
	all, total, err := d.law.Clusters(r.Context(), consultation.ClusterFilter{Draft: dr.ID, Unanswered: v.State == "unanswered", After: after, Limit: answersPerPage + 1})
	if err != nil {
		return nil, err
	}
	v.Total = total
	if len(all) > answersPerPage {
		all = all[:answersPerPage]
		v.Next = here + "?" + url.Values{"state": {v.State}, "after": {strconv.FormatInt(all[answersPerPage-1].ID, 10)}}.Encode()
	}
	for i := range all {
		row, err := d.clusterRow(r, dr, &all[i])
		if err != nil {
			return nil, err
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// answerable reports whether there is such a comment or cluster on the draft.
func (d *Desk) answerable(r *site.Request, dr *consultation.Draft, about consultation.About) (bool, error) {
	if about.Comment != "" {
		c, err := d.law.DeskComment(r.Context(), &r.Actor, about.Comment)
		return err == nil && c.Draft == dr.ID, ignoreMissing(err)
	}
	k, err := d.law.Cluster(r.Context(), about.Cluster)
	return err == nil && k.Draft == dr.ID, ignoreMissing(err)
}

// clusterRow is a cluster in the list. One comment that was answered by itself
// is answered.
func (d *Desk) clusterRow(r *site.Request, dr *consultation.Draft, k *consultation.Cluster) (clusterRow, error) {
	about := consultation.About{Cluster: k.ID}
	row := clusterRow{Cluster: *k, Lead: beginning(k.First.Text), ListURL: "/" + r.Lang + "/drafts/" + dr.Slug + "/comments?cluster=" + strconv.FormatInt(k.ID, 10)}
	a, err := d.law.DeskAnswer(r.Context(), &r.Actor, about)
	if errors.Is(err, catalog.ErrNotFound) && k.Size == 1 && k.First.ID != "" {
		if own, ownErr := d.law.DeskAnswer(r.Context(), &r.Actor, consultation.About{Comment: k.First.ID}); ownErr == nil {
			a, err, about = own, nil, consultation.About{Comment: k.First.ID}
		}
	}
	row.URL = "/" + r.Lang + replyPath(dr, about)
	if err != nil {
		return row, ignoreMissing(err)
	}
	row.Drafted = a.State != catalog.Published
	row.Verdict, row.Class = a.Verdict, verdictClasses[a.Verdict]
	return row, nil
}

// A replyView is a comment or a cluster, and what the agency says to it.
type replyView struct {
	page
	Draft   *consultation.Draft
	Comment *consultation.Comment // it, or the one that stands for the cluster
	Cluster *consultation.Cluster
	ListURL string // where all of the cluster are read
	Public  string // the page of the comment
	Answer  *consultation.Answer
	Class   string
	Form    *form
	Drop    *form
	Confirm string // where password and code are asked for before words that are public are changed
	Next    string // the next one without an answer
	Done    string
}

func (d *Desk) replyPage(r *site.Request) (*replyView, error) {
	dr, err := d.draftTo(r, catalog.Answer)
	if err != nil {
		return nil, err
	}
	if !dr.Visible() {
		return nil, moved(r, deskDraftPath(dr))
	}
	about := aboutOf(r.Param("about"))
	v := &replyView{page: page{draftFrame(r, dr, "desk.answer.title")}, Draft: dr}
	v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.step.draft.answers"), URL: "/" + r.Lang + deskDraftPath(dr) + "/answers"})
	if err := d.replySubject(r, v, about); err != nil {
		return nil, err
	}
	a, err := d.law.DeskAnswer(r.Context(), &r.Actor, about)
	switch {
	case err == nil:
		v.Answer, v.Class = &a, verdictClasses[a.Verdict]
	case !errors.Is(err, catalog.ErrNotFound):
		return nil, err
	}
	if done := r.Query.Get("done"); done == doDraft || done == doAnswer {
		v.Done = "desk.answer.done." + done
	}
	if v.Comment.State != consultation.Shown {
		return v, nil
	}
	if v.Answer != nil && a.State == catalog.Published && !d.isFresh(r) {
		v.Confirm = "/" + r.Lang + pathHome + "/confirm?" + url.Values{"next": {replyPath(dr, about)}}.Encode()
		return v, nil
	}
	v.Form = replyForm(r, v.Answer, v.Comment.Lang)
	if v.Answer != nil && a.State != catalog.Published {
		v.Drop = &form{Do: "drop", Submit: "desk.answer.drop", Fields: []field{hiddenRevision(a.Revision)}}
	}
	return v, nil
}

// isFresh reports whether password and code were given lately.
func (d *Desk) isFresh(r *site.Request) bool {
	s := session(r)
	return s != nil && s.Fresh(d.Store.Now())
}

// replySubject adds the comment or the cluster that the answer is to.
func (d *Desk) replySubject(r *site.Request, v *replyView, about consultation.About) error {
	if about.Comment == "" {
		k, err := d.law.Cluster(r.Context(), about.Cluster)
		if err == nil && k.Draft != v.Draft.ID {
			err = catalog.NotFound("cluster", "")
		}
		if err != nil {
			return err
		}
		v.Cluster, v.Comment = &k, &k.First
		if v.Comment.State == "" {
			v.Comment.State = consultation.Shown // the cluster has others that can be read
		}
		v.ListURL = "/" + r.Lang + "/drafts/" + v.Draft.Slug + "/comments?cluster=" + strconv.FormatInt(k.ID, 10)
		return nil
	}
	c, err := d.law.DeskComment(r.Context(), &r.Actor, about.Comment)
	if err == nil && c.Draft != v.Draft.ID {
		err = catalog.NotFound(consultation.NounComment, about.Comment)
	}
	if err != nil {
		return err
	}
	v.Comment = &c.Comment
	if c.State == consultation.Shown {
		v.Public = "/" + r.Lang + "/comments/" + c.ID
	}
	return nil
}

// replyForm asks for an answer. It is in the language of the comment at first.
func replyForm(r *site.Request, a *consultation.Answer, lang string) *form {
	now, revision := consultation.Answer{Lang: lang}, int64(-1) // none is there yet
	if a != nil {
		now, revision = *a, a.Revision
	}
	var langs []option
	for _, l := range catalog.Languages {
		langs = append(langs, option{Value: l, Label: r.Text("desk.answer.lang." + l), Chosen: l == now.Lang})
	}
	f := &form{Do: doAnswer, Submit: "desk.question.answer.submit", Fields: []field{
		{Name: "revision", Kind: "hidden", Value: strconv.FormatInt(revision, 10)},
		{Name: "verdict", Kind: "radios", Options: verdictOptions(r, now.Verdict, consultation.Verdicts...)},
		{Name: "answer", Kind: "textarea", Value: now.Text},
		{Name: "language", Kind: "select", Options: langs},
	}}
	if a == nil || a.State != catalog.Published {
		f.Fields = append(f.Fields, field{Name: "how", Kind: "radios", Options: []option{
			{Value: doDraft, Label: r.Text("desk.question.how.draft"), Chosen: r.Query.Get("publish") == ""},
			{Value: doAnswer, Label: r.Text("desk.question.how.answer"), Chosen: r.Query.Get("publish") != ""},
		}})
	}
	return f
}

func (d *Desk) reply(_ *site.Site, r *site.Request) (site.View, error) { return d.replyPage(r) }

func (d *Desk) doReply(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.replyPage(r)
	if err != nil {
		return nil, err
	}
	about := aboutOf(r.Param("about"))
	here := replyPath(v.Draft, about)
	if v.Confirm != "" {
		return nil, r.KeepTyped(fiber.StatusConflict, "desk.answer.stale", site.Link{Text: r.Text("desk.confirm.title"), URL: v.Confirm}, site.Moved(v.Confirm))
	}
	if v.Drop != nil && r.Form.Get("do") == "drop" {
		err := d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
			return consultation.DiscardResponse(tx, &r.Actor, about, revisionOf(r))
		})
		if err == nil {
			return nil, moved(r, here)
		}
		return stay(v, v.Drop, d.refusedWrite(r, v.Drop, err, func() (*form, error) { return v.Drop, nil }))
	}
	f := v.Form
	if f == nil || r.Form.Get("do") != f.Do {
		return nil, fiber.ErrBadRequest
	}
	f.take(r)
	done, err := d.respond(r, about, f, here)
	if err == nil {
		return nil, moved(r, here+"?done="+done)
	}
	return stay(v, f, d.refusedWrite(r, f, inField(err, "text", "answer"), func() (*form, error) {
		now, err := d.replyPage(r)
		if err != nil || now.Form == nil {
			return f, err
		}
		v.Answer, v.Class = now.Answer, now.Class
		return now.Form, nil
	}))
}

// respond keeps an answer or publishes it, and returns which. What was typed
// waits as a draft while password and code are given.
func (d *Desk) respond(r *site.Request, about consultation.About, f *form, here string) (done string, err error) {
	done = doAnswer
	if in := f.field("how"); in != nil && !slices.ContainsFunc(in.Options, func(o option) bool { return o.Chosen && o.Value == doAnswer }) {
		done = doDraft
	}
	reply := consultation.Reply{Verdict: typedOption(f, "verdict"), Lang: chosen(f, "language"), Text: typedLong(f, "answer")}
	if done == doAnswer && reply.Text == "" {
		return done, &catalog.InvalidError{Field: "text", Reason: "there is nothing written"}
	}
	var confirm error
	if done == doAnswer {
		if confirm = d.fresh(r, here+"?publish=1"); confirm != nil {
			done = doDraft
		}
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		if done == doDraft {
			_, err = consultation.DraftResponse(tx, &r.Actor, about, revisionOf(r), reply)
		} else {
			_, err = consultation.PublishResponse(tx, &r.Actor, about, revisionOf(r), reply)
		}
		return err
	})
	if err == nil {
		err = confirm
	}
	return done, err
}
