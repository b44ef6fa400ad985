package desk

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/accounts"
	"github.com/openshafaf/shafaf/datasets"
)

// reading is which uploads are read now, and how far each is.
type reading struct {
	mu   sync.Mutex
	bell chan struct{}
	now  map[string]*atomic.Int64 // rows so far, by id of the upload
}

// ring is what is sent to when there is something to read.
func (q *reading) ring() chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bell == nil {
		q.bell = make(chan struct{}, 1)
	}
	return q.bell
}

func (q *reading) wake() {
	select {
	case q.ring() <- struct{}{}:
	default: // it is awake
	}
}

// begin reports whether the upload is not read yet, and counts it as such.
func (q *reading) begin(id string) (*atomic.Int64, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.now[id] != nil {
		return nil, false
	}
	if q.now == nil {
		q.now = map[string]*atomic.Int64{}
	}
	q.now[id] = &atomic.Int64{}
	return q.now[id], true
}

func (q *reading) end(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.now, id)
}

// rows is how many rows of an upload were read so far.
func (q *reading) rows(id string) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := q.now[id]; n != nil {
		return n.Load()
	}
	return 0
}

const (
	readers   = 2 // at once
	readLimit = time.Hour
	lookEvery = 10 * time.Second // for uploads of a process that was killed
)

// Follow reads uploads until ctx ends. Those that a killed process left are read
// again.
func (d *Desk) Follow(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	turns := make(chan struct{}, readers)
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	bell := d.reading.ring()
	for {
		waiting, err := d.Store.WaitingUploads(ctx, 100)
		if err != nil {
			return err
		}
		for i := range waiting {
			u := &waiting[i]
			rows, ok := d.reading.begin(u.ID)
			if !ok {
				continue
			}
			all.Go(func() {
				defer d.reading.end(u.ID)
				select {
				case turns <- struct{}{}:
					defer func() { <-turns }()
					d.read(ctx, u, rows)
				case <-ctx.Done():
				}
			})
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-bell:
		case <-ticker.C:
		}
	}
}

// read reads an upload and adds its file to its dataset. What keeps it from
// that stands in the upload.
func (d *Desk) read(ctx context.Context, u *catalog.Upload, rows *atomic.Int64) {
	h := catalog.HowOf(u.How)
	im, err := datasets.Import(ctx, d.Files, u.File.Digest, u.File.Name, datasets.ImportOptions{Options: h.Options, MaxTime: readLimit, Progress: rows.Store})
	if err == nil {
		h.Personal, err = d.findPersonal(ctx, im)
		u.How = h.Raw()
	}
	if ctx.Err() != nil {
		return // it is read after the next start
	}
	if err == nil {
		err = d.received(ctx, u, im)
	}
	if err == nil || ctx.Err() != nil {
		return
	}
	u.State, u.Fault, u.Imported = catalog.UploadFailed, faultOf(err), nil
	if u.Fault == faultOurs && d.Logger != nil {
		d.Logger.ErrorContext(ctx, "an upload could not be taken in", "upload", u.ID, "dataset", u.Dataset, "err", err)
	}
	if err := d.Store.Write(ctx, func(tx *catalog.Tx) error { return tx.PutUpload(u) }); err != nil && d.Logger != nil {
		d.Logger.ErrorContext(ctx, "an upload could not be written", "upload", u.ID, "err", err)
	}
}

// faultOurs is the key of the sentence for what is no fault of the file or of
// who gave it.
const faultOurs = "desk.upload.fault.ours"

// faultOf is the key of the sentence that says why an upload was not taken in,
// or that sentence.
func faultOf(err error) string {
	var conflict *catalog.ConflictError
	var full *datasets.NoRoomError
	switch {
	case errors.Is(err, catalog.ErrNotFound), errors.Is(err, catalog.ErrDenied):
		return "desk.upload.fault.denied"
	case errors.As(err, &full), errors.Is(err, catalog.ErrFull):
		return "desk.upload.full"
	case errors.As(err, &conflict):
		return conflict.Reason
	}
	return faultOurs
}

