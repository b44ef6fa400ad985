package mail_test

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/site/mail"
	"github.com/openshafaf/shafaf/site/mail/mailtest"
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
		l := mailtest.Open(t, b.String())
		off := "https://data.example/" + lang + "/follow/one/word"
		if l.Head.Get("List-Unsubscribe") != "<"+off+">" || l.Head.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("%v", l.Head)
		}
		if !strings.Contains(l.HTML, `<a href="`+off+`">`) || !strings.Contains(l.Text, off) || strings.Contains(l.Text, "/desk/account") {
			t.Errorf("%s\n%s", l.Text, l.HTML)
		}
	}
}
