package harvesters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sync/atomic"

	"github.com/openshafaf/shafaf/catalog"
)

// RunOptions say how a source is harvested.
type RunOptions struct {
	DryRun   bool                 // read and report, take nothing in
	Queued   string               // id of the queued run that this is, see catalog.Tx.QueueRun; it says itself whether it is a dry one
	Progress func(done, of int64) // told of records; of is 0 while unknown
}

const (
	batchRecords = 100     // records a write
	batchBytes   = 4 << 20 // of records waiting to be written
	maxFaults    = 10_000  // faults that are listed of a run
	maxSentence  = 2000    // bytes of one
	maxRecords   = 2_000_000
)

// Run harvests a source: it takes in what is new or changed, lists what is
// wrong in sentences, marks what a complete run did not meet as missing, and
// retires what two in a row did not meet, see conclude. What goes wrong with
// the source is told in the run that is returned, its state and its reason; an
// error is one of the program around it, or says that another run is under way
// (*catalog.BusyError) or has taken this one for dead (*catalog.LostRunError).
// The run is closed in the catalogue in any other case.
func Run(ctx context.Context, d Deps, src catalog.Source, o RunOptions) (run catalog.Run, err error) {
	h := &harvest{deps: d, src: src, opt: o, seen: map[catalog.Key]struct{}{}, deleted: map[catalog.Key]struct{}{}, faulty: map[catalog.Key]struct{}{}}
	if err := h.begin(); err != nil {
		return run, err
	}
	known, err := d.Store.Source(ctx, src.ID)
	if err != nil {
		return h.run, err
	}
	err = d.Store.Write(ctx, func(tx *catalog.Tx) (err error) {
		if o.Queued != "" {
			h.run, err = tx.BeginRun(o.Queued)
		} else {
			h.run, err = tx.StartRun(src.ID, o.DryRun)
		}
		return err
	})
	if err != nil {
		return h.run, err
	}
	h.opt.DryRun = h.run.DryRun
	h.pages = newPages(&d, &h.run, known.LastRun)
	ctx, stop := h.keepAlive(ctx)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("harvest %s: panic: %v", src.Slug, r)
		}
		if err != nil {
			h.end(err)
		}
		stop()
		err = errors.Join(err, h.finish(ctx))
		run = h.run
	}()
	broke, err := h.read(ctx)
	if err == nil {
		err = h.conclude(ctx, broke)
	}
	return h.run, err
}

// A harvest is one run under way.
type harvest struct {
	deps   Deps
	src    catalog.Source
	opt    RunOptions
	run    catalog.Run
	marks  map[catalog.Key]catalog.Mark
	origin map[catalog.Origin]catalog.Key // known ones by what their records were mapped from
	salt   []byte                         // of origins
	last   *catalog.Run                   // the last complete one
	seen   map[catalog.Key]struct{}
	faulty map[catalog.Key]struct{} // among them, those that are not taken in
	noName int64                    // faulty records that do not say which they are
	window bool                     // the source shows but the newest of what it has

	deleted map[catalog.Key]struct{} // known ones of which the source says that they are gone
	alike   *likenesses              // of known records; nil until it is needed
	later   []postponed              // new records that may be known ones under another identifier
	laterN  int                      // bytes of them
	ruling  ruling
	pages   *pages
	again   bool // the next run may go on with the pages of this one
	alive   atomic.Pointer[catalog.Run]
	batch   []waiting
	bytes   int
	faults  []catalog.RunFault
	plan    plan
	note    *sentence // why the run cannot be complete though the source ended well
	flying  chan error
}

// read takes in every record. broke is what ended the source before its end;
// err is a fault of the catalogue.
func (h *harvest) read(ctx context.Context) (broke, err error) {
	if h.marks, err = h.deps.Store.Marks(ctx, h.src.ID); err != nil {
		return nil, err
	}
	h.index()
	if h.last, err = h.deps.Store.LastComplete(ctx, h.src.ID); err != nil {
		return nil, err
	}
	client, end := h.deps.client()
	defer end()
	source, err := Open(h.visit(client))
	if err != nil {
		return err, nil
	}
	for r, err := range source.Records(ctx) {
		var skip *SkipError
		switch {
		case errors.As(err, &skip):
			h.skip(skip)
		case err != nil:
			broke = err
		default:
			h.take(r)
		}
		if broke == nil && h.run.Counts.Seen >= maxRecords {
			broke = say("run.many", maxRecords)
		}
		if broke != nil {
			break
		}
		if len(h.batch) >= batchRecords || h.bytes >= batchBytes || len(h.faults) >= batchRecords || len(h.plan.next) >= batchRecords {
			if err := h.flush(ctx); err != nil {
				return nil, err
			}
			if broke = h.full(); broke != nil {
				break
			}
		}
		h.progress()
	}
	if err := h.flush(ctx); err != nil {
		return nil, err
	}
	return broke, h.landed()
}

