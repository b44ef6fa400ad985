package datasets

import (
	"container/list"
	"crypto/sha256"
	"strconv"
	"sync"
)

// memoryBytes is how much of columns, sets of rows and groups is held in memory
// for the next query, of all tables together: three columns of ten million rows
// and what is found in them, on a machine that has a gigabyte or more. What does
// not fit is read again from the column files.
const memoryBytes = 256 << 20

// A memory keeps what was computed of tables, which never change, and forgets
// what was not used for the longest time. Its zero value is ready.
type memory struct {
	mu    sync.Mutex
	known map[memoryKey]*list.Element
	order list.List // of memorized, the least recently used first
	bytes int64
}

type memoryKey [sha256.Size]byte

type memorized struct {
	key   memoryKey
	value any
	bytes int64
}

// keyOf names a thing of a table.
func keyOf(table, kind, name string) memoryKey {
	return sha256.Sum256([]byte(kind + "\x00" + table + "\x00" + name))
}

// figureBytes is about what a figure of a column takes: some values and numbers.
const figureBytes = 2 << 10

// remembered returns the figure of a column in the rows that the filters of p
// take as it was found before, or finds it. Nobody changes what it returns.
func remembered[T any](r *RowFile, p *plan, figure string, column int, find func() (T, error)) (T, error) {
	key := keyOf(r.digest, figure, strconv.Itoa(column)+"\x00"+p.filterKey())
	if known, ok := r.files.memory.get(key).(T); ok {
		return known, nil
	}
	found, err := find()
	if err == nil {
		r.files.memory.put(key, found, figureBytes)
	}
	return found, err
}

// get returns what was put under the key.
func (m *memory) get(k memoryKey) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.known[k]
	if e == nil {
		return nil
	}
	m.order.MoveToBack(e)
	item, _ := e.Value.(memorized)
	return item.value
}

// put keeps a value that takes so many bytes.
func (m *memory) put(k memoryKey, value any, bytes int64) {
	const entry = 512 // of the value's own place
	bytes += entry
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[memoryKey]*list.Element{}
	}
	if m.known[k] != nil {
		return
	}
	m.known[k] = m.order.PushBack(memorized{k, value, bytes})
	m.bytes += bytes
	for m.bytes > memoryBytes && m.order.Len() > 0 {
		if old, ok := m.order.Remove(m.order.Front()).(memorized); ok {
			delete(m.known, old.key)
			m.bytes -= old.bytes
		}
	}
}
