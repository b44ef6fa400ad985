package columnar

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// values is a column as a test knows it: nil is null.
type values []any

// random returns a column with so many different values, in both forms.
func random(r *rand.Rand, rows, different int, coded, floats bool) (*Column, values) {
	var dictInts []int64
	var dictFloats []float64
	for i := range different {
		dictInts = append(dictInts, int64(i)*(math.MaxInt64/int64(different))-math.MaxInt64/2)
		dictFloats = append(dictFloats, float64(i)*1.25-10)
	}
	c := &Column{Rows: rows}
	v := make(values, rows)
	if coded {
		c.Codes = NewCodes(rows, different)
		c.Ints, c.Floats = dictInts, nil
		if floats {
			c.Ints, c.Floats = nil, dictFloats
		}
	} else {
		c.Nulls = NewBitmap(rows)
		if floats {
			c.Floats = make([]float64, rows)
		} else {
			c.Ints = make([]int64, rows)
		}
	}
	for row := range rows {
		code := r.IntN(different + 1)
		if coded {
			c.Codes.Put(row, uint32(code))
		}
		switch {
		case code == different:
			if !coded {
				c.Nulls.Set(row)
			}
		case floats:
			v[row] = dictFloats[code]
			if !coded {
				c.Floats[row] = dictFloats[code]
			}
		default:
			v[row] = dictInts[code]
			if !coded {
				c.Ints[row] = dictInts[code]
			}
		}
	}
	return c, v
}

func someRows(r *rand.Rand, rows int) Bitmap {
	if r.IntN(3) == 0 {
		return nil
	}
	b := NewBitmap(rows)
	for row := range rows {
		if r.IntN(3) == 0 && row/3000%2 == 0 {
			b.Set(row)
		}
	}
	return b
}

func compareValues(a, b any) int {
	switch a := a.(type) {
	case nil:
		if b == nil {
			return 0
		}
		return 1
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	}
	return -1
}

func TestRowsAreOrdered(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		rows := 1 + r.IntN(9000)
		var orders []Order
		var all []values
		for range 1 + r.IntN(3) {
			c, v := random(r, rows, 1+r.IntN(400), r.IntN(2) == 0, r.IntN(2) == 0)
			orders, all = append(orders, Order{c, r.IntN(2) == 0}), append(all, v)
		}
		set := someRows(r, rows)
		var want []uint32
		for row := range rows {
			if set == nil || set.Has(row) {
				want = append(want, uint32(row))
			}
		}
		slices.SortStableFunc(want, func(a, b uint32) int {
			for i, v := range all {
				c := compareValues(v[a], v[b])
				if orders[i].Desc && v[a] != nil && v[b] != nil {
					c = -c
				}
				if c != 0 {
					return c
				}
			}
			return 0
		})
		if got := Sort(orders, set); !slices.Equal(got, want) {
			t.Fatalf("seed %d: not sorted", seed)
		}
		k := 1 + r.IntN(150)
		for at, after := 0, -1; at < min(len(want), 20*k); at += k {
			got, err := First(t.Context(), orders, set, k, after)
			if err != nil || !slices.Equal(got, want[at:min(at+k, len(want))]) {
				t.Fatalf("seed %d: the page of %d behind %d is wrong, error %v", seed, k, at, err)
			}
			after = int(got[len(got)-1])
		}
	}
}

// group is what a test computes of a group.
type group struct {
	rows, n  int64
	sum      *big.Float
	min, max any
}

// naive groups without columns.
func naive(keys []values, of values, set Bitmap) map[string]*group {
	groups := map[string]*group{}
	for row := range of {
		if set != nil && !set.Has(row) {
			continue
		}
		parts := []any{}
		for _, k := range keys {
			parts = append(parts, k[row])
		}
		key := fmt.Sprint(parts)
		g := groups[key]
		if g == nil {
			g = &group{sum: new(big.Float).SetPrec(2000)}
			groups[key] = g
		}
		g.rows++
		if of[row] == nil {
			continue
		}
		g.n++
		switch v := of[row].(type) {
		case int64:
			g.sum.Add(g.sum, new(big.Float).SetInt64(v))
		case float64:
			g.sum.Add(g.sum, new(big.Float).SetFloat64(v))
		}
		if g.n == 1 || compareValues(of[row], g.min) < 0 {
			g.min = of[row]
		}
		if g.n == 1 || compareValues(of[row], g.max) > 0 {
			g.max = of[row]
		}
	}
	return groups
}

