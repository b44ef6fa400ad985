package contracts

import (
	"context"
	"reflect"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
)

// Link finds anew which budget has the line that each process names, and writes
// what is otherwise than before. It returns how many processes that were.
func (c *Contracts) Link(ctx context.Context) (n int64, err error) {
	rows, err := c.store.Rows(ctx, `with named as materialized (select distinct line from processes where line <> ''),
		found as materialized (select k.code as line, min(b.slug) as slug from budgets b join cubes k on k.cube = b.cube
			where b.cube <> '' and k.code in (select line from named) group by k.code)
		select p.id, coalesce(f.slug, '') from processes p left join found f on f.line = p.line where p.budget <> coalesce(f.slug, '')`)
	type link struct{ process, budget string }
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (l link, err error) {
		err = row.Scan(&l.process, &l.budget)
		return l, err
	})
	if err != nil {
		return 0, catalog.Wrap("budget lines", err)
	}
	const atOnce = 500
	for len(all) > 0 {
		part := all[:min(len(all), atOnce)]
		all = all[len(part):]
		err := c.store.Write(ctx, func(t *catalog.Tx) error {
			for _, l := range part {
				if err := t.Exec("update processes set budget = ? where id = ?", l.budget, l.process); err != nil {
					return err
				}
				t.Changed(NounProcess, l.process, catalog.OpPut)
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += int64(len(part))
	}
	return n, nil
}

// Recheck works out the red flags of all processes anew, after their limits
// changed. It returns of how many something else came out.
func (c *Contracts) Recheck(ctx context.Context) (n int64, err error) {
	after := ""
	for {
		var ids []string
		rows, err := c.store.Rows(ctx, "select id from processes where id > ? order by id limit 200", after)
		ids, err = catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
			err = row.Scan(&id)
			return id, err
		})
		if err != nil || len(ids) == 0 {
			return n, catalog.Wrap("flags", err)
		}
		after = ids[len(ids)-1]
		err = c.store.Write(ctx, func(t *catalog.Tx) error {
			for _, id := range ids {
				changed, err := recheck(t, id)
				if err != nil {
					return err
				}
				if changed {
					n++
				}
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
}

func recheck(t *catalog.Tx, id string) (changed bool, err error) {
	s := &state{id: id}
	var compiled []byte
	var was verdicts
	err = t.Row("select ocid, compiled, history, flags from processes where id = ?", id).Scan(&s.ocid, &compiled, catalog.AsJSON(&s.merged.Changes), catalog.AsJSON(&was))
	if err != nil {
		return false, err
	}
	if s.merged.Body, err = ocds.Decode(compiled); err != nil {
		return false, err
	}
	known, err := releasesOf(t, id)
	if err != nil {
		return false, err
	}
	p := ocds.Of(s.merged.Body)
	flags, err := s.flags(t, &p, known)
	if err != nil || reflect.DeepEqual(flags, was) {
		return false, err
	}
	t.Changed(NounProcess, id, catalog.OpPut)
	return true, t.Exec("update processes set flags = ? where id = ?", catalog.AsJSON(&flags), id)
}

// followEvery is how often Follow looks whether anything moved.
const followEvery = 30 * time.Second

// Follow keeps links to budget lines and red flags as budgets, processes and
// limits are, until ctx ends.
func (c *Contracts) Follow(ctx context.Context) error {
	linked, limits, begun := "", "", false
	turn := time.NewTicker(followEvery)
	defer turn.Stop()
	for {
		mark, err := c.budgetMark(ctx)
		if err != nil {
			return err
		}
		if mark != linked {
			if _, err := c.Link(ctx); err != nil {
				return err
			}
			linked = mark
		}
		settings, err := c.store.Settings(ctx)
		if err != nil {
			return err
		}
		if now := settings[SettingFlags]; now != limits || !begun {
			if begun {
				if _, err := c.Recheck(ctx); err != nil {
					return err
				}
			}
			limits, begun = now, true
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}

// budgetMark moves whenever a budget or a process does.
func (c *Contracts) budgetMark(ctx context.Context) (mark string, err error) {
	err = c.store.Row(ctx, "select (select coalesce(max(changed), '') from budgets) || ' ' || (select coalesce(max(updated), '') from processes)").Scan(&mark)
	return mark, catalog.Wrap("budget lines", err)
}
