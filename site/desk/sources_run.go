package desk

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// A runView is a run at the desk: how far it is, and what came of it.
type runView struct {
	page
	Run      *catalog.Run
	Active   bool // it waits or is under way
	Of       int64
	Figures  []catalog.Figure
	Plans    []planView
	Faults   []catalog.RunFault
	More     string // address of more faults
	Held     []catalog.HeldRecord
	HeldMore string  // address of more of them
	Known    int64   // published datasets of the source
	Share    float64 // of them that would be removed
	Forms    []form
	Source   *catalog.Source
	Next     string // what to do next: key of a text
}

// A planView is the records to which a trial would do the same.
type planView struct {
	Does string
	N    int64 // listed
	Rows []catalog.Planned
	More string // address of further ones
}

// How many records and faults a page of a run shows.
const (
	shownPlan  = 25
	wholePlan  = 200
	shownHeld  = 50
	shownWrong = 50
)

func (d *Desk) runPage(r *site.Request) (*runView, error) {
	src, err := d.oneSource(r)
	if err != nil {
		return nil, err
	}
	run, err := d.Store.Run(r.Context(), r.Param("run"))
	if errors.Is(err, catalog.ErrNotFound) { // one that waited was taken back
		return nil, moved(r, sourcePath(src))
	}
	if err != nil || run.Source != src.ID {
		return nil, errors.Join(err, catalog.ErrNotFound)
	}
	key := "desk.run.title"
	if run.DryRun {
		key = "desk.run.trial"
	}
	v := &runView{page: page{sourceFrame(r, src, key)}, Run: &run, Source: src, Figures: run.Counts.Figures(), Known: src.Datasets + src.Drafts}
	v.Active = run.State == catalog.RunQueued || run.State == catalog.RunRunning
	if v.Active {
		return v, d.waitFor(r, v)
	}
	return v, d.tell(r, v)
}

// waitFor makes the page of a run that has not ended.
func (d *Desk) waitFor(r *site.Request, v *runView) error {
	v.Refresh = refreshEvery
	v.Of = v.Run.Counts.Declared
	if last, err := d.Store.LastComplete(r.Context(), v.Source.ID); err != nil {
		return err
	} else if last != nil && v.Of == 0 {
		v.Of = last.Counts.Seen
	}
	if v.Run.Stop.IsZero() {
		v.Forms = []form{{Do: "stop", Submit: "desk.run.stop"}}
	}
	return nil
}

