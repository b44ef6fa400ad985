package consultation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// A Gate is what a draft has to have before it is approved.
type Gate struct {
	Open       bool  `json:"open"`       // people can still comment: nothing gets around that
	Unopened   bool  `json:"unopened"`   // nobody could comment
	Waiting    int64 `json:"waiting"`    // comments that nobody of the agency looked at
	Unsorted   bool  `json:"unsorted"`   // comments that are not compared with each other yet
	Unanswered int64 `json:"unanswered"` // clusters
	Textless   bool  `json:"textless"`   // the approved text is not public
}

// Whole reports whether nothing stands in the way.
func (g *Gate) Whole() bool { return *g == Gate{} }

// Wants are the names of what stands in the way.
func (g *Gate) Wants() []string {
	var all []string
	for _, w := range []struct {
		name string
		on   bool
	}{
		{"open", g.Open}, {"unopened", g.Unopened}, {"waiting", g.Waiting > 0}, {"unsorted", g.Unsorted}, {"unanswered", g.Unanswered > 0}, {"textless", g.Textless},
	} {
		if w.on {
			all = append(all, w.name)
		}
	}
	return all
}

// A GateError says what a draft lacks that somebody wanted to approve.
type GateError struct{ Gate Gate }

func (e *GateError) Error() string {
	var all []string
	for _, w := range e.Gate.Wants() {
		all = append(all, map[string]string{
			"open":       "people can still comment",
			"unopened":   "nobody could comment on it",
			"waiting":    fmt.Sprintf("%d comments wait to be looked at", e.Gate.Waiting),
			"unsorted":   "comments are being compared with each other: try again in a minute",
			"unanswered": fmt.Sprintf("%d clusters of comments are not answered", e.Gate.Unanswered),
			"textless":   "the approved text is not published",
		}[w])
	}
	return strings.Join(all, "; ")
}

// Is makes it a conflict.
func (e *GateError) Is(target error) bool { return target == catalog.ErrConflict }

// gate looks at the gate of a draft through a reader of rows.
func gate(d *Draft, now time.Time, row func(string, ...any) catalog.Row) (g Gate, err error) {
	stage := d.Stage(now)
	g.Open, g.Unopened = stage == Open, stage == Announced
	var final bool
	for _, ask := range []struct {
		query string
		into  any
	}{{waitingOf, &g.Waiting}, {unsignedOf, &g.Unsorted}, {unansweredOf, &g.Unanswered}, {finalOf, &final}} {
		if err := row(ask.query, d.ID).Scan(ask.into); err != nil {
			return g, err
		}
	}
	g.Textless = !final
	return g, nil
}

// Gate returns what a draft lacks before it can be approved, for who may see
// what is not public.
func (c *Consultation) Gate(ctx context.Context, by *catalog.Actor, key string) (Gate, error) {
	d, err := c.DeskDraft(ctx, by, key)
	if err != nil {
		return Gate{}, err
	}
	g, err := gate(&d, c.store.Now(), func(query string, args ...any) catalog.Row { return c.store.Row(ctx, query, args...) })
	return g, catalog.Wrap("gate", err)
}

// Approve notes that a draft was approved. A *GateError says what it lacks; with
// a reason to override that, which is published, it is approved all the same,
// unless people can still comment.
func Approve(tx *catalog.Tx, by *catalog.Actor, key string, revision int64, override string) (Draft, error) {
	d, err := at(tx, by, catalog.Publish, key, revision)
	if err == nil {
		err = d.undecided()
	}
	if err == nil && !d.Visible() {
		err = &catalog.ConflictError{Code: "unpublished", Reason: "it is not public"}
	}
	if err != nil {
		return d, err
	}
	g, err := gate(&d, tx.Now(), tx.Row)
	if err != nil {
		return d, err
	}
	override = strings.TrimSpace(override)
	switch {
	case g.Open, !g.Whole() && override == "":
		return d, &GateError{g}
	case g.Whole():
		override = ""
	default:
		if err := fits("override", catalog.Text{"": override}, MaxAbout); err != nil {
			return d, err
		}
		if err := tx.Exec("insert into overrides (draft, reason, name, at) values (?, ?, ?, ?)", d.ID, override, by.Name, catalog.Stamp(tx.Now())); err != nil {
			return d, err
		}
	}
	return d.decide(tx, by, "approve", Approved, override, g.Wants())
}

// decided is what the log keeps of a decision.
type decided struct {
	stated
	Lacks []string `json:"lacks,omitempty"`
}

func (d Draft) decide(tx *catalog.Tx, by *catalog.Actor, act string, to Stage, why string, lacks []string) (Draft, error) {
	before := d.stated()
	d.Decided, d.DecidedAt = to, tx.Now()
	if to == "" {
		d.DecidedAt = time.Time{}
	}
	if err := write(tx, &d); err != nil {
		return d, err
	}
	if to != "" && d.Visible() {
		if err := alert(tx, d.ID, string(to), catalog.Stamp(tx.Now())); err != nil {
			return d, err
		}
	}
	return did(tx, by, act, &d, before, decided{d.stated(), lacks}, why)
}

// WithdrawDraft notes that the agency gives a draft up, and why, which everybody
// reads. It stays to be read; nobody can comment any more.
func WithdrawDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64, note catalog.Text) (Draft, error) {
	d, err := at(tx, by, catalog.Publish, key, revision)
	if err == nil {
		err = d.undecided()
	}
	if err == nil && !d.Visible() {
		err = &catalog.ConflictError{Code: "unpublished", Reason: "it is not public: discard it"}
	}
	if err != nil {
		return d, err
	}
	why, in := note.In(catalog.Languages[0])
	if in == "" || strings.TrimSpace(why) == "" {
		return d, &catalog.InvalidError{Field: "note", Reason: "say why; everybody sees it"}
	}
	if err := fits("note", note, MaxAbout); err != nil {
		return d, err
	}
	d.Note = note
	return d.decide(tx, by, "withdraw", Withdrawn, why, nil)
}

// ResumeDraft takes back that a draft was withdrawn. Its periods are as they
// were: to comment again it has to be reopened.
func ResumeDraft(tx *catalog.Tx, by *catalog.Actor, key string, revision int64) (Draft, error) {
	d, err := at(tx, by, catalog.Publish, key, revision)
	if err != nil {
		return d, err
	}
	if d.Decided != Withdrawn {
		return d, &catalog.ConflictError{Code: "draft.undecided", Reason: "it is not withdrawn"}
	}
	d.Note = nil
	return d.decide(tx, by, "resume", "", "", nil)
}

// An Override is a published reason to approve a draft that lacked something.
type Override struct {
	Reason string    `json:"reason"`
	Name   string    `json:"name,omitempty"` // of who said so
	At     time.Time `json:"at"`
}

// Override returns why a draft (its id) was approved though it lacked something;
// nil when it lacked nothing.
func (c *Consultation) Override(ctx context.Context, draft string) (*Override, error) {
	var o Override
	err := c.store.Row(ctx, overrideOf, draft).Scan(&o.Reason, &o.Name, catalog.AsTime(&o.At))
	if catalog.NoRow(err) {
		return nil, nil
	}
	return &o, catalog.Wrap("override", err)
}
