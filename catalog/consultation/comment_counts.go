package consultation

import (
	"context"

	"github.com/openshafaf/shafaf/catalog"
)

// Counts are how many comments there are, replies among them. What a figure by
// kind or provenance counts was published.
type Counts struct {
	Published int64 `json:"published"`
	Removed   int64 `json:"removed,omitempty"`
	Withdrawn int64 `json:"withdrawn,omitempty"`
	Disowned  int64 `json:"disowned,omitempty"`
	Waiting   int64 `json:"waiting,omitempty"`
	Unseen    int64 `json:"unseen,omitempty"` // taken back or disowned before they were public
	Threads   int64 `json:"threads"`          // published ones that are no replies

	Support int64 `json:"support,omitempty"`
	Change  int64 `json:"change,omitempty"`
	Asks    int64 `json:"question,omitempty"`

	Anonymous    int64 `json:"anonymous,omitempty"`
	Confirmed    int64 `json:"confirmed,omitempty"`
	Organisation int64 `json:"organisation,omitempty"`
	Harvested    int64 `json:"harvested,omitempty"`
}

// Seen is how many the public knows of.
func (n *Counts) Seen() int64 { return n.Published + n.Removed + n.Withdrawn + n.Disowned }

// Received is how many came: as many as there are receipts.
func (n *Counts) Received() int64 { return n.Seen() + n.Waiting + n.Unseen }

// add counts comments of a state, kind and provenance.
func (n *Counts) add(state, kind, provenance string, reply bool, more int64) {
	switch state {
	case Removed:
		n.Removed += more
	case TakenBack:
		n.Withdrawn += more
	case NotTheirs:
		n.Disowned += more
	case Waiting:
		n.Waiting += more
	case "unseen":
		n.Unseen += more
	}
	if state != Shown {
		return
	}
	n.Published += more
	if !reply {
		n.Threads += more
	}
	switch kind {
	case Support:
		n.Support += more
	case Change:
		n.Change += more
	case Asks:
		n.Asks += more
	}
	switch provenance {
	case Anonymous:
		n.Anonymous += more
	case Confirmed:
		n.Confirmed += more
	case Organisation:
		n.Organisation += more
	case Harvested:
		n.Harvested += more
	}
}

// Counts returns how many comments a draft (its id) has, by the address that
// they stand at; empty is the draft as a whole. Who calls has seen that its
// reader may see the draft.
func (c *Consultation) Counts(ctx context.Context, draft string) (map[string]Counts, error) {
	all := map[string]Counts{}
	rows, err := c.store.Rows(ctx, "select address, state, kind, provenance, reply, n from comment_counts where draft = ?", draft)
	_, err = catalog.Collect(rows, err, countInto(all))
	return all, catalog.Wrap("comment counts", err)
}

// countInto reads a row of counts into those by address.
func countInto(all map[string]Counts) func(catalog.Row) (string, error) {
	return func(row catalog.Row) (address string, err error) {
		var state, kind, provenance string
		var reply bool
		var n int64
		err = row.Scan(&address, &state, &kind, &provenance, &reply, &n)
		at := all[address]
		at.add(state, kind, provenance, reply, n)
		all[address] = at
		return address, err
	}
}

// CommentFigures returns how many comments a draft (its id) has in all.
func (c *Consultation) CommentFigures(ctx context.Context, draft string) (sum Counts, err error) {
	rows, err := c.store.Rows(ctx, "select state, kind, provenance, reply, sum(n) from comment_counts where draft = ? group by state, kind, provenance, reply", draft)
	_, err = catalog.Collect(rows, err, func(row catalog.Row) (n int64, err error) {
		var state, kind, provenance string
		var reply bool
		err = row.Scan(&state, &kind, &provenance, &reply, &n)
		sum.add(state, kind, provenance, reply, n)
		return n, err
	})
	return sum, catalog.Wrap("comment figures", err)
}
