package fiscal

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestAmountsAreExact(t *testing.T) {
	for _, c := range []struct {
		factor        int64
		scale, digits int
		n             int64
		want          Amount
		rounded, ok   bool
	}{
		{1, 2, 2, 12345, 12345, false, true},
		{1000, 0, 0, 12, 12000, false, true},
		{1_000_000, 0, 1, 125, 12_500_000, false, true},
		{1, 2, 5, 149999, 150, true, true},
		{1, 2, 5, -150500, -151, true, true}, // half away from zero
		{1, 0, 2, 150, 2, true, true},
		{1_000_000, 2, 0, 92_233_720_368, 9_223_372_036_800_000_000, false, true},
		{1_000_000, 2, 0, 92_233_720_369, 0, false, false},
		{1, 0, 0, math.MinInt64, 0, false, false},
		{maxFactor, 3, 0, math.MaxInt64, 0, false, false},
	} {
		got, rounded, ok := newUnit(c.factor, c.scale, c.digits).amount(c.n)
		if ok != c.ok || ok && (got != c.want || rounded != c.rounded) {
			t.Errorf("%+v: %d, %t, %t", c, got, rounded, ok)
		}
	}
}

// TestBothWaysToAnAmountAgree compares integers with the same numbers as text.
func TestBothWaysToAnAmountAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 403))
	for range 5000 {
		n, digits := r.Int64()>>r.IntN(60), r.IntN(9)
		if r.IntN(2) == 0 {
			n = -n
		}
		factor := []int64{1, 1000, 1_000_000}[r.IntN(3)]
		scale := r.IntN(4)
		text := new(big.Rat).SetFrac(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)).FloatString(digits)
		a, rounded, ok := newUnit(factor, scale, digits).amount(n)
		b, rounded2, ok2 := newUnit(factor, scale, 0).amountOf(text)
		if ok != ok2 || ok && (a != b || rounded != rounded2) {
			t.Fatalf("%d of %d digits (%s): %d %t %t, %d %t %t", n, digits, text, a, rounded, ok, b, rounded2, ok2)
		}
	}
}

func TestNumbersAsTablesWriteThem(t *testing.T) {
	for _, c := range []struct{ text, decimal, group, want string }{
		{"1,234.50", "", "", "1234.50"},
		{"1.234,50", ",", ".", "1234.50"},
		{"۱۲٬۳۴۵٫۶", "", "", "12345.6"},
		{"(120)", "", "", "-120"},
		{"120-", "", "", "-120"},
		{"−5", "", "", "-5"},
		{"1 234", "", "", "1234"},
		{"-", "", "", ""},
		{"n/a", "", "", ""},
		{" ", "", "", ""},
		{"x3", "", "", "x3"},
	} {
		if got := plainNumber(c.text, c.decimal, c.group); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	for _, text := range []string{"", "1/2", "0x10", "1_000", "1e999999999", "Inf", "NaN", "٣٣٣", "1e31"} {
		if r, ok := ratOf(text); ok {
			t.Errorf("%q is %s", text, r)
		}
	}
}

func TestCurrencyBesideAnAmount(t *testing.T) {
	for text, want := range map[string][2]string{
		"5.172.338,50 kn": {"5.172.338,50", "HRK"}, "€ 3": {"3", "EUR"}, "$12": {"12", "$"}, "12 zł": {"12", "PLN"},
		"12 تومان": {"12", "IRT"}, "7 ريال": {"7", "IRR"}, "12": {"12", ""}, "x": {"x", ""}, "12 pieces": {"12 pieces", ""},
	} {
		if bare, code := cutCurrency(text); bare != want[0] || code != want[1] {
			t.Errorf("%q: %q, %q", text, bare, code)
		}
	}
}
