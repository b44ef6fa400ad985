package consultation

import (
	"context"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
	"github.com/openshafaf/shafaf/catalog/consultation/revision"
)

// A Comparison is what differs between two texts.
type Comparison struct {
	A, B  []lawtext.Provision
	Pairs []revision.Pair
}

// comparisons are those that were asked for last: texts that were published do
// not change.
type comparisons struct {
	mu   sync.Mutex
	all  map[[2]string]*Comparison
	keys [][2]string
}

const comparisonsKept = 32

// Compare compares two texts (ids of versions). Of two that are published the
// comparison is kept for the next who asks.
func (c *Consultation) Compare(ctx context.Context, a, b *Version) (*Comparison, error) {
	key := [2]string{a.ID, b.ID}
	keep := a.State == catalog.Published && b.State == catalog.Published
	if cmp := c.compared.get(key); cmp != nil && keep {
		return cmp, nil
	}
	var cmp Comparison
	var err error
	if cmp.A, err = c.Provisions(ctx, a.ID); err != nil {
		return nil, err
	}
	if cmp.B, err = c.Provisions(ctx, b.ID); err != nil {
		return nil, err
	}
	cmp.Pairs = revision.Compare(cmp.A, cmp.B)
	if keep {
		c.compared.put(key, &cmp)
	}
	return &cmp, nil
}

func (k *comparisons) get(key [2]string) *Comparison {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all[key]
}

func (k *comparisons) put(key [2]string, cmp *Comparison) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil {
		k.all = map[[2]string]*Comparison{}
	}
	if k.all[key] == nil {
		if k.keys = append(k.keys, key); len(k.keys) > comparisonsKept {
			delete(k.all, k.keys[0])
			k.keys = k.keys[1:]
		}
	}
	k.all[key] = cmp
}
