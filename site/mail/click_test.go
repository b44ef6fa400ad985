package mail_test

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/mail"
)

func TestFollowerUnsubscribesWithOneClick(t *testing.T) {
	d := newDesk(t, nil)
	for _, lang := range catalog.Languages {
		m := catalog.Mail{
			ID: "id", Kind: "draft-version", To: "a@example.org", Lang: lang, Created: d.now,
			Data: catalog.MailData{Title: catalog.Text{"en": "Roads"}, Path: "/drafts/roads", Off: "/follow/one/word"},
		}
		msg, err := mail.Compose(&m, &d.post.Head, "")
		d.must(err)
		var b strings.Builder
		_, err = msg.WriteTo(&b)
		d.must(err)
		l := open(t, b.String())
		off := "https://data.example/" + lang + "/follow/one/word"
		if l.head.Get("List-Unsubscribe") != "<"+off+">" || l.head.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("%v", l.head)
		}
		if !strings.Contains(l.html, `<a href="`+off+`">`) || !strings.Contains(l.text, off) || strings.Contains(l.text, "/desk/account") {
			t.Errorf("%s\n%s", l.text, l.html)
		}
	}
}
