package samples

import (
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// A BudgetDocument is a document of the yearly budget with the day on which it
// is due, and that on which it came.
type BudgetDocument struct {
	Agency  string // slug
	Year    string
	Kind    string
	Due     string // ISO 8601
	Came    string // empty: not yet
	Dataset string // slug, where the portal has it
	URL     string // where it stands otherwise
}

// BudgetDocuments are the eight documents of each of three years: of each it is
// told what had come by the day.
func BudgetDocuments(today string) []BudgetDocument {
	kinds := []struct {
		kind, agency string
		years        int // after the one before the budget's
		month, day   int
		late         [3]int // days, by year; never: it did not come
		dataset      string
	}{
		{"pre-budget", planning, 0, 7, 1, [3]int{-4, 11, -1}, ""},
		{"proposal", planning, 0, 9, 15, [3]int{0, 6, -2}, ""},
		{"enacted", planning, 1, 1, 15, [3]int{-9, 3, -6}, "approved-budget-and-outturn-by-chapter"},
		{"citizens", planning, 1, 2, 15, [3]int{never, 40, -3}, ""},
		{"in-year", planning, 1, 5, 15, [3]int{-2, 9, 1}, "treasury-payments-to-agencies"},
		{"mid-year", treasury, 1, 8, 15, [3]int{17, -5, never}, ""},
		{"year-end", treasury, 2, 5, 1, [3]int{25, 12, -1}, "budget-of-the-ministry-of-economic-affairs-and-finance"},
		{"audit", treasury, 2, 12, 1, [3]int{never, -1, -1}, ""},
	}
	var all []BudgetDocument
	for i, year := range []int{1403, 1404, 1405} {
		for _, k := range kinds {
			due := jalaliOn(year-1+k.years, k.month, k.day)
			d := BudgetDocument{
				Agency: k.agency, Year: (persian.Date{Y: year, M: 1, D: 1}).String()[:4], Kind: k.kind, Due: due.Format(time.DateOnly), Dataset: k.dataset,
			}
			if came := due.AddDate(0, 0, k.late[i]).Format(time.DateOnly); k.late[i] != never && came <= today {
				d.Came = came
			}
			if d.Came == "" {
				d.Dataset = ""
			} else if d.Dataset == "" {
				d.URL = agencyOf(k.agency).Homepage
			}
			all = append(all, d)
		}
	}
	return all
}

// never is for a document that does not come.
const never = 10_000

// jalaliOn is a day of the Jalali calendar.
func jalaliOn(year, month, day int) time.Time {
	y, m, d, err := persian.Date{Y: year, M: month, D: day}.ToGregorian()
	if err != nil {
		panic(err) // constants of this package
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
