package desk

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"
)

// closingSoon is how long before a period ends it is told of.
const closingSoon = 3 * 24 * time.Hour

// ownDrafts are drafts that the actor may do the verb to and is lets through,
// those first that changed last.
func (d *Desk) ownDrafts(ctx context.Context, r *site.Request, state string, do catalog.Verb, is func(*consultation.Draft) (task, bool, error)) ([]task, error) {
	all, _, err := d.law.DeskDrafts(ctx, &r.Actor, catalog.DeskFilter{State: state, ByHand: true, Limit: 10 * mostTasks})
	var tasks []task
	for i := range all {
		if err != nil || len(tasks) == mostTasks {
			break
		}
		dr := &all[i]
		if !r.Actor.Can(do, dr.Agency) {
			continue
		}
		var t task
		var ok bool
		if t, ok, err = is(dr); ok {
			t.Name = draftName(r, dr)
			tasks = append(tasks, t)
		}
	}
	return tasks, err
}

// heldDrafts are drafts that the public never saw, and texts that wait.
func (d *Desk) heldDrafts(ctx context.Context, r *site.Request) ([]task, error) {
	return d.ownDrafts(ctx, r, catalog.Drafted, catalog.Edit, func(dr *consultation.Draft) (task, bool, error) {
		return task{URL: "/" + r.Lang + deskDraftPath(dr), At: dr.Opens}, true, nil
	})
}

// waitingComments are drafts without a decision yet, with comments that nobody
// looked at.
func (d *Desk) waitingComments(ctx context.Context, r *site.Request) ([]task, error) {
	if !some(&r.Actor, catalog.Moderate) {
		return nil, nil
	}
	return d.ownDrafts(ctx, r, catalog.Published, catalog.Moderate, func(dr *consultation.Draft) (task, bool, error) {
		if dr.Decided != "" {
			return task{}, false, nil
		}
		_, n, err := d.law.Queue(ctx, &r.Actor, consultation.QueueFilter{Draft: dr.ID, Limit: 1})
		return task{URL: "/" + r.Lang + pathComments + "?draft=" + dr.ID, Note: r.Text("desk.comments.total", "n", n)}, n > 0, err
	})
}

// waitingClusters are drafts after their period with clusters without an answer.
func (d *Desk) waitingClusters(ctx context.Context, r *site.Request) ([]task, error) {
	return d.ownDrafts(ctx, r, catalog.Published, catalog.Answer, func(dr *consultation.Draft) (task, bool, error) {
		if dr.Decided != "" || dr.Stage(d.Store.Now()) == consultation.Announced {
			return task{}, false, nil
		}
		_, n, err := d.law.Clusters(ctx, consultation.ClusterFilter{Draft: dr.ID, Unanswered: true, Limit: 1})
		return task{URL: "/" + r.Lang + deskDraftPath(dr) + "/answers?state=unanswered", Note: r.Text("desk.answers.left", "n", n)}, n > 0, err
	})
}

// closingDrafts are drafts whose period ends soon.
func (d *Desk) closingDrafts(ctx context.Context, r *site.Request) ([]task, error) {
	now := d.Store.Now()
	return d.ownDrafts(ctx, r, catalog.Published, catalog.Publish, func(dr *consultation.Draft) (task, bool, error) {
		soon := dr.Stage(now) == consultation.Open && dr.Closes.Sub(now) < closingSoon
		return task{URL: "/" + r.Lang + deskDraftPath(dr) + "/period", At: dr.Closes}, soon, nil
	})
}
