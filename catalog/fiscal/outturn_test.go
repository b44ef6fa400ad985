package fiscal

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// planned are lines of three years, the executed amounts a little beside the
// approved ones.
func planned(r *rand.Rand, spread int64) []testLine {
	var all []testLine
	for _, y := range jalaliYears {
		for part := 1; part <= 10; part++ {
			approved := 1_000_000 + r.Int64N(9_000_000)
			all = append(all, testLine{
				year: y.year, admin: strconv.Itoa(part), cofog: fmt.Sprintf("%02d/%02d.1", part, part), gfsm: "22",
				amounts: map[Phase]Amount{Approved: approved, Adjusted: approved * 3, Executed: approved * (1000 - spread + r.Int64N(2*spread)) / 1000},
			})
		}
		debt := 500_000 + r.Int64N(500_000)
		all = append(all, testLine{year: y.year, admin: "1", cofog: "01/01.7", gfsm: "24", amounts: map[Phase]Amount{Approved: debt, Executed: debt * 2}})
	}
	return all
}

// rate is the sum of the executed amounts of the lines that keep keeps, in
// percent of the approved ones: worked out line by line.
func rate(lines []testLine, keep func(*testLine) bool) *big.Rat {
	done, plan := new(big.Rat), new(big.Rat)
	for i := range lines {
		if l := &lines[i]; keep(l) {
			done.Add(done, new(big.Rat).SetInt64(l.amounts[Executed]))
			plan.Add(plan, new(big.Rat).SetInt64(l.amounts[Approved]))
		}
	}
	return done.Mul(done.Quo(done, plan), big.NewRat(100, 1))
}

// apart is PI-2.1 of a year: the divisions without interest, each adjusted by
// how the whole came out.
func apart(lines []testLine, year string) *big.Rat {
	plan, done := map[string]*big.Rat{}, map[string]*big.Rat{}
	allPlan, allDone := new(big.Rat), new(big.Rat)
	for _, l := range lines {
		if l.year != year || l.gfsm == "24" {
			continue
		}
		part := l.cofog[:2]
		if plan[part] == nil {
			plan[part], done[part] = new(big.Rat), new(big.Rat)
		}
		a, e := new(big.Rat).SetInt64(l.amounts[Approved]), new(big.Rat).SetInt64(l.amounts[Executed])
		plan[part].Add(plan[part], a)
		done[part].Add(done[part], e)
		allPlan.Add(allPlan, a)
		allDone.Add(allDone, e)
	}
	off, adjusted := new(big.Rat), new(big.Rat)
	for part := range plan {
		as := new(big.Rat).Mul(plan[part], new(big.Rat).Quo(allDone, allPlan))
		adjusted.Add(adjusted, as)
		off.Add(off, new(big.Rat).Abs(new(big.Rat).Sub(done[part], as)))
	}
	return off.Mul(off.Quo(off, adjusted), big.NewRat(100, 1))
}

