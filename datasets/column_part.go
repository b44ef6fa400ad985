package datasets

import (
	"fmt"
	"math"

	"github.com/openshafaf/shafaf/datasets/persian"
)

// noPart is the number of a part that a day has not: no Jalali year is counted
// so far away.
const noPart = math.MinInt64

// partOf returns the number of the part that a day since 1970 is in: the year,
// the quarter or month counted from year 0, or the day itself.
func partOf(day int64, part Part) int64 {
	switch part {
	case Year:
		return floorDiv(monthOf(day), 12)
	case Quarter:
		return floorDiv(monthOf(day), 3)
	case Month:
		return monthOf(day)
	case JalaliYear, JalaliMonth:
		d, err := persian.FromDays(day)
		if err != nil {
			return noPart
		}
		if part == JalaliYear {
			return int64(d.Y)
		}
		return int64(d.Y)*12 + int64(d.M) - 1
	case Day, Whole:
	}
	return day
}

// partPrint returns how the number of a part is written, or nil for a part that
// is a number or a date itself.
func partPrint(part Part) func(int64) string {
	of := func(per int64, form string) func(int64) string {
		return func(n int64) string { return fmt.Sprintf(form, floorDiv(n, per), n-floorDiv(n, per)*per+1) }
	}
	switch part { //nolint:exhaustive // the others are numbers
	case Quarter:
		return of(4, "%04d-Q%d")
	case Month, JalaliMonth:
		return of(12, "%04d-%02d")
	}
	return nil
}
