package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// benchSeconds is how long one kind of page is asked for.
const benchSeconds = 10

// A pageKind is a kind of page and how fast it is wanted.
type pageKind struct {
	name  string
	paths []string
	rate  float64 // requests a second wanted; 0 for nothing
	p99   float64 // milliseconds wanted
}

// A loaded is what wrk measured.
type loaded struct {
	Requests, Bytes, Errors, Refused int64
	Seconds, P50, P99                float64
}

func (l *loaded) rate() float64 { return float64(l.Requests) / l.Seconds }

// pages measures pages under load, each request of another address, beside
// Datasette's page of the same table.
func (b *bench) pages() {
	n, rows := b.size("DATASETS", benchDatasets), b.rows()
	p := b.cataloguePortal(n, rows)
	base, stop := b.serveAt(p)
	kinds := b.pageKinds(p, base, n, rows)
	b.settle()
	t := benchTable{Columns: []string{"page, " + grouped(int64(n)) + " datasets, wrk with 8 connections", "requests/s", "p50", "p99", "a page"}}
	line := func(name string, l *loaded) {
		t.Rows = append(t.Rows, []string{name, grouped(int64(l.rate())), fmt.Sprintf("%.2f ms", l.P50*1000), fmt.Sprintf("%.2f ms", l.P99*1000), fmt.Sprintf("%.1f kB", float64(l.Bytes)/float64(l.Requests)/1000)})
	}
	var table float64
	for _, k := range kinds {
		b.read(base + k.paths[0])
		l, err := b.wrk(base, k.paths)
		if err != nil {
			stop()
			b.miss("wrk", err)
			b.unmeasured("pages under load", "wrk was not run")
			return
		}
		if l.Errors+l.Refused > 0 {
			b.t.Errorf("%s: %d broken, %d refused", k.name, l.Errors, l.Refused)
		}
		line(k.name, l)
		if k.rate > 0 {
			b.wantRate(k.name+":", "requests", l.rate(), k.rate)
			b.goal(fmt.Sprintf("%s: p99 < %g ms", k.name, k.p99), fmt.Sprintf("%.1f ms", l.P99*1000), l.P99*1000 < k.p99)
		}
		if strings.HasPrefix(k.name, pageOfTable) && table == 0 {
			table = l.rate()
		}
		hot, err := b.wrk(base, k.paths[:1])
		if err != nil {
			b.t.Fatal(err)
		}
		line(k.name+", one address again and again", hot)
	}
	b.note("Anonymous memory of the server after this: %s.", megabyte(anonymous(b.server)))
	stop()
	wanted := "rows page: ≥ 20× the requests/s of Datasette's table page on the same table"
	if l, err := b.datasettePages(rows); b.profiles != "" {
	} else if err != nil {
		b.miss(datasetteCSV, err)
		b.unmeasured(wanted, "it was not run")
	} else {
		line("Datasette, page of the table", l)
		b.goal(wanted, fmt.Sprintf("%.1f×", table/l.rate()), table >= 20*l.rate())
	}
	b.table(t)
	b.note("Each kind is asked for %d s, by one thread of wrk on the same processors, when it has done what it does after its start, with addresses that differ: all datasets in random order, words and pairs of words, places of the table.", b.seconds())
}

// pageOfTable is the page that Datasette has too.
const pageOfTable = "rows page"

func (b *bench) seconds() int { return b.size("DURATION", benchSeconds) }

// pageKinds are the pages that are measured.
func (b *bench) pageKinds(p *program, base string, n, rows int) []pageKind {
	r := rand.New(rand.NewPCG(31, 32))
	slugs := b.slugs(p)
	if len(slugs) < n*9/10 {
		b.t.Fatalf("%d datasets", len(slugs))
	}
	r.Shuffle(len(slugs), func(i, k int) { slugs[i], slugs[k] = slugs[k], slugs[i] })
	languages := []string{"/fa", "/en"}
	var pages, search, byID, table []string
	for i, slug := range slugs {
		pages = append(pages, languages[i%2]+"/datasets/"+slug)
		byID = append(byID, "/api/v1/datasets/"+slug)
	}
	for i := range 20_000 {
		q := catalogueWord(2 + r.IntN(400))
		if i%2 > 0 {
			q += " " + catalogueWord(r.IntN(60))
		}
		address := languages[r.IntN(2)] + "/datasets?q=" + url.QueryEscape(q)
		if i%5 == 0 {
			address += "&format=CSV"
		}
		search = append(search, address+"&_="+strconv.Itoa(i)) // no page that is remembered
	}
	places := b.places(p, base, rows)
	for i := range 2 * len(places) {
		table = append(table, languages[i%2]+"/datasets/spend/table?_after="+places[i/2])
	}
	r.Shuffle(len(table), func(i, k int) { table[i], table[k] = table[k], table[i] })
	return []pageKind{
		{"dataset page", pages, 2000, 20},
		{"search page", search, 300, 100},
		{pageOfTable, table, 1000, 40},
		{"API by id", byID, 10_000, 10},
		{"home page", []string{"/en/", "/fa/"}, 0, 0},
	}
}

// places are cursors all over the table.
func (b *bench) places(p *program, base string, rows int) (places []string) {
	for next := base + "/api/v1" + tableOf(p, "spend") + "/rows?_size=100"; next != "" && len(places) < rows/100; {
		var page struct{ Next string }
		u, err := url.Parse(next)
		if err == nil {
			err = json.Unmarshal(b.read(base+u.RequestURI()), &page)
		}
		if err != nil {
			b.t.Fatal(err)
		}
		if next = page.Next; next != "" {
			after, err := url.Parse(next)
			if err != nil {
				b.t.Fatal(err)
			}
			places = append(places, url.QueryEscape(after.Query().Get("_after")))
		}
	}
	return places
}

// wrk asks for paths in turn from eight connections.
func (b *bench) wrk(base string, paths []string) (*loaded, error) {
	file := filepath.Join(b.dir, "paths")
	if err := os.WriteFile(file, []byte(strings.Join(paths, "\n")+"\n"), 0o644); err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(b.t.Context(), "wrk", "-t1", "-c8", "-d"+strconv.Itoa(b.seconds())+"s", "--timeout", "30s", "-s", "testdata/bench/paths.lua", base, "--", file).Output()
	if err != nil {
		return nil, err
	}
	var l loaded
	if err := json.Unmarshal([]byte(lastLine(out)), &l); err != nil {
		return nil, err
	}
	if l.Requests == 0 {
		return nil, errors.New("no request was answered")
	}
	return &l, nil
}

// datasettePages loads the page of the same table at Datasette.
func (b *bench) datasettePages(rows int) (*loaded, error) {
	base, _, err := b.startDatasette(rows)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(33, 34))
	var paths []string
	for range 20_000 {
		paths = append(paths, u.Path+"/spend?_next="+strconv.Itoa(100*r.IntN(max(1, rows/100))))
	}
	return b.wrk(u.Scheme+"://"+u.Host, paths)
}
