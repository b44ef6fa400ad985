package desk_test

import (
	"net/http"
	"strings"
	"testing"
)

// The page of a file says what its columns hold: currencies and where they were
// found, and places.
func TestWhatColumnsHold(t *testing.T) {
	_, v, agency := publisher(t)
	id := v.draft(agency, "Budget of provinces")
	to := v.upload(id, "budget.csv", "بودجه (ارقام به میلیون ریال)\nاستان,مبلغ,price_eur,fee\nفارس,10,1,$5\nیزد,20,2,$6\nقم,30,3,$7\nگیلان,40,4,$8\n")
	v.see("/en"+strings.TrimPrefix(to, "/fa"), "Iranian rial", "from the title above the table", "euro", "from the heading", "US dollar", "from the cells", "provinces: a map is offered")
	v.see(to, "ریال ایران", "از نوشتهٔ بالای جدول", "نام استان‌هاست")
}

// A file has a title and a description in both languages.
func TestFilesHaveTitles(t *testing.T) {
	_, v, agency := publisher(t)
	id := v.draft(agency, "Titled")
	to := v.upload(id, "t.csv", "a,b\n1,2\n")
	at := v.goOn(to, "do", "words", "revision", v.revision(to), "label_fa", "جدول یکم", "label_en", "The first table", "about_fa", "", "about_en", "What it is.")
	v.see(at, "جدول یکم", "What it is.")
	v.see("/en"+strings.TrimPrefix(at, "/fa"), "Saved.", "The first table")
}

// Faults in public rows are a task until somebody has seen them.
func TestFaultsAreATask(t *testing.T) {
	_, v, agency := publisher(t)
	id := v.draft(agency, "Faulty rows")
	v.upload(id, "f.csv", "a,b\n1,2\n3,4,5\n6,7\n")
	const task = "Public, with faults in its rows"
	if strings.Contains(v.get("/en/desk").body, task) {
		t.Error("it is a task before it is public")
	}
	v.goOn(id+"/publish", "when", "now", "revision", v.revision(id+"/publish"))
	v.see("/en/desk", task, "Faulty rows")
	v.see(id, "دیده شد")
	v.goOn(id, "do", "seen", "revision", v.revision(id))
	if strings.Contains(v.get("/en/desk").body, task) {
		t.Error("it is a task still")
	}
	if a := v.post(id, "do", "seen", "revision", "6"); a.status == http.StatusSeeOther {
		t.Error("there is nothing to see any more")
	}
}

// The log is found by who, what and when, and taken away.
func TestLogIsTakenAway(t *testing.T) {
	o, v, agency := publisher(t)
	v.draft(agency, "Of the log")
	boss := o.operator()
	boss.see("/en/desk/log?act=dataset", "made a draft")
	for query, status := range map[string]int{"who=nobody": 200, "from=1403/01/01&to=1500-01-01": 200, "from=yesterday": 422, "act=%27": 200} {
		if a := boss.get("/en/desk/log?" + query); a.status != status {
			t.Errorf("%s: %d", query, a.status)
		}
	}
	if a := boss.get("/en/desk/log?who=nobody+of+them"); !strings.Contains(a.body, "Nothing that was done is like that") {
		t.Error("nothing is found, and it is not said")
	}
	if a := boss.get("/en/desk/log?as=csv&act=dataset"); !strings.Contains(a.body, ",dataset.create,") || strings.Contains(a.body, "person.") {
		t.Errorf("the CSV is %s", a.body)
	}
	if a := boss.get("/en/desk/log?as=jsonl"); !strings.Contains(a.body, `"act":"dataset.create"`) || strings.Count(a.body, "\n") < 3 {
		t.Errorf("the lines are %s", a.body)
	}
}
