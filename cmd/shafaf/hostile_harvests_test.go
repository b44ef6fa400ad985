package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hostileHarvests takes in a catalogue of which every field is poisoned, as a
// source may be that was broken into, and catalogues that are attacks themselves.
func hostileHarvests(t *testing.T, s *siege) {
	file := filepath.Join(t.TempDir(), "data.json")
	shell := func(t *testing.T, args ...string) (string, int) {
		var out bytes.Buffer
		e := &env{ctx: t.Context(), in: strings.NewReader(""), out: &out, errOut: &out, now: s.e.now, exit: func(int) { t.Error("it ended itself") }}
		code := run(e, append([]string{"--data", s.e.dir}, args...))
		return out.String(), code
	}
	poisonedRecords := map[string]map[string]any{}
	for _, field := range []string{"title", "description", "keyword", "theme", "license", "spatial", "temporal", "accrualPeriodicity", "landingPage", "publisher", "contactPoint", "identifier", "modified", "issued", "rights", "language", "describedBy", "references", "distribution title", "distribution format", "distribution mediaType", "distribution accessURL", "distribution downloadURL", "distribution description"} {
		poisonedRecords[field] = poisonedRecord(field)
	}
	records := []any{}
	for _, r := range poisonedRecords {
		records = append(records, r)
	}
	b, _ := json.Marshal(map[string]any{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": records})
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := shell(t, "source", "add", "--kind", "datajson", "--url", file, "--name", "poisoned"); code != 0 {
		t.Fatal(out)
	}
	if out, code := shell(t, "harvest", "poisoned"); code != 0 {
		t.Fatal(out)
	}
	if err := s.index.CatchUp(t.Context(), s.portal.store, nil); err != nil {
		t.Fatal(err)
	}
	var all struct {
		Results []struct{ Slug, Identifier string }
	}
	if err := json.Unmarshal(s.send(t, shot{path: "/api/v1/datasets?_size=100&q=quarry"}).body, &all); err != nil {
		t.Fatal(err)
	}
	slugs := map[string]string{}
	for _, d := range all.Results {
		slugs[d.Identifier] = d.Slug
	}
	for field, record := range poisonedRecords {
		s.try(t, "a record: "+field, func(t *testing.T) {
			slug := slugs[record["identifier"].(string)]
			if slug == "" {
				t.Fatalf("the record is not taken in: %v", record)
			}
			for _, path := range []string{"/en/datasets/" + slug, "/fa/datasets/" + slug, "/api/v1/datasets/" + slug, "/en/datasets?q=quarry"} {
				a := s.send(t, shot{path: path})
				a.harmless(t, path)
				if a.status != http.StatusOK {
					t.Errorf("%s answers %d", path, a.status)
				}
			}
		})
	}
	for _, path := range []string{"/en/sources", "/fa/sources/poisoned", "/en/agencies", "/en/desk/sources", "/feeds/new.atom", "/data.json"} {
		s.try(t, "all of them at "+path, func(t *testing.T) { s.send(t, shot{path: path, who: "operator"}).harmless(t, path) })
	}
	s.hostileSources(t, shell)
}

// poisonedRecord is a record of a data.json of which one field is an attack.
func poisonedRecord(field string) map[string]any {
	const evil = "javascript:hostile()//" + poison
	file := map[string]any{"title": "file", "accessURL": "https://example.org/x"}
	r := map[string]any{
		"identifier": "id-" + field, "title": "quarry " + field, "description": "d", "publisher": map[string]any{"name": "Agency"}, "accessLevel": "public", "distribution": []any{file},
	}
	switch {
	case strings.HasPrefix(field, "distribution "):
		name := strings.TrimPrefix(field, "distribution ")
		file[name] = poison
		if strings.HasSuffix(name, "URL") {
			file[name] = evil
		}
	case field == "publisher":
		r["publisher"] = map[string]any{"name": "quarry" + poison, "subOrganizationOf": map[string]any{"name": poison}}
	case field == "contactPoint":
		r["contactPoint"] = map[string]any{"fn": poison, "hasEmail": evil}
	case field == "keyword", field == "theme", field == "language":
		r[field] = []string{poison, evil}
	case field == "references":
		r[field] = []string{evil, "data:text/html," + poison, "https://a@evil.example/" + poison}
	case field == "landingPage", field == "describedBy", field == "license":
		r[field] = evil
	case field == "identifier":
		r[field] = "quarry/../../" + poison
	default:
		r[field] = "quarry " + poison
	}
	return r
}

// hostileSources are answers that lead a harvester where it must not go, or that
// never end.
func (s *siege) hostileSources(t *testing.T, shell func(*testing.T, ...string) (string, int)) {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	asked := false
	mux.HandleFunc("/secret", func(http.ResponseWriter, *http.Request) { asked = true })
	for _, c := range []struct{ name, path, to, body string }{
		{"to this machine", "/local", "http://127.0.0.1:1/", ""},
		{"to the clouds' metadata", "/cloud", "http://169.254.169.254/latest/meta-data/", ""},
		{"to a file", "/file", "file:///etc/passwd", ""},
		{"to another protocol", "/gopher", "gopher://127.0.0.1:25/_x", ""},
		{"to an address in another notation", "/octal", "http://0177.0.0.1/", ""},
		{"to an address of version 6", "/six", "http://[::ffff:169.254.169.254]/", ""},
		{"with a name and a password", "/user", "http://user:password@169.254.169.254/", ""},
		{"round and round", "/round", "/round", ""},
		{"JSON without end", "/deep", "", `{"dataset":[{"identifier":"a","title":"A","x":` + strings.Repeat("[", 200_000)},
		{"a record that is none", "/none", "", `{"dataset":["<script>hostile()</script>",null,1,[]]}`},
		{"a page", "/page", "", "<html><script>hostile()</script>"},
		{"entities without end", "/entities", "", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rdf:RDF>&b;</rdf:RDF>`},
	} {
		mux.HandleFunc(c.path, func(w http.ResponseWriter, r *http.Request) {
			if c.to != "" {
				http.Redirect(w, r, c.to, http.StatusFound)
				return
			}
			_, _ = w.Write([]byte(c.body))
		})
		s.try(t, "an answer: "+c.name, func(t *testing.T) {
			name := "evil-" + strings.Trim(c.path, "/")
			if out, code := shell(t, "source", "add", "--kind", "datajson", "--url", srv.URL+c.path, "--name", name, "--allow-private-network"); code != 0 {
				t.Fatal(out)
			}
			out, code := shell(t, "harvest", name)
			if code == 0 && !strings.Contains(out, " 0 new") || strings.Contains(out, "goroutine ") || strings.Contains(out, "root:") {
				t.Errorf("it is harvested: %d %s", code, out)
			}
			s.send(t, shot{path: "/en/sources/" + name, who: "operator"}).harmless(t, "the page of the source")
		})
	}
	s.try(t, "a source in the own network", func(t *testing.T) {
		if out, code := shell(t, "source", "add", "--kind", "datajson", "--url", srv.URL+"/secret", "--name", "inside"); code != 0 {
			t.Log(out)
		}
		if out, code := shell(t, "harvest", "inside"); code == 0 || asked {
			t.Errorf("the own network is asked: %d %s", code, out)
		}
	})
}
