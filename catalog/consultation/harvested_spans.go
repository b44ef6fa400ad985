package consultation

import (
	"cmp"
	"slices"

	"github.com/openshafaf/shafaf/catalog"
)

// entries are the spans as entries of when a draft is open: the first opens it,
// one that begins inside of it moves its end, one after it opens it again.
func entries(spans []Span) []Period {
	spans = slices.Clone(spans)
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Or(a.Opens.Compare(b.Opens), a.Closes.Compare(b.Closes)) })
	var all []Period
	for _, s := range spans {
		p, ok := following(all, s)
		if ok {
			all = append(all, p)
		}
	}
	return all
}

// following is the entry that puts a span in force after the others; there is
// none when the span says nothing new.
func following(before []Period, s Span) (Period, bool) {
	p := Period{N: len(before) + 1, Kind: Opened, Opens: s.Opens, Closes: s.Closes, Basis: s.Basis}
	if len(before) == 0 {
		return p, true
	}
	last := &before[len(before)-1]
	switch {
	case s.Opens.After(last.Closes):
		p.Kind = Reopened
		return p, true
	case !s.Closes.After(last.Closes):
		return p, false
	}
	p.Kind, p.Opens = Extended, last.Opens
	return p, true
}

// takeSpans appends to when the draft is open what the source says beyond it. A
// source that says now that it closes earlier than it said has closed it.
func (h *HarvestedDraft) takeSpans(tx *catalog.Tx, d *Draft, what catalog.Outcome) error {
	wanted := entries(h.Spans)
	if len(wanted) == 0 {
		return nil
	}
	known, err := periods(tx, d.ID)
	if err != nil {
		return err
	}
	same := 0
	for same < min(len(known), len(wanted)) && known[same].same(&wanted[same]) {
		same++
	}
	more := wanted[same:]
	if same < len(known) {
		more = correction(known, &wanted[len(wanted)-1])
	}
	for i := range more {
		p := more[i]
		p.N, p.At = len(known)+1, tx.Now()
		if err := appendPeriod(tx, d, len(known) > 0, &p); err != nil {
			return err
		}
		known = append(known, p)
		if what != catalog.New && p.Kind == Extended {
			if err := alert(tx, d.ID, AlertExtended, p.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Period) same(q *Period) bool {
	return p.Kind == q.Kind && p.Opens.Equal(q.Opens) && p.Closes.Equal(q.Closes)
}

// correction is what makes of the entries that are known, which stay, that the
// period in force is the one that a source says now.
func correction(known []Period, now *Period) []Period {
	last, p := &known[len(known)-1], *now
	switch {
	case last.Opens.Equal(p.Opens) && last.Closes.Equal(p.Closes):
		return nil
	case p.Opens.After(last.Closes):
		p.Kind = Reopened
	case p.Closes.After(last.Closes):
		p.Kind = Extended
	default:
		p.Kind = Closed
	}
	return []Period{p}
}
