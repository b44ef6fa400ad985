package main

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
)

// hostileNames gives files names that are more than names, in each of the three
// ways in which a file is named. A name is refused, or kept without what is
// hostile about it, and goes out as one parameter of one header.
func hostileNames(t *testing.T, s *siege) {
	made := s.call(t, "publisher", "POST", "/api/v1/datasets", `{"agency":"own-agency","title":{"en":"Names"}}`).want(t, "create", http.StatusCreated).dataset(t)
	at := "/api/v1/datasets/" + made.ID
	var kept []string
	n := 0
	for what, name := range map[string]string{
		"a way out": "../../%dx.csv", "a way out of Windows": `..\..\%dx.csv`, "an absolute one": "/etc/%dpasswd", "a drive": `C:\%dx.csv`, "a stream": "%dx.csv::$DATA", "a device": "CON", "a device with an ending": "NUL%.0d.csv", "a line end": "a\n%db.csv", "a header": "a\r\nX-Hostile: 1\r\n\r\n%d.csv", "five thousand bytes": strings.Repeat("x", 5000) + "%d.csv",
		"two dots": "..", "a dot": ".", "NUL": "a\x00%d.csv", "a quote": `a"; filename="%devil.html`, "a parameter": "%da; filename*=UTF-8''evil.html", "turned letters": "\u202E%dvsc.exe", "escapes": "%%2e%%2e%%2f%dx.csv", "escaped NUL": "%da%%00.html.csv", "no UTF-8": "\xff\xfe%d.csv", "a hidden one": ".htaccess%d", "an option": "-rf%d.csv", "a wild card": "*%d.csv", "a command": "$(id)`id`%d;id|id.csv",
		"a page": "%d.html", "two endings": "%dx.html.csv", "an ending of blanks": "%dx.html                    .csv", "dots at the end": "%dx.html...", "wide dots": "．．／%dx.csv", "markup": "<img src=x onerror=hostile()>%d.csv", "Persian": "شهرستان‌ها%d.csv", "a separator of lines": "a\u2028%db.csv", "a formula": "=cmd|' /C calc'!A0%d.csv",
	} {
		s.try(t, what, func(t *testing.T) {
			for _, way := range []string{"parameter", "header", "form"} {
				n++
				given := name
				if strings.Contains(name, "%d") || strings.Contains(name, "%.0d") {
					given = fmt.Sprintf(name, n)
				}
				a := s.send(t, s.handing(t, at, way, given))
				a.harmless(t, "the answer")
				switch {
				case split(a):
					t.Errorf("by %s: a header is split off: %v", way, a.header)
				case a.status == http.StatusUnprocessableEntity || a.status == http.StatusBadRequest || a.status == http.StatusConflict:
				case a.status != http.StatusCreated:
					t.Errorf("by %s: %d %s", way, a.status, a.body)
				default:
					all := a.dataset(t).Resources
					r := all[len(all)-1]
					if strings.ContainsAny(r.Name, "/\\\r\n\x00\u202E") || len(r.Name) > 255 || strings.Trim(r.Name, ".") == "" {
						t.Errorf("by %s: it is kept as %q", way, r.Name)
					}
					kept = append(kept, r.ID)
				}
			}
		})
	}
	if a := s.call(t, "publisher", "POST", at+"/publish", `{}`, "If-Match", s.tag(t, made.ID)); a.status != http.StatusOK || len(kept) < 20 {
		t.Fatalf("%d names are kept; publish: %d %s", len(kept), a.status, a.body)
	}
	for _, id := range kept {
		path := "/datasets/names/resources/" + id + "/file"
		s.attached(t, path)
		for _, at := range []string{path, "/datasets/names/resources/" + id + ".csv"} {
			if why := savedAs(s.send(t, shot{path: at}).header.Get("Content-Disposition")); why != "" {
				t.Errorf("%s: %s", at, why)
			}
		}
	}
	for _, header := range []string{`attachment; filename="a"; filename="b.html"`, `attachment; filename="../x"`, `attachment; filename="CON"`, `inline; filename="x"`} {
		if savedAs(header) == "" {
			t.Errorf("nothing is found in %s", header)
		}
	}
}

// handing is the upload of a small table under a name.
func (s *siege) handing(t *testing.T, at, way, name string) shot {
	t.Helper()
	const table = "a,b\n1,2\n"
	one := shot{method: "POST", path: at + "/resources", who: "publisher", body: table}
	switch way {
	case "parameter":
		one.path += "?name=" + url.QueryEscape(name)
	case "header":
		one.header = []string{"Content-Disposition", `attachment; filename*=UTF-8''` + url.PathEscape(name)}
	case "form":
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename*=UTF-8''` + url.PathEscape(name)}})
		if err == nil {
			_, err = part.Write([]byte(table))
		}
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		one.body, one.header = b.String(), []string{"Content-Type", w.FormDataContentType()}
	}
	return one
}

// savedAs says what is wrong with the name under which a browser would save.
func savedAs(header string) string {
	kind, params, err := mime.ParseMediaType(header)
	name := params["filename"]
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch {
	case err != nil || kind != "attachment" || name == "" || len(params) != 1:
		return fmt.Sprintf("%q is no header of one name: %v", header, err)
	case strings.ContainsAny(name, "/\\\r\n\x00\"<>|*?:\u202E") || strings.Trim(name, ". ") == "" || len(name) > 255:
		return fmt.Sprintf("it is saved as %q", name)
	case base == "CON" || base == "NUL":
		return "it is saved as a device"
	}
	return ""
}
