package datasets

import (
	"testing"
	"time"
)

// Dates print as the time package prints them.
func TestDatesPrintAsTheyAlwaysDid(t *testing.T) {
	same := func(day int64) {
		if got, want := string(AppendDate(nil, day)), time.Unix(day*secondsPerDay, 0).UTC().Format(time.DateOnly); got != want {
			t.Fatalf("day %d is printed as %s, which is %s", day, got, want)
		}
	}
	for day := int64(firstDay - 800); day < firstDay+150_000; day++ {
		same(day)
	}
	for day := int64(-100_000); day < 200_000; day++ {
		same(day)
	}
	for day := int64(lastDay - 800); day < lastDay+800; day++ {
		same(day)
	}
	for micro := int64(-1 << 61); micro < 1<<61-1<<50; micro += 1<<50 - 12_345_678 {
		for _, m := range []int64{micro, micro / 1000 * 1000, micro / 1_000_000 * 1_000_000, micro / 97} {
			want := time.UnixMicro(m).UTC().Format("2006-01-02T15:04:05.999999")
			if got := string(AppendDateTime(nil, m, false)); got != want {
				t.Fatalf("moment %d is printed as %s, which is %s", m, got, want)
			}
		}
	}
}
