package catalog

import "context"

// What a run does to a record. Trials keep it, see Planned.
const (
	DoesAdd    = "add"
	DoesChange = "change"
	DoesTouch  = "touch"  // nothing but dates and sizes
	DoesReturn = "return" // it had been removed and is back
	DoesMove   = "move"   // it is a known one under another identifier
	DoesMiss   = "miss"   // it did not come: once more, and it is removed
	DoesRemove = "remove" // it is removed
	DoesHold   = "hold"   // it waits for approval
)

// A Planned is what a trial found that a run would do to one record.
type Planned struct {
	Identifier string
	Title      Text
	Does       string
	Dataset    string // slug of the dataset that the record describes, where it is one and there is it
	Draft      string // likewise of a draft
}

// AddPlan appends to what a trial (its id) would do.
func (t *Tx) AddPlan(run string, plan ...Planned) error {
	for i := range plan {
		p := &plan[i]
		err := t.exec(`insert into run_plan (run, n, identifier, title, does) select ?1, coalesce(max(n), 0) + 1, ?2, ?3, ?4 from run_plan where run = ?1`,
			run, p.Identifier, asJSON(&p.Title), p.Does)
		if err != nil {
			return err
		}
	}
	return nil
}

// PlannedCount is how many records a trial would do something to.
type PlannedCount struct {
	Does string
	N    int64 // listed
}

// PlanCounts returns what a trial (its id) would do, with how many records are
// listed of each.
func (s *Store) PlanCounts(ctx context.Context, run string) ([]PlannedCount, error) {
	rows, err := s.query(ctx, "select does, count(*) from run_plan where run = ? group by does order by min(n)", run)
	all, err := collect(rows, err, func(row scanner) (c PlannedCount, err error) {
		err = row.Scan(&c.Does, &c.N)
		return c, err
	})
	return all, wrap("plan", err)
}

// Plan returns up to limit records of a trial (its id) of which does is done,
// after the first skip.
func (s *Store) Plan(ctx context.Context, run, does string, skip, limit int) ([]Planned, error) {
	rows, err := s.query(ctx, `select p.identifier, coalesce(d.body -> '$.title', f.title, p.title), p.does, coalesce(d.slug, ''), coalesce(f.slug, '') from run_plan p
		join runs r on r.id = p.run
		left join records k on k.source = r.source and k.noun = 'dataset' and k.identifier = p.identifier
		left join records l on l.source = r.source and l.noun = 'draft' and l.identifier = p.identifier
		left join datasets d on d.id = k.thing and d.`+visible+`
		left join drafts f on f.id = l.thing and f.`+visible+`
		where p.run = ? and p.does = ? order by p.n limit ? offset ?`, run, does, limit, skip)
	all, err := collect(rows, err, func(row scanner) (p Planned, err error) {
		err = row.Scan(&p.Identifier, asJSON(&p.Title), &p.Does, &p.Dataset, &p.Draft)
		return p, err
	})
	return all, wrap("plan", err)
}

// HeldRecords returns up to limit of what a held run (its id) waits with, after
// the first skip, with what the records are called.
func (s *Store) HeldRecords(ctx context.Context, run string, skip, limit int) ([]HeldRecord, error) {
	rows, err := s.query(ctx, `select h.noun, h.identifier, h.kind, h.becomes, coalesce(d.body -> '$.title', f.title, '{}'), coalesce(d.slug, ''), coalesce(f.slug, '') from run_held h
		join runs r on r.id = h.run
		left join records k on k.source = r.source and k.noun = h.noun and k.identifier = h.identifier
		left join datasets d on d.id = k.thing and d.`+visible+`
		left join drafts f on f.id = k.thing and f.`+visible+`
		where h.run = ? order by h.identifier, h.noun limit ? offset ?`, run, limit, skip)
	all, err := collect(rows, err, func(row scanner) (h HeldRecord, err error) {
		err = row.Scan(&h.Noun, &h.Identifier, &h.Kind, &h.Becomes, asJSON(&h.Title), &h.Dataset, &h.Draft)
		return h, err
	})
	return all, wrap("held", err)
}

// A HeldRecord is a Held with what it is called.
type HeldRecord struct {
	Held
	Title   Text
	Dataset string // slug of the dataset that would be removed, where it is one
	Draft   string // likewise of a draft
}
