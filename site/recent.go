package site

import (
	"container/list"
	"sync"
)

// A recent remembers what was asked for last, within a number of bytes. Its zero
// value remembers nothing.
type recent[V any] struct {
	most int // bytes

	mu    sync.Mutex
	byKey map[string]*list.Element
	order list.List // of remembered[V], the least recently used first
	size  int
}

type remembered[V any] struct {
	key   string
	value V
	size  int
}

// get returns what was put under the key last.
func (k *recent[V]) get(key string) (value V, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e := k.byKey[key]
	if e == nil {
		return value, false
	}
	k.order.MoveToBack(e)
	kept, ok := e.Value.(remembered[V])
	return kept.value, ok
}

// put remembers value, which takes size bytes, in place of what was there.
func (k *recent[V]) put(key string, value V, size int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey == nil {
		k.byKey = map[string]*list.Element{}
	}
	if e := k.byKey[key]; e != nil {
		k.drop(e)
	}
	if size > k.most/4 {
		return
	}
	k.byKey[key] = k.order.PushBack(remembered[V]{key, value, size})
	for k.size += size; k.size > k.most; {
		k.drop(k.order.Front())
	}
}

// forget drops what was put under the key.
func (k *recent[V]) forget(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.byKey[key]; e != nil {
		k.drop(e)
	}
}

// clear drops everything.
func (k *recent[V]) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byKey, k.size = nil, 0
	k.order.Init()
}

func (k *recent[V]) drop(e *list.Element) {
	if old, ok := k.order.Remove(e).(remembered[V]); ok {
		k.size -= old.size
		delete(k.byKey, old.key)
	}
}
