package harvesters

import (
	"errors"
	"syscall"
	"time"

	"github.com/openshafaf/shafaf/catalog"
)

// room returns why nothing may be taken in: the disk is nearly full.
func (d *Deps) room() error {
	if d.Files == nil {
		return nil
	}
	return d.Files.Room.Ask(0)
}

// errNoRoom ends a run that would fill the disk. The reason of a run is public:
// it names no folder.
var errNoRoom = say("run.noroom")

// begin refuses a run for which there is no room. A dry run takes none.
func (h *harvest) begin() error {
	if h.opt.DryRun {
		return nil
	}
	return h.deps.room()
}

// full is errNoRoom when the disk filled up during the run.
func (h *harvest) full() error {
	if h.deps.room() != nil && !h.opt.DryRun {
		return errNoRoom
	}
	return nil
}

const (
	roomLater = time.Hour   // until a file for which there was no room is tried again
	roomIdle  = time.Minute // between two looks whether there is room
)

// noRoom puts a file off for which the disk has no room; that is no failure of
// its source.
func (m *mirror) noRoom() catalog.FetchResult {
	text, said := say("file.noroom").parts()
	return catalog.FetchResult{State: catalog.FetchPending, Again: m.deps.Now().Add(roomLater), Fault: text, Said: said}
}

// isFull reports whether err is for want of room on the disk.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
