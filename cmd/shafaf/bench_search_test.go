package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// The ranks of words that the benchmark calls common: from a fifth to two thirds
// of the datasets hold one of them. Those of rank 0 nearly all do.
const (
	commonFirst = 3
	commonLast  = 42
	searchTurns = 11 // odd, so that the catalogue is at the end as it was
)

// search100k compares searches of the catalogue with those of Xapian and PostgreSQL.
func (b *bench) search100k() {
	n := b.size("DATASETS", benchDatasets)
	words := commonWords()
	ours := b.searches(n)
	t := benchTable{Columns: []string{"one common word, 5 facets, " + grouped(int64(n)) + " datasets", "p50", "p99", "times as long"}}
	t.Rows = append(t.Rows, []string{shafafName + ", over HTTP", milliseconds(median(ours)), milliseconds(quantile(ours, 99)), ""})
	for _, peer := range []struct {
		name  string
		times float64
		ask   func(n int, words []string) ([]time.Duration, []int, error)
	}{{"Xapian", 8, b.xapian}, {"PostgreSQL", 25, b.postgres}} {
		wanted := fmt.Sprintf("one common word and 5 facets: ≥ %g× the speed of %s", peer.times, peer.name)
		if b.profiles != "" {
			continue
		}
		took, totals, err := peer.ask(n, words)
		if err != nil {
			b.miss(peer.name, err)
			b.unmeasured(wanted, "it was not run")
			continue
		}
		for i, w := range words {
			if totals[i] != b.totals[w] {
				b.t.Errorf("%s: %d datasets, %s finds %d", w, b.totals[w], peer.name, totals[i])
			}
		}
		ratio := float64(median(took)) / float64(median(ours))
		t.Rows = append(t.Rows, []string{peer.name + ", in its process", milliseconds(median(took)), milliseconds(quantile(took, 99)), fmt.Sprintf("%.1f", ratio)})
		b.goal(wanted, fmt.Sprintf("%.1f×", ratio), ratio >= peer.times)
	}
	b.table(t)
	b.note("%d words that a fifth to two thirds of the datasets hold, each asked once in %d turns; between turns the catalogue changes, so that no answer is remembered. Answers of the program are not compressed. All find the same number of datasets.", len(words), searchTurns)
	b.wantMS("one common word and 5 facets: p99", quantile(ours, 99), 30)
	b.wantMS("autocomplete: p99", quantile(b.asked[searchTyped], 99), 5)
}

// search500k measures the broadest search in a catalogue five times as large.
func (b *bench) search500k() {
	n := 5 * b.size("DATASETS", benchDatasets)
	_ = b.searches(n)
	b.wantMS("broadest word, 5 facets: p99", quantile(b.asked[searchBroadest], 99), 250)
	b.wantMS("phrase, 5 facets: p99", quantile(b.asked[searchPhrase], 99), 150)
}

// Kinds of searches.
const (
	searchCommon   = "one common word, 5 facets"
	searchBroadest = "a word that nearly all hold, 5 facets"
	searchPhrase   = "phrase of two words, 5 facets"
	searchTyped    = "autocomplete: one to three letters, alone and after a word"
)

// commonWords are words in both languages.
func commonWords() (words []string) {
	for k := commonFirst; k < commonLast; k++ {
		words = append(words, catalogueWord(k))
	}
	return words
}

// catalogueWord is the word of a rank in generated catalogues.
func catalogueWord(k int) string {
	if k%3 == 0 {
		return persianWord(k)
	}
	return latinWord(k)
}

// searches asks a catalogue of n datasets and returns what one common word took.
func (b *bench) searches(n int) []time.Duration {
	p := b.cataloguePortal(n, 0)
	_, _ = p.try("dataset", "takedown", "spend", "--undo") // of a run that was broken off
	base, stop := b.serveAt(p)
	defer stop()
	b.settle()
	b.asked, b.totals = map[string][]time.Duration{}, map[string]int{}
	kinds := []struct{ name, query string }{
		{searchCommon, "q={word}"},
		{searchBroadest, "q={first}&page={page}"},
		{searchPhrase, `q="{word} {first}"`},
		{"two words, 5 facets", "q={word} {other}"},
		{"newest first, no words, 5 facets", "sort=newest&page={page}"},
		{"one common word of a format, newest first", "q={word}&format=CSV&sort=newest"},
	}
	for turn := range searchTurns {
		if turn > 0 {
			b.changeCatalogue(p, base, turn)
		}
		for i, word := range commonWords() {
			for _, k := range kinds {
				q := strings.NewReplacer("{word}", word, "{other}", catalogueWord(50+i), "{first}", catalogueWord(1), "{page}", strconv.Itoa(i+1)).Replace(k.query)
				took, total := b.find(base, q)
				b.asked[k.name] = append(b.asked[k.name], took)
				if k.name == searchCommon {
					b.totals[word] = total
				}
			}
			b.typed(base, word, catalogueWord(50+i))
		}
	}
	t := benchTable{Columns: []string{"search in " + grouped(int64(n)) + " datasets, over HTTP", "p50", "p99", "slowest"}}
	row := func(name string) {
		all := b.asked[name]
		t.Rows = append(t.Rows, []string{name, milliseconds(median(all)), milliseconds(quantile(all, 99)), milliseconds(quantile(all, 100))})
	}
	for _, k := range kinds {
		row(k.name)
	}
	row(searchTyped)
	b.table(t)
	b.note("Anonymous memory of the server after this: %s.", megabyte(anonymous(b.server)))
	return b.asked[searchCommon]
}

