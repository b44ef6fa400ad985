package main

import (
	"context"
	"errors"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// A minFree is the flag --min-free.
type minFree struct{ datasets.Floor }

// UnmarshalText reads the flag; auto is what suits most disks.
func (m *minFree) UnmarshalText(text []byte) (err error) {
	if string(text) == "auto" {
		m.Floor = datasets.DefaultFloor()
		return nil
	}
	m.Floor, err = datasets.ParseFloor(string(text))
	return err
}

// watchRoom lets what brings in data ask for room first.
func (e *env) watchRoom(p *portal) {
	room := datasets.NewRoom(e.dir, e.settings.MinFree.Floor)
	p.files.Room, p.exports.Room, p.exports.Now = room, room, e.now
}

// tight reports whether the disk is so full that nothing is written which
// nobody has asked for.
func (p *portal) tight() bool {
	_, floor, err := p.files.Room.Left()
	return err == nil && p.files.Room.Ask(floor) != nil
}

const roomEvery = 10 * time.Second

// dropExports drops the exports longest unused, when that makes the room that
// lacks: they can be written again. When it does not, they stay to be read.
func (e *env) dropExports(p *portal, lacks int64) {
	if p.exports.Stats().Bytes < lacks {
		return
	}
	if files, bytes := p.exports.MakeRoom(); files > 0 {
		e.log.Warn("dropped exports to make room on the disk", "files", files, "bytes", bytes)
	}
}

// followRoom tells when the disk is nearly full and when there is room again,
// and drops exports for the sake of the rest.
func (e *env) followRoom(ctx context.Context, p *portal) error {
	full := false
	for ctx.Err() == nil {
		var room *datasets.NoRoomError
		was := full
		full = errors.As(p.files.Room.Ask(0), &room)
		if full {
			e.dropExports(p, room.Floor-room.Free)
		}
		switch {
		case full && !was:
			e.log.Error("the disk is nearly full: nothing is taken in, reading goes on", "free", room.Free, "floor", room.Floor, "dir", room.Dir)
		case was && !full:
			e.log.Info("there is room on the disk again: data is taken in")
		}
		sleep(ctx, roomEvery)
	}
	return ctx.Err()
}
