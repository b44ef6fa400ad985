package indicators

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// atOnce is how many filings are looked at, and written, together.
const atOnce = 250

// settle keeps what a look brought. While the period is open the score follows
// the evidence, and the agency is told when points are lost; afterwards the
// score stays, with a mark when the evidence vanished. It reports whether
// anything is others now.
func (f *finding) settle(tx *catalog.Tx, book rulebook) (bool, error) {
	if f.closed {
		return f.mark(tx)
	}
	if !f.news() {
		return false, f.keep(tx)
	}
	if err := f.keep(tx); err != nil {
		return true, err
	}
	if f.last.N == 0 || f.check.Points >= f.last.Points {
		return true, nil
	}
	data := f.filing.letter(tx, book, "")
	for _, fact := range f.check.Facts { // what was lost first
		if fact.Points != nil && *fact.Points < Each && fact.Criterion != OnTime {
			data.Text, data.Said = f.why(fact.Criterion)
			break
		}
	}
	data.Count = int64(f.check.Points)
	return true, tx.QueueNotice(catalog.Publish, f.filing.Agency, &catalog.Actor{}, catalog.Mail{Kind: catalog.MailFilingFell, Thing: f.filing.ID, Data: data})
}

// why are the facts of a criterion as one sentence.
func (f *finding) why(c Criterion) (text string, said []catalog.Said) {
	for _, fact := range f.check.Facts {
		if fact.Criterion != c {
			continue
		}
		if text != "" {
			text += catalog.SentenceEnd
		}
		text, said = text+fact.Text, append(said, fact.Said...)
	}
	return text, said
}

// mark notes whether the evidence of a closed period is still there.
func (f *finding) mark(tx *catalog.Tx) (bool, error) {
	gone := slices.ContainsFunc(f.check.Seen.Evidence, func(l Look) bool { return !l.there() && l.State != catalog.LinkNew })
	n, err := tx.Count("update scores set gone = ?4 where agency = ?1 and indicator = ?2 and period = ?3 and gone <> ?4", f.filing.Agency, f.filing.Indicator, f.filing.Period, gone)
	if n > 0 {
		tx.Changed(NounFiling, f.filing.ID, catalog.OpPut)
	}
	return n > 0, err
}

// changed reports whether settling would write anything.
func (f *finding) changed(known map[string]Score) bool {
	s, ok := known[f.filing.ID]
	if f.closed {
		gone := slices.ContainsFunc(f.check.Seen.Evidence, func(l Look) bool { return !l.there() && l.State != catalog.LinkNew })
		return ok && gone != s.Gone
	}
	return f.news() || !ok || s.Points == nil || s.State != f.filing.State || s.Version != f.set.Version || *s.Points != *f.filing.points(f.last.Points)
}

// look looks at the filings with the ids and keeps what is new.
func (i *Indicators) look(ctx context.Context, ids []string) (n int, err error) {
	ask := i.store.Asker(ctx)
	book, err := sets(ask)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, atOnce) {
		found, err := inspect(ask, book, some, i.store.Now())
		if err != nil {
			return n, err
		}
		rows, err := ask.Rows("select "+scoreColumns+` from json_each(?) i join filings f on f.id = i.value
			join scores s on s.agency = f.agency and s.indicator = f.indicator and s.period = f.period`, catalog.AsJSON(&some))
		scores, err := catalog.Collect(rows, err, scanScore)
		if err != nil {
			return n, err
		}
		known := map[string]Score{}
		for _, s := range scores {
			known[s.Filing] = s
		}
		found = slices.DeleteFunc(found, func(f finding) bool { return !f.changed(known) })
		if len(found) == 0 {
			continue
		}
		again := make([]string, len(found))
		for at := range found {
			again[at] = found[at].filing.ID
		}
		if err := i.store.Write(ctx, func(tx *catalog.Tx) error {
			m, err := settle(tx, again) // as they are by now
			n += m
			return err
		}); err != nil {
			return n, err
		}
	}
	return n, nil
}

