package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/site"
)

// A hidden thing is a dataset that the public must learn nothing of, and what
// would tell of it.
type hidden struct {
	dataset  catalog.DeskDataset
	canaries []string
}

// secretGiven stores a table full of canaries and returns it as it is given to
// a dataset, and what must not come out.
func secretGiven(e *env, q *portal, of string) (g catalog.Given, canaries []string, err error) {
	word := func(what string) string {
		canaries = append(canaries, "qanari"+of+what)
		return canaries[len(canaries)-1]
	}
	g.File.Name = word("filename") + ".csv"
	rows := word("column") + ",n\n" + word("cell") + ",1\nx,not a number but " + word("fault") + "\n" + strings.Repeat("y,2\n", 40)
	if g.File.Digest, g.File.Size, err = q.files.Put(e.ctx, strings.NewReader(rows), 0); err != nil {
		return g, nil, err
	}
	g.Imported, err = datasets.Import(e.ctx, q.files, g.File.Digest, g.File.Name, datasets.ImportOptions{})
	g.Title, g.About, g.How = catalog.Text{"en": word("resource")}, catalog.Text{"en": word("about")}, []byte(`{"how":"`+word("how")+`"}`)
	canaries = append(canaries, g.File.Digest)
	for i := range g.Imported.Tables {
		canaries = append(canaries, g.Imported.Tables[i].Digest)
	}
	return g, canaries, err
}

// secretDataset makes a draft full of canaries.
func secretDataset(e *env, q *portal, agency, of string) (h hidden, err error) {
	g, canaries, err := secretGiven(e, q, of)
	if err != nil {
		return h, err
	}
	word := func(what string) string {
		canaries = append(canaries, "qanari"+of+what)
		return canaries[len(canaries)-1]
	}
	d := catalog.Dataset{
		Agency: agency, Title: catalog.Text{"en": word("title"), "fa": word("titlefa")}, Description: catalog.Text{"en": word("description")},
		Keywords: []string{word("keyword")}, Themes: []string{word("theme")}, Licence: word("licence"), Rights: word("rights"), Spatial: word("spatial"),
		Frequency: word("frequency"), Contact: catalog.Contact{Name: word("contact"), Email: word("mail") + "@example.org"}, LandingPage: "https://" + word("page") + ".example",
	}
	err = q.store.Write(e.ctx, func(tx *catalog.Tx) error {
		made, err := tx.CreateDataset(&catalog.Shell, d, word("note"))
		if err != nil {
			return err
		}
		made, _, err = tx.AddFile(&catalog.Shell, made.ID, made.Revision, g)
		h.dataset = made
		return err
	})
	if err == nil {
		h.dataset, err = q.store.DeskDataset(e.ctx, &catalog.Shell, h.dataset.ID)
	}
	h.canaries = append(canaries, h.dataset.ID, h.dataset.Slug, h.dataset.Resources[0].ID)
	return h, err
}

// secrets fills a portal with what is not public: a draft, a scheduled dataset,
// and a file that waits in a published one.
func (p *program) secrets() (public catalog.DeskDataset, all []hidden) {
	p.t.Helper()
	p.inside(func(e *env, q *portal, _ *accounts.Accounts) error {
		agency := catalog.Agency{Slug: "office", Title: catalog.Text{"en": "Office"}}
		if err := q.store.Write(e.ctx, func(tx *catalog.Tx) error { return tx.PutAgency(&agency) }); err != nil {
			return err
		}
		draft, err := secretDataset(e, q, agency.ID, "draft")
		if err != nil {
			return err
		}
		later, err := secretDataset(e, q, agency.ID, "later")
		if err != nil {
			return err
		}
		waits, canaries, err := secretGiven(e, q, "waits")
		if err != nil {
			return err
		}
		digest, size, err := q.files.Put(e.ctx, strings.NewReader("n,name\n1,a\n2,b\n"), 0)
		if err != nil {
			return err
		}
		im, err := datasets.Import(e.ctx, q.files, digest, "open.csv", datasets.ImportOptions{})
		if err != nil {
			return err
		}
		all = []hidden{draft, later, {catalog.DeskDataset{}, canaries}}
		return q.store.Write(e.ctx, func(tx *catalog.Tx) error {
			if _, err := tx.Publish(&catalog.Shell, later.dataset.ID, catalog.AnyRevision, tx.Now().Add(24*time.Hour)); err != nil {
				return err
			}
			d, err := tx.PublishFile("", agency.ID, catalog.Text{"en": "Open numbers"}, catalog.File{Digest: digest, Name: "open.csv", Size: size}, im)
			if err != nil {
				return err
			}
			if public, _, err = tx.ReplaceFile(&catalog.Shell, d.ID, catalog.AnyRevision, resourceOf(tx, d.ID), waits); err != nil {
				return err
			}
			waits.File.Name = "another-" + waits.File.Name
			public, _, err = tx.AddFile(&catalog.Shell, d.ID, catalog.AnyRevision, waits)
			return err
		})
	})
	return public, all
}

