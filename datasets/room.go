package datasets

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"syscall"

	"github.com/dustin/go-humanize"
)

// A Floor is how much of a disk stays free, for what must be written even when
// nothing new is taken in. With both set it is the smaller of the two, with
// neither there is none.
type Floor struct {
	Bytes int64
	Share float64 // of the whole disk, 0 to 1
}

// DefaultFloor is enough for the catalogue and the search index of a middling
// portal, and leaves most of a small disk to be used.
func DefaultFloor() Floor { return Floor{Bytes: 1 << 30, Share: 0.05} }

// ParseFloor reads a size, "2GiB" or "500MB", or a share of the disk, "5%"; 0
// is none. What it cannot read it explains.
func ParseFloor(s string) (Floor, error) {
	s = strings.TrimSpace(s)
	if number, ok := strings.CutSuffix(s, "%"); ok {
		p, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return Floor{}, fmt.Errorf("%q is no share of a disk: give 0%% to 100%%", s)
		}
		return Floor{Share: p / 100}, nil
	}
	n, err := humanize.ParseBytes(s)
	if err != nil || n > 1<<60 {
		return Floor{}, fmt.Errorf("%q is no size: give one like 500MB or 2GiB, or a share of the disk like 5%%", s)
	}
	return Floor{Bytes: int64(n)}, nil
}

// String is what ParseFloor reads, and for both at once a sentence.
func (f Floor) String() string {
	share := strconv.FormatFloat(100*f.Share, 'g', 4, 64) + "%"
	switch {
	case f.Share == 0:
		return byteSize(f.Bytes)
	case f.Bytes == 0:
		return share
	}
	return fmt.Sprintf("%s, or %s of a smaller disk", byteSize(f.Bytes), share)
}

// of returns the floor of a disk in bytes.
func (f Floor) of(total int64) int64 {
	share := int64(f.Share * float64(total))
	switch {
	case f.Share == 0:
		return f.Bytes
	case f.Bytes == 0:
		return share
	}
	return min(f.Bytes, share)
}

// A Room keeps the disk of a folder from being filled: whoever brings in data
// asks it first, and is refused while less than the floor is free. The disk is
// looked at each time, so that a refusal ends when there is room again. A nil
// Room refuses nothing. It is safe for concurrent use.
type Room struct {
	dir   string
	floor Floor
	look  func(dir string) (free, total int64, err error)
}

// NewRoom guards the disk that dir is on.
func NewRoom(dir string, floor Floor) *Room { return &Room{dir, floor, freeSpace} }

// Left returns the bytes that are free for this process, and how many of them
// are to stay so.
func (r *Room) Left() (free, floor int64, err error) {
	if r == nil {
		return 0, 0, errors.New("datasets: the disk is not watched")
	}
	free, total, err := r.look(r.dir)
	if err != nil {
		return 0, 0, fmt.Errorf("datasets: free space of %s: %w", r.dir, err)
	}
	return free, r.floor.of(total), nil
}

// Ask returns a *NoRoomError when need more bytes (0 for an unknown number)
// would leave less free than the floor. Where the system does not tell, there
// is room until a write fails.
func (r *Room) Ask(need int64) error {
	free, floor, err := r.Left()
	if err != nil || free-max(need, 0) >= floor {
		return nil //nolint:nilerr // see above
	}
	return &NoRoomError{Dir: r.dir, Free: free, Floor: floor}
}

// roomEvery is how many bytes are written between two looks at the disk.
const roomEvery = 16 << 20

// Writer returns w, which asks again as it goes: its error is then a
// *NoRoomError.
func (r *Room) Writer(w io.Writer) io.Writer {
	if r == nil {
		return w
	}
	return &roomWriter{room: r, w: w}
}

type roomWriter struct {
	room    *Room
	w       io.Writer
	written int64 // since the last look
}

func (w *roomWriter) Write(p []byte) (int, error) {
	if w.written += int64(len(p)); w.written >= roomEvery {
		w.written = 0
		if err := w.room.Ask(int64(len(p))); err != nil {
			return 0, err
		}
	}
	return w.w.Write(p)
}

// A NoRoomError says that something was not written, so that the disk does not
// fill up. It counts as ENOSPC.
type NoRoomError struct {
	Dir         string
	Free, Floor int64 // bytes
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("nothing is taken in: the disk of %s has %s free, and %s are kept free; make room, or give less to --min-free",
		e.Dir, byteSize(e.Free), byteSize(e.Floor))
}

// Is makes it an error of a full disk for those who do not tell the two apart.
func (e *NoRoomError) Is(target error) bool { return target == syscall.ENOSPC }
