package desk_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
)

func TestOperatorSetsHowLongDraftsAreOpen(t *testing.T) {
	o := newOffice(t)
	omid := o.operator()
	const page = "/fa/desk/settings/periods"
	if a := omid.get(page); a.status != http.StatusOK || !strings.Contains(a.body, "خالی یعنی ۷ روز") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, bad := range []string{"-1", "a week", "4000"} {
		if a := omid.post(page, "periods.bylaw", bad); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "عددی از ۰ تا ۳۶۵۰") {
			t.Errorf("%q: %d %s", bad, a.status, a.body)
		}
	}
	if a := omid.post(page, "periods.bylaw", " ۱۴ ", "periods.default", "10"); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := omid.get(page); !strings.Contains(a.body, `value="۱۴"`) {
		t.Error(a.body)
	}
	o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error {
		for kind, want := range map[string]int{consultation.KindBylaw: 14, consultation.KindBill: 10} {
			if days, rule, err := consultation.PeriodRule(tx, kind); err != nil || days != want {
				t.Errorf("%s: %d by %s, %v", kind, days, rule, err)
			}
		}
		return nil
	}))
}
