package datasets

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// profileOf loads a table with the given limits and returns its profile.
func profileOf(t *testing.T, table *Table, limits profileLimits) []ColumnProfile {
	t.Helper()
	l, err := newLoader(filepath.Join(t.TempDir(), "rows.db"), table.Schema, table.Totals)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	l.profile = newProfiler(table.Schema, table.Totals, limits)
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		if err := l.add(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.endRows(); err != nil {
		t.Fatal(err)
	}
	loaded, err := l.finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return loaded.Profile
}

// naive is all values of a column, as printed and as numbers.
type naive struct {
	nulls  int64
	counts map[string]int64
	reals  []float64 // of what is no text, unscaled
	sum    *big.Rat
}

func naiveColumn(t *testing.T, table *Table, c int) *naive {
	t.Helper()
	col := &table.Schema[c]
	n := &naive{counts: map[string]int64{}, sum: new(big.Rat)}
	at := int64(0)
	for b, err := range table.Scan(0, -1) {
		if err != nil {
			t.Fatal(err)
		}
		v := &b.Columns[c]
		for row := range b.Len {
			at++
			if slices.Contains(table.Totals, at-1) {
				continue
			}
			if v.Null[row] {
				n.nulls++
				continue
			}
			n.counts[string(col.Append(nil, v, row))]++
			switch storageOf(col) {
			case inText:
			case inFloat:
				n.reals = append(n.reals, v.Float[row])
				n.sum.Add(n.sum, new(big.Rat).SetFloat64(v.Float[row]))
			case inInt:
				n.reals = append(n.reals, float64(v.Int[row]))
				n.sum.Add(n.sum, big.NewRat(v.Int[row], int64(math.Pow10(col.Scale))))
			}
		}
	}
	return n
}

func (n *naive) top() []ValueFreq {
	var all []ValueFreq
	for v, count := range n.counts {
		all = append(all, ValueFreq{v, count})
	}
	slices.SortFunc(all, func(a, b ValueFreq) int { return cmp.Compare(b.Count, a.Count) })
	return all
}

// check compares a profile with what it should say.
func (n *naive) check(t *testing.T, c *Column, p *ColumnProfile, exact bool) {
	t.Helper()
	values := p.Rows - p.Nulls
	if p.Nulls != n.nulls {
		t.Errorf("%d nulls, want %d", p.Nulls, n.nulls)
	}
	distinct := int64(len(n.counts))
	if !p.Estimated && p.Distinct != distinct || p.Estimated && math.Abs(float64(p.Distinct-distinct)) > 0.05*float64(distinct)+2 {
		t.Errorf("%d distinct values (estimated: %t), want %d", p.Distinct, p.Estimated, distinct)
	}
	if exact && p.Estimated {
		t.Error("the distinct values are estimated")
	}
	n.checkTop(t, p, exact)
	if c.Numeric() {
		mean, _ := new(big.Rat).Quo(n.sum, new(big.Rat).SetInt64(values)).Float64()
		if p.Mean == nil || *p.Mean != mean {
			t.Errorf("the mean is %v, want %v", p.Mean, mean)
		}
	}
	if c.Type == Text {
		all := n.top()
		slices.SortFunc(all, func(a, b ValueFreq) int { return strings.Compare(a.Value, b.Value) })
		if least, greatest := shorten(all[0].Value), shorten(all[len(all)-1].Value); p.Min != least || p.Max != greatest {
			t.Errorf("from %q to %q, want from %q to %q", p.Min, p.Max, least, greatest)
		}
	}
	if c.Numeric() || c.Type == Date || c.Type == DateTime {
		n.checkHistogram(t, c, p)
	}
}

func (n *naive) checkTop(t *testing.T, p *ColumnProfile, exact bool) {
	t.Helper()
	all := n.top()
	if exact && len(p.Top) != min(len(all), topValues) {
		t.Errorf("%d most frequent values of %d", len(p.Top), len(all))
	}
	for i, top := range p.Top {
		if !slices.ContainsFunc(all, func(v ValueFreq) bool { return shorten(v.Value) == top.Value && v.Count == top.Count }) {
			t.Errorf("%q does not occur %d times", top.Value, top.Count)
		}
		if top.Count != all[i].Count {
			t.Errorf("place %d has a value that occurs %d times, and %q occurs %d times", i+1, top.Count, all[i].Value, all[i].Count)
		}
	}
}

// checkHistogram sorts the values into the bins by comparing numbers.
func (n *naive) checkHistogram(t *testing.T, c *Column, p *ColumnProfile) {
	t.Helper()
	if len(p.Histogram) == 0 || len(p.Histogram) > maxBins {
		t.Fatalf("%d bins", len(p.Histogram))
	}
	var total int64
	for i, bin := range p.Histogram {
		from, to := edge(t, c, bin.From), edge(t, c, bin.To)
		if i > 0 && bin.From != p.Histogram[i-1].To {
			t.Errorf("bin %d begins at %s, and the one before ends at %s", i, bin.From, p.Histogram[i-1].To)
		}
		var want int64
		for _, x := range n.reals {
			if from <= x && (x < to || i == len(p.Histogram)-1 && x == to) {
				want++
			}
		}
		if bin.Count != want {
			t.Errorf("%d values from %s to %s, want %d", bin.Count, bin.From, bin.To, want)
		}
		total += bin.Count
	}
	if total != p.Rows-p.Nulls {
		t.Errorf("the bins hold %d values of %d", total, p.Rows-p.Nulls)
	}
	if first, last := p.Histogram[0], p.Histogram[len(p.Histogram)-1]; first.Count == 0 || last.Count == 0 {
		t.Errorf("the first or last bin is empty: %+v", p.Histogram)
	}
}

func edge(t *testing.T, c *Column, text string) float64 {
	t.Helper()
	v, err := parseSpan(c, strings.TrimSuffix(text, "Z"))
	if err != nil {
		t.Fatalf("edge %q: %v", text, err)
	}
	switch lo := v.lo.(type) {
	case int64:
		return float64(lo)
	case float64:
		return lo
	}
	t.Fatalf("edge %q is no number", text)
	return 0
}

// tight are limits that a small table exceeds.
var tight = profileLimits{values: 100, bytes: 4000, frequent: 80, bins: minBins, precision: 14}

func TestProfileAgreesWithANaiveOne(t *testing.T) {
	for seed := range uint64(4) {
		table := randomTable(seed, testSchema(), 8000)
		exact := profileOf(t, table, limitsFor(len(table.Schema)))
		bounded := profileOf(t, table, tight)
		for c := range table.Schema {
			col := &table.Schema[c]
			n := naiveColumn(t, table, c)
			t.Run(fmt.Sprintf("%d %s", seed, col.Name), func(t *testing.T) {
				n.check(t, col, &exact[c], true)
				n.check(t, col, &bounded[c], false)
				if exact[c].Min != bounded[c].Min || exact[c].Max != bounded[c].Max {
					t.Errorf("range %s to %s, and bounded %s to %s", exact[c].Min, exact[c].Max, bounded[c].Min, bounded[c].Max)
				}
				wantEqual(t, "bounded histogram", bounded[c].Histogram, exact[c].Histogram)
			})
		}
	}
}

func TestTotalsAreLeftOutOfTheProfile(t *testing.T) {
	var values, rest, totals []int64
	for i := range int64(3000) {
		value := i % 40
		if i == 0 || i == 1023 || i == 1024 || i == 1025 || i == 2999 { // at the edges of batches
			value = 1_000_000
			totals = append(totals, i)
		} else {
			rest = append(rest, value)
		}
		values = append(values, value)
	}
	table, want := intTable(values...), intTable(rest...)
	table.Totals = totals
	for _, limits := range []profileLimits{limitsFor(1), tight} {
		wantEqual(t, "profile", profileOf(t, table, limits), profileOf(t, want, limits))
	}
}

// A total may have a value that also stands in other rows; it is left out when
// values are counted again, too.
func TestTotalsAreLeftOutOfCountsMadeAgain(t *testing.T) {
	table := intTable(append(make([]int64, 600), manyValues(5000)...)...)
	table.Totals = []int64{3, 5, 590}
	p := profileOf(t, table, tight)[0]
	if !p.Estimated {
		t.Fatal("the counts are exact: nothing was counted again")
	}
	wantEqual(t, "most frequent", p.Top[:1], []ValueFreq{{"0", 597}})
}

func manyValues(n int64) []int64 {
	var values []int64
	for i := range n {
		values = append(values, 1+i)
	}
	return values
}

func TestFrequentValuesThatComeLateAreFound(t *testing.T) {
	var values []int64
	for i := range int64(5000) {
		values = append(values, i*7)
	}
	for i := range int64(3000) {
		values = append(values, -1-i%3)
	}
	table := intTable(values...)
	for _, limits := range []profileLimits{tight, limitsFor(1)} {
		p := profileOf(t, table, limits)[0]
		want := []ValueFreq{{"-3", 1000}, {"-2", 1000}, {"-1", 1000}}
		wantEqual(t, "most frequent", p.Top[:3], want)
		naiveColumn(t, table, 0).check(t, &table.Schema[0], &p, !p.Estimated)
	}
}

// intTable is a table with one column of integers.
func intTable(values ...int64) *Table {
	t := oneCell(Column{Name: "c", Label: "C", Type: Integer}, Vector{})
	var all []Batch
	for first := 0; first < len(values); first += BatchRows {
		part := values[first:min(first+BatchRows, len(values))]
		all = append(all, Batch{First: int64(first), Len: len(part), Columns: []Vector{{Null: make([]bool, len(part)), Int: part}}})
	}
	t.Rows, t.Scan = int64(len(values)), batches(all...)
	return t
}

func floatTable(values ...float64) *Table {
	t := oneCell(Column{Name: "c", Label: "C", Type: Decimal, Float: true}, Vector{})
	t.Rows = int64(len(values))
	t.Scan = batches(Batch{Len: len(values), Columns: []Vector{{Null: make([]bool, len(values)), Float: values}}})
	return t
}

func TestProfileOfExtremeNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var wild []int64
	for range 2000 {
		wild = append(wild, int64(r.Uint64())>>r.IntN(64))
	}
	for name, table := range map[string]*Table{
		"ends":     intTable(math.MinInt64, math.MaxInt64, 0, math.MaxInt64, math.MaxInt64),
		"least":    intTable(math.MinInt64, math.MinInt64),
		"greatest": intTable(math.MaxInt64, math.MaxInt64-1),
		"one":      intTable(42),
		"wild":     intTable(wild...),
	} {
		t.Run(name, func(t *testing.T) {
			for _, limits := range []profileLimits{limitsFor(1), tight} {
				p := profileOf(t, table, limits)[0]
				n := naiveColumn(t, table, 0)
				mean, _ := new(big.Rat).Quo(n.sum, new(big.Rat).SetInt64(p.Rows)).Float64()
				if *p.Mean != mean {
					t.Errorf("the mean is %v, want %v", *p.Mean, mean)
				}
				var total int64
				for _, bin := range p.Histogram {
					total += bin.Count
				}
				if total != p.Rows || len(p.Histogram) > maxBins {
					t.Errorf("%d values in %d bins, want %d: %+v", total, len(p.Histogram), p.Rows, p.Histogram)
				}
			}
		})
	}
}

