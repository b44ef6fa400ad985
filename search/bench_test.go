package search_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/search"
)

// A generator makes datasets of words that occur as often as words do: the
// second half as often as the first, the third a third as often, and so on.
type generator struct {
	rand     *rand.Rand
	zipf     *rand.Zipf
	agencies []string
	wordEn   []string
	wordFa   []string
}

func newGenerator(agencies []string) *generator {
	r := rand.New(rand.NewPCG(1, 2))
	g := &generator{rand: r, zipf: rand.NewZipf(r, 1.07, 2, 29_999), agencies: agencies}
	for i := range 30_000 {
		g.wordEn = append(g.wordEn, spelled(i, []rune("etaoinshrdlucmfwypvbgkqjxz")))
		g.wordFa = append(g.wordFa, spelled(i, []rune("ایرندمهوتبسشکلگزفقعحخجچپصطضغثذژظ")))
	}
	return g
}

// spelled writes a number as a word of its own, the frequent ones short.
func spelled(n int, letters []rune) string {
	var b strings.Builder
	for n += 100; n > 0; n /= len(letters) {
		b.WriteRune(letters[n%len(letters)])
	}
	return b.String()
}

func (g *generator) words(list []string, least, most int) string {
	var b strings.Builder
	for i := range least + g.rand.IntN(most-least+1) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(list[g.zipf.Uint64()%uint64(len(list))])
	}
	return b.String()
}

