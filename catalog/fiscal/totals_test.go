package fiscal

import "testing"

// A row that calls itself a total is left out only when all its amounts are the
// sums of others: one that is more is a sign of lines that are missing, one that
// is less of parts that exceed the whole.
func TestTotalsOfTheTableAreHeldAgainstTheirParts(t *testing.T) {
	const head = "unit,function,approved,executed\n"
	for name, c := range map[string]struct {
		rows string
		want string
		left int64
	}{
		"the outturn exceeds it":          {"Roads,04.5,80,80\nSchools,09.1,70,90\nParks,08.1,10,10\nTotal,,160,150\n", "total.wrong totals", 1},
		"the outturn falls short of it":   {"Roads,04.5,80,80\nSchools,09.1,70,60\nParks,08.1,10,10\nTotal,,160,170\n", "total.wrong totals", 1},
		"lines are missing below the end": {"Roads,04.5,80,80\nSchools,09.1,70,60\nParks,08.1,10,10\nTotal,,200,190\n", "total.wrong totals", 1},
		"a total of one phase":            {"Roads,04.5,80,80\nSchools,09.1,70,60\nParks,08.1,10,10\nTotal,,160,\n", "totals", 1},
		"totals of groups and a whole": {
			"Roads,04.5,80,80\nSchools,09.1,70,60\nSubtotal,,150,140\nParks,08.1,10,10\nMuseums,08.2,5,5\nSubtotal,,15,15\nTotal,,165,155\n", "totals", 3,
		},
		"a group is wrong": {
			"Roads,04.5,80,80\nSchools,09.1,70,60\nSubtotal,,150,145\nParks,08.1,10,10\nMuseums,08.2,5,5\nSubtotal,,15,15\nTotal,,165,155\n", "total.wrong totals", 3,
		},
		"a total before its parts": {"Total,,160,150\nRoads,04.5,80,80\nSchools,09.1,70,60\nParks,08.1,10,10\n", "totals", 1},
		"rounded":                  {"Roads,04.5,80.4,80\nSchools,09.1,70.4,60\nParks,08.1,10.4,10\nTotal,,161,150\n", "totals", 1},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(t)
			loaded, faults := l.load(head+c.rows, plainMapping())
			if kinds(faults) != c.want || loaded.Fit() != (c.want == "totals") || loaded.LeftOut != c.left {
				t.Errorf("left out %d: %v", loaded.LeftOut, faults)
			}
		})
	}
}
