package exporters

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"github.com/openshafaf/shafaf/datasets"

	"github.com/parquet-go/parquet-go"
)

// Row groups are made side by side and held in memory until all before them are
// in the file.
const (
	groupRows  = 120 << 10 // rows in a row group, unless it is too big:
	groupBytes = 64 << 20  // of all that are being made
	mostGroups = 2         // are made at once
)

// A span is consecutive rows of a table that somebody puts into row groups.
type span struct {
	from, to int64
	before   <-chan struct{} // closed when the rows before it are in the file
	after    chan struct{}   // to be closed when its own are
}

// spansOf cuts the table, into one span where it cannot be read in parts.
func spansOf(t *datasets.Table) iter.Seq[span] {
	return func(yield func(span) bool) {
		first := make(chan struct{})
		close(first)
		if !t.Parts {
			yield(span{0, -1, first, make(chan struct{})})
			return
		}
		before := first
		for from := int64(0); from < t.Rows; from += groupRows {
			after := make(chan struct{})
			if !yield(span{from, min(from+groupRows, t.Rows), before, after}) {
				return
			}
			before = after
		}
	}
}

// groupHands is how many goroutines make row groups of the table.
func groupHands(t *datasets.Table) int {
	if !t.Parts || t.Rows <= groupRows {
		return 1
	}
	return min(runtime.GOMAXPROCS(0), mostGroups)
}

// writeGroups writes all rows. When several of them cannot be written, the error
// is that of the first.
func writeGroups(ctx context.Context, pw *parquet.GenericWriter[any], t *datasets.Table, o Options) error {
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next, hands := make(chan span), sync.WaitGroup{}
	progress := &counter{tell: o.Progress}
	n := groupHands(t)
	for range n {
		p := &parquetWriter{group: pw.BeginRowGroup(), schema: t.Schema, head: Header(t.Schema), raw: o.Raw, most: groupBytes / int64(n), progress: progress}
		hands.Go(func() {
			for s := range next {
				if err := p.span(own, t, s); err != nil {
					cancel(err)
				}
			}
		})
	}
deal:
	for s := range spansOf(t) {
		select {
		case next <- s:
		case <-own.Done():
			break deal
		}
	}
	close(next)
	hands.Wait()
	if own.Err() != nil {
		return context.Cause(own)
	}
	return complete(t, progress.rows)
}

// span puts the rows of s into row groups.
func (p *parquetWriter) span(ctx context.Context, t *datasets.Table, s span) (err error) {
	err = p.fillSpan(ctx, t, s)
	if err == nil {
		err = p.commit(ctx, s)
	}
	select {
	case <-s.before: // an error before this one comes first
	case <-ctx.Done():
		return ctx.Err()
	}
	if err == nil {
		close(s.after)
	}
	return err
}

func (p *parquetWriter) fillSpan(ctx context.Context, t *datasets.Table, s span) (err error) {
	defer recoverInto(&err)
	for b, err := range t.Scan(s.from, s.to) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = p.batch(b)
		}
		if err == nil && (p.rows >= groupRows || p.group.Size() >= p.most) {
			err = p.commit(ctx, s)
		}
		if err != nil {
			return err
		}
		p.progress.add(int64(b.Len))
	}
	return nil
}

// commit writes the row group when its turn has come, and begins another.
func (p *parquetWriter) commit(ctx context.Context, s span) (err error) {
	defer recoverInto(&err)
	if p.rows == 0 {
		return nil
	}
	p.rows = 0
	if err := p.group.Flush(); err != nil {
		return err
	}
	select {
	case <-s.before:
	case <-ctx.Done():
		return ctx.Err()
	}
	_, err = p.group.Commit()
	return err
}

// A counter adds up rows for Options.Progress.
type counter struct {
	tell func(rows int64)

	mu   sync.Mutex
	rows int64
}

func (c *counter) add(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rows += n; c.tell != nil {
		c.tell(c.rows)
	}
}
