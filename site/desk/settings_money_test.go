package desk

import "testing"

func TestPopulationIsTypedALineAYear(t *testing.T) {
	for _, c := range []struct {
		typed, want string
		bad         int
	}{
		{"", "", 0},
		{"1403, 85961000, Statistical Centre", `{"1403":{"people":85961000,"source":"Statistical Centre"}}`, 0},
		{"۱۴۰۳، ۸۵٬۹۶۱٬۰۰۰، مرکز آمار\n\n2014-15; 7; a, b", `{"1403":{"people":85961000,"source":"مرکز آمار"},"2014-15":{"people":7,"source":"a, b"}}`, 0},
		{"1403, 85961000", "", 1},
		{"1403, 1, x\n1404, many, x", "", 2},
		{"year, 1, x", "", 1},
		{"1403, -1, x", "", 1},
	} {
		if got, bad := typedPopulation(c.typed); got != c.want || bad != c.bad {
			t.Errorf("%q: %q, line %d is bad; want %q, %d", c.typed, got, bad, c.want, c.bad)
		}
	}
}
