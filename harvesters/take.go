package harvesters

import (
	"cmp"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/catalog/fiscal"
)

// skip lists a record that cannot be used. It is present all the same.
func (h *harvest) skip(e *SkipError) {
	h.run.Counts.Seen++
	h.run.Counts.Faulty++
	if e.Identifier == "" {
		h.noName++
	} else {
		key := catalog.Key{Noun: cmp.Or(e.Noun, catalog.NounDataset), Identifier: e.Identifier}
		h.faulty[key] = struct{}{}
		h.seen[key] = struct{}{}
	}
	h.fault(e.fault())
}

// take decides what a record means: nothing, or a write.
func (h *harvest) take(r catalog.Record) {
	if r.Identifier == "" {
		h.skip(&SkipError{Position: r.Position, Field: "identifier", Err: say("record.noid")})
		return
	}
	key := keyOf(&r)
	if _, twice := h.seen[key]; twice {
		h.skip(&SkipError{Noun: r.Noun, Identifier: r.Identifier, Position: r.Position, Field: "identifier", Err: say("record.twice")})
		return
	}
	r.Run = h.run.ID
	if r.Deleted {
		h.takeDeleted(&r)
		return
	}
	if r.Value == nil { // as it was, says its origin
		h.seen[key] = struct{}{}
		h.run.Counts.Seen++
		h.run.Counts.Unchanged++
		return
	}
	h.settle(&r)
	mark, skip := markOf(&r)
	if skip == nil && !h.has(r.Value.Below()) {
		skip = &SkipError{Noun: r.Noun, Identifier: r.Identifier, Position: r.Position, Err: say("record.below", r.Value.Below().Identifier)}
	}
	if skip != nil {
		h.skip(skip)
		return
	}
	h.seen[key] = struct{}{}
	h.run.Counts.Seen++
	for _, f := range r.Faults {
		h.fault(f)
	}
	if len(r.Faults) == 0 { // faults are to be told in every run
		r.Origin = h.originOf(r.Raw)
	}
	if h.postpone(&r, mark) {
		return
	}
	if write, same := h.compare(&r, mark); write && !h.opt.DryRun {
		h.batch = append(h.batch, waiting{Record: r, same: same})
		h.bytes += weight(&r)
	}
}

// weight is about how many bytes a record takes while it waits: the texts of a
// draft are not in the record that it came with.
func weight(r *catalog.Record) int {
	n := int64(len(r.Raw))
	if d, ok := r.Value.(*consultation.HarvestedDraft); ok {
		for i := range d.Texts {
			n += d.Texts[i].File.Size
		}
	}
	return int(n)
}

// takeDeleted notes that the source says of a record that it is gone.
func (h *harvest) takeDeleted(r *catalog.Record) {
	key := keyOf(r)
	h.seen[key] = struct{}{}
	h.run.Counts.Seen++
	h.run.Counts.Deleted++
	if mark, known := h.marks[key]; known && !mark.Retired {
		h.deleted[key] = struct{}{}
	}
}

func keyOf(r *catalog.Record) catalog.Key { return catalog.Key{Noun: r.Noun, Identifier: r.Identifier} }

// has reports whether a record that others are parts of is in the catalogue, or
// about to be.
func (h *harvest) has(key catalog.Key) bool {
	if key == (catalog.Key{}) {
		return true
	}
	_, known := h.marks[key]
	_, came := h.seen[key]
	_, faulty := h.faulty[key]
	return known || came && !faulty
}

// markOf returns the mark of a record, or why it cannot be kept.
func markOf(r *catalog.Record) (catalog.Mark, *SkipError) {
	skip := &SkipError{Noun: r.Noun, Identifier: r.Identifier, Position: r.Position}
	var invalid *catalog.InvalidError
	if err := r.Value.Validate(); errors.As(err, &invalid) {
		skip.Field, skip.Err = invalid.Field, say("record.unkept", invalid.Reason)
		if title, _ := r.Value.Called().In("fa"); len(title) > catalog.MaxTitle {
			skip.Err = say("title.long", catalog.MaxTitle)
		}
		return catalog.Mark{}, skip
	}
	mark, err := catalog.MarkOf(r)
	if err != nil {
		skip.Err = say("record.unkept", err)
		return mark, skip
	}
	return mark, nil
}

// A waiting is a record that waits to be written.
type waiting struct {
	catalog.Record
	same bool   // but for its origin
	from string // the identifier that it had, when it is known under another
}

// compare counts what a record is beside the known one, and reports whether
// there is something to write, and whether that is its origin alone.
func (h *harvest) compare(r *catalog.Record, mark catalog.Mark) (write, same bool) {
	c := &h.run.Counts
	old, known := h.marks[keyOf(r)]
	if old.Retired {
		c.Returned++
		h.planned(r, catalog.DoesReturn)
	}
	switch {
	case !known:
		c.New++
		h.planned(r, catalog.DoesAdd)
	case old.Hash != mark.Hash:
		c.Changed++
		h.planned(r, catalog.DoesChange)
	case old.Touch != mark.Touch:
		c.Touched++
		h.planned(r, catalog.DoesTouch)
	default:
		c.Unchanged++
		return old.Missing || old.Origin != r.Origin, !old.Missing
	}
	return true, false
}

// datasetOf is the dataset that a value is, or nil.
func datasetOf(v catalog.Value) *catalog.Dataset {
	switch v := v.(type) {
	case *catalog.Dataset:
		return v
	case *fiscal.HarvestedBudget:
		return &v.Dataset
	}
	return nil
}

// settle sets what follows from the record of a dataset for all kinds: the licence of its
// source where it names none, which files are fetched, and that nothing changed in the future.
func (h *harvest) settle(r *catalog.Record) {
	d := datasetOf(r.Value)
	if d == nil {
		return
	}
	const ahead = 48 * time.Hour // clocks and zones differ
	limit := h.deps.Now().UTC().Add(ahead).Format(time.RFC3339)
	if d.Modified > limit {
		f := say("date.future", catalog.Day(d.Modified)).fault(catalog.SeverityField)
		f.Identifier, f.Position, f.Field = r.Identifier, r.Position, "modified"
		r.Faults = append(r.Faults, f)
		d.Modified = ""
	}
	if d.Licence == "" {
		d.Licence = h.src.Licence
	}
	open := d.AccessLevel == "" || d.AccessLevel == "public"
	for i := range d.Resources {
		res := &d.Resources[i]
		local := fromDisk(&h.src) && res.DownloadURL == "" && res.Fetch == ""
		if open && (isURL(res.DownloadURL) || local) && catalog.Fetchable(res) {
			res.Fetch = catalog.FetchPending
		}
	}
}
