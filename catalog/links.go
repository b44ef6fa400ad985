package catalog

import (
	"context"
	"time"
)

// States of an address that something here points to.
const (
	LinkNew     = "new"     // nobody looked yet
	LinkAlive   = "alive"   // it answers
	LinkMoved   = "moved"   // it answers, at another address
	LinkBroken  = "broken"  // it did not answer several times in a row
	LinkRefused = "refused" // it is not to be looked at: its server asks programs to stay away, or it is in a private network
)

// How a link is looked at: again after a day, and each time that all is well
// after twice as long, up to a month. One that fails is broken when it failed
// brokenAfter times, a day apart.
const (
	linkFirst   = 24 * time.Hour
	linkMost    = 30 * 24 * time.Hour
	brokenAfter = 3
)

// A Link is an address and whether it answers.
type Link struct {
	URL     string    `json:"url"`
	State   string    `json:"state"`
	Status  int       `json:"status,omitempty"`    // of the last answer over HTTP, 0 for none
	Checked time.Time `json:"checked,omitzero"`    // last
	Due     time.Time `json:"-"`                   // when it is looked at next
	Fails   int       `json:"fails,omitempty"`     // in a row
	Since   time.Time `json:"since,omitzero"`      // of the state; of one that fails: of the first failure
	Said    []Said    `json:"said,omitempty"`      // why it does not answer
	Moved   string    `json:"moved_to,omitempty"`  // where it answers
	Dataset string    `json:"dataset,omitempty"`   // slug of a dataset that points to it, where that was asked for
	Title   Text      `json:"title,omitempty"`     // of that
	Agency  string    `json:"agency_id,omitempty"` // of that
}

// Seen notes what came of looking at the link at a moment: state is LinkAlive,
// LinkMoved, LinkRefused, or LinkBroken for a failure, of which several make it
// broken.
func (l *Link) Seen(at time.Time, state string, status int, said []Said) {
	before, pause := l.State, linkFirst
	if !l.Checked.IsZero() && l.Fails == 0 {
		pause = min(max(2*l.Due.Sub(l.Checked), linkFirst), linkMost)
	}
	l.Status, l.Said = status, said
	if state != LinkBroken {
		l.State, l.Fails = state, 0
		if before != state {
			l.Since, pause = at, linkFirst
		}
	} else {
		if l.Fails++; l.Fails == 1 {
			l.Since = at
		}
		pause = linkFirst
		if l.Fails >= brokenAfter {
			l.State = LinkBroken
			pause = min(linkFirst<<min(l.Fails-brokenAfter, 10), linkMost)
		}
	}
	l.Checked, l.Due = at, at.Add(pause)
}

const linkColumns = "l.url, l.state, l.status, l.checked, l.due, l.fails, l.since, l.said, l.moved"

func (l *Link) columns() []any {
	return []any{&l.URL, &l.State, &l.Status, asTime(&l.Checked), asTime(&l.Due), &l.Fails, asTime(&l.Since), asSaid(&l.Said), &l.Moved}
}

func scanLink(row scanner) (l Link, err error) {
	err = row.Scan(l.columns()...)
	return l, err
}

// outward are the public datasets whose addresses are looked at: not those of
// sources inside a network of their own.
const outward = "select id, body from datasets where state = 'published' and (source is null or source not in (select id from sources where allow_private))"

// linked is a query of the addresses that the datasets of a query of outward
// ones point to. What was fetched from here is known to answer.
func linked(datasets string) string {
	return `with d as not materialized (` + datasets + `), u as (
	select r.body ->> '$.download_url' as url, iif(r.fetch = 'done', r.fetched, '') as fetched from d join resources r on r.dataset = d.id where r.state = 'published'
	union all select r.body ->> '$.access_url', '' from d join resources r on r.dataset = d.id where r.state = 'published'
	union all select d.body ->> '$.landing_page', '' from d)
	select url, max(fetched) as fetched from u where url like 'http://%' or url like 'https://%' group by url`
}

// UnknownLinks returns the addresses that up to n public datasets point to and
// that are not among the links yet, and the last of these datasets. They are the
// ones that come after a dataset (its id, empty before the first); last is empty
// when there is none. Addresses of evidence are links from the start, see
// LookAtLink.
func (s *Store) UnknownLinks(ctx context.Context, after string, n int) (all []Link, last string, err error) {
	if err := s.row(ctx, "select coalesce(max(id), '') from (select id from ("+outward+") where id > ? order by id limit ?)", after, n).Scan(&last); err != nil || last == "" {
		return nil, "", wrap("links", err)
	}
	rows, err := s.query(ctx, "select url, fetched from ("+linked(outward+" and id > ?1 and id <= ?2")+") x where not exists (select 1 from links l where l.url = x.url)", after, last)
	all, err = collect(rows, err, func(row scanner) (l Link, err error) {
		var fetched time.Time
		err = row.Scan(&l.URL, asTime(&fetched))
		l.State, l.Due = LinkNew, s.Now()
		if !fetched.IsZero() {
			l.Seen(fetched, LinkAlive, 0, nil)
		}
		return l, err
	})
	return all, last, wrap("links", err)
}

