package site

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/exporters"
)

var atNoon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// A shelf is a site with one dataset, served on a real connection.
type shelf struct {
	*Site
	t     *testing.T
	url   string
	slug  string
	table string // id of the resource with rows
	plain string // id of a resource whose file is no table
	link  string // id of a resource without a file
}

const provinces = "استان,population,share,since,phone\n" +
	"تهران,13267637,15.60,1403/01/01,021\n" +
	"البرز,2712400,3.20,1403/01/02,026\n" +
	"ایلام,580158,0.70,,084\n" +
	"=قم,1292283,1.50,1403/01/04,025\n"

func newShelf(t *testing.T) *shelf {
	t.Helper()
	dir := t.TempDir()
	store, err := catalog.Open(t.Context(), dir, catalog.Options{
		Now: func() time.Time { return atNoon }, Fatal: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := datasets.OpenFiles(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	exports, err := exporters.OpenFiles(filepath.Join(dir, "exports"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { files.Close(); store.Close() })
	s := &shelf{t: t, Site: &Site{Catalog: store, Files: files, Exports: exports, Now: func() time.Time { return atNoon }}}
	s.fill()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "http://" + l.Addr().String()
	s.BaseURL = s.url
	app := s.App()
	go app.Listener(l)
	t.Cleanup(func() { app.Shutdown() })
	return s
}

// fill publishes a dataset with a table, a file that is none, and a link.
func (s *shelf) fill() {
	s.t.Helper()
	d := &catalog.Dataset{Title: catalog.Text{"fa": "جمعیت استان‌ها", "en": "Population of provinces"}, Languages: []string{"fa"}}
	err := s.Catalog.Write(s.t.Context(), func(tx *catalog.Tx) error {
		a := &catalog.Agency{Title: catalog.Text{"en": "Statistics"}}
		if err := tx.PutAgency(a); err != nil {
			return err
		}
		d.Agency = a.ID
		if err := tx.PutDataset(d); err != nil {
			return err
		}
		for i, r := range []*catalog.Resource{
			{Name: "جدول", Format: "CSV"},
			{Name: "گزارش", Format: "PDF", FetchFault: "a PDF is no table"},
			{Name: "پیوند", Format: "HTML", AccessURL: "https://example.org/a"},
		} {
			r.Dataset = d.ID
			if err := tx.PutResource(r, i); err != nil {
				return err
			}
			switch i {
			case 0:
				s.table = r.ID
			case 1:
				s.plain = r.ID
			default:
				s.link = r.ID
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.slug = d.Slug
	s.put(s.table, "استان‌ها 1403.csv", provinces)
	s.put(s.plain, "گزارش.pdf", "%PDF-1.4 nothing in it")
}

// put makes the content the current edition of a resource and returns it.
func (s *shelf) put(resource, name, content string) catalog.Edition {
	s.t.Helper()
	digest, size, err := s.Files.Put(s.t.Context(), strings.NewReader(content), 0)
	if err != nil {
		s.t.Fatal(err)
	}
	in, err := datasets.Import(s.t.Context(), s.Files, digest, name, datasets.ImportOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	e := catalog.Edition{Resource: resource, Digest: digest, File: digest, FileName: name, Size: size}
	if len(in.Tables) > 0 {
		t := in.Tables[0]
		e.Digest, e.HasTable, e.Rows, e.Schema, e.Profile = t.Digest, true, t.Rows, t.Schema, t.Profile
	}
	if err := s.Catalog.Write(s.t.Context(), func(tx *catalog.Tx) error { return tx.PutEdition(&e) }); err != nil {
		s.t.Fatal(err)
	}
	return e
}

// of is an address below a resource of the dataset.
func (s *shelf) of(resource, rest string) string {
	return s.url + "/datasets/" + s.slug + "/resources/" + resource + rest
}

// refused asks for an address that must be refused and returns the problem.
func refused(t *testing.T, url string, status int) Problem {
	t.Helper()
	resp, body := ask(t, "GET", url, "Accept", "application/json")
	var p Problem
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatalf("%s answers %d: %v: %s", url, resp.StatusCode, err, body)
	}
	if resp.StatusCode != status || p.Status != status || p.RequestID == "" || p.Detail == "" {
		t.Errorf("%s answers %d: %s, want %d", url, resp.StatusCode, body, status)
	}
	if kind := resp.Header.Get("Content-Type"); kind != problemType {
		t.Errorf("%s answers as %s", url, kind)
	}
	return p
}

func TestTablesAreDownloadedInEveryFormat(t *testing.T) {
	s := newShelf(t)
	for _, f := range exporters.Formats() {
		resp, body := ask(t, "GET", s.of(s.table, "."+f.Ext))
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != f.MediaType || int64(len(body)) != resp.ContentLength {
			t.Errorf("%s: %d %s, %d of %d bytes", f.Ext, resp.StatusCode, resp.Header.Get("Content-Type"), len(body), resp.ContentLength)
		}
		if name := resp.Header.Get("Content-Disposition"); !strings.Contains(name, "UTF-8''%D8%AC") || !strings.HasSuffix(name, "."+f.Ext) {
			t.Errorf("%s is saved as %s", f.Ext, name)
		}
		tag := resp.Header.Get("ETag")
		if again, body := ask(t, "GET", s.of(s.table, "."+f.Ext), "If-None-Match", tag); again.StatusCode != http.StatusNotModified || len(body) > 0 {
			t.Errorf("%s with its tag %s: %d", f.Ext, tag, again.StatusCode)
		}
		head, body := ask(t, "HEAD", s.of(s.table, "."+f.Ext))
		if head.ContentLength != resp.ContentLength || len(body) > 0 || head.Header.Get("ETag") != tag {
			t.Errorf("HEAD of %s: %d bytes, ETag %s", f.Ext, head.ContentLength, head.Header.Get("ETag"))
		}
	}
	_, body := ask(t, "GET", s.of(s.table, ".csv"))
	want := "استان,population,share,since,phone\r\nتهران,13267637,15.60,2024-03-20,021\r\nالبرز,2712400,3.20,2024-03-21,026\r\n" +
		"ایلام,580158,0.70,,084\r\n'=قم,1292283,1.50,2024-03-23,025\r\n"
	if string(body) != want {
		t.Errorf("the table is\n%s\nwant\n%s", body, want)
	}
	_, body = ask(t, "GET", s.of(s.table, ".csv?raw=1"))
	if got := strings.ReplaceAll(string(body), "\r\n", "\n"); got != provinces {
		t.Errorf("raw, the table is\n%s\nwant\n%s", got, provinces)
	}
	_, body = ask(t, "GET", s.of(s.table, ".csv?escape=0&bom=1"))
	if got := string(body); !strings.Contains(got, "\n=قم,") || !strings.HasPrefix(got, "\ufeffاستان") {
		t.Errorf("unescaped with a mark, the table is\n%s", got)
	}
}

func TestFilesAreGivenBackAsTheyCame(t *testing.T) {
	s := newShelf(t)
	resp, body := ask(t, "GET", s.of(s.table, "/file"))
	if string(body) != provinces || resp.Header.Get("Content-Security-Policy") != sandbox || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v:\n%s", resp.StatusCode, resp.Header, body)
	}
	if got := resp.Header.Get("Content-Disposition"); !strings.HasSuffix(got, "%201403.csv") {
		t.Errorf("it is saved as %s", got)
	}
	resp, body = ask(t, "GET", s.of(s.plain, "/file"), "Range", "bytes=0-4")
	if resp.StatusCode != http.StatusPartialContent || string(body) != "%PDF-" || resp.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the beginning of a PDF is %d %s %q", resp.StatusCode, resp.Header.Get("Content-Type"), body)
	}
	resp, body = ask(t, "GET", s.of(s.plain, "/file"), "Range", "bytes=500-", "Accept", "application/json")
	if resp.StatusCode != http.StatusRequestedRangeNotSatisfiable || resp.Header.Get("Content-Range") != "bytes */22" || !bytes.Contains(body, []byte("22 bytes")) {
		t.Errorf("behind its end: %d %s %s", resp.StatusCode, resp.Header.Get("Content-Range"), body)
	}
}

func TestEditionsStayWhereTheyAre(t *testing.T) {
	s := newShelf(t)
	first, err := s.Catalog.Resource(t.Context(), s.table)
	if err != nil {
		t.Fatal(err)
	}
	s.put(s.table, "استان‌ها 1404.csv", "استان,population\nتهران,13400000\n")
	edition := "/editions/" + first.Edition.Digest
	resp, body := ask(t, "GET", s.of(s.table, edition+".csv"))
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != CacheForever || !bytes.Contains(body, []byte("13267637")) {
		t.Errorf("the first edition is %d %s:\n%s", resp.StatusCode, resp.Header.Get("Cache-Control"), body)
	}
	if got := resp.Header.Get("Content-Disposition"); !strings.Contains(got, "2026-11-22%20"+first.Edition.Digest[:8]) {
		t.Errorf("it is saved as %s", got)
	}
	resp, body = ask(t, "GET", s.of(s.table, edition+"/file"))
	if string(body) != provinces || resp.Header.Get("Cache-Control") != CacheForever {
		t.Errorf("its file is %d:\n%s", resp.StatusCode, body)
	}
	_, body = ask(t, "GET", s.of(s.table, ".csv"))
	if !bytes.Contains(body, []byte("13400000")) {
		t.Errorf("the current table is\n%s", body)
	}
	refused(t, s.of(s.table, "/editions/"+strings.Repeat("0", 64)+".csv"), 404)

	err = s.Catalog.Write(t.Context(), func(tx *catalog.Tx) error {
		r := first
		r.State = catalog.Retired
		return tx.PutResource(&r, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	if p := refused(t, s.of(s.table, ".csv"), 410); !strings.Contains(p.Detail, "/editions") {
		t.Errorf("a retired table says %s", p.Detail)
	}
	refused(t, s.of(s.table, "/file"), 410)
	if resp, _ := ask(t, "GET", s.of(s.table, edition+".csv")); resp.StatusCode != http.StatusOK {
		t.Errorf("the edition of a retired table is %d", resp.StatusCode)
	}
}

func TestDownloadsThatCannotBeSayWhy(t *testing.T) {
	s := newShelf(t)
	for _, c := range []struct {
		url    string
		status int
		field  string
		says   string
	}{
		{s.of(s.table, ".ods"), 404, "", "csv, xlsx, parquet, json, jsonl"},
		{s.of("0198c0de-0000-7000-8000-000000000000", ".csv"), 404, "", "mistyped"},
		{s.of(s.plain, ".csv"), 404, "", "/resources/" + s.plain + "/file"},
		{s.of(s.plain, ".csv"), 404, "", "a PDF is no table"},
		{s.of(s.link, ".csv"), 404, "", "https://example.org/a"},
		{s.of(s.link, "/file"), 404, "", "https://example.org/a"},
		{s.of(s.table, ".csv?population__gt=much"), 422, "population__gt", "number"},
		{s.of(s.table, ".csv?population__like=5"), 422, "population__like", "contains"},
		{s.of(s.table, ".csv?_sort=popluation"), 422, "_sort", "population"},
		{s.of(s.table, ".csv?_sum=phone"), 422, "_sum", "no number"},
		{s.of(s.table, ".csv?_size=5"), 422, "_size", "/rows"},
		{s.of(s.table, ".csv?population__gt=5&_after=x"), 422, "_after", "/rows"},
		{s.of(s.table, ".csv?colour=red"), 422, "colour", "no column"},
		{s.of(s.table, ".xlsx?escape=0"), 422, "escape", "CSV only"},
		{s.of(s.table, ".csv?raw=yes"), 422, "raw", "“yes”"},
		{s.of(s.table, ".csv?raw=1&raw=0"), 422, "raw", "0 or 1"},
		{s.of(s.table, ".csv?raw=%zz"), 400, "", "percent"},
		{s.of(s.table, "/file?raw=1"), 422, "raw", "no such parameter"},
	} {
		p := refused(t, c.url, c.status)
		if !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s says %q, not %q", c.url, p.Detail, c.says)
		}
		if c.field != "" && (len(p.Faults) != 1 || p.Faults[0].Field != c.field) {
			t.Errorf("%s names %+v, not %s", c.url, p.Faults, c.field)
		}
	}
	resp, body := ask(t, "GET", s.of(s.link, ".csv"), "Accept", "text/html", "Accept-Language", "fa")
	if resp.StatusCode != http.StatusNotFound || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || !bytes.Contains(body, []byte("رونوشتی")) {
		t.Errorf("a reader of Persian gets %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
}

func TestACellTooLongForExcelIsNamed(t *testing.T) {
	s := newShelf(t)
	s.put(s.table, "long.csv", "a,b\n1,x\n2,"+strings.Repeat("y", 40_000)+"\n")
	p := refused(t, s.of(s.table, ".xlsx"), 422)
	if len(p.Faults) != 1 || p.Faults[0].Row != 3 || p.Faults[0].Column != "b" || !strings.Contains(p.Faults[0].Sentence, "32767") {
		t.Errorf("it says %+v", p)
	}
	if resp, _ := ask(t, "GET", s.of(s.table, ".csv")); resp.StatusCode != http.StatusOK {
		t.Errorf("as CSV it is %d", resp.StatusCode)
	}
}

func TestWrongSlugsLeadToTheRightOne(t *testing.T) {
	s := newShelf(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, rest := range []string{".csv?raw=1", "/file"} {
		resp, err := client.Get(s.url + "/datasets/old-name/resources/" + s.table + rest)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		want := "/datasets/" + s.slug + "/resources/" + s.table + rest
		if resp.StatusCode != http.StatusPermanentRedirect || resp.Header.Get("Location") != want {
			t.Errorf("%d to %s, want %s", resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
}

func TestManyWhoAskAtOnceShareOneBuild(t *testing.T) {
	s := newShelf(t)
	var b strings.Builder
	b.WriteString("n,text\n")
	for i := range 20_000 {
		b.WriteString(strings.Repeat("7", 1+i%9) + ",word\n")
	}
	s.put(s.table, "many.csv", b.String())
	var all sync.WaitGroup
	tags := make([]string, 16)
	for i := range tags {
		all.Go(func() {
			resp, err := http.Get(s.of(s.table, ".xlsx"))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			n, err := io.Copy(io.Discard, resp.Body)
			if err != nil || n != resp.ContentLength {
				t.Errorf("%d of %d bytes, %v", n, resp.ContentLength, err)
			}
			tags[i] = resp.Header.Get("ETag")
		})
	}
	all.Wait()
	for _, tag := range tags {
		if tag == "" || tag != tags[0] {
			t.Errorf("tags %q", tags)
			break
		}
	}
}