// find asks for the first page and returns how many datasets are found.
func (b *bench) find(base, query string) (time.Duration, int) {
	values, err := url.ParseQuery(query)
	if err != nil {
		b.t.Fatal(err)
	}
	var found struct {
		Total  int
		Facets []json.RawMessage
	}
	start := time.Now()
	text := b.read(base + "/api/v1/datasets?" + values.Encode())
	took := time.Since(start)
	if err := json.Unmarshal(text, &found); err != nil || found.Total == 0 || len(found.Facets) < 5 {
		b.t.Fatalf("%s: %d datasets, %d facets, %v", query, found.Total, len(found.Facets), err)
	}
	return took, found.Total
}

// typed asks what one to three letters of a word may go on to, alone and after
// another word.
func (b *bench) typed(base, word, other string) {
	for n := 1; n <= 3; n++ {
		begun := persian.Cut(word, n)
		for _, text := range []string{begun, other + " " + begun} {
			start := time.Now()
			said := b.read(base + "/api/v1/suggest?q=" + url.QueryEscape(text))
			b.asked[searchTyped] = append(b.asked[searchTyped], time.Since(start))
			if text == begun && !bytes.Contains(said, []byte(`"kind":"dataset"`)) {
				b.t.Fatalf("%s goes on to nothing: %s", text, said)
			}
		}
	}
}

// read asks for an address that must answer, as it is: to compress what stays on
// the machine would only take time.
func (b *bench) read(address string) []byte {
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %s %v", address, resp.Status, err)
	}
	return text
}

// changeCatalogue closes or opens a dataset and waits until a search shows it.
func (b *bench) changeCatalogue(p *program, base string, turn int) {
	shown := func() int {
		_, n := b.find(base, "sort=newest")
		return n
	}
	before := shown()
	args := []string{"dataset", "takedown", "spend"}
	if turn%2 == 0 {
		args = append(args, "--undo")
	} else {
		args = append(args, "--reason", "changed")
	}
	p.run(args...)
	for range 600 {
		if shown() != before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("a change of the catalogue does not come into the search")
}

// xapian asks the same in its process, through Python.
func (b *bench) xapian(n int, words []string) ([]time.Duration, []int, error) {
	file := b.catalogue(n)
	index, err := b.makeOnce(fmt.Sprintf("xapian-%d", n), func(path string) error {
		_, err := b.python("/usr/bin/python3", "xapian_search.py", "index", file, path)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	out, err := b.python("/usr/bin/python3", "xapian_search.py", append([]string{"ask", index}, words...)...)
	return peerAnswers(out, err)
}

// peerAnswers reads what a script prints of its searches.
func peerAnswers(out []byte, err error) (took []time.Duration, totals []int, _ error) {
	if err != nil {
		return nil, nil, err
	}
	var told struct {
		Seconds []float64
		Totals  []int
	}
	if err := json.Unmarshal(out, &told); err != nil {
		return nil, nil, err
	}
	for _, s := range told.Seconds {
		took = append(took, seconds(s))
	}
	return took, told.Totals, nil
}

// index measures how fast the search index is built anew, and with what memory.
func (b *bench) index() {
	t := benchTable{Columns: []string{"index build", "time", "documents/s", "CPU", "peak memory"}}
	usual := b.size("DATASETS", benchDatasets)
	for _, n := range []int{usual, 5 * usual} {
		p := b.cataloguePortal(n, 0)
		s, err := timed(p.command(b.profile([]string{"index", "rebuild"})...), filepath.Join(b.dir, "said"))
		if err != nil {
			b.t.Fatal(err)
		}
		rate := float64(n) / s.wall.Seconds()
		t.Rows = append(t.Rows, []string{
			grouped(int64(n)) + " datasets", fmt.Sprintf("%.1f s", s.wall.Seconds()), grouped(int64(rate)), fmt.Sprintf("%.1f s", s.cpu.Seconds()), megabyte(s.peak),
		})
		of := "index build of " + grouped(int64(n)) + " datasets"
		b.wantRate(of+":", "documents", rate, 2500)
		if n != usual {
			b.wantPeak(of+": ", s.peak, 1500)
		}
		if out := p.run("index", "compare").out; !strings.HasPrefix(out, "0 missing, 0 extra, 0 stale") {
			b.t.Fatalf("the index: %s", out)
		}
	}
	b.table(t)
	b.note("`shafaf index rebuild` from its start to its end; then `shafaf index compare` finds nothing missing, extra or stale.")
}
