package fiscal

import (
	"errors"
	"strings"
	"testing"

	"github.com/openshafaf/shafaf/catalog"
)

func TestTableBecomesBudget(t *testing.T) {
	l := newLedger(t)
	loaded, faults := l.load(plainTable, plainMapping())
	if !loaded.Fit() || loaded.Lines != 7 || loaded.Empty != 1 || loaded.Negative != 1 || len(faults) != 0 {
		t.Fatalf("%+v, %v", loaded, kinds(faults))
	}
	l.whole()
	if got := one[int64](l, "select executed from cubes where tree = 'administrative' and depth = 0"); got != 152_500_000 {
		t.Errorf("executed %d", got)
	}
	if got := one[int64](l, "select approved from cubes where tree = 'functional' and path = '04/04.5'"); got != 200_000_000 {
		t.Errorf("transport %d", got)
	}
	if y := loaded.Years[0]; y.Year != "1403" || y.Starts != "2024-03-20" || y.Ends != "2025-03-20" {
		t.Errorf("%+v", y)
	}
	if n := one[int](l, "select count(*) from cubes where tree = 'functional' and path = '04/04.5/04.5.3/roads' and executed is null"); n != 1 {
		t.Error("an amount that is not given is one of zero")
	}
	rows, err := l.files.Rows(one[string](l, "select lines from budgets"))
	if err != nil || rows.Len() != 7 {
		t.Errorf("%v", err)
	}
}

func TestSameTableIsReadOnce(t *testing.T) {
	l := newLedger(t)
	l.load(plainTable, plainMapping())
	if n, err := l.f.Work(t.Context(), nil); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestWhatIsWrongHoldsTheBudget(t *testing.T) {
	id := Field{Column: "id", Type: "budget-line-id"}
	for name, c := range map[string]struct {
		csv  string
		m    *Mapping
		want string
		row  int64
	}{
		"a mapped column is not there": {"unit,function,approved\nRoads,04.5,1\nSchools,09.1,2\n", plainMapping(), "column", 0},
		"text in an amount":            {"unit,function,approved,executed\nRoads,04.5,1,2\nSchools,09.1,2,x3\n", plainMapping(), "amount", 2},
		"two rows of headings":         {"unit,function,approved,executed\n,,Approved budget,Outturn\nRoads,04.5,1,2\nSchools,09.1,2,3\n", plainMapping(), "heading heading", 1},
		"a line is there twice": {
			"id,unit,function,approved,executed\na,Roads,04.5,1,2\nb,Roads,04.5,1,2\na,Schools,09.1,2,3\n", plainMapping(id), "id id", 3,
		},
		"a line without identifier": {"id,unit,function,approved,executed\na,Roads,04.5,1,2\n,Schools,09.1,2,3\n", plainMapping(id), "id.none", 2},
		"currencies are mixed": {
			"unit,function,money,approved,executed\nRoads,04.5,IRR,1,2\nSchools,09.1,EUR,2,3\n",
			plainMapping(Field{Column: "money", Type: "value-currency:code"}), "currency.mixed currency.mixed", 2,
		},
		"a currency beside an amount": {"unit,function,approved,executed\nRoads,04.5,1,2\nParks,08.1,1,2\nCourts,03.3,1,2\nSchools,09.1,2,€ 3\n", plainMapping(), "currency.mixed", 4},
		"too large an amount":         {"unit,function,approved,executed\nRoads,04.5,9000000000000000,2\nSchools,09.1,2,3\n", plainMapping(), "amount.large", 1},
		"too large a sum": {
			"unit,function,approved,executed\nRoads,04.5,9000000000000,2\nRoads,04.5,9000000000000,2\n", plainMapping(), "sum.large", 2,
		},
		"the parts exceed the whole": {
			"unit,function,approved,executed\nRoads,04,10,\nRoads,04.5,8,\nRoads,04.6,5,\n", plainMapping(), "parts.exceed", 1,
		},
		"parts are missing": {
			"unit,function,approved,executed\nRoads,04,10,\nRoads,04.5,4,\nRoads,04.6,1,\n", plainMapping(), "parts.short", 1,
		},
		"a total that is none": {
			"unit,function,approved,executed\nRoads,04.5,8,\nSchools,09.1,3,\nParks,08.1,3,\nTotal,,10,\nMuseums,08.2,4,\nCourts,03.3,4,\n", plainMapping(), "total.wrong", 4,
		},
		"no amount at all": {"unit,function,approved,executed\nRoads,04.5,,\nSchools,09.1,,\n", plainMapping(), "lines", 0},
		"a year that is none": {
			"unit,function,when,approved,executed\nRoads,04.5,1403,1,2\nSchools,09.1,soon,2,3\n", plainMapping(Field{Column: "when", Type: "date:fiscal-year"}), "year.cell year.cell", 2,
		},
		"a code that is no address": {"unit,function,approved,executed\nRoads,04.5,1,2\n" + strings.Repeat("راه", 1500) + ",09.1,2,3\n", plainMapping(), "code.long", 2},
		"two columns of one phase":  {plainTable, plainMapping(Field{Column: "executed", Type: "value", Phase: Approved}), "same", 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			loaded, faults := l.load(c.csv, c.m)
			if loaded.Fit() || kinds(faults) != c.want || faults[0].Row != c.row {
				t.Errorf("%v: %+v", kinds(faults), faults)
			}
			if state := one[string](l, "select state from budgets"); state != Held {
				t.Errorf("it is %s", state)
			}
			if n := one[int](l, "select count(*) from cubes"); n != 0 {
				t.Errorf("%d sums are there", n)
			}
		})
	}
}

