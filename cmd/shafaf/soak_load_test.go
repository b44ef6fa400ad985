package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// targets are the addresses that visitors know.
type targets struct {
	slugs  []string
	tables []string // addresses of tables without the extension
}

// findTargets asks the program what it publishes.
func (s *soak) findTargets() targets {
	s.t.Helper()
	var found targets
	for line := range strings.Lines(s.run("dataset", "list", "--json").out) {
		var d struct {
			Slug      string
			Resources []struct {
				ID   string
				Rows int64
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			s.t.Fatal(err)
		}
		found.slugs = append(found.slugs, d.Slug)
		for _, r := range d.Resources {
			if r.Rows > 0 {
				found.tables = append(found.tables, "/datasets/"+d.Slug+"/resources/"+r.ID)
			}
		}
	}
	if len(found.slugs) < soakDatasets*9/10 || len(found.tables) != soakFiles {
		s.t.Fatalf("%d datasets and %d tables", len(found.slugs), len(found.tables))
	}
	return found
}

// A visit is one kind of request: how often it is made, its address, and the
// statuses that it may have.
type visit struct {
	kind    string
	weight  int
	address func(r *rand.Rand, t *targets) string
	allowed []int
}

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

func language(r *rand.Rand) string { return pick(r, []string{"fa", "en"}) }

// visits is what visitors do. What flaps is gone for a while: that is a 410.
func visits() []visit {
	ok, gone, absent := []int{200}, []int{200, 410}, []int{404}
	return []visit{
		{"home", 6, func(r *rand.Rand, _ *targets) string { return "/" + language(r) + "/" }, ok},
		{"search", 20, func(r *rand.Rand, _ *targets) string {
			return "/" + language(r) + "/datasets?q=" + latinWord(r.IntN(3000)) + "&page=" + strconv.Itoa(1+r.IntN(2))
		}, ok},
		{"search by facet", 8, func(r *rand.Rand, _ *targets) string {
			return "/" + language(r) + "/datasets?format=CSV&sort=newest&q=" + latinWord(r.IntN(300))
		}, ok},
		{"search, API", 10, func(r *rand.Rand, _ *targets) string { return "/api/v1/datasets?q=" + latinWord(r.IntN(3000)) }, ok},
		{"dataset", 20, func(r *rand.Rand, t *targets) string { return "/" + language(r) + "/datasets/" + pick(r, t.slugs) }, gone},
		{"dataset, API", 10, func(r *rand.Rand, t *targets) string { return "/api/v1/datasets/" + pick(r, t.slugs) }, gone},
		{"table", 8, func(r *rand.Rand, t *targets) string {
			return "/" + language(r) + datasetOf(pick(r, t.tables)) + "/table"
		}, ok},
		{"rows", 8, func(r *rand.Rand, t *targets) string {
			return "/api/v1" + pick(r, t.tables) + "/rows?_size=200&_sort=-amount&id__gt=" + strconv.Itoa(r.IntN(2000))
		}, ok},
		{"CSV", 5, func(r *rand.Rand, t *targets) string { return pick(r, t.tables) + ".csv" }, ok},
		{"Excel", 2, func(r *rand.Rand, t *targets) string { return pick(r, t.tables) + ".xlsx" }, ok},
		{"Parquet", 2, func(r *rand.Rand, t *targets) string { return pick(r, t.tables) + ".parquet" }, ok},
		{"file", 3, func(r *rand.Rand, t *targets) string { return pick(r, t.tables) + "/file" }, ok},
		{"agencies, sources", 3, func(r *rand.Rand, _ *targets) string {
			return "/" + language(r) + pick(r, []string{"/agencies", "/sources", "/developers"})
		}, ok},
		{"catalogue as SQLite", 1, func(*rand.Rand, *targets) string { return "/catalog.sqlite" }, ok},
		{"nothing", 2, func(r *rand.Rand, _ *targets) string { return "/en/datasets/nothing-" + strconv.Itoa(r.IntN(1000)) }, absent},
		{"nonsense", 1, func(*rand.Rand, *targets) string { return "/api/v1/datasets?page=x" }, []int{422}},
	}
}

// datasetOf is the address of the dataset that a table is of.
func datasetOf(table string) string {
	dataset, _, _ := strings.Cut(table, "/resources/")
	return dataset
}

// load lets the visitors in.
func (s *soak) load() {
	var all []visit
	for _, v := range visits() {
		all = append(all, slices.Repeat([]visit{v}, v.weight)...)
	}
	for n := range soakWorkers {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: n == 0, DisableCompression: n == 1}, Timeout: time.Minute}
		r := rand.New(rand.NewPCG(uint64(n), 5))
		s.visitors.Go(func() {
			defer client.CloseIdleConnections()
			for {
				select {
				case <-s.home:
					return
				case <-time.After(soakPause/2 + rand.N(soakPause)):
				}
				v := &all[r.IntN(len(all))]
				s.visit(client, v, v.address(r, &s.targets))
			}
		})
	}
}

// visit makes one request and judges the answer.
func (s *soak) visit(client *http.Client, v *visit, address string) {
	start := time.Now()
	resp, err := client.Get(s.base + address)
	code := 0
	if err == nil {
		code = resp.StatusCode
		var n int64
		n, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if err == nil && resp.ContentLength >= 0 && n != resp.ContentLength {
			err = fmt.Errorf("%d of %d bytes", n, resp.ContentLength)
		}
	}
	took := time.Since(start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took[v.kind] = append(s.took[v.kind], took)
	s.answers[v.kind+" "+strconv.Itoa(code)]++
	if err != nil || !slices.Contains(v.allowed, code) {
		s.t.Errorf("after %s: %s answers %d, %v", time.Since(s.begun).Round(time.Second), address, code, err)
	}
}