func (g *generator) some(prefix string, of, most int) []string {
	var list []string
	for range 1 + g.rand.IntN(most) {
		v := prefix + strconv.Itoa(min(g.rand.IntN(of), g.rand.IntN(of)))
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

func (g *generator) dataset() *catalog.Dataset {
	year := 1990 + g.rand.IntN(36)
	d := &catalog.Dataset{
		Title:       catalog.Text{"en": g.words(g.wordEn, 4, 12)},
		Description: catalog.Text{"en": g.words(g.wordEn, 20, 90)},
		Agency:      g.agencies[g.rand.IntN(len(g.agencies))],
		Keywords:    []string{g.words(g.wordEn, 1, 2), g.words(g.wordEn, 1, 1), g.words(g.wordFa, 1, 2)},
		Themes:      g.some("theme ", 12, 2),
		Licence:     g.some("licence-", 6, 1)[0],
		Modified:    fmt.Sprintf("%d-%02d-%02d", year, 1+g.rand.IntN(12), 1+g.rand.IntN(28)),
	}
	if g.rand.IntN(2) == 0 {
		d.Title["fa"] = g.words(g.wordFa, 3, 9)
		d.Description["fa"] = g.words(g.wordFa, 10, 40)
	}
	if g.rand.IntN(3) == 0 {
		d.Temporal = catalog.Interval{Start: strconv.Itoa(year - g.rand.IntN(20)), End: strconv.Itoa(year)}
	}
	return d
}

// publish writes a dataset with its resources, one of them with a table.
func (g *generator) publish(tx *catalog.Tx) error {
	d := g.dataset()
	if err := tx.PutDataset(d); err != nil {
		return err
	}
	for i, format := range g.some("FORMAT", 15, 3) {
		r := &catalog.Resource{Dataset: d.ID, Name: g.words(g.wordEn, 1, 4), Format: format}
		if err := tx.PutResource(r, i*1000); err != nil {
			return err
		}
		if i > 0 || g.rand.IntN(2) == 0 {
			continue
		}
		e := &catalog.Edition{Resource: r.ID, Digest: r.ID, File: r.ID, HasTable: true, Rows: 10}
		for j := range 8 {
			label := g.words(g.wordEn, 1, 2)
			e.Schema = append(e.Schema, datasets.Column{Name: strconv.Itoa(j) + label, Label: label})
		}
		if err := tx.PutEdition(e); err != nil {
			return err
		}
	}
	return nil
}

// generate fills a catalogue.
func generate(tb testing.TB, s *catalog.Store, agencies, n int) *generator {
	tb.Helper()
	var ids []string
	for i := range agencies {
		ids = append(ids, put(tb, s, catalog.Text{"en": fmt.Sprintf("Agency number %d", i), "fa": fmt.Sprintf("سازمان شماره %d", i)}))
	}
	g := newGenerator(ids)
	for done := 0; done < n; done += 500 {
		write(tb, s, func(tx *catalog.Tx) error {
			for range min(500, n-done) {
				if err := g.publish(tx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g
}

// peak returns the most memory that the process held since the last call of
// reset, in MiB, where the system tells.
func peak() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(b) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmHWM:")); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(string(rest))[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// cpu returns the seconds of processor time that the process has used, where
// the system tells.
func cpu() float64 {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100 // ticks of 10 ms
}

func resetPeak() {
	runtime.GC()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // only Linux has it
}

// BenchmarkSearch builds an index of 100,000 generated datasets (or as many as
// SHAFAF_BENCH_DATASETS says) and measures queries on it.
func BenchmarkSearch(b *testing.B) {
	n := 100_000
	if s := os.Getenv("SHAFAF_BENCH_DATASETS"); s != "" {
		var err error
		n, err = strconv.Atoi(s)
		must(b, err)
	}
	dir := b.TempDir()
	s := openStore(b, dir)
	g := generate(b, s, 400, n)
	x := openIndex(b, filepath.Join(dir, "search"))
	b.Run("build", func(b *testing.B) {
		resetPeak()
		used := cpu()
		for b.Loop() {
			must(b, x.Rebuild(context.Background(), s, nil))
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		b.ReportMetric((cpu()-used)/float64(b.N), "cpu-s")
		b.ReportMetric(peak(), "MiB-peak")
		b.ReportMetric(float64(size(b, filepath.Join(dir, "search")))/(1<<20), "MiB-index")
	})
	common, second, rare, fa := g.wordEn[8], g.wordEn[9], g.wordEn[900], g.wordFa[3]
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"common word", search.Query{Text: common}},
		{"common word, 5 facets", search.Query{Text: common, Facets: true}},
		{"common Persian word, 5 facets", search.Query{Text: fa, Facets: true}},
		{"common word, 5 facets, 2 filters", search.Query{Text: common, Facets: true, Theme: []string{"theme 1", "theme 2"}, Format: []string{"FORMAT1"}}},
		{"two common words", search.Query{Text: common + " " + second, Facets: true}},
		{"common and rare word", search.Query{Text: common + " " + rare, Facets: true}},
		{"rare word", search.Query{Text: rare, Facets: true}},
		{"no text, 5 facets", search.Query{Facets: true}},
		{"common word by date", search.Query{Text: common, Sort: search.SortNewest}},
		{"common word by title", search.Query{Text: common, Sort: search.SortTitle}},
		{"phrase of two common words", search.Query{Text: `"` + common + " " + second + `"`}},
		{"misspelt word", search.Query{Text: g.wordEn[29_000][:2] + "z" + g.wordEn[29_000][2:], Facets: true}},
		{"page 500", search.Query{Text: common, Page: 500}},
		{"32 common words", search.Query{Text: strings.Join(g.wordEn[8:40], " "), Facets: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			c.q.Kind = catalog.NounDataset
			measure(b, func() int64 {
				res, err := x.Search(context.Background(), c.q)
				must(b, err)
				return res.Total
			})
		})
	}
	for _, text := range []string{common[:1], fa[:2], rare[:2], common + " " + second[:1], common + " ", rare + " " + common[:1]} {
		b.Run("suggest "+text, func(b *testing.B) {
			measure(b, func() int64 {
				found, err := x.Suggest(context.Background(), text, 5, 3)
				must(b, err)
				return int64(len(found.Texts) + len(found.Hits))
			})
		})
	}
}

func measure(b *testing.B, ask func() int64) {
	b.Helper()
	var times []time.Duration
	var hits int64
	for b.Loop() {
		start := time.Now()
		hits = ask()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(hits), "hits")
	b.ReportMetric(times[len(times)/2].Seconds()*1000, "ms-p50")
	b.ReportMetric(times[len(times)*99/100].Seconds()*1000, "ms-p99")
}

func size(tb testing.TB, dir string) int64 {
	tb.Helper()
	n := int64(0)
	must(tb, filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		n += info.Size()
		return nil
	}))
	return n
}