func TestSumsOfOthersAreLeftOut(t *testing.T) {
	for name, csv := range map[string]string{
		"a total below":          "unit,function,approved,executed\nRoads,04.5.1,120,100\nRoads,04.5.3,80,\nSchools,09.1,50,55.5\nTotal,,250,155.5\n",
		"codes above codes":      "unit,function,approved,executed\nRoads,04,200,100\nRoads,04.5,200,100\nRoads,04.5.1,120,100\nRoads,04.5.3,80,\nSchools,09.1,50,55.5\n",
		"rows without a purpose": "unit,function,approved,executed\nRoads,,200,100\nRoads,04.5.1,120,100\nRoads,04.5.3,80,\nSchools,09.1,50,55.5\n",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			loaded, faults := l.load(csv, plainMapping())
			if !loaded.Fit() || loaded.LeftOut == 0 || !strings.Contains(kinds(faults), "totals") {
				t.Fatalf("left out %d: %v", loaded.LeftOut, faults)
			}
			l.whole()
			if got := one[int64](l, "select approved from cubes where tree = 'administrative' and depth = 0"); got != 250_000_000 {
				t.Errorf("approved %d", got)
			}
		})
	}
}

func TestMappingSaysThatNoRowIsATotal(t *testing.T) {
	l := newLedger(t)
	m := plainMapping()
	m.Totals = TotalsLines
	loaded, _ := l.load("unit,function,approved,executed\nRoads,04,200,\nRoads,04.5,120,\nRoads,04.6,80,\n", m)
	if !loaded.Fit() || loaded.LeftOut != 0 || loaded.Totals[0].Amount != 400_000_000 {
		t.Errorf("%+v", loaded)
	}
}

func TestWhatWasShownStaysWhenANewStateIsWrong(t *testing.T) {
	l := newLedger(t)
	l.load(plainTable, plainMapping())
	before := one[string](l, "select cube from budgets")
	if loaded, _ := l.load(plainTable+"Parks,08.1,many,1\n", plainMapping()); loaded.Fit() {
		t.Fatal("it is fit")
	}
	if got := one[string](l, "select cube || ' ' || state from budgets"); got != before+" held" {
		t.Errorf("%q, was %q", got, before)
	}
	l.whole()
	l.load(plainTable+"Parks,08.1,7,1\n", plainMapping())
	if got := one[int64](l, "select c.approved from cubes c join budgets b on b.cube = c.cube where tree = 'administrative' and depth = 0"); got != 297_000_000 {
		t.Errorf("approved %d", got)
	}
	if n := one[int](l, "select count(distinct cube) from cubes"); n != 1 {
		t.Errorf("%d states of sums are kept", n)
	}
}

func TestLeftoversOfAKilledLoadAreRemoved(t *testing.T) {
	l := newLedger(t)
	l.load(plainTable, plainMapping())
	l.do(func(tx *catalog.Tx) error {
		return tx.Exec("insert into cubes (cube, tree, direction, year, path, depth, lines) values ('killed', 'administrative', 'expenditure', '1403', '', 0, 1)")
	})
	l.load(plainTable+"Parks,08.1,7,1\n", plainMapping())
	if n := one[int](l, "select count(*) from cubes where cube = 'killed'"); n != 0 {
		t.Error("they are there")
	}
	l.whole()
}

