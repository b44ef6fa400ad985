package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

// A toldDraft is a draft regulation as a program is answered.
type toldDraft struct {
	ID, Slug, State, Type, URL string
	Revision                   int64
	Versions                   []struct {
		ID, State, Kind string
		N, Articles     int
	}
	Periods []struct{ Kind, Basis string }
	Gate    map[string]any
	Remarks []string
}

// lawCaller sends requests about one draft with the revision that it was
// answered last.
type lawCaller struct {
	t         *testing.T
	at, token string
	tag       string
	draft     toldDraft
}

func (c *lawCaller) send(method, path string, body any, status int, pairs ...string) told {
	c.t.Helper()
	a := call(c.t, method, c.at+path, c.token, body, append([]string{"If-Match", c.tag}, pairs...)...).want(c.t, method+" "+path, status)
	if status < 300 && bytes.Contains(a.body, []byte(`"periods"`)) {
		c.tag, c.draft = a.header.Get("ETag"), toldDraft{}
		if err := json.Unmarshal(a.body, &c.draft); err != nil {
			c.t.Fatal(err)
		}
	}
	return a
}

// says fails unless a refusal is about the field, in the sentence.
func (a told) says(t *testing.T, field, sentence string) {
	t.Helper()
	var p struct {
		Faults []struct{ Field, Sentence string }
	}
	if err := json.Unmarshal(a.body, &p); err != nil || len(p.Faults) == 0 || !strings.HasPrefix(p.Faults[0].Field, field) || !strings.Contains(p.Faults[0].Sentence, sentence) {
		t.Errorf("it says %s, and not of %q that %q", a.body, field, sentence)
	}
}

// comment files one on an article of the draft.
func (c *lawCaller) comment(p *program, address, text string) (id string) {
	c.t.Helper()
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		return q.store.Write(e.ctx, func(tx *catalog.Tx) error {
			once := sha256.Sum256([]byte(text))
			made, _, err := consultation.File(tx, &consultation.Filing{Draft: c.draft.ID, Address: address, Kind: consultation.Asks, Lang: "en", Text: text, Once: text, Receipt: once[:], Proven: true})
			id = made.ID
			return err
		})
	})
	return id
}

const wideText = "Rule on fares\n\nArticle 1. Fares are told a day before.\n\nArticle 2. Nobody waits longer than an hour."

