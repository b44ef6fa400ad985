package harvesters_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/harvesters"
)

// benchRecords is how many records are generated; SHAFAF_RECORDS sets another
// number.
func benchRecords() int {
	if n, err := strconv.Atoi(os.Getenv("SHAFAF_RECORDS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// generate writes a data.json of n records like those of real agencies: about
// two kilobytes each, with markup in the descriptions.
func generate(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "data.json")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, `{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [`)
	for i := range n {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, `
  {"@type": "dcat:Dataset", "identifier": "gen-%d", "title": "Measurements of station %d, %d", "accessLevel": "public",
   "description": "<p>Readings of <b>station %d</b>, taken every hour. %s</p><p>See <a href=\"https://stats.example.org/notes/%d\">the notes</a>.</p>",
   "keyword": ["station", "water", "river %d", "جمعیت"], "theme": ["Environment"], "modified": "2024-%02d-%02dT08:00:00Z", "issued": "2020-01-01",
   "publisher": {"name": "Bureau %d", "subOrganizationOf": {"name": "Ministry of Water"}}, "contactPoint": {"fn": "Desk %d", "hasEmail": "mailto:desk%d@example.org"},
   "license": "https://creativecommons.org/licenses/by/4.0/", "spatial": "44,25,63.5,39.7", "temporal": "2020-01-01/2023-12-31", "accrualPeriodicity": "R/P1D",
   "distribution": [
    {"title": "Table", "downloadURL": "https://stats.example.org/%d.csv", "mediaType": "text/csv", "format": "CSV"},
    {"title": "Report", "downloadURL": "https://stats.example.org/%d.pdf", "mediaType": "application/pdf", "format": "PDF"},
    {"title": "Service", "accessURL": "https://stats.example.org/api/%d", "format": "API"}]}`,
			i, i, i%50+1970, i, filler, i, i%500, i%12+1, i%28+1, i%60, i%60, i%60, i, i, i)
	}
	fmt.Fprint(w, "\n]}\n")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

const filler = "The values are provisional until the end of the year in which they are checked by hand; gaps of less than three hours are filled from " +
	"the neighbouring stations, longer ones are left empty. The height is that above the mean level of the sea, the flow is in cubic metres " +
	"per second, and the temperature of the water in degrees Celsius. Stations that were moved carry the number of the old place with a letter."

// BenchmarkHarvest harvests generated records for the first time, again without
// a change, and again after the program changed so that all are mapped anew.
func BenchmarkHarvest(b *testing.B) {
	n := benchRecords()
	path := generate(b, n)
	d := newDeps(b)
	src := addSource(b, d, "datajson", path)
	one := func(b *testing.B, d harvesters.Deps, state string, got func(catalog.RunCounts) int64) {
		b.Helper()
		b.ReportAllocs()
		peak, stop := watchHeap()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		run := harvest(b, d, src)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		stop()
		if run.State != state || got(run.Counts) != int64(n) {
			b.Fatalf("%s %+v", run.State, run.Counts)
		}
		b.ReportMetric(float64(n)/took.Seconds(), "records/s")
		b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(n), "allocs/record")
		b.ReportMetric(float64(peak.Load())/(1<<20), "peak-heap-MB")
		b.ReportMetric(0, "ns/op")
	}
	fresh := func(c catalog.RunCounts) int64 { return c.New }
	same := func(c catalog.RunCounts) int64 { return c.Unchanged }
	b.Run("first", func(b *testing.B) { one(b, d, catalog.RunComplete, fresh) })
	b.Run("unchanged", func(b *testing.B) { one(b, d, catalog.RunComplete, same) })
	d.Version = "another"
	b.Run("mapped-again", func(b *testing.B) { one(b, d, catalog.RunComplete, same) })
}

// watchHeap notes the largest heap until stop is called.
func watchHeap() (peak *atomic.Uint64, stop func()) {
	peak = &atomic.Uint64{}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		for {
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapAlloc))
			select {
			case <-quit:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return peak, func() { close(quit); <-done }
}

// BenchmarkRealAgain harvests real catalogues that are known already.
func BenchmarkRealAgain(b *testing.B) {
	for _, file := range []string{"datajson/gsa.2025-01-31.json", "datajson/dhs.2025-02-01.json", "arcgis-hub/04f-01/04f-01_20230307.json"} {
		b.Run(filepath.Base(file), func(b *testing.B) {
			d := newDeps(b)
			src := addSource(b, d, "datajson", realFile(b, filepath.FromSlash(file)))
			start := time.Now()
			harvest(b, d, src)
			first := time.Since(start)
			for b.Loop() {
				harvest(b, d, src)
			}
			b.ReportMetric(float64(first)/(float64(b.Elapsed())/float64(b.N)), "times-faster")
		})
	}
}
