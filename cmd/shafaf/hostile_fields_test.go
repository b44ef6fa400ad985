package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"

	"github.com/pquerna/otp/totp"
)

// poison is what is written into every field: it leaves an attribute of either
// quotes, a title and a data block.
const poison = `"'></title></script><script>hostile()</script><img src=x onerror=hostile()>`

// A poisoned field is one that somebody can fill: put fills it with a text, or
// is refused. Where seen is empty nobody has to see it.
type poisoned struct {
	name string
	put  func(t *testing.T, text string) told
	seen string // an address at which it must be read as a text
}

// hostileFields poisons every field that people and programs fill, and then looks
// at the pages that show it. A text that is not seen would prove nothing.
func hostileFields(t *testing.T, s *siege) {
	slug := s.publish(t, map[string]any{"title": map[string]string{"en": "Fields"}})
	all := append(s.described(t, slug), s.handed(t, slug)...)
	all = append(all, s.staffed()...)
	for i, f := range append(all, s.spoken(t, slug)...) {
		s.try(t, f.name, func(t *testing.T) {
			mark := fmt.Sprintf("quarry%d", i)
			a := f.put(t, mark+poison)
			if a.body != nil {
				a.harmless(t, "the answer")
			}
			if a.status >= 400 {
				if f.seen != "" {
					t.Errorf("it is refused: %d %.500s", a.status, a.body)
				}
				return
			}
			for _, lang := range []string{"en", "fa"} {
				at := strings.Replace(f.seen, "/en/", "/"+lang+"/", 1)
				if at == "" {
					at = "/" + lang + "/datasets/" + slug
				}
				page := s.send(t, shot{path: at, who: "operator"})
				page.harmless(t, at)
				if f.seen != "" && !strings.Contains(text(page.body), mark+poison) {
					t.Errorf("%s (%d) does not show it: %s", at, page.status, regexp.MustCompile(mark+".{0,80}").FindString(text(page.body)))
				}
			}
		})
	}
	for _, path := range []string{"/en/", "/fa/agencies", "/en/datasets", "/feeds/new.atom", "/feeds/changed.atom", "/feeds/removed.atom", "/feeds/questions.atom", "/data.json", "/api/v1/removed", "/api/v1/questions", "/en/desk/log", "/fa/desk/log", "/en/desk", "/en/desk/people", "/openapi.json", "/manifest-en.webmanifest"} {
		s.try(t, "all of them at "+path, func(t *testing.T) { s.send(t, shot{path: path, who: "operator"}).harmless(t, path) })
	}
	if a := s.form(t, "operator", "/en/desk/settings", "do", "look", "name-fa", "", "name-en", "", "color", "", "color-dark", "", "languages", ""); a.status != http.StatusSeeOther {
		t.Errorf("the name of the portal stays as it was: %d", a.status)
	}
}

// described are the fields of a description that programs write.
func (s *siege) described(t *testing.T, slug string) (all []poisoned) {
	t.Helper()
	page := "/en/datasets/" + slug
	for name, at := range map[string]string{
		`title/{"en":%s}`: page, `description/{"en":%s}`: page, `keywords/[%s]`: page, `themes/[%s]`: page, `licence/%s`: page, `rights/%s`: "", `spatial/%s`: page, `temporal/{"start":%s}`: "", `frequency/%s`: "",
		`languages/[%s]`: "", `issued/%s`: "", `modified/%s`: "", `contact/{"name":%s}`: page, `contact/{"email":%s}`: "", `landing_page/%s`: "", `references/[%s]`: "", `conforms_to/[%s]`: "", `described_by/%s`: "", `note/%s`: "/en/desk/log",
	} {
		field, shape, _ := strings.Cut(name, "/")
		all = append(all, poisoned{name: "a description: " + strings.TrimSpace(field+" "+strings.Trim(shape, `{}[]":%s`)), seen: map[bool]string{true: at}[field != "note"], put: func(t *testing.T, text string) told {
			b, _ := json.Marshal(text)
			return s.call(t, "publisher", "PATCH", "/api/v1/datasets/"+slug, `{"`+field+`":`+fmt.Sprintf(shape, b)+`}`, "If-Match", s.tag(t, slug))
		}})
	}
	for _, field := range []string{"landing_page", "described_by", "references"} {
		all = append(all, poisoned{name: "an address with markup: " + field, put: func(t *testing.T, text string) told {
			b, _ := json.Marshal("https://evil.example/?" + text)
			value := string(b)
			if field == "references" {
				value = "[" + value + "]"
			}
			return s.call(t, "publisher", "PATCH", "/api/v1/datasets/"+slug, `{"`+field+`":`+value+`}`, "If-Match", s.tag(t, slug))
		}})
	}
	return all
}

// tag is the ETag of a dataset as it is.
func (s *siege) tag(t *testing.T, slug string) string {
	t.Helper()
	d, err := s.portal.store.DeskDataset(t.Context(), &catalog.Shell, slug)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`"r%d"`, d.Revision)
}