// tell makes the page of a run that has ended.
func (d *Desk) tell(r *site.Request, v *runView) error {
	after, err := strconv.ParseInt(r.Query.Get("after"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	var last int64
	if v.Faults, last, err = d.Store.RunFaults(r.Context(), v.Run.ID, after, shownWrong); err != nil {
		return err
	}
	if len(v.Faults) == shownWrong && last < v.Run.Counts.Faults {
		v.More = runQuery(r, "after", strconv.FormatInt(last, 10)) + "#faults"
	}
	if err := d.plans(r, v); err != nil {
		return err
	}
	if v.Held, err = d.Store.HeldRecords(r.Context(), v.Run.ID, skipped(r, "held"), shownHeld); err != nil {
		return err
	}
	if n := skipped(r, "held") + shownHeld; len(v.Held) == shownHeld && int64(n) < v.Run.Counts.Waiting {
		v.HeldMore = runQuery(r, "held", strconv.Itoa(n)) + "#held"
	}
	switch state := v.Run.State; {
	case state == catalog.RunHeld && !v.Run.DryRun:
		v.Forms = []form{
			{Do: "approve", Submit: "desk.run.approve", Fields: []field{{Name: "reason", Kind: "textarea", Short: true}}},
			{Do: "refuse", Submit: "desk.run.refuse", Fields: []field{{Name: "reason", Kind: "textarea", Short: true}}},
		}
		if v.Known > 0 {
			v.Share = float64(v.Run.Counts.Waiting) / float64(v.Known)
		}
	case v.Source.State != catalog.Published:
	case v.Run.DryRun && (state == catalog.RunComplete || state == catalog.RunHeld):
		v.Forms, v.Next = []form{{Do: "ask", Submit: "desk.source.ask"}}, "good"
	case v.Run.DryRun:
		v.Forms, v.Next = []form{{Do: "try", Submit: "desk.source.again"}}, "bad"
	case state != catalog.RunComplete:
		v.Forms = []form{{Do: "ask", Submit: "desk.source.again"}}
	}
	return nil
}

// plans are what a trial would do.
func (d *Desk) plans(r *site.Request, v *runView) error {
	if !v.Run.DryRun {
		return nil
	}
	counts, err := d.Store.PlanCounts(r.Context(), v.Run.ID)
	if err != nil {
		return err
	}
	only := r.Query.Get("does")
	for _, c := range counts {
		skip, size := 0, shownPlan
		if only == c.Does {
			skip, size = skipped(r, "skip"), wholePlan
		} else if only != "" {
			continue
		}
		p := planView{Does: c.Does, N: c.N}
		if p.Rows, err = d.Store.Plan(r.Context(), v.Run.ID, c.Does, skip, size); err != nil {
			return err
		}
		if next := skip + len(p.Rows); int64(next) < c.N {
			p.More = runQuery(r, "does", c.Does, "skip", strconv.Itoa(next)) + "#" + c.Does
			if only == "" {
				p.More = runQuery(r, "does", c.Does) + "#" + c.Does
			}
		}
		v.Plans = append(v.Plans, p)
	}
	return nil
}

// skipped is how many lines stand on the pages before, as the address says.
func skipped(r *site.Request, name string) int {
	n, err := strconv.Atoi(r.Query.Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// runQuery is the address of the page of a run with other parameters.
func runQuery(r *site.Request, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/" + r.Lang + r.Path + "?" + q.Encode()
}

func (d *Desk) run(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.runPage(r)
	if err != nil {
		return nil, err
	}
	takeAgain(r, v.Forms)
	if !v.Active && !v.Run.Asked.IsZero() { // an interrupted one goes on as another
		next, err := d.Store.RunAfter(r.Context(), v.Source.ID, v.Run.ID)
		if err == nil {
			return nil, moved(r, runPath(v.Source, next.ID))
		}
		if !errors.Is(err, catalog.ErrNotFound) {
			return nil, err
		}
	}
	return v, nil
}

func (d *Desk) doRun(_ *site.Site, r *site.Request) (site.View, error) {
	v, err := d.runPage(r)
	if err != nil {
		return nil, err
	}
	do := r.Form.Get("do")
	f := formOf(v.Forms, do)
	switch {
	case f == nil && (do == "stop" || do == "approve" || do == "refuse" || do == "ask" || do == "try"):
		return nil, moved(r, runPath(v.Source, v.Run.ID)) // it ended, or somebody decided, meanwhile
	case f == nil:
		return nil, fiber.ErrBadRequest
	}
	f.take(r)
	to, err := d.doToRun(r, v, f)
	if err == nil {
		return nil, moved(r, to)
	}
	v.Refresh = 0
	return stay(v, f, d.refusedSource(r, f, err, nil))
}

// doToRun does what the form says and returns where to go on.
func (d *Desk) doToRun(r *site.Request, v *runView, f *form) (to string, err error) {
	to = runPath(v.Source, v.Run.ID)
	switch f.Do {
	case "try", "ask":
		return d.askFor(r, v.Source, f.Do == "try")
	case "stop":
		return to, d.Store.Write(r.Context(), func(tx *catalog.Tx) error { return tx.StopRun(&r.Actor, v.Source.ID, v.Run.ID) })
	}
	if f.typed("reason") == "" {
		return "", &catalog.InvalidError{Field: "reason", Reason: "say why"}
	}
	if err := d.freshForm(r, to); err != nil {
		return "", err
	}
	return to, d.Store.Write(r.Context(), func(tx *catalog.Tx) error {
		_, err := tx.DecideRun(&r.Actor, v.Source.ID, v.Run.ID, f.Do == "approve", f.typed("reason"))
		return err
	})
}
