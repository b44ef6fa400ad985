package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/indicators"
)

// A program hands in a filing, changes it, and objects to its rejection.
func TestProgramsHandInFilings(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.employ("transport", catalog.Editor, catalog.Publisher)
	token := s.tokens["publisher"]
	write := func(do func(tx *catalog.Tx) error) {
		t.Helper()
		p.inside(func(e *env, q *portal, _ *accounts.Accounts) error { return q.store.Write(e.ctx, do) })
	}
	write(func(tx *catalog.Tx) error {
		a, err := tx.Agency("transport")
		if err != nil {
			return err
		}
		a.Kind = "ministry"
		if err := tx.PutAgency(&a); err != nil {
			return err
		}
		_, err = indicators.PutSet(tx, &catalog.Shell, nil, "1404-01-01", nil)
		return err
	})
	base, _ := p.serve()
	api := base + "/api/v1/filings"

	const asked = `{"agency":"transport","indicator":"S05","period":"1405-H1","statement":{"en":"Nothing was issued."},"evidence":[{"kind":"statement","text":{"en":"Nothing"}}]}`
	call(t, "POST", api, s.tokens["editor"], asked).want(t, "an editor", 403)
	for body, field := range map[string]string{
		strings.Replace(asked, "1405-H1", "1405-13", 1):                                    "period",
		strings.Replace(asked, "S05", "S99", 1):                                            "indicator",
		strings.Replace(asked, `[{"kind":"statement","text":{"en":"Nothing"}}]`, "[]", 1):  "evidence",
		strings.Replace(asked, `"statement","text"`, `"dataset","thing":"none","text"`, 1): "evidence[0]",
		strings.Replace(asked, `"statement","text"`, `"link","url":"ftp://x","text"`, 1):   "evidence[0]",
		strings.Replace(asked, `"agency":"transport"`, `"agency":"nothing"`, 1):            "agency",
		strings.Replace(asked, `"statement":{"en"`, `"statement":{"xx"`, 1):                "statement",
	} {
		call(t, "POST", api, token, body).want(t, field, 422).says(t, field, "")
	}
	made := call(t, "POST", api, token, asked, "Idempotency-Key", "k").want(t, "hand in", 201)
	call(t, "POST", api, token, asked, "Idempotency-Key", "k").want(t, "the same again", 201)
	call(t, "POST", api, token, asked).want(t, "once more", 409)
	call(t, "POST", api, token, asked, "If-Match", `"r9"`).want(t, "at another revision", 412)
	again := call(t, "POST", api, token, strings.Replace(asked, "Nothing was", "None was", 1), "If-Match", made.header.Get("ETag")).want(t, "other words", 201)
	var f struct {
		ID, State, URL string
		Checks         []struct{ Points int }
	}
	if err := json.Unmarshal(again.body, &f); err != nil || f.State != "submitted" || len(f.Checks) == 0 {
		t.Fatalf("handed in is %s, %v", again.body, err)
	}
	if status, _ := get(t, api+"/"+f.ID); status != 200 {
		t.Errorf("the public is answered %d", status)
	}
	call(t, "POST", api+"/"+f.ID+"/objection", token, `{"reason":"no"}`, "If-Match", again.header.Get("ETag")).want(t, "before a rejection", 409)
}