// A program leads a draft regulation through its whole life.
func TestProgramsWriteDrafts(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	s := p.employ("transport", catalog.Editor, catalog.Publisher)
	token := strings.TrimSpace(p.run("token", "create", "publisher@transport.example", "--title", "drafts", "--scopes", "view,edit,publish,answer").out)
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		return q.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.PutSetting(&catalog.Shell, "periods.circular", "0") })
	})
	base, _ := p.serve()
	api := base + "/api/v1/drafts"

	const asked = `{"agency":"transport","title":{"fa":"آیین‌نامه کرایه","en":"Rule on fares"},"type":"bylaw","moderation":"publish","legal_basis":{"en":"Act 7"},"text":"Article 1. Fares are told.\n\nArticle 3. Nobody waits."}`
	made := call(t, "POST", api, s.tokens["editor"], asked, "Idempotency-Key", "one").want(t, "create", 201)
	if again := call(t, "POST", api, s.tokens["editor"], asked, "Idempotency-Key", "one").want(t, "again", 201); !bytes.Equal(again.body, made.body) {
		t.Errorf("the same request is answered %s, then %s", made.body, again.body)
	}
	c := &lawCaller{t: t, token: token, tag: made.header.Get("ETag")}
	if err := json.Unmarshal(made.body, &c.draft); err != nil {
		t.Fatal(err)
	}
	c.at = api + "/" + c.draft.ID
	if d := c.draft; d.State != "draft" || d.Type != "bylaw" || len(d.Versions) != 1 || d.Versions[0].Articles != 2 || len(d.Remarks) != 1 || d.URL != "" || !strings.HasSuffix(made.header.Get("Location"), "/api/v1/drafts/"+d.ID) {
		t.Fatalf("made is %s with %v", made.body, made.header)
	}
	if status, body := get(t, c.at); status != http.StatusNotFound {
		t.Errorf("the public is answered %d %s", status, body)
	}

	// Its text is mended, and read back.
	text := "/versions/" + c.draft.Versions[0].ID
	c.send("PATCH", text, `{"text":"Article 1. Fares are told.\n\nArticle 2. Nobody waits."}`, 200)
	if got := c.send("GET", text, nil, 200); !bytes.Contains(got.body, []byte(`@@ `)) && !bytes.Contains(got.body, []byte(`@ article 2`)) {
		t.Errorf("the split is %s", got.body)
	}
	c.send("POST", "/versions?name=b.txt", []byte(wideText), 409).says(t, "", "waits to be published")
	c.send("PUT", text+"/file?name=rule.pdf", []byte("%PDF-1.7"), 422).says(t, "file", "PDF")
	c.send("PUT", text+"/file?name=rule.txt", []byte(wideText), 200)
	c.send("PATCH", "", `{"type":"song"}`, 422).says(t, "type", "kinds are")
	c.send("PATCH", "", `{"type":"circular","title":{"en":"Rule on fares"}}`, 200)

	// It is opened by the rule of its kind, and published.
	c.send("POST", "/periods", `{"kind":"opened"}`, 422).says(t, "basis", "")
	c.send("POST", "/periods", `{"kind":"opened","basis":"Act 7","closes":"2001-01-01T00:00:00Z"}`, 422).says(t, "closes", "before it opens")
	closes := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	c.send("POST", "/periods", `{"kind":"opened","basis":"Act 7","closes":"`+closes+`"}`, 201)
	c.send("PATCH", "", `{"type":"bylaw"}`, 422).says(t, "closes", "at least 7 days")
	call(t, "POST", c.at+"/publish", s.tokens["editor"], `{}`, "If-Match", c.tag).want(t, "an editor publishes", 403)
	c.send("POST", "/publish", nil, 200)
	if c.draft.State != "open" || c.draft.Slug != "rule-on-fares" || c.draft.URL == "" {
		t.Fatalf("published is %+v", c.draft)
	}
	if status, body := get(t, api+"/rule-on-fares"); status != http.StatusOK || !bytes.Contains(body, []byte(`"open"`)) {
		t.Errorf("the public is answered %d %s", status, body)
	}
	call(t, "PATCH", c.at, s.tokens["editor"], `{"contact":"x"}`, "If-Match", c.tag).want(t, "an editor changes what is public", 403)

	// Somebody comments, and is answered.
	comment := c.comment(p, "art_2", "An hour is too long, make it half.")
	answer := base + "/api/v1/comments/" + comment + "/answer"
	call(t, "PUT", answer, s.tokens["publisher"], `{"verdict":"adopted","text":"So we do."}`).want(t, "without the scope", 403)
	call(t, "PUT", answer, token, `{"verdict":"maybe","text":"x"}`).want(t, "verdict", 422).says(t, "verdict", "adopted")
	drafted := call(t, "PUT", answer, token, `{"verdict":"adopted","lang":"en","text":"So we do."}`).want(t, "answer", 200)
	call(t, "PUT", answer, token, `{"verdict":"adopted","text":"Other."}`).want(t, "over one that is there", 412)
	said := call(t, "PUT", answer, token, `{"verdict":"adopted","lang":"en","text":"So we do.","publish":true}`, "If-Match", drafted.header.Get("ETag")).want(t, "publish the answer", 200)
	call(t, "DELETE", answer, token, nil, "If-Match", said.header.Get("ETag")).want(t, "discard a public answer", 409)
	if _, body := get(t, base+"/api/v1/comments/"+comment); !bytes.Contains(body, []byte("So we do.")) {
		t.Errorf("the comment is %s", body)
	}

	// It closes, the approved text comes with what caused it, and it is approved.
	c.send("POST", "/approve", `{"override":"now"}`, 409).says(t, "gate.open", "still comment")
	c.send("POST", "/periods", `{"kind":"closed","basis":"Act 7"}`, 201)
	c.send("POST", "/approve", `{}`, 409).says(t, "gate.", "")
	c.send("POST", "/versions?name=final.txt", []byte(strings.Replace(wideText, "an hour", "half an hour", 1)), 201)
	text = "/versions/" + c.draft.Versions[1].ID
	c.send("PATCH", text, `{"kind":"approved","note":{"en":"Half an hour."}}`, 200)
	call(t, "POST", c.at+text+"/influences", token, `{"address":"art_9","comment":"`+comment+`","verdict":"adopted","reason":"It is right."}`).want(t, "no such article", 422).says(t, "address", "art_9")
	noted := call(t, "POST", c.at+text+"/influences", token, `{"address":"art_2","comment":"`+comment+`","verdict":"adopted","reason":"It is right."}`).want(t, "influence", 201)
	var edge struct{ ID string }
	if err := json.Unmarshal(noted.body, &edge); err != nil || edge.ID == "" {
		t.Fatal(string(noted.body))
	}
	call(t, "DELETE", c.at+"/influences/"+edge.ID, token, nil).want(t, "take it back", 204)
	call(t, "POST", c.at+text+"/influences", token, `{"address":"art_2","comment":"`+comment+`","verdict":"adopted","reason":"It is right."}`).want(t, "influence again", 201)
	key := c.tag
	shown := c.send("POST", text+"/publish", nil, 200, "Idempotency-Key", "text")
	if again := call(t, "POST", c.at+text+"/publish", token, nil, "If-Match", key, "Idempotency-Key", "text").want(t, "publish again", 200); !bytes.Equal(again.body, shown.body) {
		t.Errorf("the same publication is answered %s", again.body)
	}
	c.answered(p, base)
	c.send("POST", "/approve", `{}`, 200)
	if c.draft.State != "approved" {
		t.Errorf("it is %+v", c.draft)
	}
	c.send("POST", "/withdraw", `{"note":{"en":"x"}}`, 409).says(t, "", "is approved")
	if _, body := get(t, api+"/rule-on-fares/heard"); !bytes.Contains(body, []byte("It is right.")) {
		t.Errorf("what was heard: %s", body)
	}
	if out := p.run("verify").out; !strings.Contains(out, "log") {
		t.Errorf("verify says %s", out)
	}
}

// answered answers the cluster of the one comment, when it was compared.
func (c *lawCaller) answered(p *program, base string) {
	c.t.Helper()
	var cluster int64
	p.eventually(func() bool {
		_, body := get(c.t, base+"/api/v1/drafts/"+c.draft.Slug+"/comments")
		var all struct {
			Results []struct{ Cluster int64 }
		}
		_ = json.Unmarshal(body, &all)
		if len(all.Results) > 0 {
			cluster = all.Results[0].Cluster
		}
		return cluster > 0
	})
	at := fmt.Sprintf("%s/clusters/%d/answer", c.at, cluster)
	call(c.t, "GET", at, c.token, nil).want(c.t, "no answer yet", 404)
	call(c.t, "PUT", at, c.token, `{"verdict":"adopted","lang":"en","text":"So we do.","publish":true}`).want(c.t, "answer a cluster", 200)
	call(c.t, "GET", at, c.token, nil).want(c.t, "the answer", 200)
}
