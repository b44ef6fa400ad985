package site

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
	xmessage "golang.org/x/text/message"
	xnumber "golang.org/x/text/number"

	"github.com/openshafaf/shafaf/catalog"
)

func TestNumbersAreThoseOfCLDR(t *testing.T) {
	for lang, l := range newLocales() {
		p := xmessage.NewPrinter(language.Make(lang))
		for _, n := range []int64{0, 7, 10, 999, 1000, 12345, 1234567, -5, -12345, 9007199254740993} {
			if got, want := l.Num(n), p.Sprint(xnumber.Decimal(n)); got != want {
				t.Errorf("%s: %d is %q, want %q", lang, n, got, want)
			}
		}
		for _, f := range []float64{0.5, 12.25, -3.5, 1234.5} {
			if got, want := l.Float(f, 2), p.Sprint(xnumber.Decimal(f, xnumber.MaxFractionDigits(2))); got != want {
				t.Errorf("%s: %v is %q, want %q", lang, f, got, want)
			}
		}
	}
}

func TestSizesAndLargeNumbersAreSaidInWords(t *testing.T) {
	all := newLocales()
	for _, c := range []struct{ got, want string }{
		{all["en"].Size(999), "999 bytes"},
		{all["en"].Size(3_100_000), "3.1 MB"},
		{all["fa"].Size(3_100_000), "۳٫۱ مگابایت"},
		{all["en"].Compact(9999), "9,999"},
		{all["fa"].Compact(1_400_000_000_000), "۱٫۴ هزار میلیارد"},
		{all["en"].Compact(-2_500_000), "-2.5 million"},
		{all["fa"].Percent(0.123), "۱۲٫۳٪"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDatesAreThoseOfTheReadersCalendar(t *testing.T) {
	all := newLocales()
	late := time.Date(2026, 11, 21, 21, 0, 0, 0, time.UTC) // after midnight in Tehran
	for _, c := range []struct{ got, want string }{
		{all["fa"].Day(late), "۱ آذر ۱۴۰۵"},
		{all["en"].Day(late), "22 November 2026"},
		{all["en"].Day(all["en"].until(late)), "22 November 2026"},
		{all["en"].instant(all["en"].until(late.Add(-30 * time.Minute))), "21 November 2026, 23:59"},
		{all["fa"].DateText("2026-11-21"), "۳۰ آبان ۱۴۰۵"},
		{all["en"].DateText("2026-11"), "November 2026"},
		{all["fa"].DateText("2026-11"), "نوامبر ۲۰۲۶"},
		{all["fa"].DateText("2026"), "۲۰۲۶ میلادی"},
		{all["en"].DateText("some day"), "some day"},
		{string(all["en"].Date("2026-11-21T10:00:00Z")), `<time datetime="2026-11-21T10:00:00Z">21 November 2026</time>`},
		{string(all["en"].Date("<i>")), "<bdi>&lt;i&gt;</bdi>"},
		{all["fa"].dateCell(20778).Text, "۱۴۰۵/۰۸/۳۰"},
		{all["en"].dateCell(20778).Text, "2026-11-21"},
		{all["fa"].dateCell(20778).ISO, "2026-11-21"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestFreshnessFollowsThePromise(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := newLocales()["en"]
	for _, c := range []struct{ frequency, modified, want, next string }{
		{"R/P1Y", "2026-01-10", catalog.FreshCurrent, "2027-01-10"},
		{"R/P1M", "2026-10-20", catalog.FreshDue, "2026-11-20"},
		{"R/P1M", "2026-08-01", catalog.FreshOverdue, "2026-09-01"},
		{"http://publications.europa.eu/resource/authority/frequency/WEEKLY", "2026-11-20", catalog.FreshCurrent, "2026-11-27"},
		{"R/P0.5M", "2026-11-20", catalog.FreshCurrent, "2026-12-05"},
		{"NEVER", "2001-01-01", catalog.FreshEnded, ""},
		{"irregular", "2001-01-01", catalog.FreshUnknown, ""},
		{"", "2026-11-20", catalog.FreshUnknown, ""},
		{"R/P1D", "", catalog.FreshUnknown, ""},
		{"R/P1D", "yesterday", catalog.FreshUnknown, ""},
	} {
		f := l.fresh(&catalog.Dataset{Frequency: c.frequency, Modified: c.modified}, now)
		if f.State != c.want || f.Next != c.next {
			t.Errorf("%s since %s is %s until %s, want %s until %s", c.frequency, c.modified, f.State, f.Next, c.want, c.next)
		}
		if f.Sentence == "" {
			t.Errorf("%s since %s says nothing", c.frequency, c.modified)
		}
	}
}

func TestDescriptionsCanDoNoHarm(t *testing.T) {
	w := newProseWriter()
	html := string(w.HTML("# Head\n\n<script>alert(1)</script> *so* [a](javascript:alert(1)) [b](https://example.org/)\n\n<img src=x onerror=alert(1)>"))
	for _, bad := range []string{"<script", "javascript:", "<img", "<h1"} {
		if strings.Contains(html, bad) {
			t.Errorf("%q is in %s", bad, html)
		}
	}
	for _, want := range []string{"<h3>Head</h3>", "<em>so</em>", `<a href="https://example.org/" rel="nofollow">b</a>`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not in %s", want, html)
		}
	}
	if got, want := w.Plain("**Bold** and [a link](https://example.org)\n\n* one\n* two <i>&amp;</i>"), "Bold and a link one two <i>&</i>"; got != want {
		t.Errorf("plain is %q, want %q", got, want)
	}
	if deep := w.HTML(strings.Repeat("> ", 50_000)); strings.Contains(string(deep), "<blockquote>") {
		t.Error("fifty thousand quotes in one another are parsed")
	}
	if got := lead("One sentence. Another one that is longer than that.", 20); got != "One sentence." {
		t.Errorf("the lead is %q", got)
	}
}

func TestLanguagesAreChosenByWeight(t *testing.T) {
	for header, want := range map[string]string{
		"": "fa", "en": "en", "en-GB,fa;q=0.5": "en", "de,en;q=0.2,fa;q=0.9": "fa", "fr": "fa", "EN-us;q=x, fa": "fa", "en;q=0": "fa",
	} {
		if got := preferred(catalog.Languages, header); got != want {
			t.Errorf("%q leads to %s, want %s", header, got, want)
		}
	}
}
