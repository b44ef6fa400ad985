package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// benchRows is the size of the tables; SHAFAF_BENCH_ROWS sets another.
func benchRows() int64 {
	if n, err := strconv.ParseInt(os.Getenv("SHAFAF_BENCH_ROWS"), 10, 64); err == nil {
		return n
	}
	return 300_000
}

var benchSchema = Schema{
	{Name: "id", Type: Integer},
	{Name: "year", Type: Integer},
	{Name: "units", Type: Integer},
	{Name: "amount", Type: Decimal, Scale: 2, Fixed: true},
	{Name: "rate", Type: Decimal, Float: true},
	{Name: "agency", Type: Text},
	{Name: "province", Type: Text},
	{Name: "title", Type: Text},
	{Name: "code", Type: Text},
	{Name: "note", Type: Text},
	{Name: "day", Type: Date, Layout: "iso"},
	{Name: "at", Type: DateTime, UTC: true, Layout: "iso"},
}

// benchTable is spending in 12 columns as ministries publish it, a seventh of
// the notes null. The batches are made beforehand, so that a load is measured
// without the making.
func benchTable(rows int64, batchRows int) *Table {
	r := rand.New(rand.NewPCG(7, 7))
	words := []string{"بودجه", "خرید", "نگهداری", "راه", "مدرسه", "بیمارستان", "maintenance", "of", "the", "building"}
	text := func(n int) string {
		some := make([]string, n)
		for i := range some {
			some[i] = words[r.IntN(len(words))]
		}
		return strings.Join(some, " ")
	}
	var all []Batch
	for first := int64(0); first < rows; first += int64(batchRows) {
		b := Batch{First: first, Len: int(min(int64(batchRows), rows-first)), Columns: make([]Vector, len(benchSchema))}
		for c := range benchSchema {
			b.Columns[c].Reset(&benchSchema[c], b.Len)
		}
		for row := range b.Len {
			v := b.Columns
			v[0].Int[row], v[1].Int[row], v[2].Int[row] = first+int64(row), 1390+int64(r.IntN(15)), int64(r.IntN(1000))
			v[3].Int[row], v[4].Float[row] = int64(r.IntN(1_000_000_000)), r.Float64()
			v[5].Text[row], v[6].Text[row] = fmt.Sprintf("سازمان %d", r.IntN(60)), fmt.Sprintf("استان %d", r.IntN(31))
			v[7].Text[row], v[8].Text[row] = text(7), fmt.Sprintf("%08d", r.IntN(50_000))
			v[9].Null[row], v[9].Text[row] = r.IntN(7) == 0, text(4)
			v[10].Int[row], v[11].Int[row] = 15_000+int64(r.IntN(5000)), int64(r.IntN(1<<50))
		}
		all = append(all, b)
	}
	return &Table{Schema: benchSchema, Rows: rows, Scan: func(int64, int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			for i := range all {
				if !yield(&all[i], nil) {
					return
				}
			}
		}
	}}
}

// cpuTime is the processor time of this process: on a busy machine it tells more
// than the time of day.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// rate reports rows a second and processor time a row since cpu was taken.
func rate(b *testing.B, rows int64, cpu time.Duration) {
	b.Helper()
	all := float64(rows) * float64(b.N)
	b.ReportMetric(all/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(cpuTime(b)-cpu)/all, "cpu-ns/row")
}