func TestIndicatorsOfTheOutturnAreThoseOfTheLines(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	p := newPurse(t, "Roads", "Health")
	var lines []testLine
	of := map[string][]testLine{}
	for i := range p.agencies {
		own := planned(r, 40)
		p.budget(i, own, nil, jalaliYears...)
		lines = append(lines, own...)
		of[p.agencies[i].Slug] = own
	}
	o, err := p.f.Outturn(t.Context(), p.scope(""), today)
	o = must(t, o, err)
	if len(o.Whole.Years) != 3 || len(o.Agencies) != 2 || len(o.Functions) != 10 {
		t.Fatalf("%+v", o)
	}
	within := 0
	for i, y := range o.Whole.Years {
		inYear := func(l *testLine) bool { return l.year == y.Year }
		same(t, "whole "+y.Year, y.Total, rate(lines, inYear))
		same(t, "whole without interest "+y.Year, y.WithoutInterest, rate(lines, func(l *testLine) bool { return inYear(l) && l.gfsm != "24" }))
		same(t, "composition "+y.Year, o.Composition.Years[i].Variance, apart(lines, y.Year))
		for _, a := range o.Agencies {
			same(t, a.Code+" "+y.Year, a.Years[i].Total, rate(of[a.Code], inYear))
			same(t, a.Code+" without interest "+y.Year, a.Years[i].WithoutInterest, rate(of[a.Code], func(l *testLine) bool { return inYear(l) && l.gfsm != "24" }))
		}
		for _, f := range o.Functions {
			part := func(l *testLine) bool { return inYear(l) && l.cofog[:2] == f.Code }
			same(t, f.Code+" "+y.Year, f.Years[i].Total, rate(lines, part))
			same(t, f.Code+" without interest "+y.Year, f.Years[i].WithoutInterest, rate(lines, func(l *testLine) bool { return part(l) && l.gfsm != "24" }))
		}
		if f, _ := rate(lines, inYear).Float64(); f >= 95 && f <= 105 {
			within++
		}
	}
	if (o.Whole.Grade == "A") != (within >= 2) || o.Composition.Grade == "" || o.Composition.Heads != OutturnFunction {
		t.Errorf("%s with %d years within, %+v", o.Whole.Grade, within, o.Composition)
	}
}

func same(t *testing.T, what string, got *Ratio, want *big.Rat) {
	t.Helper()
	if got == nil || got.of.Cmp(want) != 0 {
		t.Errorf("%s is %v, want %s", what, got, want.FloatString(6))
	}
}

func TestGradesAreThoseOfPEFA(t *testing.T) {
	for _, c := range []struct {
		percent []int64
		want    string
	}{
		{[]int64{95, 105, 50}, "A"}, {[]int64{94, 105, 110}, "B"}, {[]int64{85, 116, 115}, "C"}, {[]int64{84, 116, 100}, "D"},
	} {
		o := Outturn{}
		for _, n := range c.percent {
			o.Years = append(o.Years, OutturnYear{Total: ratio(big.NewInt(n), big.NewInt(100))})
		}
		if o.grade(); o.Grade != c.want {
			t.Errorf("%v is %s, want %s", c.percent, o.Grade, c.want)
		}
	}
}

