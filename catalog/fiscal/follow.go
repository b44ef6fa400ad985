package fiscal

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
)

// followEvery is how often Follow looks for budgets whose table or mapping is
// another.
const followEvery = 3 * time.Second

// Follow loads budgets whose table or mapping changed, until ctx ends. loaded,
// unless nil, is told of each.
func (f *Fiscal) Follow(ctx context.Context, loaded func(slug string, l *Loading)) error {
	for {
		if _, err := f.Work(ctx, loaded); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(followEvery):
		}
	}
}

// Work loads the budgets whose table or mapping changed and returns how many
// those were. It then decides which budgets count. One at a time works on a
// catalogue; what a killed one left behind is removed.
func (f *Fiscal) Work(ctx context.Context, loaded func(slug string, l *Loading)) (n int, err error) {
	due, err := f.due(ctx)
	if err != nil {
		return 0, err
	}
	if len(due) > 0 {
		if err := f.clean(ctx); err != nil {
			return 0, err
		}
	}
	for i := range due {
		l, err := f.load(ctx, &due[i])
		if err != nil {
			return n, catalog.Wrap("budget "+due[i].slug, err)
		}
		if n++; loaded != nil {
			loaded(due[i].slug, l)
		}
	}
	return n, f.count(ctx)
}

// Load reads the table of a budget, its id or slug, whether or not it changed.
func (f *Fiscal) Load(ctx context.Context, budget string) (*Loading, error) {
	rows, err := f.store.Rows(ctx, loads+" where b.id = ?1 or b.slug = ?1", budget)
	all, err := catalog.Collect(rows, err, scanLoad)
	if err != nil {
		return nil, catalog.Wrap("budget", err)
	}
	if len(all) == 0 {
		return nil, catalog.NotFound(NounBudget, budget)
	}
	l, err := f.load(ctx, &all[0])
	if err == nil {
		err = f.count(ctx)
	}
	return l, catalog.Wrap("budget", err)
}

// A load is a budget to be read.
type load struct {
	id, slug, resource, agency, agencySlug string
	cube, tried, state, lines              string
	mapping                                Mapping
	revision                               int64
	tables                                 string // digests of the tables of its file
}

// loads are the budgets with the digests of the tables that their files have.
const loads = `select b.id, b.slug, b.resource, d.agency, a.slug, b.cube, b.tried, b.state, b.lines, b.mapping, b.revision,
	coalesce((select group_concat(e.digest, ' ' order by e.digest) from resources t join editions e on e.resource = t.id and e.digest = t.edition
		where (t.id = b.resource or t.part_of = b.resource) and t.state = 'published' and e.has_table), '')
	from budgets b join resources r on r.id = b.resource join datasets d on d.id = r.dataset join agencies a on a.id = d.agency`

func scanLoad(row catalog.Row) (l load, err error) {
	err = row.Scan(&l.id, &l.slug, &l.resource, &l.agency, &l.agencySlug, &l.cube, &l.tried, &l.state, &l.lines, catalog.AsJSON(&l.mapping), &l.revision, &l.tables)
	return l, err
}

// try tells one state of table and mapping from others.
func (l *load) try() string {
	return strings.TrimSpace(strconv.FormatInt(l.revision, 10) + " " + l.agencySlug + " " + l.tables)
}

// due are the budgets whose table or mapping was not tried yet, and those whose
// lines are not there any more. One whose file was not read yet waits for it.
func (f *Fiscal) due(ctx context.Context) ([]load, error) {
	rows, err := f.store.Rows(ctx, loads+" order by b.id")
	all, err := catalog.Collect(rows, err, scanLoad)
	var due []load
	for _, l := range all {
		lost := false
		if l.lines != "" {
			_, err := f.files.Rows(l.lines) //nolint:contextcheck // a row file is opened at once
			lost = errors.Is(err, fs.ErrNotExist)
		}
		if (lost || l.tried != l.try()) && (l.tables != "" || l.state != Waiting) {
			due = append(due, l)
		}
	}
	return due, catalog.Wrap("budgets", err)
}

// load reads the table of a budget, and shows what came of it when it is fit to
// be shown; else the budget is held and shows what it did.
func (f *Fiscal) load(ctx context.Context, b *load) (*Loading, error) {
	t, digest, unread, err := f.tableOf(ctx, b)
	if err != nil {
		return nil, err
	}
	if unread != nil {
		l := &Loading{Faults: []Fault{*unread}, FaultsN: 1}
		return l, f.hold(ctx, b, l)
	}
	r, err := f.read(ctx, t, &b.mapping, b.agencySlug, func(lines *datasets.Table) (string, error) {
		loaded, err := f.files.PutRows(ctx, lines, nil)
		if err != nil {
			return "", err
		}
		return loaded.Digest, nil
	})
	if err != nil {
		return nil, err
	}
	if !r.Fit() {
		return &r.Loading, f.hold(ctx, b, &r.Loading)
	}
	return &r.Loading, f.show(ctx, b, digest, r)
}

// PreviewOf reads the table of a resource (its id) by a mapping without keeping
// anything: what would come of it as a budget. Where there is no table to read
// its faults say so.
func (f *Fiscal) PreviewOf(ctx context.Context, resource string, m *Mapping) (Loading, error) {
	b := load{resource: resource, mapping: *m}
	err := f.store.Row(ctx, "select a.slug from resources r join datasets d on d.id = r.dataset join agencies a on a.id = d.agency where r.id = ?", resource).Scan(&b.agencySlug)
	if catalog.NoRow(err) {
		return Loading{}, catalog.NotFound("resource", resource)
	}
	if err != nil {
		return Loading{}, catalog.Wrap("budget", err)
	}
	t, _, unread, err := f.tableOf(ctx, &b)
	if err != nil {
		return Loading{}, catalog.Wrap("budget", err)
	}
	if unread != nil {
		return Loading{Faults: []Fault{*unread}, FaultsN: 1}, nil
	}
	return f.Preview(ctx, t, m, b.agencySlug)
}

// tableOf opens the table that a budget is read from, or says why there is none.
func (f *Fiscal) tableOf(ctx context.Context, b *load) (t *datasets.Table, digest string, unread *Fault, err error) {
	type named struct{ name, digest string }
	rows, err := f.store.Rows(ctx, `select case when r.id = ?1 then '' else coalesce(r.body ->> '$.identifier', '') end, r.edition from resources r
		join editions e on e.resource = r.id and e.digest = r.edition
		where (r.id = ?1 or r.part_of = ?1) and r.state = 'published' and e.has_table order by r.position`, b.resource)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (n named, err error) {
		err = row.Scan(&n.name, &n.digest)
		return n, err
	})
	if err != nil {
		return nil, "", nil, err
	}
	var names []string
	for _, n := range all {
		if digest == "" && (len(all) == 1 && b.mapping.Table == "" || n.name != "" && n.name == b.mapping.Table) {
			digest = n.digest
		}
		names = append(names, n.name)
	}
	none := func(kind string) (*datasets.Table, string, *Fault, error) {
		fault := faultOf(-1, "", kind, cmp.Or(strings.Join(names, ", "), b.mapping.Table, "—"))
		return nil, "", &fault, nil
	}
	switch {
	case len(all) == 0:
		return none("budget.notable")
	case digest == "":
		return none("budget.tables")
	}
	rf, err := f.files.Rows(digest) //nolint:contextcheck // a row file is opened at once
	if errors.Is(err, fs.ErrNotExist) {
		return none("budget.notable")
	}
	if err != nil {
		return nil, "", nil, err
	}
	return rf.Table(), digest, nil, nil
}
