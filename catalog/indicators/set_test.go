package indicators

import (
	"errors"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestDefaultSetIsWhole(t *testing.T) {
	s, err := Default()
	if err != nil || len(s.Indicators) != 14 || s.Version != 0 {
		t.Fatalf("%d indicators, version %d, %v", len(s.Indicators), s.Version, err)
	}
	proposed := 0
	for _, in := range s.Indicators {
		for _, text := range []catalog.Text{in.Title, in.Why, in.Formula, in.Source} {
			if text["fa"] == "" || text["en"] == "" {
				t.Errorf("%s lacks a text: %v", in.ID, text)
			}
		}
		if in.Proposed {
			proposed++
		}
	}
	for id, c := range s.Columns {
		if c.Title["fa"] == "" || c.Title["en"] == "" {
			t.Errorf("column %s has no title", id)
		}
	}
	if proposed != 5 {
		t.Errorf("%d are proposed, want S10 to S14", proposed)
	}
}

// A rule that refers to nothing is refused, and the place of it named.
func TestSetThatRefersToNothingIsRefused(t *testing.T) {
	const one = `{"title":{"en":"T"},"columns":{"amount":{"title":{"en":"Amount"},"names":["amount"]}},"indicators":[{"id":"S01","title":{"en":"A"},"why":{"en":"B"},
		"formula":{"en":"C"},"source":{"en":"D"},"period":"month","weight":1,"rule":{"evidence":["dataset"],"columns":["amount"],"checks":["ontime"]}}]}`
	if _, err := ReadSet([]byte(one)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, field, says string }{
		{`"columns":["amount"]`, `"columns":["amuont"]`, "indicators[0].rule.columns", `"amuont" is no column`},
		{`"checks":["ontime"]`, `"checks":["speed"]`, "indicators[0].rule.checks", `no check "speed"`},
		{`"evidence":["dataset"]`, `"evidence":["video"]`, "indicators[0].rule.evidence", `"video"`},
		{`"evidence":["dataset"]`, `"evidence":["link"]`, "indicators[0].rule.columns", "no table"},
		{`"evidence":["dataset"]`, `"evidence":[]`, "indicators[0].rule.evidence", "no kind"},
		{`"period":"month"`, `"period":"week"`, "indicators[0].period", `"week"`},
		{`"weight":1`, `"weight":0`, "indicators[0].weight", "0 is no weight"},
		{`"id":"S01"`, `"id":"league"`, "indicators[0].id", "name of a page"},
		{`"id":"S01"`, `"id":"../S"`, "indicators[0].id", "no id"},
		{`"why":{"en":"B"}`, `"why":{}`, "indicators[0].why", "empty"},
		{`"names":["amount"]`, `"names":[]`, "columns.amount", "which names"},
		{`"names":["amount"]`, `"names":["…"]`, "columns.amount.names", "no word"},
		{`"names":["amount"]`, `"names":["amount"],"terms":["aproved"]`, "columns.amount.terms", `"aproved" is no type`},
		{`"checks":["ontime"]`, `"agencies":["palace"]`, "indicators[0].rule.agencies", `"palace" is no kind`},
		{`"checks":["ontime"]`, `"formats":["pdf"]`, "indicators[0].rule.formats", `"pdf"`},
		{`"checks":["ontime"]`, `"rows":1000000000001`, "indicators[0].rule.rows", "out of bounds"},
		{`"weight":1`, `"wieght":1`, "set", "wieght"},
		{`]}}]}`, `]}}`, "set", "no set"},
		{`"rule":{`, `"rule":{"days":-1,`, "indicators[0].rule.days", "out of bounds"},
	} {
		_, err := ReadSet([]byte(strings.Replace(one, c.from, c.to, 1)))
		var wrong *catalog.InvalidError
		if !errors.As(err, &wrong) || wrong.Field != c.field || !strings.Contains(wrong.Reason, c.says) {
			t.Errorf("%s: %v, want %s: … %s", c.to, err, c.field, c.says)
		}
	}
	w := newWard(t, "1405-09-01")
	replacing := strings.Replace(one, `"weight":1`, `"weight":1,"replaces":"S77"`, 1)
	if _, err := w.in.Try(t.Context(), []byte(replacing)); err == nil || !strings.Contains(err.Error(), "S77") {
		t.Errorf("tried, what replaces nothing: %v", err)
	}
	err := w.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := PutSet(tx, w.operator, []byte(replacing), "", nil)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), `indicators[0].replaces: no set before has an indicator "S77"`) {
		t.Errorf("what replaces nothing: %v", err)
	}
	err = w.store.Write(t.Context(), func(tx *catalog.Tx) error { _, err := PutSet(tx, w.editor, nil, "", nil); return err })
	if !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("somebody of an agency: %v", err)
	}
}

func TestSetIsInForceWhenItIsPut(t *testing.T) {
	w := newWard(t, "1405-09-01")
	if s, err := w.in.Set(t.Context()); err != nil || s.Version != 0 || len(s.Indicators) != 14 {
		t.Errorf("before: version %d, %v", s.Version, err)
	}
	w.set("1405-10-01")
	if s, err := w.in.Set(t.Context()); err != nil || s.Version != 0 {
		t.Errorf("before its day: version %d, %v", s.Version, err)
	}
	w.on("1405-10-01")
	if s, err := w.in.Set(t.Context()); err != nil || s.Version != 1 || s.Since.IsZero() || s.Name != "Operator" {
		t.Errorf("on its day: %+v, %v", s, err)
	}
}

func TestColumnsAreFoundByTheWordsOfTheirNames(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		column, name string
		want         bool
	}{
		{"amount", "مبلغ قرارداد (ریال)", true},
		{"amount", "contract_amount", true},
		{"amount", "contractAmount", true},
		{"amount", "AMOUNT", true},
		{"amount", "مبلغ‌ها", true},
		{"amount", "paramount", false},
		{"party", "نام طرف قرارداد", true},
		{"party", "قرارداد", false},
		{"party", "طرف‌ قرارداد", true},
		{"date", "تاريخ", true}, // with an Arabic ye
	} {
		names := s.Columns[c.column]
		if names.called(wordsOf(c.name)) != c.want {
			t.Errorf("%q is a column %s: %v", c.name, c.column, !c.want)
		}
	}
}
