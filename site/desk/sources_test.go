package desk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// sources are the sources of the portal.
func (o *office) sources() []catalog.Source {
	o.t.Helper()
	all, err := o.store.Sources(o.t.Context(), true)
	o.must(err)
	return all
}

// held makes a held run of a source, which would remove one of its two datasets.
func (o *office) held(src *catalog.Source) (r catalog.Run) {
	o.t.Helper()
	o.must(o.store.Write(o.t.Context(), func(tx *catalog.Tx) (err error) {
		for _, id := range []string{"wells", "dams"} {
			d := catalog.Dataset{Title: catalog.Text{"fa": "فهرست " + id, "en": "List of " + id}}
			if _, err := tx.PutRecord(src, &catalog.Record{Noun: catalog.NounDataset, Identifier: id, Value: &d, Raw: []byte("{}")}); err != nil {
				return err
			}
		}
		if r, err = tx.StartRun(src.ID, false); err != nil {
			return err
		}
		r.State, r.Counts.Waiting, r.Finished = catalog.RunHeld, 1, tx.Now()
		held := []catalog.Held{{Noun: catalog.NounDataset, Identifier: "dams", Kind: catalog.RemovedMissing}}
		return errors.Join(tx.MarkMissing(src.ID, catalog.NounDataset, true, "dams"), tx.PutHeld(&r, held), tx.PutRun(&r))
	}))
	return r
}

// What is typed into the form of a source is refused in words at its field, and
// stays; after password and code were asked for it stands there again.
func TestSourceForm(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	omid := o.operator()
	const path = "/fa/desk/sources/new"
	for address, says := range map[string]string{
		"": "نشانی منبع را بنویسید", "https://": "نام کارسازی نیست", "http://10.0.0.1/": "شبکه‌ای خصوصی", "https://data.example/" + strings.Repeat("x", 2000): "۲٬۰۰۰ نویسه",
	} {
		a := omid.post(path, "kind", "datajson", "url", address, "source_agency", agency, "often", "daily", "hour", "۰۳:۳۰", "source_fa", "سدها")
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, says) || !strings.Contains(a.body, `href="#url"`) || !strings.Contains(a.body, `value="سدها"`) {
			t.Errorf("%q: %d\n%s", address, a.status, a.body)
		}
	}
	if a := omid.post(path, "kind", "datajson", "url", "https://data.example/x", "source_agency", agency, "often", "daily", "hour", "noon"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#hour"`) {
		t.Errorf("an hour that is none: %d", a.status)
	}
	o.now = o.now.Add(16 * time.Minute)
	form := []string{"kind", "datajson", "url", "https://data.example/data.json", "source_agency", agency, "often", "weekly", "weekday", "weekday6", "hour", "۰۳:۳۰", "source_fa", "سدها", "default_licence", "cc-by-4.0"}
	a := omid.post(path, form...)
	if !strings.HasPrefix(a.location, "/fa/desk/confirm?next=") || len(o.sources()) != 0 {
		t.Fatalf("without a fresh password: %d to %s", a.status, a.location)
	}
	back := omid.post(a.location, "password", password, "code", omid.code())
	if b := omid.get(back.location).body; !strings.Contains(b, `value="سدها"`) || !strings.Contains(b, `value="weekday6" selected`) {
		t.Errorf("what was typed is lost:\n%s", b)
	}
	a = omid.post(path, form...)
	src := o.sources()[0]
	if a.status != http.StatusSeeOther || src.Agency != agency || src.Clock != "sat 00:00" || src.Licence != "cc-by-4.0" || src.Every != 7*24*time.Hour {
		t.Fatalf("%d to %s: %+v", a.status, a.location, src)
	}
	if b := omid.get("/fa/sources/" + src.Slug).body; !strings.Contains(b, "هر هفته شنبه ساعت ۰۳:۳۰") || !strings.Contains(b, "هنوز گردآوری نشده") {
		t.Errorf("the public page says\n%s", b)
	}
	if a = omid.post(path, form...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "دو بار منتشر می‌شود") {
		t.Errorf("the same again: %d", a.status)
	}
}

