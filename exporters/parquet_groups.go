package exporters

import (
	"context"
	"iter"
	"sync"

	"github.com/openshafaf/shafaf/datasets"
	"github.com/openshafaf/shafaf/datasets/processors"
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
	return min(processors.Count(), mostGroups)
}

// writeGroups writes all rows. When several of them cannot be written, the error
// is that of the first.
func writeGroups(ctx context.Context, file *parquetFile, t *datasets.Table, o Options) error {
	progress, n := &counter{tell: o.Progress}, groupHands(t)
	writers := make([]parquetWriter, n)
	for i := range writers {
		group, err := newParquetGroup(t.Schema, o.Raw)
		if err != nil {
			return err
		}
		writers[i] = parquetWriter{file: file, group: group, head: Header(t.Schema), most: groupBytes / n, progress: progress}
	}
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next, hands := make(chan span), sync.WaitGroup{}
	for i := range writers {
		p := &writers[i]
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

// A parquetWriter puts batches into one row group after the other.
type parquetWriter struct {
	file     *parquetFile
	group    *parquetGroup
	head     []string
	most     int // bytes of a group
	progress *counter
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
			err = p.group.add(b, p.head)
		}
		if err == nil && (p.group.rows >= groupRows || p.group.size() >= p.most) {
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
	if p.group.rows == 0 {
		return nil
	}
	if err := p.group.finish(); err != nil {
		return err
	}
	select {
	case <-s.before:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := p.file.add(p.group); err != nil {
		return err
	}
	p.group.reset()
	return nil
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
