package consultation

import (
	"context"
	"slices"
	"strings"

	"github.com/openshafaf/shafaf/catalog"
)

// MinTally is the least number of people that a figure of the tallies stands
// for: smaller ones could tell who somebody is.
const MinTally = 10

// tally counts what people said of themselves when they commented. Nothing
// links it to the comment.
func (f *Filing) tally(tx *catalog.Tx) error {
	for _, t := range [][2]string{{"gender", f.Gender}, {"group", f.Group}} {
		if err := tx.Exec(`insert into tallies (draft, field, value, n) values (?, ?, ?, 1)
			on conflict (draft, field, value) do update set n = n + 1`, f.Draft, t[0], t[1]); err != nil {
			return err
		}
	}
	return nil
}

// A Tally is how many of those who commented said one thing of themselves.
type Tally struct {
	Field string `json:"field"` // gender or group
	Value string `json:"value"` // empty: did not say
	N     int64  `json:"n"`     // 0 with Few
	Few   bool   `json:"few,omitempty"`
}

// Tallies returns what those who commented said of themselves when they did.
// Figures below MinTally are kept back, and where one could be told from the sum
// the next larger one too. There are none before the draft is approved: who
// looked before and after a comment, or a period that was opened again, would
// know from the difference what a few people said. Published once, they have none.
func (c *Consultation) Tallies(ctx context.Context, draft string) ([]Tally, error) {
	d, err := c.Draft(ctx, draft)
	if err != nil || d.Decided != Approved {
		return nil, err
	}
	rows, err := c.store.Rows(ctx, "select field, value, n from tallies where draft = ? order by field, n desc, value", d.ID)
	all, err := catalog.Collect(rows, err, func(row catalog.Row) (t Tally, err error) {
		err = row.Scan(&t.Field, &t.Value, &t.N)
		return t, err
	})
	if err != nil {
		return nil, catalog.Wrap("tallies", err)
	}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].Field == all[from].Field {
			to++
		}
		suppress(all[from:to])
		from = to
	}
	return all, nil
}

// suppress keeps small figures of one field back, which stand from the largest
// to the smallest.
func suppress(all []Tally) {
	var hidden int64
	for i := range slices.Backward(all) {
		if t := &all[i]; t.N < MinTally || hidden > 0 && hidden < MinTally {
			hidden += t.N
			t.N, t.Few = 0, true
		}
	}
	slices.SortStableFunc(all, func(a, b Tally) int { // those kept back in an order that tells nothing
		switch {
		case a.Few && b.Few:
			return strings.Compare(a.Value, b.Value)
		case a.Few:
			return 1
		case b.Few:
			return -1
		}
		return 0
	})
}
