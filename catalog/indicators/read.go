package indicators

import (
	"context"
	"slices"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

const filingColumns = "f.id, f.agency, f.indicator, f.period, f.state, f.revision, f.due, f.filed, f.updated, f.statement"

func scanFiling(row catalog.Row) (f Filing, err error) {
	err = row.Scan(&f.ID, &f.Agency, &f.Indicator, &f.Period, (*string)(&f.State), &f.Revision, catalog.AsTime(&f.Due), catalog.AsTime(&f.Filed),
		catalog.AsTime(&f.Updated), catalog.AsJSON(&f.Statement))
	return f, err
}

const scoreColumns = "s.agency, s.indicator, s.period, s.version, s.state, s.points, s.filing, s.gone, s.at"

func scanScore(row catalog.Row) (s Score, err error) {
	err = row.Scan(&s.Agency, &s.Indicator, &s.Period, &s.Version, (*string)(&s.State), &s.Points, &s.Filing, &s.Gone, catalog.AsTime(&s.At))
	return s, err
}

// A piece is evidence of a filing.
type piece struct {
	Evidence
	filing string
}

// evidenceOf returns all evidence of the filings, what is not in force any more
// too.
func evidenceOf(ask catalog.Asker, filings []string) ([]piece, error) {
	rows, err := ask.Rows(`select e.filing, e.n, e.kind, e.thing, e.url, e.text, e.at, e.until from json_each(?) i join filing_evidence e on e.filing = i.value
		order by e.filing, e.n`, catalog.AsJSON(&filings))
	return catalog.Collect(rows, err, func(row catalog.Row) (p piece, err error) {
		err = row.Scan(&p.filing, &p.N, &p.Kind, &p.Thing, &p.URL, catalog.AsJSON(&p.Text), catalog.AsTime(&p.At), catalog.AsTime(&p.Until))
		return p, err
	})
}

const checksOf = "select n, at, version, points, hash, seen, facts from filing_checks where filing = ? order by n desc"

func scanCheck(row catalog.Row) (c Check, err error) {
	err = row.Scan(&c.N, catalog.AsTime(&c.At), &c.Version, &c.Points, &c.Hash, catalog.AsJSON(&c.Seen), catalog.AsJSON(&c.Facts))
	return c, err
}

func scanAct(row catalog.Row) (a Act, err error) {
	err = row.Scan(&a.N, catalog.AsTime(&a.At), &a.Kind, &a.Reason, &a.Check, &a.Name)
	return a, err
}

// filing reads a filing with all its rows.
func filing(ask catalog.Asker, id string) (Filing, error) {
	rows, err := ask.Rows("select "+filingColumns+" from filings f join agencies a on a.id = f.agency where f.id = ? and a."+catalog.PublicRows, id)
	found, err := catalog.Collect(rows, err, scanFiling)
	if err != nil || len(found) == 0 {
		return Filing{}, orNotFound(err, id)
	}
	f := found[0]
	pieces, err := evidenceOf(ask, []string{id})
	if err != nil {
		return f, err
	}
	if err := f.add(ask, pieces); err != nil {
		return f, err
	}
	rows, err = ask.Rows(checksOf, id)
	if f.Checks, err = catalog.Collect(rows, err, scanCheck); err != nil {
		return f, err
	}
	rows, err = ask.Rows("select n, at, kind, reason, check_n, name from filing_acts where filing = ? order by n", id)
	if f.Acts, err = catalog.Collect(rows, err, scanAct); err != nil {
		return f, err
	}
	rows, err = ask.Rows("select "+scoreColumns+" from scores s where s.agency = ? and s.indicator = ? and s.period = ?", f.Agency, f.Indicator, f.Period)
	scores, err := catalog.Collect(rows, err, scanScore)
	if err == nil && len(scores) > 0 {
		f.Score = scores[0]
	}
	return f, err
}

func orNotFound(err error, id string) error {
	if err != nil {
		return err
	}
	return catalog.NotFound(NounFiling, id)
}

// add sets the evidence of f, and what it is called now.
func (f *Filing) add(ask catalog.Asker, pieces []piece) error {
	all := make([]Evidence, len(pieces))
	for i := range pieces {
		all[i] = pieces[i].Evidence
	}
	t, err := gather(ask, all)
	if err != nil {
		return err
	}
	f.Evidence = []Evidence{}
	for i := range all {
		e := &all[i]
		l := t.look(&Set{}, &Rule{}, all[i:i+1]).Evidence[0]
		if e.Kind == EvidenceDataset || e.Kind == EvidenceResource {
			e.Title, e.Gone = l.Title, !catalog.Visible(l.State)
			if d := t.datasets[t.datasetOf(e)]; d != nil && !e.Gone {
				e.Dataset = d.slug
			}
		}
		if e.Until.IsZero() {
			f.Evidence = append(f.Evidence, *e)
		} else {
			f.Former = append(f.Former, *e)
		}
	}
	return nil
}

// datasetOf is the id of the dataset that a piece of evidence is in.
func (t *things) datasetOf(e *Evidence) string {
	if f := t.resources[e.Thing]; f != nil && e.Kind == EvidenceResource {
		return f.dataset
	}
	return e.Thing
}

// Filing returns a filing with all its rows, or ErrNotFound.
func (i *Indicators) Filing(ctx context.Context, id string) (Filing, error) {
	f, err := filing(i.store.Asker(ctx), id)
	return f, catalog.Wrap(NounFiling, err)
}

// A FilingFilter says which filings Filings returns. Empty fields do not filter.
type FilingFilter struct {
	Agencies  []string // ids
	Indicator string
	Period    string
	States    []State
	Before    time.Time
	After     string // id of the filing that stood last on the page before, which changed at Before
	Limit     int    // 0: no limit
}

// Filings returns filings without their rows but with their scores, those first
// that changed last, and how many there are in all.
func (i *Indicators) Filings(ctx context.Context, f FilingFilter) (all []Filing, total int64, err error) {
	const which = ` from filings f join agencies a on a.id = f.agency where a.state = 'published' and (?1 = 'null' or f.agency in (select value from json_each(?1)))
		and (?2 = '' or f.indicator = ?2) and (?3 = '' or f.period = ?3) and (?4 = 'null' or f.state in (select value from json_each(?4)))`
	args := []any{catalog.AsJSON(&f.Agencies), f.Indicator, f.Period, catalog.AsJSON(&f.States)}
	if err := i.store.Row(ctx, "select count(*)"+which, args...).Scan(&total); err != nil {
		return nil, 0, catalog.Wrap("filings", err)
	}
	if f.Limit <= 0 {
		f.Limit = -1
	}
	rows, err := i.store.Rows(ctx, "select "+filingColumns+", (select s.points from scores s where s.agency = f.agency and s.indicator = f.indicator and s.period = f.period)"+which+
		" and (?5 = '' or (f.updated, f.id) < (?5, ?6)) order by f.updated desc, f.id desc limit ?7", append(args, catalog.Stamp(f.Before), f.After, f.Limit)...)
	all, err = catalog.Collect(rows, err, func(row catalog.Row) (f Filing, err error) {
		var points *int
		f, err = scanFiling(also{row, []any{&points}})
		f.Score = Score{Agency: f.Agency, Indicator: f.Indicator, Period: f.Period, State: f.State, Points: points, Filing: f.ID}
		return f, err
	})
	return all, total, catalog.Wrap("filings", err)
}

// also reads the columns that stand behind those of a thing.
type also struct {
	row  catalog.Row
	last []any
}

// Scan is catalog.Row.
func (a also) Scan(into ...any) error { return a.row.Scan(slices.Concat(into, a.last)...) }

// filingIDs finds ids of filings.
func filingIDs(ask catalog.Asker, query string, args ...any) ([]string, error) {
	rows, err := ask.Rows(query, args...)
	return catalog.Collect(rows, err, func(row catalog.Row) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	})
}
