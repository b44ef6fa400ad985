package datasets

import (
	"testing"
)

// BenchmarkQuery measures what people ask of a large table: cold, when columns
// must be built of the row file, and warm.
func BenchmarkQuery(b *testing.B) {
	f := openFiles(b)
	r := load(b, f, benchTable(benchRows(), BatchRows))
	for _, c := range []struct{ name, query string }{
		{"group by two", "_group=agency,year&_sum=amount&_count=1"},
		{"group by two, filtered", "_group=agency,year&_sum=amount&_count=1&title__contains=بيمارستان"},
		{"group by number", "_group=units&_avg=rate"},
		{"group by month", "_group=at__jmonth&_sum=amount&_max=rate"},
		{"group by many", "_group=code,province&_count=1"},
		{"sort", "_sort=-amount"},
		{"filter and sort", "province=استان 7&_sort=-amount"},
		{"sort by text", "_sort=province,-amount"},
		{"range", "amount__gt=5000000&_sort=day"},
	} {
		q, err := ParseRowQuery(r.Schema(), parseQuery(b, c.query))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name+", cold", func(b *testing.B) {
			for b.Loop() {
				f.memory = memory{}
				if _, err := r.Page(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+", columns in memory", func(b *testing.B) {
			for b.Loop() {
				f.memory.forgetResults()
				if _, err := r.Page(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+", again", func(b *testing.B) { benchPage(b, r, q) })
	}
}

// forgetResults keeps the columns only.
func (m *memory) forgetResults() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for e := m.order.Front(); e != nil; {
		next := e.Next()
		if item, ok := e.Value.(memorized); ok {
			if _, ok := item.value.(*column); !ok {
				m.order.Remove(e)
				delete(m.known, item.key)
				m.bytes -= item.bytes
			}
		}
		e = next
	}
}
