package datasets

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is said to print as it is written does, in columns of any type.
func TestCanonicalTextsPrintAsTheyAreWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	pieces := []string{"0", "0", "00", "1", "7", "12", "2026", "1405", "-", "-", "/", ".", ".", ",", " ", "۱", "true", "false", "True", "e5", "+", "2026-11-22", "2026-۱-01", "12.50", "€"}
	columns := []Column{{Type: Integer}, {Type: Decimal, Scale: 2, Fixed: true}, {Type: Decimal, Scale: 3}, {Type: Decimal, Scale: 1}, {Type: Decimal, Float: true}, {Type: Boolean}, {Type: Date}}
	said := map[Type]int{}
	for range 300_000 {
		var text strings.Builder
		for range 1 + r.IntN(4) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		c := columns[r.IntN(len(columns))]
		f := format{typ: c.Type, layout: []layout{isoLayout, dmyLayout, jalaliLayout}[r.IntN(3)], style: style(r.IntN(int(styles)))}
		var v Vector
		v.Reset(&c, 1)
		raw := []byte(text.String())
		if !f.parse(&c, &v, 0, raw) || !f.canonical(&c, &v, 0, raw) {
			continue
		}
		said[c.Type]++
		if got := c.Append(nil, &v, 0); string(got) != text.String() {
			t.Fatalf("%q in a column %+v of format %+v prints as %q", raw, c, f, got)
		}
	}
	if len(said) != 4 {
		t.Errorf("only of %v was it said", said)
	}
}
