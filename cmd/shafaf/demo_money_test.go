package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDemoIsTheSameEverywhere makes the demo twice, adds up the files of its
// budgets by reading them as text, and compares with the explorer, its files and
// the figure that it works out of them; and likewise its contracts.
func TestDemoIsTheSameEverywhere(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.run("demo")
	checkDemoFilings(p)
	want := budgetSums(t, filepath.Join(p.dir, "data", "demo"))
	base, _ := p.serve()
	for year, sums := range want {
		var got struct {
			Place struct {
				Approved, Adjusted, Executed json.Number
			} `json:"place"`
		}
		if err := json.Unmarshal([]byte(p.answer(base+"/api/v1/spending/"+year)), &got); err != nil {
			t.Fatal(err)
		}
		file := p.answer(base + "/spending/" + year + ".csv")
		for _, f := range []struct {
			phase, heading string
			shown          json.Number
		}{
			{"approved", "Approved", got.Place.Approved}, {"adjusted", "Adjusted", got.Place.Adjusted}, {"executed", "Outturn", got.Place.Executed},
		} {
			sum := sums[f.phase].String()
			if f.shown.String() != sum {
				t.Errorf("%s %s: the explorer has %s, the budgets sum to %s", year, f.phase, f.shown, sum)
			}
			if n := columnOf(t, file, f.heading).String(); n != sum {
				t.Errorf("%s %s: the file sums to %s, the budgets to %s", year, f.phase, n, sum)
			}
		}
	}
	checkDemoContracts(p, base)
	checkDemoOutturn(p, base)
	if len(want) != 5 {
		t.Errorf("%d years", len(want))
	}
	share, _ := new(big.Rat).SetFrac(new(big.Int).Mul(want["1403"]["executed"], big.NewInt(100)), want["1403"]["approved"]).Float64()
	page := p.answer(base + "/en/spending/outturn")
	if shown := strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%.1f", share), "0"), ".") + "%"; !strings.Contains(page, shown) {
		t.Errorf("SDG 16.6.1 of 1403 is %s and not on the page", shown)
	}
}

// budgetFiles are the tables of all budgets of the demo.
func budgetFiles(t *testing.T, dir string) []string {
	t.Helper()
	packages, err := filepath.Glob(filepath.Join(dir, "budgets", "*", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(dir, "budgets-tables", "*.csv"))
	if err != nil || len(packages) == 0 || len(tables) == 0 {
		t.Fatal(err, len(packages), len(tables))
	}
	return append(packages, tables...)
}

// budgetSums are the sums of all budgets by year and phase, in rials.
func budgetSums(t *testing.T, dir string) map[string]map[string]*big.Int {
	t.Helper()
	sums := map[string]map[string]*big.Int{}
	for _, name := range budgetFiles(t, dir) {
		addBudget(t, sums, name)
	}
	return sums
}

var (
	phaseOf = map[string]string{"مصوب": "approved", "اصلاح‌شده": "adjusted", "عملکرد": "executed", "Approved": "approved", "Adjusted": "adjusted", "Executed": "executed"}
	yearOf  = regexp.MustCompile(`۱۴۰[۱-۵]`)
)

// csvRows are the rows of a CSV file, its headings first.
func csvRows(t *testing.T, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func addBudget(t *testing.T, sums map[string]map[string]*big.Int, name string) {
	t.Helper()
	rows := csvRows(t, name)
	for _, row := range rows[1:] {
		if strings.Contains(strings.Join(row, " "), "جمع کل") {
			continue
		}
		for i, heading := range rows[0] {
			phase := phaseOf[strings.Fields(heading)[0]]
			if phase == "" || row[i] == "" {
				continue
			}
			year := row[0]
			if y := yearOf.FindString(heading); y != "" {
				year = strings.NewReplacer("۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5").Replace(y)
			}
			n, _ := new(big.Int).SetString(row[i], 10)
			if strings.Contains(heading, "میلیون") {
				n.Mul(n, big.NewInt(1_000_000))
			}
			if sums[year] == nil {
				sums[year] = map[string]*big.Int{"approved": {}, "adjusted": {}, "executed": {}}
			}
			sums[year][phase].Add(sums[year][phase], n)
		}
	}
}

// answer is the body of an answer.
func (p *program) answer(address string) string {
	p.t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s %v", address, resp.Status, err)
	}
	return string(body)
}

// columnOf sums a column of a CSV.
func columnOf(t *testing.T, text, heading string) *big.Int {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at, sum := slices.Index(rows[0], heading), new(big.Int)
	if at < 0 {
		t.Fatalf("no column %s in %v", heading, rows[0])
	}
	for _, row := range rows[1:] {
		n, ok := new(big.Int).SetString(row[at], 10)
		if !ok && row[at] != "" {
			t.Fatalf("%q is no whole number", row[at])
		}
		if ok {
			sum.Add(sum, n)
		}
	}
	return sum
}