// LostLinks returns the links, up to limit, that nothing points to any more.
func (s *Store) LostLinks(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.query(ctx, `select url from links where url not in (select url from (`+linked(outward)+`))
		and url not in (select url from filing_evidence where url <> '' and until = '') limit ?`, limit)
	all, err := collect(rows, err, scanID)
	return all, wrap("links", err)
}

// DueLinks returns up to limit links that are to be looked at now, the longest
// waiting first. New ones come before.
func (s *Store) DueLinks(ctx context.Context, limit int) ([]Link, error) {
	rows, err := s.query(ctx, "select "+linkColumns+" from links l where l.due <= ? order by l.due limit ?", stamp(s.Now()), limit)
	all, err := collect(rows, err, scanLink)
	return all, wrap("links", err)
}

// Link returns what is known of an address, or ErrNotFound.
func (s *Store) Link(ctx context.Context, url string) (Link, error) {
	rows, err := s.query(ctx, "select "+linkColumns+" from links l where l.url = ?", url)
	all, err := collect(rows, err, scanLink)
	if err == nil && len(all) == 0 {
		return Link{}, notFound("link", url)
	}
	if err != nil {
		return Link{}, wrap("link", err)
	}
	return all[0], nil
}

// BrokenLinks returns up to limit broken links of public datasets, of an agency
// (its id) or all, those first that are broken longest, and how many there are.
func (s *Store) BrokenLinks(ctx context.Context, agency string, limit int) (all []Link, total int64, err error) {
	const which = ` from links l join (
		select r.body ->> '$.download_url' as url, r.dataset from resources r where r.state = 'published'
		union select r.body ->> '$.access_url', r.dataset from resources r where r.state = 'published'
		union select d.body ->> '$.landing_page', d.id from datasets d) u on u.url = l.url
		join datasets d on d.id = u.dataset where l.state = 'broken' and d.state = 'published' and (?1 = '' or d.agency = ?1)`
	if err := s.row(ctx, "select count(*)"+which, agency).Scan(&total); err != nil || total == 0 {
		return nil, 0, wrap("broken links", err)
	}
	rows, err := s.query(ctx, "select "+linkColumns+", d.slug, d.body -> '$.title', d.agency"+which+" order by l.since, l.url, d.slug limit ?2", agency, limit)
	all, err = collect(rows, err, func(row scanner) (l Link, err error) {
		err = row.Scan(append(l.columns(), &l.Dataset, asJSON(&l.Title), &l.Agency)...)
		return l, err
	})
	return all, total, wrap("broken links", err)
}

// LinkStates counts the links by state.
func (s *Store) LinkStates(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	rows, err := s.query(ctx, "select state, count(*) from links group by state")
	_, err = collect(rows, err, func(row scanner) (state string, err error) {
		var n int64
		err = row.Scan(&state, &n)
		counts[state] = n
		return state, err
	})
	return counts, wrap("links", err)
}

// PutLink writes what is known of an address. One that broke, or answers again,
// is listed as a change.
func (t *Tx) PutLink(l *Link) error {
	was := LinkNew
	if err := t.row("select state from links where url = ?", l.URL).Scan(&was); err != nil && !NoRow(err) {
		return err
	}
	if (was == LinkBroken) != (l.State == LinkBroken) {
		t.changed(NounLink, l.URL, OpPut)
	}
	return t.exec(`insert into links (url, state, status, checked, due, fails, since, said, moved) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (url) do update set state = excluded.state, status = excluded.status, checked = excluded.checked, due = excluded.due,
			fails = excluded.fails, since = excluded.since, said = excluded.said, moved = excluded.moved`, l.columns()...)
}

// DropLink forgets an address that nothing points to.
func (t *Tx) DropLink(url string) error { return t.exec("delete from links where url = ?", url) }

// LookAtLink lets an address be looked at soon: it is new, or evidence.
func (t *Tx) LookAtLink(url string) error {
	return t.exec("insert into links (url, state, due) values (?1, ?2, ?3) on conflict (url) do update set due = min(due, ?3)", url, LinkNew, stamp(t.now))
}

// NounLink is the noun of links in the list of changes.
const NounLink = "link"
