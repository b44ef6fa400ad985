package chart

import (
	"strconv"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

const day = 24 * 60 * 60

// A timeTick is a moment on an axis.
type timeTick struct {
	at   float64 // seconds since 1970
	text string
}

// timeTicks are at most n moments from low to high, at the beginnings of
// years, months, days or hours of the language's calendar.
func (c *Chart) timeTicks(low, high float64, n int) []timeTick {
	span := high - low
	n = max(n, 2)
	const year, month = 365.25 * day, 30.4 * day
	switch {
	case span >= year*1.5:
		return c.yearTicks(low, high, int(max(1, niceStep(span/year, n))))
	case span >= 2*month:
		step := 1
		for _, step = range [...]int{1, 2, 3, 6} {
			if span/month/float64(step) <= float64(n) {
				break
			}
		}
		return c.monthTicks(low, high, step)
	case span >= 2*day:
		return c.plainTicks(low, high, day*max(1, niceStep(span/day, n)), c.dayText)
	default:
		const hour = 3600
		step := 0.0
		for _, step = range [...]float64{60, 300, 900, hour, 3 * hour, 6 * hour, 12 * hour} {
			if span/step <= float64(n) {
				break
			}
		}
		return c.plainTicks(low, high, step, c.clockText)
	}
}

// calendar returns the year and month of a moment.
func (c *Chart) calendar(at float64) (year, month int) {
	t := moment(at)
	if c.Lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return d.Y, d.M
		}
	}
	return t.Year(), int(t.Month())
}

// first returns the first moment of a month.
func (c *Chart) first(year, month int) float64 {
	if c.Lang == "fa" {
		if n, err := (persian.Date{Y: year, M: month, D: 1}).Days(); err == nil {
			return float64(n) * day
		}
	}
	return float64(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Unix())
}

// maxTicks ends what a broken span would make of an axis.
const maxTicks = 60

func (c *Chart) yearTicks(low, high float64, step int) []timeTick {
	var all []timeTick
	year, _ := c.calendar(low)
	for year -= year % step; len(all) < maxTicks; year += step {
		at := c.first(year, 1)
		if at > high {
			break
		}
		if at >= low {
			all = append(all, timeTick{at, c.Numbers.Plain(int64(year))})
		}
	}
	return all
}

func (c *Chart) monthTicks(low, high float64, step int) []timeTick {
	var all []timeTick
	year, month := c.calendar(low)
	month = (month-1)/step*step + 1
	for ; len(all) < maxTicks; month += step {
		if month > 12 {
			year, month = year+1, month-12
		}
		at := c.first(year, month)
		if at > high {
			break
		}
		if at >= low {
			text := c.monthText(month)
			if month == 1 || len(all) == 0 {
				text += " " + c.Numbers.Plain(int64(year))
			}
			all = append(all, timeTick{at, text})
		}
	}
	return all
}

func (c *Chart) plainTicks(low, high, step float64, text func(float64) string) []timeTick {
	var all []timeTick
	for at := step * float64(int64(low/step)); at <= high && len(all) < maxTicks; at += step {
		if at >= low {
			all = append(all, timeTick{at, text(at)})
		}
	}
	return all
}

func (c *Chart) monthText(month int) string {
	if c.Lang == "fa" {
		return persian.MonthName(month, c.Lang)
	}
	return time.Month(month).String()[:3]
}

func (c *Chart) dayText(at float64) string {
	t := moment(at)
	if c.Lang == "fa" {
		if d, err := persian.FromTime(t); err == nil {
			return persian.Digits(strconv.Itoa(d.D), c.Lang) + " " + c.monthText(d.M)
		}
	}
	return t.Format("2 Jan")
}

func (c *Chart) clockText(at float64) string {
	return persian.Digits(moment(at).Format("15:04"), c.Lang)
}

func moment(at float64) time.Time { return time.Unix(int64(at), 0).UTC() }
