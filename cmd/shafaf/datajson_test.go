package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
	"github.com/openshafaf/shafaf/harvesters"
	"github.com/openshafaf/shafaf/search"
	"github.com/openshafaf/shafaf/site"
)

// A mirrored is a portal of which one source is harvested.
type mirrored struct {
	t     *testing.T
	store *catalog.Store
	deps  harvesters.Deps
	site  *site.Site
}

func newMirrored(t *testing.T) *mirrored {
	t.Helper()
	dir := t.TempDir()
	store, err := catalog.Open(t.Context(), dir, catalog.Options{Now: time.Now, Fatal: func(err error) { t.Error(err) }})
	check(t, err)
	files, err := datasets.OpenFiles(dir)
	check(t, err)
	exports, err := exporters.OpenFiles(filepath.Join(dir, "exports"))
	check(t, err)
	index, err := search.Open(filepath.Join(dir, "search"), search.Options{Now: time.Now})
	check(t, err)
	t.Cleanup(func() { index.Close(); files.Close(); store.Close() })
	return &mirrored{
		t: t, store: store, deps: harvesters.Deps{Store: store, Files: files, Now: time.Now, Version: "test"},
		site: &site.Site{Catalog: store, Index: index, Files: files, Exports: exports, Now: time.Now, BaseURL: "https://data.example.org"},
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// harvest reads a source of no agency in particular and returns the faults.
func (m *mirrored) harvest(kind, path string) []catalog.RunFault {
	m.t.Helper()
	src := catalog.Source{Kind: kind, URL: path, Title: catalog.Text{"en": "Source"}}
	check(m.t, m.store.Write(m.t.Context(), func(tx *catalog.Tx) error { return tx.PutSource(&src) }))
	run, err := harvesters.Run(m.t.Context(), m.deps, src, harvesters.RunOptions{})
	check(m.t, err)
	faults, _, err := m.store.RunFaults(m.t.Context(), run.ID, 0, 100)
	check(m.t, err)
	return faults
}

// dataJSON is what the portal answers at /data.json.
func (m *mirrored) dataJSON() []byte {
	m.t.Helper()
	resp, err := m.site.App().Test(httptest.NewRequest(http.MethodGet, "/data.json", http.NoBody), -1)
	check(m.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(m.t, err)
	if resp.StatusCode != http.StatusOK || resp.ContentLength != int64(len(body)) || resp.Header.Get("ETag") == "" {
		m.t.Fatalf("/data.json answers %d, %d of %d bytes", resp.StatusCode, len(body), resp.ContentLength)
	}
	return body
}

// A described is what a dataset says, without what belongs to one portal.
type described struct {
	Dataset catalog.Dataset
	Agency  string
}

// all returns the datasets by the given name.
func (m *mirrored) all(name func(*catalog.Dataset) string) map[string]described {
	m.t.Helper()
	byName := map[string]described{}
	for d, err := range m.store.Walk(m.t.Context()) {
		check(m.t, err)
		a, err := m.store.Agency(m.t.Context(), d.Agency)
		check(m.t, err)
		agency, _ := a.Title.In("en")
		byName[name(d)] = described{*d, agency}
	}
	return byName
}

// bare takes out what another portal cannot have the same.
func bare(d catalog.Dataset) catalog.Dataset {
	d.ID, d.Slug, d.Identifier, d.Agency, d.Source, d.PartOf = "", "", "", "", "", ""
	d.Created, d.Updated, d.Missing = time.Time{}, time.Time{}, time.Time{}
	d.Resources = slices.Clone(d.Resources)
	for i := range d.Resources {
		r := &d.Resources[i]
		r.ID, r.Dataset, r.Fetched, r.Fetch, r.FetchFault, r.Edition = "", "", time.Time{}, "", "", nil
	}
	return d
}

// filled puts the fields that DCAT-US requires where the dataset had none, as
// they came back.
func filled(was, is catalog.Dataset, agency string) catalog.Dataset {
	if len(was.Description) == 0 {
		was.Description = is.Description
	}
	if len(was.Keywords) == 0 {
		was.Keywords = is.Keywords
	}
	if was.Modified == "" {
		was.Modified = is.Modified
	}
	if was.AccessLevel == "" && is.AccessLevel == "public" {
		was.AccessLevel = is.AccessLevel
	}
	if was.Publisher == "" && is.Publisher == agency {
		was.Publisher = is.Publisher
	}
	if was.Contact.Name == "" {
		was.Contact = is.Contact
	}
	for i := range was.Resources {
		if i >= len(is.Resources) {
			break
		}
		r, s := &was.Resources[i], &is.Resources[i]
		if r.MediaType == "" && r.DownloadURL != "" {
			r.MediaType = s.MediaType
		}
		if r.AccessURL == "" && r.DownloadURL == "" {
			r.AccessURL = s.AccessURL
			if len(r.Title) == 0 {
				r.Title, r.Name = s.Title, s.Name
			}
		}
	}
	return was
}

func realSource(t *testing.T, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SHAFAF_FILES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real files are not here: %v", err)
	}
	return path
}

// ownSource is a data.json with all that DCAT-US cannot say.
const ownSource = `{"conformsTo":"https://project-open-data.cio.gov/v1.1/schema","dataset":[
{"identifier":"1","title":"Alpha <b>&","description":"First\n\nSecond “line”","keyword":["a","b c"],"modified":"2024-05-01","accessLevel":"public",
 "publisher":{"name":"Bureau of Tests","subOrganizationOf":{"name":"Ministry of Trials"}},"contactPoint":{"fn":"Desk","hasEmail":"mailto:desk@example.org"},
 "license":"https://creativecommons.org/licenses/by/4.0/","spatial":"Tehran","temporal":"2010/2011-12-31","accrualPeriodicity":"R/P1Y","language":["en"],
 "theme":["Health"],"issued":"2020","references":["https://example.org/a","https://example.org/b"],"conformsTo":["https://example.org/s","words"],
 "distribution":[{"title":"Rows","downloadURL":"https://example.org/a.csv","mediaType":"text/csv; charset=utf-8","description":"<p>All of them</p>","byteSize":12},
  {"accessURL":"https://example.org/api","format":"API","identifier":"x"}]},
{"identifier":"2","title":{"fa":"دوم","en":"Second"},"description":{"fa":"شرح","en":"Text"},"publisher":{"name":"Bureau of Tests"},"temporal":"2015/..",
 "license":"other-open","accrualPeriodicity":"when it rains","rights":"` + longRights + `","isPartOf":"1","language":["fa","en"],
 "distribution":[{"title":{"fa":"فایل","en":"File"},"downloadURL":"https://example.org/b.xyz"}]},
{"identifier":"3","title":"Troisième","language":["fr"],"publisher":{"name":"Ministère"},"license":"See the terms of the Ministry","distribution":[]},
{"identifier":"4","title":"No file","publisher":{"name":"Ministère"},"license":"cc-by","temporal":"../2001","distribution":[{"title":"Nothing"}]},
{"identifier":"5","title":"Etalab","publisher":{"name":"Ministère"},"license":"etalab-2.0"}]}`

const longRights = "Rights that go on and on. Rights that go on and on. Rights that go on and on. Rights that go on and on. Rights that go on and on. " +
	"Rights that go on and on. Rights that go on and on. Rights that go on and on. Rights that go on and on. Rights that go on and on. End."

func TestTheListOfAllDatasetsIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	own := filepath.Join(t.TempDir(), "own.json")
	check(t, os.WriteFile(own, []byte(ownSource), 0o600))
	t.Run("own", func(t *testing.T) { roundTrip(t, "datajson", own) })
	for _, folder := range []struct{ name, kind string }{{"datajson", "datajson"}, {"arcgis-hub", "datajson"}, {"ckan", "ckan"}} {
		t.Run(folder.name, func(t *testing.T) {
			t.Parallel()
			snapshots := map[string]bool{} // one of a series will do
			err := filepath.WalkDir(realSource(t, folder.name), func(path string, _ fs.DirEntry, err error) error {
				series := strings.Map(func(r rune) rune {
					if r >= '0' && r <= '9' {
						return -1
					}
					return r
				}, filepath.Base(path))
				if err == nil && filepath.Ext(path) == ".json" && !snapshots[series] {
					snapshots[series] = true
					roundTrip(t, folder.kind, path)
				}
				return err
			})
			check(t, err)
		})
	}
}

func roundTrip(t *testing.T, kind, path string) {
	t.Helper()
	first, second := newMirrored(t), newMirrored(t)
	first.harvest(kind, path)
	body := first.dataJSON()
	checkDCATUS(t, path, body)
	list := filepath.Join(t.TempDir(), "data.json")
	check(t, os.WriteFile(list, body, 0o600))
	faults := second.harvest("datajson", list)
	if len(first.all(func(d *catalog.Dataset) string { return d.ID })) == 0 {
		return // a broken source: nothing to list
	}
	for _, f := range faults {
		t.Errorf("%s: %s, %s: %s", path, f.Position, f.Field, f.Text)
	}
	was, is := first.all(func(d *catalog.Dataset) string { return d.ID }), second.all(func(d *catalog.Dataset) string { return d.Identifier })
	if len(was) != len(is) {
		t.Errorf("%s: %d datasets are %d", path, len(was), len(is))
	}
	for id, a := range was {
		b, ok := is[id]
		if !ok {
			t.Errorf("%s: %s is missing", path, id)
			continue
		}
		want, got := filled(bare(a.Dataset), bare(b.Dataset), b.Agency), bare(b.Dataset)
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%s: %s", path, fieldsApart(want, got))
		}
		if part := is[b.Dataset.PartOf]; b.Dataset.PartOf != "" && part.Dataset.ID == "" {
			t.Errorf("%s: %s is part of %q, which is not there", path, id, b.Dataset.PartOf)
		}
	}
	t.Logf("%s: %d datasets in %d bytes", filepath.Base(path), len(was), len(body))
}

