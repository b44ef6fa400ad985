package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// publishWithin is how far ahead something may be scheduled.
const publishWithin = 5 * 366 * 24 * time.Hour

// Publish makes a dataset and all that waits in it public: at once when at is
// zero, else at that time, by the server's clock. What was retired by hand is
// published again.
func (t *Tx) Publish(by *Actor, key string, revision int64, at time.Time) (DeskDataset, error) {
	d, err := t.at(by, Publish, key, revision)
	if err != nil {
		return d, err
	}
	if !at.IsZero() {
		at = at.UTC().Truncate(time.Second)
		if !at.After(t.now) {
			return d, &InvalidError{"at", fmt.Sprintf("it is past already: it is %s now; leave it out to publish at once", t.now.Format(time.RFC3339))}
		}
		if at.Sub(t.now) > publishWithin {
			return d, &InvalidError{"at", "it is more than five years ahead"}
		}
	}
	if err := t.publishable(&d); err != nil {
		return d, err
	}
	if at.IsZero() {
		return t.publish(by, &d, "")
	}
	if d.State == Retired {
		return d, &ConflictError{"retired", "it is retired: it is published again at once or not at all"}
	}
	state := d.State
	if d.New() {
		state = Scheduled
	}
	if err := t.exec("update datasets set publish_at = ?, state = ? where id = ?", stamp(at), state, d.ID); err != nil {
		return d, err
	}
	return t.did(by, "schedule", &d, nil, struct {
		At time.Time `json:"at"`
	}{at}, "")
}

// publishable says what keeps d from being published.
func (t *Tx) publishable(d *DeskDataset) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if d.Public() && d.Waiting == 0 {
		return &ConflictError{"published", "it is public, and nothing waits to be"}
	}
	var n int
	if err := t.row("select count(*) from resources where dataset = ? and state <> 'retired'", d.ID).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return &InvalidError{"resources", "it has no file yet: add one first"}
	}
	return nil
}

// publish makes d public as it waits.
func (t *Tx) publish(by *Actor, d *DeskDataset, note string) (DeskDataset, error) {
	rows, err := t.query(pendingOf, d.ID)
	waiting, err := collect(rows, err, scanPending)
	if err != nil {
		return *d, err
	}
	was := d.State
	if d.State == Retired {
		if err := t.returned(NounDataset, d.ID); err != nil {
			return *d, err
		}
	}
	if d.New() {
		if d.Slug, err = t.freeSlug("datasets", slugFor(d.Title, NounDataset, d.ID)); err != nil {
			return *d, err
		}
	}
	d.State = Published
	if err := t.PutDataset(&d.Dataset); err != nil {
		return *d, err
	}
	if err := t.exec("update datasets set slug = ?, publish_at = '' where id = ?", d.Slug, d.ID); err != nil {
		return *d, err
	}
	files := map[string]string{}
	for i := range waiting {
		if err := t.publishFile(&waiting[i]); err != nil {
			return *d, err
		}
		files[waiting[i].Resource] = waiting[i].File.Digest
	}
	if len(waiting) > 0 {
		if err := t.mailFaults(by, d); err != nil {
			return *d, err
		}
	}
	return t.did(by, "publish", d, struct {
		State string `json:"state"`
	}{was}, struct {
		State string            `json:"state"`
		Slug  string            `json:"slug"`
		Files map[string]string `json:"files,omitempty"` // by id of the resource
	}{Published, d.Slug, files}, note)
}

// publishFile makes a file that waited the current edition of its resource.
func (t *Tx) publishFile(p *Pending) error {
	var position int
	r, err := scanResource(t.row("select "+resourceColumns+", r.position from resources r where r.id = ?", p.Resource), &position)
	if err != nil {
		return err
	}
	tookFile(&r, p.File, &p.Imported)
	r.State, r.Fetched = Published, t.now
	if err := t.PutResource(&r, position); err != nil {
		return err
	}
	if err := t.PutImported(&r, position, p.File, &p.Imported); err != nil {
		return err
	}
	return t.exec("delete from pending where resource = ?", p.Resource)
}

// SeeFaults notes that somebody who edits the dataset has seen the faults in its
// public rows: they wait at the desk no longer.
func (t *Tx) SeeFaults(by *Actor, key string, revision int64) (DeskDataset, error) {
	d, err := t.at(by, Edit, key, revision)
	if err != nil {
		return d, err
	}
	if d.Faults == 0 {
		return d, &ConflictError{"seen", "nothing of it waits to be seen"}
	}
	if err := t.exec("update datasets set faults_seen = ? where id = ?", stamp(t.now), d.ID); err != nil {
		return d, err
	}
	return t.did(by, "seen", &d, nil, struct {
		Faults int64 `json:"faults"`
	}{d.Faults}, "")
}

