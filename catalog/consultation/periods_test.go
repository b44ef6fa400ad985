package consultation

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

func (h *hall) period(d *Draft, kind string, opens, closes time.Time) error {
	h.Helper()
	return h.store.Write(h.Context(), func(tx *catalog.Tx) error {
		got, _, err := AddPeriod(tx, h.publisher, d.ID, d.Revision, PeriodWish{Kind: kind, Opens: opens, Closes: closes, Basis: "Bylaw 7"})
		if err == nil {
			*d = got
		}
		return err
	})
}

func broken(err error) string {
	var wrong *PeriodError
	var invalid *catalog.InvalidError
	if !errors.As(err, &wrong) {
		return ""
	}
	if !errors.As(err, &invalid) || invalid.Field != wrong.Field || strings.Contains(invalid.Reason, "%") {
		return "not said"
	}
	return wrong.Code
}

func TestPeriodIsRefusedByRule(t *testing.T) {
	now := time.Date(2026, 11, 22, 8, 0, 30, 0, time.UTC)
	at := func(days float64) time.Time { return now.Add(time.Duration(days * float64(day))) }
	open := []Period{{N: 1, Kind: Opened, Opens: at(-3), Closes: at(7), At: at(-4)}}
	ended := []Period{{N: 1, Kind: Opened, Opens: at(-30), Closes: at(-7), At: at(-31)}}
	ahead := []Period{{N: 1, Kind: Opened, Opens: at(5), Closes: at(15), At: at(-1)}}
	for name, c := range map[string]struct {
		before []Period
		kind   string
		opens  time.Time
		closes time.Time
		code   string
	}{
		"backwards":                {nil, Opened, at(3), at(2), "backwards"},
		"no end":                   {nil, Opened, at(3), time.Time{}, "backwards"},
		"in the past":              {nil, Opened, at(-1), at(20), "past"},
		"this minute":              {nil, Opened, now.Truncate(time.Minute), at(8), ""},
		"now":                      {nil, Opened, time.Time{}, at(7), ""},
		"too short":                {nil, Opened, at(1), at(7.9), "short"},
		"as short as can be":       {nil, Opened, at(1), at(8), ""},
		"for ages":                 {nil, Opened, at(1), at(9999), "far"},
		"twice":                    {open, Opened, at(8), at(30), "again"},
		"overlapping":              {open, Reopened, at(5), at(30), "overlaps"},
		"behind it":                {open, Reopened, at(7), at(8), "overlaps"},
		"reopened unopened":        {nil, Reopened, at(1), at(20), "never"},
		"reopened":                 {ended, Reopened, at(1), at(2), ""},
		"reopened in the past":     {ended, Reopened, at(-5), at(2), "past"},
		"extended":                 {open, Extended, time.Time{}, at(9), ""},
		"extended to less":         {open, Extended, time.Time{}, at(6), "shorter"},
		"extended when over":       {ended, Extended, time.Time{}, at(6), "closed"},
		"extended when never":      {nil, Extended, time.Time{}, at(6), "never"},
		"extended ahead":           {ahead, Extended, time.Time{}, at(20), ""},
		"closed early":             {open, Closed, time.Time{}, at(5), ""},
		"closed too early":         {open, Closed, time.Time{}, at(2), "short"},
		"closed now":               {open, Closed, time.Time{}, time.Time{}, "short"},
		"closed in the past":       {[]Period{{N: 1, Kind: Opened, Opens: at(-30), Closes: at(7)}}, Closed, time.Time{}, at(-1), "over"},
		"closed later":             {open, Closed, time.Time{}, at(8), "longer"},
		"closed when over":         {ended, Closed, time.Time{}, at(1), "closed"},
		"closed ahead":             {ahead, Closed, time.Time{}, at(12), "unopened"},
		"closed before":            {ahead, Closed, time.Time{}, at(2), "unopened"},
		"opened at another time":   {ahead, Opened, at(6), at(14), ""},
		"a kind of their own":      {nil, "halted", at(1), at(20), "kind"},
		"reopened, closed at once": {append(slices.Clone(ended), Period{N: 2, Kind: Reopened, Opens: at(-1), Closes: at(5)}), Closed, time.Time{}, time.Time{}, ""},
	} {
		p, err := next(c.before, c.kind, c.opens, c.closes, now, rule{"periods.bylaw", 7})
		if got := broken(err); got != c.code {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err == nil && (p.N != len(c.before)+1 || !p.Closes.After(p.Opens)) {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestPeriodsTellTheStage does random acts at random times: the stage that the
// draft is in is always that which its periods tell by themselves.
func TestPeriodsTellTheStage(t *testing.T) {
	kinds := []string{Opened, Extended, Reopened, Closed}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 7))
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var all []Period
		var d Draft
		for range 40 {
			now = now.Add(time.Duration(r.Int64N(int64(4 * day))))
			opens, closes := now.Add(time.Duration(r.Int64N(int64(6*day)))-day), now.Add(time.Duration(r.Int64N(int64(20*day)))-2*day)
			p, err := next(all, kinds[r.IntN(len(kinds))], opens, closes, now, rule{"periods.default", 7})
			if err == nil {
				was, until := d.Stage(now), d.Closes
				if !begun(all, now) {
					d.Begins = p.Opens
				}
				d.Opens, d.Closes = p.Opens, p.Closes
				all = append(all, p)
				if was == Open && p.Kind != Closed && d.Stage(until.Add(-time.Millisecond)) != Open {
					t.Fatalf("seed %d: it was to be open until %s: %+v", seed, until, all)
				}
			}
			checkStages(t, seed, &d, all, now)
		}
	}
}

// checkStages looks at the draft at the moments around all its periods from now
// on.
func checkStages(t *testing.T, seed uint64, d *Draft, all []Period, now time.Time) {
	t.Helper()
	moments := []time.Time{now, now.Add(90 * day)}
	for _, p := range all {
		for _, m := range []time.Time{p.Opens, p.Closes} {
			moments = append(moments, m, m.Add(-time.Millisecond))
		}
	}
	for _, m := range moments {
		if m.Before(now) {
			continue
		}
		want := Announced
		if begun(all, m) {
			want = InReview
		}
		if n := len(all); n > 0 && !m.Before(all[n-1].Opens) && m.Before(all[n-1].Closes) {
			want = Open
		}
		if got := d.Stage(m); got != want {
			t.Fatalf("seed %d: at %s it is %s and should be %s: %+v", seed, m, got, want, all)
		}
	}
	if n := len(all); n > 1 && (all[n-1].Kind == Opened || all[n-1].Kind == Reopened) && all[n-1].Opens.Before(all[n-2].Closes) && !all[n-2].Opens.After(all[n-1].At) {
		t.Fatalf("seed %d: two overlap: %+v", seed, all)
	}
}

func TestClockOpensAndClosesADraft(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	if err := h.period(&d, Opened, h.at.Add(day), h.at.Add(10*day)); err != nil {
		t.Fatal(err)
	}
	begin := h.at
	for _, c := range []struct {
		after time.Duration
		want  Stage
	}{{0, Announced}, {day - time.Second, Announced}, {day, Open}, {10*day - time.Second, Open}, {10 * day, InReview}, {400 * day, InReview}, {2 * day, Open}} {
		h.at = begin.Add(c.after)
		got, err := h.c.Draft(t.Context(), d.ID)
		if err != nil || got.Stage(h.at) != c.want {
			t.Errorf("after %s: %s, %v", c.after, got.Stage(h.at), err)
		}
		if titles := h.listed(DraftFilter{Stages: []Stage{c.want}}); len(titles) != 1 {
			t.Errorf("after %s it is not listed as %s", c.after, c.want)
		}
	}
	h.at = begin.Add(5 * day)
	if err := h.period(&d, Extended, time.Time{}, begin.Add(20*day)); err != nil {
		t.Fatal(err)
	}
	h.at = begin.Add(21 * day)
	if err := h.period(&d, Reopened, begin.Add(30*day), begin.Add(31*day)); err != nil {
		t.Fatal(err)
	}
	if got := d.Stage(h.at); got != InReview {
		t.Errorf("before it is reopened it is %s", got)
	}
	all, err := h.c.Periods(t.Context(), d.ID)
	if err != nil || len(all) != 3 || all[0].Kind != Opened || all[1].Kind != Extended || all[2].Kind != Reopened || !all[0].Closes.Equal(begin.Add(10*day)) {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestPortalSetsTheRuleOfAKind(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	h.do(func(tx *catalog.Tx) error { return tx.PutSetting(&catalog.Shell, SettingPeriod+KindBylaw, "14") })
	err := h.period(&d, Opened, h.at, h.at.Add(8*day))
	var wrong *PeriodError
	if !errors.As(err, &wrong) || wrong.Code != "short" || wrong.Rule != "periods.bylaw" || wrong.Days != 14 || wrong.Have != 8 || !strings.Contains(err.Error(), "periods.bylaw") {
		t.Errorf("%v", err)
	}
	if err := h.period(&d, Opened, h.at, h.at.Add(14*day)); err != nil {
		t.Error(err)
	}
	h.do(func(tx *catalog.Tx) error { return tx.PutSetting(&catalog.Shell, SettingPeriod+KindBill, "30") })
	if err := h.refuses(func(tx *catalog.Tx) error {
		_, err := UpdateDraft(tx, h.publisher, d.ID, d.Revision, func(d *Draft) error { d.Kind = KindBill; return nil })
		return err
	}); broken(err) != "short" {
		t.Errorf("a kind with a longer period: %v", err)
	}
	for said, ok := range map[string]bool{"7": true, "0": true, "-1": false, "a week": false, "9999": false} {
		if err := CheckPeriodRule(said); (err == nil) != ok {
			t.Errorf("%q: %v", said, err)
		}
	}
}

func TestPeriodNeedsRightsTextAndBasis(t *testing.T) {
	h := newHall(t)
	d := h.published("Roads", 0)
	add := func(by *catalog.Actor, rev int64, basis string) error {
		return h.refuses(func(tx *catalog.Tx) error {
			_, _, err := AddPeriod(tx, by, d.ID, rev, PeriodWish{Kind: Opened, Closes: h.at.Add(9 * day), Basis: basis})
			return err
		})
	}
	if err := add(h.editor, d.Revision, "Bylaw 7"); !errors.Is(err, catalog.ErrDenied) {
		t.Errorf("an editor of a public draft: %v", err)
	}
	if err := add(h.publisher, d.Revision-1, "Bylaw 7"); !isStale(err) {
		t.Errorf("somebody who saw an older draft: %v", err)
	}
	if err := add(h.publisher, d.Revision, " "); broken(err) != "basis" {
		t.Errorf("without a basis: %v", err)
	}
	var bare Draft
	h.do(func(tx *catalog.Tx) (err error) {
		bare, err = CreateDraft(tx, h.publisher, Draft{Agency: h.agency, Title: catalog.Text{"en": "Bare"}})
		if err == nil {
			bare, err = PublishDraft(tx, h.publisher, bare.ID, bare.Revision)
		}
		return err
	})
	var conflict *catalog.ConflictError
	if err := h.period(&bare, Opened, h.at, h.at.Add(9*day)); !errors.As(err, &conflict) || conflict.Code != "draft.textless" {
		t.Errorf("without a text: %v", err)
	}
}
