package consultation

import (
	"context"
	"errors"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// placingBatch is how many anchors are placed in one write: others wait for no
// more than that.
const placingBatch = 1000

// placingTail is how many that came since may be placed in the write that
// publishes.
const placingTail = 200

// errTail says that so many comments came meanwhile that they are placed first.
var errTail = errors.New("more comments came")

// PublishVersion makes a text of a draft public. Before that every comment that
// stands on an earlier text is placed in this one, each with a verdict, a batch
// in a write: nobody waits long for it, and when it is broken off nothing of it
// is seen and it can be done again.
func (c *Consultation) PublishVersion(ctx context.Context, by *catalog.Actor, draft string, rev int64, version string) (Draft, Version, error) {
	return c.PublishVersionWith(ctx, by, draft, rev, version, func(*catalog.Tx, *Draft) error { return nil })
}

// PublishVersionWith is PublishVersion with something more that is done in the
// write that makes the text public.
func (c *Consultation) PublishVersionWith(ctx context.Context, by *catalog.Actor, draft string, rev int64, version string, more func(*catalog.Tx, *Draft) error) (d Draft, v Version, err error) {
	check := func(tx *catalog.Tx) error {
		if d, err = at(tx, by, catalog.Publish, draft, rev); err != nil {
			return err
		}
		if v, err = waiting(tx, &d, version); err != nil {
			return err
		}
		return publishable(tx, &d, &v)
	}
	if err := c.store.Write(ctx, check); err != nil {
		return d, v, err
	}
	rev = d.Revision // what is placed is this text
	p, err := c.newPlacing(ctx, &v)
	if err != nil {
		return d, v, err
	}
	for {
		if err := p.all(ctx); err != nil {
			return d, v, err
		}
		err = c.store.Write(ctx, func(tx *catalog.Tx) error {
			if err := check(tx); err != nil {
				return err
			}
			if err := p.tail(tx); err != nil {
				return err
			}
			if d, err = publishPlaced(tx, by, &d, &v); err != nil {
				return err
			}
			return more(tx, &d)
		})
		if !errors.Is(err, errTail) {
			return d, v, err
		}
	}
}

// publishable refuses a text that cannot be published now.
func publishable(tx *catalog.Tx, d *Draft, v *Version) error {
	if err := d.undecided(); err != nil {
		return err
	}
	if v.Kind == Final && d.Stage(tx.Now()) == Open {
		return &catalog.ConflictError{Code: "draft.open", Reason: "people can still comment: the approved text comes when the period is over"}
	}
	if !d.Visible() && v.N > 1 {
		return &catalog.ConflictError{Code: "unpublished", Reason: "the draft is not public: publish that first"}
	}
	return nil
}

// published is what the log keeps of a text that was published.
type published struct {
	versioned
	Placed map[string]int64 `json:"placed,omitempty"` // comments by verdict
}

func publishPlaced(tx *catalog.Tx, by *catalog.Actor, d *Draft, v *Version) (Draft, error) {
	if err := publishText(tx, v); err != nil {
		return *d, err
	}
	after := published{v.logged(), map[string]int64{}}
	rows, err := tx.Rows(placedOf, v.ID)
	if _, err = catalog.Collect(rows, err, func(row catalog.Row) (verdict string, err error) {
		var n int64
		err = row.Scan(&verdict, &n)
		after.Placed[verdict] = n
		return verdict, err
	}); err != nil {
		return *d, err
	}
	if d.Visible() {
		if err := alert(tx, d.ID, AlertVersion, v.ID); err != nil {
			return *d, err
		}
	}
	return did(tx, by, "version.publish", d, nil, after, "")
}

// placedOf counts, by verdict, the comments on earlier texts that were placed in
// a version.
const placedOf = "select verdict, sum(n) from place_counts where version = ? and verdict <> 'filed' group by verdict"

// A placing places the comments on earlier texts of a draft in a version.
type placing struct {
	c       *Consultation
	v       *Version
	placers map[string]*revision.Placer // by id of the earlier text; of the first one also without an id
	last    int64                       // seq of the last comment that was placed
}

func (c *Consultation) newPlacing(ctx context.Context, v *Version) (*placing, error) {
	earlier, err := c.Versions(ctx, v.Draft)
	if err != nil {
		return nil, err
	}
	p := &placing{c: c, v: v, placers: map[string]*revision.Placer{}}
	for i := range earlier {
		if earlier[i].N >= v.N {
			continue
		}
		cmp, err := c.Compare(ctx, &earlier[i], v)
		if err != nil {
			return nil, err
		}
		p.placers[earlier[i].ID] = revision.NewPlacer(cmp.A, cmp.B, cmp.Pairs)
		if i == 0 {
			p.placers[""] = p.placers[earlier[i].ID]
		}
	}
	return p, nil
}

// An anchored comment is where one stands.
type anchored struct {
	seq     int64
	version string
	anchor  revision.Anchor
}

// anchors finds the comments of a draft that stand on a provision, from one on.
const anchors = `select seq, version, address, quote, before, after from comments indexed by comments_anchored
	where draft = ? and address <> '' and seq > ? order by seq limit ?`

func scanAnchored(row catalog.Row) (a anchored, err error) {
	err = row.Scan(&a.seq, &a.version, &a.anchor.Address, &a.anchor.Quote, &a.anchor.Before, &a.anchor.After)
	return a, err
}

// all places the comments that there are, a batch in a write.
func (p *placing) all(ctx context.Context) error {
	for len(p.placers) > 0 {
		rows, err := p.c.store.Rows(ctx, anchors, p.v.Draft, p.last, placingBatch)
		batch, err := catalog.Collect(rows, err, scanAnchored)
		if err != nil {
			return catalog.Wrap("place", err)
		}
		if len(batch) == 0 {
			return nil
		}
		spots := p.place(batch)
		if err := p.c.store.Write(ctx, func(tx *catalog.Tx) error { return tx.PlaceComments(p.v.ID, spots) }); err != nil {
			return err
		}
	}
	return nil
}

// tail places those that came while the others were placed.
func (p *placing) tail(tx *catalog.Tx) error {
	if len(p.placers) == 0 {
		return nil
	}
	rows, err := tx.Rows(anchors, p.v.Draft, p.last, placingTail+1)
	batch, err := catalog.Collect(rows, err, scanAnchored)
	if err != nil {
		return err
	}
	if len(batch) > placingTail {
		return errTail
	}
	return tx.PlaceComments(p.v.ID, p.place(batch))
}

// place places comments. One whose text is not known, since its source did not
// name it, is looked for in the first one.
func (p *placing) place(batch []anchored) []catalog.Spot {
	all := make([]catalog.Spot, 0, len(batch))
	for i := range batch {
		a := &batch[i]
		p.last = a.seq
		if a.version == p.v.ID {
			continue
		}
		by := p.placers[a.version]
		if by == nil {
			continue // it stands on a later text
		}
		at := by.Place(a.anchor)
		all = append(all, catalog.Spot{Comment: a.seq, Address: at.Anchor.Address, Start: at.Start, Stop: at.End, Verdict: string(at.Verdict)})
	}
	return all
}