// handed are what comes with a file: names, titles, columns and cells.
func (s *siege) handed(t *testing.T, slug string) []poisoned {
	t.Helper()
	write := func(do func(*testing.T, *catalog.Tx, *catalog.DeskDataset) error) func(*testing.T) told {
		return func(t *testing.T) told {
			d, err := s.portal.store.DeskDataset(t.Context(), &catalog.Shell, slug)
			if err == nil {
				err = s.portal.store.Write(t.Context(), func(tx *catalog.Tx) error { return do(t, tx, &d) })
			}
			if err != nil {
				t.Fatal(err)
			}
			return told{status: http.StatusOK}
		}
	}
	add := func(name, csv string) func(*testing.T) told {
		return write(func(t *testing.T, tx *catalog.Tx, d *catalog.DeskDataset) error {
			now, _, err := tx.AddFile(&catalog.Shell, d.ID, d.Revision, s.given(t, name, csv))
			if err == nil {
				_, err = tx.Publish(&catalog.Shell, d.ID, now.Revision, time.Time{})
			}
			return err
		})
	}
	quoted := func(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
	said := func(set func(*catalog.ColumnText, string)) func(*testing.T, string) told {
		return func(t *testing.T, text string) told {
			return write(func(_ *testing.T, tx *catalog.Tx, d *catalog.DeskDataset) error {
				c := catalog.ColumnText{Name: "name"}
				set(&c, text)
				_, err := tx.DescribeColumns(&catalog.Shell, d.ID, d.Revision, d.Resources[0].ID, []catalog.ColumnText{c})
				return err
			})(t)
		}
	}
	page := "/en/datasets/" + slug
	return []poisoned{
		{"the name of a file", func(t *testing.T, text string) told { return add(text, "a,b\n1,2\n")(t) }, page},
		{"a column and a cell", func(t *testing.T, text string) told {
			s.published(t, "Cells", "cells.csv", quoted(text)+",n\n"+quoted(text)+",1\n"+quoted(text)+",2\n")
			return told{status: http.StatusOK}
		}, "/en/datasets/cells"},
		{"the title of a column", said(func(c *catalog.ColumnText, text string) { c.Title = catalog.Text{"en": text, "fa": text} }), page + "/columns"},
		{"the description of a column", said(func(c *catalog.ColumnText, text string) { c.About = catalog.Text{"en": text, "fa": text} }), page + "/columns"},
		{"the unit of a column", said(func(c *catalog.ColumnText, text string) { c.Unit = text }), page + "/columns"},
		{"the title of a resource", func(t *testing.T, text string) told {
			d, _ := s.portal.store.DeskDataset(t.Context(), &catalog.Shell, slug)
			b, _ := json.Marshal(text)
			return s.call(t, "publisher", "PATCH", "/api/v1/datasets/"+slug+"/resources/"+d.Resources[0].ID, `{"title":{"en":`+string(b)+`},"description":{"en":`+string(b)+`}}`, "If-Match", s.tag(t, slug))
		}, page},
	}
}

// staffed are what people are called, and what they call things at the desk.
func (s *siege) staffed() []poisoned {
	person := func(t *testing.T, email, name, agent string) told {
		_, link, err := s.people.Invite(t.Context(), &catalog.Shell, accounts.Invitation{Email: email, Name: name, Agency: s.agency[0].ID, Role: catalog.Viewer})
		if err != nil {
			return told{status: http.StatusUnprocessableEntity}
		}
		factor, err := s.people.Factor(t.Context(), link, "Shafaf")
		if err != nil {
			t.Fatal(err)
		}
		s.form(t, "", "/en/desk/join/"+link, "name", name, "password", "x", "code", "1").harmless(t, "the page of the link")
		code, _ := totp.GenerateCode(factor.Secret, s.now)
		if _, err := s.people.Join(t.Context(), link, accounts.Joining{Name: name, Password: staffPassword, Code: code}); err != nil {
			return told{status: http.StatusUnprocessableEntity}
		}
		if agent != "" {
			s.now = s.now.Add(time.Minute)
			code, _ = totp.GenerateCode(factor.Secret, s.now)
			a := s.send(t, shot{method: "POST", path: "/en/desk/sign-in", form: url.Values{"email": {email}, "password": {staffPassword}, "code": {code}}, header: []string{"User-Agent", agent}})
			s.cookie["poisoned"] = cookieOf(a)
			account := s.send(t, shot{path: "/en/desk/account", who: "poisoned"})
			account.harmless(t, "the account")
			if !strings.Contains(text(account.body), agent) {
				t.Errorf("the account does not show what the browser calls itself: %d", account.status)
			}
		}
		return told{status: http.StatusOK}
	}
	return []poisoned{
		{"the name of a person", func(t *testing.T, text string) told { return person(t, "poison@example.org", text, "") }, "/en/desk/people"},
		{"the address of a person", func(t *testing.T, text string) told { return person(t, text+"@example.org", "x", "") }, ""},
		{"the address of a person in quotes", func(t *testing.T, text string) told {
			return person(t, `"<script>hostile()</script>"@example.org`, "x", "")
		}, ""},
		{"what a browser calls itself", func(t *testing.T, text string) told { return person(t, "agent@example.org", "agent", text) }, ""},
		{"the name of an agency", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/agencies", "name_fa", text, "name_en", text)
		}, "/en/agencies"},
		{"the homepage of an agency", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/agencies", "name_fa", "x", "homepage", "javascript:hostile()//"+text)
		}, ""},
		{"the contact of an agency", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/agencies", "name_fa", "y", "contact", text)
		}, ""},
		{"the title of a token", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/account", "do", "token", "title", text, "scopes", "view", "days", "30")
		}, "/en/desk/account"},
		{"the name of the portal", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/settings", "do", "look", "name-fa", text, "name-en", text, "color", "", "color-dark", "", "languages", "")
		}, ""},
		{"a colour of the portal", func(t *testing.T, text string) told {
			return s.form(t, "operator", "/en/desk/settings", "do", "look", "name-fa", "", "name-en", "", "color", "#123456;}</style>"+text, "color-dark", "", "languages", "")
		}, ""},
		{"a draft at the desk", func(t *testing.T, text string) told {
			return s.form(t, "editor", "/en/desk/datasets/new", "title_fa", text, "title_en", text, "agency", s.agency[0].ID)
		}, "/en/desk/datasets"},
	}
}

// cookieOf is the session that an answer opens.
func cookieOf(a told) string {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "__Host-shafaf" {
			return c.Value
		}
	}
	return ""
}
