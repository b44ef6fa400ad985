package desk

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/indicators"
	"github.com/openshafaf/shafaf/site"
)

// dueSoon is how long before something is due it is told of.
const dueSoon = 7 * 24 * time.Hour

// ownAgencies are the agencies that the actor works for and publishes in; an
// operator is not asked for what all agencies have to do.
func ownAgencies(a *catalog.Actor) []string {
	var own []string
	for id := range a.Roles {
		if a.Can(catalog.Publish, id) {
			own = append(own, id)
		}
	}
	slices.Sort(own)
	return own
}

// lateFilings are agencies that something is late of.
func (d *Desk) lateFilings(ctx context.Context, r *site.Request) ([]task, error) {
	return d.askedTasks(ctx, r, func(o *indicators.Overdue) bool { return o.Days > 0 })
}

// dueFilings are agencies that something is soon due of.
func (d *Desk) dueFilings(ctx context.Context, r *site.Request) ([]task, error) {
	now := d.Store.Now()
	return d.askedTasks(ctx, r, func(o *indicators.Overdue) bool {
		return o.Days <= 0 && o.Period.Ended(now) && o.Due.Sub(now) <= dueSoon && o.Indicator.Period != indicators.Event
	})
}

// askedTasks is a task for each agency that is asked for something that is lets
// through, with how much of it there is; At is when the first of it is, or was,
// due.
func (d *Desk) askedTasks(ctx context.Context, r *site.Request, is func(*indicators.Overdue) bool) ([]task, error) {
	own := ownAgencies(&r.Actor)
	if len(own) == 0 {
		return nil, nil
	}
	asked, err := d.marks.Asked(ctx, own)
	var tasks []task
	count := map[string]int{}
	for i := range asked {
		o := &asked[i]
		if !is(o) {
			continue
		}
		if count[o.Agency]++; count[o.Agency] == 1 {
			name, _ := o.Title.In(r.Lang)
			tasks = append(tasks, task{Name: name, URL: "/" + r.Lang + pathFilings + "?agency=" + o.Agency, At: o.Due.Add(-time.Minute)})
		}
		t := slices.IndexFunc(tasks, func(t task) bool { return t.URL == "/"+r.Lang+pathFilings+"?agency="+o.Agency })
		tasks[t].Note = r.Text("desk.filings.count", "n", count[o.Agency])
	}
	return tasks, err
}

// openObjections are objections for an operator to decide.
func (d *Desk) openObjections(ctx context.Context, r *site.Request) ([]task, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, nil
	}
	return d.filingTasks(ctx, r, indicators.FilingFilter{States: []indicators.State{indicators.Objected}, Limit: mostTasks})
}

// unreviewedFilings is how many filings nobody looked at yet.
func (d *Desk) unreviewedFilings(ctx context.Context, r *site.Request) ([]task, error) {
	if !r.Actor.Can(catalog.Operate, "") {
		return nil, nil
	}
	_, n, err := d.marks.Filings(ctx, indicators.FilingFilter{States: []indicators.State{indicators.Submitted}, Limit: 1})
	if err != nil || n == 0 {
		return nil, err
	}
	return []task{{Name: r.Text("desk.filings.count", "n", n), URL: "/" + r.Lang + pathFilings + "?state=" + string(indicators.Submitted)}}, nil
}

// rejectedFilings are filings of one's agencies that count for nothing.
func (d *Desk) rejectedFilings(ctx context.Context, r *site.Request) ([]task, error) {
	own := ownAgencies(&r.Actor)
	if len(own) == 0 {
		return nil, nil
	}
	return d.filingTasks(ctx, r, indicators.FilingFilter{Agencies: own, States: []indicators.State{indicators.Rejected}, Limit: mostTasks})
}

// filingTasks are filings as tasks.
func (d *Desk) filingTasks(ctx context.Context, r *site.Request, f indicators.FilingFilter) ([]task, error) {
	all, _, err := d.marks.Filings(ctx, f)
	if err != nil {
		return nil, err
	}
	return d.tasksOf(ctx, r, all)
}

// vanishedEvidence are filings of one's agencies of which evidence is gone.
func (d *Desk) vanishedEvidence(ctx context.Context, r *site.Request) ([]task, error) {
	own := ownAgencies(&r.Actor)
	if len(own) == 0 {
		return nil, nil
	}
	all, err := d.marks.Vanished(ctx, own)
	if err != nil {
		return nil, err
	}
	return d.tasksOf(ctx, r, all[:min(mostTasks, len(all))])
}

// tasksOf names filings by their indicators and agencies.
func (d *Desk) tasksOf(ctx context.Context, r *site.Request, all []indicators.Filing) ([]task, error) {
	if len(all) == 0 {
		return nil, nil
	}
	titles, err := d.indicatorTitles(ctx, r.Lang)
	if err != nil {
		return nil, err
	}
	names, err := d.agencyNames(ctx, r.Lang, nil)
	var tasks []task
	for i := range all {
		f := &all[i]
		period := f.Period
		if p, err := indicators.PeriodOf(f.Period); err == nil {
			period, _ = p.Label.In(r.Lang)
		}
		tasks = append(tasks, task{
			Name: titles[f.Indicator], URL: "/" + r.Lang + filingPath(f.Agency, f.Indicator, f.Period), At: f.Updated,
			Note: nameOf(names, f.Agency) + r.Text("list.comma") + " " + period,
		})
	}
	return tasks, err
}