// visit is what the source is opened with.
func (h *harvest) visit(client *Client) *Visit {
	v := &Visit{
		Source: h.src, Client: client, Declare: h.declare, Note: h.noteFault, Known: h.known,
		Window: func() { h.window = true }, Now: h.deps.Now, pages: h.pages,
	}
	if h.deps.Dir != "" {
		v.keys = filepath.Join(h.deps.Dir, "keys")
	}
	if !h.opt.DryRun && h.deps.Files != nil {
		v.Keep = func(ctx context.Context, name string, r io.Reader) (catalog.File, error) {
			digest, n, err := h.deps.Files.Put(ctx, r, maxBeside)
			return catalog.File{Digest: digest, Name: name, Size: n}, err
		}
	}
	return v
}

func (h *harvest) declare(n int64) { h.run.Counts.Declared = n }

func (h *harvest) noteFault(f catalog.RunFault) {
	if f.Severity == catalog.SeverityRun && h.note == nil {
		h.note = &sentence{text: f.Text, said: f.Said}
	}
	h.fault(f)
}

func (h *harvest) fault(f catalog.RunFault) {
	h.run.Counts.Faults++
	switch {
	case h.run.Counts.Faults < maxFaults:
	case h.run.Counts.Faults == maxFaults:
		f = say("run.list", maxFaults-1).fault(catalog.SeverityRun)
	default:
		return
	}
	f.Identifier, f.Text = cut(f.Identifier, maxIdentifier), cut(f.Text, maxSentence)
	h.faults = append(h.faults, f)
}

func (h *harvest) progress() {
	if n := h.run.Counts.Seen; n < noteEvery || n%noteEvery == 0 {
		run := h.run
		h.alive.Store(&run)
	}
	if h.opt.Progress == nil {
		return
	}
	of := h.run.Counts.Declared
	if of == 0 && h.last != nil {
		of = h.last.Counts.Seen
	}
	h.opt.Progress(h.run.Counts.Seen, max(of, h.run.Counts.Seen))
}

// flush writes the records and faults that wait, beside the reading of the
// next ones.
func (h *harvest) flush(ctx context.Context) error {
	for {
		if err := h.landed(); err != nil {
			return err
		}
		if len(h.batch) == 0 && len(h.faults) == 0 && len(h.plan.next) == 0 {
			return nil
		}
		n := min(len(h.batch), batchRecords)
		batch, faults, planned := h.batch[:n:n], h.faults, h.plan.take()
		h.batch, h.faults, h.bytes = h.batch[n:], nil, 0
		h.flying = make(chan error, 1)
		run := h.run
		h.alive.Store(&run)
		go func() { h.flying <- h.write(context.WithoutCancel(ctx), &run, batch, faults, planned) }() // what came is kept
		if len(h.batch) == 0 {
			return nil
		}
	}
}

// landed waits for the write under way.
func (h *harvest) landed() error {
	if h.flying == nil {
		return nil
	}
	err := <-h.flying
	h.flying = nil
	return err
}

func (h *harvest) write(ctx context.Context, run *catalog.Run, batch []waiting, faults []catalog.RunFault, planned []catalog.Planned) error {
	return h.deps.Store.Write(ctx, func(tx *catalog.Tx) error {
		if err := tx.RenewRun(run); err != nil {
			return err
		}
		for i := range batch {
			if err := h.put(tx, &batch[i]); err != nil {
				return fmt.Errorf("record %q: %w", batch[i].Identifier, err)
			}
		}
		return errors.Join(tx.AddFaults(run.ID, faults...), tx.AddPlan(run.ID, planned...))
	})
}

// put writes a record. Of one that is as it was, only its origin is new: most
// are, after an upgrade of the program.
func (h *harvest) put(tx *catalog.Tx, w *waiting) error {
	if w.same {
		return tx.PutOrigin(h.src.ID, &w.Record)
	}
	if w.from != "" {
		if err := tx.MoveRecord(h.src.ID, w.Noun, w.from, w.Identifier); err != nil {
			return err
		}
		if w.Value == nil { // too much to keep: what it says now comes with the next run
			return nil
		}
	}
	what, err := tx.PutRecord(&h.src, &w.Record)
	if err == nil && what == catalog.Unchanged { // it was missing
		err = tx.PutOrigin(h.src.ID, &w.Record)
	}
	return err
}
