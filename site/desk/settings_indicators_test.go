package desk_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
)

// TestASetIsPutInForceAtTheDesk looks at what would change before it does.
func TestASetIsPutInForceAtTheDesk(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	const page = "/fa/desk/settings/indicators"
	m := regexp.MustCompile(`(?s)<textarea[^>]*name="set"[^>]*>(.*?)</textarea>`).FindStringSubmatch(omid.see(page, "هنوز مجموعه‌ای برقرار نیست"))
	if m == nil {
		t.Fatal("the set that comes with the program is not there")
	}
	set := strings.TrimSpace(html.UnescapeString(m[1]))
	if a := omid.post(page, "version", "0", "set", set, "since", "1405-01-01", "how", "keep"); a.status != http.StatusSeeOther {
		t.Fatalf("the first set: %d\n%s", a.status, a.body)
	}
	omid.see("/fa/indicators", "S01")
	next := strings.Replace(set, `"days": 45`, `"days": 60`, 1)
	a := omid.post(page, "version", "1", "set", next, "how", "try")
	if a.status != http.StatusOK || !strings.Contains(a.body, "rule.days") || !strings.Contains(a.body, "<ins><bdi dir=\"auto\">60") {
		t.Fatalf("what would change: %d\n%s", a.status, a.body)
	}
	for name, form := range map[string][]string{
		"no JSON":     {"version", "1", "set", "{", "how", "keep"},
		"no evidence": {"version", "1", "set", strings.Replace(set, `"dataset",`, `"paper",`, 1), "how", "keep"},
		"in the past": {"version", "1", "set", next, "since", "1405-02-01", "how", "keep"},
		"no day":      {"version", "1", "set", next, "since", "-", "how", "keep"},
	} {
		if a := omid.post(page, form...); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := omid.post(page, "version", "0", "set", next, "how", "keep"); a.status != http.StatusConflict {
		t.Errorf("beside another's set: %d", a.status)
	}
	if a := omid.post(page, "version", "1", "set", next, "since", "۱۴۰۵/۱۲/۰۱", "how", "keep"); a.status != http.StatusSeeOther {
		t.Errorf("the second set: %d\n%s", a.status, a.body)
	}
}

func TestLimitsOfFlagsAreSetAtTheDesk(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	const page = "/fa/desk/settings/flags"
	omid.see(page, "value=\"۱۰\"")
	form := []string{"flag_days", "۷", "flag_over", "10", "flag_direct", "30", "flag_supplier", "50", "flag_processes", "5", "flag_near", "5"}
	if a := omid.post(page, append(form, "flag_thresholds", "IRR، ۱۲٬۰۰۰\nEUR, x")...); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "سطر ۲") {
		t.Errorf("a threshold that is none: %d", a.status)
	}
	if a := omid.post(page, append(form, "flag_thresholds", "IRR، ۱۲٬۰۰۰\nEUR, 50")...); a.status != http.StatusSeeOther {
		t.Fatalf("the limits: %d\n%s", a.status, a.body)
	}
	l, err := contracts.New(o.store).Limits(t.Context())
	if err != nil || l.TenderDays != 7 || l.Thresholds["IRR"] != 12000 || l.Thresholds["EUR"] != 5000 {
		t.Errorf("limits %+v, %v", l, err)
	}
}

func TestTheCalendarOfBudgetsIsKeptAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	mina := o.publisher(agency)
	const page = "/fa/desk/calendar"
	form := []string{"do", "put", "agency", agency, "budget_year", "۱۴۰۵", "document_kind", "proposal", "came_day", ""}
	for _, due := range []string{"", "-", "فردا", "1404", "1404/13/01"} {
		if a := mina.post(page, append(form, "due_day", due)...); a.status != http.StatusUnprocessableEntity {
			t.Errorf("due %q: %d", due, a.status)
		}
	}
	mina.see(mina.goOn(page, append(form, "due_day", "۱۴۰۴/۰۹/۱۵")...), "لایحهٔ بودجه", "۱۵ آذر ۱۴۰۴")
	mina.see("/fa/spending/calendar", "۱۵ آذر ۱۴۰۴")
	one := regexp.MustCompile(`href="(/fa/desk/calendar/[^"]+)"`).FindStringSubmatch(mina.get(page).body)
	if one == nil {
		t.Fatal("the document is not listed")
	}
	mina.see(mina.goOn(one[1], "do", "put", "due_day", "1404-09-15", "came_day", "1404-09-20", "document_url", "https://example.org/b.pdf"), "۵ روز")
	mina.goOn(one[1], "do", "drop")
	if a := mina.get(one[1]); a.status != http.StatusNotFound {
		t.Errorf("a dropped document: %d", a.status)
	}
}
