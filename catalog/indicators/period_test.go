package indicators

import (
	"testing"
	"time"
)

func TestPeriodsOfAllKindsGoOnWithoutGaps(t *testing.T) {
	for _, kind := range PeriodKinds {
		p := PeriodAt(kind, time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC))
		for range 60 {
			again, err := PeriodOf(p.ID)
			if err != nil || again.ID != p.ID || !again.Start.Equal(p.Start) || !again.End.Equal(p.End) {
				t.Fatalf("%s reads as %+v, %v; want %+v", p.ID, again, err, p)
			}
			next := p.Next()
			if !next.Start.Equal(p.End) || next.Before().ID != p.ID {
				t.Fatalf("behind %s (until %s) comes %s (from %s), before that %s", p.ID, p.End, next.ID, next.Start, next.Before().ID)
			}
			p = next
		}
	}
}

func TestPeriodsBeginAtMidnightInTehran(t *testing.T) {
	for _, c := range []struct{ id, start, end, fa, en string }{
		{"1405-08", "2026-10-22T20:30:00Z", "2026-11-21T20:30:00Z", "آبان ۱۴۰۵", "Aban 1405 (Oct – Nov 2026)"},
		{"1405-H2", "2026-09-22T20:30:00Z", "2027-03-20T20:30:00Z", "نیمهٔ دوم ۱۴۰۵", "Second half of 1405 (Sep 2026 – Mar 2027)"},
		{"1405-Q3", "2026-09-22T20:30:00Z", "2026-12-21T20:30:00Z", "پاییز ۱۴۰۵", "Autumn 1405 (Sep – Dec 2026)"},
		{"1403", "2024-03-19T20:30:00Z", "2025-03-20T20:30:00Z", "سال ۱۴۰۳", "1403 (Mar 2024 – Mar 2025)"},
		// The clock was an hour ahead in summer until 1401.
		{"1400-05", "2021-07-22T19:30:00Z", "2021-08-22T19:30:00Z", "مرداد ۱۴۰۰", "Mordad 1400 (Jul – Aug 2021)"},
	} {
		p, err := PeriodOf(c.id)
		if err != nil || p.Start.Format(time.RFC3339) != c.start || p.End.Format(time.RFC3339) != c.end || p.Label["fa"] != c.fa || p.Label["en"] != c.en {
			t.Errorf("%s: %+v, %v", c.id, p, err)
		}
	}
}

func TestWhatIsNoPeriodIsRefused(t *testing.T) {
	for _, id := range []string{"", "1405-", "1405-0", "1405-8", "1405-13", "1405-00", "1405-Q0", "1405-Q5", "1405-H3", "1405-H", "2026", "140", "1405-Q1-", "1405-+1", "۱۴۰۵", "1405-H01", "x\x00"} {
		if p, err := PeriodOf(id); err == nil {
			t.Errorf("%q is %+v", id, p)
		}
	}
}

func TestPeriodsWithinALongerOne(t *testing.T) {
	half, err := PeriodOf("1405-H1")
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[PeriodKind][]string{
		Month: {"1405-01", "1405-02", "1405-03", "1405-04", "1405-05", "1405-06"}, Quarter: {"1405-Q1", "1405-Q2"},
		Half: {"1405-H1"}, Event: {"1405-H1"}, Year: {"1404"},
	} {
		got := half.within(kind)
		if len(got) != len(want) || got[0].ID != want[0] || got[len(got)-1].ID != want[len(want)-1] {
			t.Errorf("%s within %s: %v, want %v", kind, half.ID, got, want)
		}
	}
	if due := half.Due(30); due.Format(time.RFC3339) != "2026-10-22T20:30:00Z" {
		t.Errorf("due %s", due)
	}
}
