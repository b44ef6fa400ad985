package desk_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal"
)

const budgetTable = "سال,کد برنامه,عنوان برنامه,فصل,مصوب (میلیون ریال),عملکرد (میلیون ریال)\n" +
	"1403,101,آب,حقوق,120,110\n1403,102,برق,حقوق,80,85\n1404,101,آب,حقوق,150,\n1404,102,برق,ساختمان,90,12\n"

var chosenOption = regexp.MustCompile(`<select id="map(c\d+)"[^>]*>.*?<option value="([^"]*)" selected>`)

// form is what a form of the page holds as it stands.
func (v *visitor) chosen(path string) url.Values {
	v.t.Helper()
	form := url.Values{"do": {"map"}}
	body := v.see(path)
	for _, m := range chosenOption.FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	for _, name := range []string{"revision", "edition"} {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			v.t.Fatalf("no %s on %s\n%s", name, path, body)
		}
		form.Set(name, m[1])
	}
	return form
}

func (v *visitor) send(path string, form url.Values) answer {
	return v.ask(http.MethodPost, path, form, "Sec-Fetch-Site", "same-origin")
}

// TestATableBecomesABudget goes from what the headings suggest to the budget
// that is loaded, and back.
func TestATableBecomesABudget(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	d := o.published(agency, "بودجهٔ آب", budgetTable)
	omid := o.operator()
	path := "/fa/desk/datasets/" + d.ID + "/files/" + d.Resources[0].ID + "/budget"
	omid.see("/fa/desk/datasets/"+d.ID+"/files/"+d.Resources[0].ID, path)
	form := omid.chosen(path)
	for name, want := range map[string]string{"c0": "year", "c1": "programme.code", "c2": "programme.label", "c3": "economic1.label", "c4": "value.approved", "c5": "value.executed"} {
		if form.Get(name) != want {
			t.Errorf("%s is guessed to be %q, want %q", name, form.Get(name), want)
		}
	}
	form.Set("how", "try")
	a := omid.send(path, form)
	for _, want := range []string{"می‌توان آن را نشان داد", "۲۰۰٬۰۰۰٬۰۰۰", "۱۹۵٬۰۰۰٬۰۰۰", "۲۴۰٬۰۰۰٬۰۰۰", "۱۲٬۰۰۰٬۰۰۰"} {
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("tried: %d, does not say %s", a.status, want)
		}
	}
	bad := maps.Clone(form)
	bad.Set("c2", "value")
	bad.Set("how", "keep")
	if a := omid.send(path, bad); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "خطا") || !strings.Contains(a.body, "عنوان برنامه") {
		t.Errorf("names as amounts: %d", a.status)
	}
	if b, there, err := fiscal.New(o.store, o.files).BudgetOf(t.Context(), d.Resources[0].ID); there || err != nil {
		t.Errorf("kept what is not fit: %+v, %v", b, err)
	}
	form.Set("how", "keep")
	if a := omid.send(path, form); a.status != http.StatusSeeOther || !strings.Contains(a.location, "done=kept") {
		t.Fatalf("kept: %d to %s\n%s", a.status, a.location, a.body)
	}
	if a := omid.send(path, form); a.status != http.StatusConflict {
		t.Errorf("kept again as if for the first time: %d", a.status)
	}
	if n, err := fiscal.New(o.store, o.files).Work(t.Context(), nil); n != 1 || err != nil {
		t.Fatalf("%d budgets were loaded, %v", n, err)
	}
	omid.see(path, "خوانده شده و رقم‌هایش نشان داده می‌شود", "/fa/spending/budgets/")
	omid.get("/fa/spending")
	mended := omid.chosen(path)
	mended.Set("c3", "none")
	mended.Set("how", "keep")
	if a := omid.send(path, mended); a.status != http.StatusSeeOther {
		t.Errorf("mended: %d\n%s", a.status, a.body)
	}
	if to := omid.does(path, "do", "unmap"); !strings.Contains(to, "done=dropped") {
		t.Errorf("dropped: to %s", to)
	}
	if _, there, err := fiscal.New(o.store, o.files).BudgetOf(t.Context(), d.Resources[0].ID); there || err != nil {
		t.Errorf("the budget is still there: %v", err)
	}
}

// A draft that is a budget can be thrown away.
func TestADraftBudgetIsDiscarded(t *testing.T) {
	o := newOffice(t)
	d := o.drafted(o.agency("water"), "بودجهٔ آب", budgetTable)
	omid := o.operator()
	path := "/fa/desk/datasets/" + d.ID + "/files/" + d.Resources[0].ID + "/budget"
	form := omid.chosen(path)
	form.Set("how", "keep")
	if a := omid.send(path, form); a.status != http.StatusSeeOther {
		t.Fatalf("kept: %d\n%s", a.status, a.body)
	}
	omid.see(path, "پس از انتشار")
	if to := omid.does("/fa/desk/datasets/"+d.ID, "do", "discard", "sure", "discard"); to != "/fa/desk/datasets" {
		t.Errorf("discarded: to %s", to)
	}
}