// Two people who change one source: the second sees what the first stored.
func TestTwoChangeOneSource(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	omid := o.operator()
	src := catalog.Source{Kind: "datajson", URL: "https://data.example/data.json", Agency: agency}
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.RegisterSource(&catalog.Shell, &src) }))
	edit := "/en/desk/sources/" + src.ID + "/edit"
	revision := omid.revision(edit)
	form := func(name string) []string {
		return []string{"revision", revision, "kind", "datajson", "url", src.URL, "source_agency", agency, "often", "hand", "source_en", name}
	}
	if a := omid.post(edit, form("Dams")...); a.status != http.StatusSeeOther {
		t.Fatalf("the first: %d\n%s", a.status, a.body)
	}
	a := omid.post(edit, form("Rivers")...)
	if a.status != http.StatusConflict || !strings.Contains(a.body, "Rivers") || !strings.Contains(a.body, "<bdi>Dams</bdi>") {
		t.Errorf("the second: %d\n%s", a.status, a.body)
	}
	form2 := form("Rivers")
	form2[1] = revisionOnPage.FindStringSubmatch(a.body)[1]
	if a := omid.post(edit, form2...); a.status != http.StatusSeeOther || o.sources()[0].Title["en"] != "Rivers" {
		t.Errorf("after the conflict: %d", a.status)
	}
}

// A run is asked for once, waits, and is taken back; what a held one waits with
// is shown and decided about.
func TestRunsAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	omid := o.operator()
	src := catalog.Source{Kind: "datajson", URL: "https://data.example/data.json", Agency: agency, Title: catalog.Text{"fa": "سدها"}}
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.RegisterSource(&catalog.Shell, &src) }))
	home := "/fa/desk/sources/" + src.ID
	first := omid.post(home, "do", "try")
	if again := omid.post(home, "do", "try"); again.location != first.location || !strings.Contains(first.location, "/runs/") {
		t.Errorf("asked for twice: %s and %s", first.location, again.location)
	}
	if o.asked != 2 {
		t.Errorf("the queue was told %d times", o.asked)
	}
	if b := omid.get(first.location).body; !strings.Contains(b, "در نوبت است") || !strings.Contains(b, `value="stop"`) {
		t.Errorf("a run that waits:\n%s", b)
	}
	if a := omid.post(first.location, "do", "stop"); a.status != http.StatusSeeOther {
		t.Errorf("taken back: %d", a.status)
	}
	if a := omid.get(first.location); a.location != home {
		t.Errorf("the page of a run that was taken back: %d to %s", a.status, a.location)
	}
	held := o.held(&src)
	page := home + "/runs/" + held.ID
	if b := omid.get("/fa/desk").body; !strings.Contains(b, page) {
		t.Errorf("it is no task:\n%s", b)
	}
	if b := omid.get(page).body; !strings.Contains(b, "فهرست dams") || !strings.Contains(b, "/fa/datasets/list-of-dams") || !strings.Contains(b, "۵۰") || strings.Contains(b, "list-of-wells") {
		t.Errorf("the held run:\n%s", b)
	}
	if a := omid.post(page, "do", "refuse", "reason", " "); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#refusereason"`) {
		t.Errorf("without a reason: %d", a.status)
	}
	o.now = o.now.Add(16 * time.Minute)
	a := omid.post(page, "do", "approve", "reason", "واگذار شد")
	if !strings.HasPrefix(a.location, "/fa/desk/confirm?next=") {
		t.Fatalf("without a fresh password: %d to %s", a.status, a.location)
	}
	back := omid.post(a.location, "password", password, "code", omid.code())
	if b := omid.get(back.location).body; strings.Count(b, "واگذار شد") != 1 {
		t.Errorf("the reason is lost, or in both forms:\n%s", b)
	}
	if a := omid.post(page, "do", "approve", "reason", "واگذار شد"); a.status != http.StatusSeeOther {
		t.Fatalf("approved: %d\n%s", a.status, a.body)
	}
	if _, err := o.store.Dataset(t.Context(), "list-of-dams"); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	if a := omid.post(page, "do", "approve", "reason", "x"); a.status != http.StatusSeeOther {
		t.Errorf("approved twice: %d", a.status)
	}
	if b := omid.get("/fa/sources/" + src.Slug + "/runs/" + held.ID).body; !strings.Contains(b, "تأیید شد") || !strings.Contains(b, "واگذار شد") {
		t.Errorf("the public page:\n%s", b)
	}
	if b := omid.get("/fa/desk/log").body; !strings.Contains(b, "برداشتن‌های یک گردآوری را تأیید کرد") || !strings.Contains(b, "گردآوری‌ای را متوقف کرد") {
		t.Errorf("the log:\n%s", b)
	}
}

