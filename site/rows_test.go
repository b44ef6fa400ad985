package site

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

type rowsAnswer struct {
	Total   int64
	Next    string
	Edition string
	Columns []struct{ Name, Label, Type string }
	Results []map[string]any
}

// rows asks for rows that there must be; numbers keep their digits.
func (s *shelf) rows(query string) (a rowsAnswer, body string) {
	s.t.Helper()
	at := query
	if !strings.HasPrefix(at, "http") {
		at = s.url + "/api/v1/datasets/" + s.slug + "/resources/" + s.table + "/rows" + query
	}
	resp, b := ask(s.t, "GET", at)
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answers %d: %s", at, resp.StatusCode, b)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&a); err != nil {
		s.t.Fatalf("%s: %v: %s", at, err, b)
	}
	return a, string(b)
}

func TestRowsAreTypedAndExact(t *testing.T) {
	s := newShelf(t)
	a, body := s.rows("?_size=3")
	if a.Total != 4 || len(a.Results) != 3 || len(a.Columns) != 5 || a.Columns[0].Label != "استان" || a.Columns[2].Type != "decimal" {
		t.Fatalf("%+v", a)
	}
	for _, want := range []string{`"population":13267637`, `"share":15.60`, `"since":"2024-03-20"`, `"since":null`, `"phone":"021"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
	raw, _ := s.rows("?_size=1&raw=1")
	if got := raw.Results[0]["since"]; got != "1403/01/01" {
		t.Errorf("raw, a date is %v", got)
	}
	last, _ := s.rows(a.Next)
	if len(last.Results) != 1 || last.Next != "" || last.Results[0]["phone"] != "025" {
		t.Errorf("the last page is %+v", last)
	}
	none, body := s.rows("?population__gt=99999999999")
	if none.Total != 0 || len(none.Results) != 0 || !strings.Contains(body, `"results":[`) {
		t.Errorf("no rows are %s", body)
	}
}

func TestRowsAreFilteredSortedAndSelected(t *testing.T) {
	s := newShelf(t)
	a, _ := s.rows("?" + url.Values{"population__gte": {"۱۲۹۲۲۸۳"}, "_sort": {"-population"}, "_select": {"phone,population,phone"}}.Encode())
	var phones []string
	for _, r := range a.Results {
		phones = append(phones, r["phone"].(string))
		if len(r) != 2 || len(a.Columns) != 2 {
			t.Errorf("a row has %v of the columns %v", r, a.Columns)
		}
	}
	if got := strings.Join(phones, " "); a.Total != 3 || got != "021 026 025" {
		t.Errorf("%d rows: %s", a.Total, got)
	}
}

func TestEveryRowComesOnceWhateverTheOrder(t *testing.T) {
	s := newShelf(t)
	for _, sort := range []string{"", "share", "-since"} {
		seen := map[any]bool{}
		next := "?_size=1&_sort=" + sort
		for n := 0; next != "" && n < 10; n++ {
			a, _ := s.rows(next)
			seen[a.Results[0]["phone"]] = true
			next = a.Next
			if n > 3 {
				t.Errorf("sorted by %q there is a page %d", sort, n+1)
			}
		}
		if len(seen) != 4 {
			t.Errorf("sorted by %q, %d rows came", sort, len(seen))
		}
	}
}

func TestRowsThatCannotBeSayWhy(t *testing.T) {
	s := newShelf(t)
	at := s.url + "/api/v1/datasets/" + s.slug + "/resources/"
	a, _ := s.rows("?_size=1")
	cursor := mustQuery(t, a.Next).Get("_after")
	for _, c := range []struct {
		url    string
		status int
		field  string
		says   string
	}{
		{s.table + "/rows?_sort=popluation", 422, "_sort", `"population"`},
		{s.table + "/rows?_select=nothing", 422, "_select", "no column"},
		{s.table + "/rows?popullation__gt=5", 422, "popullation__gt", `"population"`},
		{s.table + "/rows?population__gt=much", 422, "population__gt", "number"},
		{s.table + "/rows?population__like=5", 422, "population__like", "contains"},
		{s.table + "/rows?_size=5000", 422, "_size", "1,000"},
		{s.table + "/rows?_size=0", 422, "_size", "1,000"},
		{s.table + "/rows?raw=maybe", 422, "raw", "0 or 1"},
		{s.table + "/rows?_after=" + cursor[:len(cursor)-2] + "AA", 422, "_after", "first page"},
		{s.table + "/rows?_after=x", 422, "_after", "first page"},
		{s.table + "/rows?_sort=share&_after=" + cursor, 422, "_after", "another query"},
		{s.table + "/rows?a=%zz", 400, "", "percent"},
		{s.plain + "/rows", 404, "", "/file"},
		{s.link + "/rows", 404, "", "https://example.org/a"},
		{"none/rows", 404, "", ""},
	} {
		p := refused(t, at+c.url, c.status)
		if !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s says %q, not %q", c.url, p.Detail, c.says)
		}
		if c.field != "" && (len(p.Faults) != 1 || p.Faults[0].Field != c.field) {
			t.Errorf("%s names %+v, not %s", c.url, p.Faults, c.field)
		}
	}
}

func mustQuery(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestACursorEndsWithItsEdition(t *testing.T) {
	s := newShelf(t)
	a, _ := s.rows("?_size=1")
	s.put(s.table, "new.csv", "استان,population\nتهران,13400000\nقم,1300000\n")
	if p := refused(t, a.Next, 422); !strings.Contains(p.Detail, "earlier edition") {
		t.Errorf("it says %s", p.Detail)
	}
}

func TestASearchForRowsThatTakesTooLongIsStopped(t *testing.T) {
	s := newShelf(t)
	r, err := s.Catalog.Resource(t.Context(), s.table)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	_, err = s.tablePage(ctx, "en", r.Edition, url.Values{"population__gt": {"1"}}, 10)
	p := problem(err)
	if p.Status != 503 || len(p.Faults) != 1 || !strings.Contains(p.Faults[0].Sentence, "5 seconds") {
		t.Errorf("%v is answered with %+v", err, p)
	}
}
