package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// A Foresight is what would become of the comments on earlier texts if a text
// were published as it is.
type Foresight struct {
	Verdicts map[string]int64 // comments, by verdict
	Lost     []Placing        // those of which something is not there any more, the first ones
	All      int64
	Cut      bool // there are more comments than were looked at
}

// A Placing is where a comment would come to stand.
type Placing struct {
	Comment string // id
	From    string // address in the text that it was filed on
	To      string // address in the new text; empty: nothing is left that held it
	Verdict string // changed or removed
}

// Bounds of what is foreseen.
const (
	foreseen     = 100_000 // comments
	foreseenLost = 50      // of these, listed
)

// Foresee places the comments on earlier texts of a draft in a text that waits,
// as PublishVersion would, and writes nothing. It is for who may see what is not
// public.
func (c *Consultation) Foresee(ctx context.Context, by *catalog.Actor, draft string, v *Version) (Foresight, error) {
	f := Foresight{Verdicts: map[string]int64{}}
	if _, err := c.DeskDraft(ctx, by, draft); err != nil {
		return f, err
	}
	p, err := c.newPlacing(ctx, v)
	if err != nil || len(p.placers) == 0 {
		return f, err
	}
	for f.All < foreseen {
		rows, err := c.store.Rows(ctx, anchors, v.Draft, p.last, placingBatch)
		batch, err := catalog.Collect(rows, err, scanAnchored)
		if err != nil {
			return f, catalog.Wrap("foresee", err)
		}
		if len(batch) == 0 {
			return f, nil
		}
		if err := c.foresee(ctx, &f, batch, p.place(batch)); err != nil {
			return f, catalog.Wrap("foresee", err)
		}
	}
	f.Cut = true
	return f, nil
}

// foresee adds what becomes of a batch.
func (c *Consultation) foresee(ctx context.Context, f *Foresight, batch []anchored, spots []catalog.Spot) error {
	from := map[int64]string{}
	for i := range batch {
		from[batch[i].seq] = batch[i].anchor.Address
	}
	for i := range spots {
		s := &spots[i]
		f.All++
		f.Verdicts[s.Verdict]++
		lost := s.Verdict == string(revision.VerdictRemoved) || s.Verdict == string(revision.VerdictChanged)
		if !lost || len(f.Lost) == foreseenLost {
			continue
		}
		one := Placing{From: from[s.Comment], To: s.Address, Verdict: s.Verdict}
		if err := c.store.Row(ctx, "select id from comments where seq = ?", s.Comment).Scan(&one.Comment); err != nil {
			return err
		}
		f.Lost = append(f.Lost, one)
	}
	return nil
}
