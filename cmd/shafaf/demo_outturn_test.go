package main

import (
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A spent is what was approved and executed.
type spent struct{ approved, executed float64 }

func (s *spent) add(o spent) { s.approved, s.executed = s.approved+o.approved, s.executed+o.executed }

// demoDivisions reads the budgets of the demo as text and adds up, by year and
// division of COFOG, all but interest; and interest by year. Amounts are small
// enough to be exact.
func demoDivisions(t *testing.T, dir string) (divisions map[string]map[string]*spent, interest map[string]*spent) {
	t.Helper()
	divisions, interest = map[string]map[string]*spent{}, map[string]*spent{}
	for _, name := range budgetFiles(t, dir) {
		rows := csvRows(t, name)
		for _, row := range rows[1:] {
			addDivision(rows[0], row, divisions, interest)
		}
	}
	return divisions, interest
}

// addDivision adds a row. One without a function is a total.
func addDivision(headings, row []string, divisions map[string]map[string]*spent, interest map[string]*spent) {
	division, chapter := "", ""
	for i, h := range headings {
		switch {
		case strings.Contains(h, "COFOG"):
			division, _, _ = strings.Cut(row[i], ".")
		case strings.HasSuffix(h, "(GFSM)"):
			chapter = row[i]
		}
	}
	if division == "" {
		return
	}
	for i, h := range headings {
		n, err := strconv.ParseFloat(row[i], 64)
		if err != nil {
			continue
		}
		if strings.Contains(h, "میلیون") {
			n *= 1e6
		}
		var one spent
		switch phaseOf[strings.Fields(h)[0]] {
		case "approved":
			one.approved = n
		case "executed":
			one.executed = n
		default:
			continue
		}
		year := row[0]
		if y := yearOf.FindString(h); y != "" {
			year = "140" + strconv.Itoa(strings.Index("۰۱۲۳۴۵", strings.TrimPrefix(y, "۱۴۰"))/len("۰"))
		}
		if divisions[year] == nil {
			divisions[year], interest[year] = map[string]*spent{}, &spent{}
		}
		if chapter == "24" {
			interest[year].add(one)
			continue
		}
		if divisions[year][division] == nil {
			divisions[year][division] = &spent{}
		}
		divisions[year][division].add(one)
	}
}

// checkDemoOutturn works out SDG 16.6.1 and the variance of PEFA PI-2.1 with
// floats, where the program has exact fractions.
func checkDemoOutturn(p *program, base string) {
	p.t.Helper()
	divisions, interest := demoDivisions(p.t, filepath.Join(p.data(), "demo"))
	var got struct {
		Whole struct {
			Years []struct {
				Year    string
				Total   float64
				Without float64 `json:"without_interest"`
			}
			Grade string
		}
		Composition struct {
			Years []struct {
				Year     string
				Variance float64
			}
			Grade string
		}
	}
	p.decode(base+"/api/v1/spending/outturn", &got)
	if len(got.Whole.Years) != 3 || len(got.Composition.Years) != 3 || got.Whole.Grade != "C" || got.Composition.Grade != "A" {
		p.t.Fatalf("%+v", got)
	}
	for i, y := range got.Whole.Years {
		var whole spent
		for _, d := range divisions[y.Year] {
			whole.add(*d)
		}
		off := 0.0
		for _, d := range divisions[y.Year] {
			off += math.Abs(d.executed - d.approved*whole.executed/whole.approved)
		}
		with := whole
		with.add(*interest[y.Year])
		if interest[y.Year].executed == 0 {
			p.t.Errorf("%s has no interest", y.Year)
		}
		for what, pair := range map[string][2]float64{
			"SDG 16.6.1":       {y.Total, 100 * with.executed / with.approved},
			"without interest": {y.Without, 100 * whole.executed / whole.approved},
			"PI-2.1":           {got.Composition.Years[i].Variance, 100 * off / whole.executed},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-5 {
				p.t.Errorf("%s of %s is %f, worked out %f", what, y.Year, pair[0], pair[1])
			}
		}
	}
	if page := p.answer(base + "/en/spending/1401"); !strings.Contains(page, "has not been reported") || !strings.Contains(page, "Statistical Centre of Iran") {
		p.t.Error("nobody says that an agency has not reported 1401")
	}
}
