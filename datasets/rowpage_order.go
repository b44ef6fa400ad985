package datasets

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"zombiezen.com/go/sqlite"
)

// Sorted pages of a large table are read from an order file: the numbers of the
// rows in the order of one column, and the place of each row in that order, as
// 32-bit integers. It lies beside the row file, which itself never changes, and
// is derived: whoever removes it loses time only.
//
// Why not an index in SQLite: an index of every column would double the time of
// the load (1.3 s a column and a million rows) and the size of the file, and
// most columns are never sorted by. An order file of a million rows has 8 MB
// whatever the column, is made in the background when it is first asked for (in
// a second for numbers, in a few for a million different texts), and gives a
// page at any depth with two short reads: half a millisecond instead of the 0.2
// to 5 s of a scan that keeps the best rows (BenchmarkPage). Such a scan finds
// the page until the file is there; below orderRows it is fast enough for ever.
const (
	orderRows   = 20_000 // tables with fewer rows need no order file
	orderHead   = "shafaf order 1\n\x00"
	orderSuffix = ".order"
	maxOrders   = 32 // of one table; the oldest goes for a new one
	orderEntry  = 4  // bytes
)

// ordered returns the page's numbers from the order file of the plan's only
// sort column. Without one it asks for it to be made and returns nil.
func (r *RowFile) ordered(conn *sqlite.Conn, p *plan, after int64) ([]int64, error) {
	if r.rows > 1<<32-1 {
		return nil, nil
	}
	file, err := os.Open(r.orderPath(p.sort[0]))
	if err != nil {
		r.files.orders.ask(r, p.sort[0])
		return nil, nil
	}
	defer func() { _ = file.Close() }() // only read
	at := int64(0)
	if after >= 0 {
		place, err := readOrder(file, r.rows+after, 1)
		if err != nil {
			return nil, err
		}
		at = place[0] + 1
	}
	numbers, err := readOrder(file, at, min(int64(p.size)+1, r.rows-at))
	if err != nil {
		return nil, err
	}
	return numbers, nil
}

// readOrder reads n entries from entry at on.
func readOrder(file *os.File, at, n int64) ([]int64, error) {
	numbers := make([]int64, max(n, 0))
	if n <= 0 {
		return numbers, nil
	}
	b := make([]byte, n*orderEntry)
	if _, err := file.ReadAt(b, int64(len(orderHead))+at*orderEntry); err != nil {
		return nil, fmt.Errorf("%w: its order file ends early: %w", ErrDamaged, err)
	}
	for i := range numbers {
		numbers[i] = int64(binary.LittleEndian.Uint32(b[i*orderEntry:]))
	}
	return numbers, nil
}

func (r *RowFile) orderPath(s sortColumn) string {
	name := r.digest + "." + sqlColumn(s.column) + strings.ToLower(direction(s.desc)) + orderSuffix
	return filepath.Join(r.files.dir, rowsDir, r.digest[:2], name)
}

// buildOrder makes an order file.
func (r *RowFile) buildOrder(ctx context.Context, s sortColumn) error {
	order := make([]uint32, 0, r.rows)
	p := &plan{sort: []sortColumn{s}, used: []int{s.column}}
	err := r.use(ctx, func(conn *sqlite.Conn) error {
		return query(conn, "SELECT n"+p.from()+p.orderSQL(), nil, func(stmt *sqlite.Stmt) {
			order = append(order, uint32(stmt.ColumnInt64(0))) //nolint:gosec // below 2^32, see ordered
		})
	})
	if err == nil && int64(len(order)) != r.rows {
		err = fmt.Errorf("%w: %d of %d rows are left", ErrDamaged, len(order), r.rows)
	}
	if err != nil {
		return fmt.Errorf("datasets: make an order file: %w", err)
	}
	places := make([]uint32, r.rows)
	for at, n := range order {
		if int64(n) >= r.rows {
			return fmt.Errorf("datasets: make an order file: %w: there is a row %d", ErrDamaged, n)
		}
		places[n] = uint32(at) //nolint:gosec // below 2^32
	}
	temp, err := r.files.temp("order-*")
	if err != nil {
		return err
	}
	defer temp.discard()
	if err := writeOrder(temp, order, places); err != nil {
		return fmt.Errorf("datasets: make an order file: %w", diskError(err))
	}
	if err := r.dropOrders(); err != nil {
		return fmt.Errorf("datasets: make an order file: %w", err)
	}
	return temp.keep(r.orderPath(s))
}

func writeOrder(w io.Writer, lists ...[]uint32) error {
	out := bufio.NewWriterSize(w, 1<<20)
	_, _ = out.WriteString(orderHead) // Flush tells
	var b [orderEntry]byte
	for _, list := range lists {
		for _, n := range list {
			binary.LittleEndian.PutUint32(b[:], n)
			_, _ = out.Write(b[:])
		}
	}
	return out.Flush()
}

// dropOrders removes the oldest order files of the table until there is room
// for one more.
func (r *RowFile) dropOrders() error {
	paths, err := filepath.Glob(filepath.Join(r.files.dir, rowsDir, r.digest[:2], r.digest+".*"+orderSuffix))
	if err != nil {
		return err
	}
	for len(paths) >= maxOrders {
		oldest := 0
		var age int64
		for i, path := range paths {
			info, err := os.Stat(path)
			if err != nil {
				continue // another process removed it
			}
			if t := info.ModTime().UnixNano(); age == 0 || t < age {
				oldest, age = i, t
			}
		}
		if err := os.Remove(paths[oldest]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		paths = append(paths[:oldest], paths[oldest+1:]...)
	}
	return nil
}

// orderBuilds makes order files that were asked for, one at a time.
type orderBuilds struct {
	stopped context.CancelFunc
	ctx     context.Context //nolint:containedctx // it is the life of the builds, not of a call
	running sync.WaitGroup
	turn    chan struct{}

	mu     sync.Mutex
	asked  map[string]bool // by path: those that wait or are being made
	failed map[string]bool // they are not tried again
}

func (o *orderBuilds) start() {
	o.ctx, o.stopped = context.WithCancel(context.Background())
	o.turn = make(chan struct{}, 1)
	o.asked, o.failed = map[string]bool{}, map[string]bool{}
}

func (o *orderBuilds) stop() {
	o.mu.Lock()
	o.stopped()
	o.mu.Unlock()
	o.running.Wait()
}

const (
	maxAsked  = 16   // order files that may wait to be made
	maxFailed = 1000 // failures that are remembered
)

// ask has an order file made in the background, unless that was asked before.
func (o *orderBuilds) ask(r *RowFile, s sortColumn) {
	if r.files.Room.Ask(0) != nil {
		return // pages are slower, not wrong
	}
	path := r.orderPath(s)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.asked[path] || o.failed[path] || len(o.asked) >= maxAsked || o.ctx.Err() != nil {
		return
	}
	o.asked[path] = true
	o.running.Go(func() {
		select {
		case o.turn <- struct{}{}:
		case <-o.ctx.Done():
			return
		}
		err := r.buildOrder(o.ctx, s)
		<-o.turn
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.asked, path)
		if err != nil { // pages are slower then, not wrong; Verify tells of a damaged table
			if len(o.failed) >= maxFailed {
				clear(o.failed)
			}
			o.failed[path] = true
		}
	})
}
