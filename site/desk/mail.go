package desk

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// pathMail is where operators see letters that did not arrive.
const pathMail = pathHome + "/mail"

// A Mailing is how letters go out.
type Mailing struct {
	Server    string // host and port; empty: they become files in the data folder
	Addressed bool   // the public address of the site was set, to which they lead
}

// A mailView is the letters that wait and those that were given up.
type mailView struct {
	page
	Mailing
	Saved   bool
	Expired bool // what a letter leads to is not good any more: it cannot be sent again
	Failed  []catalog.Mail
	Waiting []catalog.Mail
}

// mostLetters is how many letters of a state the page lists.
const mostLetters = 100

func (d *Desk) mailPage(r *site.Request) (*mailView, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, fiber.ErrNotFound
	}
	v := &mailView{page: page{frame(r, "desk.mail.title")}, Mailing: d.Mailing, Saved: r.Query.Has("saved")}
	var err error
	if v.Failed, err = d.Store.Outbox(r.Context(), catalog.MailFailed, mostLetters); err != nil {
		return nil, err
	}
	v.Waiting, err = d.Store.Outbox(r.Context(), catalog.MailWaiting, mostLetters)
	return v, err
}

func (d *Desk) mail(_ *site.Site, r *site.Request) (site.View, error) { return d.mailPage(r) }

func (d *Desk) doMail(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.mailPage(r)
	if err != nil {
		return nil, err
	}
	id := r.Form.Get("id")
	var do func(*catalog.Tx) error
	switch r.Form.Get("do") {
	case "retry":
		do = func(tx *catalog.Tx) error { return tx.RetryMail(&r.Actor, id) }
	case "drop":
		do = func(tx *catalog.Tx) error { return tx.DropMail(&r.Actor, id) }
	case "test":
		own := session(r).Person
		do = func(tx *catalog.Tx) error {
			return tx.QueueMail(catalog.Mail{Kind: catalog.MailTest, To: own.Email, Name: own.Name, Lang: r.Lang, Thing: own.ID, Data: catalog.MailData{Path: "/"}})
		}
	default:
		return nil, fiber.ErrBadRequest
	}
	err = d.Store.Write(r.Context(), do)
	var conflict *catalog.ConflictError
	if errors.As(err, &conflict) {
		v.Expired, v.Status = true, fiber.StatusConflict
		return v, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, moved(r, pathMail+"?saved=1")
}

// undelivered are letters that were given up, for those who operate.
func (d *Desk) undelivered(ctx context.Context, r *site.Request) ([]task, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, nil
	}
	failed, err := d.Store.Outbox(ctx, catalog.MailFailed, mostTasks)
	var tasks []task
	for i := range failed {
		tasks = append(tasks, task{Name: failed[i].To, URL: "/" + r.Lang + pathMail, More: failed[i].Fault, At: failed[i].Ended})
	}
	return tasks, err
}
