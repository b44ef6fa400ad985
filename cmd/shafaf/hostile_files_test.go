package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A hostileFile is a file that is given to a dataset. It is kept as a file in any
// case; as a table it is refused with a sentence in which says stands, or has
// rows.
type hostileFile struct {
	what, name, content string
	says                string // empty: it may be a table, or none
}

// hostileFiles gives a dataset files that are attacks on who reads them: on the
// program, which must refuse the table in a sentence, and on browsers, to which
// they go as attachments that nothing runs in.
func hostileFiles(t *testing.T, s *siege) {
	made := s.call(t, "publisher", "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"Files"}}`).want(t, "create", http.StatusCreated).dataset(t)
	at := "/api/v1/datasets/" + made.ID
	all := append(hostilePages(), hostileArchives(t)...)
	all = append(all, hostileBooks(t)...)
	kept := map[string]string{} // ids of resources by name
	for i, f := range append(all, hostileTables(t)...) {
		name := fmt.Sprintf("%d-%s", i, f.name)
		s.try(t, f.what, func(t *testing.T) {
			a := s.send(t, shot{method: "POST", path: at + "/resources?name=" + url.QueryEscape(name), who: "publisher", body: f.content, header: []string{"Content-Type", "text/html"}})
			a.want(t, "the upload", http.StatusCreated)
			var d struct {
				Resources []struct {
					ID, Name string
					Pending  *struct {
						Fault  string
						Tables []struct{ Rows int64 }
					}
				}
			}
			if err := json.Unmarshal(a.body, &d); err != nil {
				t.Fatal(err)
			}
			r := d.Resources[len(d.Resources)-1]
			if r.Pending == nil || r.Name != name {
				t.Fatalf("it is not kept: %+v", r)
			}
			kept[f.what] = r.ID
			if f.says != "" && (len(r.Pending.Tables) > 0 || !strings.Contains(r.Pending.Fault, f.says)) {
				t.Errorf("%d tables, fault %q", len(r.Pending.Tables), r.Pending.Fault)
			}
			s.send(t, shot{path: "/en/desk/datasets/" + made.ID + "/files/" + r.ID, who: "publisher"}).harmless(t, "the page of the file")
		})
	}
	if a := s.call(t, "publisher", "POST", at+"/publish", `{}`, "If-Match", s.tag(t, made.ID)); a.status != http.StatusOK {
		t.Fatalf("publish: %d %s", a.status, a.body)
	}
	for what, id := range kept {
		t.Run(what+" goes out", func(t *testing.T) { s.attached(t, "/datasets/files/resources/"+id+"/file") })
	}
	s.try(t, "one line of a gibibyte", s.endless)
	if left, err := os.ReadDir(filepath.Join(s.e.dir, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("left in tmp: %v %v", left, err)
	}
	for _, path := range []string{"/tmp/hostile-slip.csv", "/tmp/hostile-absolute.csv"} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s was written", path)
		}
	}
	if a := (told{http.StatusOK, http.Header{"Content-Type": {"text/html"}}, []byte("x")}); attachedAs(a) == "" {
		t.Error("a page would pass for an attachment")
	}
}

// attached fails unless the file goes out as an attachment that browsers keep
// away from the site, and are told not to guess about.
func (s *siege) attached(t *testing.T, path string) {
	t.Helper()
	for _, header := range [][]string{nil, {"Range", "bytes=0-10"}, {"Accept", "text/html"}, {"Sec-Fetch-Dest", "document"}} {
		if why := attachedAs(s.send(t, shot{path: path, header: header})); why != "" {
			t.Errorf("%s %v: %s", path, header, why)
		}
	}
}

func attachedAs(a told) string {
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	switch {
	case a.status != http.StatusOK && a.status != http.StatusPartialContent:
		return fmt.Sprintf("status %d", a.status)
	case !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment;"):
		return "it is shown: " + a.header.Get("Content-Disposition")
	case a.header.Get("Content-Security-Policy") != "default-src 'none'; sandbox":
		return "its policy is " + a.header.Get("Content-Security-Policy")
	case strings.Contains(kind, "html"), strings.Contains(kind, "svg"), strings.HasSuffix(kind, "xml"), strings.Contains(kind, "script"), strings.HasPrefix(kind, "image/"), kind == "":
		return "its type is " + kind
	}
	return ""
}

// endless sends one line of a gibibyte over the network. It is taken in as it
// arrives and is no table.
func (s *siege) endless(t *testing.T) {
	const size = 1 << 30
	if testing.Short() {
		t.Skip("it writes a gibibyte")
	}
	d := s.call(t, "publisher", "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"Endless"}}`).dataset(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.addr+"/api/v1/datasets/"+d.ID+"/resources?name=endless.csv", io.LimitReader(repeated("aaaa,bbbb,"), size))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = size
	req.Header.Set("Authorization", "Bearer "+s.token["publisher"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	added := told{resp.StatusCode, resp.Header, b}.want(t, "the upload", http.StatusCreated).dataset(t)
	if p := added.Resources[0].Pending; p == nil || len(p.Tables) > 0 {
		t.Errorf("it is a table: %+v", p)
	}
	s.call(t, "publisher", "DELETE", "/api/v1/datasets/"+d.ID, "", "If-Match", s.tag(t, d.ID)).want(t, "discard", http.StatusNoContent)
}

// repeated is a text without an end.
type repeated string

// Read is io.Reader.
func (r repeated) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		n += copy(p[n:], r)
	}
	return len(p), nil
}

// hostilePages are pages, pictures and scripts under other names, and files that
// are two things at once.
func hostilePages() []hostileFile {
	const page = "<!doctype html><title>x</title><script>hostile()</script>"
	const picture = `<svg xmlns="http://www.w3.org/2000/svg" onload="hostile()"><script>hostile()</script></svg>`
	return []hostileFile{
		{"a picture with a script", "x.svg", picture, "no rows"},
		{"a picture with a script under the name of a table", "x.csv", picture, ""},
		{"a page", "x.html", page, ""},
		{"a page under the name of a table", "page.csv", page, ""},
		{"a page under the name of JSON", "page.json", page, ""},
		{"a page under the name of a picture", "page.png", page, ""},
		{"a page in XHTML", "page.xhtml", `<html xmlns="http://www.w3.org/1999/xhtml"><script>hostile()</script></html>`, ""},
		{"a page with a table", "table.html", "<table><tr><th>a<th>b<tr><td><script>hostile()</script>1<td>2<tr><td>3<td>4</table>", ""},
		{"a page in UTF-16", "u.csv", "\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00", ""},
		{"a picture that is a script", "x.gif", "GIF89a/*\x00\x00*/=1;hostile()//", "a picture"},
		{"a document that is an archive", "x.pdf", "%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(hostile())>>>>endobj\nPK\x03\x04", "PDF"},
		{"a script of a browser", "x.js", "hostile()", ""},
		{"a style", "x.css", "@import '//evil.example'", ""},
		{"an archive of a page", "x.mht", "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<script>hostile()</script>", ""},
		{"a program", "x.exe", "MZ\x90\x00\x03\x00\x00\x00", "binary data"},
		{"a link of a desktop", "x.url", "[InternetShortcut]\r\nURL=javascript:hostile()\r\n", ""},
		{"a style for a picture", "x.xsl", `<?xml version="1.0"?><?xml-stylesheet href="//evil.example"?><x/>`, ""},
	}
}
