package datasets

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// columns returns columns of the table by their positions, from memory, from
// their files, or built of the row file. What is built is built in the
// background and goes on when ctx ends, so that the next one who asks has it.
func (r *RowFile) columns(ctx context.Context, which []int) (map[int]*column, error) {
	out := map[int]*column{}
	var missing []int
	for _, c := range which {
		if out[c] != nil || slices.Contains(missing, c) {
			continue
		}
		if out[c] = r.knownColumn(c); out[c] == nil {
			missing = append(missing, c)
		}
	}
	for len(missing) > 0 {
		b := r.files.builds.start(r, missing)
		select {
		case <-b.done:
		case <-ctx.Done():
			return nil, r.readError(ctx, ctx.Err())
		}
		if b.err != nil {
			return nil, b.err
		}
		missing = slices.DeleteFunc(missing, func(c int) bool {
			if b.columns[c] != nil {
				out[c] = b.columns[c]
			}
			return out[c] != nil
		})
	}
	return out, nil
}

// Prepare reads columns into memory in one scan of the table, for those who are
// about to ask for the Facet or Histogram of each. Names that no column has do
// not matter.
func (r *RowFile) Prepare(ctx context.Context, names []string) error {
	var which []int
	for _, name := range names {
		if i := r.schema.Index(name); i >= 0 {
			which = append(which, i)
		}
	}
	return r.prepare(ctx, which)
}

func (r *RowFile) prepare(ctx context.Context, which []int) error {
	if r.rows > maxColumnRows {
		return nil
	}
	_, err := r.columns(ctx, which)
	return err
}

func (r *RowFile) knownColumn(c int) *column {
	known, _ := r.files.memory.get(r.columnKey(c)).(*column)
	return known
}

func (r *RowFile) columnKey(c int) memoryKey { return keyOf(r.digest, "column", strconv.Itoa(c)) }

// ordered returns a column that rows can be sorted by: of a wide one its ranks.
func (r *RowFile) ordered(ctx context.Context, c int) (*column, error) {
	if r.rows > maxColumnRows {
		return nil, inputError(paramSort, "toolong.sort", "the table has more than %d rows, too many to be sorted here; download it", maxColumnRows)
	}
	found, err := r.columns(ctx, []int{c})
	if err != nil || !found[c].wide {
		return found[c], err
	}
	found, err = r.columns(ctx, []int{rankOf(c)})
	return found[rankOf(c)], err
}

// rankOf is the position under which the ranks of a wide column go.
func rankOf(c int) int { return -1 - c }

// grouped returns a column that rows can be grouped by.
func (r *RowFile) grouped(ctx context.Context, param string, c int, g GroupBy) (*column, error) {
	if r.rows > maxColumnRows {
		return nil, inputError(param, "toolong.sum", "the table has more than %d rows, too many to be added up here; download it", maxColumnRows)
	}
	found, err := r.columns(ctx, []int{c})
	if err != nil {
		return nil, err
	}
	if found[c].wide {
		return nil, inputError(param, "wide", "%s has too many different long texts to be compared; choose another column, or download the table", shorten(r.schema[c].Name))
	}
	if g.Part == Whole {
		return found[c], nil
	}
	key := keyOf(r.digest, "part", strconv.Itoa(c)+string(g.Part))
	if known, ok := r.files.memory.get(key).(*column); ok {
		return known, nil
	}
	part := found[c].part(&r.schema[c], g)
	r.files.memory.put(key, part, part.size())
	return part, nil
}

// columnBuilds builds columns in the background: of one table one after the
// other, of all together two at a time. Ranks, which take long, wait for other
// ranks only.
type columnBuilds struct {
	ctx     context.Context //nolint:containedctx // it is the life of the builds, not of a call
	stopped context.CancelFunc
	running sync.WaitGroup
	turn    [2]chan struct{} // of columns and of ranks

	mu    sync.Mutex
	going [2]map[string]*columnBuild // by table
}

type columnBuild struct {
	done    chan struct{} // closed when the rest is set
	columns map[int]*column
	err     error
}

func (b *columnBuilds) begin() {
	b.ctx, b.stopped = context.WithCancel(context.Background())
	for i := range b.turn {
		b.turn[i], b.going[i] = make(chan struct{}, 2-i), map[string]*columnBuild{}
	}
}

func (b *columnBuilds) stop() {
	b.mu.Lock()
	b.stopped()
	b.mu.Unlock()
	b.running.Wait()
}

// start builds columns of a table, unless others of it are being built: then it
// returns that build.
func (b *columnBuilds) start(r *RowFile, which []int) *columnBuild {
	kind := 0
	if which[0] < 0 {
		kind = 1
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if going := b.going[kind][r.digest]; going != nil {
		return going
	}
	build := &columnBuild{done: make(chan struct{})}
	if b.ctx.Err() != nil {
		build.err = fmt.Errorf("the program ends: %w", b.ctx.Err())
		close(build.done)
		return build
	}
	b.going[kind][r.digest] = build
	which = slices.Clone(which)
	b.running.Go(func() {
		var built map[int]*column
		select {
		case b.turn[kind] <- struct{}{}:
			build.columns, built, build.err = r.makeColumns(b.ctx, which)
			defer func() { <-b.turn[kind] }()
		case <-b.ctx.Done():
			build.err = b.ctx.Err()
		}
		b.mu.Lock()
		delete(b.going[kind], r.digest)
		b.mu.Unlock()
		close(build.done)
		for c, col := range built { // nobody waits for the disk
			r.keepColumn(c, col)
		}
	})
	return build
}

// makeColumns reads columns from their files or builds them, ranks where a
// position says so, and remembers them. It returns apart those that were built.
func (r *RowFile) makeColumns(ctx context.Context, which []int) (all, built map[int]*column, err error) {
	all, built = map[int]*column{}, map[int]*column{}
	var scan []int
	for _, c := range which {
		all[c] = r.knownColumn(c)
		if all[c] == nil {
			all[c] = r.loadColumn(c)
		}
		switch {
		case all[c] != nil:
		case c >= 0:
			scan = append(scan, c)
		default:
			if built[c], err = r.rank(ctx, rankOf(c)); err != nil {
				return nil, nil, fmt.Errorf("datasets: sort a column: %w", err)
			}
		}
	}
	scanned, err := r.buildColumns(ctx, scan)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: read columns: %w", err)
	}
	maps.Copy(built, scanned)
	maps.Copy(all, built)
	for c, col := range all {
		r.files.memory.put(r.columnKey(c), col, col.size())
	}
	return all, built, nil
}
