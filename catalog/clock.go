package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Clock says when in the day, "23:30", or when in the week, "fri 23:30",
// something is done again and again. It goes by UTC. The empty one says
// nothing.
type Clock string

// weekdays are the days of a Clock, as time.Weekday counts them.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

const aWeek = 7 * 24 * time.Hour

// ClockOf is the clock that shows the time of day of at, and its day of the
// week if weekly.
func ClockOf(at time.Time, weekly bool) Clock {
	at = at.UTC()
	c := at.Format("15:04")
	if weekly {
		c = weekdays[at.Weekday()] + " " + c
	}
	return Clock(c)
}

// Every is how often the clock comes round: a day or a week.
func (c Clock) Every() time.Duration {
	if strings.Contains(string(c), " ") {
		return aWeek
	}
	return aWeek / 7
}

// Validate returns an *InvalidError when c is no clock.
func (c Clock) Validate() error {
	_, _, err := c.parts()
	return err
}

// parts are the day of the week, -1 for any, and the time since midnight.
func (c Clock) parts() (day int, since time.Duration, err error) {
	day, clock := -1, string(c)
	if name, rest, weekly := strings.Cut(clock, " "); weekly {
		if day, clock = slices.Index(weekdays, name), rest; day < 0 {
			return 0, 0, &InvalidError{"clock", fmt.Sprintf("%q is no day of the week; it is one of %s", name, strings.Join(weekdays, ", "))}
		}
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, 0, &InvalidError{"clock", fmt.Sprintf("%q is no time of day like 23:30", clock)}
	}
	return day, time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute, nil
}

// Next is the first moment after t that the clock shows, in UTC. A clock that
// is none shows no moment: it returns zero.
func (c Clock) Next(t time.Time) time.Time {
	day, since, err := c.parts()
	if err != nil {
		return time.Time{}
	}
	t = t.UTC()
	at := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Add(since)
	for !at.After(t) || day >= 0 && int(at.Weekday()) != day {
		at = at.AddDate(0, 0, 1)
	}
	return at
}
