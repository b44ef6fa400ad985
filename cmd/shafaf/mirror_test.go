package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/consultation/lawtext"
)

// TestMirrorIsServed serves a mirror of a portal from its public snapshot.
func TestMirrorIsServed(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Winter roads")
	law := &lawCaller{t: t}
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		agencies, err := q.store.Agencies(e.ctx)
		if err != nil {
			return err
		}
		return q.store.Write(e.ctx, func(tx *catalog.Tx) error {
			d, err := consultation.CreateDraft(tx, &catalog.Shell, consultation.Draft{Agency: agencies[0].ID, Title: catalog.Text{"en": "Rule on fares"}, Moderation: consultation.PublishFirst})
			if err != nil {
				return err
			}
			law.draft.ID = d.ID
			if d, _, err = consultation.AddVersion(tx, &catalog.Shell, d.ID, d.Revision, &consultation.Wording{Law: lawtext.Split(wideText)}); err != nil {
				return err
			}
			if d, err = consultation.PublishDraft(tx, &catalog.Shell, d.ID, d.Revision); err != nil {
				return err
			}
			_, _, err = consultation.AddPeriod(tx, &catalog.Shell, d.ID, d.Revision, consultation.PeriodWish{Kind: consultation.Opened, Closes: tx.Now().Add(30 * 24 * time.Hour), Basis: "rule"})
			return err
		})
	})
	comment := law.comment(p, "art_2", "An hour is too long, make it half.")
	base, _ := p.serve("--base-url", "https://data.example.org")
	_, snapshot := get(t, base+"/catalog.sqlite")
	m := p.on("mirror")
	if err := os.MkdirAll(m.data(), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(m.data(), "catalog.sqlite"), string(snapshot))
	mirror, _ := m.serve()
	for range 100 { // the index is built when the server has started
		if _, body := get(t, mirror+"/api/v1/datasets?q=winter"); bytes.Contains(body, []byte(`"total":1`)) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for path, want := range map[string]string{
		"/api/v1/datasets?q=winter":           `"total":1`,
		"/api/v1/datasets/winter-roads":       `"download_url":"https://data.example.org/datasets/winter-roads/resources/`,
		"/en/datasets/winter-roads":           "Winter roads",
		"/fa/":                                "winter-roads",
		"/api/v1/datasets?format=CSV":         `"slug":"winter-roads"`,
		"/catalog.sqlite":                     string(snapshot),
		"/api/v1/agencies":                    `"datasets":1`,
		"/en/datasets/winter-roads/resources": "",
		"/api/v1/drafts":                      `"state":"open"`,
		"/api/v1/drafts/rule-on-fares":        "Nobody waits longer than an hour.",
		"/en/drafts/rule-on-fares":            "An hour is too long, make it half.",
		"/en/drafts/rule-on-fares/heard":      "Rule on fares",
		"/api/v1/comments/" + comment:         `"address":"art_2"`,
	} {
		if status, body := get(t, mirror+path); want != "" && (status != http.StatusOK || !bytes.Contains(body, []byte(want))) {
			t.Errorf("%s: %d without %.200s", path, status, want)
		} else if status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", path, status)
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/en/drafts/rule-on-fares/comment?at=art_2", "/fa/drafts/rule-on-fares/follow", "/en/datasets/winter-roads/ask"} {
		resp, err := client.Get(mirror + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if to := resp.Header.Get("Location"); to != "https://data.example.org"+path {
			t.Errorf("%s: %d to %q", path, resp.StatusCode, to)
		}
	}
	for _, args := range [][]string{
		{"dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Another"},
		{"source", "add", "--kind", "datajson", "--url", "https://example.org/data.json"},
	} {
		if u, err := m.try(args...); err == nil || !strings.Contains(u.out, "this is a read-only mirror") || strings.Contains(u.out, "goroutine") {
			t.Errorf("%v: %v: %s", args, err, u.out)
		}
	}
}
