package persian_test

import (
	"errors"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets/persian"
)

func TestParse(t *testing.T) {
	want := persian.Date{Y: 1405, M: 8, D: 30}
	for _, s := range []string{
		"1405/8/30", "1405/08/30", "1405-08-30", "1405.8.30", "۱۴۰۵/۰۸/۳۰", "١٤٠٥/٠٨/٣٠", " ۱۴۰۵/۰۸/۳۰ ",
		"30/8/1405", "۳۰ آبان ۱۴۰۵", "30 آبان 1405", "۳۰ آبان ماه ۱۴۰۵", "۳۰ آبان\u200cماه ۱۴۰۵", "شنبه ۳۰ آبان ۱۴۰۵",
		"سه\u200cشنبه، ۳۰ آبان ۱۴۰۵", "30 Aban 1405", "۱۴۰۵ آبان ۳۰",
	} {
		if got, err := persian.Parse(s); err != nil || got != want {
			t.Errorf("Parse(%q) = %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "1405", "1405/13/1", "1405/12/30", "1405/7/31", "1405/0/1", "1405/1/0", "05/8/30", "1405/8-30",
		"۳۱ مهر ۱۴۰۵", "آبان ۱۴۰۵", "۳۰ نوامبر ۱۴۰۵", "1405/08/30/1", "1405//30", "+405/8/30", "1405/8/030", "9999/1/1",
	} {
		if got, err := persian.Parse(s); !errors.Is(err, persian.ErrDate) {
			t.Errorf("Parse(%q) = %v, %v", s, got, err)
		}
	}
}

func TestConversion(t *testing.T) {
	for _, c := range []struct {
		j persian.Date
		g string
	}{
		{persian.Date{Y: 1405, M: 8, D: 30}, "2026-11-21"},
		{persian.Date{Y: 1403, M: 12, D: 30}, "2025-03-20"},
		{persian.Date{Y: 1404, M: 1, D: 1}, "2025-03-21"},
		{persian.Date{Y: 1357, M: 11, D: 22}, "1979-02-11"},
		{persian.Date{Y: 1348, M: 10, D: 11}, "1970-01-01"},
		{persian.Date{Y: 1300, M: 1, D: 1}, "1921-03-21"},
	} {
		y, m, d, err := c.j.ToGregorian()
		if got := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly); err != nil || got != c.g {
			t.Errorf("%s is %s, want %s (%v)", c.j, got, c.g, err)
		}
		if back, err := persian.FromGregorian(y, m, d); err != nil || back != c.j {
			t.Errorf("%s is %s, want %s (%v)", c.g, back, c.j, err)
		}
	}
	first, err := persian.Date{Y: 1, M: 1, D: 1}.Days()
	if err != nil {
		t.Fatal(err)
	}
	last, err := persian.Date{Y: 3176, M: 12, D: 29}.Days()
	if err != nil {
		t.Fatal(err)
	}
	for day := first; day <= last; day++ {
		j, err := persian.FromDays(day)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := j.Days(); err != nil || back != day {
			t.Fatalf("day %d is %s, which is day %d (%v)", day, j, back, err)
		}
	}
	if _, err := persian.FromGregorian(300, 1, 1); !errors.Is(err, persian.ErrDate) {
		t.Errorf("a year before the calendar: %v", err)
	}
}

// The leap years of a hundred years, as the official calendars had them and
// the astronomers foretell them.
func TestLeap(t *testing.T) {
	leap := map[int]bool{}
	for _, y := range []int{
		1354, 1358, 1362, 1366, 1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441, 1445, 1449,
	} {
		leap[y] = true
	}
	for y := 1351; y <= 1450; y++ {
		if persian.Leap(y) != leap[y] {
			t.Errorf("leap year %d: %v", y, persian.Leap(y))
		}
	}
}

func TestDateFormats(t *testing.T) {
	d := persian.Date{Y: 1405, M: 8, D: 3}
	for want, got := range map[string]string{
		"۳ آبان ۱۴۰۵": d.Format("fa"),
		"3 Aban 1405": d.Format("en"),
		"1405-08-03":  d.String(),
		"۱۴۰۵/۰۸/۰۳":  d.Numeric("fa"),
		"1405/08/03":  d.Numeric("en"),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if d.Quarter() != 3 || (persian.Date{Y: 1405, M: 12, D: 1}).Quarter() != 4 {
		t.Error("wrong quarter")
	}
	if persian.MonthName(0, "fa") != "" || persian.MonthName(13, "en") != "" {
		t.Error("a month that is none has a name")
	}
}