func TestProfileOfFloats(t *testing.T) {
	for name, values := range map[string][]float64{
		"tenths":   {0.1, 0.2, 0.3, 0.29, 0.7, 0.6, 0.1, 1.1, 0.57, 0.58},
		"one":      {3.5, 3.5},
		"zero":     {0, 0},
		"far":      {1e-300, 1, 1e300, -1e300},
		"large":    {1e22, 3e22, 5.5e22},
		"negative": {-0.05, -0.01, -0.049},
		"cancel":   {1e16, 1, -1e16, 1, 1e-3},
	} {
		t.Run(name, func(t *testing.T) {
			table := floatTable(values...)
			p := profileOf(t, table, limitsFor(1))[0]
			n := naiveColumn(t, table, 0)
			n.check(t, &table.Schema[0], &p, true)
		})
	}
	p := profileOf(t, floatTable(math.MaxFloat64, math.MaxFloat64), limitsFor(1))[0]
	if p.Mean != nil && *p.Mean != math.MaxFloat64 {
		t.Errorf("the mean is %v", *p.Mean)
	}
}

func TestHistogramHasRoundEdges(t *testing.T) {
	p := profileOf(t, intTable(3, 17, 88, 95, 41), limitsFor(1))[0]
	wantEqual(t, "bins", []string{p.Histogram[0].From, p.Histogram[0].To, p.Histogram[len(p.Histogram)-1].To}, []string{"0", "5", "100"})
	days := intTable(19_000, 19_400, 19_500)
	days.Schema[0].Type = Date
	p = profileOf(t, days, limitsFor(1))[0]
	wantEqual(t, "bins of days", []string{p.Histogram[0].From, p.Histogram[0].To}, []string{"2022-01-01", "2022-02-01"})
	moments := intTable(1_700_000_000_000_000, 1_700_000_030_000_000)
	moments.Schema[0].Type = DateTime
	p = profileOf(t, moments, limitsFor(1))[0]
	wantEqual(t, "bins of moments", []string{p.Histogram[0].From, p.Histogram[0].To}, []string{"2023-11-14T22:13:20", "2023-11-14T22:13:25"})
}

func TestProfileOfLongTextsIsShort(t *testing.T) {
	long := strings.Repeat("پ", 3000)
	p := profileOf(t, textTable(long, "a", long, long+"x", ""), tight)[0]
	if got := []rune(p.Max); len(got) != maxPrint+1 || got[maxPrint] != '…' {
		t.Errorf("the greatest value is shown with %d characters", len(got))
	}
	if p.Min != "" || p.Distinct != 4 {
		t.Errorf("%d distinct values from %q", p.Distinct, p.Min)
	}
}

func TestProfileMemoryIsBounded(t *testing.T) {
	for _, columns := range []int{1, 12, 500, 5000, 16_384} {
		l := limitsFor(columns)
		const tallyBytes = 100 // of a value with its places in map and slice
		most := int64(columns) * (int64(l.values)*tallyBytes + l.bytes + int64(l.bins)*40 + 1<<l.precision)
		if most > 600<<20 {
			t.Errorf("a profile of %d columns may take %s", columns, byteSize(most))
		}
	}
}