func TestGroupsAreThoseOfANaiveLoop(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		rows := 1 + r.IntN(9000)
		if seed == 0 {
			rows = 1 << 18 // several workers
		}
		var keys []*Column
		var known []values
		for range r.IntN(4) {
			c, v := random(r, rows, 1+r.IntN(700), r.IntN(3) > 0, r.IntN(3) == 0)
			keys, known = append(keys, c), append(known, v)
		}
		of, v := random(r, rows, 1+r.IntN(500), r.IntN(2) == 0, r.IntN(2) == 0)
		set := someRows(r, rows)
		got, err := Group(t.Context(), keys, []Measure{{Sum, of}, {Min, of}, {Max, of}}, set, rows, rows)
		if err != nil {
			t.Fatal(err)
		}
		want := naive(known, v, set)
		if len(keys) == 0 && len(want) == 0 {
			want["[]"] = &group{sum: new(big.Float)}
		}
		if len(got.Rows) != len(want) {
			t.Fatalf("seed %d: %d groups, want %d", seed, len(got.Rows), len(want))
		}
		var before []any
		for i := range got.Rows {
			parts := []any{}
			for k := range keys {
				parts = append(parts, keyValue(keys[k], &got.Keys[k], i))
			}
			key := fmt.Sprint(parts)
			if i > 0 && slices.CompareFunc(before, parts, compareValues) >= 0 {
				t.Fatalf("seed %d: group %v comes behind %v", seed, parts, before)
			}
			before = parts
			if g, w := found(of, got, i), want[key]; w == nil || !reflect.DeepEqual([]any{g.rows, g.n, g.min, g.max}, []any{w.rows, w.n, w.min, w.max}) || g.sum.Cmp(w.sum) != 0 {
				t.Fatalf("seed %d: group %s\ngot  %v\nwant %v", seed, key, g, w)
			}
		}
	}
}

func keyValue(c *Column, k *Key, i int) any {
	code := k.Codes[i]
	switch {
	case code == k.Null:
		return nil
	case k.Ints != nil:
		return k.Ints[code]
	case k.Floats != nil:
		return k.Floats[code]
	case c.Floats != nil:
		return c.Floats[code]
	}
	return c.Ints[code]
}

// found is what Group computed of a group.
func found(of *Column, g *Groups, i int) *group {
	sum, least, most := &g.Measures[0], &g.Measures[1], &g.Measures[2]
	out := &group{rows: g.Rows[i], n: sum.N[i], sum: new(big.Float).SetPrec(2000)}
	switch {
	case sum.Big != nil:
		n := new(big.Int).Lsh(big.NewInt(sum.Big[i].Hi), 64)
		out.sum.SetInt(n.Add(n, new(big.Int).SetUint64(sum.Big[i].Lo)))
	case sum.Reals != nil:
		out.sum.SetFloat64(sum.Reals[i].Sum).Add(out.sum, new(big.Float).SetFloat64(sum.Reals[i].Rest))
	default:
		out.sum.SetInt64(sum.Ints[i])
	}
	if out.n == 0 {
		return out
	}
	value := func(v *Values) any {
		switch {
		case v.Float != nil:
			return v.Float[i]
		case of.Codes != nil && of.Floats != nil:
			return of.Floats[v.Ints[i]]
		case of.Codes != nil:
			return of.Ints[v.Ints[i]]
		}
		return v.Ints[i]
	}
	out.min, out.max = value(least), value(most)
	return out
}

func TestTooManyGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	coded, _ := random(r, 5000, 300, true, false)
	plain, _ := random(r, 5000, 4000, false, false)
	for _, keys := range [][]*Column{{coded}, {plain}, {coded, plain}} {
		if _, err := Group(t.Context(), keys, nil, nil, 5000, 200); !errors.Is(err, ErrTooMany) {
			t.Errorf("error %v", err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Group(ended, []*Column{coded}, nil, nil, 5000, 5000); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestSpans(t *testing.T) {
	c, v := random(rand.New(rand.NewPCG(1, 4)), 1000, 50, false, false)
	spans := []Span[int64]{{math.MinInt64, -1 << 61}, {0, 1 << 60}, {1<<61 + 5, math.MaxInt64}}
	rows := c.Within(spans)
	for row := range v {
		want := false
		if n, ok := v[row].(int64); ok {
			want = n <= -1<<61 || n >= 0 && n <= 1<<60 || n > 1<<61+4
		}
		if rows.Has(row) != want {
			t.Fatalf("row %d, value %v: %t", row, v[row], !want)
		}
	}
	if n := c.Within(nil).Count(); n != 0 {
		t.Errorf("no span takes %d rows", n)
	}
}

func TestBitmap(t *testing.T) {
	b := NewBitmap(200)
	rows := []int{0, 5, 63, 64, 127, 128, 199}
	for _, row := range rows {
		b.Set(row)
	}
	if got := slices.Collect(b.All(0)); !slices.Equal(got, rows) {
		t.Errorf("rows %v", got)
	}
	for i, row := range rows {
		if got := b.Nth(int64(i)); got != row {
			t.Errorf("row %d is %d, want %d", i, got, row)
		}
	}
	if b.Nth(7) != -1 || b.Next(200) != -1 || b.Count() != 7 || Full(200).Count() != 200 {
		t.Error("the end is not found")
	}
}
