package exporters

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/openshafaf/shafaf/datasets"
)

// full is a room on a disk of which all must stay free.
func full(t *testing.T) *datasets.Room {
	t.Helper()
	return datasets.NewRoom(t.TempDir(), datasets.Floor{Share: 1})
}

func TestOnAFullDiskWhatIsThereIsServedAndNothingNewIsWritten(t *testing.T) {
	f := openFiles(t)
	format := csvFormat(t)
	before, _ := get(t, f, "d1", format, Options{})
	f.Room = full(t)
	if again, _ := get(t, f, "d1", format, Options{}); again != before {
		t.Error("what was there is something else now")
	}
	read := false
	_, err := f.Get(t.Context(), "d2", format, Options{}, func() (*datasets.Table, error) {
		read = true
		return awkward(), nil
	})
	var room *datasets.NoRoomError
	if !errors.As(err, &room) || !errors.Is(err, syscall.ENOSPC) || read {
		t.Errorf("the table was read: %t; error %v", read, err)
	}
	f.Room = nil
	get(t, f, "d2", format, Options{})
	if s := f.Stats(); s.Builds != 2 || s.Failed != 1 || s.Files != 2 {
		t.Errorf("the figures are %+v", s)
	}
}

func TestExportsMakeRoomOnAFullDisk(t *testing.T) {
	f := openFiles(t)
	format := csvFormat(t)
	for _, digest := range []string{"d1", "d2", "d3"} {
		get(t, f, digest, format, Options{})
	}
	if files, _ := f.MakeRoom(); files != 0 {
		t.Errorf("%d files went though there is room", files)
	}
	kept := f.Stats().Bytes
	f.Room = full(t)
	if files, bytes := f.MakeRoom(); files != 3 || bytes != kept || len(names(t, f)) != 0 {
		t.Errorf("%d files of %d bytes went, want 3 of %d; there are %v", files, bytes, kept, names(t, f))
	}
	if s := f.Stats(); s.Files != 0 || s.Bytes != 0 {
		t.Errorf("the figures are %+v", s)
	}
}

func TestStatsTellHowExportsWent(t *testing.T) {
	f := openFiles(t)
	clock := time.Unix(0, 0)
	f.Now = func() time.Time {
		clock = clock.Add(time.Second)
		return clock
	}
	format := csvFormat(t)
	content, _ := get(t, f, "d1", format, Options{})
	get(t, f, "d1", format, Options{})
	broken := errors.New("broken")
	if _, err := f.Get(t.Context(), "d2", format, Options{}, func() (*datasets.Table, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := f.Get(ctx, "d3", format, Options{}, func() (*datasets.Table, error) {
		cancel()
		time.Sleep(10 * time.Millisecond)
		return awkward(), nil
	}); err != nil && !strings.Contains(err.Error(), "canceled") {
		t.Errorf("given up: %v", err)
	}
	waitFor(t, func() bool { return len(f.heavy) == 0 })
	s := f.Stats()
	if s.Failed != 1 || s.Builds < 1 || s.Took < 2*time.Second || s.Bytes < int64(len(content)) {
		t.Errorf("the figures are %+v", s)
	}
}
