package datasets

import (
	"iter"
	"net/url"
	"testing"
)

func parseQuery(tb testing.TB, query string) url.Values {
	tb.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		tb.Fatal(err)
	}
	return values
}

// batches is a scan that yields what it is given.
func batches(all ...Batch) func(from, to int64) iter.Seq2[*Batch, error] {
	return func(int64, int64) iter.Seq2[*Batch, error] {
		return func(yield func(*Batch, error) bool) {
			for i := range all {
				if !yield(&all[i], nil) {
					return
				}
			}
		}
	}
}

func TestParseScaled(t *testing.T) {
	for _, c := range []struct {
		text   string
		scale  int
		lo, hi int64
		ok     bool
	}{
		{"12.5", 2, 1250, 1250, true},
		{"12.500", 1, 125, 125, true},
		{"12.34", 1, 124, 123, true},
		{"-12.34", 1, -123, -124, true},
		{"-0.5", 0, 0, -1, true},
		{"0.5", 0, 1, 0, true},
		{".5", 1, 5, 5, true},
		{"+7", 0, 7, 7, true},
		{"7.", 0, 7, 7, true},
		{"-9223372036854775808", 0, -1 << 63, -1 << 63, true},
		{"9223372036854775808", 0, 0, 0, false},
		{"", 0, 0, 0, false},
		{".", 0, 0, 0, false},
		{"--5", 0, 0, 0, false},
		{"1e3", 0, 0, 0, false},
		{"1,000", 0, 0, 0, false},
	} {
		lo, hi, err := parseScaled(c.text, c.scale)
		if (err == nil) != c.ok || c.ok && (lo != c.lo || hi != c.hi) {
			t.Errorf("%q scale %d: %d to %d, error %v", c.text, c.scale, lo, hi, err)
		}
	}
}

func FuzzParseRowQuery(f *testing.F) {
	for _, q := range []string{"_sort=-id&few__in=1,2", "agency__contains=%00", "day=1403/05/12", "at__lte=2024-01-01T10:00:00Z", "_after=AAAA", "_group=day__jyear,agency&_sum=amount,few&_sort=-count", "_avg=rate&_min=agency&few__gt=0"} {
		f.Add(q)
	}
	files := openFiles(f)
	r := load(f, files, randomTable(1, testSchema(), 50))
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		q, err := ParseRowQuery(r.Schema(), values)
		if err != nil {
			if _, ok := err.(*InputError); !ok { //nolint:errorlint // it is never wrapped
				t.Fatalf("error %v of type %T", err, err)
			}
			return
		}
		if q.After != "" {
			return
		}
		if _, err := r.Page(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	})
}
