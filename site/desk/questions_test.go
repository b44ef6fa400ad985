package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

// question takes in a question in Persian of somebody who confirmed their address.
func (o *office) question(agency, text string) (q catalog.Question) {
	o.t.Helper()
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) (err error) {
		q, _, err = tx.Ask(&catalog.Asking{
			Agency: agency, Kind: catalog.QuestionKinds[0], Lang: "fa", Name: "سارا", Text: text, Email: "sara@example.org", Once: text, Receipt: []byte(text),
		})
		if err != nil {
			return err
		}
		return tx.Confirm(q.ID, true)
	}))
	return q
}

// Who asked and confirmed their address is told once what became of it, in the
// language in which they asked, whatever language the desk is used in.
func TestWhoAskedIsToldWhatBecameOfIt(t *testing.T) {
	o := newOffice(t)
	post := o.folderPost()
	agency := o.agency("water")
	omid := o.operator()
	o.letters(post)
	for do, want := range map[string][]string{
		"decline": {"رد شد", "دلیل: پیش‌تر پرسیده شده است.", "چرا خالی است؟"},
		"answer":  {"به پرسش شما پاسخ داد.", "> پر شد.", "چرا خالی است؟"},
	} {
		q := o.question(agency, do+" چرا خالی است؟")
		page := "/en/desk/questions/" + q.ID
		a := omid.post(page, "do", do, "revision", omid.revision(page), "why", "repeated", "how", "answer", "answer", "پر شد.")
		if a.status != http.StatusSeeOther || !strings.Contains(a.location, "done="+do) {
			t.Fatalf("%s: %d to %s\n%s", do, a.status, a.location, a.body)
		}
		all := o.letters(post)
		if len(all) != 1 || !strings.Contains(all[0], "<sara@example.org>") {
			t.Fatalf("%s: %d letters: %q", do, len(all), all)
		}
		for _, text := range append(want, base+"/fa/questions/"+q.ID) {
			if !strings.Contains(all[0], text) {
				t.Errorf("%s: the letter has no %q: %s", do, text, all[0])
			}
		}
	}
}
