package site

import (
	"context"
	"sync"

	"github.com/openshafaf/shafaf/catalog"
)

// A cached holds what was read of the catalogue until things of some nouns
// change.
type cached[T any] struct {
	mu    sync.Mutex
	seq   int64
	valid bool
	value T
}

// get returns what read finds now.
func (k *cached[T]) get(ctx context.Context, store *catalog.Store, read func(context.Context) (T, error), nouns ...string) (T, error) {
	seq, err := store.LastSeqOf(ctx, nouns...)
	if err != nil {
		var none T
		return none, err
	}
	k.mu.Lock() // who comes while it is read waits for it
	defer k.mu.Unlock()
	if k.valid && k.seq == seq {
		return k.value, nil
	}
	value, err := read(ctx)
	if err == nil {
		k.value, k.seq, k.valid = value, seq, true
	}
	return value, err
}
