package harvesters

import "github.com/openshafaf/shafaf/catalog"

// maxPlanned is how many records a trial lists of each thing that it would do.
// The counts of the run are of all.
const maxPlanned = 2000

// A plan is what a trial would do to the records that it meets.
type plan struct {
	next []catalog.Planned // not written yet
	n    map[string]int    // listed, by what is done
}

// take returns what is to be written.
func (p *plan) take() []catalog.Planned {
	next := p.next
	p.next = nil
	return next
}

// planned notes of a trial that it would do something to a record.
func (h *harvest) planned(r *catalog.Record, does string) {
	if !h.opt.DryRun {
		return
	}
	if h.plan.n == nil {
		h.plan.n = map[string]int{}
	}
	if h.plan.n[does]++; h.plan.n[does] > maxPlanned {
		return
	}
	p := catalog.Planned{Identifier: cut(r.Identifier, maxIdentifier), Does: does}
	if r.Value != nil {
		p.Title = r.Value.Called()
	}
	h.plan.next = append(h.plan.next, p)
}

// planRuling notes of a trial what it would do to the records that did not
// come.
func (h *harvest) planRuling() {
	decided := map[catalog.Key]bool{}
	note := func(list []catalog.Held, does string) {
		for i := range list {
			key := catalog.Key{Noun: list[i].Noun, Identifier: list[i].Identifier}
			decided[key] = true
			h.planned(&catalog.Record{Noun: key.Noun, Identifier: key.Identifier}, does)
		}
	}
	note(h.ruling.held, catalog.DoesHold)
	note(h.ruling.retire, catalog.DoesRemove)
	for _, id := range h.ruling.missing {
		if !decided[id] {
			h.planned(&catalog.Record{Noun: id.Noun, Identifier: id.Identifier}, catalog.DoesMiss)
		}
	}
}
