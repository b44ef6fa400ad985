package datasets

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestConditionsThatExcludeEachOtherAreFound(t *testing.T) {
	schema := Schema{
		{Name: "name", Type: Text},
		{Name: "n", Type: Integer},
		{Name: "amount", Type: Decimal, Scale: 2},
		{Name: "rate", Type: Decimal, Float: true},
		{Name: "open", Type: Boolean},
		{Name: "day", Type: Date},
	}
	for _, c := range []struct{ query, want string }{
		{"", ""},
		{"n=1", ""},
		{"n=1&n=2", ""}, // either
		{"n=1&n__in=2,3", "n eq 1; n in 2,3"},
		{"n__gte=10&n__lte=5&name=a", "n gte 10; n lte 5"},
		{"n__gte=10&n__lte=10", ""},
		{"n__gt=10&n__lt=11", "n gt 10; n lt 11"},
		{"amount__gt=10&amount__lt=11", ""},
		{"rate__gt=10&rate__lt=10", "rate gt 10; rate lt 10"},
		{"rate__gt=10&rate__lt=11&rate__not=10.5", ""},
		{"n=1.5", "n eq 1.5"},
		{"n=1&n__not=1", "n eq 1; n not 1"},
		{"n__not=1&n__not=2", ""},
		{"n__isnull=true&n__gt=1", "n gt 1; n isnull true"},
		{"n__isnull=true&n__not=1", ""},
		{"n__isnull=true&n__isnull=false", "n isnull true; n isnull false"},
		{"n__isnull=false&n__not=1", ""},
		{"open=true&open__not=true", "open eq true; open not true"},
		{"open__not=true&open__not=false", ""}, // null is neither
		{"open__not=true&open__not=false&open__isnull=false", "open isnull false; open not true; open not false"},
		{"day=2024&day__not=2024-05", ""},
		{"day=2024-05&day__not=2024", "day eq 2024-05; day not 2024"},
		{"day__gte=1403&day__lt=2024-01-01", "day gte 1403; day lt 2024-01-01"},
		{"name=علی&name__in=علي,b", ""}, // the same word
		{"name=a&name__contains=b", "name eq a; name contains b"},
		{"name=ab&name__contains=b&name__startswith=A", ""},
		{"name__startswith=ab&name__startswith=a", ""},
		{"name__startswith=ab&name__startswith=b&name__contains=c", "name startswith ab; name startswith b"},
		{"name__contains=a&name__not=a", ""},
		{"name__gt=ی&name__lt=ب&n__gt=3", "name gt ی; name lt ب"},
		{"name__gte=ب&name__lte=ب", ""},
		{"name__gt=ب&name__lte=ب", "name gt ب; name lte ب"},
		{"n__gte=10&n__lte=5&amount__gt=3&amount__lt=2", "amount gt 3; amount lt 2"}, // the first that do
	} {
		values, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := ParseRowQuery(schema, values)
		if err != nil {
			t.Errorf("%s: %v", c.query, err)
			continue
		}
		var got []string
		for _, i := range q.Excluding(schema) {
			f := q.Filters[i]
			got = append(got, f.Column+" "+string(f.Op)+" "+strings.Join(f.Values, ","))
		}
		want := strings.Split(c.want, "; ")
		if c.want == "" {
			want = nil
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.query, got, want)
		}
	}
	if got := (&RowQuery{Filters: []Filter{{Column: "none", Op: Equal, Values: []string{"1"}}}}).Excluding(schema); got != nil {
		t.Errorf("a query that is wrong: %v", got)
	}
}

func TestAListWithoutValuesIsNoCondition(t *testing.T) {
	schema := Schema{{Name: "n", Type: Integer}}
	for query, wrong := range map[string]bool{"n__in=": true, "n__in=&n__in=": true, "n__in=&n__in=3": false, "n=": false, "n__gt=": false} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ParseRowQuery(schema, values)
		if (err != nil) != wrong {
			t.Errorf("%s: %v", query, err)
		}
		if wrong && !strings.Contains(err.Error(), "n__in") {
			t.Errorf("%s: the error %q does not name the parameter", query, err)
		}
	}
}
