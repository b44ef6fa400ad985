package writing

import (
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"
)

// A Period is when a draft is to be open: opened, extended, reopened or closed.
type Period struct {
	Kind   string    `json:"kind"`
	Opens  time.Time `json:"opens,omitzero"`  // at once when it is left out; of opened and reopened
	Closes time.Time `json:"closes,omitzero"` // at once when it is left out with closed
	Basis  string    `json:"basis"`           // the rule or decision that it follows from; everybody sees it
}

// An Approval may say why a draft is approved though something lacks.
type Approval struct {
	Override string `json:"override,omitempty"` // everybody sees it
}

// A Withdrawal says why a draft is given up. Everybody reads it.
type Withdrawal struct {
	Note catalog.Text `json:"note"`
}

// draftAct is a write to a draft that takes in as JSON and If-Match.
func draftAct[T any](a *API, status int, act func(tx *catalog.Tx, r *site.Request, at int64, in *T) (consultation.Draft, error)) site.Handler {
	return func(_ *site.Site, r *site.Request) (site.View, error) {
		var in T
		q, at, err := a.conditional(r, &in)
		if err != nil {
			return nil, err
		}
		return a.doDraft(r, q, status, func(tx *catalog.Tx) (consultation.Draft, error) { return act(tx, r, at, &in) })
	}
}

// Nothing is what a write takes that is told by its address alone.
type Nothing struct{}

func publishDraft(tx *catalog.Tx, r *site.Request, at int64, _ *Nothing) (consultation.Draft, error) {
	return consultation.PublishDraft(tx, &r.Actor, r.Param("slug"), at)
}

func retireDraft(tx *catalog.Tx, r *site.Request, at int64, in *Reason) (consultation.Draft, error) {
	return consultation.RetireDraft(tx, &r.Actor, r.Param("slug"), at, in.Reason)
}

func approveDraft(tx *catalog.Tx, r *site.Request, at int64, in *Approval) (consultation.Draft, error) {
	return consultation.Approve(tx, &r.Actor, r.Param("slug"), at, in.Override)
}

func withdrawDraft(tx *catalog.Tx, r *site.Request, at int64, in *Withdrawal) (consultation.Draft, error) {
	return consultation.WithdrawDraft(tx, &r.Actor, r.Param("slug"), at, in.Note)
}

func resumeDraft(tx *catalog.Tx, r *site.Request, at int64, _ *Nothing) (consultation.Draft, error) {
	return consultation.ResumeDraft(tx, &r.Actor, r.Param("slug"), at)
}

func addPeriod(tx *catalog.Tx, r *site.Request, at int64, in *Period) (consultation.Draft, error) {
	d, _, err := consultation.AddPeriod(tx, &r.Actor, r.Param("slug"), at, consultation.PeriodWish{Kind: in.Kind, Opens: in.Opens.UTC(), Closes: in.Closes.UTC(), Basis: in.Basis})
	return d, err
}
