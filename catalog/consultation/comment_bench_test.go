package consultation

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// crowded is a catalogue with an open draft of 200 articles.
func crowded(tb testing.TB, dir string) (*Consultation, Draft) {
	tb.Helper()
	s, err := catalog.Open(tb.Context(), dir, catalog.Options{Now: time.Now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	var d Draft
	a := catalog.Agency{Title: catalog.Text{"en": "Roads"}}
	if err := s.Write(tb.Context(), func(tx *catalog.Tx) error {
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		if d, err = CreateDraft(tx, &catalog.Shell, Draft{Agency: a.ID, Title: a.Title, Moderation: PublishFirst}); err != nil {
			return err
		}
		if d, _, err = AddVersion(tx, &catalog.Shell, d.ID, 0, &Wording{Law: law(upTo(200)...)}); err != nil {
			return err
		}
		if d, err = PublishDraft(tx, &catalog.Shell, d.ID, 0); err != nil {
			return err
		}
		d, _, err = AddPeriod(tx, &catalog.Shell, d.ID, 0, PeriodWish{Kind: Opened, Closes: tx.Now().Add(30 * day), Basis: "Bylaw 7"})
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	return New(s), d
}

// benchWords are what generated comments are made of.
var benchWords = strings.Fields(`راه جاده استان شورا گزارش سال بودجه تعمیر ایمنی پل تونل آسفالت شهرداری روستا حمل نقل مسافر باربری
	عوارض قانون ماده تبصره پیشنهاد مخالف موافق باید نباید کمتر بیشتر زمستان برف چراغ علائم پلیس راننده مدرسه بیمارستان محیط زیست`)

// generated is the i-th comment of a crowd: one in five is a letter that others
// sent too, with words of their own.
func generated(d *Draft, i int) Filing {
	rnd := rand.New(rand.NewPCG(uint64(i), 7)) //nolint:gosec // the same each time
	words := make([]string, 0, 60)
	if i%5 == 0 {
		letter := rand.New(rand.NewPCG(uint64(i/5%97), 11)) //nolint:gosec // likewise
		for range 40 {
			words = append(words, benchWords[letter.IntN(len(benchWords))])
		}
	}
	for range 10 + rnd.IntN(20) {
		words = append(words, benchWords[rnd.IntN(len(benchWords))])
	}
	f := says(d, strconv.Itoa(i), strings.Join(words, " "))
	f.Kind, f.Lang = CommentKinds[rnd.IntN(3)], "fa"
	if i%10 > 0 {
		f.Address = fmt.Sprintf("art_%d", min(1+int(rnd.ExpFloat64()*30), 200))
	}
	return f
}

// BenchmarkFile takes comments in that 64 people send at once, each of which is
// on disk when it is acknowledged.
func BenchmarkFile(b *testing.B) {
	c, d := crowded(b, b.TempDir())
	before := c.store.WriterStats()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		wg.Go(func() {
			for {
				i := int(next.Add(1))
				if i > b.N {
					return
				}
				f := generated(&d, i)
				if err := c.store.Write(b.Context(), func(tx *catalog.Tx) error { _, _, err := File(tx, &f); return err }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	after := c.store.WriterStats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "comments/s")
	b.ReportMetric(float64(after.Commits-before.Commits)/b.Elapsed().Seconds(), "commits/s")
}

// crowd is how many comments the benchmarks of reading have:
// SHAFAF_BENCH_COMMENTS, or few.
func crowd() int {
	if n, err := strconv.Atoi(os.Getenv("SHAFAF_BENCH_COMMENTS")); err == nil {
		return n
	}
	return 10_000
}

// filled is a draft with a crowd of comments, in SHAFAF_BENCH_DIR when that is
// set, where the next benchmark finds it again.
func filled(b *testing.B, n int) (*Consultation, Draft) {
	b.Helper()
	dir := os.Getenv("SHAFAF_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	if s, err := catalog.Open(b.Context(), dir, catalog.Options{Now: time.Now}); err == nil {
		c := New(s)
		if all, _, err := c.Drafts(b.Context(), DraftFilter{}); err == nil && len(all) == 1 {
			b.Cleanup(func() { s.Close() })
			return c, all[0]
		}
		s.Close()
	}
	c, d := crowded(b, dir)
	start := time.Now()
	for i := 0; i < n; i += 1000 {
		if err := c.store.Write(b.Context(), func(tx *catalog.Tx) error {
			for k := i; k < min(i+1000, n); k++ {
				f := generated(&d, k)
				if _, _, err := File(tx, &f); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d comments came in %v", n, time.Since(start).Round(time.Second))
	return c, d
}

// BenchmarkPage reads what a page of a draft with a crowd of comments shows:
// counts by article, the newest comments of some articles, pages of lists.
func BenchmarkPage(b *testing.B) {
	c, d := filled(b, crowd())
	_, total, err := c.Comments(b.Context(), CommentFilter{Draft: d.ID, Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	for name, f := range map[string]CommentFilter{
		"draft":      {Newest: true},
		"article":    {Address: "art_3"},
		"kind":       {Kind: Asks},
		"provenance": {Provenance: Anonymous, Newest: true},
		"rare":       {Provenance: Confirmed},
	} {
		f.Draft, f.Limit = d.ID, 50
		b.Run(name, func(b *testing.B) {
			measured(b, func() error {
				if total > 0 {
					f.After = rand.Int64N(total) + 1 //nolint:gosec // any page
				}
				_, _, err := c.Comments(b.Context(), f)
				return err
			})
		})
	}
	b.Run("counts", func(b *testing.B) { measured(b, func() error { _, err := c.Counts(b.Context(), d.ID); return err }) })
}

// measured reports how long do takes.
func measured(b *testing.B, do func() error) {
	b.Helper()
	var all []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkTable reads the whole table of comments.
func BenchmarkTable(b *testing.B) {
	c, d := filled(b, crowd())
	var rows int64
	for b.Loop() {
		table, err := c.Table(b.Context(), d.ID, TableComments)
		if err != nil {
			b.Fatal(err)
		}
		for batch, err := range table.Scan(0, -1) {
			if err != nil {
				b.Fatal(err)
			}
			rows += int64(batch.Len)
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
