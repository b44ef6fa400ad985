package revision

import "slices"

// A matching pairs pieces of two lists, each at most once.
type matching struct {
	a, b   []piece
	ab, ba []int // partners, -1 without
}

func newMatching(a, b []piece) *matching {
	m := &matching{a, b, make([]int, len(a)), make([]int, len(b))}
	for i := range m.ab {
		m.ab[i] = -1
	}
	for j := range m.ba {
		m.ba[j] = -1
	}
	return m
}

func (m *matching) pair(i, j int) { m.ab[i], m.ba[j] = j, i }

// pairSame pairs two pieces that have the same words and no partner yet.
func (m *matching) pairSame(i, j int) bool {
	if m.ab[i] >= 0 || m.ba[j] >= 0 || m.a[i].hash != m.b[j].hash || !slices.Equal(m.a[i].words, m.b[j].words) {
		return false
	}
	m.pair(i, j)
	return true
}

// exact pairs the pieces with the same words: those that are in each list once,
// then their like neighbours (Heckel 1978), then those with the same key, then
// the others in their order.
func (m *matching) exact() {
	inA, inB := places(m.a), places(m.b)
	for hash, list := range inA {
		if other := inB[hash]; len(list) == 1 && len(other) == 1 {
			m.pairSame(list[0], other[0])
		}
	}
	for i := 1; i < len(m.a); i++ {
		if j := m.ab[i-1] + 1; j > 0 && j < len(m.b) {
			m.pairSame(i, j)
		}
	}
	for i := len(m.a) - 2; i >= 0; i-- {
		if j := m.ab[i+1] - 1; j >= 0 {
			m.pairSame(i, j)
		}
	}
	keys := make(map[string]int, len(m.b))
	for j := range m.b {
		keys[m.b[j].key] = j
	}
	for i := range m.a {
		if j, ok := keys[m.a[i].key]; ok {
			m.pairSame(i, j)
		}
	}
	for i := range m.a {
		if m.ab[i] >= 0 {
			continue
		}
		list := inB[m.a[i].hash]
		for len(list) > 0 && !m.pairSame(i, list[0]) {
			if m.ba[list[0]] < 0 {
				break // a hash that two texts share
			}
			list = list[1:]
		}
		inB[m.a[i].hash] = list
	}
}

// places returns where each hash stands.
func places(list []piece) map[uint64][]int {
	at := make(map[uint64][]int, len(list))
	for i := range list {
		at[list[i].hash] = append(at[list[i].hash], i)
	}
	return at
}

// beside returns the pieces of b that stand where the neighbours of a piece of a
// lead to.
func (m *matching) beside(i int) []int {
	var list []int
	if i > 0 {
		if j := m.ab[i-1] + 1; j > 0 && j < len(m.b) && m.ba[j] < 0 {
			list = append(list, j)
		}
	}
	if i+1 < len(m.a) {
		if j := m.ab[i+1] - 1; j >= 0 && m.ba[j] < 0 {
			list = append(list, j)
		}
	}
	return list
}