// fieldsApart prints the fields that differ.
func fieldsApart(a, b catalog.Dataset) string {
	var all []string
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			one, _ := json.Marshal(x.Field(i).Interface())
			two, _ := json.Marshal(y.Field(i).Interface())
			all = append(all, x.Type().Field(i).Name+":\n  was "+string(one)+"\n  is  "+string(two))
		}
	}
	return strings.Join(all, "\n")
}

var (
	dcatDate     = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\dZ)?)?)?$`)
	dcatInterval = regexp.MustCompile(`^[^/.]+/[^/.]+$`)
	dcatEvery    = regexp.MustCompile(`^(irregular|R/P[0-9.YMWDTHS]+)$`)
	dcatEmail    = regexp.MustCompile(`^mailto:[^@\s]+@[^@\s]+$`)
	dcatType     = regexp.MustCompile(`^[-\w]+/[-\w]+(\.[-\w]+)*([+][-\w]+)?$`)
	dcatURI      = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://\S+$`)
)

// checkDCATUS holds a list to the rules of DCAT-US 1.1 for agencies that are
// not federal: required fields, types and patterns.
func checkDCATUS(t *testing.T, path string, body []byte) {
	t.Helper()
	var c struct {
		Context     string `json:"@context"`
		ConformsTo  string `json:"conformsTo"`
		DescribedBy string `json:"describedBy"`
		Dataset     []map[string]any
	}
	check(t, json.NewDecoder(bytes.NewReader(body)).Decode(&c))
	if c.ConformsTo != "https://project-open-data.cio.gov/v1.1/schema" || c.Context == "" || c.DescribedBy == "" {
		t.Errorf("%s: the head is %+v", path, c)
	}
	seen := map[string]bool{}
	for _, d := range c.Dataset {
		id, _ := d["identifier"].(string)
		bad := func(field string) { t.Errorf("%s: %s: %s is %v", path, id, field, d[field]) }
		if id == "" || seen[id] {
			bad("identifier")
		}
		seen[id] = true
		for _, field := range []string{"title", "description"} {
			if s, ok := d[field].(string); !ok || s == "" {
				bad(field)
			}
		}
		if k, ok := d["keyword"].([]any); !ok || len(k) == 0 || slices.Contains(k, any("")) {
			bad("keyword")
		}
		if !slices.Contains([]any{"public", "restricted public", "non-public"}, d["accessLevel"]) {
			bad("accessLevel")
		}
		for field, pattern := range map[string]*regexp.Regexp{
			"modified": dcatDate, "issued": dcatDate, "temporal": dcatInterval, "accrualPeriodicity": dcatEvery, "license": dcatURI,
			"landingPage": dcatURI, "describedBy": dcatURI, "conformsTo": regexp.MustCompile(`^\S+:\S+$`),
		} {
			if s, ok := d[field].(string); d[field] != nil && (!ok || !pattern.MatchString(s)) || field == "modified" && s == "" {
				bad(field)
			}
		}
		if rights, ok := d["rights"].(string); ok && len([]rune(rights)) > 255 {
			bad("rights")
		}
		publisher, _ := d["publisher"].(map[string]any)
		contact, _ := d["contactPoint"].(map[string]any)
		mail, hasMail := contact["hasEmail"].(string)
		if publisher["name"] == nil || publisher["name"] == "" || contact["fn"] == nil || contact["fn"] == "" || hasMail && !dcatEmail.MatchString(mail) {
			bad("publisher")
			bad("contactPoint")
		}
		files, _ := d["distribution"].([]any)
		for _, f := range files {
			checkDistribution(t, path+": "+id, f)
		}
	}
}

func checkDistribution(t *testing.T, where string, v any) {
	t.Helper()
	f, _ := v.(map[string]any)
	download, _ := f["downloadURL"].(string)
	access, _ := f["accessURL"].(string)
	kind, _ := f["mediaType"].(string)
	if download == "" && access == "" || download != "" && kind == "" || kind != "" && !dcatType.MatchString(kind) {
		t.Errorf("%s: the distribution is %v", where, f)
	}
	for _, s := range []string{download, access} {
		if s != "" && !dcatURI.MatchString(s) {
			t.Errorf("%s: %q is no address", where, s)
		}
	}
}
