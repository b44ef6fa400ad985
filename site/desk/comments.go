package desk

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathComments is where comments on drafts are looked at.
const pathComments = pathHome + "/comments"

// queueSize is how many comments a page of the queue has.
const queueSize = 20

// What is done to comments.
const (
	doShow    = "show"
	doRemove  = "remove"
	doRestore = "restore"
)

// A queueView is the comments that nobody looked at yet.
type queueView struct {
	page
	Draft  *consultation.Draft // the only one that is meant; nil: all
	Rows   []queueRow
	Total  int64
	Form   form // what is done to those that are chosen
	Next   string
	First  string // of the queue, where a page further on is shown
	Begin  string // the first comment alone
	Done   int    // comments that something was just done to
	Missed int    // those that were not as they stood here any more
}

// A queueRow is a comment in the queue.
type queueRow struct {
	consultation.DeskComment
	Key    string // by which a form says that it is meant, as it is now
	URL    string
	Who    string
	Of     string // the draft
	Place  string // where it stands
	Public string // page of the draft there
}

func (d *Desk) queueRow(r *site.Request, c *consultation.DeskComment) (queueRow, error) {
	row := queueRow{DeskComment: *c, Key: c.ID + "." + strconv.FormatInt(c.Revision, 10), URL: "/" + r.Lang + pathComments + "/" + c.ID, Who: c.Name}
	if row.Who == "" {
		row.Who = c.Organisation
	}
	row.Of, _ = c.Title.In(r.Lang)
	row.Place, row.Public = c.Address, "/"+r.Lang+"/drafts/"+c.Slug
	if c.Address == "" {
		return row, nil
	}
	row.Public += "#m-" + strings.TrimPrefix(c.Address, "art_")
	name, err := site.ProvisionName(r.Context(), d.law, r, c.Version, c.Address)
	if err == nil {
		row.Place = name
	}
	return row, ignoreMissing(err)
}

// removalOptions are the public reasons to remove a comment.
func removalOptions(r *site.Request, now string) []option {
	all := []option{{Value: "none", Label: r.Text("desk.question.reason.none")}}
	for _, reason := range consultation.RemovalReasons {
		all = append(all, option{Value: reason, Label: r.Text("desk.comment.reason." + reason), Chosen: reason == now})
	}
	return all
}

func (d *Desk) queuePage(r *site.Request) (*queueView, error) {
	if !some(&r.Actor, catalog.Moderate) {
		return nil, catalog.ErrNotFound
	}
	v := &queueView{page: page{frame(r, "desk.comments.title")}}
	f := consultation.QueueFilter{After: r.Query.Get("after"), Limit: queueSize + 1}
	query := url.Values{}
	if id := r.Query.Get("draft"); id != "" {
		dr, err := d.law.DeskDraft(r.Context(), &r.Actor, id)
		if err != nil {
			return nil, err
		}
		v.Draft, f.Draft = &dr, dr.ID
		v.Title += " — " + draftName(r, &dr)
		v.Crumbs = append(v.Crumbs, site.Link{Text: draftName(r, &dr), URL: "/" + r.Lang + deskDraftPath(&dr)})
		query.Set("draft", dr.ID)
	}
	all, total, err := d.law.Queue(r.Context(), &r.Actor, f)
	if err != nil {
		return nil, err
	}
	v.Total = total
	here := "/" + r.Lang + pathComments
	if f.After != "" {
		v.First = here + "?" + query.Encode()
	}
	if len(all) > queueSize {
		all = all[:queueSize]
		query.Set("after", all[queueSize-1].ID)
		v.Next = here + "?" + query.Encode()
	}
	for i := range all {
		row, err := d.queueRow(r, &all[i])
		if err != nil {
			return nil, err
		}
		v.Rows = append(v.Rows, row)
	}
	if len(v.Rows) > 0 {
		v.Begin = v.Rows[0].URL + "?" + url.Values{"queue": {f.Draft}}.Encode()
	}
	v.Form = form{Do: "chosen", Submit: "desk.comments.submit", Fields: []field{
		{Name: "what", Kind: "radios", Options: []option{{Value: doShow, Label: r.Text("desk.comment.do.show"), Chosen: true}, {Value: doRemove, Label: r.Text("desk.comment.do.remove")}}},
		{Name: "why", Kind: "select", Options: removalOptions(r, "")},
		{Name: "colleagues", Kind: "textarea", Short: true, Optional: true},
	}}
	v.Done, _ = strconv.Atoi(r.Query.Get("done"))
	v.Missed, _ = strconv.Atoi(r.Query.Get("missed"))
	return v, nil
}

