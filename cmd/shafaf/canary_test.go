package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// TestCanary plants a text in every private column of every table and looks for
// it in whatever the portal shows.
func TestCanary(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	file := filepath.Join(p.dir, "data.json")
	writeCatalogue(t, file, 3)
	p.run("source", "add", "--kind", "datajson", "--url", file, "--name", "src")
	p.run("harvest")
	write(t, filepath.Join(p.dir, "t.csv"), "n,name\n1,a\n")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Table")
	p.run("dataset", "import", filepath.Join(p.dir, "t.csv"), "--title", "Closed")
	p.run("dataset", "takedown", "closed", "--reason", "It named people.")
	asked := askCanaries(t, p.data())
	drafts := consult(t, p.data())
	planted := slices.Concat(plant(t, filepath.Join(p.data(), "catalog.db")), asked, draftCanaries)
	base, _ := p.serve()
	paths := []string{
		"/catalog.sqlite", "/api/v1/datasets?q=canary", "/en/datasets?q=canary", "/api/v1/agencies", "/api/v1/sources", "/api/v1/sources/src", "/en/sources/src", "/readyz", "/metrics", "/data.json", "/sitemap.xml", "/sitemap-1.xml",
		"/feeds/new.atom", "/feeds/changed.atom", "/feeds/removed.atom", "/feeds/search.atom?q=canary", "/api/v1/suggest?q=can", "/api/v1/suggest?q=c", "/api/v1/suggest?q=canary", "/en/removed", "/api/v1/removed", "/robots.txt",
		"/en/questions", "/api/v1/questions", "/api/v1/questions?state=declined", "/feeds/questions.atom", "/en/datasets/table/questions", "/api/v1/datasets/table/questions",
	}
	var list struct{ Results []struct{ Slug string } }
	builtins := builtinPaths(p, base, "comments", "drafts", "removals", "runs")
	_, body := get(t, base+"/api/v1/datasets")
	if err := json.Unmarshal(body, &list); err != nil || len(list.Results) != 8 {
		t.Fatalf("%d datasets: %v", len(list.Results), err)
	}
	paths = slices.Concat(paths, drafts, builtins)
	for _, d := range list.Results {
		paths = append(paths, "/api/v1/datasets/"+d.Slug, "/en/datasets/"+d.Slug, "/en/datasets/"+d.Slug+"/columns")
	}
	for _, path := range paths {
		status, body := get(t, base+path)
		body = bytes.ReplaceAll(body, []byte("q=canary"), nil)
		if status != http.StatusOK && status != http.StatusNotFound && status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, status)
		}
		for _, canary := range planted {
			if bytes.Contains(body, []byte(canary)) {
				t.Errorf("%s (%d) shows %s", path, status, canary)
			}
		}
		nothing := `"total":0`
		if strings.HasPrefix(path, "/api/v1/suggest") {
			nothing = `{"texts":[],"things":[]}`
		}
		if strings.HasPrefix(path, "/api/v1/") && strings.HasSuffix(path, "?q=canary") && !bytes.Contains(body, []byte(nothing)) {
			t.Errorf("a search finds canaries: %s", body)
		}
		if strings.HasPrefix(path, "/catalog") && (status != http.StatusOK || !bytes.HasPrefix(body, []byte("SQLite format 3"))) {
			t.Errorf("%s: %d", path, status)
		}
	}
	t.Logf("%d canaries, %d addresses", len(planted), len(paths))
}

// builtinPaths waits until there are tables of what the portal knows, and returns
// where each can be read.
func builtinPaths(p *program, base string, names ...string) (paths []string) {
	for _, name := range names {
		id := catalog.BuiltinResource(name)
		at := "/datasets/" + name
		p.eventually(func() bool {
			status, body := get(p.t, base+"/api/v1"+at)
			return status == http.StatusOK && bytes.Contains(body, []byte(`"rows_url"`))
		})
		p.eventually(func() bool {
			_, body := get(p.t, base+"/api/v1/datasets?agency=shafaf")
			return bytes.Contains(body, []byte(`"slug":"`+name+`"`)) // the index follows
		})
		paths = append(paths, "/en"+at+"/table", "/fa"+at+"/table", "/en"+at+"/chart", "/api/v1"+at+"/resources/"+id+"/rows", "/en"+at+"/resources/"+id)
		for _, ext := range []string{"csv", "json", "jsonl", "xlsx", "parquet"} {
			paths = append(paths, at+"/resources/"+id+"."+ext)
		}
	}
	return paths
}

// askCanaries asks something that everybody reads and something that nobody
// looked at yet, and returns what of it is for nobody.
func askCanaries(t *testing.T, dir string) []string {
	t.Helper()
	store, err := catalog.Open(t.Context(), dir, catalog.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	d, err := store.Dataset(t.Context(), "table")
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(tx *catalog.Tx) error {
		open := catalog.Asking{Agency: d.Agency, Dataset: d.ID, Kind: catalog.AskedQuestion, Lang: "en", Text: "Why?", Email: "open@canary-mail.example", Once: "canary-once-open", Receipt: []byte("1")}
		q, _, err := tx.Ask(&open)
		if err == nil {
			_, err = tx.OpenQuestion(&catalog.Shell, q.ID, catalog.AnyRevision)
		}
		unseen := open
		unseen.Text, unseen.Name, unseen.Once, unseen.Receipt = "canary-text-unseen", "canary-name-unseen", "canary-once-unseen", []byte("2")
		_, _, broken := tx.Ask(&unseen)
		if err != nil {
			return err
		}
		declined := open
		declined.Text, declined.Name, declined.Once, declined.Receipt = "canary-text-declined", "canary-name-declined", "canary-once-declined", []byte("3")
		if q, _, err = tx.Ask(&declined); err == nil {
			_, _, err = tx.DeclineQuestion(&catalog.Shell, q.ID, catalog.AnyRevision, "spam", "canary-note")
		}
		return errors.Join(err, broken)
	})
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"canary-mail", "canary-once-open", "canary-once-unseen", "canary-once-declined", "canary-note",
		"canary-text-unseen", "canary-name-unseen", "canary-text-declined", "canary-name-declined",
	}
}

// plant writes a text of its own into every private text column.
func plant(t *testing.T, path string) (planted []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range []string{"pragma ignore_check_constraints = on", "insert into meta values ('canary-meta-key', 'canary-meta-value')"} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	planted = []string{"canary-meta-key", "canary-meta-value"}
	for table, columns := range catalog.PrivateColumns() {
		for _, column := range columns {
			var kind string
			if err := db.QueryRowContext(t.Context(), "select type from pragma_table_info(?) where name = ?", table, column).Scan(&kind); err != nil {
				t.Fatal(err)
			}
			canary := "canary-" + table + "-" + column
			// The keys that the portal itself reads by must stay for it to start.
			if kind != "TEXT" || table == "meta" || table == "changes" {
				continue
			}
			if _, err := db.ExecContext(t.Context(), "update "+table+" set "+column+" = ?", canary); err == nil {
				planted = append(planted, canary)
			}
		}
	}
	if len(planted) < 10 {
		t.Fatalf("only %d canaries", len(planted))
	}
	return planted
}
