package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// spoken are questions, answers and reasons, and what an address itself says.
func (s *siege) spoken(t *testing.T, slug string) []poisoned {
	t.Helper()
	gone := s.publish(t, map[string]any{"title": map[string]string{"en": "Gone"}})
	down := s.publish(t, map[string]any{"title": map[string]string{"en": "Down"}})
	all := []poisoned{
		{"the reason of a retirement", func(t *testing.T, text string) told {
			b, _ := json.Marshal(text)
			return s.call(t, "publisher", "POST", "/api/v1/datasets/"+gone+"/retire", `{"reason":`+string(b)+`}`, "If-Match", s.tag(t, gone))
		}, "/en/datasets/" + gone},
		{"the reason of a takedown", func(t *testing.T, text string) told {
			err := s.portal.store.Write(t.Context(), func(tx *catalog.Tx) error { _, err := tx.Takedown(down, text); return err })
			if err != nil {
				t.Fatal(err)
			}
			return told{status: http.StatusOK}
		}, "/en/removed"},
		{"a question and its answer", func(t *testing.T, text string) told { return s.question(t, slug, text, text) }, "/en/questions"},
		{"the address of who asks", func(t *testing.T, text string) told {
			return s.ask(t, slug, url.Values{"text": {"x"}, "email": {text + "@example.org"}})
		}, ""},
		{"the kind of a question", func(t *testing.T, text string) told {
			return s.ask(t, slug, url.Values{"text": {"x"}, "kind": {text}})
		}, ""},
	}
	for name, at := range map[string]string{
		"what is searched for": "/en/datasets?q=", "an agency in a search": "/en/datasets?agency=", "an order in a search": "/en/datasets?_sort=", "a page of a search": "/en/datasets?_page=", "a parameter": "/en/datasets?\"><script>=",
		"an address that is none": "/en/", "an address of the API": "/api/v1/", "a file that is none": "/en/datasets/" + slug + "?resource=", "a column that is none": "/en/datasets/" + slug + "/table?", "a value of a column": "/en/datasets/" + slug + "/table?name=",
		"a language": "/feeds/new.atom?lang=", "a search by feed": "/feeds/search.atom?q=", "where a form leads": "/en/desk/sign-in?next=", "a search at the desk": "/en/desk/datasets?q=", "a state at the desk": "/en/desk/datasets?state=", "a receipt": "/en/receipt/", "a word of a letter": "/en/questions/x/confirm/",
		"a link that was sent": "/en/desk/join/", "a chart": "/en/datasets/" + slug + "/chart?_x=", "a map": "/en/datasets/" + slug + "/map?_place=",
	} {
		all = append(all, poisoned{name: "in the address: " + name, put: func(t *testing.T, text string) told {
			who := ""
			if strings.Contains(at, "/desk/datasets") {
				who = "editor"
			}
			return s.send(t, shot{path: at + url.PathEscape(text), who: who, header: []string{"Accept", "text/html"}})
		}})
	}
	return all
}

var ticketOnPage = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// ask sends a question after a while, as somebody without scripts does.
func (s *siege) ask(t *testing.T, slug string, form url.Values) told {
	t.Helper()
	at := "/en/datasets/" + slug + "/ask"
	m := ticketOnPage.FindSubmatch(s.send(t, shot{path: at}).body)
	if m == nil {
		t.Fatal("the form has no ticket")
	}
	s.now = s.now.Add(30 * time.Second)
	all := url.Values{"ticket": {string(m[1])}, "do": {"send"}, "kind": {"question"}}
	maps.Copy(all, form)
	return s.send(t, shot{method: "POST", path: at, form: all})
}

// question asks something that is opened and answered.
func (s *siege) question(t *testing.T, slug, question, answer string) told {
	t.Helper()
	a := s.ask(t, slug, url.Values{"text": {question}, "name": {question[:40]}})
	if a.status != http.StatusSeeOther {
		return a
	}
	receipt := s.send(t, shot{path: a.header.Get("Location")})
	receipt.harmless(t, "the receipt")
	waiting, _, err := s.portal.store.DeskQuestions(t.Context(), &catalog.Shell, catalog.View, catalog.QuestionFilter{States: []string{catalog.QuestionWaiting}, Limit: 50})
	if err == nil {
		err = s.portal.store.Write(t.Context(), func(tx *catalog.Tx) error {
			for i := range waiting {
				if waiting[i].Text != question {
					continue
				}
				q, err := tx.OpenQuestion(&catalog.Shell, waiting[i].ID, catalog.AnyRevision)
				if err == nil {
					_, _, err = tx.AnswerQuestion(&catalog.Shell, q.ID, catalog.AnyRevision, answer)
				}
				return err
			}
			return catalog.ErrNotFound
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}