func (d *Desk) comments(_ *site.Site, r *site.Request) (site.View, error) { return d.queuePage(r) }

// doComments shows or removes the comments that were chosen. Those that somebody
// else dealt with meanwhile are left as they are.
func (d *Desk) doComments(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.queuePage(r)
	if err != nil {
		return nil, err
	}
	f := &v.Form
	f.take(r)
	chosenOnes := r.Form["one"]
	if len(chosenOnes) == 0 || len(chosenOnes) > 10*queueSize {
		f.wrong("what", r.Text("desk.comments.none"))
		return stay(v, f, nil)
	}
	done, missed, what, why := 0, 0, typedOption(f, "what"), chosen(f, "why")
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		done, missed = 0, 0
		for _, key := range chosenOnes {
			id, rev, _ := strings.Cut(key, ".")
			revision, err := strconv.ParseInt(rev, 10, 64)
			if err != nil {
				revision = -1
			}
			switch err := moderate(tx, &r.Actor, what, id, revision, why, f.typed("colleagues")); {
			case err == nil:
				done++
			case errors.Is(err, catalog.ErrConflict), isStale(err):
				missed++
			default:
				return err
			}
		}
		return nil
	})
	if err == nil {
		query := url.Values{"done": {strconv.Itoa(done)}, "missed": {strconv.Itoa(missed)}}
		if v.Draft != nil {
			query.Set("draft", v.Draft.ID)
		}
		return nil, moved(r, pathComments+"?"+query.Encode())
	}
	return stay(v, f, d.refusedWrite(r, f, inField(inField(err, "reason", "why"), "note", "colleagues"), func() (*form, error) { return f, nil }))
}

func isStale(err error) bool {
	var stale *catalog.StaleError
	return errors.As(err, &stale)
}

// moderate does to a comment what a form says.
func moderate(tx *catalog.Tx, by *catalog.Actor, do, id string, revision int64, why, note string) (err error) {
	switch do {
	case doShow:
		_, err = consultation.Show(tx, by, id, revision)
	case doRestore:
		_, err = consultation.Restore(tx, by, id, revision)
	case doRemove:
		_, err = consultation.Remove(tx, by, id, revision, why, note)
	default:
		err = &catalog.InvalidError{Field: "what", Reason: "say what is to be done"}
	}
	return err
}

// A commentView is one comment at the desk.
type commentView struct {
	page
	acts
	Row      queueRow
	Agency   string
	Queued   bool // it is looked at one by one
	Prev     string
	Next     string
	List     string
	ReplyURL string
	Done     string
	Log      []catalog.Entry
}