// Unschedule takes back that a dataset is published at a time.
func (t *Tx) Unschedule(by *Actor, key string, revision int64) (DeskDataset, error) {
	d, err := t.at(by, Publish, key, revision)
	if err != nil {
		return d, err
	}
	if d.PublishAt.IsZero() {
		return d, &ConflictError{"unscheduled", "nothing of it is to be published at a time"}
	}
	if err := t.exec("update datasets set publish_at = '', state = iif(state = 'scheduled', 'draft', state) where id = ?", d.ID); err != nil {
		return d, err
	}
	return t.did(by, "unschedule", &d, struct {
		At time.Time `json:"at"`
	}{d.PublishAt}, nil, "")
}

// Retire takes a dataset from the public, for a reason that stands in the
// ledger. Its editions stay.
func (t *Tx) Retire(by *Actor, key string, revision int64, reason string) (DeskDataset, error) {
	d, err := t.at(by, Publish, key, revision)
	if err != nil {
		return d, err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return d, &InvalidError{"reason", "say why; the ledger shows it to everybody"}
	}
	if !d.Public() {
		return d, &ConflictError{"unpublished", "it is not public"}
	}
	r := Removal{Noun: NounDataset, Thing: d.ID, Slug: d.Slug, Title: d.Title, Agency: d.Agency, Kind: RemovedDeleted, Reason: reason, Identifier: d.Identifier}
	if err := t.retire(&r, Retired, recordRetired); err != nil {
		return d, err
	}
	return t.did(by, "retire", &d, struct {
		State string `json:"state"`
	}{Published}, struct {
		State string `json:"state"`
	}{Retired}, reason)
}

// schedule is who publishes what is due.
var schedule = Actor{Name: "schedule"}

// PublishDue publishes what is to be public by now. It returns the datasets,
// and for each that could not be published why; those are drafts again.
func (s *Store) PublishDue(ctx context.Context) (done []DeskDataset, faults map[string]error, err error) {
	rows, err := s.query(ctx, "select id from datasets where publish_at <> '' and publish_at <= ? order by publish_at, id limit 100", stamp(s.Now()))
	ids, err := collect(rows, err, scanID)
	if err != nil {
		return nil, nil, wrap("publish due", err)
	}
	faults = map[string]error{}
	for _, id := range ids {
		d, err := s.publishDue(ctx, id)
		if err != nil {
			if ctx.Err() != nil || Lost(err) || noRoom(err) {
				return done, faults, err
			}
			faults[id] = err
			if err := s.Write(ctx, func(t *Tx) error { return t.notDue(id, err) }); err != nil {
				return done, faults, err
			}
			continue
		}
		if d.ID != "" {
			done = append(done, d)
		}
	}
	return done, faults, nil
}

func (s *Store) publishDue(ctx context.Context, id string) (d DeskDataset, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		due, err := scanDesk(t.row("select "+deskColumns+" from datasets d where d.id = ?", id))
		if err != nil || due.PublishAt.IsZero() || due.PublishAt.After(t.now) || due.State != Scheduled && !due.Public() {
			return err // somebody else was quicker
		}
		if err := t.publishable(&due); err != nil {
			return err
		}
		d, err = t.publish(&schedule, &due, "it was due at "+due.PublishAt.Format(time.RFC3339))
		return err
	})
	return d, err
}

// notDue takes back that a dataset is published at a time, since it cannot be.
func (t *Tx) notDue(id string, why error) error {
	d, err := scanDesk(t.row("select "+deskColumns+" from datasets d where d.id = ?", id))
	if err != nil {
		return err
	}
	if err := t.exec("update datasets set publish_at = '', state = iif(state = 'scheduled', 'draft', state) where id = ?", id); err != nil {
		return err
	}
	if err := t.mailUndue(&d, why); err != nil {
		return err
	}
	_, err = t.did(&schedule, "unschedule", &d, nil, nil, why.Error())
	return err
}

// NextDue returns when something is to be published next; zero when nothing is.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := s.row(ctx, "select coalesce(min(publish_at), '') from datasets where publish_at <> ''").Scan(asTime(&at))
	return at, wrap("next due", err)
}