// A source that is retired has no runs, and goes on when it is taken up again.
func TestRetiredSourcesAtTheDesk(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	src := catalog.Source{Kind: "datajson", URL: "https://data.example/data.json", Agency: o.agency("water")}
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error { return tx.RegisterSource(&catalog.Shell, &src) }))
	home := "/en/desk/sources/" + src.ID
	if a := omid.post(home, "do", "retire-source", "revision", "999", "reason", "x"); a.status != http.StatusConflict {
		t.Errorf("of another revision: %d", a.status)
	}
	revision := omid.revision(home)
	if a := omid.post(home, "do", "retire-source", "revision", revision); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", a.status)
	}
	if a := omid.post(home, "do", "retire-source", "revision", revision, "reason", "it moved"); a.status != http.StatusSeeOther || o.forgot != src.ID {
		t.Errorf("retired: %d, forgotten %q", a.status, o.forgot)
	}
	b := omid.get(home).body
	if strings.Contains(b, `value="try"`) || !strings.Contains(b, `value="revive"`) {
		t.Errorf("its page:\n%s", b)
	}
	if a := omid.get(home + "/edit"); a.location != home {
		t.Errorf("its form: %d to %s", a.status, a.location)
	}
	if a := omid.post(home, "do", "try"); a.status != http.StatusBadRequest {
		t.Errorf("a trial of it: %d", a.status)
	}
	if a := omid.post(home, "do", "revive", "revision", omid.revision(home)); a.status != http.StatusSeeOther || o.sources()[0].State != catalog.Published {
		t.Errorf("taken up again: %d", a.status)
	}
}

// A source of budgets keeps the mapping that was typed, and no other source has
// one.
func TestASourceOfBudgetsHasAMapping(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	omid := o.operator()
	const path, mapping = "/fa/desk/sources/new", `{"currency":"IRR","year":"1404","fields":[{"column":"مصوب","type":"value"}]}`
	form := func(kind, mapping string) []string {
		return []string{"kind", kind, "url", "https://data.example/budget.csv", "source_agency", agency, "often", "by_hand", "source_fa", "بودجه", "mapping", mapping}
	}
	for _, bad := range [][2]string{{"datajson", mapping}, {"fiscal", "{"}, {"fiscal", "{}"}, {"fiscal", `{"fields":[{"colum":"x"}]}`}} {
		if a := omid.post(path, form(bad[0], bad[1])...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#mapping"`) {
			t.Errorf("%v: %d", bad, a.status)
		}
	}
	if a := omid.post(path, form("fiscal", mapping)...); a.status != http.StatusSeeOther {
		t.Fatalf("registered: %d\n%s", a.status, a.body)
	}
	all := o.sources()
	if len(all) != 1 || !strings.Contains(string(all[0].Options), `"column":"مصوب"`) {
		t.Fatalf("the source is told %s", all[0].Options)
	}
	omid.see("/fa/desk/sources/"+all[0].ID+"/edit", "&#34;column&#34;: &#34;مصوب&#34;")
}