func resourceOf(tx *catalog.Tx, dataset string) (id string) {
	if err := tx.Row("select id from resources where dataset = ?", dataset).Scan(&id); err != nil {
		panic(err)
	}
	return id
}

// Nothing that the public can ask for tells of a draft, of what is scheduled, or
// of a file that waits: not in lists, searches, counts, feeds, maps of the site,
// exports and snapshots, and not at the addresses that it will have.
func TestDraftsDoNotLeak(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	public, all := p.secrets()
	base, _ := p.serve()
	p.eventually(func() bool {
		_, body := get(t, base+"/api/v1/datasets")
		return bytes.Contains(body, []byte(`"total":1`))
	})
	var canaries []string
	for _, h := range all {
		canaries = append(canaries, h.canaries...)
	}
	asked := 0
	look := func(path string) (int, []byte) {
		asked++
		status, body := get(t, base+path)
		for _, canary := range canaries {
			if bytes.Contains(body, []byte(canary)) && !strings.Contains(path, canary) {
				t.Errorf("%s (%d) shows %s", path, status, canary)
			}
		}
		return status, body
	}
	lists := []string{"/catalog.sqlite", "/data.json", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/openapi.json", "/readyz", "/metrics", "/feeds/removed.atom", "/feeds/search.atom?q=qanari"}
	for _, path := range []string{"", "/datasets", "/datasets?q=qanari", "/datasets?agency=office", "/agencies", "/agencies/office", "/sources", "/removed", "/developers", "/licences", "/datasets/open-numbers"} {
		lists = append(lists, "/api/v1"+path, "/fa"+path, "/en"+path)
	}
	for _, feed := range []string{"new", "changed"} {
		lists = append(lists, "/feeds/"+feed+".atom")
	}
	for _, tab := range []string{"table", "columns", "api", "chart", "map"} {
		lists = append(lists, "/en/datasets/open-numbers/"+tab)
	}
	for _, path := range lists {
		if status, body := look(path); status >= 500 || strings.HasPrefix(path, "/catalog") && !bytes.HasPrefix(body, []byte("SQLite")) {
			t.Errorf("%s: %d", path, status)
		}
	}
	for path, want := range map[string]string{"/api/v1/datasets?q=qanari": `"total":0`, "/api/v1/agencies/office": `"datasets":1`, "/api/v1/datasets": `"total":1`} {
		if _, body := look(path); !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s has no %s: %s", path, want, body)
		}
	}
	for _, h := range all[:2] {
		lookEverywhere(t, look, &h.dataset)
	}
	if _, body := look("/api/v1/datasets/" + public.Slug); !bytes.Contains(body, []byte(`"rows":2`)) || bytes.Count(body, []byte(`"dataset":"`)) != 1 {
		t.Errorf("the published dataset is %s", body)
	}
	t.Logf("%d canaries, %d requests", len(canaries), asked)
}

// lookEverywhere asks every address of the table for the hidden dataset, and
// for one that there is not: both are answered alike.
func lookEverywhere(t *testing.T, look func(string) (int, []byte), d *catalog.DeskDataset) {
	t.Helper()
	const nobody = "01890000-0000-7000-8000-000000000000"
	r, pending := &d.Resources[0], &d.Pending[0]
	for _, route := range site.Routes() {
		if !strings.Contains(route.Path, "{slug}") && !strings.Contains(route.Path, "{id}") || strings.HasPrefix(route.Path, "/agencies") || strings.HasPrefix(route.Path, "/sources") {
			continue
		}
		prefixes := []string{""}
		if route.Serve == nil {
			prefixes = []string{"/api/v1", "/fa", "/en"}
		}
		for _, slug := range []string{d.ID, d.Slug, "qanaridrafttitle"} {
			for _, digest := range []string{pending.File.Digest, pending.Imported.Tables[0].Digest} {
				for _, ext := range []string{"csv", "parquet", "svg"} {
					address := func(slug, id string) string {
						return strings.NewReplacer("{slug}", slug, "{id}", id, "{digest}", digest, "{ext}", ext).Replace(route.Path)
					}
					for _, prefix := range prefixes {
						there, body := look(prefix + address(slug, r.ID))
						missing, other := look(prefix + address("no-such-thing", nobody))
						if there != missing || there < 400 || told404(body) != told404(other) {
							t.Errorf("%s: %d, and %d for what there is not: %s %s", prefix+address(slug, r.ID), there, missing, told404(body), told404(other))
						}
					}
					if !strings.Contains(route.Path, "{ext}") {
						break
					}
				}
				if !strings.Contains(route.Path, "{digest}") {
					break
				}
			}
		}
	}
}

// told404 is what a problem says without what is of the one request.
func told404(body []byte) string {
	var p struct{ Title, Detail string }
	if json.Unmarshal(body, &p) != nil {
		return "" // a page
	}
	return fmt.Sprint(p)
}