// whys are the kinds of reasons.
func whys(all []Lack) []string {
	var kinds []string
	for _, l := range all {
		kinds = append(kinds, l.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func TestWhatIsMissingIsSaidInsteadOfAFigure(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	without := func(lines []testLine, year string, p Phase) []testLine {
		out := slices.Clone(lines)
		for i := range out {
			if out[i].year == year {
				kept := map[Phase]Amount{}
				for phase, a := range out[i].amounts {
					if phase != p {
						kept[phase] = a
					}
				}
				out[i].amounts = kept
			}
		}
		return out
	}
	lines := planned(r, 10)
	partial := slices.Clone(jalaliYears)
	partial[2].until = "2026-01-20"
	unclassified := slices.Clone(lines)
	for i := range unclassified {
		unclassified[i].gfsm = Unclassified
	}
	for _, c := range []struct {
		name        string
		lines       []testLine
		years       []testYear
		why, whyNot []string // of the whole, and of the last year without interest
	}{
		{"two years", lines[:len(lines)*2/3], jalaliYears[:2], []string{LackYears}, nil},
		{"no outturn", without(lines, "1404", Executed), jalaliYears, []string{LackPhase}, nil},
		{"no approved budget", without(lines, "1403", Approved), jalaliYears, []string{LackPhase}, nil},
		{"a part of a year", lines, partial, []string{LackPartial}, nil},
		{"no economic class", unclassified, jalaliYears, nil, []string{LackUnnamed}},
	} {
		p := newPurse(t, "Roads")
		p.budget(0, c.lines, nil, c.years...)
		o, err := p.f.Outturn(t.Context(), p.scope(""), today)
		o = must(t, o, err)
		if !slices.Equal(whys(o.Whole.Why), c.why) || (o.Whole.Grade == "") != (c.why != nil) {
			t.Errorf("%s: %q, grade %q", c.name, whys(o.Whole.Why), o.Whole.Grade)
		}
		if last := o.Whole.Years[len(o.Whole.Years)-1]; !slices.Equal(whys(last.WhyInterest), c.whyNot) {
			t.Errorf("%s: without interest %q", c.name, whys(last.WhyInterest))
		}
	}
}

func TestAgenciesWithoutABudgetOfAYearKeepTheWholeFromAFigure(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	p := newPurse(t, "Roads", "Health")
	lines := planned(r, 10)
	p.budget(0, lines, nil, jalaliYears...)
	p.budget(1, lines[:len(lines)/3], nil, jalaliYears[0])
	o, err := p.f.Outturn(t.Context(), p.scope(""), today)
	o = must(t, o, err)
	if last := o.Whole.Years[2]; last.Total != nil || !slices.Equal(whys(last.Why), []string{LackBudget}) || last.Why[0].Agency != "health" {
		t.Errorf("%+v", last)
	}
	if o.Agencies[1].Code != "roads" || o.Agencies[1].Grade == "" {
		t.Errorf("%+v", o.Agencies)
	}
}

func TestDocumentsAreDueLateOrInTime(t *testing.T) {
	p := newPurse(t, "Treasury")
	publisher := catalog.Actor{Person: "p", Roles: map[string]catalog.Role{p.agencies[0].ID: catalog.Publisher}}
	for _, c := range []struct {
		due, came, state string
		days             int
	}{
		{"2026-11-25", "", DocumentDue, 3}, {"2026-11-20", "", DocumentLate, 2}, {"2026-11-20", "2026-11-19", DocumentInTime, 1}, {"2026-11-20", "2026-11-24", DocumentCame, 4},
	} {
		d := Document{Agency: p.agencies[0].ID, Year: "1405", Kind: "enacted", Due: c.due, Came: c.came}
		p.do(func(tx *catalog.Tx) error { return PutDocument(tx, &publisher, &d) })
		all, err := p.f.Documents(t.Context(), "1405")
		if all = must(t, all, err); len(all) != 1 || all[0] != d {
			t.Fatalf("%+v", all)
		}
		if state, days := all[0].State(today); state != c.state || days != c.days {
			t.Errorf("%+v is %s by %d", c, state, days)
		}
	}
	for field, d := range map[string]Document{
		"kind": {Agency: p.agencies[0].ID, Year: "1405", Kind: "poem", Due: "2026-11-20"}, "due": {Agency: p.agencies[0].ID, Year: "1405", Kind: "audit", Due: "soon"},
		"url": {Agency: p.agencies[0].ID, Year: "1405", Kind: "audit", Due: "2026-11-20", URL: "javascript:alert(1)"},
	} {
		err := p.store.Write(t.Context(), func(tx *catalog.Tx) error { return PutDocument(tx, &publisher, &d) })
		if err == nil {
			t.Errorf("a wrong %s is taken", field)
		}
	}
	if err := p.store.Write(t.Context(), func(tx *catalog.Tx) error {
		return PutDocument(tx, &catalog.Actor{}, &Document{Agency: p.agencies[0].ID, Year: "1405", Kind: "audit", Due: "2026-11-20"})
	}); err == nil {
		t.Error("anybody may write it")
	}
}

func TestPopulationIsReadWithItsSource(t *testing.T) {
	all, err := ReadPopulation(`{"1403": {"people": 85961000, "source": "census office"}}`)
	if all = must(t, all, err); all["1403"].People != 85961000 {
		t.Errorf("%+v", all)
	}
	for _, bad := range []string{`[]`, `{"x": {"people": 1, "source": "s"}}`, `{"1403": {"people": 0, "source": "s"}}`, `{"1403": {"people": 5}}`} {
		if _, err := ReadPopulation(bad); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