func BenchmarkPutRows(b *testing.B) {
	for _, batchRows := range []int{256, BatchRows, 4096} {
		b.Run(fmt.Sprintf("batch=%d", batchRows), func(b *testing.B) {
			table := benchTable(benchRows(), batchRows)
			f := openFiles(b)
			cpu := cpuTime(b)
			for b.Loop() {
				if _, err := f.PutRows(b.Context(), table, nil); err != nil {
					b.Fatal(err)
				}
			}
			rate(b, table.Rows, cpu)
		})
	}
	b.Run("digest alone", func(b *testing.B) {
		table := benchTable(benchRows(), BatchRows)
		cpu := cpuTime(b)
		for b.Loop() {
			d := newTableDigest(table.Schema, nil)
			for batch := range table.Scan(0, -1) {
				d.add(batch)
			}
			d.hex()
		}
		rate(b, table.Rows, cpu)
	})
	b.Run("profile alone", func(b *testing.B) {
		table := benchTable(benchRows(), BatchRows)
		cpu := cpuTime(b)
		for b.Loop() {
			p := newProfiler(table.Schema, nil, limitsFor(len(table.Schema)))
			for batch := range table.Scan(0, -1) {
				p.begin(batch)
				p.addColumns(batch, 0, 1)
			}
		}
		rate(b, table.Rows, cpu)
	})
	b.Run("insert alone", func(b *testing.B) {
		table := benchTable(benchRows(), BatchRows)
		cpu := cpuTime(b)
		for b.Loop() {
			l, err := newLoader(b.TempDir()+"/rows.db", table.Schema, nil)
			if err != nil {
				b.Fatal(err)
			}
			for batch := range table.Scan(0, -1) {
				if err := l.writer.add(batch); err != nil {
					b.Fatal(err)
				}
			}
			if err := l.endRows(); err != nil {
				b.Fatal(err)
			}
			l.close()
		}
		rate(b, table.Rows, cpu)
	})
}

func BenchmarkScan(b *testing.B) {
	r := load(b, openFiles(b), benchTable(benchRows(), BatchRows))
	cpu := cpuTime(b)
	for b.Loop() {
		rows := int64(0)
		for batch, err := range r.Table().Scan(0, -1) {
			if err != nil {
				b.Fatal(err)
			}
			rows += int64(batch.Len)
		}
		if rows != r.Len() {
			b.Fatal(rows)
		}
	}
	rate(b, r.Len(), cpu)
}

func BenchmarkPage(b *testing.B) {
	f := openFiles(b)
	r := load(b, f, benchTable(benchRows(), BatchRows))
	deep := func(q RowQuery) RowQuery { // the cursor in the middle of the table
		p, err := q.plan(r.Schema())
		if err != nil {
			b.Fatal(err)
		}
		q.After = f.Signer.encode(cursor{table: r.Digest(), query: p.orderKey(), row: r.Len() / 2})
		return q
	}
	for _, c := range []struct {
		name string
		q    RowQuery
	}{
		{"first", RowQuery{}},
		{"deep", deep(RowQuery{})},
		{"filter number", RowQuery{Filters: []Filter{{"year", Equal, []string{"1399"}}}}},
		{"filter contains", RowQuery{Filters: []Filter{{"title", Contains, []string{"بيمارستان"}}}}},
		{"filter contains none", RowQuery{Filters: []Filter{{"title", Contains, []string{"zzz"}}}}},
	} {
		b.Run(c.name, func(b *testing.B) { benchPage(b, r, c.q) })
	}
	for _, column := range []string{"amount", "province", "title"} {
		q := deep(RowQuery{Sort: []Sort{{column, true}}})
		i := r.Schema().Index(column)
		b.Run("build column "+column, func(b *testing.B) {
			for b.Loop() {
				if _, err := r.buildColumns(b.Context(), []int{i}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("load column "+column, func(b *testing.B) {
			if _, err := r.columns(b.Context(), []int{i}); err != nil {
				b.Fatal(err)
			}
			f.builds.running.Wait() // its file is written
			for b.Loop() {
				if r.loadColumn(i) == nil {
					b.Fatal("there is no column file")
				}
			}
		})
		b.Run("sorted by "+column+" deep", func(b *testing.B) { benchPage(b, r, q) })
	}
}

func benchPage(b *testing.B, r *RowFile, q RowQuery) {
	b.Helper()
	for b.Loop() {
		if _, err := r.Page(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
}
