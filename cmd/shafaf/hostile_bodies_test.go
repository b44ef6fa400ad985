package main

import (
	"net/http"
	"strings"
	"testing"
)

// hostileBodies sends too much, too often, or what somebody else has sent.
func hostileBodies(t *testing.T, s *siege) {
	const all = "/api/v1/datasets"
	at := all + "/" + s.things[0].ID
	was := s.written(t)
	for name, body := range map[string]string{
		"deep": `{"title":` + strings.Repeat(`{"en":`, 100_000), "deep lists": `{"keywords":` + strings.Repeat("[", 100_000), "a number for a text": `{"title":1}`, "a list for an object": `[]`, "nothing": `null`, "two values": `{} {}`, "a field twice": `{"agency":"other-agency","agency":"own-agency"}`,
		"a field in capitals": `{"AGENCY":"own-agency","TITEL":{"en":"x"}}`, "a field of a prototype": `{"__proto__":{"agency":"own-agency"}}`, "a comment": `{/*x*/}`, "a number that overflows": `{"title":{"en":1e999}}`, "a language that is a path": `{"agency":"own-agency","title":{"../../x":"y","en":"x"}}`, "languages by the thousand": `{"agency":"own-agency","title":{"<script>":"x"}}`,
		"a text above its bound": `{"agency":"own-agency","title":{"en":"` + strings.Repeat("x", 3000) + `"}}`, "a word above its bound": `{"agency":"own-agency","title":{"en":"x"},"keywords":["` + strings.Repeat("x", 3000) + `"]}`, "words by the thousand": `{"agency":"own-agency","title":{"en":"x"},"keywords":[` + strings.Repeat(`"x",`, 5000) + `"x"]}`,
	} {
		s.try(t, "JSON: "+name, func(t *testing.T) {
			if a := s.call(t, "publisher", "POST", all, body); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
				t.Errorf("%d %.300s", a.status, a.body)
			}
		})
	}
	for name, one := range map[string]shot{
		"JSON of two mebibytes": {method: "POST", path: all, body: `{"note":"` + strings.Repeat("x", 2<<20) + `"}`}, "a form of two mebibytes": {method: "POST", path: "/en/desk/datasets/new", body: "title_fa=" + strings.Repeat("x", 2<<20), header: []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"}},
		"a file where none is taken": {method: "POST", path: all, body: "--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n1\r\n--x--", header: []string{"Content-Type", "multipart/form-data; boundary=x"}}, "a form without an end": {method: "POST", path: at + "/resources", body: "--x\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n\r\n1", header: []string{"Content-Type", "multipart/form-data; boundary=x"}},
		"a form without a boundary": {method: "POST", path: at + "/resources", body: "x", header: []string{"Content-Type", "multipart/form-data"}}, "fields before the file without end": {method: "POST", path: at + "/resources", body: "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + strings.Repeat("x", 200<<10) + "\r\n--x--", header: []string{"Content-Type", "multipart/form-data; boundary=x"}},
		"a packed body": {method: "POST", path: at + "/resources?name=a.csv", body: "\x1f\x8b", header: []string{"Content-Encoding", "gzip"}}, "a file of nothing": {method: "POST", path: at + "/resources?name=a.csv"}, "a body of broken escapes": {method: "POST", path: "/en/desk/datasets/new", body: "a=%zz&%", header: []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"}},
	} {
		s.try(t, name, func(t *testing.T) {
			one.who = "publisher"
			a := s.send(t, one)
			a.harmless(t, name)
			if a.status < 400 {
				t.Errorf("%d %s", a.status, a.header.Get("Location"))
			}
		})
	}
	for _, match := range []string{"", `W/"r1"`, `"r0"`, `"r-1"`, `"r99999999999999999999"`, `"r1"; x`, `r1`, `"r1'"`, `"r1 or 1=1"`, strings.Repeat(`"r9",`, 500) + `"r9"`} {
		s.try(t, "If-Match "+match[:min(len(match), 30)], func(t *testing.T) {
			header := []string{"If-Match", match}
			if match == "" {
				header = nil
			}
			if a := s.call(t, "publisher", "PATCH", at, `{"note":"hostile"}`, header...); a.status != http.StatusPreconditionFailed && a.status != http.StatusPreconditionRequired && a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	for _, query := range []string{"_after=forged", "_after=" + strings.Repeat("A", 5000), "_after=AAAA", "_size=-1", "_size=99999999999999999999", "_size=1e9", "_page=1", "_sort=name%3Bdrop%20table%20datasets", "_sort=-rowid", "_select=../../x", "name__regex=(a%2B)%2B$", "name__like=%25", "_sum=name", "name__in=" + strings.Repeat("a,", 5000), "_where=1=1", "_json=1", "_sql=select+1"} {
		s.try(t, "a query of rows: "+query[:min(len(query), 30)], func(t *testing.T) {
			path := "/api/v1/datasets/" + s.things[2].Slug + "/resources/" + s.things[2].Resources[0].ID + "/rows?"
			if a := s.call(t, "", "GET", path+query, ""); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest && a.status != http.StatusRequestHeaderFieldsTooLarge {
				t.Errorf("%d %.300s", a.status, a.body)
			}
		})
	}
	s.ranges(t)
	if n := s.written(t); n != was {
		t.Errorf("%d acts were done", n-was)
	}
	s.once(t)
}

// ranges asks for more of a file than there is of it.
func (s *siege) ranges(t *testing.T) {
	t.Helper()
	path := "/datasets/" + s.things[2].Slug + "/resources/" + s.things[2].Resources[0].ID + "/file"
	whole := s.send(t, shot{path: path})
	for _, r := range []string{"bytes=" + strings.Repeat("0-,", 1000) + "0-", "bytes=0-,0-,0-", "bytes=-9223372036854775808", "bytes=9223372036854775807-", "bytes=0-18446744073709551615", "bytes=5-2", "bytes=--1", "bytes=-0", "bytes=0-0,-1", "kilobytes=0-1", "bytes=0x0-0x1", "bytes= 0 - 1"} {
		s.try(t, "a range "+r[:min(len(r), 30)], func(t *testing.T) {
			a := s.send(t, shot{path: path, header: []string{"Range", r}})
			if a.status != http.StatusOK && a.status != http.StatusPartialContent && a.status != http.StatusRequestedRangeNotSatisfiable || len(a.body) > 4*len(whole.body)+1000 {
				t.Errorf("%d, %d bytes of %d", a.status, len(a.body), len(whole.body))
			}
		})
	}
}

// once sends keys of somebody else, and the same for another thing.
func (s *siege) once(t *testing.T) {
	t.Helper()
	const all, key = "/api/v1/datasets", "hostile-key"
	first := s.call(t, "publisher", "POST", all, `{"agency":"own-agency","title":{"en":"Mine"}}`, "Idempotency-Key", key).want(t, "create", http.StatusCreated)
	s.try(t, "the key of somebody else", func(t *testing.T) {
		a := s.call(t, "editor", "POST", all, `{"agency":"own-agency","title":{"en":"Mine"}}`, "Idempotency-Key", key)
		if a.status != http.StatusCreated || a.dataset(t).ID == first.dataset(t).ID {
			t.Errorf("it is answered with what somebody else has done: %d", a.status)
		}
	})
	for name, c := range map[string][2]string{"another body": {all, `{"agency":"own-agency","title":{"en":"Other"}}`}, "another address": {all + "/" + first.dataset(t).ID + "/publish", `{}`}} {
		s.try(t, "a key again with "+name, func(t *testing.T) {
			if a := s.call(t, "publisher", "POST", c[0], c[1], "Idempotency-Key", key, "If-Match", "*"); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	for name, key := range map[string]string{"long": strings.Repeat("k", 5000), "of markup": "<script>", "SQL": "' or 1=1 --"} {
		s.try(t, "a key that is "+name, func(t *testing.T) {
			s.call(t, "publisher", "POST", all, `{"agency":"nowhere"}`, "Idempotency-Key", key).want(t, "create", http.StatusUnprocessableEntity).harmless(t, "the refusal")
		})
	}
}
