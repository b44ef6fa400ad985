package datasets

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestGroupQueriesThatAreWrongNameWhatIs(t *testing.T) {
	s := testSchema()
	for query, want := range map[string]string{
		"_group=agenc":                 `_group: there is no column "agenc"; did you mean "agency"?`,
		"_group=day__week":             `_group: a date has no part "week"; it has year, quarter, month, day, jyear, jmonth`,
		"_group=few__year":             `_group: few is no date but integer, and has no year`,
		"_sum=agency":                  `_sum: agency is no number but text; count it, or take _min or _max`,
		"_avg=day":                     `_avg: day is no number but date; count it, or take _min or _max`,
		"_sum=amont":                   `_sum: there is no column "amont"; did you mean "amount"?`,
		"_count=few":                   `_count: it counts rows and takes no column: leave it empty or give 1, not "few"`,
		"_group=few&_sort=amount":      `_sort: there is no column "amount"; did you mean "count", "few"?`,
		"_group=few&_select=day":       `_select: there is no column "day"; did you mean "few", "count"?`,
		"_group=few&_sum=few&_sort=fe": `_sort: there is no column "fe"; did you mean "few", "few__sum"?`,
	} {
		_, err := ParseRowQuery(s, parseQuery(t, query))
		if input := (*InputError)(nil); !errors.As(err, &input) || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", query, err, want)
		}
	}
	many := make([]string, 100)
	for i := range many {
		many[i] = fmt.Sprintf("few__not=%d", i)
	}
	_, err := ParseRowQuery(s, parseQuery(t, strings.Join(many, "&")))
	if err == nil || err.Error() != "few: there are more than 50 filters" {
		t.Errorf("error %v", err)
	}
}

func TestTooManyGroupsAreRefusedWithASentence(t *testing.T) {
	f := openFiles(t)
	f.limits.groups = 100
	r := load(t, f, randomTable(3, testSchema(), 3000))
	for _, query := range []string{"_group=id", "_group=rate,few", "_group=agency,day__month"} {
		q, err := ParseRowQuery(r.Schema(), parseQuery(t, query))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Page(t.Context(), q)
		if input := (*InputError)(nil); !errors.As(err, &input) || input.Error() != "_group: there are more than 100 groups; filter first, or group by fewer columns" {
			t.Errorf("%s: error %v", query, err)
		}
	}
	if page, _ := ask(t, r, "_group=id&few=1&id__lt=50000&_size=3"); page.Total == 0 || page.Total > 100 {
		t.Errorf("%d groups", page.Total)
	}
}

func TestCursorOfAnotherQueryIsRefused(t *testing.T) {
	r := load(t, openFiles(t), randomTable(15, testSchema(), 300))
	for from, to := range map[string]string{
		"few__gte=0":                "few__gte=1",
		"few=1":                     "",
		"_group=agency":             "_group=agency,few",
		"_group=agency&_sort=count": "_group=agency",
		"_group=agency&_sum=few":    "_group=agency&_sum=id",
		"_sort=few":                 "_group=few",
	} {
		page, _ := ask(t, r, from+"&_size=2")
		q, err := ParseRowQuery(r.Schema(), parseQuery(t, to+"&_after="+page.Next))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Page(t.Context(), q)
		if input := (*InputError)(nil); !errors.As(err, &input) || input.Param != "_after" || !strings.Contains(input.Text, "another query") {
			t.Errorf("%s, then %s: error %v", from, to, err)
		}
	}
}

func TestKeysAreEqualForEqualResults(t *testing.T) {
	s := testSchema()
	key := func(query string) string {
		q, err := ParseRowQuery(s, parseQuery(t, query))
		if err != nil {
			t.Fatal(err)
		}
		return q.Key(s)
	}
	for _, same := range [][]string{
		{"", "_size=5", "_select=id,agency,note,amount,rate,open,day,at,few"},
		{"few=1", "few=۱", "few__in=1,1", "few__eq=1&_size=7", "_size=3&few=1.0"},
		{"agency=علی", "agency=علي", "agency__in=علی,علي"},
		{"few=1&agency=a", "agency=A&few=1"},
		{"_group=few", "_group=few&_count=1", "_group=few,few&_count"},
		{"day=1403/01/01", "day=2024-03-20"},
		{"_sort=few", "_sort=few,-few"},
	} {
		for _, query := range same[1:] {
			if key(query) != key(same[0]) {
				t.Errorf("%s and %s have different keys", same[0], query)
			}
		}
	}
	seen := map[string]string{}
	for _, query := range []string{"", "few=1", "few=2", "few__not=1", "few__gt=1", "agency=1", "_sort=few", "_sort=-few", "_select=few", "_group=few", "_group=day", "_group=day__year", "_sum=few", "_avg=few", "_group=few&_sort=-few", "agency__gt=b", "agency__lt=b", "agency__contains=b", "agency=b", "few__isnull=1", "few__isnull=0"} {
		if other, known := seen[key(query)]; known {
			t.Errorf("%q and %q have the same key", query, other)
		}
		seen[key(query)] = query
	}
}

func TestValuesReadBackAsTheSameQuery(t *testing.T) {
	s := append(testSchema(), Column{Name: "_size", Type: Integer}, Column{Name: "b,c", Type: Text}, Column{Name: "x__y", Type: Text}, Column{Name: " z", Type: Text})
	for _, query := range []string{
		"few=1", "few__in=1,2&few__not=3&few__not=4", "agency__in=a%2Cb&agency__in=c", "agency=a%2Cb", "few=1&few__eq=2&few__in=3,4",
		"_size=5&_size__eq=7", "x__y=5&x__y__gt=1", "_sort=-few,agency&_select=id,few", "_select=b%2Cc&_select=id", "_sort=%20z", "_select=%20z&_select=id&_sort=-%20z",
		"_group=day__year,few&_sum=few,amount&_avg=rate&_count=1&_sort=-amount__sum,day__year&_select=amount__sum", "_count", "note__isnull=0",
	} {
		q, err := ParseRowQuery(s, parseQuery(t, query))
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		again, err := ParseRowQuery(s, q.Values())
		if err != nil || q.Key(s) != again.Key(s) || q.Size != again.Size || q.Values().Encode() != again.Values().Encode() {
			t.Errorf("%s became %s\n%+v\n%+v, error %v", query, q.Values().Encode(), q, again, err)
		}
	}
}