// settle looks at filings in a write and keeps what is new.
func settle(tx *catalog.Tx, ids []string) (n int, err error) {
	book, err := sets(tx)
	if err != nil {
		return 0, err
	}
	found, err := inspect(tx, book, ids, tx.Now())
	if err != nil {
		return 0, err
	}
	for at := range found {
		changed, err := found[at].settle(tx, book)
		if err != nil {
			return n, err
		}
		if changed {
			n++
		}
	}
	return n, nil
}

// Recheck looks at every filing, writes the scores of those whose evidence
// changed, and those of what was not handed in. It returns how many there are
// that changed.
func (i *Indicators) Recheck(ctx context.Context) (int, error) {
	ids, err := filingIDs(i.store.Asker(ctx), "select id from filings order by id")
	if err != nil {
		return 0, catalog.Wrap("recheck", err)
	}
	n, err := i.look(ctx, ids)
	if err != nil {
		return n, catalog.Wrap("recheck", err)
	}
	m, err := i.overdue(ctx)
	return n + m, catalog.Wrap("recheck", err)
}

// How often the monitor looks for changes, for what became late, and at
// everything.
const (
	lookEvery = time.Minute
	lateEvery = time.Hour
	allEvery  = 24 * time.Hour
)

// Follow is the monitor: it looks at filings whose evidence changed, writes what
// is late and reminds agencies, and once a day looks at everything, until ctx
// ends. told is told how many scores are others now.
func (i *Indicators) Follow(ctx context.Context, told func(scores int)) error {
	var all, late time.Time
	seq, err := i.store.LastSeq(ctx)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		var n int
		now := i.store.Now()
		switch {
		case now.Sub(all).Abs() >= allEvery: // also when the clock was set back
			n, err = i.Recheck(ctx)
			all, late = now, time.Time{}
		default:
			seq, n, err = i.follow(ctx, seq)
		}
		if err == nil && now.Sub(late).Abs() >= lateEvery {
			var m int
			m, err = i.overdue(ctx)
			n += m
			if err == nil {
				err = i.Remind(ctx)
			}
			late = now
		}
		if err != nil {
			return err
		}
		if n > 0 {
			told(n)
		}
		pause := time.NewTimer(lookEvery)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
	return ctx.Err()
}

// follow looks at the filings whose evidence changed after a change of the
// catalogue, or whose links were looked at since. It returns the last change.
func (i *Indicators) follow(ctx context.Context, seq int64) (last int64, n int, err error) {
	const changes = 1000
	ask := i.store.Asker(ctx)
	for {
		some, err := i.store.Changes(ctx, seq, changes)
		if err != nil {
			return seq, n, err
		}
		var things []string
		for _, c := range some {
			seq = c.Seq
			if c.Noun == catalog.NounDataset {
				things = append(things, c.ID)
			}
		}
		if len(things) > 0 {
			ids, err := filingIDs(ask, `select distinct e.filing from json_each(?1) i join filing_evidence e on e.thing = i.value where e.until = '' and e.thing <> ''
				union select e.filing from json_each(?1) i join resources r on r.dataset = i.value join filing_evidence e on e.thing = r.id where e.until = '' and e.thing <> ''`,
				catalog.AsJSON(&things))
			if err != nil {
				return seq, n, err
			}
			m, err := i.look(ctx, ids)
			if n += m; err != nil {
				return seq, n, err
			}
		}
		if len(some) < changes {
			break
		}
	}
	ids, err := filingIDs(ask, `select distinct e.filing from filing_evidence e join links l on l.url = e.url where e.url <> '' and e.until = ''
		and l.checked >= ?`, catalog.Stamp(i.store.Now().Add(-2*lookEvery)))
	if err != nil {
		return seq, n, err
	}
	m, err := i.look(ctx, ids)
	return seq, n + m, err
}
