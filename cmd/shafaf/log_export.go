package main

import (
	"bufio"
	"errors"
	"os"
	"time"

	"github.com/openshafaf/shafaf/catalog"

	"github.com/goccy/go-json"
)

type logCmd struct {
	Export logExportCmd `cmd:"" help:"Write the log of all acts, or an agency's part of it, as JSON Lines, the newest first."`
	Heads  logHeadsCmd  `cmd:"" help:"Write the signed heads of the log as JSON Lines, each with the proof that the log only grew."`
}

type logExportCmd struct {
	Agency string    `help:"Only what concerns this agency." placeholder:"SLUG"`
	Act    string    `help:"Only acts of this kind: dataset, or dataset.publish." placeholder:"KIND"`
	Who    string    `help:"Only acts of people with this in their name, or of the person with this id." placeholder:"TEXT"`
	From   time.Time `help:"Only acts from this day on (UTC)." format:"2006-01-02" placeholder:"DAY"`
	To     time.Time `help:"Only acts before this day (UTC)." format:"2006-01-02" placeholder:"DAY"`
	Output string    `short:"o" help:"File to write; standard output when left out." type:"path" placeholder:"FILE"`
}

// logPage is how many acts are read at once.
const logPage = 1000

// Run writes acts of the log.
func (c *logExportCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	q := catalog.LogQuery{Act: c.Act, Who: c.Who, From: c.From, To: c.To, Size: logPage}
	if c.Agency != "" {
		agency, err := p.store.Agency(e.ctx, c.Agency)
		if err != nil {
			return err
		}
		q.Agencies = []string{agency.ID}
	}
	return e.lines(c.Output, func(line func(any) error) error {
		for {
			all, err := p.store.LogEntries(e.ctx, q)
			if err != nil {
				return err
			}
			for i := range all {
				if err := line(&all[i]); err != nil {
					return err
				}
			}
			if len(all) < logPage || all[len(all)-1].N == 0 {
				return nil
			}
			q.Before = all[len(all)-1].N
		}
	})
}

type logHeadsCmd struct {
	Output string `short:"o" help:"File to write; standard output when left out." type:"path" placeholder:"FILE"`
}

// Run writes the heads of the log.
func (c *logHeadsCmd) Run(e *env) error {
	p, err := e.open()
	if err != nil {
		return err
	}
	defer p.close()
	total, err := p.store.CountHeads(e.ctx)
	if err != nil {
		return err
	}
	heads, err := p.store.PublicHeads(e.ctx, 0, int(total))
	if err != nil {
		return err
	}
	return e.lines(c.Output, func(line func(any) error) error {
		for i := range heads {
			if err := line(&heads[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// lines lets write give lines of JSON to a file, or to the output when it has
// no name.
func (e *env) lines(name string, write func(line func(any) error) error) (err error) {
	to := e.out
	if name != "" {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		to = f
	}
	out := bufio.NewWriter(to)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := write(func(v any) error { return enc.Encode(v) }); err != nil {
		return err
	}
	return out.Flush()
}