func TestReconcileFindsASumThatIsOffByOne(t *testing.T) {
	l := newLedger(t)
	l.load(plainTable, plainMapping())
	l.do(func(tx *catalog.Tx) error {
		return tx.Exec("update cubes set approved = approved + 1 where tree = 'functional' and path = '09'")
	})
	r, err := l.f.Reconcile(t.Context(), one[string](l, "select slug from budgets"))
	if err != nil || r.Wrong != 1 || !strings.Contains(r.Samples[0], "90000001") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBudgetOfAYearThatIsThereDoesNotCountTwice(t *testing.T) {
	l := newLedger(t)
	l.load(plainTable, plainMapping())
	first := l.resource
	l.resource = ""
	second := l.publish("again.csv", plainTable)
	l.do(func(tx *catalog.Tx) error { _, err := putBudget(tx, second, plainMapping()); return err })
	if _, err := l.f.Work(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	of := func(resource string) string {
		return one[string](l, "select counted || ' ' || (about ->> '$.beside' is not null and about ->> '$.beside' <> '') from budgets where resource = ?", resource)
	}
	if of(first) != "1 0" || of(second) != "0 1" {
		t.Errorf("first %s, second %s", of(first), of(second))
	}
	l.do(func(tx *catalog.Tx) error {
		return tx.Exec("update resources set state = 'retired' where id = ?", first)
	})
	if _, err := l.f.Work(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if of(first) != "0 0" || of(second) != "1 0" {
		t.Errorf("after the first is gone: first %s, second %s", of(first), of(second))
	}
}

func TestTooManyPlacesAreRefused(t *testing.T) {
	l := newLedger(t)
	l.f.limit = 10
	loaded, faults := l.load(plainTable, plainMapping())
	if loaded.Fit() || kinds(faults) != "nodes" {
		t.Errorf("%v", faults)
	}
}

func TestPreviewKeepsNothing(t *testing.T) {
	l := newLedger(t)
	resource := l.publish("budget.csv", plainTable)
	p, err := l.f.PreviewOf(t.Context(), resource, plainMapping())
	if err != nil || !p.Fit() || len(p.Totals) != 2 || p.Totals[0].Amount != 290_000_000 {
		t.Errorf("%+v, %v", p, err)
	}
	m := plainMapping()
	m.Table = "another"
	if p, err = l.f.PreviewOf(t.Context(), resource, m); err != nil || p.Fit() || kinds(p.Faults) != "tables" {
		t.Errorf("%+v, %v", p, err)
	}
	if n := one[int](l, "select count(*) from budgets") + one[int](l, "select count(*) from cubes"); n != 0 {
		t.Errorf("%d rows were kept", n)
	}
}

func TestMappingIsForThoseWhoMayPublish(t *testing.T) {
	l := newLedger(t)
	resource := l.publish("budget.csv", plainTable)
	err := l.store.Write(t.Context(), func(tx *catalog.Tx) error {
		_, err := PutMapping(tx, &catalog.Actor{}, resource, plainMapping())
		return err
	})
	if !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("a stranger: %v", err)
	}
	l.do(func(tx *catalog.Tx) error {
		_, err := PutMapping(tx, &catalog.Shell, resource, plainMapping())
		return err
	})
	if n := one[int](l, "select count(*) from budgets where state = 'waiting'"); n != 1 {
		t.Error("it is no budget")
	}
}

// A name is shown as far as there is room; the lines have it whole.
func TestLongNamesAreCutInSums(t *testing.T) {
	l := newLedger(t)
	name := strings.Repeat("راه ", 400) + "end"
	l.load("unit,function,approved,executed,name\nR1,04.5,1,2,"+name+"\nR2,09.1,2,3,Schools\n", plainMapping(Field{Column: "name", Type: "administrative-classification:generic:level1:label"}))
	label := one[string](l, "select label from cubes where code = 'R1'")
	if len(label) > maxName+len("…") || !strings.HasPrefix(name, strings.TrimSuffix(label, "…")) {
		t.Errorf("%d bytes: %s", len(label), label)
	}
	rows, err := l.files.Rows(one[string](l, "select lines from budgets"))
	if err != nil {
		t.Fatal(err)
	}
	table := rows.Table()
	for batch, err := range table.Scan(0, 1) {
		if err != nil || batch.Columns[table.Schema.Index("administrative_1_label")].Text[0] != name {
			t.Error("the lines have another name", err)
		}
	}
}
