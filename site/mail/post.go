package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets/persian"

	gomail "github.com/wneessen/go-mail"
)

// A Post sends what waits in the catalogue. Its fields are set before the first
// letter and not changed afterwards.
type Post struct {
	Store  *catalog.Store
	Head   Head
	Server *Server // nil: letters become files in Folder
	Folder string
	Open   func(id string, sealed []byte) (string, error) // the secret of a letter
	Log    *slog.Logger

	sent, failed, givenUp atomic.Int64
}

// Figures are what a Post did since it was made.
type Figures struct {
	Sent    int64 // letters
	Failed  int64 // attempts
	GivenUp int64 // letters
}

// Figures returns what the post did so far.
func (p *Post) Figures() Figures {
	return Figures{p.sent.Load(), p.failed.Load(), p.givenUp.Load()}
}

// How often the post looks for letters, and how many it takes at once.
const (
	lookEvery  = 2 * time.Second
	cleanEvery = time.Hour
	batch      = 20
)

// Follow sends letters when they are due, until ctx ends.
func (p *Post) Follow(ctx context.Context) error {
	if err := clearRest(p.Folder); err != nil {
		return err
	}
	look, clean := time.NewTicker(lookEvery), time.NewTicker(cleanEvery)
	defer look.Stop()
	defer clean.Stop()
	for {
		if _, err := p.Round(ctx); err != nil {
			return err
		}
		select {
		case <-look.C:
		case <-clean.C:
			if err := p.Store.Write(ctx, (*catalog.Tx).CleanOutbox); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Round sends the letters that are due and returns how many went out. An error
// is of the catalogue; one of sending is noted with the letter. A server that
// cannot be reached is not asked again for the letters that are left.
func (p *Post) Round(ctx context.Context) (sent int, err error) {
	due, err := p.Store.DueMail(ctx, batch)
	if err != nil {
		return 0, err
	}
	var down *ServerError
	for i := range due {
		m := &due[i]
		var failed error
		if down != nil {
			failed = down
		} else {
			failed = p.Send(ctx, m)
		}
		if ctx.Err() != nil {
			return sent, ctx.Err() // it was us who broke it off
		}
		errors.As(failed, &down)
		if failed == nil {
			sent++
		}
		if err := p.note(ctx, m, failed); err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// note keeps how it went with a letter. A process that dies before it sends the
// letter once more, under the same Message-ID.
func (p *Post) note(ctx context.Context, m *catalog.Mail, failed error) error {
	if failed == nil {
		p.sent.Add(1)
		return p.Store.Write(context.WithoutCancel(ctx), func(tx *catalog.Tx) error { return tx.MailSent(m.ID) })
	}
	p.failed.Add(1)
	err := p.Store.Write(ctx, func(tx *catalog.Tx) (err error) {
		*m, err = tx.MailNotSent(m.ID, faultText(failed), forGood(failed))
		return err
	})
	if errors.Is(err, catalog.ErrNotFound) {
		return nil // somebody dropped it
	}
	why := strings.ReplaceAll(m.Fault, m.To, "…") // servers repeat the address, and logs are no place for it
	if err == nil && m.State == catalog.MailFailed {
		p.givenUp.Add(1)
		p.Log.Error("a letter was given up", "letter", m.ID, "kind", m.Kind, "attempts", m.Attempts, "err", why)
	} else if err == nil && m.Attempts == 1 {
		p.Log.Warn("a letter could not be sent and is tried again", "letter", m.ID, "kind", m.Kind, "next", m.Due, "err", why)
	}
	return err
}

var errExpired = errors.New("its link is not good any more; make a new one")

// Send sends one letter and notes nothing.
func (p *Post) Send(ctx context.Context, m *catalog.Mail) error {
	if !m.Expires.IsZero() && !p.Store.Now().Before(m.Expires) {
		return errExpired
	}
	msg, err := p.compose(m)
	if err != nil {
		return err
	}
	if p.Server == nil {
		return putFile(p.Folder, m, msg)
	}
	return p.Server.send(ctx, msg, domainOf(p.Head.From.Address))
}

func (p *Post) compose(m *catalog.Mail) (*gomail.Msg, error) {
	secret := ""
	if len(m.Secret) > 0 {
		var err error
		if secret, err = p.Open(m.ID, m.Secret); err != nil {
			return nil, err
		}
	}
	return Compose(m, &p.Head, secret)
}

// forGood reports whether it is of no use to try again: nobody has the address,
// or the letter's time is over.
func forGood(err error) bool {
	var refused *gomail.SendError
	return errors.Is(err, errExpired) ||
		errors.As(err, &refused) && refused.Reason == gomail.ErrSMTPRcptTo && !refused.IsTemp() && refused.ErrorCode() >= 500
}

const longestFault = 300

// faultText is an error as it is kept with the letter: one line.
func faultText(err error) string {
	text, _, _ := strings.Cut(err.Error(), ", affected ")
	return persian.Shorten(oneLine(strings.ToValidUTF8(text, "?")), longestFault)
}

// A ServerError says that the mail server could not be spoken with at all.
type ServerError struct {
	Server string
	Err    error
}

func (e *ServerError) Error() string {
	return fmt.Sprintf("the mail server %s: %v", e.Server, e.Err)
}

// Unwrap returns what it was.
func (e *ServerError) Unwrap() error { return e.Err }