func (d *Desk) commentPage(r *site.Request) (*commentView, error) {
	c, err := d.law.DeskComment(r.Context(), &r.Actor, r.Param("comment"))
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, r.KeepTyped(fiber.StatusNotFound, "desk.kept.role", site.Link{}, err)
	}
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(r.Context(), r.Lang, []string{c.Agency})
	if err != nil {
		return nil, err
	}
	row, err := d.queueRow(r, &c)
	if err != nil {
		return nil, err
	}
	v := &commentView{page: page{frame(r, "desk.comment.title")}, Row: row, Agency: nameOf(names, c.Agency), Queued: r.Query.Has("queue")}
	v.List = "/" + r.Lang + pathComments
	if queue := r.Query.Get("queue"); queue != "" {
		v.List += "?" + url.Values{"draft": {queue}}.Encode()
	}
	if r.Actor.Can(catalog.Moderate, c.Agency) {
		v.Crumbs = append(v.Crumbs, site.Link{Text: r.Text("desk.comments.title"), URL: v.List})
		v.Forms = commentForms(r, &c)
	}
	if r.Actor.Can(catalog.Answer, c.Agency) && c.State == consultation.Shown {
		v.ReplyURL = "/" + r.Lang + pathDrafts + "/" + c.Draft + "/answers/" + c.ID
	}
	if done := r.Query.Get("done"); done == doShow || done == doRemove || done == doRestore {
		v.Done = "desk.comment.done." + done
	}
	if v.Queued {
		if v.Prev, err = d.beside(r, &c, true); err != nil {
			return nil, err
		}
		if v.Next, err = d.beside(r, &c, false); err != nil {
			return nil, err
		}
	}
	if r.Actor.Can(catalog.Audit, c.Agency) {
		if v.Log, err = d.Store.LogEntries(r.Context(), catalog.LogQuery{Thing: c.ID, Size: logSize}); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// beside is the address of the comment before or after one in the queue, empty
// without any.
func (d *Desk) beside(r *site.Request, c *consultation.DeskComment, back bool) (string, error) {
	queue := r.Query.Get("queue")
	all, _, err := d.law.Queue(r.Context(), &r.Actor, consultation.QueueFilter{Draft: queue, After: c.ID, Back: back, Limit: 1})
	if err != nil || len(all) == 0 {
		return "", err
	}
	return "/" + r.Lang + pathComments + "/" + all[0].ID + "?" + url.Values{"queue": {queue}}.Encode(), nil
}

// commentForms are what can be done to a comment as it is.
func commentForms(r *site.Request, c *consultation.DeskComment) []form {
	if c.Erased || c.State == consultation.TakenBack || c.State == consultation.NotTheirs {
		return nil
	}
	hidden := hiddenRevision(c.Revision)
	var all []form
	switch {
	case c.State == consultation.Removed:
		all = append(all, form{Do: doRestore, Submit: "desk.comment.do.restore", Fields: []field{hidden}})
	case c.State == consultation.Waiting || c.Looked.IsZero():
		all = append(all, form{Do: doShow, Submit: "desk.comment.do.show", Fields: []field{hidden}})
	}
	return append(all, form{Do: doRemove, Submit: "desk.comment.do.remove", Fields: []field{
		hidden, {Name: "why", Kind: "select", Options: removalOptions(r, c.Reason)}, {Name: "colleagues", Kind: "textarea", Short: true, Optional: true, Value: c.Note},
	}})
}

func (d *Desk) comment(_ *site.Site, r *site.Request) (site.View, error) { return d.commentPage(r) }

func (d *Desk) doComment(_ *site.Site, r *site.Request) (site.View, error) {
	v, f, err := posted(r, d.commentPage)
	if err != nil {
		return nil, err
	}
	why := ""
	if f.field("why") != nil {
		why = chosen(f, "why")
	}
	err = d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		return moderate(tx, &r.Actor, f.Do, v.Row.ID, revisionOf(r), why, f.typed("colleagues"))
	})
	if err == nil {
		return nil, site.Moved(v.after(r, f.Do))
	}
	return stay(v, f, d.refusedWrite(r, f, inField(inField(err, "reason", "why"), "note", "colleagues"), func() (*form, error) {
		now, err := d.commentPage(r)
		if err != nil {
			return nil, err
		}
		v.Row = now.Row
		if stored := formOf(now.Forms, f.Do); stored != nil {
			return stored, nil
		}
		return f, nil
	}))
}

// after is where to go on: with the next comment of the queue.
func (v *commentView) after(r *site.Request, done string) string {
	switch {
	case v.Next != "":
		return v.Next + "&done=" + done
	case v.Prev != "":
		return v.Prev + "&done=" + done
	case v.Queued:
		return v.List
	}
	return "/" + r.Lang + pathComments + "/" + v.Row.ID + "?done=" + done
}
