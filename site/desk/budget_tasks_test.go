package desk_test

import (
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// Who publishes for an agency finds the budgets of it that are held among what
// waits, with what is wrong; others do not.
func TestHeldBudgetsWaitAtTheDesk(t *testing.T) {
	o := newOffice(t)
	agency := o.agency("water")
	m := fiscal.Mapping{Currency: "IRR", Year: "1403", Fields: []fiscal.Field{{Column: "unit", Type: "activity:generic:program:code"}, {Column: "amount", Type: "value"}}}
	for title, table := range map[string]string{"بودجهٔ سد": "unit,amount\nRoads,12\nDams,thirteen\n", "بودجهٔ پل": "unit,sum\nRoads,12\n", "بودجهٔ درست": "unit,amount\nRoads,12\nDams,13\n"} {
		d := o.published(agency, title, table)
		o.must(o.store.Write(t.Context(), func(tx *catalog.Tx) error {
			_, err := fiscal.PutMapping(tx, &catalog.Shell, d.Resources[0].ID, &m)
			return err
		}))
	}
	f := fiscal.New(o.store, o.files)
	mina := o.publisher(agency)
	if n, err := f.Work(t.Context(), nil); n != 3 || err != nil {
		t.Fatalf("%d budgets were read: %v", n, err)
	}
	mina.see("/fa/desk", "بودجه‌ای نشان داده نمی‌شود", "بودجهٔ سد", "thirteen", "بودجهٔ پل", "نگاشت از این ستون نام می‌برد", "/files/")
	if strings.Contains(mina.see("/fa/desk"), "بودجهٔ درست") || strings.Contains(o.operator().see("/fa/desk"), "بودجهٔ سد") {
		t.Error("a budget waits that nobody has to mend, or for somebody else")
	}
}