// findPersonal looks for personal data in what was read.
func (d *Desk) findPersonal(ctx context.Context, im *datasets.Imported) ([]catalog.Personal, error) {
	var all []catalog.Personal
	for i := range im.Tables {
		rows, err := d.Files.Rows(im.Tables[i].Digest) //nolint:contextcheck // what it opens outlives the reading
		if err != nil {
			return nil, err
		}
		found, err := datasets.FindPersonal(ctx, rows.Table())
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all = append(all, catalog.Personal{Table: im.Tables[i].Name, Personal: p})
		}
	}
	return all, nil
}

// received adds what was read to its dataset, unless something would be lost
// that was there when the same file was read before.
func (d *Desk) received(ctx context.Context, u *catalog.Upload, im *datasets.Imported) error {
	person, err := d.Accounts.Person(ctx, u.Person)
	if err != nil {
		return err
	}
	if person.State != accounts.Active {
		return catalog.ErrDenied
	}
	actor := person.Actor()
	if u.Resource != "" {
		ds, err := d.Store.DeskDataset(ctx, &actor, u.Dataset)
		if err != nil {
			return err
		}
		if before := readBefore(&ds, u); len(losses(before, im)) > 0 {
			u.State, u.Imported = catalog.UploadAsking, im
			return d.Store.Write(ctx, func(tx *catalog.Tx) error { return tx.PutUpload(u) })
		}
	}
	return d.keep(ctx, &actor, u, im)
}

// keep adds what was read to its dataset, where it waits to be published.
func (d *Desk) keep(ctx context.Context, by *catalog.Actor, u *catalog.Upload, im *datasets.Imported) error {
	given := catalog.Given{File: u.File, Imported: im, How: u.How}
	return d.Store.Write(ctx, func(tx *catalog.Tx) error {
		var res catalog.Resource
		var err error
		if u.Resource == "" {
			_, res, err = tx.AddFile(by, u.Dataset, catalog.AnyRevision, given)
		} else {
			_, res, err = tx.ReplaceFile(by, u.Dataset, catalog.AnyRevision, u.Resource, given)
		}
		if err != nil {
			return err
		}
		u.Resource, u.State, u.Imported = res.ID, catalog.UploadDone, nil
		return tx.PutUpload(u)
	})
}

// readBefore is what was read of the same file before, by name of the table;
// nothing when it is another file.
func readBefore(ds *catalog.DeskDataset, u *catalog.Upload) map[string]tableRead {
	before := map[string]tableRead{}
	if p := ds.PendingOf(u.Resource); p != nil {
		if p.File.Digest == u.File.Digest {
			for i := range p.Imported.Tables {
				t := &p.Imported.Tables[i]
				before[t.Name] = tableRead{t.Rows, t.FaultsN, t.Faults}
			}
		}
		return before
	}
	for i := range ds.Resources {
		res := &ds.Resources[i]
		if e := res.Edition; e != nil && e.HasTable && e.File == u.File.Digest && (res.ID == u.Resource || res.PartOf == u.Resource) {
			name := ""
			if res.PartOf != "" {
				name = res.Identifier
			}
			before[name] = tableRead{e.Rows, e.FaultsN, e.Faults}
		}
	}
	return before
}

// A tableRead is what counts of a table that was read before.
type tableRead struct {
	rows, faultsN int64
	faults        []datasets.Fault
}

// A loss is what a table loses when its file is read in another way.
type loss struct {
	Table  string
	Gone   bool  // the whole table
	Rows   int64 // fewer than before
	Cells  int64 // more with a fault than before
	Faults []datasets.Fault
}

// losses says what would be lost of what was read before.
func losses(before map[string]tableRead, im *datasets.Imported) []loss {
	var all []loss
	here := map[string]bool{}
	for i := range im.Tables {
		t := &im.Tables[i]
		was, known := before[t.Name]
		here[t.Name] = true
		l := loss{Table: t.Name, Rows: max(0, was.rows-t.Rows), Cells: max(0, t.FaultsN-was.faultsN)}
		if !known || l.Rows == 0 && l.Cells == 0 {
			continue
		}
		type told struct {
			row          int64
			column, text string
		}
		old := map[told]bool{}
		for _, f := range was.faults {
			old[told{f.Row, f.Column, f.Text}] = true
		}
		for _, f := range t.Faults {
			if !old[told{f.Row, f.Column, f.Text}] {
				l.Faults = append(l.Faults, f)
			}
		}
		all = append(all, l)
	}
	for name, was := range before {
		if !here[name] {
			all = append(all, loss{Table: name, Gone: true, Rows: was.rows})
		}
	}
	return all
}
