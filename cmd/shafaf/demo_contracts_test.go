package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// demoContracted adds up what the contracts of the demo are worth by reading its
// files: of each process the value that was told last.
func demoContracted(t *testing.T, dir string) (processes int, sum int64) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "contracts", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	values := map[string]int64{}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Releases []struct {
				OCID      string `json:"ocid"`
				Contracts []struct {
					Value *struct {
						Amount   int64  `json:"amount"`
						Currency string `json:"currency"`
					} `json:"value"`
				} `json:"contracts"`
			} `json:"releases"`
		}
		if err := json.Unmarshal(raw, &doc); err != nil {
			t.Fatal(err)
		}
		for _, r := range doc.Releases {
			values[r.OCID] += 0
			for _, c := range r.Contracts {
				if c.Value != nil && c.Value.Currency == "IRR" {
					values[r.OCID] = c.Value.Amount
				}
			}
		}
	}
	for _, n := range values {
		sum += n
	}
	return len(values), sum
}

// checkDemoContracts compares the contracts that are shown with the files, and
// finds each stage, each method and each red flag.
func checkDemoContracts(p *program, base string) {
	p.t.Helper()
	processes, sum := demoContracted(p.t, filepath.Join(p.data(), "demo"))
	type process struct {
		Stage, Method string
		Contracted    int64
		Line          string `json:"budget_line"`
		Budget        string
	}
	var all []process
	for next := base + "/api/v1/contracts"; next != ""; {
		var page struct {
			Next    string
			Results []process
		}
		_, query, _ := strings.Cut(next, "?")
		p.decode(base+"/api/v1/contracts?"+query, &page)
		all, next = append(all, page.Results...), page.Next
	}
	var shown int64
	stages, methods, named, found := map[string]int{}, map[string]int{}, 0, 0
	for _, r := range all {
		shown += r.Contracted
		stages[r.Stage]++
		methods[r.Method]++
		if r.Line != "" {
			named++
		}
		if r.Budget != "" {
			found++
		}
	}
	if len(all) != processes || shown != sum || sum == 0 {
		p.t.Errorf("%d processes worth %d are shown, the files have %d worth %d", len(all), shown, processes, sum)
	}
	for _, s := range []string{"planning", "tender", "award", "contract", "implementation"} {
		if stages[s] == 0 {
			p.t.Errorf("none is at the stage %s: %v", s, stages)
		}
	}
	for _, m := range []string{"open", "selective", "limited", "direct"} {
		if methods[m] == 0 {
			p.t.Errorf("none was %s: %v", m, methods)
		}
	}
	if named == processes || found >= named || 2*found < processes {
		p.t.Errorf("of %d processes %d name a budget line, and %d lines are found", processes, named, found)
	}
	var flags struct {
		Rules []struct {
			Key    string
			Raised int
		} `json:"rules"`
		Buyers []struct{ Key string } `json:"buyers"`
	}
	p.decode(base+"/api/v1/contracts/flags", &flags)
	raised := map[string]bool{}
	for _, b := range flags.Buyers {
		raised[b.Key] = true
	}
	for _, r := range flags.Rules {
		raised[r.Key] = r.Raised > 0
	}
	for _, key := range []string{"single", "short", "over", "amended", "unpublished", "near", "order", "directshare", "suppliershare"} {
		if !raised[key] {
			p.t.Errorf("the flag %s is raised nowhere", key)
		}
	}
}

// decode reads the JSON at an address.
func (p *program) decode(address string, into any) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.answer(address)), into); err != nil {
		p.t.Fatalf("%s: %v", address, err)
	}
}
