package desk

import (
	"context"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site"
)

// A task is something that waits for somebody. A kind of task is a line in
// taskKinds; its text is "desk.task.KIND".
type task struct {
	Kind string
	Name string // of the thing
	URL  string
	Note string         // a sentence of ours: how much, or of whom
	More string         // a sentence of the data's own: why
	Said []catalog.Said // its parts, where they are known
	At   time.Time
}

// A taskKind finds the tasks of a kind that the actor can do.
type taskKind struct {
	name string
	find func(d *Desk, ctx context.Context, r *site.Request) ([]task, error)
}

// taskKinds are what can wait at the desk, the most urgent first.
var taskKinds = []taskKind{
	{"held", (*Desk).heldRuns},
	{"failing", (*Desk).failingSources},
	{"undelivered", (*Desk).undelivered},
	{"closing", (*Desk).closingDrafts},
	{"comments", (*Desk).waitingComments},
	{"answers", (*Desk).waitingClusters},
	{"question", (*Desk).waitingQuestions},
	{"objected", (*Desk).openObjections},
	{"late", (*Desk).lateFilings},
	{"due", (*Desk).dueFilings},
	{"rejected", (*Desk).rejectedFilings},
	{"vanished", (*Desk).vanishedEvidence},
	{"review", (*Desk).unreviewedFilings},
	{"budget", (*Desk).heldBudgets},
	{"waiting", (*Desk).waitingFiles},
	{"faults", (*Desk).unseenFaults},
	{"draft", (*Desk).drafts},
	{"regulation", (*Desk).heldDrafts},
	{"scheduled", (*Desk).scheduled},
}

// A homeView is the desk itself: what waits, and the ways on.
type homeView struct {
	page
	Name    string
	Tasks   []task
	People  bool // may see who works here
	Audit   bool // may read the log
	Portal  bool // may make agencies
	Sources bool // may look after sources
	Comment bool // may look at comments
	Filings bool // something is measured
	Money   bool // may keep the calendar of budgets
}

func (d *Desk) home(_ *site.Site, r *site.Request) (site.View, error) {
	v := &homeView{page: page{frame(r, "desk.title")}, Name: r.Actor.Name}
	for _, kind := range taskKinds {
		tasks, err := kind.find(d, r.Context(), r)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			t.Kind = kind.name
			v.Tasks = append(v.Tasks, t)
		}
	}
	v.Sources = some(&r.Actor, catalog.Harvest)
	v.Comment = some(&r.Actor, catalog.Moderate)
	v.Portal = r.Actor.Can(catalog.Operate, "")
	there, err := d.marks.InForce(r.Context())
	if err != nil {
		return nil, err
	}
	v.Money = some(&r.Actor, catalog.Publish)
	v.Filings = there && some(&r.Actor, catalog.View)
	v.People, v.Audit = some(&r.Actor, catalog.Appoint), some(&r.Actor, catalog.Audit)
	return v, nil
}

// some reports whether the actor may do the verb anywhere.
func some(a *catalog.Actor, do catalog.Verb) bool {
	agencies, all := a.Agencies(do)
	return all || len(agencies) > 0
}

// heldRuns are runs that wait for somebody to approve what they would remove.
func (d *Desk) heldRuns(ctx context.Context, r *site.Request) ([]task, error) {
	return d.sourceTasks(ctx, r, catalog.SourceHeld)
}

// failingSources are sources that could not be read to their end lately.
func (d *Desk) failingSources(ctx context.Context, r *site.Request) ([]task, error) {
	return d.sourceTasks(ctx, r, catalog.SourceFailing)
}

// sourceTasks are the last runs of the sources of the standing.
func (d *Desk) sourceTasks(ctx context.Context, r *site.Request, is string) ([]task, error) {
	all, err := d.sources(ctx, &r.Actor, false)
	var tasks []task
	for i := range all {
		src := &all[i]
		if src.Standing() == is {
			tasks = append(tasks, task{Name: sourceName(r, src), URL: "/" + r.Lang + runPath(src, src.LastRun.ID), More: src.LastRun.Reason, Said: src.LastRun.Said, At: src.LastRun.Started})
		}
	}
	return tasks, err
}

// mostTasks is how many datasets of a kind are listed among what waits.
const mostTasks = 20

// waitingFiles are public datasets with files that wait to be published.
func (d *Desk) waitingFiles(ctx context.Context, r *site.Request) ([]task, error) {
	return d.datasetTasks(ctx, r, catalog.Published, func(ds *catalog.DeskDataset) bool { return ds.Waiting > 0 && ds.PublishAt.IsZero() })
}

// unseenFaults are public datasets with faults in their rows that nobody who
// edits them has seen.
func (d *Desk) unseenFaults(ctx context.Context, r *site.Request) ([]task, error) {
	return d.datasetTasks(ctx, r, catalog.Published, func(ds *catalog.DeskDataset) bool { return ds.Faults > 0 })
}

// drafts are datasets that the public never saw.
func (d *Desk) drafts(ctx context.Context, r *site.Request) ([]task, error) {
	return d.datasetTasks(ctx, r, catalog.Drafted, func(*catalog.DeskDataset) bool { return true })
}

// scheduled are datasets of which something is published at a time.
func (d *Desk) scheduled(ctx context.Context, r *site.Request) ([]task, error) {
	return d.datasetTasks(ctx, r, "", func(ds *catalog.DeskDataset) bool { return !ds.PublishAt.IsZero() })
}

// datasetTasks are the datasets of a state that the actor may change and is
// lets through, those first that changed last.
func (d *Desk) datasetTasks(ctx context.Context, r *site.Request, state string, is func(*catalog.DeskDataset) bool) ([]task, error) {
	all, _, err := d.Store.DeskDatasets(ctx, &r.Actor, catalog.DeskFilter{State: state, ByHand: true, Limit: 10 * mostTasks})
	var tasks []task
	for i := range all {
		if ds := &all[i]; is(ds) && len(tasks) < mostTasks && r.Actor.Can(catalog.Edit, ds.Agency) {
			tasks = append(tasks, task{Name: title(r, ds), URL: "/" + r.Lang + datasetPath(ds), At: ds.PublishAt})
		}
	}
	return tasks, err
}
