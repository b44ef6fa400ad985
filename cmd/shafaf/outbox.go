package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

type mailCmd struct {
	List  mailListCmd  `cmd:"" help:"List the letters that wait, were sent in the last month, or could not be."`
	Retry mailRetryCmd `cmd:"" help:"Let letters that could not be sent be sent now."`
	Drop  mailDropCmd  `cmd:"" help:"Forget a letter that was not sent."`
	Test  mailTestCmd  `cmd:"" help:"Send a letter now, to see whether the mail server takes it."`
}

// listedLetters is how many letters are listed at most.
const listedLetters = 1000

// A letterLine is a letter for the list: what it says is nobody's business.
type letterLine struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"`
	To       string    `json:"to"`
	State    string    `json:"state"`
	Created  time.Time `json:"created"`
	Attempts int       `json:"attempts"`
	Due      time.Time `json:"due,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
	Fault    string    `json:"fault,omitempty"`
}

type mailListCmd struct {
	State string `help:"Only those: waiting, sent, failed." enum:",waiting,sent,failed" default:""`
	JSON  bool   `name:"json" help:"Print one JSON object a line."`
}

// Run lists letters.
func (c *mailListCmd) Run(e *env) error {
	return e.with(func(p *portal) error {
		all, err := p.store.Outbox(e.ctx, c.State, listedLetters)
		if err != nil {
			return err
		}
		letters := make([]letterLine, len(all))
		for i := range all {
			m := &all[i]
			letters[i] = letterLine{m.ID, m.Kind, m.To, m.State, m.Created, m.Attempts, m.Due, m.Ended, m.Fault}
		}
		if c.JSON {
			return printLines(e, letters)
		}
		t := e.table("ID", "KIND", "TO", "STATE", "MADE", "ATTEMPTS", "NEXT", "FAULT")
		for _, m := range letters {
			t.row(m.ID, m.Kind, m.To, m.State, when(m.Created), strconv.Itoa(m.Attempts), when(m.Due), m.Fault)
		}
		return t.end()
	})
}

type mailRetryCmd struct {
	ID []string `arg:"" optional:"" help:"Ids, which list shows; all that were given up without any."`
}

// Run lets letters be sent again. A server does that; the next one that starts,
// when none runs.
func (c *mailRetryCmd) Run(e *env) error {
	return e.with(func(p *portal) error {
		if len(c.ID) == 0 {
			failed, err := p.store.Outbox(e.ctx, catalog.MailFailed, listedLetters)
			if err != nil {
				return err
			}
			for i := range failed {
				c.ID = append(c.ID, failed[i].ID)
			}
		}
		for _, id := range c.ID {
			if err := p.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.RetryMail(&catalog.Shell, id) }); err != nil {
				return err
			}
		}
		if _, running := e.server(); !running {
			fmt.Fprintln(e.errOut, "shafaf: no server runs on this folder: the next one sends them")
		}
		_, err := fmt.Fprintf(e.out, "%d letters are sent again\n", len(c.ID))
		return err
	})
}

type mailDropCmd struct {
	ID string `arg:"" help:"Its id, which list shows."`
}

// Run forgets a letter.
func (c *mailDropCmd) Run(e *env) error {
	return e.with(func(p *portal) error {
		return p.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.DropMail(&catalog.Shell, c.ID) })
	})
}

type mailTestCmd struct {
	To   string `arg:"" help:"Address that the letter goes to."`
	Lang string `help:"Its language: fa, en." enum:"fa,en" default:"fa"`
}

// Run sends a letter beside the outbox.
func (c *mailTestCmd) Run(e *env) error {
	return e.with(func(p *portal) error {
		look, err := e.branding(p)
		if err != nil {
			return err
		}
		post, err := e.post(p, e.baseURL(), look.Name)
		if err != nil {
			return err
		}
		m := catalog.Mail{Kind: catalog.MailTest, To: c.To, Lang: c.Lang, Data: catalog.MailData{Path: "/"}}
		if err := p.store.Write(e.ctx, func(tx *catalog.Tx) error {
			m.ID, m.Created = tx.NewID(), tx.Now()
			return m.Check()
		}); err != nil {
			return err
		}
		if err := post.Send(e.ctx, &m); err != nil {
			return fmt.Errorf("the letter was not sent: %w", err)
		}
		where := "written into " + filepath.Join(e.dir, outboxFolder) + ", since no mail server is set (--mail-host)"
		if s := post.Server; s != nil {
			where = "taken by the mail server " + s.Address()
		}
		_, err = fmt.Fprintln(e.out, where)
		return err
	})
}
